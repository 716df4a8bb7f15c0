//! Pages that the merchant writes, with every version that was ever in force.

use std::collections::BTreeMap;

use commerce::channel::Locale;
use commerce::content::{Page, PageCode, PageId, PageText, Slug};
use uuid::Uuid;

use crate::engine::{execute, fetch_all, fetch_optional};
use crate::{Conn, DbError, Tx, moment, narrow, parsed};

#[derive(sqlx::FromRow)]
struct PageRow {
    id: Uuid,
    code: String,
    is_published: bool,
    version: i64,
    updated_at: i64,
}

#[derive(sqlx::FromRow)]
struct PageTextRow {
    page_id: Uuid,
    locale: String,
    slug: String,
    title: String,
    body: String,
    meta_description: String,
}

/// Every page, by code.
pub async fn list(conn: &mut Conn) -> Result<Vec<Page>, DbError> {
    let rows = fetch_all!(
        conn,
        PageRow,
        "SELECT id, code, is_published, version, updated_at FROM pages ORDER BY code"
    );
    let texts = fetch_all!(
        conn,
        PageTextRow,
        "SELECT page_id, locale, slug, title, body, meta_description FROM page_texts"
    );
    assemble(rows, texts)
}

pub async fn find(conn: &mut Conn, code: &PageCode) -> Result<Option<Page>, DbError> {
    let row = fetch_optional!(
        conn,
        PageRow,
        "SELECT id, code, is_published, version, updated_at FROM pages WHERE code = ?",
        code.as_str(),
    );
    one(conn, row).await
}

pub async fn find_by_slug(
    conn: &mut Conn,
    locale: Locale,
    slug: &Slug,
) -> Result<Option<Page>, DbError> {
    let row = fetch_optional!(
        conn,
        PageRow,
        "SELECT p.id, p.code, p.is_published, p.version, p.updated_at FROM page_texts t \
         JOIN pages p ON p.id = t.page_id WHERE t.locale = ? AND t.slug = ?",
        locale.as_str(),
        slug.as_str(),
    );
    one(conn, row).await
}

async fn one(conn: &mut Conn, row: Option<PageRow>) -> Result<Option<Page>, DbError> {
    let Some(row) = row else { return Ok(None) };
    let texts = fetch_all!(
        conn,
        PageTextRow,
        "SELECT page_id, locale, slug, title, body, meta_description FROM page_texts \
         WHERE page_id = ?",
        row.id,
    );
    Ok(assemble(vec![row], texts)?.pop())
}

fn assemble(rows: Vec<PageRow>, texts: Vec<PageTextRow>) -> Result<Vec<Page>, DbError> {
    let mut of_page: BTreeMap<Uuid, Vec<PageTextRow>> = BTreeMap::new();
    for text in texts {
        of_page.entry(text.page_id).or_default().push(text);
    }
    rows.into_iter()
        .map(|row| {
            let texts = of_page.remove(&row.id).unwrap_or_default();
            Ok(Page {
                id: PageId(row.id),
                code: parsed("pages", &row.code, PageCode::new(row.code.as_str()))?,
                is_published: row.is_published,
                version: narrow("pages", row.version)?,
                texts: texts.into_iter().map(text).collect::<Result<_, DbError>>()?,
                updated_at: moment("pages", row.updated_at)?,
            })
        })
        .collect()
}

fn text(row: PageTextRow) -> Result<(Locale, PageText), DbError> {
    let locale = parsed("page_texts", &row.locale, Locale::new(&row.locale))?;
    let text = PageText {
        slug: parsed("page_texts", &row.slug, Slug::new(row.slug.as_str()))?,
        title: row.title,
        body: row.body,
        meta_description: row.meta_description,
    };
    Ok((locale, text))
}

/// Writes a page, new or known, as its next version; `false` when somebody else was faster.
///
/// A new page has version 0 until it is saved. The text of every version is kept, because an
/// order refers to the terms that its buyer accepted.
pub async fn save(tx: &mut Tx, page: &Page) -> Result<bool, DbError> {
    let updated_at = page.updated_at.as_microsecond();
    if page.version == 0 {
        execute!(
            tx,
            "INSERT INTO pages (id, code, is_published, version, updated_at) \
             VALUES (?, ?, ?, 1, ?)",
            page.id.0,
            page.code.as_str(),
            page.is_published,
            updated_at,
        );
    } else {
        let saved = execute!(
            tx,
            "UPDATE pages SET code = ?, is_published = ?, version = version + 1, updated_at = ? \
             WHERE id = ? AND version = ?",
            page.code.as_str(),
            page.is_published,
            updated_at,
            page.id.0,
            page.version,
        );
        if saved == 0 {
            return Ok(false);
        }
        execute!(tx, "DELETE FROM page_texts WHERE page_id = ?", page.id.0);
    }
    for (locale, text) in &page.texts.0 {
        execute!(
            tx,
            "INSERT INTO page_texts (page_id, locale, slug, title, body, meta_description) \
             VALUES (?, ?, ?, ?, ?, ?)",
            page.id.0,
            locale.as_str(),
            text.slug.as_str(),
            text.title.as_str(),
            text.body.as_str(),
            text.meta_description.as_str(),
        );
        execute!(
            tx,
            "INSERT INTO page_versions (page_id, version, locale, title, body, saved_at) \
             VALUES (?, ?, ?, ?, ?, ?)",
            page.id.0,
            page.version + 1,
            locale.as_str(),
            text.title.as_str(),
            text.body.as_str(),
            updated_at,
        );
    }
    Ok(true)
}

/// Title and body of a page as they were in one version.
pub async fn find_version(
    conn: &mut Conn,
    page: PageId,
    version: u32,
    locale: Locale,
) -> Result<Option<(String, String)>, DbError> {
    Ok(fetch_optional!(
        conn,
        (String, String),
        "SELECT title, body FROM page_versions WHERE page_id = ? AND version = ? AND locale = ?",
        page.0,
        version,
        locale.as_str(),
    ))
}
