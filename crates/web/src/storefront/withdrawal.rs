//! Withdrawing from a contract online (C. conso. L221-21, D221-5): no account, no reason, two
//! steps.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use commerce::order::{LineQuantity, Order, OrderId, Withdrawal};
use shop::order::WithdrawError;

use super::failure::{Failure, OrFail};
use super::page::{Form, Refusal, WithdrawalLine, WithdrawalPage, WithdrawalStep};
use super::view::{self, About};
use super::{checkout, field, order};
use crate::app::App;
use crate::guard::{Attempt, Fields};
use crate::i18n::Message;
use crate::visit::Visit;

pub fn routes() -> Router<App> {
    Router::new().route("/withdrawal", get(show).post(submit))
}

async fn show(State(app): State<App>, mut visit: Visit) -> Response {
    let page = page(&app, &mut visit, Form::default(), WithdrawalStep::Identify);
    visit.finish(&app, app.page(&page))
}

fn page(app: &App, visit: &mut Visit, form: Form, step: WithdrawalStep) -> WithdrawalPage {
    let title = app.renderer.say(visit.locale, &Message::new("withdrawal-title"));
    let terms_path = checkout::page_path(app, "withdrawal", visit.locale);
    let layout = view::own_layout(app, visit, About::titled(title));
    WithdrawalPage { layout, form, step, terms_path }
}

async fn submit(
    State(app): State<App>,
    mut visit: Visit,
    fields: Result<Fields, StatusCode>,
) -> Result<Response, Failure> {
    let fields = fields.or_fail(&app, &visit)?;
    visit.check_form(&app, &fields).or_fail(&app, &visit)?;
    let mut form = Form::posted(fields.iter());
    let (status, step) = if fields.get("action") == "confirm" {
        confirm(&app, &visit, &fields, &mut form).await?
    } else {
        identify(&app, &visit, &fields, &mut form).await?
    };
    let page = page(&app, &mut visit, form, step);
    Ok(visit.finish(&app, app.page_with(status, &page)))
}

async fn identify(
    app: &App,
    visit: &Visit,
    fields: &Fields,
    form: &mut Form,
) -> Result<(StatusCode, WithdrawalStep), Failure> {
    let refused = (StatusCode::UNPROCESSABLE_ENTITY, WithdrawalStep::Identify);
    let Some(id) = order::identify(app, visit, fields, form).await? else { return Ok(refused) };
    let order = found(app, visit, id).await?;
    if !order::is_open(&order) {
        form.refuse("", Refusal::OrderCanceled);
        return Ok(refused);
    }
    *form = Form::default()
        .with("name", &order.billing.full_name())
        .with("email", order.email.as_str());
    Ok((StatusCode::OK, choose(app, &order, None)))
}

async fn found(app: &App, visit: &Visit, id: OrderId) -> Result<Order, Failure> {
    let order = shop::order::view(&app.shop, id).await.or_fail(app, visit)?;
    order.ok_or_else(|| Failure::not_found(app, visit))
}

/// The second step: every line whole, or what was ticked and typed.
fn choose(app: &App, order: &Order, typed: Option<&Fields>) -> WithdrawalStep {
    let line = |line: &commerce::order::OrderLine| {
        let id = line.position.to_string();
        let quantity = line.quantity - line.n_withdrawn;
        let whole = || quantity.to_string();
        WithdrawalLine {
            name: name(line),
            quantity,
            is_chosen: typed.is_none_or(|fields| fields.all("line").any(|ticked| ticked == id)),
            chosen: typed.map_or_else(whole, |fields| fields.get(&quantity_of(&id)).to_owned()),
            id,
        }
    };
    WithdrawalStep::Choose {
        token: shop::order::access_token(&app.shop, order.id),
        number: order.number.as_str().to_owned(),
        lines: order.lines.iter().filter(|it| it.n_withdrawn < it.quantity).map(line).collect(),
    }
}

/// The field with the quantity of a line.
fn quantity_of(line: &str) -> String {
    format!("quantity-{line}")
}

fn name(line: &commerce::order::OrderLine) -> String {
    let options: Vec<&str> = line.options.iter().map(|(_, value)| value.as_str()).collect();
    if options.is_empty() {
        line.name.clone()
    } else {
        format!("{} ({})", line.name, options.join(", "))
    }
}

/// What the buyer declares here counts from this moment on.
async fn confirm(
    app: &App,
    visit: &Visit,
    fields: &Fields,
    form: &mut Form,
) -> Result<(StatusCode, WithdrawalStep), Failure> {
    if !app.limits.allow(Attempt::LogIn, visit.address) {
        return Err(Failure::too_many(app, visit));
    }
    let Some(id) = shop::order::open_token(&app.shop, fields.get("token")) else {
        form.refuse("number", Refusal::NoSuchOrder);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, WithdrawalStep::Identify));
    };
    let order = found(app, visit, id).await?;
    let name = field::text(fields, "name", 160, form);
    let email = field::email(fields, "email", form);
    let lines = chosen(&order, fields, form);
    if lines.is_empty() && form.is_accepted() {
        form.refuse("", Refusal::NothingChosen);
    }
    let refused = (StatusCode::UNPROCESSABLE_ENTITY, choose(app, &order, Some(fields)));
    let (Some(name), Some(email), true) = (name, email, form.is_accepted()) else {
        return Ok(refused);
    };
    match shop::order::withdraw(&app.shop, id, lines, &name, &email).await {
        Ok(withdrawal) => Ok((StatusCode::OK, done(&order, &withdrawal))),
        Err(error) => {
            let refusal = match error {
                WithdrawError::NotFound => Refusal::NoSuchOrder,
                WithdrawError::Canceled => Refusal::OrderCanceled,
                WithdrawError::NothingChosen | WithdrawError::TooMany | WithdrawError::Busy => {
                    Refusal::NothingChosen
                }
                WithdrawError::Db(error) => return Err(Failure::db(app, visit, &error)),
            };
            form.refuse("", refusal);
            Ok(refused)
        }
    }
}

/// The lines left ticked, whole where no quantity is given.
///
/// What is no quantity is refused rather than guessed: a declaration cannot be taken back.
fn chosen(order: &Order, fields: &Fields, form: &mut Form) -> Vec<LineQuantity> {
    let mut lines = Vec::new();
    for line in &order.lines {
        let id = line.position.to_string();
        if !fields.all("line").any(|ticked| ticked == id) {
            continue;
        }
        let field = quantity_of(&id);
        let typed = fields.get(&field);
        let max = line.quantity - line.n_withdrawn;
        let quantity = if typed.is_empty() { Some(max) } else { typed.parse().ok() };
        match quantity.filter(|quantity| *quantity <= max) {
            Some(quantity) => lines.push(LineQuantity { line: line.position, quantity }),
            None => form.refuse(&field, Refusal::QuantityNotOrdered { max }),
        }
    }
    lines.retain(|line| line.quantity > 0);
    lines
}

fn done(order: &Order, withdrawal: &Withdrawal) -> WithdrawalStep {
    let line = |declared: &LineQuantity| {
        let line = order.lines.iter().find(|line| line.position == declared.line)?;
        let (id, quantity) = (line.position.to_string(), declared.quantity);
        let chosen = quantity.to_string();
        Some(WithdrawalLine { id, name: name(line), quantity, is_chosen: true, chosen })
    };
    WithdrawalStep::Done {
        number: order.number.as_str().to_owned(),
        received_at: withdrawal.received_at.as_microsecond(),
        email: withdrawal.email.as_str().to_owned(),
        lines: withdrawal.lines.iter().filter_map(line).collect(),
    }
}
