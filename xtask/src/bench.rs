//! Builds the bench and what it measures with the profile `fast`, then runs it.

use std::ffi::OsString;
use std::process::Command;

use anyhow::{Context, Result};

use crate::place::{root, target};
use crate::runners::{self, Ran};
use crate::{older, setup, sh};

/// Measures the shop and writes the figures into `docs/benchmarks`.
pub(crate) fn run(arguments: &[OsString]) -> Result<()> {
    setup::run()?;
    build()?;
    let folder = target().join("fast");
    let mut bench = bench("run");
    bench.arg("--greenleaf").arg(folder.join("greenleaf"));
    bench.arg("--raw-orders").arg(folder.join("examples/raw_orders"));
    bench.arg("--folder").arg(root().join("docs/benchmarks"));
    sh::run(bench.args(arguments))
}

/// Writes a catalog into a shop.
pub(crate) fn generate(arguments: &[OsString]) -> Result<()> {
    build()?;
    sh::run(bench("generate").args(arguments))
}

/// Breaks the shop while it is in use, in the long form that is not a part of the tests.
pub(crate) fn drill(arguments: &[OsString]) -> Result<()> {
    setup::run()?;
    let mut arguments = arguments.to_vec();
    let is_upgrade = arguments.iter().any(|argument| argument == "upgrade");
    let older = if is_upgrade {
        let from = older::take_revision(&mut arguments)?;
        Some(older::build(from)?)
    } else {
        None
    };
    build()?;
    let mut drill = bench("drill");
    drill.arg("--greenleaf").arg(target().join("fast/greenleaf"));
    if let Some(older) = older {
        drill.arg("--older").arg(older);
    }
    sh::run(drill.args(arguments))
}

/// The short form of all drills, on the executables that the tests are built with.
pub(crate) fn short_drills() -> Result<Ran> {
    let folder = target().join("debug");
    let mut drills = Command::new(folder.join("bench"));
    drills.args(["drill", "all", "--short", "--greenleaf"]).arg(folder.join("greenleaf"));
    let (output, succeeded) = sh::run_reading(&mut drills)?;
    let count = runners::drills(&output).context("the drills told no count")?;
    Ok(Ran { count, succeeded, output })
}

/// Always the same packages: others have other features in common, and would all be built anew.
fn build() -> Result<()> {
    let packages = "--package greenleaf --package bench --package db";
    sh::run(&mut sh::cargo(&format!("build --profile fast {packages} --bins --example raw_orders")))
}

fn bench(what: &str) -> Command {
    let mut bench = Command::new(target().join("fast/bench"));
    bench.arg(what);
    bench
}
