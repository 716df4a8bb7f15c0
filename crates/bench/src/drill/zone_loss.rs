//! The primary database is lost, alone or with half of the instances: its replica is promoted, and
//! nothing that a buyer was told is lost.
//!
//! Both are MySQL, as in production.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use testkit::servers::{HaProxy, replicated};

use super::findings::{Findings, shown};
use super::fleet::{self, Fleet};
use super::outage::{judge, people};
use super::traffic::{Kind, Traffic};
use super::{Stage, books, instance_loss};

const N_INSTANCES: usize = 2;

/// What is lost at once.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loss {
    Database,
    /// The instance that stands beside it, too.
    Zone,
}

pub(crate) async fn drill(stage: &Stage, loss: Loss) -> Result<Findings> {
    let (mut primary, replica) = replicated().await;
    let skus = fleet::found(primary.url()).await?;
    let endpoint = HaProxy::before_databases(primary.port(), replica.port()).await;
    let url = format!("mysql://shop:shop@{}/{}", endpoint.address(), primary.name());
    let mut fleet = Fleet::start(&stage.greenleaf, &url, N_INSTANCES, &[]).await?;
    let proxy = HaProxy::before_instances(&fleet.addresses(), Duration::from_secs(1)).await;
    let traffic = Traffic::start(proxy.address(), &people(stage), &skus).await?;

    let usual = stage.seconds(15, 4);
    tokio::time::sleep(usual).await;
    let mut findings = Findings::default();
    let version = primary.query("SELECT VERSION()");
    findings.figure("both databases", format!("MySQL {}", version.trim()));
    let status = |name: &str| {
        let line = primary.query(&format!("SHOW STATUS LIKE 'Rpl_semi_sync_source_{name}'"));
        line.split_whitespace().last().unwrap_or_default().to_owned()
    };
    findings.require("it is semi-synchronous", status("status") == "ON", status("status"));
    let (waited, unheeded) = (status("yes_tx"), status("no_tx"));
    findings.figure("commits that waited for the replica", &waited);
    findings.require("commits did", waited != "0", &waited);
    findings.require("no commit went on without it", unheeded == "0", &unheeded);
    findings.require("the replica was healthy before the loss", replica.is_healthy(), "it was not");
    let gone = Instant::now();
    if loss == Loss::Zone {
        fleet.kill(0).await?;
    }
    primary.kill().await;
    // As long as somebody, or something, needs to decide.
    tokio::time::sleep(stage.seconds(30, 4)).await;
    let decided = Instant::now();
    replica.promote().await;
    let back = Instant::now();
    findings.figure("from the loss to the promotion", shown(back - gone));
    findings.figure("of that, draining what had come and promoting", shown(back - decided));
    tokio::time::sleep(Duration::from_secs(5) + usual).await;
    let mut seen = traffic.stop().await?;

    if loss == Loss::Zone {
        instance_loss::forgive(&mut findings, &mut seen, gone, people(stage).n_buyers);
    }
    judge(&mut findings, &seen, gone, back);
    let gap = seen.longest_gap(Kind::Buy);
    findings.require("the shop sold again within 60 s", gap < Duration::from_mins(1), shown(gap));
    let ask = |query: &str| replica.query(query);
    let took = instance_loss::wait_for_jobs(stage, &ask).await?;
    findings.figure("until the last job was done", shown(took));
    let own = format!("mysql://root@127.0.0.1:{}/{}", replica.port(), primary.name());
    books::audit(&mut findings, &ask, &own, &seen.told()).await.context("the replica")?;
    let most_repeats = if loss == Loss::Zone { instance_loss::MOST_IN_HAND } else { 0 };
    books::audit_mails(&mut findings, &ask, &fleet.mail.received(), most_repeats);
    findings.require_none("nothing panicked", &fleet.logged("panicked")?);
    Ok(findings)
}
