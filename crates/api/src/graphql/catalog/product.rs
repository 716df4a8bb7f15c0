//! Products. To Magento a variant of a configurable product is a simple product of its own.

use std::sync::Arc;

use commerce::catalog::{
    Attribute, AttributeCode, AttributeValue, Product, ProductKind, Sku, Variant,
};
use commerce::content::Slug;
use search::{Offer, ShownPrice};
use shop::checkout::LOW_STOCK;

use super::category::CategoryNode;
use super::configurable::{self, OptionNode, VariantNode};
use super::eco::EcoNode;
use super::picture::{EntryNode, ImageNode};
use super::price::{PriceRange, Prices};
use crate::graphql::context::Context;
use crate::graphql::uid;
use crate::graphql::value::{Answer, Ask, Object, Value};

/// A product, or one variant of a configurable one.
#[derive(Clone)]
pub(in crate::graphql) struct ProductNode<'c> {
    pub(in crate::graphql) context: &'c Context,
    pub(in crate::graphql) offer: Arc<Offer>,
    /// Which of the variants stands for itself.
    pub(in crate::graphql) variant: Option<usize>,
}

/// The SKU of a configurable product, which has none of its own: its address in the channel's first
/// language.
pub(in crate::graphql) fn parent_sku<'p>(context: &Context, product: &'p Product) -> &'p str {
    let text = product.texts.get(context.fallback(), context.fallback());
    text.map_or("", |text| text.slug.as_str())
}

impl<'c> ProductNode<'c> {
    pub(in crate::graphql) fn new(context: &'c Context, offer: &Arc<Offer>) -> Self {
        context.shown.product(offer);
        Self { context, offer: Arc::clone(offer), variant: None }
    }

    /// What is sold under a SKU: a simple product, a variant, or a configurable product.
    pub(in crate::graphql) fn by_sku(context: &'c Context, text: &str) -> Option<Self> {
        let sku = Sku::new(text)?;
        if let Some((offer, variant)) = context.catalog.product_by_sku(&sku) {
            let place = offer.product.variants.iter().position(|known| known.sku == variant.sku);
            let variant = place.filter(|_| is_configurable(&offer.product));
            return Some(Self { variant, ..Self::new(context, offer) });
        }
        let slug = Slug::new(text);
        let offer =
            slug.and_then(|slug| context.catalog.product_by_slug(context.fallback(), &slug));
        let Some(offer) = offer.filter(|offer| is_configurable(&offer.product)) else {
            context.shown.absence();
            return None;
        };
        Some(Self::new(context, offer))
    }

    pub(in crate::graphql) fn by_url_key(context: &'c Context, key: &str) -> Option<Self> {
        let slug = Slug::new(key)?;
        let Some(offer) = context.catalog.product_by_slug(context.locale, &slug) else {
            context.shown.absence();
            return None;
        };
        Some(Self::new(context, offer))
    }

    /// Whether it stands for a configurable product as a whole.
    pub(in crate::graphql) fn is_parent(&self) -> bool {
        self.variant.is_none() && is_configurable(&self.offer.product)
    }

    /// The variant that it is, unless it stands for several.
    pub(in crate::graphql) fn own_variant(&self) -> Option<&Variant> {
        match self.variant {
            Some(place) => self.offer.product.variants.get(place),
            None if self.is_parent() => None,
            None => self.offer.product.variants.first(),
        }
    }

    pub(in crate::graphql) fn sku(&self) -> &str {
        match self.own_variant() {
            Some(variant) => variant.sku.as_str(),
            None => parent_sku(self.context, &self.offer.product),
        }
    }

    pub(in crate::graphql) fn number(&self) -> i64 {
        let variant = self.variant.and_then(|place| self.offer.product.variants.get(place));
        uid::product(&self.offer.product, variant)
    }

    /// The places of the variants that are sold.
    pub(super) fn sold(&self) -> impl Iterator<Item = (usize, &Variant, ShownPrice)> {
        let variants = self.offer.product.variants.iter().enumerate();
        variants.filter(|(_, variant)| variant.is_enabled).filter_map(|(place, variant)| {
            Some((place, variant, self.context.catalog.price(&self.offer, variant)?))
        })
    }

    fn prices(&self) -> Option<PriceRange> {
        if let Some(variant) = self.own_variant() {
            let price = self.context.catalog.price(&self.offer, variant)?;
            return Some(PriceRange { min: price, max: price });
        }
        let min = self.offer.from?;
        let max = self.sold().map(|(_, _, price)| price).max_by_key(|price| price.amount);
        Some(PriceRange { min, max: max.unwrap_or(min) })
    }

    fn available(&self) -> u32 {
        match self.own_variant() {
            Some(variant) if variant.is_enabled => self.offer.available(&variant.sku),
            Some(_) => 0,
            None => self.sold().map(|(_, variant, _)| self.offer.available(&variant.sku)).sum(),
        }
    }

    /// The pictures, those of the variant's own options before the others.
    pub(super) fn images(&self) -> Vec<ImageNode<'c>> {
        let pictures = &self.offer.product.pictures;
        let mut places: Vec<usize> = (0..pictures.len()).collect();
        if let Some(variant) = self.variant.and(self.own_variant()) {
            let is_own = |place: &usize| {
                let option = pictures.get(*place).and_then(|picture| picture.option.as_ref());
                option.is_some_and(|(axis, option)| variant.options.get(axis) == Some(option))
            };
            places.sort_by_key(|place| !is_own(place));
        }
        let numbered = (0..).zip(places);
        numbered
            .map(|(position, place)| ImageNode {
                context: self.context,
                offer: Arc::clone(&self.offer),
                place,
                position,
            })
            .collect()
    }

    fn image(&self) -> Value<'c> {
        self.images().into_iter().next().map_or(Value::Null, Value::object)
    }

    fn categories(&self) -> Value<'c> {
        let ids = self.offer.product.categories.iter().map(|(id, _)| *id);
        let seen = ids.filter_map(|id| self.context.catalog.category(id));
        let context = self.context;
        Value::objects(seen.map(|category| CategoryNode { context, category: Some(category) }))
    }

    /// The value of an attribute of the merchant's, in the type that the schema gives the field.
    fn attribute(&self, ask: Ask<'_>) -> Value<'_> {
        let Some(attribute) =
            AttributeCode::new(ask.name).and_then(|code| self.context.catalog.attribute(&code))
        else {
            return Value::Nothing;
        };
        let is_text = ask.ty.inner_named_type() == "String";
        let number = |number: i64| {
            if is_text { Value::from(number.to_string()) } else { Value::Int(number) }
        };
        let own = self.variant.and(self.own_variant());
        let own = own.and_then(|variant| variant.options.get(&attribute.code));
        if let Some(option) = own {
            return number(uid::option(&attribute.code, option));
        }
        match self.offer.product.attributes.get(&attribute.code) {
            None => Value::Null,
            Some(AttributeValue::Select(option)) => number(uid::option(&attribute.code, option)),
            Some(AttributeValue::Boolean(is_so)) => number((*is_so).into()),
            Some(AttributeValue::Number(decimal)) if !is_text => Value::Number(decimal.to_string()),
            Some(AttributeValue::Price(amount)) if !is_text => Value::Number(amount.to_decimal()),
            Some(value) if is_text => written(self.context, attribute, value).into(),
            Some(_) => Value::Null,
        }
    }
}

fn is_configurable(product: &Product) -> bool {
    matches!(product.kind, ProductKind::Configurable { .. })
}

/// A value of an attribute as text: options by their numbers, as Magento writes them.
fn written(context: &Context, attribute: &Attribute, value: &AttributeValue) -> String {
    match value {
        AttributeValue::Text(texts) => context.text(texts).to_owned(),
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

/// A moment as Magento writes it.
pub(in crate::graphql) fn moment(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

impl Object for ProductNode<'_> {
    fn type_name(&self) -> &'static str {
        if self.is_parent() { "ConfigurableProduct" } else { "SimpleProduct" }
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        let (context, product) = (self.context, &self.offer.product);
        let text = self.offer.text(context.locale);
        let slug = text.map_or("", |text| text.slug.as_str());
        Ok(match ask.name {
            "id" => self.number().into(),
            "uid" => uid::of(self.number()).into(),
            "sku" => self.sku().into(),
            "name" | "meta_title" => text.map(|text| text.name.as_str()).into(),
            "type_id" if self.is_parent() => "configurable".into(),
            "type_id" => "simple".into(),
            "url_key" | "relative_url" | "canonical_url" => slug.into(),
            "url_suffix" => "".into(),
            "url_rewrites" => Value::objects([Rewrite(slug)]),
            "type" => "PRODUCT".into(),
            "redirect_code" => 0.into(),
            "price_range" => match self.prices() {
                Some(range) => Value::object(range),
                None => Value::Nothing,
            },
            "price" => self.prices().map_or(Value::Null, |range| Value::object(Prices(range))),
            "special_price" => match self.prices() {
                Some(range) if range.min.is_special() => {
                    Value::Number(range.min.amount.to_decimal())
                }
                _ => Value::Null,
            },
            "stock_status" if self.available() > 0 => "IN_STOCK".into(),
            "stock_status" => "OUT_OF_STOCK".into(),
            "only_x_left_in_stock" => match self.available() {
                left if left <= LOW_STOCK => left.into(),
                _ => Value::Null,
            },
            "min_sale_qty" => 1.into(),
            "max_sale_qty" => commerce::cart::MAX_QUANTITY.into(),
            "small_image" | "image" | "thumbnail" => self.image(),
            "swatch_image" => Value::Null,
            "media_gallery" => Value::objects(self.images()),
            "media_gallery_entries" => Value::objects(self.images().into_iter().map(EntryNode)),
            "description" => Value::object(Html(text.map_or("", |text| &text.description))),
            "short_description" => Value::object(Html(text.map_or("", |text| &text.short))),
            "meta_description" => {
                text.map_or(Value::Null, |text| Value::filled(&text.meta_description))
            }
            "categories" => self.categories(),
            "country_of_manufacture" => {
                product.eco.origin.map(|country| country.as_str().to_owned()).into()
            }
            "eco" => Value::object(EcoNode(self.clone())),
            "weight" => self.own_variant().map_or(Value::Null, |variant| {
                Value::Number(format!(
                    "{}.{:03}",
                    variant.weight_grams / 1_000,
                    variant.weight_grams % 1_000
                ))
            }),
            "created_at" => moment(product.created_at).into(),
            "updated_at" => moment(product.updated_at).into(),
            "attribute_set_id" => 4.into(),
            "options_container" => "container2".into(),
            "options" | "price_tiers" | "tier_prices" | "product_links" | "related_products"
            | "upsell_products" | "crosssell_products" | "rules" => Value::List(Vec::new()),
            "configurable_options" if self.is_parent() => Value::objects(OptionNode::of(self)),
            "variants" if self.is_parent() => Value::objects(VariantNode::of(self)),
            "configurable_product_options_selection" if self.is_parent() => {
                Value::object(configurable::Selection::of(self, ask.args))
            }
            _ => self.attribute(ask),
        })
    }
}

/// A text of the merchant's, written in Markdown.
struct Html<'c>(&'c str);

impl Object for Html<'_> {
    fn type_name(&self) -> &'static str {
        "ComplexTextValue"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "html" => shop::markdown::render(self.0).into(),
            _ => Value::Nothing,
        })
    }
}

/// Where a product can be found.
struct Rewrite<'c>(&'c str);

impl Object for Rewrite<'_> {
    fn type_name(&self) -> &'static str {
        "UrlRewrite"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "url" => self.0.into(),
            "parameters" => Value::List(Vec::new()),
            _ => Value::Nothing,
        })
    }
}
