//! What runs low, counted on the spot.

use axum::http::StatusCode;
use commerce::catalog::Sku;
use shop::catalog::{CountStockError, LowStock};
use shop::checkout::LOW_STOCK;

use super::desk::{Answer, Desk, Posted};
use super::page::{Done, Section, StockPage, StockRow};
use super::view::{self, PER_PAGE, paging};
use crate::guard::Fields;
use crate::i18n::Message;

/// Nobody has more of one thing on the shelf; a longer number is a bar code in the wrong field.
const MAX_COUNT: u32 = 1_000_000;

pub(super) async fn show(desk: Desk) -> Answer {
    let asked = desk.query.clone();
    page(desk, &asked, None).await
}

/// What was typed and why it was not taken.
struct Refused {
    sku: String,
    count: String,
    message: Message,
}

async fn page(mut desk: Desk, asked: &Fields, refused: Option<Refused>) -> Answer {
    let shop = desk.app.shop.clone();
    let wanted = view::page_number(asked);
    let found = shop::catalog::list_low(&shop, PER_PAGE, (wanted - 1) * PER_PAGE).await;
    let (low, n_found) = found.map_err(|error| desk.db(&error))?;
    let row = |low: &LowStock| {
        let sku = low.sku.as_str();
        let mine = refused.as_ref().filter(|refused| refused.sku == sku);
        let variant = low.product.variants.iter().find(|variant| variant.sku == low.sku);
        StockRow {
            sku: sku.to_owned(),
            name: view::product_name(&low.product, desk.locale.into()),
            product_path: format!("/admin/products/{}", low.product.id.0),
            options: variant.map(view::options).unwrap_or_default(),
            on_hand: low.level.on_hand,
            allocated: low.level.allocated,
            available: low.level.available(),
            count: mine.map_or_else(|| low.level.on_hand.to_string(), |it| it.count.clone()),
            refusal: mine.map(|it| it.message.clone()),
        }
    };
    let rows = low.iter().map(row).collect();
    let status = match refused {
        None => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = StockPage {
        layout: desk.layout(Section::Stock),
        n_found,
        low: LOW_STOCK,
        rows,
        pagination: paging("/admin/stock", &desk.query, wanted, n_found),
        page: wanted,
    };
    desk.page_with(status, &page)
}

pub(super) async fn count(Posted { desk, fields }: Posted) -> Answer {
    let (sku, typed) = (fields.get("sku"), fields.get("count"));
    let refused = |message| Refused { sku: sku.to_owned(), count: typed.to_owned(), message };
    let Some(on_hand) = parse_count(typed) else {
        let refused = refused(Message::new("admin-refusal-number"));
        return page(desk, &fields, Some(refused)).await;
    };
    let Some(sku) = Sku::new(sku) else { return Err(desk.not_found()) };
    match shop::catalog::count_stock(&desk.app.shop, &sku, on_hand).await {
        Ok(_) => {
            let page = view::page_number(&fields);
            desk.lead(&format!("/admin/stock?page={page}"), Done::StockCounted)
        }
        Err(CountStockError::Promised { allocated }) => {
            let message = Message::new("admin-refusal-promised").with("n", allocated);
            let refused = refused(message);
            page(desk, &fields, Some(refused)).await
        }
        Err(CountStockError::NotFound) => Err(desk.not_found()),
        Err(CountStockError::Db(error)) => Err(desk.db(&error)),
    }
}

pub(super) fn parse_count(text: &str) -> Option<u32> {
    text.parse().ok().filter(|count| *count <= MAX_COUNT)
}
