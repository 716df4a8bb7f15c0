//! Which language a store view speaks.

use commerce::channel::{Channel, Locale};

use super::Terms;

/// The language of a store view: as the terms say, or that of its name, or the channel's first
/// one for Magento's own `default`.
pub(super) fn locale_of(terms: &Terms, channel: &Channel, view: &str) -> Option<Locale> {
    let code = view.to_ascii_lowercase();
    if let Some(locale) = terms.views.get(view) {
        return Some(*locale);
    }
    match code.as_str() {
        "default" | "all" | "admin" => Some(channel.default_locale()),
        code => Locale::new(code).filter(|locale| channel.locales.contains(locale)),
    }
}
