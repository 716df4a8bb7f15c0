//! The shapes of the files in `assets/demo`.

use std::collections::BTreeMap;

use serde::Deserialize;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Both {
    pub(super) fr: String,
    pub(super) en: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pages {
    pub(super) page: Vec<Page>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Page {
    pub(super) code: String,
    pub(super) fr: PageText,
    pub(super) en: PageText,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PageText {
    pub(super) title: String,
    pub(super) slug: String,
    pub(super) meta_description: String,
    pub(super) body: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Categories {
    pub(super) category: Vec<Category>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Category {
    pub(super) code: String,
    pub(super) parent: Option<String>,
    pub(super) picture: Option<String>,
    pub(super) fr: CategoryText,
    pub(super) en: CategoryText,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CategoryText {
    pub(super) name: String,
    pub(super) slug: String,
    pub(super) description: String,
    pub(super) meta_description: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Attributes {
    pub(super) attribute: Vec<Attribute>,
    pub(super) set: Vec<Set>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Attribute {
    pub(super) code: String,
    pub(super) kind: String,
    pub(super) filterable: bool,
    pub(super) searchable: bool,
    pub(super) axis: bool,
    pub(super) fr: String,
    pub(super) en: String,
    #[serde(default)]
    pub(super) option: Vec<AttributeOption>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AttributeOption {
    pub(super) code: String,
    pub(super) swatch: Option<String>,
    pub(super) fr: String,
    pub(super) en: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Set {
    pub(super) code: String,
    pub(super) fr: String,
    pub(super) en: String,
    pub(super) attributes: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Products {
    pub(super) product: Vec<Product>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Product {
    pub(super) code: String,
    pub(super) kind: String,
    pub(super) set: String,
    pub(super) categories: Vec<String>,
    pub(super) tax_class: String,
    #[serde(default)]
    pub(super) featured: bool,
    /// Of a simple product; the variants of others have their own.
    pub(super) sku: Option<String>,
    pub(super) stock: Option<u32>,
    #[serde(flatten)]
    pub(super) offer: Offer,
    pub(super) attributes: BTreeMap<String, toml::Value>,
    pub(super) fr: ProductText,
    pub(super) en: ProductText,
    pub(super) eco: Eco,
    pub(super) manufacturer: Manufacturer,
    #[serde(default)]
    pub(super) variant: Vec<Variant>,
    pub(super) picture: Vec<Picture>,
}

/// What a product says of itself, or of those variants that do not say it.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Offer {
    pub(super) price: Option<String>,
    pub(super) special_price: Option<String>,
    pub(super) eco_participation: Option<String>,
    pub(super) weight_g: Option<u32>,
    pub(super) content: Option<Content>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Content {
    pub(super) quantity: String,
    pub(super) unit: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProductText {
    pub(super) name: String,
    pub(super) slug: String,
    pub(super) short: String,
    pub(super) description: String,
    pub(super) meta_description: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Variant {
    pub(super) sku: String,
    pub(super) options: BTreeMap<String, String>,
    pub(super) stock: u32,
    #[serde(flatten)]
    pub(super) offer: Offer,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Picture {
    pub(super) svg: String,
    #[serde(default)]
    pub(super) colors: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) option: BTreeMap<String, String>,
    pub(super) alt: Both,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Eco {
    pub(super) labels: Vec<Label>,
    pub(super) origin: String,
    pub(super) origin_detail: Both,
    pub(super) materials: Vec<Material>,
    pub(super) co2e_kg: String,
    pub(super) co2e_source: Both,
    pub(super) packaging: Both,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Label {
    pub(super) scheme: String,
    pub(super) licence: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Material {
    pub(super) fr: String,
    pub(super) en: String,
    pub(super) share: u8,
    pub(super) recycled: u8,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manufacturer {
    pub(super) name: String,
    pub(super) address: String,
    pub(super) email: String,
}
