//! What becomes of orders: invoices, which say that the whole sum has come, and parcels.

use commerce::order::LineQuantity;
use commerce::payment::PaymentState;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shop::order::{Entity, Packed, Test};

use super::call::{Call, moment};
use super::criteria::Page;
use super::lenient::{Decimal, Int, Number};
use super::order::{entities, find, find_entity, ids, lookup, of_part, part, select, unchanged};
use super::problem::Problem;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Invoice")]
pub(super) struct InvoiceOut {
    entity_id: i64,
    increment_id: String,
    order_id: i64,
    store_id: i64,
    /// 2 is paid.
    state: i64,
    created_at: String,
    updated_at: String,
    grand_total: Number,
    base_grand_total: Number,
    tax_amount: Number,
    order_currency_code: String,
    total_qty: u32,
    items: Vec<DocumentItem>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Shipment")]
pub(super) struct ShipmentOut {
    entity_id: i64,
    increment_id: String,
    order_id: i64,
    store_id: i64,
    created_at: String,
    updated_at: String,
    total_qty: u32,
    items: Vec<DocumentItem>,
    tracks: Vec<TrackOut>,
}

#[derive(Serialize, JsonSchema)]
struct DocumentItem {
    entity_id: i64,
    order_item_id: i64,
    sku: String,
    name: String,
    qty: u32,
    price: Number,
    row_total: Number,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ShipmentTrack")]
struct TrackOut {
    order_id: i64,
    parent_id: i64,
    track_number: String,
    title: String,
    carrier_code: String,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "InvoiceBody")]
pub(super) struct InvoiceBody {
    /// All lines, or none said: an order is paid as a whole.
    items: Option<Vec<ItemIn>>,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "DocumentItemInput")]
struct ItemIn {
    order_item_id: Int,
    qty: Decimal,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "ShipmentBody")]
pub(super) struct ShipmentBody {
    /// What is in the parcel; all that has not left where nothing is said.
    items: Option<Vec<ItemIn>>,
    tracks: Option<Vec<TrackIn>>,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "ShipmentTrackInput")]
struct TrackIn {
    track_number: Option<String>,
    title: Option<String>,
    carrier_code: Option<String>,
}

/// The most characters of a carrier's name and of a tracking number.
const MAX_TRACK: usize = 80;

fn item(one: &Entity, line: u32, qty: u32) -> Option<DocumentItem> {
    let found = one.order.lines.iter().find(|known| known.position == line)?;
    let number = part(one.entity, usize::try_from(line).ok()?);
    Some(DocumentItem {
        entity_id: number,
        order_item_id: number,
        sku: found.sku.to_string(),
        name: found.name.clone(),
        qty,
        price: found.unit.net.into(),
        row_total: found.unit.net.times(qty).ok()?.into(),
    })
}

/// The invoice of an order that is paid.
fn invoice_of(one: &Entity) -> Result<Option<InvoiceOut>, Problem> {
    let PaymentState::Paid { at } = one.order.payment else { return Ok(None) };
    let lines = one.order.lines.iter();
    let total = one.order.total.gross()?;
    Ok(Some(InvoiceOut {
        entity_id: one.entity,
        increment_id: one.order.number.as_str().to_owned(),
        order_id: one.entity,
        store_id: 1,
        state: 2,
        created_at: moment(at),
        updated_at: moment(at),
        grand_total: total.into(),
        base_grand_total: total.into(),
        tax_amount: one.order.total.tax.into(),
        order_currency_code: one.order.currency.as_str().to_owned(),
        total_qty: lines.clone().map(|line| line.quantity).sum(),
        items: lines.filter_map(|line| item(one, line.position, line.quantity)).collect(),
    }))
}

fn shipments_of(one: &Entity) -> Vec<ShipmentOut> {
    let parcels = one.order.shipments.iter().enumerate().map(|(place, parcel)| {
        let number = part(one.entity, place);
        let track = TrackOut {
            order_id: one.entity,
            parent_id: number,
            track_number: parcel.tracking_number.clone(),
            title: parcel.carrier.clone(),
            carrier_code: "custom".to_owned(),
        };
        let is_tracked = !parcel.tracking_number.is_empty() || !parcel.carrier.is_empty();
        let lines = parcel.lines.iter();
        ShipmentOut {
            entity_id: number,
            increment_id: format!("{}-{}", one.order.number.as_str(), place + 1),
            order_id: one.entity,
            store_id: 1,
            created_at: moment(parcel.shipped_at),
            updated_at: moment(parcel.shipped_at),
            total_qty: lines.clone().map(|line| line.quantity).sum(),
            items: lines.filter_map(|packed| item(one, packed.line, packed.quantity)).collect(),
            tracks: is_tracked.then_some(track).into_iter().collect(),
        }
    });
    parcels.collect()
}

/// The lines that a body names by their numbers.
fn lines(one: &Entity, items: &[ItemIn]) -> Result<Vec<LineQuantity>, Problem> {
    let read = |item: &ItemIn| {
        let Int(number) = item.order_item_id;
        let place = of_part(number).filter(|(entity, _)| *entity == one.entity);
        let line = place.and_then(|(_, place)| one.order.lines.get(place));
        let line = line.ok_or_else(|| Problem::no_entity("order_item_id", number))?.position;
        let quantity = item.qty.units().ok_or_else(|| Problem::invalid("qty", &item.qty.0))?;
        Ok(LineQuantity { line, quantity })
    };
    items.iter().map(read).collect()
}

/// Notes that the money has come, and gives the number of the invoice.
pub(super) async fn pay(call: Call, body: InvoiceBody) -> Result<String, Problem> {
    let one = find(&call, "orderId").await?;
    if let Some(items) = body.items.filter(|items| !items.is_empty()) {
        let lines = lines(&one, &items)?;
        let is_whole = one.order.lines.iter().all(|line| {
            let said = lines.iter().filter(|part| part.line == line.position);
            said.map(|part| u64::from(part.quantity)).sum::<u64>() == u64::from(line.quantity)
        });
        if !is_whole {
            return Err(Problem::bad("An order is invoiced as a whole."));
        }
    }
    shop::order::mark_paid(&call.shop, one.order.id, call.who.actor()).await.map_err(unchanged)?;
    Ok(one.entity.to_string())
}

/// Sends a parcel, and gives its number.
pub(super) async fn ship(call: Call, body: ShipmentBody) -> Result<String, Problem> {
    let one = find(&call, "orderId").await?;
    let lines = match body.items.filter(|items| !items.is_empty()) {
        Some(items) => lines(&one, &items)?,
        None => one.order.to_ship(),
    };
    let track = body.tracks.and_then(|tracks| tracks.into_iter().next());
    let (mut carrier, mut tracking_number) = (String::new(), String::new());
    if let Some(track) = track {
        carrier = track.title.or(track.carrier_code).unwrap_or_default();
        tracking_number = track.track_number.unwrap_or_default();
    }
    for (name, text) in [("title", &carrier), ("track_number", &tracking_number)] {
        if text.chars().count() > MAX_TRACK || text.chars().any(char::is_control) {
            return Err(Problem::invalid(name, text));
        }
    }
    let packed = Packed { lines, carrier, tracking_number };
    shop::order::ship(&call.shop, one.order.id, &packed, call.who.actor())
        .await
        .map_err(unchanged)?;
    Ok(part(one.entity, one.order.shipments.len()).to_string())
}

pub(super) async fn invoices(call: Call) -> Result<Page<InvoiceOut>, Problem> {
    let criteria = call.criteria()?;
    let (listed, total) = select(&call, &criteria, Some(Test::IsPaid)).await?;
    let found = entities(&call, &ids(&listed)).await?;
    let invoices = found.iter().filter_map(|one| invoice_of(one).transpose());
    Ok(criteria.page(invoices.collect::<Result<_, _>>()?, total))
}

pub(super) async fn invoice(call: Call) -> Result<InvoiceOut, Problem> {
    let one = find(&call, "id").await?;
    invoice_of(&one)?.ok_or_else(|| Problem::no_entity("id", one.entity))
}

/// The parcels of the orders that bounds on `order_id` leave.
pub(super) async fn list(call: Call) -> Result<Page<ShipmentOut>, Problem> {
    let criteria = call.criteria()?;
    let ids = shop::order::list_shipped(&call.shop, &lookup::bounds(&criteria)).await?;
    let found = shop::order::find_entities(&call.shop, &ids).await?;
    Ok(criteria.list(found.iter().flat_map(shipments_of)))
}

pub(super) async fn one(call: Call) -> Result<ShipmentOut, Problem> {
    let number = call.number("id")?;
    let missing = || Problem::no_entity("id", number);
    let (entity, place) = of_part(number).ok_or_else(missing)?;
    let one = find_entity(&call, entity)
        .await
        .map_err(|problem| if problem.status.is_server_error() { problem } else { missing() })?;
    shipments_of(&one).into_iter().nth(place).ok_or_else(missing)
}
