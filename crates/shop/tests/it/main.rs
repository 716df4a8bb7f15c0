//! The use cases, each on both engines.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails like a test")]

mod cart;
mod changes;
mod checkout;
mod customer;
mod jobs;
mod order;
mod staff;
