//! Magento's CSV: from bytes to typed rows, with the line, column and reason of what is wrong, and
//! back to bytes.
//!
//! Pure: reads what it is given, knows no database and no use case. Depends on `commerce` alone;
//! `shop` imports and exports its rows, `greenleaf` opens the files.

pub mod customer;
pub mod html;
pub mod list;
pub mod order;
pub mod product;
pub mod redirect;
pub mod stock;
pub mod table;

mod cells;
mod eco;
mod when;

pub use cells::{CLEAR, Fault, Field};
pub use html::to_markdown;
pub use list::Pair;
pub use table::{Place, Record, Table, TableError, Writer};
pub use when::When;
