//! What the executable tells its operators: logs on stderr, metrics at `/metrics`.

use std::panic::PanicHookInfo;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::filter::{FilterExt as _, LevelFilter, filter_fn};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, fmt};

use crate::config::{Log, LogFormat};
use crate::otlp::{self, Otlp};

/// Upper ends in seconds: pages from memory, from the database, and those people complain about.
const BUCKETS: [f64; 12] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

pub(crate) fn is_filter(text: &str) -> bool {
    EnvFilter::try_new(text).is_ok()
}

/// Sends logs and panics to stderr, and to a collector where one is set.
pub(crate) fn log(log: &Log) -> anyhow::Result<Option<Otlp>> {
    let written = fmt::layer().with_writer(std::io::stderr);
    let written = match log.format {
        LogFormat::Text => {
            let has_colors = std::io::IsTerminal::is_terminal(&std::io::stderr());
            written.with_ansi(has_colors).boxed()
        }
        LogFormat::Json => written.json().flatten_event(true).with_span_list(false).boxed(),
    };
    // A line is found by its request, whatever the request was doing.
    let is_written = || {
        filter_fn(|it| !(it.is_span() && otlp::is_traced(it)))
            .with_max_level_hint(LevelFilter::TRACE)
    };
    let filter = EnvFilter::new(&log.filter);
    let otlp = match &log.otlp {
        Some(endpoint) => {
            let written = written.with_filter(filter.and(is_written()));
            Some(otlp::start(endpoint, &log.filter, written)?)
        }
        None => {
            // For one layer alone they cost less beside it than inside it.
            tracing_subscriber::registry().with(written).with(filter).with(is_written()).init();
            None
        }
    };
    std::panic::set_hook(Box::new(log_panic));
    Ok(otlp)
}

/// One line where the default would print several that no log reader joins again.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let message = panic.payload_as_str().unwrap_or("a value that is no text");
    tracing::error!(place, message, "a panic");
}

/// Begins to count; the handle renders what was counted.
pub(crate) fn metrics() -> anyhow::Result<PrometheusHandle> {
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &BUCKETS)?
        .build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder)
        .map_err(|_| anyhow::anyhow!("something else counts already"))?;
    describe();
    Ok(handle)
}

fn describe() {
    metrics::describe_histogram!("http_request_seconds", "time to the head of the response");
    metrics::describe_gauge!("http_requests_in_flight", "requests being answered now");
    metrics::describe_counter!("http_requests_refused_total", "requests refused by overload");
    metrics::describe_counter!("http_request_panics_total", "requests that a bug ended");
    metrics::describe_gauge!("feed_lag_seconds", "how old what the pages show may be");
    metrics::describe_gauge!("jobs_ready", "jobs that are due");
    metrics::describe_gauge!("jobs_dead", "jobs that were given up");
    metrics::describe_gauge!("jobs_oldest_seconds", "how late the job is that waits longest");
    metrics::describe_counter!(
        "greenleaf_page_cache_total",
        "pages asked for, by whether one was kept"
    );
    metrics::describe_counter!("greenleaf_answer_cache_total", "the same for GraphQL");
    metrics::describe_histogram!("use_case_seconds", "time of a use case that writes, by outcome");
    metrics::describe_counter!("use_case_retries_total", "use cases run again after a lost race");
    metrics::describe_histogram!("job_seconds", "time of a job, by kind and outcome");
    metrics::describe_histogram!("database_wait_seconds", "time until a connection was had");
    metrics::describe_histogram!("database_held_seconds", "time that a connection was held");
    metrics::describe_counter!("database_statements_total", "statements of the shop");
    metrics::describe_counter!("database_transactions_total", "transactions that write, by end");
    metrics::describe_counter!("database_refusals_total", "connections that could not be had");
    metrics::describe_gauge!("database_connections", "connections of this instance, by state");
    metrics::describe_gauge!("database_connections_max", "connections it may have");
    metrics::describe_counter!("telemetry_dropped_total", "what a collector did not get");
    metrics::describe_gauge!("process_resident_memory_bytes", "memory of this instance");
    // So that what has not happened yet is 0 rather than unknown.
    metrics::counter!("http_requests_refused_total").increment(0);
    metrics::counter!("http_request_panics_total").increment(0);
    metrics::counter!("database_refusals_total").increment(0);
    for signal in ["traces", "logs"] {
        metrics::counter!("telemetry_dropped_total", "signal" => signal).increment(0);
    }
}
