//! Whoever may not is refused: asked of every operation that the schema and the table have now.
//!
//! Jeanne has a cart, an order and an address. A guest, another customer and a program that may do
//! everything under `/rest` ask for each operation with the ids of what is hers. What is not refused
//! stands in a list here, with the reason; nothing tells what is hers or changes it.

mod gathered;

use std::collections::BTreeSet;

use serde_json::{Value, json};
use testkit::{PASSWORD, TestShop, a_customer, a_product};

use self::gathered::{Schema, Theirs};
use crate::Client;
use crate::rest::{an_integration, credentials};

/// Mutations that are for whoever asks, and why.
const OPEN: [(&str, &str); 11] = [
    ("contactUs", "writes to the merchant"),
    ("createCustomer", "tells that there is such an account, as in Magento"),
    ("createCustomerV2", "tells that there is such an account, as in Magento"),
    ("createEmptyCart", "makes a cart of one's own, or tells that there is one of this id"),
    ("createGuestCart", "makes a cart of one's own, or tells that there is one of this id"),
    ("generateCustomerToken", "asks for the password"),
    ("requestPasswordResetEmail", "writes to the owner of the address"),
    ("resetPassword", "asks for a token that only a mail has"),
    ("requestGuestOrderCancel", "asks for a token that only the owner of the order has"),
    ("confirmCancelOrder", "asks for a key that only a mail has"),
    ("cancelOrder", "tells in its answer that there is no such order"),
];

/// Mutations that change what belongs to whoever is logged in, and why they refuse nobody who is.
const OWN: [(&str, &str); 9] = [
    ("createCustomerAddress", "in one's own book"),
    ("updateCustomer", "of one's own"),
    ("updateCustomerV2", "of one's own"),
    ("updateCustomerEmail", "one's own; asks for the password"),
    ("changeCustomerPassword", "one's own; asks for the former one"),
    ("reorderItems", "looks among one's own orders only, and says that none has this number"),
    ("deletePaymentToken", "one's own, of which there are none"),
    ("revokeCustomerToken", "one's own"),
    ("deleteCustomer", "oneself"),
];

/// What the shop does not have is refused in these words, whoever asks.
const NOT_HERE: [&str; 7] = [
    "Cannot create a newsletter subscription.",
    "Could not find a product with SKU \"TEA\"",
    "This is not available in this store.",
    "The Braintree payment method is not active.",
    "The wishlist configuration is currently disabled.",
    "Creating product reviews are not currently available.",
    "The coupon code isn't valid. Verify the code and try again.",
];

/// Queries whose answers are the same for everybody, or tell nothing of anybody.
const PUBLIC: [&str; 25] = [
    "attributesForm",
    "attributesList",
    "availableStores",
    "categories",
    "category",
    "categoryList",
    "checkoutAgreements",
    "cmsBlocks",
    "cmsPage",
    "countries",
    "country",
    "currency",
    "customAttributeMetadata",
    "customAttributeMetadataV2",
    "isEmailAvailable",
    "pickupLocations",
    "productReviewRatingsMetadata",
    "products",
    "recaptchaFormConfig",
    "recaptchaV3Config",
    "robotsConfig",
    "route",
    "searchTerm",
    "storeConfig",
    "urlResolver",
];

/// What an answer says about refusing.
fn refusal(json: &Value) -> Option<(&str, &str)> {
    let error = json.get("errors")?.get(0)?;
    Some((error.pointer("/extensions/category")?.as_str()?, error["message"].as_str()?))
}

fn is_refused(json: &Value) -> bool {
    let personal = ["graphql-authorization", "graphql-authentication", "graphql-no-such-entity"];
    refusal(json).is_some_and(|(category, message)| {
        personal.contains(&category) || NOT_HERE.contains(&message)
    })
}

fn has(list: &[(&str, &str)], name: &str) -> bool {
    list.iter().any(|(known, _)| *known == name)
}

/// Whether an answer holds anything at all.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::Array(items) => items.iter().all(is_empty),
        Value::Object(fields) => fields.values().all(is_empty),
        Value::Bool(true) => false,
    }
}

/// A client with a try counter of its own.
fn guest(shop: &TestShop) -> Client {
    Client::of(shop)
}

async fn logged_in(shop: &TestShop, email: &str) -> Client {
    let guest = guest(shop);
    let query = format!(
        r#"mutation {{ generateCustomerToken(email: "{email}", password: "{PASSWORD}") {{ token }} }}"#
    );
    let data = guest.ask(&query).await;
    let token = data["generateCustomerToken"]["token"].as_str().unwrap();
    guest.with("authorization", &format!("Bearer {token}"))
}

/// Jeanne, with all that is hers, and Paul.
async fn jeanne_and_paul(shop: &TestShop) -> (Client, Theirs) {
    a_product(shop).stock(100).save().await;
    shop.follow().await;
    a_customer(shop).save().await;
    a_customer(shop).email("paul@exemple.fr").save().await;
    let jeanne = logged_in(shop, "jeanne@exemple.fr").await;
    let theirs = Theirs::of(&jeanne).await;
    (jeanne, theirs)
}

#[tokio::test]
async fn every_mutation_refuses_who_may_not() {
    let shop = testkit::a_shop().on_sqlite().await;
    let (jeanne, hers) = jeanne_and_paul(&shop).await;
    let before = hers.seen_by(&jeanne).await;
    let schema = Schema::of(&guest(&shop)).await;
    let program = an_integration(&shop, &guest(&shop)).await;
    let mut paul = logged_in(&shop, "paul@exemple.fr").await;
    let names = schema.fields("Mutation");
    let known: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    for (listed, why) in OPEN.iter().chain(&OWN) {
        assert!(known.contains(listed), "{listed} ({why}) is no mutation");
    }
    assert!(names.len() > 60, "{}", names.len());

    for name in &names {
        let query = schema.ask("mutation", name, &hers);
        if has(&OWN, name) {
            // Whoever logged out a moment ago.
            paul = logged_in(&shop, "paul@exemple.fr").await;
        }
        for (who, client) in [("a guest", &guest(&shop)), ("a program", &program), ("paul", &paul)]
        {
            let answer = client.ask_with(&query, json!({})).await;
            let place = format!("{who}: {query}\n{}", answer.json);
            assert!(!Theirs::is_told_in(&answer.json), "{place}");
            let may = has(&OPEN, name) || (who == "paul" && has(&OWN, name));
            assert!(may || is_refused(&answer.json), "{place}");
            // Said of the arguments, it would say nothing of who asks.
            let invalid = refusal(&answer.json).is_some_and(|(_, text)| text.contains("Error:"));
            assert!(!invalid, "{place}");
            if name == "deleteCustomer" && who == "paul" {
                a_customer(&shop).email("paul@exemple.fr").save().await;
            }
        }
        assert_eq!(hers.seen_by(&jeanne).await, before, "{query}");
    }

    // Whoever may is not refused when they ask the same: the questions are good ones.
    let mut accepted = BTreeSet::new();
    for name in names.iter().filter(|name| !has(&OPEN, name) && !has(&OWN, name)) {
        let answer = jeanne.ask_with(&schema.ask("mutation", name, &hers), json!({})).await;
        if refusal(&answer.json).is_none() {
            accepted.insert(name.as_str());
        }
    }
    let expected = BTreeSet::from([
        "addConfigurableProductsToCart",
        "addProductsToCart",
        "addSimpleProductsToCart",
        "addVirtualProductsToCart",
        "assignCustomerToGuestCart",
        "deleteCustomerAddress",
        "estimateShippingMethods",
        "estimateTotals",
        "placeOrder",
    ]);
    assert_eq!(accepted, expected);
}

#[tokio::test]
async fn every_query_tells_nobody_what_is_anothers() {
    let shop = testkit::a_shop().on_sqlite().await;
    let (jeanne, hers) = jeanne_and_paul(&shop).await;
    let schema = Schema::of(&guest(&shop)).await;
    let program = an_integration(&shop, &guest(&shop)).await;
    let paul = logged_in(&shop, "paul@exemple.fr").await;
    let names = schema.fields("Query");
    for public in PUBLIC {
        assert!(names.iter().any(|name| name == public), "{public} is no query");
    }
    let own = ["customer", "customerCart"];

    for name in &names {
        let query = schema.ask("query", name, &hers);
        for (who, client) in [("a guest", &guest(&shop)), ("a program", &program), ("paul", &paul)]
        {
            let answer = client.ask_with(&query, json!({})).await;
            let place = format!("{who}: {query}\n{}", answer.json);
            assert!(!Theirs::is_told_in(&answer.json), "{place}");
            let may =
                PUBLIC.contains(&name.as_str()) || (who == "paul" && own.contains(&name.as_str()));
            let data = answer.json.get("data").unwrap_or(&Value::Null);
            assert!(may || is_refused(&answer.json) || is_empty(data), "{place}");
        }
    }

    // They do tell Jeanne.
    let mut telling = Vec::new();
    for name in &names {
        let answer = jeanne.ask_with(&schema.ask("query", name, &hers), json!({})).await;
        if Theirs::is_told_in(&answer.json) {
            telling.push(name.as_str());
        }
    }
    assert_eq!(telling, ["cart", "customer", "customerCart"]);
}

/// Routes that everybody may ask beside carts of guests, and why.
const OPEN_ROUTES: [(&str, &str); 11] = [
    ("POST integration/customer/token", "asks for the password"),
    ("POST integration/admin/token", "asks for the password"),
    ("POST tfa/provider/google/authenticate", "asks for password and code"),
    ("GET directory/countries", "the same for everybody"),
    ("GET directory/countries/{countryId}", "the same for everybody"),
    ("GET directory/currency", "the same for everybody"),
    ("GET modules", "the same for everybody"),
    ("POST customers", "tells that there is such an account, as in Magento"),
    ("POST customers/isEmailAvailable", "tells whether there is an account, as in Magento"),
    ("PUT customers/password", "writes to the owner of the address"),
    ("POST guest-carts", "makes a cart of one's own"),
];

#[tokio::test]
async fn every_route_refuses_who_may_not() {
    let shop = testkit::a_shop().on_sqlite().await;
    let (jeanne, hers) = jeanne_and_paul(&shop).await;
    let before = hers.seen_by(&jeanne).await;
    let paul = logged_in(&shop, "paul@exemple.fr").await;
    let nothing = credentials(&shop, "nothing", &["Magento_Other::thing"]).await;
    let nothing = guest(&shop).with("authorization", &format!("Bearer {}", nothing.access_token));
    let document = guest(&shop).fetch("schema").await;
    let (mut n_routes, mut n_open) = (0, 0);

    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let method = method.to_uppercase();
            let name = format!("{method} {}", path.trim_start_matches("/V1/"));
            let text = operation["description"].as_str().unwrap();
            let body = (method != "GET").then(|| hers.body());
            let address = hers.fill(path);
            n_routes += 1;
            for (who, client) in
                [("a guest", &guest(&shop)), ("a program", &nothing), ("paul", &paul)]
            {
                let answer = client.rest(&method, &address, body.clone()).await;
                let place = format!("{who}: {method} {address}\n{}", answer.json);
                assert!(!Theirs::is_told_in(&answer.json), "{place}");
                let status = answer.status.as_u16();
                let is_own = text.starts_with("A customer");
                if text.starts_with("Staff") || (is_own && who != "paul") {
                    assert_eq!(status, 401, "{place}");
                } else if path.contains("{cartId}") {
                    assert!(matches!(status, 401 | 404), "{place}");
                } else if !is_own {
                    n_open += 1;
                    assert!(has(&OPEN_ROUTES, &name), "{name} is open to everybody");
                }
            }
            assert_eq!(hers.seen_by(&jeanne).await, before, "{name}");
        }
    }

    assert!(n_routes > 100, "{n_routes}");
    assert_eq!(n_open, 3 * OPEN_ROUTES.len());
}
