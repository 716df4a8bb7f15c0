//! The cart.

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use commerce::cart::MAX_QUANTITY;
use commerce::catalog::{ProductId, ProductKind, Sku, Variant, Visibility};
use commerce::content::Slug;
use commerce::money::{Money, MoneyError};
use commerce::shipment::ShippingRule;
use search::{Offer, Snapshot};
use shop::cart::{CartView, ChangeCartError, LineProblem, ViewCartError, Visitor};
use shop::settings::Settings;
use uuid::Uuid;

use super::failure::{Failure, OrFail};
use super::page::{
    CartLineView, CartPage, Characteristic, Happened, MoneyView, Refusal, ShippingLine, Totals,
};
use super::view::{self, About};
use super::{product, totals};
use crate::app::App;
use crate::guard::Fields;
use crate::i18n::{Locale, Message};
use crate::visit::{self, Visit};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/cart", get(show))
        .route("/cart/add", post(add))
        .route("/cart/update", post(update))
        .route("/cart/remove", post(remove))
}

async fn show(State(app): State<App>, mut visit: Visit) -> Result<Response, Failure> {
    let country = app.shop.settings().channel.country;
    let found = match visit.cart {
        Some(cart) => shop::cart::view(&app.shop, cart, country, visit.commerce_locale())
            .await
            .map_err(|error| unviewable(&app, &visit, &error))?,
        None => None,
    };
    let page = page(&app, &mut visit, found.as_ref()).or_fail(&app, &visit)?;
    Ok(visit.finish(&app, app.page(&page)))
}

/// A cart that cannot be priced is a mistake in the merchant's settings.
pub(super) fn unviewable(app: &App, visit: &Visit, error: &ViewCartError) -> Failure {
    match error {
        ViewCartError::Db(error) => Failure::db(app, visit, error),
        ViewCartError::Price(error) => Failure::internal(app, visit, error),
    }
}

fn page(app: &App, visit: &mut Visit, found: Option<&CartView>) -> Result<CartPage, MoneyError> {
    let settings = app.shop.settings();
    let title = app.renderer.say(visit.locale, &Message::new("cart-title"));
    let layout = view::own_layout(app, visit, About::titled(title));
    let locale = visit.locale;
    Ok(CartPage {
        layout,
        lines: found.map_or(Ok(Vec::new()), |found| lines(app, found, locale))?,
        version: found.map_or(0, |found| i64::from(found.cart.version)),
        totals: shown_totals(app, found)?,
        until_offered_delivery: found.and_then(|found| until_offered(&settings, found)),
        is_blocked: found.is_some_and(|found| !found.is_orderable()),
    })
}

/// The lines of a cart, on its own page and at checkout.
pub(super) fn lines(
    app: &App,
    found: &CartView,
    locale: Locale,
) -> Result<Vec<CartLineView>, MoneyError> {
    let catalog = app.shop.catalog();
    let mut priced = found.totals.lines.iter();
    let mut lines = Vec::with_capacity(found.lines.len());
    for line in &found.lines {
        let known = catalog.product_by_sku(&line.sku);
        let available = known.map_or(MAX_QUANTITY, |(offer, _)| offer.available(&line.sku));
        let max_quantity = match line.problem {
            Some(LineProblem::NotEnough { available }) => available,
            _ => available.max(line.quantity),
        };
        let problem = line.problem.as_ref().map(|problem| match *problem {
            LineProblem::NotSold => Message::new("cart-not-sold"),
            LineProblem::NotEnough { available } => Refusal::NotEnoughStock { available }.into(),
        });
        let mut shown = CartLineView {
            id: line.sku.as_str().to_owned(),
            name: known
                .map_or(line.sku.as_str(), |(offer, _)| offer.name(locale.into()))
                .to_owned(),
            path: line.slug.as_ref().map(|slug| format!("/p/{slug}?sku={}", line.sku)),
            picture: None,
            options: Vec::new(),
            quantity: line.quantity,
            max_quantity: max_quantity.clamp(1, MAX_QUANTITY),
            unit_price: view::money(Money::zero(catalog.channel().currency)),
            total: view::money(Money::zero(catalog.channel().currency)),
            eco_participation: None,
            problem,
        };
        if let Some(offered) = &line.offered
            && let Some(priced) = priced.next()
        {
            let eco = priced.eco_participation;
            let amounts = totals::of_line(priced.unit, priced.items, eco, line.quantity)?;
            shown.name.clone_from(&offered.name);
            shown.picture = offered.picture.as_ref().map(|key| view::thumbnail(key, ""));
            shown.options = offered.options.iter().map(characteristic).collect();
            shown.unit_price = amounts.unit;
            shown.total = amounts.total;
            shown.eco_participation = amounts.eco_participation;
        }
        lines.push(shown);
    }
    Ok(lines)
}

pub(super) fn characteristic((name, value): &(String, String)) -> Characteristic {
    Characteristic { name: name.clone(), value: value.clone() }
}

/// The totals with the cheapest delivery to the channel's country, picking up aside.
fn shown_totals(app: &App, found: Option<&CartView>) -> Result<Totals, MoneyError> {
    let settings = app.shop.settings();
    let country = settings.channel.country;
    let Some(found) = found else {
        let nothing = view::money(Money::zero(settings.channel.currency));
        return Ok(Totals {
            n_units: 0,
            subtotal: nothing.clone(),
            eco_participation: None,
            discounts: Vec::new(),
            shipping: None,
            total: nothing,
            taxes: Vec::new(),
        });
    };
    let n_units = found.cart.n_units();
    let cheapest = shop::checkout::shipping_options(&settings, found, country, "")
        .into_iter()
        .filter(|option| !option.method.rule.is_pick_up())
        .min_by_key(|option| option.delivery.price);
    if let Some(cheapest) = cheapest
        && let Ok(totals) =
            shop::checkout::totals_with(&app.shop, found, &cheapest.delivery, country)
    {
        let amount = view::money(totals.shipping.gross()?);
        let shipping = ShippingLine { name: None, amount, is_from: true };
        return totals::of_cart(&totals, n_units, Some(shipping));
    }
    totals::of_cart(&found.totals, n_units, None)
}

/// How much is missing until some delivery to the channel's country is offered. Only where prices
/// include tax: elsewhere the threshold is not an amount that shoppers see.
fn until_offered(settings: &Settings, found: &CartView) -> Option<MoneyView> {
    let channel = &settings.channel;
    let discounted = found.totals.items.minus(found.totals.discount).ok()?.gross().ok()?;
    settings
        .shipping
        .iter()
        .filter_map(|method| match &method.rule {
            ShippingRule::FreeAbove { countries, threshold, .. }
                if channel.prices_include_tax && countries.contains(&channel.country) =>
            {
                threshold.minus(discounted).ok()
            }
            _ => None,
        })
        .min()
        .filter(|missing| !missing.is_zero() && !missing.is_negative())
        .map(view::money)
}

/// What of a product was meant.
enum Meant {
    Variant(Sku),
    /// The options were not all chosen, or not in a combination that is sold; the product's page.
    Unclear(String),
    Unknown,
}

async fn add(
    State(app): State<App>,
    visit: Visit,
    fields: Result<Fields, StatusCode>,
) -> Result<Response, Failure> {
    visit.check_origin().or_fail(&app, &visit)?;
    let fields = fields.or_fail(&app, &visit)?;
    let catalog = app.shop.catalog();
    let sku = match meant(&catalog, &fields, visit.locale) {
        Meant::Variant(sku) => sku,
        Meant::Unclear(path) => return Ok(visit.redirect(&path, Some(Happened::ChooseOptions))),
        Meant::Unknown => return Ok(visit.redirect("/cart", Some(Happened::NotSold))),
    };
    let back = page_of(&catalog, &sku, visit.locale).unwrap_or_else(|| "/cart".to_owned());
    let quantity = match quantity(fields.get("quantity")) {
        Some(quantity) if quantity > 0 => quantity,
        _ => return Ok(visit.redirect(&back, Some(Happened::TooMany))),
    };
    let visitor = visitor(&app, &visit).await?;
    match shop::cart::add(&app.shop, visitor, &sku, quantity).await {
        Ok(cart) => {
            let mut response = visit.redirect("/cart", Some(Happened::AddedToCart));
            visit::keep_cart(&app, &mut response, cart.id);
            Ok(response)
        }
        Err(error) => Ok(visit.redirect(&back, Some(refused(&app, &visit, &error)?))),
    }
}

/// The quantity of a form; nothing typed means one, what is no number is none.
fn quantity(typed: &str) -> Option<u32> {
    match typed {
        "" => Some(1),
        typed => typed.parse().ok(),
    }
}

fn meant(catalog: &Snapshot, fields: &Fields, locale: Locale) -> Meant {
    let sku = fields.get("sku");
    if !sku.is_empty() {
        return Sku::new(sku).map_or(Meant::Unknown, Meant::Variant);
    }
    let named = fields.get("product");
    let offer = match Uuid::try_parse(named) {
        Ok(id) => catalog.product(ProductId(id)),
        Err(_) => Slug::new(named).and_then(|slug| catalog.product_by_slug(locale.into(), &slug)),
    };
    let Some(offer) = offer.filter(|offer| offer.product.visibility == Visibility::Published)
    else {
        return Meant::Unknown;
    };
    let chosen = fields.with_prefix("option-");
    let mut sold = offer.product.variants.iter().filter(|variant| variant.is_enabled);
    match sold.find(|variant| is_chosen(offer, variant, &chosen)) {
        Some(variant) => Meant::Variant(variant.sku.clone()),
        None => offer
            .text(locale.into())
            .map_or(Meant::Unknown, |text| Meant::Unclear(format!("/p/{}", text.slug))),
    }
}

/// Whether each axis of the product was chosen, and as this variant has it.
fn is_chosen(offer: &Offer, variant: &Variant, chosen: &BTreeMap<&str, &str>) -> bool {
    match &offer.product.kind {
        ProductKind::Simple => true,
        ProductKind::Configurable { axes } => axes.iter().all(|axis| {
            let option = variant.options.get(axis);
            option.is_some_and(|option| chosen.get(axis.as_str()) == Some(&option.as_str()))
        }),
    }
}

/// Where a variant is sold.
fn page_of(catalog: &Snapshot, sku: &Sku, locale: Locale) -> Option<String> {
    let (offer, _) = catalog.product_by_sku(sku).filter(|(offer, _)| product::has_page(offer))?;
    let slug = &offer.text(locale.into())?.slug;
    Some(match &offer.product.kind {
        ProductKind::Simple => format!("/p/{slug}"),
        ProductKind::Configurable { .. } => format!("/p/{slug}?sku={sku}"),
    })
}

async fn visitor(app: &App, visit: &Visit) -> Result<Visitor, Failure> {
    let customer = visit.customer(app).await.or_fail(app, visit)?;
    let customer = customer.map(|customer| customer.id);
    Ok(Visitor { cart: visit.cart, customer, locale: visit.commerce_locale() })
}

/// What to tell of a change that was refused.
fn refused(app: &App, visit: &Visit, error: &ChangeCartError) -> Result<Happened, Failure> {
    match error {
        ChangeCartError::NotSold => Ok(Happened::NotSold),
        ChangeCartError::NotEnough { available: 0, .. } => Ok(Happened::OutOfStock),
        ChangeCartError::NotEnough { .. } => Ok(Happened::NotEnough),
        ChangeCartError::Refused(_) => Ok(Happened::TooMany),
        ChangeCartError::Busy => Ok(Happened::Failed),
        ChangeCartError::Db(error) => Err(Failure::db(app, visit, error)),
    }
}

async fn update(
    State(app): State<App>,
    visit: Visit,
    fields: Result<Fields, StatusCode>,
) -> Result<Response, Failure> {
    let fields = fields.or_fail(&app, &visit)?;
    visit.check_form(&app, &fields).or_fail(&app, &visit)?;
    let mut wanted = BTreeMap::new();
    for (sku, typed) in fields.with_prefix("quantity-") {
        match (Sku::new(sku), quantity(typed)) {
            (Some(sku), Some(quantity)) => {
                wanted.insert(sku, quantity);
            }
            (Some(_), None) => return Ok(visit.redirect("/cart", Some(Happened::TooMany))),
            (None, _) => {}
        }
    }
    change(&app, &visit, &fields, &wanted, Happened::CartUpdated).await
}

async fn remove(
    State(app): State<App>,
    visit: Visit,
    fields: Result<Fields, StatusCode>,
) -> Result<Response, Failure> {
    let fields = fields.or_fail(&app, &visit)?;
    visit.check_form(&app, &fields).or_fail(&app, &visit)?;
    let wanted = Sku::new(fields.get("line")).map(|sku| (sku, 0)).into_iter().collect();
    change(&app, &visit, &fields, &wanted, Happened::LineRemoved).await
}

/// Sets the quantities that differ, if the cart is still the one that the form shows. A line that
/// is not in it any more stays out.
async fn change(
    app: &App,
    visit: &Visit,
    fields: &Fields,
    wanted: &BTreeMap<Sku, u32>,
    done: Happened,
) -> Result<Response, Failure> {
    let Some(id) = visit.cart else { return Ok(visit.redirect("/cart", None)) };
    let Some(cart) = shop::cart::find(&app.shop, id).await.or_fail(app, visit)? else {
        return Ok(visit.redirect("/cart", Some(Happened::CartChanged)));
    };
    if fields.get("version") != cart.version.to_string() {
        return Ok(visit.redirect("/cart", Some(Happened::CartChanged)));
    }
    let visitor = visitor(app, visit).await?;
    let mut told = done;
    for line in &cart.lines {
        let Some(&quantity) = wanted.get(&line.sku) else { continue };
        if quantity == line.quantity {
            continue;
        }
        if let Err(error) = shop::cart::set(&app.shop, visitor, &line.sku, quantity).await {
            told = refused(app, visit, &error)?;
        }
    }
    Ok(visit.redirect("/cart", Some(told)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantity_that_is_none_is_refused_and_a_missing_one_is_one() {
        assert_eq!(quantity(""), Some(1));
        assert_eq!(quantity("3"), Some(3));
        for bad in ["-1", "1.5", "99999999999999999999", "deux", "\u{0}"] {
            assert_eq!(quantity(bad), None, "{bad}");
        }
    }
}
