//! Texts per language, and the pages that a merchant writes.

use jiff::Timestamp;
use litemap::LiteMap;

use crate::channel::Locale;
use crate::{code, id};

/// The same thing in each language it was written in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Localized<T>(pub LiteMap<Locale, T>);

impl<T> Default for Localized<T> {
    fn default() -> Self {
        Self(LiteMap::new())
    }
}

impl<T> Localized<T> {
    /// The text of `locale`, else of `fallback`, else of any language at all.
    pub fn get(&self, locale: Locale, fallback: Locale) -> Option<&T> {
        self.0.get(&locale).or_else(|| self.0.get(&fallback)).or_else(|| self.0.values().next())
    }

    #[must_use]
    pub fn with(mut self, locale: Locale, text: T) -> Self {
        self.0.insert(locale, text);
        self
    }
}

impl Localized<String> {
    /// The text of `locale` or the nearest there is; empty when nobody wrote any.
    pub fn text(&self, locale: Locale, fallback: Locale) -> &str {
        self.get(locale, fallback).map_or("", String::as_str)
    }
}

impl<T> FromIterator<(Locale, T)> for Localized<T> {
    fn from_iter<I: IntoIterator<Item = (Locale, T)>>(texts: I) -> Self {
        Self(texts.into_iter().collect())
    }
}

code! {
    /// The last part of a page's address: lower-case ascii, digits and hyphens.
    Slug, 190, b'a'..=b'z' | b'0'..=b'9' | b'-'
}

impl Slug {
    /// Makes a slug out of a title: accents are dropped, all else becomes single hyphens.
    pub fn from_title(title: &str) -> Option<Self> {
        let mut slug = String::with_capacity(title.len());
        for char in title.chars().flat_map(char::to_lowercase) {
            match fold(char) {
                Some(letters) => slug.push_str(letters),
                None if char.is_ascii_alphanumeric() => slug.push(char),
                None if slug.ends_with('-') || slug.is_empty() => {}
                None => slug.push('-'),
            }
        }
        slug.truncate(180);
        Self::new(slug.trim_end_matches('-'))
    }
}

/// The ascii letters of an accented Latin letter.
fn fold(char: char) -> Option<&'static str> {
    Some(match char {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => "a",
        'ç' => "c",
        'è' | 'é' | 'ê' | 'ë' => "e",
        'ì' | 'í' | 'î' | 'ï' => "i",
        'ñ' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' => "o",
        'ù' | 'ú' | 'û' | 'ü' => "u",
        'ý' | 'ÿ' => "y",
        'œ' => "oe",
        'æ' => "ae",
        'ß' => "ss",
        _ => return None,
    })
}

id! {
    /// Identifies a page of content.
    PageId
}

code! {
    /// What a page is for, such as `terms`: the shop links to it by this name.
    PageCode, 64, b'a'..=b'z' | b'0'..=b'9' | b'-'
}

/// A page that the merchant writes: terms, legal notice, who we are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub id: PageId,
    pub code: PageCode,
    pub is_published: bool,
    /// Counts the edits; an order keeps the version of the terms its buyer accepted.
    pub version: u32,
    pub texts: Localized<PageText>,
    pub updated_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageText {
    pub slug: Slug,
    pub title: String,
    /// Markdown; raw HTML in it is shown, not obeyed.
    pub body: String,
    pub meta_description: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_becomes_a_slug() {
        let slug = |title: &str| Slug::from_title(title).map(|slug| slug.as_str().to_owned());

        assert_eq!(slug("Éponge « l’Œuf » — n° 2").as_deref(), Some("eponge-l-oeuf-n-2"));
        assert_eq!(slug("  ").as_deref(), None);
        assert_eq!(slug(&"é".repeat(300)).map(|slug| slug.len()), Some(180));
    }
}
