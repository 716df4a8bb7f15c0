//! Checkout on one page, with or without an account.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use commerce::cart::{CartId, PriceCartError};
use commerce::catalog::Sku;
use commerce::channel::Country;
use commerce::customer::{Address, Customer, Email, SavedAddress};
use commerce::money::{Money, MoneyError};
use commerce::order::{Buyer, OrderId};
use commerce::payment::PaymentMethodCode;
use commerce::shipment::ShippingMethodCode;
use shop::cart::{CartView, ViewCartError};
use shop::checkout::{PlaceOrderError, Placement, ShippingOption};
use shop::settings::Settings;

use super::failure::{Failure, OrFail};
use super::page::{
    self, CarbonView, CheckoutPage, Form, GuaranteeView, PaymentChoice, Refusal, ShippingChoice,
    ShippingLine, Terms,
};
use super::product::WITHDRAWAL_DAYS;
use super::view::{self, About};
use super::{cart, field, site, totals};
use crate::app::App;
use crate::guard::{Attempt, Fields};
use crate::i18n::{Locale, Message};
use crate::visit::{self, Visit};

pub fn routes() -> Router<App> {
    Router::new().route("/checkout", get(show).post(submit))
}

/// Who buys what.
struct Checkout {
    settings: Arc<Settings>,
    customer: Option<Customer>,
    book: Vec<SavedAddress>,
    cart: CartId,
}

impl Checkout {
    async fn open(app: &App, visit: &Visit) -> Result<Self, Failure> {
        let Some(cart) = visit.cart else {
            return Err(Failure::instead(visit.redirect("/cart", None)));
        };
        let customer = visit.customer(app).await.or_fail(app, visit)?;
        let book = match &customer {
            Some(customer) => {
                shop::customer::list_addresses(&app.shop, customer.id).await.or_fail(app, visit)?
            }
            None => Vec::new(),
        };
        let settings = app.shop.settings();
        Ok(Self { settings, customer, book, cart })
    }

    /// What stands in a form that nobody touched yet.
    fn fresh(&self) -> Form {
        let home = self.settings.channel.country.as_str();
        let mut form = Form::default().with("shipping-country", home).with("billing-country", home);
        if let Some(customer) = &self.customer {
            form = form
                .with("email", customer.email.as_str())
                .with("shipping-first-name", &customer.first_name)
                .with("shipping-last-name", &customer.last_name);
        }
        let usual = self.book.iter().find(|saved| saved.is_default_delivery);
        if let Some(usual) = usual.or(self.book.first()) {
            form = form
                .with("saved-address", &usual.id.0.to_string())
                .with("phone", &usual.address.phone);
        }
        form
    }

    /// The address of the book that the form has chosen.
    fn chosen(&self, form: &Form) -> Option<&Address> {
        let chosen = form.value("saved-address");
        let saved = self.book.iter().find(|saved| saved.id.0.to_string() == chosen)?;
        Some(&saved.address)
    }

    fn is_pick_up(&self, form: &Form) -> bool {
        let code = form.value("shipping");
        let method = self.settings.shipping.iter().find(|method| method.code.as_str() == code);
        method.is_some_and(|method| method.rule.is_pick_up())
    }

    /// Where the parcel goes as far as the form tells: enough to know what delivery costs.
    fn destination(&self, form: &Form) -> (Country, String) {
        if let Some(address) = self.chosen(form) {
            return (address.country, address.postcode.clone());
        }
        let prefix = match self.is_pick_up(form) && form.value("billing-different") == "yes" {
            true => "billing-",
            false => "shipping-",
        };
        let typed = |name: &str| form.value(&format!("{prefix}{name}")).trim();
        let country = Country::new(typed("country"))
            .filter(|country| self.settings.channel.ships_to.contains(country))
            .unwrap_or(self.settings.channel.country);
        (country, typed("postcode").to_ascii_uppercase())
    }

    /// Where the goods change hands, as far as the form tells.
    fn taxed_in(&self, form: &Form) -> Country {
        let (country, _) = self.destination(form);
        match ShippingMethodCode::new(form.value("shipping")) {
            Some(by) => shop::checkout::tax_country(&self.settings, &by, country),
            None => country,
        }
    }

    /// The cart priced for the form's address. The way leads elsewhere when there is none any more.
    async fn view(&self, app: &App, visit: &Visit, form: &mut Form) -> Result<CartView, Failure> {
        let mut country = self.taxed_in(form);
        loop {
            let locale = visit.commerce_locale();
            match shop::cart::view(&app.shop, self.cart, country, locale).await {
                Ok(Some(found)) if found.lines.is_empty() => {
                    return Err(Failure::instead(visit.redirect("/cart", None)));
                }
                Ok(Some(found)) => return Ok(found),
                Ok(None) => return Err(self.leave(app, visit).await),
                // Not all that we sell has a rate in every country: there we do not deliver it.
                Err(ViewCartError::Price(PriceCartError::NoTaxRate(..)))
                    if country != self.settings.channel.country =>
                {
                    country = self.settings.channel.country;
                    form.refuse("shipping-country", Refusal::CountryNotServed);
                    for prefix in ["shipping-", "billing-"] {
                        *form = std::mem::take(form)
                            .with(&format!("{prefix}country"), country.as_str());
                    }
                    *form = std::mem::take(form).with("saved-address", "new");
                }
                Err(error) => return Err(cart::unviewable(app, visit, &error)),
            }
        }
    }

    /// Where somebody goes whose cart is no cart any more: to the order that it became, as after a
    /// second click or a lost answer.
    async fn leave(&self, app: &App, visit: &Visit) -> Failure {
        match shop::order::of_cart(&app.shop, self.cart).await {
            Ok(Some(order)) => Failure::instead(thank(app, visit, order)),
            Ok(None) => {
                let mut response = visit.redirect("/cart", None);
                visit::forget_cart(app, &mut response);
                Failure::instead(response)
            }
            Err(error) => Failure::db(app, visit, &error),
        }
    }

    /// Reads what the buyer decided, or says in the form all that is missing.
    fn decide(
        &self,
        app: &App,
        visit: &Visit,
        fields: &Fields,
        form: &mut Form,
    ) -> Option<Placement> {
        let email = field::email(fields, "email", form);
        let addresses = self.addresses(fields, form);
        let shipping = ShippingMethodCode::new(fields.get("shipping"));
        if shipping.is_none() {
            form.refuse("shipping", Refusal::ChoiceMissing);
        }
        let payment = PaymentMethodCode::new(fields.get("payment"));
        if payment.is_none() {
            form.refuse("payment", Refusal::ChoiceMissing);
        }
        let terms_version = shop::checkout::terms_version(&app.shop);
        if fields.get("terms") != "yes" {
            form.refuse("terms", Refusal::TermsNotAccepted);
        } else if fields.get("terms-version") != terms_version.to_string() {
            form.refuse("terms", Refusal::TermsChanged);
        }
        let agreed = fields.get("agreed-total").parse::<i64>().ok();
        let seen = fields.get("cart-version").parse::<u32>().ok();
        if agreed.is_none() || seen.is_none() {
            form.refuse("", Refusal::CartChanged);
        }
        if !form.is_accepted() {
            return None;
        }
        let (delivery, billing) = addresses?;
        Some(Placement {
            cart: self.cart,
            cart_version: Some(seen?),
            buyer: self.buyer(email?, billing, delivery, terms_version, visit.locale),
            shipping: shipping?,
            payment: payment?,
            agreed_total: Some(Money::new(agreed?, self.settings.channel.currency)),
        })
    }

    fn buyer(
        &self,
        email: Email,
        billing: Address,
        delivery: Address,
        terms_version: u32,
        locale: Locale,
    ) -> Buyer {
        let customer = self.customer.as_ref().map(|customer| customer.id);
        Buyer { customer, email, billing, delivery, locale: locale.into(), terms_version }
    }

    /// Delivery and billing. What is collected needs no delivery address: the billing address
    /// stands for it.
    fn addresses(&self, fields: &Fields, form: &mut Form) -> Option<(Address, Address)> {
        let phone = fields.get("phone");
        let settings = &self.settings;
        let has_billing = fields.get("billing-different") == "yes";
        let billing = if has_billing {
            Some(field::address(fields, "billing-", "", settings, form))
        } else {
            None
        };
        let delivery = match (self.chosen(form).cloned(), &billing) {
            (Some(mut saved), _) => {
                if !phone.is_empty() {
                    phone.clone_into(&mut saved.phone);
                }
                match saved.check() {
                    Ok(saved) => Some(saved),
                    Err(_) => {
                        form.refuse("phone", Refusal::NotAPhone);
                        None
                    }
                }
            }
            (None, Some(billing)) if self.is_pick_up(form) => billing.clone(),
            (None, _) => field::address(fields, "shipping-", phone, settings, form),
        }?;
        let billing = match billing {
            Some(billing) => Address { phone: delivery.phone.clone(), ..billing? },
            None => delivery.clone(),
        };
        Some((delivery, billing))
    }

    fn page(
        &self,
        app: &App,
        visit: &mut Visit,
        found: &CartView,
        mut form: Form,
    ) -> Result<CheckoutPage, MoneyError> {
        let (settings, locale) = (&self.settings, visit.locale);
        let (country, postcode) = self.destination(&form);
        let options = shop::checkout::shipping_options(settings, found, country, &postcode);
        let country = self.taxed_in(&form);
        let selected = selected(&options, form.value("shipping")).cloned();
        if let Some(option) = &selected {
            form = form.with("shipping", option.method.code.as_str());
        }
        if form.errors.iter().any(|error| error.field == "terms") {
            form.values.remove("terms");
        }
        let totals = self.totals(app, found, selected.as_ref(), country, locale)?;
        let total = Money::new(totals.total.minor, settings.channel.currency);
        let payments = || settings.payments.iter().filter(|method| method.takes(total));
        let payment = payments()
            .find(|method| method.code.as_str() == form.value("payment"))
            .or_else(|| payments().next());
        let fallback = settings.channel.default_locale();
        let language = locale.into();
        let greenest = greenest(&options, found.weight_grams);
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let chosen_address = form.value("saved-address").to_owned();
        let title = app.renderer.say(locale, &Message::new("checkout-title"));
        Ok(CheckoutPage {
            layout: view::own_layout(app, visit, About::titled(title)),
            cart_version: i64::from(found.cart.version),
            is_guest: self.customer.is_none(),
            saved_addresses: self
                .book
                .iter()
                .map(|saved| page::SavedAddress {
                    id: saved.id.0.to_string(),
                    address: view::address(&saved.address, locale),
                    is_selected: saved.id.0.to_string() == chosen_address,
                })
                .collect(),
            countries: field::countries(settings, locale),
            lines: cart::lines(app, found, locale)?,
            totals,
            shipping_methods: options
                .iter()
                .map(|option| {
                    let code = option.method.code.as_str();
                    Ok(ShippingChoice {
                        code: code.to_owned(),
                        name: option.method.name.text(language, fallback).to_owned(),
                        detail: some(option.method.description.text(language, fallback)),
                        price: self.price(app, found, option, country)?,
                        carbon: option.method.carbon.as_ref().map(|carbon| CarbonView {
                            kilograms: view::kilograms(carbon.of(found.weight_grams)),
                            source: carbon.source.text(language, fallback).to_owned(),
                        }),
                        is_greenest: greenest == Some(&option.method.code),
                        is_selected: form.value("shipping") == code,
                    })
                })
                .collect::<Result<Vec<_>, MoneyError>>()?,
            payment_methods: payments()
                .map(|method| PaymentChoice {
                    code: method.code.as_str().to_owned(),
                    name: method.name.text(language, fallback).to_owned(),
                    detail: some(method.instructions.text(language, fallback)),
                    is_selected: payment.is_some_and(|chosen| chosen.code == method.code),
                })
                .collect(),
            terms: terms(app, locale),
            guarantee: GuaranteeView { notice: None, producer_years: None, terms_path: None },
            is_blocked: !found.is_orderable(),
            form,
        })
    }

    fn totals(
        &self,
        app: &App,
        found: &CartView,
        selected: Option<&ShippingOption>,
        country: Country,
        locale: Locale,
    ) -> Result<page::Totals, MoneyError> {
        let n_units = found.cart.n_units();
        if let Some(option) = selected
            && let Ok(all) =
                shop::checkout::totals_with(&app.shop, found, &option.delivery, country)
        {
            let fallback = self.settings.channel.default_locale();
            let shipping = ShippingLine {
                name: Some(option.method.name.text(locale.into(), fallback).to_owned()),
                amount: view::money(all.shipping.gross()?),
                is_from: false,
            };
            return totals::of_cart(&all, n_units, Some(shipping));
        }
        totals::of_cart(&found.totals, n_units, None)
    }

    /// What a delivery costs the shopper, tax included.
    fn price(
        &self,
        app: &App,
        found: &CartView,
        option: &ShippingOption,
        country: Country,
    ) -> Result<page::MoneyView, MoneyError> {
        let delivery = &option.delivery;
        if self.settings.channel.prices_include_tax {
            return Ok(view::money(delivery.price));
        }
        match shop::checkout::totals_with(&app.shop, found, delivery, country) {
            Ok(totals) => Ok(view::money(totals.shipping.gross()?)),
            Err(_) => Ok(view::money(delivery.price)),
        }
    }
}

/// The option that was chosen, or the first.
fn selected<'a>(options: &'a [ShippingOption], code: &str) -> Option<&'a ShippingOption> {
    let chosen = options.iter().find(|option| option.method.code.as_str() == code);
    chosen.or(options.first())
}

/// The way to deliver that emits less than every other one; there is none to compare with where
/// fewer than two are known.
fn greenest(options: &[ShippingOption], weight_grams: u64) -> Option<&ShippingMethodCode> {
    let known = options.iter().filter_map(|option| {
        let carbon = option.method.carbon.as_ref()?;
        Some((carbon.of(weight_grams), &option.method.code))
    });
    let mut known: Vec<_> = known.collect();
    known.sort_unstable();
    match known[..] {
        [(least, code), (next, _), ..] if least < next => Some(code),
        _ => None,
    }
}

fn terms(app: &App, locale: Locale) -> Terms {
    let path = |code| page_path(app, code, locale);
    Terms {
        version: shop::checkout::terms_version(&app.shop).to_string(),
        path: path("terms"),
        privacy_path: path("privacy"),
        withdrawal_path: path("withdrawal"),
        withdrawal_days: WITHDRAWAL_DAYS,
    }
}

/// Where a page of the merchant's is; the home page until it is written.
pub(super) fn page_path(app: &App, code: &str, locale: Locale) -> String {
    let link = site::page_link(&app.shop.pages(), code, locale);
    link.map_or_else(|| "/".to_owned(), |link| link.path)
}

async fn show(State(app): State<App>, mut visit: Visit) -> Result<Response, Failure> {
    let checkout = Checkout::open(&app, &visit).await?;
    let mut form = checkout.fresh();
    let found = checkout.view(&app, &visit, &mut form).await?;
    if !found.is_orderable() {
        return Ok(visit.redirect("/cart", None));
    }
    form.errors.clear();
    let page = checkout.page(&app, &mut visit, &found, form).or_fail(&app, &visit)?;
    Ok(visit.finish(&app, app.page(&page)))
}

async fn submit(
    State(app): State<App>,
    mut visit: Visit,
    fields: Result<Fields, StatusCode>,
) -> Result<Response, Failure> {
    let fields = fields.or_fail(&app, &visit)?;
    visit.check_form(&app, &fields).or_fail(&app, &visit)?;
    let checkout = Checkout::open(&app, &visit).await?;
    let mut form = Form::posted(fields.iter());
    let mut found = checkout.view(&app, &visit, &mut form).await?;
    let mut status = StatusCode::OK;
    if fields.get("action") == "place" {
        status = match place(&app, &visit, &checkout, &fields, &found, &mut form).await? {
            Placed::Order(id) => return Ok(thank(&app, &visit, id)),
            Placed::Refused(status) => status,
        };
        found = checkout.view(&app, &visit, &mut form).await?;
    }
    let page = checkout.page(&app, &mut visit, &found, form).or_fail(&app, &visit)?;
    Ok(visit.finish(&app, app.page_with(status, &page)))
}

/// Sends the buyer to the confirmation, without the cart that became the order.
fn thank(app: &App, visit: &Visit, order: OrderId) -> Response {
    let token = shop::order::access_token(&app.shop, order);
    let mut response = visit.redirect(&format!("/checkout/done/{token}"), None);
    visit::forget_cart(app, &mut response);
    response
}

enum Placed {
    Order(OrderId),
    /// The form says why.
    Refused(StatusCode),
}

async fn place(
    app: &App,
    visit: &Visit,
    checkout: &Checkout,
    fields: &Fields,
    found: &CartView,
    form: &mut Form,
) -> Result<Placed, Failure> {
    if !app.limits.allow(Attempt::Checkout, visit.address) {
        form.refuse("", Refusal::TooManyAttempts);
        return Ok(Placed::Refused(StatusCode::TOO_MANY_REQUESTS));
    }
    let Some(wanted) = checkout.decide(app, visit, fields, form) else {
        let is_stale = form.errors.iter().any(|error| error.field.is_empty());
        return Ok(Placed::Refused(match is_stale {
            true => StatusCode::CONFLICT,
            false => StatusCode::UNPROCESSABLE_ENTITY,
        }));
    };
    let error = match shop::checkout::place_order(&app.shop, &wanted).await {
        Ok(id) => return Ok(Placed::Order(id)),
        Err(error) => error,
    };
    let name = |sku: &Sku| name_of(app, found, sku);
    let (field, refusal, status) = match &error {
        PlaceOrderError::NoCart | PlaceOrderError::EmptyCart => {
            return Err(Failure::instead(visit.redirect("/cart", None)));
        }
        PlaceOrderError::CartChanged => ("", Refusal::CartChanged, StatusCode::CONFLICT),
        PlaceOrderError::NotSold(sku) => {
            ("", Refusal::NotSold { name: name(sku) }, StatusCode::CONFLICT)
        }
        PlaceOrderError::OutOfStock(sku) => {
            ("", Refusal::OutOfStock { name: name(sku) }, StatusCode::CONFLICT)
        }
        PlaceOrderError::TotalChanged(total) => {
            ("", Refusal::TotalChanged { total: view::money(*total) }, StatusCode::CONFLICT)
        }
        PlaceOrderError::ShippingNotOffered => {
            ("shipping", Refusal::ShippingNotOffered, StatusCode::UNPROCESSABLE_ENTITY)
        }
        PlaceOrderError::PaymentNotOffered => {
            ("payment", Refusal::ChoiceMissing, StatusCode::UNPROCESSABLE_ENTITY)
        }
        PlaceOrderError::CountryNotServed
        | PlaceOrderError::Price(PriceCartError::NoTaxRate(..)) => {
            ("shipping-country", Refusal::CountryNotServed, StatusCode::UNPROCESSABLE_ENTITY)
        }
        PlaceOrderError::Price(error) => return Err(Failure::internal(app, visit, error)),
        PlaceOrderError::Db(error) => return Err(Failure::db(app, visit, error)),
    };
    form.refuse(field, refusal);
    Ok(Placed::Refused(status))
}

/// What the buyer calls a product of the cart.
fn name_of(app: &App, found: &CartView, sku: &Sku) -> String {
    let offered = found.lines.iter().find(|line| line.sku == *sku);
    let offered = offered.and_then(|line| line.offered.as_ref());
    match (offered, app.shop.catalog().product_by_sku(sku)) {
        (Some(offered), _) => offered.name.clone(),
        (None, Some((offer, _))) => offer.name(found.cart.locale).to_owned(),
        (None, None) => sku.as_str().to_owned(),
    }
}
