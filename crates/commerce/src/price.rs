//! What a customer pays, and which price of a variant applies when.

use jiff::{SignedDuration, Timestamp};

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

/// How long before a price cut its reference is looked for (C. conso. L112-1-1).
pub const PRIOR_PERIOD: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What was asked from a moment on, until the next line of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoggedPrice {
    pub at: Timestamp,
    pub regular: Money,
    pub special: Option<SpecialPrice>,
}

impl LoggedPrice {
    /// The lowest price asked between two moments, the second excluded.
    fn lowest(&self, from: Timestamp, until: Timestamp) -> Money {
        match self.special {
            Some(special)
                if special.from.is_none_or(|begin| begin < until)
                    && special.until.is_none_or(|end| from < end) =>
            {
                special.amount.min(self.regular)
            }
            _ => self.regular,
        }
    }
}

/// The lowest price asked in the thirty days before a special price begins.
///
/// `log` is in order of time. `None` when nothing was asked before: a product that is new at its
/// special price has no earlier one to compare with, so no cut may be announced.
pub fn prior_price(log: &[LoggedPrice], begins_at: Timestamp) -> Option<Money> {
    let window = begins_at.saturating_sub(PRIOR_PERIOD).unwrap_or(Timestamp::MIN);
    log.iter()
        .enumerate()
        .filter_map(|(i, line)| {
            let until = log.get(i + 1).map_or(begins_at, |next| next.at.min(begins_at));
            let from = line.at.max(window);
            (from < until).then(|| line.lowest(from, until))
        })
        .min()
}

/// The prior price of a special price that is saved at `at`, in place of `previous`.
///
/// Cuts that follow each other without a gap, each as low as the one before or lower, keep the
/// reference of the first, as the law has it for progressive cuts. A pause between two cuts, or
/// a step up, begins anew; whether they belong to one campaign is not asked.
pub fn prior_of_cut(
    previous: Option<&ChannelPrice>,
    log: &[LoggedPrice],
    special: SpecialPrice,
    at: Timestamp,
) -> Option<Money> {
    let begins_at = special.from.map_or(at, |from| from.max(at));
    // What is saved now ends the cut before it: one that begins later comes after a pause.
    if begins_at == at
        && let Some(ChannelPrice { special: Some(before), prior: Some(prior), regular, .. }) =
            previous
        && before.amount < *regular
        && before.from.is_none_or(|from| from < at)
        && before.until.is_none_or(|until| until >= at)
        && special.amount <= before.amount
    {
        return Some(*prior);
    }
    prior_price(log, begins_at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(number: i64) -> Timestamp {
        Timestamp::from_second(number * 86_400).unwrap()
    }

    fn eur(minor: i64) -> Money {
        Money::new(minor, Currency::EUR)
    }

    fn cut(amount: i64, from: i64, until: Option<i64>) -> SpecialPrice {
        SpecialPrice { amount: eur(amount), from: Some(day(from)), until: until.map(day) }
    }

    fn asked(at: i64, regular: i64, special: Option<SpecialPrice>) -> LoggedPrice {
        LoggedPrice { at: day(at), regular: eur(regular), special }
    }

    #[test]
    fn the_prior_price_is_the_lowest_of_the_thirty_days_before() {
        let log = [
            asked(0, 1500, None),
            asked(65, 2500, None),
            asked(80, 2000, None),
            asked(90, 2200, Some(cut(1800, 92, Some(94)))),
        ];

        assert_eq!(prior_price(&log, day(100)), Some(eur(1800)));
        assert_eq!(prior_price(&log, day(92)), Some(eur(1500)), "asked until day 65");
        assert_eq!(prior_price(&log, day(124)), Some(eur(2200)), "the last cut is 30 days ago");
        assert_eq!(prior_price(&log, day(0)), None, "nothing was asked before");
        assert_eq!(prior_price(&[], day(0)), None);
    }

    #[test]
    fn a_higher_special_price_was_never_asked() {
        let log = [asked(0, 2000, Some(cut(2100, 0, None)))];

        assert_eq!(prior_price(&log, day(10)), Some(eur(2000)));
    }

    #[test]
    fn progressive_cuts_keep_the_first_reference() {
        let first = ChannelPrice {
            channel: ChannelCode::new("fr").unwrap(),
            regular: eur(2500),
            special: Some(cut(2000, 50, Some(60))),
            eco_participation: None,
            prior: Some(eur(2500)),
        };
        let log = [asked(0, 2500, None), asked(50, 2500, first.special)];
        let prior = |special, at| prior_of_cut(Some(&first), &log, special, day(at));

        assert_eq!(prior(cut(1500, 55, None), 55), Some(eur(2500)), "lower, while it lasts");
        assert_eq!(prior(cut(1500, 60, None), 60), Some(eur(2500)), "lower, right after it");
        assert_eq!(prior(cut(1500, 60, None), 55), Some(eur(2000)), "a pause of five days");
        assert_eq!(prior(cut(2200, 55, None), 55), Some(eur(2000)), "a step up begins anew");
        assert_eq!(prior(cut(1500, 70, None), 70), Some(eur(2000)), "a pause begins anew");
        assert_eq!(prior_of_cut(None, &log, cut(1500, 40, None), day(40)), Some(eur(2500)));
    }

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
