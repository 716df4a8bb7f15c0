//! Orders canceled and placed again by whoever placed them.

use commerce::order::{Order, OrderNumber, RefuseChange};
use shop::cart::ChangeCartError;
use shop::checkout::steps::{self, Quantity};
use shop::order::{ChangeOrderError, ConfirmCancelError};

use super::OrderNode;
use crate::graphql::cart::{CartNode, unopened};
use crate::graphql::context::Context;
use crate::graphql::uid;
use crate::graphql::value::{Answer, Args, Ask, Object, Refusal, Value};

/// The longest reason that is kept, in characters.
const MAX_REASON: usize = 500;

/// Answers `cancelOrder`. A customer may until the order is paid or sent.
pub(in crate::graphql) async fn cancel<'a>(context: &'a Context, input: Args<'a>) -> Answer<'a> {
    let customer = context.logged_in().await?.id;
    let unknown = || Refused::new("ORDER_NOT_FOUND", "Order not found.");
    let (id, reason) = (input.text("order_id").unwrap_or_default(), reason(input)?);
    let number = OrderNumber::parse(&uid::open(id).unwrap_or_else(|| id.to_owned()));
    let found = match number {
        Some(number) => shop::order::of_customer(&context.shop, customer, &number).await?,
        None => None,
    };
    let Some(order) = found else {
        return Ok(Value::object(Canceled { context, order: None, refused: Some(unknown()) }));
    };
    let canceled = shop::order::cancel_unpaid(&context.shop, order.id, customer, reason).await;
    let refused = canceled.err().map(refused).transpose()?;
    let order = shop::order::view(&context.shop, order.id).await?;
    Ok(Value::object(Canceled { context, order, refused }))
}

fn reason(input: Args<'_>) -> Result<&str, Refusal> {
    let reason = input.text("reason").unwrap_or_default().trim();
    if reason.is_empty() || reason.chars().count() > MAX_REASON {
        return Err(Refusal::input("Specify the \"reason\" value."));
    }
    Ok(reason)
}

/// What the answer says of an order that is not canceled.
fn refused(error: ChangeOrderError) -> Result<Refused, Refusal> {
    Ok(match error {
        ChangeOrderError::Refused(RefuseChange::AlreadyShipped) => Refused::new(
            "PARTIAL_ORDER_ITEM_SHIPPED",
            "Order with one or more items shipped cannot be cancelled",
        ),
        ChangeOrderError::Refused(_) => Refused::new(
            "INVALID_ORDER_STATUS",
            "Order already closed, complete, cancelled or on hold",
        ),
        ChangeOrderError::NotFound => Refused::new("ORDER_NOT_FOUND", "Order not found."),
        ChangeOrderError::Busy => return Err(Refusal::internal(&error)),
        ChangeOrderError::Db(error) => return Err(error.into()),
    })
}

/// Answers `requestGuestOrderCancel`: asks whoever reads the buyer's mail.
pub(in crate::graphql) async fn ask<'a>(context: &'a Context, input: Args<'a>) -> Answer<'a> {
    let reason = reason(input)?;
    if !context.guard.allow(context.address) {
        return Err(Refusal::too_many());
    }
    let order = super::opened(context, input).await?;
    if order.customer.is_some() {
        return Err(Refusal::forbidden("Please login to view the order."));
    }
    let (order, refused) = match shop::order::ask_to_cancel(&context.shop, order.id, reason).await {
        Ok(order) => (order, None),
        Err(error) => (order, Some(refused(error)?)),
    };
    Ok(Value::object(Canceled { context, order: Some(order), refused }))
}

/// Answers `confirmCancelOrder`: ends the order of a guest who has the key of the mail.
pub(in crate::graphql) async fn confirm<'a>(context: &'a Context, input: Args<'a>) -> Answer<'a> {
    let unconfirmed = || Refusal::input("The order cancellation could not be confirmed.");
    let text = |name: &str| input.text(name).unwrap_or_default();
    let (id, key) = (text("order_id"), text("confirmation_key"));
    let (order, _) = shop::order::open_cancel_key(&context.shop, key).ok_or_else(unconfirmed)?;
    let order = shop::order::view(&context.shop, order).await?.ok_or_else(unconfirmed)?;
    let number = uid::open(id).unwrap_or_else(|| id.to_owned());
    if order.number.as_str() != number {
        return Err(unconfirmed());
    }
    let refused = match shop::order::confirm_cancel(&context.shop, order.id, key).await {
        Ok(()) => None,
        Err(ConfirmCancelError::BadKey) => return Err(unconfirmed()),
        Err(ConfirmCancelError::Order(error)) => Some(refused(error)?),
    };
    let order = shop::order::view(&context.shop, order.id).await?;
    Ok(Value::object(Canceled { context, order, refused }))
}

struct Canceled<'c> {
    context: &'c Context,
    order: Option<Order>,
    refused: Option<Refused>,
}

impl Object for Canceled<'_> {
    fn type_name(&self) -> &'static str {
        "CancelOrderOutput"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        let context = self.context;
        Ok(match (ask.name, &self.refused, &self.order) {
            ("error", Some(refused), _) => refused.message.as_str().into(),
            ("errorV2", Some(refused), _) => Value::object(refused.clone()),
            ("order", _, Some(order)) => Value::object(OrderNode { context, order: order.clone() }),
            _ => Value::Null,
        })
    }
}

#[derive(Clone)]
struct Refused {
    code: &'static str,
    message: String,
}

impl Refused {
    fn new(code: &'static str, message: &str) -> Self {
        Self { code, message: message.to_owned() }
    }
}

impl Object for Refused {
    fn type_name(&self) -> &'static str {
        "CancelOrderError"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "code" => self.code.into(),
            "message" => self.message.as_str().into(),
            _ => Value::Nothing,
        })
    }
}

/// Answers `reorderItems`: puts what was ordered into the customer's cart, as far as it is sold.
pub(in crate::graphql) async fn again<'a>(context: &'a Context, args: Args<'a>) -> Answer<'a> {
    let customer = context.logged_in().await?.id;
    let number = args.text("orderNumber").unwrap_or_default();
    let missing = || {
        Refusal::input(format!("Cannot find order number \"{number}\" for the current customer."))
    };
    let parsed = OrderNumber::parse(number).ok_or_else(missing)?;
    let order = shop::order::of_customer(&context.shop, customer, &parsed).await?;
    let order = order.ok_or_else(missing)?;
    let lines: Vec<_> =
        order.lines.iter().map(|line| (line.sku.clone(), Quantity::More(line.quantity))).collect();
    let begun = steps::begin(&context.shop, Some(customer), context.locale, None).await?;
    let (mask, who) = (begun.mask, Some(customer));
    let changed = steps::change_lines(&context.shop, &mask, who, context.locale, &lines).await;
    let (step, outcomes) = changed.map_err(|error| unopened(error, &mask))?;
    let mut problems = Vec::new();
    for (line, outcome) in order.lines.iter().zip(outcomes) {
        let sku = line.sku.as_str();
        let (code, why) = match outcome {
            Ok(()) => continue,
            Err(ChangeCartError::NotSold) => ("PRODUCT_NOT_FOUND", "it is not sold any more"),
            Err(ChangeCartError::NotEnough { .. }) => {
                ("INSUFFICIENT_STOCK", "The requested qty is not available")
            }
            Err(ChangeCartError::Refused(_)) => {
                ("UNDEFINED", "The requested qty exceeds the maximum qty allowed")
            }
            Err(error @ ChangeCartError::Busy) => return Err(Refusal::internal(&error)),
            Err(ChangeCartError::Db(error)) => return Err(error.into()),
        };
        let message =
            format!("Could not add the product with SKU \"{sku}\" to the shopping cart: {why}");
        problems.push(Left { code, message });
    }
    Ok(Value::object(Again { cart: CartNode { context, step }, problems }))
}

struct Again<'c> {
    cart: CartNode<'c>,
    problems: Vec<Left>,
}

impl Object for Again<'_> {
    fn type_name(&self) -> &'static str {
        "ReorderItemsOutput"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        let CartNode { context, step } = &self.cart;
        Ok(match ask.name {
            "cart" => Value::object(CartNode { context, step: step.clone() }),
            "userInputErrors" => Value::objects(self.problems.iter().cloned()),
            _ => Value::Nothing,
        })
    }
}

/// What was left out of the cart.
#[derive(Clone)]
struct Left {
    code: &'static str,
    message: String,
}

impl Object for Left {
    fn type_name(&self) -> &'static str {
        "CheckoutUserInputError"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "code" => self.code.into(),
            "message" => self.message.as_str().into(),
            "path" => Value::list(["orderNumber"]),
            _ => Value::Nothing,
        })
    }
}
