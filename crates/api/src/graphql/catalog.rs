//! Products, categories and lists of them, from memory.

pub(super) mod aggregation;
pub(super) mod category;
pub(super) mod configurable;
mod eco;
pub(super) mod listing;
pub(super) mod picture;
pub(super) mod price;
pub(super) mod product;
