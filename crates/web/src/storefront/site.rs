//! What stands around every page: the menu, the footer, who sells.

use commerce::catalog::Category;
use commerce::channel::Merchant;
use commerce::content::Page;
use commerce::shipment::ShippingRule;
use search::Snapshot;
use shop::settings::Settings;

use super::page::{Identity, Link, Mediator, MenuBelow, MenuEntry, Site};
use super::view;
use crate::i18n::Locale;
use crate::render::Renderer;

/// The pages that the footer's legal line has, in its order.
const LEGAL: [&str; 6] = ["terms", "legal", "privacy", "cookies", "accessibility", "withdrawal"];

/// All pages that a shop has by name, as their side menu lists them.
pub const ALL: [&str; 9] = [
    "about",
    "shipping-returns",
    "faq",
    "terms",
    "withdrawal",
    "legal",
    "privacy",
    "cookies",
    "accessibility",
];

impl crate::render::Page for MenuBelow {
    const TEMPLATE: &'static str = "storefront/menu_below.html";

    fn locale(&self) -> Locale {
        self.locale
    }
}

pub fn site(
    locale: Locale,
    catalog: &Snapshot,
    settings: &Settings,
    pages: &[Page],
    renderer: &Renderer,
) -> Site {
    let channel = &settings.channel;
    let language = locale.into();
    let entry = |category: &Category| {
        let text = category.texts.get(language, channel.default_locale())?;
        Some((text.name.clone(), format!("/c/{}", text.slug)))
    };
    let menu = catalog
        .children(None)
        .into_iter()
        .filter_map(|top| {
            let (name, path) = entry(top)?;
            let links: Vec<Link> = catalog
                .children(Some(top.id))
                .into_iter()
                .filter_map(entry)
                .map(|(name, path)| Link { name, path })
                .collect();
            let has_links = !links.is_empty();
            // A theme's mistake in this part costs the part and not every page.
            let below = renderer.draw(&MenuBelow { locale, links }).inspect_err(|error| {
                let error: &dyn std::error::Error = error;
                tracing::error!(error, "the menu is incomplete");
            });
            Some(MenuEntry { name, path, below: below.ok().filter(|_| has_links) })
        })
        .collect();
    Site {
        identity: identity(&channel.merchant, settings),
        announcement: None,
        menu,
        footer: Vec::new(),
        legal: LEGAL.iter().filter_map(|code| page_link(pages, code, locale)).collect(),
        mediator: mediator(&channel.merchant),
        has_languages: channel.locales.len() > 1,
    }
}

/// The link to a page by its code, if the merchant has published it.
pub fn page_link(pages: &[Page], code: &str, locale: Locale) -> Option<Link> {
    let page = pages.iter().find(|page| page.code.as_str() == code && page.is_published)?;
    let text = page.texts.get(locale.into(), commerce::channel::Locale::FR)?;
    Some(Link { name: text.title.clone(), path: format!("/pages/{}", text.slug) })
}

fn identity(merchant: &Merchant, settings: &Settings) -> Identity {
    let some = |text: &String| (!text.is_empty()).then(|| text.clone());
    let offered = settings.shipping.iter().find_map(|method| match &method.rule {
        ShippingRule::FreeAbove { threshold, .. } => Some(view::money(*threshold)),
        _ => None,
    });
    Identity {
        name: merchant.trade_name.clone(),
        tagline: None,
        legal_name: merchant.legal_name.clone(),
        legal_form: None,
        address: merchant.address.clone(),
        email: merchant.email.clone(),
        phone: some(&merchant.phone),
        opening_hours: None,
        registration: merchant.registry.clone(),
        vat_number: some(&merchant.vat_number),
        producer_ids: Vec::new(),
        offered_delivery_from: offered,
    }
}

/// The mediator is kept as one text, `name, address, url`.
fn mediator(merchant: &Merchant) -> Option<Mediator> {
    let (rest, url) = merchant.mediator.rsplit_once(", ")?;
    let (name, address) = rest.split_once(", ")?;
    Some(Mediator { name: name.to_owned(), address: address.to_owned(), url: url.to_owned() })
}
