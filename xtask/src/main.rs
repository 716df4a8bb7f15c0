//! Chores of the project: what is needed, what must pass, what must stay tidy.

#![expect(clippy::print_stdout, reason = "a chore tells on the terminal what it does")]

mod bench;
mod browser;
mod demo;
mod deployment;
mod mysql;
mod older;
mod place;
mod runners;
mod setup;
mod sh;
mod test;
mod tidy;
mod venia;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};

#[derive(Parser)]
#[command(bin_name = "cargo xtask", about = "Chores of the project")]
enum Chore {
    /// Installs what the tests need and this machine lacks
    Setup,
    /// Runs setup, all checks and all tests
    Test {
        /// Runs one part alone
        #[arg(long)]
        only: Option<Part>,
    },
    /// Runs exactly what CI runs, which is `test`
    Ci,
    /// Measures the shop beside baselines and writes the figures into docs/benchmarks
    #[command(disable_help_flag = true)]
    Bench {
        /// Passed on to the bench; `--help` lists them
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Breaks the shop while it is in use: `NAME`, or `all`; `--help` lists them
    #[command(disable_help_flag = true)]
    Drill {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Writes a generated catalog into a shop: `--skus N` and `--data DIR` or `--database-url URL`
    #[command(disable_help_flag = true)]
    Generate {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Plans with Terraform, and writes what is kept of that for prices and diagrams
    Plans,
    /// Builds Adobe's storefront Venia and buys in it from a demo shop: minutes and 1.3 GB at first
    Venia,
    /// Checks what the compiler does not: arrows between crates, names, pairs of files
    Tidy,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    Lint,
    Rust,
    /// The Rust tests once more, on MySQL in MariaDB's place
    Mysql,
    Browser,
    Drills,
    Clients,
    Helm,
    Terraform,
    Ansible,
}

fn main() -> ExitCode {
    match Chore::parse() {
        Chore::Setup => said(setup::run()),
        Chore::Test { only } => test::run(only),
        Chore::Ci => test::run(None),
        Chore::Bench { arguments } => said(bench::run(&arguments)),
        Chore::Drill { arguments } => said(bench::drill(&arguments)),
        Chore::Generate { arguments } => said(bench::generate(&arguments)),
        Chore::Plans => said(deployment::write_plans()),
        Chore::Venia => said(venia::run()),
        Chore::Tidy => said(tidy::run()),
    }
}

/// Says what went wrong, in words for a person: where in this program is of no use to one.
fn said(result: anyhow::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
