# The back office.

admin-nav = Running the shop
admin-nav-sales = Sales
admin-nav-catalog = Catalog
admin-nav-stock = Stock
admin-nav-system = System
admin-see-shop = See the shop
admin-logout = Log out
admin-back = Back to the start
admin-filter = Filter the list
admin-filter-submit = Filter
admin-filter-clear = Show all
admin-from = From
admin-to = To
admin-show-all = All
admin-nothing-found = Nothing fits
admin-nothing-found-text = Change or remove a filter.
admin-paid = Paid
admin-unpaid = Unpaid
admin-acts = Actions
admin-save = Save

## Login and account

admin-login-title = Back office
admin-field-login = Login
admin-field-code = 6-digit code
admin-login-code-hint = From your authenticator, if you have set one up.
admin-login-code-needed = Enter the code of your authenticator, and your password again.
admin-login-wrong = The login, the password or the code is wrong.
admin-account-title = My account
admin-account-who = You
admin-account-name = Name
admin-factor-title = Second factor
admin-factor-on = On
admin-factor-on-text = Each login asks for a code of your authenticator.
admin-factor-off-text = With a second factor, a stolen password is not enough to get in. You need an authenticator on your phone.
admin-factor-step-scan = Scan this code with the authenticator.
admin-factor-picture = QR code of the second factor
admin-factor-by-hand = Or type this key by hand:
admin-factor-step-code = Enter the code that the authenticator shows.
admin-factor-confirm = Turn on
admin-factor-remove = Remove the second factor…
admin-factor-remove-text = Your password will be enough to get in again. Enter it to confirm.
admin-factor-remove-confirm = Remove the second factor
admin-code-wrong = This code is wrong. Wait for the next one, then try again.

## Dashboard

admin-dashboard-title = Today
admin-figure-today = { $n ->
    [one] order today
   *[other] orders today
 }
admin-figure-to-ship = { $n ->
    [one] order to ship
   *[other] orders to ship
 }
admin-figure-to-pay = { $n ->
    [one] payment awaited
   *[other] payments awaited
 }
admin-figure-low = { $n ->
    [one] variant running low
   *[other] variants running low
 }
admin-figure-failed = { $n ->
    [one] failed job
   *[other] failed jobs
 }
admin-newest-orders = Latest orders
admin-all-orders = All orders

## Orders

admin-orders-title = Orders
admin-orders-count = { $n ->
    [one] { $n } order
   *[other] { $n } orders
 }
admin-orders-text = Number, name or e-mail
admin-orders-none = No order yet
admin-orders-none-text = Orders placed in the shop will appear here.
admin-column-order = Order
admin-column-date = Date
admin-column-buyer = Buyer
admin-column-status = Status
admin-column-payment = Payment
admin-column-total = Total
admin-show-to-ship = To ship
admin-show-to-pay = Awaiting payment
admin-status-pending = Pending
admin-status-processing = Processing
admin-status-complete = Complete
admin-status-held = On hold
admin-status-canceled = Canceled
admin-column-shipped = Shipped
admin-column-left = Left
admin-column-parcel = In this parcel
admin-total-items = Products
admin-change-promotion = Discount
admin-change-eco = Eco-participation
admin-change-shipping = Delivery
admin-change-manual = Adjustment
admin-terms = terms version { $version }
admin-paid-at = paid on { $date }
admin-ship-title = Ship
admin-field-carrier = Carrier
admin-field-tracking = Tracking number
admin-ship-hint = The stock shrinks and the buyer gets a mail.
admin-ship-submit = Ship the parcel
admin-ship-held = This order awaits its payment before it may leave.
admin-parcel = Parcel { $n }
admin-pay = Note the payment…
admin-pay-text = Have you received { $amount }? The buyer will be told by mail.
admin-pay-confirm = The payment has arrived
admin-mail = Send the confirmation again…
admin-mail-text = The order confirmation goes to { $email } once more.
admin-mail-confirm = Send the mail again
admin-hold = Put the order on hold…
admin-hold-text = Until the order is released, it is neither paid, shipped nor canceled. Its products stay set aside. The buyer gets no mail and reads that the order is on hold.
admin-hold-confirm = Put on hold
admin-release = Release the order
admin-order-on-hold = This order is on hold: release it to go on.
admin-cancel = Cancel the order…
admin-cancel-text = The products go back to the stock and the buyer gets a mail. This is final. A payment that has come remains to be refunded.
admin-cancel-reason = Reason (seen by staff only)
admin-cancel-confirm = Cancel the order
admin-line-withdrawn = { $n ->
    [one] withdrawn from for { $n } unit
   *[other] withdrawn from for { $n } units
}
admin-order-withdrawn = The customer has withdrawn from all or a part. Nothing of that may leave; refund what is paid within 14 days.
admin-actor-customer = the customer
admin-history = History
admin-event-placed = Order placed
admin-event-paid = Payment received
admin-event-shipped = Parcel shipped
admin-event-held = Order put on hold
admin-event-released = Order released
admin-event-canceled = Order canceled
admin-event-cancel-asked = Cancellation asked for, to be confirmed by mail
admin-event-mailed = Confirmation sent again
admin-event-withdrawal = Withdrawal received
admin-event-noted = Note
admin-event-other = { $kind }
admin-order-changed = Somebody changed this order meanwhile. This is how it stands now: check it, then try again.
admin-order-is-held = The order is on hold: release it first.
admin-order-not-held = The order is not on hold.
admin-order-is-complete = The order is complete: there is nothing left to put on hold.
admin-order-is-canceled = The order is canceled.
admin-order-is-paid = The order is paid already.
admin-order-not-paid = The order is not paid yet.
admin-order-has-left = A parcel has left already: the order can no longer be canceled.
admin-order-nothing-to-ship = Say what the parcel contains.
admin-order-too-many = The parcel would contain more than is left to ship.

## Products

admin-products-title = Products
admin-products-count = { $n ->
    [one] { $n } product
   *[other] { $n } products
 }
admin-products-text = Name or SKU
admin-products-none = No product yet
admin-products-none-text = Import a catalog to begin.
admin-column-stock = Stock
admin-column-price = Price
admin-variants = { $n ->
    [one] { $n } variant
   *[other] { $n } variants
 }
admin-visibility-draft = Draft
admin-visibility-published = On sale
admin-visibility-hidden = Hidden
admin-visibility-draft-text = Being written, seen by staff only.
admin-visibility-published-text = Seen in the shop.
admin-visibility-hidden-text = Taken off sale; its address says so.
admin-stock-in = In stock
admin-stock-low = Running low
admin-stock-out = Out of stock
admin-see-in-shop = See in the shop
admin-product-texts = Texts
admin-product-variants = Prices and stock
admin-product-visibility = Visibility
admin-product-pictures = Pictures
admin-field-name = Name
admin-field-slug = Address of the page
admin-field-slug-hint = Lower-case letters, digits and hyphens. Empty: made from the name.
admin-field-short = In one sentence
admin-field-description = Description
admin-field-description-hint = Markdown: ## title, **bold**, - list.
admin-field-meta = Description for search engines
admin-price-with-tax = Prices in { $currency }, VAT included. Without a price the variant is not sold.
admin-price-without-tax = Prices in { $currency }, without VAT. Without a price the variant is not sold.
admin-field-sku = SKU
admin-field-special = Special price
admin-field-special-from = Special from
admin-field-special-until = Until
admin-field-stock = On the shelf
admin-stock-promised = { $n ->
    [one] { $n } of them promised to an order
   *[other] { $n } of them promised to orders
 }
admin-field-enabled = Sold
admin-pictures-apart = Pictures are saved apart: save your other changes first.
admin-pictures-none = This product has no picture yet.
admin-field-alt = Description of the picture – { $language }
admin-picture-save = Save
admin-picture-up = Move up
admin-picture-down = Move down
admin-picture-up-n = Move picture { $n } up
admin-picture-down-n = Move picture { $n } down
admin-picture-delete = Delete…
admin-picture-delete-text = The picture is taken off the product. This is final.
admin-picture-delete-confirm = Delete the picture
admin-picture-add = Add a picture
admin-field-file = File
admin-field-file-hint = JPEG, PNG or WebP, 20 MB at most.
admin-picture-upload = Send the picture
admin-product-stale = Somebody changed this product meanwhile. Open it in another tab to see the changes, then redo yours.

## Stock

admin-stock-title = Low stock
admin-stock-lead = { $n ->
    [one] Variants on sale of which at most { $n } unit is free.
   *[other] Variants on sale of which at most { $n } units are free.
 }
admin-stock-none = Everything is well stocked
admin-stock-none-text = { $n ->
    [one] More than { $n } unit is left of each variant on sale.
   *[other] More than { $n } units are left of each variant on sale.
 }
admin-column-free = Free
admin-column-promised = Promised
admin-column-count = Counted on the shelf
admin-count-of = Count of { $sku }
admin-count-save = Note

## Jobs

admin-jobs-title = Failed jobs
admin-jobs-waiting = { $n ->
    [0] Nothing is waiting.
    [one] { $n } job is waiting for its turn.
   *[other] { $n } jobs are waiting for their turn.
 }
admin-jobs-lead = These jobs failed too often and were given up. Remove the cause, then run them again.
admin-jobs-none = Everything works
admin-jobs-none-text = Mails and pictures that could not be handled would appear here.
admin-column-job = Job
admin-column-asked = Asked for
admin-column-error = Last error
admin-job-retry = Run again
admin-job-retry-of = Run { $kind } again

## Integrations

admin-integrations-title = Integrations
admin-integrations-lead = These programs work with the shop through its API.
admin-integrations-schema = What the API can do
admin-integrations-none = No integrations
admin-integrations-none-text = Give access to another program, such as your ERP or your parcel software.
admin-integration-new = New integration
admin-integration-name-hint = Small letters, digits, hyphens and underscores, such as erp.
admin-integration-create = Give access
admin-integration-bad-name = A name has 1 to 60 small letters, digits, hyphens and underscores.
admin-integration-name-taken = Another integration has this name.
admin-integration-no-area = Choose at least one area.
admin-integration-keys = Keys of the new integration
admin-integration-keys-text = Copy them now: they are not shown again. The program signs its requests with them (OAuth 1.0a), or sends the access token alone.
admin-key-consumer = Consumer key
admin-key-consumer-secret = Consumer secret
admin-key-token = Access token
admin-key-token-secret = Access token secret
admin-integration-delete = Take access away
admin-integration-delete-of = Take access away from { $name }
admin-integration-delete-text = The program is turned away at once, on every instance.
admin-integration-delete-confirm = Take access away from { $name }
admin-area-everything = Everything
admin-area-catalog = Products, categories and attributes
admin-area-stock = Stock
admin-area-order-views = Orders, invoices and shipments: reading
admin-area-order-acts = Orders: commenting, canceling, holding, taking payment, shipping
admin-area-customers = Customers
admin-area-content = Pages and blocks
admin-area-settings = Settings of the shop and taxes
admin-area-bulks = State of bulk operations
admin-column-program = Program
admin-column-access = Access

## Webhooks

admin-webhooks-title = Webhooks
admin-webhooks-lead = These addresses are told what happens in the shop.
admin-webhooks-none = No webhooks
admin-webhooks-none-text = Subscribe the address of another program, such as your ERP.
admin-webhook-title = Webhook
admin-webhook-what = Subscription
admin-webhook-new = New subscription
admin-webhook-subscribe = Subscribe
admin-webhook-url-hint = It begins with https and does not lead into the shop’s own network.
admin-webhook-no-url = This is not an address.
admin-webhook-no-https = The address must begin with https.
admin-webhook-private = This address is inside the shop’s own network.
admin-webhook-no-topic = Choose at least one topic.
admin-webhook-secret = Secret of the new webhook
admin-webhook-secret-text = Copy it now: it is not shown again. The receiver checks the signature of each message with it.
admin-webhook-on = Active
admin-webhook-off = Switched off
admin-webhook-switch-on = Switch on
admin-webhook-switch-off = Switch off
admin-webhook-delete = Delete
admin-webhook-delete-text = Messages that wait will not be sent.
admin-webhook-delete-confirm = Delete this webhook
admin-topic-order-placed = Order placed
admin-topic-order-paid = Order paid
admin-topic-order-shipped = Parcel shipped
admin-topic-order-canceled = Order canceled
admin-topic-product-changed = Product changed
admin-topic-stock-changed = Stock changed
admin-messages-title = Messages
admin-messages-none = No messages
admin-messages-none-text = Messages of the last 30 days will appear here.
admin-message-open = Waiting
admin-message-done = Delivered
admin-message-failed = Given up
admin-message-replay = Send again
admin-message-replay-of = Send { $topic } again
admin-column-address = Address
admin-column-topics = Topics
admin-column-message = Message
admin-column-attempts = Attempts

## What has just happened

admin-done-order-paid = The payment is noted.
admin-done-order-shipped = The parcel is noted as shipped.
admin-done-order-held = The order is on hold.
admin-done-order-released = The order goes on.
admin-done-order-canceled = The order is canceled and its stock given back.
admin-done-order-mailed = The confirmation is on its way again.
admin-done-product-saved = The product is saved.
admin-done-picture-added = The picture is added.
admin-done-picture-saved = The picture is saved.
admin-done-picture-deleted = The picture is deleted.
admin-done-stock-counted = The stock is up to date.
admin-done-job-retried = The job runs again.
admin-done-job-gone = This job has no failure any more.
admin-done-webhook-on = The webhook is active.
admin-done-webhook-off = The webhook is switched off.
admin-done-webhook-deleted = The webhook is deleted.
admin-done-integration-deleted = The program has no access any more.
admin-done-integration-gone = No program of this name has access.
admin-done-message-replayed = The message is on its way again.
admin-done-message-gone = This message is waiting already, or is gone.
admin-done-second-factor-on = The second factor is on.
admin-done-second-factor-off = The second factor is removed.

## Refusals and errors

admin-refusal-date = Give a date such as 2026-11-30.
admin-refusal-period = The end is before the beginning.
admin-refusal-number = Give a whole number, 0 or more.
admin-refusal-too-many = Only { $max } are left to ship.
admin-refusal-amount = Give an amount such as 24.90.
admin-refusal-price = The price must be above 0 and at most a million.
admin-refusal-special = The special price must be above 0 and below the price.
admin-refusal-slug = An address has lower-case letters without accents, digits and hyphens only.
admin-refusal-sku = A SKU has 64 characters at most, without spaces or accents.
admin-refusal-sku-twice = Two variants have this SKU.
admin-refusal-sku-taken = Another product has this SKU.
admin-refusal-promised = { $n ->
    [one] { $n } unit is promised to an order: count it too.
   *[other] { $n } units are promised to orders: count them too.
 }
admin-refusal-nothing-to-sell = To be on sale, the product needs a sold variant with a price.
admin-refusal-manufacturer = To be on sale, the product needs a manufacturer with name, postal address and e-mail (Regulation EU 2023/988).
admin-refusal-other = The product cannot be saved: { $detail }
admin-refusal-no-file = Choose a file.
admin-refusal-picture-format = This file is neither JPEG nor PNG nor WebP.
admin-refusal-picture-bytes = This file is larger than 20 MB.
admin-refusal-picture-pixels = This picture has too many pixels.
admin-refusal-picture-broken = This picture is broken.
admin-refusal-picture-twice = The product has this picture already.
admin-not-found-title = There is no such page
admin-not-found-text = The address may have been copied wrongly, or what it showed was deleted.
admin-forbidden-title = This form was not accepted
admin-forbidden-text = The page may have been open for long. Go back, load it again, then try again.
admin-too-large-title = This is too large
admin-too-large-text = A file may have 20 MB at most. Go back and choose a smaller one.
admin-refused-title = This request is incomplete
admin-refused-text = Go back and check what you entered.
admin-unavailable-title = The database does not answer
admin-unavailable-text = Nothing was saved. Try again in a moment; buyers can go on browsing the shop.
admin-failed-title = Something broke
admin-failed-text = Nothing was saved. The log says more, under the number below.
