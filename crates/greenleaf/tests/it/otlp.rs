//! Traces and logs for a collector.

use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;

use super::serving::{Server, serve};
use super::{KEY, a_folder, done};

/// What came to a collector.
#[derive(Default)]
struct Received {
    spans: Vec<Span>,
    records: Vec<LogRecord>,
    services: Vec<String>,
    raw: Vec<u8>,
}

/// A collector on this machine, until the test ends.
fn collector() -> (String, Arc<Mutex<Received>>) {
    let received = Arc::<Mutex<Received>>::default();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new()
        .route("/v1/traces", post(take_traces))
        .route("/v1/logs", post(take_logs))
        .with_state(Arc::clone(&received));
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, router).await.unwrap();
        });
    });
    (format!("http://{address}"), received)
}

async fn take_traces(State(received): State<Arc<Mutex<Received>>>, body: Bytes) {
    let request = ExportTraceServiceRequest::decode(body.clone()).unwrap();
    let mut received = received.lock().unwrap();
    received.raw.extend(&body);
    for resource in request.resource_spans {
        received.services.push(text(&resource.resource.unwrap().attributes, "service.name"));
        received.spans.extend(resource.scope_spans.into_iter().flat_map(|scope| scope.spans));
    }
}

async fn take_logs(State(received): State<Arc<Mutex<Received>>>, body: Bytes) {
    let request = ExportLogsServiceRequest::decode(body.clone()).unwrap();
    let mut received = received.lock().unwrap();
    received.raw.extend(&body);
    for resource in request.resource_logs {
        let scopes = resource.scope_logs.into_iter();
        received.records.extend(scopes.flat_map(|scope| scope.log_records));
    }
}

fn text(attributes: &[KeyValue], key: &str) -> String {
    let found = attributes.iter().find(|attribute| attribute.key == key);
    let value = found.unwrap_or_else(|| panic!("no {key}: {attributes:?}")).value.clone();
    match value.and_then(|value| value.value) {
        Some(Value::StringValue(text)) => text,
        Some(Value::IntValue(number)) => number.to_string(),
        other => panic!("{key}: {other:?}"),
    }
}

/// Spans and the log of a request are in the trace that its caller began, and so is the job that it
/// asked for; nothing that was asked, nor a secret, is anywhere; and what waited is sent before the
/// process ends.
#[test]
fn a_request_is_seen_in_its_callers_trace() {
    const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
    const CALLER: &str = "b7ad6b7169203331";
    const WRITERS_TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    let (endpoint, received) = collector();
    let folder = a_folder();
    let data = folder.path().join("data");
    done(&data, &["migrate"]);
    let mut command = serve(&data);
    command
        .env("GREENLEAF_OTLP_ENDPOINT", endpoint)
        .env("GREENLEAF_LOG", "info,greenleaf=debug")
        .env("GREENLEAF_ADMIN_PASSWORD", "hush-admin");
    let server = Server::start(command, "serves on");
    let headers = format!(
        "traceparent: 00-{TRACE}-{CALLER}-01\r\nX-Request-Id: from-the-test\r\n\
         Cookie: greenleaf_session=hush-cookie\r\n"
    );

    let made = server.graphql("mutation { createEmptyCart }", &headers);
    assert!(made.starts_with("HTTP/1.1 200") && !made.contains("errors"), "{made}");
    server.get("/?key=hush-address", "Authorization: Bearer hush-token\r\n");
    let writing = format!("traceparent: 00-{WRITERS_TRACE}-{CALLER}-01\r\n");
    super::observability::use_the_shop(&server, &writing);
    server.signal();
    server.finish();

    let received = received.lock().unwrap();
    let trace = data_encoding::HEXLOWER.decode(TRACE.as_bytes()).unwrap();
    let caller = data_encoding::HEXLOWER.decode(CALLER.as_bytes()).unwrap();
    let in_trace = |trace: &[u8]| -> Vec<&Span> {
        received.spans.iter().filter(|it| it.trace_id == trace).collect()
    };
    let spans = in_trace(&trace);
    let named = |name: &str| {
        let found = spans.iter().find(|span| span.name == name);
        *found.unwrap_or_else(|| panic!("no {name}: {spans:#?}"))
    };
    let request = named("POST /graphql");
    assert_eq!(request.parent_span_id, caller);
    assert_eq!(request.kind, 2, "a server's");
    assert_eq!(text(&request.attributes, "http.route"), "/graphql");
    assert_eq!(text(&request.attributes, "http.response.status_code"), "200");
    assert_eq!(text(&request.attributes, "request.id"), "from-the-test");
    let use_case = named("use case");
    assert_eq!(use_case.parent_span_id, request.span_id);
    assert_eq!(text(&use_case.attributes, "name"), "begin-cart");
    assert_eq!(text(&use_case.attributes, "outcome"), "done");
    assert_eq!(named("connection").parent_span_id, use_case.span_id);
    let statements = use_case.events.iter().filter(|event| {
        event.attributes.iter().any(|it| format!("{it:?}").contains("INSERT INTO carts"))
    });
    assert_eq!(statements.count(), 1, "{:#?}", use_case.events);

    let record = received.records.iter().find(|record| record.trace_id == trace);
    let record = record.expect("a line of the log in the trace");
    assert_eq!(record.span_id, request.span_id);
    assert_eq!(text(&record.attributes, "route"), "/graphql");

    let spans = in_trace(&data_encoding::HEXLOWER.decode(WRITERS_TRACE.as_bytes()).unwrap());
    let job = spans.iter().find(|span| span.name == "job").expect("the mail is a job");
    assert_eq!(text(&job.attributes, "kind"), "send-contact-mail");
    let asked_by = spans.iter().find(|span| span.span_id == job.parent_span_id);
    let asked_by = asked_by.expect("what asked for the job");
    assert_eq!(text(&asked_by.attributes, "name"), "contact-merchant");
    let request = spans.iter().find(|span| span.span_id == asked_by.parent_span_id);
    assert_eq!(request.expect("its request").name, "POST /graphql");
    assert_eq!(received.services.first().map(String::as_str), Some("greenleaf"));

    let raw = String::from_utf8_lossy(&received.raw);
    for secret in ["hush", KEY, "jeanne@a.test", "Bonjour"] {
        assert!(!raw.contains(secret), "{secret} was sent");
    }
}

#[test]
fn a_collector_that_is_away_or_says_nothing_holds_nothing_up() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();

    for collector in [closed, silent.local_addr().unwrap()] {
        let folder = a_folder();
        let data = folder.path().join("data");
        done(&data, &["migrate"]);
        let mut command = serve(&data);
        command
            .env("GREENLEAF_OTLP_ENDPOINT", format!("http://{collector}"))
            .env("GREENLEAF_NOTICE_SECONDS", "0");
        let server = Server::start(command, "serves on");

        let begin = Instant::now();
        loop {
            assert!(server.get("/", "").starts_with("HTTP/1.1 200"));
            let metrics = server.get("/metrics", "");
            let dropped = r#"telemetry_dropped_total{signal="traces"} "#;
            let dropped = metrics.split(dropped).nth(1).unwrap().lines().next().unwrap();
            if dropped != "0" {
                break;
            }
            assert!(begin.elapsed() < Duration::from_secs(30), "nothing is dropped");
            std::thread::sleep(Duration::from_millis(100));
        }
        server.signal();
        server.finish();
    }
}
