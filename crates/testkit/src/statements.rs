//! Counts what a piece of work asks of the database.

use std::fmt::Debug;
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::{Event, Instrument as _, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;

const SPAN: &str = "counted";

/// Runs `work` and says how many statements it had the database run, those aside with which a
/// connection that happens to be opened meanwhile sets itself up.
///
/// The driver tells of each one as it ends. On SQLite it does so on a thread of its own, which
/// enters the span of whoever asked: statements are counted by span, so tests that run beside
/// this one do not disturb it.
pub async fn count_statements<T>(work: impl Future<Output = T>) -> (T, u32) {
    static LISTENING: Once = Once::new();
    LISTENING.call_once(|| {
        let subscriber = tracing_subscriber::registry().with(Counter);
        tracing::subscriber::set_global_default(subscriber).expect("nobody else listens in tests");
    });
    let span = tracing::error_span!(target: "testkit", "counted");
    let done = work.instrument(span.clone()).await;
    let n = span.with_subscriber(|(id, dispatch)| {
        let registry = dispatch.downcast_ref::<tracing_subscriber::Registry>()?;
        let n = registry.span(id)?.extensions().get::<Count>()?.0.load(Ordering::SeqCst);
        Some(n)
    });
    (done, n.flatten().expect("the span is open"))
}

struct Count(AtomicU32);

struct Counter;

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Counter {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if attributes.metadata().name() == SPAN
            && let Some(span) = context.span(id)
        {
            span.extensions_mut().insert(Count(AtomicU32::new(0)));
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut summary = Summary::default();
        event.record(&mut summary);
        let is_set_up = ["SET ", "PRAGMA "].iter().any(|word| summary.0.starts_with(word));
        if event.metadata().target() != "sqlx::query" || is_set_up {
            return;
        }
        for span in context.event_scope(event).into_iter().flatten() {
            if let Some(Count(n)) = span.extensions().get::<Count>() {
                n.fetch_add(1, Ordering::SeqCst);
            }
        }
    }
}

/// The first words of a statement.
#[derive(Default)]
struct Summary(String);

impl Visit for Summary {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "summary" {
            self.0 = value.to_owned();
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}
