//! The pages that customers see.

pub mod cache;
pub mod cards;
pub mod cart;
pub mod catalog;
pub mod checkout;
pub mod contact;
pub mod content;
pub mod customer;
pub mod failure;
pub mod field;
pub mod former;
pub mod listing;
pub mod media;
pub mod order;
pub mod page;
pub mod product;
pub mod session;
pub mod site;
pub mod totals;
pub mod view;
pub mod withdrawal;

use axum::Router;

use crate::app::App;

/// Every page that is there in each language.
pub fn routes() -> Router<App> {
    Router::new()
        .merge(catalog::routes())
        .merge(content::routes())
        .merge(cart::routes())
        .merge(session::routes())
        .merge(checkout::routes())
        .merge(order::routes())
        .merge(customer::routes())
        .merge(contact::routes())
        .merge(withdrawal::routes())
}
