//! Lists of products: what the address asks, and what the page shows.

use commerce::catalog::AttributeCode;
use commerce::catalog::OptionCode;
use commerce::content::Localized;
use commerce::money::Money;
use search::{Facet, Filter, FilterValue, ListingResult, PriceBucket, Scope, Snapshot, Sort};

use super::cards;
use super::page::{self, ActiveFilter, FacetChoice, Pagination, SortKey};
use crate::app::App;
use crate::format;
use crate::i18n::Locale;
use crate::render::RenderError;

const PAGE_SIZE: u32 = 24;

/// The parameters of a list's address. What is not understood is left out, never an error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// What is searched; empty in a category.
    pub text: String,
    filters: Vec<(AttributeCode, Vec<String>)>,
    price: Option<(Option<Money>, Option<Money>)>,
    sort: Option<SortKey>,
    page: u32,
}

impl Query {
    pub fn parse(catalog: &Snapshot, query: &str) -> Self {
        let mut parsed = Self { page: 1, ..Self::default() };
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()).take(100) {
            let value = value.trim();
            match &*name {
                "q" => parsed.text = value.chars().take(200).collect(),
                "sort" => parsed.sort = parse_sort(value),
                "page" => parsed.page = value.parse().unwrap_or(1).clamp(1, 10_000),
                "price" => parsed.price = parse_price(catalog, value),
                code => {
                    let Some(code) = AttributeCode::new(code) else { continue };
                    if !catalog.attribute(&code).is_some_and(|known| known.is_filterable) {
                        continue;
                    }
                    let known = parsed.filters.iter_mut().find(|(known, _)| *known == code);
                    match known {
                        Some((_, values)) if values.iter().any(|known| known == value) => {}
                        Some((_, values)) => values.push(value.to_owned()),
                        None => parsed.filters.push((code, vec![value.to_owned()])),
                    }
                }
            }
        }
        parsed
    }

    pub fn listing(&self, scope: Scope, locale: Locale) -> search::Listing {
        let mut listing = search::Listing::new(locale.into(), scope);
        listing.filters = self
            .filters
            .iter()
            .map(|(attribute, values)| Filter {
                attribute: attribute.clone(),
                values: values.iter().filter_map(|value| parse_value(value)).collect(),
            })
            .collect();
        listing.price = self.price.unwrap_or_default();
        listing.page = self.page;
        listing.page_size = PAGE_SIZE;
        match self.sort {
            Some(SortKey::PriceUp) => listing.sort = Sort::PriceAsc,
            Some(SortKey::PriceDown) => listing.sort = Sort::PriceDesc,
            Some(SortKey::Name) => listing.sort = Sort::Name,
            Some(SortKey::Newest) => listing.sort = Sort::Newest,
            Some(SortKey::Position) | None => {}
        }
        listing
    }

    pub fn is_filtered(&self) -> bool {
        !self.filters.is_empty() || self.price.is_some() || self.sort.is_some()
    }

    /// The address of this list, in an order of its own, so that one list has one address.
    pub fn path(&self, path: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if !self.text.is_empty() {
            query.append_pair("q", &self.text);
        }
        for (code, values) in &self.filters {
            for value in values {
                query.append_pair(code.as_str(), value);
            }
        }
        if let Some(price) = &self.price {
            query.append_pair("price", &write_price(price));
        }
        if let Some(sort) = self.sort {
            query.append_pair("sort", sort_name(sort));
        }
        if self.page > 1 {
            query.append_pair("page", &self.page.to_string());
        }
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    fn on_page(&self, page: u32) -> Self {
        Self { page, ..self.clone() }
    }

    fn without(&self, code: &AttributeCode, value: &str) -> Self {
        let mut less = self.on_page(1);
        for (known, values) in &mut less.filters {
            if known == code {
                values.retain(|known| known != value);
            }
        }
        less.filters.retain(|(_, values)| !values.is_empty());
        less
    }

    fn without_price(&self) -> Self {
        Self { price: None, ..self.on_page(1) }
    }

    fn cleared(&self) -> Self {
        Self { filters: Vec::new(), price: None, ..self.on_page(1) }
    }
}

fn parse_sort(value: &str) -> Option<SortKey> {
    [SortKey::PriceUp, SortKey::PriceDown, SortKey::Name, SortKey::Newest]
        .into_iter()
        .find(|key| sort_name(*key) == value)
}

fn sort_name(key: SortKey) -> &'static str {
    match key {
        SortKey::Position => "position",
        SortKey::PriceUp => "price",
        SortKey::PriceDown => "-price",
        SortKey::Name => "name",
        SortKey::Newest => "newest",
    }
}

fn parse_value(value: &str) -> Option<FilterValue> {
    match value {
        "yes" => Some(FilterValue::Bool(true)),
        "no" => Some(FilterValue::Bool(false)),
        option => OptionCode::new(option).map(FilterValue::Option),
    }
}

fn value_name(value: &FilterValue) -> &str {
    match value {
        FilterValue::Option(code) => code.as_str(),
        FilterValue::Bool(true) => "yes",
        FilterValue::Bool(false) => "no",
    }
}

/// Reads `10-20`, `10-` or `-20`; decimals allowed, both ends included.
fn parse_price(catalog: &Snapshot, value: &str) -> Option<(Option<Money>, Option<Money>)> {
    let (from, to) = value.split_once('-')?;
    let currency = catalog.channel().currency;
    let bound = |text: &str| match text {
        "" => Some(None),
        text => Money::parse(text, currency).map(Some),
    };
    let range = (bound(from)?, bound(to)?);
    (range != (None, None)).then_some(range)
}

fn write_price((from, to): &(Option<Money>, Option<Money>)) -> String {
    let bound = |bound: &Option<Money>| bound.map_or_else(String::new, Money::to_decimal);
    format!("{}-{}", bound(from), bound(to))
}

/// What the page shows of a list.
pub fn view(
    app: &App,
    catalog: &Snapshot,
    query: &Query,
    result: &ListingResult,
    path: &str,
    locale: Locale,
) -> Result<page::Listing, RenderError> {
    let mut facets: Vec<page::Facet> =
        result.facets.iter().filter_map(|facet| facet_view(catalog, facet, locale)).collect();
    if let Some(price) = &result.price
        && (price.buckets.len() > 1 || query.price.is_some())
    {
        facets.insert(0, price_facet(query, &price.buckets, locale));
    }
    let kept = Some(("q".to_owned(), query.text.clone())).filter(|(_, text)| !text.is_empty());
    let selected = query.sort.unwrap_or(SortKey::Position);
    Ok(page::Listing {
        path: path.to_owned(),
        kept: kept.into_iter().collect(),
        total: result.total,
        cards: cards::draw(app, catalog, &result.items, locale)?,
        facets,
        active: active(catalog, query, path, locale),
        clear_path: query.cleared().path(path),
        sorts: [
            SortKey::Position,
            SortKey::PriceUp,
            SortKey::PriceDown,
            SortKey::Name,
            SortKey::Newest,
        ]
        .map(|key| page::Sort { key, is_selected: key == selected })
        .into(),
        pagination: Pagination::new(result.page, result.n_pages, |page| {
            query.on_page(page).path(path)
        }),
    })
}

fn facet_view(catalog: &Snapshot, facet: &Facet, locale: Locale) -> Option<page::Facet> {
    let attribute = catalog.attribute(&facet.attribute)?;
    let text = |texts: &Localized<String>| {
        texts.text(locale.into(), catalog.channel().default_locale()).to_owned()
    };
    let choices = facet
        .options
        .iter()
        .map(|option| {
            let known = attribute.options.iter().find(
                |known| matches!(&option.value, FilterValue::Option(code) if *code == known.code),
            );
            FacetChoice {
                value: value_name(&option.value).to_owned(),
                name: known
                    .map_or_else(|| flag_name(&option.value, locale), |known| text(&known.label)),
                count: format::number(locale, option.count.into()),
                is_empty: option.count == 0,
                is_selected: option.is_selected,
                swatch: known.and_then(|known| known.swatch.clone()),
            }
        })
        .collect();
    let (code, name) = (facet.attribute.as_str().to_owned(), text(&attribute.label));
    Some(page::Facet { code, name, is_single: false, choices })
}

fn flag_name(value: &FilterValue, locale: Locale) -> String {
    let name = match (value, locale) {
        (FilterValue::Bool(true), Locale::French) => "Oui",
        (FilterValue::Bool(true), Locale::English) => "Yes",
        (FilterValue::Bool(false), Locale::French) => "Non",
        (FilterValue::Bool(false), Locale::English) => "No",
        (FilterValue::Option(code), _) => code.as_str(),
    };
    name.to_owned()
}

fn price_name(locale: Locale) -> &'static str {
    match locale {
        Locale::French => "Prix",
        Locale::English => "Price",
    }
}

fn price_facet(query: &Query, buckets: &[PriceBucket], locale: Locale) -> page::Facet {
    let choices = buckets
        .iter()
        .map(|bucket| {
            let range = (Some(bucket.from), Some(bucket.to));
            FacetChoice {
                value: write_price(&range),
                name: range_name(&range, locale),
                count: format::number(locale, bucket.count.into()),
                is_empty: bucket.count == 0,
                is_selected: query.price == Some(range),
                swatch: None,
            }
        })
        .collect();
    page::Facet {
        code: "price".to_owned(),
        name: price_name(locale).to_owned(),
        is_single: true,
        choices,
    }
}

fn range_name((from, to): &(Option<Money>, Option<Money>), locale: Locale) -> String {
    let name = |bound: &Option<Money>| {
        bound.map_or_else(
            || "…".to_owned(),
            |money| format::money(locale, money.minor(), money.currency().as_str()),
        )
    };
    format!("{} – {}", name(from), name(to))
}

fn active(catalog: &Snapshot, query: &Query, path: &str, locale: Locale) -> Vec<ActiveFilter> {
    let fallback = catalog.channel().default_locale();
    let text = |texts: &Localized<String>| texts.text(locale.into(), fallback).to_owned();
    let mut active = Vec::new();
    if let Some(price) = &query.price {
        active.push(ActiveFilter {
            facet: price_name(locale).to_owned(),
            name: range_name(price, locale),
            path: query.without_price().path(path),
        });
    }
    for (code, values) in &query.filters {
        let Some(attribute) = catalog.attribute(code) else { continue };
        for value in values {
            let known = attribute.options.iter().find(|known| known.code.as_str() == value);
            let flag = || parse_value(value).map(|value| flag_name(&value, locale));
            let name = known.map(|known| text(&known.label)).or_else(flag);
            active.push(ActiveFilter {
                facet: text(&attribute.label),
                name: name.unwrap_or_else(|| value.clone()),
                path: query.without(code, value).path(path),
            });
        }
    }
    active
}
