//! Texts in the languages of the shop.
//!
//! They live in `locales/<tag>/*.ftl`, embedded in the executable. A test compares the keys of
//! the languages with each other and with the templates, so that no page can lack a text.

use std::{borrow::Cow, collections::HashMap};

use fluent_bundle::{
    FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle, types::FluentNumber,
};
use include_dir::{Dir, include_dir};
use serde::{Serialize, Serializer, ser::SerializeMap};

use crate::{format, storefront::page::MoneyView};

static LOCALES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../locales");

/// A language of the storefront.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Locale {
    /// The default, served at the root.
    #[default]
    French,
    /// Served under `/en`.
    English,
}

impl From<Locale> for commerce::channel::Locale {
    fn from(locale: Locale) -> Self {
        match locale {
            Locale::French => Self::FR,
            Locale::English => Self::EN,
        }
    }
}

impl From<commerce::channel::Locale> for Locale {
    fn from(locale: commerce::channel::Locale) -> Self {
        if locale == commerce::channel::Locale::EN { Self::English } else { Self::French }
    }
}

impl Locale {
    pub const ALL: [Self; 2] = [Self::French, Self::English];

    /// The BCP 47 tag, for `lang` and `hreflang`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::French => "fr",
            Self::English => "en",
        }
    }

    /// The language's name in itself, for the language switch.
    #[must_use]
    pub fn own_name(self) -> &'static str {
        match self {
            Self::French => "Français",
            Self::English => "English",
        }
    }

    /// Finds the language of a request path, and the path that remains for the router.
    #[must_use]
    pub fn split_path(path: &str) -> (Self, &str) {
        match path.strip_prefix("/en") {
            Some("") => (Self::English, "/"),
            Some(rest) if rest.starts_with('/') => (Self::English, rest),
            _ => (Self::French, path),
        }
    }

    /// Prefixes a path of the storefront; what is not one (`https:`, `#top`) stays as it is.
    #[must_use]
    pub fn path(self, path: &str) -> String {
        let is_ours = path.starts_with('/') && !path.starts_with("//");
        match self {
            Self::English if path == "/" => String::from("/en"),
            Self::English if path.starts_with("/?") => format!("/en{}", &path[1..]),
            Self::English if is_ours => format!("/en{path}"),
            Self::French | Self::English => path.to_owned(),
        }
    }

    pub(crate) fn decimal_separator(self) -> char {
        match self {
            Self::French => ',',
            Self::English => '.',
        }
    }

    /// `month` counts from 1.
    pub(crate) fn month_name(self, month: i8) -> &'static str {
        let names = match self {
            Self::French => [
                "janvier",
                "février",
                "mars",
                "avril",
                "mai",
                "juin",
                "juillet",
                "août",
                "septembre",
                "octobre",
                "novembre",
                "décembre",
            ],
            Self::English => [
                "January",
                "February",
                "March",
                "April",
                "May",
                "June",
                "July",
                "August",
                "September",
                "October",
                "November",
                "December",
            ],
        };
        usize::try_from(month - 1).ok().and_then(|i| names.get(i)).copied().unwrap_or_default()
    }
}

impl Serialize for Locale {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.tag())
    }
}

/// A text that is chosen in Rust and worded in the reader's language when it is rendered.
///
/// The key is a literal, so that the test of the keys sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    key: &'static str,
    args: Vec<(&'static str, Arg)>,
}

/// What a [`Message`] may have in its gaps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Arg {
    Text(String),
    Number(i64),
    Money(MoneyView),
}

impl Message {
    #[must_use]
    pub fn new(key: &'static str) -> Self {
        Self { key, args: Vec::new() }
    }

    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Arg>) -> Self {
        self.args.push((name, value.into()));
        self
    }

    #[must_use]
    pub fn key(&self) -> &'static str {
        self.key
    }
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<u32> for Arg {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<MoneyView> for Arg {
    fn from(amount: MoneyView) -> Self {
        Self::Money(amount)
    }
}

impl Serialize for Message {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Args<'a>(&'a [(&'static str, Arg)]);
        impl Serialize for Args<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_map(self.0.iter().map(|(name, value)| (*name, value)))
            }
        }
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("key", self.key)?;
        map.serialize_entry("args", &Args(&self.args))?;
        map.end()
    }
}

/// The texts of one language.
pub struct Texts {
    locale: Locale,
    bundle: FluentBundle<FluentResource>,
    /// Texts without gaps, most of them by far: looking one up costs no formatting.
    fixed: HashMap<String, String>,
}

/// A key that no file of the language has, or a text that lacks an argument.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum TextError {
    #[error("no text `{0}`")]
    Missing(String),
    #[error("text `{0}` cannot be formatted: {1}")]
    Unformatted(String, String),
}

impl Texts {
    /// Reads the embedded texts of a language.
    ///
    /// # Panics
    /// When a file does not parse, which the tests exclude.
    #[must_use]
    pub fn embedded(locale: Locale) -> Self {
        let tag = locale.tag().parse().expect("our tags are valid");
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(match locale {
            Locale::French => |value, _| grouped(Locale::French, value),
            Locale::English => |value, _| grouped(Locale::English, value),
        }));
        let mut keys = Vec::new();
        for (name, source) in sources(locale) {
            let resource = FluentResource::try_new(source.to_owned())
                .unwrap_or_else(|(_, errors)| panic!("{name}: {errors:?}"));
            keys.extend(keys_of(&resource));
            bundle
                .add_resource(resource)
                .unwrap_or_else(|errors| panic!("{name} repeats a key: {errors:?}"));
        }
        let mut texts = Self { locale, bundle, fixed: HashMap::new() };
        for key in keys {
            if let Ok(text) = texts.format(&key, &FluentArgs::new()) {
                texts.fixed.insert(key, text);
            }
        }
        texts
    }

    pub fn locale(&self) -> Locale {
        self.locale
    }

    /// The keys of every text, sorted.
    pub fn keys(&self) -> Vec<String> {
        let mut keys: Vec<String> = sources(self.locale)
            .flat_map(|(_, source)| match FluentResource::try_new(source.to_owned()) {
                Ok(resource) | Err((resource, _)) => keys_of(&resource),
            })
            .collect();
        keys.sort();
        keys
    }

    /// A text without gaps.
    pub fn fixed(&self, key: &str) -> Option<&str> {
        self.fixed.get(key).map(String::as_str)
    }

    pub fn format(&self, key: &str, args: &FluentArgs<'_>) -> Result<String, TextError> {
        let pattern = self
            .bundle
            .get_message(key)
            .and_then(|message| message.value())
            .ok_or_else(|| TextError::Missing(key.to_owned()))?;
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(args), &mut errors);
        match errors.first() {
            None => Ok(text.into_owned()),
            Some(error) => Err(TextError::Unformatted(key.to_owned(), error.to_string())),
        }
    }

    /// Words a message outside a template: a mail's subject, a line of JSON.
    pub fn say(&self, message: &Message) -> Result<String, TextError> {
        if let (Some(text), []) = (self.fixed(message.key), message.args.as_slice()) {
            return Ok(text.to_owned());
        }
        let mut args = FluentArgs::new();
        for (name, value) in &message.args {
            let value: FluentValue<'_> = match value {
                Arg::Text(text) => FluentValue::from(text.as_str()),
                Arg::Number(number) => FluentValue::from(*number),
                Arg::Money(amount) => {
                    FluentValue::from(format::money(self.locale, amount.minor, &amount.currency))
                }
            };
            args.set(*name, value);
        }
        self.format(message.key, &args)
    }
}

fn sources(locale: Locale) -> impl Iterator<Item = (Cow<'static, str>, &'static str)> {
    LOCALES.get_dir(locale.tag()).into_iter().flat_map(Dir::files).filter_map(|file| {
        let name = file.path().to_string_lossy();
        name.ends_with(".ftl").then(|| file.contents_utf8().map(|text| (name, text)))?
    })
}

fn keys_of(resource: &FluentResource) -> Vec<String> {
    // The syntax tree's types belong to another crate; the source is just as easy to read.
    let starts_key = |line: &&str| line.starts_with(|c: char| c.is_ascii_lowercase());
    let key = |line: &str| line.split_once('=').map(|(key, _)| key.trim_end().to_owned());
    resource.source().lines().filter(starts_key).filter_map(key).collect()
}

fn grouped(locale: Locale, value: &FluentValue<'_>) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    let number: &FluentNumber = number;
    Some(format::decimal(locale, &number.as_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_tells_the_language() {
        assert_eq!(Locale::split_path("/c/tea"), (Locale::French, "/c/tea"));
        assert_eq!(Locale::split_path("/en"), (Locale::English, "/"));
        assert_eq!(Locale::split_path("/en/c/tea"), (Locale::English, "/c/tea"));
        assert_eq!(Locale::split_path("/entretien"), (Locale::French, "/entretien"));
    }

    #[test]
    fn a_path_is_prefixed_and_a_foreign_link_is_not() {
        assert_eq!(Locale::French.path("/c/tea"), "/c/tea");
        assert_eq!(Locale::English.path("/c/tea?page=2"), "/en/c/tea?page=2");
        assert_eq!(Locale::English.path("/"), "/en");
        assert_eq!(Locale::English.path("/?page=2"), "/en?page=2");
        assert_eq!(Locale::English.path("https://mediation.example"), "https://mediation.example");
        assert_eq!(Locale::English.path("//cdn.example"), "//cdn.example");
        assert_eq!(Locale::English.path("#top"), "#top");
    }

    #[test]
    fn both_languages_have_the_same_keys() {
        let [french, english] = Locale::ALL.map(|locale| Texts::embedded(locale).keys());
        assert_eq!(french, english);
        let mut unique = french.clone();
        unique.dedup();
        assert_eq!(unique, french);
    }

    #[test]
    fn a_message_agrees_in_number_and_groups_its_digits() {
        let french = Texts::embedded(Locale::French);
        let said = |n: u32| french.say(&Message::new("listing-count").with("n", n)).unwrap();
        assert_eq!(said(1), "1 produit");
        assert_eq!(said(1200), "1\u{202f}200 produits");
    }

    #[test]
    fn an_unknown_key_is_an_error() {
        let texts = Texts::embedded(Locale::English);
        let missing = texts.format("no-such-text", &FluentArgs::new());
        assert_eq!(missing, Err(TextError::Missing(String::from("no-such-text"))));
    }

    #[test]
    fn french_texts_never_leave_punctuation_alone_on_a_line() {
        for (name, source) in sources(Locale::French) {
            for (i, line) in source.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
                for wrong in [" :", " ;", " !", " ?", " »", "« ", "'", " €", " %"] {
                    assert!(!line.contains(wrong), "{name}:{}: {wrong:?} in {line}", i + 1);
                }
            }
        }
    }
}
