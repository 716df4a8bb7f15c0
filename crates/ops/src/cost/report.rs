//! The bill as people read it: Markdown.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::footprint::{self, inputs};
use super::prices::Basis;
use super::{Bill, CostError, Load, PLANS, Plan, Prices, Range, price};

/// What the old platform cost each month, by its document.
pub const OLD_BILL: f64 = 273.0;

/// A bill, line by line, with its sum and what that is for each thousand orders.
pub fn table(bill: &Bill, load: &Load) -> String {
    let mut text =
        "| resource | what | quantity | $ a month | low to high |\n|---|---|--:|--:|--:|\n"
            .to_owned();
    for line in &bill.lines {
        let (quantity, usd) = (amount(line.quantity.expected), line.usd.expected);
        let range = if line.is_usage() { spread(line.usd) } else { "–".to_owned() };
        put(
            &mut text,
            &format!("| `{}` | {} | {quantity} | {usd:.2} | {range} |", line.address, line.item),
        );
    }
    let total = bill.total();
    put(&mut text, &format!("| **all** | | | **{:.2}** | {} |", total.expected, spread(total)));
    let each = total.map(|usd| usd / load.orders * 1000.0);
    put(
        &mut text,
        &format!("| for each 1,000 orders | | | {:.2} | {} |", each.expected, spread(each)),
    );
    text
}

/// The whole report: both profiles, the switches, the footprint, and where the figures are from.
pub fn report(load: &Load) -> Result<String, CostError> {
    let prices = Prices::paris();
    let bill = |name: &str, load: &Load| price(&plan(name), load, &prices);
    let ten = load.times(10.0);
    let bills = [
        ("document", "document", *load, bill("document", load)?),
        ("lean", "lean", *load, bill("lean", load)?),
        ("lean, ten times the load", "lean", ten, bill("lean", &ten)?),
    ];
    let mut text = HEAD.to_owned();
    put(
        &mut text,
        &format!(
            "The load: {} orders and {} pages a month, {} GB of pictures. The old document names no \
             volume; this is taken for its shop, one of fifty visits being an order and a visit five \
             pages.\n",
            amount(load.orders),
            amount(load.pages),
            amount(load.pictures_gb)
        ),
    );

    text.push_str("## What a month costs\n\n");
    text.push_str("| | $ a month | low to high | beside 273 $ | $ for 1,000 orders | g CO2e an order | g CO2e for 1,000 pages |\n|---|--:|--:|--:|--:|--:|--:|\n");
    put(
        &mut text,
        &format!(
            "| the old platform, by its document | {OLD_BILL:.0} | – | – | {:.2} | | |",
            OLD_BILL / load.orders * 1000.0
        ),
    );
    for (title, name, load, bill) in &bills {
        let total = bill.total();
        let emitted = footprint::footprint(&plan(name), load)?;
        put(
            &mut text,
            &format!(
                "| {title} | {:.2} | {} | {:+.0} % | {:.2} | {} | {} |",
                total.expected,
                spread(total),
                (total.expected / OLD_BILL - 1.0) * 100.0,
                total.expected / load.orders * 1000.0,
                grams(emitted.per(load.orders)),
                grams(emitted.per_thousand(load.pages)),
            ),
        );
    }
    text.push('\n');

    text.push_str("## Where lean saves\n\nBy kind of line, at the same load.\n\n| what | document | lean | difference |\n|---|--:|--:|--:|\n");
    let kinds: BTreeSet<&str> =
        bills[..2].iter().flat_map(|(.., bill)| &bill.lines).map(|line| kind(&line.item)).collect();
    for wanted in kinds {
        let of = |bill: &Bill| -> f64 {
            let lines = bill.lines.iter().filter(|line| kind(&line.item) == wanted);
            lines.map(|line| line.usd.expected).fold(0.0, |sum, usd| sum + usd)
        };
        let (document, lean) = (of(&bills[0].3), of(&bills[1].3));
        put(
            &mut text,
            &format!("| {wanted} | {document:.2} | {lean:.2} | {:+.2} |", lean - document),
        );
    }
    text.push('\n');

    text.push_str("## What each switch costs\n\nBeside the document profile, at the same load, as `terraform/examples/` switch them on. CloudFront\ntakes over what the load balancer sends.\n\n| switch | $ a month | low to high |\n|---|--:|--:|\n");
    let everything = bill("everything", load)?;
    for module in SWITCHES {
        let usd = everything.of_module(module);
        put(&mut text, &format!("| `{module}` | {:.2} | {} |", usd.expected, spread(usd)));
    }
    let waiting =
        everything.of_module("compute").expected - bills[0].3.of_module("compute").expected;
    put(&mut text, &format!("| `compute.warm_pool_size = 1` | {waiting:.2} | – |"));
    let tasks = bill("fargate", load)?;
    let instead = tasks.total().expected - bills[0].3.total().expected;
    put(&mut text, &format!("| `ecs`, instead of instances | {instead:+.2} | – |"));
    text.push('\n');

    for (title, _, load, bill) in &bills {
        put(&mut text, &format!("## Line by line: {title}\n\n{}", table(bill, load)));
    }

    text.push_str(FOOTPRINT);
    text.push_str("| input | value | unit | source |\n|---|--:|---|---|\n");
    for input in inputs() {
        put(
            &mut text,
            &format!("| {} | {} | {} | {} |", input.input, input.value, input.unit, input.source),
        );
    }
    text.push('\n');
    text.push_str(PRICES);
    text.push_str("| item | for | $ | as of | basis | note |\n|---|---|--:|---|---|---|\n");
    for price in prices.list() {
        let basis = match price.basis {
            Basis::List => "list",
            Basis::Derived => "derived",
            Basis::Estimate => "estimate",
        };
        put(
            &mut text,
            &format!(
                "| {} | {} | {} | {} | {basis} | {} |",
                price.item, price.unit, price.usd, price.as_of, price.note
            ),
        );
    }
    Ok(text)
}

/// The modules that are off unless they are asked for, and cost something.
const SWITCHES: [&str; 7] = ["cdn", "waf", "cache", "backup", "mail", "pipeline", "dr_region"];

const HEAD: &str = "# What the shop costs on AWS

Written by `greenleaf cost --report docs/finops-report.md`; a test compares. Priced are the resources
that Terraform plans, not a list kept by hand: a test of `terraform/` holds the plans in
`crates/ops/plans/` to what it plans now, and a resource of which nobody has said what it costs fails
the tests. Dollars, region eu-west-3, 730 hours, no tax, no free tier but the first 100 GB to the
internet. No bill of AWS stands behind these figures yet: the lean profile has not run in an account.

";

const FOOTPRINT: &str = "## The footprint\n
By the Software Carbon Intensity, (energy × grid + embodied) / unit, located: the grid's own mix and no
certificates. Whole machines are counted though small ones share theirs, standby and NAT as well, so the
values are rather too high; a managed NAT gateway is taken for a t4g.nano. Not counted: shoppers' devices and their networks, CDN, load balancer, and
AWS's own services. The range is that of the grid. A page is one of 1,000, an order one of all: they are
two ways to divide one sum, not to be added.\n\n";

const PRICES: &str = "## The prices\n
`list` is AWS's own list for the region, `derived` follows from it by a stated ratio, `estimate` is
believed and was not looked up for the region.\n\n";

fn plan(name: &str) -> Plan {
    let (_, text) =
        PLANS.iter().find(|(known, _)| *known == name).expect("a plan of the repository");
    Plan::read(text).expect("a test reads it")
}

/// The first part of an item: `rds.gp3` is of `rds`.
fn kind(item: &str) -> &str {
    item.split('.').next().unwrap_or(item)
}

fn put(text: &mut String, line: &str) {
    writeln!(text, "{line}").expect("a string takes any text");
}

fn spread(range: Range) -> String {
    format!("{:.2} – {:.2}", range.low, range.high)
}

fn grams(range: Range) -> String {
    format!("{:.2} ({:.2} – {:.2})", range.expected, range.low, range.high)
}

/// A quantity with as many digits as matter, and commas between thousands.
fn amount(value: f64) -> String {
    let text = if value >= 100.0 || value.fract() == 0.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.2}")
    };
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut grouped = String::new();
    for (at, digit) in whole.char_indices() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_in_the_repository_is_the_one_written_now() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/finops-report.md");
        let kept = std::fs::read_to_string(file).unwrap_or_default();

        let written = report(&Load::DOCUMENT).unwrap();

        assert!(kept == written, "run `greenleaf cost --report docs/finops-report.md`");
    }

    #[test]
    fn quantities_are_short() {
        assert_eq!(
            [0.5, 7.0, 1460.0, 750_000.0, 33.75, 1234.5].map(amount),
            ["0.50", "7", "1,460", "750,000", "33.75", "1,234"]
        );
    }
}
