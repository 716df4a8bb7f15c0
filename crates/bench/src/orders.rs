//! Orders: whole use cases against the statements that they run.

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use commerce::cart::CartId;
use shop::checkout::place_order;
use testkit::{TestShop, a_cart, a_placement};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::figure::{Figure, median, shown};
use crate::float;
use crate::process::cpu_micros;

const N_ORDERS: usize = 600;
const N_BUYERS: usize = 16;

/// The baseline: what an order is by the driver alone.
pub(crate) const RAW: &str = "raw statements";

/// What one order cost in one round.
pub(crate) struct Cost {
    pub(crate) per_second: f64,
    /// Of the program and of the database server, where there is one.
    pub(crate) cpu_micros: f64,
    /// As the database server counts them.
    pub(crate) n_statements: f64,
}

/// Places orders of two SKUs, in parallel, and has `raw_orders` run the same statements by the
/// driver alone on carts of the same shop.
pub(crate) async fn measure(
    raw_orders: &Path,
    shop: &Arc<TestShop>,
    skus: [&str; 2],
    rounds: usize,
) -> Result<Vec<Figure>> {
    let (mut raw, mut whole) = (Vec::new(), Vec::new());
    // The first round warms both up.
    for round in 0..=rounds {
        let raw_cost = raw_cost(raw_orders, shop, skus).await?;
        let carts = carts(shop, skus).await;
        let whole_cost = whole_cost(shop, carts).await?;
        ensure!(
            (raw_cost.n_statements - whole_cost.n_statements).abs() < 0.5,
            "the baseline runs {} statements for an order, `place_order` {}",
            raw_cost.n_statements,
            whole_cost.n_statements
        );
        if round > 0 {
            raw.push(raw_cost);
            whole.push(whole_cost);
        }
    }
    let middle = |costs: &[Cost], of: fn(&Cost) -> f64| median(costs.iter().map(of));
    let rounds = || raw.iter().zip(&whole);
    let is_mysql = shop.mariadb().is_some();
    let mut rate = Figure::new("orders by `place_order`", middle(&whole, |it| it.per_second), "/s")
        .against(
            RAW,
            middle(&raw, |it| it.per_second),
            rounds().map(|(raw, whole)| whole.per_second / raw.per_second),
        )
        .note(format!("two lines each, {N_BUYERS} buyers at a time"));
    if is_mysql {
        rate = rate.at_least(0.7);
    }
    let n_statements = middle(&whole, |it| it.n_statements);
    let note = if is_mysql {
        format!("{} statements, the server's CPU included", shown(n_statements))
    } else {
        String::new()
    };
    let cpu = Figure::new("CPU of an order", middle(&whole, |it| it.cpu_micros), "µs of CPU")
        .against(
            RAW,
            middle(&raw, |it| it.cpu_micros),
            rounds().map(|(raw, whole)| raw.cpu_micros / whole.cpu_micros),
        )
        .note(note);
    Ok(vec![rate, cpu])
}

async fn carts(shop: &TestShop, skus: [&str; 2]) -> Vec<CartId> {
    let mut carts = Vec::with_capacity(N_ORDERS);
    for _ in 0..N_ORDERS {
        carts.push(a_cart(shop).with(1, skus[0]).with(2, skus[1]).save().await.id);
    }
    carts
}

async fn whole_cost(shop: &Arc<TestShop>, carts: Vec<CartId>) -> Result<Cost> {
    let meter = Meter::start(shop)?;
    let (began, cpu) = (Instant::now(), cpu_micros("self")?);
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
    let seconds = began.elapsed().as_secs_f64();
    meter.cost(N_ORDERS, seconds, cpu_micros("self")? - cpu)
}

pub(crate) async fn raw_cost(program: &Path, shop: &TestShop, skus: [&str; 2]) -> Result<Cost> {
    let carts = carts(shop, skus).await;
    let meter = Meter::start(shop)?;
    let mut child = Command::new(program)
        .args([shop.database_url(), &N_BUYERS.to_string(), skus[0], skus[1]])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{} cannot be started", program.display()))?;
    let lines: Vec<String> = carts.iter().map(|cart| cart.0.to_string()).collect();
    let lines = lines.join("\n");
    child.stdin.take().context("it is piped")?.write_all(lines.as_bytes()).await?;
    let output = child.wait_with_output().await?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout)?;
    let (micros, cpu) = text.trim().split_once(' ').context("two numbers")?;
    let micros: u64 = micros.parse()?;
    meter.cost(N_ORDERS, float(micros) / 1_000_000.0, cpu.parse()?)
}

/// What the database server had done when a round began.
pub(crate) struct Meter<'a> {
    shop: &'a TestShop,
    server: Option<String>,
    cpu: u64,
    n_statements: u64,
}

impl<'a> Meter<'a> {
    pub(crate) fn start(shop: &'a TestShop) -> Result<Self> {
        let server = match shop.mariadb() {
            Some(database) => {
                let file = database.query("SELECT @@pid_file");
                Some(std::fs::read_to_string(file.trim())?.trim().to_owned())
            }
            None => None,
        };
        let mut meter = Self { shop, server, cpu: 0, n_statements: 0 };
        (meter.cpu, meter.n_statements) = meter.read()?;
        Ok(meter)
    }

    fn read(&self) -> Result<(u64, u64)> {
        let (Some(server), Some(database)) = (&self.server, self.shop.mariadb()) else {
            return Ok((0, 0));
        };
        let counted = database.query("SHOW GLOBAL STATUS LIKE 'Com_stmt_execute'");
        let counted = counted.split_whitespace().last().context("a count")?.parse()?;
        Ok((cpu_micros(server)?, counted))
    }

    /// The share of each of `n_orders`, for which the program itself took `own_cpu` microseconds.
    pub(crate) fn cost(&self, n_orders: usize, seconds: f64, own_cpu: u64) -> Result<Cost> {
        let n = float(n_orders);
        let (cpu, n_statements) = self.read()?;
        Ok(Cost {
            per_second: n / seconds,
            cpu_micros: float(own_cpu + cpu - self.cpu) / n,
            n_statements: float(n_statements - self.n_statements) / n,
        })
    }
}
