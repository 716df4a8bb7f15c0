//! The process is killed in the middle of checkouts, over and over: whole orders or nothing, and
//! every mail goes out.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use testkit::servers::MariaDb;

use super::findings::{Findings, shown};
use super::fleet::{self, Fleet};
use super::traffic::{Kind, People, Traffic};
use super::{Stage, books, random};

/// Of the process; each has one mail in its hands when it dies.
const N_WORKERS: usize = 2;

pub(crate) async fn drill(stage: &Stage) -> Result<Findings> {
    let n_kills: usize = stage.scale(500, 15);
    let database = MariaDb::private().await;
    let skus = fleet::found(database.url()).await?;
    let workers = N_WORKERS.to_string();
    let workers = [("GREENLEAF_WORKERS", workers.as_str())];
    let mut fleet = Fleet::start(&stage.greenleaf, database.url(), 1, &workers).await?;

    // Half of the buyers ask again for what they were not answered, and half never come back.
    let people = People { n_browsers: 0, n_buyers: 4, pause: Duration::ZERO, some_give_up: true };
    let traffic = Traffic::start(fleet.instances[0].address, &people, &skus).await?;
    let began = Instant::now();
    for _ in 0..n_kills {
        // Once checkouts are under way again, at any moment of one.
        let n_before = traffic.n_begun();
        let waited = Instant::now();
        while traffic.n_begun() < n_before + 4 {
            ensure!(waited.elapsed() < Duration::from_mins(1), "no checkout is begun");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::time::sleep(Duration::from_micros(random(150_000))).await;
        fleet.kill(0).await?;
        fleet.start_again(0).await?;
    }
    let seconds = began.elapsed();
    let seen = traffic.stop().await?;

    let mut findings = Findings::default();
    findings.figure("processes killed", n_kills);
    findings.figure("time", shown(seconds));
    let n_lost = seen.failures(Kind::Buy).len();
    findings.figure("requests cut off or refused", n_lost);
    findings.require("checkouts were cut off", n_lost >= n_kills, n_lost);
    let ask = |query: &str| database.query(query);
    let cut = ask("SELECT COUNT(*) FROM jobs WHERE state = 'ready' AND attempts > 0");
    findings.figure("jobs in the hands of the dead at the end", cut.trim());
    if stage.is_short {
        // Nobody waits here until the leases of the dead run out. All who held one are dead.
        fleet.kill(0).await?;
        // Those that were due too long ago would be forgotten as soon as they are done.
        let free = "UPDATE jobs SET leased_until = 0, run_at = created_at WHERE state = 'ready'";
        database.execute(free);
        fleet.start_again(0).await?;
    }
    let took = books::wait_for_jobs(&ask, Duration::from_mins(4)).await?;
    findings.figure("until the last job was done", shown(took));
    books::audit(&mut findings, &ask, database.url(), &seen.told()).await?;
    books::audit_mails(&mut findings, &ask, &fleet.mail.received(), n_kills * N_WORKERS);
    findings.require_none("nothing panicked", &fleet.logged("panicked")?);
    Ok(findings)
}
