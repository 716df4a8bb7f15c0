//! Categories and their texts.

use std::collections::HashMap;

use commerce::catalog::{Category, CategoryCode, CategoryId, CategoryText};
use commerce::channel::Locale;
use commerce::content::Slug;
use commerce::media::{MediaId, Original};
use uuid::Uuid;

use crate::channel::position;
use crate::engine::{execute, fetch_all, fetch_optional};
use crate::media::OriginalRow;
use crate::{Conn, DbError, Tx, parsed};

#[derive(sqlx::FromRow)]
struct CategoryRow {
    id: Uuid,
    number: i64,
    code: String,
    parent_id: Option<Uuid>,
    position: i64,
    is_published: bool,
    media_id: Option<Uuid>,
}

#[derive(sqlx::FromRow)]
struct CategoryTextRow {
    category_id: Uuid,
    locale: String,
    slug: String,
    name: String,
    description: String,
    meta_description: String,
}

/// Every category, in the order of their numbers; there are few enough to read them whole.
pub async fn list(conn: &mut Conn) -> Result<Vec<Category>, DbError> {
    let rows = fetch_all!(
        conn,
        CategoryRow,
        "SELECT id, number, code, parent_id, position, is_published, media_id FROM categories \
         ORDER BY number"
    );
    let text_rows = fetch_all!(
        conn,
        CategoryTextRow,
        "SELECT category_id, locale, slug, name, description, meta_description \
         FROM category_texts"
    );
    let picture_rows = fetch_all!(
        conn,
        OriginalRow,
        "SELECT m.id AS media_id, m.media_key, m.format, m.width, m.height, m.bytes \
         FROM categories c JOIN media m ON m.id = c.media_id"
    );

    let mut texts: HashMap<Uuid, Vec<CategoryTextRow>> = HashMap::new();
    for text in text_rows {
        texts.entry(text.category_id).or_default().push(text);
    }
    let pictures: HashMap<Uuid, Original> = picture_rows
        .into_iter()
        .map(|row| Ok((row.media_id, Original::try_from(row)?)))
        .collect::<Result<_, DbError>>()?;
    rows.into_iter()
        .map(|row| {
            let texts = texts.remove(&row.id).unwrap_or_default();
            Ok(Category {
                id: CategoryId(row.id),
                code: parsed("categories", &row.code, CategoryCode::new(row.code.as_str()))?,
                number: row.number,
                parent: row.parent_id.map(CategoryId),
                position: position("categories", row.position)?,
                is_published: row.is_published,
                picture: row.media_id.and_then(|id| pictures.get(&id).cloned()),
                texts: texts.into_iter().map(text).collect::<Result<_, DbError>>()?,
            })
        })
        .collect()
}

fn text(row: CategoryTextRow) -> Result<(Locale, CategoryText), DbError> {
    let locale = parsed("category_texts", &row.locale, Locale::new(&row.locale))?;
    let text = CategoryText {
        slug: parsed("category_texts", &row.slug, Slug::new(row.slug.as_str()))?,
        name: row.name,
        description: row.description,
        meta_description: row.meta_description,
    };
    Ok((locale, text))
}

pub async fn insert(tx: &mut Tx, category: &Category) -> Result<(), DbError> {
    execute!(
        tx,
        "INSERT INTO categories (id, number, code, parent_id, position, is_published, media_id) \
         VALUES (?, ?, ?, ?, ?, ?, ?)",
        category.id.0,
        category.number,
        category.code.as_str(),
        category.parent.map(|parent| parent.0),
        category.position,
        category.is_published,
        picture_id(category),
    );
    insert_texts(tx, category).await
}

/// Writes what a category has become; `false` when there is no such category.
pub async fn update(tx: &mut Tx, category: &Category) -> Result<bool, DbError> {
    let updated = execute!(
        tx,
        "UPDATE categories SET code = ?, parent_id = ?, position = ?, is_published = ?, \
         media_id = ? WHERE id = ?",
        category.code.as_str(),
        category.parent.map(|parent| parent.0),
        category.position,
        category.is_published,
        picture_id(category),
        category.id.0,
    );
    if updated == 0 {
        return Ok(false);
    }
    execute!(tx, "DELETE FROM category_texts WHERE category_id = ?", category.id.0);
    insert_texts(tx, category).await?;
    Ok(true)
}

fn picture_id(category: &Category) -> Option<Uuid> {
    category.picture.as_ref().map(|&Original { id: MediaId(id), .. }| id)
}

async fn insert_texts(tx: &mut Tx, category: &Category) -> Result<(), DbError> {
    for (locale, text) in &category.texts.0 {
        execute!(
            tx,
            "INSERT INTO category_texts (category_id, locale, slug, name, description, \
             meta_description) VALUES (?, ?, ?, ?, ?, ?)",
            category.id.0,
            locale.as_str(),
            text.slug.as_str(),
            text.name.as_str(),
            text.description.as_str(),
            text.meta_description.as_str(),
        );
    }
    Ok(())
}

/// Deletes a category that has no children; its products stay, without it.
pub async fn delete(tx: &mut Tx, id: CategoryId) -> Result<bool, DbError> {
    let child = fetch_optional!(
        tx,
        (Uuid,),
        "SELECT id FROM categories WHERE parent_id = ? LIMIT 1",
        id.0,
    );
    if child.is_some() {
        return Ok(false);
    }
    execute!(tx, "DELETE FROM product_categories WHERE category_id = ?", id.0);
    execute!(tx, "DELETE FROM category_texts WHERE category_id = ?", id.0);
    Ok(execute!(tx, "DELETE FROM categories WHERE id = ?", id.0) == 1)
}

/// `wanted`, or the same with the first free suffix when another category has it.
pub async fn free_slug(
    conn: &mut Conn,
    locale: Locale,
    wanted: &Slug,
    owner: CategoryId,
) -> Result<Slug, DbError> {
    let (from, until) = super::slug_range(wanted);
    let rows = fetch_all!(
        conn,
        (String,),
        "SELECT slug FROM category_texts \
         WHERE locale = ? AND slug >= ? AND slug < ? AND category_id <> ?",
        locale.as_str(),
        &from,
        &until,
        owner.0,
    );
    Ok(super::first_free(wanted, &rows.into_iter().map(|(slug,)| slug).collect()))
}
