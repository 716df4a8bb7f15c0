//! My account: the second factor.

use axum::http::StatusCode;
use qrcode::QrCode;
use qrcode::render::svg;

use super::desk::{Answer, Desk, Posted};
use super::page::{AccountPage, Done, NewSecret, Section};
use super::view::refuse;
use crate::guard::Attempt;
use crate::i18n::Message;
use crate::storefront::page::{Form, Refusal};

pub(super) async fn show(desk: Desk) -> Answer {
    page(desk, StatusCode::OK, Form::default(), None)
}

/// `secret` is the one that the form shows again, so that the authenticator that has it can go
/// on with it.
fn page(mut desk: Desk, status: StatusCode, form: Form, secret: Option<&str>) -> Answer {
    let is_on = desk.staff.totp_secret.is_some();
    let new = (!is_on).then(|| new_secret(&desk, secret));
    let page = AccountPage {
        layout: desk.layout(Section::Account),
        login: desk.staff.login.clone(),
        name: desk.staff.name.clone(),
        is_on,
        new,
        form,
    };
    desk.page_with(status, &page)
}

fn new_secret(desk: &Desk, shown: Option<&str>) -> NewSecret {
    let mut made = shop::staff::new_totp(&desk.staff);
    if let Some(shown) = shown.filter(|shown| is_secret(shown)) {
        made.url = made.url.replace(&made.base32, shown);
        made.base32 = shown.to_owned();
    }
    let code = QrCode::new(made.url.as_bytes()).ok();
    let picture = code.map(|code| {
        code.render::<svg::Color<'_>>().min_dimensions(240, 240).quiet_zone(true).build()
    });
    NewSecret { base32: made.base32, picture }
}

fn is_secret(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'2'..=b'7'))
}

pub(super) async fn confirm_second_factor(Posted { desk, fields }: Posted) -> Answer {
    let secret = fields.get("secret").to_owned();
    let mut form = Form::default();
    if !desk.app.limits.allow(Attempt::LogIn, desk.visit.address) {
        form.refuse("code", Refusal::TooManyAttempts);
        return page(desk, StatusCode::TOO_MANY_REQUESTS, form, Some(&secret));
    }
    // Whoever sits at an open session cannot replace the device of its owner.
    let is_free = desk.staff.totp_secret.is_none();
    let code = fields.get("code");
    let is_kept = is_free
        && is_secret(&secret)
        && shop::staff::confirm_totp(&desk.app.shop, &desk.staff, &secret, code)
            .await
            .map_err(|error| desk.db(&error))?;
    if is_kept {
        return desk.lead("/admin/account", Done::SecondFactorOn);
    }
    refuse(&mut form, "code", Message::new("admin-code-wrong"));
    page(desk, StatusCode::UNPROCESSABLE_ENTITY, form, Some(&secret))
}

pub(super) async fn remove_second_factor(Posted { desk, fields }: Posted) -> Answer {
    let shop = &desk.app.shop;
    let mut form = Form::default();
    if !desk.app.limits.allow(Attempt::LogIn, desk.visit.address) {
        form.refuse("password", Refusal::TooManyAttempts);
        return page(desk, StatusCode::TOO_MANY_REQUESTS, form, None);
    }
    let hash = Some(desk.staff.password_hash.as_str());
    if !shop.passwords.verify(fields.raw("password"), hash).await {
        form.refuse("password", Refusal::WrongPassword);
        return page(desk, StatusCode::UNPROCESSABLE_ENTITY, form, None);
    }
    shop::staff::remove_totp(shop, desk.staff.id).await.map_err(|error| desk.db(&error))?;
    desk.lead("/admin/account", Done::SecondFactorOff)
}
