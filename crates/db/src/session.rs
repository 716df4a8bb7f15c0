//! Who is logged in: rows that can be revoked at once.

use jiff::Timestamp;
use uuid::Uuid;

use crate::engine::{execute, fetch_optional};
use crate::{Conn, DbError, Tx};

/// Who a session is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SessionKind {
    Customer,
    /// In the back office.
    Staff,
    /// Through the API: a token is no key to the back office, nor the other way round.
    StaffToken,
}

impl SessionKind {
    fn name(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Staff => "staff",
            Self::StaffToken => "staff-token",
        }
    }
}

/// Opens a session; only the hash of its token is kept, so that a leaked copy of the table opens
/// no door.
pub async fn insert(
    tx: &mut Tx,
    token_hash: [u8; 32],
    kind: SessionKind,
    subject: Uuid,
    at: Timestamp,
    expires_at: Timestamp,
) -> Result<(), DbError> {
    execute!(
        tx,
        "INSERT INTO sessions (token_hash, kind, subject, created_at, expires_at) \
         VALUES (?, ?, ?, ?, ?)",
        token_hash.to_vec(),
        kind.name(),
        subject,
        at.as_microsecond(),
        expires_at.as_microsecond(),
    );
    Ok(())
}

pub async fn find(
    conn: &mut Conn,
    token_hash: [u8; 32],
    kind: SessionKind,
    at: Timestamp,
) -> Result<Option<Uuid>, DbError> {
    let row = fetch_optional!(
        conn,
        (Uuid,),
        "SELECT subject FROM sessions WHERE token_hash = ? AND kind = ? AND expires_at > ?",
        token_hash.to_vec(),
        kind.name(),
        at.as_microsecond(),
    );
    Ok(row.map(|(subject,)| subject))
}

pub async fn delete(tx: &mut Tx, token_hash: [u8; 32]) -> Result<(), DbError> {
    execute!(tx, "DELETE FROM sessions WHERE token_hash = ?", token_hash.to_vec());
    Ok(())
}

/// Ends every session of somebody, as after a changed password.
pub async fn delete_all(tx: &mut Tx, kind: SessionKind, subject: Uuid) -> Result<u64, DbError> {
    Ok(execute!(tx, "DELETE FROM sessions WHERE kind = ? AND subject = ?", kind.name(), subject))
}

pub async fn prune(tx: &mut Tx, at: Timestamp) -> Result<u64, DbError> {
    Ok(execute!(tx, "DELETE FROM sessions WHERE expires_at < ?", at.as_microsecond()))
}
