//! One request of a member of staff: who it is, in which language, and what to answer.

use std::error::Error;

use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use shop::DbError;
use shop::staff::Staff;
use uuid::Uuid;

use super::page::{Done, ErrorPage, Layout, Section};
use crate::app::App;
use crate::guard::Fields;
use crate::i18n::{Locale, Message};
use crate::render::Page;
use crate::visit::{self, Scope, Visit};

/// Sent to the back office only, and never from another site.
const SESSION: &str = "greenleaf-staff";
const DONE: &str = "greenleaf-staff-notice";

/// A logged-in member of staff asks for something.
pub(super) struct Desk {
    pub(super) app: App,
    pub(super) visit: Visit,
    pub(super) staff: Staff,
    pub(super) locale: Locale,
    /// What the address says after its question mark.
    pub(super) query: Fields,
    done: Option<Done>,
}

/// The answer when something stands in the way, ready to be sent.
#[derive(Debug)]
pub(super) struct Failure(Box<Response>);

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        *self.0
    }
}

impl From<Response> for Failure {
    fn from(response: Response) -> Self {
        Self(Box::new(response))
    }
}

pub(super) type Answer = Result<Response, Failure>;

pub(super) fn session_of(headers: &HeaderMap) -> Option<&str> {
    visit::cookie(headers, SESSION).filter(|token| !token.is_empty())
}

/// Hands out the session, or takes it away when `token` is empty.
pub(super) fn keep_session(app: &App, response: &mut Response, token: &str) {
    let max_age = token.is_empty().then_some(0);
    visit::set(response, app, Scope::BackOffice, SESSION, token, max_age);
}

/// The fields of a query string.
pub(super) fn query_of(parts: &Parts) -> Fields {
    let query = parts.uri.query().unwrap_or_default();
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    let pairs = pairs.map(|(name, value)| (name.into_owned(), value.into_owned()));
    Fields::new(pairs.collect()).unwrap_or_default()
}

/// A path of the back office that somebody asks to be led to; anything else leads to its start.
pub(super) fn inside(path: &str) -> &str {
    let is_plain = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let is_ours = path == "/admin" || path.starts_with("/admin/") || path.starts_with("/admin?");
    if is_plain && is_ours { path } else { "/admin" }
}

pub(super) async fn visit_of(parts: &mut Parts, app: &App) -> Visit {
    match Visit::from_request_parts(parts, app).await {
        Ok(visit) => visit,
        Err(never) => match never {},
    }
}

impl FromRequestParts<App> for Desk {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let mut visit = visit_of(parts, app).await;
        let found = match session_of(&parts.headers) {
            Some(token) => shop::staff::find_by_session(&app.shop, token).await,
            None => Ok(None),
        };
        let staff = found.map_err(|error| db_failure(app, &visit, visit.locale, &error))?;
        let Some(staff) = staff else {
            let wanted = if visit.is_page { inside(&visit.path) } else { "/admin" };
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            query.append_pair("next", wanted);
            let login = format!("/admin/login?{}", query.finish());
            return Err(Redirect::to(&login).into_response().into());
        };
        let locale = Locale::from(staff.locale);
        visit.locale = locale;
        let done = visit::cookie(&parts.headers, DONE).and_then(Done::from_code);
        Ok(Self { app: app.clone(), visit, staff, locale, query: query_of(parts), done })
    }
}

/// The same, with the fields of a form that is one of ours.
pub(super) struct Posted {
    pub(super) desk: Desk,
    pub(super) fields: Fields,
}

impl FromRequest<App> for Posted {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        let (mut parts, body) = request.into_parts();
        let desk = Desk::from_request_parts(&mut parts, app).await?;
        let request = Request::from_parts(parts, body);
        let fields = Fields::from_request(request, app).await;
        let fields = fields.map_err(|status| desk.refuse(status))?;
        desk.check(&fields)?;
        Ok(Self { desk, fields })
    }
}

/// The `{id}` of a path. What cannot be one leads nowhere.
pub(super) struct Id(pub(super) Uuid);

impl FromRequestParts<App> for Id {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let found = RawPathParams::from_request_parts(parts, app).await.ok().and_then(|params| {
            let (_, id) = params.iter().find(|(name, _)| *name == "id")?;
            id.parse().ok()
        });
        match found {
            Some(id) => Ok(Self(id)),
            None => {
                let visit = visit_of(parts, app).await;
                Err(failure(app, &visit, visit.locale, StatusCode::NOT_FOUND))
            }
        }
    }
}

impl Desk {
    /// Whether a form is one of ours; see [`Visit::check_form`].
    pub(super) fn check(&self, fields: &Fields) -> Result<(), Failure> {
        self.visit.check_form(&self.app, fields).map_err(|status| self.refuse(status))
    }

    /// The frame of a page; send the page with [`Self::page`].
    pub(super) fn layout(&mut self, section: Section) -> Layout {
        Layout {
            locale: self.locale,
            section,
            csrf: Some(self.visit.form_token(&self.app)),
            notice: self.done.map(Done::message),
            staff_name: Some(match self.staff.name.trim() {
                "" => self.staff.login.clone(),
                name => name.to_owned(),
            }),
            shop_name: self.app.shop.settings().channel.merchant.trade_name.clone(),
            path: inside(&self.visit.path).to_owned(),
        }
    }

    pub(super) fn page<P: Page>(&self, page: &P) -> Answer {
        self.page_with(StatusCode::OK, page)
    }

    #[expect(clippy::unnecessary_wraps, reason = "every handler ends with it")]
    /// Sends a page. What the last form did is told on a page that is fine, once.
    pub(super) fn page_with<P: Page>(&self, status: StatusCode, page: &P) -> Answer {
        let mut response = self.visit.finish(&self.app, self.app.page_with(status, page));
        if self.done.is_some() {
            visit::set(&mut response, &self.app, Scope::BackOffice, DONE, "", Some(0));
        }
        Ok(response)
    }

    #[expect(clippy::unnecessary_wraps, reason = "every handler ends with it")]
    /// Leads on after a form, with a word on what was done.
    pub(super) fn lead(&self, path: &str, done: Done) -> Answer {
        let mut response = Redirect::to(path).into_response();
        visit::set(&mut response, &self.app, Scope::BackOffice, DONE, done.code(), Some(60));
        Ok(response)
    }

    pub(super) fn not_found(&self) -> Failure {
        self.refuse(StatusCode::NOT_FOUND)
    }

    pub(super) fn refuse(&self, status: StatusCode) -> Failure {
        failure(&self.app, &self.visit, self.locale, status)
    }

    /// The database did not answer, or answered with what should not happen.
    pub(super) fn db(&self, error: &DbError) -> Failure {
        db_failure(&self.app, &self.visit, self.locale, error)
    }

    /// Something that should not happen. The log has the chain, the page the id to quote.
    pub(super) fn internal(&self, error: &(dyn Error + 'static)) -> Failure {
        internal(&self.app, &self.visit, self.locale, error)
    }
}

pub(super) fn db_failure(app: &App, visit: &Visit, locale: Locale, error: &DbError) -> Failure {
    if error.is_unavailable() {
        let error: &(dyn Error + 'static) = error;
        tracing::warn!(request_id = visit.request_id, path = visit.path, error, "no database");
        return failure(app, visit, locale, StatusCode::SERVICE_UNAVAILABLE);
    }
    internal(app, visit, locale, error)
}

fn internal(app: &App, visit: &Visit, locale: Locale, error: &(dyn Error + 'static)) -> Failure {
    tracing::error!(request_id = visit.request_id, path = visit.path, error, "a page failed");
    failure(app, visit, locale, StatusCode::INTERNAL_SERVER_ERROR)
}

pub(super) fn failure(app: &App, visit: &Visit, locale: Locale, status: StatusCode) -> Failure {
    let (title, text) = match status {
        StatusCode::NOT_FOUND => {
            (Message::new("admin-not-found-title"), Message::new("admin-not-found-text"))
        }
        StatusCode::FORBIDDEN => {
            (Message::new("admin-forbidden-title"), Message::new("admin-forbidden-text"))
        }
        StatusCode::PAYLOAD_TOO_LARGE => {
            (Message::new("admin-too-large-title"), Message::new("admin-too-large-text"))
        }
        StatusCode::SERVICE_UNAVAILABLE => {
            (Message::new("admin-unavailable-title"), Message::new("admin-unavailable-text"))
        }
        status if status.is_client_error() => {
            (Message::new("admin-refused-title"), Message::new("admin-refused-text"))
        }
        _ => (Message::new("admin-failed-title"), Message::new("admin-failed-text")),
    };
    let layout = Layout {
        locale,
        section: Section::None,
        csrf: None,
        notice: None,
        staff_name: None,
        shop_name: app.shop.settings().channel.merchant.trade_name.clone(),
        path: "/admin".to_owned(),
    };
    let request_id = visit.request_id.clone();
    app.page_with(status, &ErrorPage { layout, title, text, request_id }).into()
}

/// No such page. Whoever is not logged in learns nothing, not even that.
pub(super) async fn nothing_here(desk: Desk) -> Failure {
    desk.not_found()
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn a_login_leads_back_into_the_back_office_and_nowhere_else() {
        assert_eq!(inside("/admin/orders?page=2"), "/admin/orders?page=2");
        assert_eq!(inside("/admin?x=1"), "/admin?x=1");
        for outside in ["//evil.example", "https://evil.example", "/administrator", "/cart", ""] {
            assert_eq!(inside(outside), "/admin");
        }
        assert_eq!(inside("/admin/\r\nset-cookie:x"), "/admin");
        assert_eq!(inside("/admin/\\evil.example"), "/admin");
    }
}
