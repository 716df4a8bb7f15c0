//! An instance dies without a word behind HAProxy, and another one takes its place: who browses
//! does not notice, and who buys loses the one request that it held.

use std::time::{Duration, Instant};

use anyhow::Result;
use testkit::servers::{HaProxy, MariaDb};

use super::findings::{Findings, shown, spread};
use super::fleet::{self, Fleet};
use super::outage::people;
use super::rolling::{INTERVAL, N_INSTANCES, wait_until_led_to};
use super::traffic::{Event, Kind, Outcome, Seen, Traffic};
use super::{Stage, books};

/// By when the load balancer leads nobody there.
const NOTICED: Duration = Duration::from_secs(1);
/// How many mails one instance may have sent at one moment without having written that down.
pub(super) const MOST_IN_HAND: usize = 8;

pub(crate) async fn drill(stage: &Stage) -> Result<Findings> {
    let database = MariaDb::private().await;
    let skus = fleet::found(database.url()).await?;
    let mut fleet = Fleet::start(&stage.greenleaf, database.url(), N_INSTANCES, &[]).await?;
    let proxy = HaProxy::before_instances(&fleet.addresses(), INTERVAL).await;
    for nth in 0..N_INSTANCES {
        wait_until_led_to(&proxy, nth).await?;
    }

    let people = people(stage);
    let traffic = Traffic::start(proxy.address(), &people, &skus).await?;
    let usual = stage.seconds(15, 3);
    let n_lost = stage.scale(10, 1);
    let mut losses = Vec::new();
    for nth in (0..N_INSTANCES).cycle().take(n_lost) {
        tokio::time::sleep(usual).await;
        losses.push(Instant::now());
        fleet.kill(nth).await?;
        // Until a group of instances has seen it and another one has been started.
        tokio::time::sleep(usual).await;
        fleet.start_again(nth).await?;
        wait_until_led_to(&proxy, nth).await?;
    }
    tokio::time::sleep(usual).await;
    let mut seen = traffic.stop().await?;

    let mut findings = Findings::default();
    findings.figure("instances lost", n_lost);
    for lost in losses {
        forgive(&mut findings, &mut seen, lost, people.n_buyers);
    }
    for (kind, name) in [(Kind::Browse, "browsing"), (Kind::Buy, "buying")] {
        let n = seen.of(kind).count();
        findings.figure(&format!("requests {name}"), format!("{n}; {}", spread(&seen.times(kind))));
        let gap = shown(seen.longest_gap(kind));
        findings.figure(&format!("longest time with nobody {name}"), gap);
        findings.require_none(&format!("no other request {name} failed"), &seen.failures(kind));
        findings.require(&format!("somebody was {name}"), n > 50, n);
    }
    let ask = |query: &str| database.query(query);
    let took = wait_for_jobs(stage, &ask).await?;
    findings.figure("until the last job was done", shown(took));
    books::audit(&mut findings, &ask, database.url(), &seen.told()).await?;
    books::audit_mails(&mut findings, &ask, &fleet.mail.received(), n_lost * MOST_IN_HAND);
    Ok(findings)
}

/// Takes out the requests of buyers that were cut off with the instance that held them, at most one
/// of each: nobody but the buyer may say that a `POST` is to be asked again.
pub(super) fn forgive(findings: &mut Findings, seen: &mut Seen, lost: Instant, n_buyers: u8) {
    let is_cut_off = |event: &Event| {
        let is_lost = match event.outcome {
            Outcome::Done => false,
            Outcome::Answered { status, .. } => status == 502,
            Outcome::Lost(_) => true,
        };
        let ended = event.began + event.took;
        event.kind == Kind::Buy && is_lost && ended >= lost && ended <= lost + NOTICED
    };
    let n_before = seen.events.len();
    seen.events.retain(|event| !is_cut_off(event));
    let n_cut_off = n_before - seen.events.len();
    findings.figure("requests of buyers cut off with the instance", n_cut_off);
    findings.require("at most one of each buyer", n_cut_off <= n_buyers.into(), n_cut_off);
}

/// Waits for the jobs that the dead held, too: until their leases have run out, which is not waited
/// for in the short form.
pub(super) async fn wait_for_jobs(stage: &Stage, ask: books::Ask<'_>) -> Result<Duration> {
    if stage.is_short {
        // Who lives has done its own by then.
        books::wait_for_jobs(ask, Duration::from_secs(5)).await?;
        ask("UPDATE jobs SET leased_until = 0, run_at = 0 WHERE state = 'ready'");
    }
    books::wait_for_jobs(ask, Duration::from_mins(3)).await
}
