//! What dashboards, alerts and the runbook name exists.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::serving::{Server, serve};
use super::{a_folder, done};

type Labels = BTreeMap<String, BTreeSet<String>>;

fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

fn text(path: &str) -> String {
    fs::read_to_string(at(path)).unwrap()
}

/// Names of metrics with their labels, as a scrape shows them.
fn scraped(metrics: &str) -> Labels {
    let mut found = Labels::new();
    for line in metrics.lines().filter(|line| !line.starts_with('#') && line.contains(' ')) {
        let name = line.split(['{', ' ']).next().unwrap();
        let labels = found.entry(name.to_owned()).or_default();
        if let Some((_, inside)) = line.split_once('{') {
            for part in inside.rsplit_once('}').unwrap().0.split("\",") {
                labels.insert(part.split('=').next().unwrap().to_owned());
            }
        }
    }
    found
}

/// Words of `PromQL` that name no metric.
const WORDS: [&str; 6] = ["by", "on", "and", "or", "unless", "without"];

/// The metrics that an expression names, each with the labels it asks for; and labels to group by.
fn named(expression: &str) -> (Labels, BTreeSet<String>) {
    let (mut metrics, mut grouped) = (Labels::new(), BTreeSet::new());
    let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    let mut rest = expression;
    while let Some(start) =
        rest.find(|c: char| c.is_ascii_alphabetic() || "\"[$0123456789".contains(c))
    {
        let first = rest[start..].chars().next().unwrap();
        rest = &rest[start..];
        match first {
            '"' => rest = &rest[1 + rest[1..].find('"').unwrap() + 1..],
            '[' => rest = &rest[rest.find(']').unwrap() + 1..],
            '$' | '0'..='9' => {
                rest = rest[1..].trim_start_matches(|c: char| is_letter(c) || c == '.');
            }
            _ => {
                let end = rest.find(|c| !is_letter(c)).unwrap_or(rest.len());
                let (word, after) = rest.split_at(end);
                rest = after;
                let inside = |open: char, close: char| {
                    let list = after.trim_start().strip_prefix(open)?;
                    list.split_once(close)
                };
                if word == "by" {
                    let (list, after) = inside('(', ')').unwrap();
                    grouped.extend(list.split(',').map(|label| label.trim().to_owned()));
                    rest = after;
                } else if !WORDS.contains(&word) && !after.trim_start().starts_with('(') {
                    let labels = metrics.entry(word.to_owned()).or_default();
                    if after.starts_with('{') {
                        let (list, after) = inside('{', '}').unwrap();
                        labels.extend(list.split('=').map(|part| {
                            part.rsplit([',', ' ', '"'])
                                .next()
                                .unwrap()
                                .trim_end_matches('!')
                                .to_owned()
                        }));
                        labels.remove("");
                        rest = after;
                    }
                }
                // `sum by (le) (…)` is a function too.
                if let Some(by) = rest.trim_start().strip_prefix("by ")
                    && metrics.get(word).is_some_and(BTreeSet::is_empty)
                {
                    metrics.remove(word);
                    rest = by;
                    let (list, after) =
                        rest.trim_start().strip_prefix('(').unwrap().split_once(')').unwrap();
                    grouped.extend(list.split(',').map(|label| label.trim().to_owned()));
                    rest = after;
                }
            }
        }
    }
    (metrics, grouped)
}

#[test]
fn expressions_are_taken_apart() {
    let (metrics, grouped) = named(
        r#"histogram_quantile(0.95, sum by (le, route) (rate(a_bucket{b=~"x, y", c!="d"}[5m]))) > 1.5e9 and up == 0"#,
    );

    let labels = ["b", "c"].map(str::to_owned).into();
    assert_eq!(
        metrics,
        Labels::from([("a_bucket".to_owned(), labels), ("up".to_owned(), BTreeSet::new())])
    );
    assert_eq!(grouped, ["le", "route"].map(str::to_owned).into());
}

fn rules() -> Vec<(String, String)> {
    let text = text("observability/prometheus/greenleaf.yml");
    let names = text.lines().filter_map(|line| line.trim_start().strip_prefix("- "));
    let mut expressions = text.lines().filter_map(|line| line.trim_start().strip_prefix("expr: "));
    let mut rules = Vec::new();
    for name in names {
        if name.starts_with("record: ") || name.starts_with("alert: ") {
            rules.push((name.to_owned(), expressions.next().unwrap().to_owned()));
        }
    }
    assert_eq!(expressions.next(), None, "an expression without a rule");
    rules
}

#[test]
fn every_metric_and_label_that_is_watched_is_told() {
    let folder = a_folder();
    let data = folder.path().join("data");
    done(&data, &["migrate"]);
    let mut command = serve(&data);
    command.env("GREENLEAF_CLOUDWATCH_NAMESPACE", "GreenLeaf").stderr(std::process::Stdio::piped());
    let mut server = Server::start(command, "serves on");
    for path in ["/", "/", "/graphql?query=%7BstoreConfig%7Bstore_code%7D%7D"] {
        assert!(server.get(path, "").starts_with("HTTP/1.1 200"), "{path}");
    }

    use_the_shop(&server, "");

    let told = scraped(&server.get("/metrics", ""));
    let log = server.log();

    let recorded: BTreeSet<String> = rules()
        .iter()
        .filter_map(|(name, _)| name.strip_prefix("record: ").map(str::to_owned))
        .collect();
    // Prometheus adds these itself.
    let of_prometheus = ["instance", "job"];
    let dashboard: serde_json::Value =
        serde_json::from_str(&text("observability/grafana/greenleaf.json")).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let targets = panels.iter().flat_map(|panel| panel["targets"].as_array().unwrap());
    let drawn: Vec<String> =
        targets.map(|target| target["expr"].as_str().unwrap().to_owned()).collect();
    assert!(drawn.len() > 15);
    let mut watched = BTreeSet::new();
    for expression in rules().into_iter().map(|(_, expression)| expression).chain(drawn) {
        let (metrics, grouped) = named(&expression);
        for (name, labels) in metrics {
            if name == "up" || recorded.contains(&name) {
                continue;
            }
            let known =
                told.get(&name).unwrap_or_else(|| panic!("nobody tells {name}: {expression}"));
            for label in labels
                .iter()
                .chain(&grouped)
                .filter(|label| !of_prometheus.contains(&label.as_str()))
            {
                assert!(known.contains(label), "{name} has no label {label}: {expression}");
            }
            watched.insert(name);
        }
    }
    assert!(watched.len() >= 10, "{watched:?}");
    let line = log.lines().find(|line| line.contains("\"_aws\"")).expect(&log);
    let line: serde_json::Value = serde_json::from_str(line).unwrap();
    assert_eq!(line["_aws"]["CloudWatchMetrics"][0]["Namespace"], "GreenLeaf");
    assert!(
        line["jobs_oldest_seconds"].is_number() && line["feed_lag_seconds"].is_number(),
        "{line}"
    );
}

const MESSAGE: &str = r#"mutation { contactUs(input: { name: "Jeanne", email: "jeanne@a.test",
    comment: "Bonjour" }) { status } }"#;

/// Has it run use cases and a job, by requests with such headers.
pub(super) fn use_the_shop(server: &Server, headers: &str) {
    for mutation in ["mutation { createEmptyCart }", MESSAGE] {
        let answer = server.graphql(mutation, headers);
        assert!(!answer.contains("errors"), "{answer}");
    }
    let begin = Instant::now();
    while !server.get("/metrics", "").contains("job_seconds_count") {
        assert!(begin.elapsed() < Duration::from_secs(20), "the mail to the merchant is not sent");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn use_cases_jobs_and_what_they_ask_of_the_database_are_counted() {
    let folder = a_folder();
    let data = folder.path().join("data");
    done(&data, &["migrate"]);
    let server = Server::start(serve(&data), "serves on");
    let lost = r#"mutation { setGuestEmailOnCart(input: { cart_id: "lost", email: "a@a.test" })
        { cart { email } } }"#;

    use_the_shop(&server, "");
    server.graphql(lost, "");

    let metrics = server.get("/metrics", "");
    let count = |series: &str| {
        let mut lines = metrics.lines().filter_map(|line| line.rsplit_once(' '));
        let value = lines.find(|(key, _)| *key == series).map(|(_, value)| value);
        value.unwrap_or_else(|| panic!("no {series}: {metrics}")).parse::<u64>().unwrap()
    };
    let of_use_case = |name: &str, outcome: &str| {
        count(&format!("use_case_seconds_count{{use_case=\"{name}\",outcome=\"{outcome}\"}}"))
    };
    assert_eq!(of_use_case("begin-cart", "done"), 1);
    assert_eq!(of_use_case("contact-merchant", "done"), 1);
    assert_eq!(of_use_case("answer-checkout", "refused"), 1);
    assert_eq!(count(r#"database_transactions_total{end="rollback"}"#), 1);
    // A shop that was just founded has no address to write to.
    let mails = r#"job_seconds_count{kind="send-contact-mail",outcome="given-up"}"#;
    assert_eq!(count(mails), 1);
    assert!(count(r#"database_transactions_total{end="commit"}"#) >= 3);
    assert!(count(r#"database_statements_total{access="write"}"#) >= 3);
    for series in ["database_wait_seconds_count", "database_held_seconds_count"] {
        assert!(count(&format!("{series}{{access=\"read\"}}")) >= 1);
        assert!(count(&format!("{series}{{access=\"write\"}}")) >= 3);
    }
    assert_eq!(count("database_refusals_total"), 0);
    assert_eq!(count(r#"database_connections_max{pool="writer"}"#), 1);
    let writers =
        |state: &str| count(&format!("database_connections{{pool=\"writer\",state=\"{state}\"}}"));
    assert_eq!(writers("used") + writers("idle"), 1);
}

#[test]
fn each_alert_has_a_page_and_each_page_an_alert() {
    let mut pages: BTreeSet<String> = fs::read_dir(at("docs/runbook"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter_map(|name| name.strip_suffix(".md").map(str::to_owned))
        .collect();
    assert!(pages.remove("README"));
    let alerts: BTreeSet<String> = rules()
        .iter()
        .filter_map(|(name, _)| name.strip_prefix("alert: ").map(str::to_owned))
        .collect();
    let readme = text("docs/runbook/README.md");

    // The alarms of CloudWatch, by the keys in Terraform.
    let terraform = text("terraform/modules/monitoring/main.tf");
    let list = terraform.split("  alarms = {\n").nth(1).unwrap().split("\n  }\n").next().unwrap();
    let alarms: Vec<&str> = list.lines().filter_map(|line| line.strip_suffix(" = {")).collect();
    assert_eq!(alarms.len(), 10);
    let mut led_to = BTreeSet::new();
    for alarm in alarms {
        let row = format!("| `{}` | [", alarm.trim());
        let page = readme.split(&row).nth(1).unwrap_or_else(|| panic!("no row for {alarm}"));
        led_to.insert(page.split(']').next().unwrap().to_owned());
    }

    assert_eq!(&alerts - &pages, BTreeSet::new(), "alerts without a page");
    assert_eq!(&led_to - &pages, BTreeSet::new(), "alarms without a page");
    assert_eq!(pages, &alerts | &led_to);
    for page in pages {
        let page = text(&format!("docs/runbook/{page}.md"));
        assert!(
            page.contains("\n## How to see it\n") && page.contains("\n## What to do\n"),
            "{page}"
        );
    }
}
