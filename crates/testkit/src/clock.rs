//! A clock that stands still until a test moves it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use shop::Clock;

/// Begins on a Monday morning in March.
#[derive(Clone, Debug)]
pub struct TestClock(Arc<AtomicI64>);

impl Default for TestClock {
    fn default() -> Self {
        let morning: Timestamp = "2026-03-02T09:00:00Z".parse().expect("a moment");
        Self(Arc::new(AtomicI64::new(morning.as_microsecond())))
    }
}

impl TestClock {
    pub fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.0.load(Ordering::SeqCst)).expect("it was set to a moment")
    }

    pub fn set(&self, now: Timestamp) {
        self.0.store(now.as_microsecond(), Ordering::SeqCst);
    }

    pub fn advance(&self, by: SignedDuration) {
        self.set(self.now() + by);
    }

    /// The same clock, as a shop reads it.
    pub fn for_shop(&self) -> Clock {
        let clock = self.clone();
        Clock::new(move || clock.now())
    }
}
