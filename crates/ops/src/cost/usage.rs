//! How much is used in a month: what depends on the load, as low, expected and high.

use std::ops::{Add, Mul};

/// Three values of one thing: the fewest that can be hoped for, what is expected, the most to fear.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Range {
    pub low: f64,
    pub expected: f64,
    pub high: f64,
}

impl Range {
    pub const fn new(low: f64, expected: f64, high: f64) -> Self {
        Self { low, expected, high }
    }

    /// What is known, so that nothing varies.
    pub const fn fixed(value: f64) -> Self {
        Self::new(value, value, value)
    }

    pub(super) fn map(self, f: impl Fn(f64) -> f64) -> Self {
        Self::new(f(self.low), f(self.expected), f(self.high))
    }
}

impl Add for Range {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self::new(self.low + other.low, self.expected + other.expected, self.high + other.high)
    }
}

impl Mul<f64> for Range {
    type Output = Self;

    fn mul(self, factor: f64) -> Self {
        self.map(|value| value * factor)
    }
}

impl std::iter::Sum for Range {
    fn sum<I: Iterator<Item = Self>>(values: I) -> Self {
        values.fold(Self::default(), Add::add)
    }
}

/// What shoppers do in a month.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Load {
    pub orders: f64,
    pub pages: f64,
    /// GB of pictures in the bucket.
    pub pictures_gb: f64,
}

/// What a page sends, pictures included: KB. Measured: 29 to 48 KB, see docs/benchmarks.
const PAGE_KB: Range = Range::new(30.0, 45.0, 120.0);
/// Requests for a page: itself and what a browser does not have yet.
const REQUESTS: Range = Range::new(2.0, 4.0, 8.0);
const FREE_EGRESS_GB: f64 = 100.0;

impl Load {
    /// The old architecture's document names no volume; this is what we take for its shop: 3,000
    /// orders a month, one of fifty visits being an order and a visit five pages.
    pub const DOCUMENT: Self = Self { orders: 3000.0, pages: 750_000.0, pictures_gb: 20.0 };

    /// As many times the shoppers; pictures are of products, which stay.
    pub fn times(self, factor: f64) -> Self {
        Self { orders: self.orders * factor, pages: self.pages * factor, ..self }
    }

    fn thousand_pages(self) -> f64 {
        self.pages / 1000.0
    }

    fn thousand_orders(self) -> f64 {
        self.orders / 1000.0
    }

    /// GB that shoppers fetch.
    pub(super) fn sent_gb(self) -> Range {
        PAGE_KB * (self.pages / 1e6)
    }

    pub(super) fn billed_egress_gb(self) -> Range {
        self.sent_gb().map(|gb| (gb - FREE_EGRESS_GB).max(0.0))
    }

    pub(super) fn million_requests(self) -> Range {
        REQUESTS * (self.pages / 1e6)
    }

    /// Packages, metrics, logs and mails that leave through a NAT gateway: GB. Pictures take the
    /// endpoint of S3, which costs nothing.
    pub(super) fn nat_gb(self) -> Range {
        Range::new(5.0, 18.0, 100.0)
            + Range::new(0.0005, 0.002, 0.02) * self.thousand_pages()
            + Range::new(0.05, 0.2, 1.0) * self.thousand_orders()
    }

    /// GB a month into a group of logs, by the last part of its name.
    pub(super) fn log_gb(self, group: &str, logs_all_statements: bool) -> Range {
        let (pages, orders) = (self.thousand_pages(), self.thousand_orders());
        match group {
            "app" | "tasks" => Range::new(0.1, 0.3, 1.0) + Range::new(0.0, 0.0002, 0.002) * pages,
            "slowquery" => Range::new(0.0, 0.05, 2.0),
            "error" => Range::new(0.01, 0.05, 0.2),
            // A dozen statements an order, some more for carts; browsing asks the database nothing.
            "general" if logs_all_statements => {
                Range::new(1.0, 5.0, 20.0) + Range::new(0.05, 0.2, 2.0) * orders
            }
            "general" => Range::fixed(0.0),
            "flow" | "flow-log" => {
                Range::new(0.5, 2.0, 8.0) + Range::new(0.0002, 0.001, 0.004) * pages
            }
            _ if group.starts_with("aws-waf") => {
                Range::new(0.0, 0.1, 0.5) + Range::new(0.0005, 0.001, 0.002) * pages
            }
            _ => Range::new(0.0, 0.2, 1.0),
        }
    }
}
