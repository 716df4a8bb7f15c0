//! What the deployment costs and emits: models that ask nothing of a shop or of AWS.
//!
//! ```text
//! greenleaf ─► ops        ops knows nothing of the other crates
//! ```
//!
//! [`cost`] prices what Terraform plans. It is an estimate and says so: amounts are floats here, since
//! nobody pays them.

#![expect(
    clippy::float_arithmetic,
    reason = "estimates and simulated times; no money changes hands"
)]

pub mod cost;
