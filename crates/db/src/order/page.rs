//! Orders by the small integers that Magento's API calls them by, whole pages at a time.

use std::collections::HashMap;

use commerce::order::{LineQuantity, Order, OrderId};
use commerce::shipment::{Shipment, ShipmentId};
use jiff::Timestamp;
use uuid::Uuid;

use super::{AdjustmentRow, LineRow, OrderEvent, OrderRow, Versioned, assemble};
use crate::engine::{PAGE, execute, fetch_all, fetch_optional, fetch_page};
use crate::{Conn, DbError, Tx, moment, narrow, next_number};

/// Which orders are looked through; all bounds are inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntityFilter {
    pub entity: (i64, i64),
    pub placed: (Timestamp, Timestamp),
    /// When something last happened to it.
    pub updated: (Timestamp, Timestamp),
}

impl Default for EntityFilter {
    fn default() -> Self {
        let ever = (Timestamp::MIN, Timestamp::MAX);
        Self { entity: (0, i64::MAX), placed: ever, updated: ever }
    }
}

/// The orders within the bounds, oldest first.
pub async fn list_entities(
    conn: &mut Conn,
    filter: &EntityFilter,
) -> Result<Vec<OrderId>, DbError> {
    let rows = fetch_all!(
        conn,
        (Uuid,),
        "SELECT listed.id FROM ( \
            SELECT o.entity, o.id, \
            COALESCE((SELECT MAX(e.happened_at) FROM order_events e WHERE e.order_id = o.id), \
            o.placed_at) AS updated_at \
            FROM orders o \
            WHERE o.entity >= ? AND o.entity <= ? AND o.placed_at >= ? AND o.placed_at <= ? \
         ) AS listed WHERE listed.updated_at >= ? AND listed.updated_at <= ? \
         ORDER BY listed.entity",
        filter.entity.0,
        filter.entity.1,
        filter.placed.0.as_microsecond(),
        filter.placed.1.as_microsecond(),
        filter.updated.0.as_microsecond(),
        filter.updated.1.as_microsecond(),
    );
    Ok(rows.into_iter().map(|(id,)| OrderId(id)).collect())
}

/// The orders within the bounds of which parcels have left, oldest first.
pub async fn list_shipped(conn: &mut Conn, filter: &EntityFilter) -> Result<Vec<OrderId>, DbError> {
    let rows = fetch_all!(
        conn,
        (Uuid,),
        "SELECT id FROM orders WHERE entity >= ? AND entity <= ? \
         AND EXISTS (SELECT 1 FROM shipments s WHERE s.order_id = orders.id) ORDER BY entity",
        filter.entity.0,
        filter.entity.1,
    );
    Ok(rows.into_iter().map(|(id,)| OrderId(id)).collect())
}

/// An order with its number and its history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entity {
    pub entity: i64,
    pub order: Order,
    /// Oldest first.
    pub events: Vec<OrderEvent>,
}

/// The orders that have these ids, oldest first: six statements for a hundred of them.
pub async fn find_entities(conn: &mut Conn, ids: &[OrderId]) -> Result<Vec<Entity>, DbError> {
    let mut found = Vec::with_capacity(ids.len());
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    for page in ids.chunks(PAGE) {
        let rows = fetch_page!(
            conn,
            EntityRow,
            "SELECT entity, id, number, channel, locale, currency, prices_include_tax, rounding, \
             cart_id, customer_id, email, billing, delivery, shipping_method, shipping_name, \
             delivery_carbon, payment_method, payment_kind, payment_name, terms_version, \
             total_net_minor, total_tax_minor, placed_at, paid_at, canceled_at, held_at, version \
             FROM orders WHERE id",
            "";
            page
        );
        let mut lines: HashMap<Uuid, Vec<LineRow>> = HashMap::new();
        for line in fetch_page!(
            conn,
            LineRow,
            "SELECT order_id, position, sku, product_id, variant_id, name, options, media_key, \
             quantity, n_shipped, n_withdrawn, weight_grams, tax_class, tax_basis_points, \
             unit_net_minor, unit_tax_minor, net_minor, tax_minor FROM order_lines WHERE order_id",
            "ORDER BY order_id, position";
            page
        ) {
            lines.entry(line.order_id).or_default().push(line);
        }
        let mut adjustments: HashMap<Uuid, Vec<AdjustmentRow>> = HashMap::new();
        for adjustment in fetch_page!(
            conn,
            AdjustmentRow,
            "SELECT order_id, line, source, label, tax_basis_points, net_minor, tax_minor \
             FROM order_adjustments WHERE order_id",
            "ORDER BY order_id, position";
            page
        ) {
            adjustments.entry(adjustment.order_id).or_default().push(adjustment);
        }
        let mut shipments = shipments_of(conn, page).await?;
        let mut events = events_of(conn, page).await?;
        for EntityRow { entity, order: row } in rows {
            let id = row.id;
            let Versioned { order, .. } = assemble(
                row,
                lines.remove(&id).unwrap_or_default(),
                adjustments.remove(&id).unwrap_or_default(),
                shipments.remove(&id).unwrap_or_default(),
            )?;
            let events = events.remove(&id).unwrap_or_default();
            found.push(Entity { entity, order, events });
        }
    }
    found.sort_by_key(|one| one.entity);
    Ok(found)
}

#[derive(sqlx::FromRow)]
struct EntityRow {
    entity: i64,
    #[sqlx(flatten)]
    order: OrderRow,
}

async fn shipments_of(
    conn: &mut Conn,
    page: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Shipment>>, DbError> {
    let table = "shipments";
    let mut packed: HashMap<Uuid, Vec<LineQuantity>> = HashMap::new();
    for (shipment, line, quantity) in fetch_page!(
        conn,
        (Uuid, i64, i64),
        "SELECT l.shipment_id, l.line, l.quantity FROM shipment_lines l \
         JOIN shipments s ON s.id = l.shipment_id WHERE s.order_id",
        "ORDER BY l.shipment_id, l.line";
        page
    ) {
        let part = LineQuantity { line: narrow(table, line)?, quantity: narrow(table, quantity)? };
        packed.entry(shipment).or_default().push(part);
    }
    let mut shipments: HashMap<Uuid, Vec<Shipment>> = HashMap::new();
    for (order, id, carrier, tracking_number, shipped_at) in fetch_page!(
        conn,
        (Uuid, Uuid, String, String, i64),
        "SELECT order_id, id, carrier, tracking_number, shipped_at FROM shipments WHERE order_id",
        "ORDER BY shipped_at, id";
        page
    ) {
        shipments.entry(order).or_default().push(Shipment {
            id: ShipmentId(id),
            carrier,
            tracking_number,
            lines: packed.remove(&id).unwrap_or_default(),
            shipped_at: moment(table, shipped_at)?,
        });
    }
    Ok(shipments)
}

async fn events_of(
    conn: &mut Conn,
    page: &[Uuid],
) -> Result<HashMap<Uuid, Vec<OrderEvent>>, DbError> {
    let mut events: HashMap<Uuid, Vec<OrderEvent>> = HashMap::new();
    for (order, kind, actor, note, at) in fetch_page!(
        conn,
        (Uuid, String, String, String, i64),
        "SELECT order_id, kind, actor, note, happened_at FROM order_events WHERE order_id",
        "ORDER BY happened_at, id";
        page
    ) {
        let happened_at = moment("order_events", at)?;
        events.entry(order).or_default().push(OrderEvent { kind, actor, note, happened_at });
    }
    Ok(events)
}

/// Which order goes by a number.
pub async fn find_by_entity(conn: &mut Conn, entity: i64) -> Result<Option<OrderId>, DbError> {
    let row = fetch_optional!(conn, (Uuid,), "SELECT id FROM orders WHERE entity = ?", entity);
    Ok(row.map(|(id,)| OrderId(id)))
}

/// The number that an order goes by.
pub async fn entity_of(conn: &mut Conn, id: OrderId) -> Result<Option<i64>, DbError> {
    let row = fetch_optional!(conn, (Option<i64>,), "SELECT entity FROM orders WHERE id = ?", id.0);
    Ok(row.and_then(|(entity,)| entity))
}

/// Numbers the orders that an older executable wrote beside this one, which knew no such numbers.
pub async fn number_stragglers(tx: &mut Tx) -> Result<usize, DbError> {
    let ids = fetch_all!(
        tx,
        (Uuid,),
        "SELECT id FROM orders WHERE entity IS NULL ORDER BY placed_at, id LIMIT 1000"
    );
    for (id,) in &ids {
        let entity = next_number(tx, "order-entity").await?;
        execute!(tx, "UPDATE orders SET entity = ? WHERE id = ? AND entity IS NULL", entity, *id,);
    }
    Ok(ids.len())
}
