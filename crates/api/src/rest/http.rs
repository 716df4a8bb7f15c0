//! Requests and answers: which route, in which store, who asks, what went wrong.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{any, get};
use bytes::Bytes;
use commerce::channel::Locale;
use percent_encoding::percent_decode_str;
use serde_json::Value;
use shop::Shop;

use super::access::{Access, Who};
use super::call::{Call, DEFAULT_STORE};
use super::fields::Fields;
use super::oauth::Signed;
use super::problem::Problem;
use super::table::{self, Route};
use super::{bulk, openapi};
use crate::client::{ClientAddress, Guard};
use crate::idempotency::{self, Key};

/// Longer bodies are refused: of those whom we know, who send pictures, and of all others.
const MAX_BODY: usize = 30 << 20;
const MAX_STRANGERS_BODY: usize = 256 << 10;

/// The scope of what is the same in every store view.
const ALL_STORES: &str = "all";

pub(super) struct App {
    pub(super) shop: Shop,
    pub(super) routes: Vec<Route>,
    guard: Arc<Guard>,
    document: Bytes,
    page: String,
}

pub(crate) fn routes(shop: Shop, guard: Arc<Guard>) -> Router {
    let routes = table::routes();
    let document = openapi::document(&routes);
    let app = Arc::new(App {
        shop,
        guard,
        page: openapi::page(&routes),
        document: document.to_string().into(),
        routes,
    });
    Router::new()
        .route("/rest", get(page))
        .route("/rest/schema", get(document_of))
        .route("/rest/{*path}", any(answer))
        .with_state(app)
}

async fn page(State(app): State<Arc<App>>) -> Response {
    Html(app.page.clone()).into_response()
}

async fn document_of(State(app): State<Arc<App>>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], app.document.clone()).into_response()
}

/// In which way a request is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Now,
    /// Later, as a job.
    Later,
    /// Later, one job for each thing in the list that it sends.
    LaterInBulk,
}

/// What an address means.
pub(super) struct Target {
    pub(super) locale: Locale,
    pub(super) turn: Turn,
    pub(super) segments: Vec<String>,
}

impl Target {
    /// Reads `[store/][async/[bulk/]]V1/…`.
    pub(super) fn read(path: &str, shop: &Shop) -> Option<Self> {
        let decoded = |part: &str| Some(percent_decode_str(part).decode_utf8().ok()?.into_owned());
        let parts = path.strip_prefix("/rest/")?.trim_end_matches('/').split('/');
        let parts: Vec<String> = parts.map(decoded).collect::<Option<_>>()?;
        let settings = shop.settings();
        let channel = &settings.channel;
        let mut rest = parts.as_slice();
        let mut locale = channel.default_locale();
        if let [code, after @ ..] = rest {
            let view = channel.locales.iter().find(|known| known.as_str() == code);
            if let Some(view) = view {
                (locale, rest) = (*view, after);
            } else if code == DEFAULT_STORE || code == ALL_STORES {
                rest = after;
            }
        }
        let (turn, segments) = match rest {
            [version, segments @ ..] if version == "V1" => (Turn::Now, segments),
            [one, version, segments @ ..] if one == "async" && version == "V1" => {
                (Turn::Later, segments)
            }
            [one, two, version, segments @ ..]
                if one == "async" && two == "bulk" && version == "V1" =>
            {
                (Turn::LaterInBulk, segments)
            }
            _ => return None,
        };
        Some(Self { locale, turn, segments: segments.to_vec() })
    }
}

fn no_route() -> Problem {
    Problem::missing("Request does not match any route.")
}

/// The addresses by which the client may have called us, for its signature.
fn urls(shop: &Shop, uri: &Uri, headers: &HeaderMap) -> Vec<String> {
    let path = uri.path();
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let mut urls = vec![format!("{}{path}", shop.base_url)];
    for host in host.into_iter().chain(uri.host()) {
        urls.extend(["http", "https"].map(|scheme| format!("{scheme}://{host}{path}")));
    }
    urls
}

fn pairs(uri: &Uri) -> Vec<(String, String)> {
    let query = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(uri);
    query.map(|query| query.0).unwrap_or_default()
}

async fn answer(State(app): State<Arc<App>>, request: Request) -> Response {
    let has_key = idempotency::has_key(request.headers());
    let answering = Box::pin(async move {
        Box::pin(app.answer(request)).await.unwrap_or_else(IntoResponse::into_response)
    });
    idempotency::see_through(has_key, answering).await
}

fn written(done: Result<(StatusCode, Value), Problem>) -> Response {
    match done {
        Ok((status, value)) => {
            let no_store = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
            (status, no_store, axum::Json(value)).into_response()
        }
        Err(problem) => problem.into_response(),
    }
}

impl App {
    async fn answer(&self, request: Request) -> Result<Response, Problem> {
        let address = request.extensions().get::<ClientAddress>();
        let address = address.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |known| known.0);
        let (parts, body) = request.into_parts();
        let target = Target::read(parts.uri.path(), &self.shop).ok_or_else(no_route)?;
        let (route, params) = find(&self.routes, &parts.method, &target).ok_or_else(no_route)?;

        let query = pairs(&parts.uri);
        let urls = urls(&self.shop, &parts.uri, &parts.headers);
        let signed = Signed { method: &parts.method, urls: &urls, query: &query };
        let who = Who::find(&self.shop, &parts.headers, signed).await?;
        route.access.check(&who)?;

        let limit = match route.access {
            Access::Resource(_) => MAX_BODY,
            Access::Everybody | Access::Customer => MAX_STRANGERS_BODY,
        };
        let body = axum::body::to_bytes(body, limit).await.map_err(|_| {
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "The request is too large.")
        })?;
        let fields = query.iter().find(|(name, _)| name == "fields");
        let fields = fields.map(|(_, text)| Fields::parse(text)).transpose()?.unwrap_or_default();
        let key = if route.method == Method::GET { None } else { Key::read(&parts.headers)? };
        let key = key.map(|key| (who.caller(), key));
        let call = self.call(params, query, &target, who, address);
        let run = run(route, target.turn, call, body.clone(), fields);
        let Some((caller, key)) = key else { return Ok(written(run.await)) };
        let address = parts.uri.path_and_query().map_or("", PathAndQuery::as_str);
        let parts = [parts.method.as_str().as_bytes(), address.as_bytes(), &body];
        let once = idempotency::once(&self.shop, &caller, &key, &parts, async {
            let response = written(run.await);
            let is_passing = matches!(response.status().as_u16(), 401 | 429)
                || response.status().is_server_error();
            (response, !is_passing)
        });
        Ok(Box::pin(once).await?)
    }

    fn call(
        &self,
        params: BTreeMap<&'static str, String>,
        query: Vec<(String, String)>,
        target: &Target,
        who: Who,
        address: IpAddr,
    ) -> Call {
        Call {
            shop: self.shop.clone(),
            settings: self.shop.settings(),
            locale: target.locale,
            params,
            query,
            who,
            address,
            guard: Arc::clone(&self.guard),
        }
    }
}

async fn run(
    route: &Route,
    turn: Turn,
    call: Call,
    body: Bytes,
    fields: Fields,
) -> Result<(StatusCode, Value), Problem> {
    match turn {
        Turn::Now => Ok((StatusCode::OK, fields.prune((route.run)(call, body).await?))),
        turn => {
            let accepted = bulk::accept(&call, route, turn, &body).await?;
            Ok((StatusCode::ACCEPTED, serde_json::to_value(accepted).unwrap_or_default()))
        }
    }
}

/// The route that is meant; one that says a part of the path in letters goes before one that has
/// a place for it.
pub(super) fn find<'r>(
    routes: &'r [Route],
    method: &Method,
    target: &Target,
) -> Option<(&'r Route, BTreeMap<&'static str, String>)> {
    let fits = |route: &&Route| {
        let parts = match target.turn {
            Turn::LaterInBulk => route.bulk_segments(),
            _ => route.segments(),
        };
        route.method == *method
            && parts.len() == target.segments.len()
            && parts.iter().zip(&target.segments).all(|(part, said)| part.fits(said))
    };
    let route = routes.iter().filter(fits).max_by_key(|route| {
        route.segments().iter().map(|part| !part.is_place()).collect::<Vec<_>>()
    })?;
    let params = match target.turn {
        // What stands for `{sku}` comes with each thing of the list.
        Turn::LaterInBulk => BTreeMap::new(),
        _ => {
            let places = route.segments().into_iter().zip(&target.segments);
            places.filter_map(|(part, said)| Some((part.place()?, said.clone()))).collect()
        }
    };
    Some((route, params))
}
