//! Whom the routes let in: read from the document that is made of the table, for all of them.

use axum::http::StatusCode;
use serde_json::{Value, json};
use testkit::{a_customer, a_placed_order, a_product, on_both_engines};

use super::credentials;
use crate::Client;

/// Each route with the resource that it needs, as the OpenAPI document tells them.
async fn routes(client: &Client) -> Vec<(String, String, String)> {
    let document = client.fetch("schema").await;
    assert_eq!(document["openapi"], "3.1.0");
    let mut routes = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let text = operation["description"].as_str().unwrap().to_owned();
            let path = path.trim_start_matches('/').replace(['{', '}'], "");
            routes.push((method.to_uppercase(), path, text));
        }
    }
    routes
}

#[tokio::test]
async fn every_route_refuses_who_may_not() {
    let shop = testkit::a_shop().on_sqlite().await;
    let guest = Client::of(&shop);
    a_customer(&shop).save().await;
    let said = json!({ "username": "jeanne@exemple.fr", "password": testkit::PASSWORD });
    let token = guest.got("POST", "V1/integration/customer/token", Some(said)).await;
    let bearer = |token: &str| guest.with("authorization", &format!("Bearer {token}"));
    let customer = bearer(token.as_str().unwrap());
    let program =
        bearer(&credentials(&shop, "nothing", &["Magento_Other::thing"]).await.access_token);
    let (mut n_staff, mut n_own, mut n_open) = (0, 0, 0);

    for (method, path, text) in routes(&guest).await {
        let body = (method != "GET").then(|| json!({}));
        let status = async |client: &Client| client.rest(&method, &path, body.clone()).await.status;
        let place = format!("{method} {path}");
        if text.starts_with("Staff") {
            n_staff += 1;
            for client in [&guest, &customer, &program] {
                assert_eq!(status(client).await, StatusCode::UNAUTHORIZED, "{place}");
            }
        } else if text.starts_with("A customer") {
            n_own += 1;
            for client in [&guest, &program] {
                assert_eq!(status(client).await, StatusCode::UNAUTHORIZED, "{place}");
            }
        } else {
            assert_eq!(text, "Everybody may ask.");
            n_open += 1;
            let known = ["token", "tfa", "directory", "modules", "guest-carts", "customers"];
            assert!(known.iter().any(|part| path.contains(part)), "{place} is open to everybody");
        }
    }

    assert!(n_staff > 70 && n_own > 15 && n_open > 15, "{n_staff} {n_own} {n_open}");
}

#[tokio::test]
async fn a_program_may_do_what_it_was_given_and_nothing_else() {
    let shop = testkit::a_shop().on_sqlite().await;
    let guest = Client::of(&shop);
    let keys = credentials(&shop, "pim", &["Magento_Catalog::products"]).await;
    let pim = guest.with("authorization", &format!("Bearer {}", keys.access_token));

    for (method, path, text) in routes(&guest).await {
        let Some(resource) = text.strip_prefix("Staff may ask, and integrations that have ") else {
            continue;
        };
        let is_given = resource == "Magento_Catalog::products.";
        let body = (method != "GET").then(|| json!({}));
        let status = pim.rest(&method, &path, body).await.status;
        assert_eq!(status != StatusCode::UNAUTHORIZED, is_given, "{method} {path}: {status}");
    }
}

#[tokio::test]
async fn a_customer_never_reads_what_is_anothers() {
    on_both_engines(async |shop| {
        a_product(&shop).save().await;
        let jeanne = a_customer(&shop).save().await;
        a_customer(&shop).email("paul@exemple.fr").save().await;
        a_placed_order(&shop).of(jeanne.id).save().await;
        let guest = Client::of(&shop);
        let log_in = async |email: &str| {
            let said = json!({ "username": email, "password": testkit::PASSWORD });
            let token = guest.got("POST", "V1/integration/customer/token", Some(said)).await;
            guest.with("authorization", &format!("Bearer {}", token.as_str().unwrap()))
        };
        let (jeanne, paul) = (log_in("jeanne@exemple.fr").await, log_in("paul@exemple.fr").await);
        jeanne.got("POST", "V1/carts/mine", None).await;
        let item = json!({ "cartItem": { "sku": "TEA", "qty": 1 } });
        let item = jeanne.got("POST", "V1/carts/mine/items", Some(item)).await;
        let mask = item["quote_id"].as_str().unwrap();

        let hidden = format!("V1/guest-carts/{mask}");
        for client in [&guest, &paul, &jeanne] {
            for path in ["", "/items", "/totals", "/billing-address", "/payment-methods"] {
                let (status, message) =
                    client.denied("GET", &format!("{hidden}{path}"), None).await;
                assert_eq!(status, 404);
                assert_eq!(message, "No such entity with %fieldName = %fieldValue");
            }
        }
        let add = json!({ "cartItem": { "sku": "TEA", "qty": 1 } });
        for client in [&guest, &paul] {
            assert_eq!(
                client.denied("POST", &format!("{hidden}/items"), Some(add.clone())).await.0,
                404
            );
            assert_eq!(
                client.denied("PUT", &format!("{hidden}/order"), Some(json!({}))).await.0,
                404
            );
        }
        assert_eq!(paul.denied("PUT", &hidden, Some(json!({}))).await.0, 404);
        assert_eq!(paul.denied("GET", "V1/carts/mine", None).await.0, 404);
        for path in ["V1/orders", "V1/orders/1", "V1/customers/1", "V1/customers/search"] {
            assert_eq!(paul.denied("GET", path, None).await.0, 401);
        }
        let own = paul.fetch("V1/customers/me").await;
        assert_eq!(own["email"], "paul@exemple.fr");
        assert_eq!(own["addresses"], Value::Array(Vec::new()));
    })
    .await;
}
