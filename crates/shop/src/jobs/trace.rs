//! A job goes on in the trace of whoever asked for it, which `traceparent` of W3C tells.

use opentelemetry::Context;
use opentelemetry::trace::{
    SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState,
};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// Where in a trace we are; `None` where nothing is traced.
///
/// Also for a trace that is not sampled: the job is then left out of it as well.
pub(super) fn here() -> Option<String> {
    let context = Span::current().context();
    let span = context.span();
    let at = span.span_context();
    at.is_valid().then(|| written(at))
}

/// Lets a span that has not begun be one of the trace in which it was asked for.
pub(super) fn go_on(span: &Span, traceparent: &str) {
    if let Some(asked_at) = read(traceparent) {
        // Refused only where nothing is traced.
        let _ = span.set_parent(Context::new().with_remote_span_context(asked_at));
    }
}

fn written(at: &SpanContext) -> String {
    format!("00-{}-{}-{:02x}", at.trace_id(), at.span_id(), at.trace_flags().to_u8())
}

fn read(traceparent: &str) -> Option<SpanContext> {
    let mut parts = traceparent.split('-').skip(1);
    let trace = TraceId::from_hex(parts.next()?).ok()?;
    let span = SpanId::from_hex(parts.next()?).ok()?;
    let flags = TraceFlags::new(u8::from_str_radix(parts.next()?, 16).ok()?);
    Some(SpanContext::new(trace, span, flags, true, TraceState::NONE)).filter(SpanContext::is_valid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for text in [
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-00",
        ] {
            assert_eq!(read(text).as_ref().map(written).as_deref(), Some(text));
        }
    }

    #[test]
    fn what_is_none_is_passed_over() {
        let nobody = "00-00000000000000000000000000000000-0000000000000000-01";
        for text in ["", "00", "00-x-b7ad6b7169203331-01", nobody] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
