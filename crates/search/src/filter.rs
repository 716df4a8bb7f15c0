//! The wishes of a listing, translated to option numbers and bits.

use std::collections::HashMap;
use std::ops::Range;

use commerce::catalog::AttributeKind;
use commerce::money::Money;

use crate::listing::{FilterValue, Listing};
use crate::snapshot::Snapshot;

/// Each wish is a bit; what a product lacks is a mask of them.
///
/// No bit is missing: it is in the list. One bit is missing: it counts for the facet of that wish
/// alone, since a facet is counted without its own filter. Two: it counts nowhere.
pub(crate) struct Compiled {
    /// The bits that an option satisfies, by option number.
    pub(crate) bits: Vec<u64>,
    /// The facet of each bit: the options it may count.
    pub(crate) groups: Vec<Group>,
    pub(crate) required: u64,
    pub(crate) price: (i64, i64),
    /// Whether the variants of a product must be looked at one by one.
    pub(crate) is_by_variant: bool,
    /// The category whose children are counted.
    pub(crate) category: Option<u32>,
    pub(crate) n_options: usize,
}

pub(crate) struct Group {
    pub(crate) attribute: Option<usize>,
    pub(crate) range: Range<u16>,
}

pub(crate) const PRICE: u64 = 1 << 63;
pub(crate) const STOCK: u64 = 1 << 62;
/// A wish that nothing satisfies, for filters that name nothing known.
const NEVER: u64 = 1 << 61;
const MAX_GROUPS: usize = 60;

impl Compiled {
    pub(crate) fn new(snapshot: &Snapshot, listing: &Listing) -> Self {
        let schema = &snapshot.schema;
        let n_options = usize::from(schema.n_options) + 1;
        let mut compiled = Self {
            bits: vec![0; n_options],
            groups: Vec::new(),
            required: 0,
            price: (i64::MIN, i64::MAX),
            is_by_variant: listing.in_stock_only,
            category: None,
            n_options,
        };
        if listing.in_stock_only {
            compiled.required |= STOCK;
        }
        if let (low, high) = listing.price
            && (low.is_some() || high.is_some())
        {
            compiled.required |= PRICE;
            compiled.price =
                (low.map_or(i64::MIN, Money::minor), high.map_or(i64::MAX, Money::minor));
        }

        let mut bit_of: HashMap<usize, u64> = HashMap::new();
        for filter in &listing.filters {
            let Some((attribute, known)) = schema.attribute(&filter.attribute) else {
                compiled.required |= NEVER;
                continue;
            };
            let range = schema.range(attribute);
            let bit = if let Some(&bit) = bit_of.get(&attribute) {
                bit
            } else {
                let group = Group { attribute: Some(attribute), range };
                let Some(bit) = compiled.add(group) else { continue };
                bit_of.insert(attribute, bit);
                bit
            };
            compiled.is_by_variant |= known.is_axis;
            for value in &filter.values {
                let option = match value {
                    FilterValue::Option(code) if known.kind != AttributeKind::Boolean => {
                        schema.option(&filter.attribute, code)
                    }
                    FilterValue::Option(_) => None,
                    FilterValue::Bool(is_true) => schema.flag(&filter.attribute, *is_true),
                };
                compiled.let_through(option, bit);
            }
        }

        let scope = match &listing.scope {
            crate::Scope::Category(id) => schema.place(*id),
            crate::Scope::All | crate::Scope::Search(_) => None,
        };
        compiled.category = scope;
        if let Some(id) = listing.within {
            let place = schema.place(id);
            if let Some(bit) = compiled.add(Group { attribute: None, range: 0..0 }) {
                compiled.let_through(place.and_then(|place| schema.node(place)?.option), bit);
            }
            compiled.category = place.or(scope);
        }
        compiled
    }

    fn add(&mut self, group: Group) -> Option<u64> {
        if self.groups.len() >= MAX_GROUPS {
            self.required |= NEVER;
            return None;
        }
        let bit = 1_u64.checked_shl(crate::count(self.groups.len()))?;
        self.groups.push(group);
        self.required |= bit;
        Some(bit)
    }

    fn let_through(&mut self, option: Option<u16>, bit: u64) {
        if let Some(bits) = option.and_then(|option| self.bits.get_mut(usize::from(option))) {
            *bits |= bit;
        }
    }

    /// The bits that these options satisfy together.
    pub(crate) fn found(&self, options: &[u16]) -> u64 {
        options.iter().fold(0, |found, &option| {
            found | self.bits.get(usize::from(option)).copied().unwrap_or(0)
        })
    }

    /// The options that count although one wish is missing; `None` when `missing` is not one
    /// attribute's wish.
    pub(crate) fn only(&self, missing: u64) -> Option<Range<u16>> {
        let group = self.groups.get(crate::ix(missing.trailing_zeros()))?;
        group.attribute.is_some().then(|| group.range.clone())
    }

    pub(crate) fn is_selected(&self, option: u16) -> bool {
        self.bits.get(usize::from(option)).is_some_and(|&bits| bits != 0)
    }
}
