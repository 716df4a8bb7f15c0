//! Lists of products: searched, filtered, sorted, paged.

use std::sync::Arc;

use commerce::catalog::{AttributeCode, AttributeKind, Category, OptionCode};
use commerce::money::Money;
use search::{Filter, FilterValue, Listing, ListingResult, Match, Offer, Scope, Sort};

use super::aggregation;
use super::category::{CategoryNode, wanted};
use super::product::ProductNode;
use crate::graphql::context::Context;
use crate::graphql::uid;
use crate::graphql::value::{Answer, Args, Ask, Object, Refusal, Value};

/// Larger pages are refused.
const MAX_PAGE_SIZE: i64 = 300;
/// How many categories are listed together at most.
const MAX_CATEGORIES: usize = 20;
/// How many products several categories together list at most.
const MAX_UNION: u32 = 1_000;

/// Which page is asked for.
#[derive(Clone, Copy)]
pub(in crate::graphql) struct Paging {
    pub(in crate::graphql) page: u32,
    pub(in crate::graphql) size: u32,
}

impl Paging {
    pub(in crate::graphql) fn new(args: Args<'_>, default_size: i64) -> Result<Self, Refusal> {
        let page = args.int("currentPage").unwrap_or(1);
        let size = args.int("pageSize").unwrap_or(default_size);
        if page < 1 {
            return Err(Refusal::input("currentPage value must be greater than 0."));
        }
        if size < 1 {
            return Err(Refusal::input("pageSize value must be greater than 0."));
        }
        if size > MAX_PAGE_SIZE {
            return Err(Refusal::input(format!("Maximum pageSize is {MAX_PAGE_SIZE}")));
        }
        let narrow = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
        Ok(Self { page: narrow(page), size: narrow(size) })
    }

    fn n_pages(self, total: u32) -> u32 {
        total.div_ceil(self.size)
    }

    /// Refuses a page past the last one.
    pub(in crate::graphql) fn check(self, total: u32) -> Result<(), Refusal> {
        let n_pages = self.n_pages(total);
        if self.page > n_pages && total > 0 {
            let page = self.page;
            return Err(Refusal::input(format!(
                "currentPage value {page} specified is greater than the {n_pages} page(s) available."
            )));
        }
        Ok(())
    }

    pub(in crate::graphql) fn info(self, total: u32) -> PageInfo {
        PageInfo { paging: self, total }
    }
}

pub(in crate::graphql) struct PageInfo {
    paging: Paging,
    total: u32,
}

impl Object for PageInfo {
    fn type_name(&self) -> &'static str {
        "SearchResultPageInfo"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "current_page" => self.paging.page.into(),
            "page_size" => self.paging.size.into(),
            "total_pages" => self.paging.n_pages(self.total).into(),
            _ => Value::Nothing,
        })
    }
}

/// How a list is sorted. Magento sorts by several fields; the first that we know decides.
pub(super) fn sort(args: Args<'_>, scope: &Scope) -> Sort {
    let wanted = args.object("sort");
    let is_down = |name: &str| wanted.and_then(|sort| sort.text(name)).map(|way| way == "DESC");
    let default = match scope {
        Scope::Search(_) => Sort::Relevance,
        Scope::All | Scope::Category(_) => Sort::Position,
    };
    match (is_down("price"), is_down("name"), is_down("position"), is_down("relevance")) {
        (Some(true), ..) => Sort::PriceDesc,
        (Some(false), ..) => Sort::PriceAsc,
        (_, Some(true), ..) => Sort::NameDesc,
        (_, Some(false), ..) => Sort::Name,
        (_, _, Some(_), _) => Sort::Position,
        (.., Some(_)) => Sort::Relevance,
        _ => default,
    }
}

/// What a filter asks for.
#[derive(Default)]
struct Wanted<'c> {
    /// Products by name: the list is of these alone.
    named: Option<Vec<Arc<Offer>>>,
    /// `None` is everywhere.
    categories: Option<Vec<&'c Category>>,
    words: Vec<String>,
    filters: Vec<Filter>,
    price: (Option<Money>, Option<Money>),
}

impl<'c> Wanted<'c> {
    fn read(context: &'c Context, filter: Args<'_>) -> Result<Self, Refusal> {
        let mut wanted_of = Self::default();
        for (name, value) in filter.given() {
            wanted_of.add(context, name, value)?;
        }
        Ok(wanted_of)
    }

    fn add(&mut self, context: &'c Context, name: &str, value: Args<'_>) -> Result<(), Refusal> {
        let values = wanted(value)?;
        match name {
            "sku" => {
                let found = values.iter().filter_map(|sku| ProductNode::by_sku(context, sku));
                let own = found.filter(|node| node.variant.is_none());
                self.name(own.map(|node| node.offer).collect());
            }
            "url_key" => {
                let found = values.iter().filter_map(|key| ProductNode::by_url_key(context, key));
                self.name(found.map(|node| node.offer).collect());
            }
            "category_id" | "category_uid" => {
                let numbers = values.iter().filter_map(|value| uid::number(value));
                let nodes = numbers.filter_map(|n| CategoryNode::by_number(context, Some(n)));
                self.narrow(nodes.collect())?;
            }
            "category_url_path" => {
                let nodes =
                    values.iter().filter_map(|path| CategoryNode::by_url_path(context, path));
                self.narrow(nodes.collect())?;
            }
            "name" | "description" | "short_description" => {
                if let Some(words) = value.text("match").filter(|words| !words.trim().is_empty()) {
                    self.words.push(words.to_owned());
                }
            }
            "price" => {
                let amount = |name: &str| {
                    let Some(text) = value.text(name) else { return Ok(None) };
                    let currency = context.settings.channel.currency;
                    let read = Money::parse(trimmed(text), currency);
                    read.map(Some).ok_or_else(|| {
                        Refusal::input(format!("Price filter \"{name}\" is not a number."))
                    })
                };
                self.price = (amount("from")?, amount("to")?);
            }
            code => self.filters.extend(attribute_filter(context, code, &values)),
        }
        Ok(())
    }

    fn name(&mut self, found: Vec<Arc<Offer>>) {
        let known = self.named.take();
        let is_in = |offer: &Arc<Offer>| {
            known
                .as_ref()
                .is_none_or(|known| known.iter().any(|other| other.product.id == offer.product.id))
        };
        self.named = Some(found.into_iter().filter(is_in).collect());
    }

    fn narrow(&mut self, nodes: Vec<CategoryNode<'c>>) -> Result<(), Refusal> {
        // The root holds everything.
        if nodes.iter().any(|node| node.category.is_none()) {
            return Ok(());
        }
        let mut categories: Vec<_> = nodes.into_iter().filter_map(|node| node.category).collect();
        categories.sort_by_key(|category| category.number);
        categories.dedup_by_key(|category| category.number);
        if categories.len() > MAX_CATEGORIES {
            let message = format!("A filter may have {MAX_CATEGORIES} categories.");
            return Err(Refusal::input(message));
        }
        self.categories = Some(categories);
        Ok(())
    }
}

/// Cuts decimals that are zeros beyond the cent, as computed bounds have.
fn trimmed(text: &str) -> &str {
    match text.split_once('.') {
        Some((whole, part)) if part.len() > 2 && part.trim_end_matches('0').len() <= 2 => {
            &text[..whole.len() + 3]
        }
        _ => text,
    }
}

/// A filter on an attribute, whose options are given by number or by code. One that the shop does
/// not have lets nothing through.
fn attribute_filter(context: &Context, code: &str, values: &[&str]) -> Option<Filter> {
    let code = AttributeCode::new(code)?;
    let attribute = context.catalog.attribute(&code);
    let is_flag = attribute.is_some_and(|known| known.kind == AttributeKind::Boolean);
    let read = |value: &&str| {
        if is_flag {
            return match *value {
                "1" | "true" | "Yes" => Some(FilterValue::Bool(true)),
                "0" | "false" | "No" => Some(FilterValue::Bool(false)),
                _ => None,
            };
        }
        let by_number = attribute.and_then(|known| {
            let number: i64 = value.parse().ok()?;
            known.options.iter().find(|option| uid::option(&code, &option.code) == number)
        });
        match by_number {
            Some(option) => Some(FilterValue::Option(option.code.clone())),
            None => OptionCode::new(*value).map(FilterValue::Option),
        }
    };
    let values = values.iter().filter_map(read).collect();
    Some(Filter { attribute: code, values })
}

/// Answers `products`.
pub(in crate::graphql) fn products<'c>(
    context: &'c Context,
    args: Args<'_>,
) -> Result<Products<'c>, Refusal> {
    let search = args.text("search").map(str::trim).filter(|search| !search.is_empty());
    if search.is_none() && !args.has("filter") {
        return Err(Refusal::input("'search' or 'filter' input argument is required."));
    }
    let paging = Paging::new(args, 20)?;
    let wanted = match args.object("filter") {
        Some(filter) => Wanted::read(context, filter)?,
        None => Wanted::default(),
    };
    let mut words: Vec<&str> = search.into_iter().collect();
    words.extend(wanted.words.iter().map(String::as_str));
    let categories = wanted.categories.as_deref();
    let only = match categories {
        Some([only]) => Some(only.id),
        _ => None,
    };
    let scope = match (words.is_empty(), only) {
        (false, _) => Scope::Search(words.join(" ")),
        (true, Some(category)) => Scope::Category(category),
        (true, None) => Scope::All,
    };
    let listing = Listing {
        within: only.filter(|_| !words.is_empty()),
        filters: wanted.filters,
        price: wanted.price,
        sort: sort(args, &scope),
        page: paging.page,
        page_size: paging.size,
        ..Listing::new(context.locale, scope)
    };
    let found = if let Some(named) = wanted.named {
        let in_categories = |offer: &Arc<Offer>| {
            categories.is_none_or(|categories| lies_in(context, offer, categories))
        };
        picked(named.into_iter().filter(|offer| offer.is_listed() && in_categories(offer)), paging)
    } else {
        match categories {
            None | Some([_]) => {
                context.shown.list(&listing.scope);
                context.catalog.list(&listing)
            }
            Some(categories) => union(context, &listing, categories, paging),
        }
    };
    Products::new(context, found, paging, "Products")
}

/// Whether a product lies in one of the categories or below.
fn lies_in(context: &Context, offer: &Offer, categories: &[&Category]) -> bool {
    offer.product.categories.iter().any(|(id, _)| {
        let way = context.catalog.breadcrumbs(*id);
        way.iter().any(|above| categories.iter().any(|wanted| wanted.id == above.id))
    })
}

/// What several categories list together, those of the first one first.
fn union(
    context: &Context,
    listing: &Listing,
    categories: &[&Category],
    paging: Paging,
) -> ListingResult {
    let mut items: Vec<Arc<Offer>> = Vec::new();
    for category in categories {
        let mut one = Listing { page: 1, page_size: MAX_UNION, ..listing.clone() };
        match one.scope {
            Scope::Search(_) => one.within = Some(category.id),
            Scope::All | Scope::Category(_) => one.scope = Scope::Category(category.id),
        }
        context.shown.list(&one.scope);
        for offer in context.catalog.list(&one).items {
            if items.iter().all(|known| known.product.id != offer.product.id) {
                items.push(offer);
            }
        }
    }
    match listing.sort {
        Sort::PriceAsc => items.sort_by_key(|offer| offer.from.map(|price| price.amount)),
        Sort::PriceDesc => {
            items.sort_by_key(|offer| std::cmp::Reverse(offer.from.map(|price| price.amount)));
        }
        Sort::Name => items.sort_by_cached_key(|offer| offer.name(context.locale).to_lowercase()),
        Sort::NameDesc => items.sort_by_cached_key(|offer| {
            std::cmp::Reverse(offer.name(context.locale).to_lowercase())
        }),
        Sort::Position | Sort::Relevance | Sort::Newest => {}
    }
    picked(items.into_iter(), paging)
}

/// A page of given products, of which nothing is counted.
fn picked(offers: impl Iterator<Item = Arc<Offer>>, paging: Paging) -> ListingResult {
    let all: Vec<Arc<Offer>> = offers.collect();
    let total = u32::try_from(all.len()).unwrap_or(u32::MAX);
    let n_in_stock = all.iter().filter(|offer| offer.is_in_stock).count();
    let size = usize::try_from(paging.size).unwrap_or(usize::MAX);
    let skipped = usize::try_from(paging.page - 1).unwrap_or(usize::MAX).saturating_mul(size);
    ListingResult {
        total,
        page: paging.page,
        n_pages: paging.n_pages(total),
        items: all.into_iter().skip(skipped).take(size).collect(),
        facets: Vec::new(),
        categories: Vec::new(),
        price: None,
        n_in_stock: u32::try_from(n_in_stock).unwrap_or(u32::MAX),
        matched: Match::Exact,
        suggestion: None,
    }
}

/// A page of products with what is known of all pages.
pub(in crate::graphql) struct Products<'c> {
    context: &'c Context,
    found: ListingResult,
    paging: Paging,
    type_name: &'static str,
}

impl<'c> Products<'c> {
    pub(super) fn new(
        context: &'c Context,
        found: ListingResult,
        paging: Paging,
        type_name: &'static str,
    ) -> Result<Self, Refusal> {
        paging.check(found.total)?;
        Ok(Self { context, found, paging, type_name })
    }
}

impl Object for Products<'_> {
    fn type_name(&self) -> &'static str {
        self.type_name
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        let (context, found) = (self.context, &self.found);
        Ok(match ask.name {
            "items" => {
                Value::objects(found.items.iter().map(|offer| ProductNode::new(context, offer)))
            }
            "total_count" => found.total.into(),
            "page_info" => Value::object(self.paging.info(found.total)),
            "aggregations" => Value::objects(aggregation::all(context, found)),
            "sort_fields" => Value::object(aggregation::SortFields),
            "suggestions" => {
                Value::objects(found.suggestion.as_deref().map(aggregation::Suggestion))
            }
            _ => Value::Nothing,
        })
    }
}
