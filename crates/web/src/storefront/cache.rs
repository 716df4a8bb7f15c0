//! Pages that are the same for everybody, kept ready to send.
//!
//! A page is kept with the version of what it was made from, and made again when it is asked for
//! after that has changed: a product's page when the product does, a list when what it shows does.
//! One whose bytes come out the same keeps its `ETag`, so browsers and the CDN keep their copies.

use std::io::Write;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use moka::sync::Cache;
use sha2::{Digest, Sha256};

/// The version of all that a page was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    pub settings: u64,
    pub structure: u64,
    /// Of the products that the page shows.
    pub products: u64,
}

/// Rendered pages by their address, language included.
pub struct Pages(Cache<String, Arc<Kept>>);

struct Kept {
    version: Version,
    status: StatusCode,
    content_type: &'static str,
    etag: HeaderValue,
    identity: Bytes,
    brotli: OnceLock<Bytes>,
    gzip: OnceLock<Bytes>,
}

/// The most memory that pages may take, in bytes.
const CAPACITY: u64 = 96 << 20;
/// Longer addresses are served, and not kept.
const MAX_KEY: usize = 300;

impl Default for Pages {
    fn default() -> Self {
        let weigh = |key: &String, page: &Arc<Kept>| {
            u32::try_from(key.len() + page.identity.len() * 3 / 2).unwrap_or(u32::MAX)
        };
        let cache = Cache::builder()
            .max_capacity(CAPACITY)
            .weigher(weigh)
            .time_to_live(Duration::from_mins(10))
            .build();
        Self(cache)
    }
}

impl Pages {
    /// Sends the page that is kept under `key`, or makes it.
    pub fn serve<E>(
        &self,
        key: &str,
        version: Version,
        request: &HeaderMap,
        content_type: &'static str,
        make: impl FnOnce() -> Result<(StatusCode, String), E>,
    ) -> Result<Response, E> {
        let known = self.0.get(key).filter(|kept| kept.version == version);
        metrics::counter!("greenleaf_page_cache_total", "hit" => if known.is_some() { "yes" } else { "no" })
            .increment(1);
        let is_first = known.is_none();
        let kept = match known {
            Some(kept) => kept,
            None => {
                let (status, body) = make()?;
                let kept = Arc::new(Kept::new(version, status, content_type, body));
                if key.len() <= MAX_KEY {
                    self.0.insert(key.to_owned(), Arc::clone(&kept));
                }
                kept
            }
        };
        Ok(kept.send(request, is_first))
    }
}

impl Kept {
    fn new(version: Version, status: StatusCode, content_type: &'static str, body: String) -> Self {
        let digest = Sha256::digest(body.as_bytes());
        let etag =
            digest[..12].iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        Self {
            version,
            status,
            content_type,
            etag: HeaderValue::try_from(format!("W/\"{etag}\"")).expect("hexadecimal digits"),
            identity: body.into(),
            brotli: OnceLock::new(),
            gzip: OnceLock::new(),
        }
    }

    /// Most pages of filtered lists are asked for once and never again, so the first answer is
    /// packed in a hurry, and packed well only when somebody comes back for it.
    fn send(&self, request: &HeaderMap, is_first: bool) -> Response {
        let text = |name| request.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        // Room also for what is added on the way out, so that the map never grows.
        let mut headers = HeaderMap::with_capacity(24);
        headers.insert(header::ETAG, self.etag.clone());
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        let is_known = text(header::IF_NONE_MATCH).is_some_and(|tags| {
            tags.split(',').any(|tag| tag.trim().as_bytes() == self.etag.as_bytes())
        });
        if is_known && self.status == StatusCode::OK {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        let accepted = text(header::ACCEPT_ENCODING).unwrap_or_default();
        let body = if is_first && accepted.contains("gzip") {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            gzip(&self.identity, flate2::Compression::fast())
        } else if accepted.contains("br") {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
            self.brotli.get_or_init(|| brotli(&self.identity)).clone()
        } else if accepted.contains("gzip") {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            self.gzip.get_or_init(|| gzip(&self.identity, flate2::Compression::new(5))).clone()
        } else {
            self.identity.clone()
        };
        (self.status, headers, body).into_response()
    }
}

/// Quality 5 costs half a millisecond a page and saves nine tenths of its bytes. A window of 256
/// KB holds any page; the usual one of 4 MB takes a third longer, to be cleared.
fn brotli(body: &Bytes) -> Bytes {
    let params = brotli::enc::BrotliEncoderParams {
        quality: 5,
        lgwin: 18,
        size_hint: body.len(),
        ..Default::default()
    };
    let mut packed = Vec::with_capacity(body.len() / 6);
    match brotli::BrotliCompress(&mut body.as_ref(), &mut packed, &params) {
        Ok(_) => packed.into(),
        Err(error) => unreachable!("memory does not fail to be written: {error}"),
    }
}

fn gzip(body: &Bytes, level: flate2::Compression) -> Bytes {
    let packed = Vec::with_capacity(body.len() / 6);
    let mut encoder = flate2::write::GzEncoder::new(packed, level);
    let packed = encoder.write_all(body).and_then(|()| encoder.finish());
    packed.expect("memory does not fail to be written").into()
}
