//! Turns what the shop knows into what the back office shows.

use commerce::catalog::{Product, Variant, Visibility};
use commerce::channel::Locale;
use commerce::money::MoneyError;
use commerce::order::{
    Adjustment, AdjustmentSource, Fulfillment, Order, OrderLine, OrderState, OrderStatus,
};
use commerce::payment::PaymentState;
use commerce::price::Price;
use shop::order::{OrderEvent, OrderSummary};

use super::page::{
    Badge, ChangeView, EventView, OrderLineView, OrderRow, OrderView, ShipmentView, TaxView, Tone,
};
use crate::guard::Fields;
use crate::i18n::Message;
use crate::storefront::page::{FieldError, Form, MoneyView, Pagination};
use crate::storefront::view::{address, money, percent, thumbnail};

pub(super) const PER_PAGE: u32 = 50;
/// No list is looked at further than this.
const LAST_PAGE: u32 = 10_000;

pub(super) fn refuse(form: &mut Form, field: &str, message: Message) {
    form.errors.push(FieldError { field: field.to_owned(), message });
}

/// The page that is asked for, from 1.
pub(super) fn page_number(asked: &Fields) -> u32 {
    asked.get("page").parse().unwrap_or(1).clamp(1, LAST_PAGE)
}

/// Links the pages of a list, each with the filters of this one.
pub(super) fn paging(path: &str, asked: &Fields, page: u32, n_found: u32) -> Pagination {
    let n_pages = n_found.div_ceil(PER_PAGE);
    Pagination::new(page, n_pages, |number| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let filters = asked.iter().filter(|(name, value)| *name != "page" && !value.is_empty());
        query.extend_pairs(filters);
        if number > 1 {
            query.append_pair("page", &number.to_string());
        }
        match query.finish().as_str() {
            "" => path.to_owned(),
            query => format!("{path}?{query}"),
        }
    })
}

pub(super) fn order_status(status: OrderStatus) -> Badge {
    match status {
        OrderStatus::Pending => Badge::new(Tone::Waiting, Message::new("admin-status-pending")),
        OrderStatus::Processing => Badge::new(Tone::Calm, Message::new("admin-status-processing")),
        OrderStatus::Complete => Badge::new(Tone::Good, Message::new("admin-status-complete")),
        OrderStatus::Held => Badge::new(Tone::Waiting, Message::new("admin-status-held")),
        OrderStatus::Canceled => Badge::new(Tone::Bad, Message::new("admin-status-canceled")),
    }
}

pub(super) fn visibility(visibility: Visibility) -> Badge {
    match visibility {
        Visibility::Draft => Badge::new(Tone::Waiting, Message::new("admin-visibility-draft")),
        Visibility::Published => Badge::new(Tone::Good, Message::new("admin-visibility-published")),
        Visibility::Hidden => Badge::new(Tone::Calm, Message::new("admin-visibility-hidden")),
    }
}

pub(super) fn order_row(order: &OrderSummary) -> OrderRow {
    OrderRow {
        path: format!("/admin/orders/{}", order.id.0),
        number: order.number.clone(),
        name: order.name.clone(),
        email: order.email.clone(),
        placed_at: order.placed_at.as_microsecond(),
        total: money(order.total),
        status: order_status(order.status),
        is_paid: order.is_paid,
    }
}

fn gross(price: Price) -> Result<MoneyView, MoneyError> {
    price.gross().map(money)
}

pub(super) fn order(order: &Order, events: &[OrderEvent]) -> Result<OrderView, MoneyError> {
    let is_open = order.state == OrderState::Open;
    let is_due = order.payment == PaymentState::Due;
    let has_rest = !order.to_ship().is_empty();
    let awaits_payment = is_due && !order.payment_kind.ships_unpaid();
    let is_untouched = order.fulfillment() == Fulfillment::Unfulfilled;
    let tax = |(rate, price): (_, Price)| TaxView {
        rate: percent(rate),
        net: money(price.net),
        tax: money(price.tax),
    };
    Ok(OrderView {
        path: format!("/admin/orders/{}", order.id.0),
        number: order.number.as_str().to_owned(),
        placed_at: order.placed_at.as_microsecond(),
        email: order.email.as_str().to_owned(),
        language: crate::i18n::Locale::from(order.locale).own_name(),
        status: order_status(order.status()),
        lines: order.lines.iter().map(line).collect::<Result<_, _>>()?,
        changes: order.adjustments.iter().map(|it| change(order, it)).collect::<Result<_, _>>()?,
        items: gross(order.items()?)?,
        net: money(order.total.net),
        taxes: order.taxes()?.into_iter().map(tax).collect(),
        total: gross(order.total)?,
        delivery: address(&order.delivery, order.locale.into()),
        billing: address(&order.billing, order.locale.into()),
        shipping_name: order.shipping_name.clone(),
        payment_name: order.payment_name.clone(),
        paid_at: match order.payment {
            PaymentState::Due => None,
            PaymentState::Paid { at } => Some(at.as_microsecond()),
        },
        canceled_at: match order.state {
            OrderState::Open | OrderState::Held { .. } => None,
            OrderState::Canceled { at } => Some(at.as_microsecond()),
        },
        terms_version: order.terms_version,
        shipments: order.shipments.iter().map(|it| shipment(order, it)).collect(),
        events: events.iter().map(event).collect(),
        can_pay: is_open && is_due,
        can_ship: is_open && has_rest && !awaits_payment,
        can_cancel: is_open && is_untouched,
        can_hold: is_open && order.status() != OrderStatus::Complete,
        awaits_payment: is_open && has_rest && awaits_payment,
        is_held: order.status() == OrderStatus::Held,
        n_shipped: order.lines.iter().map(|line| line.n_shipped).sum(),
    })
}

fn line(line: &OrderLine) -> Result<OrderLineView, MoneyError> {
    Ok(OrderLineView {
        position: line.position,
        product_path: format!("/admin/products/{}", line.product.0),
        sku: line.sku.as_str().to_owned(),
        name: line.name.clone(),
        options: line.options.iter().map(|(_, value)| value.clone()).collect(),
        picture: line.picture.as_ref().map(|key| thumbnail(key, "")),
        quantity: line.quantity,
        n_shipped: line.n_shipped,
        n_withdrawn: line.n_withdrawn,
        to_ship: line.quantity.saturating_sub(line.n_shipped),
        unit: gross(line.unit)?,
        total: gross(line.amount)?,
        rate: percent(line.rate),
    })
}

fn change(order: &Order, adjustment: &Adjustment) -> Result<ChangeView, MoneyError> {
    let source = match adjustment.source {
        AdjustmentSource::Promotion => Message::new("admin-change-promotion"),
        AdjustmentSource::EcoParticipation => Message::new("admin-change-eco"),
        AdjustmentSource::Shipping => Message::new("admin-change-shipping"),
        AdjustmentSource::Manual => Message::new("admin-change-manual"),
    };
    let of = |position| order.lines.iter().find(|line| line.position == position);
    Ok(ChangeView {
        source,
        label: adjustment.label.clone(),
        line: adjustment.line.and_then(of).map(|line| line.sku.as_str().to_owned()),
        rate: percent(adjustment.rate),
        amount: gross(adjustment.amount)?,
    })
}

fn shipment(order: &Order, shipment: &commerce::shipment::Shipment) -> ShipmentView {
    let name = |position| {
        let line = order.lines.iter().find(|line| line.position == position);
        line.map_or_else(String::new, |line| line.name.clone())
    };
    ShipmentView {
        carrier: shipment.carrier.clone(),
        tracking_number: shipment.tracking_number.clone(),
        shipped_at: shipment.shipped_at.as_microsecond(),
        lines: shipment.lines.iter().map(|it| (it.quantity, name(it.line))).collect(),
    }
}

fn event(event: &OrderEvent) -> EventView {
    let kind = match event.kind.as_str() {
        "placed" => Message::new("admin-event-placed"),
        "paid" => Message::new("admin-event-paid"),
        "shipped" => Message::new("admin-event-shipped"),
        "held" => Message::new("admin-event-held"),
        "released" => Message::new("admin-event-released"),
        "canceled" => Message::new("admin-event-canceled"),
        "cancel-asked" => Message::new("admin-event-cancel-asked"),
        "mailed" => Message::new("admin-event-mailed"),
        "withdrawal" => Message::new("admin-event-withdrawal"),
        "noted" => Message::new("admin-event-noted"),
        other => Message::new("admin-event-other").with("kind", other),
    };
    EventView {
        kind,
        actor: event.actor.clone(),
        note: event.note.clone(),
        happened_at: event.happened_at.as_microsecond(),
    }
}

/// The name of a product in the language of whoever looks, or the nearest there is.
pub(super) fn product_name(product: &Product, locale: Locale) -> String {
    let text = product.texts.get(locale, Locale::FR);
    text.map_or_else(|| format!("#{}", product.number), |text| text.name.clone())
}

/// What tells a variant from its siblings, in the order of the product's axes.
pub(super) fn options(variant: &Variant) -> Vec<String> {
    variant.options.values().map(|option| option.as_str().to_owned()).collect()
}

/// How many units are free, in words.
pub(super) fn stock(available: u32) -> Badge {
    match available {
        0 => Badge::new(Tone::Bad, Message::new("admin-stock-out")),
        n if n <= shop::checkout::LOW_STOCK => {
            Badge::new(Tone::Waiting, Message::new("admin-stock-low"))
        }
        _ => Badge::new(Tone::Good, Message::new("admin-stock-in")),
    }
}
