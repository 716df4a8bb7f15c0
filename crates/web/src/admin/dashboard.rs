//! What waits for staff today.

use super::desk::{Answer, Desk};
use super::page::{DashboardPage, Section};
use super::view;

/// How many of the newest orders are shown.
const N_NEWEST: u32 = 8;

pub(super) async fn show(mut desk: Desk) -> Answer {
    let shop = desk.app.shop.clone();
    let zone = desk.app.zone.clone();
    let now = shop.clock.now().to_zoned(zone);
    let today = now.date();
    let midnight = now.start_of_day().map_or_else(|_| now.timestamp(), |day| day.timestamp());

    let db = |error: &shop::DbError| desk.db(error);
    let pending = shop::order::pending(&shop, midnight).await.map_err(|it| db(&it))?;
    let n_low = shop::catalog::n_low(&shop).await.map_err(|it| db(&it))?;
    let queue = shop::jobs::queue_state(&shop).await.map_err(|it| db(&it))?;
    let all = shop::order::OrderFilter::default();
    let (newest, _) = shop::order::list(&shop, &all, N_NEWEST, 0).await.map_err(|it| db(&it))?;

    let page = DashboardPage {
        layout: desk.layout(Section::Dashboard),
        today: today.to_string(),
        n_placed_today: pending.n_placed_today,
        n_to_ship: pending.n_to_ship,
        n_awaiting_payment: pending.n_awaiting_payment,
        n_low,
        n_failed: queue.n_dead,
        n_waiting: queue.n_ready,
        newest: newest.iter().map(view::order_row).collect(),
    };
    desk.page(&page)
}
