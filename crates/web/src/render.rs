//! Turns page structs into HTML.
//!
//! One minijinja environment per language, so that `t`, `money` and their like know theirs
//! without looking it up. Templates are embedded; a theme folder may override any of them.
//!
//! | in templates | gives |
//! |---|---|
//! | `t("key", name=value)` | a text of `locales/`; safe HTML among the arguments stays HTML |
//! | `say(message)` | the wording of a [`Message`] |
//! | `url("/c/tea")` | the path in the page's language |
//! | `asset("css/shop.css")` | the URL of an embedded file |
//! | `amount\|money` | `24,90 €` |
//! | `n\|number`, `"1.5"\|decimal` | digits grouped, separators of the language |
//! | `micros\|date`, `\|datetime`, `\|iso` | an instant for people and for machines |
//! | `value\|json_ld` | JSON that cannot close its `<script>` |

use std::{
    fs,
    path::{Component, Path, PathBuf},
    time::SystemTime,
};

use fluent_bundle::{FluentArgs, FluentValue};
use include_dir::{Dir, include_dir};
use jiff::tz::TimeZone;
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, HtmlEscape, Output, State, TemplateSource,
    UndefinedBehavior, escape_formatter,
    syntax::SyntaxConfig,
    value::{Kwargs, Serde, Value, ValueKind},
};
use serde::Serialize;

use crate::{
    assets::Assets,
    format,
    i18n::{Locale, Message, Texts},
};

static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../templates");

/// What one template shows. Every page of the storefront and of the back office has one.
pub trait Page: Serialize {
    /// The template's path under `templates/`.
    const TEMPLATE: &'static str;

    fn locale(&self) -> Locale;
}

/// A template that could not be rendered: a bug in it, or in a theme that overrides it.
#[derive(Debug, thiserror::Error)]
#[error("template {template} could not be rendered")]
pub struct RenderError {
    template: &'static str,
    source: Error,
}

/// The templates, ready to render, in every language.
pub struct Renderer {
    french: Environment<'static>,
    english: Environment<'static>,
    texts: [std::sync::Arc<Texts>; 2],
}

impl Renderer {
    /// `theme` is a folder laid out like `templates/`; a file found there wins over the embedded
    /// one and is read again when it changes. `zone` is the shop's, for dates.
    #[must_use]
    pub fn new(assets: &Assets, theme: Option<&Path>, zone: &TimeZone) -> Self {
        let texts = [Locale::French, Locale::English]
            .map(|locale| std::sync::Arc::new(Texts::embedded(locale)));
        let build = |locale, texts: &std::sync::Arc<Texts>| {
            environment(locale, texts.clone(), assets, theme, zone)
        };
        Self {
            french: build(Locale::French, &texts[0]),
            english: build(Locale::English, &texts[1]),
            texts,
        }
    }

    /// Words a message outside a template; a text that lacks an argument is a bug, and empty.
    pub fn say(&self, locale: Locale, message: &Message) -> String {
        let [french, english] = &self.texts;
        let texts = match locale {
            Locale::French => french,
            Locale::English => english,
        };
        texts.say(message).unwrap_or_default()
    }

    pub fn render<P: Page>(&self, page: &P) -> Result<String, RenderError> {
        let failed = |source| RenderError { template: P::TEMPLATE, source };
        let template = self.environment(page.locale()).get_template(P::TEMPLATE).map_err(failed)?;
        template.render(Serde(page)).map_err(failed)
    }

    /// Renders a part that many pages show.
    pub fn draw<P: Page>(&self, part: &P) -> Result<Drawn, RenderError> {
        Ok(Drawn(Value::from_safe_string(self.render(part)?)))
    }

    fn environment(&self, locale: Locale) -> &Environment<'static> {
        match locale {
            Locale::French => &self.french,
            Locale::English => &self.english,
        }
    }
}

/// A value converted for templates once and shared by many pages, as the menu is.
#[derive(Debug)]
pub struct Prepared<T> {
    value: Value,
    of: std::marker::PhantomData<fn() -> T>,
}

impl<T: Serialize> Prepared<T> {
    pub fn new(value: &T) -> Self {
        Self { value: Value::from(Serde(value)), of: std::marker::PhantomData }
    }
}

impl<T> Clone for Prepared<T> {
    fn clone(&self) -> Self {
        Self { value: self.value.clone(), of: self.of }
    }
}

impl<T> Serialize for Prepared<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

/// A part of pages that was rendered before them.
#[derive(Clone, Debug)]
pub struct Drawn(Value);

impl Drawn {
    /// How long its HTML is, in bytes.
    pub fn n_bytes(&self) -> usize {
        self.0.as_str().map_or(0, str::len)
    }
}

impl Serialize for Drawn {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// Every embedded template's name and source, for the tests that read them.
#[must_use]
pub fn embedded_templates() -> Vec<(String, &'static str)> {
    fn collect(dir: &'static Dir<'_>, found: &mut Vec<(String, &'static str)>) {
        for file in dir.files() {
            let name = file.path().to_string_lossy().replace('\\', "/");
            found.extend(file.contents_utf8().map(|source| (name, source)));
        }
        for folder in dir.dirs() {
            collect(folder, found);
        }
    }
    let mut found = Vec::new();
    collect(&TEMPLATES, &mut found);
    found
}

fn environment(
    locale: Locale,
    texts: std::sync::Arc<Texts>,
    assets: &Assets,
    theme: Option<&Path>,
    zone: &TimeZone,
) -> Environment<'static> {
    let mut env = Environment::new();
    env.set_syntax(
        SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build()
            .expect("the default delimiters are valid"),
    );
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_auto_escape_callback(|name| match name.rsplit('.').next() {
        Some("html" | "svg") => AutoEscape::Html,
        _ => AutoEscape::None,
    });
    env.set_formatter(escape);
    let theme = theme.map(Path::to_owned);
    env.set_loader(move |name| Ok(load(theme.as_deref(), name)));

    let said = texts.clone();
    env.add_function("t", move |key: &str, args: Kwargs| {
        let values = args.args().map(|name| (name, args.get::<Value>(name)));
        text(&texts, key, values)
    });
    env.add_function("say", move |message: Value| {
        let key = message.get_attr("key")?;
        let args = message.get_attr("args")?;
        let names: Vec<String> = args.try_iter()?.map(|name| name.to_string()).collect();
        let values = names.iter().map(|name| (name.as_str(), args.get_attr(name)));
        text(&said, key.as_str().unwrap_or_default(), values)
    });
    env.add_function("url", move |path: &str| locale.path(path));
    let assets = assets.clone();
    env.add_function("asset", move |path: &str| {
        assets.url(path).ok_or_else(|| refuse(format!("no asset {path}")))
    });

    env.add_filter("money", move |amount: Value| {
        let (minor, currency) = amount_of(&amount).ok_or_else(|| refuse("not an amount"))?;
        Ok::<_, Error>(format::money(locale, minor, &currency))
    });
    env.add_filter("plain_money", |amount: Value| {
        let (minor, currency) = amount_of(&amount).ok_or_else(|| refuse("not an amount"))?;
        Ok::<_, Error>(format::plain_money(minor, &currency))
    });
    env.add_filter("number", move |value: u64| format::number(locale, value));
    env.add_filter("decimal", move |value: String| format::decimal(locale, &value));
    let (day_zone, time_zone) = (zone.clone(), zone.clone());
    env.add_filter("date", move |micros: i64| instant(format::date(locale, &day_zone, micros)));
    env.add_filter("datetime", move |micros: i64| {
        instant(format::date_time(locale, &time_zone, micros))
    });
    env.add_filter("iso", |micros: i64| instant(format::iso(micros)));
    env.add_filter("json_ld", json_ld);
    env
}

/// Escapes text for HTML: the five characters that could end it, in text and in quotes. Slashes
/// stay as they are, since they end nothing and every link is full of them.
fn escape(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    let is_plain = matches!(state.auto_escape(), AutoEscape::Html) && !value.is_safe();
    let Some(text) = value.as_str().filter(|_| is_plain) else {
        return escape_formatter(out, state, value);
    };
    let mut rest = text;
    while let Some(at) = rest.find(['<', '>', '&', '"', '\'']) {
        let (before, from) = rest.split_at(at);
        let (special, after) = from.split_at(1);
        out.write_str(before)?;
        out.write_str(match special {
            "<" => "&lt;",
            ">" => "&gt;",
            "&" => "&amp;",
            "\"" => "&quot;",
            _ => "&#x27;",
        })?;
        rest = after;
    }
    Ok(out.write_str(rest)?)
}

fn load(theme: Option<&Path>, name: &str) -> Option<TemplateSource> {
    let is_plain = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    let overriding = theme.filter(|_| is_plain).map(|folder| folder.join(name));
    if let Some(path) = overriding
        && let Ok(source) = fs::read_to_string(&path)
    {
        let read_at = changed_at(&path);
        let is_current = move || changed_at(&path) == read_at;
        return Some(TemplateSource::new(source).with_uptodate_check(is_current));
    }
    TEMPLATES.get_file(name)?.contents_utf8().map(TemplateSource::new)
}

fn changed_at(path: &PathBuf) -> Option<SystemTime> {
    fs::metadata(path).and_then(|found| found.modified()).ok()
}

/// Words a text. When an argument is HTML (a link made by the template), the whole is HTML and
/// the other arguments are escaped; the texts themselves contain no markup.
fn text<'a>(
    texts: &Texts,
    key: &str,
    values: impl Iterator<Item = (&'a str, Result<Value, Error>)>,
) -> Result<Value, Error> {
    let values: Vec<(&str, Value)> =
        values.map(|(name, value)| value.map(|value| (name, value))).collect::<Result<_, _>>()?;
    if let (Some(fixed), []) = (texts.fixed(key), values.as_slice()) {
        return Ok(Value::from(fixed));
    }
    let is_html = values.iter().any(|(_, value)| value.is_safe());
    let mut args = FluentArgs::new();
    for (name, value) in &values {
        let worded = argument(texts.locale(), value)?;
        args.set(
            *name,
            match worded {
                FluentValue::String(plain) if is_html && !value.is_safe() => {
                    FluentValue::from(HtmlEscape(&plain).to_string())
                }
                worded => worded,
            },
        );
    }
    let text = texts.format(key, &args).map_err(|error| {
        Error::new(ErrorKind::InvalidOperation, "text not found or incomplete").with_source(error)
    })?;
    Ok(if is_html { Value::from_safe_string(text) } else { Value::from(text) })
}

fn argument(locale: Locale, value: &Value) -> Result<FluentValue<'static>, Error> {
    if let Some((minor, currency)) = amount_of(value) {
        return Ok(FluentValue::from(format::money(locale, minor, &currency)));
    }
    match value.kind() {
        ValueKind::Number => value
            .as_i64()
            .map(FluentValue::from)
            .ok_or_else(|| refuse("only whole numbers may stand in a text")),
        ValueKind::String => Ok(FluentValue::from(value.to_string())),
        other => Err(refuse(format!("a text cannot contain a {other}"))),
    }
}

fn amount_of(value: &Value) -> Option<(i64, String)> {
    if value.kind() != ValueKind::Map {
        return None;
    }
    let minor = value.get_attr("minor").ok()?.as_i64()?;
    let currency = value.get_attr("currency").ok()?;
    Some((minor, currency.as_str()?.to_owned()))
}

fn instant(formatted: Option<String>) -> Result<String, Error> {
    formatted.ok_or_else(|| refuse("instant out of range"))
}

/// Writes JSON for a `<script>` data block: no character of it can end the block.
fn json_ld(value: &Value) -> Result<Value, Error> {
    let json = serde_json::to_string(value)
        .map_err(|error| refuse("not representable as JSON").with_source(error))?;
    let mut safe = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            '<' => safe.push_str("\\u003c"),
            '>' => safe.push_str("\\u003e"),
            '&' => safe.push_str("\\u0026"),
            '\u{2028}' => safe.push_str("\\u2028"),
            '\u{2029}' => safe.push_str("\\u2029"),
            other => safe.push(other),
        }
    }
    Ok(Value::from_safe_string(safe))
}

fn refuse(detail: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::InvalidOperation, detail)
}

#[cfg(test)]
mod tests {
    use minijinja::context;

    use super::*;
    use crate::storefront::page::MoneyView;

    fn render(source: &str, context: Value) -> String {
        let zone = TimeZone::UTC;
        let texts = std::sync::Arc::new(Texts::embedded(Locale::French));
        let env = environment(Locale::French, texts, &Assets::embedded(), None, &zone);
        env.render_named_str("test.html", source, context).unwrap()
    }

    #[test]
    fn json_cannot_close_its_script() {
        let context = context! { name => "</script><b>&" };
        assert_eq!(
            render("{{ {'name': name}|json_ld }}", context),
            r#"{"name":"\u003c/script\u003e\u003cb\u003e\u0026"}"#
        );
    }

    #[test]
    fn a_link_in_a_text_stays_a_link_and_a_name_in_it_is_escaped() {
        let context = context! { version => "<2>" };
        let html = render(
            "{{ t('checkout-terms-version', terms='<a>x</a>'|safe, version=version) }}",
            context,
        );
        assert!(html.contains("<a>x</a>"), "{html}");
        assert!(html.contains("&lt;2&gt;"), "{html}");
    }

    #[test]
    fn amounts_are_written_in_the_language_of_the_page() {
        let context = context! { price => Serde(MoneyView::new(2490, "EUR")) };
        assert_eq!(
            render("{{ price|money }} {{ price|plain_money }}", context),
            "24,90\u{a0}€ 24.90"
        );
    }

    #[test]
    fn a_theme_overrides_a_template_and_cannot_reach_outside_its_folder() {
        let theme = std::env::temp_dir().join(format!("greenleaf-theme-{}", std::process::id()));
        fs::create_dir_all(theme.join("storefront")).unwrap();
        fs::write(theme.join("storefront/home.html"), "mine").unwrap();
        fs::write(theme.join("secret.html"), "secret").unwrap();

        let source = |name| load(Some(&theme.join("storefront/..")), name);
        assert_eq!(source("storefront/home.html").unwrap().source(), "mine");
        assert_ne!(source("storefront/layout.html").unwrap().source(), "mine");
        assert!(load(Some(&theme.join("storefront")), "../secret.html").is_none());

        fs::remove_dir_all(theme).unwrap();
    }
}
