//! What staff do with the catalog: products, prices, stock, categories, attributes.

mod check;
mod product;
mod stock;
mod structure;

pub use check::Problem;
pub use product::{
    PriceInput, ProductFilter, ProductInput, SaveProductError, TextInput, VariantInput,
    create_product, delete_product, find_product, list_products, search_products, update_product,
};
pub use stock::{CountStockError, LowStock, count_stock, list_low, n_low, stock_levels};
pub use structure::{
    CategoryInput, CategoryTextInput, SaveStructureError, create_category, delete_category,
    save_attribute, save_attribute_set, save_synonyms, update_category,
};
