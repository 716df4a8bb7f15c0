//! Three instances behind HAProxy are replaced one by one while people browse and buy: nobody
//! notices.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use testkit::servers::{HaProxy, MariaDb};

use super::findings::{Findings, shown, spread};
use super::fleet::{self, Fleet};
use super::traffic::{Kind, People, Traffic};
use super::{Stage, books};

pub(super) const N_INSTANCES: usize = 3;
/// How often HAProxy looks at the instances here; it takes one out after three failures.
pub(super) const INTERVAL: Duration = Duration::from_millis(200);

pub(crate) async fn drill(stage: &Stage) -> Result<Findings> {
    let database = MariaDb::private().await;
    let skus = fleet::found(database.url()).await?;
    // The notice is longer than HAProxy needs to see it.
    let settings = [("GREENLEAF_NOTICE_SECONDS", "2")];
    let mut fleet = Fleet::start(&stage.greenleaf, database.url(), N_INSTANCES, &settings).await?;
    let proxy = HaProxy::before_instances(&fleet.addresses(), INTERVAL).await;
    for nth in 0..N_INSTANCES {
        wait_until_led_to(&proxy, nth).await?;
    }

    let people = People {
        n_browsers: stage.scale(12, 6),
        n_buyers: 6,
        pause: Duration::from_millis(stage.scale(20, 50)),
        some_give_up: false,
    };
    let traffic = Traffic::start(proxy.address(), &people, &skus).await?;
    let began = Instant::now();
    let mut findings = Findings::default();
    let mut bad_ends = Vec::new();
    for _ in 0..stage.scale(5, 1) {
        for nth in 0..N_INSTANCES {
            tokio::time::sleep(stage.seconds(2, 1)).await;
            let status = fleet.stop(nth).await?;
            if !status.success() {
                bad_ends.push(format!("instance {nth}: {status}"));
            }
            fleet.start_again(nth).await?;
            wait_until_led_to(&proxy, nth).await?;
        }
    }
    let seconds = began.elapsed();
    let seen = traffic.stop().await?;

    findings.figure("instances replaced", N_INSTANCES * stage.scale(5, 1));
    findings.figure("time", shown(seconds));
    for (kind, name) in [(Kind::Browse, "browsing"), (Kind::Buy, "buying")] {
        let n = seen.of(kind).count();
        findings.figure(&format!("requests {name}"), format!("{n}; {}", spread(&seen.times(kind))));
        findings.require_none(&format!("no request {name} failed"), &seen.failures(kind));
        findings.require(&format!("somebody was {name}"), n > 50, n);
    }
    findings.require_none("every instance ended with code 0", &bad_ends);
    let ask = |query: &str| database.query(query);
    books::wait_for_jobs(&ask, Duration::from_mins(1)).await?;
    books::audit(&mut findings, &ask, database.url(), &seen.told()).await?;
    books::audit_mails(&mut findings, &ask, &fleet.mail.received(), 0);
    Ok(findings)
}

pub(super) async fn wait_until_led_to(proxy: &HaProxy, nth: usize) -> Result<()> {
    let began = Instant::now();
    while !proxy.leads_to(nth + 1) {
        ensure!(began.elapsed() < Duration::from_secs(30), "HAProxy does not see instance {nth}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}
