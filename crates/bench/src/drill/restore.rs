//! The database is lost, and its backup, made while people bought, is read into another server: it
//! is whole, nothing from before the backup is missing, and the shop goes on from there.

use std::time::Instant;

use anyhow::Result;
use testkit::servers::MariaDb;
use tokio::task::block_in_place;

use super::findings::{Findings, shown};
use super::fleet::{self, Fleet};
use super::outage::people;
use super::traffic::{Acknowledged, Kind, Traffic};
use super::{Stage, books};

pub(crate) async fn drill(stage: &Stage) -> Result<Findings> {
    let mut lost = MariaDb::private().await;
    let skus = fleet::found(lost.url()).await?;
    let before = Fleet::start(&stage.greenleaf, lost.url(), 1, &[]).await?;
    let shop = before.instances[0].address;
    let traffic = Traffic::start(shop, &people(stage), &skus).await?;
    let usual = stage.seconds(20, 5);
    tokio::time::sleep(usual).await;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("backup.sql");
    let began = Instant::now();
    block_in_place(|| lost.dump(&file));
    let backed_up = began.elapsed();
    tokio::time::sleep(usual).await;
    let seen = traffic.stop().await?;
    drop(before);
    lost.kill().await;

    let began_again = Instant::now();
    let found = MariaDb::private().await;
    block_in_place(|| found.load(&file));
    let after = Fleet::start(&stage.greenleaf, found.url(), 1, &[]).await?;
    let restored = began_again.elapsed();
    let mut findings = Findings::default();
    findings.figure("making the backup while people bought", shown(backed_up));
    findings.figure("its size", format!("{} kB", file.metadata()?.len() / 1_000));
    findings.figure("from nothing to a shop that serves", shown(restored));
    findings.require_none("nobody noticed the backup", &seen.failures(Kind::Buy));
    let ask = |query: &str| found.query(query);
    let earlier: Vec<&Acknowledged> =
        seen.acknowledged.iter().filter(|told| told.at < began).collect();
    findings.require("people bought before the backup", !earlier.is_empty(), earlier.len());
    let n_orders = books::audit(&mut findings, &ask, found.url(), &earlier).await?;
    let n_lost = seen.acknowledged.len().saturating_sub(n_orders);
    findings.figure("orders from after the backup, which are lost", n_lost);

    let traffic = Traffic::start(after.instances[0].address, &people(stage), &skus).await?;
    tokio::time::sleep(usual).await;
    let seen = traffic.stop().await?;
    for (kind, name) in [(Kind::Browse, "browsing"), (Kind::Buy, "buying")] {
        findings
            .require_none(&format!("no request {name} failed afterwards"), &seen.failures(kind));
    }
    findings.require(
        "people bought afterwards",
        !seen.acknowledged.is_empty(),
        seen.acknowledged.len(),
    );
    books::audit(&mut findings, &ask, found.url(), &seen.told()).await?;
    findings.require_none("nothing panicked", &after.logged("panicked")?);
    Ok(findings)
}
