//! Traces and logs for a collector, by OTLP over HTTP.
//!
//! Whoever is on the way of a request puts what ended into a queue and never waits; a task takes it
//! out in batches. What finds the queue full, and what the collector does not take, is dropped and
//! counted.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use axum::http::{HeaderMap, StatusCode};
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry::{Context, InstrumentationScope, KeyValue};
use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use opentelemetry_http::HeaderExtractor;
use opentelemetry_otlp::{RetryPolicy, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::{
    LogBatch, LogExporter, LogProcessor, SdkLogRecord, SdkLoggerProvider,
};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{SdkTracerProvider, Span, SpanData, SpanExporter, SpanProcessor};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout, timeout_at};
use tracing::{Level, Metadata};
use tracing_opentelemetry::{OpenTelemetryLayer, OpenTelemetrySpanExt as _};
use tracing_subscriber::filter::{EnvFilter, FilterExt as _, filter_fn};
use tracing_subscriber::layer::{Layer, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use url::Url;
use uuid::Uuid;

use crate::checks;

/// What waits for the collector, of each signal: some megabytes at most.
const QUEUE: usize = 4_096;
const BATCH: usize = 512;
/// What ended is at the collector about so much later.
const EVERY: Duration = Duration::from_secs(1);
/// A collector that takes longer is as good as away.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long the end of the process waits for it.
const FAREWELL: Duration = Duration::from_secs(3);

/// The tasks that send, until they are told to finish.
pub(crate) struct Otlp {
    finish: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

/// Begins to send what `written` would write, and traces.
pub(crate) fn start<W>(endpoint: &Url, log_filter: &str, written: W) -> Result<Otlp>
where
    W: Layer<tracing_subscriber::Registry> + Send + Sync,
{
    gateways::install_tls();
    let client = reqwest::Client::builder()
        .user_agent(concat!("GreenLeaf/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .timeout(PATIENCE)
        .build()?;
    let at = |path| format!("{}{path}", endpoint.as_str().trim_end_matches('/'));
    // What is tried again holds up what comes after it.
    let once = || RetryPolicy::default().with_max_retries(0);
    let mut spans = opentelemetry_otlp::SpanExporter::builder()
        .with_http()
        .with_http_client(client.clone())
        .with_endpoint(at("/v1/traces"))
        .with_retry_policy(once())
        .build()
        .context("otlp_endpoint cannot be used")?;
    let mut logs = opentelemetry_otlp::LogExporter::builder()
        .with_http()
        .with_http_client(client)
        .with_endpoint(at("/v1/logs"))
        .with_retry_policy(once())
        .build()
        .context("otlp_endpoint cannot be used")?;
    let resource = resource();
    spans.set_resource(&resource);
    logs.set_resource(&resource);

    let (finish, finishing) = watch::channel(false);
    let (span_queue, span_batches) = Queue::new("traces");
    let (log_queue, log_batches) = Queue::new("logs");
    let (spans, logs) = (Arc::new(spans), Arc::new(logs));
    let traces = send(span_batches, "traces", finishing.clone(), move |batch| {
        let spans = Arc::clone(&spans);
        async move { spans.export(batch).await }
    });
    let records = send(log_batches, "logs", finishing, move |batch: Vec<(_, _)>| {
        let logs = Arc::clone(&logs);
        async move {
            let batch: Vec<_> = batch.iter().map(|(record, scope)| (record, scope)).collect();
            logs.export(LogBatch::new(&batch)).await
        }
    });
    let tasks = vec![tokio::spawn(traces), tokio::spawn(records)];

    let tracers = SdkTracerProvider::builder()
        .with_span_processor(span_queue)
        .with_resource(resource.clone())
        .build();
    let loggers =
        SdkLoggerProvider::builder().with_log_processor(log_queue).with_resource(resource).build();
    let traces_layer = OpenTelemetryLayer::new(tracers.tracer("greenleaf"))
        .with_location(false)
        .with_threads(false)
        .with_tracked_inactivity(false)
        .with_filter(filter_fn(is_traced));
    let logs_layer = OpenTelemetryTracingBridge::new(&loggers)
        .with_filter(EnvFilter::new(log_filter).and(filter_fn(|it| !is_of_sending(it))));
    tracing_subscriber::registry().with(written).with(traces_layer).with(logs_layer).init();
    Ok(Otlp { finish, tasks })
}

impl Otlp {
    /// Sends what waits, for some seconds at most.
    pub(crate) async fn finish(self) {
        let _ = self.finish.send(true);
        let _ = timeout(FAREWELL, futures::future::join_all(self.tasks)).await;
    }
}

/// Who tells it. `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` add to it.
fn resource() -> Resource {
    let mut ours = vec![
        KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
        KeyValue::new("service.instance.id", Uuid::now_v7().to_string()),
    ];
    if std::env::var_os("OTEL_SERVICE_NAME").is_none() {
        ours.push(KeyValue::new("service.name", "greenleaf"));
    }
    Resource::builder().with_attributes(ours).build()
}

/// Spans that only traces need are of level debug and below; what the driver says of each
/// statement, whose values are left out, becomes an event of its span.
pub(crate) fn is_traced(metadata: &Metadata<'_>) -> bool {
    let target = metadata.target();
    if metadata.is_span() {
        let is_ours = ["greenleaf", "shop", "db"].iter().any(|name| is_under(target, name));
        return is_ours && *metadata.level() >= Level::DEBUG;
    }
    target == "sqlx::query"
}

/// What sending says of itself would be sent too, without end.
fn is_of_sending(metadata: &Metadata<'_>) -> bool {
    let target = metadata.target();
    [
        "hyper",
        "hyper_util",
        "reqwest",
        "rustls",
        "opentelemetry",
        "opentelemetry_sdk",
        "opentelemetry-otlp",
        "opentelemetry_otlp",
        "opentelemetry-http",
        "greenleaf::otlp",
    ]
    .iter()
    .any(|name| is_under(target, name))
}

fn is_under(target: &str, name: &str) -> bool {
    target.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// The span of a request, in the trace that its caller began, if it did. Nothing of what was asked is
/// in it: addresses can hold keys.
pub(crate) fn span(headers: &HeaderMap, method: &str, route: &str, id: &str) -> tracing::Span {
    let span = tracing::trace_span!(
        "trace",
        otel.name = format_args!("{method} {route}").to_string(),
        otel.kind = "server",
        otel.status_code = tracing::field::Empty,
        http.request.method = method,
        http.route = route,
        http.response.status_code = tracing::field::Empty,
        request.id = id,
    );
    if !span.is_disabled() {
        let caller = HeaderExtractor(headers);
        let caller = TraceContextPropagator::new().extract_with_context(&Context::new(), &caller);
        // Refused only by a span that has begun to be told already.
        let _ = span.set_parent(caller);
    }
    span
}

/// Writes down how a request was answered.
pub(crate) fn note(span: &tracing::Span, status: StatusCode) {
    span.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
}

/// What waits to be sent.
#[derive(Debug)]
struct Queue<T> {
    items: mpsc::Sender<T>,
    signal: &'static str,
}

impl<T> Queue<T> {
    fn new(signal: &'static str) -> (Self, mpsc::Receiver<T>) {
        let (items, batches) = mpsc::channel(QUEUE);
        (Self { items, signal }, batches)
    }

    fn put(&self, item: T) {
        if self.items.try_send(item).is_err() {
            dropped(self.signal, 1);
        }
    }
}

fn dropped(signal: &'static str, n: usize) {
    let n = u64::try_from(n).unwrap_or(u64::MAX);
    metrics::counter!("telemetry_dropped_total", "signal" => signal).increment(n);
}

impl SpanProcessor for Queue<SpanData> {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, span: SpanData) {
        self.put(span);
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

impl LogProcessor for Queue<(SdkLogRecord, InstrumentationScope)> {
    fn emit(&self, record: &mut SdkLogRecord, scope: &InstrumentationScope) {
        self.put((record.clone(), scope.clone()));
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

/// Sends batch after batch, and at the end what is left.
///
/// Not an `AsyncFn`: the compiler cannot yet prove that one's futures may move between threads.
async fn send<T, F>(
    mut items: mpsc::Receiver<T>,
    signal: &'static str,
    mut finishing: watch::Receiver<bool>,
    export: impl Fn(Vec<T>) -> F,
) where
    F: Future<Output = OTelSdkResult>,
{
    let mut is_well = true;
    let mut is_over = false;
    while !is_over {
        let mut batch = Vec::new();
        let until = Instant::now() + EVERY;
        while batch.len() < BATCH {
            let room = BATCH - batch.len();
            tokio::select! {
                taken = timeout_at(until, items.recv_many(&mut batch, room)) => match taken {
                    Ok(0) => {
                        is_over = true;
                        break;
                    }
                    Ok(_) => {}
                    Err(_) => break,
                },
                // What is in the queue is still taken out.
                _ = finishing.wait_for(|it| *it), if !items.is_closed() => items.close(),
            }
        }
        let n = batch.len();
        if n == 0 {
            continue;
        }
        match export(batch).await {
            Ok(()) => {
                if !is_well {
                    tracing::info!(signal, "the collector takes it again");
                }
                is_well = true;
            }
            Err(error) => {
                dropped(signal, n);
                if is_well {
                    let error = checks::chain(&error);
                    tracing::warn!(signal, error, "the collector does not take it");
                }
                is_well = false;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[tokio::test]
    async fn what_ended_is_sent_in_order_and_the_rest_at_the_end() {
        let (queue, items) = Queue::new("traces");
        let (finish, finishing) = watch::channel(false);
        let sent = Mutex::new(Vec::new());

        for n in 0..600 {
            queue.put(n);
        }
        finish.send(true).unwrap();
        send(items, "traces", finishing, |batch: Vec<u32>| {
            sent.lock().unwrap().push(batch);
            std::future::ready(Ok(()))
        })
        .await;
        queue.put(600);

        let sent = sent.into_inner().unwrap();
        assert!(sent.iter().all(|batch| batch.len() <= BATCH));
        assert_eq!(sent.concat(), (0..600).collect::<Vec<u32>>());
    }

    #[test]
    fn who_finds_the_queue_full_does_not_wait() {
        let (queue, mut items) = Queue::new("logs");

        for n in 0..QUEUE + 3 {
            queue.put(n);
        }

        let mut kept = Vec::new();
        while let Ok(item) = items.try_recv() {
            kept.push(item);
        }
        assert_eq!(kept, (0..QUEUE).collect::<Vec<usize>>());
    }

    #[test]
    fn what_sending_says_is_not_sent() {
        assert!(is_under("hyper_util::client", "hyper_util") && is_under("hyper", "hyper"));
        assert!(!is_under("hyperion", "hyper"));
    }
}
