//! Ways to pay.

use jiff::Timestamp;

use crate::code;
use crate::content::Localized;
use crate::money::{Currency, Money};

code! {
    /// Names a way to pay, such as `bank-transfer`.
    PaymentMethodCode, 32, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'
}

/// How the money comes. Cards and wallets will be further kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentKind {
    BankTransfer,
    Cheque,
    CashOnDelivery,
}

impl PaymentKind {
    /// Whether the goods leave before the money has come.
    pub fn ships_unpaid(self) -> bool {
        matches!(self, Self::CashOnDelivery)
    }
}

/// The most that a consumer may pay a business in cash, in cents (C. mon. fin. L112-6, D112-3).
const MAX_CASH: i64 = 100_000;

impl PaymentMethod {
    /// Whether a total, tax included, may be paid so.
    pub fn takes(&self, total: Money) -> bool {
        match self.kind {
            PaymentKind::CashOnDelivery => {
                total.currency() != Currency::EUR || total.minor() <= MAX_CASH
            }
            PaymentKind::BankTransfer | PaymentKind::Cheque => true,
        }
    }
}

/// A way to pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentMethod {
    pub code: PaymentMethodCode,
    pub kind: PaymentKind,
    pub name: Localized<String>,
    /// What the buyer has to do, shown before and after the order; Markdown.
    pub instructions: Localized<String>,
}

/// Whether the money has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentState {
    Due,
    Paid { at: Timestamp },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_than_the_law_allows_is_paid_in_cash() {
        let takes = |kind, minor| {
            let code = PaymentMethodCode::new("any").unwrap();
            let (name, instructions) = (Localized::default(), Localized::default());
            PaymentMethod { code, kind, name, instructions }.takes(Money::new(minor, Currency::EUR))
        };

        assert!(takes(PaymentKind::CashOnDelivery, 100_000));
        assert!(!takes(PaymentKind::CashOnDelivery, 100_001));
        assert!(takes(PaymentKind::Cheque, 100_001));
    }
}
