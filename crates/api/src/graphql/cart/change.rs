//! Carts begun, filled, emptied, joined.

use commerce::cart::{MAX_LINES, RefuseLine};
use commerce::catalog::Sku;
use shop::cart::ChangeCartError;
use shop::checkout::steps::{self, Opened, Quantity, StepView};

use super::{CartNode, unopened};
use crate::graphql::catalog::configurable::chosen_variant;
use crate::graphql::catalog::product::ProductNode;
use crate::graphql::context::Context;
use crate::graphql::uid;
use crate::graphql::value::{Answer, Args, Ask, Category, Object, Refusal, Value};

/// A mask that a client thought of itself.
fn own_mask(text: Option<&str>) -> Result<Option<&str>, Refusal> {
    let Some(text) = text else { return Ok(None) };
    let is_plain = text.bytes().all(|b| b.is_ascii_alphanumeric());
    if text.len() != 32 || !is_plain {
        return Err(Refusal::input("Cart ID length should be 32 characters."));
    }
    Ok(Some(text))
}

async fn begin(context: &Context, mask: Option<&str>) -> Result<String, Refusal> {
    let customer = context.customer_id().await?;
    if let Some(mask) = mask
        && steps::is_taken(&context.shop, mask).await?
    {
        return Err(Refusal::input(format!("Cart with ID \"{mask}\" already exists.")));
    }
    let begun = steps::begin(&context.shop, customer, context.locale, mask).await?;
    Ok(begun.mask)
}

pub(in crate::graphql) async fn create_empty<'a>(
    context: &'a Context,
    args: Args<'a>,
) -> Answer<'a> {
    let mask = own_mask(args.object("input").and_then(|input| input.text("cart_id")))?;
    Ok(begin(context, mask).await?.into())
}

pub(in crate::graphql) async fn create_guest<'a>(
    context: &'a Context,
    args: Args<'a>,
) -> Answer<'a> {
    if context.customer_id().await?.is_some() {
        return Err(Refusal::input("Use `Query.customerCart` for logged in customer."));
    }
    let mask = own_mask(args.object("input").and_then(|input| input.text("cart_uid")))?;
    let mask = begin(context, mask).await?;
    let cart = CartNode::open(context, &mask).await?;
    Ok(Value::object(Changed::new("CreateGuestCartOutput", cart)))
}

/// The answer to most changes: the cart as it is now.
pub(super) struct Changed<'c> {
    type_name: &'static str,
    context: &'c Context,
    cart: CartNode<'c>,
    errors: Vec<Problem>,
}

impl<'c> Changed<'c> {
    pub(super) fn new(type_name: &'static str, cart: CartNode<'c>) -> Self {
        Self { type_name, context: cart.context, cart, errors: Vec::new() }
    }
}

impl Object for Changed<'_> {
    fn type_name(&self) -> &'static str {
        self.type_name
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "cart" => {
                Value::object(CartNode { context: self.context, step: self.cart.step.clone() })
            }
            "user_errors" | "errors" => Value::objects(self.errors.iter().cloned()),
            _ => Value::Nothing,
        })
    }
}

/// Why a line was not changed, while others may have been.
#[derive(Clone)]
struct Problem {
    code: &'static str,
    message: String,
    /// How many there are, when that is the problem.
    available: Option<u32>,
}

impl Problem {
    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), available: None }
    }
}

impl Object for Problem {
    fn type_name(&self) -> &'static str {
        "CartUserInputError"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "code" => self.code.into(),
            "message" => self.message.as_str().into(),
            "quantity" => self.available.into(),
            _ => Value::Nothing,
        })
    }
}

/// A failure of one line, or of all.
enum Failure {
    Line(Problem),
    All(Refusal),
}

impl From<ChangeCartError> for Failure {
    fn from(error: ChangeCartError) -> Self {
        Self::Line(match error {
            ChangeCartError::NotSold => {
                Problem::new("NOT_SALABLE", "Product that you are trying to add is not available.")
            }
            ChangeCartError::NotEnough { available, .. } => Problem {
                available: Some(available),
                ..Problem::new("INSUFFICIENT_STOCK", "The requested qty is not available")
            },
            ChangeCartError::Refused(RefuseLine::TooMany) => {
                Problem::new("UNDEFINED", "The requested qty exceeds the maximum qty allowed")
            }
            ChangeCartError::Refused(RefuseLine::TooManyLines) => {
                Problem::new("UNDEFINED", "The cart has too many items")
            }
            ChangeCartError::Busy => {
                return Self::All(Refusal {
                    category: Category::Unavailable,
                    message: "The cart was changed at the same time. Try again.".to_owned(),
                });
            }
            ChangeCartError::Db(error) => return Self::All(error.into()),
        })
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Line(problem)
    }
}

/// Opens a cart to be changed.
pub(super) async fn open(context: &Context, mask: &str) -> Result<Opened, Refusal> {
    if mask.is_empty() {
        return Err(Refusal::input("Required parameter \"cart_id\" is missing"));
    }
    let who = context.customer_id().await?;
    let opened = steps::open(&context.shop, mask, who).await;
    opened.map_err(|error| unopened(error, mask))
}

/// The lines of a request; no cart of ours has more than so many.
fn lines<'a>(args: Args<'a>, name: &str) -> Result<Vec<Args<'a>>, Refusal> {
    let lines = args.objects(name);
    if lines.len() > MAX_LINES {
        return Err(Refusal::input(format!("A request may have {MAX_LINES} items.")));
    }
    Ok(lines)
}

/// The SKU that is meant: a configurable product needs its options chosen.
fn meant(context: &Context, text: &str, choices: &[&str]) -> Result<Sku, Problem> {
    let not_found = || {
        let message = format!("Could not find a product with SKU \"{text}\"");
        Problem::new("PRODUCT_NOT_FOUND", message)
    };
    let node = ProductNode::by_sku(context, text).ok_or_else(not_found)?;
    if node.is_parent() {
        let place = chosen_variant(&node, choices);
        let variant = place.and_then(|place| node.offer.product.variants.get(place));
        return variant.map(|variant| variant.sku.clone()).ok_or_else(|| {
            let message = "You need to choose options for your item.";
            Problem::new("REQUIRED_PARAMETER_MISSING", message)
        });
    }
    node.own_variant().map(|variant| variant.sku.clone()).ok_or_else(not_found)
}

fn quantity(item: Args<'_>) -> Result<u32, Problem> {
    let wanted = item.quantity("quantity").and_then(|wanted| u32::try_from(wanted).ok());
    wanted.filter(|&wanted| wanted > 0).ok_or_else(|| {
        let message = "The product quantity should be greater than 0";
        Problem::new("INVALID_PARAMETER_VALUE", message)
    })
}

/// Changes lines of an open cart; see [`steps::change_lines`].
async fn change(
    context: &Context,
    mask: &str,
    lines: &[(Sku, Quantity)],
) -> Result<(StepView, Vec<Result<(), ChangeCartError>>), Refusal> {
    if mask.is_empty() {
        return Err(Refusal::input("Required parameter \"cart_id\" is missing"));
    }
    let who = context.customer_id().await?;
    let changed = steps::change_lines(&context.shop, mask, who, context.locale, lines).await;
    changed.map_err(|error| unopened(error, mask))
}

/// Adds what was refused to the problems; a failure that is no line's fails all.
fn collect(
    outcomes: Vec<Result<(), ChangeCartError>>,
    errors: &mut Vec<Problem>,
) -> Result<(), Refusal> {
    for outcome in outcomes {
        match outcome.map_err(Failure::from) {
            Ok(()) => {}
            Err(Failure::Line(problem)) => errors.push(problem),
            Err(Failure::All(refusal)) => return Err(refusal),
        }
    }
    Ok(())
}

pub(in crate::graphql) async fn add_products<'a>(
    context: &'a Context,
    args: Args<'a>,
) -> Answer<'a> {
    let mask = args.text("cartId").unwrap_or_default();
    let (mut wanted, mut errors) = (Vec::new(), Vec::new());
    for item in lines(args, "cartItems")? {
        let sku = item.text("sku").unwrap_or_default();
        let choices = item.texts("selected_options");
        match (meant(context, sku, &choices), quantity(item)) {
            (Ok(sku), Ok(quantity)) => wanted.push((sku, Quantity::More(quantity))),
            (Err(problem), _) | (_, Err(problem)) => errors.push(problem),
        }
    }
    let (step, outcomes) = change(context, mask, &wanted).await?;
    collect(outcomes, &mut errors)?;
    let cart = CartNode { context, step };
    Ok(Value::object(Changed { errors, ..Changed::new("AddProductsToCartOutput", cart) }))
}

/// The calls that came before `addProductsToCart` fail as a whole.
fn refused(sku: &str, failure: Failure) -> Refusal {
    match failure {
        Failure::All(refusal) => refusal,
        Failure::Line(problem) if problem.code == "PRODUCT_NOT_FOUND" => {
            Refusal::missing(problem.message)
        }
        Failure::Line(problem) => Refusal::input(format!(
            "Could not add the product with SKU {sku} to the shopping cart: {}",
            problem.message
        )),
    }
}

pub(in crate::graphql) async fn add_simple<'a>(
    context: &'a Context,
    input: Args<'a>,
    type_name: &'static str,
) -> Answer<'a> {
    let mask = input.text("cart_id").unwrap_or_default();
    for item in lines(input, "cart_items")? {
        let data = item.object("data").unwrap_or(item);
        let text = data.text("sku").unwrap_or_default();
        add_one(context, mask, text, data).await?;
    }
    let cart = CartNode::open(context, mask).await?;
    Ok(Value::object(Changed::new(type_name, cart)))
}

pub(in crate::graphql) async fn add_configurable<'a>(
    context: &'a Context,
    input: Args<'a>,
) -> Answer<'a> {
    let mask = input.text("cart_id").unwrap_or_default();
    for item in lines(input, "cart_items")? {
        let data = item.object("data").unwrap_or(item);
        let text = data.text("sku").or(item.text("variant_sku")).unwrap_or_default();
        add_one(context, mask, text, data).await?;
    }
    let cart = CartNode::open(context, mask).await?;
    Ok(Value::object(Changed::new("AddConfigurableProductsToCartOutput", cart)))
}

async fn add_one(context: &Context, mask: &str, text: &str, data: Args<'_>) -> Result<(), Refusal> {
    match (meant(context, text, &data.texts("selected_options")), quantity(data)) {
        (Ok(sku), Ok(quantity)) => {
            change_one(context, mask, sku, Quantity::More(quantity), text).await.map(drop)
        }
        (Err(problem), _) | (_, Err(problem)) => Err(refused(text, Failure::Line(problem))),
    }
}

async fn change_one(
    context: &Context,
    mask: &str,
    sku: Sku,
    quantity: Quantity,
    named: &str,
) -> Result<StepView, Refusal> {
    let (step, outcomes) = change(context, mask, &[(sku, quantity)]).await?;
    for outcome in outcomes {
        outcome.map_err(|error| refused(named, error.into()))?;
    }
    Ok(step)
}

/// The line that a `uid` or its integer twin names.
fn line(opened: &Opened, item: Args<'_>) -> Result<(Option<Sku>, String), Refusal> {
    let given = match (item.text("cart_item_uid"), item.int("cart_item_id")) {
        (Some(uid), _) => uid.to_owned(),
        (None, Some(number)) => number.to_string(),
        (None, None) => {
            return Err(Refusal::input("Required parameter \"cart_item_id\" is missing."));
        }
    };
    let number = uid::number(&given);
    let lines = opened.cart.lines.iter().map(|line| &line.sku);
    let sku = lines.clone().find(|sku| Some(uid::cart_item(sku)) == number);
    Ok((sku.cloned(), number.map_or(given, |number| number.to_string())))
}

pub(in crate::graphql) async fn update<'a>(context: &'a Context, input: Args<'a>) -> Answer<'a> {
    let mask = input.text("cart_id").unwrap_or_default();
    let opened = open(context, mask).await?;
    let (mut wanted, mut errors) = (Vec::new(), Vec::new());
    for item in lines(input, "cart_items")? {
        let (sku, given) = line(&opened, item)?;
        let Some(sku) = sku else {
            let message = format!("Could not find cart item with id: {given}.");
            errors.push(Problem::new("COULD_NOT_FIND_CART_ITEM", message));
            continue;
        };
        let quantity = item.quantity("quantity").ok_or_else(|| {
            Refusal::input("Required parameter \"quantity\" for \"cart_items\" is missing.")
        })?;
        let quantity = u32::try_from(quantity.max(0)).unwrap_or(u32::MAX);
        wanted.push((sku, Quantity::Exactly(quantity)));
    }
    let (step, outcomes) = change(context, mask, &wanted).await?;
    collect(outcomes, &mut errors)?;
    let cart = CartNode { context, step };
    Ok(Value::object(Changed { errors, ..Changed::new("UpdateCartItemsOutput", cart) }))
}

pub(in crate::graphql) async fn remove<'a>(context: &'a Context, input: Args<'a>) -> Answer<'a> {
    let mask = input.text("cart_id").unwrap_or_default();
    let opened = open(context, mask).await?;
    let (sku, _) = line(&opened, input)?;
    let sku = sku.ok_or_else(|| Refusal::missing("The cart doesn't contain the item"))?;
    let named = sku.as_str().to_owned();
    let step = change_one(context, mask, sku, Quantity::Exactly(0), &named).await?;
    let cart = CartNode { context, step };
    Ok(Value::object(Changed::new("RemoveItemFromCartOutput", cart)))
}

/// Answers `removeCouponFromCart`: no cart has one.
pub(in crate::graphql) async fn without_coupon<'a>(
    context: &'a Context,
    input: Args<'a>,
) -> Answer<'a> {
    let mask = input.text("cart_id").unwrap_or_default();
    if mask.is_empty() {
        return Err(Refusal::input("Required parameter \"cart_id\" is missing"));
    }
    let cart = CartNode::open(context, mask).await?;
    Ok(Value::object(Changed::new("RemoveCouponFromCartOutput", cart)))
}

pub(in crate::graphql) async fn merge<'a>(context: &'a Context, args: Args<'a>) -> Answer<'a> {
    let customer = context.logged_in().await?.id;
    let source = args.text("source_cart_id").unwrap_or_default();
    let own = steps::begin(&context.shop, Some(customer), context.locale, None).await?.mask;
    let target = args.text("destination_cart_id").unwrap_or(&own);
    if source.is_empty() || source == target {
        return Err(Refusal::input("Required parameter \"source_cart_id\" is missing"));
    }
    steps::merge(&context.shop, customer, source, target)
        .await
        .map_err(|error| unopened(error, source))?;
    Ok(Value::object(CartNode::open(context, target).await?))
}

pub(in crate::graphql) async fn assign<'a>(context: &'a Context, args: Args<'a>) -> Answer<'a> {
    let customer = context.logged_in().await?.id;
    let mask = args.text("cart_id").unwrap_or_default();
    let opened = open(context, mask).await?;
    shop::cart::adopt(&context.shop, customer, Some(opened.cart.id)).await?;
    Ok(Value::object(CartNode::open(context, mask).await?))
}
