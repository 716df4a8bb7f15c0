//! Logging in and out, and the language.

use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use commerce::channel;
use shop::staff::StaffLogInError;

use super::desk::{self, Answer, Failure, Posted, visit_of};
use super::page::{Layout, LoginPage, Section};
use crate::app::App;
use crate::guard::{Attempt, Fields};
use crate::i18n::{Locale, Message};
use crate::storefront::page::{FieldError, Form, Refusal};
use crate::visit::{self, Scope, Visit};

/// Remembers that this browser's member of staff has a second factor, so that the field for its
/// code is there at once. Holds nothing else.
const HAS_CODE: &str = "greenleaf-staff-code";
const YEAR: u32 = 365 * 24 * 60 * 60;

pub(super) async fn ask(State(app): State<App>, request: Request) -> Answer {
    let (mut parts, _) = request.into_parts();
    let mut visit = visit_of(&mut parts, &app).await;
    let query = desk::query_of(&parts);
    let locale = locale_of(query.get("lang"));
    let next = desk::inside(query.get("next")).to_owned();
    let needs_code = visit::cookie(&parts.headers, HAS_CODE).is_some();
    answer(&app, &mut visit, StatusCode::OK, locale, next, needs_code, Form::default())
}

pub(super) async fn log_in(State(app): State<App>, request: Request) -> Answer {
    let (mut parts, body) = request.into_parts();
    let mut visit = visit_of(&mut parts, &app).await;
    let has_code = visit::cookie(&parts.headers, HAS_CODE).is_some();
    let fields = Fields::from_request(Request::from_parts(parts, body), &app).await;
    let fields = fields.map_err(|status| desk::failure(&app, &visit, Locale::default(), status))?;
    let locale = locale_of(fields.get("lang"));
    visit
        .check_form(&app, &fields)
        .map_err(|status| desk::failure(&app, &visit, locale, status))?;

    let next = desk::inside(fields.get("next")).to_owned();
    let mut form = Form::default().with("login", fields.get("login"));
    let mut needs_code = has_code || fields.has("code");
    if !app.limits.allow(Attempt::LogIn, visit.address) {
        form.refuse("", Refusal::TooManyAttempts);
        let status = StatusCode::TOO_MANY_REQUESTS;
        return answer(&app, &mut visit, status, locale, next, needs_code, form);
    }
    let (login, password) = (fields.get("login"), fields.raw("password"));
    match shop::staff::log_in(&app.shop, login, password, fields.get("code")).await {
        Ok((staff, token)) => {
            let mut response = Redirect::to(&next).into_response();
            desk::keep_session(&app, &mut response, &token.text);
            let age = if staff.totp_secret.is_some() { YEAR } else { 0 };
            visit::set(&mut response, &app, Scope::BackOffice, HAS_CODE, "1", Some(age));
            Ok(response)
        }
        Err(StaffLogInError::CodeNeeded) => {
            needs_code = true;
            refuse(&mut form, "code", Message::new("admin-login-code-needed"));
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            answer(&app, &mut visit, status, locale, next, needs_code, form)
        }
        Err(StaffLogInError::Wrong) => {
            refuse(&mut form, "", Message::new("admin-login-wrong"));
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            answer(&app, &mut visit, status, locale, next, needs_code, form)
        }
        Err(StaffLogInError::Db(error)) => Err(desk::db_failure(&app, &visit, locale, &error)),
    }
}

fn refuse(form: &mut Form, field: &str, message: Message) {
    form.errors.push(FieldError { field: field.to_owned(), message });
}

fn locale_of(tag: &str) -> Locale {
    if tag == Locale::English.tag() { Locale::English } else { Locale::French }
}

#[expect(clippy::unnecessary_wraps, reason = "every handler ends with it")]
fn answer(
    app: &App,
    visit: &mut Visit,
    status: StatusCode,
    locale: Locale,
    next: String,
    needs_code: bool,
    form: Form,
) -> Answer {
    let layout = Layout {
        locale,
        section: Section::None,
        csrf: Some(visit.form_token(app)),
        notice: None,
        staff_name: None,
        shop_name: app.shop.settings().channel.merchant.trade_name.clone(),
        path: next.clone(),
    };
    let page = LoginPage { layout, form, next, needs_code };
    Ok(visit.finish(app, app.page_with(status, &page)))
}

pub(super) async fn log_out(headers: HeaderMap, Posted { desk, .. }: Posted) -> Answer {
    if let Some(token) = desk::session_of(&headers) {
        shop::staff::log_out(&desk.app.shop, token).await.map_err(|error| desk.db(&error))?;
    }
    let mut response = Redirect::to("/admin/login").into_response();
    desk::keep_session(&desk.app, &mut response, "");
    Ok(response)
}

pub(super) async fn set_language(posted: Posted) -> Result<Response, Failure> {
    let Posted { desk, fields } = posted;
    let locale = channel::Locale::from(locale_of(fields.get("lang")));
    shop::staff::set_locale(&desk.app.shop, desk.staff.id, locale)
        .await
        .map_err(|error| desk.db(&error))?;
    Ok(Redirect::to(desk::inside(fields.get("next"))).into_response())
}
