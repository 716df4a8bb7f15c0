//! The whole table of addresses.

use axum::Router;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{Method, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};

use crate::admin;
use crate::app::App;
use crate::guard;
use crate::storefront::failure::Failure;
use crate::storefront::{self, content, former, media};
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
        .layer(middleware::from_fn_with_state(app.clone(), attend))
        .with_state(app)
}

/// One layer for all that every request needs: each costs copies of all that lies below it.
async fn attend(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = address(&app, request, next).await;
    guard::protect(response.headers_mut());
    response
}

/// Refuses an address that is no text, and leads on from one that ends with a slash.
async fn address(app: &App, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path.contains('%') && percent_encoding::percent_decode_str(path).decode_utf8().is_err() {
        let (mut parts, _) = request.into_parts();
        let visit = match Visit::from_request_parts(&mut parts, app).await {
            Ok(visit) => visit,
            Err(never) => match never {},
        };
        return Failure::refused(app, &visit, StatusCode::BAD_REQUEST).into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    if let Some(bare) = without_slash(request.uri()) {
        return (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, bare)]).into_response();
    }
    let uri = request.uri().clone();
    let response = next.run(request).await;
    if response.status() != StatusCode::NOT_FOUND {
        return response;
    }
    match (former::find(app, &uri).await, response.extensions().get::<Visit>()) {
        (Ok(Some(moved)), _) => moved,
        (Err(error), Some(visit)) => Failure::db(app, visit, &error).into_response(),
        (Ok(None) | Err(_), _) => response,
    }
}

/// The address without the slash at its end. It begins with one slash and holds no backslash, so
/// that no browser takes it for the address of another site.
fn without_slash(uri: &Uri) -> Option<String> {
    let path = uri.path();
    if path == "/" || !path.ends_with('/') || path.contains('\\') {
        return None;
    }
    let bare = format!("/{}", path.trim_matches('/'));
    Some(uri.query().map_or_else(|| bare.clone(), |query| format!("{bare}?{query}")))
}

async fn not_found(State(app): State<App>, visit: Visit) -> Failure {
    Failure::not_found(&app, &visit)
}

async fn not_allowed(State(app): State<App>, visit: Visit) -> Failure {
    Failure::refused(&app, &visit, StatusCode::METHOD_NOT_ALLOWED)
}
