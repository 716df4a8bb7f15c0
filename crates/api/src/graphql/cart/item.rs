//! The lines of a cart.

use commerce::cart::LineTotals;
use commerce::catalog::Sku;
use shop::cart::{CartViewLine, LineProblem};
use shop::checkout::steps::StepView;

use crate::graphql::catalog::listing::Paging;
use crate::graphql::catalog::price::EcoParticipation;
use crate::graphql::catalog::product::ProductNode;
use crate::graphql::context::Context;
use crate::graphql::uid;
use crate::graphql::value::{Answer, Ask, Object, Value};

#[derive(Clone)]
pub(super) struct ItemNode<'c> {
    context: &'c Context,
    line: &'c CartViewLine,
    /// `None` for a line that is not sold any more.
    totals: Option<&'c LineTotals>,
    /// `None` for one that is not even shown any more.
    product: Option<ProductNode<'c>>,
}

impl<'c> ItemNode<'c> {
    pub(super) fn of(context: &'c Context, step: &'c StepView) -> Vec<Self> {
        let mut priced = step.totals.lines.iter();
        let lines = step.view.lines.iter();
        lines
            .map(|line| Self {
                context,
                line,
                totals: line.offered.as_ref().and_then(|_| priced.next()),
                product: ProductNode::by_sku(context, line.sku.as_str()),
            })
            .collect()
    }

    /// The product as it stands in the catalog: a variant's is the configurable one.
    fn product(&self) -> Value<'c> {
        match &self.product {
            Some(node) => Value::object(ProductNode { variant: None, ..node.clone() }),
            None => Value::object(Gone(&self.line.sku)),
        }
    }

    fn is_variant(&self) -> bool {
        self.product.as_ref().is_some_and(|node| node.variant.is_some())
    }
}

impl Object for ItemNode<'_> {
    fn type_name(&self) -> &'static str {
        if self.is_variant() { "ConfigurableCartItem" } else { "SimpleCartItem" }
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        let number = uid::cart_item(&self.line.sku);
        Ok(match ask.name {
            "id" => number.to_string().into(),
            "uid" => uid::of(number).into(),
            "quantity" => self.line.quantity.into(),
            "product" => self.product(),
            "is_available" => self.line.problem.is_none().into(),
            "not_available_message" => self.line.problem.as_ref().map(message).into(),
            "errors" => match &self.line.problem {
                Some(problem) => Value::objects([ProblemNode(problem)]),
                None => Value::Null,
            },
            "min_qty" => 1.into(),
            "max_qty" => commerce::cart::MAX_QUANTITY.into(),
            "prices" => match (self.totals, &self.line.offered) {
                (Some(totals), Some(offered)) => {
                    Value::object(ItemPrices { totals, eco: offered.eco_participation })
                }
                _ => Value::Null,
            },
            "customizable_options" => Value::List(Vec::new()),
            "configured_variant" => match &self.product {
                Some(node) => Value::object(node.clone()),
                None => Value::object(Gone(&self.line.sku)),
            },
            "configurable_options" => Value::objects(self.chosen()),
            _ => Value::Nothing,
        })
    }
}

impl ItemNode<'_> {
    fn chosen(&self) -> Vec<Chosen> {
        let Some(node) = &self.product else { return Vec::new() };
        let Some(variant) = node.own_variant() else { return Vec::new() };
        let context = self.context;
        let chosen = variant.options.iter().filter_map(|(code, chosen)| {
            let axis = context.catalog.attribute(code)?;
            let option = axis.options.iter().find(|option| option.code == *chosen)?;
            Some(Chosen {
                axis: uid::attribute(code),
                value: uid::option(code, chosen),
                uid: uid::choice(code, chosen),
                axis_label: context.text(&axis.label).to_owned(),
                label: context.text(&option.label).to_owned(),
            })
        });
        chosen.collect()
    }
}

/// What of a configurable product was chosen.
struct Chosen {
    axis: i64,
    value: i64,
    uid: String,
    axis_label: String,
    label: String,
}

impl Object for Chosen {
    fn type_name(&self) -> &'static str {
        "SelectedConfigurableOption"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "id" => self.axis.into(),
            "value_id" => self.value.into(),
            "configurable_product_option_uid" => uid::of(self.axis).into(),
            "configurable_product_option_value_uid" => self.uid.as_str().into(),
            "option_label" => self.axis_label.as_str().into(),
            "value_label" => self.label.as_str().into(),
            _ => Value::Nothing,
        })
    }
}

pub(super) fn message(problem: &LineProblem) -> String {
    match problem {
        LineProblem::NotSold => "Product that you are trying to add is not available.".to_owned(),
        LineProblem::NotEnough { .. } => "The requested qty is not available".to_owned(),
    }
}

struct ProblemNode<'c>(&'c LineProblem);

impl Object for ProblemNode<'_> {
    fn type_name(&self) -> &'static str {
        "CartItemError"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match (ask.name, self.0) {
            ("code", LineProblem::NotEnough { .. }) => "ITEM_QTY".into(),
            ("code", LineProblem::NotSold) => "UNDEFINED".into(),
            ("message", problem) => message(problem).into(),
            _ => Value::Nothing,
        })
    }
}

/// What a line comes to, without its eco-participation, which is told apart.
struct ItemPrices<'c> {
    totals: &'c LineTotals,
    eco: commerce::money::Money,
}

impl Object for ItemPrices<'_> {
    fn type_name(&self) -> &'static str {
        "CartItemPrices"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        let LineTotals { unit, items, discount, .. } = self.totals;
        Ok(match ask.name {
            "price" | "original_item_price" => unit.net.into(),
            "price_including_tax" => unit.gross()?.into(),
            "row_total" | "original_row_total" => items.net.into(),
            "row_total_including_tax" => items.gross()?.into(),
            "total_item_discount" => discount.gross()?.into(),
            "discounts" => Value::Null,
            "fixed_product_taxes" if self.eco.is_zero() => Value::List(Vec::new()),
            "fixed_product_taxes" => Value::objects([EcoParticipation(self.eco)]),
            _ => Value::Nothing,
        })
    }
}

/// A product that is not shown any more.
struct Gone<'c>(&'c Sku);

impl Object for Gone<'_> {
    fn type_name(&self) -> &'static str {
        "SimpleProduct"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "sku" | "name" => self.0.as_str().into(),
            "uid" => uid::of(self.0).into(),
            "stock_status" => "OUT_OF_STOCK".into(),
            _ => Value::Nothing,
        })
    }
}

/// A page of lines.
pub(super) struct ItemsPage<'c> {
    pub(super) items: Vec<ItemNode<'c>>,
    pub(super) paging: Paging,
}

impl Object for ItemsPage<'_> {
    fn type_name(&self) -> &'static str {
        "CartItems"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        let total = u32::try_from(self.items.len()).unwrap_or(u32::MAX);
        Ok(match ask.name {
            "items" => {
                let size = usize::try_from(self.paging.size).unwrap_or(usize::MAX);
                let skipped = usize::try_from(self.paging.page - 1).unwrap_or(usize::MAX);
                let items = self.items.iter().skip(skipped.saturating_mul(size)).take(size);
                Value::objects(items.cloned())
            }
            "total_count" => total.into(),
            "page_info" => Value::object(self.paging.info(total)),
            _ => Value::Nothing,
        })
    }
}
