//! MySQL, unpacked into a folder.
//!
//! Debian has it in its unstable suite alone, whose packages bring their own C library: nothing is
//! installed, and the server runs with what lies beside it.

use std::fs;

use anyhow::{Context, Result};

use crate::place::target;
use crate::sh;

const PACKAGE: &str = "mysql-server-core";

/// Does nothing when it is there.
pub(crate) fn unpack() -> Result<()> {
    let folder = target().join("tools/mysql");
    // Written last: a folder without it is not whole.
    let stamp = folder.join("unpacked");
    if fs::read_to_string(&stamp).is_ok_and(|unpacked| unpacked == PACKAGE) {
        return Ok(());
    }

    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let suite = folder.join("suite");
    fs::create_dir_all(&suite)?;
    let mut fetch = sh::command("debootstrap --variant=minbase --download-only");
    fetch.arg(format!("--include={PACKAGE}")).arg("sid").arg(&suite);
    sh::run_quietly(&mut fetch)
        .context("MySQL for the tests cannot be fetched, which needs root")?;
    for package in fs::read_dir(suite.join("var/cache/apt/archives"))? {
        let package = package?.path();
        if package.extension().is_some_and(|extension| extension == "deb") {
            let mut unpack = sh::command("dpkg-deb --extract");
            sh::run_quietly(unpack.arg(&package).arg(&folder))?;
        }
    }
    fs::remove_dir_all(suite)?;
    fs::write(stamp, PACKAGE)?;
    Ok(())
}
