//! Products as rows of a file.

use std::collections::{BTreeMap, HashMap};

use commerce::catalog::{
    AttributeCode, AttributeValue, OptionCode, Product, ProductId, ProductKind, Sku, Variant,
};
use commerce::channel::Locale;
use commerce::eco::EcoSheet;
use commerce::media::Picture;
use commerce::stock::StockLevel;
use db::DbError;
use exchange::product::{ProductRow, RowKind, Sight, Variation, set_special};
use exchange::{Field, Pair, When};

use super::frame::Frame;
use super::product::{nameless, online_and_sight};
use crate::Shop;
use crate::catalog::ProductInput;

/// How many products are read at a time.
const PAGE: u32 = 500;

/// Some products as rows, and where the next ones begin.
#[derive(Debug)]
pub struct ProductPage {
    pub rows: Vec<ProductRow>,
    pub last: ProductId,
}

/// The products after one, in the order of their creation; `None` when there are no more.
pub async fn list_product_rows(
    shop: &Shop,
    after: Option<ProductId>,
) -> Result<Option<ProductPage>, DbError> {
    let settings = shop.settings();
    let mut conn = shop.db.read_consistently().await?;
    let products = db::catalog::product::list_after(&mut conn, after, PAGE).await?;
    let Some(last) = products.last().map(|product| product.id) else { return Ok(None) };
    let frame = Frame::load(&mut conn, &settings.channel, None).await?;
    let ids: Vec<ProductId> = products.iter().map(|product| product.id).collect();
    let own_skus = db::catalog::configurable::find_many(&mut conn, &ids).await?;
    let skus: Vec<Sku> = products
        .iter()
        .flat_map(|product| product.variants.iter().map(|variant| variant.sku.clone()))
        .collect();
    let levels = db::stock::find_many(&mut conn, &settings.source, &skus).await?;
    let scribe = Scribe { frame: &frame, own_skus: &own_skus, levels: &levels };
    let rows = products.iter().flat_map(|product| scribe.rows(product)).collect();
    Ok(Some(ProductPage { rows, last }))
}

struct Scribe<'a> {
    frame: &'a Frame,
    own_skus: &'a HashMap<ProductId, Sku>,
    levels: &'a BTreeMap<Sku, StockLevel>,
}

/// An empty text says nothing.
fn said(text: &str) -> Field<String> {
    if text.is_empty() { Field::Keep } else { Field::Set(text.to_owned()) }
}

/// An empty text in a language says that it is empty, and not as everywhere.
fn stated(text: &str) -> Field<String> {
    if text.is_empty() { Field::Clear } else { Field::Set(text.to_owned()) }
}

fn some<T>(value: Option<T>) -> Field<T> {
    value.map_or(Field::Keep, Field::Set)
}

impl Scribe<'_> {
    /// The rows of variants come before that of their product, and those of languages after it.
    fn rows(&self, product: &Product) -> Vec<ProductRow> {
        let mut rows = Vec::new();
        let main = match (&product.kind, product.variants.as_slice()) {
            (ProductKind::Simple, [variant]) => {
                let mut row = self.product(product, variant.sku.clone());
                self.variant(&mut row, variant);
                row.kind = Some(RowKind::Simple);
                row
            }
            (ProductKind::Configurable { axes }, variants @ [_, ..]) => {
                let Some(sku) =
                    self.own_skus.get(&product.id).cloned().or_else(|| nameless(product.number))
                else {
                    return rows;
                };
                rows.extend(variants.iter().map(|variant| self.child(product, axes, variant)));
                let mut row = self.product(product, sku);
                row.kind = Some(RowKind::Configurable);
                row.variations =
                    variants.iter().map(|variant| self.variation(axes, variant)).collect();
                row.axis_labels = axes.iter().filter_map(|axis| self.axis_label(axis)).collect();
                row
            }
            // A draft of a configurable product that has no variants yet is nothing that files know;
            // a simple one has one, or could not be saved.
            (ProductKind::Configurable { .. }, []) | (ProductKind::Simple, _) => return rows,
        };
        let sku = main.sku.clone();
        rows.push(main);
        let default = self.frame.locale();
        let locales = self.frame.channel.locales.iter().filter(|locale| **locale != default);
        rows.extend(locales.filter_map(|locale| self.view(product, &sku, *locale)));
        rows
    }

    fn product(&self, product: &Product, sku: Sku) -> ProductRow {
        let locale = self.frame.locale();
        let (is_online, sight) = online_and_sight(&ProductInput::from(product));
        let mut categories: Vec<Vec<String>> =
            product.categories.iter().map(|(id, _)| self.frame.path_of(*id)).collect();
        categories.sort();
        categories.dedup();
        let mut row = ProductRow {
            attribute_set: Some(product.attribute_set.to_string()),
            categories: if categories.is_empty() { Field::Keep } else { Field::Set(categories) },
            website: Some(self.frame.channel.code.to_string()),
            is_online: Some(is_online),
            tax_class: Some(product.tax_class.to_string()),
            sight: Some(sight),
            created_at: Some(When::Moment(product.created_at)),
            attributes: self.attributes(product, locale, true),
            is_featured: Some(product.is_featured),
            country: some(product.eco.origin),
            ..ProductRow::of(sku)
        };
        if let Some(text) = product.texts.0.get(&locale) {
            row.texts.name = said(&text.name);
            row.texts.short = said(&text.short);
            row.texts.description = said(&text.description);
            row.texts.meta_description = said(&text.meta_description);
            row.texts.slug = Field::Set(text.slug.clone());
        }
        if let Some(maker) = &product.manufacturer {
            row.maker.name = said(&maker.name);
            row.maker.address = said(&maker.address);
            row.maker.email = said(&maker.email);
        }
        // The origin has a column of its own.
        let eco = EcoSheet { origin: None, ..product.eco.clone() };
        row.eco = some(Some(eco).filter(|eco| *eco != EcoSheet::default()));
        self.pictures(&mut row, &product.pictures);
        Self::labels(&mut row, &product.pictures, locale);
        row
    }

    fn pictures(&self, row: &mut ProductRow, pictures: &[Picture]) {
        let path = |picture: &Picture| picture.original.key.to_string();
        let Some((base, rest)) = pictures.split_first() else { return };
        row.base_image = Field::Set(path(base));
        let rest: Vec<String> = rest.iter().map(path).collect();
        row.additional_images = if rest.is_empty() { Field::Keep } else { Field::Set(rest) };
        if pictures.iter().any(|picture| picture.option.is_some()) {
            let option = |picture: &Picture| {
                picture.option.as_ref().map_or_else(String::new, |(axis, option)| {
                    format!("{axis}={}", self.label(axis, option))
                })
            };
            row.image_options = Field::Set(pictures.iter().map(option).collect());
        }
    }

    fn labels(row: &mut ProductRow, pictures: &[Picture], locale: Locale) {
        let label = |picture: &Picture| picture.alt.0.get(&locale).cloned().unwrap_or_default();
        let Some((base, rest)) = pictures.split_first() else { return };
        row.texts.base_image_label = said(&label(base));
        let labels: Vec<String> = rest.iter().map(label).collect();
        if labels.iter().any(|label| !label.is_empty()) {
            row.texts.additional_image_labels = Field::Set(labels);
        }
    }

    fn variant(&self, row: &mut ProductRow, variant: &Variant) {
        row.weight_grams = Field::Set(variant.weight_grams);
        row.content = some(variant.content);
        row.quantity = self.levels.get(&variant.sku).map(|level| level.on_hand);
        let channel = &self.frame.channel.code;
        if let Some(price) = variant.prices.iter().find(|price| price.channel == *channel) {
            row.price = Field::Set(price.regular);
            row.eco_participation = some(price.eco_participation);
            set_special(row, price.special);
        }
    }

    fn child(&self, product: &Product, axes: &[AttributeCode], variant: &Variant) -> ProductRow {
        let mut row = ProductRow {
            kind: Some(RowKind::Simple),
            attribute_set: Some(product.attribute_set.to_string()),
            website: Some(self.frame.channel.code.to_string()),
            is_online: Some(variant.is_enabled),
            tax_class: Some(product.tax_class.to_string()),
            sight: Some(Sight::Nowhere),
            attributes: self
                .variation(axes, variant)
                .options
                .into_iter()
                .map(|(axis, label)| Pair::plain(&axis, label))
                .collect(),
            ..ProductRow::of(variant.sku.clone())
        };
        let name = product.texts.0.get(&self.frame.locale());
        row.texts.name = said(name.map_or("", |text| text.name.as_str()));
        self.variant(&mut row, variant);
        row
    }

    fn variation(&self, axes: &[AttributeCode], variant: &Variant) -> Variation {
        let option = |axis: &AttributeCode| {
            let option = variant.options.get(axis)?;
            Some((axis.to_string(), self.label(axis, option)))
        };
        Variation { sku: variant.sku.clone(), options: axes.iter().filter_map(option).collect() }
    }

    fn axis_label(&self, axis: &AttributeCode) -> Option<Pair> {
        let attribute = self.frame.known.attributes.get(axis)?;
        let locale = self.frame.locale();
        Some(Pair::plain(axis.as_str(), attribute.label.text(locale, locale)))
    }

    /// What an option is called in the file: its label where that leads back to it, else its code.
    fn label(&self, attribute: &AttributeCode, option: &OptionCode) -> String {
        let options = self.frame.known.attributes.get(attribute).map(|it| &it.options);
        let known = options.and_then(|options| options.iter().find(|it| it.code == *option));
        let label = known.and_then(|known| known.label.0.get(&self.frame.locale()));
        let leads_back = |label: &&String| {
            label.trim() == label.as_str()
                && !label.contains(['|', ',', '"', '=', '\n', '\r'])
                && self.frame.find_option(attribute, label) == Some(option)
        };
        label.filter(leads_back).map_or_else(|| option.to_string(), Clone::clone)
    }

    fn attributes(&self, product: &Product, locale: Locale, is_main: bool) -> Vec<Pair> {
        let pair = |(code, value): (&AttributeCode, &AttributeValue)| {
            let name = code.as_str();
            let plain = |text: String| is_main.then(|| Pair::plain(name, text));
            match value {
                AttributeValue::Text(texts) => {
                    texts.0.get(&locale).map(|text| Pair::quoted(name, text.as_str()))
                }
                AttributeValue::Number(number) => plain(number.to_string()),
                AttributeValue::Boolean(is_so) => {
                    plain(if *is_so { "Yes" } else { "No" }.to_owned())
                }
                AttributeValue::Date(day) => plain(day.to_string()),
                AttributeValue::Price(money) => plain(money.to_decimal()),
                AttributeValue::Select(option) => plain(self.label(code, option)),
                AttributeValue::MultiSelect(options) => {
                    let labels: Vec<String> =
                        options.iter().map(|option| self.label(code, option)).collect();
                    Some(labels).filter(|it| !it.is_empty()).and_then(|it| plain(it.join("|")))
                }
            }
        };
        product.attributes.iter().filter_map(pair).collect()
    }

    /// The row of a language; `None` when nothing is said in it.
    fn view(&self, product: &Product, sku: &Sku, locale: Locale) -> Option<ProductRow> {
        let mut row = ProductRow {
            view: Some(locale.as_str().to_owned()),
            attributes: self.attributes(product, locale, false),
            ..ProductRow::of(sku.clone())
        };
        Self::labels(&mut row, &product.pictures, locale);
        if let Some(text) = product.texts.0.get(&locale) {
            row.texts.name = stated(&text.name);
            row.texts.short = stated(&text.short);
            row.texts.description = stated(&text.description);
            row.texts.meta_description = stated(&text.meta_description);
            row.texts.slug = Field::Set(text.slug.clone());
        }
        let says_nothing = ProductRow { view: row.view.clone(), ..ProductRow::of(sku.clone()) };
        (row != says_nothing).then_some(row)
    }
}
