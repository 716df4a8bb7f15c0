//! Programs that work with the shop through its API.

use jiff::Timestamp;
use uuid::Uuid;

use crate::engine::{execute, fetch_all, fetch_optional};
use crate::{Conn, DbError, Tx, json};

const TABLE: &str = "integrations";

/// A program that the merchant gave access to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Integration {
    pub id: Uuid,
    pub name: String,
    /// The hash of the key that names it in a signature.
    pub consumer_hash: [u8; 32],
    /// The secrets that its signatures are made with, encrypted under the shop's key.
    pub sealed_secrets: Vec<u8>,
    /// What it may do, in the words of Magento's access control.
    pub resources: Vec<String>,
}

#[derive(sqlx::FromRow)]
struct IntegrationRow {
    id: Uuid,
    name: String,
    consumer_hash: Vec<u8>,
    sealed_secrets: Vec<u8>,
    resources: String,
}

impl TryFrom<IntegrationRow> for Integration {
    type Error = DbError;

    fn try_from(row: IntegrationRow) -> Result<Self, DbError> {
        let hash = row.consumer_hash.try_into();
        Ok(Self {
            id: row.id,
            name: row.name,
            consumer_hash: hash.map_err(|_| DbError::corrupt(TABLE, "a hash of another length"))?,
            sealed_secrets: row.sealed_secrets,
            resources: json::read(TABLE, &row.resources)?,
        })
    }
}

/// Inserts one; [`DbError::Taken`] when another has its name.
pub async fn insert(
    tx: &mut Tx,
    integration: &Integration,
    token_hash: [u8; 32],
    at: Timestamp,
) -> Result<(), DbError> {
    execute!(
        tx,
        "INSERT INTO integrations (id, name, consumer_hash, token_hash, sealed_secrets, \
         resources, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        integration.id,
        integration.name.as_str(),
        integration.consumer_hash.to_vec(),
        token_hash.to_vec(),
        integration.sealed_secrets.clone(),
        json::write(&integration.resources),
        at.as_microsecond(),
    );
    Ok(())
}

pub async fn find_by_token(
    conn: &mut Conn,
    token_hash: [u8; 32],
) -> Result<Option<Integration>, DbError> {
    let row = fetch_optional!(
        conn,
        IntegrationRow,
        "SELECT id, name, consumer_hash, sealed_secrets, resources FROM integrations \
         WHERE token_hash = ?",
        token_hash.to_vec(),
    );
    row.map(Integration::try_from).transpose()
}

pub async fn list(conn: &mut Conn) -> Result<Vec<Integration>, DbError> {
    let rows = fetch_all!(
        conn,
        IntegrationRow,
        "SELECT id, name, consumer_hash, sealed_secrets, resources FROM integrations ORDER BY name"
    );
    rows.into_iter().map(Integration::try_from).collect()
}

/// Takes its access away; `false` when there is none of this name.
pub async fn delete(tx: &mut Tx, name: &str) -> Result<bool, DbError> {
    // Names are ASCII, and MySQL refuses to compare them with anything else.
    Ok(name.is_ascii() && execute!(tx, "DELETE FROM integrations WHERE name = ?", name) == 1)
}

/// Keeps the nonce of a signature; [`DbError::Taken`] when it came before.
pub async fn insert_nonce(
    tx: &mut Tx,
    integration: Uuid,
    stamp: i64,
    nonce_hash: [u8; 32],
) -> Result<(), DbError> {
    execute!(
        tx,
        "INSERT INTO oauth_nonces (stamp, integration_id, nonce_hash) VALUES (?, ?, ?)",
        stamp,
        integration,
        nonce_hash.to_vec(),
    );
    Ok(())
}

/// Forgets the nonces of signatures that were made before `before`.
pub async fn prune_nonces(tx: &mut Tx, before: Timestamp) -> Result<u64, DbError> {
    Ok(execute!(tx, "DELETE FROM oauth_nonces WHERE stamp < ?", before.as_second()))
}
