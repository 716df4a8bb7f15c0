//! The list of products.

use std::collections::BTreeMap;

use commerce::catalog::{Product, Sku, Visibility};
use commerce::stock::StockLevel;
use shop::catalog::ProductFilter;
use shop::checkout::LOW_STOCK;

use super::desk::{Answer, Desk};
use super::page::{ProductRow, ProductsPage, Section};
use super::view::{self, PER_PAGE, paging};
use crate::i18n::Locale;
use crate::storefront::page::Form;
use crate::storefront::view::{money, picture};

pub(super) async fn show(mut desk: Desk) -> Answer {
    let asked = desk.query.clone();
    let filter = ProductFilter {
        text: asked.get("q").to_owned(),
        visibility: match asked.get("status") {
            "draft" => Some(Visibility::Draft),
            "published" => Some(Visibility::Published),
            "hidden" => Some(Visibility::Hidden),
            _ => None,
        },
        at_most: match asked.get("stock") {
            "low" => Some(LOW_STOCK),
            "out" => Some(0),
            _ => None,
        },
    };
    let shop = desk.app.shop.clone();
    let wanted = view::page_number(&asked);
    let offset = (wanted - 1) * PER_PAGE;
    let found = shop::catalog::list_products(&shop, &filter, PER_PAGE, offset).await;
    let (products, n_found) = found.map_err(|error| desk.db(&error))?;
    let skus: Vec<Sku> = products
        .iter()
        .flat_map(|product| &product.variants)
        .map(|variant| variant.sku.clone())
        .collect();
    let levels = shop::catalog::stock_levels(&shop, &skus).await;
    let levels = levels.map_err(|error| desk.db(&error))?;

    let locale = desk.locale;
    let page = ProductsPage {
        layout: desk.layout(Section::Products),
        form: Form::posted(asked.iter()),
        is_filtered: ["q", "status", "stock"].into_iter().any(|it| !asked.get(it).is_empty()),
        n_found,
        products: products.iter().map(|product| row(product, &levels, locale)).collect(),
        pagination: paging("/admin/products", &asked, wanted, n_found),
    };
    desk.page(&page)
}

fn row(product: &Product, levels: &BTreeMap<Sku, StockLevel>, locale: Locale) -> ProductRow {
    let enabled = || product.variants.iter().filter(|variant| variant.is_enabled);
    let available = enabled()
        .filter_map(|variant| levels.get(&variant.sku))
        .fold(0_u32, |sum, level| sum.saturating_add(level.available()));
    let prices = || product.variants.iter().flat_map(|variant| &variant.prices);
    let lowest = prices().map(|price| price.regular).min();
    let highest = prices().map(|price| price.regular).max();
    ProductRow {
        path: format!("/admin/products/{}", product.id.0),
        name: view::product_name(product, locale.into()),
        picture: product.pictures.first().map(|shown| picture(&shown.original, "", 160)),
        sku: product
            .variants
            .first()
            .map_or_else(String::new, |variant| variant.sku.as_str().to_owned()),
        n_variants: product.variants.len(),
        status: view::visibility(product.visibility),
        price: lowest.map(money),
        has_prices: lowest != highest,
        available,
        stock: view::stock(available),
    }
}
