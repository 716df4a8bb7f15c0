//! Ways to deliver, what they cost, and parcels that left.

use jiff::Timestamp;

use crate::channel::Country;
use crate::content::Localized;
use crate::eco::TransportCarbon;
use crate::money::Money;
use crate::order::LineQuantity;
use crate::tax::TaxClass;
use crate::{code, id};

code! {
    /// Names a way to deliver, such as `colissimo`.
    ShippingMethodCode, 32, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'
}

/// A way to deliver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShippingMethod {
    pub code: ShippingMethodCode,
    pub name: Localized<String>,
    /// How long it takes, or where and when to collect.
    pub description: Localized<String>,
    pub rule: ShippingRule,
    pub tax_class: TaxClass,
    /// `None` where nothing is transported, or nobody has worked it out.
    pub carbon: Option<TransportCarbon>,
}

/// What a method costs. Amounts are in the channel's currency and tax basis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShippingRule {
    Flat {
        countries: Vec<Country>,
        price: Money,
    },
    /// `price`, and nothing from `threshold` on.
    FreeAbove {
        countries: Vec<Country>,
        price: Money,
        threshold: Money,
    },
    /// The first row that fits decides; no row, no delivery.
    Table(Vec<TableRate>),
    /// Collected at the merchant's: no delivery address is needed.
    PickUp {
        price: Money,
    },
}

/// One row of a rate table; a bound that is `None` holds always.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableRate {
    pub country: Option<Country>,
    /// The postcode begins with it; `20` is Corsica.
    pub postcode_prefix: Option<String>,
    /// The heaviest parcel the row is for, in grams, itself included.
    pub max_weight_grams: Option<u64>,
    /// The least that the goods cost after discounts.
    pub min_total: Option<Money>,
    pub price: Money,
}

/// What is to be delivered, and where to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel<'a> {
    pub country: Country,
    pub postcode: &'a str,
    pub weight_grams: u64,
    /// The goods after discounts, in the channel's tax basis.
    pub total: Money,
}

impl ShippingRule {
    /// The price for this parcel; `None` when the method does not go there or take it.
    pub fn price(&self, parcel: &Parcel<'_>) -> Option<Money> {
        let goes_there =
            |countries: &[Country]| countries.contains(&parcel.country) && !parcel.is_overseas();
        match self {
            Self::Flat { countries, price } => goes_there(countries).then_some(*price),
            Self::FreeAbove { countries, price, threshold } => {
                let is_free = parcel.total >= *threshold;
                let price = if is_free { Money::zero(price.currency()) } else { *price };
                goes_there(countries).then_some(price)
            }
            Self::Table(rows) => rows.iter().find(|row| row.fits(parcel)).map(|row| row.price),
            Self::PickUp { price } => Some(*price),
        }
    }

    pub fn is_pick_up(&self) -> bool {
        matches!(self, Self::PickUp { .. })
    }
}

impl Parcel<'_> {
    /// Whether it goes to a French territory overseas, which has its own taxes and customs: only a
    /// row of a table that names its postcodes goes there.
    fn is_overseas(&self) -> bool {
        self.country == Country::FR && ["97", "98"].iter().any(|it| self.postcode.starts_with(it))
    }
}

impl TableRate {
    fn fits(&self, parcel: &Parcel<'_>) -> bool {
        self.country.is_none_or(|country| country == parcel.country)
            && (self.postcode_prefix.is_some() || !parcel.is_overseas())
            && self
                .postcode_prefix
                .as_deref()
                .is_none_or(|prefix| parcel.postcode.starts_with(prefix))
            && self.max_weight_grams.is_none_or(|max| parcel.weight_grams <= max)
            && self.min_total.is_none_or(|min| parcel.total >= min)
    }
}

id! {
    /// Identifies a parcel.
    ShipmentId
}

/// A parcel that left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shipment {
    pub id: ShipmentId,
    pub carrier: String,
    /// Empty when the carrier gives none.
    pub tracking_number: String,
    pub lines: Vec<LineQuantity>,
    pub shipped_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    fn eur(minor: i64) -> Money {
        Money::new(minor, Currency::EUR)
    }

    fn parcel(postcode: &str, weight_grams: u64, total: i64) -> Parcel<'_> {
        Parcel { country: Country::FR, postcode, weight_grams, total: eur(total) }
    }

    #[test]
    fn delivery_is_free_from_the_threshold_on() {
        let rule = ShippingRule::FreeAbove {
            countries: vec![Country::FR],
            price: eur(490),
            threshold: eur(6000),
        };

        assert_eq!(rule.price(&parcel("75011", 1, 5999)), Some(eur(490)));
        assert_eq!(rule.price(&parcel("75011", 1, 6000)), Some(eur(0)));
        let abroad = Parcel { country: Country::new("BE").unwrap(), ..parcel("1000", 1, 6000) };
        assert_eq!(rule.price(&abroad), None);
    }

    #[test]
    fn overseas_takes_a_row_that_names_it() {
        let countries = vec![Country::FR];
        let flat = ShippingRule::Flat { countries, price: eur(490) };
        let row = |prefix: Option<&str>, price| TableRate {
            country: Some(Country::FR),
            postcode_prefix: prefix.map(str::to_owned),
            max_weight_grams: None,
            min_total: None,
            price: eur(price),
        };
        let table = ShippingRule::Table(vec![row(Some("974"), 2900), row(None, 590)]);

        assert_eq!(flat.price(&parcel("97400", 1, 0)), None);
        assert_eq!(flat.price(&parcel("69001", 1, 0)), Some(eur(490)));
        assert_eq!(table.price(&parcel("97400", 1, 0)), Some(eur(2900)));
        assert_eq!(table.price(&parcel("98800", 1, 0)), None);
        assert_eq!(table.price(&parcel("69001", 1, 0)), Some(eur(590)));
    }

    #[test]
    fn the_first_row_that_fits_decides() {
        let row = |prefix: Option<&str>, max, min: Option<i64>, price| TableRate {
            country: Some(Country::FR),
            postcode_prefix: prefix.map(str::to_owned),
            max_weight_grams: max,
            min_total: min.map(eur),
            price: eur(price),
        };
        let rule = ShippingRule::Table(vec![
            row(Some("20"), None, None, 1200),
            row(None, Some(500), None, 390),
            row(None, Some(5_000), Some(8_000), 290),
            row(None, Some(5_000), None, 690),
        ]);

        assert_eq!(rule.price(&parcel("20000", 100, 0)), Some(eur(1200)));
        assert_eq!(rule.price(&parcel("75011", 500, 0)), Some(eur(390)));
        assert_eq!(rule.price(&parcel("75011", 501, 7_999)), Some(eur(690)));
        assert_eq!(rule.price(&parcel("75011", 501, 8_000)), Some(eur(290)));
        assert_eq!(rule.price(&parcel("75011", 5_001, 8_000)), None);
    }
}
