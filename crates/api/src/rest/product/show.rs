//! A product as Magento writes it.

use commerce::catalog::{Attribute, AttributeValue, ProductKind};
use commerce::price::SpecialPrice;
use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::eco::EcoOut;
use super::media::MediaEntry;
use super::{Entry, Frame};
use crate::graphql::uid;
use crate::rest::call::{Call, moment};
use crate::rest::configurable::OptionOut;
use crate::rest::lenient::Number;
use crate::rest::stock::StockItem;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Product")]
pub(in crate::rest) struct ProductOut {
    id: i64,
    sku: String,
    name: String,
    attribute_set_id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    price: Option<Number>,
    /// 1 is on sale, 2 is not.
    status: i64,
    /// 1 for a variant, 4 for all else.
    visibility: i64,
    type_id: String,
    created_at: String,
    updated_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    weight: Option<Number>,
    pub(super) extension_attributes: Extension,
    product_links: Vec<Value>,
    options: Vec<Value>,
    media_gallery_entries: Vec<MediaEntry>,
    tier_prices: Vec<Value>,
    custom_attributes: Vec<CustomAttribute>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ProductExtension")]
pub(super) struct Extension {
    website_ids: Vec<i64>,
    category_links: Vec<CategoryLink>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) stock_item: Option<StockItem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    configurable_product_options: Option<Vec<OptionOut>>,
    /// The numbers of the variants.
    #[serde(skip_serializing_if = "Option::is_none")]
    configurable_product_links: Option<Vec<i64>>,
    greenleaf_eco: EcoOut,
}

#[derive(Serialize, JsonSchema)]
struct CategoryLink {
    position: i64,
    category_id: String,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(in crate::rest) struct CustomAttribute {
    pub(in crate::rest) attribute_code: String,
    /// A text, or a list of texts.
    pub(in crate::rest) value: Value,
}

impl ProductOut {
    pub(super) fn of(entry: &Entry, call: &Call, frame: &Frame) -> Self {
        let product = &entry.product;
        let text = product.texts.get(call.locale, call.fallback());
        let mut name = text.map(|text| text.name.clone()).unwrap_or_default();
        if let Some(variant) = entry.place.and_then(|place| product.variants.get(place)) {
            for (code, option) in &variant.options {
                let attribute = frame.catalog.attribute(code);
                let known = attribute.and_then(|it| it.options.iter().find(|o| o.code == *option));
                if let Some(known) = known {
                    name = format!("{name}-{}", call.text(&known.label));
                }
            }
        }
        let links = product.categories.iter().filter_map(|(id, position)| {
            let category = frame.categories.iter().find(|category| category.id == *id)?;
            let category_id = category.number.to_string();
            Some(CategoryLink { position: i64::from(*position), category_id })
        });
        let is_parent = entry.is_parent();
        let variants = || {
            let numbers = product.variants.iter().map(|it| uid::product(product, Some(it)));
            numbers.collect()
        };
        Self {
            id: entry.number(),
            sku: entry.sku.clone(),
            name,
            attribute_set_id: uid::attribute_set(&product.attribute_set),
            price: match entry.price(call) {
                Some(price) => Some(price.regular.into()),
                None => is_parent.then(|| 0.into()),
            },
            status: if entry.is_on_sale() { 1 } else { 2 },
            visibility: if entry.place.is_some() { 1 } else { 4 },
            type_id: if is_parent { "configurable" } else { "simple" }.to_owned(),
            created_at: moment(product.created_at),
            updated_at: moment(product.updated_at),
            weight: entry.variant().map(|variant| kilograms(variant.weight_grams)),
            extension_attributes: Extension {
                website_ids: vec![1],
                category_links: links.collect(),
                stock_item: None,
                configurable_product_options: is_parent.then(|| OptionOut::of(entry, call, frame)),
                configurable_product_links: is_parent.then(variants),
                greenleaf_eco: EcoOut::of(entry, call),
            },
            product_links: Vec::new(),
            options: Vec::new(),
            media_gallery_entries: MediaEntry::of(entry, call),
            tier_prices: Vec::new(),
            custom_attributes: custom(entry, call, frame),
        }
    }
}

pub(in crate::rest) fn kilograms(grams: u32) -> Number {
    Number::of(format!("{}.{:03}", grams / 1_000, grams % 1_000))
}

/// The day that a special price is good for last, which Magento writes as its midnight.
fn last_day(special: &SpecialPrice) -> Option<String> {
    let until = special.until?;
    let last = until.checked_sub(SignedDuration::from_secs(1)).ok()?;
    let is_midnight = until.as_second() % 86_400 == 0;
    Some(if is_midnight { last.strftime("%Y-%m-%d 00:00:00").to_string() } else { moment(until) })
}

/// Attributes that Magento does not hold to be a product's own.
pub(in crate::rest) fn custom(entry: &Entry, call: &Call, frame: &Frame) -> Vec<CustomAttribute> {
    let product = &entry.product;
    let mut custom = Vec::new();
    let mut add = |code: &str, value: Value| {
        custom.push(CustomAttribute { attribute_code: code.to_owned(), value });
    };
    if let Some(text) = product.texts.get(call.locale, call.fallback()) {
        add("url_key", text.slug.as_str().into());
        let texts = [
            ("description", shop::markdown::render(&text.description)),
            ("short_description", text.short.clone()),
            ("meta_description", text.meta_description.clone()),
        ];
        for (code, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
            add(code, text.into());
        }
    }
    add("tax_class_id", uid::tax_class(product.tax_class.as_str()).to_string().into());
    let numbers = product.categories.iter().filter_map(|(id, _)| {
        let category = frame.categories.iter().find(|category| category.id == *id)?;
        Some(Value::from(category.number.to_string()))
    });
    add("category_ids", numbers.collect());
    if let Some(special) = entry.price(call).and_then(|price| price.special) {
        add("special_price", special.amount.to_decimal().into());
        if let Some(from) = special.from {
            add("special_from_date", moment(from).into());
        }
        if let Some(last) = last_day(&special) {
            add("special_to_date", last.into());
        }
    }
    if let Some(origin) = product.eco.origin {
        add("country_of_manufacture", origin.as_str().into());
    }
    if let Some(maker) = &product.manufacturer {
        add("greenleaf_manufacturer_name", maker.name.as_str().into());
        add("greenleaf_manufacturer_address", maker.address.as_str().into());
        add("greenleaf_manufacturer_email", maker.email.as_str().into());
    }
    if let Some(picture) = product.pictures.first() {
        for code in ["image", "small_image", "thumbnail"] {
            add(code, format!("/{}", picture.original.key).into());
        }
    }
    let axes = match &product.kind {
        ProductKind::Configurable { axes } => axes.as_slice(),
        ProductKind::Simple => &[],
    };
    for (code, value) in &product.attributes {
        let known = frame.catalog.attribute(code).filter(|_| !axes.contains(code));
        if let Some(attribute) = known {
            add(code.as_str(), written(call, attribute, value).into());
        }
    }
    if let Some(variant) = entry.place.and(entry.variant()) {
        for (code, option) in &variant.options {
            add(code.as_str(), uid::option(code, option).to_string().into());
        }
    }
    custom
}

/// A value of an attribute as text: options by their numbers.
fn written(call: &Call, attribute: &Attribute, value: &AttributeValue) -> String {
    match value {
        AttributeValue::Text(texts) => call.text(texts).to_owned(),
        AttributeValue::Number(decimal) => decimal.to_string(),
        AttributeValue::Boolean(is_so) => i64::from(*is_so).to_string(),
        AttributeValue::Select(option) => uid::option(&attribute.code, option).to_string(),
        AttributeValue::MultiSelect(options) => {
            let numbers = options.iter().map(|o| uid::option(&attribute.code, o).to_string());
            numbers.collect::<Vec<_>>().join(",")
        }
        AttributeValue::Date(date) => format!("{date} 00:00:00"),
        AttributeValue::Price(amount) => amount.to_decimal(),
    }
}
