//! What a customer pays, and which price of a variant applies when.

use jiff::Timestamp;

use crate::channel::ChannelCode;
use crate::money::{Currency, Money, MoneyError};

/// What a customer pays, with its tax laid open: `net + tax` is always the gross.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Price {
    pub net: Money,
    pub tax: Money,
}

impl Price {
    pub const fn new(net: Money, tax: Money) -> Self {
        Self { net, tax }
    }

    pub const fn zero(currency: Currency) -> Self {
        Self { net: Money::zero(currency), tax: Money::zero(currency) }
    }

    pub fn gross(self) -> Result<Money, MoneyError> {
        self.net.plus(self.tax)
    }

    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        Ok(Self { net: self.net.plus(other.net)?, tax: self.tax.plus(other.tax)? })
    }

    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        Ok(Self { net: self.net.minus(other.net)?, tax: self.tax.minus(other.tax)? })
    }

    pub fn times(self, quantity: u32) -> Result<Self, MoneyError> {
        Ok(Self { net: self.net.times(quantity)?, tax: self.tax.times(quantity)? })
    }

    pub fn sum(
        currency: Currency,
        prices: impl IntoIterator<Item = Self>,
    ) -> Result<Self, MoneyError> {
        prices.into_iter().try_fold(Self::zero(currency), Self::plus)
    }
}

/// What a variant costs in one channel, in the channel's currency and tax basis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelPrice {
    pub channel: ChannelCode,
    pub regular: Money,
    pub special: Option<SpecialPrice>,
    /// The eco-participation of one unit, on top of the price; no discount touches it
    /// (C. env. L541-10-20). Same tax basis as the price.
    pub eco_participation: Option<Money>,
    /// The lowest price asked in the thirty days before the current special price began
    /// (C. conso. L112-1-1); kept by the price log, `None` without a special price.
    pub prior: Option<Money>,
}

/// A lower price for a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpecialPrice {
    pub amount: Money,
    pub from: Option<Timestamp>,
    /// The first moment it no longer applies.
    pub until: Option<Timestamp>,
}

impl SpecialPrice {
    pub fn applies(&self, at: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= at) && self.until.is_none_or(|until| at < until)
    }
}

impl ChannelPrice {
    /// The unit price in force: the special one while it applies and is really lower.
    pub fn effective(&self, at: Timestamp) -> Money {
        match self.special {
            Some(special) if special.applies(at) && special.amount < self.regular => special.amount,
            _ => self.regular,
        }
    }

    /// The next moment after `at` when [`Self::effective`] may change by itself.
    pub fn next_change(&self, at: Timestamp) -> Option<Timestamp> {
        let special = self.special?;
        [special.from, special.until].into_iter().flatten().filter(|&moment| moment > at).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_special_price_applies_from_its_first_moment_to_before_its_last() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let eur = |minor| Money::new(minor, Currency::EUR);
        let price = ChannelPrice {
            channel: ChannelCode::new("fr").unwrap(),
            regular: eur(2490),
            special: Some(SpecialPrice {
                amount: eur(1990),
                from: Some(at(10)),
                until: Some(at(20)),
            }),
            eco_participation: None,
            prior: None,
        };

        let effective: Vec<i64> =
            [9, 10, 19, 20].map(|second| price.effective(at(second)).minor()).into();

        assert_eq!(effective, [2490, 1990, 1990, 2490]);
        assert_eq!(price.next_change(at(9)), Some(at(10)));
        assert_eq!(price.next_change(at(10)), Some(at(20)));
        assert_eq!(price.next_change(at(20)), None);
    }
}
