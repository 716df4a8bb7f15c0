//! What the deployment costs, emits and carries: models that ask nothing of a shop or of AWS.
//!
//! ```text
//! greenleaf ─► ops        ops knows nothing of the other crates
//! ```
//!
//! [`cost`] prices what Terraform plans, [`capacity`] simulates a load balancer, a group of instances
//! and a database. Both are estimates and say so: amounts are floats here, since nobody
//! pays them.

#![expect(
    clippy::float_arithmetic,
    reason = "estimates and simulated times; no money changes hands"
)]

pub mod capacity;
pub mod cost;
