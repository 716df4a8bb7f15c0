//! Checkout in steps, as the clients of the API take it: each answer is kept beside the cart until
//! the order is placed.

use std::collections::BTreeSet;

use commerce::cart::{Cart, CartId, Delivery, PriceCartError, Totals};
use commerce::catalog::Sku;
use commerce::channel::{Country, Locale};
use commerce::customer::{Address, CustomerId, Email};
use commerce::money::Money;
use commerce::order::{Buyer, Order, OrderId};
use commerce::payment::PaymentMethodCode;
use commerce::shipment::ShippingMethodCode;
use db::cart::CartState;
pub use db::checkout::Checkout;
use db::{Conn, DbError, Tx};
use uuid::Uuid;

use super::{PlaceOrderError, Placed, Placement, ShippingOption, shipping_options};
use crate::cart::{CartView, ChangeCartError, Goods};
use crate::settings::Settings;
use crate::{MayRetry, Shop, secret, use_case};

/// Why a cart was not opened by its mask. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum OpenCartError {
    #[error("there is no such cart")]
    NotFound,
    #[error("the cart became an order")]
    NotActive,
    #[error("the cart is a customer's")]
    NotYours,
    /// Somebody else changed it at the same moment, again and again.
    #[error("the cart was changed at the same time")]
    Busy,
    #[error(transparent)]
    Price(#[from] PriceCartError),
    #[error("the shop could not be reached")]
    Db(#[from] DbError),
}

impl MayRetry for OpenCartError {
    fn is_worth_retrying(&self) -> bool {
        match self {
            Self::Busy => true,
            Self::Db(error) => error.is_worth_retrying(),
            _ => false,
        }
    }
}

/// Why an answer was not kept. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    #[error(transparent)]
    Open(#[from] OpenCartError),
    #[error("the address of delivery is missing")]
    DeliveryMissing,
    #[error("this way to deliver is not offered for this address")]
    ShippingNotOffered,
}

impl From<DbError> for AnswerError {
    fn from(error: DbError) -> Self {
        Self::Open(OpenCartError::Db(error))
    }
}

impl MayRetry for AnswerError {
    fn is_worth_retrying(&self) -> bool {
        matches!(self, Self::Open(error) if error.is_worth_retrying())
    }
}

/// A cart with its checkout so far.
#[derive(Clone, Debug)]
pub struct Opened {
    pub checkout: Checkout,
    pub cart: Cart,
}

/// An opened cart as its owner sees it, priced from the truth for the address of delivery.
#[derive(Clone, Debug)]
pub struct StepView {
    pub checkout: Checkout,
    pub view: CartView,
    /// The ways to deliver it to the address that was given; none before that.
    pub options: Vec<ShippingOption>,
    /// The way that was chosen, if it is still offered.
    pub chosen: Option<ShippingOption>,
    /// What all comes to, with the chosen delivery.
    pub totals: Totals,
}

/// Begins a cart for a guest, or finds the one that a customer has.
///
/// `mask` is what the client wants to call it; 32 characters of its own choice.
pub async fn begin(
    shop: &Shop,
    customer: Option<CustomerId>,
    locale: Locale,
    mask: Option<&str>,
) -> Result<Checkout, DbError> {
    use_case("begin-cart", || async {
        let mut tx = shop.db.write().await?;
        if let Some(customer) = customer
            && let Some(id) = db::cart::find_of_customer(&mut tx, customer).await?
        {
            let checkout = of_cart(&mut tx, id, None).await?;
            tx.commit().await?;
            return Ok(checkout);
        }
        let cart = Cart {
            id: CartId(Uuid::now_v7()),
            channel: shop.settings().channel.code.clone(),
            locale,
            customer,
            version: 1,
            lines: Vec::new(),
        };
        db::cart::insert(&mut tx, &cart, shop.clock.now()).await?;
        let checkout = begin_checkout(&mut tx, cart.id, mask).await?;
        tx.commit().await?;
        Ok(checkout)
    })
    .await
}

/// The checkout of the cart that a customer has; `None` when they have none.
pub async fn of_customer(
    shop: &Shop,
    customer: CustomerId,
    locale: Locale,
) -> Result<Option<Checkout>, DbError> {
    let found = db::cart::find_of_customer(&mut shop.db.read().await?, customer).await?;
    match found {
        Some(_) => Ok(Some(begin(shop, Some(customer), locale, None).await?)),
        None => Ok(None),
    }
}

/// Whether a cart is called so already.
pub async fn is_taken(shop: &Shop, mask: &str) -> Result<bool, DbError> {
    let known = db::checkout::find_by_mask(&mut shop.db.read().await?, mask).await?;
    Ok(known.is_some())
}

/// The checkout of a cart, begun when it has none yet.
async fn of_cart(tx: &mut Tx, cart: CartId, mask: Option<&str>) -> Result<Checkout, DbError> {
    if let Some(known) = db::checkout::find(tx, cart).await? {
        return Ok(known);
    }
    begin_checkout(tx, cart, mask).await
}

async fn begin_checkout(
    tx: &mut Tx,
    cart: CartId,
    mask: Option<&str>,
) -> Result<Checkout, DbError> {
    let mask = match mask {
        Some(mask) => mask.to_owned(),
        None => data_encoding::HEXLOWER.encode(&secret::random::<16>()),
    };
    match db::checkout::insert(tx, cart, &mask).await {
        // Somebody else began it at the same moment; the next try finds it.
        Err(DbError::Taken(error)) => return Err(DbError::Contention(error)),
        begun => begun?,
    }
    Ok(Checkout {
        cart,
        mask,
        email: None,
        delivery: None,
        billing: None,
        shipping: None,
        payment: None,
    })
}

/// Finds an open cart by its mask. That of a guest opens to whoever knows the mask, that of a
/// customer to this customer alone.
pub async fn open(
    shop: &Shop,
    mask: &str,
    who: Option<CustomerId>,
) -> Result<Opened, OpenCartError> {
    let mut conn = shop.db.read().await?;
    find_open(&mut conn, mask, who).await
}

async fn find(
    conn: &mut Conn,
    mask: &str,
    who: Option<CustomerId>,
) -> Result<(Opened, CartState), OpenCartError> {
    let known = db::checkout::find_by_mask(conn, mask).await?;
    let (checkout, cart, state) = known.ok_or(OpenCartError::NotFound)?;
    if cart.customer.is_some() && cart.customer != who {
        return Err(OpenCartError::NotYours);
    }
    Ok((Opened { checkout, cart }, state))
}

async fn find_open(
    conn: &mut Conn,
    mask: &str,
    who: Option<CustomerId>,
) -> Result<Opened, OpenCartError> {
    match find(conn, mask, who).await? {
        (opened, CartState::Open) => Ok(opened),
        (_, CartState::Ordered) => Err(OpenCartError::NotActive),
    }
}

/// Looks at an open cart; see [`open`] for whom it opens to.
pub async fn view(
    shop: &Shop,
    mask: &str,
    who: Option<CustomerId>,
    locale: Locale,
) -> Result<StepView, OpenCartError> {
    let settings = shop.settings();
    let mut conn = shop.db.read().await?;
    let mut opened = find_open(&mut conn, mask, who).await?;
    opened.cart.locale = locale;
    let goods = goods_of(&mut conn, &settings, &opened.cart).await?;
    drop(conn);
    step(&settings, opened, &goods, shop.clock.now())
}

/// Where somebody asks what delivering their cart would cost, before they say where they live.
#[derive(Clone, Debug)]
pub struct Estimate {
    pub country: Country,
    pub postcode: String,
    pub shipping: Option<ShippingMethodCode>,
}

/// Looks at an open cart as if it went to this place; nothing is kept.
pub async fn estimate(
    shop: &Shop,
    mask: &str,
    who: Option<CustomerId>,
    locale: Locale,
    to: Estimate,
) -> Result<StepView, OpenCartError> {
    let settings = shop.settings();
    let mut conn = shop.db.read().await?;
    let mut opened = find_open(&mut conn, mask, who).await?;
    opened.cart.locale = locale;
    let nobody = Address {
        first_name: String::new(),
        last_name: String::new(),
        company: String::new(),
        street: String::new(),
        street_extra: String::new(),
        postcode: to.postcode,
        city: String::new(),
        country: to.country,
        phone: String::new(),
    };
    opened.checkout.delivery = Some(nobody);
    opened.checkout.shipping = to.shipping;
    let goods = goods_of(&mut conn, &settings, &opened.cart).await?;
    drop(conn);
    step(&settings, opened, &goods, shop.clock.now())
}

async fn goods_of(conn: &mut Conn, settings: &Settings, cart: &Cart) -> Result<Goods, DbError> {
    let skus: Vec<Sku> = cart.lines.iter().map(|line| line.sku.clone()).collect();
    Goods::read(conn, settings, &skus).await
}

/// Prices an opened cart for the address of delivery.
fn step(
    settings: &Settings,
    Opened { checkout, cart }: Opened,
    goods: &Goods,
    at: jiff::Timestamp,
) -> Result<StepView, OpenCartError> {
    let home = settings.channel.country;
    let country = checkout.delivery.as_ref().map_or(home, |address| address.country);
    let country = match &checkout.shipping {
        Some(by) => super::tax_country(settings, by, country),
        None => country,
    };
    let (country, view) = match goods.view(settings, cart.clone(), country, at) {
        // Not all that we sell has a rate in every country: there we do not deliver it.
        Err(PriceCartError::NoTaxRate(..)) if country != home => {
            (home, goods.view(settings, cart, home, at)?)
        }
        view => (country, view?),
    };
    complete(settings, checkout, view, country, at)
}

fn complete(
    settings: &Settings,
    checkout: Checkout,
    view: CartView,
    country: Country,
    at: jiff::Timestamp,
) -> Result<StepView, OpenCartError> {
    let options = match &checkout.delivery {
        Some(to) if !view.lines.is_empty() => {
            shipping_options(settings, &view, to.country, &to.postcode)
        }
        _ => Vec::new(),
    };
    let wanted = checkout.shipping.as_ref();
    let chosen = options.iter().find(|option| Some(&option.method.code) == wanted).cloned();
    let totals = match &chosen {
        Some(chosen) => {
            let delivery = Some(&chosen.delivery);
            crate::cart::price(settings, &view.offered(), delivery, country, at)?
        }
        None => view.totals.clone(),
    };
    Ok(StepView { checkout, view, options, chosen, totals })
}

/// What delivering a cart by one of its options costs, tax laid open.
pub fn delivery_price(
    shop: &Shop,
    delivery: &Delivery,
    country: Country,
) -> Result<commerce::price::Price, PriceCartError> {
    let at = shop.clock.now();
    Ok(crate::cart::price(&shop.settings(), &[], Some(delivery), country, at)?.shipping)
}

/// One answer of a buyer.
#[derive(Clone, Debug)]
pub enum Answer {
    Email(Email),
    /// Addresses were checked.
    Delivery(Address),
    Billing(Address),
    /// The invoice goes where the goods go.
    BillingIsDelivery,
    /// Refused when it is not offered for the address of delivery.
    Shipping(ShippingMethodCode),
    Payment(PaymentMethodCode),
}

/// Keeps what a buyer said beside an open cart, and looks at the cart with it.
///
/// Each answer has a column of its own, so that two that come at once do not undo each other.
pub async fn answer(
    shop: &Shop,
    mask: &str,
    who: Option<CustomerId>,
    locale: Locale,
    answers: &[Answer],
) -> Result<StepView, AnswerError> {
    let settings = shop.settings();
    use_case("answer-checkout", || async {
        let at = shop.clock.now();
        let mut tx = shop.db.write().await?;
        let mut opened = find_open(&mut tx, mask, who).await?;
        opened.cart.locale = locale;
        for answer in answers {
            keep(&mut tx, &mut opened.checkout, answer).await?;
        }
        let goods = goods_of(&mut tx, &settings, &opened.cart).await?;
        let step = step(&settings, opened, &goods, at)?;
        let has_shipping = answers.iter().any(|answer| matches!(answer, Answer::Shipping(_)));
        if has_shipping && step.chosen.is_none() {
            return Err(AnswerError::ShippingNotOffered);
        }
        tx.commit().await?;
        Ok(step)
    })
    .await
}

async fn keep(tx: &mut Tx, checkout: &mut Checkout, answer: &Answer) -> Result<(), AnswerError> {
    let cart = checkout.cart;
    match answer {
        Answer::Email(email) => {
            db::checkout::set_email(tx, cart, email).await?;
            checkout.email = Some(email.clone());
        }
        Answer::Delivery(to) => {
            db::checkout::set_delivery(tx, cart, to).await?;
            checkout.delivery = Some(to.clone());
        }
        Answer::Billing(of) => {
            db::checkout::set_billing(tx, cart, of).await?;
            checkout.billing = Some(of.clone());
        }
        Answer::BillingIsDelivery => {
            let of = checkout.delivery.clone().ok_or(AnswerError::DeliveryMissing)?;
            db::checkout::set_billing(tx, cart, &of).await?;
            checkout.billing = Some(of);
        }
        Answer::Shipping(by) => {
            if checkout.delivery.is_none() {
                return Err(AnswerError::DeliveryMissing);
            }
            db::checkout::set_shipping(tx, cart, by).await?;
            checkout.shipping = Some(by.clone());
        }
        Answer::Payment(by) => {
            db::checkout::set_payment(tx, cart, by).await?;
            checkout.payment = Some(by.clone());
        }
    }
    Ok(())
}

/// How many units of a SKU a cart is to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// So many more than it holds.
    More(u32),
    /// Just so many; none takes the line out.
    Exactly(u32),
}

/// Changes lines of an open cart and looks at it; a line that is refused keeps none of the others
/// from being changed.
///
/// The result has one entry for each of `lines`, in their order.
pub async fn change_lines(
    shop: &Shop,
    mask: &str,
    who: Option<CustomerId>,
    locale: Locale,
    lines: &[(Sku, Quantity)],
) -> Result<(StepView, Vec<Result<(), ChangeCartError>>), OpenCartError> {
    let settings = shop.settings();
    use_case("change-cart", || async {
        let at = shop.clock.now();
        let mut tx = shop.db.write().await?;
        let mut opened = find_open(&mut tx, mask, who).await?;
        let cart = &mut opened.cart;
        cart.locale = locale;
        let before = cart.lines.clone();
        let held = before.iter().map(|line| &line.sku);
        let skus: BTreeSet<&Sku> = held.chain(lines.iter().map(|(sku, _)| sku)).collect();
        let skus: Vec<Sku> = skus.into_iter().cloned().collect();
        let goods = Goods::read(&mut tx, &settings, &skus).await?;
        let set = |(sku, quantity): &(Sku, Quantity)| {
            let wanted = match quantity {
                Quantity::More(more) => cart.quantity(sku).saturating_add(*more),
                Quantity::Exactly(wanted) => *wanted,
            };
            goods.set(cart, sku, wanted)
        };
        let outcomes = lines.iter().map(set).collect();
        if opened.cart.lines != before {
            if !db::cart::update(&mut tx, &opened.cart, at).await? {
                return Err(OpenCartError::Busy);
            }
            opened.cart.version += 1;
        }
        let step = step(&settings, opened, &goods, at)?;
        tx.commit().await?;
        Ok((step, outcomes))
    })
    .await
}

/// Moves what a guest's cart holds into a customer's, and ends the guest's.
pub async fn merge(
    shop: &Shop,
    customer: CustomerId,
    from: &str,
    into: &str,
) -> Result<(), OpenCartError> {
    use_case("merge-carts", || async {
        let at = shop.clock.now();
        let mut tx = shop.db.write().await?;
        let (source, source_state) = find(&mut tx, from, Some(customer)).await?;
        let (target, target_state) = find(&mut tx, into, Some(customer)).await?;
        if (source_state, target_state) != (CartState::Open, CartState::Open) {
            return Err(OpenCartError::NotActive);
        }
        if source.cart.id == target.cart.id {
            return Ok(());
        }
        if target.cart.customer != Some(customer) {
            return Err(OpenCartError::NotYours);
        }
        let (mut source, mut target) = (source.cart, target.cart);
        for line in std::mem::take(&mut source.lines) {
            let quantity = target.quantity(&line.sku).saturating_add(line.quantity);
            // A full cart keeps what its owner put in before.
            let _ = target.set(&line.sku, quantity.min(commerce::cart::MAX_QUANTITY));
        }
        source.customer = None;
        let is_saved = db::cart::update(&mut tx, &target, at).await?
            && db::cart::update(&mut tx, &source, at).await?;
        if !is_saved {
            return Err(OpenCartError::NotActive);
        }
        db::checkout::delete(&mut tx, source.id).await?;
        tx.commit().await?;
        Ok(())
    })
    .await
}

/// Why an order was not placed. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum PlaceStepsError {
    #[error(transparent)]
    Open(#[from] OpenCartError),
    #[error("the e-mail address is missing")]
    EmailMissing,
    #[error("the address of delivery is missing")]
    DeliveryMissing,
    #[error("the billing address is missing")]
    BillingMissing,
    #[error("the way to deliver is missing")]
    ShippingMissing,
    #[error("the way to pay is missing")]
    PaymentMissing,
    #[error(transparent)]
    Place(#[from] PlaceOrderError),
}

impl From<DbError> for PlaceStepsError {
    fn from(error: DbError) -> Self {
        Self::Open(OpenCartError::Db(error))
    }
}

/// Turns a cart whose questions are answered into an order.
///
/// Placed again, as after a lost answer, it gives the first order back. `agreed_total` is what the
/// buyer saw, if the client says it.
pub async fn place(
    shop: &Shop,
    mask: &str,
    who: Option<CustomerId>,
    agreed_total: Option<Money>,
) -> Result<Order, PlaceStepsError> {
    let mut conn = shop.db.read().await?;
    let (Opened { checkout, cart }, state) = find(&mut conn, mask, who).await?;
    if state == CartState::Ordered
        && let Some(placed) = db::order::find_by_cart(&mut conn, cart.id).await?
    {
        drop(conn);
        return read_back(shop, placed).await;
    }
    let own = match cart.customer {
        Some(id) => db::customer::find(&mut conn, id).await?.map(|customer| customer.email),
        None => None,
    };
    drop(conn);
    let email = own.or(checkout.email).ok_or(PlaceStepsError::EmailMissing)?;
    if cart.lines.is_empty() {
        return Err(PlaceOrderError::EmptyCart.into());
    }
    let delivery = checkout.delivery.ok_or(PlaceStepsError::DeliveryMissing)?;
    let shipping = checkout.shipping.ok_or(PlaceStepsError::ShippingMissing)?;
    let billing = checkout.billing.ok_or(PlaceStepsError::BillingMissing)?;
    let payment = checkout.payment.ok_or(PlaceStepsError::PaymentMissing)?;
    let placement = Placement {
        cart: cart.id,
        cart_version: None,
        buyer: Buyer {
            customer: cart.customer,
            email,
            billing,
            delivery,
            locale: cart.locale,
            terms_version: super::terms_version(shop),
        },
        shipping,
        payment,
        agreed_total,
    };
    match use_case("place-order", || super::place_once(shop, &placement)).await? {
        Placed::Now(order) => Ok(*order),
        Placed::Before(id) => read_back(shop, id).await,
    }
}

async fn read_back(shop: &Shop, id: OrderId) -> Result<Order, PlaceStepsError> {
    let order = crate::order::view(shop, id).await?;
    Ok(order.ok_or(PlaceOrderError::NoCart)?)
}
