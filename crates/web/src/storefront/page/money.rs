//! Amounts as templates receive them.

use std::borrow::Cow;

use serde::Serialize;

/// An amount in the minor unit of its currency. The `money` filter writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MoneyView {
    pub minor: i64,
    /// ISO 4217.
    pub currency: Cow<'static, str>,
}

impl MoneyView {
    pub fn new(minor: i64, currency: impl Into<Cow<'static, str>>) -> Self {
        Self { minor, currency: currency.into() }
    }
}

/// What a customer pays for one unit, VAT and eco-participation included.
#[derive(Clone, Debug, Serialize)]
pub struct PriceView {
    pub amount: MoneyView,
    /// The variants have different prices and this is the lowest.
    pub is_from: bool,
    pub reduction: Option<Reduction>,
    /// The visible share of the eco-organisation, part of `amount`, never discounted
    /// (C. env. L541-10-20).
    pub eco_participation: Option<MoneyView>,
    pub per_unit: Option<UnitPrice>,
}

/// An announced cut.
///
/// Only one former price may be shown: the lowest of the 30 days before the cut
/// (C. conso. L112-1-1). The percentage is computed from it, never from a list price.
#[derive(Clone, Debug, Serialize)]
pub struct Reduction {
    pub lowest_30_days: MoneyView,
    pub percent: u32,
}

/// The price of a kilogram or a litre, wherever a measured quantity is sold.
#[derive(Clone, Debug, Serialize)]
pub struct UnitPrice {
    pub amount: MoneyView,
    /// In the page's language: `kg`, `litre`, `m²`.
    pub unit: String,
}

impl PriceView {
    /// A plain price: no cut, no eco-participation.
    #[must_use]
    pub fn plain(amount: MoneyView) -> Self {
        Self { amount, is_from: false, reduction: None, eco_participation: None, per_unit: None }
    }
}
