//! What a product costs the planet, as facts with their sources.
//!
//! Directive (EU) 2024/825 and C. env. L541-9-1: no claim without its evidence, so each fact has a
//! place for who says so.

use crate::channel::Country;
use crate::content::Localized;

/// A certification: a label is only shown with its scheme and licence (Directive 2024/825).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub scheme: String,
    pub licence: String,
}

/// A share in whole percent, 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent(u8);

impl Percent {
    pub fn new(percent: u8) -> Option<Self> {
        (percent <= 100).then_some(Self(percent))
    }

    pub fn get(self) -> u8 {
        self.0
    }
}

/// What a product is made of, in percent of its weight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Material {
    pub name: Localized<String>,
    pub share: Percent,
    /// How much of this material, not of the product, is recycled.
    pub recycled: Percent,
}

/// Greenhouse gases over the life of one unit, with who measured them and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CarbonFootprint {
    /// Grams of CO2 equivalent; pages show kilograms.
    pub grams_co2e: u64,
    pub source: Localized<String>,
}

/// What transport by one way to deliver emits, worked out by the method that C. transports
/// D1431-1 and after describe; who buys transport is told the amount (L1431-3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransportCarbon {
    /// Grams of CO2 equivalent for a parcel, whatever it weighs.
    pub grams_per_parcel: u64,
    /// Grams of CO2 equivalent for each kilogram in it, on top.
    pub grams_per_kilogram: u64,
    /// Who worked it out, by which method and level, and when.
    pub source: Localized<String>,
}

impl TransportCarbon {
    /// Grams of CO2 equivalent for a parcel of this weight, rounded up.
    pub fn of(&self, weight_grams: u64) -> u64 {
        let by_weight = self.grams_per_kilogram.saturating_mul(weight_grams).div_ceil(1_000);
        self.grams_per_parcel.saturating_add(by_weight)
    }
}

/// What the transport of an order emits, as the buyer was told before ordering.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryCarbon {
    pub grams_co2e: u64,
    /// In the order's language.
    pub source: String,
}

/// The eco data of a product.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EcoSheet {
    pub labels: Vec<Label>,
    pub origin: Option<Country>,
    pub origin_detail: Localized<String>,
    pub materials: Vec<Material>,
    pub carbon: Option<CarbonFootprint>,
    pub packaging: Localized<String>,
}

/// Who made a product, as Regulation (EU) 2023/988 art. 19 wants it on the offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manufacturer {
    pub name: String,
    pub address: String,
    pub email: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transport_emits_more_the_heavier_the_parcel_rounded_up() {
        let source = Localized::default();
        let carbon = TransportCarbon { grams_per_parcel: 420, grams_per_kilogram: 80, source };

        assert_eq!(carbon.of(0), 420);
        assert_eq!(carbon.of(1_000), 500);
        assert_eq!(carbon.of(1), 421);
        assert_eq!(carbon.of(u64::MAX), 420 + u64::MAX.div_ceil(1_000));
    }
}
