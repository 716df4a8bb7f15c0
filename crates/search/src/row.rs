//! The columns of a product that filters, counts and sorting read: one cache line a product.

use std::collections::BTreeSet;
use std::sync::Arc;

use commerce::catalog::{AttributeValue, ProductKind};

use crate::offer::{Offer, Pricing};
use crate::schema::Schema;

const INLINE: usize = 19;

/// What is read of each candidate while counting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// The lowest price shown, in minor units.
    pub(crate) price: i64,
    pub(crate) number: i64,
    more: Option<Arc<More>>,
    n_inline: u8,
    flags: u8,
    inline: [u16; INLINE],
}

/// What does not fit into the line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct More {
    options: Vec<u16>,
    shared: Vec<u16>,
    units: Vec<Unit>,
}

/// A variant that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unit {
    pub(crate) options: Vec<u16>,
    pub(crate) is_in_stock: bool,
}

const LISTED: u8 = 1;
const IN_STOCK: u8 = 2;
const FEATURED: u8 = 4;

impl Default for Row {
    fn default() -> Self {
        Self { price: 0, number: 0, more: None, n_inline: 0, flags: 0, inline: [0; INLINE] }
    }
}

impl Row {
    pub(crate) fn new(offer: &Offer, schema: &Schema, pricing: &Pricing<'_>) -> Self {
        let product = &*offer.product;
        let mut row = Self {
            price: offer.from.map_or(0, |from| from.amount.minor()),
            number: product.number,
            ..Self::default()
        };
        for (flag, is_set) in [
            (LISTED, offer.is_listed()),
            (IN_STOCK, offer.is_in_stock),
            (FEATURED, product.is_featured),
        ] {
            if is_set {
                row.flags |= flag;
            }
        }

        let axes = match &product.kind {
            ProductKind::Simple => &[][..],
            ProductKind::Configurable { axes } => axes.as_slice(),
        };
        let mut shared = BTreeSet::new();
        for (code, value) in product.attributes.iter().filter(|(code, _)| !axes.contains(code)) {
            match value {
                AttributeValue::Boolean(is_true) => shared.extend(schema.flag(code, *is_true)),
                AttributeValue::Select(option) => shared.extend(schema.option(code, option)),
                AttributeValue::MultiSelect(options) => {
                    shared.extend(options.iter().filter_map(|option| schema.option(code, option)));
                }
                AttributeValue::Text(_)
                | AttributeValue::Number(_)
                | AttributeValue::Date(_)
                | AttributeValue::Price(_) => {}
            }
        }
        shared.extend(schema.category_options(product));

        let mut units = Vec::new();
        let mut all = shared.clone();
        for (place, variant) in product.variants.iter().enumerate().filter(|_| !axes.is_empty()) {
            if !pricing.sells(product, variant) {
                continue;
            }
            let own = variant.options.iter().filter(|(code, _)| axes.contains(code));
            let options: BTreeSet<u16> =
                own.filter_map(|(code, option)| schema.option(code, option)).collect();
            all.extend(&options);
            let is_in_stock = offer.available.get(place).is_some_and(|&count| count > 0);
            units.push(Unit { options: options.into_iter().collect(), is_in_stock });
        }

        let mut more = More::default();
        if all.len() <= INLINE {
            for (slot, &option) in row.inline.iter_mut().zip(&all) {
                *slot = option;
                row.n_inline += 1;
            }
        } else {
            more.options = all.into_iter().collect();
        }
        if !units.is_empty() {
            more.units = units;
            more.shared = shared.into_iter().collect();
        }
        if more != More::default() {
            row.more = Some(Arc::new(more));
        }
        row
    }

    /// The options that the product or any of its variants has, each once.
    pub(crate) fn options(&self) -> &[u16] {
        match &self.more {
            Some(more) if !more.options.is_empty() => &more.options,
            _ => self.inline.get(..usize::from(self.n_inline)).unwrap_or_default(),
        }
    }

    /// The options of the product as a whole, and its variants; `None` when it has no axes.
    pub(crate) fn variants(&self) -> Option<(&[u16], &[Unit])> {
        let more = self.more.as_deref().filter(|more| !more.units.is_empty())?;
        Some((&more.shared, &more.units))
    }

    pub(crate) fn is_listed(&self) -> bool {
        self.flags & LISTED != 0
    }

    pub(crate) fn is_in_stock(&self) -> bool {
        self.flags & IN_STOCK != 0
    }

    pub(crate) fn is_featured(&self) -> bool {
        self.flags & FEATURED != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_one_cache_line() {
        assert_eq!(size_of::<Row>(), 64);
    }
}
