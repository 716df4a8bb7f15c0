//! Pages that say what went wrong and what to do.

use serde::Serialize;

use super::{Card, Layout, Link};
use crate::i18n::Message;

/// Stands on its own: it must render when the catalog or the database does not answer.
#[derive(Clone, Debug, Serialize)]
pub struct ErrorPage {
    pub layout: Layout,
    pub status: u16,
    pub title: Message,
    pub text: Message,
    /// The id that the log also has.
    pub request_id: String,
    /// Seconds after which trying again makes sense.
    pub retry_after: Option<u32>,
    pub links: Vec<Link>,
    pub suggestions: Vec<Card>,
}

/// The wording of a status: title and text.
#[must_use]
pub fn error_wording(status: u16) -> (Message, Message) {
    match status {
        403 => (Message::new("error-403-title"), Message::new("error-403-text")),
        404 => (Message::new("error-404-title"), Message::new("error-404-text")),
        410 => (Message::new("error-410-title"), Message::new("error-410-text")),
        429 => (Message::new("error-429-title"), Message::new("error-429-text")),
        400..=499 => (Message::new("error-400-title"), Message::new("error-400-text")),
        503 | 504 => (Message::new("error-503-title"), Message::new("error-503-text")),
        _ => (Message::new("error-500-title"), Message::new("error-500-text")),
    }
}
