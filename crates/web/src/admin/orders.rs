//! The list of orders.

use axum::http::StatusCode;
use commerce::order::OrderStatus;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use shop::order::{OrderFilter, OrderTask};

use super::desk::{Answer, Desk};
use super::page::{OrdersPage, Section};
use super::view::{self, PER_PAGE, paging, refuse};
use crate::i18n::Message;
use crate::storefront::page::Form;

pub(super) async fn show(mut desk: Desk) -> Answer {
    let asked = desk.query.clone();
    let mut form = Form::posted(asked.iter());
    let mut filter = OrderFilter { text: asked.get("q").to_owned(), ..OrderFilter::default() };
    match asked.get("show") {
        "to-ship" => filter.task = Some(OrderTask::Ship),
        "to-pay" => filter.task = Some(OrderTask::AwaitPayment),
        "pending" => filter.status = Some(OrderStatus::Pending),
        "processing" => filter.status = Some(OrderStatus::Processing),
        "complete" => filter.status = Some(OrderStatus::Complete),
        "held" => filter.status = Some(OrderStatus::Held),
        "canceled" => filter.status = Some(OrderStatus::Canceled),
        _ => {}
    }
    let mut day = |field: &str| match asked.get(field) {
        "" => None,
        text => {
            let day = text.parse::<Date>().ok();
            if day.is_none() {
                refuse(&mut form, field, Message::new("admin-refusal-date"));
            }
            day
        }
    };
    let (from, to) = (day("from"), day("to"));
    filter.placed_from = from.and_then(|day| begin(&desk, day));
    // The last day belongs to the period.
    filter.placed_before =
        to.and_then(|day| day.checked_add(1.day()).ok()).and_then(|day| begin(&desk, day));
    if from.zip(to).is_some_and(|(from, to)| to < from) {
        refuse(&mut form, "to", Message::new("admin-refusal-period"));
    }

    let shop = desk.app.shop.clone();
    let wanted = view::page_number(&asked);
    let offset = (wanted - 1) * PER_PAGE;
    let found = shop::order::list(&shop, &filter, PER_PAGE, offset).await;
    let (orders, n_found) = found.map_err(|error| desk.db(&error))?;

    let is_filtered =
        ["q", "show", "from", "to"].into_iter().any(|field| !asked.get(field).is_empty());
    let status = if form.is_accepted() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = OrdersPage {
        layout: desk.layout(Section::Orders),
        form,
        is_filtered,
        n_found,
        orders: orders.iter().map(view::order_row).collect(),
        pagination: paging("/admin/orders", &asked, wanted, n_found),
    };
    desk.page_with(status, &page)
}

fn begin(desk: &Desk, day: Date) -> Option<Timestamp> {
    day.to_zoned(desk.app.zone.clone()).ok().map(|begin| begin.timestamp())
}
