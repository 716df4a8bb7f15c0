//! The use cases of the shop.

mod catalog;
mod media;
mod read_side;
mod staff_shop;
