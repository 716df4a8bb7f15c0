//! What the simulation says, as people read it; and beside what was measured.

use std::fmt::Write as _;

use serde::Deserialize;

use super::number::{count, float};
use super::{
    Disturbance, Outcome, Policy, Site, Slo, Traffic, candidates, cheapest, simulate, users_carried,
};

/// The document's own words on what its instances carry.
const DOCUMENT_CARRIES: [(u32, u64); 2] = [(2, 500), (4, 1000)];

/// The days that the report simulates, by name.
fn days() -> Vec<(&'static str, Traffic, Disturbance)> {
    let quiet = Disturbance::default();
    let loss = Disturbance { zone_lost_at: Some(300), database_away_seconds: 60 };
    vec![
        ("a quiet day: 3 requests a second", Traffic::day(3.0), quiet),
        ("a day of sales: 15 requests a second", Traffic::day(15.0), quiet),
        (
            "a flash sale: 20 times 10 requests a second, within two minutes",
            Traffic::flash_sale(10.0),
            quiet,
        ),
        ("a flash sale: 20 times 200 requests a second", Traffic::flash_sale(200.0), quiet),
        (
            "a storm of bots: 100 times 50 requests a second, at once",
            Traffic::bot_storm(50.0, 100.0),
            quiet,
        ),
        ("a lost zone at 100 requests a second", Traffic::steady(100.0, 900), loss),
    ]
}

/// Runs all days with the document's policy and looks for what would hold; gives the text and the
/// pictures, by file name.
pub fn report(site: &Site, slo: Slo, seed: u64) -> (String, Vec<(String, String)>) {
    let mut text = HEAD.to_owned();
    text.push_str("## People at a time\n\nThey think 10 s between two requests: 90 % look, 8 % touch a cart, 2 % order; no page is kept, so each\nis rendered.\n\n| instances | the document says | carried | times |\n|--:|--:|--:|--:|\n");
    for (instances, said) in DOCUMENT_CARRIES {
        let carried = users_carried(site, instances, 10.0, slo, 500);
        put(
            &mut text,
            &format!("| {instances} | {said} | {carried} | {:.0} |", float(carried) / float(said)),
        );
    }
    text.push_str("\n## Days\n\n| day | policy | lost | p50 | p99 | most instances | $ |\n|---|---|--:|--:|--:|--:|--:|\n");
    let mut pictures = Vec::new();
    let mut advice = String::new();
    for (number, (name, traffic, disturbance)) in (1..).zip(days()) {
        let outcome = simulate(site, &Policy::DOCUMENT, &traffic, disturbance, seed);
        row(&mut text, name, "the document's", &outcome);
        pictures.push((format!("{number}.svg"), super::plot(name, &outcome)));
        if slo.holds(&outcome) {
            continue;
        }
        let found = cheapest(site, &candidates(), &traffic, disturbance, slo, seed);
        put(
            &mut advice,
            &format!(
                "- **{name}**: the document's policy loses {:.2} % and has a p99 of {:.0} ms.",
                outcome.lost() * 100.0,
                outcome.p99_ms
            ),
        );
        if let Some((policy, better)) = found {
            row(&mut text, "", &policy.to_string(), &better);
            put(
                &mut advice,
                &format!("  What holds, and is the cheapest that was tried: {policy}."),
            );
        } else {
            put(&mut advice, "  None of the policies that were tried holds: see below.");
        }
    }
    text.push_str("\n## What the document's policy cannot follow\n\n");
    text.push_str(&advice);
    text.push_str(FOOT);
    (text, pictures)
}

fn row(text: &mut String, day: &str, policy: &str, outcome: &Outcome) {
    let most = outcome.moments.iter().map(|moment| moment.instances).max().unwrap_or_default();
    put(
        text,
        &format!(
            "| {day} | {policy} | {:.2} % | {:.1} ms | {:.1} ms | {most} | {:.3} |",
            outcome.lost() * 100.0,
            outcome.p50_ms,
            outcome.p99_ms,
            outcome.usd
        ),
    );
}

fn put(text: &mut String, line: &str) {
    writeln!(text, "{line}").expect("a string takes any text");
}

const HEAD: &str = "# What the shop carries on AWS

Written by `greenleaf capacity --report docs/capacity`. Simulated, not measured on AWS: requests one by
one through a load balancer, instances of two vCPUs and one database of two, with the CPU times of
`docs/benchmarks/demo.md` (a rendered page 0.94 ms, an order 0.7 ms and 2.15 ms of the database, spread
exponentially). Assumed, since nobody has measured it: a vCPU of t3.small does 0.7 of the measured core,
an image is ready 90 s after its launch and serves after two checks of 30 s, bursts beyond the CPU
credits are billed and not throttled. A promise holds when at most 0.1 % is lost and the p99 of a run is
at most 500 ms. [measured.md](measured.md) has what a real instance carried, and how far the simulation
is from it.

";

const FOOT: &str = "
Alarms that look for twice two minutes, an image of 90 s and two checks take 390 s to bring one instance,
and the next comes 480 s later: whatever rises faster must be carried by what is there. A policy is no
answer to a lost zone: what fails, fails in the 90 s until three checks of 30 s have failed, so shorter
checks help (`compute.health_check`: 10 s and 2 checks make it 20 s), and a third instance makes the share
a third. A storm of bots is for the firewall (`waf`), not for more instances.

The pictures show each day under the document's policy: [1](1.svg), [2](2.svg), [3](3.svg), [4](4.svg),
[5](5.svg), [6](6.svg).
";

/// A row of what was measured, for the seconds before `at_seconds`.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Measured {
    pub at_seconds: u64,
    pub requests_per_second: f64,
    pub instances: f64,
    pub p99_ms: f64,
    /// Requests refused or failed in the span.
    pub lost: f64,
}

/// Means of what was measured and of what the simulation gave for the same requests.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Compared {
    pub instances: (f64, f64),
    pub p99_ms: (f64, f64),
    pub lost: (f64, f64),
}

impl Measured {
    pub fn read(text: &str) -> Result<Vec<Self>, csv::Error> {
        csv::Reader::from_reader(text.as_bytes()).into_deserialize().collect()
    }
}

/// Sets what was measured beside a run over the same requests.
pub fn compare(measured: &[Measured], outcome: &Outcome) -> Compared {
    let mean = |sum: f64, n: usize| sum / float(count(n.max(1)));
    let of_measured =
        |read: fn(&Measured) -> f64| mean(measured.iter().map(read).sum(), measured.len());
    let moments = &outcome.moments;
    let of_moments =
        |read: fn(&super::Moment) -> f64| mean(moments.iter().map(read).sum(), moments.len());
    Compared {
        instances: (of_measured(|it| it.instances), of_moments(|it| f64::from(it.instances))),
        p99_ms: (of_measured(|it| it.p99_ms), of_moments(|it| it.p99_ms)),
        lost: (measured.iter().map(|it| it.lost).sum(), float(outcome.refused + outcome.failed)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_measured_stands_beside_what_was_simulated() {
        let text =
            "at_seconds,requests_per_second,instances,p99_ms,lost\n0,50,2,3,0\n60,50,2,5,1\n";
        let traffic = Traffic::read(text).unwrap();
        let outcome =
            simulate(&Site::DOCUMENT, &Policy::DOCUMENT, &traffic, Disturbance::default(), 1);

        let compared = compare(&Measured::read(text).unwrap(), &outcome);

        assert_eq!((compared.instances, compared.lost), ((2.0, 2.0), (1.0, 0.0)));
        assert!((compared.p99_ms.0 - 4.0).abs() < 1e-9);
        assert!(compared.p99_ms.1 > 1.0, "{compared:?}");
    }
}
