//! `Idempotency-Key`: a change that is asked for again is answered as before and not made again.
//!
//! After draft-ietf-httpapi-idempotency-key-header. Without the header nothing is looked up.

use std::panic::resume_unwind;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use commerce::customer::CustomerId;
use futures::future::BoxFuture;
use serde_json::json;
use sha2::{Digest, Sha256};
use shop::idempotency::{Answer, Begun, Keyed};
use shop::{DbError, Shop};
use tracing::Instrument as _;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Who is not logged in.
pub(crate) const GUEST: &str = "guest";

pub(crate) fn of_customer(customer: CustomerId) -> String {
    format!("customer {}", customer.0)
}

const MAX_KEY: usize = 255;
/// All guests are one caller: what they use as keys must be hard to guess.
const MIN_KEY_OF_GUESTS: usize = 16;
/// The longest answer that is kept, in bytes.
const MAX_KEPT: usize = 1 << 20;
/// Seconds after which asking again makes sense while the first request is running.
pub(crate) const RETRY_AFTER: HeaderValue = HeaderValue::from_static("1");

/// A key, as the client gave it.
pub(crate) struct Key(String);

/// Why a request with a key was not run.
#[derive(Debug)]
pub(crate) enum Unanswered {
    BadKey(&'static str),
    Running,
    AnotherRequest,
    Db(DbError),
}

impl From<DbError> for Unanswered {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}

impl Key {
    /// Reads the header, between quotes as the draft writes it or without, as most clients do.
    pub(crate) fn read(headers: &HeaderMap) -> Result<Option<Self>, Unanswered> {
        let mut values = headers.get_all(&KEY).iter();
        let Some(value) = values.next() else { return Ok(None) };
        if values.next().is_some() {
            return Err(Unanswered::BadKey("A request has one Idempotency-Key."));
        }
        let text = value.to_str().unwrap_or_default().trim();
        let inside = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        let key = inside.unwrap_or(text);
        let is_plain = |b: u8| b.is_ascii_graphic() && b != b'"' && b != b'\\';
        if key.is_empty() || key.len() > MAX_KEY || !key.bytes().all(is_plain) {
            return Err(Unanswered::BadKey(
                "An Idempotency-Key has 1 to 255 letters, digits and signs of ASCII.",
            ));
        }
        Ok(Some(Self(key.to_owned())))
    }
}

/// Runs on to its end where the client gave a key, even if the client goes away: it may come back
/// for the answer.
pub(crate) async fn see_through(
    has_key: bool,
    answering: BoxFuture<'static, Response>,
) -> Response {
    if !has_key {
        return answering.await;
    }
    match tokio::spawn(answering.in_current_span()).await {
        Ok(response) => response,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        },
    }
}

pub(crate) fn has_key(headers: &HeaderMap) -> bool {
    headers.contains_key(KEY)
}

fn fingerprint(parts: &[&[u8]]) -> [u8; 32] {
    let digest = parts.iter().fold(Sha256::new(), |digest, part| {
        digest.chain_update(part.len().to_be_bytes()).chain_update(part)
    });
    digest.finalize().into()
}

/// Answers a request that has not been answered before, or as it was.
///
/// `parts` are what makes it what it is. `run` tells beside the response whether that is the last
/// word; otherwise the request may be tried again.
pub(crate) async fn once(
    shop: &Shop,
    caller: &str,
    key: &Key,
    parts: &[&[u8]],
    run: impl Future<Output = (Response, bool)>,
) -> Result<Response, Unanswered> {
    if caller == GUEST && key.0.len() < MIN_KEY_OF_GUESTS {
        return Err(Unanswered::BadKey(
            "Without a login an Idempotency-Key has 16 characters at least, such as those of a UUID.",
        ));
    }
    let keyed = Keyed { caller, key: &key.0, fingerprint: fingerprint(parts) };
    let claim = match shop::idempotency::begin(shop, keyed).await? {
        Begun::New(claim) => claim,
        Begun::Answered(answer) => return Ok(again(answer)),
        Begun::Running => return Err(Unanswered::Running),
        Begun::AnotherRequest => return Err(Unanswered::AnotherRequest),
    };
    let (response, is_final) = run.await;
    let (head, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let settled = if is_final {
        let answer = if body.len() > MAX_KEPT { too_long() } else { body.to_vec() };
        let answer = Answer { status: head.status.as_u16(), body: answer };
        shop::idempotency::finish(shop, &claim, &answer).await
    } else {
        shop::idempotency::give_back(shop, &claim).await
    };
    if let Err(error) = settled {
        tracing::warn!(error = shop::logged(&error), "an answer is not kept");
    }
    Ok(Response::from_parts(head, Body::from(body)))
}

/// Stands for an answer that is too long to be kept: that the request was run is what counts.
fn too_long() -> Vec<u8> {
    let message = "The request was run. Its answer was too long to be kept.";
    json!({ "message": message, "errors": [{ "message": message }] }).to_string().into_bytes()
}

fn again(answer: Answer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (status, headers, answer.body).into_response()
}

impl Unanswered {
    /// The status and the sentence of a refusal; an error of the database has its own.
    pub(crate) fn said(self) -> Result<(StatusCode, &'static str), DbError> {
        Ok(match self {
            Self::BadKey(message) => (StatusCode::BAD_REQUEST, message),
            Self::Running => {
                (StatusCode::CONFLICT, "A request with this Idempotency-Key is still running.")
            }
            Self::AnotherRequest => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "This Idempotency-Key was used for another request.",
            ),
            Self::Db(error) => return Err(error),
        })
    }
}
