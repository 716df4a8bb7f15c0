//! The home page.

use serde::Serialize;

use super::{Card, Layout, Link, Picture};

#[derive(Clone, Debug, Serialize)]
pub struct HomePage {
    pub layout: Layout,
    pub hero: Hero,
    pub categories: Vec<CategoryTile>,
    pub featured: Vec<Card>,
    pub novelties: Vec<Card>,
    pub promises: Vec<Promise>,
    pub story: Option<Story>,
    /// `Organization` and `WebSite` with its search action, as schema.org has them.
    pub json_ld: Vec<serde_json::Value>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Hero {
    pub eyebrow: Option<String>,
    pub title: String,
    pub text: String,
    pub action: Link,
    pub picture: Option<Picture>,
}

#[derive(Clone, Debug, Serialize)]
pub struct CategoryTile {
    pub name: String,
    pub path: String,
    pub n_products: u32,
    pub picture: Option<Picture>,
}

/// A fact about how the shop works: one that can be checked, never a generic green claim
/// (directive 2024/825).
#[derive(Clone, Debug, Serialize)]
pub struct Promise {
    /// One of the drawings of `partials/icon.html`.
    pub icon: &'static str,
    pub title: String,
    pub text: String,
}

/// A text with a picture beside it, such as a visit to a workshop.
#[derive(Clone, Debug, Serialize)]
pub struct Story {
    pub title: String,
    /// HTML that the shop wrote and the back office sanitized.
    pub html: String,
    pub action: Option<Link>,
    pub picture: Option<Picture>,
}
