//! Magento's contract: what storefronts and integrations written for Magento Open Source 2.4.8 ask.
//!
//! `graphql` answers at `/graphql`. The SDL in `schema/` is the source: it is parsed when the
//! executable starts, the merchant's attributes are added to it, and each request is validated
//! against it. Resolvers translate between Magento's words and the shop's and hold no rules.
//!
//! `api` may use `shop`, `search` and `commerce`; it never sees a row.

mod graphql;
mod kept;

pub use graphql::{ClientAddress, router};
