//! The password of the database is changed, as RDS changes it, and the instances are restarted one by
//! one with the new one. Connections outlive the change; who needs a new one meanwhile is told to come
//! back.

use std::time::{Duration, Instant};

use anyhow::Result;
use testkit::servers::{HaProxy, MariaDb};

use super::findings::{Findings, shown, spread};
use super::fleet::{self, Fleet};
use super::outage::people;
use super::rolling::{INTERVAL, N_INSTANCES, wait_until_led_to};
use super::traffic::{Kind, Outcome, Traffic};
use super::{Stage, books};

pub(crate) async fn drill(stage: &Stage) -> Result<Findings> {
    let database = MariaDb::private().await;
    let skus = fleet::found(database.url()).await?;
    let name = database.name();
    let url =
        |password: &str| format!("mysql://rotated:{password}@127.0.0.1:{}/{name}", database.port());
    database.execute("CREATE USER rotated@'%' IDENTIFIED BY 'first'");
    database.execute(&format!("GRANT ALL ON {name}.* TO rotated@'%'"));
    let settings = [("GREENLEAF_NOTICE_SECONDS", "2")];
    let mut fleet = Fleet::start(&stage.greenleaf, &url("first"), N_INSTANCES, &settings).await?;
    let proxy = HaProxy::before_instances(&fleet.addresses(), INTERVAL).await;
    for nth in 0..N_INSTANCES {
        wait_until_led_to(&proxy, nth).await?;
    }

    let traffic = Traffic::start(proxy.address(), &people(stage), &skus).await?;
    let usual = stage.seconds(10, 2);
    tokio::time::sleep(usual).await;
    let changed = Instant::now();
    database.execute("ALTER USER rotated@'%' IDENTIFIED BY 'second'");
    fleet.set("GREENLEAF_DATABASE_URL", &url("second"));
    // Until the timer on the instances looks again.
    tokio::time::sleep(stage.seconds(60, 2)).await;
    for nth in 0..N_INSTANCES {
        fleet.stop(nth).await?;
        fleet.start_again(nth).await?;
        wait_until_led_to(&proxy, nth).await?;
    }
    let rotated = changed.elapsed();
    tokio::time::sleep(usual).await;
    let seen = traffic.stop().await?;

    let mut findings = Findings::default();
    findings.figure("from the change to the last instance with the new password", shown(rotated));
    for (kind, name) in [(Kind::Browse, "browsing"), (Kind::Buy, "buying")] {
        let n = seen.of(kind).count();
        findings.figure(&format!("requests {name}"), format!("{n}; {}", spread(&seen.times(kind))));
        findings.require(&format!("somebody was {name}"), n > 50, n);
    }
    findings.require_none("no request browsing failed", &seen.failures(Kind::Browse));
    let refused = seen.of(Kind::Buy).filter(|event| event.outcome == Outcome::POLITE).count();
    findings.figure("buyers told to come back, for want of a new connection", refused);
    findings.require_none(
        "buyers see nothing but answers and 503 with Retry-After",
        &seen.rude(Kind::Buy),
    );
    let ask = |query: &str| database.query(query);
    books::wait_for_jobs(&ask, Duration::from_mins(1)).await?;
    books::audit(&mut findings, &ask, database.url(), &seen.told()).await?;
    books::audit_mails(&mut findings, &ask, &fleet.mail.received(), 0);
    findings.require_none("no password is in a log", &fleet.logged(":second@")?);
    findings.require_none("nor the old one", &fleet.logged(":first@")?);
    Ok(findings)
}
