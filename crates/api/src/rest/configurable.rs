//! Configurable products: what their variants differ by.

pub(super) mod variation;

use std::sync::Arc;

use commerce::catalog::{AttributeCode, Product, ProductId, ProductKind, VariantId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shop::catalog::{Moves, ProductInput};

use super::call::Call;
use super::lenient::Int;
use super::problem::Problem;
use super::product::{ChildOut, Entry, Frame, unknown_product, update, update_with};
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

/// What variants differ by. Its name and its values are those of the attribute.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "ConfigurableOptionInput")]
pub(super) struct OptionIn {
    attribute_id: Option<Int>,
    position: Option<Int>,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "ConfigurableOptionBody")]
pub(super) struct OptionBody {
    option: OptionIn,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "ConfigurableChildBody")]
pub(super) struct ChildBody {
    #[serde(rename = "childSku", alias = "child_sku")]
    child_sku: String,
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
    options.into_iter().find(|option| option.id == id).ok_or_else(|| no_option(id))
}

fn no_option(id: i64) -> Problem {
    let message =
        "The \"%1\" entity that was requested doesn't exist. Verify the entity and try again.";
    Problem::missing(message).with("1", id)
}

/// The attribute that an option names.
fn axis(frame: &Frame, said: &OptionIn) -> Result<AttributeCode, Problem> {
    let Int(id) = said.attribute_id.ok_or_else(|| Problem::required("attribute_id"))?;
    let mut known = frame.catalog.attributes().iter();
    let found = known.find(|attribute| uid::attribute(&attribute.code) == id);
    Ok(found.ok_or_else(|| Problem::no_entity("attribute_id", id))?.code.clone())
}

/// Has the variants of a configurable product differ by these attributes, and no others.
pub(super) fn set_axes(
    frame: &Frame,
    input: &mut ProductInput,
    options: &[OptionIn],
) -> Result<(), Problem> {
    let ProductKind::Configurable { axes } = &mut input.kind else { return Ok(()) };
    let mut options: Vec<&OptionIn> = options.iter().collect();
    options.sort_by_key(|option| option.position.map_or(0, |position| position.0));
    *axes = options.into_iter().map(|option| axis(frame, option)).collect::<Result<_, _>>()?;
    for axis in axes {
        input.attributes.remove(axis);
    }
    Ok(())
}

/// Puts an attribute in its place among those that variants differ by.
fn place(input: &mut ProductInput, axis: &AttributeCode, position: Option<Int>) {
    let ProductKind::Configurable { axes } = &mut input.kind else { return };
    let was = axes.iter().position(|known| known == axis);
    axes.retain(|known| known != axis);
    let wanted = position.and_then(|Int(position)| usize::try_from(position).ok());
    let at = wanted.or(was).unwrap_or(axes.len()).min(axes.len());
    axes.insert(at, axis.clone());
    input.attributes.remove(axis);
}

/// Adds an option, or moves one that is there, and gives its number.
pub(super) async fn add_option(call: Call, body: OptionBody) -> Result<i64, Problem> {
    let entry = parent(&call).await?;
    let axis = axis(&Frame::load(&call).await?, &body.option)?;
    update(&call, entry, |input| {
        place(input, &axis, body.option.position);
        Ok(())
    })
    .await?;
    Ok(uid::attribute(&axis))
}

/// The attribute whose number the path says, one that variants differ by.
fn named(call: &Call, entry: &Entry) -> Result<AttributeCode, Problem> {
    let id = call.number("id")?;
    let found = axes(entry).iter().find(|code| uid::attribute(code) == id);
    found.cloned().ok_or_else(|| no_option(id))
}

/// Moves an option and gives its number.
pub(super) async fn move_option(call: Call, body: OptionBody) -> Result<i64, Problem> {
    let entry = parent(&call).await?;
    let axis = named(&call, &entry)?;
    update(&call, entry, |input| {
        place(input, &axis, body.option.position);
        Ok(())
    })
    .await?;
    Ok(uid::attribute(&axis))
}

/// Takes an option away, as long as no variant needs it.
pub(super) async fn remove_option(call: Call) -> Result<bool, Problem> {
    let entry = parent(&call).await?;
    let axis = named(&call, &entry)?;
    update(&call, entry, |input| {
        if let ProductKind::Configurable { axes } = &mut input.kind {
            axes.retain(|known| *known != axis);
        }
        Ok(())
    })
    .await?;
    Ok(true)
}

/// What a list of numbers makes of the variants of a product.
#[derive(Default)]
pub(super) struct Links {
    /// Simple products that become variants.
    pub(super) adopted: Vec<ProductId>,
    /// Variants that stand alone again.
    released: Vec<VariantId>,
}

impl Links {
    pub(super) async fn find(
        call: &Call,
        product: Option<&Arc<Product>>,
        numbers: &[Int],
    ) -> Result<Self, Problem> {
        let mut links = Self::default();
        let mut kept = Vec::new();
        for &Int(number) in numbers {
            let own = product.and_then(|product| {
                let mut variants = product.variants.iter();
                variants.find(|variant| uid::product(product, Some(variant)) == number)
            });
            if let Some(variant) = own {
                kept.push(variant.id);
                continue;
            }
            let found = shop::catalog::find_by_number(&call.shop, number).await?;
            let child = found.filter(|child| child.kind == ProductKind::Simple);
            let child = child.ok_or_else(|| Problem::no_entity("id", number))?;
            if !links.adopted.contains(&child.id) {
                links.adopted.push(child.id);
            }
        }
        let known = product.into_iter().flat_map(|product| &product.variants);
        links.released = known.map(|it| it.id).filter(|id| !kept.contains(id)).collect();
        Ok(links)
    }

    pub(super) fn moves(&self) -> Moves<'_> {
        Moves { adopted: &self.adopted, released: &self.released }
    }
}

/// Makes a variant of a simple product.
pub(super) async fn link(call: Call, body: ChildBody) -> Result<bool, Problem> {
    let entry = parent(&call).await?;
    let child = Entry::find(&call, &body.child_sku).await?;
    if child.product.id == entry.product.id && !child.is_parent() {
        return Err(Problem::bad("The product is already attached."));
    }
    if child.place.is_some() {
        return Err(Problem::bad("The product is a variant of another product."));
    }
    if axes(&entry).is_empty() {
        return Err(Problem::bad("The parent product doesn't have configurable product options."));
    }
    let moves = Moves { adopted: &[child.product.id], ..Moves::default() };
    update_with(&call, entry, moves, |_| Ok(())).await?;
    Ok(true)
}

/// Has a variant stand alone.
pub(super) async fn unlink(call: Call) -> Result<bool, Problem> {
    let entry = parent(&call).await?;
    let sku = call.param("childSku");
    let found = entry.product.variants.iter().find(|variant| variant.sku.as_str() == sku);
    let missing = "The option that was requested doesn't exist. Verify the entity and try again.";
    let variant = found.ok_or_else(|| Problem::missing(missing))?.id;
    let moves = Moves { released: &[variant], ..Moves::default() };
    update_with(&call, entry, moves, |_| Ok(())).await?;
    Ok(true)
}
