//! Simulates the shop behind a load balancer: which load a policy of scaling follows, and at what price.
//!
//! A simulation of single requests, in whole microseconds, that gives the same result for the same
//! seed. Requests come as a trace says or from people who think between two pages; the load balancer
//! gives them out in turn; an instance has cores with one queue before them and refuses what is more
//! than it holds; what needs the database then waits for a core of the one database.

mod number;
mod plot;
mod policy;
mod random;
mod report;
mod search;
mod simulate;
mod traffic;

pub use plot::plot;
pub use policy::{Policy, Scaling};
pub use report::{Compared, Measured, compare, report};
pub use search::{Slo, candidates, cheapest, users_carried};
pub use simulate::{Moment, Outcome, simulate};
pub use traffic::{Disturbance, Traffic, TrafficError};

/// What a request costs, in microseconds of a core of the machine it was measured on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Service {
    /// A page that has to be rendered, and one that is kept.
    pub page: f64,
    pub kept_page: f64,
    /// How many of a hundred pages are kept.
    pub kept_percent: u32,
    /// Something put into a cart: by the instance, then by the database.
    pub cart: (f64, f64),
    pub order: (f64, f64),
    /// Of a hundred requests so many touch a cart, and so many are orders.
    pub cart_percent: u32,
    pub order_percent: u32,
    /// Whether times vary as widely as in M/M/c, or not at all.
    pub varies: bool,
}

impl Service {
    /// As measured, see docs/benchmarks/demo.md. An order takes 2.85 ms with its database, and 0.68 ms
    /// where the database is in the process; a cart is taken for half of it and a page beside.
    pub const MEASURED: Self = Self {
        page: 940.0,
        kept_page: 20.0,
        kept_percent: 0,
        cart: (1300.0, 1000.0),
        order: (700.0, 2150.0),
        cart_percent: 8,
        order_percent: 2,
        varies: true,
    };
}

/// The machines, apart from how many there are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Site {
    pub cores: u32,
    pub database_cores: u32,
    /// How fast their cores are beside the one that was measured.
    pub speed: f64,
    /// Requests that an instance holds before it refuses more.
    pub max_in_flight: u32,
    /// $ an hour for an instance.
    pub usd_per_hour: f64,
    /// Of a hundred parts of a core, what an instance may use for its price; and $ for a core-hour more.
    pub baseline_percent: u32,
    pub usd_per_surplus_hour: f64,
    /// From the launch to the first health check that can pass.
    pub boot_seconds: u64,
    pub check_seconds: u64,
    pub checks_to_serve: u64,
    pub checks_to_leave: u64,
    pub service: Service,
}

impl Site {
    /// Two to four t3.small and a db.t3.small, of two vCPUs each. A vCPU is taken for 0.7 of the core
    /// that was measured, and an image for ready 90 s after its launch: neither was measured.
    pub const DOCUMENT: Self = Self {
        cores: 2,
        database_cores: 2,
        speed: 0.7,
        max_in_flight: 512,
        usd_per_hour: 0.0236,
        baseline_percent: 20,
        usd_per_surplus_hour: 0.05,
        boot_seconds: 90,
        check_seconds: 30,
        checks_to_serve: 2,
        checks_to_leave: 3,
        service: Service::MEASURED,
    };
}
