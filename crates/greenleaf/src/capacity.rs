//! `greenleaf capacity`: what the shop carries on AWS, simulated.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use clap::{Args, ValueEnum};
use ops::capacity::{
    Disturbance, Measured, Outcome, Policy, Service, Site, Slo, Traffic, candidates, cheapest,
    compare, plot, report, simulate,
};

use crate::say;

#[derive(Args)]
pub(crate) struct CapacityArgs {
    /// What comes, when no trace is given.
    #[arg(long, value_enum, default_value_t = Day::FlashSale)]
    day: Day,

    /// Requests a second before the day's peak, or on average.
    #[arg(long, value_name = "N", default_value_t = 10)]
    rate: u32,

    /// A file of CSV with the columns `at_seconds` and `requests_per_second`.
    #[arg(long, value_name = "FILE", conflicts_with = "day")]
    trace: Option<PathBuf>,

    /// A trace that also says what was measured: `instances`, `p99_ms` and `lost` for each row.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["day", "trace"])]
    measured: Option<PathBuf>,

    /// Instances at first, and at most; without them the policy is that of the architecture.
    #[arg(long, value_name = "N", requires = "most", value_parser = clap::value_parser!(u32).range(1..=100))]
    least: Option<u32>,
    #[arg(long, value_name = "N", requires = "least", value_parser = clap::value_parser!(u32).range(1..=100))]
    most: Option<u32>,

    /// How fast a core is beside the one that was measured, in percent.
    #[arg(long, value_name = "PERCENT", default_value_t = 70, value_parser = clap::value_parser!(u32).range(1..=1000))]
    speed: u32,

    /// Microseconds that a page takes; measured is 940.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    page_micros: Option<u32>,

    /// How many of a hundred pages are kept, and so take 20 µs.
    #[arg(long, value_name = "PERCENT", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=100))]
    kept: u32,

    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,

    /// Look for the cheapest policy that loses at most 0.1 % and has a p99 of at most 500 ms.
    #[arg(long)]
    search: bool,

    /// Write the run as a picture.
    #[arg(long, value_name = "FILE.svg")]
    plot: Option<PathBuf>,

    /// Write the whole report, with its pictures, into a folder.
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Day {
    Quiet,
    Sales,
    FlashSale,
    Bots,
    ZoneLoss,
}

pub(crate) fn run(args: &CapacityArgs) -> Result<()> {
    let mut service = Service { kept_percent: args.kept, ..Service::MEASURED };
    service.page = args.page_micros.map_or(service.page, f64::from);
    #[expect(clippy::float_arithmetic, reason = "a model")]
    let speed = f64::from(args.speed) / 100.0;
    let site = Site { speed, service, ..Site::DOCUMENT };
    if let Some(folder) = &args.report {
        return write_report(folder, &site, args.seed);
    }

    let (traffic, disturbance) = traffic(args)?;
    let mut policy = Policy::DOCUMENT;
    if let (Some(least), Some(most)) = (args.least, args.most) {
        ensure!(least <= most, "--least is more than --most");
        (policy.least, policy.most) = (least, most);
    }
    let outcome = simulate(&site, &policy, &traffic, disturbance, args.seed);
    tell(&policy, &outcome);
    if let Some(file) = &args.measured {
        let measured = Measured::read(&read(file)?).with_context(|| file.display().to_string())?;
        let compared = compare(&measured, &outcome);
        say::line("on average          measured   simulated");
        for (name, (measured, simulated)) in [
            ("instances", compared.instances),
            ("p99, ms", compared.p99_ms),
            ("lost", compared.lost),
        ] {
            say::line(format_args!("{name:<16} {measured:>11.2} {simulated:>11.2}"));
        }
    }
    if let Some(file) = &args.plot {
        write(file, &plot(&policy.to_string(), &outcome))?;
    }
    if args.search {
        let found = cheapest(&site, &candidates(), &traffic, disturbance, Slo::USUAL, args.seed);
        match found {
            Some((policy, outcome)) => {
                say::line("The cheapest that holds, of those that were tried:");
                tell(&policy, &outcome);
            }
            None => say::line("None of the policies that were tried holds."),
        }
    }
    Ok(())
}

fn traffic(args: &CapacityArgs) -> Result<(Traffic, Disturbance)> {
    if let Some(file) = args.trace.as_ref().or(args.measured.as_ref()) {
        let traffic = Traffic::read(&read(file)?).with_context(|| file.display().to_string())?;
        return Ok((traffic, Disturbance::default()));
    }
    let rate = f64::from(args.rate);
    Ok(match args.day {
        Day::Quiet | Day::Sales => (Traffic::day(rate), Disturbance::default()),
        Day::FlashSale => (Traffic::flash_sale(rate), Disturbance::default()),
        Day::Bots => (Traffic::bot_storm(rate, 100.0), Disturbance::default()),
        Day::ZoneLoss => {
            let loss = Disturbance { zone_lost_at: Some(300), database_away_seconds: 60 };
            (Traffic::steady(rate, 900), loss)
        }
    })
}

fn tell(policy: &Policy, it: &Outcome) {
    let held = if Slo::USUAL.holds(it) { "holds" } else { "does not hold" };
    let most = it.moments.iter().map(|moment| moment.instances).max().unwrap_or_default();
    say::line(format_args!("{policy}: {held}"));
    say::line(format_args!(
        "  {} requests: {} served, {} refused, {} failed, {} not answered yet",
        it.arrived, it.served, it.refused, it.failed, it.waiting
    ));
    say::line(format_args!(
        "  p50 {:.2} ms, p99 {:.2} ms; up to {most} instances, {:.2} hours of them, {:.3} $",
        it.p50_ms, it.p99_ms, it.instance_hours, it.usd
    ));
}

fn write_report(folder: &Path, site: &Site, seed: u64) -> Result<()> {
    let (text, pictures) = report(site, Slo::USUAL, seed);
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    write(&folder.join("README.md"), &text)?;
    for (name, picture) in pictures {
        write(&folder.join(name), &picture)?;
    }
    say::line(format_args!("{} is written.", folder.display()));
    Ok(())
}

fn read(file: &Path) -> Result<String> {
    std::fs::read_to_string(file).with_context(|| file.display().to_string())
}

fn write(file: &Path, text: &str) -> Result<()> {
    std::fs::write(file, text).with_context(|| format!("{} cannot be written", file.display()))
}
