//! A product as clients write it: what they leave out stays as it was.

use std::sync::Arc;

use commerce::catalog::{
    Attribute, AttributeKind, AttributeSetCode, AttributeValue, AttributeValues, Decimal as Exact,
    OptionCode, Options, ProductKind, Sku, Visibility,
};
use commerce::channel::Country;
use commerce::content::{Localized, Slug};
use commerce::eco::{EcoSheet, Manufacturer};
use commerce::money::Money;
use commerce::price::SpecialPrice;
use commerce::tax::TaxClass;
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use shop::catalog::{
    AssembleError, Assembly, Moves, PriceInput, ProductInput, SaveProductError, TextInput,
    VariantInput,
};

use super::media::{self, EntryIn};
use super::{Entry, Frame, attribute_code, unassembled};
use crate::graphql::uid;
use crate::rest::call::{Call, read_moment};
use crate::rest::configurable::{self, Links, OptionIn};
use crate::rest::lenient::{Decimal, Flag, Int};
use crate::rest::problem::Problem;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "ProductInput")]
pub(super) struct ProductIn {
    pub(super) sku: Option<String>,
    name: Option<String>,
    attribute_set_id: Option<Int>,
    price: Option<Decimal>,
    /// 1 puts it on sale, 2 takes it off.
    status: Option<Int>,
    type_id: Option<String>,
    /// In kilograms.
    weight: Option<Decimal>,
    extension_attributes: Option<ExtensionIn>,
    /// All of them: those that are left out are removed.
    media_gallery_entries: Option<Vec<EntryIn>>,
    custom_attributes: Option<Vec<CustomIn>>,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "ProductExtensionInput")]
struct ExtensionIn {
    stock_item: Option<StockIn>,
    /// All of them.
    category_links: Option<Vec<LinkIn>>,
    /// What the variants of a configurable product differ by: all of it.
    configurable_product_options: Option<Vec<OptionIn>>,
    /// The numbers of the simple products that are, or become, its variants: all of them.
    configurable_product_links: Option<Vec<Int>>,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "ProductStockInput")]
struct StockIn {
    qty: Option<Decimal>,
    is_in_stock: Option<Flag>,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "CategoryLinkInput")]
struct LinkIn {
    position: Option<Int>,
    category_id: Int,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "CustomAttributeInput")]
struct CustomIn {
    attribute_code: String,
    /// A text, a number or a list; null removes the value.
    value: Option<Value>,
}

const CONFIGURABLE: &str = "configurable";

/// How often a product that somebody else saves at the same moment is read again.
const TRIES: u32 = 3;
/// The most characters of what is said of a manufacturer.
const MAX_MAKER: usize = 255;

/// Saves a change of a product as it is now, again if somebody else changed it meanwhile.
pub(in crate::rest) async fn update(
    call: &Call,
    entry: Entry,
    change: impl Fn(&mut ProductInput) -> Result<(), Problem>,
) -> Result<Entry, Problem> {
    update_with(call, entry, Moves::default(), change).await
}

/// The same, with variants that come from outside and that leave.
pub(in crate::rest) async fn update_with(
    call: &Call,
    mut entry: Entry,
    moves: Moves<'_>,
    change: impl Fn(&mut ProductInput) -> Result<(), Problem>,
) -> Result<Entry, Problem> {
    let mut tries = 1;
    loop {
        let product = &entry.product;
        let mut input = ProductInput::from(&**product);
        change(&mut input)?;
        let known = Assembly::Known(product.id, product.version);
        match shop::catalog::assemble(&call.shop, known, &input, moves).await {
            Ok(product) => return Ok(Entry { product: Arc::new(product), ..entry }),
            Err(AssembleError::Save(SaveProductError::Stale)) if tries < TRIES => {
                tries += 1;
                entry = Entry::find(call, &entry.sku).await?;
            }
            Err(error) => return Err(unassembled(error)),
        }
    }
}

/// Creates or changes what goes by a SKU.
pub(super) async fn save(call: &Call, sku: &str, said: &ProductIn) -> Result<Entry, Problem> {
    let frame = Frame::load(call).await?;
    let uploaded = match &said.media_gallery_entries {
        Some(entries) => Some(media::upload_all(call, entries).await?),
        None => None,
    };
    let found = shop::catalog::find_by_sku(&call.shop, sku).await?;
    let numbers = said.extension_attributes.as_ref();
    let numbers = numbers.and_then(|said| said.configurable_product_links.as_deref());
    let kind = said.type_id.as_deref();
    if let Some((product, place)) = found {
        let entry = Entry { product: Arc::new(product), place, sku: sku.to_owned() };
        let is_parent = entry.is_parent();
        if kind.is_some_and(|kind| (kind == CONFIGURABLE) != is_parent) {
            return Err(Problem::bad("The type of a product can't change."));
        }
        let links = match numbers.filter(|_| is_parent) {
            Some(numbers) => Links::find(call, Some(&entry.product), numbers).await?,
            None => Links::default(),
        };
        return update_with(call, entry, links.moves(), |input| {
            let mut writer = Writer { call, frame: &frame, input, place };
            writer.write(said)?;
            if let (Some(entries), Some(uploaded)) = (&said.media_gallery_entries, &uploaded) {
                media::replace(call, writer.input, entries, uploaded)?;
            }
            Ok(())
        })
        .await;
    }
    let is_configurable = kind == Some(CONFIGURABLE);
    if !is_configurable && kind.is_some_and(|kind| kind != "simple" && kind != "virtual") {
        return Err(Problem::bad("Products are simple, virtual or configurable here."));
    }
    let mut input = blank(call, &frame, sku)?;
    let own_sku = Sku::new(sku).ok_or_else(|| Problem::invalid("sku", sku))?;
    if said.name.is_none() {
        return Err(Problem::required("name"));
    }
    if is_configurable {
        input.kind = ProductKind::Configurable { axes: Vec::new() };
        input.variants.clear();
    } else if said.price.is_none() {
        return Err(Problem::required("price"));
    }
    let mut writer = Writer { call, frame: &frame, input: &mut input, place: None };
    writer.write(said)?;
    if said.status.is_none() {
        input.visibility = Visibility::Published;
    }
    if let (Some(entries), Some(uploaded)) = (&said.media_gallery_entries, &uploaded) {
        media::replace(call, &mut input, entries, uploaded)?;
    }
    let product = if is_configurable {
        let links = Links::find(call, None, numbers.unwrap_or_default()).await?;
        if links.adopted.is_empty() {
            // Its variants come later, one by one; until then there is nothing to sell.
            input.visibility = Visibility::Draft;
        }
        let new = Assembly::New(&own_sku);
        shop::catalog::assemble(&call.shop, new, &input, links.moves()).await
    } else {
        shop::catalog::create_product(&call.shop, &input).await.map_err(AssembleError::from)
    };
    let product = product.map_err(unassembled)?;
    Ok(Entry { product: Arc::new(product), place: None, sku: sku.to_owned() })
}

/// A product of which nothing is said yet.
fn blank(call: &Call, frame: &Frame, sku: &str) -> Result<ProductInput, Problem> {
    let sku = Sku::new(sku).ok_or_else(|| Problem::invalid("sku", sku))?;
    let usual = AttributeSetCode::new("default").expect("a valid code");
    let set = frame.sets.iter().map(|set| &set.code).find(|code| **code == usual);
    let set = set.or_else(|| frame.sets.first().map(|set| &set.code)).cloned();
    let zero = Money::zero(call.settings.channel.currency);
    Ok(ProductInput {
        kind: ProductKind::Simple,
        visibility: Visibility::Draft,
        attribute_set: set.unwrap_or(usual),
        tax_class: TaxClass::new("standard").expect("a valid code"),
        is_featured: false,
        texts: Localized::default(),
        attributes: AttributeValues::new(),
        categories: Vec::new(),
        pictures: Vec::new(),
        variants: vec![VariantInput {
            id: None,
            sku,
            is_enabled: true,
            options: Options::new(),
            weight_grams: 0,
            content: None,
            prices: vec![PriceInput {
                channel: call.settings.channel.code.clone(),
                regular: zero,
                special: None,
                eco_participation: None,
            }],
            on_hand: None,
        }],
        eco: EcoSheet::default(),
        manufacturer: None,
    })
}

/// Writes what a client said into a product.
struct Writer<'w> {
    call: &'w Call,
    frame: &'w Frame,
    input: &'w mut ProductInput,
    /// The variant that is meant where there are several.
    place: Option<usize>,
}

impl Writer<'_> {
    /// The variant that is meant; none of a configurable product as a whole.
    fn variant(&mut self) -> Option<&mut VariantInput> {
        match (self.place, &self.input.kind) {
            (Some(place), _) => self.input.variants.get_mut(place),
            (None, ProductKind::Simple) => self.input.variants.first_mut(),
            (None, ProductKind::Configurable { .. }) => None,
        }
    }

    fn text(&mut self) -> &mut TextInput {
        let (locale, fallback) = (self.call.locale, self.call.fallback());
        let texts = &mut self.input.texts;
        if !texts.0.contains_key(&locale) {
            let known = texts.get(locale, fallback).cloned().unwrap_or_default();
            texts.0.insert(locale, TextInput { slug: None, ..known });
        }
        texts.0.entry(locale).or_default()
    }

    fn write(&mut self, said: &ProductIn) -> Result<(), Problem> {
        // A variant has the texts of its product.
        let is_whole = self.place.is_none();
        if let Some(sku) = &said.sku
            && let Some(variant) = self.variant()
        {
            variant.sku = Sku::new(sku.as_str()).ok_or_else(|| Problem::invalid("sku", sku))?;
        }
        if let Some(name) = said.name.as_ref().filter(|_| is_whole) {
            name.clone_into(&mut self.text().name);
        }
        if let Some(Int(id)) = said.attribute_set_id.filter(|_| is_whole) {
            let set = self.frame.sets.iter().find(|set| uid::attribute_set(&set.code) == id);
            let set = set.ok_or_else(|| Problem::no_entity("attributeSetId", id))?;
            self.input.attribute_set = set.code.clone();
        }
        if let Some(price) = &said.price {
            let currency = self.call.settings.channel.currency;
            let amount = price.money(currency);
            let amount = amount.ok_or_else(|| Problem::invalid("price", &price.0))?;
            if let Some(known) = self.price() {
                known.regular = amount;
            }
        }
        if let Some(weight) = &said.weight {
            let grams = grams(&weight.0).ok_or_else(|| Problem::invalid("weight", &weight.0))?;
            if let Some(variant) = self.variant() {
                variant.weight_grams = grams;
            }
        }
        if let Some(Int(status)) = said.status {
            let is_on = match status {
                1 => true,
                2 => false,
                _ => return Err(Problem::invalid("status", status)),
            };
            match (self.place, is_on) {
                (Some(_), _) => {
                    if let Some(variant) = self.variant() {
                        variant.is_enabled = is_on;
                    }
                }
                (None, true) => self.input.visibility = Visibility::Published,
                // What nobody has seen yet stays a draft.
                (None, false) if self.input.visibility == Visibility::Draft => {}
                (None, false) => self.input.visibility = Visibility::Hidden,
            }
        }
        if let Some(extension) = &said.extension_attributes {
            self.extend(extension)?;
        }
        for custom in said.custom_attributes.iter().flatten() {
            self.custom(custom)?;
        }
        Ok(())
    }

    fn price(&mut self) -> Option<&mut PriceInput> {
        let code = self.call.settings.channel.code.clone();
        let zero = Money::zero(self.call.settings.channel.currency);
        let variant = self.variant()?;
        if variant.prices.iter().all(|price| price.channel != code) {
            let (special, eco_participation) = (None, None);
            let channel = code.clone();
            let price = PriceInput { channel, regular: zero, special, eco_participation };
            variant.prices.push(price);
        }
        variant.prices.iter_mut().find(|price| price.channel == code)
    }

    fn extend(&mut self, said: &ExtensionIn) -> Result<(), Problem> {
        if let Some(stock) = &said.stock_item {
            let on_hand = match (&stock.qty, stock.is_in_stock) {
                (_, Some(Flag(false))) => Some(0),
                (Some(qty), _) => Some(qty.units().ok_or_else(|| Problem::invalid("qty", &qty.0))?),
                (None, _) => None,
            };
            if let Some(variant) = self.variant() {
                variant.on_hand = on_hand;
            }
        }
        if let Some(links) = said.category_links.as_ref().filter(|_| self.place.is_none()) {
            let numbers = links
                .iter()
                .map(|link| (link.category_id.0, link.position.map_or(0, |position| position.0)));
            self.categories(&numbers.collect::<Vec<_>>())?;
        }
        let options = said.configurable_product_options.as_ref();
        if let Some(options) = options.filter(|_| self.place.is_none()) {
            configurable::set_axes(self.frame, self.input, options)?;
        }
        Ok(())
    }

    fn categories(&mut self, numbers: &[(i64, i64)]) -> Result<(), Problem> {
        self.input.categories.clear();
        for &(number, position) in numbers {
            let mut known = self.frame.categories.iter();
            let category = known.find(|category| category.number == number);
            let category = category.ok_or_else(|| Problem::no_entity("id", number))?;
            let position = i32::try_from(position).unwrap_or(i32::MAX);
            self.input.categories.push((category.id, position));
        }
        Ok(())
    }

    fn custom(&mut self, said: &CustomIn) -> Result<(), Problem> {
        let code = said.attribute_code.as_str();
        let values: Vec<String> = match &said.value {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(items)) => items.iter().map(plain).collect(),
            Some(value) => vec![plain(value)],
        };
        let value = values.first().map_or("", String::as_str).trim();
        let invalid = || Problem::invalid(code, value);
        if let "special_price" | "special_from_date" | "special_to_date" = code {
            return self.special(code, value);
        }
        if let Some(attribute) =
            attribute_code(code).and_then(|code| self.frame.catalog.attribute(&code)).cloned()
        {
            return self.attribute(&attribute, &values);
        }
        if self.place.is_some() {
            return Ok(());
        }
        match code {
            "url_key" if value.is_empty() => self.text().slug = None,
            "url_key" => {
                let slug = Slug::new(value).or_else(|| Slug::from_title(value));
                self.text().slug = Some(slug.ok_or_else(invalid)?);
            }
            "description" => self.text().description = shop::markdown::of_html(value),
            "short_description" => self.text().short = shop::markdown::of_html(value),
            "meta_description" => value.clone_into(&mut self.text().meta_description),
            "tax_class_id" => {
                let rates = self.call.settings.rates.rows().iter();
                let class = rates.map(|row| &row.class).find(|class| {
                    uid::tax_class(class.as_str()).to_string() == value || class.as_str() == value
                });
                self.input.tax_class = class.ok_or_else(invalid)?.clone();
            }
            "category_ids" => {
                let numbers: Result<Vec<(i64, i64)>, _> = values
                    .iter()
                    .flat_map(|value| value.split(','))
                    .filter(|value| !value.trim().is_empty())
                    .map(|value| Ok((value.trim().parse()?, 0)))
                    .collect();
                let numbers = numbers.map_err(|_: std::num::ParseIntError| invalid())?;
                self.categories(&numbers)?;
            }
            "country_of_manufacture" if value.is_empty() => self.input.eco.origin = None,
            "country_of_manufacture" => {
                self.input.eco.origin = Some(Country::new(value).ok_or_else(invalid)?);
            }
            "greenleaf_manufacturer_name"
            | "greenleaf_manufacturer_address"
            | "greenleaf_manufacturer_email" => self.manufacturer(code, value)?,
            // Magento passes over what it does not know, and clients rely on it.
            _ => {}
        }
        Ok(())
    }

    fn manufacturer(&mut self, code: &str, value: &str) -> Result<(), Problem> {
        if value.chars().count() > MAX_MAKER {
            return Err(Problem::invalid(code, "a text that is too long"));
        }
        let nobody =
            || Manufacturer { name: String::new(), address: String::new(), email: String::new() };
        let maker = self.input.manufacturer.get_or_insert_with(nobody);
        let field = match code {
            "greenleaf_manufacturer_name" => &mut maker.name,
            "greenleaf_manufacturer_address" => &mut maker.address,
            _ => &mut maker.email,
        };
        value.clone_into(field);
        if *maker == nobody() {
            self.input.manufacturer = None;
        }
        Ok(())
    }

    fn special(&mut self, code: &str, value: &str) -> Result<(), Problem> {
        let invalid = || Problem::invalid(code, value);
        let currency = self.call.settings.channel.currency;
        let Some(price) = self.price() else { return Ok(()) };
        if code == "special_price" {
            if value.is_empty() {
                price.special = None;
                return Ok(());
            }
            let amount = Decimal(value.to_owned()).money(currency).ok_or_else(invalid)?;
            let known = price.special.map_or((None, None), |known| (known.from, known.until));
            price.special = Some(SpecialPrice { amount, from: known.0, until: known.1 });
            return Ok(());
        }
        let at = match value {
            "" => None,
            text => Some(read_moment(text).ok_or_else(invalid)?),
        };
        // A period of no price says nothing.
        let Some(special) = &mut price.special else { return Ok(()) };
        if code == "special_from_date" {
            special.from = at;
        } else {
            special.until = end_of(at);
        }
        Ok(())
    }

    fn attribute(&mut self, attribute: &Attribute, values: &[String]) -> Result<(), Problem> {
        let code = &attribute.code;
        if let ProductKind::Configurable { axes } = &self.input.kind
            && axes.contains(code)
        {
            let option = option(attribute, values.first().map_or("", String::as_str))?;
            if let (Some(variant), Some(option)) = (self.variant(), option) {
                variant.options.insert(code.clone(), option);
            }
            return Ok(());
        }
        if self.place.is_some() {
            return Ok(());
        }
        let value = values.first().map_or("", |value| value.trim());
        if value.is_empty() && attribute.kind != AttributeKind::Text {
            self.input.attributes.remove(code);
            return Ok(());
        }
        let invalid = || Problem::invalid(code.as_str(), value);
        let currency = self.call.settings.channel.currency;
        let read = match attribute.kind {
            AttributeKind::Text => {
                let mut texts = match self.input.attributes.remove(code) {
                    Some(AttributeValue::Text(texts)) => texts,
                    _ => Localized::default(),
                };
                match value.is_empty() {
                    true => texts.0.remove(&self.call.locale),
                    false => texts.0.insert(self.call.locale, value.to_owned()),
                };
                if texts.0.is_empty() {
                    return Ok(());
                }
                AttributeValue::Text(texts)
            }
            AttributeKind::Number => {
                AttributeValue::Number(Exact::parse(value).ok_or_else(invalid)?)
            }
            AttributeKind::Boolean => AttributeValue::Boolean(match value {
                "1" | "true" => true,
                "0" | "false" => false,
                _ => return Err(invalid()),
            }),
            AttributeKind::Select => {
                AttributeValue::Select(option(attribute, value)?.ok_or_else(invalid)?)
            }
            AttributeKind::MultiSelect => {
                let mut options = Vec::new();
                for value in values.iter().flat_map(|value| value.split(',')) {
                    let option = option(attribute, value.trim())?.ok_or_else(invalid)?;
                    if !options.contains(&option) {
                        options.push(option);
                    }
                }
                AttributeValue::MultiSelect(options)
            }
            AttributeKind::Date => {
                let day = value.split([' ', 'T']).next().unwrap_or_default();
                AttributeValue::Date(day.parse().map_err(|_| invalid())?)
            }
            AttributeKind::Price => {
                let amount = Decimal(value.to_owned()).money(currency).ok_or_else(invalid)?;
                AttributeValue::Price(amount)
            }
        };
        self.input.attributes.insert(code.clone(), read);
        Ok(())
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(is_so) => i32::from(*is_so).to_string(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// An option by its number, its code or a label; none for no text.
fn option(attribute: &Attribute, text: &str) -> Result<Option<OptionCode>, Problem> {
    if text.is_empty() {
        return Ok(None);
    }
    let is_meant = |option: &&commerce::catalog::AttributeOption| {
        uid::option(&attribute.code, &option.code).to_string() == text
            || option.code.as_str() == text
            || option.label.0.values().any(|label| label == text)
    };
    let found = attribute.options.iter().find(is_meant);
    let found = found.ok_or_else(|| Problem::invalid(attribute.code.as_str(), text))?;
    Ok(Some(found.code.clone()))
}

/// Kilograms in grams, of which a fraction is rounded down.
fn grams(text: &str) -> Option<u32> {
    let weight = Exact::parse(text)?;
    u32::try_from(weight.ten_thousandths / 10).ok()
}

/// The first moment after a day that was given by its midnight.
pub(super) fn end_of(last: Option<Timestamp>) -> Option<Timestamp> {
    let last = last?;
    if last.as_second() % 86_400 == 0 {
        return last.checked_add(SignedDuration::from_hours(24)).ok();
    }
    Some(last)
}
