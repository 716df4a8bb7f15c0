//! What the shop tells of a product beyond Magento's contract.

use commerce::catalog::{ContentUnit, LEGAL_GUARANTEE_MONTHS};
use schemars::JsonSchema;
use serde::Serialize;

use super::Entry;
use crate::rest::call::Call;
use crate::rest::lenient::Number;

/// Facts with who says so, and what belongs to the price. Amounts are in the merchant's tax basis,
/// as the price is.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ProductEco")]
pub(super) struct EcoOut {
    labels: Vec<LabelOut>,
    /// Over the life of one unit.
    carbon_grams_co2e: Option<u64>,
    carbon_source: Option<String>,
    materials: Vec<MaterialOut>,
    origin_detail: String,
    packaging: String,
    /// From the delivery on.
    legal_guarantee_months: u32,
    /// On top of the price.
    eco_participation: Option<Number>,
    /// The lowest price of the thirty days before the special one.
    prior_price: Option<Number>,
    /// What one `unit` costs at the price in force.
    unit_price: Option<Number>,
    /// `liter`, `kilogram`, `meter` or `piece`.
    unit: Option<String>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "EcoLabel")]
struct LabelOut {
    scheme: String,
    licence: String,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Material")]
struct MaterialOut {
    name: String,
    /// Of the product's weight.
    share_percent: u8,
    /// Of this material.
    recycled_percent: u8,
}

impl EcoOut {
    pub(super) fn of(entry: &Entry, call: &Call) -> Self {
        let eco = &entry.product.eco;
        let labels = eco
            .labels
            .iter()
            .map(|label| LabelOut { scheme: label.scheme.clone(), licence: label.licence.clone() });
        let materials = eco.materials.iter().map(|material| MaterialOut {
            name: call.text(&material.name).to_owned(),
            share_percent: material.share.get(),
            recycled_percent: material.recycled.get(),
        });
        let price = entry.price(call);
        let content = entry.variant().and_then(|variant| variant.content);
        let now = call.shop.clock.now();
        let per_unit =
            price.zip(content).map(|(price, content)| content.price_per_unit(price.effective(now)));
        Self {
            labels: labels.collect(),
            carbon_grams_co2e: eco.carbon.as_ref().map(|carbon| carbon.grams_co2e),
            carbon_source: eco.carbon.as_ref().map(|carbon| call.text(&carbon.source).to_owned()),
            materials: materials.collect(),
            origin_detail: call.text(&eco.origin_detail).to_owned(),
            packaging: call.text(&eco.packaging).to_owned(),
            legal_guarantee_months: LEGAL_GUARANTEE_MONTHS,
            eco_participation: price.and_then(|price| price.eco_participation).map(Number::from),
            prior_price: price.and_then(|price| price.prior).map(Number::from),
            unit_price: per_unit.map(Number::from),
            unit: content.map(|content| unit(content.unit).to_owned()),
        }
    }
}

fn unit(unit: ContentUnit) -> &'static str {
    match unit {
        ContentUnit::Milliliter => "liter",
        ContentUnit::Gram => "kilogram",
        ContentUnit::Centimeter => "meter",
        ContentUnit::Piece => "piece",
    }
}
