//! The disk that the database lies on is full for a time while people browse and buy: browsing goes on
//! from memory, buying is put off, nothing is half written, and all goes on by itself when there is
//! room again.
//!
//! The shop is one instance, on SQLite or on MariaDB, whose files lie on a small file system in memory.

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;
use testkit::servers::{MariaDb, PrivateMariaDb};
use tokio::process::Command;

use super::findings::{Findings, shown};
use super::fleet::{self, Fleet};
use super::outage::{RECOVERY, judge, people};
use super::traffic::Traffic;
use super::{Stage, books};

/// Whose disk it is.
#[derive(Clone, Copy)]
pub(crate) enum Engine {
    Sqlite,
    MariaDb,
}

pub(crate) async fn drill(stage: &Stage, engine: Engine) -> Result<Findings> {
    // Room for the server, the shop and the orders of the drill.
    let megabytes = match engine {
        Engine::Sqlite => 96,
        Engine::MariaDb => 256,
    };
    let disk = Disk::mount(megabytes).await?;
    let truth = Truth::on(engine, &disk).await;
    let url = truth.url();
    let skus = fleet::found(&url).await?;
    let media = format!("file://{}", disk.path().join("media").display());
    let settings = [("GREENLEAF_MEDIA_URL", media.as_str())];
    let fleet = Fleet::start(&stage.greenleaf, &url, 1, &settings).await?;
    let traffic = Traffic::start(fleet.instances[0].address, &people(stage), &skus).await?;
    let ask = |query: &str| truth.ask(query);

    let usual = stage.seconds(15, 3);
    tokio::time::sleep(usual).await;
    truth.settle();
    let full = Instant::now();
    let ballast = disk.fill()?;
    tokio::time::sleep(stage.seconds(60, 5)).await;
    let free = disk.free()?;
    let check = truth.check();
    fs::remove_file(&ballast.file)?;
    let roomy = Instant::now();
    tokio::time::sleep(RECOVERY + stage.seconds(15, 0)).await;
    let seen = traffic.stop().await?;

    let mut findings = Findings::default();
    findings.figure("the disk", format!("{megabytes} MB, {} MB of it filled", ballast.megabytes));
    findings.figure("it was full for", shown(roomy - full));
    findings.require("it was full to the end", free == 0, free);
    findings.require("the files were whole meanwhile", check == "ok", check);
    judge(&mut findings, &seen, full, roomy);
    let took = books::wait_for_jobs(&ask, Duration::from_mins(1)).await?;
    findings.figure("until the last job was done", shown(took));
    books::audit(&mut findings, &ask, &url, &seen.told()).await?;
    books::audit_mails(&mut findings, &ask, &fleet.mail.received(), 0);
    let check = truth.check();
    findings.require("the files are whole", check == "ok", check);
    findings.require_none("nothing panicked", &fleet.logged("panicked")?);
    Ok(findings)
}

/// The database that lies on the disk.
enum Truth {
    Sqlite(PathBuf),
    MariaDb(PrivateMariaDb),
}

impl Truth {
    async fn on(engine: Engine, disk: &Disk) -> Self {
        match engine {
            Engine::Sqlite => Self::Sqlite(disk.path().join("greenleaf.sqlite")),
            Engine::MariaDb => Self::MariaDb(MariaDb::private_in(disk.path()).await),
        }
    }

    fn url(&self) -> String {
        match self {
            Self::Sqlite(file) => format!("sqlite://{}", file.display()),
            Self::MariaDb(server) => server.url().to_owned(),
        }
    }

    fn ask(&self, query: &str) -> String {
        match self {
            Self::Sqlite(file) => sqlite(file, query),
            Self::MariaDb(server) => server.query(query),
        }
    }

    /// Takes away what the shop could write on into for a while, without any more of the disk.
    fn settle(&self) {
        if let Self::Sqlite(file) = self {
            sqlite(file, "PRAGMA wal_checkpoint(TRUNCATE)");
        }
    }

    /// What the engine finds wrong with its files, or `ok`.
    fn check(&self) -> String {
        match self {
            Self::Sqlite(file) => sqlite(file, "PRAGMA integrity_check").trim().to_owned(),
            Self::MariaDb(server) => {
                let tables = server.query("SHOW TABLES").trim().replace('\n', ", ");
                let checks = server.query(&format!("CHECK TABLE {tables}"));
                let wrong: Vec<&str> =
                    checks.lines().filter(|line| !line.ends_with("\tOK")).collect();
                if wrong.is_empty() { "ok".to_owned() } else { wrong.join("; ") }
            }
        }
    }
}

/// What SQLite's own client says.
fn sqlite(file: &Path, query: &str) -> String {
    let output = std::process::Command::new("sqlite3")
        .args(["-tabs", "-noheader", "-cmd", ".timeout 10000"])
        .args([file.as_os_str(), query.as_ref()])
        .output();
    let output = output.expect("`cargo xtask setup` installs sqlite3");
    assert!(
        output.status.success(),
        "SQLite refused {query}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("the client writes UTF-8")
}

/// A small file system of its own, unmounted when dropped.
struct Disk(TempDir);

struct Ballast {
    file: PathBuf,
    megabytes: u64,
}

impl Disk {
    async fn mount(megabytes: u32) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={megabytes}m,mode=700"), "greenleaf-drill"])
            .arg(folder.path())
            .status()
            .await?;
        ensure!(mounted.success(), "only root can mount a small file system");
        Ok(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Leaves not one block.
    fn fill(&self) -> Result<Ballast> {
        let file = self.path().join("ballast");
        let mut ballast = File::create(&file)?;
        for block in [1 << 20, 4 << 10] {
            let zeros = vec![0; block];
            loop {
                match ballast.write_all(&zeros) {
                    Ok(()) => {}
                    Err(error) if error.kind() == ErrorKind::StorageFull => break,
                    Err(error) => return Err(error).context("the disk cannot be filled"),
                }
            }
        }
        Ok(Ballast { megabytes: ballast.metadata()?.len() >> 20, file })
    }

    /// Bytes that are left.
    fn free(&self) -> Result<u64> {
        let disk = rustix::fs::statvfs(self.path())?;
        Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Also while somebody has a file of it open.
        let _ = std::process::Command::new("umount").arg("--lazy").arg(self.path()).status();
    }
}
