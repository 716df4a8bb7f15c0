//! Addresses that something had before.

use commerce::catalog::{CategoryId, ProductId};
use commerce::channel::Locale;
use commerce::content::PageId;
use commerce::redirect::{OldPath, Redirect, Target};
use jiff::Timestamp;
use uuid::Uuid;

use crate::engine::{CHUNK, execute, fetch_all, fetch_chunk, fetch_optional};
use crate::{Conn, DbError, Tx, parsed};

const TABLE: &str = "redirects";

#[derive(sqlx::FromRow)]
struct RedirectRow {
    path: String,
    locale: String,
    kind: String,
    target_id: Option<Uuid>,
    target_path: String,
}

impl RedirectRow {
    fn read(self) -> Result<Redirect, DbError> {
        let target = match (self.kind.as_str(), self.target_id) {
            ("product", Some(id)) => Some(Target::Product(ProductId(id))),
            ("category", Some(id)) => Some(Target::Category(CategoryId(id))),
            ("page", Some(id)) => Some(Target::Page(PageId(id))),
            ("path", None) => Target::local(&self.target_path),
            _ => None,
        };
        Ok(Redirect {
            from: parsed(TABLE, &self.path, OldPath::new(&self.path))?,
            locale: parsed(TABLE, &self.locale, Locale::new(&self.locale))?,
            target: parsed(TABLE, &self.kind, target)?,
        })
    }
}

/// Where an address leads, by its hash.
pub async fn find(conn: &mut Conn, hash: i64) -> Result<Option<Redirect>, DbError> {
    let row = fetch_optional!(
        conn,
        RedirectRow,
        "SELECT path, locale, kind, target_id, target_path FROM redirects WHERE hash = ?",
        hash,
    );
    row.map(RedirectRow::read).transpose()
}

/// Where some addresses lead, by their hashes.
pub async fn find_many(conn: &mut Conn, hashes: &[i64]) -> Result<Vec<Redirect>, DbError> {
    let mut found = Vec::new();
    for chunk in hashes.chunks(CHUNK) {
        let rows = fetch_chunk!(
            conn,
            RedirectRow,
            "SELECT path, locale, kind, target_id, target_path FROM redirects \
             WHERE hash IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
            chunk
        );
        for row in rows {
            found.push(row.read()?);
        }
    }
    Ok(found)
}

/// The next hashes of addresses that lead somewhere, in their order.
pub async fn list_hashes(
    conn: &mut Conn,
    after: Option<i64>,
    limit: u32,
) -> Result<Vec<i64>, DbError> {
    let rows = match after {
        Some(after) => fetch_all!(
            conn,
            (i64,),
            "SELECT hash FROM redirects WHERE hash > ? ORDER BY hash LIMIT ?",
            after,
            limit,
        ),
        None => fetch_all!(conn, (i64,), "SELECT hash FROM redirects ORDER BY hash LIMIT ?", limit),
    };
    Ok(rows.into_iter().map(|(hash,)| hash).collect())
}

/// Lets an address lead on, whatever it led to before.
pub async fn save(
    tx: &mut Tx,
    hash: i64,
    redirect: &Redirect,
    at: Timestamp,
) -> Result<(), DbError> {
    let (kind, id, path) = match &redirect.target {
        Target::Product(id) => ("product", Some(id.0), ""),
        Target::Category(id) => ("category", Some(id.0), ""),
        Target::Page(id) => ("page", Some(id.0), ""),
        Target::Path(path) => ("path", None, path.as_str()),
    };
    execute!(tx, "DELETE FROM redirects WHERE hash = ?", hash);
    execute!(
        tx,
        "INSERT INTO redirects (hash, path, locale, kind, target_id, target_path, created_at) \
         VALUES (?, ?, ?, ?, ?, ?, ?)",
        hash,
        redirect.from.as_str(),
        redirect.locale.as_str(),
        kind,
        id,
        path,
        at.as_microsecond(),
    );
    Ok(())
}
