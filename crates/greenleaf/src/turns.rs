//! In what order requests are worked on, and who is told at once that it would take too long.

use std::pin::pin;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::task::Poll;
use std::time::{Duration, Instant};

use futures::poll;
use tokio::sync::Semaphore;

/// Whoever would wait longer need not wait at all.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// A turn for each processor.
///
/// The runtime has one thread more than that: however many pages are made, somebody is there to
/// read the next request and to refuse it. Without turns, what cannot be worked on would wait
/// unseen in the runtime's queue, where nothing limits it.
pub(crate) struct Turns {
    places: Semaphore,
    n_places: u32,
    n_waiting: AtomicU32,
    /// How long a turn takes, in nanoseconds: the mean of the last ones, of so many that a single
    /// one does not count whose thread had to wait for a processor.
    usual: AtomicU64,
}

impl Turns {
    pub(crate) fn new(n_places: u32) -> Self {
        let places = Semaphore::new(usize::try_from(n_places).unwrap_or(Semaphore::MAX_PERMITS));
        Self { places, n_places, n_waiting: AtomicU32::new(0), usual: AtomicU64::new(0) }
    }

    /// Works when it is our turn; not at all when that would come too late.
    ///
    /// The turn is over as soon as the work waits for something, such as the database: that is not
    /// what makes others wait.
    pub(crate) async fn take<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let turn = if let Ok(turn) = self.places.try_acquire() {
            turn
        } else {
            let waiting = Waiting::begin(self)?;
            let turn = self.places.acquire().await.expect("nobody closes it");
            drop(waiting);
            turn
        };
        let begin = Instant::now();
        let mut work = pin!(work);
        let first = poll!(work.as_mut());
        drop(turn);
        self.learn(begin.elapsed());
        match first {
            Poll::Ready(done) => Some(done),
            Poll::Pending => Some(work.await),
        }
    }

    fn learn(&self, took: Duration) {
        let took = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        let usual = self.usual.load(Ordering::Relaxed);
        // One of two threads that come at the same time is not heard, which does no harm.
        self.usual.store(usual - usual / 128 + took / 128, Ordering::Relaxed);
    }
}

/// A place in the queue, given back when dropped: also when the client goes away.
struct Waiting<'a>(&'a Turns);

impl<'a> Waiting<'a> {
    fn begin(turns: &'a Turns) -> Option<Self> {
        let n_before = turns.n_waiting.fetch_add(1, Ordering::Relaxed);
        let waiting = Self(turns);
        let usual = Duration::from_nanos(turns.usual.load(Ordering::Relaxed));
        (usual.saturating_mul(n_before) / turns.n_places <= LONGEST_WAIT).then_some(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.n_waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;

    #[tokio::test]
    async fn who_would_wait_too_long_is_told_at_once() {
        let turns = Turns::new(2);
        let held = turns.places.try_acquire_many(2).unwrap();
        // With two places and 800 ms for each, the fourth would wait for three times 400 ms.
        turns.usual.store(800_000_000, Ordering::Relaxed);
        let mut queue: Vec<_> = (0..3).map(|n| Box::pin(turns.take(ready(n)))).collect();
        for work in &mut queue {
            assert!(poll!(work).is_pending());
        }

        assert_eq!(turns.take(ready(3)).await, None);

        drop(held);
        for (work, n) in queue.into_iter().zip(0..) {
            assert_eq!(work.await, Some(n));
        }
        assert_eq!(turns.n_waiting.load(Ordering::Relaxed), 0);
        assert_eq!(turns.take(ready(4)).await, Some(4));
    }

    #[test]
    fn one_turn_that_was_held_up_turns_nobody_away() {
        let turns = Turns::new(2);
        for _ in 0..1_000 {
            turns.learn(Duration::from_millis(1));
        }

        turns.learn(Duration::from_millis(500));

        let queue: Vec<_> = (0..100).map(|_| Waiting::begin(&turns)).collect();
        assert!(queue.iter().all(Option::is_some));
    }

    #[tokio::test]
    async fn who_waits_for_something_else_lets_the_others_pass() {
        let turns = Turns::new(1);
        let mut stuck = Box::pin(turns.take(pending::<()>()));
        assert!(poll!(&mut stuck).is_pending());

        assert_eq!(turns.take(ready(())).await, Some(()));
    }

    #[tokio::test]
    async fn who_goes_away_leaves_the_queue() {
        let turns = Turns::new(1);
        let held = turns.places.try_acquire().unwrap();
        let mut gone = Box::pin(turns.take(ready(())));
        assert!(poll!(&mut gone).is_pending());

        drop(gone);

        assert_eq!(turns.n_waiting.load(Ordering::Relaxed), 0);
        drop(held);
        assert_eq!(turns.take(ready(())).await, Some(()));
    }
}
