//! The product page.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::json;

use super::{Breadcrumb, Card, Layout, MoneyView, Picture, PriceView};
use crate::format::plain_money;

#[derive(Clone, Debug, Serialize)]
pub struct ProductPage {
    pub layout: Layout,
    pub breadcrumbs: Vec<Breadcrumb>,
    pub product: ProductView,
    pub related: Vec<Card>,
    /// See [`ProductView::json_ld`] and [`breadcrumbs_json_ld`].
    pub json_ld: Vec<serde_json::Value>,
}

#[derive(Clone, Debug, Serialize)]
pub struct ProductView {
    /// Posted as `product` with the chosen options, for the server to find the variant.
    pub id: String,
    /// Of the selected variant, or of the product when none is.
    pub sku: String,
    pub name: String,
    pub path: String,
    pub brand: Option<String>,
    /// One sentence or two, plain text.
    pub summary: Option<String>,
    /// HTML that the shop wrote and the back office sanitized.
    pub description: Option<String>,
    pub pictures: Vec<Picture>,
    pub labels: Vec<String>,
    /// Of the selected variant, or the lowest.
    pub price: PriceView,
    pub stock: StockView,
    /// Empty for a product with a single variant.
    pub axes: Vec<Axis>,
    /// Empty for a product with a single variant.
    pub variants: Vec<VariantView>,
    pub max_quantity: u32,
    pub delivery: DeliveryView,
    pub characteristics: Vec<Characteristic>,
    pub eco: Option<EcoSheet>,
    pub safety: Option<SafetyView>,
    pub guarantee: GuaranteeView,
}

/// What can be said of the stock. Serialized as `{state, left}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum StockView {
    InStock,
    /// Few enough to say how many.
    Low {
        left: u32,
    },
    Out,
}

impl StockView {
    #[must_use]
    pub fn is_available(&self) -> bool {
        *self != Self::Out
    }
}

/// One choice that makes a variant: colour, size.
#[derive(Clone, Debug, Serialize)]
pub struct Axis {
    /// The attribute's code; the field is `option-<code>`.
    pub code: String,
    pub name: String,
    pub values: Vec<AxisValue>,
}

#[derive(Clone, Debug, Serialize)]
pub struct AxisValue {
    pub value: String,
    pub name: String,
    /// `#rrggbb`.
    pub swatch: Option<String>,
    pub is_selected: bool,
    /// Some variant with this value is in stock.
    pub is_available: bool,
}

/// What changes on the page when this variant is chosen.
#[derive(Clone, Debug, Serialize)]
pub struct VariantView {
    pub sku: String,
    /// Axis code → value.
    pub options: BTreeMap<String, String>,
    pub price: PriceView,
    pub stock: StockView,
    /// Which of the product's pictures shows it, from 0.
    pub picture: Option<u32>,
    pub max_quantity: u32,
}

/// What delivery costs and takes, before anybody gives an address.
#[derive(Clone, Debug, Serialize)]
pub struct DeliveryView {
    /// The cheapest delivery within the country of the channel.
    pub from: MoneyView,
    pub offered_from: Option<MoneyView>,
    /// A sentence in the page's language: `Deux à quatre jours ouvrés.`
    pub delay: String,
    pub has_pickup: bool,
    /// Days to change one's mind; `None` when the law excludes the product (L221-28).
    pub withdrawal_days: Option<u32>,
    /// Where the page that explains all that is.
    pub path: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct Characteristic {
    pub name: String,
    pub value: String,
}

/// Facts about the environment, each with its source (AGEC art. 13, directive 2024/825).
#[derive(Clone, Debug, Default, Serialize)]
pub struct EcoSheet {
    pub labels: Vec<EcoLabel>,
    /// Where each step of making takes place.
    pub origin: Vec<Characteristic>,
    pub materials: Vec<Material>,
    /// Of the whole product, in percent.
    pub recycled_percent: Option<u32>,
    pub carbon: Option<Carbon>,
    pub packaging: Option<String>,
    /// Recyclability, repair, spare parts, hazardous substances…
    pub others: Vec<Characteristic>,
    /// Where each component goes after use (info-tri).
    pub sorting: Vec<Characteristic>,
    /// The same data as JSON.
    pub data_path: Option<String>,
}

/// A certification: never without its scheme and licence.
#[derive(Clone, Debug, Serialize)]
pub struct EcoLabel {
    pub name: String,
    pub scheme: String,
    pub licence: String,
    pub url: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Material {
    pub name: String,
    pub percent: u32,
    /// The recycled share of this material.
    pub recycled_percent: u32,
}

/// Greenhouse gases of one unit.
#[derive(Clone, Debug, Serialize)]
pub struct Carbon {
    /// Kilograms of CO₂ equivalent, a decimal.
    pub kilograms: String,
    /// Which part of its life is counted.
    pub scope: String,
    /// Who computed it, by which method, when.
    pub source: String,
    pub url: Option<String>,
}

/// Manufacturer, responsible person and warnings (regulation 2023/988, article 19).
#[derive(Clone, Debug, Serialize)]
pub struct SafetyView {
    pub manufacturer: PartyView,
    pub responsible: Option<PartyView>,
    /// Type, batch or model by which the product is identified.
    pub identifier: Option<String>,
    pub warnings: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct PartyView {
    pub name: String,
    pub address: String,
    pub email: String,
}

/// The harmonised notice on the legal guarantee (implementing regulation 2025/1960).
#[derive(Clone, Debug, Serialize)]
pub struct GuaranteeView {
    /// The official artwork in the page's language; without it the template words the notice.
    pub notice: Option<Picture>,
    /// Years of the producer's durability guarantee, when it is longer than two and free.
    pub producer_years: Option<u32>,
    pub terms_path: Option<String>,
}

impl ProductView {
    /// The product as search engines read it. `origin` is the shop's, `https://shop.example`.
    #[must_use]
    pub fn json_ld(&self, origin: &str, url: &str) -> serde_json::Value {
        let absolute = |src: &str| match src.strip_prefix('/') {
            Some(path) => format!("{origin}/{path}"),
            None => src.to_owned(),
        };
        let images: Vec<_> = self.pictures.iter().map(|picture| absolute(&picture.src)).collect();
        let offers: Vec<_> = if self.variants.is_empty() {
            vec![offer(url, &self.sku, &self.price, &self.stock)]
        } else {
            let one = |variant: &VariantView| {
                let url = format!("{url}?sku={}", variant.sku);
                offer(&url, &variant.sku, &variant.price, &variant.stock)
            };
            self.variants.iter().map(one).collect()
        };
        let mut product = json!({
            "@context": "https://schema.org",
            "@type": "Product",
            "name": self.name,
            "sku": self.sku,
            "url": url,
            "image": images,
            "offers": offers,
        });
        if let Some(summary) = &self.summary {
            product["description"] = json!(summary);
        }
        if let Some(brand) = &self.brand {
            product["brand"] = json!({"@type": "Brand", "name": brand});
        }
        if let Some(eco) = &self.eco
            && !eco.labels.is_empty()
        {
            let certification = |label: &EcoLabel| {
                json!({
                    "@type": "Certification",
                    "name": label.name,
                    "issuedBy": {"@type": "Organization", "name": label.scheme},
                    "certificationIdentification": label.licence,
                })
            };
            product["hasCertification"] = eco.labels.iter().map(certification).collect();
        }
        product
    }
}

fn offer(url: &str, sku: &str, price: &PriceView, stock: &StockView) -> serde_json::Value {
    let availability = match stock {
        StockView::InStock => "https://schema.org/InStock",
        StockView::Low { .. } => "https://schema.org/LimitedAvailability",
        StockView::Out => "https://schema.org/OutOfStock",
    };
    json!({
        "@type": "Offer",
        "url": url,
        "sku": sku,
        "price": plain_money(price.amount.minor, &price.amount.currency),
        "priceCurrency": price.amount.currency,
        "availability": availability,
        "itemCondition": "https://schema.org/NewCondition",
    })
}

/// The way to the page as search engines read it. `origin` includes the language prefix.
#[must_use]
pub fn breadcrumbs_json_ld(origin: &str, breadcrumbs: &[Breadcrumb]) -> serde_json::Value {
    let item = |(i, crumb): (usize, &Breadcrumb)| {
        json!({
            "@type": "ListItem",
            "position": i + 1,
            "name": crumb.name,
            "item": format!("{origin}{}", crumb.path),
        })
    };
    json!({
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": breadcrumbs.iter().enumerate().map(item).collect::<Vec<_>>(),
    })
}
