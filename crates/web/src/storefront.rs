//! The pages that customers see.

pub mod cache;
pub mod catalog;
pub mod content;
pub mod failure;
pub mod listing;
pub mod markdown;
pub mod media;
pub mod page;
pub mod product;
pub mod site;
pub mod view;

use axum::Router;

use crate::app::App;

/// Every page that is there in each language.
pub fn routes() -> Router<App> {
    Router::new().merge(catalog::routes()).merge(content::routes())
}
