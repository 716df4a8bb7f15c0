//! Tests in Python: what Terraform makes of an account and Ansible of a machine, and what programs
//! written for Magento make of the shop.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::runners::{self, Ran};
use crate::{place, setup, sh};

/// Terraform comes in no Debian package, so a machine without it is told where it is to be had.
pub(crate) fn terraform() -> Result<Ran> {
    ensure!(
        place::program("terraform").is_some(),
        "terraform 1.11 or later is needed: https://developer.hashicorp.com/terraform/install"
    );
    pytest("terraform")
}

/// Writes what is kept of the plans, for pricing and drawing, instead of comparing.
pub(crate) fn write_plans() -> Result<()> {
    let mut tests = tests("terraform")?;
    sh::run(tests.args(["-k", "what_is_priced"]).env("GREENLEAF_WRITE_PLANS", "1"))
}

pub(crate) fn ansible() -> Result<Ran> {
    pytest("ansible")
}

/// The chart for Kubernetes.
pub(crate) fn helm() -> Result<Ran> {
    pytest("deploy")
}

/// Programs that others wrote for Magento, against a demo shop.
pub(crate) fn clients() -> Result<Ran> {
    pytest("clients")
}

/// Why the GraphQL operations of Magento's storefronts are not sent, if they are not.
///
/// They are others' and lie beside the project, not in it.
pub(crate) fn operations_missing() -> Option<String> {
    let named = env::var_os("MAGENTO_CONFORMANCE").filter(|path| !path.is_empty());
    let beside = || place::root().join("../shared/magento/conformance");
    let folder = named.map_or_else(beside, PathBuf::from);
    let is_there = folder.join("extract.py").is_file();
    (!is_there).then(|| format!("{} has no extract.py", folder.display()))
}

fn pytest(folder: &str) -> Result<Ran> {
    let (output, succeeded) = sh::run_reading(&mut tests(folder)?)?;
    let count = runners::pytest(&output).context("pytest told no count of tests")?;
    ensure!(count.ran() > 0, "no test of {folder} ran");
    Ok(Ran { count, succeeded, output })
}

fn tests(folder: &str) -> Result<Command> {
    let tests = format!("{folder}/tests");
    let python = setup::python(&format!("{tests}/requirements.txt"), folder)?;
    let mut pytest = Command::new(python);
    pytest
        .args(["-m", "pytest", "-q", "--tb=short", "--no-header", "-p", "no:cacheprovider"])
        // Names of tests that had no chance would hide the end of what is printed.
        .args(["-rf", "--durations=8", &tests])
        .current_dir(place::root())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("GREENLEAF_TOOLS", place::target().join("tools"))
        .env("GREENLEAF_EXECUTABLE", place::target().join("debug/greenleaf"));
    Ok(pytest)
}
