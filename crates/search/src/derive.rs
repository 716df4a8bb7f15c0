//! What a snapshot derives from its offers: columns, lists, names, moments of change.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use commerce::channel::{Channel, Locale};
use jiff::Timestamp;

use crate::chunked::Chunked;
use crate::ix;
use crate::lookup::{self, Lookup};
use crate::offer::Offer;
use crate::order::{Order, remerge};
use crate::row::Row;
use crate::snapshot::{Change, Name, Orders, Snapshot, Stamps};
use crate::text;

impl Snapshot {
    /// Computes anew all that is derived from the offers.
    pub(crate) fn derive(&mut self) {
        let pricing = self.pricing();
        let offers = || (0..).zip(self.offers.iter());
        let row = |offer: &Option<Arc<Offer>>| {
            offer
                .as_ref()
                .map_or_else(Row::default, |offer| Row::new(offer, &self.schema, &pricing))
        };
        let rows: Chunked<Row> = self.offers.iter().map(row).collect();
        let free = offers().filter(|(_, offer)| offer.is_none()).map(|(row, _)| row).collect();
        let mut keys = Vec::new();
        for (row, offer) in offers() {
            let names = offer.iter().flat_map(|offer| names(offer, &self.channel));
            keys.extend(names.map(|name| (name, row)));
        }
        let lookup = Lookup::fill(keys);
        let mut changes: BTreeMap<Timestamp, HashSet<u32>> = BTreeMap::new();
        let mut members: Vec<Vec<(u32, i32, i64, u32)>> =
            self.schema.nodes().iter().map(|_| Vec::new()).collect();
        let mut listed = Vec::new();
        for (row, offer) in offers() {
            let Some(offer) = offer else { continue };
            if let Some(moment) = offer.next_change {
                changes.entry(moment).or_default().insert(row);
            }
            if !offer.is_listed() {
                continue;
            }
            listed.push(row);
            for (category, (place, position)) in self.schema.standings(&offer.product) {
                if let Some(members) = members.get_mut(ix(category)) {
                    members.push((place, position, offer.product.number, row));
                }
            }
        }
        self.members = members
            .into_iter()
            .map(|mut members| {
                members.sort_unstable();
                Arc::new(members.into_iter().map(|(.., row)| row).collect())
            })
            .collect();
        self.rows = rows;
        self.free = free;
        self.lookup = lookup;
        self.changes = Arc::new(changes);

        let n_rows = self.offers.len();
        let sorted = |key: &dyn Fn(u32) -> (i128, i64)| {
            let mut rows = listed.clone();
            rows.sort_by_cached_key(|&row| key(row));
            Order::new(rows, n_rows)
        };
        let number = |row| self.row(row).number;
        let names = |locale| {
            let mut rows = listed.clone();
            rows.sort_by_cached_key(|&row| self.name_key(row, locale));
            (locale, Order::new(rows, n_rows))
        };
        self.orders = Orders {
            price_up: sorted(&|row| (i128::from(self.row(row).price), number(row))),
            price_down: sorted(&|row| (-i128::from(self.row(row).price), number(row))),
            newest: sorted(&|row| (-self.created(row), number(row))),
            names: self.channel.locales.iter().map(|&locale| names(locale)).collect(),
        };
        self.stamps = Stamps {
            structure: self.version,
            all: self.version,
            categories: vec![self.version; self.members.len()],
        };
    }

    /// Brings what is derived up to date with the offers that changed.
    pub(crate) fn patch(&mut self, changes: &[Change]) {
        let schema = Arc::clone(&self.schema);
        let mut stale = HashSet::new();
        let mut listed = Vec::new();
        let mut is_resorted = (false, false, false);
        let mut moved: BTreeMap<u32, (HashSet<u32>, Vec<u32>)> = BTreeMap::new();
        for Change { row, old, new } in changes {
            let (row, old, new) = (*row, old.as_deref(), new.as_deref());
            let pricing = self.pricing();
            let fresh = new.map_or_else(Row::default, |new| Row::new(new, &schema, &pricing));
            let is_changed = *self.row(row) != fresh;
            if is_changed {
                self.rows.set(row, fresh);
            }
            let old_change = old.and_then(|old| old.next_change);
            let new_change = new.and_then(|new| new.next_change);
            if old_change != new_change {
                let moments = Arc::make_mut(&mut self.changes);
                if let Some(moment) = old_change
                    && let Some(rows) = moments.get_mut(&moment)
                {
                    rows.remove(&row);
                    if rows.is_empty() {
                        moments.remove(&moment);
                    }
                }
                if let Some(moment) = new_change {
                    moments.entry(moment).or_default().insert(row);
                }
            }
            if new.is_none() {
                self.free.push(row);
            }
            if !same_product(old, new) {
                for key in old.into_iter().flat_map(|old| names(old, &self.channel)) {
                    self.lookup.remove(key, row);
                }
                for key in new.into_iter().flat_map(|new| names(new, &self.channel)) {
                    self.lookup.insert(key, row);
                }
            }

            let old = old.filter(|old| old.is_listed());
            let new = new.filter(|new| new.is_listed());
            stale.insert(row);
            if new.is_some() {
                listed.push(row);
            }
            let sort_key =
                |offer: &Offer| (offer.from.map(|from| from.amount), offer.product.number);
            is_resorted.0 |= old.map(sort_key) != new.map(sort_key);
            let looks_the_same = match (old, new) {
                (Some(old), Some(new)) => !is_changed && old.is_listed_like(new),
                (None, None) => true,
                _ => false,
            };
            if !looks_the_same {
                self.stamps.all = self.version;
                let places = |offer: &Offer| schema.standings(&offer.product).into_keys();
                for place in [old, new].into_iter().flatten().flat_map(places) {
                    if let Some(stamp) = self.stamps.categories.get_mut(ix(place)) {
                        *stamp = self.version;
                    }
                }
            }
            if same_product(old, new) {
                continue;
            }
            let sort_key = |offer: &Offer| (offer.product.created_at, offer.product.number);
            is_resorted.1 |= old.map(sort_key) != new.map(sort_key);
            is_resorted.2 |= old.map(|old| (&old.product.texts, old.product.number))
                != new.map(|new| (&new.product.texts, new.product.number));

            let standings = |offer: Option<&Offer>| {
                let numbered = |offer: &Offer| {
                    let number = offer.product.number;
                    let standings = schema.standings(&offer.product).into_iter();
                    standings.map(|(place, standing)| (place, (standing, number))).collect()
                };
                offer.map_or_else(BTreeMap::new, numbered)
            };
            let (before, after) = (standings(old), standings(new));
            for (category, standing) in &before {
                if after.get(category) != Some(standing) {
                    moved.entry(*category).or_default().0.insert(row);
                }
            }
            for (category, standing) in &after {
                if before.get(category) != Some(standing) {
                    moved.entry(*category).or_default().1.push(row);
                }
            }
        }

        for (category, (left, entered)) in moved {
            let Some(members) = self.members.get(ix(category)) else { continue };
            let merged = remerge(members, &left, entered, |a, b| {
                self.standing(a, category).cmp(&self.standing(b, category))
            });
            if let Some(members) = self.members.get_mut(ix(category)) {
                *members = Arc::new(merged);
            }
        }
        let n_rows = self.offers.len();
        let mut orders = std::mem::take(&mut self.orders);
        if is_resorted.0 {
            let key = |row| (self.row(row).price, self.row(row).number);
            orders.price_up =
                orders.price_up.patched(&stale, listed.clone(), n_rows, |a, b| key(a).cmp(&key(b)));
            orders.price_down =
                orders.price_down.patched(&stale, listed.clone(), n_rows, |a, b| {
                    key(b).0.cmp(&key(a).0).then(key(a).1.cmp(&key(b).1))
                });
        }
        if is_resorted.1 {
            let key = |row| (-self.created(row), self.row(row).number);
            orders.newest =
                orders.newest.patched(&stale, listed.clone(), n_rows, |a, b| key(a).cmp(&key(b)));
        }
        if is_resorted.2 {
            for (locale, order) in &mut orders.names {
                let key = |row| self.name_key(row, *locale);
                *order = order.patched(&stale, listed.clone(), n_rows, |a, b| key(a).cmp(&key(b)));
            }
        }
        self.orders = orders;
    }

    fn created(&self, row: u32) -> i128 {
        self.offer_at(row).map_or(0, |offer| offer.product.created_at.as_nanosecond())
    }

    fn name_key(&self, row: u32, locale: Locale) -> (String, i64) {
        let name = self.offer_at(row).map_or("", |offer| offer.name(locale));
        (text::fold(name), self.row(row).number)
    }

    fn standing(&self, row: u32, category: u32) -> ((u32, i32), i64) {
        let offer = self.offer_at(row);
        let standing = offer.map(|offer| self.schema.standing(&offer.product, category));
        (standing.unwrap_or((u32::MAX, i32::MAX)), self.row(row).number)
    }
}

/// Whether two offers are of one and the same version of a product.
fn same_product(old: Option<&Offer>, new: Option<&Offer>) -> bool {
    match (old, new) {
        (Some(old), Some(new)) => {
            Arc::ptr_eq(&old.product, &new.product) && old.is_listed() == new.is_listed()
        }
        (None, None) => true,
        _ => false,
    }
}

/// The hashes of all names of an offer.
fn names(offer: &Offer, channel: &Channel) -> Vec<u64> {
    let product = &offer.product;
    let mut names =
        vec![lookup::hash(&Name::Id(product.id)), lookup::hash(&Name::Number(product.number))];
    for variant in &product.variants {
        names.push(lookup::hash(&Name::Sku(variant.sku.as_str())));
    }
    for &locale in &channel.locales {
        if let Some(text) = offer.text(locale) {
            names.push(lookup::hash(&Name::Slug(locale, text.slug.as_str())));
        }
    }
    names
}
