//! Sums of Magento's decimals, kept exact: it writes four or six places.

use std::fmt;

use commerce::money::Money;

/// An amount in millionths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Sum(i128);

impl Sum {
    /// Reads `-12.500000`; nothing is nothing.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() {
            return Some(Self(0));
        }
        let (is_negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || whole.len() > 24 || part.len() > 6 {
            return None;
        }
        if !are_digits(whole) || !are_digits(part) {
            return None;
        }
        let millionths: i128 = format!("{whole}{part:0<6}").parse().ok()?;
        Some(Self(if is_negative { -millionths } else { millionths }))
    }

    pub(super) fn of(money: Money) -> Self {
        let places = 6_u32.saturating_sub(money.currency().decimals());
        Self(i128::from(money.minor()) * 10_i128.pow(places))
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    pub(super) fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    pub(super) fn is_zero(self) -> bool {
        self.0 == 0
    }

    pub(super) fn is_above_zero(self) -> bool {
        self.0 > 0
    }

    /// Rounded half up to the places of a currency.
    pub(super) fn rounded(self, decimals: u32) -> Self {
        let step = 10_i128.pow(6_u32.saturating_sub(decimals));
        Self((self.0 + step / 2).div_euclid(step) * step)
    }
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0.unsigned_abs() / 1_000_000, self.0.unsigned_abs() % 1_000_000);
        let part = format!("{part:06}");
        let part = part.trim_end_matches('0');
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{whole}.{part:0<2}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn decimals_are_read_summed_and_rounded_exactly() {
        let sum = |text: &str| Sum::parse(text).unwrap();

        assert_eq!(sum("12.500000").to_string(), "12.50");
        assert_eq!(sum("-0.0001").to_string(), "-0.0001");
        assert_eq!(sum("").plus(sum("7")).to_string(), "7.00");
        assert_eq!(sum("8.333300").rounded(2).to_string(), "8.33");
        assert_eq!(sum("8.335000").rounded(2).to_string(), "8.34");
        assert_eq!(sum("1.10").minus(sum("2")).to_string(), "-0.90");
        for text in ["x", "1,5", "1.2.3", "--1", "1.1234567", ".5"] {
            assert_eq!(Sum::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(millionths in -10_i128.pow(20)..10_i128.pow(20)) {
            let sum = Sum(millionths);

            prop_assert_eq!(Sum::parse(&sum.to_string()), Some(sum));
        }

        #[test]
        fn arbitrary_texts_do_no_harm(text in "[-0-9.]{0,40}|\\PC{0,10}") {
            let _ = Sum::parse(&text);
        }
    }
}
