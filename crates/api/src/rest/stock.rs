//! What lies on the shelf. There is one source, and one stock that sells it.

use std::collections::BTreeMap;

use commerce::catalog::Sku;
use commerce::stock::StockLevel;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shop::catalog::CountStockError;

use super::call::Call;
use super::criteria::Page;
use super::lenient::{Decimal, Flag, Int, Number};
use super::problem::Problem;
use super::product::{Entry, unknown_product};

#[derive(Serialize, JsonSchema)]
pub(super) struct StockItem {
    item_id: i64,
    product_id: i64,
    stock_id: i64,
    qty: Number,
    is_in_stock: bool,
    is_qty_decimal: bool,
    manage_stock: bool,
    use_config_manage_stock: bool,
    min_qty: i64,
    min_sale_qty: i64,
    max_sale_qty: u32,
    backorders: i64,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct StockStatus {
    product_id: i64,
    stock_id: i64,
    qty: Number,
    stock_status: i64,
    stock_item: StockItem,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Source {
    source_code: String,
    name: String,
    enabled: bool,
    country_id: String,
    postcode: String,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct SourceItem {
    sku: String,
    source_code: String,
    quantity: Number,
    status: i64,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct StockSourceLink {
    stock_id: i64,
    source_code: String,
    priority: i64,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "StockItemBody")]
pub(super) struct ItemBody {
    #[serde(rename = "stockItem", alias = "stock_item")]
    stock_item: StockItemInput,
}

#[derive(Deserialize, JsonSchema)]
struct StockItemInput {
    qty: Option<Decimal>,
    is_in_stock: Option<Flag>,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "SourceItemsBody")]
pub(super) struct SourceItemsBody {
    #[serde(rename = "sourceItems", alias = "source_items")]
    source_items: Vec<SourceItemInput>,
}

#[derive(Deserialize, JsonSchema)]
struct SourceItemInput {
    sku: String,
    source_code: String,
    quantity: Option<Decimal>,
    status: Option<Int>,
}

/// The number of the one stock.
const STOCK: i64 = 1;
/// The most products that one request names.
const MAX: usize = 1_000;

async fn levels(call: &Call, entry: &Entry) -> Result<Vec<StockLevel>, Problem> {
    let skus: Vec<Sku> = match entry.variant() {
        Some(variant) => vec![variant.sku.clone()],
        None => entry.product.variants.iter().map(|variant| variant.sku.clone()).collect(),
    };
    let levels = shop::catalog::stock_levels(&call.shop, &skus).await?;
    Ok(skus.iter().map(|sku| levels.get(sku).copied().unwrap_or_default()).collect())
}

/// What Magento calls the stock of a product; a configurable one has none of its own.
pub(super) async fn item_of(call: &Call, entry: &Entry) -> Result<StockItem, Problem> {
    let levels = levels(call, entry).await?;
    let on_hand = match entry.is_parent() {
        true => 0,
        false => levels.iter().map(|level| level.on_hand).sum(),
    };
    Ok(StockItem {
        item_id: entry.number(),
        product_id: entry.number(),
        stock_id: STOCK,
        qty: on_hand.into(),
        is_in_stock: levels.iter().any(|level| level.available() > 0),
        is_qty_decimal: false,
        manage_stock: true,
        use_config_manage_stock: true,
        min_qty: 0,
        min_sale_qty: 1,
        max_sale_qty: commerce::cart::MAX_QUANTITY,
        backorders: 0,
    })
}

pub(super) async fn item(call: Call) -> Result<StockItem, Problem> {
    let entry = Entry::find(&call, call.param("productSku")).await?;
    item_of(&call, &entry).await
}

pub(super) async fn status(call: Call) -> Result<StockStatus, Problem> {
    let entry = Entry::find(&call, call.param("productSku")).await?;
    let available: u32 = levels(&call, &entry).await?.iter().map(|level| level.available()).sum();
    Ok(StockStatus {
        product_id: entry.number(),
        stock_id: STOCK,
        qty: available.into(),
        stock_status: i64::from(available > 0),
        stock_item: item_of(&call, &entry).await?,
    })
}

/// Counts one SKU.
async fn count(call: &Call, sku: &str, on_hand: u32) -> Result<(), Problem> {
    let code = Sku::new(sku).ok_or_else(unknown_product)?;
    match shop::catalog::count_stock(&call.shop, &code, on_hand).await {
        Ok(_) => Ok(()),
        Err(CountStockError::NotFound) => Err(unknown_product()),
        Err(CountStockError::Promised { allocated }) => {
            let message = "The stock of %sku cannot be set below the %allocated units that are \
                           promised to orders.";
            Err(Problem::bad(message).with("sku", sku).with("allocated", allocated))
        }
        Err(CountStockError::Db(error)) => Err(error.into()),
    }
}

/// How many units are meant; none of what is said to be out of stock.
fn wanted(quantity: Option<&Decimal>, is_out: bool) -> Result<Option<u32>, Problem> {
    if is_out {
        return Ok(Some(0));
    }
    let read = |quantity: &Decimal| {
        quantity.units().ok_or_else(|| Problem::invalid("quantity", &quantity.0))
    };
    quantity.map(read).transpose()
}

pub(super) async fn set_item(call: Call, body: ItemBody) -> Result<i64, Problem> {
    let entry = Entry::find(&call, call.param("productSku")).await?;
    let said = body.stock_item;
    let is_out = said.is_in_stock == Some(Flag(false));
    if let Some(on_hand) = wanted(said.qty.as_ref(), is_out)? {
        let variant = entry
            .variant()
            .ok_or_else(|| Problem::bad("A configurable product has no stock of its own."))?;
        count(&call, variant.sku.as_str(), on_hand).await?;
    }
    Ok(entry.number())
}

pub(super) async fn sources(call: Call) -> Result<Page<Source>, Problem> {
    Ok(call.criteria()?.list([the_source(&call)]))
}

fn the_source(call: &Call) -> Source {
    Source {
        source_code: call.settings.source.as_str().to_owned(),
        name: call.settings.channel.name.clone(),
        enabled: true,
        country_id: call.settings.channel.country.as_str().to_owned(),
        postcode: String::new(),
    }
}

fn check_source(call: &Call, code: &str) -> Result<(), Problem> {
    // Magento's first source has this code, and clients name it without asking.
    if code == call.settings.source.as_str() || code == "default" {
        return Ok(());
    }
    Err(Problem::missing("Source with code \"%value\" does not exist.").with("value", code))
}

pub(super) async fn source(call: Call) -> Result<Source, Problem> {
    check_source(&call, call.param("sourceCode"))?;
    Ok(the_source(&call))
}

pub(super) async fn links(call: Call) -> Result<Page<StockSourceLink>, Problem> {
    let source_code = call.settings.source.as_str().to_owned();
    Ok(call.criteria()?.list([StockSourceLink { stock_id: STOCK, source_code, priority: 1 }]))
}

pub(super) async fn source_items(call: Call) -> Result<Page<SourceItem>, Problem> {
    let criteria = call.criteria()?;
    let code = call.settings.source.as_str().to_owned();
    let levels: BTreeMap<Sku, StockLevel> = shop::catalog::all_stock_levels(&call.shop).await?;
    let values = |(sku, level): &(Sku, StockLevel), field: &str| {
        let one = match field {
            "sku" => sku.to_string(),
            "source_code" => code.clone(),
            "quantity" => level.on_hand.to_string(),
            "status" => i32::from(level.on_hand > 0).to_string(),
            _ => return Vec::new(),
        };
        vec![one]
    };
    let (items, total) = criteria.select(levels, values);
    let items = items.into_iter().map(|(sku, level)| SourceItem {
        sku: sku.to_string(),
        source_code: code.clone(),
        quantity: level.on_hand.into(),
        status: i64::from(level.on_hand > 0),
    });
    Ok(criteria.page(items.collect(), total))
}

/// Counts each of several SKUs; what went before one that is refused stays counted.
pub(super) async fn set_source_items(
    call: Call,
    body: SourceItemsBody,
) -> Result<Vec<String>, Problem> {
    each(&call, &body.source_items, |one| wanted(one.quantity.as_ref(), one.status == Some(Int(0))))
        .await
}

pub(super) async fn clear_source_items(
    call: Call,
    body: SourceItemsBody,
) -> Result<Vec<String>, Problem> {
    each(&call, &body.source_items, |_| Ok(Some(0))).await
}

async fn each(
    call: &Call,
    items: &[SourceItemInput],
    on_hand: impl Fn(&SourceItemInput) -> Result<Option<u32>, Problem>,
) -> Result<Vec<String>, Problem> {
    if items.len() > MAX {
        return Err(Problem::bad("A request may name %max products.").with("max", MAX));
    }
    for one in items {
        check_source(call, &one.source_code)?;
        let on_hand = on_hand(one)?.ok_or_else(|| Problem::required("quantity"))?;
        count(call, &one.sku, on_hand).await?;
    }
    Ok(Vec::new())
}

fn check_stock(call: &Call) -> Result<(), Problem> {
    let id = call.number("stockId")?;
    if id == STOCK { Ok(()) } else { Err(Problem::no_entity("stock_id", id)) }
}

async fn salable(call: &Call) -> Result<u32, Problem> {
    check_stock(call)?;
    let entry = Entry::find(call, call.param("sku")).await?;
    Ok(levels(call, &entry).await?.iter().map(|level| level.available()).sum())
}

pub(super) async fn is_salable(call: Call) -> Result<bool, Problem> {
    Ok(salable(&call).await? > 0)
}

pub(super) async fn salable_quantity(call: Call) -> Result<u32, Problem> {
    salable(&call).await
}
