//! Prices a plan of Terraform, line by line, and says what the deployment emits.

mod bill;
mod footprint;
mod plan;
mod prices;
mod report;
mod usage;

pub use bill::{Bill, Line, price};
pub use footprint::{Footprint, footprint};
pub use plan::{Plan, PlanError, Resource};
pub use prices::{Price, Prices};
pub use report::{OLD_BILL, report, table};
pub use usage::{Load, Range};

/// The plans of the repository, of which only what pricing needs is kept. A test of `terraform/`
/// compares them with what Terraform plans.
pub const PLANS: [(&str, &str); 4] = [
    ("document", include_str!("../plans/document.json")),
    ("lean", include_str!("../plans/lean.json")),
    ("everything", include_str!("../plans/everything.json")),
    ("fargate", include_str!("../plans/fargate.json")),
];

/// Why a plan cannot be priced.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum CostError {
    #[error("{0}: nobody has said what a resource of this type costs")]
    UnknownType(String),
    #[error("there is no price for {0}")]
    NoPrice(String),
    #[error("{address}: the plan does not say `{attribute}`")]
    Missing { address: String, attribute: &'static str },
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn plan(name: &str) -> Plan {
        let (_, text) = PLANS.iter().find(|(known, _)| *known == name).unwrap();
        Plan::read(text).unwrap()
    }

    /// The bottom-up sum that was made by hand for the old architecture, before this code was
    /// written: quantity and price of each of its lines.
    const BY_HAND: [(&str, f64, f64); 13] = [
        ("two t3.small", 1460.0, 0.0236),
        ("50 GB gp3 for each", 100.0, 0.0928),
        ("seven detailed metrics for each", 14.0, 0.30),
        ("two NAT gateways", 1460.0, 0.05),
        ("20 GB through them", 20.0, 0.05),
        ("four public addresses", 2920.0, 0.005),
        ("load balancer", 730.0, 0.02646),
        ("half an LCU on average", 365.0, 0.0084),
        ("db.t3.small with a standby", 730.0, 0.076),
        ("100 GB of its storage, twice", 100.0, 0.266),
        ("20 GB of pictures, a million reads", 1.0, 0.90),
        ("5 GB of logs", 5.0, 0.5985),
        ("four alarms", 4.0, 0.10),
    ];

    #[test]
    fn the_architecture_costs_what_a_sum_by_hand_says() {
        let by_hand: f64 = BY_HAND.iter().map(|(_, quantity, usd)| quantity * usd).sum();
        assert_eq!(format!("{by_hand:.2}"), "245.29");
        let bill = price(&plan("document"), &Load::DOCUMENT, &Prices::paris()).unwrap();

        let total = bill.total().expected;

        assert!((total / by_hand - 1.0).abs() < 0.10, "{total:.2} beside {by_hand:.2}");
        assert!(total < OLD_BILL, "{total:.2}");
    }

    #[test]
    fn the_lean_profile_carries_ten_times_the_load_for_less() {
        let ten = Load::DOCUMENT.times(10.0);

        let bill = price(&plan("lean"), &ten, &Prices::paris()).unwrap();

        assert!(bill.total().expected < OLD_BILL * 0.7, "{}", bill.total().expected);
        assert!(bill.total().high < OLD_BILL * 1.2, "{}", bill.total().high);
    }

    #[test]
    fn each_plan_is_priced_and_each_price_is_used() {
        let prices = Prices::paris();
        let mut used = std::collections::BTreeSet::new();
        for (name, _) in PLANS {
            // So much that the free egress is used up.
            let bill = price(&plan(name), &Load::DOCUMENT.times(10.0), &prices).unwrap();
            used.extend(bill.lines.iter().map(|line| line.item.clone()));
        }

        let unused: Vec<&str> = prices
            .list()
            .map(|price| price.item.as_str())
            .filter(|item| !used.contains(*item))
            .collect();
        // Choices that no plan in the repository makes.
        assert_eq!(
            unused,
            ["endpoint", "fargate.x86.gb", "fargate.x86.vcpu", "rds.extended", "t3.surplus"]
        );
    }

    #[test]
    fn a_version_beyond_its_support_costs_more_than_the_rest() {
        let (_, now) = PLANS.iter().find(|(name, _)| *name == "document").unwrap();
        let former = now.replace(r#""engine_version": "8.4""#, r#""engine_version": "8.0""#);
        let total = |text: &str| {
            let plan = Plan::read(text).unwrap();
            price(&plan, &Load::DOCUMENT, &Prices::paris()).unwrap().total().expected
        };

        // Two processors, here and in the standby, at 0.10 $ an hour.
        assert_eq!(format!("{:.2}", total(&former) - total(now)), "292.00");
    }

    #[test]
    fn a_type_that_nobody_priced_is_refused() {
        let text = r#"{"planned_values": {"root_module": {"resources": [
            {"address": "aws_mq_broker.this", "mode": "managed", "type": "aws_mq_broker", "values": {}}
        ]}}}"#;

        let refused = price(&Plan::read(text).unwrap(), &Load::DOCUMENT, &Prices::paris());

        assert_eq!(refused.unwrap_err(), CostError::UnknownType("aws_mq_broker".to_owned()));
    }
}
