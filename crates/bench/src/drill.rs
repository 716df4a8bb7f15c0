//! Drills: several instances in use, something breaks, and what must hold is looked at.
//!
//! One file for each. `fleet` brings up a shop of real processes, `traffic` uses it through the
//! doors that everybody uses, `books` reads afterwards whether the truth is whole, `findings` are
//! what came out. `docs/drills.md` says what each drill does.

mod books;
mod client;
mod clock_skew;
mod command;
mod crash;
mod disk_full;
mod feed;
mod findings;
mod fleet;
mod import;
mod instance_loss;
mod magento;
mod outage;
mod overload;
mod people;
mod restore;
mod rolling;
mod rotation;
mod traffic;
mod upgrade;
mod zone_loss;

use std::hash::{BuildHasher as _, RandomState};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use clap::ValueEnum;

use self::disk_full::Engine;
use self::findings::Findings;
use self::rotation::Secret;
use self::zone_loss::Loss;
use crate::say;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// What shall break.
    name: Name,
    /// The form that runs with the tests: less of everything.
    #[arg(long)]
    short: bool,
    /// The executable of the shop.
    #[arg(long, hide = true)]
    greenleaf: PathBuf,
    /// The folder with those from before, for the drill that replaces them.
    #[arg(long, hide = true, required_if_eq("name", "upgrade"))]
    older: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Name {
    /// One after the other
    All,
    /// Three instances are replaced one by one, under load
    Rolling,
    /// The process dies in the middle of checkouts
    Crash,
    /// The database is away for a time
    Outage,
    /// An instance dies, and another one takes its place
    InstanceLoss,
    /// The primary of the database is lost, and its replica promoted
    FailOver,
    /// The same, and half of the instances with it
    ZoneLoss,
    /// The password of the database is changed
    Rotation,
    /// The certificate of the database is replaced, by one of another authority
    Certificate,
    /// The disk of the database is full for a time, SQLite
    DiskFull,
    /// The same with MariaDB
    DiskFullMariadb,
    /// Clocks of instances are a minute apart
    ClockSkew,
    /// Many writers change products and commit when they like
    Feed,
    /// Four times as much is asked for as can be served
    Overload,
    /// More and more people come until one instance does not carry them
    People,
    /// The database is lost and its backup, made in the middle of it all, read into another
    Restore,
    /// A big catalog is imported from a file, and the command killed in the middle
    Import,
    /// A whole Magento is moved, and the command killed in the middle
    Magento,
    /// An older executable is replaced by this one, and this one by the older; not one of all
    Upgrade,
}

/// What a drill runs on, and how much of it.
struct Stage {
    greenleaf: PathBuf,
    older: Option<PathBuf>,
    is_short: bool,
}

impl Stage {
    /// One of two measures of the same thing.
    fn scale<T>(&self, long: T, short: T) -> T {
        if self.is_short { short } else { long }
    }

    fn seconds(&self, long: u64, short: u64) -> Duration {
        Duration::from_secs(self.scale(long, short))
    }
}

/// Runs one drill or all, and fails when one requirement was not met.
pub(crate) async fn run(args: Args) -> Result<()> {
    let stage = Stage {
        greenleaf: std::path::absolute(args.greenleaf)?,
        older: args.older.map(std::path::absolute).transpose()?,
        is_short: args.short,
    };
    let is_one = |name: &Name| !matches!(name, Name::All | Name::Upgrade);
    let all = || Name::value_variants().iter().copied().filter(is_one);
    let names: Vec<Name> = if args.name == Name::All { all().collect() } else { vec![args.name] };
    let mut n_failed = 0;
    for &name in &names {
        let began = Instant::now();
        let findings = Box::pin(one(name, &stage)).await;
        let seconds = began.elapsed().as_secs();
        let title = name.to_possible_value().map(|value| value.get_name().to_owned());
        let title = title.unwrap_or_default();
        match findings {
            Ok(findings) => {
                say(&format!("\n## {title}, {seconds} s\n\n{findings}"));
                n_failed += usize::from(findings.is_broken());
            }
            Err(error) => {
                say(&format!("\n## {title}, {seconds} s\n\nThe drill could not be run: {error:#}"));
                n_failed += 1;
            }
        }
    }
    say(&format!("\ndrills: {} passed, {n_failed} failed", names.len() - n_failed));
    ensure!(n_failed == 0, "{n_failed} of {} drills failed", names.len());
    Ok(())
}

async fn one(name: Name, stage: &Stage) -> Result<Findings> {
    match name {
        Name::All => unreachable!("it stands for the others"),
        Name::Rolling => rolling::drill(stage).await,
        Name::Crash => crash::drill(stage).await,
        Name::Outage => outage::drill(stage).await,
        Name::InstanceLoss => instance_loss::drill(stage).await,
        Name::FailOver => zone_loss::drill(stage, Loss::Database).await,
        Name::ZoneLoss => zone_loss::drill(stage, Loss::Zone).await,
        Name::Rotation => rotation::drill(stage, Secret::Password).await,
        Name::Certificate => rotation::drill(stage, Secret::Certificate).await,
        Name::DiskFull => disk_full::drill(stage, Engine::Sqlite).await,
        Name::DiskFullMariadb => disk_full::drill(stage, Engine::MariaDb).await,
        Name::ClockSkew => clock_skew::drill(stage).await,
        Name::Feed => feed::drill(stage).await,
        Name::Overload => overload::drill(stage).await,
        Name::People => people::drill(stage).await,
        Name::Restore => restore::drill(stage).await,
        Name::Import => import::drill(stage).await,
        Name::Magento => magento::drill(stage).await,
        Name::Upgrade => {
            let older = stage.older.as_deref().context("clap wants an older executable")?;
            upgrade::drill(stage, older).await
        }
    }
}

/// Chance, below a number.
fn random(below: u64) -> u64 {
    RandomState::new().hash_one(Instant::now()) % below
}
