//! Requests and answers, with Magento's headers and statuses.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, OnceLock};

use apollo_compiler::ExecutableDocument;
use apollo_compiler::executable::Operation;
use apollo_compiler::request::coerce_variable_values;
use apollo_compiler::response::{GraphQLError, JsonMap, JsonValue};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use commerce::channel::Locale;
use kept::{Answer, Answers};
use sha2::{Digest, Sha256};
use shop::Shop;
use tokio::sync::OnceCell;

use super::context::{Context, DEFAULT_STORE};
use super::document::{Unfit, plain};
use super::execute::{self, Executed};
use super::mutation::Mutation;
use super::query::{self, Query};
use super::schema::Contracts;
use super::shown::{Made, Shown};
use super::value::{Category, Object, Refusal};
use crate::client::{ClientAddress, Guard};
use crate::idempotency::{self, Key, Unanswered};

/// The most memory that kept answers may take, in bytes.
const CAPACITY: u64 = 64 << 20;
/// What an answer depends on beside its address.
const VARY: &str = "accept-encoding, store, content-currency";

/// Longer bodies are refused unread.
const MAX_BODY: usize = 256 << 10;
/// Seconds after which asking an absent database again makes sense.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("10");

/// What an answer depends on apart from the question; clients send it back.
const CACHE_ID: HeaderName = HeaderName::from_static("x-magento-cache-id");

/// What an answer shows, by which caches in front of Magento drop it.
const TAGS: HeaderName = HeaderName::from_static("x-magento-tags");

/// A cache in front of us may tell answers apart by it: of which store, in which currency, to
/// whom.
fn cache_id(headers: &HeaderMap) -> HeaderValue {
    /// Of whoever says nothing.
    static PLAIN: OnceLock<HeaderValue> = OnceLock::new();

    let names = ["store", "content-currency", "authorization"];
    if !names.iter().any(|name| headers.contains_key(*name)) {
        return PLAIN.get_or_init(|| digest_of(headers, names)).clone();
    }
    digest_of(headers, names)
}

fn digest_of(headers: &HeaderMap, names: [&str; 3]) -> HeaderValue {
    let mut digest = Sha256::new();
    for name in names {
        digest.update(header_text(headers, name).unwrap_or_default());
        digest.update([0]);
    }
    let digest = digest.finalize();
    let id = digest.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    HeaderValue::try_from(id).expect("hexadecimal digits")
}

#[derive(Clone)]
struct App(Arc<Inner>);

struct Inner {
    shop: Shop,
    contracts: Contracts,
    answers: Answers<Made>,
    guard: Arc<Guard>,
}

pub(crate) fn routes(shop: Shop, guard: Arc<Guard>) -> Router {
    let app = App(Arc::new(Inner {
        shop,
        contracts: Contracts::default(),
        answers: Answers::new(CAPACITY, "greenleaf_answer_cache_total"),
        guard,
    }));
    Router::new().route("/graphql", any(answer)).with_state(app)
}

/// What was asked.
struct Question {
    query: String,
    operation: Option<String>,
    variables: JsonMap,
}

/// What was wrong with a request that is not executed.
struct Refused {
    status: StatusCode,
    errors: Vec<GraphQLError>,
}

fn bad(message: &str) -> Refused {
    Refused { status: StatusCode::BAD_REQUEST, errors: vec![plain(message)] }
}

impl From<Unanswered> for Refused {
    fn from(unanswered: Unanswered) -> Self {
        let (status, refusal) = match unanswered.said() {
            Ok((status, message)) => (status, Refusal::input(message)),
            Err(error) => {
                let status = match error.is_unavailable() {
                    true => StatusCode::SERVICE_UNAVAILABLE,
                    false => StatusCode::INTERNAL_SERVER_ERROR,
                };
                (status, error.into())
            }
        };
        let mut error = plain(&refusal.message);
        error.extensions.insert("category", JsonValue::String(refusal.category.name().into()));
        Self { status, errors: vec![error] }
    }
}

impl IntoResponse for Refused {
    fn into_response(mut self) -> Response {
        for error in &mut self.errors {
            let category = JsonValue::String(Category::Input.name().into());
            error.extensions.entry("category").or_insert(category);
        }
        let errors = serde_json::to_value(&self.errors).unwrap_or_default();
        let body = serde_json::json!({ "errors": errors }).to_string();
        let mut response =
            (self.status, [(header::CONTENT_TYPE, "application/json")], body).into_response();
        let retry_after = match self.status {
            StatusCode::SERVICE_UNAVAILABLE => Some(RETRY_AFTER),
            StatusCode::CONFLICT => Some(idempotency::RETRY_AFTER),
            _ => None,
        };
        response.headers_mut().extend(retry_after.map(|after| (header::RETRY_AFTER, after)));
        response
    }
}

impl Question {
    fn from_body(body: &str) -> Result<Self, Refused> {
        let json: serde_json::Value =
            serde_json::from_str(body).map_err(|_| bad("Unable to unserialize value."))?;
        let text = |name: &str| json.get(name).and_then(serde_json::Value::as_str);
        let query = text("query").ok_or_else(|| bad("Syntax Error: Unexpected <EOF>"))?;
        let variables = match json.get("variables") {
            None | Some(serde_json::Value::Null) => "{}".to_owned(),
            // Some clients send them as text.
            Some(serde_json::Value::String(text)) if text.trim().is_empty() => "{}".to_owned(),
            Some(serde_json::Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        Self::new(query.to_owned(), text("operationName").map(str::to_owned), &variables)
    }

    fn from_address(asked: &str) -> Result<Self, Refused> {
        let (mut query, mut operation, mut variables) = (None, None, None);
        for (name, value) in form_pairs(asked) {
            match name.as_str() {
                "query" => query = Some(value),
                "operationName" => operation = Some(value).filter(|name| !name.is_empty()),
                "variables" => variables = Some(value).filter(|text| !text.trim().is_empty()),
                _ => {}
            }
        }
        let query = query.ok_or_else(|| bad("Syntax Error: Unexpected <EOF>"))?;
        Self::new(query, operation, variables.as_deref().unwrap_or("{}"))
    }

    fn new(query: String, operation: Option<String>, variables: &str) -> Result<Self, Refused> {
        let variables = match serde_json::from_str::<JsonValue>(variables) {
            Ok(JsonValue::Object(variables)) => variables,
            Ok(JsonValue::Null) => JsonMap::new(),
            // PHP writes an empty object so.
            Ok(JsonValue::Array(none)) if none.is_empty() => JsonMap::new(),
            _ => return Err(bad("Variables are not a JSON object.")),
        };
        Ok(Self { query, operation, variables })
    }
}

/// The pairs of a query string.
fn form_pairs(text: &str) -> Vec<(String, String)> {
    let uri = axum::http::Uri::builder().path_and_query(format!("/?{text}")).build();
    let pairs = uri
        .ok()
        .and_then(|uri| axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&uri).ok());
    pairs.map(|pairs| pairs.0).unwrap_or_default()
}

fn header_text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let value = headers.get(name)?.to_str().ok()?.trim();
    (!value.is_empty()).then_some(value)
}

/// The language of the store view that the `Store` header names.
fn locale_of(shop: &Shop, headers: &HeaderMap) -> Result<Locale, Refused> {
    let settings = shop.settings();
    let channel = &settings.channel;
    let Some(code) = header_text(headers, "store") else { return Ok(channel.default_locale()) };
    let known = channel.locales.iter().find(|locale| locale.as_str() == code);
    match known {
        Some(locale) => Ok(*locale),
        None if code == DEFAULT_STORE => Ok(channel.default_locale()),
        None => Err(bad("Requested store is not found")),
    }
}

async fn answer(State(app): State<App>, request: Request) -> Response {
    let has_key = idempotency::has_key(request.headers());
    idempotency::see_through(has_key, Box::pin(answer_in_full(app, request))).await
}

async fn answer_in_full(App(app): App, request: Request) -> Response {
    let is_get = request.method() == Method::GET;
    if !is_get && request.method() != Method::POST {
        return StatusCode::NO_CONTENT.into_response();
    }
    let (head, body) = request.into_parts();
    let asked = if is_get {
        head.uri.query().unwrap_or_default().to_owned()
    } else {
        let body = axum::body::to_bytes(body, MAX_BODY).await;
        let Ok(body) = body else { return bad("The request is too large.").into_response() };
        let body = String::from_utf8(body.into());
        let Ok(body) = body else { return bad("Unable to unserialize value.").into_response() };
        body
    };
    let mut response = app.answer(&asked, &head, is_get).await.into_response();
    response.headers_mut().insert(CACHE_ID, cache_id(&head.headers));
    response
}

impl Inner {
    /// Answers what was asked in the address of a `GET` or in the body of a `POST`.
    async fn answer(&self, asked: &str, head: &Parts, is_get: bool) -> Result<Response, Refused> {
        let headers = &head.headers;
        let locale = locale_of(&self.shop, headers)?;
        let settings_version = self.shop.settings_version();
        let settings = self.shop.settings();
        let currency = settings.channel.currency;
        if header_text(headers, "content-currency").is_some_and(|code| code != currency.as_str()) {
            return Err(bad("Please correct the target currency"));
        }
        let (catalog, pages) = (self.shop.catalog(), self.shop.pages());
        let send = |kept: &kept::Kept<Made>| {
            if !is_get {
                return kept.send_once(headers, VARY);
            }
            let mut response = kept.send(headers, VARY);
            response.headers_mut().insert(TAGS, kept.made_from().tags.clone());
            response
        };
        // The text as it came, so that a known question is answered unread.
        let method = if is_get { "GET" } else { "POST" };
        let key = [locale.as_str(), currency.as_str(), method, asked].join("\0");
        let is_good = |made: &Made| made.is_good(&catalog, settings_version);
        if let Some(kept) = self.answers.find_good(&key, is_good) {
            return Ok(send(&kept));
        }
        let question =
            if is_get { Question::from_address(asked) } else { Question::from_body(asked) }?;

        let contract = self.contracts.of(&catalog);
        let document = contract.documents.get(&contract.schema, &question.query).map_err(
            |unfit| match unfit {
                Unfit::Refused(errors) => Refused { status: StatusCode::BAD_REQUEST, errors },
                Unfit::Invalid(errors) => Refused { status: StatusCode::OK, errors },
            },
        )?;
        let operation =
            document.operations.get(question.operation.as_deref()).map_err(|error| Refused {
                status: StatusCode::BAD_REQUEST,
                errors: vec![error.to_graphql_error(&document.sources)],
            })?;
        if is_get && !operation.is_query() {
            return Err(bad("Mutation requests allowed only for POST requests"));
        }
        let variables = coerce_variable_values(&contract.schema, operation, &question.variables)
            .map_err(|error| {
                let errors = vec![error.to_graphql_error(&document.sources)];
                Refused { status: StatusCode::OK, errors }
            })?;

        let token = header_text(headers, "authorization")
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim().to_owned());
        let context = Context {
            shop: self.shop.clone(),
            catalog,
            settings,
            pages,
            locale,
            token,
            address: head
                .extensions
                .get::<ClientAddress>()
                .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |known| known.0),
            guard: Arc::clone(&self.guard),
            customer: OnceCell::new(),
            shown: Shown::default(),
        };
        let (query, mutation) = (Query(&context), Mutation(&context));
        let root: &dyn Object = if operation.is_query() { &query } else { &mutation };
        let request = execute::Request {
            contract: &contract,
            document: &document,
            operation,
            variables: &variables,
        };
        if !operation.is_query()
            && let Some(key) = Key::read(headers)?
        {
            let caller = context.caller().await.map_err(Unanswered::from)?;
            let store = header_text(headers, "store").unwrap_or_default();
            let parts = [b"/graphql".as_slice(), store.as_bytes(), asked.as_bytes()];
            let run = async {
                let executed = execute::execute(request, root).await;
                let is_final = executed.is_final;
                (personal(executed), is_final)
            };
            let once = idempotency::once(&self.shop, &caller, &key, &parts, run).await;
            return Ok(once?);
        }
        let executed = execute::execute(request, root).await;
        if !executed.has_errors && is_cacheable(&document, operation) {
            let answer = Answer {
                status: StatusCode::OK,
                content_type: "application/json",
                body: executed.body.into(),
            };
            let made = Made::new(&context.shown, &context.catalog, settings_version);
            return Ok(send(&self.answers.keep(key, made, answer)));
        }
        Ok(personal(executed))
    }
}

fn is_cacheable(document: &ExecutableDocument, operation: &Operation) -> bool {
    operation.is_query()
        && operation.root_fields(document).all(|field| query::is_cacheable(&field.name))
}

/// An answer for whoever asked and nobody else.
fn personal(executed: Executed) -> Response {
    let mut headers = HeaderMap::with_capacity(3);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("no-store, no-cache, must-revalidate"),
    );
    let mut status = StatusCode::OK;
    if executed.is_unavailable {
        status = StatusCode::SERVICE_UNAVAILABLE;
        headers.insert(header::RETRY_AFTER, RETRY_AFTER);
    }
    (status, headers, Body::from(executed.body)).into_response()
}
