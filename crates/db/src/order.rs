//! Orders, their lines, adjustments, parcels and history.

use std::collections::{BTreeMap, HashMap};

use commerce::cart::CartId;
use commerce::catalog::{ProductId, VariantId};
use commerce::channel::{ChannelCode, Locale};
use commerce::customer::{CustomerId, Email};
use commerce::eco::DeliveryCarbon;
use commerce::media::MediaKey;
use commerce::money::{Currency, Money};
use commerce::order::{
    Adjustment, AdjustmentSource, LineQuantity, Order, OrderId, OrderLine, OrderNumber, OrderState,
    OrderStatus,
};
use commerce::payment::{PaymentKind, PaymentMethodCode, PaymentState};
use commerce::price::Price;
use commerce::shipment::{Shipment, ShipmentId, ShippingMethodCode};
use commerce::tax::{Rounding, TaxClass, TaxRate};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::engine::{CHUNK, execute, fetch_all, fetch_chunk, fetch_optional};
use crate::{Conn, DbError, Tx, json, moment, narrow, next_number, parsed, sku};

pub use self::page::{
    Entity, EntityFilter, entity_of, find_by_entity, find_entities, list_entities, list_shipped,
    number_stragglers,
};
pub use self::search::{Found, NumberField, Search, SortField, Test, TextField, search};

mod page;
mod search;

const TABLE: &str = "orders";

#[derive(sqlx::FromRow)]
struct OrderRow {
    id: Uuid,
    number: String,
    channel: String,
    locale: String,
    currency: String,
    prices_include_tax: bool,
    rounding: String,
    cart_id: Uuid,
    customer_id: Option<Uuid>,
    email: String,
    billing: String,
    delivery: String,
    shipping_method: String,
    shipping_name: String,
    delivery_carbon: Option<String>,
    payment_method: String,
    payment_kind: String,
    payment_name: String,
    terms_version: i64,
    total_net_minor: i64,
    total_tax_minor: i64,
    placed_at: i64,
    paid_at: Option<i64>,
    canceled_at: Option<i64>,
    held_at: Option<i64>,
    version: i64,
}

#[derive(sqlx::FromRow)]
struct LineRow {
    order_id: Uuid,
    position: i64,
    sku: String,
    product_id: Uuid,
    variant_id: Uuid,
    name: String,
    options: String,
    media_key: Option<String>,
    quantity: i64,
    n_shipped: i64,
    n_withdrawn: i64,
    weight_grams: i64,
    tax_class: String,
    tax_basis_points: i64,
    unit_net_minor: i64,
    unit_tax_minor: i64,
    net_minor: i64,
    tax_minor: i64,
}

#[derive(sqlx::FromRow)]
struct AdjustmentRow {
    order_id: Uuid,
    line: Option<i64>,
    source: String,
    label: String,
    tax_basis_points: i64,
    net_minor: i64,
    tax_minor: i64,
}

pub async fn insert(tx: &mut Tx, order: &Order) -> Result<(), DbError> {
    let search_text = search_text(order);
    let entity = next_number(tx, "order-entity").await?;
    execute!(
        tx,
        "INSERT INTO orders (id, entity, number, channel, locale, currency, prices_include_tax, rounding, \
         cart_id, customer_id, email, email_key, search_text, billing, delivery, shipping_method, \
         shipping_name, delivery_carbon, payment_method, payment_kind, payment_name, \
         terms_version, total_net_minor, total_tax_minor, placed_at, paid_at, canceled_at, \
         status, version) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, \
         NULL, ?, 1)",
        order.id.0,
        entity,
        order.number.as_str(),
        order.channel.as_str(),
        order.locale.as_str(),
        order.currency.as_str(),
        order.prices_include_tax,
        rounding_name(order.rounding),
        order.cart.0,
        order.customer.map(|customer| customer.0),
        order.email.as_str(),
        order.email.key(),
        search_text.as_str(),
        json::write_address(&order.billing),
        json::write_address(&order.delivery),
        order.shipping_method.as_str(),
        order.shipping_name.as_str(),
        order.delivery_carbon.as_ref().map(write_carbon),
        order.payment_method.as_str(),
        payment_name(order.payment_kind),
        order.payment_name.as_str(),
        order.terms_version,
        order.total.net.minor(),
        order.total.tax.minor(),
        order.placed_at.as_microsecond(),
        status_name(order.status()),
    );
    for line in &order.lines {
        execute!(
            tx,
            "INSERT INTO order_lines (order_id, position, sku, product_id, variant_id, name, \
             options, media_key, quantity, n_shipped, weight_grams, tax_class, tax_basis_points, \
             unit_net_minor, unit_tax_minor, net_minor, tax_minor) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?)",
            order.id.0,
            line.position,
            line.sku.as_str(),
            line.product.0,
            line.variant.0,
            line.name.as_str(),
            json::write(&line.options),
            line.picture.as_ref().map(|key| key.as_str().to_owned()),
            line.quantity,
            line.weight_grams,
            line.tax_class.as_str(),
            line.rate.basis_points(),
            line.unit.net.minor(),
            line.unit.tax.minor(),
            line.amount.net.minor(),
            line.amount.tax.minor(),
        );
    }
    for (position, adjustment) in (0_i64..).zip(&order.adjustments) {
        execute!(
            tx,
            "INSERT INTO order_adjustments (order_id, position, line, source, label, \
             tax_basis_points, net_minor, tax_minor) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            order.id.0,
            position,
            adjustment.line,
            source_name(adjustment.source),
            adjustment.label.as_str(),
            adjustment.rate.basis_points(),
            adjustment.amount.net.minor(),
            adjustment.amount.tax.minor(),
        );
    }
    Ok(())
}

#[derive(Serialize, Deserialize)]
struct CarbonJson {
    grams_co2e: u64,
    source: String,
}

fn write_carbon(carbon: &DeliveryCarbon) -> String {
    json::write(&CarbonJson { grams_co2e: carbon.grams_co2e, source: carbon.source.clone() })
}

fn read_carbon(text: &str) -> Result<DeliveryCarbon, DbError> {
    let CarbonJson { grams_co2e, source } = json::read(TABLE, text)?;
    Ok(DeliveryCarbon { grams_co2e, source })
}

/// What staff find an order by: its number and who it is for, in lower case.
fn search_text(order: &Order) -> String {
    let text = format!(
        "{} {} {} {} {}",
        order.number.as_str(),
        order.email.as_str(),
        order.delivery.full_name(),
        order.billing.full_name(),
        order.billing.company,
    );
    text.to_lowercase().chars().take(500).collect()
}

/// An order and the version it was read at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versioned {
    pub order: Order,
    pub version: u32,
}

/// Saves what became of an order: payment, state, shipped quantities. `false` when somebody
/// changed it since it was read. New parcels are written by [`insert_shipment`].
pub async fn update(tx: &mut Tx, order: &Order, read_at: u32) -> Result<bool, DbError> {
    let paid_at = match order.payment {
        PaymentState::Due => None,
        PaymentState::Paid { at } => Some(at.as_microsecond()),
    };
    let (held_at, canceled_at) = match order.state {
        OrderState::Open => (None, None),
        OrderState::Held { at } => (Some(at.as_microsecond()), None),
        OrderState::Canceled { at } => (None, Some(at.as_microsecond())),
    };
    let updated = execute!(
        tx,
        "UPDATE orders SET paid_at = ?, held_at = ?, canceled_at = ?, status = ?, \
         version = version + 1 WHERE id = ? AND version = ?",
        paid_at,
        held_at,
        canceled_at,
        status_name(order.status()),
        order.id.0,
        read_at,
    );
    Ok(updated == 1)
}

/// Counts the units of a line that a buyer has withdrawn from.
pub async fn withdraw_units(
    tx: &mut Tx,
    order: OrderId,
    part: LineQuantity,
) -> Result<(), DbError> {
    execute!(
        tx,
        "UPDATE order_lines SET n_withdrawn = n_withdrawn + ? WHERE order_id = ? AND position = ?",
        part.quantity,
        order.0,
        part.line,
    );
    Ok(())
}

/// Writes a parcel and counts its units as shipped.
pub async fn insert_shipment(
    tx: &mut Tx,
    order: OrderId,
    shipment: &Shipment,
) -> Result<(), DbError> {
    execute!(
        tx,
        "INSERT INTO shipments (id, order_id, carrier, tracking_number, shipped_at) \
         VALUES (?, ?, ?, ?, ?)",
        shipment.id.0,
        order.0,
        shipment.carrier.as_str(),
        shipment.tracking_number.as_str(),
        shipment.shipped_at.as_microsecond(),
    );
    for packed in &shipment.lines {
        execute!(
            tx,
            "INSERT INTO shipment_lines (shipment_id, line, quantity) VALUES (?, ?, ?)",
            shipment.id.0,
            packed.line,
            packed.quantity,
        );
        execute!(
            tx,
            "UPDATE order_lines SET n_shipped = n_shipped + ? WHERE order_id = ? AND position = ?",
            packed.quantity,
            order.0,
            packed.line,
        );
    }
    Ok(())
}

pub async fn find(conn: &mut Conn, id: OrderId) -> Result<Option<Versioned>, DbError> {
    let row = fetch_optional!(
        conn,
        OrderRow,
        "SELECT id, number, channel, locale, currency, prices_include_tax, rounding, cart_id, \
         customer_id, email, billing, delivery, shipping_method, shipping_name, delivery_carbon, \
         payment_method, payment_kind, payment_name, terms_version, total_net_minor, total_tax_minor, placed_at, \
         paid_at, canceled_at, held_at, version FROM orders WHERE id = ?",
        id.0,
    );
    let Some(row) = row else { return Ok(None) };
    let lines = fetch_all!(
        conn,
        LineRow,
        "SELECT order_id, position, sku, product_id, variant_id, name, options, media_key, quantity, \
         n_shipped, n_withdrawn, weight_grams, tax_class, tax_basis_points, unit_net_minor, \
         unit_tax_minor, net_minor, tax_minor FROM order_lines WHERE order_id = ? ORDER BY position",
        id.0,
    );
    let adjustments = fetch_all!(
        conn,
        AdjustmentRow,
        "SELECT order_id, line, source, label, tax_basis_points, net_minor, tax_minor \
         FROM order_adjustments WHERE order_id = ? ORDER BY position",
        id.0,
    );
    let shipments = list_shipments(conn, id).await?;
    assemble(row, lines, adjustments, shipments).map(Some)
}

async fn list_shipments(conn: &mut Conn, order: OrderId) -> Result<Vec<Shipment>, DbError> {
    let rows = fetch_all!(
        conn,
        (Uuid, String, String, i64),
        "SELECT id, carrier, tracking_number, shipped_at FROM shipments WHERE order_id = ? \
         ORDER BY shipped_at, id",
        order.0,
    );
    let packed = fetch_all!(
        conn,
        (Uuid, i64, i64),
        "SELECT shipment_lines.shipment_id, shipment_lines.line, shipment_lines.quantity \
         FROM shipment_lines JOIN shipments ON shipments.id = shipment_lines.shipment_id \
         WHERE shipments.order_id = ? ORDER BY shipment_lines.shipment_id, shipment_lines.line",
        order.0,
    );
    let table = "shipments";
    let mut lines: BTreeMap<Uuid, Vec<LineQuantity>> = BTreeMap::new();
    for (shipment, line, quantity) in packed {
        let packed =
            LineQuantity { line: narrow(table, line)?, quantity: narrow(table, quantity)? };
        lines.entry(shipment).or_default().push(packed);
    }
    rows.into_iter()
        .map(|(id, carrier, tracking_number, shipped_at)| {
            Ok(Shipment {
                id: ShipmentId(id),
                carrier,
                tracking_number,
                lines: lines.remove(&id).unwrap_or_default(),
                shipped_at: moment(table, shipped_at)?,
            })
        })
        .collect()
}

fn assemble(
    row: OrderRow,
    lines: Vec<LineRow>,
    adjustments: Vec<AdjustmentRow>,
    shipments: Vec<Shipment>,
) -> Result<Versioned, DbError> {
    let currency = parsed(TABLE, &row.currency, Currency::new(&row.currency))?;
    let price = |net, tax| Price::new(Money::new(net, currency), Money::new(tax, currency));
    let payment = match row.paid_at {
        None => PaymentState::Due,
        Some(at) => PaymentState::Paid { at: moment(TABLE, at)? },
    };
    let state = match (row.canceled_at, row.held_at) {
        (None, None) => OrderState::Open,
        (None, Some(at)) => OrderState::Held { at: moment(TABLE, at)? },
        (Some(at), _) => OrderState::Canceled { at: moment(TABLE, at)? },
    };
    let lines = lines
        .into_iter()
        .map(|line| {
            let table = "order_lines";
            Ok(OrderLine {
                position: narrow(table, line.position)?,
                sku: sku(table, &line.sku)?,
                product: ProductId(line.product_id),
                variant: VariantId(line.variant_id),
                name: line.name,
                options: json::read(table, &line.options)?,
                picture: line.media_key.and_then(MediaKey::new),
                quantity: narrow(table, line.quantity)?,
                n_shipped: narrow(table, line.n_shipped)?,
                n_withdrawn: narrow(table, line.n_withdrawn)?,
                weight_grams: narrow(table, line.weight_grams)?,
                tax_class: parsed(table, &line.tax_class, TaxClass::new(line.tax_class.as_str()))?,
                rate: rate(table, line.tax_basis_points)?,
                unit: price(line.unit_net_minor, line.unit_tax_minor),
                amount: price(line.net_minor, line.tax_minor),
            })
        })
        .collect::<Result<_, DbError>>()?;
    let adjustments = adjustments
        .into_iter()
        .map(|adjustment| {
            let table = "order_adjustments";
            Ok(Adjustment {
                line: adjustment.line.map(|line| narrow(table, line)).transpose()?,
                source: parsed(table, &adjustment.source, parse_source(&adjustment.source))?,
                label: adjustment.label,
                rate: rate(table, adjustment.tax_basis_points)?,
                amount: price(adjustment.net_minor, adjustment.tax_minor),
            })
        })
        .collect::<Result<_, DbError>>()?;
    let order = Order {
        id: OrderId(row.id),
        number: parsed(TABLE, &row.number, OrderNumber::parse(&row.number))?,
        channel: parsed(TABLE, &row.channel, ChannelCode::new(row.channel.as_str()))?,
        locale: parsed(TABLE, &row.locale, Locale::new(&row.locale))?,
        currency,
        prices_include_tax: row.prices_include_tax,
        rounding: parsed(TABLE, &row.rounding, parse_rounding(&row.rounding))?,
        cart: CartId(row.cart_id),
        customer: row.customer_id.map(CustomerId),
        email: parsed(TABLE, "an e-mail address", Email::new(&row.email))?,
        billing: json::read_address(TABLE, &row.billing)?,
        delivery: json::read_address(TABLE, &row.delivery)?,
        shipping_method: parsed(
            TABLE,
            &row.shipping_method,
            ShippingMethodCode::new(row.shipping_method.as_str()),
        )?,
        shipping_name: row.shipping_name,
        delivery_carbon: row.delivery_carbon.as_deref().map(read_carbon).transpose()?,
        payment_method: parsed(
            TABLE,
            &row.payment_method,
            PaymentMethodCode::new(row.payment_method.as_str()),
        )?,
        payment_kind: parsed(TABLE, &row.payment_kind, parse_payment(&row.payment_kind))?,
        payment_name: row.payment_name,
        terms_version: narrow(TABLE, row.terms_version)?,
        placed_at: moment(TABLE, row.placed_at)?,
        lines,
        adjustments,
        total: price(row.total_net_minor, row.total_tax_minor),
        state,
        payment,
        shipments,
    };
    if !order.adds_up() {
        let reason = format!("the parts of {} are not its total", order.number.as_str());
        return Err(DbError::corrupt(TABLE, reason));
    }
    Ok(Versioned { order, version: narrow(TABLE, row.version)? })
}

pub async fn find_by_cart(conn: &mut Conn, cart: CartId) -> Result<Option<OrderId>, DbError> {
    let row = fetch_optional!(conn, (Uuid,), "SELECT id FROM orders WHERE cart_id = ?", cart.0);
    Ok(row.map(|(id,)| OrderId(id)))
}

/// Which orders of a channel have these numbers.
pub async fn find_by_numbers(
    conn: &mut Conn,
    channel: &ChannelCode,
    numbers: &[OrderNumber],
) -> Result<HashMap<OrderNumber, OrderId>, DbError> {
    let mut found = HashMap::new();
    let numbers: Vec<&str> = numbers.iter().map(OrderNumber::as_str).collect();
    for chunk in numbers.chunks(CHUNK) {
        let rows = fetch_chunk!(
            conn,
            (String, Uuid),
            "SELECT number, id FROM orders WHERE channel = ? \
             AND number IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            channel.as_str();
            chunk
        );
        for (number, id) in rows {
            found.insert(parsed(TABLE, &number, OrderNumber::parse(&number))?, OrderId(id));
        }
    }
    Ok(found)
}

/// The next orders of a channel in the order of their ids.
pub async fn list_after(
    conn: &mut Conn,
    channel: &ChannelCode,
    after: Option<OrderId>,
    limit: u32,
) -> Result<Vec<OrderId>, DbError> {
    let rows = fetch_all!(
        conn,
        (Uuid,),
        "SELECT id FROM orders WHERE channel = ? AND id > ? ORDER BY id LIMIT ?",
        channel.as_str(),
        after.map_or(Uuid::nil(), |id| id.0),
        limit,
    );
    Ok(rows.into_iter().map(|(id,)| OrderId(id)).collect())
}

/// Finds an order by what is printed on it and who placed it, for guests.
pub async fn find_by_number_and_email(
    conn: &mut Conn,
    number: &OrderNumber,
    email: &Email,
) -> Result<Option<OrderId>, DbError> {
    let row = fetch_optional!(
        conn,
        (Uuid,),
        "SELECT id FROM orders WHERE number = ? AND email_key = ? ORDER BY placed_at DESC LIMIT 1",
        number.as_str(),
        email.key(),
    );
    Ok(row.map(|(id,)| OrderId(id)))
}

/// One row of a list of orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderSummary {
    pub id: OrderId,
    pub number: String,
    pub email: String,
    pub name: String,
    pub total: Money,
    pub status: OrderStatus,
    pub is_paid: bool,
    pub placed_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct SummaryRow {
    id: Uuid,
    number: String,
    email: String,
    delivery: String,
    currency: String,
    total_net_minor: i64,
    total_tax_minor: i64,
    status: String,
    paid_at: Option<i64>,
    placed_at: i64,
}

impl TryFrom<SummaryRow> for OrderSummary {
    type Error = DbError;

    fn try_from(row: SummaryRow) -> Result<Self, DbError> {
        let currency = parsed(TABLE, &row.currency, Currency::new(&row.currency))?;
        Ok(Self {
            id: OrderId(row.id),
            number: row.number,
            email: row.email,
            name: json::read_address(TABLE, &row.delivery)?.full_name(),
            total: Money::new(row.total_net_minor + row.total_tax_minor, currency),
            status: parsed(TABLE, &row.status, parse_status(&row.status))?,
            is_paid: row.paid_at.is_some(),
            placed_at: moment(TABLE, row.placed_at)?,
        })
    }
}

/// The orders of a customer, newest first.
pub async fn list_of_customer(
    conn: &mut Conn,
    customer: CustomerId,
    limit: u32,
    offset: u32,
) -> Result<Vec<OrderSummary>, DbError> {
    let rows = fetch_all!(
        conn,
        SummaryRow,
        "SELECT id, number, email, delivery, currency, total_net_minor, total_tax_minor, status, \
         paid_at, placed_at FROM orders WHERE customer_id = ? \
         ORDER BY placed_at DESC, id DESC LIMIT ? OFFSET ?",
        customer.0,
        limit,
        offset,
    );
    rows.into_iter().map(OrderSummary::try_from).collect()
}

/// The order of a customer that has this number.
pub async fn find_of_customer(
    conn: &mut Conn,
    customer: CustomerId,
    number: &OrderNumber,
) -> Result<Option<OrderId>, DbError> {
    let row = fetch_optional!(
        conn,
        (Uuid,),
        "SELECT id FROM orders WHERE customer_id = ? AND number = ? ORDER BY placed_at DESC LIMIT 1",
        customer.0,
        number.as_str(),
    );
    Ok(row.map(|(id,)| OrderId(id)))
}

/// Makes the orders of a customer those of a guest.
pub async fn leave_to_guest(tx: &mut Tx, customer: CustomerId) -> Result<(), DbError> {
    execute!(tx, "UPDATE orders SET customer_id = NULL WHERE customer_id = ?", customer.0);
    Ok(())
}

/// What staff look for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderFilter {
    pub status: Option<OrderStatus>,
    /// A part of the number, name or e-mail address.
    pub text: String,
    pub placed_from: Option<Timestamp>,
    pub placed_before: Option<Timestamp>,
    pub task: Option<OrderTask>,
}

/// What is left to do about an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderTask {
    /// Units may leave and have not.
    Ship,
    /// The money has not come, however far the goods are.
    AwaitPayment,
}

impl OrderFilter {
    fn binds(&self) -> (String, String, i64, i64, bool, bool) {
        let status = self.status.map_or("%", status_name).to_owned();
        let mut pattern = String::from("%");
        for char in self.text.trim().to_lowercase().chars().take(100) {
            if matches!(char, '%' | '_' | '!') {
                pattern.push('!');
            }
            pattern.push(char);
        }
        pattern.push('%');
        let from = self.placed_from.map_or(i64::MIN, Timestamp::as_microsecond);
        let before = self.placed_before.map_or(i64::MAX, Timestamp::as_microsecond);
        let any_shipped = self.task != Some(OrderTask::Ship);
        let any_payment = self.task != Some(OrderTask::AwaitPayment);
        (status, pattern, from, before, any_shipped, any_payment)
    }
}

/// The orders that fit, newest first.
pub async fn list(
    conn: &mut Conn,
    filter: &OrderFilter,
    limit: u32,
    offset: u32,
) -> Result<Vec<OrderSummary>, DbError> {
    let (status, pattern, from, before, any_shipped, any_payment) = filter.binds();
    let rows = fetch_all!(
        conn,
        SummaryRow,
        "SELECT id, number, email, delivery, currency, total_net_minor, total_tax_minor, status, \
         paid_at, placed_at FROM orders WHERE status LIKE ? AND search_text LIKE ? ESCAPE '!' \
         AND placed_at >= ? AND placed_at < ? \
         AND (? OR (canceled_at IS NULL AND paid_at IS NULL)) \
         AND (? OR (status IN ('pending', 'processing') \
         AND (paid_at IS NOT NULL OR payment_kind = 'cash-on-delivery') \
         AND EXISTS (SELECT 1 FROM order_lines WHERE order_lines.order_id = orders.id \
         AND order_lines.n_shipped < order_lines.quantity))) \
         ORDER BY placed_at DESC, id DESC LIMIT ? OFFSET ?",
        status.as_str(),
        pattern.as_str(),
        from,
        before,
        any_payment,
        any_shipped,
        limit,
        offset,
    );
    rows.into_iter().map(OrderSummary::try_from).collect()
}

/// How many orders fit.
pub async fn count(conn: &mut Conn, filter: &OrderFilter) -> Result<u32, DbError> {
    let (status, pattern, from, before, any_shipped, any_payment) = filter.binds();
    let row = fetch_optional!(
        conn,
        (i64,),
        "SELECT COUNT(*) FROM orders WHERE status LIKE ? AND search_text LIKE ? ESCAPE '!' \
         AND placed_at >= ? AND placed_at < ? \
         AND (? OR (canceled_at IS NULL AND paid_at IS NULL)) \
         AND (? OR (status IN ('pending', 'processing') \
         AND (paid_at IS NOT NULL OR payment_kind = 'cash-on-delivery') \
         AND EXISTS (SELECT 1 FROM order_lines WHERE order_lines.order_id = orders.id \
         AND order_lines.n_shipped < order_lines.quantity)))",
        status.as_str(),
        pattern.as_str(),
        from,
        before,
        any_payment,
        any_shipped,
    );
    narrow(TABLE, row.map_or(0, |(n,)| n))
}

/// Something that happened to an order, for its history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderEvent {
    /// `placed`, `paid`, `shipped`, `held`, `released`, `canceled`, `mailed`, `noted`, `withdrawal`.
    pub kind: String,
    /// A staff login, or `customer`, or `shop`.
    pub actor: String,
    pub note: String,
    pub happened_at: Timestamp,
}

pub async fn insert_event(tx: &mut Tx, order: OrderId, event: &OrderEvent) -> Result<(), DbError> {
    execute!(
        tx,
        "INSERT INTO order_events (id, order_id, kind, actor, note, happened_at) \
         VALUES (?, ?, ?, ?, ?, ?)",
        Uuid::now_v7(),
        order.0,
        event.kind.as_str(),
        event.actor.as_str(),
        event.note.as_str(),
        event.happened_at.as_microsecond(),
    );
    Ok(())
}

/// The history of an order, oldest first.
pub async fn list_events(conn: &mut Conn, order: OrderId) -> Result<Vec<OrderEvent>, DbError> {
    let rows = fetch_all!(
        conn,
        (String, String, String, i64),
        "SELECT kind, actor, note, happened_at FROM order_events WHERE order_id = ? \
         ORDER BY happened_at, id",
        order.0,
    );
    rows.into_iter()
        .map(|(kind, actor, note, at)| {
            Ok(OrderEvent { kind, actor, note, happened_at: moment("order_events", at)? })
        })
        .collect()
}

fn rate(table: &'static str, basis_points: i64) -> Result<TaxRate, DbError> {
    let basis_points = narrow(table, basis_points)?;
    parsed(table, &basis_points.to_string(), TaxRate::from_basis_points(basis_points))
}

pub(crate) fn rounding_name(rounding: Rounding) -> &'static str {
    match rounding {
        Rounding::PerUnit => "unit",
        Rounding::PerLine => "line",
        Rounding::PerTotal => "total",
    }
}

pub(crate) fn parse_rounding(name: &str) -> Option<Rounding> {
    [Rounding::PerUnit, Rounding::PerLine, Rounding::PerTotal]
        .into_iter()
        .find(|rounding| rounding_name(*rounding) == name)
}

pub(crate) fn payment_name(kind: PaymentKind) -> &'static str {
    match kind {
        PaymentKind::BankTransfer => "bank-transfer",
        PaymentKind::Cheque => "cheque",
        PaymentKind::CashOnDelivery => "cash-on-delivery",
    }
}

pub(crate) fn parse_payment(name: &str) -> Option<PaymentKind> {
    [PaymentKind::BankTransfer, PaymentKind::Cheque, PaymentKind::CashOnDelivery]
        .into_iter()
        .find(|kind| payment_name(*kind) == name)
}

fn source_name(source: AdjustmentSource) -> &'static str {
    match source {
        AdjustmentSource::Promotion => "promotion",
        AdjustmentSource::EcoParticipation => "eco-participation",
        AdjustmentSource::Shipping => "shipping",
        AdjustmentSource::Manual => "manual",
    }
}

fn parse_source(name: &str) -> Option<AdjustmentSource> {
    [
        AdjustmentSource::Promotion,
        AdjustmentSource::EcoParticipation,
        AdjustmentSource::Shipping,
        AdjustmentSource::Manual,
    ]
    .into_iter()
    .find(|source| source_name(*source) == name)
}

fn status_name(status: OrderStatus) -> &'static str {
    match status {
        OrderStatus::Pending => "pending",
        OrderStatus::Processing => "processing",
        OrderStatus::Complete => "complete",
        OrderStatus::Held => "held",
        OrderStatus::Canceled => "canceled",
    }
}

fn parse_status(name: &str) -> Option<OrderStatus> {
    [
        OrderStatus::Pending,
        OrderStatus::Processing,
        OrderStatus::Complete,
        OrderStatus::Held,
        OrderStatus::Canceled,
    ]
    .into_iter()
    .find(|status| status_name(*status) == name)
}
