//! Carts.

use commerce::cart::{Cart, CartId, CartLine};
use commerce::channel::{ChannelCode, Locale};
use commerce::customer::CustomerId;
use jiff::Timestamp;
use uuid::Uuid;

use crate::engine::{execute, fetch_all, fetch_optional};
use crate::{Conn, DbError, Tx, narrow, parsed, sku};

/// A line beside its cart; no SKU when the cart is empty.
#[derive(sqlx::FromRow)]
struct CartAndLineRow {
    #[sqlx(flatten)]
    cart: CartRow,
    sku: Option<String>,
    quantity: Option<i64>,
}

#[derive(sqlx::FromRow)]
pub(crate) struct CartRow {
    channel: String,
    locale: String,
    customer_id: Option<Uuid>,
    state: String,
    version: i64,
}

/// Whether a cart can still be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CartState {
    Open,
    /// It became an order.
    Ordered,
}

pub async fn insert(tx: &mut Tx, cart: &Cart, at: Timestamp) -> Result<(), DbError> {
    execute!(
        tx,
        "INSERT INTO carts (id, channel, locale, customer_id, state, version, created_at, \
         updated_at) VALUES (?, ?, ?, ?, 'open', ?, ?, ?)",
        cart.id.0,
        cart.channel.as_str(),
        cart.locale.as_str(),
        cart.customer.map(|customer| customer.0),
        cart.version,
        at.as_microsecond(),
        at.as_microsecond(),
    );
    insert_lines(tx, cart).await
}

async fn insert_lines(tx: &mut Tx, cart: &Cart) -> Result<(), DbError> {
    for (position, line) in (0_i64..).zip(&cart.lines) {
        execute!(
            tx,
            "INSERT INTO cart_lines (cart_id, position, sku, quantity) VALUES (?, ?, ?, ?)",
            cart.id.0,
            position,
            line.sku.as_str(),
            line.quantity,
        );
    }
    Ok(())
}

/// Saves a changed cart; `false` when somebody changed it since it was read, or ordered it.
pub async fn update(tx: &mut Tx, cart: &Cart, at: Timestamp) -> Result<bool, DbError> {
    let updated = execute!(
        tx,
        "UPDATE carts SET locale = ?, customer_id = ?, version = version + 1, updated_at = ? \
         WHERE id = ? AND version = ? AND state = 'open'",
        cart.locale.as_str(),
        cart.customer.map(|customer| customer.0),
        at.as_microsecond(),
        cart.id.0,
        cart.version,
    );
    if updated == 0 {
        return Ok(false);
    }
    execute!(tx, "DELETE FROM cart_lines WHERE cart_id = ?", cart.id.0);
    insert_lines(tx, cart).await?;
    Ok(true)
}

/// Closes an open cart, so that it becomes one order and no second; `false` when it is not open.
pub async fn close(tx: &mut Tx, cart: CartId, at: Timestamp) -> Result<bool, DbError> {
    let closed = execute!(
        tx,
        "UPDATE carts SET state = 'ordered', version = version + 1, updated_at = ? \
         WHERE id = ? AND state = 'open'",
        at.as_microsecond(),
        cart.0,
    );
    Ok(closed == 1)
}

pub async fn find(conn: &mut Conn, id: CartId) -> Result<Option<(Cart, CartState)>, DbError> {
    let rows = fetch_all!(
        conn,
        CartAndLineRow,
        "SELECT c.channel, c.locale, c.customer_id, c.state, c.version, l.sku, l.quantity \
         FROM carts c LEFT JOIN cart_lines l ON l.cart_id = c.id \
         WHERE c.id = ? ORDER BY l.position",
        id.0,
    );
    let mut cart = None;
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        cart.get_or_insert(row.cart);
        lines.extend(row.sku.zip(row.quantity));
    }
    cart.map(|cart| cart.read(id, lines)).transpose()
}

impl CartRow {
    pub(crate) fn read(
        self,
        id: CartId,
        lines: Vec<(String, i64)>,
    ) -> Result<(Cart, CartState), DbError> {
        let state = match self.state.as_str() {
            "open" => CartState::Open,
            "ordered" => CartState::Ordered,
            other => return Err(DbError::corrupt("carts", format!("state {other:?}"))),
        };
        let lines = lines
            .into_iter()
            .map(|(text, quantity)| {
                let table = "cart_lines";
                Ok(CartLine { sku: sku(table, &text)?, quantity: narrow(table, quantity)? })
            })
            .collect::<Result<_, DbError>>()?;
        let cart = Cart {
            id,
            channel: parsed("carts", &self.channel, ChannelCode::new(self.channel.as_str()))?,
            locale: parsed("carts", &self.locale, Locale::new(&self.locale))?,
            customer: self.customer_id.map(CustomerId),
            version: narrow("carts", self.version)?,
            lines,
        };
        Ok((cart, state))
    }
}

/// The open cart that a customer touched last.
pub async fn find_of_customer(
    conn: &mut Conn,
    customer: CustomerId,
) -> Result<Option<CartId>, DbError> {
    let row = fetch_optional!(
        conn,
        (Uuid,),
        "SELECT id FROM carts WHERE customer_id = ? AND state = 'open' \
         ORDER BY updated_at DESC LIMIT 1",
        customer.0,
    );
    Ok(row.map(|(id,)| CartId(id)))
}

/// Deletes the open carts of a customer.
pub async fn delete_of_customer(tx: &mut Tx, customer: CustomerId) -> Result<(), DbError> {
    let open = fetch_all!(
        tx,
        (Uuid,),
        "SELECT id FROM carts WHERE customer_id = ? AND state = 'open' ORDER BY id",
        customer.0,
    );
    for (id,) in open {
        delete_open(tx, id).await?;
    }
    Ok(())
}

/// Forgets open carts that nobody touched since `before`, a thousand at most.
pub async fn prune(tx: &mut Tx, before: Timestamp) -> Result<usize, DbError> {
    let old = fetch_all!(
        tx,
        (Uuid,),
        "SELECT id FROM carts WHERE state = 'open' AND updated_at < ? LIMIT 1000",
        before.as_microsecond(),
    );
    for (id,) in &old {
        delete_open(tx, *id).await?;
    }
    Ok(old.len())
}

async fn delete_open(tx: &mut Tx, id: Uuid) -> Result<(), DbError> {
    execute!(tx, "DELETE FROM cart_lines WHERE cart_id = ?", id);
    execute!(tx, "DELETE FROM checkouts WHERE cart_id = ?", id);
    execute!(tx, "DELETE FROM carts WHERE id = ? AND state = 'open'", id);
    Ok(())
}
