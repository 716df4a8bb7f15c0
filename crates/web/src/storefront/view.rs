//! Turns what the shop knows into what templates show.

use commerce::catalog::{ContentUnit, Variant};
use commerce::customer::Address;
use commerce::eco::DeliveryCarbon;
use commerce::media::{MediaKey, Original, RENDITION_WIDTHS};
use commerce::money::Money;
use commerce::tax::TaxRate;
use search::{Offer, ShownPrice, Snapshot};
use shop::checkout::LOW_STOCK;

use super::page::{
    AddressView, Alternate, CarbonView, Card, Layout, MoneyView, OpenGraph, Picture, PriceView,
    Reduction, Rendition, StockView, UnitPrice,
};
use crate::app::App;
use crate::format;
use crate::i18n::Locale;
use crate::visit::Visit;

pub fn money(amount: Money) -> MoneyView {
    MoneyView::new(amount.minor(), amount.currency().as_str().to_owned())
}

/// A rate as percent: `5.5`.
pub fn percent(rate: TaxRate) -> String {
    let (whole, rest) = (rate.basis_points() / 100, rate.basis_points() % 100);
    if rest == 0 {
        whole.to_string()
    } else {
        format!("{whole}.{rest:02}").trim_end_matches('0').to_owned()
    }
}

/// Grams as kilograms: `1.4`.
pub fn kilograms(grams: u64) -> String {
    let text = format!("{}.{:03}", grams / 1_000, grams % 1_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

pub fn delivery_carbon(carbon: &DeliveryCarbon) -> CarbonView {
    CarbonView { kilograms: kilograms(carbon.grams_co2e), source: carbon.source.clone() }
}

/// The address of a rendition.
pub fn rendition(key: &MediaKey, width: u32, extension: &str) -> String {
    let stem = key.as_str().rsplit_once('.').map_or(key.as_str(), |(stem, _)| stem);
    format!("/media/r/{width}/{stem}.{extension}")
}

/// A picture in all widths up to `widest`.
pub fn picture(original: &Original, alt: &str, widest: u32) -> Picture {
    let fits = |width: &u32| *width <= widest && *width <= original.width.max(RENDITION_WIDTHS[0]);
    let widths: Vec<u32> = RENDITION_WIDTHS.into_iter().filter(fits).collect();
    let of = |extension: &'static str| {
        widths
            .iter()
            .map(|&width| Rendition { width, src: rendition(&original.key, width, extension) })
            .collect::<Vec<_>>()
    };
    let largest = widths.last().copied().unwrap_or(RENDITION_WIDTHS[0]);
    let height = u64::from(original.height) * u64::from(largest) / u64::from(original.width.max(1));
    Picture {
        alt: alt.to_owned(),
        width: largest,
        height: u32::try_from(height).unwrap_or(largest),
        src: rendition(&original.key, largest, "jpg"),
        webp: of("webp"),
        jpeg: of("jpg"),
    }
}

/// A small picture of which only the key is known, as carts and orders keep it; square.
pub fn thumbnail(key: &MediaKey, alt: &str) -> Picture {
    let width = RENDITION_WIDTHS[0];
    let one = |extension| vec![Rendition { width, src: rendition(key, width, extension) }];
    Picture {
        alt: alt.to_owned(),
        width,
        height: width,
        src: rendition(key, width, "jpg"),
        webp: one("webp"),
        jpeg: one("jpg"),
    }
}

pub fn price(shown: &ShownPrice, is_from: bool, locale: Locale) -> PriceView {
    PriceView {
        amount: money(shown.amount),
        is_from,
        reduction: reduction(shown),
        eco_participation: shown.eco_participation.map(money),
        per_unit: shown.per_unit.map(|(unit, amount)| UnitPrice {
            amount: money(amount),
            unit: unit_name(unit, locale).into(),
        }),
    }
}

/// A cut is only announced against a prior price that was really higher (C. conso. L112-1-1).
fn reduction(shown: &ShownPrice) -> Option<Reduction> {
    let prior = shown.prior.filter(|prior| shown.is_special() && *prior > shown.amount)?;
    let saved = i128::from(prior.minor() - shown.amount.minor());
    let percent = u32::try_from(saved * 100 / i128::from(prior.minor())).ok()?;
    Some(Reduction { lowest_30_days: money(prior), percent })
}

fn unit_name(unit: ContentUnit, locale: Locale) -> &'static str {
    match (unit, locale) {
        (ContentUnit::Milliliter, Locale::French) => "litre",
        (ContentUnit::Milliliter, Locale::English) => "litre",
        (ContentUnit::Gram, _) => "kg",
        (ContentUnit::Centimeter, Locale::French) => "mètre",
        (ContentUnit::Centimeter, Locale::English) => "metre",
        (ContentUnit::Piece, Locale::French) => "pièce",
        (ContentUnit::Piece, Locale::English) => "piece",
    }
}

pub fn stock(available: u32) -> StockView {
    match available {
        0 => StockView::Out,
        left if left <= LOW_STOCK => StockView::Low { left },
        _ => StockView::InStock,
    }
}

/// The stock of a variant that can be bought.
pub fn variant_stock(offer: &Offer, variant: &Variant) -> StockView {
    if variant.is_enabled { stock(offer.available(&variant.sku)) } else { StockView::Out }
}

/// A product in a list; `None` when it has no text or no price to show.
pub fn card(catalog: &Snapshot, offer: &Offer, locale: Locale) -> Option<Card> {
    let language = locale.into();
    let text = offer.text(language)?;
    let shown = offer.from.as_ref()?;
    let fallback = catalog.channel().default_locale();
    let eco = &offer.product.eco;
    let fact = Some(eco.origin_detail.text(language, fallback)).filter(|text| !text.is_empty());
    Some(Card {
        name: text.name.clone(),
        path: format!("/p/{}", text.slug),
        picture: offer
            .picture()
            .map(|shown| picture(&shown.original, shown.alt.text(language, fallback), 800)),
        price: price(shown, offer.to.is_some_and(|to| to > shown.amount), locale),
        is_available: offer.is_in_stock,
        fact: fact.map(str::to_owned),
        labels: eco.labels.iter().map(|label| label.scheme.clone()).collect(),
        swatches: catalog.swatches(offer).into_iter().map(|swatch| swatch.color).collect(),
        is_new: false,
    })
}

pub fn cards<'a>(
    catalog: &Snapshot,
    offers: impl IntoIterator<Item = &'a std::sync::Arc<Offer>>,
    locale: Locale,
) -> Vec<Card> {
    offers.into_iter().filter_map(|offer| card(catalog, offer, locale)).collect()
}

pub fn address(address: &Address, locale: Locale) -> AddressView {
    let mut lines = Vec::new();
    for line in [&address.company, &address.street, &address.street_extra] {
        if !line.is_empty() {
            lines.push(line.clone());
        }
    }
    lines.push(format!("{} {}", address.postcode, address.city));
    if address.country != commerce::channel::Country::FR {
        lines.push(format::country(locale, address.country.as_str()));
    }
    AddressView {
        name: address.full_name(),
        lines,
        phone: (!address.phone.is_empty()).then(|| address.phone.clone()),
    }
}

/// What a layout says beyond its title.
#[derive(Clone, Debug, Default)]
pub struct About {
    pub title: String,
    pub description: Option<String>,
    /// This page in each language, without prefix; empty when it is not for search engines.
    pub paths: Vec<(Locale, String)>,
    pub open_graph: Option<&'static str>,
    /// Relative to the shop.
    pub image: Option<String>,
    pub section: Option<String>,
    pub query: String,
}

impl About {
    pub fn titled(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }
}

/// The frame of a page that may be kept for everybody: nothing personal in it.
pub fn public_layout(app: &App, locale: Locale, about: About) -> Layout {
    let absolute =
        |locale: Locale, path: &str| format!("{}{}", app.shop.base_url, locale.path(path));
    let own = about.paths.iter().find(|(known, _)| *known == locale);
    let alternate = |(locale, path): &(Locale, String)| Alternate {
        locale: *locale,
        name: locale.own_name(),
        url: absolute(*locale, path),
    };
    let has_other = about.paths.len() > 1;
    Layout {
        locale,
        title: about.title,
        description: about.description.filter(|text| !text.is_empty()),
        canonical: own.map_or_else(|| absolute(locale, "/"), |(_, path)| absolute(locale, path)),
        alternates: about.paths.iter().filter(|_| has_other).map(alternate).collect(),
        is_indexed: own.is_some(),
        open_graph: OpenGraph {
            kind: about.open_graph.unwrap_or("website"),
            image: about.image.map(|image| format!("{}{image}", app.shop.base_url)),
        },
        section: about.section,
        csrf: None,
        flash: None,
        query: about.query,
        site: app.site(locale),
    }
}

/// The frame of a page that is one visitor's own: forms have their token, notices are shown.
///
/// Send the page through [`Visit::finish`].
pub fn own_layout(app: &App, visit: &mut Visit, about: About) -> Layout {
    let path = visit.path.clone();
    let mut layout = public_layout(app, visit.locale, about);
    layout.is_indexed = false;
    layout.alternates = Locale::ALL
        .into_iter()
        .map(|locale| Alternate {
            locale,
            name: locale.own_name(),
            url: format!("{}{}", app.shop.base_url, locale.path(&path)),
        })
        .collect();
    layout.csrf = Some(visit.form_token(app));
    layout.flash = visit.notice.clone();
    layout
}
