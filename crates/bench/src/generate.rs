//! A believable catalog of any size, the same for the same seed: simple and configurable products
//! in a tree of categories, ten attributes to filter by, French and English texts whose words are
//! as frequent as in real ones, prices, stock, and a few pictures that all share.

mod dice;
mod pictures;
mod product;
mod structure;
mod words;

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use commerce::catalog::{Product, Sku};
use commerce::stock::StockMove;
use commerce::tax::TaxClass;
use db::change::{Change, Topic};
use db::{Db, Dialect};
use jiff::Timestamp;

use self::product::{Frame, n_variants};
pub(crate) use self::words::searches;

/// The seed of the catalogs that figures are compared on.
pub(crate) const SEED: u64 = 20_260_101;

/// How many products one transaction writes.
const BATCH: usize = 200;
/// How many connections write at a time, where the engine has more than one writer.
const WRITERS: usize = 4;

/// What was written.
pub(crate) struct Generated {
    pub(crate) n_products: usize,
    /// Some simple products, to be ordered.
    pub(crate) simple: Vec<Sku>,
}

/// A product to be: its number among the generated ones, and the first number of its variants.
struct Plan {
    n: u64,
    variant_number: i64,
    n_variants: usize,
}

/// Writes a catalog of `n_skus` into a shop that has a channel; pictures only where there is a
/// folder for them.
pub(crate) async fn generate(
    db: &Db,
    media: Option<&Path>,
    n_skus: usize,
    seed: u64,
    now: Timestamp,
) -> Result<Generated> {
    let plans = plan(seed, n_skus);
    let mut tx = db.write().await?;
    let channel = db::channel::list(&mut tx).await?;
    let channel = channel.into_iter().next().context("the shop has no channel yet")?;
    let known = db::catalog::product::find_by_sku(&mut tx, &product::sku(0, 0)).await?;
    ensure!(known.is_none(), "the shop has generated products already");
    let shelves = structure::write(&mut tx, now).await?;
    let product_number = db::take_numbers(&mut tx, "product", i64::try_from(plans.len())?).await?;
    let variant_number = db::take_numbers(&mut tx, "variant", i64::try_from(n_skus)?).await?;
    tx.commit().await?;
    let pictures = match media {
        Some(folder) => pictures::keep(db, folder, now).await?,
        None => Vec::new(),
    };
    let frame = Arc::new(Frame {
        seed,
        channel,
        tax_class: TaxClass::new("standard").context("a valid code")?,
        shelves,
        pictures,
        now,
    });

    let simple = plans.iter().filter(|plan| plan.n_variants == 1).take(100);
    let simple = simple.map(|plan| product::sku(plan.n, 0)).collect();
    let n_products = plans.len();
    let n_writers = if db.dialect() == Dialect::Sqlite { 1 } else { WRITERS };
    let plans = Arc::new(plans);
    let mut writers = Vec::new();
    for writer in 0..n_writers {
        let (db, frame, plans) = (db.clone(), Arc::clone(&frame), Arc::clone(&plans));
        writers.push(tokio::spawn(async move {
            for batch in plans.chunks(BATCH).skip(writer).step_by(n_writers) {
                write(&db, &frame, batch, (product_number, variant_number)).await?;
            }
            anyhow::Ok(())
        }));
    }
    for writer in writers {
        writer.await??;
    }
    // Else the next instance that starts would read everything twice.
    while db::change::number_batch(db).await? {}
    Ok(Generated { n_products, simple })
}

/// Divides the SKUs among products.
fn plan(seed: u64, n_skus: usize) -> Vec<Plan> {
    let mut plans = Vec::new();
    let mut left = n_skus;
    let mut variant_number = 0;
    for n in 0.. {
        if left == 0 {
            break;
        }
        let n_variants = n_variants(seed, n).min(left);
        plans.push(Plan { n, variant_number, n_variants });
        left -= n_variants;
        variant_number += i64::try_from(n_variants).unwrap_or_default();
    }
    plans
}

async fn write(db: &Db, frame: &Frame, batch: &[Plan], first: (i64, i64)) -> Result<()> {
    let source = shop::settings::main_source();
    let mut tx = db.write().await?;
    for plan in batch {
        let numbers = (first.0 + i64::try_from(plan.n)?, first.1 + plan.variant_number);
        let (product, stocks) = frame.product(plan.n, numbers, plan.n_variants);
        let at = product.created_at;
        db::catalog::product::insert(&mut tx, &product).await?;
        for (variant, on_hand) in product.variants.iter().zip(stocks) {
            for price in &variant.prices {
                db::catalog::price::log_price(&mut tx, variant.id, price, at).await?;
            }
            let (sku, received) = (&variant.sku, (i64::from(on_hand), 0));
            db::stock::insert(&mut tx, &source, sku, on_hand).await?;
            let kind = StockMove::Receive;
            db::stock::log(&mut tx, &source, sku, kind, received, None, at).await?;
        }
        announce(&mut tx, &product).await?;
    }
    Ok(tx.commit().await?)
}

async fn announce(tx: &mut db::Tx, product: &Product) -> Result<()> {
    let change = Change { topic: Topic::Product, subject: Some(product.id.0) };
    Ok(db::change::push(tx, change, product.created_at).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_catalog_has_as_many_skus_as_were_asked_for() {
        for n_skus in [1, 7, 1_000] {
            let plans = plan(SEED, n_skus);

            assert_eq!(plans.iter().map(|plan| plan.n_variants).sum::<usize>(), n_skus);
            let last = plans.last().unwrap();
            let numbers = last.variant_number + i64::try_from(last.n_variants).unwrap();
            assert_eq!(numbers, i64::try_from(n_skus).unwrap());
        }
    }
}
