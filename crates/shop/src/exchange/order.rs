//! Orders out of a file, and into one.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use commerce::cart::CartId;
use commerce::catalog::{ProductId, Sku, VariantId};
use commerce::customer::CustomerId;
use commerce::order::{Order, OrderId, OrderNumber, OrderState};
use commerce::payment::PaymentState;
use commerce::shipment::ShipmentId;
use commerce::stock::StockMove;
use db::change::{Change, Topic};
use db::order::OrderEvent;
use db::{Conn, DbError, Tx};
use exchange::order::{Context, OrderRows, RowFault};
use exchange::table::Header;
use exchange::{Fault, Record};
use jiff::SignedDuration;
use uuid::Uuid;

use super::view::locale_of;
use super::{ImportError, Outcome, Terms};
use crate::{Shop, use_case};

/// How many orders are read at a time.
const PAGE: u32 = 200;

/// The rows of one order, as they were read.
#[derive(Clone, Debug)]
pub struct ReadOrder {
    /// The lines of its rows.
    pub lines: Vec<u64>,
    pub rows: Result<OrderRows, Vec<RowFault>>,
}

/// Reads the rows of an order as the shop understands them.
pub fn read_order(
    shop: &Shop,
    terms: &Terms,
    header: &Header,
    records: &[Record],
) -> Result<OrderRows, Vec<RowFault>> {
    let channel = &shop.settings().channel;
    let locale = |view: &str| locale_of(terms, channel, view);
    let context = Context { channel, locale: &locale, zone: &terms.zone };
    exchange::order::read(header, records, context)
}

/// What becomes of an order.
enum Plan {
    Rejected(Vec<RowFault>),
    Unchanged,
    Create(Box<Order>),
}

/// Takes orders over with their numbers: the next one that is placed comes after the largest.
///
/// Nobody is sent a mail. An order that is open promises the units that have not left yet, so that
/// staff can send or cancel it; an order that is there already must say the same.
pub async fn import_orders(
    shop: &Shop,
    batch: &[ReadOrder],
) -> Result<Vec<Vec<Outcome>>, ImportError> {
    let mut conn = shop.db.read().await?;
    let looked = plan(&mut conn, shop, batch).await?;
    drop(conn);
    if !looked.iter().any(|plan| matches!(plan, Plan::Create(_))) {
        return Ok(outcomes(batch, looked));
    }
    use_case("import-orders", || async {
        let mut tx = shop.db.write().await?;
        let plans = plan(&mut tx, shop, batch).await?;
        promise(&mut tx, shop, &plans).await?;
        let mut last = 0;
        for plan in &plans {
            if let Plan::Create(order) = plan {
                write(&mut tx, order).await?;
                last = last.max(digits_of(&order.number));
            }
        }
        // As in checkout, the sequence is locked last.
        let sequence = format!("orders:{}", shop.settings().channel.code);
        db::raise_sequence(&mut tx, &sequence, last).await?;
        tx.commit().await?;
        Ok(outcomes(batch, plans))
    })
    .await
}

fn outcomes(batch: &[ReadOrder], plans: Vec<Plan>) -> Vec<Vec<Outcome>> {
    let outcomes = |(read, plan): (&ReadOrder, Plan)| match plan {
        Plan::Unchanged => vec![Outcome::Unchanged; read.lines.len()],
        Plan::Create(_) => vec![Outcome::Created; read.lines.len()],
        Plan::Rejected(faults) => {
            let first = faults.first().and_then(|(at, _)| read.lines.get(*at)).copied();
            let of_row = |at: usize| {
                let own = faults.iter().filter(|(of, _)| *of == at).map(|(_, it)| it.clone());
                let mut own: Vec<Fault> = own.collect();
                if own.is_empty() {
                    let line = first.unwrap_or_default();
                    let reason = format!("line {line} of the same order is rejected");
                    own.push(Fault::new("", reason));
                }
                Outcome::Rejected(own)
            };
            (0..read.lines.len()).map(of_row).collect()
        }
    };
    batch.iter().zip(plans).map(outcomes).collect()
}

/// The digits that a number ends with.
fn digits_of(number: &OrderNumber) -> i64 {
    let text = number.as_str();
    let digits = text.trim_start_matches(|char: char| !char.is_ascii_digit());
    let digits = digits.rsplit(|char: char| !char.is_ascii_digit()).next().unwrap_or_default();
    if digits.len() > 15 { 0 } else { digits.parse().unwrap_or(0) }
}

async fn plan(conn: &mut Conn, shop: &Shop, batch: &[ReadOrder]) -> Result<Vec<Plan>, DbError> {
    let settings = shop.settings();
    let read = || batch.iter().filter_map(|read| read.rows.as_ref().ok());
    let numbers: Vec<OrderNumber> = read().map(|it| it.order.number.clone()).collect();
    let known = db::order::find_by_numbers(conn, &settings.channel.code, &numbers).await?;
    let keys: Vec<String> =
        read().filter(|it| !it.is_guest).map(|it| it.order.email.key()).collect();
    let accounts = db::customer::find_many_by_email(conn, &keys).await?;
    let mut skus: Vec<Sku> =
        read().flat_map(|it| it.order.lines.iter().map(|line| line.sku.clone())).collect();
    skus.sort_unstable();
    skus.dedup();
    let variants = db::catalog::product::variants(conn, &skus).await?;
    let levels = db::stock::find_many(conn, &settings.source, &skus).await?;
    let mut free: BTreeMap<Sku, u32> =
        levels.into_iter().map(|(sku, level)| (sku, level.available())).collect();

    // The clock of the other shop may be a little early.
    let latest = shop.clock.now() + SignedDuration::from_hours(1);
    let mut plans = Vec::with_capacity(batch.len());
    for read in batch {
        let rows = match &read.rows {
            Ok(rows) => rows,
            Err(faults) => {
                plans.push(Plan::Rejected(faults.clone()));
                continue;
            }
        };
        if rows.order.placed_at > latest {
            let reason = format!("{} is yet to come", rows.order.placed_at);
            plans.push(Plan::Rejected(vec![(0, Fault::new("created_at", reason))]));
            continue;
        }
        let account = accounts.get(&rows.order.email.key()).filter(|_| !rows.is_guest);
        let order = joined(rows, account.map(|(customer, _)| customer.id), &variants);
        if let Some(id) = known.get(&order.number) {
            plans.push(compare(conn, *id, &order).await?);
            continue;
        }
        plans.push(match lacking(&order, &mut free) {
            Some(fault) => Plan::Rejected(vec![fault]),
            None => Plan::Create(Box::new(order)),
        });
    }
    Ok(plans)
}

/// The order with the ids of what it refers to; what the shop does not have, it does not name.
fn joined(
    rows: &OrderRows,
    customer: Option<CustomerId>,
    variants: &HashMap<Sku, (ProductId, VariantId)>,
) -> Order {
    let mut order = rows.order.clone();
    order.id = OrderId(Uuid::now_v7());
    order.cart = CartId(Uuid::now_v7());
    order.customer = customer;
    for line in &mut order.lines {
        if let Some(&(product, variant)) = variants.get(&line.sku) {
            (line.product, line.variant) = (product, variant);
        }
    }
    for shipment in &mut order.shipments {
        shipment.id = ShipmentId(Uuid::now_v7());
    }
    order
}

/// An order is an agreement: one that is there stays as it is.
async fn compare(conn: &mut Conn, id: OrderId, order: &Order) -> Result<Plan, DbError> {
    let Some(known) = db::order::find(conn, id).await? else { return Ok(Plan::Unchanged) };
    let (before, now) = (exchange::order::write(&known.order), exchange::order::write(order));
    if before == now {
        return Ok(Plan::Unchanged);
    }
    let differs = |at: &usize| before.iter().zip(&now).any(|(old, new)| old[*at] != new[*at]);
    let columns = exchange::order::COLUMNS;
    let columns: Vec<&str> = (0..columns.len()).filter(differs).map(|at| columns[at]).collect();
    let reason = format!(
        "the shop has an order of this number that differs: {}",
        if columns.is_empty() { "in its lines".to_owned() } else { columns.join(", ") }
    );
    Ok(Plan::Rejected(vec![(0, Fault::new("increment_id", reason))]))
}

/// What an open order still has to send, in SKU order.
fn open_units(order: &Order) -> BTreeMap<&Sku, u32> {
    let mut units = BTreeMap::new();
    if order.stands() {
        for line in &order.lines {
            *units.entry(&line.sku).or_default() += line.quantity - line.n_shipped;
        }
    }
    units.retain(|_, quantity| *quantity > 0);
    units
}

/// Takes the units of an order from what is free, or says of which there are too few.
fn lacking(order: &Order, free: &mut BTreeMap<Sku, u32>) -> Option<RowFault> {
    let units = open_units(order);
    for (&sku, quantity) in &units {
        let available = free.get(sku).copied().unwrap_or(0);
        if available < *quantity {
            let at = order.lines.iter().position(|line| line.sku == *sku).unwrap_or(0);
            let reason = format!(
                "it still promises {quantity} of {sku}, of which {available} are free: \
                 import the stock first"
            );
            return Some((at, Fault::new("item_qty_ordered", reason)));
        }
    }
    for (sku, quantity) in units {
        free.entry(sku.clone()).and_modify(|left| *left -= quantity);
    }
    None
}

/// Promises what open orders still have to send; stock is locked in SKU order.
async fn promise(tx: &mut Tx, shop: &Shop, plans: &[Plan]) -> Result<(), ImportError> {
    let source = &shop.settings().source;
    let at = shop.clock.now();
    let mut units: Vec<(&Sku, OrderId, u32)> = Vec::new();
    let mut products: BTreeSet<ProductId> = BTreeSet::new();
    for plan in plans {
        let Plan::Create(order) = plan else { continue };
        for (sku, quantity) in open_units(order) {
            units.push((sku, order.id, quantity));
            let lines = order.lines.iter().filter(|line| line.sku == *sku);
            products.extend(lines.map(|line| line.product));
        }
    }
    units.sort_unstable();
    for (sku, order, quantity) in units {
        if !db::stock::allocate(tx, source, sku, quantity).await? {
            return Err(ImportError::Busy);
        }
        let change = (0, i64::from(quantity));
        let kind = StockMove::Allocate;
        db::stock::log(tx, source, sku, kind, change, Some(order), at).await?;
    }
    for product in products {
        let change = Change { topic: Topic::Product, subject: Some(product.0) };
        db::change::push(tx, change, at).await?;
    }
    Ok(())
}

async fn write(tx: &mut Tx, order: &Order) -> Result<(), ImportError> {
    db::order::insert(tx, order).await?;
    for shipment in &order.shipments {
        db::order::insert_shipment(tx, order.id, shipment).await?;
    }
    let is_as_placed = order.state == OrderState::Open && order.payment == PaymentState::Due;
    if !is_as_placed && !db::order::update(tx, order, 1).await? {
        return Err(ImportError::Busy);
    }
    let event = OrderEvent {
        kind: "placed".into(),
        actor: "customer".into(),
        note: String::new(),
        happened_at: order.placed_at,
    };
    db::order::insert_event(tx, order.id, &event).await?;
    Ok(())
}

/// The cells of the next orders' rows, and the last of these orders; `None` at the end.
pub async fn list_order_rows(
    shop: &Shop,
    after: Option<OrderId>,
) -> Result<Option<(Vec<Vec<String>>, OrderId)>, DbError> {
    let channel = shop.settings().channel.code.clone();
    let mut conn = shop.db.read_consistently().await?;
    let ids = db::order::list_after(&mut conn, &channel, after, PAGE).await?;
    let Some(&last) = ids.last() else { return Ok(None) };
    let mut rows = Vec::new();
    for id in ids {
        if let Some(found) = db::order::find(&mut conn, id).await? {
            rows.extend(exchange::order::write(&found.order));
        }
    }
    Ok(Some((rows, last)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_number_follows_the_digits_at_the_end() {
        let digits = |text: &str| digits_of(&OrderNumber::parse(text).unwrap());

        assert_eq!(digits("000000123"), 123);
        assert_eq!(digits("GL000007"), 7);
        assert_eq!(digits("2025-17"), 17);
        assert_eq!(digits("12X"), 0);
        assert_eq!(digits("99999999999999999999"), 0);
    }
}
