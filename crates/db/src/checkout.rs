//! What a buyer has said so far about the order that a cart is to become.

use commerce::cart::{Cart, CartId};
use commerce::customer::{Address, Email};
use commerce::payment::PaymentMethodCode;
use commerce::shipment::ShippingMethodCode;
use jiff::Timestamp;
use uuid::Uuid;

use crate::cart::{CartRow, CartState};
use crate::engine::{execute, fetch_all, fetch_optional};
use crate::{Conn, DbError, Tx, json, parsed};

const TABLE: &str = "checkouts";

/// The answers to a checkout's questions, as they come in one by one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkout {
    pub cart: CartId,
    /// What the cart is called outside: 32 characters that nobody can guess.
    pub mask: String,
    pub email: Option<Email>,
    pub delivery: Option<Address>,
    pub billing: Option<Address>,
    pub shipping: Option<ShippingMethodCode>,
    pub payment: Option<PaymentMethodCode>,
}

#[derive(sqlx::FromRow)]
struct CheckoutRow {
    cart_id: Uuid,
    mask: String,
    email: Option<String>,
    delivery: Option<String>,
    billing: Option<String>,
    shipping_method: Option<String>,
    payment_method: Option<String>,
}

impl CheckoutRow {
    fn read(self) -> Result<Checkout, DbError> {
        let email = |text: String| parsed(TABLE, "an e-mail address", Email::new(&text));
        let address = |text: String| json::read_address(TABLE, &text);
        let shipping = |text: String| parsed(TABLE, &text, ShippingMethodCode::new(text.as_str()));
        let payment = |text: String| parsed(TABLE, &text, PaymentMethodCode::new(text.as_str()));
        Ok(Checkout {
            cart: CartId(self.cart_id),
            mask: self.mask,
            email: self.email.map(email).transpose()?,
            delivery: self.delivery.map(address).transpose()?,
            billing: self.billing.map(address).transpose()?,
            shipping: self.shipping_method.map(shipping).transpose()?,
            payment: self.payment_method.map(payment).transpose()?,
        })
    }
}

/// Begins a checkout; [`DbError::Taken`] when the cart has one or the mask is another cart's.
pub async fn insert(tx: &mut Tx, cart: CartId, mask: &str) -> Result<(), DbError> {
    execute!(tx, "INSERT INTO checkouts (cart_id, mask) VALUES (?, ?)", cart.0, mask);
    Ok(())
}

/// Forgets what was said of carts that became orders before `before`, a thousand at most: the order
/// has what it needs of it.
pub async fn prune(tx: &mut Tx, before: Timestamp) -> Result<usize, DbError> {
    let old = fetch_all!(
        tx,
        (Uuid,),
        "SELECT checkouts.cart_id FROM checkouts JOIN carts ON carts.id = checkouts.cart_id \
         WHERE carts.state = 'ordered' AND carts.updated_at < ? LIMIT 1000",
        before.as_microsecond(),
    );
    for (id,) in &old {
        execute!(tx, "DELETE FROM checkouts WHERE cart_id = ?", *id);
    }
    Ok(old.len())
}

/// Forgets a checkout, so that its mask leads nowhere.
pub async fn delete(tx: &mut Tx, cart: CartId) -> Result<bool, DbError> {
    Ok(execute!(tx, "DELETE FROM checkouts WHERE cart_id = ?", cart.0) == 1)
}

pub async fn set_email(tx: &mut Tx, cart: CartId, email: &Email) -> Result<(), DbError> {
    execute!(tx, "UPDATE checkouts SET email = ? WHERE cart_id = ?", email.as_str(), cart.0);
    Ok(())
}

pub async fn set_delivery(tx: &mut Tx, cart: CartId, address: &Address) -> Result<(), DbError> {
    let address = json::write_address(address);
    execute!(tx, "UPDATE checkouts SET delivery = ? WHERE cart_id = ?", address.as_str(), cart.0);
    Ok(())
}

pub async fn set_billing(tx: &mut Tx, cart: CartId, address: &Address) -> Result<(), DbError> {
    let address = json::write_address(address);
    execute!(tx, "UPDATE checkouts SET billing = ? WHERE cart_id = ?", address.as_str(), cart.0);
    Ok(())
}

pub async fn set_shipping(
    tx: &mut Tx,
    cart: CartId,
    method: &ShippingMethodCode,
) -> Result<(), DbError> {
    execute!(
        tx,
        "UPDATE checkouts SET shipping_method = ? WHERE cart_id = ?",
        method.as_str(),
        cart.0,
    );
    Ok(())
}

pub async fn set_payment(
    tx: &mut Tx,
    cart: CartId,
    method: &PaymentMethodCode,
) -> Result<(), DbError> {
    execute!(
        tx,
        "UPDATE checkouts SET payment_method = ? WHERE cart_id = ?",
        method.as_str(),
        cart.0,
    );
    Ok(())
}

pub async fn find(conn: &mut Conn, cart: CartId) -> Result<Option<Checkout>, DbError> {
    let row = fetch_optional!(
        conn,
        CheckoutRow,
        "SELECT cart_id, mask, email, delivery, billing, shipping_method, payment_method \
         FROM checkouts WHERE cart_id = ?",
        cart.0,
    );
    row.map(CheckoutRow::read).transpose()
}

/// A line of a cart beside its cart and checkout; no SKU when the cart is empty.
#[derive(sqlx::FromRow)]
struct OpenRow {
    #[sqlx(flatten)]
    checkout: CheckoutRow,
    #[sqlx(flatten)]
    cart: CartRow,
    sku: Option<String>,
    quantity: Option<i64>,
}

/// The cart that a mask names, with its checkout; one statement, because each step asks for it.
pub async fn find_by_mask(
    conn: &mut Conn,
    mask: &str,
) -> Result<Option<(Checkout, Cart, CartState)>, DbError> {
    // Masks are ASCII, and MySQL refuses to compare them with anything else.
    if !mask.is_ascii() {
        return Ok(None);
    }
    let rows = fetch_all!(
        conn,
        OpenRow,
        "SELECT k.cart_id, k.mask, k.email, k.delivery, k.billing, k.shipping_method, \
         k.payment_method, c.channel, c.locale, c.customer_id, c.state, c.version, l.sku, \
         l.quantity FROM checkouts k JOIN carts c ON c.id = k.cart_id \
         LEFT JOIN cart_lines l ON l.cart_id = c.id WHERE k.mask = ? ORDER BY l.position",
        mask,
    );
    let mut first = None;
    let mut lines = Vec::with_capacity(rows.len());
    for OpenRow { checkout, cart, sku, quantity } in rows {
        first.get_or_insert((checkout, cart));
        lines.extend(sku.zip(quantity));
    }
    let Some((checkout, cart)) = first else { return Ok(None) };
    let checkout = checkout.read()?;
    let (cart, state) = cart.read(checkout.cart, lines)?;
    Ok(Some((checkout, cart, state)))
}
