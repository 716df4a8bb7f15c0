//! The rules of the shop: money, tax, prices, carts, orders, stock, eco data.
//!
//! Pure: no I/O, no clock, no async, no serde, no floats. Depends on no other crate of ours; every
//! other crate may depend on it. Times and ids come in as arguments, refusals go out as enums.

pub mod cart;
pub mod catalog;
pub mod channel;
pub mod content;
pub mod customer;
pub mod eco;
pub mod media;
pub mod money;
pub mod order;
pub mod payment;
pub mod price;
pub mod redirect;
pub mod shipment;
pub mod stock;
pub mod tax;

/// Declares an identifier: a UUIDv7 that cannot be mistaken for that of another thing.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub uuid::Uuid);
    };
}
pub(crate) use id;

/// Declares a short ascii code that people choose and programs compare, such as `color`.
macro_rules! code {
    ($(#[$doc:meta])* $name:ident, $max:literal, $allowed:pat) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Accepts 1 to the type's limit of allowed characters; `None` refuses the text.
            pub fn new(text: impl Into<String>) -> Option<Self> {
                let text = text.into();
                let fits = !text.is_empty() && text.len() <= $max;
                (fits && text.bytes().all(|byte| matches!(byte, $allowed))).then_some(Self(text))
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}
pub(crate) use code;
