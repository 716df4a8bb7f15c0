# Mails: order confirmation, what becomes of the order, account.

## Order

email-hello = Hello { $name },
email-placed-subject = Your order { $number }
email-placed-title = Thank you for your order
email-placed-lead = We have received it. Keep this message: it confirms your purchase and recalls all its conditions.
email-paid-subject = Payment received for order { $number }
email-paid-title = Your payment has arrived
email-paid-lead = We have received { $amount }. We are preparing your order and will write as soon as it leaves.
email-shipped-subject = Your order { $number } is on its way
email-shipped-title = Your parcel has left
email-shipped-by = We handed it to { $carrier }. It contains:
email-shipped-lead = We handed it to the carrier. It contains:
email-shipped-partial = The rest of your order will follow in another parcel.
email-tracking = Tracking number
email-canceled-subject = Your order { $number } is canceled
email-canceled-title = Your order is canceled
email-canceled-lead = It will not be sent.
email-canceled-refund = We are refunding { $amount } by the means of payment that you used, within 14 days.
email-canceled-unpaid = You have nothing to pay. If your payment has already left, we will return it.
email-number = Order no. { $number }
email-number-label = Order
email-date-label = Placed on
email-order-link = See my order
email-pay-title = { $amount } left to pay
email-pay-transfer = Make a bank transfer with these details. The reference ties your transfer to the order: copy it as it is.
email-pay-cheque = Send a cheque of { $amount } payable to { $payee }, with the reference { $reference } on its back, to this address:
email-lines = Products ordered
email-line-tax = VAT { $rate }%
email-line-eco = Eco-participation on top: { $amount }
email-line-sku = Ref. { $sku }
email-items = Products
email-eco = Eco-participation
email-discount = Discount
email-net = Total without VAT
email-tax = VAT { $rate }% on { $net }
email-delivery = Delivery
email-pick-up = Collection
email-billing = Billing
email-conditions = Terms of sale
email-terms = You accepted version { $version } of our terms of sale on { $date }.
email-withdrawal = You have 14 days after receiving your products to withdraw from the contract, without giving a reason. If they arrive in several parcels, the 14 days begin when you receive the last one.
email-withdrawal-how = The simplest way is online: { $link }. You may also write to us, with the form below or in your own words.
email-withdrawal-refund = Then send the products back within 14 days. We refund all that you paid, standard delivery included, within 14 days of your decision; we may wait until we have received the products, or proof that they were sent.
email-withdrawal-exceptions = The law excludes some products from this right (French Consumer Code, art. L221-28), such as those that were unsealed and cannot be returned for reasons of hygiene, or that expire rapidly.
email-form-title = Withdrawal form
email-form-when = To be sent back only if you withdraw from the contract.
email-form-to = To { $shop }
email-form-text = I hereby give notice that I withdraw from my contract of sale of the products of order no. { $number }, placed on { $date }.
email-form-received = Received on:
email-form-name = Name:
email-form-address = Address:
email-form-sign = Date, and signature if this form is on paper:
email-hidden-defects = The legal guarantee against hidden defects (French Civil Code, art. 1641 to 1649) applies too: if a hidden defect makes the product unfit for its use, you may return it and be refunded, or keep it and be refunded in part, within 2 years of discovering the defect.
email-why-order = You receive this message because you placed an order with { $shop }.

## Account

email-welcome-subject = Welcome to { $shop }
email-welcome-title = Your account is ready
email-welcome-lead = Log in with the address { $email }. Your orders and addresses are kept together there.
email-welcome-link = Open my account
email-reset-subject = Choose a new password
email-reset-title = Choose a new password
email-reset-lead = This link is valid for one hour and works once.
email-reset-link = Choose my password
email-reset-ignore = You did not ask for this? Do nothing: your password stays the same.
email-password-subject = Your password has changed
email-password-title = Your password has changed
email-password-lead = The password of the account { $email } has just been changed.
email-password-alarm = It was not you? Ask for a new password on the login page at once, then write to { $contact }.
email-link-hint = If the button does not open, copy this address into your browser:
email-why-account = You receive this message because there is an account with { $shop } at the address { $email }.

email-withdrawal-subject = Your withdrawal from order { $number } is recorded
email-withdrawal-title = Acknowledgement of your withdrawal
email-withdrawal-lead = On { $at } we received your declaration of withdrawal from order { $number }, for:
email-withdrawal-next = Please send the goods back within 14 days. We refund you within 14 days of your declaration, once the goods or proof of their dispatch have reached us.
