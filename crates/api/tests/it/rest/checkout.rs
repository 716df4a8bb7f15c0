//! From an empty cart to an order.

use commerce::stock::StockLevel;
use serde_json::{Value, json};
use testkit::{TestShop, a_configurable, a_customer, a_product, on_both_engines};

use super::an_integration;
use crate::Client;

fn address() -> Value {
    json!({ "firstname": "Jeanne", "lastname": "Dupont", "street": ["1 rue du Thé"],
        "city": "Paris", "postcode": "75011", "country_id": "FR", "telephone": "0102030405",
        "region": "", "email": "jeanne@exemple.fr" })
}

fn item(sku: &str, qty: u32) -> Value {
    json!({ "cartItem": { "sku": sku, "qty": qty } })
}

#[tokio::test]
async fn a_guest_buys_from_an_empty_cart_to_the_order() {
    on_both_engines(async |shop| {
        a_product(&shop).price(450).tax_class("reduced").save().await;
        a_configurable(&shop).save().await;
        let guest = Client::of(&shop);
        let mask = guest.got("POST", "V1/guest-carts", None).await;
        let cart = format!("V1/guest-carts/{}", mask.as_str().unwrap());

        let line = guest.got("POST", &format!("{cart}/items"), Some(item("TEA", 3))).await;
        assert_eq!(
            (&line["sku"], &line["qty"], &line["price"]),
            (&json!("TEA"), &json!(3), &json!(4.5))
        );
        let (status, message) =
            guest.denied("POST", &format!("{cart}/items"), Some(item("tee", 1))).await;
        assert_eq!((status, message.as_str()), (400, "You need to choose options for your item."));
        let erp = an_integration(&shop, &guest).await;
        let options = erp.fetch("V1/configurable-products/tee/options/all").await;
        let chosen = json!({ "cartItem": { "sku": "tee", "qty": 1, "product_option": {
            "extension_attributes": { "configurable_item_options": [{
                "option_id": options[0]["attribute_id"],
                "option_value": options[0]["values"][1]["value_index"] }] } } } });
        let tee = guest.got("POST", &format!("{cart}/items"), Some(chosen)).await;
        assert_eq!(tee["sku"], "TEE-M");
        let refused = guest.denied("POST", &format!("{cart}/items"), Some(item("TEA", 50))).await;
        assert_eq!(refused, (400, "The requested qty is not available".to_owned()));
        let path = format!("{cart}/items/{}", tee["item_id"]);
        assert_eq!(guest.got("PUT", &path, Some(item("TEE-M", 2))).await["qty"], 2);
        assert_eq!(guest.got("DELETE", &path, None).await, true);
        assert_eq!(guest.denied("DELETE", &path, None).await.0, 404);

        let asked = json!({ "address": { "country_id": "FR", "postcode": "75011" } });
        let ways = format!("{cart}/estimate-shipping-methods");
        let ways = guest.got("POST", &ways, Some(asked)).await;
        assert_eq!(ways[0]["carrier_code"], "flat");
        assert_eq!(ways[0]["price_incl_tax"], 4.9);
        let information = json!({ "addressInformation": { "shipping_address": address(),
            "shipping_carrier_code": "flat", "shipping_method_code": "flat" } });
        let way = format!("{cart}/shipping-information");
        let shown = guest.got("POST", &way, Some(information.clone())).await;
        assert_eq!(shown["totals"]["grand_total"], 18.4);
        assert_eq!(shown["totals"]["shipping_incl_tax"], 4.9);
        assert_eq!(shown["payment_methods"][1]["code"], "checkmo");
        assert_eq!(guest.fetch(&format!("{cart}/totals")).await["subtotal_incl_tax"], 13.5);

        let payment = json!({ "email": "jeanne@exemple.fr",
            "paymentMethod": { "method": "checkmo" }, "billingAddress": address() });
        let way = format!("{cart}/payment-information");
        let number = guest.got("POST", &way, Some(payment.clone())).await;
        assert_eq!(number, 1);
        assert_eq!(shop.stock("TEA").await, StockLevel { on_hand: 10, allocated: 3 });
        assert_eq!(guest.got("POST", &way, Some(payment)).await, 1, "asked again, the same order");
        assert_eq!(guest.denied("GET", &cart, None).await.0, 404);

        let order = erp.fetch("V1/orders/1").await;
        assert_eq!(order["grand_total"], 18.4);
        assert_eq!(order["customer_email"], "jeanne@exemple.fr");
        assert_eq!(order["status"], "pending");
        assert_eq!(order["billing_address"]["city"], "Paris");
        assert_eq!(order["items"][0]["qty_ordered"], 3);
        assert_eq!(order["payment"]["method"], "checkmo");
    })
    .await;
}

#[tokio::test]
async fn what_is_missing_is_said_and_nothing_is_ordered() {
    on_both_engines(async |shop| {
        a_product(&shop).stock(2).save().await;
        let guest = Client::of(&shop);
        let mask = guest.got("POST", "V1/guest-carts", None).await;
        let cart = format!("V1/guest-carts/{}", mask.as_str().unwrap());
        let order = async || {
            let payment = json!({ "paymentMethod": { "method": "checkmo" } });
            guest.denied("PUT", &format!("{cart}/order"), Some(payment)).await
        };

        assert_eq!(order().await.0, 400);
        guest.got("POST", &format!("{cart}/items"), Some(item("TEA", 2))).await;
        let nowhere = json!({ "addressInformation": { "shipping_address": {
            "country_id": "US" }, "shipping_carrier_code": "flat",
            "shipping_method_code": "flat" } });
        let way = format!("{cart}/shipping-information");
        assert_eq!(guest.denied("POST", &way, Some(nowhere)).await.0, 400);
        let by_balloon = json!({ "addressInformation": { "shipping_address": address(),
            "shipping_carrier_code": "balloon", "shipping_method_code": "balloon" } });
        assert_eq!(guest.denied("POST", &way, Some(by_balloon)).await.0, 404);
        // Nothing is kept of what was refused, the e-mail address among it.
        let missing = (400, "\"%fieldName\" is required. Enter and try again.".to_owned());
        assert_eq!(order().await, missing);
        assert_eq!(guest.denied("GET", "V1/guest-carts/nobody", None).await.0, 404);
        let unknown = format!("V1/guest-carts/{}", "0".repeat(32));
        assert_eq!(guest.denied("GET", &unknown, None).await.0, 404);
        assert_eq!(shop.stock("TEA").await, StockLevel { on_hand: 2, allocated: 0 });
    })
    .await;
}

async fn log_in(shop: &TestShop, guest: &Client) -> Client {
    a_customer(shop).save().await;
    let said = json!({ "username": "jeanne@exemple.fr", "password": testkit::PASSWORD });
    let token = guest.got("POST", "V1/integration/customer/token", Some(said)).await;
    guest.with("authorization", &format!("Bearer {}", token.as_str().unwrap()))
}

#[tokio::test]
async fn a_customer_buys_what_is_in_their_own_cart() {
    on_both_engines(async |shop| {
        a_product(&shop).save().await;
        let guest = Client::of(&shop);
        let jeanne = log_in(&shop, &guest).await;
        assert_eq!(jeanne.denied("GET", "V1/carts/mine", None).await.0, 404);

        let before = guest.got("POST", "V1/guest-carts", None).await;
        let before = format!("V1/guest-carts/{}", before.as_str().unwrap());
        guest.got("POST", &format!("{before}/items"), Some(item("TEA", 2))).await;
        let body = json!({ "customerId": 1, "storeId": 1 });
        assert_eq!(jeanne.got("PUT", &before, Some(body)).await, true);
        assert_eq!(jeanne.fetch("V1/carts/mine").await["items_qty"], 2);
        let other = json!({ "customerId": 2 });
        assert_eq!(jeanne.denied("PUT", &before, Some(other)).await.0, 401);

        let information = json!({ "addressInformation": { "shipping_address": address(),
            "shipping_carrier_code": "pick-up", "shipping_method_code": "pick-up" } });
        jeanne.got("POST", "V1/carts/mine/shipping-information", Some(information)).await;
        let payment = json!({ "paymentMethod": { "method": "banktransfer" } });
        let number = jeanne.got("POST", "V1/carts/mine/payment-information", Some(payment)).await;
        let erp = an_integration(&shop, &guest).await;
        let order = erp.fetch(&format!("V1/orders/{number}")).await;
        assert_eq!(order["customer_id"], 1);
        assert_eq!(order["customer_is_guest"], 0);
        assert_eq!(order["base_shipping_incl_tax"], 0);
    })
    .await;
}

#[tokio::test]
async fn an_account_is_opened_looked_at_and_changed() {
    on_both_engines(async |shop| {
        let guest = Client::of(&shop);
        let erp = an_integration(&shop, &guest).await;
        let customer =
            json!({ "email": "paul@exemple.fr", "firstname": "Paul", "lastname": "Roy" });
        let body = json!({ "customer": customer, "password": "un long mot de passe" });

        let made = guest.got("POST", "V1/customers", Some(body.clone())).await;
        assert_eq!((&made["id"], &made["email"]), (&json!(1), &json!("paul@exemple.fr")));
        let (status, message) = guest.denied("POST", "V1/customers", Some(body)).await;
        assert_eq!(status, 400);
        assert!(message.starts_with("A customer with the same email address"), "{message}");
        let unchosen = json!({ "customer": { "email": "anne@exemple.fr", "firstname": "Anne",
            "lastname": "Roy" } });
        assert_eq!(guest.denied("POST", "V1/customers", Some(unchosen.clone())).await.0, 400);
        erp.got("POST", "V1/customers", Some(unchosen)).await;

        let place = "searchCriteria[filter_groups][0][filters][0]";
        let found = erp
            .fetch(&format!(
                "V1/customers/search?{place}[field]=email&{place}[value]=anne%25\
                             &{place}[condition_type]=like"
            ))
            .await;
        assert_eq!(found["total_count"], 1);
        assert_eq!(found["items"][0]["firstname"], "Anne");
        let rename = json!({ "customer": { "id": 1, "email": "paul@exemple.fr",
            "firstname": "Paulin" } });
        erp.got("PUT", "V1/customers/1", Some(rename)).await;
        assert_eq!(erp.fetch("V1/customers/1").await["firstname"], "Paulin");
        assert_eq!(erp.denied("GET", "V1/customers/99", None).await.0, 404);
        let asked = json!({ "customerEmail": "paul@exemple.fr" });
        assert_eq!(guest.got("POST", "V1/customers/isEmailAvailable", Some(asked)).await, false);
    })
    .await;
}
