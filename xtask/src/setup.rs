//! Installs what the tests need: Debian packages, MySQL, Python servers, the browser's driver.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::place::{program, root, target};
use crate::{mysql, sh};

/// A program that the tests start, and the Debian package that has it.
const PROGRAMS: [(&str, &str); 17] = [
    ("mariadbd", "mariadb-server-core"),
    ("mariadb-install-db", "mariadb-server-core"),
    ("mariadb", "mariadb-client"),
    ("mariadb-dump", "mariadb-client"),
    ("haproxy", "haproxy"),
    ("chromium", "chromium"),
    ("node", "nodejs"),
    ("npm", "npm"),
    ("python3", "python3-venv"),
    ("jq", "jq"),
    ("debootstrap", "debootstrap"),
    ("systemd-nspawn", "systemd-container"),
    ("faketime", "faketime"),
    ("openssl", "openssl"),
    ("sqlite3", "sqlite3"),
    ("flock", "util-linux"),
    ("setpriv", "util-linux"),
];

/// What the browser's driver asks for.
const NODE: u32 = 18;

/// Does nothing, in a fraction of a second, when nothing is missing.
pub(crate) fn run() -> Result<()> {
    let missing = missing_packages(|name| {
        let chromium = (name == "chromium").then(|| std::env::var_os("CHROMIUM")).flatten();
        chromium.is_some() || program(name).is_some()
    });
    if !missing.is_empty() {
        install_packages(&missing)?;
    }
    // Without it what needs MySQL fails and says so, and the rest can be tested.
    if is_root() {
        mysql::unpack()?;
    } else {
        println!("MySQL is not unpacked for the tests, which needs root");
    }
    check_node()?;
    python("xtask/requirements.txt", "python")?;
    install_browser_driver()
}

fn missing_packages(is_there: impl Fn(&str) -> bool) -> BTreeSet<&'static str> {
    PROGRAMS.iter().filter(|(name, _)| !is_there(name)).map(|(_, package)| *package).collect()
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

/// The core packages of MariaDB are enough: they bring the server but start no service.
fn install_packages(packages: &BTreeSet<&str>) -> Result<()> {
    let packages = packages.iter().copied().collect::<Vec<_>>().join(" ");
    if !is_root() || program("apt-get").is_none() {
        bail!(
            "these Debian packages are missing, and only root can install them:\n\n    \
             apt-get update && apt-get install --no-install-recommends {packages}\n"
        );
    }
    let apt = |what: &str| {
        let mut command = sh::command("apt-get -qq -o DPkg::Lock::Timeout=300");
        command.args(what.split_whitespace()).env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    sh::run(&mut apt("update"))?;
    sh::run(&mut apt(&format!("install -y --no-install-recommends {packages}")))
}

fn check_node() -> Result<()> {
    let node = Command::new("node").arg("--version").output().context("node cannot be run")?;
    let version = String::from_utf8_lossy(&node.stdout).trim().to_owned();
    let major = version.trim_start_matches('v').split('.').next().and_then(|n| n.parse().ok());
    ensure!(
        major.is_some_and(|major: u32| major >= NODE),
        "Node.js {NODE} or later is needed, this is {version}"
    );
    Ok(())
}

/// A Python with what `requirements` lists, in `target/tools` and away from the machine's own.
pub(crate) fn python(requirements: &str, name: &str) -> Result<PathBuf> {
    let wanted = root().join(requirements);
    let folder = target().join("tools").join(name);
    let python = folder.join("bin/python");
    let stamp = folder.join("requirements.txt");
    if is_current(&stamp, &wanted) {
        return Ok(python);
    }

    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let mut venv = sh::command("python3 -m venv");
    if sh::run(venv.arg(&folder)).is_err() {
        // Debian's own Python comes without the module that makes such folders.
        install_packages(&BTreeSet::from(["python3-venv"]))?;
        let mut venv = sh::command("/usr/bin/python3 -m venv --clear");
        sh::run(venv.arg(&folder))?;
    }
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]);
    sh::run(pip.arg(&wanted))?;
    fs::copy(wanted, stamp)?;
    Ok(python)
}

fn install_browser_driver() -> Result<()> {
    let wanted = root().join("browser/package-lock.json");
    let stamp = root().join("browser/node_modules/.stamp");
    if is_current(&stamp, &wanted) {
        return Ok(());
    }
    let mut npm = sh::command("npm ci --no-audit --no-fund --ignore-scripts --loglevel=error");
    sh::run(npm.current_dir(root().join("browser")))?;
    fs::copy(wanted, stamp)?;
    Ok(())
}

fn is_current(stamp: &Path, wanted: &Path) -> bool {
    fs::read(stamp).is_ok_and(|stamp| fs::read(wanted).is_ok_and(|wanted| stamp == wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_missing_program_names_its_package_once() {
        let missing = missing_packages(|name| !name.starts_with("mariadb"));

        assert_eq!(missing, BTreeSet::from(["mariadb-client", "mariadb-server-core"]));
        assert_eq!(missing_packages(|_| true), BTreeSet::new());
    }
}
