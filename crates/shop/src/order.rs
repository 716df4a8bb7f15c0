//! What becomes of an order: paid, sent, canceled, looked at again.

use std::fmt::Write;

use commerce::cart::CartId;
use commerce::customer::{CustomerId, Email};
use commerce::order::{LineQuantity, Order, OrderId, OrderNumber, RefuseChange, Withdrawal};
use commerce::shipment::ShipmentId;
use commerce::stock::{SkuQuantity, StockMove};
use db::DbError;
use db::change::{Change, Topic};
use db::order::Versioned;
pub use db::order::{
    Entity, EntityFilter, Found, NumberField, OrderEvent, OrderFilter, OrderSummary, OrderTask,
    Search, SortField, Test, TextField,
};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::jobs::{self, SendCancelMail, SendContactMail, SendOrderMail};
use crate::secret::Purpose;
use crate::webhook::{self, Event};
use crate::{MayRetry, Shop, use_case};

/// Why an order was not changed. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ChangeOrderError {
    #[error("there is no such order")]
    NotFound,
    #[error(transparent)]
    Refused(#[from] RefuseChange),
    #[error("somebody else changed the order at the same time")]
    Busy,
    #[error("the shop could not be reached")]
    Db(#[from] DbError),
}

impl MayRetry for ChangeOrderError {
    fn is_worth_retrying(&self) -> bool {
        match self {
            Self::Busy => true,
            Self::Db(error) => error.is_worth_retrying(),
            _ => false,
        }
    }
}

/// Looks at an order; `None` when there is none.
pub async fn view(shop: &Shop, id: OrderId) -> Result<Option<Order>, DbError> {
    let found = db::order::find(&mut shop.db.read().await?, id).await?;
    Ok(found.map(|found| found.order))
}

/// The order that a cart became.
pub async fn of_cart(shop: &Shop, cart: CartId) -> Result<Option<OrderId>, DbError> {
    db::order::find_by_cart(&mut shop.db.read().await?, cart).await
}

/// Finds an order by what a guest knows of it.
pub async fn of_guest(
    shop: &Shop,
    number: &OrderNumber,
    email: &Email,
) -> Result<Option<OrderId>, DbError> {
    db::order::find_by_number_and_email(&mut shop.db.read().await?, number, email).await
}

/// The orders of a customer, newest first.
pub async fn list_of_customer(
    shop: &Shop,
    customer: CustomerId,
    limit: u32,
    offset: u32,
) -> Result<Vec<OrderSummary>, DbError> {
    db::order::list_of_customer(&mut shop.db.read().await?, customer, limit, offset).await
}

/// The order of a customer that has this number.
pub async fn of_customer(
    shop: &Shop,
    customer: CustomerId,
    number: &OrderNumber,
) -> Result<Option<Order>, DbError> {
    let mut conn = shop.db.read().await?;
    let Some(id) = db::order::find_of_customer(&mut conn, customer, number).await? else {
        return Ok(None);
    };
    Ok(db::order::find(&mut conn, id).await?.map(|found| found.order))
}

/// Why a withdrawal was not taken. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum WithdrawError {
    #[error("there is no such order")]
    NotFound,
    #[error("the order is canceled")]
    Canceled,
    #[error("nothing was chosen")]
    NothingChosen,
    #[error("more was chosen than is left of the order")]
    TooMany,
    #[error("somebody changed the order at the same moment")]
    Busy,
    #[error("the shop could not be reached")]
    Db(#[from] DbError),
}

impl MayRetry for WithdrawError {
    fn is_worth_retrying(&self) -> bool {
        match self {
            Self::Busy => true,
            Self::Db(error) => error.is_worth_retrying(),
            _ => false,
        }
    }
}

/// Takes a buyer's withdrawal: notes what was declared and when, sends a receipt, and tells the
/// merchant.
pub async fn withdraw(
    shop: &Shop,
    id: OrderId,
    lines: Vec<LineQuantity>,
    name: &str,
    email: &Email,
) -> Result<Withdrawal, WithdrawError> {
    let lines: Vec<LineQuantity> = lines.into_iter().filter(|line| line.quantity > 0).collect();
    if lines.is_empty() {
        return Err(WithdrawError::NothingChosen);
    }
    use_case("withdraw-order", || async {
        let at = shop.clock.now();
        let mut tx = shop.db.write().await?;
        let found = db::order::find(&mut tx, id).await?;
        let Versioned { mut order, version } = found.ok_or(WithdrawError::NotFound)?;
        order.withdraw(&lines).map_err(|refusal| match refusal {
            RefuseChange::Canceled => WithdrawError::Canceled,
            _ => WithdrawError::TooMany,
        })?;
        if !db::order::update(&mut tx, &order, version).await? {
            return Err(WithdrawError::Busy);
        }
        let mut declared = format!("{name} <{}>", email.as_str());
        for &part in &lines {
            db::order::withdraw_units(&mut tx, id, part).await?;
            let line = order.lines.iter().find(|line| line.position == part.line);
            let line = line.ok_or(WithdrawError::TooMany)?;
            let _ = write!(declared, "\n{} × {} {}", part.quantity, line.sku, line.name);
        }
        note(&mut tx, id, "withdrawal", "customer", &declared, at).await?;
        let withdrawal = Withdrawal {
            name: name.to_owned(),
            email: email.clone(),
            lines: lines.clone(),
            received_at: at,
        };
        jobs::push(&mut tx, &SendOrderMail::withdrawal(id, &withdrawal), at).await?;
        let told = SendContactMail {
            id: Uuid::now_v7(),
            name: name.to_owned(),
            email: email.as_str().to_owned(),
            subject: format!("Rétractation {}", order.number.as_str()),
            message: declared,
        };
        jobs::push(&mut tx, &told, at).await?;
        tx.commit().await?;
        Ok(withdrawal)
    })
    .await
}

/// Notes that the money has come.
pub async fn mark_paid(shop: &Shop, id: OrderId, actor: &str) -> Result<(), ChangeOrderError> {
    use_case("mark-order-paid", || async {
        let at = shop.clock.now();
        let mut tx = shop.db.write().await?;
        let Versioned { mut order, version } = find(&mut tx, id).await?;
        order.mark_paid(at)?;
        save(&mut tx, &order, version).await?;
        jobs::push(&mut tx, &SendOrderMail::paid(id), at).await?;
        note(&mut tx, id, "paid", actor, "", at).await?;
        webhook::tell(&mut tx, &[Event::paid(&order)], at).await?;
        tx.commit().await?;
        Ok(())
    })
    .await
}

/// Stops an order: it is neither paid, sent nor canceled until it is released.
pub async fn hold(shop: &Shop, id: OrderId, actor: &str) -> Result<(), ChangeOrderError> {
    stop_or_go(shop, id, ("hold-order", "held"), actor, Order::hold).await
}

/// Lets an order that is on hold go on.
pub async fn release(shop: &Shop, id: OrderId, actor: &str) -> Result<(), ChangeOrderError> {
    stop_or_go(shop, id, ("release-order", "released"), actor, |order, _| order.release()).await
}

async fn stop_or_go(
    shop: &Shop,
    id: OrderId,
    (name, kind): (&'static str, &str),
    actor: &str,
    change: impl Fn(&mut Order, Timestamp) -> Result<(), RefuseChange>,
) -> Result<(), ChangeOrderError> {
    use_case(name, || async {
        let at = shop.clock.now();
        let mut tx = shop.db.write().await?;
        let Versioned { mut order, version } = find(&mut tx, id).await?;
        change(&mut order, at)?;
        save(&mut tx, &order, version).await?;
        note(&mut tx, id, kind, actor, "", at).await?;
        tx.commit().await?;
        Ok(())
    })
    .await
}

/// Ends an order and gives its stock back.
pub async fn cancel(
    shop: &Shop,
    id: OrderId,
    actor: &str,
    reason: &str,
) -> Result<(), ChangeOrderError> {
    cancel_with(shop, id, actor, reason, |order, at| Ok(order.cancel(at)?)).await
}

/// Ends an order for the customer who placed it, as long as it is not paid.
pub async fn cancel_unpaid(
    shop: &Shop,
    id: OrderId,
    customer: CustomerId,
    reason: &str,
) -> Result<(), ChangeOrderError> {
    cancel_with(shop, id, "customer", reason, |order, at| match order.customer {
        Some(known) if known == customer => Ok(order.cancel_unpaid(at)?),
        _ => Err(ChangeOrderError::NotFound),
    })
    .await
}

/// How long the link that confirms a cancellation is good.
const CANCEL_KEY_LASTS: SignedDuration = SignedDuration::from_hours(24);
/// The event that keeps why a guest wants to cancel, until they confirm it.
const CANCEL_ASKED: &str = "cancel-asked";

/// Asks a guest by mail whether their order, not yet paid, is to be canceled.
///
/// Whoever has an order's link may ask; only who reads the buyer's mail can confirm.
pub async fn ask_to_cancel(
    shop: &Shop,
    id: OrderId,
    reason: &str,
) -> Result<Order, ChangeOrderError> {
    use_case("ask-to-cancel-order", || async {
        let at = shop.clock.now();
        let mut tx = shop.db.write().await?;
        let Versioned { order, .. } = find(&mut tx, id).await?;
        if order.customer.is_some() {
            return Err(ChangeOrderError::NotFound);
        }
        order.clone().cancel_unpaid(at)?;
        note(&mut tx, id, CANCEL_ASKED, "customer", reason, at).await?;
        jobs::push(&mut tx, &SendCancelMail::new(id, at), at).await?;
        tx.commit().await?;
        Ok(order)
    })
    .await
}

/// The key that confirms what was asked at this moment.
pub(crate) fn cancel_key(shop: &Shop, id: OrderId, asked_at: Timestamp) -> String {
    let asked_at = asked_at.as_microsecond().to_be_bytes();
    shop.key.sign(Purpose::Cancel, &[id.0.as_bytes().as_slice(), &asked_at].concat())
}

/// Which order a key cancels, and when that was asked; `None` when it is too old.
pub fn open_cancel_key(shop: &Shop, key: &str) -> Option<(OrderId, Timestamp)> {
    let message = shop.key.verify(Purpose::Cancel, key)?;
    let (id, asked_at) = message.split_first_chunk::<16>()?;
    let asked_at = i64::from_be_bytes(asked_at.try_into().ok()?);
    let asked_at = Timestamp::from_microsecond(asked_at).ok()?;
    let is_good = shop.clock.now().duration_since(asked_at) <= CANCEL_KEY_LASTS;
    is_good.then(|| (OrderId(Uuid::from_bytes(*id)), asked_at))
}

/// Why an order was not canceled by the key of a mail. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ConfirmCancelError {
    #[error("the key is another order's or too old")]
    BadKey,
    #[error(transparent)]
    Order(#[from] ChangeOrderError),
}

/// Ends the order of a guest who confirmed it by the key that a mail brought.
pub async fn confirm_cancel(shop: &Shop, id: OrderId, key: &str) -> Result<(), ConfirmCancelError> {
    let opened = open_cancel_key(shop, key).filter(|(known, _)| *known == id);
    let (_, asked_at) = opened.ok_or(ConfirmCancelError::BadKey)?;
    let mut conn = shop.db.read().await.map_err(ChangeOrderError::from)?;
    let events = db::order::list_events(&mut conn, id).await.map_err(ChangeOrderError::from)?;
    drop(conn);
    let is_asked =
        |event: &&OrderEvent| event.kind == CANCEL_ASKED && event.happened_at == asked_at;
    let asked = events.iter().find(is_asked).ok_or(ConfirmCancelError::BadKey)?;
    let canceling = |order: &mut Order, at| Ok(order.cancel_unpaid(at)?);
    Ok(cancel_with(shop, id, "customer", &asked.note, canceling).await?)
}

async fn cancel_with(
    shop: &Shop,
    id: OrderId,
    actor: &str,
    reason: &str,
    cancel: impl Fn(&mut Order, Timestamp) -> Result<Vec<SkuQuantity>, ChangeOrderError>,
) -> Result<(), ChangeOrderError> {
    use_case("cancel-order", || async {
        let at = shop.clock.now();
        let mut tx = shop.db.write().await?;
        let Versioned { mut order, version } = find(&mut tx, id).await?;
        let given_back = cancel(&mut order, at)?;
        save(&mut tx, &order, version).await?;
        move_stock(shop, &mut tx, &order, &given_back, StockMove::Release, at).await?;
        jobs::push(&mut tx, &SendOrderMail::canceled(id), at).await?;
        note(&mut tx, id, "canceled", actor, reason, at).await?;
        webhook::tell(&mut tx, &[Event::canceled(&order)], at).await?;
        tx.commit().await?;
        Ok(())
    })
    .await
}

/// A parcel that staff packed.
#[derive(Clone, Debug)]
pub struct Packed {
    pub lines: Vec<LineQuantity>,
    pub carrier: String,
    pub tracking_number: String,
}

/// Sends a parcel: its units leave the stock, and the buyer is told.
pub async fn ship(
    shop: &Shop,
    id: OrderId,
    packed: &Packed,
    actor: &str,
) -> Result<(), ChangeOrderError> {
    use_case("ship-order", || async {
        let at = shop.clock.now();
        let mut tx = shop.db.write().await?;
        let Versioned { mut order, version } = find(&mut tx, id).await?;
        let shipment = ShipmentId(Uuid::now_v7());
        let leaving = order.ship(
            shipment,
            packed.lines.clone(),
            &packed.carrier,
            &packed.tracking_number,
            at,
        )?;
        save(&mut tx, &order, version).await?;
        let sent = order.shipments.last().expect("`Order::ship` has added the parcel");
        db::order::insert_shipment(&mut tx, id, sent).await?;
        move_stock(shop, &mut tx, &order, &leaving, StockMove::Ship, at).await?;
        jobs::push(&mut tx, &SendOrderMail::shipped(id, shipment), at).await?;
        let text = format!("{} {}", packed.carrier, packed.tracking_number);
        note(&mut tx, id, "shipped", actor, text.trim(), at).await?;
        let sent = order.shipments.last().expect("`Order::ship` has added the parcel");
        webhook::tell(&mut tx, &[Event::shipped(&order, sent)], at).await?;
        tx.commit().await?;
        Ok(())
    })
    .await
}

/// Sends the confirmation once more.
pub async fn mail_again(shop: &Shop, id: OrderId, actor: &str) -> Result<(), ChangeOrderError> {
    let at = shop.clock.now();
    use_case("mail-order-again", || async {
        let mut tx = shop.db.write().await?;
        let Versioned { order, .. } = find(&mut tx, id).await?;
        jobs::push(&mut tx, &SendOrderMail::again(id, at), at).await?;
        note(&mut tx, id, "mailed", actor, order.email.as_str(), at).await?;
        tx.commit().await?;
        Ok(())
    })
    .await
}

/// One page of the orders that staff look for, newest first, and how many there are in all.
pub async fn list(
    shop: &Shop,
    filter: &OrderFilter,
    limit: u32,
    offset: u32,
) -> Result<(Vec<OrderSummary>, u32), DbError> {
    let mut conn = shop.db.read().await?;
    let n_found = db::order::count(&mut conn, filter).await?;
    Ok((db::order::list(&mut conn, filter, limit, offset).await?, n_found))
}

/// An order and its history, oldest event first.
pub async fn find_with_history(
    shop: &Shop,
    id: OrderId,
) -> Result<Option<(Order, Vec<OrderEvent>)>, DbError> {
    let mut conn = shop.db.read().await?;
    let Some(found) = db::order::find(&mut conn, id).await? else { return Ok(None) };
    Ok(Some((found.order, db::order::list_events(&mut conn, id).await?)))
}

/// A page of the orders that programs look for, and how many there are in all.
pub async fn search(
    shop: &Shop,
    wanted: &Search,
    limit: u32,
    offset: u32,
) -> Result<(Vec<Found>, u32), DbError> {
    db::order::search(&mut shop.db.read().await?, wanted, limit, offset).await
}

/// The orders within some bounds, oldest first.
pub async fn list_entities(shop: &Shop, filter: &EntityFilter) -> Result<Vec<OrderId>, DbError> {
    db::order::list_entities(&mut shop.db.read().await?, filter).await
}

/// The orders of which parcels have left, within the bounds of their numbers, oldest first.
pub async fn list_shipped(shop: &Shop, filter: &EntityFilter) -> Result<Vec<OrderId>, DbError> {
    db::order::list_shipped(&mut shop.db.read().await?, filter).await
}

/// Some orders with their numbers and histories, oldest first.
pub async fn find_entities(shop: &Shop, ids: &[OrderId]) -> Result<Vec<Entity>, DbError> {
    db::order::find_entities(&mut shop.db.read().await?, ids).await
}

/// The order that goes by a number, with its history.
pub async fn find_entity(shop: &Shop, entity: i64) -> Result<Option<Entity>, DbError> {
    let mut conn = shop.db.read().await?;
    match db::order::find_by_entity(&mut conn, entity).await? {
        Some(id) => Ok(db::order::find_entities(&mut conn, &[id]).await?.pop()),
        None => Ok(None),
    }
}

/// The number that an order goes by.
pub async fn entity_of(shop: &Shop, id: OrderId) -> Result<Option<i64>, DbError> {
    db::order::entity_of(&mut shop.db.read().await?, id).await
}

/// Writes a note into the history of an order, for staff to read.
pub async fn comment(
    shop: &Shop,
    id: OrderId,
    actor: &str,
    text: &str,
) -> Result<(), ChangeOrderError> {
    let at = shop.clock.now();
    use_case("comment-order", || async {
        let mut tx = shop.db.write().await?;
        find(&mut tx, id).await?;
        note(&mut tx, id, "noted", actor, text, at).await?;
        tx.commit().await?;
        Ok(())
    })
    .await
}

/// What waits for staff.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pending {
    pub n_placed_today: u32,
    pub n_to_ship: u32,
    pub n_awaiting_payment: u32,
}

/// Counts what waits for staff; `today` is when their day began.
pub async fn pending(shop: &Shop, today: Timestamp) -> Result<Pending, DbError> {
    let mut conn = shop.db.read().await?;
    let placed_today = OrderFilter { placed_from: Some(today), ..OrderFilter::default() };
    let task = |task| OrderFilter { task: Some(task), ..OrderFilter::default() };
    let awaiting = task(OrderTask::AwaitPayment);
    Ok(Pending {
        n_placed_today: db::order::count(&mut conn, &placed_today).await?,
        n_to_ship: db::order::count(&mut conn, &task(OrderTask::Ship)).await?,
        n_awaiting_payment: db::order::count(&mut conn, &awaiting).await?,
    })
}

async fn find(tx: &mut db::Tx, id: OrderId) -> Result<Versioned, ChangeOrderError> {
    db::order::find(tx, id).await?.ok_or(ChangeOrderError::NotFound)
}

async fn save(tx: &mut db::Tx, order: &Order, version: u32) -> Result<(), ChangeOrderError> {
    if db::order::update(tx, order, version).await? { Ok(()) } else { Err(ChangeOrderError::Busy) }
}

async fn move_stock(
    shop: &Shop,
    tx: &mut db::Tx,
    order: &Order,
    quantities: &[SkuQuantity],
    kind: StockMove,
    at: Timestamp,
) -> Result<(), ChangeOrderError> {
    let source = &shop.settings().source;
    let mut moves = Vec::new();
    for SkuQuantity { sku, quantity } in quantities {
        let minus = -i64::from(*quantity);
        let (moved, change) = match kind {
            StockMove::Ship => (db::stock::ship(tx, source, sku, *quantity).await?, (minus, minus)),
            _ => (db::stock::release(tx, source, sku, *quantity).await?, (0, minus)),
        };
        if !moved {
            let reason = format!("{sku} was not promised to {}", order.number.as_str());
            return Err(DbError::Corrupt { table: "stock", reason }.into());
        }
        db::stock::log(tx, source, sku, kind, change, Some(order.id), at).await?;
        moves.push(Event::stock_changed(sku, kind, change));
    }
    webhook::tell(tx, &moves, at).await?;
    let mut products: Vec<Uuid> = order.lines.iter().map(|line| line.product.0).collect();
    products.sort_unstable();
    products.dedup();
    for product in products {
        let change = Change { topic: Topic::Product, subject: Some(product) };
        db::change::push(tx, change, at).await?;
    }
    Ok(())
}

async fn note(
    tx: &mut db::Tx,
    id: OrderId,
    kind: &str,
    actor: &str,
    note: &str,
    at: Timestamp,
) -> Result<(), DbError> {
    let event = OrderEvent {
        kind: kind.to_owned(),
        actor: actor.to_owned(),
        note: note.to_owned(),
        happened_at: at,
    };
    db::order::insert_event(tx, id, &event).await
}

/// The token of an order's own page: whoever has it, such as by mail, may look at the order.
pub fn access_token(shop: &Shop, id: OrderId) -> String {
    shop.key.sign(Purpose::Order, id.0.as_bytes())
}

/// Which order a token opens.
pub fn open_token(shop: &Shop, token: &str) -> Option<OrderId> {
    let bytes = shop.key.verify(Purpose::Order, token)?;
    Uuid::from_slice(&bytes).ok().map(OrderId)
}
