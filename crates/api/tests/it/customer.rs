//! Accounts.

use serde_json::json;
use testkit::{PASSWORD, a_customer, a_product, on_both_engines};

use crate::Client;

fn log_in(password: &str) -> String {
    format!(
        r#"mutation {{ generateCustomerToken(email: "jeanne@exemple.fr",
            password: "{password}") {{ token }} }}"#
    )
}

#[tokio::test]
async fn a_customer_registers_logs_in_and_out() {
    on_both_engines(async |shop| {
        let client = Client::of(&shop);
        let available =
            r#"{ isEmailAvailable(email: "jeanne@exemple.fr") { is_email_available } }"#;
        let create = |password: &str| {
            format!(
                r#"mutation {{ createCustomerV2(input: {{ email: "jeanne@exemple.fr",
                    firstname: "Jeanne", lastname: "Dupont", password: "{password}" }}) {{
                    customer {{ email firstname is_confirmed confirmation_status }} }} }}"#
            )
        };
        let data = client.ask(available).await;
        assert_eq!(data["isEmailAvailable"]["is_email_available"], true);
        let (category, message) = client.refused(&create("court")).await;
        assert_eq!(category, "graphql-input");
        assert!(message.starts_with("The password needs at least 12 characters."), "{message}");

        let data = client.ask(&create(PASSWORD)).await;

        assert_eq!(
            data["createCustomerV2"]["customer"],
            json!({ "email": "jeanne@exemple.fr", "firstname": "Jeanne", "is_confirmed": true,
                "confirmation_status": "ACCOUNT_CONFIRMATION_NOT_REQUIRED" })
        );
        let data = client.ask(available).await;
        assert_eq!(data["isEmailAvailable"]["is_email_available"], false);
        let (category, message) = client.refused(&create(PASSWORD)).await;
        assert_eq!(category, "graphql-input");
        assert_eq!(
            message,
            "A customer with the same email address already exists in an associated website."
        );
        let (category, message) = client.refused(&log_in("un autre secret")).await;
        assert_eq!(category, "graphql-authentication");
        assert!(message.starts_with("The account sign-in was incorrect"), "{message}");

        let data = client.ask(&log_in(PASSWORD)).await;
        let token = data["generateCustomerToken"]["token"].as_str().unwrap();
        let known = client.with("authorization", &format!("Bearer {token}"));
        let data = known
            .ask("{ customer { email lastname addresses { city } orders { total_count } } }")
            .await;
        assert_eq!(
            data["customer"],
            json!({ "email": "jeanne@exemple.fr", "lastname": "Dupont", "addresses": [],
                "orders": { "total_count": 0 } })
        );
        let data = known.ask("mutation { revokeCustomerToken { result } }").await;
        assert_eq!(data["revokeCustomerToken"]["result"], true);
        let (category, message) = known.refused("{ customer { email } }").await;
        assert_eq!(category, "graphql-authentication");
        assert_eq!(message, "The current customer isn't authorized.");
        let (category, _) = client.refused("{ customer { email } }").await;
        assert_eq!(category, "graphql-authorization");
    })
    .await;
}

#[tokio::test]
async fn whoever_guesses_passwords_is_stopped() {
    let shop = testkit::a_shop().on_sqlite().await;
    a_customer(&shop).save().await;
    let client = Client::of(&shop);
    // No password is hashed for these, so they come faster than tries are given back.
    let cheap = r#"mutation { generateCustomerToken(email: "x", password: "x") { token } }"#;
    for _ in 0..100 {
        client.refused(cheap).await;
    }

    let (category, message) = client.refused(&log_in(PASSWORD)).await;

    assert_eq!(category, "graphql-authentication");
    assert!(message.starts_with("The account sign-in was incorrect"), "{message}");
}

#[tokio::test]
async fn a_customer_buys_with_an_address_of_the_book() {
    on_both_engines(async |shop| {
        a_product(&shop).save().await;
        a_customer(&shop).save().await;
        shop.follow().await;
        let guest = Client::of(&shop);
        let data = guest.ask(&log_in(PASSWORD)).await;
        let token = data["generateCustomerToken"]["token"].as_str().unwrap();
        let client = guest.with("authorization", &format!("Bearer {token}"));
        let data = client
            .ask(
                r#"mutation { createCustomerAddress(input: { firstname: "Jeanne",
                    lastname: "Dupont", street: ["1 rue du Thé"], city: "Paris",
                    postcode: "75011", country_code: FR, default_shipping: true }) {
                    id city default_shipping default_billing } }"#,
            )
            .await;
        let id = data["createCustomerAddress"]["id"].as_i64().unwrap();
        assert_eq!(data["createCustomerAddress"]["default_shipping"], true);
        let data = client
            .ask(&format!(
                r#"mutation {{ updateCustomerAddress(id: {id}, input: {{ city: "Lyon",
                    postcode: "69001" }}) {{ id city postcode street }} }}"#
            ))
            .await;
        assert_eq!(
            data["updateCustomerAddress"],
            json!({ "id": id, "city": "Lyon", "postcode": "69001", "street": ["1 rue du Thé"] })
        );
        let cart = client.ask("{ customerCart { id } }").await;
        let cart = cart["customerCart"]["id"].as_str().unwrap().to_owned();
        for query in [
            format!(
                r#"mutation {{ addProductsToCart(cartId: "{cart}", cartItems: [
                    {{ sku: "TEA", quantity: 1 }}]) {{ user_errors {{ code }} }} }}"#
            ),
            format!(
                r#"mutation {{ setShippingAddressesOnCart(input: {{ cart_id: "{cart}",
                    shipping_addresses: [{{ customer_address_id: {id} }}] }}) {{ cart {{ id }} }} }}"#
            ),
            format!(
                r#"mutation {{ setBillingAddressOnCart(input: {{ cart_id: "{cart}",
                    billing_address: {{ same_as_shipping: true }} }}) {{ cart {{ id }} }} }}"#
            ),
            format!(
                r#"mutation {{ setShippingMethodsOnCart(input: {{ cart_id: "{cart}",
                    shipping_methods: [{{ carrier_code: "pick-up", method_code: "pick-up" }}]
                }}) {{ cart {{ prices {{ grand_total {{ value }} }} }} }} }}"#
            ),
        ] {
            client.ask(&query).await;
        }
        let data = client
            .ask(&format!(
                r#"mutation {{ setPaymentMethodAndPlaceOrder(input: {{ cart_id: "{cart}",
                    payment_method: {{ code: "banktransfer" }} }}) {{ orderV2 {{ number }}
                    errors {{ message }} }} }}"#
            ))
            .await;
        assert_eq!(
            data["setPaymentMethodAndPlaceOrder"],
            json!({ "orderV2": { "number": "GL000001" }, "errors": [] })
        );

        let data = client
            .ask(
                r#"{ customer { orders(filter: { number: { eq: "GL000001" } }) { total_count items {
                    number state total { grand_total { value } } shipping_address { city } } } } }"#,
            )
            .await;
        assert_eq!(
            data["customer"]["orders"],
            json!({ "total_count": 1, "items": [{ "number": "GL000001", "state": "new",
                "total": { "grand_total": { "value": 4.5 } },
                "shipping_address": { "city": "Lyon" } }] })
        );
        let lookup = r#"{ guestOrder(input: { number: "GL000001", email: "jeanne@exemple.fr",
            lastname: "Dupont" }) { number } }"#;
        let (category, message) = guest.refused(lookup).await;
        assert_eq!(category, "graphql-authorization");
        assert_eq!(message, "Please login to view the order.");
        let (category, _) = client.refused(r#"{ guestOrder(input: { number: "GL000001",
            email: "jeanne@exemple.fr", lastname: "Martin" }) { number } }"#).await;
        assert_eq!(category, "graphql-authorization");
        let deleted =
            client.ask(&format!("mutation {{ deleteCustomerAddress(id: {id}) }}")).await;
        assert_eq!(deleted["deleteCustomerAddress"], true);
    })
    .await;
}
