//! MySQL of the version that production runs, unpacked into a folder.
//!
//! Debian has no MySQL 8.0. Ubuntu 24.04 has, and its packages bring their own C library, so they need
//! not be installed: they are fetched with apt, which checks them by Ubuntu's key in this folder, and
//! unpacked.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::place::{root, target};
use crate::sh;

const PACKAGE: &str = "mysql-server-core-8.0";
const MIRROR: &str = if cfg!(target_arch = "x86_64") {
    "http://archive.ubuntu.com/ubuntu"
} else {
    "http://ports.ubuntu.com/ubuntu-ports"
};

/// Does nothing when it is there.
pub(crate) fn unpack() -> Result<()> {
    let key = root().join("xtask/ubuntu-archive-2018.asc");
    let sources = ["noble", "noble-updates", "noble-security"]
        .map(|suite| format!("deb [signed-by={}] {MIRROR} {suite} main\n", key.display()))
        .concat();
    let folder = target().join("tools/mysql");
    // Written last: a folder without it is not whole.
    let stamp = folder.join("sources.list");
    if fs::read_to_string(&stamp).is_ok_and(|known| known == sources) {
        return Ok(());
    }

    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let apt = folder.join("apt");
    fs::create_dir_all(apt.join("lists/partial"))?;
    fs::create_dir_all(apt.join("archives/partial"))?;
    fs::write(apt.join("sources.list"), &sources)?;
    // As if nothing were installed, so that every library comes along.
    fs::write(apt.join("status"), "")?;
    fetch(&apt).context("MySQL for the tests cannot be fetched")?;
    for package in fs::read_dir(apt.join("archives"))? {
        let package = package?.path();
        if package.extension().is_some_and(|extension| extension == "deb") {
            let mut unpack = sh::command("dpkg-deb --extract");
            sh::run_quietly(unpack.arg(&package).arg(&folder))?;
        }
    }
    fs::remove_dir_all(apt)?;
    fs::write(stamp, sources)?;
    Ok(())
}

/// Apt with folders of its own, which needs no rights and changes nothing on the machine.
fn fetch(folder: &Path) -> Result<()> {
    let place = |name: &str| folder.join(name).display().to_string();
    let options = [
        format!("Dir::Etc::sourcelist={}", place("sources.list")),
        "Dir::Etc::sourceparts=/dev/null".to_owned(),
        "Dir::Etc::preferences=/dev/null".to_owned(),
        "Dir::Etc::preferencesparts=/dev/null".to_owned(),
        format!("Dir::State={}", place("")),
        format!("Dir::State::status={}", place("status")),
        format!("Dir::Cache={}", place("")),
        "Acquire::Languages=none".to_owned(),
        "APT::Install-Recommends=0".to_owned(),
        // Another user may not reach this folder.
        "APT::Sandbox::User=root".to_owned(),
        "Debug::NoLocking=1".to_owned(),
    ];
    let apt = |line: &str| {
        let mut apt = sh::command("apt-get -qq");
        for option in &options {
            apt.arg("-o").arg(option);
        }
        apt.args(line.split_whitespace());
        apt
    };
    sh::run_quietly(&mut apt("update"))?;
    sh::run_quietly(&mut apt(&format!("install --download-only --yes {PACKAGE}")))
}
