//! Magento's contract, through the router, as clients ask it.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails like a test")]

mod account;
mod cart;
mod catalog;
mod customer;
mod idempotency;
mod limits;
mod refusal;
mod rest;
mod schema;
mod statements;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use testkit::TestShop;
use tower::ServiceExt as _;

/// A client of one shop.
pub(crate) struct Client {
    router: Router,
    headers: Vec<(&'static str, String)>,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) json: Value,
}

impl Client {
    pub(crate) fn of(shop: &TestShop) -> Self {
        Self { router: api::router((**shop).clone()), headers: Vec::new() }
    }

    /// The same client with one header more.
    pub(crate) fn with(&self, name: &'static str, value: &str) -> Self {
        let mut headers = self.headers.clone();
        headers.push((name, value.to_owned()));
        Self { router: self.router.clone(), headers }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let (mut parts, body) = request.into_parts();
        for (name, value) in &self.headers {
            parts.headers.insert(*name, value.parse().unwrap());
        }
        let response = self.router.clone().oneshot(Request::from_parts(parts, body)).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let json = serde_json::from_slice(&body).unwrap_or(Value::Null);
        Answer { status, headers, json }
    }

    pub(crate) async fn post(&self, body: impl Into<Body>) -> Answer {
        let request = Request::post("/graphql").header("content-type", "application/json");
        self.send(request.body(body.into()).unwrap()).await
    }

    pub(crate) async fn ask_with(&self, query: &str, variables: Value) -> Answer {
        self.post(json!({ "query": query, "variables": variables }).to_string()).await
    }

    /// The `data` of a query that must succeed.
    pub(crate) async fn ask(&self, query: &str) -> Value {
        let answer = self.ask_with(query, json!({})).await;
        assert_eq!(answer.json.get("errors"), None, "{query}");
        assert_eq!(answer.status, StatusCode::OK);
        answer.json["data"].clone()
    }

    /// The category and the message of the first error of a query that must fail.
    pub(crate) async fn refused(&self, query: &str) -> (String, String) {
        let answer = self.ask_with(query, json!({})).await;
        let error = &answer.json["errors"][0];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (text(&error["extensions"]["category"]), text(&error["message"]))
    }
}
