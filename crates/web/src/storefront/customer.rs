//! The customer's account.

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use commerce::customer::{AddressId, Customer, Email, SavedAddress};
use commerce::order::OrderId;
use shop::customer::{ChangePasswordError, RegisterError, Registration, ResetPasswordError};
use shop::order::OrderSummary as Summary;
use shop::secret::Token;
use uuid::Uuid;

use super::catalog::parameter;
use super::failure::{Failure, OrFail};
use super::field::{self, MIN_PASSWORD};
use super::page::{
    AccountPage, AddressesPage, CustomerAddress, ForgotPasswordPage, Form, Happened, LoginPage,
    OrderSummary, OrdersPage, Pagination, Refusal, RegisterPage, ResetPasswordPage,
};
use super::view::{self, About};
use super::{checkout, order};
use crate::app::App;
use crate::guard::{Attempt, Fields};
use crate::i18n::Message;
use crate::visit::{self, Visit};

const RECENT: u32 = 3;
const PAGE_SIZE: u32 = 20;
/// Nobody has more pages of orders than that.
const MAX_PAGE: u32 = 10_000;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/account", get(account))
        .route("/account/login", get(login).post(log_in))
        .route("/account/logout", post(log_out))
        .route("/account/register", get(registration).post(register))
        .route("/account/forgot", get(forgot).post(request_reset))
        .route("/account/reset/{token}", get(reset).post(reset_password))
        .route("/account/password", post(change_password))
        .route("/account/addresses", get(addresses).post(save_address))
        .route("/account/addresses/delete", post(delete_address))
        .route("/account/orders", get(orders))
        .route("/account/orders/{id}", get(own_order))
}

/// The customer; whoever is not logged in is sent to do so and comes back.
async fn signed_in(app: &App, visit: &Visit) -> Result<Customer, Failure> {
    let customer = visit.customer(app).await.or_fail(app, visit)?;
    customer.ok_or_else(|| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let page = visit.path.split('?').next().filter(|_| visit.is_page);
        query.append_pair("next", page.unwrap_or("/account"));
        let mut response = visit.redirect(&format!("/account/login?{}", query.finish()), None);
        visit::forget_session(app, &mut response);
        Failure::instead(response)
    })
}

/// A path of the storefront to go on to; nothing that a browser could take for another site's.
fn local(next: &str) -> Option<&str> {
    let is_local = next.starts_with('/') && !next.starts_with("//") && !next.contains('\\');
    let is_plain = next.len() <= 500 && next.bytes().all(|b| b.is_ascii_graphic());
    (is_local && is_plain).then_some(next)
}

fn title(app: &App, visit: &Visit, message: &Message) -> About {
    About::titled(app.renderer.say(visit.locale, message))
}

/// Sends somebody on who has just logged in, with the cart of before joined to the one kept.
async fn welcome(
    app: &App,
    visit: &Visit,
    customer: &Customer,
    token: &Token,
    path: &str,
    happened: Happened,
) -> Result<Response, Failure> {
    let cart = shop::cart::adopt(&app.shop, customer.id, visit.cart).await.or_fail(app, visit)?;
    let mut response = visit.redirect(path, Some(happened));
    visit::keep_session(app, &mut response, &token.text);
    if let Some(cart) = cart {
        visit::keep_cart(app, &mut response, cart);
    }
    Ok(response)
}

async fn login(
    State(app): State<App>,
    mut visit: Visit,
    RawQuery(raw): RawQuery,
) -> Result<Response, Failure> {
    let next = parameter(raw.as_deref(), "next").filter(|next| local(next).is_some());
    if visit.customer(&app).await.or_fail(&app, &visit)?.is_some() {
        return Ok(visit.redirect(next.as_deref().unwrap_or("/account"), None));
    }
    let page = login_page(&app, &mut visit, Form::default(), next);
    Ok(visit.finish(&app, app.page(&page)))
}

fn login_page(app: &App, visit: &mut Visit, form: Form, next: Option<String>) -> LoginPage {
    let about = title(app, visit, &Message::new("login-title"));
    LoginPage { layout: view::own_layout(app, visit, about), form, next }
}

async fn log_in(
    State(app): State<App>,
    mut visit: Visit,
    fields: Result<Fields, StatusCode>,
) -> Result<Response, Failure> {
    let fields = fields.or_fail(&app, &visit)?;
    visit.check_form(&app, &fields).or_fail(&app, &visit)?;
    let mut form = Form::posted(fields.iter());
    let next = local(fields.get("next"));
    let status = if app.limits.allow(Attempt::LogIn, visit.address) {
        let known = match Email::new(fields.get("email")) {
            Some(email) => shop::customer::log_in(&app.shop, &email, fields.raw("password"))
                .await
                .or_fail(&app, &visit)?,
            None => None,
        };
        if let Some((customer, token)) = known {
            let path = next.unwrap_or("/account");
            return welcome(&app, &visit, &customer, &token, path, Happened::LoggedIn).await;
        }
        form.refuse("email", Refusal::WrongCredentials);
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        form.refuse("", Refusal::TooManyAttempts);
        StatusCode::TOO_MANY_REQUESTS
    };
    let page = login_page(&app, &mut visit, form, next.map(str::to_owned));
    Ok(visit.finish(&app, app.page_with(status, &page)))
}

async fn log_out(
    State(app): State<App>,
    visit: Visit,
    fields: Result<Fields, StatusCode>,
) -> Result<Response, Failure> {
    let fields = fields.or_fail(&app, &visit)?;
    visit.check_form(&app, &fields).or_fail(&app, &visit)?;
    let mut response = visit.redirect("/account/login", Some(Happened::LoggedOut));
    if let Some(token) = &visit.session {
        shop::customer::log_out(&app.shop, token).await.or_fail(&app, &visit)?;
        // The cart is the customer's and waits for the next login, on whatever machine.
        visit::forget_cart(&app, &mut response);
    }
    visit::forget_session(&app, &mut response);
    Ok(response)
}

async fn registration(
    State(app): State<App>,
    mut visit: Visit,
    RawQuery(raw): RawQuery,
) -> Response {
    let email = parameter(raw.as_deref(), "email").and_then(|email| Email::new(&email));
    let form = match email {
        Some(email) => Form::default().with("email", email.as_str()),
        None => Form::default(),
    };
    let page = register_page(&app, &mut visit, form);
    visit.finish(&app, app.page(&page))
}

fn register_page(app: &App, visit: &mut Visit, form: Form) -> RegisterPage {
    let about = title(app, visit, &Message::new("register-title"));
    let privacy_path = checkout::page_path(app, "privacy", visit.locale);
    let layout = view::own_layout(app, visit, about);
    RegisterPage { layout, form, min_password: MIN_PASSWORD, privacy_path }
}

async fn register(
    State(app): State<App>,
    mut visit: Visit,
    fields: Result<Fields, StatusCode>,
) -> Result<Response, Failure> {
    let fields = fields.or_fail(&app, &visit)?;
    visit.check_form(&app, &fields).or_fail(&app, &visit)?;
    let mut form = Form::posted(fields.iter());
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if !app.limits.allow(Attempt::LogIn, visit.address) {
        form.refuse("", Refusal::TooManyAttempts);
        status = StatusCode::TOO_MANY_REQUESTS;
    } else if let Some(who) = registered(&visit, &fields, &mut form) {
        match shop::customer::register(&app.shop, who).await {
            Ok((customer, token)) => {
                let happened = Happened::Registered;
                return welcome(&app, &visit, &customer, &token, "/account", happened).await;
            }
            Err(RegisterError::Password(problem)) => {
                form.refuse("password", field::password_refusal(problem));
            }
            Err(RegisterError::EmailTaken) => form.refuse("email", Refusal::EmailTaken),
            Err(RegisterError::Db(error)) => return Err(Failure::db(&app, &visit, &error)),
        }
    }
    let page = register_page(&app, &mut visit, form);
    Ok(visit.finish(&app, app.page_with(status, &page)))
}

fn registered(visit: &Visit, fields: &Fields, form: &mut Form) -> Option<Registration> {
    let first_name = field::text(fields, "first-name", 80, form);
    let last_name = field::text(fields, "last-name", 80, form);
    let email = field::email(fields, "email", form);
    let password = fields.raw("password");
    if password.is_empty() {
        form.refuse("password", Refusal::Missing);
        return None;
    }
    Some(Registration {
        email: email?,
        password: password.to_owned(),
        first_name: first_name?,
        last_name: last_name?,
        locale: visit.commerce_locale(),
    })
}

async fn forgot(State(app): State<App>, mut visit: Visit) -> Response {
    let page = forgot_page(&app, &mut visit, Form::default(), false);
    visit.finish(&app, app.page(&page))
}

fn forgot_page(app: &App, visit: &mut Visit, form: Form, is_sent: bool) -> ForgotPasswordPage {
    let about = title(app, visit, &Message::new("forgot-title"));
    ForgotPasswordPage { layout: view::own_layout(app, visit, about), form, is_sent }
}

async fn request_reset(
    State(app): State<App>,
    mut visit: Visit,
    fields: Result<Fields, StatusCode>,
) -> Result<Response, Failure> {
    let fields = fields.or_fail(&app, &visit)?;
    visit.check_form(&app, &fields).or_fail(&app, &visit)?;
    let mut form = Form::posted(fields.iter());
    let (status, is_sent) = if !app.limits.allow(Attempt::LogIn, visit.address) {
        form.refuse("", Refusal::TooManyAttempts);
        (StatusCode::TOO_MANY_REQUESTS, false)
    } else if let Some(email) = field::email(&fields, "email", &mut form) {
        shop::customer::request_reset(&app.shop, &email).await.or_fail(&app, &visit)?;
        (StatusCode::OK, true)
    } else {
        (StatusCode::UNPROCESSABLE_ENTITY, false)
    };
    let page = forgot_page(&app, &mut visit, form, is_sent);
    Ok(visit.finish(&app, app.page_with(status, &page)))
}

async fn reset(
    State(app): State<App>,
    mut visit: Visit,
    Path(token): Path<String>,
) -> Result<Response, Failure> {
    let is_open = shop::customer::is_reset_open(&app.shop, &token).await.or_fail(&app, &visit)?;
    let page = reset_page(&app, &mut visit, &token, Form::default(), !is_open);
    Ok(visit.finish(&app, app.page(&page)))
}

fn reset_page(
    app: &App,
    visit: &mut Visit,
    token: &str,
    form: Form,
    is_expired: bool,
) -> ResetPasswordPage {
    let about = title(app, visit, &Message::new("reset-title"));
    ResetPasswordPage {
        layout: view::own_layout(app, visit, about),
        form,
        path: format!("/account/reset/{token}"),
        is_expired,
        min_password: MIN_PASSWORD,
    }
}

async fn reset_password(
    State(app): State<App>,
    mut visit: Visit,
    Path(token): Path<String>,
    fields: Result<Fields, StatusCode>,
) -> Result<Response, Failure> {
    let fields = fields.or_fail(&app, &visit)?;
    visit.check_form(&app, &fields).or_fail(&app, &visit)?;
    let mut form = Form::default();
    let mut is_expired = false;
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    let password = fields.raw("password");
    if !app.limits.allow(Attempt::LogIn, visit.address) {
        form.refuse("", Refusal::TooManyAttempts);
        status = StatusCode::TOO_MANY_REQUESTS;
    } else if password != fields.raw("password-again") {
        form.refuse("password-again", Refusal::PasswordsDiffer);
    } else {
        match shop::customer::reset_password(&app.shop, &token, password).await {
            Ok(()) => {
                let happened = Some(Happened::PasswordChanged);
                let mut response = visit.redirect("/account/login", happened);
                visit::forget_session(&app, &mut response);
                return Ok(response);
            }
            Err(ResetPasswordError::Password(problem)) => {
                form.refuse("password", field::password_refusal(problem));
            }
            Err(ResetPasswordError::LinkExpired) => is_expired = true,
            Err(ResetPasswordError::Db(error)) => return Err(Failure::db(&app, &visit, &error)),
        }
    }
    let page = reset_page(&app, &mut visit, &token, form, is_expired);
    Ok(visit.finish(&app, app.page_with(status, &page)))
}

async fn account(State(app): State<App>, mut visit: Visit) -> Result<Response, Failure> {
    let customer = signed_in(&app, &visit).await?;
    let page = account_page(&app, &mut visit, &customer, Form::default()).await?;
    Ok(visit.finish(&app, app.page(&page)))
}

async fn account_page(
    app: &App,
    visit: &mut Visit,
    customer: &Customer,
    password: Form,
) -> Result<AccountPage, Failure> {
    let recent = shop::order::list_of_customer(&app.shop, customer.id, RECENT, 0)
        .await
        .or_fail(app, visit)?;
    let book = shop::customer::list_addresses(&app.shop, customer.id).await.or_fail(app, visit)?;
    let usual = book.iter().find(|saved| saved.is_default_delivery);
    let about = title(app, visit, &Message::new("account-title"));
    Ok(AccountPage {
        layout: view::own_layout(app, visit, about),
        first_name: customer.first_name.clone(),
        password,
        min_password: MIN_PASSWORD,
        recent_orders: recent.iter().map(summary).collect(),
        default_address: usual.map(|saved| view::address(&saved.address, visit.locale)),
    })
}

fn summary(order: &Summary) -> OrderSummary {
    OrderSummary {
        number: order.number.clone(),
        path: format!("/account/orders/{}", order.id.0),
        placed_at: order.placed_at.as_microsecond(),
        state: order::state_of(order.status, order.is_paid),
        total: view::money(order.total),
    }
}

async fn change_password(
    State(app): State<App>,
    mut visit: Visit,
    fields: Result<Fields, StatusCode>,
) -> Result<Response, Failure> {
    let fields = fields.or_fail(&app, &visit)?;
    visit.check_form(&app, &fields).or_fail(&app, &visit)?;
    let customer = signed_in(&app, &visit).await?;
    let mut form = Form::default();
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if app.limits.allow(Attempt::LogIn, visit.address) {
        let (current, new) = (fields.raw("current-password"), fields.raw("new-password"));
        match shop::customer::change_password(&app.shop, &customer, current, new).await {
            Ok(token) => {
                let mut response = visit.redirect("/account", Some(Happened::PasswordChanged));
                visit::keep_session(&app, &mut response, &token.text);
                return Ok(response);
            }
            Err(ChangePasswordError::Password(problem)) => {
                form.refuse("new-password", field::password_refusal(problem));
            }
            Err(ChangePasswordError::WrongPassword) => {
                form.refuse("current-password", Refusal::WrongPassword);
            }
            Err(ChangePasswordError::Db(error)) => return Err(Failure::db(&app, &visit, &error)),
        }
    } else {
        form.refuse("", Refusal::TooManyAttempts);
        status = StatusCode::TOO_MANY_REQUESTS;
    }
    let page = account_page(&app, &mut visit, &customer, form).await?;
    Ok(visit.finish(&app, app.page_with(status, &page)))
}

async fn addresses(
    State(app): State<App>,
    mut visit: Visit,
    RawQuery(raw): RawQuery,
) -> Result<Response, Failure> {
    let customer = signed_in(&app, &visit).await?;
    let book =
        shop::customer::list_addresses(&app.shop, customer.id).await.or_fail(&app, &visit)?;
    let edited = parameter(raw.as_deref(), "edit").and_then(|id| Uuid::try_parse(&id).ok());
    let edited = book.iter().find(|saved| Some(saved.id.0) == edited);
    let form = match edited {
        Some(saved) => {
            let form = Form::default()
                .with("id", &saved.id.0.to_string())
                .with("phone", &saved.address.phone)
                .with("is-default", if saved.is_default_delivery { "yes" } else { "" });
            field::fill(form, "", &saved.address)
        }
        None => Form::default()
            .with("first-name", &customer.first_name)
            .with("last-name", &customer.last_name)
            .with("country", app.shop.settings().channel.country.as_str()),
    };
    let page = addresses_page(&app, &mut visit, &book, form);
    Ok(visit.finish(&app, app.page(&page)))
}

fn addresses_page(
    app: &App,
    visit: &mut Visit,
    book: &[SavedAddress],
    form: Form,
) -> AddressesPage {
    let about = title(app, visit, &Message::new("addresses-title"));
    let locale = visit.locale;
    let shown = |saved: &SavedAddress| CustomerAddress {
        id: saved.id.0.to_string(),
        address: view::address(&saved.address, locale),
        is_default: saved.is_default_delivery,
    };
    AddressesPage {
        layout: view::own_layout(app, visit, about),
        addresses: book.iter().map(shown).collect(),
        is_editing: !form.value("id").is_empty(),
        form,
        countries: field::countries(&app.shop.settings(), locale),
    }
}

async fn save_address(
    State(app): State<App>,
    mut visit: Visit,
    fields: Result<Fields, StatusCode>,
) -> Result<Response, Failure> {
    let fields = fields.or_fail(&app, &visit)?;
    visit.check_form(&app, &fields).or_fail(&app, &visit)?;
    let customer = signed_in(&app, &visit).await?;
    let book =
        shop::customer::list_addresses(&app.shop, customer.id).await.or_fail(&app, &visit)?;
    let id = match fields.get("id") {
        "" => Uuid::now_v7(),
        // Somebody else's address does not exist for this customer.
        known => Uuid::try_parse(known)
            .ok()
            .filter(|id| book.iter().any(|saved| saved.id.0 == *id))
            .ok_or_else(|| Failure::not_found(&app, &visit))?,
    };
    let mut form = Form::posted(fields.iter());
    let settings = app.shop.settings();
    if let Some(address) = field::address(&fields, "", fields.get("phone"), &settings, &mut form) {
        let is_default = fields.get("is-default") == "yes";
        let saved = SavedAddress {
            id: AddressId(id),
            number: 0,
            address,
            is_default_delivery: is_default,
            is_default_billing: is_default,
        };
        let is_saved = shop::customer::save_address(&app.shop, customer.id, &saved)
            .await
            .or_fail(&app, &visit)?;
        if is_saved.is_some() {
            return Ok(visit.redirect("/account/addresses", Some(Happened::AddressSaved)));
        }
        form.refuse("", Refusal::AddressBookFull);
    }
    let page = addresses_page(&app, &mut visit, &book, form);
    Ok(visit.finish(&app, app.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)))
}

async fn delete_address(
    State(app): State<App>,
    visit: Visit,
    fields: Result<Fields, StatusCode>,
) -> Result<Response, Failure> {
    let fields = fields.or_fail(&app, &visit)?;
    visit.check_form(&app, &fields).or_fail(&app, &visit)?;
    let customer = signed_in(&app, &visit).await?;
    let id = Uuid::try_parse(fields.get("id")).map_err(|_| Failure::not_found(&app, &visit))?;
    shop::customer::delete_address(&app.shop, customer.id, AddressId(id))
        .await
        .or_fail(&app, &visit)?;
    Ok(visit.redirect("/account/addresses", Some(Happened::AddressDeleted)))
}

async fn orders(
    State(app): State<App>,
    mut visit: Visit,
    RawQuery(raw): RawQuery,
) -> Result<Response, Failure> {
    let customer = signed_in(&app, &visit).await?;
    let asked = parameter(raw.as_deref(), "page").and_then(|page| page.parse().ok());
    let number = asked.unwrap_or(1).clamp(1, MAX_PAGE);
    let (limit, offset) = (PAGE_SIZE + 1, (number - 1) * PAGE_SIZE);
    let mut found = shop::order::list_of_customer(&app.shop, customer.id, limit, offset)
        .await
        .or_fail(&app, &visit)?;
    let page_size = usize::try_from(PAGE_SIZE).unwrap_or(usize::MAX);
    let has_more = found.len() > page_size;
    found.truncate(page_size);
    let about = title(&app, &visit, &Message::new("orders-title"));
    let page = OrdersPage {
        layout: view::own_layout(&app, &mut visit, about),
        orders: found.iter().map(summary).collect(),
        pagination: Pagination::new(number, number + u32::from(has_more), |page| {
            format!("/account/orders?page={page}")
        }),
    };
    Ok(visit.finish(&app, app.page(&page)))
}

async fn own_order(
    State(app): State<App>,
    mut visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let customer = signed_in(&app, &visit).await?;
    let id = Uuid::try_parse(&id).map_err(|_| Failure::not_found(&app, &visit))?;
    let found = shop::order::view(&app.shop, OrderId(id)).await.or_fail(&app, &visit)?;
    let own = found.filter(|order| order.customer == Some(customer.id));
    let own = own.ok_or_else(|| Failure::not_found(&app, &visit))?;
    let page = order::page(&app, &mut visit, &own, true).or_fail(&app, &visit)?;
    Ok(visit.finish(&app, app.page(&page)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_on_stays_in_the_shop() {
        assert_eq!(local("/checkout"), Some("/checkout"));
        assert_eq!(local("/p/tea?sku=TEA"), Some("/p/tea?sku=TEA"));
        for foreign in
            ["", "https://evil.example", "//evil.example", "/\\evil.example", "/a\r\nb: c", "x"]
        {
            assert_eq!(local(foreign), None, "{foreign}");
        }
    }
}
