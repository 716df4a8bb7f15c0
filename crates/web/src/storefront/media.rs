//! Pictures, from the media store to the browser.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use commerce::media::{MediaKey, PictureFormat};
use shop::media::FindPictureError;

use crate::app::App;

pub fn routes() -> Router<App> {
    Router::new().route("/media/{*key}", get(picture))
}

/// A picture's address changes with its content, so a copy is good for ever.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

async fn picture(State(app): State<App>, Path(key): Path<String>, request: HeaderMap) -> Response {
    let Some(key) = MediaKey::new(key) else { return StatusCode::NOT_FOUND.into_response() };
    if request.contains_key(header::IF_NONE_MATCH) {
        return (StatusCode::NOT_MODIFIED, [(header::CACHE_CONTROL, FOR_EVER)]).into_response();
    }
    match shop::media::find(&app.shop, &key).await {
        Ok(Some((bytes, format))) => {
            let kind = match format {
                PictureFormat::Jpeg => "image/jpeg",
                PictureFormat::Png => "image/png",
                PictureFormat::Webp => "image/webp",
            };
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
                (header::CACHE_CONTROL, FOR_EVER),
                (header::ETAG, HeaderValue::from_static("\"immutable\"")),
            ];
            (headers, bytes).into_response()
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(FindPictureError::Busy) => {
            (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "5")]).into_response()
        }
        Err(error) => {
            let error = shop::logged(&error);
            tracing::warn!(key = key.as_str(), error, "a picture cannot be had");
            (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "5")]).into_response()
        }
    }
}
