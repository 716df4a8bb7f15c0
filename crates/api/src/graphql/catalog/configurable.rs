//! What a configurable product can be had in, and the variants that it is made of.

use std::collections::BTreeSet;

use commerce::catalog::{Attribute, AttributeOption, ProductKind, Variant};

use super::product::ProductNode;
use crate::graphql::context::Context;
use crate::graphql::uid;
use crate::graphql::value::{Answer, Args, Ask, Object, Value};

/// The attributes that tell the variants of a product apart.
fn axes<'p>(product: &'p ProductNode<'_>) -> Vec<&'p Attribute> {
    let ProductKind::Configurable { axes } = &product.offer.product.kind else {
        return Vec::new();
    };
    axes.iter().filter_map(|code| product.context.catalog.attribute(code)).collect()
}

/// The options of an axis that some variant has, in display order.
fn used<'p>(
    axis: &'p Attribute,
    variants: &[&Variant],
) -> impl Iterator<Item = &'p AttributeOption> {
    let chosen: BTreeSet<_> =
        variants.iter().filter_map(|variant| variant.options.get(&axis.code)).cloned().collect();
    axis.options.iter().filter(move |option| chosen.contains(&option.code))
}

pub(super) struct OptionNode<'p> {
    product: &'p ProductNode<'p>,
    axis: &'p Attribute,
    position: u32,
}

impl<'p> OptionNode<'p> {
    pub(super) fn of(product: &'p ProductNode<'p>) -> Vec<Self> {
        let numbered = (0..).zip(axes(product));
        numbered.map(|(position, axis)| Self { product, axis, position }).collect()
    }
}

impl Object for OptionNode<'_> {
    fn type_name(&self) -> &'static str {
        "ConfigurableProductOptions"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        let number = uid::attribute(&self.axis.code);
        Ok(match ask.name {
            "id" | "attribute_id_v2" => number.into(),
            "attribute_id" => number.to_string().into(),
            "uid" | "attribute_uid" => uid::of(number).into(),
            "attribute_code" => self.axis.code.as_str().into(),
            "label" => self.product.context.text(&self.axis.label).into(),
            "position" => self.position.into(),
            "product_id" => self.product.number().into(),
            "use_default" => false.into(),
            "values" => {
                let variants: Vec<&Variant> =
                    self.product.sold().map(|(_, variant, _)| variant).collect();
                let (context, axis) = (self.product.context, self.axis);
                let used = used(axis, &variants);
                Value::objects(used.map(|option| ValueNode { context, axis, option }))
            }
            _ => Value::Nothing,
        })
    }
}

struct ValueNode<'p> {
    context: &'p Context,
    axis: &'p Attribute,
    option: &'p AttributeOption,
}

impl Object for ValueNode<'_> {
    fn type_name(&self) -> &'static str {
        "ConfigurableProductOptionsValues"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "uid" => uid::choice(&self.axis.code, &self.option.code).into(),
            "value_index" => uid::option(&self.axis.code, &self.option.code).into(),
            "label" | "store_label" => self.context.text(&self.option.label).into(),
            "default_label" => {
                let fallback = self.context.fallback();
                self.option.label.text(fallback, fallback).into()
            }
            "use_default_value" => true.into(),
            "swatch_data" => match &self.option.swatch {
                Some(color) => Value::object(Swatch(color)),
                None => Value::Null,
            },
            _ => Value::Nothing,
        })
    }
}

/// A color.
struct Swatch<'p>(&'p str);

impl Object for Swatch<'_> {
    fn type_name(&self) -> &'static str {
        "ColorSwatchData"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "value" => self.0.into(),
            _ => Value::Nothing,
        })
    }
}

pub(super) struct VariantNode<'p> {
    product: &'p ProductNode<'p>,
    place: usize,
    variant: &'p Variant,
}

impl<'p> VariantNode<'p> {
    pub(super) fn of(product: &'p ProductNode<'p>) -> Vec<Self> {
        let sold = product.sold();
        sold.map(|(place, variant, _)| Self { product, place, variant }).collect()
    }
}

impl Object for VariantNode<'_> {
    fn type_name(&self) -> &'static str {
        "ConfigurableVariant"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "product" => {
                Value::object(ProductNode { variant: Some(self.place), ..self.product.clone() })
            }
            "attributes" => {
                let context = self.product.context;
                let chosen = axes(self.product).into_iter().filter_map(move |axis| {
                    let code = self.variant.options.get(&axis.code)?;
                    let option = axis.options.iter().find(|option| option.code == *code)?;
                    Some(ChosenNode(ValueNode { context, axis, option }))
                });
                Value::objects(chosen)
            }
            _ => Value::Nothing,
        })
    }
}

/// One option of a variant.
struct ChosenNode<'p>(ValueNode<'p>);

impl Object for ChosenNode<'_> {
    fn type_name(&self) -> &'static str {
        "ConfigurableAttributeOption"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        match ask.name {
            "code" => Ok(self.0.axis.code.as_str().into()),
            "label" | "uid" | "value_index" => self.0.field(ask),
            _ => Ok(Value::Nothing),
        }
    }
}

/// The place of the variant that has all of the chosen options, each given by its `uid`.
pub(in crate::graphql) fn chosen_variant(
    product: &ProductNode<'_>,
    choices: &[&str],
) -> Option<usize> {
    let axes = axes(product);
    let mut fitting =
        product.sold().filter(|(_, variant, _)| fits(variant, &axes, choices)).map(|(at, ..)| at);
    let only = fitting.next()?;
    let is_complete = axes.len() <= choices.len();
    (is_complete && fitting.next().is_none()).then_some(only)
}

/// Whether a variant has every chosen option.
fn fits(variant: &Variant, axes: &[&Attribute], choices: &[&str]) -> bool {
    choices.iter().all(|choice| {
        axes.iter().any(|axis| {
            let option = variant.options.get(&axis.code);
            option.is_some_and(|option| uid::choice(&axis.code, option) == *choice)
        })
    })
}

/// What is left to choose after some options were.
pub(super) struct Selection<'p> {
    product: &'p ProductNode<'p>,
    choices: Vec<&'p str>,
}

impl<'p> Selection<'p> {
    pub(super) fn of(product: &'p ProductNode<'p>, args: Args<'p>) -> Self {
        Self { product, choices: args.texts("configurableOptionValueUids") }
    }

    fn fitting(&self) -> Vec<&Variant> {
        let axes = axes(self.product);
        let sold = self.product.sold().map(|(_, variant, _)| variant);
        sold.filter(|variant| fits(variant, &axes, &self.choices)).collect()
    }
}

impl Object for Selection<'_> {
    fn type_name(&self) -> &'static str {
        "ConfigurableProductOptionsSelection"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "variant" => match chosen_variant(self.product, &self.choices) {
                Some(place) => {
                    Value::object(ProductNode { variant: Some(place), ..self.product.clone() })
                }
                None => Value::Null,
            },
            "options_available_for_selection" => {
                let fitting = self.fitting();
                let left = axes(self.product).into_iter().map(|axis| {
                    let options = used(axis, &fitting);
                    Left {
                        axis,
                        uids: options.map(|option| uid::choice(&axis.code, &option.code)).collect(),
                    }
                });
                Value::objects(left.collect::<Vec<_>>())
            }
            "media_gallery" => {
                let place = chosen_variant(self.product, &self.choices);
                let node = ProductNode { variant: place, ..self.product.clone() };
                Value::objects(node.images())
            }
            _ => Value::Nothing,
        })
    }
}

/// The options of one axis that can still be chosen.
struct Left<'p> {
    axis: &'p Attribute,
    uids: Vec<String>,
}

impl Object for Left<'_> {
    fn type_name(&self) -> &'static str {
        "ConfigurableOptionAvailableForSelection"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "attribute_code" => self.axis.code.as_str().into(),
            "option_value_uids" => Value::list(self.uids.iter().map(String::as_str)),
            _ => Value::Nothing,
        })
    }
}
