//! The use cases of the shop.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails like a test")]

mod cart;
mod catalog;
mod changes;
mod checkout;
mod customer;
mod import;
mod import_others;
mod import_products;
mod integration;
mod jobs;
mod media;
mod order;
mod read_side;
mod staff;
mod staff_shop;
mod webhook;
