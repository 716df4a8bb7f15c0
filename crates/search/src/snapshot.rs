//! One version of everything that the channel shows.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use commerce::catalog::{
    Attribute, AttributeCode, Category, CategoryId, OptionCode, ProductId, ProductKind, Sku,
    Variant, Visibility,
};
use commerce::channel::{Channel, Locale};
use commerce::content::Slug;
use jiff::Timestamp;

use crate::chunked::Chunked;
use crate::listing::Scope;
use crate::lookup::{self, Lookup};
use crate::offer::{Offer, Pricing, ShownPrice};
use crate::order::Order;
use crate::row::Row;
use crate::schema::Schema;
use crate::source::{Delta, Structure};
use crate::text::TextSearcher;
use crate::{count, ix};

/// A consistent version of the catalog. Reading it waits for nothing and changes nothing.
#[derive(Clone)]
pub struct Snapshot {
    pub(crate) version: u64,
    pub(crate) now: Timestamp,
    pub(crate) channel: Arc<Channel>,
    pub(crate) schema: Arc<Schema>,
    pub(crate) offers: Chunked<Option<Arc<Offer>>>,
    pub(crate) rows: Chunked<Row>,
    /// Rows that no product uses, to be taken before new ones.
    pub(crate) free: Vec<u32>,
    pub(crate) lookup: Lookup,
    /// For each category, the listed rows it contains, by position.
    pub(crate) members: Vec<Arc<Vec<u32>>>,
    pub(crate) orders: Orders,
    /// Moments at which a price may change by itself.
    pub(crate) changes: Arc<BTreeMap<Timestamp, HashSet<u32>>>,
    pub(crate) texts: Vec<TextSearcher>,
    pub(crate) stamps: Stamps,
}

/// The versions at which what lists show last changed.
#[derive(Clone, Default)]
pub(crate) struct Stamps {
    /// Of categories, attributes and rates; then everything counts as changed.
    pub(crate) structure: u64,
    /// Of any product.
    pub(crate) all: u64,
    /// Of any product that a category contains, by the category's place.
    pub(crate) categories: Vec<u64>,
}

#[derive(Clone, Default)]
pub(crate) struct Orders {
    pub(crate) price_up: Order,
    pub(crate) price_down: Order,
    pub(crate) newest: Order,
    pub(crate) names: Vec<(Locale, Order)>,
}

/// A color that a card shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Swatch {
    pub attribute: AttributeCode,
    pub option: OptionCode,
    /// `#rrggbb`.
    pub color: String,
}

/// A row and the offer it has before and after a change.
pub(crate) struct Change {
    pub(crate) row: u32,
    pub(crate) old: Option<Arc<Offer>>,
    pub(crate) new: Option<Arc<Offer>>,
}

/// What a name is hashed with, so that a SKU is not mistaken for a slug.
#[derive(Hash)]
pub(crate) enum Name<'a> {
    Id(ProductId),
    Number(i64),
    Sku(&'a str),
    Slug(Locale, &'a str),
}

impl Snapshot {
    /// The shop before its first product.
    pub(crate) fn empty(channel: Channel, structure: Structure, now: Timestamp) -> Self {
        let schema = Arc::new(Schema::new(structure, &channel));
        let mut snapshot = Self {
            version: 0,
            now,
            channel: Arc::new(channel),
            schema,
            offers: Chunked::default(),
            rows: Chunked::default(),
            free: Vec::new(),
            lookup: Lookup::default(),
            members: Vec::new(),
            orders: Orders::default(),
            changes: Arc::default(),
            texts: Vec::new(),
            stamps: Stamps::default(),
        };
        snapshot.derive();
        snapshot
    }

    pub(crate) fn pricing(&self) -> Pricing<'_> {
        Pricing {
            channel: &self.channel,
            tax: &self.schema.tax,
            now: self.now,
            version: self.version,
        }
    }

    /// The next version without its texts, and what has to change in those.
    ///
    /// Prices that are due at `now` change along.
    pub(crate) fn next(&self, delta: Delta, now: Timestamp) -> (Self, Vec<Change>) {
        let mut next = self.clone();
        next.version += 1;
        next.now = now.max(self.now);
        let is_restructured = delta.structure.is_some();
        if let Some(structure) = delta.structure {
            next.schema = Arc::new(Schema::new(structure, &next.channel));
        }

        let changes = next.take(delta.products, &delta.stock, is_restructured);
        for change in &changes {
            next.offers.set(change.row, change.new.clone());
        }
        if is_restructured || self.offers.len() == 0 {
            next.derive();
        } else {
            next.patch(&changes);
        }
        (next, changes)
    }

    /// Finds a row for each product that changed and makes its new offer.
    fn take(
        &mut self,
        products: Vec<(ProductId, Option<crate::source::ProductInput>)>,
        stock: &[(Sku, u32)],
        all: bool,
    ) -> Vec<Change> {
        let mut offers: BTreeMap<u32, Option<Arc<Offer>>> = BTreeMap::new();
        let mut new_rows: HashMap<ProductId, u32> = HashMap::new();
        for (id, input) in products {
            let input = input.filter(|input| input.product.visibility != Visibility::Draft);
            let row = new_rows.get(&id).copied().or_else(|| self.row_of(id));
            let Some(input) = input else {
                if let Some(row) = row {
                    offers.insert(row, None);
                }
                continue;
            };
            let row = row.unwrap_or_else(|| {
                let row = self.free.pop().unwrap_or_else(|| {
                    self.rows.push(Row::default());
                    self.offers.push(None)
                });
                new_rows.insert(id, row);
                row
            });
            let offer = self.pricing().offer(&Arc::new(input.product), &input.available);
            offers.insert(row, Some(Arc::new(offer)));
        }

        let mut new_skus: HashMap<&str, u32> = HashMap::new();
        let fresh: Vec<(u32, Arc<Offer>)> =
            offers.iter().filter_map(|(&row, offer)| Some((row, offer.clone()?))).collect();
        for (row, offer) in &fresh {
            for variant in &offer.product.variants {
                new_skus.insert(variant.sku.as_str(), *row);
            }
        }
        for (sku, number) in stock {
            let row = new_skus.get(sku.as_str()).copied().or_else(|| self.row_of_sku(sku));
            let Some(row) = row else { continue };
            let offer = offers.get(&row).cloned().unwrap_or_else(|| self.offer_at(row).cloned());
            let Some(offer) = offer else { continue };
            let variants = &offer.product.variants;
            let place = variants.iter().position(|variant| variant.sku == *sku);
            let mut available = offer.available.clone();
            if let Some(slot) = place.and_then(|place| available.get_mut(place))
                && *slot != *number
            {
                *slot = *number;
                let offer = self.pricing().offer_of(&offer.product, available);
                offers.insert(row, Some(Arc::new(offer)));
            }
        }

        let due: Vec<u32> = if all {
            (0..self.offers.len()).collect()
        } else {
            self.changes.range(..=self.now).flat_map(|(_, rows)| rows.iter().copied()).collect()
        };
        for row in due {
            if !offers.contains_key(&row)
                && let Some(offer) = self.offer_at(row)
            {
                let repriced = self.pricing().offer_of(&offer.product, offer.available.clone());
                offers.insert(row, Some(Arc::new(repriced)));
            }
        }
        let old = |row| self.offer_at(row).cloned();
        offers.into_iter().map(|(row, new)| Change { row, old: old(row), new }).collect()
    }

    pub(crate) fn row(&self, row: u32) -> &Row {
        static NONE: std::sync::LazyLock<Row> = std::sync::LazyLock::new(Row::default);
        self.rows.get(row).unwrap_or(&NONE)
    }

    pub(crate) fn offer_at(&self, row: u32) -> Option<&Arc<Offer>> {
        self.offers.get(row)?.as_ref()
    }

    fn row_of(&self, id: ProductId) -> Option<u32> {
        self.lookup.find(lookup::hash(&Name::Id(id)), |row| {
            self.offer_at(row).is_some_and(|offer| offer.product.id == id)
        })
    }

    fn row_of_sku(&self, sku: &Sku) -> Option<u32> {
        self.lookup.find(lookup::hash(&Name::Sku(sku.as_str())), |row| {
            let offer = self.offer_at(row);
            offer.is_some_and(|offer| offer.product.variants.iter().any(|v| v.sku == *sku))
        })
    }
}

/// What can be read of a snapshot, apart from listings and suggestions.
impl Snapshot {
    /// Counts the changes since the start.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The version at which categories, attributes or rates last changed.
    pub fn structure_version(&self) -> u64 {
        self.stamps.structure
    }

    /// The version at which any list of this scope last changed: the products in it, what a card
    /// or a filter shows of them, or the structure. A unit sold changes no list, the last one does.
    pub fn list_version(&self, scope: &Scope) -> u64 {
        match scope {
            Scope::All | Scope::Search(_) => self.stamps.all,
            Scope::Category(id) => {
                let place = self.schema.place(*id);
                let stamp = place.and_then(|place| self.stamps.categories.get(ix(place)));
                stamp.copied().unwrap_or(self.stamps.structure)
            }
        }
    }

    /// The moment that prices are of.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    pub fn channel(&self) -> &Channel {
        &self.channel
    }

    /// When a price may next change by itself, and [`crate::Index::refresh`] is due.
    pub fn next_change(&self) -> Option<Timestamp> {
        self.changes.keys().next().copied()
    }

    /// How many products can be found by their address, listed or not.
    pub fn n_products(&self) -> u32 {
        self.offers.len().saturating_sub(count(self.free.len()))
    }

    /// All products that can be found by their address, listed or not, in no order.
    pub fn products(&self) -> impl Iterator<Item = &Arc<Offer>> {
        self.offers.iter().flatten()
    }

    /// A product by its id; drafts are unknown here, hidden ones are not.
    pub fn product(&self, id: ProductId) -> Option<&Arc<Offer>> {
        self.offer_at(self.row_of(id)?)
    }

    pub fn product_by_number(&self, number: i64) -> Option<&Arc<Offer>> {
        let row = self.lookup.find(lookup::hash(&Name::Number(number)), |row| {
            self.offer_at(row).is_some_and(|offer| offer.product.number == number)
        });
        self.offer_at(row?)
    }

    /// A product by the address it has in `locale`, which is that of the channel's first language
    /// where nobody translated it.
    pub fn product_by_slug(&self, locale: Locale, slug: &Slug) -> Option<&Arc<Offer>> {
        let row = self.lookup.find(lookup::hash(&Name::Slug(locale, slug.as_str())), |row| {
            let text = self.offer_at(row).and_then(|offer| offer.text(locale));
            text.is_some_and(|text| text.slug == *slug)
        });
        self.offer_at(row?)
    }

    /// The product that has this SKU, and its variant.
    pub fn product_by_sku(&self, sku: &Sku) -> Option<(&Arc<Offer>, &Variant)> {
        let offer = self.offer_at(self.row_of_sku(sku)?)?;
        Some((offer, offer.product.variants.iter().find(|variant| variant.sku == *sku)?))
    }

    /// What shoppers pay for a variant now; `None` when the channel does not sell it.
    pub fn price(&self, offer: &Offer, variant: &Variant) -> Option<ShownPrice> {
        self.pricing().shown(&offer.product, variant)
    }

    /// The colors that a product can be had in, in the order of the attribute's options.
    pub fn swatches(&self, offer: &Offer) -> Vec<Swatch> {
        let ProductKind::Configurable { axes } = &offer.product.kind else { return Vec::new() };
        let variants = || offer.product.variants.iter().filter(|variant| variant.is_enabled);
        let mut swatches = Vec::new();
        for attribute in axes.iter().filter_map(|code| self.attribute(code)) {
            for option in &attribute.options {
                let is_sold = |v: &Variant| v.options.get(&attribute.code) == Some(&option.code);
                if let Some(color) = &option.swatch
                    && variants().any(is_sold)
                {
                    let (attribute, option) = (attribute.code.clone(), option.code.clone());
                    swatches.push(Swatch { attribute, option, color: color.clone() });
                }
            }
        }
        swatches
    }

    /// All attributes, in display order.
    pub fn attributes(&self) -> &[Attribute] {
        &self.schema.attributes
    }

    pub fn attribute(&self, code: &AttributeCode) -> Option<&Attribute> {
        self.schema.attribute(code).map(|(_, attribute)| attribute)
    }

    /// A category that can be seen: it and all above it are published.
    pub fn category(&self, id: CategoryId) -> Option<&Category> {
        Some(&self.schema.node(self.schema.place(id)?)?.category)
    }

    pub fn category_by_number(&self, number: i64) -> Option<&Category> {
        self.categories().find(|category| category.number == number)
    }

    pub fn category_by_slug(&self, locale: Locale, slug: &Slug) -> Option<&Category> {
        self.schema.category_by_slug(locale, slug).map(|node| &node.category)
    }

    /// All visible categories, parents before their children, siblings by position.
    pub fn categories(&self) -> impl Iterator<Item = &Category> {
        self.schema.nodes().iter().map(|node| &node.category)
    }

    /// The visible children of a category, or the top ones, by position.
    pub fn children(&self, parent: Option<CategoryId>) -> Vec<&Category> {
        let place = parent.map(|id| self.schema.place(id));
        if place == Some(None) {
            return Vec::new();
        }
        self.schema.children(place.flatten()).map(|(_, node)| &node.category).collect()
    }

    /// The way to a category from the top, itself last.
    pub fn breadcrumbs(&self, id: CategoryId) -> Vec<&Category> {
        let above =
            self.schema.place(id).into_iter().flat_map(|place| self.schema.and_above(place));
        let mut way: Vec<&Category> =
            above.filter_map(|place| Some(&self.schema.node(place)?.category)).collect();
        way.reverse();
        way
    }

    /// How many listed products a category contains, those of categories below it included.
    pub fn n_products_in(&self, id: CategoryId) -> u32 {
        let members = self.schema.place(id).and_then(|place| self.members.get(ix(place)));
        members.map_or(0, |members| count(members.len()))
    }
}
