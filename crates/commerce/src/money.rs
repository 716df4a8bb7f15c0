//! Exact amounts of money.

use std::cmp::Reverse;
use std::fmt;

/// An ISO 4217 currency.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    pub const EUR: Self = Self(*b"EUR");

    /// Accepts a code of three capital letters, of a currency whose minor unit we know.
    pub fn new(code: &str) -> Option<Self> {
        match code {
            "EUR" | "CHF" | "GBP" | "USD" | "DKK" | "SEK" | "NOK" | "PLN" | "CZK" | "JPY" => {
                Some(Self(code.as_bytes().try_into().ok()?))
            }
            _ => None,
        }
    }

    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("a currency is made of ascii letters")
    }

    /// How many decimals the minor unit has: 2 for cents.
    pub fn decimals(self) -> u32 {
        if &self.0 == b"JPY" { 0 } else { 2 }
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why two amounts could not be combined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    #[error("amounts in {0:?} and {1:?} do not add up")]
    CurrencyMismatch(Currency, Currency),
    #[error("the amount is too large to be counted")]
    Overflow,
}

/// An exact amount, counted in the minor unit of its currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

impl Money {
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    pub const fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }

    /// Reads a decimal such as `24.9` or `24.90`: at most as many decimals as the currency has,
    /// a dot or a comma between, no sign, no grouping, at most ten digits before.
    pub fn parse(text: &str, currency: Currency) -> Option<Self> {
        let text = text.trim();
        let (whole, part) = text.split_once(['.', ',']).unwrap_or((text, ""));
        let decimals = usize::try_from(currency.decimals()).ok()?;
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || whole.len() > 10 || part.len() > decimals {
            return None;
        }
        if !digits(whole) || !digits(part) {
            return None;
        }
        format!("{whole}{part:0<decimals$}").parse().ok().map(|minor| Self { minor, currency })
    }

    /// Writes the amount as a plain decimal with a dot, such as `24.90`, for programs.
    pub fn to_decimal(self) -> String {
        let scale = 10_u64.pow(self.currency.decimals());
        let sign = if self.minor < 0 { "-" } else { "" };
        let minor = self.minor.unsigned_abs();
        if scale == 1 {
            return format!("{sign}{minor}");
        }
        let width = usize::try_from(self.currency.decimals()).expect("few decimals");
        format!("{sign}{}.{:0width$}", minor / scale, minor % scale)
    }

    pub const fn minor(self) -> i64 {
        self.minor
    }

    pub const fn currency(self) -> Currency {
        self.currency
    }

    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    pub const fn is_negative(self) -> bool {
        self.minor < 0
    }

    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::CurrencyMismatch(self.currency, other.currency));
        }
        let minor = self.minor.checked_add(other.minor).ok_or(MoneyError::Overflow)?;
        Ok(Self { minor, ..self })
    }

    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        let negated = other.minor.checked_neg().ok_or(MoneyError::Overflow)?;
        self.plus(Self { minor: negated, ..other })
    }

    pub fn times(self, quantity: u32) -> Result<Self, MoneyError> {
        let minor = self.minor.checked_mul(i64::from(quantity)).ok_or(MoneyError::Overflow)?;
        Ok(Self { minor, ..self })
    }

    /// Adds up amounts of one currency; the sum of none is zero.
    pub fn sum(
        currency: Currency,
        amounts: impl IntoIterator<Item = Self>,
    ) -> Result<Self, MoneyError> {
        amounts.into_iter().try_fold(Self::zero(currency), Self::plus)
    }

    /// Splits the amount in proportion to `weights`, losing nothing.
    ///
    /// The parts sum to `self`. Units left over by rounding go to the largest remainders, the
    /// earlier part winning a tie, so a discount splits the same way on every machine.
    ///
    /// `None` when the weights sum to zero: there is nobody to give the amount to.
    pub fn allocate(self, weights: &[u64]) -> Option<Vec<Self>> {
        let total: i128 = weights.iter().copied().map(i128::from).sum();
        if total == 0 {
            return None;
        }
        let exact = |weight: u64| i128::from(self.minor) * i128::from(weight);
        let mut minors: Vec<i128> = weights.iter().map(|&w| exact(w).div_euclid(total)).collect();

        let left_over = i128::from(self.minor) - minors.iter().sum::<i128>();
        let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
        by_remainder.sort_by_key(|&i| Reverse(exact(weights[i]).rem_euclid(total)));
        for &i in by_remainder.iter().take(usize::try_from(left_over).expect("0 <= left_over")) {
            minors[i] += 1;
        }

        let part = |minor| Self { minor: i64::try_from(minor).expect("part of an i64"), ..self };
        Some(minors.into_iter().map(part).collect())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn eur(minor: i64) -> Money {
        Money::new(minor, Currency::EUR)
    }

    #[test]
    fn decimals_are_read_and_written_exactly() {
        for (text, minor) in
            [("24.90", 2490), ("24,9", 2490), ("0.05", 5), ("7", 700), (" 1 ", 100)]
        {
            assert_eq!(Money::parse(text, Currency::EUR), Some(eur(minor)), "{text}");
        }
        for text in ["", ".5", "1.234", "-1", "1e3", "1 000", "12345678901", "NaN", "1.2.3", "١"] {
            assert_eq!(Money::parse(text, Currency::EUR), None, "{text}");
        }
        assert_eq!(eur(-5).to_decimal(), "-0.05");
        assert_eq!(eur(123_456).to_decimal(), "1234.56");
    }

    #[test]
    fn left_over_cents_go_to_the_largest_remainders_first() {
        let parts = eur(100).allocate(&[1, 1, 1]).unwrap();

        assert_eq!(parts, [eur(34), eur(33), eur(33)]);
        assert_eq!(eur(100).allocate(&[0, 0]), None);
    }

    #[test]
    fn amounts_of_two_currencies_do_not_mix() {
        let usd = Currency::new("USD").unwrap();

        assert_eq!(
            eur(1).plus(Money::zero(usd)),
            Err(MoneyError::CurrencyMismatch(Currency::EUR, usd))
        );
        assert_eq!(eur(i64::MAX).plus(eur(1)), Err(MoneyError::Overflow));
        assert_eq!(eur(i64::MAX).times(2), Err(MoneyError::Overflow));
    }

    proptest! {
        #[test]
        fn the_parts_sum_to_the_whole(
            minor in -1_000_000_000_i64..1_000_000_000,
            weights in prop::collection::vec(0_u64..1_000_000, 1..20),
        ) {
            if let Some(parts) = eur(minor).allocate(&weights) {
                prop_assert_eq!(Money::sum(Currency::EUR, parts), Ok(eur(minor)));
            }
        }
    }
}
