//! What customers change of their accounts and orders.

use axum::http::StatusCode;
use commerce::stock::StockLevel;
use serde_json::json;
use shop::order::mark_paid;
use testkit::{
    PASSWORD, TestShop, a_cart as a_saved_cart, a_customer, a_placed_order, a_product,
    on_both_engines,
};

use crate::Client;
use crate::cart::{a_cart, add};

const OTHER: &str = "un autre secret";

/// A client that is logged in.
async fn logged_in(shop: &TestShop, email: &str, password: &str) -> Client {
    let guest = Client::of(shop);
    let data = guest
        .ask(&format!(
            r#"mutation {{ generateCustomerToken(email: "{email}", password: "{password}") {{
                token }} }}"#
        ))
        .await;
    let token = data["generateCustomerToken"]["token"].as_str().unwrap();
    guest.with("authorization", &format!("Bearer {token}"))
}

async fn jeanne(shop: &TestShop) -> Client {
    logged_in(shop, "jeanne@exemple.fr", PASSWORD).await
}

/// Category and message of a refusal.
fn refusal(category: &str, message: &str) -> (String, String) {
    (category.to_owned(), message.to_owned())
}

#[tokio::test]
async fn a_customer_changes_name_address_and_password() {
    on_both_engines(async |shop| {
        a_customer(&shop).save().await;
        a_customer(&shop).email("paul@exemple.fr").save().await;
        let client = jeanne(&shop).await;
        let elsewhere = jeanne(&shop).await;

        let data = client
            .ask(
                r#"mutation { updateCustomerV2(input: { firstname: "Marie" }) {
                customer { firstname lastname email is_subscribed } } }"#,
            )
            .await;
        assert_eq!(
            data["updateCustomerV2"]["customer"],
            json!({ "firstname": "Marie", "lastname": "Dupont", "email": "jeanne@exemple.fr",
                "is_subscribed": false })
        );
        let unproven = client
            .refused(
                r#"mutation { updateCustomer(input: { email: "marie@exemple.fr" }) {
                customer { email } } }"#,
            )
            .await;
        let message = r#"Provide the current "password" to change "email"."#;
        assert_eq!(unproven, refusal("graphql-input", message));
        let move_to = |email: &str, password: &str| {
            format!(
                r#"mutation {{ updateCustomerEmail(email: "{email}", password: "{password}") {{
                    customer {{ email }} }} }}"#
            )
        };
        let wrong = client.refused(&move_to("marie@exemple.fr", OTHER)).await;
        assert_eq!(wrong, refusal("graphql-authentication", "Invalid login or password."));
        let (category, message) = client.refused(&move_to("paul@exemple.fr", PASSWORD)).await;
        assert_eq!(category, "graphql-input");
        assert!(message.starts_with("A customer with the same email address"), "{message}");
        let data = client.ask(&move_to("marie@exemple.fr", PASSWORD)).await;
        assert_eq!(data["updateCustomerEmail"]["customer"]["email"], "marie@exemple.fr");

        let change = |current: &str, new: &str| {
            format!(
                r#"mutation {{ changeCustomerPassword(currentPassword: "{current}",
                    newPassword: "{new}") {{ email }} }}"#
            )
        };
        let wrong = client.refused(&change(OTHER, OTHER)).await;
        assert_eq!(wrong, refusal("graphql-authentication", "Invalid login or password."));
        let (category, message) = client.refused(&change(PASSWORD, "court")).await;
        assert_eq!(category, "graphql-input");
        assert!(message.starts_with("The password needs at least 12 characters."), "{message}");
        let data = client.ask(&change(PASSWORD, OTHER)).await;
        assert_eq!(data["changeCustomerPassword"]["email"], "marie@exemple.fr");

        let data = client.ask("{ customer { email firstname } }").await;
        assert_eq!(data["customer"], json!({ "email": "marie@exemple.fr", "firstname": "Marie" }));
        let (category, _) = elsewhere.refused("{ customer { email } }").await;
        assert_eq!(category, "graphql-authentication", "other tokens end with the password");
        logged_in(&shop, "marie@exemple.fr", OTHER).await;
        shop.run_jobs().await;
        let mut told: Vec<_> =
            shop.mailer.sent().into_iter().map(|mail| (mail.to, mail.subject)).collect();
        told.sort();
        assert_eq!(
            told,
            [
                ("jeanne@exemple.fr".to_owned(), "account-email-changed".to_owned()),
                ("marie@exemple.fr".to_owned(), "account-password-changed".to_owned()),
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn whoever_is_not_logged_in_changes_no_account() {
    let shop = testkit::a_shop().on_sqlite().await;
    let client = Client::of(&shop);

    for asked in [
        r#"updateCustomerV2(input: { firstname: "Marie" }) { customer { email } }"#,
        r#"updateCustomer(input: { firstname: "Marie" }) { customer { email } }"#,
        r#"updateCustomerEmail(email: "a@b.fr", password: "x") { customer { email } }"#,
        r#"changeCustomerPassword(currentPassword: "x", newPassword: "y") { email }"#,
        "deleteCustomer",
        r#"cancelOrder(input: { order_id: "R0wwMDAwMDE=", reason: "x" }) { error }"#,
        r#"reorderItems(orderNumber: "GL000001") { cart { id } }"#,
        r#"deletePaymentToken(public_hash: "x") { result }"#,
    ] {
        let refused = client.refused(&format!("mutation {{ {asked} }}")).await;
        let message = "The current customer isn't authorized.";
        assert_eq!(refused, refusal("graphql-authorization", message), "{asked}");
    }
}

#[tokio::test]
async fn an_account_is_closed_and_its_orders_stay_with_the_buyer() {
    on_both_engines(async |shop| {
        let customer = a_customer(&shop).save().await;
        let order = a_placed_order(&shop).of(customer.id).save().await;
        let cart = a_saved_cart(&shop).of(customer.id).with(1, "TEA").save().await;
        let client = jeanne(&shop).await;

        let data = client.ask("mutation { deleteCustomer }").await;

        assert_eq!(data["deleteCustomer"], true);
        let (category, _) = client.refused("{ customer { email } }").await;
        assert_eq!(category, "graphql-authentication");
        let guest = Client::of(&shop);
        let available =
            r#"{ isEmailAvailable(email: "jeanne@exemple.fr") { is_email_available } }"#;
        let data = guest.ask(available).await;
        assert_eq!(data["isEmailAvailable"]["is_email_available"], true);
        let (number, email) = (order.number.as_str(), order.email.as_str());
        let data = guest
            .ask(&format!(
                r#"{{ guestOrder(input: {{ number: "{number}", email: "{email}",
                    lastname: "Dupont" }}) {{ number }} }}"#
            ))
            .await;
        assert_eq!(data["guestOrder"]["number"], number);
        assert_eq!(shop::cart::find(&shop, cart.id).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_customer_cancels_an_order_that_is_not_paid() {
    on_both_engines(async |shop| {
        let customer = a_customer(&shop).save().await;
        let unpaid = a_placed_order(&shop).with(2, "TEA").of(customer.id).save().await;
        let paid = a_placed_order(&shop).with(1, "TEA").of(customer.id).save().await;
        mark_paid(&shop, paid.id, "admin").await.unwrap();
        let other = a_customer(&shop).email("paul@exemple.fr").save().await;
        let not_hers = a_placed_order(&shop).with(1, "TEA").of(other.id).save().await;
        let client = jeanne(&shop).await;
        let ids = client.ask("{ customer { orders { items { id number } } } }").await;
        let id = ids["customer"]["orders"]["items"][1]["id"].as_str().unwrap().to_owned();
        assert_eq!(ids["customer"]["orders"]["items"][1]["number"], unpaid.number.as_str());
        let cancel = async |id: &str| {
            let query = format!(
                r#"mutation {{ cancelOrder(input: {{ order_id: "{id}", reason: "Trop cher" }}) {{
                    error errorV2 {{ code }} order {{ number status }} }} }}"#
            );
            client.ask(&query).await["cancelOrder"].clone()
        };

        let canceled = cancel(&id).await;

        assert_eq!(
            canceled,
            json!({ "error": null, "errorV2": null,
                "order": { "number": unpaid.number.as_str(), "status": "Canceled" } })
        );
        assert_eq!(shop.stock("TEA").await, StockLevel { on_hand: 10, allocated: 2 });
        for (number, code) in [
            (&unpaid.number, "INVALID_ORDER_STATUS"),
            (&paid.number, "INVALID_ORDER_STATUS"),
            (&not_hers.number, "ORDER_NOT_FOUND"),
        ] {
            assert_eq!(cancel(number.as_str()).await["errorV2"]["code"], code, "{number:?}");
        }
        assert_eq!(shop.stock("TEA").await, StockLevel { on_hand: 10, allocated: 2 });
    })
    .await;
}

#[tokio::test]
async fn a_guest_cancels_what_is_not_paid_once_the_mail_is_answered() {
    on_both_engines(async |shop| {
        a_product(&shop).stock(10).save().await;
        let order = a_placed_order(&shop).save().await;
        let number = order.number.as_str();
        let guest = Client::of(&shop);
        let found = guest
            .ask(&format!(
                r#"{{ guestOrder(input: {{ number: "{number}", email: "jeanne@exemple.fr",
                    lastname: "Dupont" }}) {{ id token available_actions }} }}"#
            ))
            .await;
        assert_eq!(found["guestOrder"]["available_actions"], json!(["CANCEL"]));
        let (id, token) = (&found["guestOrder"]["id"], &found["guestOrder"]["token"]);
        let ask = format!(
            r#"mutation {{ requestGuestOrderCancel(input: {{ token: {token}, reason: "Trop cher" }}) {{
                error errorV2 {{ code }} order {{ number status }} }} }}"#
        );
        let confirm = |id: &serde_json::Value, key: &str| {
            format!(
                r#"mutation {{ confirmCancelOrder(input: {{ order_id: {id},
                    confirmation_key: "{key}" }}) {{ error errorV2 {{ code }}
                    order {{ number status available_actions }} }} }}"#
            )
        };
        let asked = guest.ask(&ask).await;
        assert_eq!(
            asked["requestGuestOrderCancel"],
            json!({ "error": null, "errorV2": null,
                "order": { "number": number, "status": "Pending" } })
        );
        assert_eq!(shop.stock("TEA").await, StockLevel { on_hand: 10, allocated: 1 });
        shop.run_jobs().await;
        let mails = shop.mailer.sent();
        let mail = mails.last().unwrap();
        assert_eq!(mail.subject, format!("order-cancel-asked {number}"));
        assert_eq!(mail.to, "jeanne@exemple.fr");
        let link = mail.text.lines().last().unwrap();
        let (page, key) = link.rsplit_once("/cancel/").unwrap();
        assert!(page.ends_with(token.as_str().unwrap()), "{page}");

        let refused = "The order cancellation could not be confirmed.";
        let other = a_placed_order(&shop).save().await;
        let of_other = json!(other.number.as_str());
        for (id, key) in [(id, token.as_str().unwrap()), (id, ""), (&of_other, key)] {
            let answer = guest.refused(&confirm(id, key)).await;
            assert_eq!(answer, refusal("graphql-input", refused), "{id}");
        }
        let done = guest.ask(&confirm(id, key)).await;

        assert_eq!(
            done["confirmCancelOrder"],
            json!({ "error": null, "errorV2": null, "order": { "number": number,
                "status": "Canceled", "available_actions": [] } })
        );
        assert_eq!(shop.stock("TEA").await, StockLevel { on_hand: 10, allocated: 1 });
        let (_, events) = shop::order::find_with_history(&shop, order.id).await.unwrap().unwrap();
        let ended = events.iter().find(|event| event.kind == "canceled").unwrap();
        assert_eq!((ended.actor.as_str(), ended.note.as_str()), ("customer", "Trop cher"));
        let again = guest.ask(&confirm(id, key)).await;
        assert_eq!(again["confirmCancelOrder"]["errorV2"]["code"], "INVALID_ORDER_STATUS");
        assert_eq!(
            guest.ask(&ask).await["requestGuestOrderCancel"]["errorV2"]["code"],
            "INVALID_ORDER_STATUS"
        );
    })
    .await;
}

#[tokio::test]
async fn a_guest_may_not_cancel_what_is_paid_or_a_customers_or_by_an_old_mail() {
    on_both_engines(async |shop| {
        a_product(&shop).stock(10).save().await;
        let customer = a_customer(&shop).save().await;
        let guest = Client::of(&shop);
        let ask = |token: &str| {
            format!(
                r#"mutation {{ requestGuestOrderCancel(input: {{ token: "{token}",
                    reason: "Trop cher" }}) {{ errorV2 {{ code }} }} }}"#
            )
        };
        let hers = a_placed_order(&shop).of(customer.id).save().await;
        let paid = a_placed_order(&shop).save().await;
        mark_paid(&shop, paid.id, "ada").await.unwrap();
        let late = a_placed_order(&shop).save().await;
        let token = |id| shop::order::access_token(&shop, id);

        assert_eq!(
            guest.refused(&ask(&token(hers.id))).await,
            refusal("graphql-authorization", "Please login to view the order.")
        );
        assert_eq!(
            guest.refused(&ask("x")).await,
            refusal(
                "graphql-no-such-entity",
                "We couldn't locate an order with the information provided."
            )
        );
        let data = guest.ask(&ask(&token(paid.id))).await;
        assert_eq!(data["requestGuestOrderCancel"]["errorV2"]["code"], "INVALID_ORDER_STATUS");
        guest.ask(&ask(&token(late.id))).await;
        shop.run_jobs().await;
        let mails = shop.mailer.sent();
        let cancel: Vec<_> =
            mails.iter().filter(|mail| mail.subject.starts_with("order-cancel-asked")).collect();
        assert_eq!(cancel.len(), 1);
        let key = cancel[0].text.rsplit_once("/cancel/").unwrap().1.trim().to_owned();
        shop.clock.advance(jiff::SignedDuration::from_secs(24 * 3_600 + 1));
        let confirm = format!(
            r#"mutation {{ confirmCancelOrder(input: {{ order_id: "{}",
                confirmation_key: "{key}" }}) {{ order {{ number }} }} }}"#,
            late.number.as_str()
        );
        assert_eq!(
            guest.refused(&confirm).await,
            refusal("graphql-input", "The order cancellation could not be confirmed.")
        );
        assert_eq!(shop.stock("TEA").await, StockLevel { on_hand: 10, allocated: 3 });
    })
    .await;
}

#[tokio::test]
async fn what_was_ordered_goes_into_the_cart_again_as_far_as_it_is_sold() {
    on_both_engines(async |shop| {
        a_product(&shop).stock(3).save().await;
        a_product(&shop).sku("POT").price(2_490).save().await;
        let customer = a_customer(&shop).save().await;
        let order =
            a_placed_order(&shop).with(2, "TEA").with(1, "POT").of(customer.id).save().await;
        shop.follow().await;
        let client = jeanne(&shop).await;
        let number = order.number.as_str();

        let data = client
            .ask(&format!(
                r#"mutation {{ reorderItems(orderNumber: "{number}") {{
                    cart {{ items {{ quantity product {{ sku }} }} }}
                    userInputErrors {{ code message path }} }} }}"#
            ))
            .await;

        assert_eq!(
            data["reorderItems"],
            json!({
                "cart": { "items": [{ "quantity": 1, "product": { "sku": "POT" } }] },
                "userInputErrors": [{ "code": "INSUFFICIENT_STOCK",
                    "message": "Could not add the product with SKU \"TEA\" to the shopping cart: \
                        The requested qty is not available",
                    "path": ["orderNumber"] }],
            })
        );
        let unknown =
            client.refused(r#"mutation { reorderItems(orderNumber: "GL999999") { cart { id } } }"#);
        let message = "Cannot find order number \"GL999999\" for the current customer.";
        assert_eq!(unknown.await, refusal("graphql-input", message));
    })
    .await;
}

#[tokio::test]
async fn delivery_is_estimated_before_an_address_is_given() {
    on_both_engines(async |shop| {
        a_product(&shop).save().await;
        shop.follow().await;
        let client = Client::of(&shop);
        let cart = a_cart(&client).await;
        add(&client, &cart, 1, "TEA").await;
        let estimate = |what: &str, country: &str, method: &str, asked: &str| {
            format!(
                r#"mutation {{ {what}(input: {{ cart_id: "{cart}",
                    address: {{ country_code: {country}, postcode: "75011" }} {method} }}) {{
                    {asked} }} }}"#
            )
        };
        let asked = "carrier_code method_code available price_incl_tax { value }";

        let methods = client.ask(&estimate("estimateShippingMethods", "FR", "", asked)).await;
        let flat = r#"shipping_method: { carrier_code: "flat", method_code: "flat" }"#;
        let asked = "cart { prices { grand_total { value } } shipping_addresses {
            selected_shipping_method { method_code } } }";
        let totals = client.ask(&estimate("estimateTotals", "FR", flat, asked)).await;

        let methods = methods["estimateShippingMethods"].as_array().unwrap();
        let offered = methods.iter().find(|method| method["method_code"] == "flat").unwrap();
        assert_eq!(
            *offered,
            json!({ "carrier_code": "flat", "method_code": "flat", "available": true,
                "price_incl_tax": { "value": 4.9 } })
        );
        assert_eq!(
            totals["estimateTotals"]["cart"],
            json!({ "prices": { "grand_total": { "value": 9.4 } },
                "shipping_addresses": [{ "selected_shipping_method": { "method_code": "flat" } }] })
        );
        let kept = client
            .ask(&format!(
                r#"{{ cart(cart_id: "{cart}") {{ prices {{ grand_total {{ value }} }}
                    shipping_addresses {{ city }} }} }}"#
            ))
            .await;
        assert_eq!(
            kept["cart"],
            json!({ "prices": { "grand_total": { "value": 4.5 } }, "shipping_addresses": [] })
        );
        let (category, _) =
            client.refused(&estimate("estimateShippingMethods", "US", "", "carrier_code")).await;
        assert_eq!(category, "graphql-input");
    })
    .await;
}

#[tokio::test]
async fn a_message_reaches_the_merchant_once() {
    on_both_engines(async |shop| {
        let client = Client::of(&shop);
        let write = |comment: &str, email: &str| {
            format!(
                r#"mutation {{ contactUs(input: {{ name: "Jeanne", email: "{email}",
                    comment: "{comment}", telephone: "0102030405" }}) {{ status }} }}"#
            )
        };

        for _ in 0..2 {
            let data = client.ask(&write("Livrez-vous à Nantes ?", "jeanne@exemple.fr")).await;
            assert_eq!(data["contactUs"]["status"], true);
        }

        let (category, _) = client.refused(&write("", "jeanne@exemple.fr")).await;
        assert_eq!(category, "graphql-input");
        let (category, _) = client.refused(&write("Bonjour", "personne")).await;
        assert_eq!(category, "graphql-input");
        shop.run_jobs().await;
        let sent = shop.mailer.sent();
        assert_eq!(sent.len(), 1);
        assert_eq!(
            (sent[0].subject.as_str(), sent[0].reply_to.as_deref()),
            ("[Contact] Jeanne", Some("jeanne@exemple.fr"))
        );
        assert!(sent[0].text.ends_with("Livrez-vous à Nantes ?\n\n0102030405"), "{}", sent[0].text);
    })
    .await;
}

#[tokio::test]
async fn a_cart_without_coupon_stays_as_it_is() {
    let shop = testkit::a_shop().on_sqlite().await;
    let client = Client::of(&shop);
    let cart = a_cart(&client).await;

    let answer = client
        .ask_with(
            r"mutation($cart: String!) { removeCouponFromCart(input: { cart_id: $cart }) {
                cart { id applied_coupons { code } } } }",
            json!({ "cart": cart }),
        )
        .await;

    assert_eq!(answer.status, StatusCode::OK);
    let shown = json!({ "cart": { "id": cart, "applied_coupons": null } });
    assert_eq!(answer.json["data"]["removeCouponFromCart"], shown);
}
