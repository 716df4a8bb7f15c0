//! What stands before every handler: ids, overload, deadlines, panics, counting; and the
//! endpoints of operators.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use axum::extract::{ConnectInfo, DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use futures::FutureExt as _;
use metrics_exporter_prometheus::PrometheusHandle;
use tracing::Instrument as _;
use uuid::Uuid;

use crate::checks::Readiness;
use crate::config::Proxies;
use crate::otlp;
use crate::seats::Seats;
use crate::turns::Turns;

pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// A handler that is not done by then is stuck, and whoever asked has gone.
const TIME_LIMIT: Duration = Duration::from_secs(30);
/// Routes that take uploads set their own.
const BODY_LIMIT: usize = 1024 * 1024;
/// What is sent with a request is read before its turn comes, up to so many bytes.
const SMALL_BODY: usize = 64 * 1024;

/// What all requests share.
pub(crate) struct Front {
    pub proxies: Proxies,
    pub seats: Seats,
    pub turns: Turns,
    /// Set by the first signal: the load balancer should look elsewhere.
    pub is_draining: AtomicBool,
    pub metrics: PrometheusHandle,
    pub readiness: Arc<Readiness>,
}

/// Puts the shop's routes behind everything here.
pub(crate) fn router(routes: Router, front: &Arc<Front>) -> Router {
    let operations = Router::new()
        .route("/health", get(health))
        .route("/health.php", get(health))
        .route("/ready", get(ready))
        .route("/metrics", get(metrics_page))
        .layer(map_response(async |mut response: Response| {
            web::guard::protect(response.headers_mut());
            response
        }))
        .with_state(front.clone());
    routes.layer(from_fn_with_state(front.clone(), attend)).merge(operations)
}

/// Whether this instance should get requests. Asks nobody: a database that is away must not make
/// the load balancer replace every instance.
async fn health(State(front): State<Arc<Front>>) -> Response {
    let no_store = [(header::CACHE_CONTROL, "no-store")];
    if front.is_draining.load(Ordering::Relaxed) {
        return (StatusCode::SERVICE_UNAVAILABLE, no_store, "draining\n").into_response();
    }
    (no_store, "OK\n").into_response()
}

async fn ready(State(front): State<Arc<Front>>, request: Request) -> Response {
    let body = front.readiness.look(is_ours(&request)).await;
    let status = if body.ok { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

async fn metrics_page(State(front): State<Arc<Front>>, request: Request) -> Response {
    if !is_ours(&request) {
        return StatusCode::NOT_FOUND.into_response();
    }
    front.readiness.measure();
    if let Some(bytes) = resident_bytes() {
        metrics::gauge!("process_resident_memory_bytes").set(bytes);
    }
    let format = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    (format, front.metrics.render()).into_response()
}

/// The second number of `statm`, in pages of 4 KiB; nothing where there is no `/proc`.
fn resident_bytes() -> Option<f64> {
    let statm = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u32 = statm.split(' ').nth(1)?.parse().ok()?;
    #[expect(clippy::float_arithmetic, reason = "metrics are floats")]
    let bytes = f64::from(pages) * 4096.0;
    Some(bytes)
}

/// Whether somebody on our own network asks us directly. A load balancer is on our network too,
/// but says for whom it asks.
fn is_ours(request: &Request) -> bool {
    let is_forwarded = [FORWARDED_FOR, header::FORWARDED, header::VIA]
        .iter()
        .any(|name| request.headers().contains_key(name));
    !is_forwarded
        && match peer(request).to_canonical() {
            IpAddr::V4(v4) => v4.is_loopback() || v4.is_private() || v4.is_link_local(),
            IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local(),
        }
}

fn peer(request: &Request) -> IpAddr {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip())
}

/// The client's address: the last one in the chain that is none of our proxies.
///
/// What a client writes into these headers itself is not believed, and handlers do not see it.
fn client(peer: IpAddr, proxies: &Proxies, headers: &mut HeaderMap) -> IpAddr {
    headers.remove(header::FORWARDED);
    let mut client = peer;
    if proxies.has(peer) {
        let chain: Vec<IpAddr> = headers
            .get_all(&FORWARDED_FOR)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map_while(|address| address.trim().parse().ok())
            .collect();
        for address in chain.into_iter().rev() {
            client = address;
            if !proxies.has(address) {
                break;
            }
        }
    } else {
        headers.remove(&FORWARDED_PROTO);
    }
    headers.remove(&FORWARDED_FOR);
    client.to_canonical()
}

/// The id that came with the request, if a log can hold it, or a new one.
fn request_id(headers: &HeaderMap) -> String {
    let given = headers.get(&REQUEST_ID).and_then(|value| value.to_str().ok());
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    match given {
        Some(id) if (8..=64).contains(&id.len()) && id.bytes().all(is_letter) => id.to_owned(),
        _ => Uuid::now_v7().to_string(),
    }
}

async fn attend(State(front): State<Arc<Front>>, mut request: Request, next: Next) -> Response {
    let begin = Instant::now();
    DefaultBodyLimit::max(BODY_LIMIT).apply(&mut request);
    let id = request_id(request.headers());
    let peer = peer(&request);
    let client = client(peer, &front.proxies, request.headers_mut());
    crate::join::introduce(&mut request, client, &id);
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("unmatched", MatchedPath::as_str);
    let speech = Speech::of(request.uri().path());
    let trace = otlp::span(request.headers(), method_name(&method), route, &id);
    let span = tracing::error_span!(parent: &trace, "request", id);

    let answer = answer(&front, client, request, next, &id, speech).instrument(span.clone());
    let mut response = answer.instrument(trace.clone()).await;

    let headers = response.headers_mut();
    web::guard::protect(headers);
    headers.insert(REQUEST_ID, id.parse().expect("an id is made of visible letters"));
    if front.is_draining.load(Ordering::Relaxed) {
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    let (status, took) = (response.status(), begin.elapsed());
    otlp::note(&trace, status);
    metrics::histogram!(
        "http_request_seconds",
        "method" => method_name(&method),
        "route" => route.to_owned(),
        "status" => status.as_str().to_owned(),
    )
    .record(took);
    let _in_trace = trace.enter();
    span.in_scope(|| {
        let (method, ms, status) = (method_name(&method), took.as_millis(), status.as_u16());
        if status >= 500 {
            tracing::info!(method, route, status, ms, "a request failed");
        } else {
            tracing::debug!(method, route, status, ms, "a request");
        }
    });
    response
}

async fn answer(
    front: &Front,
    client: IpAddr,
    request: Request,
    next: Next,
    id: &str,
    speech: Speech,
) -> Response {
    let refusal = || {
        metrics::counter!("http_requests_refused_total").increment(1);
        speech.apology(StatusCode::SERVICE_UNAVAILABLE, id)
    };
    let Some(seat) = front.seats.take(client) else {
        return refusal();
    };
    let run = async {
        match with_small_body(request).await {
            Ok(request) => front.turns.take(next.run(request)).await.unwrap_or_else(refusal),
            Err(response) => response,
        }
    };
    let run = AssertUnwindSafe(run).catch_unwind();
    let response = match tokio::time::timeout(TIME_LIMIT, run).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => {
            // The panic hook has logged where, inside this request's span.
            metrics::counter!("http_request_panics_total").increment(1);
            speech.apology(StatusCode::INTERNAL_SERVER_ERROR, id)
        }
        Err(_) => speech.apology(StatusCode::GATEWAY_TIMEOUT, id),
    };
    drop(seat);
    response
}

/// Reads what is sent with a request, if it is small: the work on it should then not have to wait
/// for the network in the middle of its turn.
async fn with_small_body(request: Request) -> Result<Request, Response> {
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|value| value.to_str().ok()?.parse().ok());
    if !length.is_some_and(|length: usize| length > 0 && length <= SMALL_BODY) {
        return Ok(request);
    }
    let (head, body) = request.into_parts();
    match axum::body::to_bytes(body, SMALL_BODY).await {
        Ok(bytes) => Ok(Request::from_parts(head, bytes.into())),
        // Whoever sent it went away before the end.
        Err(_) => Err(StatusCode::BAD_REQUEST.into_response()),
    }
}

/// Any client may invent methods; series are made of those we know.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// In what form the client expects bad news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Speech {
    Page,
    GraphQl,
    Rest,
}

impl Speech {
    fn of(path: &str) -> Self {
        if path == "/graphql" {
            Self::GraphQl
        } else if path.starts_with("/rest/") {
            Self::Rest
        } else {
            Self::Page
        }
    }

    /// A page that needs neither templates nor the shop, for when these are what failed.
    fn apology(self, status: StatusCode, id: &str) -> Response {
        let (title, french, english) = if status == StatusCode::INTERNAL_SERVER_ERROR {
            (
                "Une erreur est survenue",
                "L’erreur est enregistrée. Réessayez, ou donnez-nous ce numéro si elle se répète.",
                "Something went wrong and was recorded. Please try again, or give us this number.",
            )
        } else {
            (
                "La boutique est très demandée",
                "Réessayez dans quelques secondes.",
                "The shop is busy. Please try again in a few seconds.",
            )
        };
        let mut response = match self {
            Self::GraphQl => {
                let extensions = serde_json::json!({ "category": "internal", "request_id": id });
                let error = serde_json::json!({ "message": english, "extensions": extensions });
                (status, Json(serde_json::json!({ "errors": [error] }))).into_response()
            }
            Self::Rest => {
                let parameters = serde_json::json!({ "request_id": id });
                let body = serde_json::json!({ "message": english, "parameters": parameters });
                (status, Json(body)).into_response()
            }
            Self::Page => {
                let page = format!(
                    "<!doctype html><html lang=\"fr\"><meta charset=\"utf-8\">\
                     <meta name=\"viewport\" content=\"width=device-width\">\
                     <title>{title}</title><h1>{title}</h1><p>{french}</p>\
                     <p lang=\"en\">{english}</p><p><code>{id}</code></p>\
                     <p><a href=\"/\">Accueil</a></p></html>\n"
                );
                (status, axum::response::Html(page)).into_response()
            }
        };
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if status != StatusCode::INTERNAL_SERVER_ERROR {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &[&str]) -> (String, HeaderMap) {
        let proxies = "10.0.0.0/16".parse().unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(FORWARDED_PROTO, "https".parse().unwrap());
        for value in forwarded {
            headers.append(FORWARDED_FOR, value.parse().unwrap());
        }
        let client = client(peer.parse().unwrap(), &proxies, &mut headers);
        (client.to_string(), headers)
    }

    #[test]
    fn only_our_proxies_say_who_the_client_is() {
        assert_eq!(seen("192.0.2.7", &["198.51.100.1"]).0, "192.0.2.7");
        assert_eq!(seen("10.0.0.1", &["198.51.100.1"]).0, "198.51.100.1");
        assert_eq!(seen("10.0.0.1", &["203.0.113.9, 198.51.100.1"]).0, "198.51.100.1");
        assert_eq!(seen("10.0.0.1", &["203.0.113.9, 198.51.100.1, 10.0.0.2"]).0, "198.51.100.1");
        assert_eq!(seen("::ffff:10.0.0.1", &["2001:db8::1"]).0, "2001:db8::1");
        assert_eq!(seen("10.0.0.1", &[]).0, "10.0.0.1");

        assert!(seen("192.0.2.7", &[]).1.is_empty());
        assert_eq!(seen("10.0.0.1", &["198.51.100.1"]).1.len(), 1);
    }

    #[test]
    fn an_id_that_a_log_cannot_hold_is_replaced() {
        let id = |given: &'static str| {
            request_id(&HeaderMap::from_iter([(REQUEST_ID, HeaderValue::from_static(given))]))
        };

        assert_eq!(id("Root-1.67891233_abc"), "Root-1.67891233_abc");
        for bad in ["short", "with spaces in it", "<script>alert(1)</script>"] {
            assert!(Uuid::try_parse(&id(bad)).is_ok(), "{bad}");
        }
    }
}
