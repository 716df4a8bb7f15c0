//! What Magento has no columns for, as JSON in cells: adjustments, parcels, options of a line.

use commerce::money::{Currency, Money};
use commerce::order::{Adjustment, AdjustmentSource, LineQuantity};
use commerce::price::Price;
use commerce::shipment::{Shipment, ShipmentId};
use commerce::tax::TaxRate;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Amounts are minor units.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AdjustmentJson {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    source: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    label: String,
    basis_points: u32,
    net: i64,
    tax: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ShipmentJson {
    carrier: String,
    tracking_number: String,
    shipped_at: jiff::Timestamp,
    /// A line's position and its quantity.
    lines: Vec<(u32, u32)>,
}

const SOURCES: [(&str, AdjustmentSource); 4] = [
    ("promotion", AdjustmentSource::Promotion),
    ("eco-participation", AdjustmentSource::EcoParticipation),
    ("shipping", AdjustmentSource::Shipping),
    ("manual", AdjustmentSource::Manual),
];

fn read<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

/// Nothing is an empty cell.
fn write<T: Serialize>(values: &[T]) -> String {
    if values.is_empty() {
        return String::new();
    }
    serde_json::to_string(values).expect("lists of plain values serialize")
}

pub(super) fn read_adjustments(text: &str, currency: Currency) -> Result<Vec<Adjustment>, String> {
    let money = |minor| Money::new(minor, currency);
    let adjustment = |it: AdjustmentJson| {
        if it.label.chars().count() > 190 {
            return Err("a label is longer than 190 characters".to_owned());
        }
        Ok(Adjustment {
            line: it.line,
            source: super::named(&SOURCES, &it.source)?,
            label: it.label,
            rate: TaxRate::from_basis_points(it.basis_points).ok_or("a rate is above 100 %")?,
            amount: Price::new(money(it.net), money(it.tax)),
        })
    };
    read::<Vec<AdjustmentJson>>(text)?.into_iter().map(adjustment).collect()
}

pub(super) fn write_adjustments(adjustments: &[Adjustment]) -> String {
    let json = |it: &Adjustment| AdjustmentJson {
        line: it.line,
        source: super::name_of(&SOURCES, &it.source).to_owned(),
        label: it.label.clone(),
        basis_points: it.rate.basis_points(),
        net: it.amount.net.minor(),
        tax: it.amount.tax.minor(),
    };
    write(&adjustments.iter().map(json).collect::<Vec<_>>())
}

pub(super) fn read_shipments(text: &str) -> Result<Vec<Shipment>, String> {
    let shipment = |it: ShipmentJson| {
        if it.carrier.chars().count() > 80 || it.tracking_number.chars().count() > 80 {
            return Err("a carrier or tracking number is longer than 80 characters".to_owned());
        }
        let mut positions: Vec<u32> = it.lines.iter().map(|(line, _)| *line).collect();
        positions.sort_unstable();
        positions.dedup();
        if positions.len() != it.lines.len() || it.lines.is_empty() {
            return Err("a parcel names each of its lines once, and one at least".to_owned());
        }
        Ok(Shipment {
            id: ShipmentId(uuid::Uuid::nil()),
            carrier: it.carrier,
            tracking_number: it.tracking_number,
            lines: it
                .lines
                .into_iter()
                .map(|(line, quantity)| LineQuantity { line, quantity })
                .collect(),
            shipped_at: it.shipped_at,
        })
    };
    read::<Vec<ShipmentJson>>(text)?.into_iter().map(shipment).collect()
}

pub(super) fn write_shipments(shipments: &[Shipment]) -> String {
    let json = |it: &Shipment| ShipmentJson {
        carrier: it.carrier.clone(),
        tracking_number: it.tracking_number.clone(),
        shipped_at: it.shipped_at,
        lines: it.lines.iter().map(|part| (part.line, part.quantity)).collect(),
    };
    write(&shipments.iter().map(json).collect::<Vec<_>>())
}

pub(super) fn read_options(text: &str) -> Result<Vec<(String, String)>, String> {
    read(text)
}

pub(super) fn write_options(options: &[(String, String)]) -> String {
    write(options)
}
