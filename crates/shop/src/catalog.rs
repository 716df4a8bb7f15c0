//! What staff do with the catalog: products, prices, stock, categories, attributes.

mod check;
mod configurable;
mod product;
mod stock;
mod structure;

pub(crate) use check::Known;
pub use check::Problem;
pub use configurable::{AssembleError, Assembly, Moves, assemble};
pub use product::{
    PriceInput, ProductFilter, ProductInput, SaveProductError, TextInput, VariantInput,
    configurable_skus, create_product, create_product_in, delete_product, find_by_number,
    find_by_sku, find_product, list_drafts, list_products, search_products, update_product,
    update_product_in,
};
pub(crate) use product::{draw_up, known, write_change, write_new};
pub(crate) use stock::count_in;
pub use stock::{
    CountStockError, LowStock, all_stock_levels, count_stock, list_low, n_low, stock_levels,
};
pub use structure::{
    CategoryInput, CategoryTextInput, SaveStructureError, attribute_sets, categories,
    create_categories_in, create_category, create_category_in, delete_category, save_attribute,
    save_attribute_in, save_attribute_set, save_attribute_set_in, save_synonyms, update_category,
};
