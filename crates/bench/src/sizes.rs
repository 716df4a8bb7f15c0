//! Generated shops of several sizes, on both engines.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use clap::ValueEnum;
use testkit::{TestShop, a_shop};

use crate::figure::{Figure, shown};
use crate::generate::{self, SEED, generate};
use crate::pages::Rounds;
use crate::report::Measured;
use crate::running::RunningShop;
use crate::{api, orders, pages};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engine {
    Sqlite,
    Mariadb,
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Mariadb => "MariaDB",
        })
    }
}

/// What a shop is called in tables.
pub(crate) fn name(engine: Engine, n_skus: usize) -> String {
    let size = if n_skus.is_multiple_of(1_000) {
        format!("{}k", n_skus / 1_000)
    } else {
        n_skus.to_string()
    };
    format!("{size} SKUs, {engine}")
}

/// Signs what a shop in a test folder signs.
const KEY: &str = "a key for shops that are measured and thrown away";

pub(crate) async fn measure(
    engine: Engine,
    n_skus: usize,
    greenleaf: &Path,
    raw_orders: &Path,
    rounds: Rounds,
) -> Result<Measured> {
    let shop = match engine {
        Engine::Sqlite => a_shop().on_sqlite().await,
        Engine::Mariadb => a_shop().on_mariadb().await,
    };
    let shop: Arc<TestShop> = Arc::new(shop);
    let folder = shop.folder().to_owned();
    let began = Instant::now();
    let generated =
        generate(&shop.db, Some(&folder.join("media")), n_skus, SEED, shop.clock.now()).await?;
    let seconds = began.elapsed().as_secs_f64();
    let [first, second, ..] = generated.simple.as_slice() else {
        anyhow::bail!("{n_skus} SKUs are too few to order from");
    };

    let mut tx = shop.db.write().await?;
    for sku in [first, second] {
        let source = shop.settings().source.clone();
        ensure!(db::stock::count(&mut tx, &source, sku, 1_000_000).await?, "it was never ordered");
    }
    tx.commit().await?;
    let data = folder.to_str().context("a plain path")?;
    let environment =
        [("GREENLEAF_DATABASE_URL", shop.database_url()), ("GREENLEAF_SECRET_KEY", KEY)];
    let running = RunningShop::start(greenleaf, "serve", data, &environment).await?;
    let (words, skus) = (generate::searches(), [first.as_str(), second.as_str()]);
    let mut figures = pages::measure(&running.server, &shop.db, &words, rounds).await?;
    let (most_memory, longest_start) = match n_skus {
        0..=1_000 => (Some(150.0), Some(1.0)),
        1_001..=10_000 => (Some(150.0), None),
        _ => (Some(900.0), Some(10.0)),
    };
    figures.extend(api::lists(&running.server, &shop.db, rounds).await?);
    figures.extend(api::orders(&running.server, raw_orders, &shop, skus, rounds.number).await?);
    figures.extend(running.figures(most_memory, longest_start)?);
    drop(running);
    figures.extend(orders::measure(raw_orders, &shop, skus, rounds.number).await?);
    let note = format!(
        "{} products, {} SKUs/s",
        generated.n_products,
        shown(crate::float(n_skus) / seconds)
    );
    figures.push(Figure::new("generating the catalog", seconds, "s").note(note));
    Ok(Measured { shop: name(engine, n_skus), figures })
}

/// What may take at most 1.5 times as long in the largest shop as in the smallest.
const GROWING: [&str; 3] =
    ["uncached category page", "uncached product page", "uncached `products` query"];

/// How the largest shop of an engine compares with the smallest.
pub(crate) fn growth(engine: Engine, sizes: &[usize], shops: &[Measured]) -> Option<Measured> {
    let (small, large) = (sizes.iter().min()?, sizes.iter().max()?);
    if small == large {
        return None;
    }
    let value = |n_skus: usize, row: &str| {
        let shop = shops.iter().find(|shop| shop.shop == name(engine, n_skus))?;
        Some(shop.figures.iter().find(|figure| figure.row == row)?.value)
    };
    let growth = |row: &str| {
        let times = value(*large, row)? / value(*small, row)?;
        Some(Figure::new(row, times, "×").at_most(Some(1.5)))
    };
    let figures = GROWING.into_iter().filter_map(growth).collect();
    Some(Measured { shop: format!("growth to {}", name(engine, *large)), figures })
}
