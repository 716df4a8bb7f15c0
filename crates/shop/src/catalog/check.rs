//! What a product must be before it is saved; all that is wrong is said at once.

use std::collections::{BTreeMap, BTreeSet};

use commerce::catalog::{
    Attribute, AttributeCode, AttributeKind, AttributeSet, AttributeValue, CategoryId, OptionCode,
    Product, ProductId, ProductKind, Sku, Visibility,
};
use commerce::channel::{Channel, ChannelCode, Locale};

/// The most that one unit may cost, in major units of any currency.
const MAX_PRICE: i64 = 1_000_000;

/// The most characters of a short text: four bytes each fit a column of MySQL.
const MAX_SHORT: usize = 16_000;

/// One thing that is wrong with a product or its structure.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    #[error("the name in {0:?} is missing")]
    NameMissing(Locale),
    #[error("the name in {0:?} is longer than 255 characters")]
    NameTooLong(Locale),
    #[error(
        "the short text or the description for search engines in {0:?} is longer than 16,000 characters"
    )]
    TextTooLong(Locale),
    #[error(
        "there is no address in {0:?}, and the name has no Latin letter or digit to make one of"
    )]
    SlugMissing(Locale),
    #[error("there is no attribute set {0}")]
    UnknownSet(String),
    #[error("there is no attribute {0}")]
    UnknownAttribute(AttributeCode),
    #[error("the attribute {0} is not of the product's set")]
    NotOfTheSet(AttributeCode),
    #[error("the attribute {0} takes another kind of value")]
    WrongKind(AttributeCode),
    #[error("the attribute {0} has no option {1}")]
    UnknownOption(AttributeCode, OptionCode),
    #[error("variants cannot differ by the attribute {0}")]
    NotAnAxis(AttributeCode),
    #[error("a configurable product needs one axis to three")]
    AxisCount,
    #[error("there is no such category")]
    UnknownCategory(CategoryId),
    #[error("there is no tax class {0}")]
    UnknownTaxClass(String),
    #[error("a product has at least one variant unless it is a draft, a simple one exactly one")]
    VariantCount,
    #[error("the variant {0} needs one option for each axis, and no other")]
    Options(Sku),
    #[error("the variant {0} has the same options as another")]
    SameOptions(Sku),
    #[error("the SKU {0} is there twice")]
    SkuTwice(Sku),
    #[error("the SKU {sku} belongs to another product")]
    SkuTaken { sku: Sku, owner: ProductId },
    #[error("the variant {0} is not one of this product")]
    UnknownVariant(Sku),
    #[error("there is no channel {0}")]
    UnknownChannel(ChannelCode),
    #[error("the variant {0} has two prices in one channel")]
    TwoPrices(Sku),
    #[error("the price of {0} is not in the channel's currency")]
    WrongCurrency(Sku),
    #[error("the price of {0} is not above 0 and at most 1,000,000")]
    PriceOutOfRange(Sku),
    #[error("the special price of {0} is not above 0 and below its price")]
    SpecialNotLower(Sku),
    #[error("the special price of {0} ends before it begins")]
    SpecialPeriod(Sku),
    #[error("the eco-participation of {0} is negative or above the price's limit")]
    EcoParticipation(Sku),
    #[error("the materials add up to more than 100 %")]
    Materials,
    #[error("a label needs its scheme and its licence")]
    LabelWithoutLicence,
    #[error("the carbon footprint needs its source")]
    CarbonWithoutSource,
    #[error("more units of {sku} are promised than were counted: {allocated}")]
    Promised { sku: Sku, allocated: u32 },
    /// To be published, a product must have something that can be bought.
    #[error("nothing of it can be sold: no enabled variant has a price")]
    NothingToSell,
    /// Regulation (EU) 2023/988 art. 19 wants it on the offer.
    #[error("its manufacturer, with a name, a postal and an e-mail address, is missing")]
    ManufacturerMissing,
    #[error("a label has no text")]
    LabelMissing,
    #[error("only an attribute of options can be an axis")]
    AxisWithoutOptions,
    #[error("only an attribute of options has options")]
    OptionsOnPlainKind,
    #[error("the option {0} is there twice")]
    OptionTwice(OptionCode),
    #[error("products have the option {0} of the attribute")]
    OptionInUse(OptionCode),
    #[error("the kind of an attribute cannot change")]
    KindChanged,
    #[error("a color is written #rrggbb")]
    BadSwatch(OptionCode),
    #[error("this code is taken")]
    CodeTaken,
    #[error("a category cannot lie in itself")]
    CategoryLoop,
    #[error("a category with others in it cannot be deleted")]
    HasChildren,
}

/// What a product is checked against.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) attributes: BTreeMap<AttributeCode, Attribute>,
    pub(crate) sets: Vec<AttributeSet>,
    pub(crate) categories: BTreeSet<CategoryId>,
    pub(crate) channels: Vec<Channel>,
    pub(crate) tax_classes: BTreeSet<String>,
}

/// All that is wrong with a product, whatever its state, and what keeps it from being published.
pub(super) fn problems(product: &Product, known: &Known) -> Vec<Problem> {
    let mut problems = Vec::new();
    texts(product, known, &mut problems);
    attributes(product, known, &mut problems);
    variants(product, known, &mut problems);
    prices(product, known, &mut problems);
    eco(product, &mut problems);
    if product.visibility == Visibility::Published {
        publication(product, &mut problems);
    }
    problems
}

fn texts(product: &Product, known: &Known, problems: &mut Vec<Problem>) {
    let default = known.channels.first().map_or(Locale::FR, Channel::default_locale);
    if !product.texts.0.contains_key(&default) {
        problems.push(Problem::NameMissing(default));
    }
    for (&locale, text) in &product.texts.0 {
        if text.name.trim().is_empty() {
            problems.push(Problem::NameMissing(locale));
        }
        if text.name.chars().count() > 255 {
            problems.push(Problem::NameTooLong(locale));
        }
        if [&text.short, &text.meta_description].iter().any(|it| it.chars().count() > MAX_SHORT) {
            problems.push(Problem::TextTooLong(locale));
        }
    }
}

fn attributes(product: &Product, known: &Known, problems: &mut Vec<Problem>) {
    let set = known.sets.iter().find(|set| set.code == product.attribute_set);
    if set.is_none() {
        problems.push(Problem::UnknownSet(product.attribute_set.as_str().to_owned()));
    }
    for (code, value) in &product.attributes {
        let Some(attribute) = known.attributes.get(code) else {
            problems.push(Problem::UnknownAttribute(code.clone()));
            continue;
        };
        if set.is_some_and(|set| !set.attributes.contains(code)) {
            problems.push(Problem::NotOfTheSet(code.clone()));
        }
        if attribute.kind != value.kind() {
            problems.push(Problem::WrongKind(code.clone()));
            continue;
        }
        let chosen = match value {
            AttributeValue::Select(option) => std::slice::from_ref(option),
            AttributeValue::MultiSelect(options) => options.as_slice(),
            _ => &[],
        };
        let unknown = chosen.iter().filter(|option| !has_option(attribute, option));
        problems.extend(unknown.map(|it| Problem::UnknownOption(code.clone(), it.clone())));
    }
    for (category, _) in &product.categories {
        if !known.categories.contains(category) {
            problems.push(Problem::UnknownCategory(*category));
        }
    }
    if !known.tax_classes.contains(product.tax_class.as_str()) {
        problems.push(Problem::UnknownTaxClass(product.tax_class.as_str().to_owned()));
    }
}

fn has_option(attribute: &Attribute, option: &OptionCode) -> bool {
    attribute.options.iter().any(|known| known.code == *option)
}

fn variants(product: &Product, known: &Known, problems: &mut Vec<Problem>) {
    let axes: &[AttributeCode] = match &product.kind {
        ProductKind::Simple => {
            if product.variants.len() != 1 {
                problems.push(Problem::VariantCount);
            }
            &[]
        }
        ProductKind::Configurable { axes } => {
            // What programs write step by step begins with neither axes nor variants.
            let is_begun = product.visibility == Visibility::Draft && product.variants.is_empty();
            if product.variants.is_empty() && !is_begun {
                problems.push(Problem::VariantCount);
            }
            let distinct: BTreeSet<_> = axes.iter().collect();
            let is_bare = axes.is_empty() && !is_begun;
            if is_bare || axes.len() > 3 || distinct.len() != axes.len() {
                problems.push(Problem::AxisCount);
            }
            axes
        }
    };
    for axis in axes {
        match known.attributes.get(axis) {
            None => problems.push(Problem::UnknownAttribute(axis.clone())),
            Some(attribute) if !attribute.is_axis || attribute.kind != AttributeKind::Select => {
                problems.push(Problem::NotAnAxis(axis.clone()));
            }
            Some(_) => {}
        }
    }
    let mut skus = BTreeSet::new();
    let mut combinations = BTreeSet::new();
    for variant in &product.variants {
        if !skus.insert(&variant.sku) {
            problems.push(Problem::SkuTwice(variant.sku.clone()));
        }
        let fits = variant.options.len() == axes.len()
            && axes.iter().all(|axis| variant.options.contains_key(axis));
        if !fits {
            problems.push(Problem::Options(variant.sku.clone()));
        } else if !axes.is_empty() && !combinations.insert(&variant.options) {
            problems.push(Problem::SameOptions(variant.sku.clone()));
        }
        for (axis, option) in &variant.options {
            if known.attributes.get(axis).is_some_and(|it| !has_option(it, option)) {
                problems.push(Problem::UnknownOption(axis.clone(), option.clone()));
            }
        }
    }
}

fn prices(product: &Product, known: &Known, problems: &mut Vec<Problem>) {
    for variant in &product.variants {
        let sku = || variant.sku.clone();
        let mut priced = BTreeSet::new();
        for price in &variant.prices {
            if !priced.insert(&price.channel) {
                problems.push(Problem::TwoPrices(sku()));
            }
            let Some(channel) = known.channels.iter().find(|it| it.code == price.channel) else {
                problems.push(Problem::UnknownChannel(price.channel.clone()));
                continue;
            };
            let max = MAX_PRICE * 10_i64.pow(channel.currency.decimals());
            let amounts = [Some(price.regular), price.eco_participation];
            let special = price.special.map(|special| special.amount);
            if amounts
                .into_iter()
                .chain([special])
                .flatten()
                .any(|it| it.currency() != channel.currency)
            {
                problems.push(Problem::WrongCurrency(sku()));
                continue;
            }
            if !(1..=max).contains(&price.regular.minor()) {
                problems.push(Problem::PriceOutOfRange(sku()));
            }
            if price.eco_participation.is_some_and(|it| !(0..=max).contains(&it.minor())) {
                problems.push(Problem::EcoParticipation(sku()));
            }
            let Some(special) = price.special else { continue };
            if special.amount.minor() < 1 || special.amount >= price.regular {
                problems.push(Problem::SpecialNotLower(sku()));
            }
            if special.from.zip(special.until).is_some_and(|(from, until)| until <= from) {
                problems.push(Problem::SpecialPeriod(sku()));
            }
        }
    }
}

fn eco(product: &Product, problems: &mut Vec<Problem>) {
    let eco = &product.eco;
    let shares: u32 = eco.materials.iter().map(|it| u32::from(it.share.get())).sum();
    if shares > 100 {
        problems.push(Problem::Materials);
    }
    let is_blank = |text: &str| text.trim().is_empty();
    if eco.labels.iter().any(|label| is_blank(&label.scheme) || is_blank(&label.licence)) {
        problems.push(Problem::LabelWithoutLicence);
    }
    let has_source = |carbon: &commerce::eco::CarbonFootprint| {
        carbon.source.0.values().any(|source| !is_blank(source))
    };
    if eco.carbon.as_ref().is_some_and(|carbon| !has_source(carbon)) {
        problems.push(Problem::CarbonWithoutSource);
    }
}

fn publication(product: &Product, problems: &mut Vec<Problem>) {
    if !product.variants.iter().any(|variant| variant.is_enabled && !variant.prices.is_empty()) {
        problems.push(Problem::NothingToSell);
    }
    let is_named = product.manufacturer.as_ref().is_some_and(|it| {
        [&it.name, &it.address, &it.email].into_iter().all(|text| !text.trim().is_empty())
    });
    if !is_named {
        problems.push(Problem::ManufacturerMissing);
    }
}
