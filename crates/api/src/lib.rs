//! Magento's contract: what storefronts and integrations written for Magento Open Source 2.4.8 ask.
//!
//! `rest` answers at `/rest/…/V1`: one table has every route with who may ask it and the types it
//! reads and writes, and its OpenAPI document is made from that.
//!
//! `graphql` answers at `/graphql`. The SDL in `schema/` is the source: it is parsed when the
//! executable starts, the merchant's attributes are added to it, and each request is validated
//! against it. Resolvers translate between Magento's words and the shop's and hold no rules.
//!
//! `api` may use `shop`, `search` and `commerce`; it never sees a row.

mod client;
mod graphql;
mod idempotency;
mod media;
mod rest;

use std::sync::Arc;

use axum::Router;
pub use client::ClientAddress;
pub use rest::Operations;
use shop::Shop;

/// Magento's addresses.
pub fn router(shop: Shop) -> Router {
    let guard = Arc::default();
    media::routes()
        .with_state(shop.clone())
        .merge(rest::routes(shop.clone(), Arc::clone(&guard)))
        .merge(graphql::routes(shop, guard))
}
