//! What rows make of a product: each changes what it says something about, and nothing else.

use std::collections::{BTreeMap, HashMap, HashSet};

use commerce::catalog::{
    AttributeCode, AttributeKind, AttributeValue, Decimal, OptionCode, Product, ProductKind,
    VariantId, Visibility,
};
use commerce::channel::Locale;
use commerce::content::Localized;
use commerce::eco::{EcoSheet, Manufacturer};
use commerce::media::Picture;
use commerce::money::Money;
use commerce::price::SpecialPrice;
use commerce::tax::TaxClass;
use exchange::product::{ProductRow, RowKind, Sight, Texts};
use exchange::{Fault, Field, Pair, When};
use jiff::Timestamp;

use super::super::view::locale_of;
use super::{Frame, Task, World};
use crate::catalog::{PriceInput, ProductInput, TextInput, VariantInput};

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
            draft.step(task, frame, world, at, |step, input| step.variant_of(input));
            let is_known = |row: &ProductRow| {
                before.is_some_and(|it| it.variants.iter().any(|known| known.sku == row.sku))
            };
            if task.row(at).is_some_and(|row| !is_known(row)) {
                draft.is_new.insert(at);
            }
        }
        for &at in &goods.views {
            let (n_faults, mark, input) = (draft.faults.len(), frame.mark(), draft.input.clone());
            draft.step(task, frame, world, at, |step, input| step.view(input));
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
        attributes: BTreeMap::new(),
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
        options: BTreeMap::new(),
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
        self.texts(input, &row.texts, locale);
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

    fn texts(&mut self, input: &mut ProductInput, texts: &Texts, locale: Locale) {
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
        self.texts(input, texts, locale);
        self.attributes(input, locale, false);
        self.labels(input, texts, locale);
    }

    /// Attributes in their cell, and in columns that are called after them.
    fn attributes(&mut self, input: &mut ProductInput, locale: Locale, is_main: bool) {
        let row = self.row;
        for pair in &row.attributes {
            if !is_main && !self.frame.knows_attribute(&pair.name) {
                continue;
            }
            self.attribute(input, "additional_attributes", pair, locale, is_main);
        }
        for (column, value) in &row.others {
            let name = column.to_ascii_lowercase();
            if self.frame.knows_attribute(&name) {
                let pair = Pair { name, value: value.clone(), is_quoted: false };
                self.attribute(input, column, &pair, locale, is_main);
            }
        }
    }

    fn attribute(
        &mut self,
        input: &mut ProductInput,
        column: &str,
        pair: &Pair,
        locale: Locale,
        is_main: bool,
    ) {
        let found = self.frame.attribute(column, &pair.name, &mut self.faults);
        let Some((code, kind)) = found.map(|it| (it.code.clone(), it.kind)) else { return };
        if kind == AttributeKind::Text {
            self.text_attribute(input, &code, pair, locale);
            return;
        }
        if !is_main {
            return;
        }
        if let ProductKind::Configurable { axes } = &input.kind
            && axes.contains(&code)
        {
            // Each variant has its own.
            return;
        }
        if is_nothing(pair) {
            input.attributes.remove(&code);
            return;
        }
        let value = pair.value.trim();
        let read = match kind {
            AttributeKind::Number => Decimal::parse(trimmed(value)).map(AttributeValue::Number),
            AttributeKind::Boolean => flag(value).map(AttributeValue::Boolean),
            AttributeKind::Date => day(value).map(AttributeValue::Date),
            AttributeKind::Price => {
                Money::parse(trimmed(value), self.frame.channel.currency).map(AttributeValue::Price)
            }
            AttributeKind::Select => {
                let option = self.frame.option(column, &code, value, &mut self.faults);
                let Some(option) = option else { return };
                Some(AttributeValue::Select(option))
            }
            AttributeKind::MultiSelect => match self.options(column, &code, value) {
                Some(options) => Some(AttributeValue::MultiSelect(options)),
                None => return,
            },
            AttributeKind::Text => None,
        };
        let Some(read) = read else {
            self.refuse(column, format!("“{value}” is no value of “{code}”"));
            return;
        };
        self.frame.member(&input.attribute_set, &code, &mut self.faults);
        input.attributes.insert(code, read);
    }

    fn options(
        &mut self,
        column: &str,
        code: &AttributeCode,
        value: &str,
    ) -> Option<Vec<OptionCode>> {
        let mut options = Vec::new();
        for label in value.split('|') {
            let option = self.frame.option(column, code, label.trim(), &mut self.faults)?;
            if !options.contains(&option) {
                options.push(option);
            }
        }
        Some(options)
    }

    fn text_attribute(
        &mut self,
        input: &mut ProductInput,
        code: &AttributeCode,
        pair: &Pair,
        locale: Locale,
    ) {
        let known = match input.attributes.remove(code) {
            Some(AttributeValue::Text(texts)) => texts,
            _ => Localized::default(),
        };
        let mut texts = known;
        match is_nothing(pair) {
            true => texts.0.remove(&locale),
            false => texts.0.insert(locale, pair.value.clone()),
        };
        if !texts.0.is_empty() {
            self.frame.member(&input.attribute_set, code, &mut self.faults);
            input.attributes.insert(code.clone(), AttributeValue::Text(texts));
        }
    }

    fn picture(&mut self, column: &str, path: &str, known: &[Picture]) -> Option<Picture> {
        match self.task.images.get(path) {
            Ok(original) => {
                let known = known.iter().find(|it| it.original.key == original.key).cloned();
                let fresh = || Picture { original, alt: Localized::default(), option: None };
                Some(known.unwrap_or_else(fresh))
            }
            Err(reason) => {
                self.refuse(column, reason);
                None
            }
        }
    }

    fn pictures(&mut self, input: &mut ProductInput) {
        let row = self.row;
        if !self.task.images.are_wanted() {
            return;
        }
        let known = input.pictures.clone();
        let (known_base, known_rest) = match known.split_first() {
            Some((base, rest)) => (Some(base.clone()), rest.to_vec()),
            None => (None, Vec::new()),
        };
        let base = match &row.base_image {
            Field::Keep => known_base,
            Field::Clear => None,
            Field::Set(path) => self.picture("base_image", path, &known),
        };
        let rest = match &row.additional_images {
            Field::Keep => known_rest,
            Field::Clear => Vec::new(),
            Field::Set(paths) => paths
                .iter()
                .filter_map(|path| self.picture("additional_images", path, &known))
                .collect(),
        };
        // Magento lists the base image among the others again.
        let mut pictures: Vec<Picture> = Vec::new();
        for picture in base.into_iter().chain(rest) {
            if pictures.iter().all(|it| it.original.key != picture.original.key) {
                pictures.push(picture);
            }
        }
        input.pictures = pictures;
    }

    /// Labels stand beside their images; a base image that is listed twice is labelled once.
    fn labels(&mut self, input: &mut ProductInput, texts: &Texts, locale: Locale) {
        let set = |picture: &mut Picture, label: &str| {
            match label {
                "" => picture.alt.0.remove(&locale),
                label => picture.alt.0.insert(locale, label.to_owned()),
            };
        };
        let [base, rest @ ..] = input.pictures.as_mut_slice() else { return };
        match &texts.base_image_label {
            Field::Keep => {}
            Field::Clear => set(base, ""),
            Field::Set(label) => {
                self.limit("base_image_label", label);
                set(base, label);
            }
        }
        match &texts.additional_image_labels {
            Field::Keep => {}
            Field::Clear => rest.iter_mut().for_each(|picture| set(picture, "")),
            Field::Set(labels) => {
                let n_listed = self.row.additional_images.set().map_or(0, Vec::len);
                let is_base_again = n_listed == labels.len() && n_listed > rest.len();
                let labels = labels.iter().skip(usize::from(is_base_again));
                for (picture, label) in rest.iter_mut().zip(labels) {
                    self.limit("additional_image_labels", label);
                    set(picture, label);
                }
            }
        }
    }

    fn image_options(&mut self, input: &mut ProductInput) {
        const COLUMN: &str = "greenleaf_image_options";
        let options = match &self.row.image_options {
            Field::Set(options) if self.task.images.are_wanted() => options.clone(),
            _ => return,
        };
        for (picture, option) in input.pictures.iter_mut().zip(&options) {
            picture.option = match option.split_once('=') {
                None if option.is_empty() => None,
                Some((axis, label)) => {
                    let Some(axis) = self.frame.axis(axis, &mut self.faults) else { continue };
                    let option = self.frame.option(COLUMN, &axis, label, &mut self.faults);
                    let Some(option) = option else { continue };
                    Some((axis, option))
                }
                None => {
                    self.faults.push(Fault::new(COLUMN, format!("“{option}” is not axis=option")));
                    continue;
                }
            };
        }
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

    /// The variants that a configurable product has, in the order of its row; others stay.
    fn variations(&mut self, input: &mut ProductInput) {
        const COLUMN: &str = "configurable_variations";
        let row = self.row;
        let Some(first) = row.variations.first() else {
            if input.variants.is_empty() {
                self.refuse(COLUMN, "a new configurable product needs them");
            }
            return;
        };
        let mut axes = Vec::new();
        for (name, _) in &first.options {
            axes.extend(self.frame.axis(name, &mut self.faults));
        }
        if axes.len() != first.options.len() {
            return;
        }
        let mut variants = Vec::new();
        for variation in &row.variations {
            let known = input.variants.iter().find(|known| known.sku == variation.sku);
            let has_row = self
                .task
                .goods
                .variants
                .iter()
                .any(|&at| self.task.row(at).is_some_and(|other| other.sku == variation.sku));
            let mut variant = match known {
                Some(known) => known.clone(),
                None if has_row => blank_variant(&variation.sku),
                None => {
                    let reason = format!(
                        "there is neither a row nor a variant with the SKU {}",
                        variation.sku
                    );
                    self.refuse(COLUMN, reason);
                    continue;
                }
            };
            variant.options.clear();
            for (name, label) in &variation.options {
                let axis = axes.iter().find(|axis| axis.as_str() == name).cloned();
                let Some(axis) = axis else {
                    let reason = format!("{} has no {name} in the others", variation.sku);
                    self.refuse(COLUMN, reason);
                    continue;
                };
                let option = self.frame.option(COLUMN, &axis, label, &mut self.faults);
                if let Some(option) = option {
                    variant.options.insert(axis, option);
                }
            }
            variants.push(variant);
        }
        let is_listed = |known: &VariantInput| {
            row.variations.iter().any(|variation| variation.sku == known.sku)
        };
        variants.extend(input.variants.iter().filter(|known| !is_listed(known)).cloned());
        input.kind = ProductKind::Configurable { axes };
        for axis in row.variations.iter().flat_map(|it| &it.options).map(|(name, _)| name) {
            input.attributes.retain(|code, _| code.as_str() != axis);
        }
        input.variants = variants;
    }

    /// The row of a variant: that of a simple product, or one of several.
    fn variant_of(&mut self, input: &mut ProductInput) {
        let row = self.row;
        let is_simple = input.kind == ProductKind::Simple;
        let is_published = input.visibility == Visibility::Published;
        let Some(variant) = input.variants.iter_mut().find(|it| it.sku == row.sku) else {
            // Its product's row was refused, and says why.
            return;
        };
        let weight = match row.weight_grams {
            Field::Keep => variant.weight_grams,
            Field::Clear => 0,
            Field::Set(grams) => grams,
        };
        variant.weight_grams = weight;
        match row.is_online {
            Some(is_online) if !is_simple => variant.is_enabled = is_online,
            // Hidden and draft say it all for a product of one variant.
            Some(true) if is_published => variant.is_enabled = true,
            _ => {}
        }
        row.content.apply(&mut variant.content);
        let level = self.world.levels.get(&row.sku);
        variant.on_hand =
            row.quantity.filter(|&count| level.is_none_or(|level| level.on_hand != count));
        self.price(variant);
    }

    fn price(&mut self, variant: &mut VariantInput) {
        let row = self.row;
        let channel = &self.frame.channel.code;
        let at = variant.prices.iter().position(|price| price.channel == *channel);
        match (row.price.clone(), at) {
            (Field::Set(regular), Some(at)) => variant.prices[at].regular = regular,
            (Field::Set(regular), None) => variant.prices.push(PriceInput {
                channel: channel.clone(),
                regular,
                special: None,
                eco_participation: None,
            }),
            (Field::Clear, Some(at)) => {
                variant.prices.remove(at);
            }
            (Field::Keep | Field::Clear, _) => {}
        }
        let Some(price) = variant.prices.iter_mut().find(|price| price.channel == *channel) else {
            for (column, has_value) in [
                ("special_price", row.special_price.set().is_some()),
                ("greenleaf_eco_participation", row.eco_participation.set().is_some()),
            ] {
                if has_value {
                    self.refuse(column, "there is no price beside it");
                }
            }
            return;
        };
        row.eco_participation.apply(&mut price.eco_participation);
        match row.special_price {
            Field::Keep => {}
            Field::Clear => price.special = None,
            Field::Set(amount) => {
                let nothing = SpecialPrice { amount, from: None, until: None };
                let known = price.special.unwrap_or(nothing);
                price.special = Some(SpecialPrice { amount, ..known });
            }
        }
        let zone = &self.task.terms.zone;
        if let Some(special) = &mut price.special {
            match row.special_from {
                Field::Keep => {}
                Field::Clear => special.from = None,
                Field::Set(when) => special.from = when.begin(zone),
            }
            match row.special_to {
                Field::Keep => {}
                Field::Clear => special.until = None,
                Field::Set(when) => special.until = when.end(zone),
            }
        }
    }
}

/// Whether an attribute's value is to be taken away.
fn is_nothing(pair: &Pair) -> bool {
    pair.value == exchange::CLEAR || (pair.value.is_empty() && !pair.is_quoted)
}

/// Magento writes numbers with six decimals.
fn trimmed(text: &str) -> &str {
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => text,
    }
}

fn flag(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "yes" | "1" | "true" => Some(true),
        "no" | "0" | "false" => Some(false),
        _ => None,
    }
}

fn day(text: &str) -> Option<jiff::civil::Date> {
    match When::parse(text).ok()? {
        When::Day(day) => Some(day),
        When::Moment(moment) => Some(moment.to_zoned(jiff::tz::TimeZone::UTC).date()),
    }
}
