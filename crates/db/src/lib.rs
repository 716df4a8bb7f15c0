//! Rows: the SQL of both engines, their migrations, the change feed and the jobs.
//!
//! The only crate that names sqlx. Depends on `commerce`; `shop` alone depends on it. One module
//! per noun; functions take a [`Conn`] to read and a [`Tx`] to write, and the use case that calls
//! them decides where a transaction begins and ends.

mod absence;
mod engine;
mod json;
mod meter;

pub mod cart;
pub mod catalog;
pub mod change;
pub mod channel;
pub mod checkout;
pub mod content;
pub mod customer;
pub mod idempotency;
pub mod integration;
pub mod job;
pub mod knock;
pub mod magento;
pub mod media;
pub mod order;
pub mod redirect;
pub mod session;
pub mod staff;
pub mod stock;
pub mod webhook;

#[cfg(test)]
mod statements;

use commerce::catalog::Sku;

use engine::Engine;
pub use engine::{Conn, Db, Dialect, PoolState, Tx};

/// What can go wrong between the shop and its truth.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The database is away or overloaded; trying again in a moment may help.
    #[error("the database cannot be reached")]
    Unavailable(#[source] sqlx::Error),
    /// Two transactions were in each other's way and this one gave in; trying again helps.
    #[error("the database was busy with a conflicting change")]
    Contention(#[source] sqlx::Error),
    /// A unique index refused the row.
    #[error("there is such a row already")]
    Taken(#[source] sqlx::Error),
    /// A row that the types cannot represent.
    #[error("a row of {table} is corrupt: {reason}")]
    Corrupt { table: &'static str, reason: String },
    #[error("{0} is not supported by this database")]
    Unsupported(&'static str),
    #[error("the schema could not be migrated")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    #[error("a statement failed")]
    Statement(#[source] sqlx::Error),
}

impl DbError {
    /// Whether the same use case may succeed if it is run again from the start.
    pub fn is_worth_retrying(&self) -> bool {
        matches!(self, Self::Contention(_))
    }

    pub fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::Contention(_))
    }

    pub(crate) fn corrupt(table: &'static str, reason: impl Into<String>) -> Self {
        Self::Corrupt { table, reason: reason.into() }
    }
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as E;
        match &error {
            E::PoolTimedOut | E::PoolClosed | E::Io(_) | E::Tls(_) | E::WorkerCrashed => {
                Self::Unavailable(error)
            }
            E::Database(refusal) if refusal.is_unique_violation() => Self::Taken(error),
            E::Database(refusal) => match code_of(refusal.as_ref()) {
                // Deadlock, lock wait timeout; SQLITE_BUSY, SQLITE_LOCKED.
                1213 | 1205 | 5 | 6 => Self::Contention(error),
                // Too many connections or prepared statements, shutting down, killed, unused for too
                // long, read-only after a fail-over.
                1040 | 1461 | 1053 | 1317 | 1927 | 4031 | 1290 | 1836
                // The password was changed and this instance has not been told yet.
                | 1045
                // The disk is full: MySQL's file, its table, its log; SQLITE_FULL.
                | 1021 | 1114 | 1026 | 13 => Self::Unavailable(error),
                _ => Self::Statement(error),
            },
            _ => Self::Statement(error),
        }
    }
}

/// The engine's own number for an error; SQLite's extended codes are cut to their primary one.
fn code_of(refusal: &dyn sqlx::error::DatabaseError) -> u32 {
    if let Some(mysql) = refusal.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
        return u32::from(mysql.number());
    }
    refusal.code().and_then(|code| code.parse::<u32>().ok()).map_or(0, |code| code & 0xff)
}

/// Reads a count or quantity that the schema keeps as a signed 64-bit integer.
pub(crate) fn narrow(table: &'static str, number: i64) -> Result<u32, DbError> {
    u32::try_from(number).map_err(|_| DbError::corrupt(table, format!("{number} is out of range")))
}

/// Reads a moment kept as microseconds since 1970.
pub(crate) fn moment(table: &'static str, micros: i64) -> Result<jiff::Timestamp, DbError> {
    jiff::Timestamp::from_microsecond(micros)
        .map_err(|_| DbError::corrupt(table, format!("{micros} is no moment")))
}

pub(crate) fn sku(table: &'static str, text: &str) -> Result<Sku, DbError> {
    parsed(table, text, Sku::new(text))
}

/// Turns a text that a type refused into the error that names it.
pub(crate) fn parsed<T>(table: &'static str, text: &str, value: Option<T>) -> Result<T, DbError> {
    value.ok_or_else(|| DbError::corrupt(table, format!("{text:?} is not understood")))
}

/// Takes the next number of a sequence, from 1 on, without gaps: a rolled-back transaction gives
/// it back. Until the transaction ends, others that want a number of this sequence wait.
pub async fn next_number(tx: &mut Tx, sequence: &str) -> Result<i64, DbError> {
    take_numbers(tx, sequence, 1).await
}

/// Takes so many numbers that follow each other and gives the first, for those who write in bulk.
pub async fn take_numbers(tx: &mut Tx, sequence: &str, n: i64) -> Result<i64, DbError> {
    if let Some(last) = bump_sequence(tx, sequence, n).await? {
        return Ok(last - n + 1);
    }
    match begin_sequence(tx, sequence, n).await {
        // Somebody else began it at the same moment; the next try finds it.
        Err(DbError::Taken(error)) => Err(DbError::Contention(error)),
        begun => begun.map(|()| 1),
    }
}

/// Raises a sequence and gives its last number, or `None` when it has not begun. The row is what
/// all who order wait for, so it is one statement, which each engine says in its own way.
async fn bump_sequence(tx: &mut Tx, sequence: &str, n: i64) -> Result<Option<i64>, DbError> {
    Ok(match tx.engine() {
        Engine::MySql(conn) => {
            let bump = "UPDATE sequences SET last = LAST_INSERT_ID(last + ?) WHERE name = ?";
            let done = sqlx::query(bump).bind(n).bind(sequence).execute(conn).await?;
            let last = i64::try_from(done.last_insert_id());
            let last = last.map_err(|_| DbError::corrupt("sequences", "a number is too large"))?;
            (done.rows_affected() > 0).then_some(last)
        }
        Engine::Sqlite(conn) => {
            let bump = "UPDATE sequences SET last = last + ? WHERE name = ? RETURNING last";
            let row: Option<(i64,)> =
                sqlx::query_as(bump).bind(n).bind(sequence).fetch_optional(conn).await?;
            row.map(|(last,)| last)
        }
    })
}

/// Lets a sequence go on after `to`, if it has not come so far.
pub async fn raise_sequence(tx: &mut Tx, sequence: &str, to: i64) -> Result<(), DbError> {
    let is_known = engine::execute!(
        tx,
        "UPDATE sequences SET last = CASE WHEN last < ? THEN ? ELSE last END WHERE name = ?",
        to,
        to,
        sequence
    );
    if is_known == 0 {
        engine::execute!(tx, "INSERT INTO sequences (name, last) VALUES (?, ?)", sequence, to);
    }
    Ok(())
}

async fn begin_sequence(tx: &mut Tx, sequence: &str, n: i64) -> Result<(), DbError> {
    engine::execute!(tx, "INSERT INTO sequences (name, last) VALUES (?, ?)", sequence, n);
    Ok(())
}
