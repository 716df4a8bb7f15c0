//! Pages of text, and the contact form.

use serde::Serialize;

use super::{Breadcrumb, Form, Layout, Link};

#[derive(Clone, Debug, Serialize)]
pub struct ContentPage {
    pub layout: Layout,
    pub breadcrumbs: Vec<Breadcrumb>,
    pub title: String,
    /// HTML that the shop wrote and the back office sanitized; its headings start at `h2`.
    pub html: String,
    pub updated_at: Option<i64>,
    /// The version that orders refer to, for terms.
    pub version: Option<String>,
    /// The other pages of its kind.
    pub siblings: Vec<Link>,
}

/// Fields: `name`, `email`, `subject`, `order`, `message`, and the trap `website`, which people
/// cannot see: a message that fills it is answered as usual and thrown away.
#[derive(Clone, Debug, Serialize)]
pub struct ContactPage {
    pub layout: Layout,
    pub form: Form,
    pub is_sent: bool,
    pub privacy_path: String,
}
