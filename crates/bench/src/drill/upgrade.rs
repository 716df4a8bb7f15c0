//! A shop that an older executable founded is brought to a newer one, instance by instance, and then
//! back, while people browse and buy: nobody notices either.
//!
//! What the deployment of `ansible/` does: the newer executable migrates once, before the first instance
//! of it serves. On the way back the schema stays, and what the newer executable wrote stays with it.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use commerce::catalog::Sku;
use commerce::order::OrderId;
use db::Db;
use testkit::servers::{HaProxy, MariaDb};
use tokio::process::Command;
use uuid::Uuid;

use super::Stage;
use super::books::{self, Ask};
use super::command::Commands;
use super::findings::{Findings, shown, spread};
use super::fleet::{Fleet, N_SKUS, ON_HAND};
use super::outage::people;
use super::rolling::{INTERVAL, N_INSTANCES, wait_until_led_to};
use super::traffic::{Kind, Traffic};

/// `older` is the folder with the executables from before.
pub(crate) async fn drill(stage: &Stage, older: &Path) -> Result<Findings> {
    let database = MariaDb::private().await;
    let ask = |query: &str| database.query(query);
    let folder = tempfile::tempdir()?;
    let skus = found(older, folder.path(), database.url(), &ask).await?;
    let older = older.join("greenleaf");
    let [newer, older] = [&*stage.greenleaf, &*older]
        .map(|greenleaf| Commands::to(greenleaf, folder.path().join("steps"), database.url()));

    // The notice is longer than HAProxy needs to see it.
    let settings = [("GREENLEAF_NOTICE_SECONDS", "2")];
    let mut fleet = Fleet::start(older.greenleaf(), database.url(), N_INSTANCES, &settings).await?;
    let proxy = HaProxy::before_instances(&fleet.addresses(), INTERVAL).await;
    for nth in 0..N_INSTANCES {
        wait_until_led_to(&proxy, nth).await?;
    }
    let traffic = Traffic::start(proxy.address(), &people(stage), &skus).await?;
    let usual = stage.seconds(20, 3);
    let mut findings = Findings::default();

    tokio::time::sleep(usual).await;
    let before = n_migrations(&ask)?;
    let migrated = newer.run(&["migrate"]).await?;
    let n_new = n_migrations(&ask)? - before;
    findings.figure(
        "migrations of the newer executable",
        format!("{n_new} in {}", shown(migrated.took)),
    );
    findings.require("there is something to migrate", n_new > 0, n_new);
    // The older ones alone on the newer schema, as long as the first replacement may take.
    tokio::time::sleep(usual).await;
    replace(&mut fleet, &proxy, newer.greenleaf(), "to the newer", &mut findings).await?;
    tokio::time::sleep(usual).await;
    let held = hold_an_order(database.url(), &ask).await?;

    let passes = older.run(&["migrate"]).await.is_ok();
    let said = if passes { "passes over what is newer" } else { "refuses what is newer" };
    findings.figure("the older executable's own migration, before the way back", said);
    replace(&mut fleet, &proxy, older.greenleaf(), "back to the older", &mut findings).await?;
    tokio::time::sleep(usual).await;
    let seen = traffic.stop().await?;

    for (kind, name) in [(Kind::Browse, "browsing"), (Kind::Buy, "buying")] {
        let n = seen.of(kind).count();
        findings.figure(&format!("requests {name}"), format!("{n}; {}", spread(&seen.times(kind))));
        findings.require_none(&format!("no request {name} failed"), &seen.failures(kind));
        findings.require(&format!("somebody was {name}"), n > 50, n);
    }
    books::wait_for_jobs(&ask, Duration::from_mins(1)).await?;
    books::audit(&mut findings, &ask, database.url(), &seen.told()).await?;
    books::audit_mails(&mut findings, &ask, &fleet.mail.received(), 0);
    let is_held = ask(&format!("SELECT held_at IS NOT NULL FROM orders WHERE number = '{held}'"));
    findings.require("an order on hold is on hold still", is_held.trim() == "1", &held);
    findings.require_none("nothing is logged as an error", &fleet.logged("ERROR")?);
    findings.require_none("nothing panicked", &fleet.logged("panicked")?);
    Ok(findings)
}

/// Has executables from before make a shop of an empty database, with plenty of what is bought, and
/// gives that.
async fn found(older: &Path, folder: &Path, database_url: &str, ask: Ask<'_>) -> Result<Vec<Sku>> {
    let n_skus = N_SKUS.to_string();
    let generated = Command::new(older.join("bench"))
        .args(["generate", "--skus", &n_skus, "--database-url", database_url])
        .output()
        .await?;
    ensure!(
        generated.status.success(),
        "the older bench generates no catalog: {}",
        String::from_utf8_lossy(&generated.stderr)
    );
    let simple = ask("SELECT sku FROM variants JOIN products ON products.id = product_id \
         WHERE kind = 'simple' AND visibility = 'published' AND is_enabled ORDER BY sku");
    let rows: Vec<String> = simple.lines().map(|sku| format!("{sku},{ON_HAND}")).collect();
    let file = folder.join("stock.csv");
    fs::write(&file, format!("sku,quantity\n{}\n", rows.join("\n")))?;
    let file = file.to_str().context("a plain path")?;
    let greenleaf = older.join("greenleaf");
    let commands = Commands::to(&greenleaf, folder.join("founder"), database_url);
    commands.run(&["import", "stock", file]).await?;
    simple.lines().map(|sku| Sku::new(sku).context("the shop has valid SKUs")).collect()
}

/// Replaces all instances, one after the other.
async fn replace(
    fleet: &mut Fleet,
    proxy: &HaProxy,
    by: &Path,
    way: &str,
    findings: &mut Findings,
) -> Result<()> {
    fleet.run_from_now_on(by);
    let began = Instant::now();
    let mut bad_ends = Vec::new();
    for nth in 0..N_INSTANCES {
        let status = fleet.stop(nth).await?;
        if !status.success() {
            bad_ends.push(format!("instance {nth}: {status}"));
        }
        fleet.start_again(nth).await?;
        wait_until_led_to(proxy, nth).await?;
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
    findings.figure(&format!("{N_INSTANCES} instances {way} executable"), shown(began.elapsed()));
    findings.require_none(&format!("each ended with code 0 on the way {way}"), &bad_ends);
    Ok(())
}

/// Leaves something behind that only a newer executable writes, and gives its number.
async fn hold_an_order(database_url: &str, ask: Ask<'_>) -> Result<String> {
    let first = ask("SELECT HEX(id) FROM orders ORDER BY placed_at LIMIT 1");
    let id = OrderId(Uuid::try_parse(first.trim()).context("there are orders")?);
    let db = Db::connect(database_url).await?;
    let mut tx = db.write().await?;
    let found = db::order::find(&mut tx, id).await?.context("the order is there")?;
    let mut order = found.order;
    order.hold(crate::now())?;
    ensure!(db::order::update(&mut tx, &order, found.version).await?, "nobody else changes it");
    tx.commit().await?;
    db.close().await;
    Ok(order.number.as_str().to_owned())
}

fn n_migrations(ask: Ask<'_>) -> Result<u32> {
    let n = ask("SELECT COUNT(*) FROM _sqlx_migrations WHERE success");
    n.trim().parse().context("a count")
}
