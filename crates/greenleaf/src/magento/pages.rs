//! Pages, whose HTML becomes Markdown, and blocks, which stand where pages name them.

use std::collections::BTreeMap;

use anyhow::Result;
use commerce::content::{Localized, PageCode, PageText, Slug};
use db::magento::{Magento, Row};
use exchange::html::to_markdown;
use shop::content::{PageInput, SavePageError, save_page};

use super::Move;
use super::aside::Entity;

/// Pages of Magento's own working, which the shop has of its own or does not need.
const OWN: [&str; 3] = ["home", "no-route", "enable-cookies"];

/// The code of a page by its address in Magento.
pub(super) fn page_code(identifier: &str) -> Option<PageCode> {
    let slug = Slug::from_title(identifier.trim_end_matches(".html"))?;
    let code = slug.as_str().get(..64).unwrap_or(slug.as_str()).trim_end_matches('-');
    PageCode::new(code)
}

impl Move<'_> {
    /// Reads the blocks, so that texts can name them, and keeps them aside.
    pub(super) async fn read_blocks(&mut self, source: &mut Magento) -> Result<()> {
        for row in &source.blocks().await? {
            self.tally(Entity::Blocks).source += 1;
            let reason = "the shop has blocks only within pages";
            self.side.keep(Entity::Blocks, reason, &[("block", &[row])])?;
            if row.id("is_active") == 1 {
                let content = row.text("content");
                self.directives.blocks.insert(row.text("block_id"), content.clone());
                self.directives.blocks.insert(row.text("identifier"), content);
            }
        }
        Ok(())
    }

    /// Writes the pages; those of several views with one address are one page in several languages.
    pub(super) async fn pages(&mut self, source: &mut Magento) -> Result<()> {
        let rows = source.pages().await?;
        let mut pages: BTreeMap<u64, Vec<&Row>> = BTreeMap::new();
        for row in &rows {
            pages.entry(row.id("page_id")).or_default().push(row);
        }
        let mut by_code: BTreeMap<PageCode, Vec<(u64, Vec<&Row>)>> = BTreeMap::new();
        for (id, rows) in pages {
            self.tally(Entity::Pages).source += 1;
            let row = rows[0];
            let identifier = row.text("identifier");
            let kept: &[(&str, &[&Row])] = &[("page", &[row])];
            if OWN.contains(&identifier.as_str()) {
                self.side.keep(Entity::Pages, "the shop has one of its own", kept)?;
                continue;
            }
            let is_shown = |row: &&Row| {
                let view = row.id("store_id");
                view == 0 || self.site.views.iter().any(|taken| taken.id == view)
            };
            if !rows.iter().any(is_shown) {
                self.side.keep(Entity::Pages, "no view that is taken shows it", kept)?;
                continue;
            }
            match page_code(&identifier) {
                Some(code) => by_code.entry(code).or_default().push((id, rows)),
                None => self.rejects.keep(Entity::Pages, "it has no address", kept)?,
            }
        }
        for (code, pages) in by_code {
            for (id, _) in &pages {
                self.page_codes.insert(*id, code.clone());
            }
            self.page(code, &pages).await?;
        }
        Ok(())
    }

    async fn page(&mut self, code: PageCode, pages: &[(u64, Vec<&Row>)]) -> Result<()> {
        let mut texts = Localized::default();
        let mut lost_all = Vec::new();
        for view in &self.site.views {
            // What is for the view alone is nearer than what is for all.
            let shows = |view: u64| {
                pages.iter().find(|(_, rows)| rows.iter().any(|row| row.id("store_id") == view))
            };
            let Some((_, rows)) = shows(view.id).or_else(|| shows(0)) else { continue };
            let row = rows[0];
            let (content, lost) = self.directives.resolve(&row.text("content"));
            lost_all.extend(lost);
            let heading = row.text("content_heading");
            let title = row.text("title");
            let title = if title.trim().is_empty() { heading } else { title };
            let slug = Slug::from_title(row.text("identifier").trim_end_matches(".html"));
            let Some(slug) = slug else { continue };
            texts.0.insert(
                view.locale,
                PageText {
                    slug,
                    title: title.trim().to_owned(),
                    body: to_markdown(&content).trim().to_owned(),
                    meta_description: row.text("meta_description").trim().to_owned(),
                },
            );
        }
        let rows: Vec<&Row> = pages.iter().map(|(_, rows)| rows[0]).collect();
        let n_pages = u64::try_from(pages.len())?;
        let input = PageInput {
            code,
            is_published: rows.iter().any(|row| row.id("is_active") == 1),
            texts,
        };
        let saved = match self.is_dry {
            true => Ok(()),
            false => save_page(self.shop, &input).await.map(drop),
        };
        match saved {
            Ok(()) => {
                self.tally(Entity::Pages).moved += n_pages;
                if !lost_all.is_empty() {
                    lost_all.sort();
                    lost_all.dedup();
                    let reason = format!("left out of it: {}", lost_all.join(" "));
                    self.side.note(Entity::Pages, &reason, &[("page", &rows)])?;
                }
            }
            Err(SavePageError::Db(error)) => return Err(error.into()),
            Err(refused) => {
                for row in rows {
                    let reason = refused.to_string();
                    self.rejects.keep(Entity::Pages, &reason, &[("page", &[row])])?;
                }
            }
        }
        Ok(())
    }
}
