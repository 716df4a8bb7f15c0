//! The cart, and the amounts that it shares with checkout and orders.

use serde::Serialize;

use super::{Characteristic, Layout, MoneyView, Picture};
use crate::i18n::Message;

#[derive(Clone, Debug, Serialize)]
pub struct CartPage {
    pub layout: Layout,
    /// Empty in an empty cart.
    pub lines: Vec<CartLineView>,
    /// Sent back with every change, so that two windows cannot undo each other's.
    pub version: i64,
    pub totals: Totals,
    /// How much is missing until delivery is offered.
    pub until_offered_delivery: Option<MoneyView>,
    /// Some line cannot be bought as it is.
    pub is_blocked: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct CartLineView {
    /// What the fields `line` and `quantity-<id>` are called by.
    pub id: String,
    pub name: String,
    /// `None` when the product is no longer sold.
    pub path: Option<String>,
    pub picture: Option<Picture>,
    pub options: Vec<Characteristic>,
    pub quantity: u32,
    pub max_quantity: u32,
    /// Of one unit, VAT and eco-participation included.
    pub unit_price: MoneyView,
    pub total: MoneyView,
    /// Of the line, part of `total`.
    pub eco_participation: Option<MoneyView>,
    /// Out of stock, fewer left, price changed.
    pub problem: Option<Message>,
}

/// How the total comes about. Lines, adjustments and shipping sum up to `total`.
#[derive(Clone, Debug, Serialize)]
pub struct Totals {
    pub n_units: u32,
    /// The lines, VAT and eco-participation included.
    pub subtotal: MoneyView,
    /// Of all lines, part of `subtotal`.
    pub eco_participation: Option<MoneyView>,
    /// Negative amounts with their reason.
    pub discounts: Vec<AmountLine>,
    pub shipping: Option<ShippingLine>,
    pub total: MoneyView,
    /// VAT by rate, part of `total`.
    pub taxes: Vec<TaxLine>,
}

#[derive(Clone, Debug, Serialize)]
pub struct AmountLine {
    /// Empty for a discount without a name of its own.
    pub name: String,
    pub amount: MoneyView,
}

#[derive(Clone, Debug, Serialize)]
pub struct ShippingLine {
    /// The method, once it is chosen.
    pub name: Option<String>,
    /// Zero is worded as offered.
    pub amount: MoneyView,
    /// No method is chosen yet and this is the cheapest.
    pub is_from: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct TaxLine {
    /// Percent, a decimal: `5.5`.
    pub rate: String,
    pub net: MoneyView,
    pub tax: MoneyView,
}
