//! What is on hand and what is already promised.

use crate::catalog::Sku;
use crate::code;

code! {
    /// Names a place that stock lies in, such as `main`.
    SourceCode, 32, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'
}

/// The stock of one SKU in one source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StockLevel {
    pub on_hand: u32,
    /// Promised to orders and not yet shipped; at most `on_hand`.
    pub allocated: u32,
}

impl StockLevel {
    pub fn available(self) -> u32 {
        self.on_hand.saturating_sub(self.allocated)
    }
}

/// Why a stock level changed; each change is a line of the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StockMove {
    /// Goods came in, or were counted: `on_hand` moves.
    Receive,
    Count,
    /// An order was placed: `allocated` grows.
    Allocate,
    /// An order was canceled: `allocated` shrinks.
    Release,
    /// Goods left: both shrink.
    Ship,
}

/// A quantity of one SKU, as orders allocate, release and ship it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SkuQuantity {
    pub sku: Sku,
    pub quantity: u32,
}
