//! The back office: what the merchant's staff see and do.
//!
//! Every page but the login needs a session (`desk::Desk`); every form is checked where it is
//! read (`desk::Posted`), so that no handler can forget to.

mod account;
mod dashboard;
mod desk;
mod integrations;
mod jobs;
mod order;
mod orders;
pub mod page;
mod picture;
mod product;
mod products;
mod session;
mod stock;
mod view;
mod webhooks;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::app::App;

/// Room for the other fields of a form that carries a picture.
const UPLOAD_LIMIT: usize = picture::MAX_BYTES + 64 * 1024;

/// The routes under `/admin`.
pub fn routes() -> Router<App> {
    let with_file = DefaultBodyLimit::max(UPLOAD_LIMIT);
    Router::new()
        .route("/", get(dashboard::show))
        .route("/login", get(session::ask).post(session::log_in))
        .route("/logout", post(session::log_out))
        .route("/language", post(session::set_language))
        .route("/account", get(account::show))
        .route("/account/second-factor", post(account::confirm_second_factor))
        .route("/account/second-factor/remove", post(account::remove_second_factor))
        .route("/orders", get(orders::show))
        .route("/orders/{id}", get(order::show))
        .route("/orders/{id}/paid", post(order::mark_paid))
        .route("/orders/{id}/ship", post(order::ship))
        .route("/orders/{id}/cancel", post(order::cancel))
        .route("/orders/{id}/hold", post(order::hold))
        .route("/orders/{id}/release", post(order::release))
        .route("/orders/{id}/mail", post(order::mail_again))
        .route("/products", get(products::show))
        .route("/products/{id}", get(product::show).post(product::save))
        .route("/products/{id}/pictures", post(picture::upload).layer(with_file))
        .route("/products/{id}/pictures/{picture}", post(picture::change))
        .route("/stock", get(stock::show).post(stock::count))
        .route("/jobs", get(jobs::show))
        .route("/jobs/{id}/retry", post(jobs::retry))
        .route("/integrations", get(integrations::show).post(integrations::create))
        .route("/integrations/delete", post(integrations::delete))
        .route("/webhooks", get(webhooks::show).post(webhooks::subscribe))
        .route("/webhooks/{id}", get(webhooks::show_one))
        .route("/webhooks/{id}/switch", post(webhooks::switch))
        .route("/webhooks/{id}/delete", post(webhooks::delete))
        .route("/webhooks/{id}/replay", post(webhooks::replay))
        .fallback(desk::nothing_here)
}
