//! Counting what lies on the shelf.

use commerce::catalog::Sku;
use commerce::stock::{SourceCode, StockLevel, StockMove};
use db::change::{Change, Topic};
use db::{DbError, Tx};
use jiff::Timestamp;

use crate::{MayRetry, Shop, with_retries};

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

impl MayRetry for CountStockError {
    fn is_worth_retrying(&self) -> bool {
        matches!(self, Self::Db(error) if error.is_worth_retrying())
    }
}

/// Sets what was counted of one SKU and gives its new level.
pub async fn count_stock(
    shop: &Shop,
    sku: &Sku,
    on_hand: u32,
) -> Result<StockLevel, CountStockError> {
    with_retries(async || {
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

/// Sets what was counted, with its line in the ledger.
pub(super) async fn count_in(
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
    }
    Ok(StockLevel { on_hand, allocated: before.allocated })
}
