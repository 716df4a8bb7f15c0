//! The clocks of two instances are a minute apart: people do not notice, every job is done once, and
//! orders are dated by the clock of whoever took them.

use std::time::Duration;

use anyhow::{Context, Result};
use testkit::servers::{HaProxy, MariaDb};

use super::findings::{Findings, shown, spread};
use super::fleet::{self, Fleet};
use super::outage::people;
use super::rolling::{INTERVAL, wait_until_led_to};
use super::traffic::{Kind, Traffic};
use super::{Stage, books};

/// Half of what a worker claims a job for, in all.
const SKEWS: [&str; 2] = ["-30s", "+30s"];

pub(crate) async fn drill(stage: &Stage) -> Result<Findings> {
    let database = MariaDb::private().await;
    let skus = fleet::found(database.url()).await?;
    let library = faketime()?;
    let mut fleet = Fleet::start(&stage.greenleaf, database.url(), 0, &[]).await?;
    for skew in SKEWS {
        // Its own timers run as they do: only what it takes for the time of day is wrong.
        let own = [
            ("LD_PRELOAD", library.as_str()),
            ("FAKETIME", skew),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ];
        fleet.add(&own).await?;
    }
    let proxy = HaProxy::before_instances(&fleet.addresses(), INTERVAL).await;
    for nth in 0..SKEWS.len() {
        wait_until_led_to(&proxy, nth).await?;
    }
    let traffic = Traffic::start(proxy.address(), &people(stage), &skus).await?;
    tokio::time::sleep(stage.seconds(60, 8)).await;
    let seen = traffic.stop().await?;

    let mut findings = Findings::default();
    for (kind, name) in [(Kind::Browse, "browsing"), (Kind::Buy, "buying")] {
        let n = seen.of(kind).count();
        findings.figure(&format!("requests {name}"), format!("{n}; {}", spread(&seen.times(kind))));
        findings.require_none(&format!("no request {name} failed"), &seen.failures(kind));
        findings.require(&format!("somebody was {name}"), n > 50, n);
    }
    let ask = |query: &str| database.query(query);
    // What one promised is due for the other a minute later.
    let took = books::wait_for_jobs(&ask, Duration::from_mins(2)).await?;
    findings.figure("until the last job was done", shown(took));
    let span = ask("SELECT (MAX(placed_at) - MIN(placed_at)) DIV 1000000 FROM orders");
    let span: u64 = span.trim().parse().context("orders have times")?;
    findings.figure("from the first to the last order by their dates", format!("{span} s"));
    findings.require("both clocks dated orders", span >= 60, span);
    books::audit(&mut findings, &ask, database.url(), &seen.told()).await?;
    books::audit_mails(&mut findings, &ask, &fleet.mail.received(), 0);
    findings.require_none("nothing panicked", &fleet.logged("panicked")?);
    Ok(findings)
}

/// The library that tells a program another time; Debian's package is `faketime`.
fn faketime() -> Result<String> {
    let folders = std::fs::read_dir("/usr/lib")?.filter_map(Result::ok);
    let found = folders.map(|folder| folder.path().join("faketime/libfaketimeMT.so.1"));
    let library = found.into_iter().find(|path| path.exists());
    let library = library.context("the Debian package faketime is missing")?;
    Ok(library.to_str().context("a plain path")?.to_owned())
}
