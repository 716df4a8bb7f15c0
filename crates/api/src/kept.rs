//! Answers that are the same for everybody, kept ready to send.
//!
//! An answer is kept with the version of what it was made from, under its whole key: a hash alone
//! could give one question's answer to another.

use std::io::Write;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use moka::sync::Cache;
use sha2::{Digest, Sha256};

/// What an answer was made from: the catalog, and settings and pages, by their versions.
pub(crate) type Version = (u64, u64);

pub(crate) struct Answers(Cache<String, Arc<Kept>>);

/// The most memory that answers may take, in bytes.
const CAPACITY: u64 = 64 << 20;
/// Answers to longer questions are not kept.
const MAX_KEY: usize = 16 << 10;
/// Shorter answers are sent as they are.
const MIN_PACKED: usize = 1_024;

impl Default for Answers {
    fn default() -> Self {
        let weigh = |key: &String, kept: &Arc<Kept>| {
            u32::try_from(key.len() + kept.identity.len() * 3 / 2).unwrap_or(u32::MAX)
        };
        let cache = Cache::builder()
            .max_capacity(CAPACITY)
            .weigher(weigh)
            .time_to_live(Duration::from_mins(10))
            .build();
        Self(cache)
    }
}

impl Answers {
    pub(crate) fn find(&self, key: &str, version: Version) -> Option<Arc<Kept>> {
        let known = self.0.get(key).filter(|kept| kept.version == version);
        let hit = if known.is_some() { "yes" } else { "no" };
        metrics::counter!("greenleaf_answer_cache_total", "hit" => hit).increment(1);
        known
    }

    pub(crate) fn keep(&self, key: String, version: Version, body: Vec<u8>) -> Arc<Kept> {
        let kept = Arc::new(Kept::new(version, body));
        if key.len() <= MAX_KEY {
            self.0.insert(key, Arc::clone(&kept));
        }
        kept
    }
}

/// One answer in the encodings that were asked for.
pub(crate) struct Kept {
    version: Version,
    etag: HeaderValue,
    identity: Bytes,
    brotli: OnceLock<Bytes>,
    gzip: OnceLock<Bytes>,
}

impl Kept {
    fn new(version: Version, body: Vec<u8>) -> Self {
        let digest = Sha256::digest(&body);
        let etag =
            digest[..12].iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        Self {
            version,
            etag: HeaderValue::try_from(format!("W/\"{etag}\"")).expect("hexadecimal digits"),
            identity: body.into(),
            brotli: OnceLock::new(),
            gzip: OnceLock::new(),
        }
    }

    /// Sends the answer. What came by `POST` cannot be kept by anybody on the way.
    pub(crate) fn send(&self, request: &HeaderMap, is_get: bool) -> Response {
        let text = |name| request.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let mut headers = HeaderMap::with_capacity(6);
        headers.insert(
            header::VARY,
            HeaderValue::from_static("accept-encoding, store, content-currency"),
        );
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if is_get {
            headers.insert(header::ETAG, self.etag.clone());
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
            let is_known = text(header::IF_NONE_MATCH).is_some_and(|tags| {
                tags.split(',').any(|tag| tag.trim().as_bytes() == self.etag.as_bytes())
            });
            if is_known {
                return (StatusCode::NOT_MODIFIED, headers).into_response();
            }
        }
        let accepted = text(header::ACCEPT_ENCODING).unwrap_or_default();
        let is_small = self.identity.len() < MIN_PACKED;
        let body = if !is_small && accepted.contains("br") {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
            self.brotli.get_or_init(|| brotli(&self.identity)).clone()
        } else if !is_small && accepted.contains("gzip") {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            self.gzip.get_or_init(|| gzip(&self.identity)).clone()
        } else {
            self.identity.clone()
        };
        (StatusCode::OK, headers, body).into_response()
    }
}

fn brotli(body: &Bytes) -> Bytes {
    let params = brotli::enc::BrotliEncoderParams { quality: 5, ..Default::default() };
    let mut packed = Vec::with_capacity(body.len() / 6);
    match brotli::BrotliCompress(&mut body.as_ref(), &mut packed, &params) {
        Ok(_) => packed.into(),
        Err(error) => unreachable!("memory does not fail to be written: {error}"),
    }
}

fn gzip(body: &Bytes) -> Bytes {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(5));
    let packed = encoder.write_all(body).and_then(|()| encoder.finish());
    packed.expect("memory does not fail to be written").into()
}
