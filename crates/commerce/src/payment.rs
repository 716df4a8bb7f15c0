//! Ways to pay.

use jiff::Timestamp;

use crate::code;
use crate::content::Localized;

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
