//! The sample data of `greenleaf demo`: a shop with everything in it, made of files in the binary.

mod catalog;
mod files;
mod picture;
mod settings;

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use commerce::channel::Locale;
use commerce::content::{Localized, Page, PageCode, PageId, PageText, Slug};
use db::Db;
use db::change::{Change, Topic};
use include_dir::{Dir, include_dir};
use jiff::Timestamp;
use shop::Clock;
use shop::ports::{MediaStore, Pictures};
use uuid::Uuid;

pub(crate) use settings::vat_rates;

static DEMO: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../assets/demo");

/// Fills an empty database with the demo shop; does nothing to one that has a channel.
///
/// `report` hears a line for each step.
pub(crate) async fn seed(
    db: &Db,
    media: &dyn MediaStore,
    pictures: &Arc<dyn Pictures>,
    clock: &Clock,
    report: &dyn Fn(&str),
) -> Result<()> {
    if !db::channel::list(&mut db.read().await?).await?.is_empty() {
        return Ok(());
    }
    let now = clock.now();
    let catalog = catalog::read().context("the sample catalog cannot be read")?;
    let drawings = catalog.drawings();
    report(&format!("drawing {} pictures", drawings.len()));
    let originals = picture::keep_all(db, media, pictures, drawings, now).await?;

    write(db, &catalog, &originals, now, report).await
}

/// Writes everything in one transaction, so that a seed that was interrupted leaves no half of a
/// shop behind.
async fn write(
    db: &Db,
    catalog: &catalog::Catalog,
    originals: &catalog::Originals,
    now: Timestamp,
    report: &dyn Fn(&str),
) -> Result<()> {
    let mut tx = db.write().await?;
    settings::write(&mut tx).await?;
    report("writing pages, attributes and categories");
    let n_pages = write_pages(&mut tx, now).await?;
    write_synonyms(&mut tx).await?;
    let categories = catalog.write_structure(&mut tx, originals, now).await?;
    report(&format!("writing {} products", catalog.n_products()));
    let n_variants = catalog.write_products(&mut tx, originals, &categories, now).await?;
    tx.commit().await?;
    report(&format!(
        "{} products, {n_variants} variants, {} categories, {n_pages} pages, {} pictures",
        catalog.n_products(),
        categories.len(),
        originals.len(),
    ));
    Ok(())
}

/// A file of the sample data.
fn file(path: &str) -> Result<&'static str> {
    let file = DEMO.get_file(path).with_context(|| format!("assets/demo/{path} is missing"))?;
    file.contents_utf8().with_context(|| format!("assets/demo/{path} is not UTF-8"))
}

fn toml<T: serde::de::DeserializeOwned>(path: &str) -> Result<T> {
    toml::from_str(file(path)?).with_context(|| format!("assets/demo/{path}"))
}

/// The same thing in French and in English.
fn both<T>(fr: T, en: T) -> Localized<T> {
    Localized::default().with(Locale::FR, fr).with(Locale::EN, en)
}

fn slug(text: &str) -> Result<Slug> {
    Slug::new(text).with_context(|| format!("{text:?} is no slug"))
}

async fn write_pages(tx: &mut db::Tx, now: Timestamp) -> Result<usize> {
    let files::Pages { page: pages } = toml("pages.toml")?;
    for page in &pages {
        let text = |text: &files::PageText| {
            Ok::<_, anyhow::Error>(PageText {
                slug: slug(&text.slug)?,
                title: text.title.clone(),
                body: text.body.trim().to_owned(),
                meta_description: text.meta_description.clone(),
            })
        };
        let page = Page {
            id: PageId(Uuid::now_v7()),
            code: PageCode::new(page.code.as_str())
                .with_context(|| format!("{:?} is no page code", page.code))?,
            is_published: true,
            version: 0,
            texts: both(text(&page.fr)?, text(&page.en)?),
            updated_at: now,
        };
        db::content::save(tx, &page).await?;
        let change = Change { topic: Topic::Content, subject: Some(page.id.0) };
        db::change::push(tx, change, now).await?;
    }
    Ok(pages.len())
}

async fn write_synonyms(tx: &mut db::Tx) -> Result<()> {
    let synonyms: BTreeMap<String, Vec<Vec<String>>> = toml("synonyms.toml")?;
    for (code, synonyms) in synonyms {
        let locale = Locale::new(&code).with_context(|| format!("{code:?} is no locale"))?;
        db::catalog::synonym::save(tx, locale, &synonyms).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
