//! What tests need around them: a shop on either engine, situations to begin with, real servers.
//!
//! A test states only what it is about. [`on_both_engines`] gives it a running shop; the builders,
//! named as situations, begin with the smallest valid thing: `a_cart(&shop).with(2, "TEA")`.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails like a test")]

mod cart;
mod clock;
mod content;
mod customer;
mod letters;
pub mod magento;
mod mailer;
mod order;
mod product;
mod receiver;
pub mod servers;
mod shop;
mod staff;
mod statements;

pub use self::cart::{CartBuilder, a_cart};
pub use self::clock::TestClock;
pub use self::content::{write_attribute, write_category, write_page, write_redirect};
pub use self::customer::{CustomerBuilder, PASSWORD, a_customer};
pub use self::letters::PlainLetters;
pub use self::mailer::RecordingMailer;
pub use self::order::{
    OrderBuilder, a_buyer, a_paid_order, a_placed_order, a_placement, an_address, prune_checkouts,
};
pub use self::product::{
    ConfigurableBuilder, ProductBuilder, a_configurable, a_product, change_price, change_product,
};
pub use self::receiver::{Brought, Receiver};
pub use self::shop::{NoOperations, ShopBuilder, TestShop, a_shop, on_both_engines, set_up};
pub use self::staff::totp_code;
pub use self::statements::count_statements;

use commerce::catalog::Sku;
use commerce::money::{Currency, Money};

/// So many cents.
pub fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

pub fn sku(text: &str) -> Sku {
    Sku::new(text).expect("the test gives a valid SKU")
}

/// Runs all of them at the same time, each as a task of its own, and gives what they came to in
/// the order given.
pub async fn at_once<T: Send + 'static>(
    tasks: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let tasks: Vec<_> = tasks.into_iter().map(tokio::spawn).collect();
    let mut results = Vec::with_capacity(tasks.len());
    for task in tasks {
        match task.await {
            Ok(result) => results.push(result),
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
    results
}
