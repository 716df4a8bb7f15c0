//! What is asked of the truth, in numbers: the wait for a connection, how long it is held, and how
//! many statements it ran meanwhile.
//!
//! A connection counts for itself and tells once, when it is given back.

use std::time::Instant;

use tracing::Instrument as _;

use crate::DbError;

/// What a connection is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Write,
}

/// Waits for a connection, and for its transaction to begin.
pub(crate) async fn waited<T>(
    access: Access,
    asking: impl Future<Output = Result<T, DbError>>,
) -> Result<T, DbError> {
    let begin = Instant::now();
    let got = asking.instrument(tracing::debug_span!("connection", ?access)).await;
    // Keys whose labels are literals are made at compile time.
    match access {
        Access::Read => metrics::histogram!("database_wait_seconds", "access" => "read"),
        Access::Write => metrics::histogram!("database_wait_seconds", "access" => "write"),
    }
    .record(begin.elapsed());
    if got.is_err() {
        metrics::counter!("database_refusals_total").increment(1);
    }
    got
}

/// A connection that somebody has.
#[derive(Debug)]
pub(crate) struct Held {
    access: Access,
    since: Instant,
    n_statements: u64,
    is_committed: bool,
}

impl Held {
    pub(crate) fn new(access: Access) -> Self {
        Self { access, since: Instant::now(), n_statements: 0, is_committed: false }
    }

    pub(crate) fn count_statement(&mut self) {
        self.n_statements += 1;
    }

    pub(crate) fn note_commit(&mut self) {
        self.is_committed = true;
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let (held, n_statements) = (self.since.elapsed(), self.n_statements);
        if self.access == Access::Read {
            metrics::histogram!("database_held_seconds", "access" => "read").record(held);
            metrics::counter!("database_statements_total", "access" => "read")
                .increment(n_statements);
            return;
        }
        metrics::histogram!("database_held_seconds", "access" => "write").record(held);
        metrics::counter!("database_statements_total", "access" => "write").increment(n_statements);
        match self.is_committed {
            true => metrics::counter!("database_transactions_total", "end" => "commit"),
            false => metrics::counter!("database_transactions_total", "end" => "rollback"),
        }
        .increment(1);
    }
}
