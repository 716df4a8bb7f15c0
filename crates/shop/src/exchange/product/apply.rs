//! What rows make of a product: each changes what it says something about, and nothing else.

mod attributes;
mod pictures;
mod variants;

use std::collections::{HashMap, HashSet};

use commerce::catalog::{AttributeValues, Options, Product, ProductKind, VariantId, Visibility};
use commerce::channel::Locale;
use commerce::content::Localized;
use commerce::eco::{EcoSheet, Manufacturer};
use commerce::tax::TaxClass;
use exchange::product::{ProductRow, RowKind, Sight, Texts};
use exchange::{Fault, Field};
use jiff::Timestamp;

use super::super::view::locale_of;
use super::{Frame, Task, World};
use crate::catalog::{ProductInput, TextInput, VariantInput};

/// The most characters of a label of a picture, and of what is said of a manufacturer.
const MAX_LABEL: usize = 1_000;
/// What a new product is, where its row does not say.
const DEFAULT_SET: &str = "Default";

/// A product as its rows make it.
pub(super) struct Draft {
    pub(super) input: ProductInput,
    pub(super) faults: Vec<(usize, Fault)>,
    /// Rows of store views that are refused alone.
    pub(super) refused: HashMap<usize, Vec<Fault>>,
    /// Rows that made a difference.
    pub(super) changed: HashSet<usize>,
    /// Rows of things that were not there before.
    pub(super) is_new: HashSet<usize>,
    pub(super) created_at: Option<Timestamp>,
}

/// One row being applied.
struct Step<'a> {
    task: &'a Task<'a>,
    frame: &'a mut Frame,
    world: &'a World,
    row: &'a ProductRow,
    faults: Vec<Fault>,
}

impl Draft {
    pub(super) fn of(
        task: &Task<'_>,
        frame: &mut Frame,
        world: &World,
        before: Option<&Product>,
        is_variant_row: bool,
    ) -> Self {
        let goods = task.goods;
        let mut draft = Self {
            input: before.map_or_else(blank, ProductInput::from),
            faults: Vec::new(),
            refused: HashMap::new(),
            changed: HashSet::new(),
            is_new: HashSet::new(),
            created_at: None,
        };
        let is_configurable = match before {
            Some(before) => before.kind != ProductKind::Simple,
            None => goods.main.and_then(|at| task.row(at)).is_some_and(|row| {
                row.kind == Some(RowKind::Configurable) || !row.variations.is_empty()
            }),
        };
        if let Some(main) = goods.main {
            draft.step(task, frame, world, main, |step, input| match is_configurable {
                true if is_variant_row => step.variant_of(input),
                true => {
                    step.product(input, before, true);
                    step.variations(input);
                }
                false => {
                    step.product(input, before, false);
                    if input.variants.is_empty() {
                        input.variants.push(blank_variant(&step.row.sku));
                    }
                    step.variant_of(input);
                }
            });
            if let Some(row) = task.row(main)
                && before.is_none()
            {
                draft.is_new.insert(main);
                draft.is_new.extend(&goods.views);
                let zone = &task.terms.zone;
                draft.created_at = row.created_at.and_then(|when| when.begin(zone));
            }
        }
        for &at in &goods.variants {
            draft.step(task, frame, world, at, |step, input| {
                step.variant_of(input);
            });
            let is_known = |row: &ProductRow| {
                before.is_some_and(|it| it.variants.iter().any(|known| known.sku == row.sku))
            };
            if task.row(at).is_some_and(|row| !is_known(row)) {
                draft.is_new.insert(at);
            }
        }
        for &at in &goods.views {
            let (n_faults, mark, input) = (draft.faults.len(), frame.mark(), draft.input.clone());
            draft.step(task, frame, world, at, |step, input| {
                step.view(input);
            });
            let faults = draft.faults.split_off(n_faults);
            if !faults.is_empty() {
                frame.forget(mark);
                draft.input = input;
                let faults = faults.into_iter().map(|(_, fault)| fault).collect();
                draft.refused.insert(at, faults);
            }
        }
        draft
    }

    fn step(
        &mut self,
        task: &Task<'_>,
        frame: &mut Frame,
        world: &World,
        at: usize,
        apply: impl FnOnce(&mut Step<'_>, &mut ProductInput),
    ) {
        let Some(row) = task.row(at) else { return };
        let before = self.input.clone();
        let mut step = Step { task, frame, world, row, faults: Vec::new() };
        apply(&mut step, &mut self.input);
        self.faults.extend(step.faults.into_iter().map(|fault| (at, fault)));
        if before != self.input {
            self.changed.insert(at);
        }
    }
}

fn blank() -> ProductInput {
    ProductInput {
        kind: ProductKind::Simple,
        visibility: Visibility::Published,
        attribute_set: commerce::catalog::AttributeSetCode::new("default").expect("a valid code"),
        tax_class: TaxClass::new("standard").expect("a valid code"),
        is_featured: false,
        texts: Localized::default(),
        attributes: AttributeValues::new(),
        categories: Vec::new(),
        pictures: Vec::new(),
        variants: Vec::new(),
        eco: EcoSheet::default(),
        manufacturer: None,
    }
}

fn blank_variant(sku: &commerce::catalog::Sku) -> VariantInput {
    VariantInput {
        id: None::<VariantId>,
        sku: sku.clone(),
        is_enabled: true,
        options: Options::new(),
        weight_grams: 0,
        content: None,
        prices: Vec::new(),
        on_hand: None,
    }
}

/// Whether a product is online and where it is seen, as Magento says it. The way back, in
/// [`visibility_of`], loses nothing that we know.
pub(in super::super) fn online_and_sight(input: &ProductInput) -> (bool, Sight) {
    let is_enabled = match input.kind {
        ProductKind::Simple => input.variants.iter().all(|variant| variant.is_enabled),
        ProductKind::Configurable { .. } => true,
    };
    match input.visibility {
        Visibility::Published => (is_enabled, Sight::Listed),
        Visibility::Hidden => (false, Sight::Listed),
        Visibility::Draft => (false, Sight::Nowhere),
    }
}

fn visibility_of(is_online: bool, sight: Sight) -> Visibility {
    match (is_online, sight) {
        (true, Sight::Listed) => Visibility::Published,
        (false, Sight::Listed) => Visibility::Hidden,
        (_, Sight::Nowhere) => Visibility::Draft,
    }
}

impl Step<'_> {
    fn refuse(&mut self, column: &str, reason: impl Into<String>) {
        self.faults.push(Fault::new(column, reason));
    }

    fn limit(&mut self, column: &str, text: &str) {
        if text.chars().count() > MAX_LABEL {
            self.refuse(column, format!("longer than {MAX_LABEL} characters"));
        }
    }

    fn product(
        &mut self,
        input: &mut ProductInput,
        before: Option<&Product>,
        is_configurable: bool,
    ) {
        let row = self.row;
        let is_new = before.is_none();
        let set = row.attribute_set.as_deref().or(is_new.then_some(DEFAULT_SET));
        if let Some(set) = set
            && let Some(code) = self.frame.set(set, &mut self.faults)
        {
            input.attribute_set = code;
        }
        if let Some(class) = &row.tax_class
            && let Some(class) = self.frame.tax_class(class, &mut self.faults)
        {
            input.tax_class = class;
        }
        match &row.categories {
            Field::Keep => {}
            Field::Clear => input.categories.clear(),
            Field::Set(paths) => self.categories(input, paths),
        }
        if row.kind == Some(RowKind::Simple) && is_configurable {
            self.refuse("product_type", "the product is configurable in the shop");
        }
        let was = if is_new { (true, Sight::Listed) } else { online_and_sight(input) };
        // What is put online is meant to be seen, unless the row says otherwise.
        let sight = if row.is_online == Some(true) { Sight::Listed } else { was.1 };
        let wanted = (row.is_online.unwrap_or(was.0), row.sight.unwrap_or(sight));
        if wanted != was || is_new {
            input.visibility = visibility_of(wanted.0, wanted.1);
        }
        let locale = self.frame.locale();
        if is_new && row.texts.name.set().is_none() {
            self.refuse("name", "a new product needs one");
        }
        Self::texts(input, &row.texts, locale);
        self.attributes(input, locale, true);
        self.pictures(input);
        self.labels(input, &row.texts, locale);
        self.image_options(input);
        if let Some(is_featured) = row.is_featured {
            input.is_featured = is_featured;
        }
        match &row.eco {
            Field::Keep => {}
            Field::Clear => input.eco = EcoSheet::default(),
            Field::Set(eco) => input.eco = eco.clone(),
        }
        match row.country {
            Field::Keep => {}
            Field::Clear => input.eco.origin = None,
            Field::Set(country) => input.eco.origin = Some(country),
        }
        self.manufacturer(input);
    }

    fn categories(&mut self, input: &mut ProductInput, paths: &[Vec<String>]) {
        let mut wanted = Vec::new();
        for path in paths {
            let Some(id) = self.frame.category(path, &mut self.faults) else { continue };
            let known = input.categories.iter().find(|(known, _)| *known == id);
            wanted.push((id, known.map_or(0, |(_, position)| *position)));
        }
        // In the order that rows come in, so that the same set is the same list.
        wanted.sort_unstable();
        wanted.dedup_by_key(|(id, _)| *id);
        input.categories = wanted;
    }

    fn texts(input: &mut ProductInput, texts: &Texts, locale: Locale) {
        let mut text = input.texts.0.get(&locale).cloned().unwrap_or_default();
        let before = text.clone();
        texts.name.write(&mut text.name);
        texts.short.write(&mut text.short);
        texts.description.write(&mut text.description);
        texts.meta_description.write(&mut text.meta_description);
        texts.slug.apply(&mut text.slug);
        if text != before {
            input.texts.0.insert(locale, text);
        }
    }

    /// A row of a store view, which has nothing but texts to say.
    fn view(&mut self, input: &mut ProductInput) {
        let view = self.row.view.clone().unwrap_or_default();
        let Some(locale) = locale_of(self.task.terms, &self.frame.channel, &view) else {
            let reason = format!("no language of the shop is called “{view}”; --view names it");
            self.refuse("store_view_code", reason);
            return;
        };
        let texts = &self.row.texts;
        let says = [&texts.name, &texts.short, &texts.description, &texts.meta_description];
        let says_something =
            says.iter().any(|field| **field != Field::Keep) || texts.slug != Field::Keep;
        if says_something && !input.texts.0.contains_key(&locale) {
            // What a view leaves out is as everywhere.
            let inherited: Option<TextInput> = input.texts.0.get(&self.frame.locale()).cloned();
            input.texts.0.insert(locale, inherited.unwrap_or_default());
        }
        Self::texts(input, texts, locale);
        self.attributes(input, locale, false);
        self.labels(input, texts, locale);
    }

    fn manufacturer(&mut self, input: &mut ProductInput) {
        let maker = &self.row.maker;
        let columns = [
            (&maker.name, "greenleaf_manufacturer_name"),
            (&maker.address, "greenleaf_manufacturer_address"),
            (&maker.email, "greenleaf_manufacturer_email"),
        ];
        if columns.iter().all(|(field, _)| **field == Field::Keep) {
            return;
        }
        for (field, column) in columns {
            self.limit(column, field.set().map_or("", String::as_str));
        }
        let nobody =
            || Manufacturer { name: String::new(), address: String::new(), email: String::new() };
        let mut known = input.manufacturer.clone().unwrap_or_else(nobody);
        maker.name.write(&mut known.name);
        maker.address.write(&mut known.address);
        maker.email.write(&mut known.email);
        input.manufacturer = Some(known.clone()).filter(|known| *known != nobody());
    }
}
