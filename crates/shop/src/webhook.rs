//! Telling programs of others what happens: subscriptions, and the messages to each.
//!
//! A use case writes its messages as jobs, in its own transaction, one for each subscription. Those
//! about one order go through one lane, so that none overtakes another that is still being tried.

use commerce::catalog::{Product, Sku};
use commerce::money::Money;
use commerce::order::{Order, OrderId};
use commerce::shipment::Shipment;
use commerce::stock::StockMove;
use data_encoding::BASE64;
pub use db::job::KeyedState as MessageState;
pub use db::webhook::Webhook;
use db::{DbError, Tx};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::Sha256;
use uuid::Uuid;

use crate::jobs::{self, DeliverMessage, message_prefix};
use crate::ports::BadAddress;
use crate::secret::random;
use crate::{MayRetry, Shop, use_case};

/// What may be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    OrderPlaced,
    OrderPaid,
    OrderShipped,
    OrderCanceled,
    ProductChanged,
    StockChanged,
}

impl Topic {
    pub const ALL: [Self; 6] = [
        Self::OrderPlaced,
        Self::OrderPaid,
        Self::OrderShipped,
        Self::OrderCanceled,
        Self::ProductChanged,
        Self::StockChanged,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::OrderPlaced => "order.placed",
            Self::OrderPaid => "order.paid",
            Self::OrderShipped => "order.shipped",
            Self::OrderCanceled => "order.canceled",
            Self::ProductChanged => "product.changed",
            Self::StockChanged => "stock.changed",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.name() == name)
    }
}

/// Something that happened. It names nobody: who may know more asks for it.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    topic: Topic,
    order: Option<OrderId>,
    data: Value,
}

impl Event {
    pub(crate) fn placed(order: &Order) -> Self {
        Self::of_order(Topic::OrderPlaced, order, json!({}))
    }

    pub(crate) fn paid(order: &Order) -> Self {
        Self::of_order(Topic::OrderPaid, order, json!({}))
    }

    pub(crate) fn canceled(order: &Order) -> Self {
        Self::of_order(Topic::OrderCanceled, order, json!({}))
    }

    pub(crate) fn shipped(order: &Order, shipment: &Shipment) -> Self {
        let sku = |position| {
            let line = order.lines.iter().find(|line| line.position == position);
            line.map(|line| line.sku.as_str())
        };
        let items: Vec<Value> = shipment
            .lines
            .iter()
            .map(|part| json!({ "sku": sku(part.line), "qty": part.quantity }))
            .collect();
        let more = json!({
            "carrier": shipment.carrier,
            "track_number": shipment.tracking_number,
            "items": items,
        });
        Self::of_order(Topic::OrderShipped, order, json!({ "shipment": more }))
    }

    fn of_order(topic: Topic, order: &Order, mut data: Value) -> Self {
        data["increment_id"] = json!(order.number.as_str());
        let total = order.total.gross().ok();
        data["grand_total"] = json!(total.map(Money::to_decimal));
        data["order_currency_code"] = json!(order.currency.as_str());
        Self { topic, order: Some(order.id), data }
    }

    pub(crate) fn product_changed(product: &Product) -> Self {
        let skus: Vec<&str> = product.variants.iter().map(|it| it.sku.as_str()).collect();
        let data = json!({ "product_id": product.number, "skus": skus });
        Self { topic: Topic::ProductChanged, order: None, data }
    }

    /// By how much the units on hand and those promised to orders became more.
    pub(crate) fn stock_changed(
        sku: &Sku,
        kind: StockMove,
        (on_hand, allocated): (i64, i64),
    ) -> Self {
        let reason = match kind {
            StockMove::Receive => "receive",
            StockMove::Count => "count",
            StockMove::Allocate => "allocate",
            StockMove::Release => "release",
            StockMove::Ship => "ship",
        };
        let data = json!({
            "sku": sku.as_str(),
            "reason": reason,
            "on_hand_change": on_hand,
            "allocated_change": allocated,
        });
        Self { topic: Topic::StockChanged, order: None, data }
    }
}

/// Writes a message for each subscription to each event, in the transaction in which they happen.
pub(crate) async fn tell(tx: &mut Tx, events: &[Event], at: Timestamp) -> Result<(), DbError> {
    let webhooks = db::webhook::list_active(tx).await?;
    if webhooks.is_empty() {
        return Ok(());
    }
    for event in events {
        let topic = event.topic.name();
        let message = Uuid::now_v7();
        let body = json!({ "type": topic, "timestamp": at.to_string(), "data": event.data });
        for (webhook, _) in
            webhooks.iter().filter(|(_, topics)| topics.iter().any(|it| it == topic))
        {
            let work = DeliverMessage {
                webhook: *webhook,
                message,
                topic: topic.to_owned(),
                order: event.order.map(|order| order.0),
                body: body.to_string(),
            };
            jobs::push(tx, &work, at).await?;
        }
    }
    Ok(())
}

/// Why no subscription was made. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum SubscribeError {
    /// Not an address that this shop would send to.
    #[error(transparent)]
    BadUrl(#[from] BadAddress),
    #[error("no topic was chosen")]
    NoTopic,
    #[error("the shop could not be reached")]
    Db(#[from] DbError),
}

impl MayRetry for SubscribeError {}

/// What every secret begins with.
const SECRET_PREFIX: &str = "whsec_";
const LONGEST_URL: usize = 2_000;

/// Subscribes an address to topics and gives the secret that its messages are signed with. The
/// secret is not shown again.
pub async fn subscribe(
    shop: &Shop,
    url: &str,
    topics: &[Topic],
) -> Result<(Webhook, String), SubscribeError> {
    if url.len() > LONGEST_URL {
        return Err(BadAddress::NotAUrl.into());
    }
    shop.courier.check(url)?;
    if topics.is_empty() {
        return Err(SubscribeError::NoTopic);
    }
    let secret: [u8; 32] = random();
    let webhook = Webhook {
        id: Uuid::now_v7(),
        url: url.to_owned(),
        sealed_secret: shop.key.seal(&secret),
        topics: topics.iter().map(|topic| topic.name().to_owned()).collect(),
        is_active: true,
        created_at: shop.clock.now(),
    };
    use_case("subscribe-webhook", || async {
        let mut tx = shop.db.write().await?;
        db::webhook::insert(&mut tx, &webhook).await?;
        tx.commit().await
    })
    .await?;
    Ok((webhook, format!("{SECRET_PREFIX}{}", BASE64.encode(&secret))))
}

pub async fn list(shop: &Shop) -> Result<Vec<Webhook>, DbError> {
    db::webhook::list(&mut shop.db.read().await?).await
}

/// Switches a subscription on or off; `false` when it is gone. While it is off no messages are
/// written to it, and those that wait are given up.
pub async fn set_active(shop: &Shop, id: Uuid, is_active: bool) -> Result<bool, DbError> {
    use_case("switch-webhook", || async {
        let mut tx = shop.db.write().await?;
        let is_found = db::webhook::set_active(&mut tx, id, is_active).await?;
        tx.commit().await?;
        Ok(is_found)
    })
    .await
}

/// Ends a subscription; `false` when it is gone already. What waits for it is dropped.
pub async fn unsubscribe(shop: &Shop, id: Uuid) -> Result<bool, DbError> {
    use_case("unsubscribe-webhook", || async {
        let mut tx = shop.db.write().await?;
        let is_found = db::webhook::delete(&mut tx, id).await?;
        tx.commit().await?;
        Ok(is_found)
    })
    .await
}

/// A message to a subscription, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub id: Uuid,
    pub topic: String,
    pub body: String,
    pub state: MessageState,
    pub n_attempts: u32,
    /// When it is tried next, while it is open.
    pub run_at: Timestamp,
    pub last_error: String,
    pub created_at: Timestamp,
}

/// How many messages are looked at: those that are younger than 30 days, and no more than these.
const N_MESSAGES: u32 = 100;

/// A subscription and its messages, newest first.
pub async fn view(shop: &Shop, id: Uuid) -> Result<Option<(Webhook, Vec<Message>)>, DbError> {
    let mut conn = shop.db.read().await?;
    let Some(webhook) = db::webhook::find(&mut conn, id).await? else { return Ok(None) };
    let rows = db::job::list_last(&mut conn, &message_prefix(id), N_MESSAGES).await?;
    let message = |row: db::job::Watched| {
        let work: DeliverMessage = serde_json::from_str(&row.payload).ok()?;
        Some(Message {
            id: work.message,
            topic: work.topic,
            body: work.body,
            state: row.state,
            n_attempts: row.n_attempts,
            run_at: row.run_at,
            last_error: row.last_error,
            created_at: row.created_at,
        })
    };
    Ok(Some((webhook, rows.into_iter().filter_map(message).collect())))
}

/// Sends a message that has arrived or was given up once more, under the id that it had; `false`
/// while it waits, or when it is gone.
pub async fn replay(shop: &Shop, webhook: Uuid, message: Uuid) -> Result<bool, DbError> {
    let key = format!("{}{}", message_prefix(webhook), message.simple());
    use_case("replay-message", || async {
        let mut tx = shop.db.write().await?;
        let is_again = db::job::run_again(&mut tx, &key, shop.clock.now()).await?;
        tx.commit().await?;
        Ok(is_again)
    })
    .await
}

/// The value of `webhook-signature`, as Standard Webhooks has it; `None` when the secret was sealed
/// under another key.
pub(crate) fn sign(shop: &Shop, webhook: &Webhook, message: &str) -> Option<String> {
    let secret = shop.key.open(&webhook.sealed_secret)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&secret).expect("any length of key will do");
    mac.update(message.as_bytes());
    Some(format!("v1,{}", BASE64.encode(&mac.finalize().into_bytes())))
}
