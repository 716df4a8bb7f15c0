//! Magento's REST, as integrations, customers and guests ask it.

mod access;
mod bulk;
mod catalog;
mod checkout;
mod configurable;
mod customer;
mod idempotency;
mod order;
mod statements;
mod token;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use commerce::catalog::{AttributeCode, AttributeSet, AttributeSetCode};
use commerce::channel::Locale;
use commerce::content::Localized;
use commerce::eco::Manufacturer;
use serde_json::{Value, json};
use shop::integration::{Credentials, EVERYTHING};
use testkit::{TestShop, change_product};

use crate::{Answer, Client};

impl Client {
    pub(crate) async fn rest(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let request = Request::builder().method(method).uri(format!("/rest/{path}"));
        let request = request.header("content-type", "application/json");
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        self.send(request.body(body).unwrap()).await
    }

    /// What must be answered.
    pub(crate) async fn got(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let answer = self.rest(method, path, body).await;
        assert_eq!(answer.status, StatusCode::OK, "{method} {path}: {}", answer.json);
        answer.json
    }

    pub(crate) async fn fetch(&self, path: &str) -> Value {
        self.got("GET", path, None).await
    }

    /// The status and the message of what must be refused.
    pub(crate) async fn denied(
        &self,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> (u16, String) {
        let answer = self.rest(method, path, body).await;
        let message = answer.json["message"].as_str().unwrap_or_default().to_owned();
        (answer.status.as_u16(), message)
    }
}

pub(crate) async fn credentials(shop: &TestShop, name: &str, resources: &[&str]) -> Credentials {
    let resources: Vec<String> = resources.iter().map(|&one| one.to_owned()).collect();
    shop::integration::create(shop, name, &resources).await.unwrap()
}

/// A program that may do everything.
pub(crate) async fn an_integration(shop: &TestShop, guest: &Client) -> Client {
    let keys = credentials(shop, "erp", &[EVERYTHING]).await;
    guest.with("authorization", &format!("Bearer {}", keys.access_token))
}

/// The set that products are of where nothing else is said.
pub(crate) async fn a_default_set(shop: &TestShop, attributes: &[&str]) {
    let set = AttributeSet {
        code: AttributeSetCode::new("default").unwrap(),
        name: Localized::default().with(Locale::FR, "Default".to_owned()),
        attributes: attributes.iter().map(|&code| AttributeCode::new(code).unwrap()).collect(),
    };
    shop::catalog::save_attribute_set(shop, &set).await.unwrap();
}

/// Gives products of builders what they need to be saved again.
pub(crate) async fn complete(shop: &TestShop, skus: &[&str]) {
    for sku in skus {
        change_product(shop, sku, |product| {
            product.manufacturer = Some(Manufacturer {
                name: "Terre SARL".into(),
                address: "1 rue du Thé, 75011 Paris".into(),
                email: "terre@exemple.fr".into(),
            });
        })
        .await;
    }
}

/// What makes a product fit to be sold.
pub(crate) fn manufacturer() -> Value {
    json!([
        { "attribute_code": "greenleaf_manufacturer_name", "value": "Terre SARL" },
        { "attribute_code": "greenleaf_manufacturer_address", "value": "1 rue du Thé, 75011 Paris" },
        { "attribute_code": "greenleaf_manufacturer_email", "value": "terre@exemple.fr" },
    ])
}
