//! The database of a Magento 2.4, with as much as a move reads.

/// Its tables, as Magento's declarations have them.
pub const SCHEMA: &str = include_str!("magento/schema.sql");
/// A small shop that lived long: some of it is wrong, as it is in shops that did.
pub const ROWS: &str = include_str!("magento/rows.sql");
/// What the customers of the rows log in with.
pub const PASSWORD: &str = "Magento d’été 7";

/// So many products more, with half as many customers and orders; after [`ROWS`].
#[must_use]
pub fn many(n_products: usize) -> String {
    include_str!("magento/many.sql").replace("{n}", &n_products.to_string())
}
