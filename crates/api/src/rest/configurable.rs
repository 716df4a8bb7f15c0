//! Configurable products: what their variants differ by.

use commerce::catalog::{AttributeCode, ProductKind};
use schemars::JsonSchema;
use serde::Serialize;

use super::call::Call;
use super::problem::Problem;
use super::product::{ChildOut, Entry, Frame, unknown_product};
use crate::graphql::uid;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ConfigurableOption")]
pub(super) struct OptionOut {
    id: i64,
    attribute_id: String,
    label: String,
    position: u32,
    product_id: i64,
    values: Vec<OptionValue>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ConfigurableOptionValue")]
struct OptionValue {
    value_index: i64,
}

fn axes(entry: &Entry) -> &[AttributeCode] {
    match &entry.product.kind {
        ProductKind::Configurable { axes } => axes,
        ProductKind::Simple => &[],
    }
}

impl OptionOut {
    pub(super) fn of(entry: &Entry, call: &Call, frame: &Frame) -> Vec<Self> {
        let known = axes(entry).iter().filter_map(|code| frame.catalog.attribute(code));
        let options = (0..).zip(known).map(|(position, attribute)| {
            let mut sold = attribute.options.clone();
            sold.retain(|option| {
                let mut variants = entry.product.variants.iter();
                variants.any(|it| it.options.get(&attribute.code) == Some(&option.code))
            });
            Self {
                id: uid::attribute(&attribute.code),
                attribute_id: uid::attribute(&attribute.code).to_string(),
                label: call.text(&attribute.label).to_owned(),
                position,
                product_id: entry.number(),
                values: sold
                    .iter()
                    .map(|it| OptionValue { value_index: uid::option(&attribute.code, &it.code) })
                    .collect(),
            }
        });
        options.collect()
    }
}

/// The configurable product that the path names.
async fn parent(call: &Call) -> Result<Entry, Problem> {
    let entry = Entry::find(call, call.param("sku")).await?;
    if entry.is_parent() { Ok(entry) } else { Err(unknown_product()) }
}

pub(super) async fn children(call: Call) -> Result<Vec<ChildOut>, Problem> {
    let entry = parent(&call).await?;
    let frame = Frame::load(&call).await?;
    Ok(frame.children(&call, &entry))
}

pub(super) async fn options(call: Call) -> Result<Vec<OptionOut>, Problem> {
    let entry = parent(&call).await?;
    Ok(OptionOut::of(&entry, &call, &Frame::load(&call).await?))
}

pub(super) async fn option(call: Call) -> Result<OptionOut, Problem> {
    let entry = parent(&call).await?;
    let id = call.number("id")?;
    let options = OptionOut::of(&entry, &call, &Frame::load(&call).await?);
    let missing =
        "The \"%1\" entity that was requested doesn't exist. Verify the entity and try again.";
    options
        .into_iter()
        .find(|option| option.id == id)
        .ok_or_else(|| Problem::missing(missing).with("1", id))
}
