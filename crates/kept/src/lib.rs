//! Answers that are the same for everybody, kept ready to send.
//!
//! An answer is kept with the version of what it was made from, and made again when it is asked for
//! after that has changed. One whose bytes come out the same keeps its `ETag`, so browsers and the
//! CDN keep their copies. It is kept under its whole key: a hash alone could give one question's
//! answer to another.

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use flate2::Compression;
use moka::sync::Cache;
use sha2::{Digest, Sha256};

/// Kept answers; `V` is the version of what one was made from.
pub struct Answers<V> {
    cache: Cache<String, Arc<Kept<V>>>,
    counter: &'static str,
}

/// Answers to longer keys are sent, and not kept.
const MAX_KEY: usize = 16 << 10;
/// Shorter answers are sent as they are.
const MIN_PACKED: usize = 1_024;

impl<V: Send + Sync + 'static> Answers<V> {
    /// `capacity` is the most memory that answers may take, in bytes; `counter` the metric that
    /// counts what was found and what was not.
    pub fn new(capacity: u64, counter: &'static str) -> Self {
        let weigh = |key: &String, kept: &Arc<Kept<V>>| {
            u32::try_from(key.len() + kept.identity.len() * 3 / 2).unwrap_or(u32::MAX)
        };
        let cache = Cache::builder()
            .max_capacity(capacity)
            .weigher(weigh)
            .time_to_live(Duration::from_mins(10))
            .build();
        Self { cache, counter }
    }

    /// The answer that is kept under `key`, if it was made from this version.
    pub fn find(&self, key: &str, version: &V) -> Option<Arc<Kept<V>>>
    where
        V: PartialEq,
    {
        self.find_good(key, |known| known == version)
    }

    /// The answer that is kept under `key`, if what it was made from is still good.
    pub fn find_good(&self, key: &str, is_good: impl FnOnce(&V) -> bool) -> Option<Arc<Kept<V>>> {
        let known = self.cache.get(key).filter(|kept| is_good(&kept.version));
        let hit = if known.is_some() { "yes" } else { "no" };
        metrics::counter!(self.counter, "hit" => hit).increment(1);
        known
    }

    /// Keeps an answer.
    pub fn keep(&self, key: String, version: V, answer: Answer) -> Arc<Kept<V>> {
        let Answer { status, content_type, body } = answer;
        let kept = Arc::new(Kept {
            version,
            status,
            content_type,
            identity: body,
            is_sent: AtomicBool::new(false),
            etag: OnceLock::new(),
            brotli: OnceLock::new(),
            gzip: OnceLock::new(),
        });
        if key.len() <= MAX_KEY {
            self.cache.insert(key, Arc::clone(&kept));
        }
        kept
    }
}

/// An answer to be kept.
pub struct Answer {
    pub status: StatusCode,
    pub content_type: &'static str,
    pub body: Bytes,
}

/// One answer in the encodings that were asked for.
pub struct Kept<V> {
    version: V,
    status: StatusCode,
    content_type: &'static str,
    identity: Bytes,
    is_sent: AtomicBool,
    etag: OnceLock<HeaderValue>,
    brotli: OnceLock<Bytes>,
    gzip: OnceLock<Bytes>,
}

impl<V> Kept<V> {
    pub fn made_from(&self) -> &V {
        &self.version
    }

    /// Answers a `GET`: whoever passes it on may keep it, and asks whether it is still the same.
    pub fn send(&self, request: &HeaderMap, vary: &'static str) -> Response {
        let mut headers = room();
        let etag = self.etag.get_or_init(|| etag(&self.identity));
        headers.insert(header::ETAG, etag.clone());
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
        headers.insert(header::VARY, HeaderValue::from_static(vary));
        let is_known = text(request, header::IF_NONE_MATCH)
            .split(',')
            .any(|known| known.trim().as_bytes() == etag.as_bytes());
        if is_known && self.status == StatusCode::OK {
            return answer(StatusCode::NOT_MODIFIED, headers, Body::empty());
        }
        self.packed(request, headers)
    }

    /// Answers a `POST`, which nobody on the way can keep.
    pub fn send_once(&self, request: &HeaderMap, vary: &'static str) -> Response {
        let mut headers = room();
        headers.insert(header::VARY, HeaderValue::from_static(vary));
        self.packed(request, headers)
    }

    /// Most pages of filtered lists are asked for once and never again, so the first answer is
    /// packed in a hurry, and packed well only when somebody comes back for it.
    fn packed(&self, request: &HeaderMap, mut headers: HeaderMap) -> Response {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        let accepted = text(request, header::ACCEPT_ENCODING);
        let is_small = self.identity.len() < MIN_PACKED;
        let is_first = !self.is_sent.swap(true, Ordering::Relaxed);
        let (encoding, body) = if is_small {
            (None, self.identity.clone())
        } else if is_first && accepted.contains("gzip") {
            (Some("gzip"), gzip(&self.identity, Compression::fast()))
        } else if accepted.contains("br") {
            (Some("br"), self.brotli.get_or_init(|| brotli(&self.identity)).clone())
        } else if accepted.contains("gzip") {
            let gzip = self.gzip.get_or_init(|| gzip(&self.identity, Compression::new(5)));
            (Some("gzip"), gzip.clone())
        } else {
            (None, self.identity.clone())
        };
        if let Some(encoding) = encoding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        answer(self.status, headers, body.into())
    }
}

/// Put together by hand: as parts, the headers would be copied into another map, one by one.
fn answer(status: StatusCode, headers: HeaderMap, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

/// Room also for what is added on the way out, so that the map never grows.
fn room() -> HeaderMap {
    HeaderMap::with_capacity(24)
}

fn text(request: &HeaderMap, name: header::HeaderName) -> &str {
    request.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn etag(body: &Bytes) -> HeaderValue {
    let digest = Sha256::digest(body);
    let hex = digest[..12].iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    HeaderValue::try_from(format!("W/\"{hex}\"")).expect("hexadecimal digits")
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

fn gzip(body: &Bytes, level: Compression) -> Bytes {
    let packed = Vec::with_capacity(body.len() / 6);
    let mut encoder = flate2::write::GzEncoder::new(packed, level);
    let packed = encoder.write_all(body).and_then(|()| encoder.finish());
    packed.expect("memory does not fail to be written").into()
}
