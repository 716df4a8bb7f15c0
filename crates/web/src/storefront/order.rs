//! An order, for whoever has its link or knows its number.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use commerce::catalog::ProductId;
use commerce::money::MoneyError;
use commerce::order::{
    AdjustmentSource, Fulfillment, Order, OrderId, OrderLine, OrderNumber, OrderState, OrderStatus,
};
use commerce::payment::{PaymentKind, PaymentState};
use commerce::price::Price;
use commerce::shipment::Shipment;
use jiff::Timestamp;
use search::Snapshot;
use shop::order::{ChangeOrderError, ConfirmCancelError};
use shop::settings::Settings;

use super::failure::{Failure, OrFail};
use super::page::{
    AddressView, CancelView, ConfirmationPage, Form, OrderLineView, OrderLookupPage, OrderPage,
    OrderStateView, OrderStep, OrderView, PaymentInstructions, PaymentView, Refusal,
    ShipmentLineView, ShipmentView,
};
use super::view::{self, About};
use super::{cart, field, product, totals};
use crate::app::App;
use crate::guard::{Attempt, Fields};
use crate::i18n::{Locale, Message};
use crate::visit::Visit;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/orders/{token}", get(show))
        .route("/orders/{token}/cancel/{key}", get(ask).post(cancel))
        .route("/checkout/done/{token}", get(confirmation))
        .route("/order-lookup", get(lookup).post(find))
}

async fn show(
    State(app): State<App>,
    mut visit: Visit,
    Path(token): Path<String>,
) -> Result<Response, Failure> {
    let order = opened(&app, &visit, &token).await?;
    let page = page(&app, &mut visit, &order, false).or_fail(&app, &visit)?;
    Ok(visit.finish(&app, app.page(&page)))
}

async fn confirmation(
    State(app): State<App>,
    mut visit: Visit,
    Path(token): Path<String>,
) -> Result<Response, Failure> {
    let order = opened(&app, &visit, &token).await?;
    let title = app.renderer.say(visit.locale, &Message::new("confirmation-title"));
    let page = ConfirmationPage {
        layout: view::own_layout(&app, &mut visit, About::titled(title)),
        order: order_view(&app, &order, visit.locale).or_fail(&app, &visit)?,
        can_register: order.customer.is_none() && visit.session.is_none(),
    };
    Ok(visit.finish(&app, app.page(&page)))
}

/// The order that a token opens.
async fn opened(app: &App, visit: &Visit, token: &str) -> Result<Order, Failure> {
    let id = shop::order::open_token(&app.shop, token);
    let id = id.ok_or_else(|| Failure::not_found(app, visit))?;
    let found = shop::order::view(&app.shop, id).await.or_fail(app, visit)?;
    found.ok_or_else(|| Failure::not_found(app, visit))
}

/// The address of an order's own page.
pub(super) fn path(app: &App, id: OrderId) -> String {
    format!("/orders/{}", shop::order::access_token(&app.shop, id))
}

/// The page of one order, in the account or by its link.
pub(super) fn page(
    app: &App,
    visit: &mut Visit,
    order: &Order,
    is_account: bool,
) -> Result<OrderPage, MoneyError> {
    let title = Message::new("order-title").with("number", order.number.as_str());
    let title = app.renderer.say(visit.locale, &title);
    Ok(OrderPage {
        layout: view::own_layout(app, visit, About::titled(title)),
        order: order_view(app, order, visit.locale)?,
        is_account,
        cancel: None,
    })
}

async fn ask(
    State(app): State<App>,
    mut visit: Visit,
    Path((token, key)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let order = opened(&app, &visit, &token).await?;
    let mut page = page(&app, &mut visit, &order, false).or_fail(&app, &visit)?;
    page.cancel = Some(cancel_view(&app, &order, &key));
    Ok(visit.finish(&app, app.page(&page)))
}

/// A look at the link changes nothing, since programs that check mails look too.
fn cancel_view(app: &App, order: &Order, key: &str) -> CancelView {
    if order.clone().cancel_unpaid(app.shop.clock.now()).is_err() {
        return CancelView::TooLate;
    }
    match shop::order::open_cancel_key(&app.shop, key) {
        Some((id, _)) if id == order.id => {
            CancelView::Offered { path: format!("{}/cancel/{key}", path(app, id)) }
        }
        _ => CancelView::Expired,
    }
}

async fn cancel(
    State(app): State<App>,
    mut visit: Visit,
    Path((token, key)): Path<(String, String)>,
    fields: Result<Fields, StatusCode>,
) -> Result<Response, Failure> {
    let fields = fields.or_fail(&app, &visit)?;
    visit.check_form(&app, &fields).or_fail(&app, &visit)?;
    let order = opened(&app, &visit, &token).await?;
    match shop::order::confirm_cancel(&app.shop, order.id, &key).await {
        Ok(()) => Ok(visit.redirect(&path(&app, order.id), None)),
        Err(
            ConfirmCancelError::BadKey
            | ConfirmCancelError::Order(ChangeOrderError::Refused(_) | ChangeOrderError::NotFound),
        ) => {
            let order = opened(&app, &visit, &token).await?;
            let mut page = page(&app, &mut visit, &order, false).or_fail(&app, &visit)?;
            page.cancel = Some(cancel_view(&app, &order, &key));
            Ok(visit.finish(&app, app.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)))
        }
        Err(ConfirmCancelError::Order(ChangeOrderError::Db(error))) => {
            Err(error).or_fail(&app, &visit)
        }
        Err(ConfirmCancelError::Order(error @ ChangeOrderError::Busy)) => {
            Err(Failure::internal(&app, &visit, &error))
        }
    }
}

async fn lookup(State(app): State<App>, mut visit: Visit) -> Response {
    let page = lookup_page(&app, &mut visit, Form::default());
    visit.finish(&app, app.page(&page))
}

async fn find(
    State(app): State<App>,
    mut visit: Visit,
    fields: Result<Fields, StatusCode>,
) -> Result<Response, Failure> {
    let fields = fields.or_fail(&app, &visit)?;
    visit.check_form(&app, &fields).or_fail(&app, &visit)?;
    let mut form = Form::posted(fields.iter());
    if let Some(id) = identify(&app, &visit, &fields, &mut form).await? {
        return Ok(visit.redirect(&path(&app, id), None));
    }
    let page = lookup_page(&app, &mut visit, form);
    Ok(visit.finish(&app, app.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)))
}

fn lookup_page(app: &App, visit: &mut Visit, form: Form) -> OrderLookupPage {
    let title = app.renderer.say(visit.locale, &Message::new("lookup-title"));
    OrderLookupPage { layout: view::own_layout(app, visit, About::titled(title)), form }
}

/// Finds the order of the fields `number` and `email`; the form says the same of an unknown number
/// and of somebody else's.
pub(super) async fn identify(
    app: &App,
    visit: &Visit,
    fields: &Fields,
    form: &mut Form,
) -> Result<Option<OrderId>, Failure> {
    if !app.limits.allow(Attempt::LogIn, visit.address) {
        return Err(Failure::too_many(app, visit));
    }
    let number = field::text(fields, "number", 40, form);
    let email = field::email(fields, "email", form);
    let (Some(number), Some(email)) = (number, email) else { return Ok(None) };
    let found = match OrderNumber::parse(&number) {
        Some(number) => {
            shop::order::of_guest(&app.shop, &number, &email).await.or_fail(app, visit)?
        }
        None => None,
    };
    if found.is_none() {
        form.refuse("number", Refusal::NoSuchOrder);
    }
    Ok(found)
}

/// Where an order in a list stands.
pub(super) fn state_of(status: OrderStatus, is_paid: bool) -> OrderStateView {
    match status {
        OrderStatus::Pending => OrderStateView::AwaitingPayment,
        OrderStatus::Processing if is_paid => OrderStateView::Paid,
        OrderStatus::Processing => OrderStateView::PartlyShipped,
        OrderStatus::Complete => OrderStateView::Shipped,
        OrderStatus::Held => OrderStateView::Held,
        OrderStatus::Canceled => OrderStateView::Canceled,
    }
}

fn state(order: &Order) -> OrderStateView {
    match (order.state, order.fulfillment(), order.payment) {
        (OrderState::Canceled { .. }, ..) => OrderStateView::Canceled,
        (OrderState::Held { .. }, ..) => OrderStateView::Held,
        (_, Fulfillment::Fulfilled, _) => OrderStateView::Shipped,
        (_, Fulfillment::Partial, _) => OrderStateView::PartlyShipped,
        (_, _, PaymentState::Paid { .. }) => OrderStateView::Paid,
        _ => first_state(order),
    }
}

/// Where an order stands that was just placed.
fn first_state(order: &Order) -> OrderStateView {
    match order.payment_kind.ships_unpaid() {
        true => OrderStateView::Preparing,
        false => OrderStateView::AwaitingPayment,
    }
}

/// Whether there is still an agreement to keep, or to withdraw from.
pub(super) fn is_open(order: &Order) -> bool {
    order.stands()
}

/// What happened to the order, and what is to come.
fn steps(order: &Order) -> Vec<OrderStep> {
    let mut steps = vec![(first_state(order), Some(order.placed_at))];
    let paid_at = match order.payment {
        PaymentState::Paid { at } => Some(at),
        PaymentState::Due => None,
    };
    let is_open = is_open(order);
    let paid = (paid_at.is_some() || is_open).then_some((OrderStateView::Paid, paid_at));
    let sent_at = order.shipments.iter().map(|shipment| shipment.shipped_at).max();
    let mut sent = Vec::new();
    match order.fulfillment() {
        Fulfillment::Unfulfilled => {}
        Fulfillment::Partial => sent.push((OrderStateView::PartlyShipped, sent_at)),
        Fulfillment::Fulfilled => sent.push((OrderStateView::Shipped, sent_at)),
    }
    if is_open && order.fulfillment() != Fulfillment::Fulfilled {
        sent.push((OrderStateView::Shipped, None));
    }
    if order.payment_kind.ships_unpaid() {
        steps.extend(sent);
        steps.extend(paid);
    } else {
        steps.extend(paid);
        steps.extend(sent);
    }
    match order.state {
        OrderState::Open => {}
        OrderState::Held { at } => {
            let to_come = steps.iter().position(|(_, at)| at.is_none()).unwrap_or(steps.len());
            steps.insert(to_come, (OrderStateView::Held, Some(at)));
        }
        OrderState::Canceled { at } => steps.push((OrderStateView::Canceled, Some(at))),
    }
    let current = state(order);
    steps
        .into_iter()
        .map(|(state, at): (OrderStateView, Option<Timestamp>)| OrderStep {
            state,
            at: at.map(Timestamp::as_microsecond),
            is_current: state == current && at.is_some(),
        })
        .collect()
}

fn order_view(app: &App, order: &Order, locale: Locale) -> Result<OrderView, MoneyError> {
    let (catalog, settings) = (app.shop.catalog(), app.shop.settings());
    let lines = order
        .lines
        .iter()
        .map(|line| line_view(&catalog, order, line, locale))
        .collect::<Result<Vec<_>, _>>()?;
    let is_pick_up = settings
        .shipping
        .iter()
        .any(|method| method.code == order.shipping_method && method.rule.is_pick_up());
    Ok(OrderView {
        number: order.number.as_str().to_owned(),
        path: path(app, order.id),
        placed_at: order.placed_at.as_microsecond(),
        email: order.email.as_str().to_owned(),
        state: state(order),
        steps: steps(order),
        lines,
        totals: totals::of_order(order)?,
        payment: payment_view(&settings, order)?,
        shipping_method: order.shipping_name.clone(),
        shipping_carbon: order.delivery_carbon.as_ref().map(view::delivery_carbon),
        shipping_address: view::address(&order.delivery, locale),
        billing_address: view::address(&order.billing, locale),
        pickup: is_pick_up.then(|| AddressView {
            name: settings.channel.merchant.trade_name.clone(),
            lines: settings.channel.merchant.address.clone(),
            phone: None,
        }),
        shipments: order.shipments.iter().map(|shipment| shipment_view(order, shipment)).collect(),
        can_withdraw: is_open(order),
    })
}

fn line_view(
    catalog: &Snapshot,
    order: &Order,
    line: &OrderLine,
    locale: Locale,
) -> Result<OrderLineView, MoneyError> {
    let eco = order.adjustments.iter().filter(|adjustment| {
        adjustment.line == Some(line.position)
            && adjustment.source == AdjustmentSource::EcoParticipation
    });
    let eco = Price::sum(order.currency, eco.map(|adjustment| adjustment.amount))?;
    let amounts = totals::of_line(line.unit, line.amount, eco, line.quantity)?;
    Ok(OrderLineView {
        sku: line.sku.as_str().to_owned(),
        name: line.name.clone(),
        path: product_path(catalog, line.product, locale),
        picture: line.picture.as_ref().map(|key| view::thumbnail(key, "")),
        options: line.options.iter().map(cart::characteristic).collect(),
        quantity: line.quantity,
        unit_price: amounts.unit,
        total: amounts.total,
        eco_participation: amounts.eco_participation,
        tax_rate: view::percent(line.rate),
    })
}

fn product_path(catalog: &Snapshot, product: ProductId, locale: Locale) -> Option<String> {
    let offer = catalog.product(product).filter(|offer| product::has_page(offer))?;
    Some(format!("/p/{}", offer.text(locale.into())?.slug))
}

fn payment_view(settings: &Settings, order: &Order) -> Result<PaymentView, MoneyError> {
    let merchant = &settings.channel.merchant;
    let is_paid = matches!(order.payment, PaymentState::Paid { .. });
    let amount = view::money(order.total.gross()?);
    let reference = order.number.as_str().to_owned();
    let instructions = match order.payment_kind {
        PaymentKind::BankTransfer => PaymentInstructions::BankTransfer {
            holder: merchant.bank_holder.clone(),
            iban: merchant.iban.clone(),
            bic: merchant.bic.clone(),
            reference,
            amount,
        },
        PaymentKind::Cheque => PaymentInstructions::Cheque {
            payable_to: merchant.legal_name.clone(),
            address: merchant.address.clone(),
            reference,
            amount,
        },
        PaymentKind::CashOnDelivery => PaymentInstructions::CashOnDelivery { amount },
    };
    let is_due = !is_paid && is_open(order);
    Ok(PaymentView {
        name: order.payment_name.clone(),
        is_paid,
        instructions: is_due.then_some(instructions),
    })
}

fn shipment_view(order: &Order, shipment: &Shipment) -> ShipmentView {
    let line = |packed: &commerce::order::LineQuantity| {
        let line = order.lines.iter().find(|line| line.position == packed.line)?;
        Some(ShipmentLineView { name: line.name.clone(), quantity: packed.quantity })
    };
    let tracking = &shipment.tracking_number;
    ShipmentView {
        carrier: shipment.carrier.clone(),
        shipped_at: shipment.shipped_at.as_microsecond(),
        tracking_number: (!tracking.is_empty()).then(|| tracking.clone()),
        lines: shipment.lines.iter().filter_map(line).collect(),
    }
}
