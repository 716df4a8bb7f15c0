//! Between whole numbers and floats.

/// Exact up to 2^53, which no count here comes near.
#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "there is no lossless way")]
pub(super) fn float(n: u64) -> f64 {
    n as f64
}

/// Rounded, and 0 for what is below.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, which is what is meant"
)]
pub(super) fn whole(value: f64) -> u64 {
    value.round() as u64
}

pub(super) fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}
