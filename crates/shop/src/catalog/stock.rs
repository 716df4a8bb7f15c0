//! Counting what lies on the shelf.

use std::collections::BTreeMap;

use commerce::catalog::{Product, Sku};
use commerce::stock::{SourceCode, StockLevel, StockMove};
use db::change::{Change, Topic};
use db::{DbError, Tx};
use jiff::Timestamp;

use crate::checkout::LOW_STOCK;
use crate::webhook::{self, Event};
use crate::{MayRetry, Shop, use_case};

/// Why a count was not taken. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum CountStockError {
    #[error("no product has this SKU")]
    NotFound,
    #[error("{allocated} units are promised to orders")]
    Promised { allocated: u32 },
    #[error("the shop could not be reached")]
    Db(#[from] DbError),
}

impl MayRetry for CountStockError {}

/// Sets what was counted of one SKU and gives its new level.
pub async fn count_stock(
    shop: &Shop,
    sku: &Sku,
    on_hand: u32,
) -> Result<StockLevel, CountStockError> {
    use_case("count-stock", || async {
        let at = shop.clock.now();
        let source = shop.settings().source.clone();
        let mut tx = shop.db.write().await?;
        let owners = db::catalog::product::owners(&mut tx, std::slice::from_ref(sku)).await?;
        let (_, product) = owners.first().ok_or(CountStockError::NotFound)?;
        let level = count_in(&mut tx, &source, sku, on_hand, at).await?;
        let change = Change { topic: Topic::Product, subject: Some(product.0) };
        db::change::push(&mut tx, change, at).await?;
        tx.commit().await?;
        Ok(level)
    })
    .await
}

/// What there is of each SKU; one that was never counted is not in it.
pub async fn stock_levels(shop: &Shop, skus: &[Sku]) -> Result<BTreeMap<Sku, StockLevel>, DbError> {
    db::stock::find_many(&mut shop.db.read().await?, &shop.settings().source, skus).await
}

/// What there is of each SKU that was ever counted.
pub async fn all_stock_levels(shop: &Shop) -> Result<BTreeMap<Sku, StockLevel>, DbError> {
    let source = &shop.settings().source;
    let levels = db::stock::list(&mut shop.db.read().await?).await?;
    let ours = levels.into_iter().filter(|(_, of, _)| of == source);
    Ok(ours.map(|(sku, _, level)| (sku, level)).collect())
}

/// A variant on sale of which little is left, and its product.
#[derive(Clone, Debug)]
pub struct LowStock {
    pub sku: Sku,
    pub level: StockLevel,
    pub product: Product,
}

/// One page of what runs low, fewest units first, and how many there are in all.
pub async fn list_low(
    shop: &Shop,
    limit: u32,
    offset: u32,
) -> Result<(Vec<LowStock>, u32), DbError> {
    let source = &shop.settings().source;
    let mut conn = shop.db.read().await?;
    let n_found = db::stock::count_low(&mut conn, source, LOW_STOCK).await?;
    let rows = db::stock::list_low(&mut conn, source, LOW_STOCK, limit, offset).await?;
    let mut ids: Vec<_> = rows.iter().map(|row| row.product).collect();
    ids.sort_unstable();
    ids.dedup();
    let products = db::catalog::product::find_many(&mut conn, &ids).await?;
    let found = rows.into_iter().filter_map(|row| {
        let product = products.iter().find(|product| product.id == row.product)?.clone();
        Some(LowStock { sku: row.sku, level: row.level, product })
    });
    Ok((found.collect(), n_found))
}

/// How many variants on sale run low.
pub async fn n_low(shop: &Shop) -> Result<u32, DbError> {
    db::stock::count_low(&mut shop.db.read().await?, &shop.settings().source, LOW_STOCK).await
}

/// Sets what was counted, with its line in the ledger.
pub(crate) async fn count_in(
    tx: &mut Tx,
    source: &SourceCode,
    sku: &Sku,
    on_hand: u32,
    at: Timestamp,
) -> Result<StockLevel, CountStockError> {
    // Promising nothing changes nothing, but holds the row, so that no parcel leaves between
    // looking at the level and setting it: the ledger would not explain the difference.
    db::stock::allocate(tx, source, sku, 0).await?;
    let before = db::stock::find(tx, source, sku).await?.unwrap_or_default();
    if !db::stock::count(tx, source, sku, on_hand).await? {
        return Err(CountStockError::Promised { allocated: before.allocated });
    }
    let change = i64::from(on_hand) - i64::from(before.on_hand);
    if change != 0 {
        db::stock::log(tx, source, sku, StockMove::Count, (change, 0), None, at).await?;
        let counted = Event::stock_changed(sku, StockMove::Count, (change, 0));
        webhook::tell(tx, &[counted], at).await?;
    }
    Ok(StockLevel { on_hand, allocated: before.allocated })
}
