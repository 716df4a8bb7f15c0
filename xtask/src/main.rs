//! Chores of the project: what is needed, what must pass, what must stay tidy.

#![expect(clippy::print_stdout, reason = "a chore tells on the terminal what it does")]

mod browser;
mod place;
mod runners;
mod setup;
mod sh;
mod test;
mod tidy;

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
    /// Checks what the compiler does not: arrows between crates, names, pairs of files
    Tidy,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    Lint,
    Rust,
    Browser,
}

fn main() -> anyhow::Result<ExitCode> {
    match Chore::parse() {
        Chore::Setup => setup::run().map(|()| ExitCode::SUCCESS),
        Chore::Test { only } => Ok(test::run(only)),
        Chore::Ci => Ok(test::run(None)),
        Chore::Tidy => tidy::run().map(|()| ExitCode::SUCCESS),
    }
}
