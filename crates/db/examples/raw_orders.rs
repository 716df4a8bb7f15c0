//! Runs the statements of an order of two lines by the driver alone: the baseline of the bench.
//!
//! `raw_orders URL N_ORDERS N_BUYERS ROUND` on a migrated database; prints the microseconds.

use std::time::Instant;

use anyhow::{Context, Result};
use sqlx::mysql::MySqlPoolOptions;
use sqlx::sqlite::SqlitePoolOptions;
use sqlx::{Executor, MySqlPool, SqlitePool};
use uuid::Uuid;

/// What `place_order` executes, in its order. `?1` and its like do not exist on MySQL, so each
/// statement names how its values are made: `i` the id of this order, `c` a fresh id, `s` and `t`
/// the two SKUs, `n` a number, `x` a text.
const STATEMENTS: [(&str, &str); 19] = [
    (
        "UPDATE carts SET state = 'ordered', version = version + 1, updated_at = ? WHERE id = ? AND state = 'open'",
        "ni",
    ),
    ("SELECT channel, locale, customer_id, state, version FROM carts WHERE id = ?", "i"),
    ("SELECT sku, quantity FROM cart_lines WHERE cart_id = ? ORDER BY position", "i"),
    (
        "SELECT variants.id, products.id FROM variants JOIN products ON products.id = variants.product_id WHERE variants.sku IN (?, ?)",
        "st",
    ),
    ("SELECT locale, slug, name FROM product_texts WHERE product_id = ?", "i"),
    ("SELECT variant_id, regular_minor FROM prices WHERE variant_id = ?", "i"),
    ("SELECT sku, on_hand, allocated FROM stock WHERE source = 'main' AND sku IN (?, ?)", "st"),
    (
        "UPDATE stock SET allocated = allocated + 1 WHERE sku = ? AND source = 'main' AND on_hand - allocated >= 1",
        "s",
    ),
    (
        "INSERT INTO stock_moves (id, sku, source, kind, on_hand_change, allocated_change, order_id, moved_at) VALUES (?, ?, 'main', 'allocate', 0, 1, ?, ?)",
        "csin",
    ),
    (
        "UPDATE stock SET allocated = allocated + 2 WHERE sku = ? AND source = 'main' AND on_hand - allocated >= 2",
        "t",
    ),
    (
        "INSERT INTO stock_moves (id, sku, source, kind, on_hand_change, allocated_change, order_id, moved_at) VALUES (?, ?, 'main', 'allocate', 0, 2, ?, ?)",
        "ctin",
    ),
    ("SELECT sku, on_hand, allocated FROM stock WHERE source = 'main' AND sku IN (?, ?)", "st"),
    (
        "INSERT INTO jobs (id, kind, payload, dedupe_key, state, run_at, leased_until, lease, attempts, last_error, created_at) VALUES (?, 'raw', ?, NULL, 'done', ?, 0, NULL, 0, '', 0)",
        "cxn",
    ),
    (
        "INSERT INTO order_events (id, order_id, kind, actor, note, happened_at) VALUES (?, ?, 'placed', 'customer', '', ?)",
        "cin",
    ),
    ("UPDATE sequences SET last = last + 1 WHERE name = 'raw'", ""),
    ("SELECT last FROM sequences WHERE name = 'raw'", ""),
    (
        "INSERT INTO orders (id, number, channel, locale, currency, prices_include_tax, rounding, cart_id, customer_id, email, email_key, search_text, billing, delivery, shipping_method, shipping_name, payment_method, payment_kind, payment_name, terms_version, total_net_minor, total_tax_minor, placed_at, paid_at, canceled_at, status, version) VALUES (?, ?, 'raw', 'fr', 'EUR', 1, 'line', ?, NULL, 'a@b.fr', 'a@b.fr', ?, '{}', '{}', 'flat', 'flat', 'cheque', 'cheque', 'cheque', 1, 1000, 200, ?, NULL, NULL, 'pending', 1)",
        "iuixn",
    ),
    (
        "INSERT INTO order_lines (order_id, position, sku, product_id, variant_id, name, options, media_key, quantity, n_shipped, weight_grams, tax_class, tax_basis_points, unit_net_minor, unit_tax_minor, net_minor, tax_minor) VALUES (?, ?, 'S', ?, ?, ?, '[]', NULL, 1, 0, 100, 'standard', 2000, 400, 80, 400, 80)",
        "iniix",
    ),
    (
        "INSERT INTO order_adjustments (order_id, position, line, source, label, tax_basis_points, net_minor, tax_minor) VALUES (?, 0, NULL, 'shipping', ?, 2000, 408, 82)",
        "ix",
    ),
];

/// The last but one statement runs once per line.
const LINES: usize = 17;

macro_rules! order {
    ($tx:expr, $skus:expr) => {{
        let id = Uuid::now_v7();
        let text = id.simple().to_string();
        for (at, (statement, values)) in STATEMENTS.into_iter().enumerate() {
            for line in 0..(if at == LINES { 2_i64 } else { 1 }) {
                let mut query = sqlx::query(statement);
                for value in values.bytes() {
                    query = match value {
                        b'i' => query.bind(id),
                        b'c' => query.bind(Uuid::now_v7()),
                        b's' => query.bind($skus[0].clone()),
                        b't' => query.bind($skus[1].clone()),
                        b'u' => query.bind(text.clone()),
                        b'n' => query.bind(line),
                        _ => query.bind("some text"),
                    };
                }
                $tx.execute(query).await?;
            }
        }
        $tx.commit().await?;
    }};
}

#[expect(clippy::print_stdout, reason = "the bench reads the figure")]
#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut argument = || arguments.next().context("URL N_ORDERS N_BUYERS ROUND");
    let url = argument()?;
    let (n_orders, n_buyers): (usize, usize) = (argument()?.parse()?, argument()?.parse()?);
    let round = argument()?;
    let skus = [format!("RAW-A-{round}"), format!("RAW-B-{round}")];
    let n_each = n_orders.div_ceil(n_buyers);
    let stock =
        "INSERT INTO stock (sku, source, on_hand, allocated) VALUES (?, 'main', 1000000, 0)";
    let sequence = "INSERT INTO sequences (name, last) VALUES ('raw', 0)";

    let mut buyers = Vec::new();
    let began = if url.starts_with("mysql") {
        let pool: MySqlPool = MySqlPoolOptions::new().max_connections(40).connect(&url).await?;
        for sku in &skus {
            sqlx::query(stock).bind(sku).execute(&pool).await?;
        }
        let _ = sqlx::query(sequence).execute(&pool).await;
        let began = Instant::now();
        for _ in 0..n_buyers {
            let (pool, skus) = (pool.clone(), skus.clone());
            buyers.push(tokio::spawn(async move {
                for _ in 0..n_each {
                    let mut tx = pool.begin().await?;
                    order!(tx, skus);
                }
                anyhow::Ok(())
            }));
        }
        began
    } else {
        let pool: SqlitePool = SqlitePoolOptions::new().max_connections(1).connect(&url).await?;
        for sku in &skus {
            sqlx::query(stock).bind(sku).execute(&pool).await?;
        }
        let _ = sqlx::query(sequence).execute(&pool).await;
        let began = Instant::now();
        for _ in 0..n_buyers {
            let (pool, skus) = (pool.clone(), skus.clone());
            buyers.push(tokio::spawn(async move {
                for _ in 0..n_each {
                    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
                    order!(tx, skus);
                }
                anyhow::Ok(())
            }));
        }
        began
    };
    for buyer in buyers {
        buyer.await??;
    }
    println!("{}", began.elapsed().as_micros());
    Ok(())
}
