//! What a visitor sees when a page cannot be had.

use std::error::Error;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use commerce::money::MoneyError;
use shop::DbError;

use super::page::{Card, ErrorPage, error_wording};
use super::view::{self, About};
use crate::app::{self, App};
use crate::visit::Visit;

/// The page that says what went wrong and what to do, ready to be sent.
///
/// It is made from memory alone, so it stands when the database does not.
#[derive(Debug)]
pub struct Failure(Box<Response>);

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        *self.0
    }
}

impl Failure {
    /// Another answer than the page that was asked for, such as the way to log in.
    pub fn instead(response: Response) -> Self {
        Self(Box::new(response))
    }

    /// Says whose visit it is, for whoever finds out that the page has moved.
    pub fn not_found(app: &App, visit: &Visit) -> Self {
        let mut failure = Self::with(app, visit, StatusCode::NOT_FOUND, Vec::new());
        failure.0.extensions_mut().insert(visit.clone());
        failure
    }

    /// There was such a page; `suggestions` may take its place.
    pub fn gone(app: &App, visit: &Visit, suggestions: Vec<Card>) -> Self {
        Self::with(app, visit, StatusCode::GONE, suggestions)
    }

    pub fn forbidden(app: &App, visit: &Visit) -> Self {
        Self::with(app, visit, StatusCode::FORBIDDEN, Vec::new())
    }

    pub fn too_many(app: &App, visit: &Visit) -> Self {
        Self::with(app, visit, StatusCode::TOO_MANY_REQUESTS, Vec::new())
    }

    pub fn unavailable(app: &App, visit: &Visit) -> Self {
        Self::with(app, visit, StatusCode::SERVICE_UNAVAILABLE, Vec::new())
    }

    /// A request that no browser would make of our forms, by its status.
    pub fn refused(app: &App, visit: &Visit, status: StatusCode) -> Self {
        Self::with(app, visit, status, Vec::new())
    }

    /// Something that should not happen. The log has the chain, the visitor the id to quote.
    pub fn internal(app: &App, visit: &Visit, error: &(dyn Error + 'static)) -> Self {
        tracing::error!(request_id = visit.request_id, path = visit.path, error, "a page failed");
        Self::with(app, visit, StatusCode::INTERNAL_SERVER_ERROR, Vec::new())
    }

    /// The database did not answer, or answered with what should not happen.
    pub fn db(app: &App, visit: &Visit, error: &DbError) -> Self {
        if error.is_unavailable() {
            let error: &(dyn Error + 'static) = error;
            tracing::warn!(request_id = visit.request_id, path = visit.path, error, "no database");
            return Self::unavailable(app, visit);
        }
        Self::internal(app, visit, error)
    }

    fn with(app: &App, visit: &Visit, status: StatusCode, suggestions: Vec<Card>) -> Self {
        let (title, text) = error_wording(status.as_u16());
        let mut layout = view::public_layout(app, visit.locale, About::default());
        layout.title = app.renderer.say(visit.locale, &title);
        let page = ErrorPage {
            layout,
            status: status.as_u16(),
            title,
            text,
            request_id: visit.request_id.clone(),
            retry_after: app::retry_after(status),
            links: Vec::new(),
            suggestions,
        };
        Self(Box::new(app.page_with(status, &page)))
    }
}

/// Turns what a use case could not do into the page that says so.
pub trait OrFail<T> {
    fn or_fail(self, app: &App, visit: &Visit) -> Result<T, Failure>;
}

impl<T> OrFail<T> for Result<T, DbError> {
    fn or_fail(self, app: &App, visit: &Visit) -> Result<T, Failure> {
        self.map_err(|error| Failure::db(app, visit, &error))
    }
}

/// For amounts too large to be counted, which no cart of ours comes to.
impl<T> OrFail<T> for Result<T, MoneyError> {
    fn or_fail(self, app: &App, visit: &Visit) -> Result<T, Failure> {
        self.map_err(|error| Failure::internal(app, visit, &error))
    }
}

/// For what the guards refuse: forged forms, bodies that are none.
impl<T> OrFail<T> for Result<T, StatusCode> {
    fn or_fail(self, app: &App, visit: &Visit) -> Result<T, Failure> {
        self.map_err(|status| Failure::refused(app, visit, status))
    }
}
