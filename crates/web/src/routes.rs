//! The whole table of addresses.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::middleware;

use crate::admin;
use crate::app::App;
use crate::guard;
use crate::storefront::failure::Failure;
use crate::storefront::{self, content, media};
use crate::visit::Visit;

/// The storefront: French at the root, English under `/en`.
pub fn router(app: App) -> Router {
    let pages = storefront::routes();
    Router::new()
        .merge(pages.clone())
        .nest("/en", pages)
        .nest("/admin", admin::routes())
        .merge(content::root_routes())
        .merge(media::routes())
        .merge(app.assets.clone().routes())
        .fallback(not_found)
        .method_not_allowed_fallback(not_allowed)
        .layer(middleware::from_fn(guard::headers))
        .with_state(app)
}

async fn not_found(State(app): State<App>, visit: Visit) -> Failure {
    Failure::not_found(&app, &visit)
}

async fn not_allowed(State(app): State<App>, visit: Visit) -> Failure {
    Failure::refused(&app, &visit, StatusCode::METHOD_NOT_ALLOWED)
}
