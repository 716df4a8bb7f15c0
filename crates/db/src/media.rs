//! Uploaded originals: where they lie and how large they are.

use commerce::media::{MediaId, MediaKey, Original, PictureFormat};
use jiff::Timestamp;
use uuid::Uuid;

use crate::engine::{execute, fetch_all, fetch_optional};
use crate::{Conn, DbError, Tx, narrow, parsed};

/// An original as its row has it; also joined to pictures and categories.
#[derive(sqlx::FromRow)]
pub(crate) struct OriginalRow {
    pub(crate) media_id: Uuid,
    pub(crate) media_key: String,
    pub(crate) format: String,
    pub(crate) width: i64,
    pub(crate) height: i64,
    pub(crate) bytes: i64,
}

impl TryFrom<OriginalRow> for Original {
    type Error = DbError;

    fn try_from(row: OriginalRow) -> Result<Self, DbError> {
        Ok(Self {
            id: MediaId(row.media_id),
            key: parsed("media", &row.media_key, MediaKey::new(row.media_key.as_str()))?,
            format: parsed("media", &row.format, parse_format(&row.format))?,
            width: narrow("media", row.width)?,
            height: narrow("media", row.height)?,
            bytes: u64::try_from(row.bytes)
                .map_err(|_| DbError::corrupt("media", "a negative size"))?,
        })
    }
}

fn format_name(format: PictureFormat) -> &'static str {
    match format {
        PictureFormat::Jpeg => "jpeg",
        PictureFormat::Png => "png",
        PictureFormat::Webp => "webp",
    }
}

fn parse_format(name: &str) -> Option<PictureFormat> {
    [PictureFormat::Jpeg, PictureFormat::Png, PictureFormat::Webp]
        .into_iter()
        .find(|format| format_name(*format) == name)
}

pub async fn insert(tx: &mut Tx, original: &Original, at: Timestamp) -> Result<(), DbError> {
    execute!(
        tx,
        "INSERT INTO media (id, media_key, format, width, height, bytes, created_at) \
         VALUES (?, ?, ?, ?, ?, ?, ?)",
        original.id.0,
        original.key.as_str(),
        format_name(original.format),
        original.width,
        original.height,
        i64::try_from(original.bytes).unwrap_or(i64::MAX),
        at.as_microsecond(),
    );
    Ok(())
}

pub async fn find(conn: &mut Conn, id: MediaId) -> Result<Option<Original>, DbError> {
    let row = fetch_optional!(
        conn,
        OriginalRow,
        "SELECT id AS media_id, media_key, format, width, height, bytes FROM media WHERE id = ?",
        id.0,
    );
    row.map(Original::try_from).transpose()
}

pub async fn find_by_key(conn: &mut Conn, key: &MediaKey) -> Result<Option<Original>, DbError> {
    let row = fetch_optional!(
        conn,
        OriginalRow,
        "SELECT id AS media_id, media_key, format, width, height, bytes FROM media \
         WHERE media_key = ?",
        key.as_str(),
    );
    row.map(Original::try_from).transpose()
}

/// The next originals in the order of their ids, which is that of their uploads.
pub async fn list_after(
    conn: &mut Conn,
    after: Option<MediaId>,
    limit: u32,
) -> Result<Vec<Original>, DbError> {
    let rows = fetch_all!(
        conn,
        OriginalRow,
        "SELECT id AS media_id, media_key, format, width, height, bytes FROM media \
         WHERE id > ? ORDER BY id LIMIT ?",
        after.map_or(Uuid::nil(), |id| id.0),
        limit,
    );
    rows.into_iter().map(Original::try_from).collect()
}
