//! Orders: whole use cases against the raw statements.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result};
use shop::checkout::place_order;
use testkit::{TestShop, a_cart, a_placement, a_product, a_shop};
use tokio::process::Command;

use crate::{Row, median, ratio};

const N_ORDERS: usize = 600;
const N_BUYERS: usize = 16;
const ROUNDS: usize = 3;

pub(crate) async fn measure(raw_orders: &Path) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (engine, shop) in
        [("SQLite", a_shop().on_sqlite().await), ("MariaDB", a_shop().on_mariadb().await)]
    {
        let shop = Arc::new(shop);
        let (mut raw, mut whole) = (Vec::new(), Vec::new());
        for round in 0..ROUNDS {
            raw.push(raw_rate(raw_orders, shop.database_url(), round).await?);
            whole.push(rate(&shop, round).await?);
        }
        let (raw, whole) = (median(raw), median(whole));
        rows.push(Row {
            what: format!("`place_order` of two lines on {engine}, {N_BUYERS} buyers"),
            measured: format!("{whole} orders/s"),
            baseline: format!("raw statements: {raw} orders/s"),
            ratio: ratio(whole, raw),
            to_reach: if engine == "MariaDB" { "≥ 0.7" } else { "" },
        });
    }
    Ok(rows)
}

/// Places orders of two lines, in parallel, on carts that were made before.
async fn rate(shop: &Arc<TestShop>, round: usize) -> Result<u64> {
    let skus = [format!("BENCH-A-{round}"), format!("BENCH-B-{round}")];
    for sku in &skus {
        a_product(shop).sku(sku).price(450).stock(1_000_000).save().await;
    }
    let mut carts = Vec::with_capacity(N_ORDERS);
    for _ in 0..N_ORDERS {
        carts.push(a_cart(shop).with(1, &skus[0]).with(2, &skus[1]).save().await.id);
    }
    let began = Instant::now();
    let mut buyers = Vec::new();
    for carts in carts.chunks(N_ORDERS.div_ceil(N_BUYERS)) {
        let (shop, carts) = (Arc::clone(shop), carts.to_vec());
        buyers.push(tokio::spawn(async move {
            for cart in carts {
                place_order(&shop, &a_placement(cart)).await?;
            }
            anyhow::Ok(())
        }));
    }
    for buyer in buyers {
        buyer.await??;
    }
    per_second(began)
}

fn per_second(began: Instant) -> Result<u64> {
    let micros = u64::try_from(began.elapsed().as_micros())?.max(1);
    Ok(u64::try_from(N_ORDERS)? * 1_000_000 / micros)
}

/// The same statements by the driver alone, on the same database.
async fn raw_rate(program: &Path, url: &str, round: usize) -> Result<u64> {
    let (n_orders, n_buyers) = (N_ORDERS.to_string(), N_BUYERS.to_string());
    let output = Command::new(program)
        .args([url, &n_orders, &n_buyers, &round.to_string()])
        .output()
        .await
        .with_context(|| format!("{} cannot be started", program.display()))?;
    anyhow::ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let micros: u64 = String::from_utf8(output.stdout)?.trim().parse()?;
    Ok(u64::try_from(N_ORDERS)? * 1_000_000 / micros.max(1))
}
