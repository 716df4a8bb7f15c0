//! What the read side is built from, and what tells it of changes.

use std::collections::BTreeMap;

use commerce::catalog::{Attribute, Category, Product, ProductId, Sku};
use commerce::channel::{Channel, Locale};
use commerce::tax::TaxTable;

/// Everything that one channel shows.
#[derive(Clone, Debug)]
pub struct Source {
    pub channel: Channel,
    pub structure: Structure,
    /// In any order; of two with one id the later counts.
    pub products: Vec<ProductInput>,
}

/// What all products share. A change of it recomputes all that is derived from products.
#[derive(Clone, Debug, Default)]
pub struct Structure {
    /// In display order.
    pub attributes: Vec<Attribute>,
    /// In any order: positions and parents make the tree.
    pub categories: Vec<Category>,
    /// Needed where the channel keeps prices without tax. Rates are taken for the day in UTC on
    /// which a product was last touched; a change of rates is a change of structure.
    pub tax: TaxTable,
    /// Per language, lists of words that mean the same, such as `gourde, bouteille, flasque`.
    pub synonyms: BTreeMap<Locale, Vec<Vec<String>>>,
}

/// A product and how many of each of its variants can be bought.
#[derive(Clone, Debug)]
pub struct ProductInput {
    pub product: Product,
    /// A SKU that is missing has none.
    pub available: BTreeMap<Sku, u32>,
}

/// What changed since the current snapshot.
///
/// Batches are cheaper than their parts: lists are merged once per delta.
#[derive(Clone, Debug, Default)]
pub struct Delta {
    /// The new state of each product that changed; `None` for one that is gone.
    pub products: Vec<(ProductId, Option<ProductInput>)>,
    /// How many can be bought now, counted after `products`. A SKU that no product has is ignored.
    pub stock: Vec<(Sku, u32)>,
    pub structure: Option<Structure>,
}
