//! `greenleaf cost`: what a plan of Terraform costs in a month.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Args;
use ops::cost::{self, Load, Plan, Prices};

use crate::say;

#[derive(Args)]
pub(crate) struct CostArgs {
    /// What `terraform show -json` prints of a plan; without one the two profiles are priced.
    #[arg(value_name = "PLAN")]
    plans: Vec<PathBuf>,

    /// Orders in a month.
    #[arg(long, value_name = "N", default_value_t = 3000)]
    orders: u32,

    /// Pages that are looked at for each order.
    #[arg(long, value_name = "N", default_value_t = 250)]
    pages_per_order: u32,

    /// Write the whole report on the profiles into a file of Markdown.
    #[arg(long, value_name = "FILE", conflicts_with = "plans")]
    report: Option<PathBuf>,
}

pub(crate) fn run(args: &CostArgs) -> Result<()> {
    let pages = u64::from(args.orders) * u64::from(args.pages_per_order);
    let pages = u32::try_from(pages).context("more pages than can be counted")?;
    let (orders, pages) = (f64::from(args.orders.max(1)), f64::from(pages.max(1)));
    let load = Load { orders, pages, ..Load::DOCUMENT };
    if let Some(file) = &args.report {
        std::fs::write(file, cost::report(&load)?)
            .with_context(|| format!("{} cannot be written", file.display()))?;
        say::line(format_args!("{} is written.", file.display()));
        return Ok(());
    }
    let mut plans = Vec::new();
    for file in &args.plans {
        let name = file.display().to_string();
        let text = std::fs::read_to_string(file).with_context(|| name.clone())?;
        plans.push((name, text));
    }
    if plans.is_empty() {
        let profiles = cost::PLANS.iter().take(2);
        plans.extend(profiles.map(|(name, text)| ((*name).to_owned(), (*text).to_owned())));
    }
    let prices = Prices::paris();
    for (name, text) in plans {
        let plan = Plan::read(&text).with_context(|| name.clone())?;
        let bill = cost::price(&plan, &load, &prices).with_context(|| name.clone())?;
        say::line(format_args!("# {name}\n\n{}", cost::table(&bill, &load)));
        let emitted = cost::footprint(&plan, &load)?;
        say::line(format_args!(
            "{:.1} kWh, {:.2} g CO2e an order, {:.2} g for 1,000 pages\n",
            emitted.kwh,
            emitted.per(load.orders).expected,
            emitted.per_thousand(load.pages).expected,
        ));
    }
    Ok(())
}
