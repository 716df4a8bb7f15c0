//! Lists of products: a category, a search, everything; filtered, sorted, counted, paged.

use std::cmp::Reverse;
use std::sync::Arc;

use commerce::catalog::{AttributeCode, CategoryId, OptionCode};
use commerce::channel::Locale;
use commerce::money::Money;

use crate::count::{self, Counted};
use crate::filter::Compiled;
use crate::offer::Offer;
use crate::order::Order;
use crate::snapshot::Snapshot;
use crate::text::{Hits, Match};
use crate::{count as n, ix};

/// The most that one page holds.
const MAX_PAGE_SIZE: u32 = 1_000;

/// What is asked of a list of products.
///
/// Options of one attribute are alternatives, attributes add up. A configurable product is in the
/// list when *one* of its enabled variants has what all filters on its axes ask, stock included:
/// sage and M find it only if there is a sage M.
#[derive(Clone, Debug)]
pub struct Listing {
    pub locale: Locale,
    pub scope: Scope,
    /// Narrows a search to a category and what lies below it; in a category, to one below.
    pub within: Option<CategoryId>,
    /// An attribute named twice is one filter. One that is unknown, or has no known option among
    /// its values, lets nothing through.
    pub filters: Vec<Filter>,
    /// The lowest and the highest price, both included, compared with the product's lowest price.
    pub price: (Option<Money>, Option<Money>),
    pub in_stock_only: bool,
    pub sort: Sort,
    /// Counted from 1; 0 is taken for 1.
    pub page: u32,
    /// 1 to 1,000; what is outside is brought inside.
    pub page_size: u32,
}

impl Listing {
    /// The first page of a scope, in its own order and without filters.
    pub fn new(locale: Locale, scope: Scope) -> Self {
        let sort = match scope {
            Scope::Search(_) => Sort::Relevance,
            Scope::All | Scope::Category(_) => Sort::Position,
        };
        Self {
            locale,
            scope,
            within: None,
            filters: Vec::new(),
            price: (None, None),
            in_stock_only: false,
            sort,
            page: 1,
            page_size: 24,
        }
    }
}

/// Where products are looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    All,
    /// The category and what lies below it. One that cannot be seen is empty.
    Category(CategoryId),
    Search(String),
}

/// The values of one attribute that are let through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    pub attribute: AttributeCode,
    pub values: Vec<FilterValue>,
}

/// A value that products are filtered by: of a select, or of a yes-or-no attribute.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FilterValue {
    Option(OptionCode),
    Bool(bool),
}

/// How a list is sorted. Products that tie stand by their number, whatever the direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sort {
    /// As the merchant placed them: those of the category itself, then those of each category
    /// below it in the tree's order. A search has the best match first, all products the newest.
    Position,
    /// The best match first. Without a search, the same as `Position`.
    Relevance,
    PriceAsc,
    PriceDesc,
    /// By name in the list's language; accents and case make no difference. Downwards, products
    /// that tie stand the other way round too.
    Name,
    NameDesc,
    Newest,
}

/// A page of products, with what is known of all pages.
#[derive(Clone, Debug)]
pub struct ListingResult {
    pub total: u32,
    /// The page asked for; past the last one it has no items.
    pub page: u32,
    pub n_pages: u32,
    pub items: Vec<Arc<Offer>>,
    /// In display order; attributes that no product in reach has are left out.
    pub facets: Vec<Facet>,
    /// The children of the category that the list is narrowed to, or the top ones.
    pub categories: Vec<CategoryCount>,
    /// `None` when no product is in reach of the other filters.
    pub price: Option<PriceFacet>,
    /// How many of the list there would be with `in_stock_only`.
    pub n_in_stock: u32,
    /// How a search found what it found; `Match::Exact` for other scopes.
    pub matched: Match,
    /// What the shopper may have meant, when a search had to be lenient.
    pub suggestion: Option<String>,
}

/// How many products have each option, under all filters but those of the attribute itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facet {
    pub attribute: AttributeCode,
    /// In display order: those that some product has, and those that are selected.
    pub options: Vec<FacetOption>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetOption {
    pub value: FilterValue,
    pub count: u32,
    pub is_selected: bool,
}

/// How many products a category below holds, under all filters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CategoryCount {
    pub category: CategoryId,
    pub count: u32,
}

/// The spread of the lowest prices, under all filters but that of the price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceFacet {
    pub min: Money,
    pub max: Money,
    /// From low to high, round numbers, none empty.
    pub buckets: Vec<PriceBucket>,
}

/// Prices from the first to the last, both included, so that it can be asked as a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriceBucket {
    pub from: Money,
    pub to: Money,
    pub count: u32,
}

impl Snapshot {
    /// Lists products. Any combination of wishes has an answer, an empty one if need be.
    pub fn list(&self, listing: &Listing) -> ListingResult {
        let compiled = Compiled::new(self, listing);
        let mut hits = Hits::default();
        let counted = match &listing.scope {
            Scope::All => {
                let listed = (0..self.rows.len()).filter(|&row| self.row(row).is_listed());
                count::scan(self, &compiled, listed)
            }
            Scope::Category(id) => {
                let members = self.schema.place(*id).and_then(|place| self.members.get(ix(place)));
                count::scan(self, &compiled, members.into_iter().flat_map(|m| m.iter().copied()))
            }
            Scope::Search(text) => {
                if let Some(texts) = self.texts_in(listing.locale) {
                    let is_ranked = matches!(listing.sort, Sort::Relevance | Sort::Position);
                    hits = texts.search(text, self.rows.len(), is_ranked);
                }
                count::scan(self, &compiled, hits.rows.iter().copied())
            }
        };

        let total = n(counted.rows.len());
        let page_size = listing.page_size.clamp(1, MAX_PAGE_SIZE);
        let page = listing.page.max(1);
        let start = ix(page - 1).saturating_mul(ix(page_size));
        let rows = self.page(listing, &counted, &hits, start, ix(page_size));
        ListingResult {
            total,
            page,
            n_pages: total.div_ceil(page_size),
            items: rows.into_iter().filter_map(|row| self.offer_at(row).cloned()).collect(),
            facets: counted.facets(self, &compiled),
            categories: counted.categories(self, &compiled),
            price: counted.price(self.channel().currency),
            n_in_stock: counted.n_in_stock,
            matched: hits.matched,
            suggestion: hits.suggestion,
        }
    }

    fn page(
        &self,
        listing: &Listing,
        counted: &Counted,
        hits: &Hits,
        start: usize,
        len: usize,
    ) -> Vec<u32> {
        if start >= counted.rows.len() {
            return Vec::new();
        }
        let by_order = |order: &Order| self.page_of(order, &counted.rows, start, len);
        match (listing.sort, &listing.scope) {
            (Sort::PriceAsc, _) => by_order(&self.orders.price_up),
            (Sort::PriceDesc, _) => by_order(&self.orders.price_down),
            (Sort::Name, _) => {
                let names = &self.orders.names;
                let own = names.iter().find(|(locale, _)| *locale == listing.locale);
                own.or(names.first()).map_or_else(Vec::new, |(_, order)| by_order(order))
            }
            (Sort::NameDesc, _) => {
                let names = &self.orders.names;
                let own = names.iter().find(|(locale, _)| *locale == listing.locale);
                own.or(names.first()).map_or_else(Vec::new, |(_, order)| {
                    smallest(&counted.rows, start, len, |row| Reverse(order.rank(row)))
                })
            }
            (Sort::Position | Sort::Relevance, Scope::Category(_)) => {
                counted.rows.iter().skip(start).take(len).copied().collect()
            }
            (Sort::Position | Sort::Relevance, Scope::Search(_)) => {
                let score = |row: u32| hits.scores.get(ix(row)).copied().unwrap_or(0);
                smallest(&counted.rows, start, len, |row| {
                    (Reverse(score(row)), self.row(row).number)
                })
            }
            (Sort::Newest, _) | (Sort::Position | Sort::Relevance, Scope::All) => {
                by_order(&self.orders.newest)
            }
        }
    }

    /// One page in a given order: picked by rank from a few rows, read off the order for many.
    fn page_of(&self, order: &Order, rows: &[u32], start: usize, len: usize) -> Vec<u32> {
        if rows.len() < order.rows().len() / 16 {
            return smallest(rows, start, len, |row| order.rank(row));
        }
        let mut is_in = vec![false; ix(self.rows.len())];
        for &row in rows {
            if let Some(flag) = is_in.get_mut(ix(row)) {
                *flag = true;
            }
        }
        let sorted = order.rows().iter().copied();
        sorted.filter(|&row| is_in.get(ix(row)) == Some(&true)).skip(start).take(len).collect()
    }
}

/// The rows that stand at `start` and the `len - 1` places after it, without sorting the others.
pub(crate) fn smallest<K: Ord + Copy>(
    rows: &[u32],
    start: usize,
    len: usize,
    key: impl Fn(u32) -> K,
) -> Vec<u32> {
    let mut keyed: Vec<(K, u32)> = rows.iter().map(|&row| (key(row), row)).collect();
    let end = start.saturating_add(len).min(keyed.len());
    if end < keyed.len() {
        keyed.select_nth_unstable(end);
        keyed.truncate(end);
    }
    if start > 0 && start < keyed.len() {
        keyed.select_nth_unstable(start);
    }
    let mut page = keyed.split_off(start.min(keyed.len()));
    page.sort_unstable();
    page.into_iter().map(|(_, row)| row).collect()
}
