//! Who asks, in which language, with which cookies.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts, OriginalUri};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use commerce::cart::CartId;
use commerce::customer::Customer;
use shop::secret::{self, Purpose};
use uuid::Uuid;

use crate::app::App;
use crate::guard::{self, Fields};
use crate::i18n::Locale;
use crate::storefront::page::{Happened, Notice};

/// The address of the client, put in by whoever knows the proxies in front of us.
#[derive(Clone, Copy, Debug)]
pub struct ClientAddress(pub IpAddr);

/// The id that the log has of this request.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

const CART: &str = "greenleaf-cart";
const SESSION: &str = "greenleaf-session";
const SEED: &str = "greenleaf-form";
const HAPPENED: &str = "greenleaf-notice";
/// Says to the script that `/session.json` is worth asking; holds nothing personal.
const KNOWN: &str = "greenleaf-known";

const DAY: u32 = 24 * 60 * 60;

/// One request of a visitor.
#[derive(Clone, Debug)]
pub struct Visit {
    pub locale: Locale,
    /// The path and query as asked, without the language prefix.
    pub path: String,
    pub cart: Option<CartId>,
    pub session: Option<String>,
    /// What the form tokens of this visitor belong to.
    seed: Option<String>,
    pub notice: Option<Notice>,
    pub address: IpAddr,
    pub request_id: String,
    is_same_origin: Option<bool>,
    is_secure: bool,
    /// Whether it asks for a page, to which somebody can be led back.
    pub is_page: bool,
}

impl FromRequestParts<App> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |uri| &uri.0);
        let asked = uri.path_and_query().map_or("/", |asked| asked.as_str());
        let (locale, path) = Locale::split_path(asked);
        let cookie = |name| cookie(&parts.headers, name);
        let cart = cookie(CART).and_then(|token| {
            let bytes = app.shop.key.verify(Purpose::Cart, token)?;
            Uuid::from_slice(&bytes).ok().map(CartId)
        });
        let seed = cookie(SEED).filter(|seed| (16..=64).contains(&seed.len()));
        let peer = || {
            let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
            peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0.ip())
        };
        Ok(Self {
            locale,
            path: path.to_owned(),
            cart,
            session: cookie(SESSION).map(str::to_owned),
            seed: seed.map(str::to_owned),
            notice: cookie(HAPPENED).and_then(Happened::from_code).map(Notice::from),
            address: parts.extensions.get::<ClientAddress>().map_or_else(peer, |known| known.0),
            request_id: parts
                .extensions
                .get::<RequestId>()
                .map_or_else(String::new, |known| known.0.clone()),
            is_same_origin: guard::is_same_origin(&parts.headers),
            is_secure: app.is_secure,
            is_page: matches!(parts.method, Method::GET | Method::HEAD),
        })
    }
}

/// The value of a cookie of the request.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value)
}

impl Visit {
    /// The token for the forms of a page; the page must be sent with [`Visit::finish`].
    pub fn form_token(&mut self, app: &App) -> String {
        let seed = self.seed.get_or_insert_with(|| secret::Token::random().text);
        guard::form_token(&app.shop.key, seed)
    }

    /// Whether a posted form is one of ours: not from another site, and with our token in it.
    pub fn check_form(&self, app: &App, fields: &Fields) -> Result<(), StatusCode> {
        let has_token = self
            .seed
            .as_ref()
            .is_some_and(|seed| guard::is_form_token(&app.shop.key, seed, fields.get("csrf")));
        match (self.is_same_origin, has_token) {
            (Some(false), _) | (_, false) => Err(StatusCode::FORBIDDEN),
            (_, true) => Ok(()),
        }
    }

    /// The same for the forms of pages that are cached for everybody and so carry no token, such
    /// as "add to cart": the browser's word on where the request comes from must do.
    pub fn check_origin(&self) -> Result<(), StatusCode> {
        match self.is_same_origin {
            Some(true) => Ok(()),
            _ => Err(StatusCode::FORBIDDEN),
        }
    }

    /// The customer who is logged in.
    pub async fn customer(&self, app: &App) -> Result<Option<Customer>, shop::DbError> {
        match &self.session {
            Some(token) => shop::customer::find_by_session(&app.shop, token).await,
            None => Ok(None),
        }
    }

    pub fn commerce_locale(&self) -> commerce::channel::Locale {
        self.locale.into()
    }

    /// Sends the visitor on after a form, with the seed and cart kept and a word on what happened.
    pub fn redirect(&self, path: &str, happened: Option<Happened>) -> Response {
        let mut response = Redirect::to(&self.locale.path(path)).into_response();
        if let Some(happened) = happened {
            let (scope, code) = (Scope::Shop, happened.code());
            add(&mut response, self.is_secure, scope, HAPPENED, code, Some(60));
        }
        response
    }

    /// Finishes a page that is this visitor's own: keeps the form seed, and forgets the notice
    /// that the page has shown.
    pub fn finish(&self, app: &App, mut response: Response) -> Response {
        if let Some(seed) = &self.seed {
            set(&mut response, app, Scope::Shop, SEED, seed, None);
        }
        if self.notice.is_some() {
            set(&mut response, app, Scope::Shop, HAPPENED, "", Some(0));
        }
        response
    }
}

/// Hands the visitor a cart.
pub fn keep_cart(app: &App, response: &mut Response, cart: CartId) {
    let token = app.shop.key.sign(Purpose::Cart, cart.0.as_bytes());
    set(response, app, Scope::Shop, CART, &token, Some(60 * DAY));
    mark_known(app, response);
}

/// Takes the cart away, once it became an order.
pub fn forget_cart(app: &App, response: &mut Response) {
    set(response, app, Scope::Shop, CART, "", Some(0));
}

pub fn keep_session(app: &App, response: &mut Response, token: &str) {
    set(response, app, Scope::Shop, SESSION, token, Some(30 * DAY));
    mark_known(app, response);
}

pub fn forget_session(app: &App, response: &mut Response) {
    set(response, app, Scope::Shop, SESSION, "", Some(0));
}

fn mark_known(app: &App, response: &mut Response) {
    set(response, app, Scope::Script, KNOWN, "1", Some(60 * DAY));
}

/// Who gets to see a cookie, and with which requests it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All pages, and no script.
    Shop,
    /// All pages, and their script: nothing personal.
    Script,
    /// The back office, and never when another site leads there.
    BackOffice,
}

impl Scope {
    fn attributes(self) -> &'static str {
        match self {
            Self::Shop => "Path=/; HttpOnly; SameSite=Lax",
            Self::Script => "Path=/; SameSite=Lax",
            Self::BackOffice => "Path=/admin; HttpOnly; SameSite=Strict",
        }
    }
}

/// Sets a cookie for so many seconds, or until the browser is closed; zero takes it away.
pub fn set(
    response: &mut Response,
    app: &App,
    scope: Scope,
    name: &str,
    value: &str,
    max_age: Option<u32>,
) {
    add(response, app.is_secure, scope, name, value, max_age);
}

/// Values are made of letters that need no quoting; one that is not is not sent.
fn add(
    response: &mut Response,
    is_secure: bool,
    scope: Scope,
    name: &str,
    value: &str,
    max_age: Option<u32>,
) {
    let secure = if is_secure { "; Secure" } else { "" };
    let age = max_age.map_or_else(String::new, |age| format!("; Max-Age={age}"));
    let cookie = format!("{name}={value}; {}{age}{secure}", scope.attributes());
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}
