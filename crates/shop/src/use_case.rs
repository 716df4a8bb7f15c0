//! The door that all use cases go through when they write: measured, traced, and run again after a
//! lost race.

use std::error::Error;
use std::time::{Duration, Instant};

use db::DbError;
use tracing::Instrument as _;

/// How often a use case that lost a race for a row is run again before its caller hears of it.
const MAX_TRIES: u32 = 5;

/// Runs a use case, again while the database says that it lost a race.
///
/// Only for use cases whose every effect is inside their transaction, which is all of them. The name
/// is a label of metrics and traces, so it is a constant.
///
/// Not an `AsyncFn`: the compiler cannot yet prove that one's futures may move between threads.
pub(crate) async fn use_case<F, T, E>(name: &'static str, run: impl Fn() -> F) -> Result<T, E>
where
    F: Future<Output = Result<T, E>>,
    E: MayRetry,
{
    let begin = Instant::now();
    let span = tracing::debug_span!("use case", name, outcome = tracing::field::Empty);
    let done = with_retries(name, run).instrument(span.clone()).await;
    let outcome = match &done {
        Ok(_) => "done",
        Err(error) => match db_error(error) {
            None => "refused",
            Some(error) if error.is_unavailable() => "unavailable",
            Some(_) => "failed",
        },
    };
    span.record("outcome", outcome);
    metrics::histogram!("use_case_seconds", "use_case" => name, "outcome" => outcome)
        .record(begin.elapsed());
    done
}

async fn with_retries<F, T, E>(name: &'static str, run: impl Fn() -> F) -> Result<T, E>
where
    F: Future<Output = Result<T, E>>,
    E: MayRetry,
{
    let mut tries = 1;
    loop {
        // On the heap, or the future of every caller would hold it some times over.
        match Box::pin(run()).await {
            Err(error) if error.is_worth_retrying() && tries < MAX_TRIES => {
                metrics::counter!("use_case_retries_total", "use_case" => name).increment(1);
                tokio::time::sleep(Duration::from_millis(u64::from(tries) * 5)).await;
                tries += 1;
            }
            done => return done,
        }
    }
}

/// An error that knows whether running the use case again may help.
pub(crate) trait MayRetry: Error + Sized + 'static {
    fn is_worth_retrying(&self) -> bool {
        db_error(self).is_some_and(DbError::is_worth_retrying)
    }
}

impl MayRetry for DbError {}

/// What the database said, where it is among the causes.
fn db_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a DbError> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(of_db) = error.downcast_ref() {
            return Some(of_db);
        }
        cause = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[derive(Debug, thiserror::Error)]
    enum Inner {
        #[error("the truth is away")]
        Db(#[from] DbError),
        #[error("no")]
        No,
    }

    #[derive(Debug, thiserror::Error)]
    #[error(transparent)]
    struct Outer(Inner);

    impl MayRetry for Outer {}

    #[test]
    fn what_the_database_said_is_found_under_whatever_hides_it() {
        let unsupported = || DbError::Unsupported("this");

        assert!(db_error(&unsupported()).is_some());
        assert!(db_error(&Inner::Db(unsupported())).is_some());
        assert!(db_error(&Outer(Inner::Db(unsupported()))).is_some());
        assert!(db_error(&Outer(Inner::No)).is_none());
    }

    #[tokio::test]
    async fn what_is_refused_is_not_run_again() {
        let n_runs = AtomicU32::new(0);

        let refused: Result<(), Outer> = use_case("nothing", || async {
            n_runs.fetch_add(1, Ordering::Relaxed);
            Err(Outer(Inner::No))
        })
        .await;

        assert!(matches!(refused, Err(Outer(Inner::No))));
        assert_eq!(n_runs.into_inner(), 1);
    }
}
