//! The product page.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use commerce::catalog::{AttributeValue, ProductKind, Sku, Variant, Visibility};
use commerce::content::{Localized, Slug};
use commerce::shipment::ShippingRule;
use search::{Listing, Offer, Scope, Snapshot};
use shop::settings::Settings;

use super::catalog::{is_shown, parameter, paths, trail};
use super::failure::Failure;
use super::page::{
    Axis, AxisValue, Breadcrumb, Carbon, Characteristic, DeliveryView, EcoLabel, EcoSheet,
    GuaranteeView, Material, PartyView, Picture, PriceView, ProductPage, ProductView, SafetyView,
    StockView, VariantView, breadcrumbs_json_ld,
};
use super::site;
use super::view::{self, About};
use crate::app::App;
use crate::format;
use crate::i18n::Locale;
use crate::visit::Visit;

/// The most of one variant that a page offers at once.
const MAX_AT_ONCE: u32 = 20;
/// How long a consumer may change his mind (C. conso. L221-18).
pub(super) const WITHDRAWAL_DAYS: u32 = 14;

pub(super) async fn product(
    State(app): State<App>,
    mut visit: Visit,
    headers: HeaderMap,
    Path(slug): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Failure> {
    let catalog = app.shop.catalog();
    let locale = visit.locale;
    let found = Slug::new(slug).and_then(|slug| catalog.product_by_slug(locale.into(), &slug));
    let offer = found.ok_or_else(|| Failure::not_found(&app, &visit))?;
    match offer.product.visibility {
        Visibility::Published => {}
        Visibility::Draft => return Err(Failure::not_found(&app, &visit)),
        Visibility::Hidden => {
            let related = related(&catalog, offer, locale);
            return Err(Failure::gone(&app, &visit, related));
        }
    }
    let sku = parameter(raw.as_deref(), "sku").and_then(Sku::new);
    let sku = sku.filter(|sku| offer.product.variants.iter().any(|variant| variant.sku == *sku));
    let text = offer.text(locale.into()).ok_or_else(|| Failure::not_found(&app, &visit))?;
    let path = format!("/p/{}", text.slug);
    let key = sku.as_ref().map_or_else(|| path.clone(), |sku| format!("{path}?sku={sku}"));
    if visit.notice.is_some() {
        let mut page = page(&app, &catalog, offer, sku.as_ref(), &path, locale);
        page.layout.csrf = Some(visit.form_token(&app));
        page.layout.flash = visit.notice.clone();
        return Ok(visit.finish(&app, app.page(&page)));
    }
    let related = related_scope(offer).map_or(0, |scope| catalog.list_version(&scope));
    let version = app.version(&catalog, offer.version.max(related));
    app.public_page(&visit, &headers, &key, version, || {
        Ok(page(&app, &catalog, offer, sku.as_ref(), &path, locale))
    })
}

fn page(
    app: &App,
    catalog: &Snapshot,
    offer: &Offer,
    sku: Option<&Sku>,
    path: &str,
    locale: Locale,
) -> ProductPage {
    let settings = app.shop.settings();
    let category = offer
        .product
        .categories
        .iter()
        .map(|(id, _)| *id)
        .max_by_key(|id| catalog.breadcrumbs(*id).len());
    let mut breadcrumbs = category.map_or_else(Vec::new, |id| trail(catalog, id, locale));
    let product = product_view(app, catalog, &settings, offer, sku, path, locale);
    let section = breadcrumbs.first().map(|top| top.path.clone());
    breadcrumbs.push(Breadcrumb { name: product.name.clone(), path: path.to_owned() });

    let origin = format!("{}{}", app.shop.base_url, locale.path("/").trim_end_matches('/'));
    let url = format!("{}{}", app.shop.base_url, locale.path(path));
    let image = offer.picture().map(|picture| view::rendition(&picture.original.key, 1200, "jpg"));
    let text = offer.text(locale.into());
    let about = About {
        title: product.name.clone(),
        description: text.map(|text| text.meta_description.clone()),
        paths: paths(&offer.product.texts, |text| format!("/p/{}", text.slug)),
        open_graph: Some("product"),
        image,
        section,
        query: String::new(),
    };
    ProductPage {
        layout: view::public_layout(app, locale, about),
        json_ld: vec![
            product.json_ld(&app.shop.base_url, &url),
            breadcrumbs_json_ld(&origin, &breadcrumbs),
        ],
        breadcrumbs,
        related: related(catalog, offer, locale),
        product,
    }
}

fn related_scope(offer: &Offer) -> Option<Scope> {
    offer.product.categories.first().map(|(category, _)| Scope::Category(*category))
}

/// Other products of the same category, those that can be bought first.
fn related(catalog: &Snapshot, offer: &Offer, locale: Locale) -> Vec<super::page::Card> {
    let Some(scope) = related_scope(offer) else { return Vec::new() };
    let mut listing = Listing::new(locale.into(), scope);
    listing.in_stock_only = true;
    listing.page_size = 5;
    let result = catalog.list(&listing);
    let others = result.items.iter().filter(|other| other.product.id != offer.product.id);
    view::cards(catalog, others.take(4), locale)
}

fn product_view(
    app: &App,
    catalog: &Snapshot,
    settings: &Settings,
    offer: &Offer,
    sku: Option<&Sku>,
    path: &str,
    locale: Locale,
) -> ProductView {
    let product = &*offer.product;
    let fallback = catalog.channel().default_locale();
    let text = offer.text(locale.into());
    let sold: Vec<&Variant> = product
        .variants
        .iter()
        .filter(|variant| variant.is_enabled && catalog.price(offer, variant).is_some())
        .collect();
    let selected = match &product.kind {
        ProductKind::Simple => sold.first().copied(),
        ProductKind::Configurable { .. } => {
            sold.iter().copied().find(|variant| Some(&variant.sku) == sku)
        }
    };
    let axes = axes(catalog, offer, &sold, selected, locale);
    let variants = if axes.is_empty() {
        Vec::new()
    } else {
        sold.iter().filter_map(|variant| variant_view(catalog, offer, variant, locale)).collect()
    };
    let lowest = offer
        .from
        .map(|from| view::price(&from, offer.to.is_some_and(|to| to > from.amount), locale));
    let price = selected
        .and_then(|variant| catalog.price(offer, variant))
        .map(|shown| view::price(&shown, false, locale))
        .or(lowest)
        .unwrap_or_else(|| {
            PriceView::plain(view::money(commerce::money::Money::zero(settings.channel.currency)))
        });
    let available = match selected {
        Some(variant) => offer.available(&variant.sku),
        None => sold.iter().map(|variant| offer.available(&variant.sku)).max().unwrap_or(0),
    };
    let stock = match (selected, available) {
        (_, 0) => StockView::Out,
        (Some(_), left) => view::stock(left),
        (None, _) => StockView::InStock,
    };
    ProductView {
        id: product.id.0.to_string(),
        sku: selected
            .or(sold.first().copied())
            .map_or_else(String::new, |variant| variant.sku.to_string()),
        name: offer.name(locale.into()).to_owned(),
        path: path.to_owned(),
        brand: product.manufacturer.as_ref().map(|maker| maker.name.clone()),
        summary: text.map(|text| text.short.clone()).filter(|short| !short.is_empty()),
        description: text
            .map(|text| shop::markdown::render(&text.description))
            .filter(|html| !html.is_empty()),
        pictures: pictures(catalog, offer, locale),
        labels: product.eco.labels.iter().map(|label| label.scheme.clone()).collect(),
        price,
        stock,
        axes,
        variants,
        max_quantity: available.clamp(1, MAX_AT_ONCE),
        delivery: delivery(app, settings, locale),
        characteristics: characteristics(catalog, offer, locale),
        eco: eco(offer, fallback, locale),
        safety: product.manufacturer.as_ref().map(|maker| SafetyView {
            manufacturer: PartyView {
                name: maker.name.clone(),
                address: maker.address.clone(),
                email: maker.email.clone(),
            },
            responsible: None,
            identifier: None,
            warnings: Vec::new(),
        }),
        guarantee: GuaranteeView { notice: None, producer_years: None, terms_path: None },
    }
}

fn pictures(catalog: &Snapshot, offer: &Offer, locale: Locale) -> Vec<Picture> {
    let fallback = catalog.channel().default_locale();
    let one = |picture: &commerce::media::Picture| {
        view::picture(&picture.original, picture.alt.text(locale.into(), fallback), 1200)
    };
    offer.product.pictures.iter().map(one).collect()
}

fn axes(
    catalog: &Snapshot,
    offer: &Offer,
    sold: &[&Variant],
    selected: Option<&Variant>,
    locale: Locale,
) -> Vec<Axis> {
    let ProductKind::Configurable { axes } = &offer.product.kind else { return Vec::new() };
    let fallback = catalog.channel().default_locale();
    let text = |texts: &Localized<String>| texts.text(locale.into(), fallback).to_owned();
    axes.iter()
        .filter_map(|code| {
            let attribute = catalog.attribute(code)?;
            let used: BTreeSet<_> =
                sold.iter().filter_map(|variant| variant.options.get(code)).collect();
            let values = attribute
                .options
                .iter()
                .filter(|option| used.contains(&option.code))
                .map(|option| AxisValue {
                    value: option.code.to_string(),
                    name: text(&option.label),
                    swatch: option.swatch.clone(),
                    is_selected: selected
                        .is_some_and(|variant| variant.options.get(code) == Some(&option.code)),
                    is_available: sold.iter().any(|variant| {
                        variant.options.get(code) == Some(&option.code)
                            && offer.available(&variant.sku) > 0
                    }),
                })
                .collect();
            Some(Axis { code: code.to_string(), name: text(&attribute.label), values })
        })
        .collect()
}

fn variant_view(
    catalog: &Snapshot,
    offer: &Offer,
    variant: &Variant,
    locale: Locale,
) -> Option<VariantView> {
    let shown = catalog.price(offer, variant)?;
    let options: BTreeMap<String, String> = variant
        .options
        .iter()
        .map(|(axis, option)| (axis.to_string(), option.to_string()))
        .collect();
    let shows = |picture: &commerce::media::Picture| {
        picture
            .option
            .as_ref()
            .is_some_and(|(axis, option)| variant.options.get(axis) == Some(option))
    };
    let place = offer.product.pictures.iter().position(shows);
    Some(VariantView {
        sku: variant.sku.to_string(),
        options,
        price: view::price(&shown, false, locale),
        stock: view::variant_stock(offer, variant),
        picture: place.and_then(|place| u32::try_from(place).ok()),
        max_quantity: offer.available(&variant.sku).clamp(1, MAX_AT_ONCE),
    })
}

/// What delivery costs before anybody gives an address: the cheapest parcel to the home country.
fn delivery(app: &App, settings: &Settings, locale: Locale) -> DeliveryView {
    let home = settings.channel.country;
    let language = locale.into();
    let mut cheapest: Option<(commerce::money::Money, &commerce::shipment::ShippingMethod)> = None;
    let mut offered_from = None;
    for method in &settings.shipping {
        let price = match &method.rule {
            ShippingRule::Flat { countries, price } if countries.contains(&home) => Some(*price),
            ShippingRule::FreeAbove { countries, price, threshold }
                if countries.contains(&home) =>
            {
                offered_from = Some(view::money(*threshold));
                Some(*price)
            }
            ShippingRule::Table(rows) => rows
                .iter()
                .filter(|row| row.country.is_none_or(|country| country == home))
                .map(|row| row.price)
                .filter(|price| !price.is_zero())
                .min(),
            _ => None,
        };
        if let Some(price) = price
            && cheapest.is_none_or(|(known, _)| price < known)
        {
            cheapest = Some((price, method));
        }
    }
    let zero = commerce::money::Money::zero(settings.channel.currency);
    let pages = app.shop.pages();
    let page = site::page_link(&pages, "shipping-returns", locale);
    DeliveryView {
        from: view::money(cheapest.map_or(zero, |(price, _)| price)),
        offered_from,
        delay: cheapest.map_or_else(String::new, |(_, method)| {
            method.description.text(language, settings.channel.default_locale()).to_owned()
        }),
        has_pickup: settings.shipping.iter().any(|method| method.rule.is_pick_up()),
        withdrawal_days: Some(WITHDRAWAL_DAYS),
        path: page.map_or_else(|| "/contact".to_owned(), |link| link.path),
    }
}

/// The attributes that are neither a choice nor told elsewhere.
fn characteristics(catalog: &Snapshot, offer: &Offer, locale: Locale) -> Vec<Characteristic> {
    let fallback = catalog.channel().default_locale();
    let text = |texts: &Localized<String>| texts.text(locale.into(), fallback).to_owned();
    let mut characteristics = Vec::new();
    for attribute in catalog.attributes() {
        let Some(value) = offer.product.attributes.get(&attribute.code) else { continue };
        let option = |code: &commerce::catalog::OptionCode| {
            let known = attribute.options.iter().find(|option| option.code == *code);
            known.map_or_else(|| code.to_string(), |known| text(&known.label))
        };
        let value = match value {
            AttributeValue::Text(texts) => text(texts),
            AttributeValue::Number(number) => format::decimal(locale, &number.to_string()),
            AttributeValue::Boolean(is_true) => match (is_true, locale) {
                (true, Locale::French) => "Oui".to_owned(),
                (true, Locale::English) => "Yes".to_owned(),
                (false, Locale::French) => "Non".to_owned(),
                (false, Locale::English) => "No".to_owned(),
            },
            AttributeValue::Select(code) => option(code),
            AttributeValue::MultiSelect(codes) => {
                codes.iter().map(option).collect::<Vec<_>>().join(", ")
            }
            AttributeValue::Date(date) => {
                let micros = date
                    .to_zoned(jiff::tz::TimeZone::UTC)
                    .map_or(0, |zoned| zoned.timestamp().as_microsecond());
                format::date(locale, &jiff::tz::TimeZone::UTC, micros).unwrap_or_default()
            }
            AttributeValue::Price(money) => {
                format::money(locale, money.minor(), money.currency().as_str())
            }
        };
        if !value.is_empty() {
            characteristics.push(Characteristic { name: text(&attribute.label), value });
        }
    }
    characteristics
}

fn eco(offer: &Offer, fallback: commerce::channel::Locale, locale: Locale) -> Option<EcoSheet> {
    let sheet = &offer.product.eco;
    if *sheet == commerce::eco::EcoSheet::default() {
        return None;
    }
    let text = |texts: &Localized<String>| texts.text(locale.into(), fallback).to_owned();
    let origin = match (locale, sheet.origin) {
        (_, None) => Vec::new(),
        (locale, Some(country)) => vec![Characteristic {
            name: match locale {
                Locale::French => "Origine".to_owned(),
                Locale::English => "Origin".to_owned(),
            },
            value: {
                let detail = text(&sheet.origin_detail);
                let country = format::country(locale, country.as_str());
                if detail.is_empty() { country } else { format!("{country} – {detail}") }
            },
        }],
    };
    let materials: Vec<Material> = sheet
        .materials
        .iter()
        .map(|material| Material {
            name: text(&material.name),
            percent: u32::from(material.share.get()),
            recycled_percent: u32::from(material.recycled.get()),
        })
        .collect();
    let recycled: u32 =
        materials.iter().map(|material| material.percent * material.recycled_percent).sum();
    Some(EcoSheet {
        labels: sheet
            .labels
            .iter()
            .map(|label| EcoLabel {
                name: label.scheme.clone(),
                scheme: label.scheme.clone(),
                licence: label.licence.clone(),
                url: None,
            })
            .collect(),
        origin,
        recycled_percent: (!materials.is_empty()).then_some(recycled / 100),
        materials,
        carbon: sheet.carbon.as_ref().map(|carbon| Carbon {
            kilograms: view::kilograms(carbon.grams_co2e),
            scope: match locale {
                Locale::French => "une unité, du berceau à la porte".to_owned(),
                Locale::English => "one unit, cradle to gate".to_owned(),
            },
            source: text(&carbon.source),
            url: None,
        }),
        packaging: Some(text(&sheet.packaging)).filter(|text| !text.is_empty()),
        ..EcoSheet::default()
    })
}

/// Whether a product found by name may be shown at all.
pub(super) fn has_page(offer: &Offer) -> bool {
    is_shown(offer.product.visibility) && offer.is_listed()
}
