//! Where programs of others are told what happens in the shop.

use jiff::Timestamp;
use uuid::Uuid;

use crate::engine::{execute, fetch_all, fetch_optional};
use crate::{Conn, DbError, Tx, json, moment};

const TABLE: &str = "webhooks";

/// An address that is told of some topics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    pub id: Uuid,
    pub url: String,
    /// The secret that its messages are signed with, encrypted under the shop's key.
    pub sealed_secret: Vec<u8>,
    pub topics: Vec<String>,
    pub is_active: bool,
    pub created_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct WebhookRow {
    id: Uuid,
    url: String,
    sealed_secret: Vec<u8>,
    topics: String,
    is_active: bool,
    created_at: i64,
}

impl TryFrom<WebhookRow> for Webhook {
    type Error = DbError;

    fn try_from(row: WebhookRow) -> Result<Self, DbError> {
        Ok(Self {
            id: row.id,
            url: row.url,
            sealed_secret: row.sealed_secret,
            topics: json::read(TABLE, &row.topics)?,
            is_active: row.is_active,
            created_at: moment(TABLE, row.created_at)?,
        })
    }
}

pub async fn insert(tx: &mut Tx, webhook: &Webhook) -> Result<(), DbError> {
    execute!(
        tx,
        "INSERT INTO webhooks (id, url, sealed_secret, topics, is_active, created_at) \
         VALUES (?, ?, ?, ?, ?, ?)",
        webhook.id,
        webhook.url.as_str(),
        webhook.sealed_secret.clone(),
        json::write(&webhook.topics),
        webhook.is_active,
        webhook.created_at.as_microsecond(),
    );
    Ok(())
}

/// All of them, oldest first.
pub async fn list(conn: &mut Conn) -> Result<Vec<Webhook>, DbError> {
    let rows = fetch_all!(
        conn,
        WebhookRow,
        "SELECT id, url, sealed_secret, topics, is_active, created_at FROM webhooks ORDER BY id"
    );
    rows.into_iter().map(Webhook::try_from).collect()
}

/// The active ones and their topics.
pub async fn list_active(tx: &mut Tx) -> Result<Vec<(Uuid, Vec<String>)>, DbError> {
    let rows = fetch_all!(
        tx,
        (Uuid, String),
        "SELECT id, topics FROM webhooks WHERE is_active = ? ORDER BY id",
        true,
    );
    rows.into_iter().map(|(id, topics)| Ok((id, json::read(TABLE, &topics)?))).collect()
}

pub async fn find(conn: &mut Conn, id: Uuid) -> Result<Option<Webhook>, DbError> {
    let row = fetch_optional!(
        conn,
        WebhookRow,
        "SELECT id, url, sealed_secret, topics, is_active, created_at FROM webhooks WHERE id = ?",
        id,
    );
    row.map(Webhook::try_from).transpose()
}

/// Switches one on or off; `false` when it is gone.
pub async fn set_active(tx: &mut Tx, id: Uuid, is_active: bool) -> Result<bool, DbError> {
    Ok(execute!(tx, "UPDATE webhooks SET is_active = ? WHERE id = ?", is_active, id) == 1)
}

/// Forgets one; `false` when it is gone already.
pub async fn delete(tx: &mut Tx, id: Uuid) -> Result<bool, DbError> {
    Ok(execute!(tx, "DELETE FROM webhooks WHERE id = ?", id) == 1)
}
