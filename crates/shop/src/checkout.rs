//! From a cart to an order.

use commerce::cart::{CartId, Delivery, PriceCartError, Totals};
use commerce::catalog::Sku;
use commerce::channel::Country;
use commerce::money::Money;
use commerce::order::{Agreement, Buyer, Order, OrderId, OrderNumber};
use commerce::payment::PaymentMethodCode;
use commerce::shipment::{Parcel, ShippingMethod, ShippingMethodCode};
use commerce::stock::StockMove;
use db::DbError;
use db::cart::CartState;
use db::change::{Change, Topic};
use db::order::OrderEvent;
use uuid::Uuid;

pub mod steps;

use crate::cart::{CartView, LineProblem, ViewCartError};
use crate::jobs::{self, SendOrderMail};
use crate::settings::Settings;
use crate::webhook::{self, Event};
use crate::{MayRetry, Shop, use_case};

/// Below this many units a page says how many are left, so it must hear of each one sold.
pub const LOW_STOCK: u32 = 5;

/// A way to deliver this cart, with its price in the channel's tax basis.
#[derive(Clone, Debug)]
pub struct ShippingOption {
    pub method: ShippingMethod,
    pub delivery: Delivery,
}

/// The ways to deliver a cart to an address, in the merchant's order.
pub fn shipping_options(
    settings: &Settings,
    view: &CartView,
    country: Country,
    postcode: &str,
) -> Vec<ShippingOption> {
    let basis = |price: commerce::price::Price| {
        if settings.channel.prices_include_tax {
            price.gross().unwrap_or(price.net)
        } else {
            price.net
        }
    };
    let items = basis(view.totals.items);
    let discount = basis(view.totals.discount);
    let total = items.minus(discount).unwrap_or(items);
    let parcel = Parcel { country, postcode, weight_grams: view.weight_grams, total };
    settings
        .shipping
        .iter()
        .filter_map(|method| {
            let price = method.rule.price(&parcel)?;
            let delivery = Delivery { price, tax_class: method.tax_class.clone() };
            Some(ShippingOption { method: method.clone(), delivery })
        })
        .collect()
}

/// The country whose rates apply: where the goods change hands, which is at the merchant's when
/// they are collected.
pub fn tax_country(settings: &Settings, by: &ShippingMethodCode, delivery: Country) -> Country {
    let method = settings.shipping.iter().find(|method| method.code == *by);
    match method {
        Some(method) if method.rule.is_pick_up() => settings.channel.country,
        _ => delivery,
    }
}

/// What a cart comes to with a delivery.
pub fn totals_with(
    shop: &Shop,
    view: &CartView,
    delivery: &Delivery,
    country: Country,
) -> Result<Totals, PriceCartError> {
    let settings = shop.settings();
    crate::cart::price(&settings, &view.offered(), Some(delivery), country, shop.clock.now())
}

/// The version of the terms that whoever buys now accepts; 0 before any are published.
pub fn terms_version(shop: &Shop) -> u32 {
    let pages = shop.pages();
    let terms = pages.iter().find(|page| page.code.as_str() == "terms" && page.is_published);
    terms.map_or(0, |page| page.version)
}

/// What a buyer decided.
#[derive(Clone, Debug)]
pub struct Placement {
    pub cart: CartId,
    /// The version of the cart that the buyer saw; the truth must still be that one.
    pub cart_version: Option<u32>,
    pub buyer: Buyer,
    pub shipping: ShippingMethodCode,
    pub payment: PaymentMethodCode,
    /// The total, tax included, that stood above the button; the truth must still agree.
    pub agreed_total: Option<Money>,
}

/// Why an order was not placed. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum PlaceOrderError {
    #[error("there is no such cart")]
    NoCart,
    /// Something was put in or taken out since the buyer saw it.
    #[error("the cart has changed")]
    CartChanged,
    #[error("the cart is empty")]
    EmptyCart,
    #[error("{0} is not sold any more")]
    NotSold(Sku),
    #[error("{0} is out of stock")]
    OutOfStock(Sku),
    #[error("this way to deliver is not offered for this address")]
    ShippingNotOffered,
    #[error("this way to pay is not offered")]
    PaymentNotOffered,
    #[error("we do not deliver to this country")]
    CountryNotServed,
    /// The price changed since the buyer saw it; the new total is inside.
    #[error("the total has become {}", .0.to_decimal())]
    TotalChanged(Money),
    #[error(transparent)]
    Price(#[from] PriceCartError),
    #[error("the shop could not be reached")]
    Db(#[from] DbError),
}

impl From<ViewCartError> for PlaceOrderError {
    fn from(error: ViewCartError) -> Self {
        match error {
            ViewCartError::Price(error) => Self::Price(error),
            ViewCartError::Db(error) => Self::Db(error),
        }
    }
}

impl MayRetry for PlaceOrderError {}

/// Turns an open cart into an order and promises its stock, or changes nothing.
///
/// A cart makes one order: placing it again, from a second click or after a lost answer, gives
/// the first order back. Stock is promised in SKU order, so two checkouts that share products
/// cannot lock each other out; the order's number is taken last, because whoever holds it makes
/// the others wait.
pub async fn place_order(shop: &Shop, wanted: &Placement) -> Result<OrderId, PlaceOrderError> {
    Ok(match use_case("place-order", || place_once(shop, wanted)).await? {
        Placed::Now(order) => order.id,
        Placed::Before(id) => id,
    })
}

/// The order that a cart has become.
enum Placed {
    Now(Box<Order>),
    /// By an earlier try.
    Before(OrderId),
}

async fn place_once(shop: &Shop, wanted: &Placement) -> Result<Placed, PlaceOrderError> {
    let settings = shop.settings();
    let at = shop.clock.now();
    let country = wanted.buyer.delivery.country;
    let mut tx = shop.db.write().await?;

    if !db::cart::close(&mut tx, wanted.cart, at).await? {
        let placed = db::order::find_by_cart(&mut tx, wanted.cart).await?;
        return placed.map(Placed::Before).ok_or(PlaceOrderError::NoCart);
    }
    let found = db::cart::find(&mut tx, wanted.cart).await?;
    let Some((mut cart, CartState::Ordered)) = found else { return Err(PlaceOrderError::NoCart) };
    // Closing it counts as one more version.
    if wanted.cart_version.is_some_and(|seen| seen.checked_add(1) != Some(cart.version)) {
        return Err(PlaceOrderError::CartChanged);
    }
    if cart.lines.is_empty() {
        return Err(PlaceOrderError::EmptyCart);
    }
    if !settings.channel.ships_to.contains(&country) {
        return Err(PlaceOrderError::CountryNotServed);
    }
    cart.locale = wanted.buyer.locale;
    let taxed_in = tax_country(&settings, &wanted.shipping, country);
    let view = crate::cart::load(&mut tx, &settings, cart, taxed_in, at).await?;
    for line in &view.lines {
        match line.problem {
            Some(LineProblem::NotSold) => return Err(PlaceOrderError::NotSold(line.sku.clone())),
            Some(LineProblem::NotEnough { .. }) => {
                return Err(PlaceOrderError::OutOfStock(line.sku.clone()));
            }
            None => {}
        }
    }

    let options = shipping_options(&settings, &view, country, &wanted.buyer.delivery.postcode);
    let shipping = options
        .into_iter()
        .find(|option| option.method.code == wanted.shipping)
        .ok_or(PlaceOrderError::ShippingNotOffered)?;
    let payment = settings
        .payments
        .iter()
        .find(|method| method.code == wanted.payment)
        .ok_or(PlaceOrderError::PaymentNotOffered)?;
    let lines = view.offered();
    let totals = crate::cart::price(&settings, &lines, Some(&shipping.delivery), taxed_in, at)?;
    let total = totals.total.gross().map_err(PriceCartError::from)?;
    if !payment.takes(total) {
        return Err(PlaceOrderError::PaymentNotOffered);
    }
    if wanted.agreed_total.is_some_and(|agreed| agreed != total) {
        return Err(PlaceOrderError::TotalChanged(total));
    }

    let agreed = Agreement {
        cart: wanted.cart,
        channel: &settings.channel,
        buyer: &wanted.buyer,
        lines: &lines,
        totals: &totals,
        shipping: &shipping.method,
        delivery: &shipping.delivery,
        payment,
    };
    let id = OrderId(Uuid::now_v7());
    let mut events = allocate(&mut tx, &settings, id, agreed, at).await?;
    jobs::push(&mut tx, &SendOrderMail::placed(id), at).await?;
    let event = OrderEvent {
        kind: "placed".into(),
        actor: "customer".into(),
        note: String::new(),
        happened_at: at,
    };
    db::order::insert_event(&mut tx, id, &event).await?;

    let sequence = format!("orders:{}", settings.channel.code);
    let number = db::next_number(&mut tx, &sequence).await?;
    let number = u64::try_from(number)
        .map_err(|_| DbError::Corrupt { table: "sequences", reason: sequence })?;
    let number = OrderNumber::new(&settings.channel.order_prefix, number);
    let order = Order::place(id, number, agreed, at);
    db::order::insert(&mut tx, &order).await?;
    events.push(Event::placed(&order));
    webhook::tell(&mut tx, &events, at).await?;
    tx.commit().await?;
    Ok(Placed::Now(Box::new(order)))
}

/// Promises the stock of an order, and tells the read side where shoppers will see a difference.
/// Gives what became of the stock.
async fn allocate(
    tx: &mut db::Tx,
    settings: &Settings,
    order: OrderId,
    agreed: Agreement<'_>,
    at: jiff::Timestamp,
) -> Result<Vec<Event>, PlaceOrderError> {
    let mut wanted: Vec<_> =
        agreed.lines.iter().map(|line| (&line.sku, line.quantity, line.product)).collect();
    wanted.sort_unstable();
    let source = &settings.source;
    let mut moves = Vec::new();
    for &(sku, quantity, _) in &wanted {
        if !db::stock::allocate(tx, source, sku, quantity).await? {
            return Err(PlaceOrderError::OutOfStock(sku.clone()));
        }
        let change = (0, i64::from(quantity));
        let kind = StockMove::Allocate;
        db::stock::log(tx, source, sku, kind, change, Some(order), at).await?;
        moves.push(Event::stock_changed(sku, kind, change));
    }
    let skus: Vec<Sku> = wanted.iter().map(|(sku, ..)| (*sku).clone()).collect();
    let levels = db::stock::find_many(tx, source, &skus).await?;
    for (sku, _, product) in wanted {
        if levels.get(sku).is_some_and(|level| level.available() <= LOW_STOCK) {
            let change = Change { topic: Topic::Product, subject: Some(product.0) };
            db::change::push(tx, change, at).await?;
        }
    }
    Ok(moves)
}
