//! The change feed: what became different, so that every instance can follow.
//!
//! Ids become visible out of order under concurrent commits, so a reader that asks for `id > last`
//! loses changes. Here a change is written without a batch number. Whoever reads the feed first
//! gives all committed changes that have none the next number, in a transaction that holds the
//! row of the sequence until it commits: numbers become visible in their order, and a change
//! that commits late gets a later number. Readers ask for `batch > last` and miss nothing.

use jiff::Timestamp;
use uuid::Uuid;

use crate::engine::{execute, fetch_all};
use crate::{Conn, Db, DbError, Tx, next_number};

/// What kind of thing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// A product, its variants, prices, pictures or stock; the subject is its id.
    Product,
    /// Categories, attributes, sets or synonyms: few and small, read again whole.
    Structure,
    /// A page of content.
    Content,
    /// The channel, its tax rates, shipping and payment methods.
    Channel,
    /// An old address that leads on: the subject holds its hash, or is none when many came.
    Redirect,
}

impl Topic {
    fn name(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Structure => "structure",
            Self::Content => "content",
            Self::Channel => "channel",
            Self::Redirect => "redirect",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        [Self::Product, Self::Structure, Self::Content, Self::Channel, Self::Redirect]
            .into_iter()
            .find(|topic| topic.name() == name)
    }
}

/// Something that changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Change {
    pub topic: Topic,
    pub subject: Option<Uuid>,
}

/// How far a reader has read. Changes up to and including it are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position(pub i64);

/// Announces a change, in the transaction that makes it.
pub async fn push(tx: &mut Tx, change: Change, at: Timestamp) -> Result<(), DbError> {
    execute!(
        tx,
        "INSERT INTO changes (id, batch, topic, subject, changed_at) VALUES (?, NULL, ?, ?, ?)",
        Uuid::now_v7(),
        change.topic.name(),
        change.subject,
        at.as_microsecond(),
    );
    Ok(())
}

/// How many changes get one number, and how many are read at a time, so that whoever comes back
/// after a large import neither fills its memory nor holds its readers up.
const BATCH: usize = 1_024;

/// Numbers the committed changes that have no number yet; `false` when there were none.
pub async fn number_batch(db: &Db) -> Result<bool, DbError> {
    let mut conn = db.read().await?;
    if fetch_all!(conn, (Uuid,), "SELECT id FROM changes WHERE batch IS NULL LIMIT 1").is_empty() {
        return Ok(false);
    }
    drop(conn);

    let mut tx = db.write().await?;
    let batch = next_number(&mut tx, "changes").await?;
    let ids = fetch_all!(tx, (Uuid,), "SELECT id FROM changes WHERE batch IS NULL LIMIT 1024");
    for chunk in ids.chunks(16) {
        let id = |i: usize| chunk[i.min(chunk.len() - 1)].0;
        execute!(
            tx,
            "UPDATE changes SET batch = ? \
             WHERE id IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            batch,
            id(0),
            id(1),
            id(2),
            id(3),
            id(4),
            id(5),
            id(6),
            id(7),
            id(8),
            id(9),
            id(10),
            id(11),
            id(12),
            id(13),
            id(14),
            id(15),
        );
    }
    tx.commit().await?;
    Ok(true)
}

/// Where the feed ends now. Read it before building the read side from the truth: changes that
/// come in meanwhile are then seen twice rather than never.
pub async fn position(conn: &mut Conn) -> Result<Position, DbError> {
    let rows = fetch_all!(conn, (i64,), "SELECT last FROM sequences WHERE name = 'changes'");
    Ok(Position(rows.first().map_or(0, |(last,)| *last)))
}

/// What changed after `last`, each thing once, and how far that is; when much did, not all of it.
pub async fn list_after(
    conn: &mut Conn,
    last: Position,
) -> Result<(Vec<Change>, Position), DbError> {
    // Twice what one number is given to: at least one number is seen to its end.
    const LIMIT: usize = 2 * BATCH + 1;
    let mut rows = fetch_all!(
        conn,
        (i64, String, Option<Uuid>),
        "SELECT batch, topic, subject FROM changes WHERE batch > ? ORDER BY batch LIMIT 2049",
        last.0,
    );
    if rows.len() == LIMIT
        && let Some(&(cut, ..)) = rows.last()
    {
        rows.retain(|(batch, ..)| *batch != cut);
    }
    let mut changes = std::collections::BTreeSet::new();
    let mut position = last;
    for (batch, topic, subject) in rows {
        position = Position(batch);
        // What a newer executable announces beside this one, this one does not show.
        let Some(topic) = Topic::parse(&topic) else { continue };
        changes.insert(Change { topic, subject });
    }
    Ok((changes.into_iter().collect(), position))
}

/// Whether nothing is left to read after a position, at the moment that the connection sees.
pub async fn is_at_end(conn: &mut Conn, at: Position) -> Result<bool, DbError> {
    let unnumbered =
        fetch_all!(conn, (Uuid,), "SELECT id FROM changes WHERE batch IS NULL LIMIT 1");
    Ok(unnumbered.is_empty() && position(conn).await? <= at)
}

/// Forgets changes that every living instance has read long ago.
pub async fn prune(tx: &mut Tx, before: Timestamp) -> Result<u64, DbError> {
    Ok(execute!(
        tx,
        "DELETE FROM changes WHERE batch IS NOT NULL AND changed_at < ?",
        before.as_microsecond(),
    ))
}
