//! Dated prices of one region, as data beside the code.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::CostError;

#[derive(Clone, Debug, Deserialize)]
pub struct Price {
    /// Such as `ec2.t3.small`.
    pub item: String,
    /// What the price is for: an hour, a GB-month, a million.
    pub unit: String,
    pub usd: f64,
    /// The day on which the price was looked up.
    pub as_of: String,
    pub basis: Basis,
    pub note: String,
}

/// How sure a price is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// From AWS's price list of the region.
    List,
    /// From a price of the list by a stated ratio.
    Derived,
    /// Believed; not looked up for this region.
    Estimate,
}

#[derive(Clone, Debug)]
pub struct Prices(BTreeMap<String, Price>);

impl Prices {
    /// Region eu-west-3.
    pub fn paris() -> Self {
        Self::read(include_str!("../../prices/eu-west-3.csv")).expect("a test reads it")
    }

    pub fn read(text: &str) -> Result<Self, csv::Error> {
        let rows = csv::Reader::from_reader(text.as_bytes()).into_deserialize();
        let prices = rows.map(|row: Result<Price, _>| row.map(|row| (row.item.clone(), row)));
        prices.collect::<Result<_, _>>().map(Self)
    }

    pub fn get(&self, item: &str) -> Result<&Price, CostError> {
        self.0.get(item).ok_or_else(|| CostError::NoPrice(item.to_owned()))
    }

    pub fn list(&self) -> impl Iterator<Item = &Price> {
        self.0.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_price_is_positive_dated_and_named_once() {
        let text = include_str!("../../prices/eu-west-3.csv");
        let prices = Prices::paris();

        assert_eq!(prices.list().count(), text.lines().count() - 1);
        for price in prices.list() {
            assert!(price.usd > 0.0, "{}", price.item);
            let is_date = price.as_of.len() == 10 && price.as_of.starts_with("202");
            assert!(is_date, "{}: {}", price.item, price.as_of);
            let explained = price.basis != Basis::Derived || !price.note.is_empty();
            assert!(explained, "{}: derived from what?", price.item);
        }
        assert_eq!(prices.get("gold").unwrap_err(), CostError::NoPrice("gold".to_owned()));
    }
}
