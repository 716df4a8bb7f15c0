# The shop's texts.

## Everywhere

colon = :
percent = { $n }%
save = Save
cancel = Cancel
skip-to-content = Skip to content
search-label = Search for a product
search-placeholder = Soap, bottle, cotton…
search-submit = Search
tools-label = Account and cart
account-link = Account
cart-link = Cart
cart-count-one = 1 product in the cart
cart-count-many = {"{n}"} products in the cart
menu-label = Departments
breadcrumbs = You are here
quantity = Quantity
quantity-less = One less of { $name }
quantity-more = One more of { $name }

## Footer

footer-help = Need help?
footer-contact = Write to us
footer-order-lookup = Track an order
footer-account = My account
footer-mediator = A dispute? Once you have written to us, you may turn to the consumer mediator, at no cost to you:
footer-vat = VAT { $number }
footer-producer-ids = Extended producer responsibility identifiers:
footer-language = Language
withdrawal-link = Withdraw from contract here

## Prices, stock, delivery

price-from = From
price-from-amount = from { $amount }
price-before = Former price:
price-percent = −{ $percent }%
price-lowest = Lowest price of the 30 days before: { $amount }
price-eco-participation = including { $amount } recycling contribution
price-per-unit = { $amount } per { $unit }
price-vat-included = VAT included.
price-delivery-extra = Delivery not included
price-delivery-offered = Free delivery
shipping-offered = free
stock-in = In stock
stock-low = { $left ->
    [one] Only one left
   *[other] Only { $left } left
 }
stock-out = Out of stock for now
labels = Labels

## Home

home-promises = Commitments you can check
home-categories = Our departments
home-featured = Our essentials
home-novelties = Just arrived

## Lists

card-out = Sold out
card-new = New
card-colours = { $n ->
    [one] { $n } colour
   *[other] { $n } colours
 }
category-subcategories = Sub-departments
listing-label = Products
listing-count = { $n ->
    [one] { $n } product
   *[other] { $n } products
 }
listing-empty = No product meets all of these criteria.
listing-empty-hint = Remove a filter to widen your search.
filters = Filters
filters-close = Close the filters
filters-more = { $n ->
    [one] Show { $n } more
   *[other] Show { $n } more
 }
filters-apply = Show products
filters-clear = Clear all
filters-active = Active filters
filters-remove = Remove the filter { $facet }: { $name }
sort = Sort by
sort-apply = Sort
sort-position = Relevance
sort-price-up = Price, low to high
sort-price-down = Price, high to low
sort-name = Name
sort-newest = Newest
pagination = Pages of the list
pagination-previous = Previous
pagination-next = Next
pagination-page = Page { $n }
search-title = Results for “{ $query }”
search-title-empty = What are you looking for?
search-corrected = Nothing matches “{ $query }”. Here are the results for “{ $corrected }”.
search-suggestions = Try also:
search-empty = We found nothing for “{ $query }”.
search-empty-hint = Check the spelling, try a broader word, or browse the departments above.
search-popular = In demand

## Product

gallery = Pictures of the product
gallery-picture = Picture { $n } of { $total }
axis-choose = please choose
axis-out = (out of stock)
add-to-cart = Add to cart
product-delivery-from = Delivery from { $amount }.
product-delivery-offered = Free delivery from { $amount }.
product-pickup = Can be picked up in our shop
product-withdrawal = { $days } days to change your mind after delivery, no reason needed
product-no-withdrawal = The law excludes this product from the right of withdrawal
product-guarantee = Legal guarantee of conformity, 2 years
product-description = Description
product-characteristics = Details
product-sku = Reference
product-related = You may also like
eco-title = Environmental data
eco-labels = Labels
eco-licence = licence
eco-materials = Materials
eco-material = { $name } { $percent }%
eco-material-recycled = of which { $percent }% recycled
eco-recycled = Recycled material
eco-percent = { $percent }% of the product
eco-carbon = Greenhouse gases
shipping-carbon = Transport: { $kilograms } kg CO₂e
shipping-greenest = the delivery that emits least
eco-carbon-amount = { $kilograms } kg CO₂e
eco-source = Source:
eco-packaging = Packaging
eco-sorting = Sorting after use
eco-data = This data as JSON
guarantee-title = Legal guarantee of conformity
guarantee-text = What you buy must conform to the contract. If a defect shows within 2 years of delivery, European Union law obliges the seller to remedy it at no cost to you.
guarantee-remedy = You choose between repair and replacement; if neither is possible within a reasonable time, a price reduction or your money back. Every repair extends the guarantee by 6 months.
guarantee-producer = { $years ->
    [one] The producer also guarantees durability for { $years } year, at no extra cost.
   *[other] The producer also guarantees durability for { $years } years, at no extra cost.
 }
guarantee-more = Terms of the guarantee
safety-title = Manufacturer and safety
safety-manufacturer = Manufacturer
safety-responsible = Responsible person in the European Union
safety-identifier = Identification
safety-warnings = Warnings

## Cart

cart-title = Your cart
cart-lines = Products in the cart
cart-until-offered = { $amount } more and delivery is on us.
cart-unit-price = { $amount } each
cart-quantity-of = Quantity of { $name }
cart-remove = Remove
cart-remove-name = Remove { $name } from the cart
cart-not-sold = This product is no longer sold.
cart-continue = Continue shopping
cart-update = Update quantities
cart-summary = Summary
cart-checkout = Check out
cart-blocked = Correct the lines marked above to check out.
cart-fact-payment = Choose delivery and payment in the next step; no account needed.
cart-fact-withdrawal = You may change your mind after delivery, except for products that the law excludes.
cart-empty = Your cart is empty.
cart-empty-hint = What you add will wait for you here.
cart-discover = Discover the shop
line-quantity = { $n } × { $price }
totals-subtotal = { $n ->
    [one] Subtotal ({ $n } product)
   *[other] Subtotal ({ $n } products)
 }
totals-eco-participation = including recycling contribution
totals-discount = Discount
totals-shipping = Delivery
totals-shipping-by = Delivery – { $name }
totals-total = Total, VAT included
totals-tax = including VAT { $rate }%

## Checkout

checkout-title = Your order
checkout-secure = Encrypted connection
checkout-back = Back to the cart
checkout-contact = Your details
checkout-guest = No account needed. Have one? { $login }
checkout-login = Log in
checkout-email-hint = For the confirmation and to follow your order.
checkout-phone-hint = Only so that the carrier can reach you.
checkout-address = Delivery address
checkout-saved = Your addresses
checkout-new-address = Another address
checkout-billing-different = The billing address is different
checkout-billing = Billing address
checkout-update = Show delivery methods for this address
checkout-shipping = Delivery method
checkout-shipping-first = Enter an address first: we will show the delivery methods, their price and their delay.
checkout-payment = Payment method
checkout-recap = Review and order
checkout-terms = terms of sale
checkout-terms-version = I have read and accept the { $terms } (version { $version }).
checkout-place = Place order with obligation to pay
checkout-privacy = Your data serves to handle your request and nothing else: { $link }.
checkout-privacy-link = privacy policy
withdrawal-right = Right of withdrawal
withdrawal-right-text = You have { $days } days after delivery to withdraw from the contract without giving a reason.
withdrawal-conditions = Conditions of withdrawal

## After the order

confirmation-title = Thank you, we have your order
confirmation-number = Order no. { $number }
confirmation-mail = A summary is on its way to { $email }.
confirmation-follow = Follow this order
confirmation-register = Find your orders more easily
confirmation-register-text = An account keeps your addresses and the history of your orders. It is optional.
order-title = Order no. { $number }
order-placed = Placed on { $date }
order-steps = Progress of the order
order-step-to-come = to come
order-lines = Products ordered
order-column-product = Product
order-column-unit = Unit price
order-column-quantity = Quantity
order-column-tax = VAT
order-column-total = Total
order-delivery = Delivery
order-billing = Billing and payment
order-print = Print
order-state-awaiting-payment = Awaiting payment
order-state-paid = Paid
order-state-preparing = Being prepared
order-state-partly-shipped = Partly shipped
order-state-shipped = Shipped
order-cancel-title = Cancel this order
order-cancel-text = It will not be sent and you will have nothing to pay. This is final.
order-cancel-confirm = Cancel the order
order-cancel-expired = This link is no longer good. Ask to cancel once more, or write to us.
order-cancel-too-late = It can no longer be canceled online: it is paid, on hold, sent or canceled already. Write to us if you do not want it any more.
order-state-held = On hold
order-state-canceled = Canceled
payment-title = Your payment is still to come
payment-transfer = Please transfer { $amount }. We prepare the parcel as soon as it arrives.
payment-holder = Account holder
payment-reference = Reference to quote
payment-amount = Amount
payment-cheque = Please send a cheque of { $amount } payable to { $payee }, with the reference { $reference } on its back, to:
payment-on-delivery = Have { $amount } ready: you pay when the parcel is handed over.
payment-done = paid
payment-open = to be paid
shipment-title = { $total ->
    [one] Your parcel
   *[other] Parcel { $n } of { $total }
 }
shipment-sent = Handed to { $carrier } on { $date }.
shipment-number = Tracking number: { $number }
shipment-line = { $n } × { $name }
lookup-title = Track an order
lookup-text = No account needed: the order number and your e-mail address are enough.
lookup-number-hint = You find it in the confirmation e-mail.
lookup-submit = Show the order

## Account

login-title = Log in
login-submit = Log in
login-forgot = Forgot your password?
login-new = First visit?
login-new-text = An account keeps your addresses and your orders. You never need one to buy.
login-guest-order = Track an order placed without an account
register-title = Create an account
register-text = Your addresses and your orders in one place.
register-submit = Create my account
register-known = Already have an account?
password-hint = At least { $min } characters. A sentence makes a very good password.
forgot-title = Forgotten password
forgot-text = Enter your e-mail address: we send you a link to choose a new password.
forgot-submit = Send me the link
forgot-sent = If there is an account with this address, the link is on its way. Do look among the junk mail.
forgot-back = Back to log in
reset-title = New password
reset-submit = Save the password
reset-expired = This link has expired or has been used.
reset-again = Send me a new link
account-menu = Your account
account-title = My account
account-hello = Hello { $name }
account-recent = Latest orders
account-all-orders = All orders
account-default-address = Usual address
account-manage-addresses = Manage addresses
account-password = Password
account-change-password = Change the password
account-logout = Log out
addresses-title = Addresses
addresses-empty = No address saved yet.
address-default = Usual address
address-edit = Edit
address-edit-of = Edit the address of { $name }
address-delete = Delete
address-delete-of = Delete the address of { $name }
address-edit-title = Edit the address
address-new-title = Add an address
address-make-default = Make it my usual address
orders-title = Orders
orders-empty = No order yet.

## Fields

field-optional = (optional)
field-first-name = First name
field-last-name = Last name
field-name = Your name
field-email = E-mail address
field-phone = Phone
field-company = Company
field-street = Street and number
field-street-2 = Address, second line
field-postcode = Postcode
field-city = Town or city
field-of-billing = (billing)
field-country = Country
field-password = Password
field-new-password = New password
field-password-again = The same once more
field-current-password = Current password
field-order-number = Order number
form-required-note = Every field is needed, except those marked “optional”.
form-refused = { $n ->
    [one] One thing needs your attention
   *[other] { $n } things need your attention
 }
refusal-missing = This field is needed.
refusal-email = This e-mail address looks incomplete. Example: sam@example.com
refusal-unreadable = This field holds characters that we cannot read.
refusal-postcode = This postcode does not match the country.
refusal-phone = This phone number looks incomplete.
refusal-too-long = At most { $max } characters.
refusal-password-short = The password needs at least { $min } characters.
refusal-password-common = This password is too easy to guess.
refusal-passwords-differ = The two passwords differ.
refusal-email-taken = There is already an account with this address. Log in, or ask for a new password.
refusal-credentials = E-mail address and password do not go together.
refusal-password = The current password is not right.
refusal-terms = Accept the terms of sale to place your order.
refusal-terms-changed = The terms of sale have changed: read them, then accept them to place your order.
refusal-choice = Please choose.
refusal-no-such-order = No order matches this number and e-mail address.
refusal-stock = { $available ->
    [0] This product is sold out.
    [one] Only one is left.
   *[other] Only { $available } are left.
 }
refusal-out-of-stock = There is not enough left of “{ $name }”: correct your cart.
refusal-not-sold = “{ $name }” is no longer sold: take it out of your cart.
refusal-shipping = This delivery method is not offered for this address: choose another.
refusal-total-changed = The total is now { $total }: review it, then order.
refusal-address-book = Your address book is full.
refusal-order-canceled = This order is canceled: there is no contract left to withdraw from.
refusal-cart-changed = Your cart has changed in the meantime: review it, then order.
refusal-country = We do not deliver to this country yet.
refusal-nothing-chosen = Choose at least one product.
refusal-quantity-not-ordered = Enter a quantity from 1 to { $max }.
refusal-too-many = Too many attempts. Wait a few minutes before you try again.

## What just happened

notice-added-to-cart = It is in your cart.
notice-cart-updated = Your cart is up to date.
notice-line-removed = The product is no longer in the cart.
notice-cart-changed = The cart has changed in another window. This is how it stands now.
notice-out-of-stock = This product has just sold out.
notice-not-enough = There are not that many left. The quantity has not changed.
notice-too-many = A cart holds at most 100 products, and 999 of each.
notice-not-sold = This product is no longer sold.
notice-choose-options = Choose all options of the product first.
notice-address-saved = The address is saved.
notice-address-deleted = The address is deleted.
notice-password-changed = Your password is changed.
notice-logged-in = You are logged in.
notice-logged-out = You are logged out.
notice-registered = Welcome, your account is ready.
notice-failed = That did not work. Try again in a moment.

## Withdrawal

withdrawal-title = Withdraw from contract
withdrawal-text = Tell us which order you withdraw from, in whole or in part. You will not be asked for a reason.
withdrawal-continue = Continue
withdrawal-choose = Order no. { $number }.
withdrawal-lines = Products that you send back
withdrawal-receipt-email = E-mail address for the acknowledgement of receipt
withdrawal-no-reason = You need not give any reason. By confirming, you notify us of your decision to withdraw from the contract for these products.
withdrawal-confirm = Confirm withdrawal
withdrawal-received = Your withdrawal is registered
withdrawal-received-text = Order no. { $number }, received on { $date }. The acknowledgement, with this content, the date and the time, is on its way to { $email }.
withdrawal-next = Send the products back within 14 days. We refund you by the same means of payment.

## Pages and contact

content-siblings = Other pages
content-version = Version { $version }
content-updated = updated on { $date }
contact-title = Write to us
contact-text = A question about a product, an order, a return? A person will answer you.
contact-subject = Subject
contact-subject-product = A product
contact-subject-order = An order
contact-subject-return = A return or a repair
contact-subject-data = My personal data
contact-subject-other = Something else
contact-message = Your message
contact-trap = Leave this field empty
contact-submit = Send
contact-sent = Thank you, your message is on its way. We will answer by e-mail.
contact-direct = Directly

## Errors

error-home = Back to the home page
error-request = If you write to us, quote this number: { $id }
error-retry = { $seconds ->
    [one] Try again in one second.
   *[other] Try again in { $seconds } seconds.
 }
error-suggestions = In the meantime
error-400-title = This request is incomplete
error-400-text = Go back and check what you entered.
error-403-title = This request was not accepted
error-403-text = The page may have been open for a long time. Reload it and try again.
error-404-title = This page does not exist
error-404-text = The address may be mistyped. The search at the top of the page will take you to the right place.
error-410-title = This product is no longer sold
error-410-text = It has left our catalogue. Here is what can replace it, and the search for everything else.
error-429-title = A little too fast
error-429-text = We received many requests from you in a short time. Please wait a moment.
error-500-title = Something broke on our side
error-500-text = It is not your doing, and we have been told. Try again in a moment: your cart is kept.
error-503-title = Back in a moment
error-503-text = You can go on browsing. Orders will resume soon and your cart is kept.

home-hero-eyebrow = Things that tell you where they come from
home-hero-title = A home that lasts longer
home-hero-text = Jars, soaps, linens and seeds chosen to last: every page gives the material, the origin and the source of each figure.
home-hero-action = Browse the departments
home-promise-origin-title = Origin and materials stated
home-promise-origin-text = Country, workshop, recycled share: on every page, not in small print.
home-promise-carbon-title = Figures with their source
home-promise-carbon-text = The emissions we show name the study they come from.
home-promise-last-title = Mend before you replace
home-promise-last-text = Refills and second-hand finds have their own shelves.
home-promise-return-title = 14 days to change your mind
home-promise-return-text = Withdraw online in two steps, no reason needed.
