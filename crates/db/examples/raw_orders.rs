//! Runs the statements of an order of two lines by the driver alone: the baseline of the bench.
//!
//! `raw_orders URL N_BUYERS SKU SKU`, with the ids of open carts on standard input; prints the
//! microseconds that the orders took and those of CPU.

use std::str::FromStr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use sqlx::mysql::MySqlPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Executor, MySqlPool, SqlitePool};
use uuid::Uuid;

/// The allocator of the executable.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What `place_order` executes, in its order; the bench compares the counts. `?1` and its like do
/// not exist on MySQL, so each statement names how its values are made: `c` the cart, `o` the
/// order, `f` a fresh id, `s` and `t` the SKUs, `v` their variants, `p` their products, `n` a number, `u` a unique text, `x` some text. A capital letter is written 16 times,
/// as for the chunks of `db`: first one thing and then the other; `8` does it 8 times for the SKUs.
const STATEMENTS: [(&str, &str); 19] = [
    (
        "UPDATE carts SET state = 'ordered', version = version + 1, updated_at = ? WHERE id = ? AND state = 'open'",
        "nc",
    ),
    (
        "SELECT c.channel, c.locale, c.customer_id, c.state, c.version, l.sku, l.quantity FROM carts c LEFT JOIN cart_lines l ON l.cart_id = c.id WHERE c.id = ? ORDER BY l.position",
        "c",
    ),
    (
        "SELECT v.sku, v.id, v.product_id, p.kind, p.axes, p.visibility, v.is_enabled, p.tax_class, v.options, v.weight_grams, o.currency, o.regular_minor, o.special_minor, o.special_from, o.special_until, o.eco_participation_minor, o.prior_minor, s.on_hand, s.allocated FROM variants v JOIN products p ON p.id = v.product_id LEFT JOIN prices o ON o.variant_id = v.id AND o.channel = 'fr' LEFT JOIN stock s ON s.sku = v.sku AND s.source = 'main' WHERE v.sku IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        "S",
    ),
    (
        "SELECT product_id, locale, slug, name FROM product_texts WHERE product_id IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        "P",
    ),
    (
        "SELECT p.product_id, m.media_key, p.attribute, p.attribute_option FROM product_pictures p JOIN media m ON m.id = p.media_id WHERE p.product_id IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ORDER BY p.product_id, p.position",
        "P",
    ),
    (
        "UPDATE stock SET allocated = allocated + 1 WHERE sku = ? AND source = 'main' AND on_hand - allocated >= 1",
        "s",
    ),
    (
        "INSERT INTO stock_moves (id, sku, source, kind, on_hand_change, allocated_change, order_id, moved_at) VALUES (?, ?, 'main', 'allocate', 0, 1, ?, ?)",
        "fson",
    ),
    (
        "UPDATE stock SET allocated = allocated + 2 WHERE sku = ? AND source = 'main' AND on_hand - allocated >= 2",
        "t",
    ),
    (
        "INSERT INTO stock_moves (id, sku, source, kind, on_hand_change, allocated_change, order_id, moved_at) VALUES (?, ?, 'main', 'allocate', 0, 2, ?, ?)",
        "fton",
    ),
    (
        "SELECT sku, on_hand, allocated FROM stock WHERE source = 'main' AND sku IN (?, ?, ?, ?, ?, ?, ?, ?)",
        "8",
    ),
    ("SELECT id FROM jobs WHERE dedupe_key = ?", "u"),
    (
        "INSERT INTO jobs (id, kind, payload, dedupe_key, state, run_at, leased_until, lease, attempts, last_error, created_at) VALUES (?, 'send-order-mail', ?, ?, 'ready', ?, 0, NULL, 0, '', 0)",
        "fxun",
    ),
    (
        "INSERT INTO order_events (id, order_id, kind, actor, note, happened_at) VALUES (?, ?, 'placed', 'customer', '', ?)",
        "fon",
    ),
    ("UPDATE sequences SET last = last + 1 WHERE name = 'raw'", ""),
    ("UPDATE sequences SET last = last + 1 WHERE name = 'raw'", ""),
    (
        "INSERT INTO orders (id, number, channel, locale, currency, prices_include_tax, rounding, cart_id, customer_id, email, email_key, search_text, billing, delivery, shipping_method, shipping_name, payment_method, payment_kind, payment_name, terms_version, total_net_minor, total_tax_minor, placed_at, paid_at, canceled_at, status, version) VALUES (?, ?, 'raw', 'fr', 'EUR', 1, 'line', ?, NULL, 'jeanne@exemple.fr', 'jeanne@exemple.fr', ?, ?, ?, 'flat', 'flat', 'cheque', 'cheque', 'cheque', 1, 1000, 200, ?, NULL, NULL, 'pending', 1)",
        "oucxxxn",
    ),
    (
        "INSERT INTO order_lines (order_id, position, sku, product_id, variant_id, name, options, media_key, quantity, n_shipped, weight_grams, tax_class, tax_basis_points, unit_net_minor, unit_tax_minor, net_minor, tax_minor) VALUES (?, ?, ?, ?, ?, 'A name', '[]', NULL, 1, 0, 100, 'standard', 2000, 400, 80, 400, 80)",
        "onspv",
    ),
    (
        "INSERT INTO order_adjustments (order_id, position, line, source, label, tax_basis_points, net_minor, tax_minor) VALUES (?, 0, NULL, 'shipping', 'flat', 2000, 408, 82)",
        "o",
    ),
    ("SELECT id, topics FROM webhooks WHERE is_active = 1 ORDER BY id", ""),
];

/// The place of the statement that runs once for each line.
const LINES: usize = 16;

/// An address as an order keeps it, for the length of it.
const TEXT: &str = r#"{"first_name":"Jeanne","last_name":"Dupont","company":"","street":"1 rue du Thé","street_extra":"","postcode":"75011","city":"Paris","country":"FR","phone":""}"#;

#[derive(Clone)]
struct Goods {
    skus: [String; 2],
    variants: [Uuid; 2],
    products: [Uuid; 2],
}

macro_rules! order {
    ($tx:expr, $goods:expr, $cart:expr) => {{
        let goods: &Goods = &$goods;
        let order = Uuid::now_v7();
        let unique = order.simple().to_string();
        for (at, (statement, values)) in STATEMENTS.into_iter().enumerate() {
            for line in 0..(if at == LINES { 2_i64 } else { 1 }) {
                let mut query = sqlx::query(statement);
                for value in values.bytes() {
                    query = match value {
                        b'c' => query.bind($cart),
                        b'o' => query.bind(order),
                        b'f' => query.bind(Uuid::now_v7()),
                        b's' => query.bind(&goods.skus[0]),
                        b't' => query.bind(&goods.skus[1]),
                        b'v' => query.bind(goods.variants[0]),
                        b'p' => query.bind(goods.products[0]),
                        b'u' => query.bind(unique.as_str()),
                        b'n' => query.bind(line),
                        b'S' => (0..16).fold(query, |q, i| q.bind(&goods.skus[i.min(1)])),
                        b'8' => (0..8).fold(query, |q, i| q.bind(&goods.skus[i.min(1)])),
                        b'P' => (0..16).fold(query, |q, i| q.bind(goods.products[i.min(1)])),
                        _ => query.bind(TEXT),
                    };
                }
                if statement.starts_with("SELECT") {
                    $tx.fetch_all(query).await?;
                } else {
                    $tx.execute(query).await?;
                }
            }
        }
        $tx.commit().await?;
    }};
}

macro_rules! goods {
    ($pool:expr, $skus:expr) => {{
        let mut goods =
            Goods { skus: $skus, variants: [Uuid::nil(); 2], products: [Uuid::nil(); 2] };
        for at in 0..2 {
            let ids = "SELECT id, product_id FROM variants WHERE sku = ?";
            let ids = sqlx::query_as::<_, (Uuid, Uuid)>(ids).bind(&goods.skus[at]);
            (goods.variants[at], goods.products[at]) = ids.fetch_one($pool).await?;
        }
        let known = sqlx::query("UPDATE sequences SET last = last WHERE name = 'raw'");
        if known.execute($pool).await?.rows_affected() == 0 {
            let sequence = "INSERT INTO sequences (name, last) VALUES ('raw', 0)";
            sqlx::query(sequence).execute($pool).await?;
        }
        goods
    }};
}

#[expect(clippy::print_stdout, reason = "the bench reads the figures")]
#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut argument = || arguments.next().context("URL N_BUYERS SKU SKU");
    let (url, n_buyers): (String, usize) = (argument()?, argument()?.parse()?);
    let skus = [argument()?, argument()?];
    let carts: Vec<Uuid> = std::io::read_to_string(std::io::stdin())?
        .lines()
        .map(Uuid::parse_str)
        .collect::<Result<_, _>>()?;
    let shares = carts.chunks(carts.len().div_ceil(n_buyers)).map(<[Uuid]>::to_vec);

    let mut buyers = Vec::new();
    let (began, cpu);
    if url.starts_with("mysql") {
        let pool: MySqlPool = MySqlPoolOptions::new()
            .max_connections(40)
            .after_connect(|conn, _| {
                Box::pin(async move {
                    let level = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";
                    conn.execute(level).await.map(drop)
                })
            })
            .connect(&url)
            .await?;
        let goods = goods!(&pool, skus);
        (began, cpu) = (Instant::now(), cpu_micros()?);
        for carts in shares {
            let (pool, goods) = (pool.clone(), goods.clone());
            buyers.push(tokio::spawn(async move {
                for cart in carts {
                    let mut tx = pool.begin().await?;
                    order!(tx, goods, cart);
                }
                anyhow::Ok(())
            }));
        }
    } else {
        let options = SqliteConnectOptions::from_str(&url)?
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(Duration::from_secs(5))
            .pragma("cache_size", "-16000");
        let pool: SqlitePool =
            SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
        let goods = goods!(&pool, skus);
        (began, cpu) = (Instant::now(), cpu_micros()?);
        for carts in shares {
            let (pool, goods) = (pool.clone(), goods.clone());
            buyers.push(tokio::spawn(async move {
                for cart in carts {
                    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
                    order!(tx, goods, cart);
                }
                anyhow::Ok(())
            }));
        }
    }
    for buyer in buyers {
        buyer.await??;
    }
    println!("{} {}", began.elapsed().as_micros(), cpu_micros()? - cpu);
    Ok(())
}

/// Microseconds of CPU that this process has used: fields 14 and 15 of proc(5), in ticks of 10 ms.
fn cpu_micros() -> Result<u64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let fields: Vec<&str> = stat.rsplit_once(')').context("a name")?.1.split_whitespace().collect();
    let ticks = |at: usize| -> Result<u64> { Ok(fields.get(at).context("a field")?.parse()?) };
    Ok((ticks(11)? + ticks(12)?) * 10_000)
}
