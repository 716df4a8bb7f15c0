//! A browser without a window: it keeps cookies, reads forms and sends them as people do.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use testkit::TestShop;
use tower::ServiceExt;
use web::app::App;
use web::i18n::Locale;

use crate::form::{Form, folded, forms, text_of};

/// Where the shop of a test is reached.
pub(crate) const HOST: &str = "greenleaf.test";
const ORIGIN: &str = "https://greenleaf.test";

pub(crate) struct Browser {
    router: Router,
    cookies: BTreeMap<String, String>,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) html: String,
}

/// The shop as the internet sees it, as it is now.
pub(crate) async fn doors(shop: &TestShop) -> Router {
    shop.follow().await;
    web::router(App::new((**shop).clone(), None))
}

/// A token that is not ours, though nearly.
pub(crate) fn forged(token: &str) -> String {
    let other = if token.starts_with('A') { 'B' } else { 'A' };
    format!("{other}{}", &token[1..])
}

/// An amount of euros as French pages show it.
pub(crate) fn euros(minor: i64) -> String {
    folded(&web::format::money(Locale::French, minor, "EUR"))
}

impl Browser {
    /// A browser that has never been here.
    pub(crate) fn new(router: &Router) -> Self {
        Self { router: router.clone(), cookies: BTreeMap::new() }
    }

    pub(crate) async fn open(shop: &TestShop) -> Self {
        Self::new(&doors(shop).await)
    }

    /// The same browser, in a second window: what one of them does later, the other does not see.
    pub(crate) fn window(&self) -> Self {
        Self { router: self.router.clone(), cookies: self.cookies.clone() }
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    pub(crate) fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// Follows every redirect.
    pub(crate) async fn visit(&mut self, path: &str) -> Answer {
        let mut answer = self.get(path).await;
        while answer.status.is_redirection() {
            let next = answer.location().to_owned();
            answer = self.get(&next).await;
        }
        answer
    }

    /// Opens a page and takes the form that is sent to `action`.
    pub(crate) async fn form(&mut self, page: &str, action: &str) -> Form {
        let answer = self.visit(page).await;
        assert_eq!(answer.status, StatusCode::OK, "{page}");
        answer.form(action)
    }

    /// Sends a form from one of our own pages.
    pub(crate) async fn send_form(&mut self, form: &Form) -> Answer {
        self.post(&form.action, &form.fields).await
    }

    pub(crate) async fn post(&mut self, path: &str, fields: &[(String, String)]) -> Answer {
        self.post_from(path, fields, Some(ORIGIN)).await
    }

    /// Sends fields and says that they come from `origin`, if anything.
    pub(crate) async fn post_from(
        &mut self,
        path: &str,
        fields: &[(String, String)],
        origin: Option<&str>,
    ) -> Answer {
        let body =
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let mut request =
            Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(origin) = origin {
            request = request.header(header::ORIGIN, origin);
        }
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// Sends fields as a form that carries files does, and says where they come from.
    pub(crate) async fn upload(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        origin: Option<&str>,
    ) -> Answer {
        let part = |(name, value): &(&str, &str)| {
            format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let body = fields.iter().map(part).collect::<String>() + "--x--\r\n";
        let mut request =
            Request::post(path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
        if let Some(origin) = origin {
            request = request.header(header::ORIGIN, origin);
        }
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    pub(crate) async fn send(&mut self, mut request: Request<Body>) -> Answer {
        let headers = request.headers_mut();
        headers.insert(header::HOST, HOST.parse().unwrap());
        if !self.cookies.is_empty() {
            let cookies: Vec<_> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            headers.insert(header::COOKIE, cookies.join("; ").parse().unwrap());
        }
        let is_head = request.method() == Method::HEAD;
        let response = self.router.clone().oneshot(request).await.unwrap();

        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            let (pair, attributes) = cookie.split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.set_cookie(name, value);
            }
        }
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        assert!(!is_head || bytes.is_empty());
        let html = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, html }
    }
}

impl Answer {
    pub(crate) fn location(&self) -> &str {
        self.header("location")
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The first form that is sent to `action`, as it is before anybody touches it.
    pub(crate) fn form(&self, action: &str) -> Form {
        let found = forms(&self.html).into_iter().find(|form| form.action == action);
        found.unwrap_or_else(|| panic!("no form for {action} in {}", self.text()))
    }

    /// What people read.
    pub(crate) fn text(&self) -> String {
        text_of(&self.html)
    }

    pub(crate) fn says(&self, text: &str) -> bool {
        self.text().contains(text)
    }

    /// The block of totals, line by line.
    pub(crate) fn totals(&self) -> Vec<(String, String)> {
        let (_, totals) = self.html.split_once("<dl class=\"totals\">").expect("totals");
        let (totals, _) = totals.split_once("</dl>").unwrap();
        let pair = |row: &str| {
            let (name, amount) = row.split_once("</dt>").unwrap();
            (text_of(name), text_of(amount))
        };
        let rows = totals.split("<dt>").skip(1);
        rows.map(|row| pair(row.split("</div>").next().unwrap())).collect()
    }

    /// What the summary at the top of a refused form says, line by line.
    pub(crate) fn refusals(&self) -> Vec<String> {
        let Some((_, summary)) = self.html.split_once("data-error-summary") else {
            return Vec::new();
        };
        let (summary, _) = summary.split_once("</ul>").unwrap();
        summary.split("<li>").skip(1).map(text_of).collect()
    }
}
