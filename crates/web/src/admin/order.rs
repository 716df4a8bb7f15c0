//! One order: what was agreed, what became of it, what can be done.

use axum::http::StatusCode;
use commerce::order::{LineQuantity, Order, OrderId, RefuseChange};
use shop::order::{ChangeOrderError, Packed};

use super::desk::{Answer, Desk, Failure, Id, Posted};
use super::page::{Done, OrderPage, Section};
use super::view::{self, refuse};
use crate::i18n::Message;
use crate::storefront::page::{Form, Refusal};

pub(super) async fn show(Id(id): Id, desk: Desk) -> Answer {
    page(desk, OrderId(id), StatusCode::OK, Form::default()).await
}

async fn page(mut desk: Desk, id: OrderId, status: StatusCode, form: Form) -> Answer {
    let found = shop::order::find_with_history(&desk.app.shop, id).await;
    let found = found.map_err(|error| desk.db(&error))?;
    let (order, events) = found.ok_or_else(|| desk.not_found())?;
    let order = view::order(&order, &events).map_err(|error| desk.internal(&error))?;
    let page = OrderPage { layout: desk.layout(Section::Orders), order, form };
    desk.page_with(status, &page)
}

/// After a form: onwards when it did what it should, else the page again with the reason.
async fn answer(
    desk: Desk,
    id: OrderId,
    changed: Result<(), ChangeOrderError>,
    done: Done,
    mut form: Form,
) -> Answer {
    let refusal = match changed {
        Ok(()) => return desk.lead(&format!("/admin/orders/{}", id.0), done),
        Err(ChangeOrderError::NotFound) => return Err(desk.not_found()),
        Err(ChangeOrderError::Db(error)) => return Err(desk.db(&error)),
        Err(ChangeOrderError::Busy) => Message::new("admin-order-changed"),
        Err(ChangeOrderError::Refused(refusal)) => message(refusal),
    };
    refuse(&mut form, "", refusal);
    page(desk, id, StatusCode::CONFLICT, form).await
}

fn message(refusal: RefuseChange) -> Message {
    match refusal {
        RefuseChange::Canceled => Message::new("admin-order-is-canceled"),
        RefuseChange::Held => Message::new("admin-order-is-held"),
        RefuseChange::NotHeld => Message::new("admin-order-not-held"),
        RefuseChange::Complete => Message::new("admin-order-is-complete"),
        RefuseChange::AlreadyPaid => Message::new("admin-order-is-paid"),
        RefuseChange::NotPaid => Message::new("admin-order-not-paid"),
        RefuseChange::AlreadyShipped => Message::new("admin-order-has-left"),
        RefuseChange::NothingToShip => Message::new("admin-order-nothing-to-ship"),
        RefuseChange::TooMany => Message::new("admin-order-too-many"),
    }
}

pub(super) async fn mark_paid(Id(id): Id, Posted { desk, .. }: Posted) -> Answer {
    let id = OrderId(id);
    let changed = shop::order::mark_paid(&desk.app.shop, id, &desk.staff.login).await;
    answer(desk, id, changed, Done::OrderPaid, Form::default()).await
}

pub(super) async fn hold(Id(id): Id, Posted { desk, .. }: Posted) -> Answer {
    let id = OrderId(id);
    let changed = shop::order::hold(&desk.app.shop, id, &desk.staff.login).await;
    answer(desk, id, changed, Done::OrderHeld, Form::default()).await
}

pub(super) async fn release(Id(id): Id, Posted { desk, .. }: Posted) -> Answer {
    let id = OrderId(id);
    let changed = shop::order::release(&desk.app.shop, id, &desk.staff.login).await;
    answer(desk, id, changed, Done::OrderReleased, Form::default()).await
}

pub(super) async fn mail_again(Id(id): Id, Posted { desk, .. }: Posted) -> Answer {
    let id = OrderId(id);
    let changed = shop::order::mail_again(&desk.app.shop, id, &desk.staff.login).await;
    answer(desk, id, changed, Done::OrderMailed, Form::default()).await
}

/// The longest reason for which a cancellation has room.
const MAX_REASON: u32 = 500;

pub(super) async fn cancel(Id(id): Id, Posted { desk, fields }: Posted) -> Answer {
    let id = OrderId(id);
    let mut form = Form::default().with("reason", fields.get("reason"));
    let reason = fields.get("reason");
    if reason.is_empty() {
        form.refuse("reason", Refusal::Missing);
    } else if is_longer(reason, MAX_REASON) {
        form.refuse("reason", Refusal::TooLong { max: MAX_REASON });
    }
    if !form.is_accepted() {
        return page(desk, id, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    }
    let changed = shop::order::cancel(&desk.app.shop, id, &desk.staff.login, reason).await;
    answer(desk, id, changed, Done::OrderCanceled, form).await
}

fn is_longer(text: &str, max: u32) -> bool {
    usize::try_from(max).is_ok_and(|max| text.chars().count() > max)
}

/// The longest name of a carrier, and the longest tracking number.
const MAX_CARRIER: u32 = 80;

pub(super) async fn ship(Id(id): Id, Posted { desk, fields }: Posted) -> Answer {
    let id = OrderId(id);
    let order = find(&desk, id).await?;
    let mut form = Form::posted(fields.iter().filter(|(name, _)| *name != "csrf"));
    let mut lines = Vec::new();
    for line in &order.lines {
        let field = format!("quantity-{}", line.position);
        let rest = line.quantity - line.n_shipped;
        match fields.get(&field) {
            "" => {}
            text => match text.parse::<u32>() {
                Ok(quantity) if quantity <= rest => {
                    lines.push(LineQuantity { line: line.position, quantity });
                }
                Ok(_) => {
                    let message = Message::new("admin-refusal-too-many").with("max", rest);
                    refuse(&mut form, &field, message);
                }
                Err(_) => refuse(&mut form, &field, Message::new("admin-refusal-number")),
            },
        }
    }
    let (carrier, tracking_number) = (fields.get("carrier"), fields.get("tracking"));
    for (field, text) in [("carrier", carrier), ("tracking", tracking_number)] {
        if is_longer(text, MAX_CARRIER) {
            form.refuse(field, Refusal::TooLong { max: MAX_CARRIER });
        }
    }
    // The same form sent twice must not send two parcels.
    let n_shipped: u32 = order.lines.iter().map(|line| line.n_shipped).sum();
    if fields.get("n-shipped") != n_shipped.to_string() {
        let mut form = Form::default();
        refuse(&mut form, "", Message::new("admin-order-changed"));
        return page(desk, id, StatusCode::CONFLICT, form).await;
    }
    if form.is_accepted() && lines.iter().all(|packed| packed.quantity == 0) {
        refuse(&mut form, "", Message::new("admin-order-nothing-to-ship"));
    }
    if !form.is_accepted() {
        return page(desk, id, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    }
    let packed =
        Packed { lines, carrier: carrier.to_owned(), tracking_number: tracking_number.to_owned() };
    let changed = shop::order::ship(&desk.app.shop, id, &packed, &desk.staff.login).await;
    answer(desk, id, changed, Done::OrderShipped, form).await
}

async fn find(desk: &Desk, id: OrderId) -> Result<Order, Failure> {
    let found = shop::order::find_with_history(&desk.app.shop, id).await;
    let found = found.map_err(|error| desk.db(&error))?;
    found.map(|(order, _)| order).ok_or_else(|| desk.not_found())
}
