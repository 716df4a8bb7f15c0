//! Pictures of products, where Magento has them: clients build these addresses themselves.

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use commerce::media::{MediaKey, PictureFormat, RENDITION_WIDTHS};
use shop::Shop;
use shop::media::{FindPictureError, find, rendition};
use shop::ports::RenditionFormat;

pub(crate) fn routes() -> Router<Shop> {
    Router::new().route("/media/catalog/product/{*key}", get(picture))
}

/// What clients add to an address: `?auto=webp&format=pjpg&width=640`.
#[derive(serde::Deserialize)]
struct Wish {
    auto: Option<String>,
    width: Option<String>,
}

impl Wish {
    /// The rendition that is at least as wide as is wished, or the widest.
    fn width(&self) -> u32 {
        let widest = RENDITION_WIDTHS.into_iter().max().unwrap_or_default();
        let wished = self.width.as_deref().and_then(|width| width.parse().ok()).unwrap_or(widest);
        RENDITION_WIDTHS.into_iter().find(|&width| width >= wished).unwrap_or(widest)
    }
}

async fn picture(
    State(shop): State<Shop>,
    Path(key): Path<String>,
    Query(wish): Query<Wish>,
    request: HeaderMap,
) -> Response {
    let Some(key) = MediaKey::new(key) else { return StatusCode::NOT_FOUND.into_response() };
    let accepts = request.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    let is_webp = wish.auto.as_deref() == Some("webp")
        && accepts.is_some_and(|accept| accept.contains("image/webp"));
    let format = if is_webp { RenditionFormat::Webp } else { RenditionFormat::Jpeg };
    match found(&shop, &key, wish.width(), format).await {
        Ok(Some((bytes, format))) => {
            let kind = match format {
                PictureFormat::Jpeg => "image/jpeg",
                PictureFormat::Png => "image/png",
                PictureFormat::Webp => "image/webp",
            };
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
                (header::VARY, HeaderValue::from_static("accept")),
                // The address changes with the content.
                (
                    header::CACHE_CONTROL,
                    HeaderValue::from_static("public, max-age=31536000, immutable"),
                ),
            ];
            (headers, bytes).into_response()
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            let error = shop::logged(&error);
            tracing::warn!(key = key.as_str(), error, "a picture cannot be had");
            (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "5")]).into_response()
        }
    }
}

/// A rendition, or the original of a picture that is too small to be rendered so wide.
async fn found(
    shop: &Shop,
    key: &MediaKey,
    width: u32,
    format: RenditionFormat,
) -> Result<Option<(axum::body::Bytes, PictureFormat)>, FindPictureError> {
    match find(shop, &rendition(key, width, format)).await? {
        Some(found) => Ok(Some(found)),
        None => find(shop, key).await,
    }
}
