//! Requests that clients may send again, by their keys, with what was answered the first time.

use jiff::Timestamp;
use uuid::Uuid;

use crate::engine::{execute, fetch_optional};
use crate::{Conn, DbError, Tx, moment};

const TABLE: &str = "idempotency_keys";

/// The right to answer the request that a key stands for, until it expires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// A hash of who asks and of the key they gave.
    pub id: [u8; 32],
    pub claim: Uuid,
    pub until: Timestamp,
}

/// What is known of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// A hash of the request that the key came with first.
    pub fingerprint: [u8; 32],
    pub claim: Claim,
    /// Status and sealed body; `None` while nobody has answered.
    pub answer: Option<(u16, Vec<u8>)>,
}

/// Claims a key that is new; [`DbError::Taken`] when it is not.
pub async fn insert(
    tx: &mut Tx,
    claim: &Claim,
    fingerprint: [u8; 32],
    at: Timestamp,
) -> Result<(), DbError> {
    execute!(
        tx,
        "INSERT INTO idempotency_keys (id, fingerprint, claim, claimed_until, created_at) \
         VALUES (?, ?, ?, ?, ?)",
        claim.id.to_vec(),
        fingerprint.to_vec(),
        claim.claim,
        claim.until.as_microsecond(),
        at.as_microsecond(),
    );
    Ok(())
}

#[derive(sqlx::FromRow)]
struct KnownRow {
    fingerprint: Vec<u8>,
    claim: Uuid,
    claimed_until: i64,
    status: Option<i64>,
    sealed_body: Option<Vec<u8>>,
}

pub async fn find(conn: &mut Conn, id: [u8; 32]) -> Result<Option<Known>, DbError> {
    let row = fetch_optional!(
        conn,
        KnownRow,
        "SELECT fingerprint, claim, claimed_until, status, sealed_body FROM idempotency_keys \
         WHERE id = ?",
        id.to_vec(),
    );
    let read = |row: KnownRow| {
        let fingerprint = row.fingerprint.try_into();
        let fingerprint =
            fingerprint.map_err(|_| DbError::corrupt(TABLE, "a fingerprint has 32 bytes"))?;
        let until = moment(TABLE, row.claimed_until)?;
        let status = |status: i64| {
            u16::try_from(status).map_err(|_| DbError::corrupt(TABLE, format!("status {status}")))
        };
        Ok(Known {
            fingerprint,
            claim: Claim { id, claim: row.claim, until },
            answer: row.status.map(status).transpose()?.zip(row.sealed_body),
        })
    };
    row.map(read).transpose()
}

/// Takes an expired claim over; `false` when somebody else was first or has answered meanwhile.
pub async fn take_over(tx: &mut Tx, expired: &Claim, new: &Claim) -> Result<bool, DbError> {
    let n_taken = execute!(
        tx,
        "UPDATE idempotency_keys SET claim = ?, claimed_until = ? \
         WHERE id = ? AND claim = ? AND status IS NULL",
        new.claim,
        new.until.as_microsecond(),
        expired.id.to_vec(),
        expired.claim,
    );
    Ok(n_taken == 1)
}

/// Keeps the answer; `false` when the claim was taken over.
pub async fn answer(
    tx: &mut Tx,
    claim: &Claim,
    status: u16,
    sealed_body: &[u8],
) -> Result<bool, DbError> {
    let n_answered = execute!(
        tx,
        "UPDATE idempotency_keys SET status = ?, sealed_body = ? WHERE id = ? AND claim = ?",
        i64::from(status),
        sealed_body,
        claim.id.to_vec(),
        claim.claim,
    );
    Ok(n_answered == 1)
}

/// Gives a claim back, so that the request may be tried again at once.
pub async fn delete(tx: &mut Tx, claim: &Claim) -> Result<(), DbError> {
    execute!(
        tx,
        "DELETE FROM idempotency_keys WHERE id = ? AND claim = ?",
        claim.id.to_vec(),
        claim.claim,
    );
    Ok(())
}

/// Forgets the keys that came before `before`.
pub async fn prune(tx: &mut Tx, before: Timestamp) -> Result<u64, DbError> {
    Ok(execute!(tx, "DELETE FROM idempotency_keys WHERE created_at < ?", before.as_microsecond()))
}
