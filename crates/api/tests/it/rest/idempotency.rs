//! Requests that are sent again with the same `Idempotency-Key`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use axum::http::StatusCode;
use bytes::Bytes;
use commerce::media::{MediaKey, PictureFormat};
use serde_json::{Value, json};
use shop::ports::{MediaStore, MediaStoreError};
use testkit::{TestShop, a_product, on_both_engines};
use tokio::sync::Semaphore;

use super::catalog::picture;
use super::{a_default_set, an_integration, complete, credentials};
use crate::{Answer, Client};

const KEY: &str = "8e03978e-40d5-43dd-bc93-6894a57f9324";

fn keyed(client: &Client, key: &str) -> Client {
    client.with("idempotency-key", key)
}

#[tokio::test]
async fn a_request_that_is_sent_again_is_answered_as_before_and_changes_nothing() {
    on_both_engines(async |shop| {
        a_product(&shop).save().await;
        shop.follow().await;
        let client = Client::of(&shop);
        let cart = client.got("POST", "V1/guest-carts", None).await;
        let path = format!("V1/guest-carts/{}/items", cart.as_str().unwrap());
        let item = json!({ "cartItem": { "sku": "TEA", "qty": 1 } });
        let add = async |key: &str, path: &str| {
            keyed(&client, key).rest("POST", path, Some(item.clone())).await
        };

        let (first, second) = (add(KEY, &path).await, add(KEY, &path).await);

        assert_eq!((first.status, &first.json["qty"]), (StatusCode::OK, &json!(1)));
        assert_eq!((second.status, &second.json), (first.status, &first.json));
        assert_eq!(second.headers["content-type"], "application/json");
        assert_eq!(second.headers["cache-control"], "no-store");
        let other = add(KEY, &format!("{path}?fields=qty")).await;
        assert_eq!(other.status.as_u16(), 422);
        assert_eq!(
            other.json,
            json!({ "message": "This Idempotency-Key was used for another request." })
        );
        assert_eq!(client.fetch(&path).await[0]["qty"], 1);
        assert_eq!(add("the key of a guest", &path).await.status, StatusCode::BAD_REQUEST);
        assert_eq!(add("short", &path).await.status, StatusCode::BAD_REQUEST);
        add("the-second-key-of-a-guest", &path).await;
        assert_eq!(client.fetch(&path).await[0]["qty"], 2);
        // What reads does so each time.
        assert_eq!(keyed(&client, KEY).fetch(&path).await[0]["qty"], 2);
    })
    .await;
}

#[tokio::test]
async fn programs_have_keys_of_their_own() {
    on_both_engines(async |shop| {
        let guest = Client::of(&shop);
        let program = async |name: &str| {
            let keys = credentials(&shop, name, &["Magento_Catalog::categories"]).await;
            keyed(&guest, "n-1").with("authorization", &format!("Bearer {}", keys.access_token))
        };
        let (pim, erp) = (program("pim").await, program("erp").await);
        let category =
            json!({ "category": { "name": "Thé", "parent_id": 2_147_483_647, "is_active": true } });
        let create = async |client: &Client| {
            client.rest("POST", "V1/categories", Some(category.clone())).await.json["id"].clone()
        };

        let (first, again, other) = (create(&pim).await, create(&pim).await, create(&erp).await);

        assert!(first.is_number(), "{first}");
        assert_eq!(again, first);
        assert_ne!(other, first);
        // Later, as jobs, it is the same.
        let later = async || pim.rest("POST", "async/V1/categories", Some(category.clone())).await;
        assert_eq!(later().await.status.as_u16(), 422);
    })
    .await;
}

/// A store that is away, or that holds what is brought until it is told to go on.
struct Store {
    is_away: AtomicBool,
    begun: Semaphore,
    go_on: Semaphore,
    store: Arc<dyn MediaStore>,
}

#[async_trait]
impl MediaStore for Store {
    async fn put(
        &self,
        key: &MediaKey,
        bytes: Bytes,
        format: PictureFormat,
    ) -> Result<(), MediaStoreError> {
        if self.is_away.load(Ordering::SeqCst) {
            return Err(MediaStoreError("away".into()));
        }
        self.begun.add_permits(1);
        self.go_on.acquire().await.unwrap().forget();
        self.store.put(key, bytes, format).await
    }

    async fn find(&self, key: &MediaKey) -> Result<Option<Bytes>, MediaStoreError> {
        self.store.find(key).await
    }

    async fn delete(&self, key: &MediaKey) -> Result<(), MediaStoreError> {
        self.store.delete(key).await
    }

    async fn check(&self) -> Result<(), MediaStoreError> {
        self.store.check().await
    }
}

/// A program on an instance with such a store.
async fn on_such_a_store(shop: &TestShop) -> (Client, Arc<Store>) {
    a_product(shop).save().await;
    a_default_set(shop, &[]).await;
    complete(shop, &["TEA"]).await;
    let store = Arc::new(Store {
        is_away: AtomicBool::new(false),
        begun: Semaphore::new(0),
        go_on: Semaphore::new(0),
        store: shop.media.clone(),
    });
    let mut instance = (**shop).clone();
    instance.media = store.clone();
    let client = Client { router: api::router(instance), headers: Vec::new() };
    (an_integration(shop, &keyed(&client, "n-1")).await, store)
}

async fn send_picture(client: &Client) -> Answer {
    let entry = json!({ "entry": { "media_type": "image", "label": "A cup", "types": [],
        "content": picture(1) } });
    client.rest("POST", "V1/products/TEA/media", Some(entry)).await
}

#[tokio::test]
async fn a_request_whose_client_went_away_is_done_and_answered_when_it_comes_back() {
    on_both_engines(async |shop| {
        let (erp, store) = on_such_a_store(&shop).await;
        let leaving = Client { router: erp.router.clone(), headers: erp.headers.clone() };
        let leaving = tokio::spawn(async move { send_picture(&leaving).await });
        store.begun.acquire().await.unwrap().forget();

        let early = send_picture(&erp).await;
        leaving.abort();
        assert!(leaving.await.is_err());
        store.go_on.add_permits(1);

        assert_eq!(early.status, StatusCode::CONFLICT);
        assert_eq!(early.headers["retry-after"], "1");
        assert_eq!(
            early.json,
            json!({ "message": "A request with this Idempotency-Key is still running." })
        );
        let answer = loop {
            let answer = send_picture(&erp).await;
            if answer.status != StatusCode::CONFLICT {
                break answer;
            }
        };
        assert_eq!(answer.status, StatusCode::OK);
        let all = erp.fetch("V1/products/TEA/media").await;
        assert_eq!(all.as_array().map(Vec::len), Some(1));
        assert_eq!(all[0]["id"], answer.json);
    })
    .await;
}

#[tokio::test]
async fn what_failed_because_of_us_may_be_tried_again() {
    on_both_engines(async |shop| {
        let (erp, store) = on_such_a_store(&shop).await;
        store.go_on.add_permits(9);
        store.is_away.store(true, Ordering::SeqCst);
        let failed = send_picture(&erp).await;
        assert_eq!(failed.status, StatusCode::INTERNAL_SERVER_ERROR);
        store.is_away.store(false, Ordering::SeqCst);

        let (first, second) = (send_picture(&erp).await, send_picture(&erp).await);

        assert_eq!((first.status, second.status), (StatusCode::OK, StatusCode::OK));
        assert_eq!(first.json, second.json);
        assert_ne!(first.json, Value::Null);
    })
    .await;
}
