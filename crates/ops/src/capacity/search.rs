//! Which policy is the cheapest that holds, and how many people are carried.

use super::{Disturbance, Outcome, Policy, Scaling, Site, Traffic, simulate};

/// What shoppers are promised over a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slo {
    /// The share of requests that may be refused or fail.
    pub lost: f64,
    pub p99_ms: f64,
}

impl Slo {
    pub const USUAL: Self = Self { lost: 0.001, p99_ms: 500.0 };

    pub fn holds(&self, outcome: &Outcome) -> bool {
        outcome.lost() <= self.lost && outcome.p99_ms <= self.p99_ms
    }
}

/// The policies that are tried: alarms of AWS as simple as the document's, quicker ones, and targets.
pub fn candidates() -> Vec<Policy> {
    let mut policies = vec![Policy::DOCUMENT];
    for least in [2, 3, 4, 6, 8] {
        policies.push(Policy::fixed(least));
        let quick = Scaling::Alarms {
            up: 0.5,
            down: 0.3,
            period_seconds: 60,
            evaluations: 1,
            step: 4,
            cooldown_seconds: 60,
        };
        for scaling in [quick, Scaling::Target { cpu: 0.5 }] {
            policies.push(Policy { least, most: 12, scaling });
        }
    }
    policies
}

/// The cheapest of the policies that holds, with what came of it.
///
/// Tried by the price of their least instances: once that alone is dearer than what was found, no
/// other can win.
pub fn cheapest(
    site: &Site,
    policies: &[Policy],
    traffic: &Traffic,
    disturbance: Disturbance,
    slo: Slo,
    seed: u64,
) -> Option<(Policy, Outcome)> {
    let mut policies = policies.to_vec();
    policies.sort_by_key(|policy| (policy.least, policy.most));
    let mut best: Option<(Policy, Outcome)> = None;
    for policy in policies {
        let hours = f64::from(policy.least) * super::number::float(traffic.seconds()) / 3600.0;
        if best.as_ref().is_some_and(|(_, known)| hours * site.usd_per_hour > known.usd) {
            break;
        }
        let outcome = simulate(site, &policy, traffic, disturbance, seed);
        let is_better = best.as_ref().is_none_or(|(_, known)| outcome.usd < known.usd);
        if slo.holds(&outcome) && is_better {
            best = Some((policy, outcome));
        }
    }
    best
}

/// How many people at a time so many instances carry, to within `step`.
pub fn users_carried(site: &Site, instances: u32, think_seconds: f64, slo: Slo, step: u64) -> u64 {
    let holds = |users: u64| {
        let traffic = Traffic::People { users, think_seconds, seconds: 60 };
        slo.holds(&simulate(site, &Policy::fixed(instances), &traffic, Disturbance::default(), 1))
    };
    let (mut good, mut bad) = (0, step);
    while holds(bad) {
        (good, bad) = (bad, bad * 2);
    }
    while bad - good > step {
        let middle = u64::midpoint(good, bad);
        if holds(middle) { good = middle } else { bad = middle }
    }
    good
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documents_fleet_carries_twenty_times_its_people() {
        for (instances, users) in [(2, 20 * 500), (4, 20 * 1000)] {
            let traffic = Traffic::People { users, think_seconds: 10.0, seconds: 60 };
            let policy = Policy::fixed(instances);

            let it = simulate(&Site::DOCUMENT, &policy, &traffic, Disturbance::default(), 1);

            assert!(Slo::USUAL.holds(&it), "{instances}: {} lost, {} ms", it.lost(), it.p99_ms);
        }
    }

    #[test]
    fn the_cheapest_that_holds_is_found_and_no_cheaper_one_does() {
        // A burst for which the document's two are too few, and which is over before it reacts.
        let rates = vec![(0, 20.0), (60, 4000.0), (180, 20.0)];
        let traffic = Traffic::Trace { rates, seconds: 240 };
        let (site, quiet) = (Site::DOCUMENT, Disturbance::default());
        let policies: Vec<Policy> = (1..=5).map(Policy::fixed).chain([Policy::DOCUMENT]).collect();

        let (policy, outcome) = cheapest(&site, &policies, &traffic, quiet, Slo::USUAL, 5).unwrap();

        assert!(Slo::USUAL.holds(&outcome));
        assert_eq!(policy, Policy::fixed(3));
        for other in policies {
            let it = simulate(&site, &other, &traffic, quiet, 5);
            assert!(!Slo::USUAL.holds(&it) || it.usd >= outcome.usd, "{other}");
        }
        let none = Slo { lost: 0.0, p99_ms: 0.001 };
        assert_eq!(cheapest(&site, &[Policy::DOCUMENT], &traffic, quiet, none, 5), None);
    }
}
