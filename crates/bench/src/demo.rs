//! The demo shop as `greenleaf demo` makes it.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use db::Db;
use testkit::{TestShop, a_product, a_shop};

use crate::figure::Figure;
use crate::pages::Rounds;
use crate::report::Measured;
use crate::running::RunningShop;
use crate::{api, orders, pages};

/// Frequent words of its texts.
const WORDS: [&str; 8] =
    ["savon", "coton", "bouteille", "brosse", "lin", "verre", "bois", "shampoing"];

pub(crate) async fn measure(
    greenleaf: &Path,
    raw_orders: &Path,
    rounds: Rounds,
) -> Result<Measured> {
    let data = tempfile::tempdir()?;
    let folder = data.path().to_str().context("a plain path")?;
    // Once to seed the shop, and then to see how it starts.
    drop(RunningShop::start(greenleaf, "demo", folder, &[]).await?);
    let shop = RunningShop::start(greenleaf, "demo", folder, &[]).await?;
    let db = Db::connect(&format!("sqlite://{folder}/greenleaf.sqlite")).await?;
    let mut figures = pages::measure(&shop.server, &db, &WORDS, rounds).await?;
    figures.extend(api::lists(&shop.server, &db, rounds).await?);
    figures.extend(shop.figures(Some(150.0), Some(1.0))?);
    drop(shop);
    db.close().await;

    for (engine, shop) in
        [("SQLite", a_shop().on_sqlite().await), ("MariaDB", a_shop().on_mariadb().await)]
    {
        let skus = ["BENCH-A", "BENCH-B"];
        for sku in skus {
            a_product(&shop).sku(sku).price(450).stock(1_000_000).save().await;
        }
        let shop: Arc<TestShop> = Arc::new(shop);
        let rows = orders::measure(raw_orders, &shop, skus, rounds.number).await?;
        figures.extend(
            rows.into_iter().map(|row| Figure { row: format!("{} on {engine}", row.row), ..row }),
        );
    }
    Ok(Measured { shop: "demo".to_owned(), figures })
}
