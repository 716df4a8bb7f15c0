//! What an answer shows, so that it is kept until that changes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use axum::http::HeaderValue;
use commerce::catalog::CategoryId;
use commerce::catalog::ProductId;
use search::{Offer, Scope, Snapshot};

/// Longer headers may not pass a proxy in front of us.
const MAX_TAGS: usize = 2_000;

/// What of the catalog was looked at while an answer was made.
#[derive(Default)]
pub(super) struct Shown(Mutex<Parts>);

#[derive(Clone, Default)]
struct Parts {
    /// Something was asked for by a name that nothing has, or not yet.
    is_anything: bool,
    /// A list that may hold any product.
    is_any_list: bool,
    lists: BTreeSet<CategoryId>,
    products: BTreeMap<ProductId, i64>,
    /// By number; the structure of the catalog holds what is shown of them.
    categories: BTreeSet<i64>,
    has_pages: bool,
}

impl Shown {
    fn note(&self, note: impl FnOnce(&mut Parts)) {
        note(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// A product by itself, with its stock.
    pub(super) fn product(&self, offer: &Offer) {
        let product = &offer.product;
        self.note(|parts| {
            parts.products.insert(product.id, product.number);
        });
    }

    /// Which products a list holds, their order and what is counted of them.
    pub(super) fn list(&self, scope: &Scope) {
        self.note(|parts| match scope {
            Scope::All | Scope::Search(_) => parts.is_any_list = true,
            Scope::Category(id) => {
                parts.lists.insert(*id);
            }
        });
    }

    pub(super) fn category(&self, number: i64) {
        self.note(|parts| {
            parts.categories.insert(number);
        });
    }

    pub(super) fn page(&self) {
        self.note(|parts| parts.has_pages = true);
    }

    /// That there is no product of some name.
    pub(super) fn absence(&self) {
        self.note(|parts| parts.is_anything = true);
    }
}

/// What a kept answer was made from.
pub(super) struct Made {
    parts: Parts,
    settings: u64,
    structure: u64,
    products: u64,
    /// The version of the whole catalog at which it was last found good: most questions come while
    /// nothing has changed, and then need not look at each product.
    good_at: AtomicU64,
    pub(super) tags: HeaderValue,
}

impl Made {
    /// `settings` is the version of settings and pages.
    pub(super) fn new(shown: &Shown, catalog: &Snapshot, settings: u64) -> Self {
        let parts = shown.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (structure, products) = (catalog.structure_version(), parts.version(catalog));
        let tags = parts.tags();
        let good_at = AtomicU64::new(catalog.version());
        Self { parts, settings, structure, products, good_at, tags }
    }

    /// Whether it would be made the same again.
    pub(super) fn is_good(&self, catalog: &Snapshot, settings: u64) -> bool {
        if self.settings != settings {
            return false;
        }
        if self.good_at.load(Ordering::Relaxed) == catalog.version() {
            return true;
        }
        let is_good = self.structure == catalog.structure_version()
            && self.products == self.parts.version(catalog);
        if is_good {
            self.good_at.store(catalog.version(), Ordering::Relaxed);
        }
        is_good
    }
}

impl Parts {
    /// Changes with anything that was looked at: a change is of a version greater than all before.
    fn version(&self, catalog: &Snapshot) -> u64 {
        if self.is_anything {
            return catalog.version();
        }
        let any = self.is_any_list.then(|| catalog.list_version(&Scope::All));
        let lists = self.lists.iter().map(|id| catalog.list_version(&Scope::Category(*id)));
        let products = self
            .products
            .keys()
            .map(|id| catalog.product(*id).map_or(u64::MAX, |offer| offer.version));
        any.into_iter().chain(lists).chain(products).max().unwrap_or_default()
    }

    /// As Magento's caches read them: what kinds of things are shown, and which.
    fn tags(&self) -> HeaderValue {
        let has_products = self.is_any_list || !self.lists.is_empty() || !self.products.is_empty();
        let kinds = [
            (has_products, "cat_p"),
            (!self.categories.is_empty(), "cat_c"),
            (self.has_pages, "cms_p"),
        ];
        let kinds = kinds.into_iter().filter(|(is_shown, _)| *is_shown).map(|(_, kind)| kind);
        let mut tags = kinds.collect::<Vec<_>>().join(",");
        let mut numbers: Vec<i64> = self.products.values().copied().collect();
        numbers.sort_unstable();
        let products = numbers.iter().map(|number| format!(",cat_p_{number}"));
        let categories = self.categories.iter().map(|number| format!(",cat_c_{number}"));
        let each = products.chain(categories).collect::<String>();
        if tags.len() + each.len() < MAX_TAGS {
            tags.push_str(&each);
        }
        let separator = if tags.is_empty() { "" } else { "," };
        HeaderValue::try_from(tags + separator + "FPC").expect("letters, digits and commas")
    }
}
