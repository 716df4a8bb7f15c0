//! Requests that are run later.

use axum::http::StatusCode;
use serde_json::json;
use testkit::{a_product, a_shop};

use super::{a_default_set, an_integration, complete};
use crate::Client;

#[tokio::test]
async fn a_bulk_is_accepted_run_by_jobs_and_told_of() {
    a_shop()
        .with_operations(api::Operations::default())
        .on_both_engines(async |shop| {
            a_product(&shop).save().await;
            a_product(&shop).sku("POT").save().await;
            a_default_set(&shop, &[]).await;
            complete(&shop, &["TEA", "POT"]).await;
            let erp = an_integration(&shop, &Client::of(&shop)).await;
            let body = json!([
                { "product": { "sku": "TEA", "price": 7 } },
                { "product": { "sku": "NONE", "name": "x" } },
                { "product": { "sku": "POT", "price": 8.5 } },
            ]);

            let accepted = erp.rest("PUT", "async/bulk/V1/products/bySku", Some(body)).await;
            assert_eq!(accepted.status, StatusCode::ACCEPTED);
            assert_eq!(accepted.json["errors"], false);
            assert_eq!(accepted.json["request_items"][2]["status"], "accepted");
            assert_eq!(accepted.json["request_items"][2]["id"], 2);
            let path = format!("V1/bulk/{}/status", accepted.json["bulk_uuid"].as_str().unwrap());
            assert_eq!(erp.fetch(&path).await["operations_list"][0]["status"], 4);
            assert_eq!(erp.fetch("V1/products/TEA").await["price"], 4.5);

            shop.run_jobs().await;

            let status = erp.fetch(&path).await;
            let states: Vec<_> = status["operations_list"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| one["status"].as_i64().unwrap())
                .collect();
            assert_eq!(states, [1, 3, 1]);
            assert_eq!(
                status["operations_list"][1]["result_message"],
                "\"price\" is required. Enter and try again."
            );
            assert_eq!(erp.fetch("V1/products/TEA").await["price"], 7);
            assert_eq!(erp.fetch("V1/products/POT").await["price"], 8.5);
        })
        .await;
}

#[tokio::test]
async fn one_request_may_be_run_later_and_what_cannot_is_refused() {
    let shop = a_shop().with_operations(api::Operations::default()).on_sqlite().await;
    a_product(&shop).save().await;
    a_default_set(&shop, &[]).await;
    complete(&shop, &["TEA"]).await;
    let guest = Client::of(&shop);
    let erp = an_integration(&shop, &guest).await;

    let body = json!({ "product": { "price": 9 } });
    let accepted = erp.rest("PUT", "all/async/V1/products/TEA", Some(body.clone())).await;
    assert_eq!(accepted.status, StatusCode::ACCEPTED);
    shop.run_jobs().await;
    assert_eq!(erp.fetch("V1/products/TEA").await["price"], 9);

    assert_eq!(guest.denied("PUT", "async/V1/products/TEA", Some(body.clone())).await.0, 401);
    assert_eq!(erp.denied("GET", "async/V1/products/TEA", None).await.0, 404);
    assert_eq!(erp.denied("POST", "async/V1/guest-carts", None).await.0, 404);
    assert_eq!(erp.denied("PUT", "async/bulk/V1/products/bySku", Some(body)).await.0, 400);
    let nameless = json!([{ "product": { "price": 9 } }]);
    assert_eq!(erp.denied("PUT", "async/bulk/V1/products/bySku", Some(nameless)).await.0, 400);
    let huge = json!([{ "product": { "sku": "TEA", "name": "x".repeat(70_000) } }]);
    assert_eq!(erp.denied("PUT", "async/bulk/V1/products/bySku", Some(huge)).await.0, 400);
    for path in ["V1/bulk/none/status", "V1/bulk/0192f6a0-0000-7000-8000-000000000000/status"] {
        assert_eq!(erp.denied("GET", path, None).await.0, 404);
    }
}
