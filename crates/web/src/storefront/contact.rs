//! Writing to the merchant.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use shop::jobs::SendContactMail;

use super::failure::{Failure, OrFail};
use super::page::{ContactPage, Form, Refusal};
use super::view::{self, About};
use super::{checkout, field};
use crate::app::App;
use crate::guard::{Attempt, Fields};
use crate::i18n::{Locale, Message};
use crate::visit::Visit;

const MAX_MESSAGE: u32 = 4_000;

pub fn routes() -> Router<App> {
    Router::new().route("/contact", get(show).post(send))
}

async fn show(State(app): State<App>, mut visit: Visit) -> Response {
    let page = page(&app, &mut visit, Form::default(), false);
    visit.finish(&app, app.page(&page))
}

fn page(app: &App, visit: &mut Visit, form: Form, is_sent: bool) -> ContactPage {
    let title = app.renderer.say(visit.locale, &Message::new("contact-title"));
    let privacy_path = checkout::page_path(app, "privacy", visit.locale);
    let layout = view::own_layout(app, visit, About::titled(title));
    ContactPage { layout, form, is_sent, privacy_path }
}

async fn send(
    State(app): State<App>,
    mut visit: Visit,
    fields: Result<Fields, StatusCode>,
) -> Result<Response, Failure> {
    let fields = fields.or_fail(&app, &visit)?;
    visit.check_form(&app, &fields).or_fail(&app, &visit)?;
    let mut form = Form::posted(fields.iter());
    let (status, is_sent) = if fields.get("website").is_empty() {
        match read(&app, &fields, &mut form) {
            Some(_) if !app.limits.allow(Attempt::Message, visit.address) => {
                form.refuse("", Refusal::TooManyAttempts);
                (StatusCode::TOO_MANY_REQUESTS, false)
            }
            Some(mail) => {
                shop::jobs::contact(&app.shop, &mail).await.or_fail(&app, &visit)?;
                (StatusCode::OK, true)
            }
            None => (StatusCode::UNPROCESSABLE_ENTITY, false),
        }
    } else {
        // Only a program fills the field that people cannot see; it learns nothing from us.
        (StatusCode::OK, true)
    };
    let page = page(&app, &mut visit, form, is_sent);
    Ok(visit.finish(&app, app.page_with(status, &page)))
}

fn read(app: &App, fields: &Fields, form: &mut Form) -> Option<SendContactMail> {
    let name = field::text(fields, "name", 120, form);
    let email = field::email(fields, "email", form);
    let about = about(fields.get("subject"));
    if about.is_none() {
        form.refuse("subject", Refusal::ChoiceMissing);
    }
    let order = fields.get("order");
    if order.chars().count() > 40 || order.chars().any(char::is_control) {
        form.refuse("order", Refusal::Unreadable);
    }
    let message = fields.get("message");
    if message.is_empty() {
        form.refuse("message", Refusal::Missing);
    } else if message.chars().count() > usize::try_from(MAX_MESSAGE).unwrap_or(usize::MAX) {
        form.refuse("message", Refusal::TooLong { max: MAX_MESSAGE });
    }
    if !form.is_accepted() {
        return None;
    }
    // Whoever reads it speaks the channel's first language.
    let reader = Locale::from(app.shop.settings().channel.default_locale());
    let mut subject = app.renderer.say(reader, &about?);
    if !order.is_empty() {
        subject = format!("{subject} – {order}");
    }
    Some(SendContactMail::new(name?, &email?, subject, message.to_owned()))
}

fn about(code: &str) -> Option<Message> {
    Some(match code {
        "product" => Message::new("contact-subject-product"),
        "order" => Message::new("contact-subject-order"),
        "return" => Message::new("contact-subject-return"),
        "data" => Message::new("contact-subject-data"),
        "other" => Message::new("contact-subject-other"),
        _ => return None,
    })
}
