//! Products. To Magento a variant of a configurable product is a simple product of its own.

mod eco;
pub(super) mod media;
pub(super) mod price;
mod show;
mod write;

use std::collections::HashMap;
use std::sync::Arc;

use commerce::catalog::{
    AttributeCode, AttributeSet, Category, CategoryId, Product, ProductId, ProductKind, Sku,
    Variant, Visibility,
};
use commerce::price::ChannelPrice;
use schemars::JsonSchema;
use search::Snapshot;
use serde::{Deserialize, Serialize};
use shop::catalog::{AssembleError, SaveProductError};

use self::show::ProductOut;
pub(super) use self::show::{CustomAttribute, ProductOut as ChildOut, kilograms};
use self::write::ProductIn;
pub(super) use self::write::{update, update_with};
use super::call::{Call, moment};
use super::criteria::Page;
use super::problem::Problem;
use crate::graphql::uid;

/// What products are described by, as the truth has it now.
pub(super) struct Frame {
    pub(super) catalog: Arc<Snapshot>,
    pub(super) sets: Vec<AttributeSet>,
    pub(super) categories: Vec<Category>,
    skus: HashMap<ProductId, Sku>,
}

impl Frame {
    pub(super) async fn load(call: &Call) -> Result<Self, Problem> {
        Ok(Self {
            catalog: call.catalog().await?,
            sets: shop::catalog::attribute_sets(&call.shop).await?,
            categories: shop::catalog::categories(&call.shop).await?,
            skus: shop::catalog::configurable_skus(&call.shop).await?,
        })
    }

    /// The SKU of a configurable product: the one it was given, or else its address.
    fn parent_sku(&self, call: &Call, product: &Product) -> String {
        if let Some(sku) = self.skus.get(&product.id) {
            return sku.to_string();
        }
        let text = product.texts.get(call.fallback(), call.fallback());
        text.map(|text| text.slug.to_string()).unwrap_or_default()
    }

    /// What Magento makes of one of our products: itself, and each of several variants.
    fn entries(&self, call: &Call, product: &Arc<Product>) -> Vec<Entry> {
        let entry = |place, sku: String| Entry { product: Arc::clone(product), place, sku };
        if !is_configurable(product) {
            let sku = product.variants.first().map(|variant| variant.sku.to_string());
            return vec![entry(None, sku.unwrap_or_default())];
        }
        let variants = product.variants.iter().enumerate();
        let variants = variants.map(|(place, variant)| entry(Some(place), variant.sku.to_string()));
        std::iter::once(entry(None, self.parent_sku(call, product))).chain(variants).collect()
    }
}

impl Frame {
    /// The SKUs of what lies in a category, with their places in it. Drafts are not among them.
    pub(super) fn in_category(&self, call: &Call, category: CategoryId) -> Vec<(String, i32)> {
        let products = self.catalog.products().map(|offer| &offer.product);
        let mut found: Vec<(String, i32)> = products
            .filter_map(|product| {
                let (_, place) = product.categories.iter().find(|(id, _)| *id == category)?;
                Some((self.entries(call, product).first()?.sku.clone(), *place))
            })
            .collect();
        found.sort_by(|a, b| (a.1, &a.0).cmp(&(b.1, &b.0)));
        found
    }

    /// The variants of a configurable product.
    pub(super) fn children(&self, call: &Call, parent: &Entry) -> Vec<ProductOut> {
        let entries = self.entries(call, &parent.product);
        let children = entries.iter().filter(|entry| entry.place.is_some());
        children.map(|entry| ProductOut::of(entry, call, self)).collect()
    }
}

fn is_configurable(product: &Product) -> bool {
    matches!(product.kind, ProductKind::Configurable { .. })
}

/// A product, or one variant of a configurable one.
pub(super) struct Entry {
    pub(super) product: Arc<Product>,
    /// Which of several variants stands for itself.
    pub(super) place: Option<usize>,
    pub(super) sku: String,
}

/// What Magento says of a SKU that nothing has.
pub(super) fn unknown_product() -> Problem {
    Problem::missing(
        "The product that was requested doesn't exist. Verify the product and try again.",
    )
}

impl Entry {
    /// What the truth has under a SKU.
    pub(super) async fn find(call: &Call, sku: &str) -> Result<Self, Problem> {
        let found = shop::catalog::find_by_sku(&call.shop, sku).await?;
        let (product, place) = found.ok_or_else(unknown_product)?;
        Ok(Self { product: Arc::new(product), place, sku: sku.to_owned() })
    }

    pub(super) fn is_parent(&self) -> bool {
        self.place.is_none() && is_configurable(&self.product)
    }

    /// The variant that it is, unless it stands for several.
    pub(super) fn variant(&self) -> Option<&Variant> {
        match self.place {
            Some(place) => self.product.variants.get(place),
            None if self.is_parent() => None,
            None => self.product.variants.first(),
        }
    }

    pub(super) fn number(&self) -> i64 {
        let variant = self.place.and_then(|place| self.product.variants.get(place));
        uid::product(&self.product, variant)
    }

    pub(super) fn price(&self, call: &Call) -> Option<&ChannelPrice> {
        let of_channel = |variant: &'_ Variant| {
            let code = &call.settings.channel.code;
            variant.prices.iter().position(|price| price.channel == *code)
        };
        let variant = self.variant()?;
        variant.prices.get(of_channel(variant)?)
    }

    fn is_on_sale(&self) -> bool {
        let is_enabled = self.variant().is_none_or(|variant| variant.is_enabled);
        self.product.visibility == Visibility::Published && is_enabled
    }

    /// The values of a field, as filters compare them.
    fn values(&self, call: &Call, frame: &Frame, field: &str) -> Vec<String> {
        let product = &self.product;
        let text = || product.texts.get(call.locale, call.fallback());
        let one = |text: String| vec![text];
        match field {
            "sku" => one(self.sku.clone()),
            "entity_id" | "id" => one(self.number().to_string()),
            "name" => text().map(|text| text.name.clone()).into_iter().collect(),
            "url_key" => text().map(|text| text.slug.to_string()).into_iter().collect(),
            "type_id" => one(if self.is_parent() { "configurable" } else { "simple" }.to_owned()),
            "status" => one(if self.is_on_sale() { "1" } else { "2" }.to_owned()),
            "visibility" => one(if self.place.is_some() { "1" } else { "4" }.to_owned()),
            "attribute_set_id" => one(uid::attribute_set(&product.attribute_set).to_string()),
            "created_at" => one(moment(product.created_at)),
            "updated_at" => one(moment(product.updated_at)),
            "website_id" | "store_id" => one("1".to_owned()),
            "price" => self.price(call).map(|it| it.regular.to_decimal()).into_iter().collect(),
            "special_price" => {
                let special = self.price(call).and_then(|price| price.special);
                special.map(|special| special.amount.to_decimal()).into_iter().collect()
            }
            "category_id" | "category_ids" => {
                let of = |id| frame.categories.iter().find(|category| category.id == id);
                let lies_in = product.categories.iter().filter_map(|(id, _)| of(*id));
                lies_in.map(|category| category.number.to_string()).collect()
            }
            _ => show::custom(self, call, frame)
                .into_iter()
                .find(|one| one.attribute_code == field)
                .map(|one| match one.value {
                    serde_json::Value::String(text) => text,
                    other => other.to_string(),
                })
                .into_iter()
                .collect(),
        }
    }
}

pub(super) async fn list(call: Call) -> Result<Page<ProductOut>, Problem> {
    let criteria = call.criteria()?;
    let frame = Frame::load(&call).await?;
    let drafts = shop::catalog::list_drafts(&call.shop).await?;
    let shown = frame.catalog.products().map(|offer| Arc::clone(&offer.product));
    let mut products: Vec<Arc<Product>> = shown.chain(drafts.into_iter().map(Arc::new)).collect();
    products.sort_unstable_by_key(|product| product.number);
    let entries = products.iter().flat_map(|product| frame.entries(&call, product));
    let (entries, total) =
        criteria.select(entries, |entry, field| entry.values(&call, &frame, field));
    let shown = entries.iter().map(|entry| ProductOut::of(entry, &call, &frame));
    Ok(criteria.page(shown.collect(), total))
}

/// Shows a product with its stock.
async fn show(call: &Call, entry: &Entry) -> Result<ProductOut, Problem> {
    let frame = Frame::load(call).await?;
    let mut shown = ProductOut::of(entry, call, &frame);
    shown.extension_attributes.stock_item = Some(super::stock::item_of(call, entry).await?);
    Ok(shown)
}

pub(super) async fn one(call: Call) -> Result<ProductOut, Problem> {
    let entry = Entry::find(&call, call.param("sku")).await?;
    show(&call, &entry).await
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "ProductBody")]
pub(super) struct Body {
    product: ProductIn,
}

pub(super) async fn create(call: Call, body: Body) -> Result<ProductOut, Problem> {
    let sku = body.product.sku.clone().ok_or_else(|| Problem::required("sku"))?;
    let entry = write::save(&call, &sku, &body.product).await?;
    show(&call, &entry).await
}

pub(super) async fn change(call: Call, body: Body) -> Result<ProductOut, Problem> {
    let sku = call.param("sku");
    let entry = write::save(&call, sku, &body.product).await?;
    show(&call, &entry).await
}

/// Deletes a product; of a configurable one, a variant.
pub(super) async fn remove(call: Call) -> Result<bool, Problem> {
    let entry = Entry::find(&call, call.param("sku")).await?;
    match entry.place {
        None => {
            shop::catalog::delete_product(&call.shop, entry.product.id).await?;
        }
        Some(place) => {
            write::update(&call, entry, |input| {
                input.variants.remove(place);
                Ok(())
            })
            .await?;
        }
    }
    Ok(true)
}

/// Says what is wrong with a product that was not saved.
fn unsaved(error: SaveProductError) -> Problem {
    match error {
        SaveProductError::NotFound => unknown_product(),
        SaveProductError::Stale => {
            Problem::bad("The product was changed by somebody else at the same time. Try again.")
        }
        SaveProductError::Invalid(problems) => {
            let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
            Problem::bad(format!("The product can't be saved: {}.", all.join("; ")))
        }
        SaveProductError::Db(error) => error.into(),
    }
}

/// The same of one whose variants came from outside.
pub(super) fn unassembled(error: AssembleError) -> Problem {
    match error {
        AssembleError::NotSimple => unknown_product(),
        AssembleError::OptionMissing { axis, .. } => {
            let message = "The child product doesn't have the \"%1\" attribute value. Verify the \
                           value and try again.";
            Problem::bad(message).with("1", axis)
        }
        AssembleError::Save(error) => unsaved(error),
    }
}

/// A kind of product.
#[derive(Serialize, JsonSchema)]
pub(super) struct ProductType {
    name: String,
    label: String,
}

pub(super) async fn types(_: Call) -> Result<Vec<ProductType>, Problem> {
    let types = [("simple", "Simple Product"), ("configurable", "Configurable Product")];
    Ok(types
        .into_iter()
        .map(|(name, label)| ProductType { name: name.to_owned(), label: label.to_owned() })
        .collect())
}

/// An attribute of the merchant's by its code.
fn attribute_code(text: &str) -> Option<AttributeCode> {
    AttributeCode::new(text)
}
