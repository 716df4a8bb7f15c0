//! One pass over the candidates: what is in the list, and what the facets say.

use commerce::catalog::AttributeKind;
use commerce::money::{Currency, Money};

use crate::filter::{Compiled, PRICE, STOCK};
use crate::listing::{CategoryCount, Facet, FacetOption, FilterValue, PriceBucket, PriceFacet};
use crate::row::Row;
use crate::snapshot::Snapshot;

/// What a pass over the candidates found.
pub(crate) struct Counted {
    /// The rows that satisfy all wishes, in the order they came in.
    pub(crate) rows: Vec<u32>,
    /// By option number.
    counts: Vec<u32>,
    prices: Vec<i64>,
    pub(crate) n_in_stock: u32,
    scratch: Vec<u16>,
}

pub(crate) fn scan(
    snapshot: &Snapshot,
    compiled: &Compiled,
    candidates: impl Iterator<Item = u32>,
) -> Counted {
    let mut counted = Counted {
        rows: Vec::new(),
        counts: vec![0; compiled.n_options],
        prices: Vec::new(),
        n_in_stock: 0,
        scratch: Vec::new(),
    };
    for candidate in candidates {
        let row = snapshot.row(candidate);
        let price =
            if (compiled.price.0..=compiled.price.1).contains(&row.price) { PRICE } else { 0 };
        let is_in_list = match row.variants().filter(|_| compiled.is_by_variant) {
            None => counted.plain(row, compiled, price),
            Some((shared, units)) => {
                let found = price | compiled.found(shared);
                counted.by_variant(row, compiled, found, shared, units)
            }
        };
        if is_in_list {
            counted.rows.push(candidate);
        }
    }
    counted
}

impl Counted {
    /// Counts a product as a whole; whether it is in the list.
    fn plain(&mut self, row: &Row, compiled: &Compiled, price: u64) -> bool {
        let options = row.options();
        let stock = if row.is_in_stock() { STOCK } else { 0 };
        let found = if compiled.groups.is_empty() { 0 } else { compiled.found(options) };
        let missing = compiled.required & !(found | price | stock);
        if missing == 0 {
            for &option in options {
                self.add(option);
            }
            self.prices.push(row.price);
            self.n_in_stock += u32::from(row.is_in_stock());
        } else if missing.is_power_of_two() {
            if missing == PRICE {
                self.prices.push(row.price);
            } else if let Some(range) = compiled.only(missing) {
                for &option in options.iter().filter(|option| range.contains(option)) {
                    self.add(option);
                }
            }
        }
        missing == 0
    }

    /// Counts a product for what any one of its variants has; whether it is in the list.
    fn by_variant(
        &mut self,
        row: &Row,
        compiled: &Compiled,
        found: u64,
        shared: &[u16],
        units: &[crate::row::Unit],
    ) -> bool {
        let mut is_in_list = false;
        let mut is_in_stock = false;
        let mut has_price = false;
        self.scratch.clear();
        for unit in units {
            let stock = if unit.is_in_stock { STOCK } else { 0 };
            let missing = compiled.required & !(found | compiled.found(&unit.options) | stock);
            if missing == 0 {
                is_in_list = true;
                is_in_stock |= unit.is_in_stock;
                has_price = true;
                self.scratch.extend(shared.iter().chain(&unit.options));
            } else if missing == PRICE {
                has_price = true;
            } else if missing.is_power_of_two()
                && let Some(range) = compiled.only(missing)
            {
                let own = shared.iter().chain(&unit.options);
                self.scratch.extend(own.filter(|option| range.contains(option)));
            }
        }
        self.scratch.sort_unstable();
        self.scratch.dedup();
        for &option in &self.scratch {
            if let Some(count) = self.counts.get_mut(usize::from(option)) {
                *count += 1;
            }
        }
        if has_price {
            self.prices.push(row.price);
        }
        self.n_in_stock += u32::from(is_in_stock);
        is_in_list
    }

    fn add(&mut self, option: u16) {
        if let Some(count) = self.counts.get_mut(usize::from(option)) {
            *count += 1;
        }
    }

    fn count(&self, option: u16) -> u32 {
        self.counts.get(usize::from(option)).copied().unwrap_or(0)
    }

    pub(crate) fn facets(&self, snapshot: &Snapshot, compiled: &Compiled) -> Vec<Facet> {
        let mut facets = Vec::new();
        for (place, attribute) in snapshot.schema.attributes.iter().enumerate() {
            let range = snapshot.schema.range(place);
            if range.is_empty() {
                continue;
            }
            let values: Box<dyn Iterator<Item = FilterValue>> = match attribute.kind {
                AttributeKind::Boolean => {
                    Box::new([false, true].map(FilterValue::Bool).into_iter())
                }
                _ => Box::new(
                    attribute.options.iter().map(|option| FilterValue::Option(option.code.clone())),
                ),
            };
            let options: Vec<FacetOption> = range
                .zip(values)
                .map(|(option, value)| FacetOption {
                    value,
                    count: self.count(option),
                    is_selected: compiled.is_selected(option),
                })
                .filter(|option| option.count > 0 || option.is_selected)
                .collect();
            if !options.is_empty() {
                facets.push(Facet { attribute: attribute.code.clone(), options });
            }
        }
        facets
    }

    pub(crate) fn categories(
        &self,
        snapshot: &Snapshot,
        compiled: &Compiled,
    ) -> Vec<CategoryCount> {
        let children = snapshot.schema.children(compiled.category);
        children
            .map(|(_, node)| CategoryCount {
                category: node.category.id,
                count: node.option.map_or(0, |option| self.count(option)),
            })
            .filter(|counted| counted.count > 0)
            .collect()
    }

    pub(crate) fn price(&self, currency: Currency) -> Option<PriceFacet> {
        let (min, max) = (*self.prices.iter().min()?, *self.prices.iter().max()?);
        let step = step(max.saturating_sub(min), currency);
        let first = min.div_euclid(step);
        let mut counts = [0_u32; MAX_BUCKETS];
        for price in &self.prices {
            let place = usize::try_from(price.div_euclid(step).saturating_sub(first));
            if let Some(count) = place.ok().and_then(|place| counts.get_mut(place)) {
                *count += 1;
            }
        }
        let bucket = |(place, count): (i64, u32)| {
            let from = (first + place).saturating_mul(step);
            let to = from.saturating_add(step - 1);
            PriceBucket { from: Money::new(from, currency), to: Money::new(to, currency), count }
        };
        let buckets = (0..).zip(counts).filter(|(_, count)| *count > 0).map(bucket).collect();
        Some(PriceFacet { min: Money::new(min, currency), max: Money::new(max, currency), buckets })
    }
}

/// A step of 1, 2 or 5 times a power of ten cuts a span into at most this many pieces.
const MAX_BUCKETS: usize = 8;

/// A round width that cuts a span of prices into about five; at least one whole unit.
fn step(span: i64, currency: Currency) -> i64 {
    let mut unit = 10_i64.saturating_pow(currency.decimals());
    loop {
        for factor in [1, 2, 5] {
            let step = unit.saturating_mul(factor);
            if span / step < 6 || step == i64::MAX {
                return step;
            }
        }
        unit = unit.saturating_mul(10);
    }
}
