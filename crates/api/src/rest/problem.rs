//! Why a request was refused, in Magento's shape.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use commerce::money::MoneyError;
use serde_json::{Map, Value, json};
use shop::DbError;

use crate::idempotency::{self, Unanswered};

/// A refusal: its text has a place, such as `%fieldName`, for each parameter.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Problem {
    pub(super) status: StatusCode,
    pub(super) message: String,
    pub(super) parameters: Map<String, Value>,
}

impl Problem {
    pub(super) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), parameters: Map::new() }
    }

    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    pub(super) fn missing(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    /// Nothing has this value in this field.
    pub(super) fn no_entity(field: &str, value: impl std::fmt::Display) -> Self {
        Self::missing("No such entity with %fieldName = %fieldValue")
            .with("fieldName", field)
            .with("fieldValue", value)
    }

    pub(super) fn required(field: &str) -> Self {
        Self::bad("\"%fieldName\" is required. Enter and try again.").with("fieldName", field)
    }

    pub(super) fn invalid(field: &str, value: impl std::fmt::Display) -> Self {
        Self::bad("Invalid value of \"%value\" provided for the %fieldName field.")
            .with("fieldName", field)
            .with("value", value)
    }

    /// Who asks may not ask this.
    pub(super) fn unauthorized(resource: &str) -> Self {
        let message = "The consumer isn't authorized to access %resources.";
        Self::new(StatusCode::UNAUTHORIZED, message).with("resources", resource)
    }

    pub(super) fn too_many_tries() -> Self {
        let message = "Too many requests. Wait a minute and try again.";
        Self::new(StatusCode::TOO_MANY_REQUESTS, message)
    }

    pub(super) fn with(mut self, name: &str, value: impl std::fmt::Display) -> Self {
        self.parameters.insert(name.to_owned(), Value::String(value.to_string()));
        self
    }

    pub(super) fn internal(error: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(error, "a REST request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal Error. The log has its details.")
    }

    /// What it says with its parameters in place.
    pub(super) fn text(&self) -> String {
        self.parameters.iter().fold(self.message.clone(), |text, (name, value)| {
            text.replace(&format!("%{name}"), value.as_str().unwrap_or_default())
        })
    }
}

impl From<DbError> for Problem {
    fn from(error: DbError) -> Self {
        if !error.is_unavailable() {
            return Self::internal(&error);
        }
        let error = shop::logged(&error);
        tracing::warn!(error, "no database");
        let message = "The service is temporarily unavailable. Try again later.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, message)
    }
}

impl From<Unanswered> for Problem {
    fn from(unanswered: Unanswered) -> Self {
        match unanswered.said() {
            Ok((status, message)) => Self::new(status, message),
            Err(error) => error.into(),
        }
    }
}

impl From<MoneyError> for Problem {
    fn from(error: MoneyError) -> Self {
        Self::internal(&error)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = json!({ "message": self.message });
        if !self.parameters.is_empty() {
            body["parameters"] = Value::Object(self.parameters);
        }
        let mut response = (self.status, axum::Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        match self.status {
            StatusCode::SERVICE_UNAVAILABLE => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
            }
            StatusCode::TOO_MANY_REQUESTS => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
            }
            // Nothing else is refused so but a request that is running.
            StatusCode::CONFLICT => {
                headers.insert(header::RETRY_AFTER, idempotency::RETRY_AFTER);
            }
            _ => {}
        }
        response
    }
}
