//! Work that was given up: a mail that no server takes, a picture that cannot be read.

use axum::extract::State;

use super::desk::{Answer, Desk, Id, Posted};
use super::page::{Done, JobRow, JobsPage, Section};
use crate::app::App;

pub(super) async fn show(State(app): State<App>, mut desk: Desk) -> Answer {
    let failed = shop::jobs::list_failed(&app.shop).await.map_err(|error| desk.db(&error))?;
    let queue = shop::jobs::queue_state(&app.shop).await.map_err(|error| desk.db(&error))?;
    let row = |job: shop::jobs::DeadJob| JobRow {
        id: job.id.to_string(),
        kind: job.kind,
        error: job.last_error,
        created_at: job.created_at.as_microsecond(),
    };
    let page = JobsPage {
        layout: desk.layout(Section::Jobs),
        n_waiting: queue.n_ready,
        jobs: failed.into_iter().map(row).collect(),
    };
    desk.page(&page)
}

pub(super) async fn retry(Id(id): Id, Posted { desk, .. }: Posted) -> Answer {
    let is_revived =
        shop::jobs::retry(&desk.app.shop, id).await.map_err(|error| desk.db(&error))?;
    let done = if is_revived { Done::JobRetried } else { Done::JobGone };
    desk.lead("/admin/jobs", done)
}
