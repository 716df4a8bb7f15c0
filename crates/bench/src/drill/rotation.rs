//! A secret of the database is changed, as RDS changes it, and the instances are restarted one by one.
//!
//! After a change of the password connections live on; who needs a new one meanwhile is told to come
//! back. A certificate of a new authority, which the instances trust before it comes, is noticed by
//! nobody.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use commerce::catalog::Sku;
use db::knock::KnockError;
use testkit::servers::{Authority, HaProxy, MariaDb, PrivateMariaDb};

use super::findings::{Findings, shown, spread};
use super::fleet::{self, Fleet};
use super::outage::people;
use super::rolling::{INTERVAL, N_INSTANCES, wait_until_led_to};
use super::traffic::{Kind, Outcome, Seen, Traffic};
use super::{Stage, books};

/// What is changed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Secret {
    Password,
    Certificate,
}

pub(crate) async fn drill(stage: &Stage, secret: Secret) -> Result<Findings> {
    match secret {
        Secret::Password => password(stage).await,
        Secret::Certificate => certificate(stage).await,
    }
}

async fn password(stage: &Stage) -> Result<Findings> {
    let database = MariaDb::private().await;
    let skus = fleet::found(database.url()).await?;
    let name = database.name();
    let url =
        |password: &str| format!("mysql://rotated:{password}@127.0.0.1:{}/{name}", database.port());
    database.execute("CREATE USER rotated@'%' IDENTIFIED BY 'first'");
    database.execute(&format!("GRANT ALL ON {name}.* TO rotated@'%'"));
    let change = |fleet: &mut Fleet| {
        database.execute("ALTER USER rotated@'%' IDENTIFIED BY 'second'");
        fleet.set("GREENLEAF_DATABASE_URL", &url("second"));
        Ok(())
    };
    let Rotated { fleet, seen, mut findings } =
        rotate(stage, &skus, &url("first"), change, "password").await?;

    let refused = seen.of(Kind::Buy).filter(|event| event.outcome == Outcome::POLITE).count();
    findings.figure("buyers told to come back, for want of a new connection", refused);
    findings.require_none(
        "buyers see nothing but answers and 503 with Retry-After",
        &seen.rude(Kind::Buy),
    );
    audit(&mut findings, &database, &fleet, &seen).await?;
    findings.require_none("no password is in a log", &fleet.logged(":second@")?);
    findings.require_none("nor the old one", &fleet.logged(":first@")?);
    Ok(findings)
}

async fn certificate(stage: &Stage) -> Result<Findings> {
    let folder = tempfile::tempdir()?;
    let [first, second] = ["first", "second"].map(|name| Authority::new(folder.path(), name));
    let database = MariaDb::encrypted(&first.vouch(folder.path())).await;
    let skus = fleet::found(database.url()).await?;
    let name = database.name();
    database.execute("CREATE USER encrypted@'%' REQUIRE SSL");
    database.execute(&format!("GRANT ALL ON {name}.* TO encrypted@'%'"));
    let url = |trusted: &Path| {
        format!(
            "mysql://encrypted@127.0.0.1:{}/{name}?ssl-mode=VERIFY_IDENTITY&ssl-ca={}",
            database.port(),
            trusted.display()
        )
    };
    let trusted = folder.path().join("trusted.pem");
    fs::copy(first.certificate(), &trusted)?;
    let change = |_: &mut Fleet| {
        let both = [fs::read(first.certificate())?, fs::read(second.certificate())?];
        fs::write(&trusted, both.concat())?;
        second.vouch(folder.path());
        database.reload_certificate();
        Ok(())
    };
    let Rotated { fleet, seen, mut findings } =
        rotate(stage, &skus, &url(&trusted), change, "certificate").await?;

    findings.require_none("no request buying failed", &seen.failures(Kind::Buy));
    let old = db::knock::knock(&url(first.certificate())).await;
    let new = db::knock::knock(&url(second.certificate())).await;
    findings.require(
        "who trusts only the former authority is turned away",
        matches!(old, Err(KnockError::NotTrusted { .. })),
        format!("{old:?}"),
    );
    findings.require("who trusts the new one is let in", new.is_ok(), format!("{new:?}"));
    let plain = database.query(
        "SELECT COUNT(*) FROM information_schema.processlist \
         WHERE user = 'encrypted'",
    );
    findings.figure("connections of the instances, all by TLS", plain.trim());
    audit(&mut findings, &database, &fleet, &seen).await?;
    Ok(findings)
}

/// What is there when all instances have been restarted.
struct Rotated {
    fleet: Fleet,
    seen: Seen,
    findings: Findings,
}

/// Changes a secret under people who browse and buy, and judges what those saw who browsed.
async fn rotate(
    stage: &Stage,
    skus: &[Sku],
    url: &str,
    change: impl FnOnce(&mut Fleet) -> Result<()>,
    what: &str,
) -> Result<Rotated> {
    let settings = [("GREENLEAF_NOTICE_SECONDS", "2")];
    let mut fleet = Fleet::start(&stage.greenleaf, url, N_INSTANCES, &settings).await?;
    let proxy = HaProxy::before_instances(&fleet.addresses(), INTERVAL).await;
    for nth in 0..N_INSTANCES {
        wait_until_led_to(&proxy, nth).await?;
    }

    let traffic = Traffic::start(proxy.address(), &people(stage), skus).await?;
    let usual = stage.seconds(10, 2);
    tokio::time::sleep(usual).await;
    let changed = Instant::now();
    change(&mut fleet)?;
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
    findings.figure(
        &format!("from the change to the last instance with the new {what}"),
        shown(rotated),
    );
    for (kind, name) in [(Kind::Browse, "browsing"), (Kind::Buy, "buying")] {
        let n = seen.of(kind).count();
        findings.figure(&format!("requests {name}"), format!("{n}; {}", spread(&seen.times(kind))));
        findings.require(&format!("somebody was {name}"), n > 50, n);
    }
    findings.require_none("no request browsing failed", &seen.failures(Kind::Browse));
    Ok(Rotated { fleet, seen, findings })
}

async fn audit(
    findings: &mut Findings,
    database: &PrivateMariaDb,
    fleet: &Fleet,
    seen: &Seen,
) -> Result<()> {
    let ask = |query: &str| database.query(query);
    books::wait_for_jobs(&ask, Duration::from_mins(1)).await?;
    books::audit(findings, &ask, database.url(), &seen.told()).await?;
    books::audit_mails(findings, &ask, &fleet.mail.received(), 0);
    Ok(())
}
