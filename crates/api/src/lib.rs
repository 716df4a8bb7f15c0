//! Magento's contract: what storefronts and integrations written for Magento Open Source 2.4.8 ask.
//!
//! `graphql` answers at `/graphql`. The SDL in `schema/` is the source: it is parsed when the
//! executable starts, the merchant's attributes are added to it, and each request is validated
//! against it. Resolvers translate between Magento's words and the shop's and hold no rules.
//!
//! `api` may use `shop`, `search` and `commerce`; it never sees a row.

mod graphql;
mod media;

use axum::Router;
pub use graphql::ClientAddress;
use shop::Shop;

/// Magento's addresses.
pub fn router(shop: Shop) -> Router {
    media::routes().with_state(shop.clone()).merge(graphql::routes(shop))
}
