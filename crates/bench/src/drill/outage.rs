//! The database is away for a time while people browse and buy: browsing goes on from memory,
//! buying is put off, and all goes on by itself when it is back.

use std::time::{Duration, Instant};

use anyhow::Result;
use testkit::servers::{HaProxy, MariaDb};

use super::findings::{Findings, percentile, shown, spread};
use super::fleet::{self, Fleet};
use super::traffic::{Event, Kind, Outcome, People, Seen, Traffic};
use super::{Stage, books};

const N_INSTANCES: usize = 2;
/// By when everything goes on.
pub(super) const RECOVERY: Duration = Duration::from_secs(5);
/// For how long a worker claims a job; see `shop`.
const LEASE: Duration = Duration::from_mins(2);
/// How many connections an instance may hold; see `db`.
const MOST_CONNECTIONS: usize = 40;

pub(crate) async fn drill(stage: &Stage) -> Result<Findings> {
    let mut database = MariaDb::private().await;
    let skus = fleet::found(database.url()).await?;
    let fleet = Fleet::start(&stage.greenleaf, database.url(), N_INSTANCES, &[]).await?;
    let proxy = HaProxy::before_instances(&fleet.addresses(), Duration::from_secs(1)).await;
    let traffic = Traffic::start(proxy.address(), &people(stage), &skus).await?;

    let usual = stage.seconds(15, 4);
    tokio::time::sleep(usual).await;
    let before = Holdings::look(&database.query(CONNECTIONS), &fleet)?;
    let gone = Instant::now();
    database.stop().await;
    tokio::time::sleep(stage.seconds(60, 10)).await;
    let during = fleet.memory()?;
    database.start().await;
    let back = Instant::now();
    tokio::time::sleep(RECOVERY + usual).await;
    let after = Holdings::look(&database.query(CONNECTIONS), &fleet)?;
    let seen = traffic.stop().await?;

    let mut findings = Findings::default();
    findings.figure("the database was away for", shown(back - gone));
    judge(&mut findings, &seen, gone, back);
    findings.figure(
        "connections to the database",
        format!("{} before, {} after", before.n_connections, after.n_connections),
    );
    findings.figure(
        "files and connections open",
        format!("{} before, {} after", before.n_open, after.n_open),
    );
    let megabytes = |bytes: u64| bytes / 1_000_000;
    findings.figure(
        "memory of both",
        format!(
            "{} MB before, {} MB during, {} MB after",
            megabytes(before.memory),
            megabytes(during),
            megabytes(after.memory)
        ),
    );
    findings.require(
        "no connection is leaked",
        after.n_connections <= N_INSTANCES * MOST_CONNECTIONS
            && after.n_open
                <= before.n_open + after.n_connections.saturating_sub(before.n_connections) + 20,
        format!("{after:?} after {before:?}"),
    );
    let ask = |query: &str| database.query(query);
    let took = books::wait_for_jobs(&ask, Duration::from_mins(3)).await?;
    findings.figure("until the last job was done", shown(took));
    findings.require("no job waits for a lease to run out", took < LEASE / 2, shown(took));
    let idle = ask("SELECT COUNT(*) FROM information_schema.innodb_trx");
    findings.require("no transaction is left open", idle.trim() == "0", idle.trim());
    books::audit(&mut findings, &ask, database.url(), &seen.told()).await?;
    books::audit_mails(&mut findings, &ask, &fleet.mail.received(), 0);
    findings.require_none("nothing panicked", &fleet.logged("panicked")?);
    Ok(findings)
}

pub(super) fn people(stage: &Stage) -> People {
    People {
        n_browsers: stage.scale(12, 6),
        n_buyers: stage.scale(12, 6),
        pause: Duration::from_millis(stage.scale(20, 50)),
        some_give_up: false,
    }
}

/// Judges what people saw of a database that was away from one moment to another.
pub(super) fn judge(findings: &mut Findings, seen: &Seen, gone: Instant, back: Instant) {
    let browsed = seen.times(Kind::Browse);
    findings.figure("pages browsed", format!("{}; {}", browsed.len(), spread(&browsed)));
    let is_during = |event: &&Event| event.began >= gone && event.began < back;
    let n_during = seen.of(Kind::Browse).filter(is_during).count();
    findings.figure("of them while it was away", n_during);
    findings.require("people browsed while it was away", n_during > 10, n_during);
    findings.require_none("every page answered 200", &seen.failures(Kind::Browse));

    let refused: Vec<&Event> =
        seen.of(Kind::Buy).filter(|event| event.outcome != Outcome::Done).collect();
    let polite = Outcome::Answered { status: 503, has_retry_after: true };
    let rude = refused.iter().filter(|event| event.outcome != polite);
    let rude: Vec<String> = rude.map(|event| format!("{:?}", event.outcome)).collect();
    findings.require("buyers were turned away", !refused.is_empty(), refused.len());
    findings.require_none("who cannot buy is answered 503 with Retry-After", &rude);
    let times: Vec<Duration> = refused.iter().map(|event| event.took).collect();
    findings.figure("buyers turned away", format!("{}; {}", refused.len(), spread(&times)));
    findings.require(
        "who cannot buy is told within 5 s",
        percentile(&times, 100) <= Duration::from_secs(5),
        spread(&times),
    );
    let early = refused.iter().filter(|event| event.began + event.took < gone).count();
    findings.require("nobody was turned away before", early == 0, early);

    let since = |moment: Instant| shown(moment.saturating_duration_since(back));
    let done = |event: &&Event| event.outcome == Outcome::Done;
    let first = seen.of(Kind::Buy).filter(done).map(|it| it.began + it.took).find(|it| *it > back);
    let last = refused.iter().map(|event| event.began + event.took).max();
    if let Some(first) = first {
        findings.figure("first answer to a buyer after its return", since(first));
    }
    if let Some(last) = last {
        findings.figure("last buyer turned away after its return", since(last));
    }
    findings.figure("longest time in which nobody bought", shown(seen.longest_gap(Kind::Buy)));
    findings.require(
        "buying goes on within 5 s",
        first.is_some_and(|first| first <= back + RECOVERY)
            && last.is_none_or(|last| last <= back + RECOVERY),
        format!("first {:?}, last {:?}", first.map(since), last.map(since)),
    );
}

const CONNECTIONS: &str = "SELECT COUNT(*) FROM information_schema.processlist \
    WHERE id <> CONNECTION_ID() AND user <> 'system user'";

/// What the instances hold.
#[derive(Debug)]
struct Holdings {
    n_connections: usize,
    n_open: usize,
    memory: u64,
}

impl Holdings {
    fn look(n_connections: &str, fleet: &Fleet) -> Result<Self> {
        Ok(Self {
            n_connections: n_connections.trim().parse()?,
            n_open: fleet.n_open()?,
            memory: fleet.memory()?,
        })
    }
}
