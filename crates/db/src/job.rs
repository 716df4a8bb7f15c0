//! The outbox and the jobs, which are one: work that a committed transaction asked for.
//!
//! A use case pushes a job in its own transaction, so the job exists exactly when the change
//! does. Any instance claims it by a guarded update, holds it for the time of a lease, and either
//! finishes it, puts it off, gives it back, or buries it. An instance that dies lets its leases run
//! out; a job over which several died is buried by the next that would claim it.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::engine::{execute, fetch_all};
use crate::{Conn, DbError, Tx, moment, narrow};

/// Work to be done outside the transaction that asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    pub kind: &'static str,
    /// JSON; what it means is the kind's affair.
    pub payload: String,
    /// A job with the same key is never pushed twice while the first is known.
    pub dedupe_key: Option<String>,
    pub run_at: Timestamp,
    /// There are many like it and nobody waits for one: others have precedence.
    pub is_bulk: bool,
    /// Jobs of one lane run one after another, in the order in which they were pushed. Whoever
    /// pushes into a lane holds a row that all of the lane's pushers change.
    pub lane: Option<String>,
    /// Where in a trace it was asked for, as W3C writes that; `None` where nothing is traced.
    pub traceparent: Option<String>,
}

/// A job that this instance holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    pub id: Uuid,
    pub kind: String,
    pub payload: String,
    /// How often it was tried, this time included.
    pub attempts: u32,
    /// As in [`NewJob`].
    pub traceparent: Option<String>,
    lease: Uuid,
}

#[derive(sqlx::FromRow)]
struct JobRow {
    id: Uuid,
    kind: String,
    payload: String,
    attempts: i64,
    traceparent: Option<String>,
}

/// Pushes a job; `false` when one with its key is known already.
pub async fn push(tx: &mut Tx, job: &NewJob, at: Timestamp) -> Result<bool, DbError> {
    if let Some(key) = &job.dedupe_key {
        let known =
            fetch_all!(tx, (Uuid,), "SELECT id FROM jobs WHERE dedupe_key = ?", key.as_str());
        if !known.is_empty() {
            return Ok(false);
        }
    }
    match insert(tx, job, at).await {
        // Somebody else pushed it at the same moment; both engines undo this statement alone.
        Err(DbError::Taken(_)) => Ok(false),
        pushed => pushed.map(|()| true),
    }
}

async fn insert(tx: &mut Tx, job: &NewJob, at: Timestamp) -> Result<(), DbError> {
    let turn = match &job.lane {
        Some(lane) => {
            let last = fetch_all!(
                tx,
                (Option<i64>,),
                "SELECT MAX(lane_turn) FROM jobs WHERE lane = ?",
                lane.as_str(),
            );
            last.first().and_then(|(last,)| *last).unwrap_or_default() + 1
        }
        None => 0,
    };
    execute!(
        tx,
        "INSERT INTO jobs (id, kind, payload, dedupe_key, state, is_bulk, run_at, leased_until, \
         lease, attempts, last_error, created_at, lane, lane_turn, traceparent) \
         VALUES (?, ?, ?, ?, 'ready', ?, ?, 0, NULL, 0, '', ?, ?, ?, ?)",
        Uuid::now_v7(),
        job.kind,
        job.payload.as_str(),
        job.dedupe_key.as_deref(),
        job.is_bulk,
        job.run_at.as_microsecond(),
        at.as_microsecond(),
        job.lane.as_deref(),
        turn,
        job.traceparent.as_deref(),
    );
    Ok(())
}

/// What came of looking for work.
#[derive(Debug, Default)]
pub struct Claim {
    pub jobs: Vec<Job>,
    /// The kinds of the jobs that were buried, because they had been begun too often.
    pub buried: Vec<String>,
}

/// Claims up to `limit` jobs that are due, bulk last, for the time of a lease.
///
/// One that was begun `max_attempts` times and never ended is buried instead: whoever held it
/// died of it each time. One that is behind another in its lane is not due. Two instances may look at the same row; the guarded update gives it to
/// one of them.
pub async fn claim(
    tx: &mut Tx,
    at: Timestamp,
    lease_for: SignedDuration,
    max_attempts: u32,
    limit: u32,
) -> Result<Claim, DbError> {
    let rows = fetch_all!(
        tx,
        JobRow,
        "SELECT id, kind, payload, attempts, traceparent FROM jobs \
         WHERE state = 'ready' AND run_at <= ? AND leased_until <= ? \
         AND (lane IS NULL OR NOT EXISTS (SELECT 1 FROM jobs earlier \
         WHERE earlier.lane = jobs.lane AND earlier.state = 'ready' \
         AND earlier.lane_turn < jobs.lane_turn)) \
         ORDER BY is_bulk, run_at LIMIT ?",
        at.as_microsecond(),
        at.as_microsecond(),
        limit,
    );
    let mut claim = Claim::default();
    for row in rows {
        let attempts: u32 = narrow("jobs", row.attempts)?;
        if attempts >= max_attempts {
            let is_mine = execute!(
                tx,
                "UPDATE jobs SET state = 'dead', lease = NULL, last_error = ? \
                 WHERE id = ? AND state = 'ready' AND leased_until <= ?",
                "whoever began it died before it was done",
                row.id,
                at.as_microsecond(),
            );
            if is_mine == 1 {
                claim.buried.push(row.kind);
            }
            continue;
        }
        let lease = Uuid::now_v7();
        let mine = execute!(
            tx,
            "UPDATE jobs SET lease = ?, leased_until = ?, attempts = attempts + 1 \
             WHERE id = ? AND state = 'ready' AND leased_until <= ?",
            lease,
            (at + lease_for).as_microsecond(),
            row.id,
            at.as_microsecond(),
        );
        if mine == 1 {
            let JobRow { id, kind, payload, traceparent, .. } = row;
            claim.jobs.push(Job { id, kind, payload, attempts: attempts + 1, traceparent, lease });
        }
    }
    Ok(claim)
}

/// Whether anything is due, without taking a write lock to find out.
pub async fn is_due(conn: &mut Conn, at: Timestamp) -> Result<bool, DbError> {
    let due = fetch_all!(
        conn,
        (Uuid,),
        "SELECT id FROM jobs WHERE state = 'ready' AND run_at <= ? AND leased_until <= ? \
         AND (lane IS NULL OR NOT EXISTS (SELECT 1 FROM jobs earlier \
         WHERE earlier.lane = jobs.lane AND earlier.state = 'ready' \
         AND earlier.lane_turn < jobs.lane_turn)) LIMIT 1",
        at.as_microsecond(),
        at.as_microsecond(),
    );
    Ok(!due.is_empty())
}

/// Ends a job that was done; `false` when its lease had run out and somebody else took it.
pub async fn finish(tx: &mut Tx, job: &Job) -> Result<bool, DbError> {
    let done = execute!(
        tx,
        "UPDATE jobs SET state = 'done', lease = NULL WHERE id = ? AND lease = ?",
        job.id,
        job.lease,
    );
    Ok(done == 1)
}

/// Gives back a job that was not begun: anybody may claim it at once, and the try did not count.
pub async fn give_back(tx: &mut Tx, job: &Job) -> Result<(), DbError> {
    execute!(
        tx,
        "UPDATE jobs SET leased_until = 0, lease = NULL, attempts = attempts - 1 \
         WHERE id = ? AND lease = ?",
        job.id,
        job.lease,
    );
    Ok(())
}

/// Puts a failed job off until `again_at`, or buries it where staff can see it.
pub async fn fail(
    tx: &mut Tx,
    job: &Job,
    error: &str,
    again_at: Option<Timestamp>,
) -> Result<(), DbError> {
    let error: String = error.chars().take(2000).collect();
    match again_at {
        Some(again_at) => execute!(
            tx,
            "UPDATE jobs SET run_at = ?, leased_until = 0, lease = NULL, last_error = ? \
             WHERE id = ? AND lease = ?",
            again_at.as_microsecond(),
            error.as_str(),
            job.id,
            job.lease,
        ),
        None => execute!(
            tx,
            "UPDATE jobs SET state = 'dead', lease = NULL, last_error = ? \
             WHERE id = ? AND lease = ?",
            error.as_str(),
            job.id,
            job.lease,
        ),
    };
    Ok(())
}

/// How the queue stands; what is behind another in its lane does not count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueState {
    pub n_ready: u32,
    pub n_dead: u32,
    /// When the job that waits longest should have run.
    pub oldest: Option<Timestamp>,
}

pub async fn queue_state(conn: &mut Conn, at: Timestamp) -> Result<QueueState, DbError> {
    let rows = fetch_all!(
        conn,
        (String, i64, i64),
        "SELECT state, COUNT(*), MIN(run_at) FROM jobs \
         WHERE state <> 'done' AND run_at <= ? \
         AND (state = 'dead' OR lane IS NULL OR NOT EXISTS (SELECT 1 FROM jobs earlier \
         WHERE earlier.lane = jobs.lane AND earlier.state = 'ready' \
         AND earlier.lane_turn < jobs.lane_turn)) GROUP BY state",
        at.as_microsecond(),
    );
    let mut queue = QueueState::default();
    for (state, n, oldest) in rows {
        match state.as_str() {
            "ready" => {
                queue.n_ready = narrow("jobs", n)?;
                queue.oldest = Some(moment("jobs", oldest)?);
            }
            _ => queue.n_dead = narrow("jobs", n)?,
        }
    }
    Ok(queue)
}

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyedState {
    Open,
    Done,
    /// Given up.
    Failed,
}

fn keyed_state(name: &str) -> KeyedState {
    match name {
        "done" => KeyedState::Done,
        "dead" => KeyedState::Failed,
        _ => KeyedState::Open,
    }
}

/// A job that is known by its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyedJob {
    /// What comes after the prefix that was asked for.
    pub key: String,
    pub state: KeyedState,
    pub last_error: String,
    pub created_at: Timestamp,
}

/// The jobs whose keys begin with a prefix, which ends with a colon, in the order of their keys.
pub async fn list_keyed(conn: &mut Conn, prefix: &str) -> Result<Vec<KeyedJob>, DbError> {
    // The letter that comes after the colon.
    let end = format!("{};", prefix.trim_end_matches(':'));
    let rows = fetch_all!(
        conn,
        (String, String, String, i64),
        "SELECT dedupe_key, state, last_error, created_at FROM jobs \
         WHERE dedupe_key >= ? AND dedupe_key < ? ORDER BY dedupe_key",
        prefix,
        end,
    );
    rows.into_iter()
        .map(|(key, state, last_error, at)| {
            let state = keyed_state(&state);
            let key = key.strip_prefix(prefix).unwrap_or_default().to_owned();
            Ok(KeyedJob { key, state, last_error, created_at: moment("jobs", at)? })
        })
        .collect()
}

/// A job as staff look at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watched {
    /// What comes after the prefix that was asked for.
    pub key: String,
    pub payload: String,
    pub state: KeyedState,
    pub n_attempts: u32,
    /// When it is tried next, while it is open.
    pub run_at: Timestamp,
    pub last_error: String,
    pub created_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct WatchedRow {
    dedupe_key: String,
    payload: String,
    state: String,
    attempts: i64,
    run_at: i64,
    last_error: String,
    created_at: i64,
}

/// The jobs whose keys begin with a prefix, which ends with a colon, last key first.
pub async fn list_last(conn: &mut Conn, prefix: &str, limit: u32) -> Result<Vec<Watched>, DbError> {
    let end = format!("{};", prefix.trim_end_matches(':'));
    let rows = fetch_all!(
        conn,
        WatchedRow,
        "SELECT dedupe_key, payload, state, attempts, run_at, last_error, created_at FROM jobs \
         WHERE dedupe_key >= ? AND dedupe_key < ? ORDER BY dedupe_key DESC LIMIT ?",
        prefix,
        end,
        limit,
    );
    rows.into_iter()
        .map(|row| {
            Ok(Watched {
                key: row.dedupe_key.strip_prefix(prefix).unwrap_or_default().to_owned(),
                payload: row.payload,
                state: keyed_state(&row.state),
                n_attempts: narrow("jobs", row.attempts)?,
                run_at: moment("jobs", row.run_at)?,
                last_error: row.last_error,
                created_at: moment("jobs", row.created_at)?,
            })
        })
        .collect()
}

/// Has a job that was done or given up run once more; `false` while it is open, or when it is gone.
pub async fn run_again(tx: &mut Tx, key: &str, at: Timestamp) -> Result<bool, DbError> {
    let again = execute!(
        tx,
        "UPDATE jobs SET state = 'ready', attempts = 0, leased_until = 0, last_error = '', run_at = ? \
         WHERE dedupe_key = ? AND state <> 'ready'",
        at.as_microsecond(),
        key,
    );
    Ok(again == 1)
}

/// A job that was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadJob {
    pub id: Uuid,
    pub kind: String,
    pub last_error: String,
    pub created_at: Timestamp,
}

pub async fn list_dead(conn: &mut Conn) -> Result<Vec<DeadJob>, DbError> {
    let rows = fetch_all!(
        conn,
        (Uuid, String, String, i64),
        "SELECT id, kind, last_error, created_at FROM jobs WHERE state = 'dead' \
         ORDER BY created_at DESC LIMIT 100"
    );
    rows.into_iter()
        .map(|(id, kind, last_error, at)| {
            Ok(DeadJob { id, kind, last_error, created_at: moment("jobs", at)? })
        })
        .collect()
}

/// Gives a dead job another life.
pub async fn revive(tx: &mut Tx, id: Uuid, at: Timestamp) -> Result<bool, DbError> {
    let revived = execute!(
        tx,
        "UPDATE jobs SET state = 'ready', attempts = 0, leased_until = 0, run_at = ? \
         WHERE id = ? AND state = 'dead'",
        at.as_microsecond(),
        id,
    );
    Ok(revived == 1)
}

/// Forgets jobs that were done before `before`.
pub async fn prune(tx: &mut Tx, before: Timestamp) -> Result<u64, DbError> {
    Ok(execute!(
        tx,
        "DELETE FROM jobs WHERE state = 'done' AND run_at < ?",
        before.as_microsecond(),
    ))
}
