//! The disk that the database lies on is full for a time while people browse and buy: browsing goes on
//! from memory, buying is put off, nothing is half written, and all goes on by itself when there is
//! room again.
//!
//! The shop is one instance on SQLite, whose files lie on a small file system in memory.

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;
use tokio::process::Command;

use super::findings::{Findings, shown};
use super::fleet::{self, Fleet};
use super::outage::{RECOVERY, judge, people};
use super::traffic::Traffic;
use super::{Stage, books};

/// Room for the shop and the orders of the drill.
const MEGABYTES: u32 = 96;

pub(crate) async fn drill(stage: &Stage) -> Result<Findings> {
    let disk = Disk::mount().await?;
    let file = disk.path().join("greenleaf.sqlite");
    let url = format!("sqlite://{}", file.display());
    let skus = fleet::found(&url).await?;
    let media = format!("file://{}", disk.path().join("media").display());
    let settings = [("GREENLEAF_MEDIA_URL", media.as_str())];
    let fleet = Fleet::start(&stage.greenleaf, &url, 1, &settings).await?;
    let traffic = Traffic::start(fleet.instances[0].address, &people(stage), &skus).await?;
    let ask = |query: &str| sqlite(&file, query);

    let usual = stage.seconds(15, 3);
    tokio::time::sleep(usual).await;
    // Else the shop could write on for a while into what its log has of the disk already.
    ask("PRAGMA wal_checkpoint(TRUNCATE)");
    let full = Instant::now();
    let ballast = disk.fill()?;
    tokio::time::sleep(stage.seconds(60, 5)).await;
    let free = disk.free()?;
    let check = ask("PRAGMA quick_check");
    fs::remove_file(&ballast.file)?;
    let roomy = Instant::now();
    tokio::time::sleep(RECOVERY + stage.seconds(15, 0)).await;
    let seen = traffic.stop().await?;

    let mut findings = Findings::default();
    findings.figure("the disk", format!("{MEGABYTES} MB, {} MB of it filled", ballast.megabytes));
    findings.figure("it was full for", shown(roomy - full));
    findings.require("it was full to the end", free == 0, free);
    findings.require("the file was whole meanwhile", check.trim() == "ok", check.trim());
    judge(&mut findings, &seen, full, roomy);
    let took = books::wait_for_jobs(&ask, Duration::from_mins(1)).await?;
    findings.figure("until the last job was done", shown(took));
    books::audit(&mut findings, &ask, &url, &seen.told()).await?;
    books::audit_mails(&mut findings, &ask, &fleet.mail.received(), 0);
    let check = ask("PRAGMA integrity_check");
    findings.require("the file is whole", check.trim() == "ok", check.trim());
    findings.require_none("nothing panicked", &fleet.logged("panicked")?);
    Ok(findings)
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
    async fn mount() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={MEGABYTES}m,mode=700"), "greenleaf-drill"])
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
