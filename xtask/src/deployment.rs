//! Checks the deployment: what Terraform would make, and what stands once it has.

use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::runners::{self, Count};
use crate::{place, setup, sh};

/// Terraform comes in no Debian package, so a machine without it is told where it is to be had.
pub(crate) fn run() -> Result<(Count, bool)> {
    ensure!(
        place::program("terraform").is_some(),
        "terraform 1.11 or later is needed: https://developer.hashicorp.com/terraform/install"
    );
    let python = setup::python("terraform/tests/requirements.txt", "terraform")?;
    let mut pytest = Command::new(python);
    pytest
        .args(["-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider", "--durations=8"])
        .arg("terraform/tests")
        .current_dir(place::root())
        .env("PYTHONDONTWRITEBYTECODE", "1");
    let (output, succeeded) = sh::run_reading(&mut pytest)?;
    let count = runners::pytest(&output).context("pytest told no count of tests")?;
    ensure!(count.ran() > 0, "no test of the deployment ran");
    Ok((count, succeeded))
}
