//! Measures the shop against baselines in the same run, and generates the catalogs for it.
//!
//! Ratios are what counts: the bare handler sends as many bytes as the page it stands beside, the
//! raw driver runs the statements of an order and nothing else. CPU is that of the process that
//! serves, read from the kernel, and is what to trust on a machine that has other things to do.
//!
//! `demo` and `sizes` bring up the shops, `running` starts them, `pages`, `api` and `orders` measure them:
//! a new row is one more [`figure::Figure`] that one of these gives. `report` and `plot` write down
//! what came out. Run it by `cargo xtask bench` and `cargo xtask generate`.
//!
//! `drill` breaks a shop of several instances in use and judges what became of it: `cargo xtask
//! drill`.

#![expect(clippy::float_arithmetic, reason = "measurements are no money")]

mod api;
mod demo;
mod drill;
mod figure;
mod generate;
mod load;
mod machine;
mod orders;
mod pages;
mod plot;
mod process;
mod report;
mod running;
mod sizes;
mod weight;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};
use clap::{Args, Parser, Subcommand};
use db::Db;

use crate::machine::Machine;
use crate::pages::Rounds;
use crate::report::{Fall, Measured, Report};
use crate::sizes::Engine;

/// The allocator of the executable, for what is measured in this process.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(about = "Measures the shop, and generates catalogs")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Measures the demo shop, or generated ones; prints the figures and writes them down.
    #[command(bin_name = "cargo xtask bench")]
    Run(RunArgs),
    /// Writes a catalog into a shop; an empty database becomes one.
    #[command(bin_name = "cargo xtask generate")]
    Generate(GenerateArgs),
    /// Breaks something while the shop is in use, and looks at what became of it.
    #[command(bin_name = "cargo xtask drill")]
    Drill(drill::Args),
    /// Serves so many bytes from a bare axum handler: the baseline, in a process of its own.
    #[command(hide = true)]
    Bare { n_bytes: usize },
}

#[derive(Args)]
struct RunArgs {
    /// The executable to measure.
    #[arg(long, hide = true)]
    greenleaf: PathBuf,
    /// The example of `db` that runs the statements of an order by themselves.
    #[arg(long, hide = true)]
    raw_orders: PathBuf,
    /// Where the figures are written.
    #[arg(long, hide = true)]
    folder: PathBuf,
    /// Measures generated shops of so many SKUs instead of the demo shop, such as
    /// `1000,10000,100000`.
    #[arg(long, value_delimiter = ',', value_name = "N")]
    skus: Vec<usize>,
    /// The engines that generated shops lie on.
    #[arg(long, value_delimiter = ',', value_enum, default_value = "sqlite,mariadb")]
    engine: Vec<Engine>,
    /// Writes nothing, and fails when a ratio is a fifth below what was written last.
    #[arg(long)]
    check: bool,
    /// How often each thing is measured; the median counts.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..100))]
    rounds: u32,
    /// How long each round of load takes, in milliseconds.
    #[arg(long, default_value_t = 1_000, value_name = "MS")]
    round: u64,
}

#[derive(Args)]
struct GenerateArgs {
    /// How many SKUs there shall be.
    #[arg(long, value_name = "N")]
    skus: usize,
    /// The data folder of the shop: its SQLite database if no other is named, and its pictures.
    #[arg(long, value_name = "DIR", required_unless_present = "database_url")]
    data: Option<PathBuf>,
    /// The database of the shop; without a data folder the products have no pictures.
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// Another seed makes another catalog.
    #[arg(long, default_value_t = generate::SEED)]
    seed: u64,
}

#[tokio::main]
async fn main() -> Result<()> {
    match Cli::parse().command {
        Command::Run(args) => run(args).await,
        Command::Generate(args) => fill(args).await,
        Command::Drill(args) => drill::run(args).await,
        Command::Bare { n_bytes } => load::serve_bare(n_bytes).await,
    }
}

/// How often `--check` measures what seems to have become slower: neighbours on the machine can take
/// more from one run than what is looked for, and hardly from three.
const CHECKS: usize = 3;

async fn run(args: RunArgs) -> Result<()> {
    let rounds =
        Rounds { number: usize::try_from(args.rounds)?, time: Duration::from_millis(args.round) };
    let report = measure(&args, rounds).await?;
    let is_demo = args.skus.is_empty();
    let page = if is_demo { report.of_demo() } else { report.of_sizes() };
    say(&page);
    let figures = args.folder.join(if is_demo { "demo.json" } else { "sizes.json" });
    if args.check {
        let before = Report::read(&figures)?;
        let mut falls = report.falls_since(&before);
        for _ in 1..CHECKS {
            if falls.is_empty() {
                break;
            }
            say(&format!("slower than before, so measured again\n{}", lines(&falls)));
            let again = measure(&args, rounds).await?.falls_since(&before);
            falls.retain(|fall| again.iter().any(|other| other.is_of_the_row_of(fall)));
        }
        ensure!(falls.is_empty(), "slower than before\n{}", lines(&falls));
        return Ok(());
    }
    std::fs::create_dir_all(&args.folder)?;
    report.write(&figures)?;
    std::fs::write(args.folder.join(if is_demo { "demo.md" } else { "README.md" }), page)?;
    if !is_demo {
        draw(&report.shops, &args.folder)?;
    }
    Ok(())
}

async fn measure(args: &RunArgs, rounds: Rounds) -> Result<Report> {
    let (greenleaf, raw_orders) = (&*args.greenleaf, &*args.raw_orders);
    let (date, machine) = (now().strftime("%Y-%m-%d").to_string(), Machine::look());
    let mut shops = Vec::new();
    if args.skus.is_empty() {
        shops.push(demo::measure(greenleaf, raw_orders, rounds).await?);
    }
    for &n_skus in &args.skus {
        for &engine in &args.engine {
            let began = Instant::now();
            let shop = sizes::measure(engine, n_skus, greenleaf, raw_orders, rounds).await?;
            say(&format!("{} took {} s", shop.shop, began.elapsed().as_secs()));
            shops.push(shop);
        }
    }
    for &engine in &args.engine {
        shops.extend(sizes::growth(engine, &args.skus, &shops));
    }
    Ok(Report { date, machine, shops })
}

fn lines(falls: &[Fall]) -> String {
    falls.iter().map(Fall::to_string).collect::<Vec<_>>().join("\n")
}

/// Draws the rows that differ from size to size.
fn draw(shops: &[Measured], folder: &Path) -> Result<()> {
    for (row, file) in report::PLOTS {
        if let Some(svg) = plot::bars(row, shops) {
            std::fs::write(folder.join(file), svg)?;
        }
    }
    Ok(())
}

async fn fill(args: GenerateArgs) -> Result<()> {
    let url = match (&args.database_url, &args.data) {
        (Some(url), _) => url.clone(),
        (None, Some(data)) => {
            std::fs::create_dir_all(data)?;
            format!("sqlite://{}", data.join("greenleaf.sqlite").display())
        }
        (None, None) => bail!("one of --data and --database-url is needed"),
    };
    let db = Db::connect(&url).await?;
    db.migrate().await?;
    if db::channel::list(&mut db.read().await?).await?.is_empty() {
        testkit::set_up(&db).await;
    }
    let media = args.data.map(|data| data.join("media"));
    let began = Instant::now();
    let generated = generate::generate(&db, media.as_deref(), args.skus, args.seed, now()).await?;
    let (n_products, seconds) = (generated.n_products, began.elapsed().as_secs());
    say(&format!("{} SKUs in {n_products} products, in {seconds} s", args.skus));
    db.close().await;
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the figures are what this command is for")]
fn say(text: &str) {
    println!("{text}");
}

#[expect(clippy::disallowed_methods, reason = "no shop is asked")]
fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

/// Exact up to 2^53, which no count here comes near.
#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "see above")]
fn float(n: impl TryInto<u64>) -> f64 {
    n.try_into().unwrap_or(u64::MAX) as f64
}
