//! Pages of content: written, with every version kept.

use commerce::content::{Localized, Page, PageCode, PageId, PageText, Slug};
use commerce::redirect::Target;
use db::DbError;
use db::change::{Change, Topic};
use uuid::Uuid;

use crate::{MayRetry, Shop, redirect, use_case};

/// A page as somebody writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageInput {
    pub code: PageCode,
    pub is_published: bool,
    pub texts: Localized<PageText>,
}

/// What saving a page came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    Created,
    Updated,
    /// It said so already; no new version was made.
    Unchanged,
}

/// Why a page was not saved. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum SavePageError {
    #[error("another page has the address {0}")]
    SlugTaken(Slug),
    #[error("a page needs a text")]
    Empty,
    #[error("a title has 1 to 255 characters")]
    Title,
    #[error("somebody else changed the page meanwhile")]
    Stale,
    #[error("the shop could not be reached")]
    Db(#[from] DbError),
}

impl MayRetry for SavePageError {
    fn is_worth_retrying(&self) -> bool {
        match self {
            Self::Stale | Self::Db(DbError::Taken(_)) => true,
            Self::Db(error) => error.is_worth_retrying(),
            Self::SlugTaken(_) | Self::Empty | Self::Title => false,
        }
    }
}

/// Writes the page of a code, new or known; the address that a text gives up leads to the new one.
pub async fn save_page(shop: &Shop, input: &PageInput) -> Result<Saved, SavePageError> {
    if input.texts.0.is_empty() {
        return Err(SavePageError::Empty);
    }
    let is_title = |text: &PageText| (1..=255).contains(&text.title.trim().chars().count());
    if !input.texts.0.values().all(is_title) {
        return Err(SavePageError::Title);
    }
    use_case("save-page", || async {
        let mut tx = shop.db.write().await?;
        let before = db::content::find(&mut tx, &input.code).await?;
        let is_same = |before: &Page| {
            before.is_published == input.is_published && before.texts == input.texts
        };
        if before.as_ref().is_some_and(is_same) {
            return Ok(Saved::Unchanged);
        }
        let page = Page {
            id: before.as_ref().map_or_else(|| PageId(Uuid::now_v7()), |before| before.id),
            code: input.code.clone(),
            is_published: input.is_published,
            version: before.as_ref().map_or(0, |before| before.version),
            texts: input.texts.clone(),
            updated_at: shop.clock.now(),
        };
        for (&locale, text) in &page.texts.0 {
            let other = db::content::find_by_slug(&mut tx, locale, &text.slug).await?;
            if other.is_some_and(|other| other.id != page.id) {
                return Err(SavePageError::SlugTaken(text.slug.clone()));
            }
        }
        if !db::content::save(&mut tx, &page).await? {
            return Err(SavePageError::Stale);
        }
        let at = page.updated_at;
        if let Some(before) = &before {
            let target = Target::Page(page.id);
            redirect::keep(&mut tx, &target, &before.texts, &page.texts, |it| &it.slug, at).await?;
        }
        let change = Change { topic: Topic::Content, subject: Some(page.id.0) };
        db::change::push(&mut tx, change, at).await?;
        tx.commit().await?;
        Ok(if before.is_some() { Saved::Updated } else { Saved::Created })
    })
    .await
}
