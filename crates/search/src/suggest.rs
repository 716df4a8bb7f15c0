//! What may be meant by what has been typed so far.

use std::sync::Arc;

use commerce::catalog::CategoryId;
use commerce::channel::Locale;

use crate::listing::smallest;
use crate::offer::Offer;
use crate::snapshot::Snapshot;
use crate::text::{self, TextSearcher};

/// One line under the search field.
#[derive(Clone, Debug)]
pub enum Suggestion {
    /// What was typed, with its last word completed.
    Term(String),
    Category(CategoryId),
    Product(Arc<Offer>),
}

impl Snapshot {
    /// At most `limit` suggestions: a quarter of them terms, a quarter categories, then products,
    /// featured ones first.
    pub fn suggest(&self, locale: Locale, text: &str, limit: usize) -> Vec<Suggestion> {
        let Some(texts) = self.texts_in(locale) else { return Vec::new() };
        let share = limit.div_ceil(4);
        let mut suggestions: Vec<Suggestion> =
            texts.complete(text, share).into_iter().map(Suggestion::Term).collect();
        let categories = self.categories_beginning(locale, text).into_iter().take(share);
        suggestions.extend(categories.map(Suggestion::Category));

        let rows = texts.begin_with(text);
        let left = limit.saturating_sub(suggestions.len());
        let best = smallest(&rows, 0, left, |row| {
            let row = self.row(row);
            (!row.is_featured(), !row.is_in_stock(), row.number)
        });
        let products = best.into_iter().filter_map(|row| self.offer_at(row).cloned());
        suggestions.extend(products.map(Suggestion::Product));
        suggestions.truncate(limit);
        suggestions
    }

    /// The categories in whose name each typed word begins a word.
    fn categories_beginning(&self, locale: Locale, text: &str) -> Vec<CategoryId> {
        let typed: String = text.chars().take(100).collect();
        let typed = text::fold(&typed);
        let typed: Vec<&str> = split(&typed).collect();
        if typed.iter().all(|word| word.chars().count() < 2) {
            return Vec::new();
        }
        let begins = |name: &str| {
            let name = text::fold(name);
            typed.iter().all(|typed| split(&name).any(|word| word.starts_with(typed)))
        };
        let fallback = self.channel().default_locale();
        let name = |texts: &commerce::content::Localized<commerce::catalog::CategoryText>| {
            texts.get(locale, fallback).map(|text| begins(&text.name))
        };
        let categories = self.categories();
        categories.filter(|c| name(&c.texts) == Some(true)).map(|c| c.id).collect()
    }

    /// The text index of a language, else of the channel's first.
    pub(crate) fn texts_in(&self, locale: Locale) -> Option<&TextSearcher> {
        self.texts.iter().find(|texts| texts.locale() == locale).or(self.texts.first())
    }
}

fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty())
}
