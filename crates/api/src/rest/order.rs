//! Orders. Their numbers are small integers; people call them by `increment_id`.

pub(super) mod lookup;

use std::collections::HashMap;

use commerce::customer::Address;
use commerce::money::Money;
use commerce::order::{AdjustmentSource, Order, OrderId, OrderLine, OrderStatus};
use commerce::payment::{PaymentKind, PaymentState};
use schemars::JsonSchema;
use search::Snapshot;
use serde::{Deserialize, Serialize};
use shop::order::{ChangeOrderError, Entity, Found, Test};

use super::address::AddressOut;
use super::call::{Call, moment};
use super::criteria::{Criteria, Page};
use super::lenient::Number;
use super::problem::Problem;
use super::product::kilograms;
use crate::graphql::uid;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Order")]
pub(super) struct OrderOut {
    entity_id: i64,
    increment_id: String,
    state: String,
    status: String,
    created_at: String,
    updated_at: String,
    store_id: i64,
    store_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_id: Option<i64>,
    customer_email: String,
    customer_firstname: String,
    customer_lastname: String,
    customer_is_guest: i64,
    customer_group_id: i64,
    global_currency_code: String,
    base_currency_code: String,
    order_currency_code: String,
    grand_total: Number,
    base_grand_total: Number,
    subtotal: Number,
    base_subtotal: Number,
    subtotal_incl_tax: Number,
    base_subtotal_incl_tax: Number,
    tax_amount: Number,
    base_tax_amount: Number,
    discount_amount: Number,
    base_discount_amount: Number,
    shipping_amount: Number,
    base_shipping_amount: Number,
    shipping_incl_tax: Number,
    base_shipping_incl_tax: Number,
    shipping_tax_amount: Number,
    shipping_description: String,
    total_qty_ordered: u32,
    total_item_count: u32,
    total_paid: Number,
    base_total_paid: Number,
    total_due: Number,
    base_total_due: Number,
    weight: Number,
    is_virtual: i64,
    items: Vec<ItemOut>,
    billing_address: OrderAddress,
    payment: Payment,
    status_histories: Vec<History>,
    extension_attributes: Extension,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OrderItem")]
pub(super) struct ItemOut {
    item_id: i64,
    order_id: i64,
    store_id: i64,
    sku: String,
    name: String,
    product_id: i64,
    product_type: String,
    created_at: String,
    qty_ordered: u32,
    qty_shipped: u32,
    qty_invoiced: u32,
    qty_canceled: u32,
    qty_refunded: u32,
    price: Number,
    base_price: Number,
    original_price: Number,
    price_incl_tax: Number,
    row_total: Number,
    base_row_total: Number,
    row_total_incl_tax: Number,
    tax_amount: Number,
    tax_percent: Number,
    discount_amount: Number,
    weee_tax_applied_row_amount: Number,
    weight: Number,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct OrderAddress {
    address_type: String,
    #[serde(flatten)]
    address: AddressOut,
    email: String,
    entity_id: i64,
    parent_id: i64,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OrderPayment")]
struct Payment {
    method: String,
    additional_information: Vec<String>,
    amount_ordered: Number,
    base_amount_ordered: Number,
    amount_paid: Number,
    shipping_amount: Number,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OrderHistory")]
pub(super) struct History {
    entity_id: i64,
    parent_id: i64,
    entity_name: String,
    /// What happened.
    status: String,
    comment: Option<String>,
    created_at: String,
    is_customer_notified: i64,
    is_visible_on_front: i64,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OrderExtension")]
struct Extension {
    shipping_assignments: Vec<Assignment>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ShippingAssignment")]
struct Assignment {
    shipping: Shipping,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OrderShipping")]
struct Shipping {
    address: OrderAddress,
    method: String,
    total: ShippingTotal,
}

#[derive(Serialize, JsonSchema)]
struct ShippingTotal {
    shipping_amount: Number,
    shipping_incl_tax: Number,
    shipping_tax_amount: Number,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "OrderCommentBody")]
pub(super) struct CommentBody {
    #[serde(rename = "statusHistory", alias = "status_history")]
    status_history: CommentIn,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "OrderCommentInput")]
struct CommentIn {
    comment: String,
}

/// The words of Magento's status and state.
fn words(status: OrderStatus) -> (&'static str, &'static str) {
    match status {
        OrderStatus::Pending => ("pending", "new"),
        OrderStatus::Processing => ("processing", "processing"),
        OrderStatus::Complete => ("complete", "complete"),
        OrderStatus::Held => ("holded", "holded"),
        OrderStatus::Canceled => ("canceled", "canceled"),
    }
}

/// The number of a part of an order: of a line, a parcel, an event.
pub(super) fn part(entity: i64, place: usize) -> i64 {
    entity * 1_000 + i64::try_from(place).unwrap_or_default() + 1
}

/// The order and the place that such a number names.
pub(super) fn of_part(number: i64) -> Option<(i64, usize)> {
    let place = number.checked_rem(1_000)?.checked_sub(1)?;
    Some((number / 1_000, usize::try_from(place).ok()?))
}

fn address(order: &Order, entity: i64, of: &Address, kind: &str) -> OrderAddress {
    OrderAddress {
        address_type: kind.to_owned(),
        address: AddressOut::from(of),
        email: order.email.as_str().to_owned(),
        entity_id: part(entity, usize::from(kind == "billing")),
        parent_id: entity,
    }
}

pub(super) fn payment_code(kind: PaymentKind) -> &'static str {
    match kind {
        PaymentKind::BankTransfer => "banktransfer",
        PaymentKind::Cheque => "checkmo",
        PaymentKind::CashOnDelivery => "cashondelivery",
    }
}

fn item_out(
    catalog: &Snapshot,
    entity: i64,
    order: &Order,
    line: &OrderLine,
) -> Result<ItemOut, Problem> {
    let of_line = |source| {
        let changes = order.adjustments.iter();
        let own = changes.filter(|it| it.line == Some(line.position) && it.source == source);
        commerce::price::Price::sum(order.currency, own.map(|change| change.amount))
    };
    let is_paid = order.payment != PaymentState::Due;
    let is_canceled = order.status() == OrderStatus::Canceled;
    let known = catalog.product_by_sku(&line.sku);
    let place = usize::try_from(line.position).unwrap_or_default();
    Ok(ItemOut {
        item_id: part(entity, place),
        order_id: entity,
        store_id: 1,
        sku: line.sku.to_string(),
        name: line.name.clone(),
        product_id: known.map_or(0, |(offer, variant)| uid::product(&offer.product, Some(variant))),
        product_type: "simple".to_owned(),
        created_at: moment(order.placed_at),
        qty_ordered: line.quantity,
        qty_shipped: line.n_shipped,
        qty_invoiced: if is_paid { line.quantity } else { 0 },
        qty_canceled: if is_canceled { line.quantity } else { 0 },
        qty_refunded: 0,
        price: line.unit.net.into(),
        base_price: line.unit.net.into(),
        original_price: line.unit.gross()?.into(),
        price_incl_tax: line.unit.gross()?.into(),
        row_total: line.amount.net.into(),
        base_row_total: line.amount.net.into(),
        row_total_incl_tax: line.amount.gross()?.into(),
        tax_amount: line.amount.tax.into(),
        tax_percent: Number::of(uid::percent(line.rate)),
        discount_amount: positive(of_line(AdjustmentSource::Promotion)?.gross()?),
        weee_tax_applied_row_amount: of_line(AdjustmentSource::EcoParticipation)?.gross()?.into(),
        weight: kilograms(line.weight_grams),
    })
}

/// A discount, which Magento writes on a line without its sign.
fn positive(amount: Money) -> Number {
    Money::new(amount.minor().saturating_abs(), amount.currency()).into()
}

fn history(entity: i64, place: usize, event: &shop::order::OrderEvent) -> History {
    History {
        entity_id: part(entity, place),
        parent_id: entity,
        entity_name: "order".to_owned(),
        status: event.kind.clone(),
        comment: Some(event.note.clone()).filter(|note| !note.is_empty()),
        created_at: moment(event.happened_at),
        is_customer_notified: 0,
        is_visible_on_front: 0,
    }
}

fn histories(one: &Entity) -> Vec<History> {
    let events = one.events.iter().enumerate().rev();
    events.map(|(place, event)| history(one.entity, place, event)).collect()
}

fn shown(
    call: &Call,
    catalog: &Snapshot,
    one: &Entity,
    customer: Option<i64>,
) -> Result<OrderOut, Problem> {
    let Entity { entity, order, events } = one;
    let (entity, total) = (*entity, order.total.gross()?);
    let (status, state) = words(order.status());
    let shipping = order.adjusted(AdjustmentSource::Shipping)?;
    let discount = order.adjusted(AdjustmentSource::Promotion)?.gross()?;
    let items = order.items()?;
    let zero = Money::zero(order.currency);
    let (paid, due) = match order.payment {
        PaymentState::Due => (zero, total),
        PaymentState::Paid { .. } => (total, zero),
    };
    let currency = order.currency.as_str().to_owned();
    let grams: u64 = order
        .lines
        .iter()
        .map(|line| u64::from(line.weight_grams) * u64::from(line.quantity))
        .sum();
    let lines = order.lines.iter().map(|line| item_out(catalog, entity, order, line));
    Ok(OrderOut {
        entity_id: entity,
        increment_id: order.number.as_str().to_owned(),
        state: state.to_owned(),
        status: status.to_owned(),
        created_at: moment(order.placed_at),
        updated_at: moment(events.last().map_or(order.placed_at, |event| event.happened_at)),
        store_id: 1,
        store_name: call.settings.channel.name.clone(),
        customer_id: customer,
        customer_email: order.email.as_str().to_owned(),
        customer_firstname: order.billing.first_name.clone(),
        customer_lastname: order.billing.last_name.clone(),
        customer_is_guest: i64::from(order.customer.is_none()),
        customer_group_id: i64::from(order.customer.is_some()),
        global_currency_code: currency.clone(),
        base_currency_code: currency.clone(),
        order_currency_code: currency,
        grand_total: total.into(),
        base_grand_total: total.into(),
        subtotal: items.net.into(),
        base_subtotal: items.net.into(),
        subtotal_incl_tax: items.gross()?.into(),
        base_subtotal_incl_tax: items.gross()?.into(),
        tax_amount: order.total.tax.into(),
        base_tax_amount: order.total.tax.into(),
        discount_amount: discount.into(),
        base_discount_amount: discount.into(),
        shipping_amount: shipping.net.into(),
        base_shipping_amount: shipping.net.into(),
        shipping_incl_tax: shipping.gross()?.into(),
        base_shipping_incl_tax: shipping.gross()?.into(),
        shipping_tax_amount: shipping.tax.into(),
        shipping_description: order.shipping_name.clone(),
        total_qty_ordered: order.lines.iter().map(|line| line.quantity).sum(),
        total_item_count: u32::try_from(order.lines.len()).unwrap_or(u32::MAX),
        total_paid: paid.into(),
        base_total_paid: paid.into(),
        total_due: due.into(),
        base_total_due: due.into(),
        weight: kilograms(u32::try_from(grams).unwrap_or(u32::MAX)),
        is_virtual: 0,
        items: lines.collect::<Result<_, _>>()?,
        billing_address: address(order, entity, &order.billing, "billing"),
        payment: Payment {
            method: payment_code(order.payment_kind).to_owned(),
            additional_information: vec![order.payment_name.clone()],
            amount_ordered: total.into(),
            base_amount_ordered: total.into(),
            amount_paid: paid.into(),
            shipping_amount: shipping.net.into(),
        },
        status_histories: histories(one),
        extension_attributes: Extension {
            shipping_assignments: vec![Assignment {
                shipping: Shipping {
                    address: address(order, entity, &order.delivery, "shipping"),
                    method: format!("{0}_{0}", order.shipping_method.as_str()),
                    total: ShippingTotal {
                        shipping_amount: shipping.net.into(),
                        shipping_incl_tax: shipping.gross()?.into(),
                        shipping_tax_amount: shipping.tax.into(),
                    },
                },
            }],
        },
    })
}

pub(super) async fn list(call: Call) -> Result<Page<OrderOut>, Problem> {
    let criteria = call.criteria()?;
    let (listed, total) = select(&call, &criteria, None).await?;
    let found = entities(&call, &ids(&listed)).await?;
    let catalog = call.shop.catalog();
    let items = found.iter().zip(&listed);
    let items = items.map(|(one, listed)| shown(&call, &catalog, one, listed.customer));
    Ok(criteria.page(items.collect::<Result<_, _>>()?, total))
}

/// The page of orders that is wanted, of those of which something more is true.
pub(super) async fn select(
    call: &Call,
    criteria: &Criteria,
    also: Option<Test>,
) -> Result<(Vec<Found>, u32), Problem> {
    let mut wanted = lookup::read(criteria, call.settings.channel.currency.decimals())?;
    wanted.tests.extend(also);
    let (limit, offset) = (criteria.limit(), criteria.offset());
    Ok(shop::order::search(&call.shop, &wanted, limit, offset).await?)
}

pub(super) fn ids(found: &[Found]) -> Vec<OrderId> {
    found.iter().map(|one| one.id).collect()
}

/// The whole of some orders, in the same order.
pub(super) async fn entities(call: &Call, ids: &[OrderId]) -> Result<Vec<Entity>, Problem> {
    let mut found = shop::order::find_entities(&call.shop, ids).await?;
    let places: HashMap<OrderId, usize> = ids.iter().enumerate().map(|(n, id)| (*id, n)).collect();
    found.sort_by_key(|one| places.get(&one.order.id).copied());
    Ok(found)
}

/// The order that the path names.
pub(super) async fn find(call: &Call, name: &str) -> Result<Entity, Problem> {
    let entity = call.number(name)?;
    find_entity(call, entity).await
}

pub(super) async fn find_entity(call: &Call, entity: i64) -> Result<Entity, Problem> {
    let found = shop::order::find_entity(&call.shop, entity).await?;
    found.ok_or_else(|| {
        Problem::missing(
            "The entity that was requested doesn't exist. Verify the entity and try again.",
        )
    })
}

pub(super) async fn one(call: Call) -> Result<OrderOut, Problem> {
    let one = find(&call, "id").await?;
    let customer = match one.order.customer {
        Some(id) => shop::customer::find(&call.shop, id).await?.map(|customer| customer.number),
        None => None,
    };
    shown(&call, &call.shop.catalog(), &one, customer)
}

pub(super) async fn status(call: Call) -> Result<String, Problem> {
    Ok(words(find(&call, "id").await?.order.status()).0.to_owned())
}

/// The lines of orders. Bounds on `order_id` and `created_at` spare looking through all orders.
pub(super) async fn items(call: Call) -> Result<Page<ItemOut>, Problem> {
    let criteria = call.criteria()?;
    let listed = shop::order::list_entities(&call.shop, &lookup::bounds(&criteria)).await?;
    let catalog = call.shop.catalog();
    let mut all = Vec::new();
    for one in entities(&call, &listed).await? {
        for line in &one.order.lines {
            all.push(item_out(&catalog, one.entity, &one.order, line)?);
        }
    }
    Ok(criteria.list(all))
}

pub(super) async fn item(call: Call) -> Result<ItemOut, Problem> {
    let number = call.number("id")?;
    let missing = || Problem::no_entity("id", number);
    let (entity, place) = of_part(number).ok_or_else(missing)?;
    let one = find_entity(&call, entity)
        .await
        .map_err(|problem| if problem.status.is_server_error() { problem } else { missing() })?;
    let line = one.order.lines.get(place).ok_or_else(missing)?;
    item_out(&call.shop.catalog(), entity, &one.order, line)
}

pub(super) async fn comments(call: Call) -> Result<Page<History>, Problem> {
    Ok(call.criteria()?.list(histories(&find(&call, "id").await?)))
}

pub(super) fn unchanged(error: ChangeOrderError) -> Problem {
    match error {
        ChangeOrderError::NotFound => {
            Problem::missing("The entity that was requested doesn't exist.")
        }
        ChangeOrderError::Refused(refusal) => {
            Problem::bad(format!("The order can't be changed: {refusal}."))
        }
        ChangeOrderError::Busy => {
            Problem::bad("The order was changed by somebody else at the same time. Try again.")
        }
        ChangeOrderError::Db(error) => error.into(),
    }
}

/// The longest comment.
const MAX_COMMENT: usize = 10_000;

pub(super) async fn comment(call: Call, body: CommentBody) -> Result<bool, Problem> {
    let one = find(&call, "id").await?;
    let text = body.status_history.comment.trim();
    if text.is_empty() {
        return Err(Problem::required("comment"));
    }
    if text.chars().count() > MAX_COMMENT {
        return Err(Problem::invalid("comment", "a text that is too long"));
    }
    shop::order::comment(&call.shop, one.order.id, call.who.actor(), text)
        .await
        .map_err(unchanged)?;
    Ok(true)
}

/// Cancels an order; `false` for one that cannot be canceled any more.
pub(super) async fn cancel(call: Call) -> Result<bool, Problem> {
    let one = find(&call, "id").await?;
    match shop::order::cancel(&call.shop, one.order.id, call.who.actor(), "").await {
        Ok(()) => Ok(true),
        Err(ChangeOrderError::Refused(_)) => Ok(false),
        Err(error) => Err(unchanged(error)),
    }
}

pub(super) async fn hold(call: Call) -> Result<bool, Problem> {
    let one = find(&call, "id").await?;
    match shop::order::hold(&call.shop, one.order.id, call.who.actor()).await {
        Ok(()) => Ok(true),
        Err(ChangeOrderError::Refused(_)) => Err(Problem::bad("A hold action is not available.")),
        Err(error) => Err(unchanged(error)),
    }
}

pub(super) async fn release(call: Call) -> Result<bool, Problem> {
    let one = find(&call, "id").await?;
    match shop::order::release(&call.shop, one.order.id, call.who.actor()).await {
        Ok(()) => Ok(true),
        Err(ChangeOrderError::Refused(_)) => Err(Problem::bad("You cannot remove the hold.")),
        Err(error) => Err(unchanged(error)),
    }
}

pub(super) async fn mail(call: Call) -> Result<bool, Problem> {
    let one = find(&call, "id").await?;
    shop::order::mail_again(&call.shop, one.order.id, call.who.actor()).await.map_err(unchanged)?;
    Ok(true)
}
