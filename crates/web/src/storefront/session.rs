//! What a cached page cannot hold: how full the cart is and who is logged in.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;

use super::failure::{Failure, OrFail};
use crate::app::App;
use crate::visit::Visit;

pub fn routes() -> Router<App> {
    Router::new().route("/session.json", get(session))
}

#[derive(Serialize)]
struct SessionBody {
    cart_count: u32,
    /// The first name.
    customer: Option<String>,
}

async fn session(State(app): State<App>, visit: Visit) -> Result<Response, Failure> {
    let cart = match visit.cart {
        Some(cart) => shop::cart::find(&app.shop, cart).await.or_fail(&app, &visit)?,
        None => None,
    };
    let customer = visit.customer(&app).await.or_fail(&app, &visit)?;
    let body = SessionBody {
        cart_count: cart.map_or(0, |cart| cart.n_units()),
        customer: customer.map(|customer| customer.first_name),
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(body)).into_response())
}
