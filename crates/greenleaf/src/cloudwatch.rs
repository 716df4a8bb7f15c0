//! What CloudWatch learns from the log: lines in its embedded metric format.
//!
//! Whatever carries the log there already, the agent on an instance or the driver of a container, so
//! carries the metrics, and nothing of ours calls AWS for them.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// How a value that `/metrics` shows is told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// As it is now.
    Gauge,
    /// What was added since the line before.
    Counter,
}

/// Few, since each is billed by the month. `terraform/modules/monitoring` watches some of them.
const METRICS: [(&str, &str, Kind); 6] = [
    ("jobs_oldest_seconds", "Seconds", Kind::Gauge),
    ("jobs_dead", "Count", Kind::Gauge),
    ("feed_lag_seconds", "Seconds", Kind::Gauge),
    ("http_requests_in_flight", "Count", Kind::Gauge),
    ("http_requests_refused_total", "Count", Kind::Counter),
    ("http_request_panics_total", "Count", Kind::Counter),
];

pub(crate) struct CloudWatch {
    namespace: String,
    before: [f64; METRICS.len()],
}

impl CloudWatch {
    pub(crate) fn new(namespace: String) -> Self {
        Self { namespace, before: [0.0; METRICS.len()] }
    }

    /// The line for what `/metrics` shows now, without dimensions: CloudWatch joins the instances.
    pub(crate) fn line(&mut self, shown: &str, now: Timestamp) -> String {
        let mut values = Map::new();
        let mut listed = Vec::new();
        for ((name, unit, kind), before) in METRICS.iter().zip(&mut self.before) {
            let Some(value) = value(shown, name) else { continue };
            #[expect(clippy::float_arithmetic, reason = "metrics are floats")]
            let told = if *kind == Kind::Counter { value - *before } else { value };
            *before = value;
            values.insert((*name).to_owned(), json!(told));
            listed.push(json!({ "Name": name, "Unit": unit }));
        }
        let metrics = json!({
            "Namespace": self.namespace,
            "Dimensions": [[]],
            "Metrics": listed,
        });
        let head = json!({ "Timestamp": now.as_millisecond(), "CloudWatchMetrics": [metrics] });
        values.insert("_aws".to_owned(), head);
        Value::Object(values).to_string()
    }
}

/// A value without labels, from Prometheus' text.
fn value(shown: &str, name: &str) -> Option<f64> {
    let mut lines = shown.lines().filter_map(|line| line.split_once(' '));
    lines.find(|(key, _)| *key == name)?.1.parse().ok()
}

pub(crate) fn is_namespace(text: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || ".-_/#:".contains(c);
    text.len() <= 255 && text.chars().all(is_letter) && !text.starts_with("AWS/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gauges_are_told_as_they_are_and_counters_by_what_was_added() {
        let mut cloudwatch = CloudWatch::new("GreenLeaf".to_owned());
        let now = Timestamp::from_millisecond(1_800_000_000_123).unwrap();
        let shown = |refused: u32| {
            format!(
                "# TYPE jobs_oldest_seconds gauge\njobs_oldest_seconds 2.5\n\
                 http_requests_refused_total {refused}\nhttp_request_seconds_count{{a=\"b\"}} 7\n"
            )
        };

        cloudwatch.line(&shown(5), now);
        let line: Value = serde_json::from_str(&cloudwatch.line(&shown(8), now)).unwrap();

        assert_eq!(
            line,
            json!({
                "_aws": { "Timestamp": 1_800_000_000_123_i64, "CloudWatchMetrics": [{
                    "Namespace": "GreenLeaf",
                    "Dimensions": [[]],
                    "Metrics": [
                        { "Name": "jobs_oldest_seconds", "Unit": "Seconds" },
                        { "Name": "http_requests_refused_total", "Unit": "Count" },
                    ],
                }] },
                "jobs_oldest_seconds": 2.5,
                "http_requests_refused_total": 3.0,
            })
        );
    }

    #[test]
    fn the_alarms_of_terraform_watch_what_is_told() {
        let alarms = include_str!("../../../terraform/modules/monitoring/main.tf");
        let ours = alarms.split("namespace = \"GreenLeaf\", metric = \"").skip(1);
        let watched: Vec<&str> = ours.filter_map(|rest| rest.split('"').next()).collect();

        assert_eq!(watched, ["jobs_oldest_seconds"]);
        assert!(watched.iter().all(|name| METRICS.iter().any(|(told, ..)| told == name)));
    }

    #[test]
    fn a_namespace_is_not_one_of_aws() {
        assert!(is_namespace("GreenLeaf") && is_namespace("shop/prod"));
        assert!(!is_namespace("AWS/EC2") && !is_namespace("two words"));
    }
}
