//! The home page.

use serde::Serialize;

use super::{Card, Layout, Picture};

#[derive(Clone, Debug, Serialize)]
pub struct HomePage {
    pub layout: Layout,
    /// The drawing at the top; the words around it are in `locales/`.
    pub hero: Option<Picture>,
    pub categories: Vec<CategoryTile>,
    pub featured: Vec<Card>,
    pub novelties: Vec<Card>,
    /// `Organization` and `WebSite` with its search action, as schema.org has them.
    pub json_ld: Vec<serde_json::Value>,
}

#[derive(Clone, Debug, Serialize)]
pub struct CategoryTile {
    pub name: String,
    pub path: String,
    pub n_products: u32,
    pub picture: Option<Picture>,
}
