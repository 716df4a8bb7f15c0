//! Carts: add, change, look at.

use commerce::cart::{
    Cart, CartId, Delivery, OfferedLine, PriceCartError, RefuseLine, TaxContext, Totals,
};
use commerce::catalog::Sku;
use commerce::channel::{Country, Locale};
use commerce::content::Localized;
use commerce::customer::CustomerId;
use commerce::money::Money;
use db::cart::CartState;
use db::catalog::{Offer, offers};
use db::{Conn, DbError};
use jiff::Timestamp;
use uuid::Uuid;

use crate::settings::Settings;
use crate::{MayRetry, Shop, use_case};

/// Why a cart was not changed. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ChangeCartError {
    #[error("this is not sold any more")]
    NotSold,
    #[error("only {available} of {sku} are left")]
    NotEnough { sku: Sku, available: u32 },
    #[error(transparent)]
    Refused(#[from] RefuseLine),
    /// Somebody else changed it at the same moment, again and again.
    #[error("the cart was changed at the same time")]
    Busy,
    #[error("the shop could not be reached")]
    Db(#[from] DbError),
}

impl MayRetry for ChangeCartError {
    fn is_worth_retrying(&self) -> bool {
        match self {
            Self::Busy => true,
            Self::Db(error) => error.is_worth_retrying(),
            _ => false,
        }
    }
}

/// Who a cart is for.
#[derive(Clone, Copy, Debug)]
pub struct Visitor {
    pub cart: Option<CartId>,
    pub customer: Option<CustomerId>,
    pub locale: Locale,
}

/// Puts `quantity` more units of `sku` into the visitor's cart, or into a new one.
///
/// An order closes its cart, so what comes after begins a new one.
pub async fn add(
    shop: &Shop,
    visitor: Visitor,
    sku: &Sku,
    quantity: u32,
) -> Result<Cart, ChangeCartError> {
    change(shop, visitor, sku, |now| now.saturating_add(quantity)).await
}

/// Sets how many units of `sku` the cart holds; none takes the line out.
pub async fn set(
    shop: &Shop,
    visitor: Visitor,
    sku: &Sku,
    quantity: u32,
) -> Result<Cart, ChangeCartError> {
    change(shop, visitor, sku, |_| quantity).await
}

async fn change(
    shop: &Shop,
    visitor: Visitor,
    sku: &Sku,
    quantity: impl Fn(u32) -> u32 + Sync,
) -> Result<Cart, ChangeCartError> {
    let settings = shop.settings();
    use_case("change-cart", || async {
        let at = shop.clock.now();
        let mut tx = shop.db.write().await?;
        let known = match visitor.cart {
            Some(id) => db::cart::find(&mut tx, id).await?,
            None => None,
        };
        let known = known.filter(|(_, state)| *state == CartState::Open).map(|(cart, _)| cart);
        let is_new = known.is_none();
        let mut cart = known.unwrap_or_else(|| Cart {
            id: CartId(Uuid::now_v7()),
            channel: settings.channel.code.clone(),
            locale: visitor.locale,
            customer: None,
            version: 1,
            lines: Vec::new(),
        });
        cart.locale = visitor.locale;
        cart.customer = visitor.customer.or(cart.customer);

        let wanted = quantity(cart.quantity(sku));
        if wanted > cart.quantity(sku) {
            let goods = Goods::read(&mut tx, &settings, std::slice::from_ref(sku)).await?;
            goods.set(&mut cart, sku, wanted)?;
        } else {
            cart.set(sku, wanted)?;
        }

        if is_new {
            db::cart::insert(&mut tx, &cart, at).await?;
        } else if !db::cart::update(&mut tx, &cart, at).await? {
            return Err(ChangeCartError::Busy);
        } else {
            cart.version += 1;
        }
        tx.commit().await?;
        Ok(cart)
    })
    .await
}

/// Finds the cart of somebody who logs in, and joins what they had before with what is in the
/// cart they hold. A cart of another account, held by whoever used this browser before, stays
/// that account's.
pub async fn adopt(
    shop: &Shop,
    customer: CustomerId,
    held: Option<CartId>,
) -> Result<Option<CartId>, DbError> {
    let at = shop.clock.now();
    use_case("adopt-cart", || async {
        let mut tx = shop.db.write().await?;
        let open = |found: Option<(Cart, CartState)>| {
            found.filter(|(_, state)| *state == CartState::Open).map(|(cart, _)| cart)
        };
        let held = match held {
            Some(id) => open(db::cart::find(&mut tx, id).await?),
            None => None,
        };
        let held = held.filter(|held| held.customer.is_none_or(|owner| owner == customer));
        let kept = match db::cart::find_of_customer(&mut tx, customer).await? {
            Some(id) => open(db::cart::find(&mut tx, id).await?),
            None => None,
        };
        let cart = match (held, kept) {
            (None, None) => return Ok(None),
            (None, Some(kept)) => return Ok(Some(kept.id)),
            (Some(mut held), kept) => {
                held.customer = Some(customer);
                if let Some(mut kept) = kept.filter(|kept| kept.id != held.id) {
                    for line in std::mem::take(&mut kept.lines) {
                        if held.quantity(&line.sku) == 0 {
                            // A full cart keeps what its holder put in last.
                            let _ = held.set(&line.sku, line.quantity);
                        }
                    }
                    // Else it would come back at the next log-in, with what was bought meanwhile.
                    kept.customer = None;
                    db::cart::update(&mut tx, &kept, at).await?;
                }
                held
            }
        };
        if db::cart::update(&mut tx, &cart, at).await? {
            tx.commit().await?;
        }
        Ok(Some(cart.id))
    })
    .await
}

/// The cart as it is, without prices; `None` when there is none or it became an order.
pub async fn find(shop: &Shop, id: CartId) -> Result<Option<Cart>, DbError> {
    let found = db::cart::find(&mut shop.db.read().await?, id).await?;
    Ok(found.filter(|(_, state)| *state == CartState::Open).map(|(cart, _)| cart))
}

/// What stands in the way of buying a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineProblem {
    NotSold,
    NotEnough { available: u32 },
}

/// A cart as its owner sees it, priced from the truth.
#[derive(Clone, Debug)]
pub struct CartView {
    pub cart: Cart,
    pub lines: Vec<CartViewLine>,
    /// What the lines that are sold come to, without delivery.
    pub totals: Totals,
    pub weight_grams: u64,
}

#[derive(Clone, Debug)]
pub struct CartViewLine {
    pub sku: Sku,
    pub quantity: u32,
    /// `None` for a line that is not sold any more.
    pub offered: Option<OfferedLine>,
    /// Where its page is, in the cart's language.
    pub slug: Option<String>,
    pub problem: Option<LineProblem>,
}

impl CartView {
    pub fn is_orderable(&self) -> bool {
        !self.lines.is_empty() && self.lines.iter().all(|line| line.problem.is_none())
    }

    /// The lines that are sold, in the order of `totals.lines`.
    pub fn offered(&self) -> Vec<OfferedLine> {
        self.lines.iter().filter_map(|line| line.offered.clone()).collect()
    }
}

/// Why a cart could not be shown.
#[derive(Debug, thiserror::Error)]
pub enum ViewCartError {
    #[error(transparent)]
    Price(#[from] PriceCartError),
    #[error("the shop could not be reached")]
    Db(#[from] DbError),
}

/// Looks at an open cart; `None` when there is none or it became an order.
pub async fn view(
    shop: &Shop,
    id: CartId,
    country: Country,
    locale: Locale,
) -> Result<Option<CartView>, ViewCartError> {
    let settings = shop.settings();
    let mut conn = shop.db.read().await?;
    let Some((mut cart, CartState::Open)) = db::cart::find(&mut conn, id).await? else {
        return Ok(None);
    };
    cart.locale = locale;
    load(&mut conn, &settings, cart, country, shop.clock.now()).await.map(Some)
}

/// What the truth says of some SKUs: how they are offered, and how many there are.
pub(crate) struct Goods(Vec<Offer>);

impl Goods {
    pub(crate) async fn read(
        conn: &mut Conn,
        settings: &Settings,
        skus: &[Sku],
    ) -> Result<Self, DbError> {
        Ok(Self(offers(conn, &settings.channel.code, &settings.source, skus).await?))
    }

    fn sold(&self, sku: &Sku) -> Option<&Offer> {
        self.0.iter().find(|offer| offer.sku == *sku && offer.is_on_sale())
    }

    /// Sets how many units of a SKU a cart holds; more than it held only if they can be had.
    pub(crate) fn set(
        &self,
        cart: &mut Cart,
        sku: &Sku,
        wanted: u32,
    ) -> Result<(), ChangeCartError> {
        if wanted > cart.quantity(sku) {
            let offer = self.sold(sku).ok_or(ChangeCartError::NotSold)?;
            let available = offer.level.available();
            if available < wanted {
                return Err(ChangeCartError::NotEnough { sku: sku.clone(), available });
            }
        }
        Ok(cart.set(sku, wanted)?)
    }

    /// Prices a cart whose SKUs these are.
    pub(crate) fn view(
        &self,
        settings: &Settings,
        cart: Cart,
        country: Country,
        at: Timestamp,
    ) -> Result<CartView, PriceCartError> {
        let mut lines = Vec::with_capacity(cart.lines.len());
        for line in &cart.lines {
            let offer = self.sold(&line.sku);
            let problem = match offer.map(|offer| offer.level.available()) {
                None => Some(LineProblem::NotSold),
                Some(available) if available < line.quantity => {
                    Some(LineProblem::NotEnough { available })
                }
                Some(_) => None,
            };
            lines.push(CartViewLine {
                sku: line.sku.clone(),
                quantity: line.quantity,
                offered: offer.and_then(|offer| offered(offer, settings, &cart, line.quantity, at)),
                slug: offer.and_then(|offer| {
                    let name = offer.names.get(cart.locale, settings.channel.default_locale())?;
                    Some(name.slug.as_str().to_owned())
                }),
                problem,
            });
        }
        let sold: Vec<OfferedLine> = lines.iter().filter_map(|line| line.offered.clone()).collect();
        let totals = price(settings, &sold, None, country, at)?;
        let weight_grams =
            sold.iter().map(|line| u64::from(line.weight_grams) * u64::from(line.quantity)).sum();
        Ok(CartView { cart, lines, totals, weight_grams })
    }
}

/// Prices a cart from the truth, in the caller's transaction.
pub(crate) async fn load(
    conn: &mut Conn,
    settings: &Settings,
    cart: Cart,
    country: Country,
    at: Timestamp,
) -> Result<CartView, ViewCartError> {
    let skus: Vec<Sku> = cart.lines.iter().map(|line| line.sku.clone()).collect();
    let goods = Goods::read(conn, settings, &skus).await?;
    Ok(goods.view(settings, cart, country, at)?)
}

/// Prices lines under the rates of a country on the day it is there.
pub(crate) fn price(
    settings: &Settings,
    lines: &[OfferedLine],
    delivery: Option<&Delivery>,
    country: Country,
    at: Timestamp,
) -> Result<Totals, PriceCartError> {
    let day = at.to_zoned(jiff::tz::TimeZone::UTC).date();
    let tax = TaxContext { channel: &settings.channel, rates: &settings.rates, country, day };
    commerce::cart::price(lines, Money::zero(settings.channel.currency), delivery, tax)
}

fn offered(
    offer: &Offer,
    settings: &Settings,
    cart: &Cart,
    quantity: u32,
    at: Timestamp,
) -> Option<OfferedLine> {
    let fallback = settings.channel.default_locale();
    let price = offer.price.as_ref()?;
    let zero = Money::zero(settings.channel.currency);
    Some(OfferedLine {
        sku: offer.sku.clone(),
        product: offer.product,
        variant: offer.variant,
        name: offer.names.get(cart.locale, fallback)?.name.clone(),
        options: offer
            .options
            .iter()
            .map(|option| {
                let text = |texts: &Localized<String>| texts.text(cart.locale, fallback).to_owned();
                (text(&option.axis_label), text(&option.label))
            })
            .collect(),
        picture: offer.picture.clone(),
        quantity,
        unit: price.effective(at),
        eco_participation: price.eco_participation.unwrap_or(zero),
        tax_class: offer.tax_class.clone(),
        weight_grams: offer.weight_grams,
    })
}
