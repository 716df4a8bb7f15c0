//! Value added tax: dated rates by country and class, and how it is rounded.

use jiff::civil::Date;

use crate::channel::Country;
use crate::code;
use crate::money::{Money, MoneyError};
use crate::price::Price;

code! {
    /// What kind of good a rate is for: `standard`, `reduced`, `intermediate`, …
    TaxClass, 32, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'
}

/// A rate in basis points, so that 5.5 % is the integer 550.
///
/// Mainland France has four and its law has changed them before: rates are rows, never constants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaxRate(u32);

impl TaxRate {
    pub const ZERO: Self = Self(0);

    /// Accepts 0 to 10,000 basis points.
    pub fn from_basis_points(basis_points: u32) -> Option<Self> {
        (basis_points <= 10_000).then_some(Self(basis_points))
    }

    pub fn basis_points(self) -> u32 {
        self.0
    }

    /// Takes the tax out of an amount that includes it, rounding half away from zero.
    pub fn extract_from(self, gross: Money) -> Price {
        let divisor = 10_000 + i128::from(self.0);
        let scaled = i128::from(gross.minor()) * i128::from(self.0);
        let tax = (scaled + scaled.signum() * divisor / 2) / divisor;
        let tax = i64::try_from(tax).expect("tax is less than gross");
        let currency = gross.currency();
        Price::new(Money::new(gross.minor() - tax, currency), Money::new(tax, currency))
    }

    /// Adds the tax to an amount that excludes it, rounding half away from zero.
    pub fn add_to(self, net: Money) -> Result<Price, MoneyError> {
        let scaled = i128::from(net.minor()) * i128::from(self.0);
        let tax = (scaled + scaled.signum() * 5_000) / 10_000;
        let tax = i64::try_from(tax).map_err(|_| MoneyError::Overflow)?;
        let tax = Money::new(tax, net.currency());
        net.plus(tax)?;
        Ok(Price::new(net, tax))
    }
}

/// Where tax is rounded to the cent; kept on each order, because two policies differ by cents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Each unit, then times the quantity.
    PerUnit,
    /// Each line.
    PerLine,
    /// The sum of each rate, then spread over its lines.
    PerTotal,
}

/// One row of the rate table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatedRate {
    pub country: Country,
    pub class: TaxClass,
    pub rate: TaxRate,
    pub valid_from: Date,
    /// The last day it applies; `None` while nobody knows of an end.
    pub valid_until: Option<Date>,
}

/// The rates in force on one day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaxTable(Vec<DatedRate>);

impl TaxTable {
    pub fn new(rates: Vec<DatedRate>) -> Self {
        Self(rates)
    }

    /// Every row, in no particular order.
    pub fn rows(&self) -> &[DatedRate] {
        &self.0
    }

    /// The rate of `class` in `country` on `day`; the newest row that covers the day wins.
    ///
    /// A class that the country does not have falls back to its `standard` one, as a product of a
    /// reduced class in France may be an ordinary one elsewhere. `None`: no row, so no sale.
    pub fn rate(&self, country: Country, class: &TaxClass, day: Date) -> Option<TaxRate> {
        self.find(country, class.as_str(), day).or_else(|| self.find(country, "standard", day))
    }

    fn find(&self, country: Country, class: &str, day: Date) -> Option<TaxRate> {
        self.0
            .iter()
            .filter(|row| row.country == country && row.class.as_str() == class)
            .filter(|row| row.valid_from <= day && row.valid_until.is_none_or(|end| day <= end))
            .max_by_key(|row| row.valid_from)
            .map(|row| row.rate)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::money::Currency;

    fn eur(minor: i64) -> Money {
        Money::new(minor, Currency::EUR)
    }

    fn row(class: &str, rate: u32, from: Date, until: Option<Date>) -> DatedRate {
        DatedRate {
            country: Country::FR,
            class: TaxClass::new(class).unwrap(),
            rate: TaxRate(rate),
            valid_from: from,
            valid_until: until,
        }
    }

    #[test]
    fn the_french_standard_rate_rose_on_new_years_day_2014() {
        let last_day = date(2013, 12, 31);
        let table = TaxTable::new(vec![
            row("standard", 1960, date(2000, 4, 1), Some(last_day)),
            row("standard", 2000, date(2014, 1, 1), None),
            row("reduced", 550, date(2014, 1, 1), None),
        ]);
        let rate = |class: &str, day| table.rate(Country::FR, &TaxClass::new(class).unwrap(), day);

        assert_eq!(rate("standard", last_day), Some(TaxRate(1960)));
        assert_eq!(rate("standard", date(2014, 1, 1)), Some(TaxRate(2000)));
        assert_eq!(rate("reduced", date(2026, 1, 1)), Some(TaxRate(550)));
        assert_eq!(rate("books", date(2026, 1, 1)), Some(TaxRate(2000)));
        assert_eq!(rate("standard", date(1999, 1, 1)), None);
    }

    #[test]
    fn tax_is_taken_out_rounding_half_away_from_zero() {
        let rate = TaxRate(2000);

        assert_eq!(rate.extract_from(eur(2490)), Price::new(eur(2075), eur(415)));
        assert_eq!(rate.extract_from(eur(-2490)), Price::new(eur(-2075), eur(-415)));
        assert_eq!(TaxRate(550).extract_from(eur(450)), Price::new(eur(427), eur(23)));
        assert_eq!(rate.add_to(eur(2075)), Ok(Price::new(eur(2075), eur(415))));
    }

    proptest! {
        #[test]
        fn net_plus_tax_is_gross(minor in -10_i64.pow(12)..10_i64.pow(12), rate in 0_u32..=10_000) {
            let price = TaxRate(rate).extract_from(eur(minor));

            prop_assert_eq!(price.gross(), Ok(eur(minor)));
            prop_assert!(price.tax.minor().signum() * minor.signum() >= 0);
        }
    }
}
