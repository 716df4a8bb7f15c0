//! Stock out of a file, and into one.

use std::collections::{BTreeSet, HashMap};

use commerce::catalog::{ProductId, Sku};
use commerce::stock::SourceCode;
use db::change::{Change, Topic};
use db::{Conn, DbError};
use exchange::Fault;
use exchange::stock::StockRow;

use super::{ImportError, Outcome, Read};
use crate::catalog::{CountStockError, Problem, count_in};
use crate::{Shop, use_case};

/// What a batch comes to: an outcome for each row, and what is to be counted in SKU order.
struct Plan {
    outcomes: Vec<Outcome>,
    counts: Vec<(Sku, u32)>,
    products: BTreeSet<ProductId>,
}

/// Counts what a batch says lies in stock.
pub async fn import_stock(
    shop: &Shop,
    batch: &[Read<StockRow>],
) -> Result<Vec<Outcome>, ImportError> {
    let source = shop.settings().source.clone();
    let looked = plan(&mut shop.db.read().await?, &source, batch).await?;
    if looked.counts.is_empty() {
        return Ok(looked.outcomes);
    }
    use_case("import-stock", || async {
        let at = shop.clock.now();
        let mut tx = shop.db.write().await?;
        let plan = plan(&mut tx, &source, batch).await?;
        for (sku, on_hand) in &plan.counts {
            match count_in(&mut tx, &source, sku, *on_hand, at).await {
                Ok(_) => {}
                Err(CountStockError::Db(error)) => return Err(error.into()),
                Err(CountStockError::Promised { .. } | CountStockError::NotFound) => {
                    return Err(ImportError::Busy);
                }
            }
        }
        for product in plan.products {
            let change = Change { topic: Topic::Product, subject: Some(product.0) };
            db::change::push(&mut tx, change, at).await?;
        }
        tx.commit().await?;
        Ok(plan.outcomes)
    })
    .await
}

async fn plan(
    conn: &mut Conn,
    source: &SourceCode,
    batch: &[Read<StockRow>],
) -> Result<Plan, DbError> {
    let skus: Vec<Sku> =
        batch.iter().filter_map(|read| Some(read.row.as_ref().ok()?.sku.clone())).collect();
    let owners: HashMap<Sku, ProductId> =
        db::catalog::product::owners(conn, &skus).await?.into_iter().collect();
    let levels = db::stock::find_many(conn, source, &skus).await?;
    let (mut counts, mut products) = (Vec::new(), BTreeSet::new());
    let outcomes = batch.iter().map(|read| {
        let row = match &read.row {
            Ok(row) => row,
            Err(faults) => return Outcome::Rejected(faults.clone()),
        };
        let refused =
            |column: &str, reason: String| Outcome::Rejected(vec![Fault::new(column, reason)]);
        if let Some(other) = row.source.as_ref().filter(|code| code.as_str() != source.as_str()) {
            return refused("source_code", format!("there is no source “{other}”"));
        }
        let Some(product) = owners.get(&row.sku) else {
            return refused("sku", "no product has this SKU".to_owned());
        };
        let before = levels.get(&row.sku);
        if before.is_some_and(|level| level.on_hand == row.on_hand) {
            return Outcome::Unchanged;
        }
        let allocated = before.map_or(0, |level| level.allocated);
        if row.on_hand < allocated {
            let problem = Problem::Promised { sku: row.sku.clone(), allocated };
            return refused("quantity", problem.to_string());
        }
        counts.push((row.sku.clone(), row.on_hand));
        products.insert(*product);
        if before.is_some() { Outcome::Updated } else { Outcome::Created }
    });
    let outcomes = outcomes.collect();
    // Rows are locked in the order of their keys, as checkouts do.
    counts.sort();
    Ok(Plan { outcomes, counts, products })
}

/// What lies in stock of each SKU that has a product, in SKU order.
pub async fn list_stock_rows(shop: &Shop) -> Result<Vec<StockRow>, DbError> {
    let source = shop.settings().source.clone();
    let mut conn = shop.db.read_consistently().await?;
    let levels = db::stock::list(&mut conn).await?;
    let levels: Vec<_> = levels.into_iter().filter(|(_, of, _)| *of == source).collect();
    let skus: Vec<Sku> = levels.iter().map(|(sku, ..)| sku.clone()).collect();
    let owners: HashMap<Sku, ProductId> =
        db::catalog::product::owners(&mut conn, &skus).await?.into_iter().collect();
    // The stock of a product that was deleted has nothing to be imported to.
    let known = levels.into_iter().filter(|(sku, ..)| owners.contains_key(sku));
    Ok(known
        .map(|(sku, _, level)| StockRow { source: None, sku, on_hand: level.on_hand })
        .collect())
}
