//! Style sheet, script and pictures of the storefront, embedded and served with no build step.
//!
//! A file's URL contains a hash of its content, so browsers may keep it for ever: a changed file
//! has another URL.

use std::{
    collections::HashMap,
    io::Write,
    sync::{Arc, OnceLock},
};

use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use bytes::Bytes;
use include_dir::{Dir, include_dir};
use sha2::{Digest, Sha256};

static STOREFRONT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../assets/storefront");
static ADMIN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../assets/admin");

/// A year, the longest that caches honour.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// For a URL of another version of the file, asked of us while instances are replaced.
const BRIEFLY: HeaderValue = HeaderValue::from_static("public, max-age=60");

/// The embedded files by their path under `assets/storefront`; those of the back office begin
/// with `admin/`. Cheap to clone.
#[derive(Clone)]
pub struct Assets(Arc<HashMap<String, Asset>>);

struct Asset {
    hash: String,
    kind: &'static str,
    identity: Bytes,
    brotli: OnceLock<Bytes>,
    gzip: OnceLock<Bytes>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Brotli,
    Gzip,
    Identity,
}

impl Assets {
    #[must_use]
    pub fn embedded() -> Self {
        let mut assets = HashMap::new();
        collect(&STOREFRONT, "", &mut assets);
        collect(&ADMIN, "admin/", &mut assets);
        Self(Arc::new(assets))
    }

    /// The URL of a file; `None` when there is no such file.
    #[must_use]
    pub fn url(&self, path: &str) -> Option<String> {
        self.0.get(path).map(|asset| format!("/assets/{}/{path}", asset.hash))
    }

    /// Every file's path and bytes, for a copy on disk.
    pub fn files(&self) -> impl Iterator<Item = (&str, &Bytes)> {
        self.0.iter().map(|(path, asset)| (path.as_str(), &asset.identity))
    }

    /// Serves `/assets/{hash}/{*path}`.
    pub fn routes<S: Clone + Send + Sync + 'static>(self) -> Router<S> {
        Router::new().route("/assets/{hash}/{*path}", get(serve)).with_state(self)
    }
}

fn collect(dir: &'static Dir<'_>, prefix: &str, assets: &mut HashMap<String, Asset>) {
    for file in dir.files() {
        let path = format!("{prefix}{}", file.path().to_string_lossy().replace('\\', "/"));
        let kind = kind_of(&path);
        let identity = Bytes::from_static(file.contents());
        let digest = Sha256::digest(&identity);
        let hash =
            digest.iter().take(6).fold(String::new(), |hash, byte| hash + &format!("{byte:02x}"));
        let (brotli, gzip) = (OnceLock::new(), OnceLock::new());
        assets.insert(path, Asset { hash, kind, identity, brotli, gzip });
    }
    for folder in dir.dirs() {
        collect(folder, prefix, assets);
    }
}

async fn serve(
    State(assets): State<Assets>,
    Path((hash, path)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let Some(asset) = assets.0.get(&path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let etag = format!("\"{}\"", asset.hash);
    let known =
        headers.get(header::IF_NONE_MATCH).is_some_and(|tag| tag.as_bytes() == etag.as_bytes());
    let lifetime = if hash == asset.hash { FOR_EVER } else { BRIEFLY };
    let mut answer = HeaderMap::new();
    answer.insert(header::CACHE_CONTROL, lifetime);
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.kind));
    answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    answer.insert(
        HeaderName::from_static("x-content-type-options"),
        HeaderValue::from_static("nosniff"),
    );
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        answer.insert(header::ETAG, etag);
    }
    if known {
        return (StatusCode::NOT_MODIFIED, answer).into_response();
    }
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let encoding = if is_text(asset.kind) { negotiate(accepted) } else { Encoding::Identity };
    let body = match encoding {
        Encoding::Identity => asset.identity.clone(),
        Encoding::Brotli => {
            answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
            asset.brotli.get_or_init(|| brotli(&asset.identity)).clone()
        }
        Encoding::Gzip => {
            answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            asset.gzip.get_or_init(|| gzip(&asset.identity)).clone()
        }
    };
    (answer, body).into_response()
}

/// Chooses the smallest encoding that the browser takes; `q=0` refuses one.
fn negotiate(accepted: Option<&str>) -> Encoding {
    let takes = |name: &str| {
        accepted.unwrap_or_default().split(',').any(|offer| {
            let (coding, weight) = offer.split_once(';').unwrap_or((offer, ""));
            let refused = matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000");
            coding.trim().eq_ignore_ascii_case(name) && !refused
        })
    };
    if takes("br") {
        Encoding::Brotli
    } else if takes("gzip") {
        Encoding::Gzip
    } else {
        Encoding::Identity
    }
}

fn brotli(bytes: &[u8]) -> Bytes {
    let params = brotli::enc::BrotliEncoderParams { quality: 11, ..Default::default() };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut compressed, &params)
        .expect("memory can always be written");
    compressed.into()
}

fn gzip(bytes: &[u8]) -> Bytes {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("memory can always be written");
    encoder.finish().expect("memory can always be written").into()
}

fn kind_of(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("webp") => "image/webp",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

fn is_text(kind: &str) -> bool {
    kind.starts_with("text/") || kind.ends_with("+xml") || kind.ends_with("+json")
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, http::Request};
    use tower::ServiceExt;

    use super::*;

    async fn get_css(hash: Option<&str>, headers: &[(HeaderName, &str)]) -> Response {
        let assets = Assets::embedded();
        let url = assets.url("css/shop.css").unwrap();
        let url = match hash {
            Some(hash) => format!("/assets/{hash}/css/shop.css"),
            None => url,
        };
        let mut request = Request::get(url);
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        assets.routes().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    #[tokio::test]
    async fn a_file_may_be_kept_for_ever_under_its_own_hash_only() {
        let current = get_css(None, &[]).await;
        assert_eq!(current.headers()[header::CACHE_CONTROL], FOR_EVER);
        assert_eq!(current.headers()[header::CONTENT_TYPE], "text/css; charset=utf-8");

        let other_version = get_css(Some("000000000000"), &[]).await;
        assert_eq!(other_version.status(), StatusCode::OK);
        assert_eq!(other_version.headers()[header::CACHE_CONTROL], BRIEFLY);
    }

    #[tokio::test]
    async fn a_browser_gets_the_smallest_encoding_that_it_takes() {
        let encoding = async |accepted| {
            let answer = get_css(None, &[(header::ACCEPT_ENCODING, accepted)]).await;
            answer.headers().get(header::CONTENT_ENCODING).cloned()
        };
        assert_eq!(encoding("gzip, deflate, br").await.unwrap(), "br");
        assert_eq!(encoding("gzip, br;q=0").await.unwrap(), "gzip");
        assert_eq!(encoding("identity").await, None);
    }

    #[tokio::test]
    async fn a_file_that_the_browser_has_is_not_sent_again() {
        let first = get_css(None, &[]).await;
        let etag = first.headers()[header::ETAG].to_str().unwrap().to_owned();
        let second = get_css(None, &[(header::IF_NONE_MATCH, &etag)]).await;
        assert_eq!(second.status(), StatusCode::NOT_MODIFIED);
    }

    #[test]
    fn style_and_script_stay_within_their_budget() {
        let assets = Assets::embedded();
        let size = |path: &str| assets.0[path].identity.len();
        assert!(size("css/shop.css") <= 40 * 1024, "{}", size("css/shop.css"));
        assert!(size("js/shop.js") <= 15 * 1024, "{}", size("js/shop.js"));
    }
}
