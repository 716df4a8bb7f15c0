//! Measures the shop against baselines in the same run, and prints a table.
//!
//! Ratios are what counts: the bare handler sends as many bytes as the page it stands beside, the
//! raw driver runs the statements of an order and nothing else. CPU is that of the process that
//! serves, read from the kernel. Run it by `cargo xtask bench`, on a machine with nothing else
//! to do.

mod http;
mod orders;
mod process;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
struct Options {
    #[command(subcommand)]
    command: Option<Role>,
    /// The executable to measure.
    #[arg(long, default_value = "target/fast/greenleaf")]
    greenleaf: PathBuf,
    /// The example of `db` that runs the statements of an order by themselves.
    #[arg(long, default_value = "target/fast/examples/raw_orders")]
    raw_orders: PathBuf,
    /// How long each round of load takes.
    #[arg(long, default_value_t = 3)]
    seconds: u64,
}

#[derive(Subcommand)]
enum Role {
    /// Serves so many bytes from a bare axum handler: the baseline, in a process of its own.
    Bare { n_bytes: usize },
}

/// One line of the table.
struct Row {
    what: String,
    measured: String,
    baseline: String,
    ratio: String,
    to_reach: &'static str,
}

#[tokio::main]
async fn main() -> Result<()> {
    let options = Options::parse();
    if let Some(Role::Bare { n_bytes }) = options.command {
        return http::serve_bare(n_bytes).await;
    }
    let round = Duration::from_secs(options.seconds);
    let mut rows = http::measure(&options.greenleaf, round).await?;
    rows.extend(orders::measure(&options.raw_orders).await?);
    print(&rows);
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the table is what this command is for")]
fn print(rows: &[Row]) {
    println!("| what | measured | baseline | ratio | to reach |");
    println!("|---|---|---|---|---|");
    for Row { what, measured, baseline, ratio, to_reach } in rows {
        println!("| {what} | {measured} | {baseline} | {ratio} | {to_reach} |");
    }
}

/// `a / b` with two decimals.
fn ratio(a: u64, b: u64) -> String {
    let hundredths = a * 100 / b.max(1);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// The middle of several rounds, which one slow round does not move.
fn median(mut rounds: Vec<u64>) -> u64 {
    rounds.sort_unstable();
    rounds.get(rounds.len() / 2).copied().unwrap_or_default()
}
