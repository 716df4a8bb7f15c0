//! An order as rows of an export.

use commerce::customer::Address;
use commerce::money::Money;
use commerce::order::{AdjustmentSource, Order, OrderLine, OrderState};
use commerce::payment::PaymentState;
use commerce::price::Price;
use jiff::Timestamp;

use super::{KINDS, ROUNDINGS, json, name_of, status_name};
use crate::customer::street;
use crate::when;

fn address_cells(address: &Address) -> [String; 8] {
    [
        address.first_name.clone(),
        address.last_name.clone(),
        address.company.clone(),
        street(address),
        address.postcode.clone(),
        address.city.clone(),
        address.country.as_str().to_owned(),
        address.phone.clone(),
    ]
}

fn gross(price: Price) -> String {
    price.gross().map_or_else(|_| String::new(), Money::to_decimal)
}

/// The cells of an order's rows, in the order of `COLUMNS`.
pub fn write(order: &Order) -> Vec<Vec<String>> {
    let head = head_cells(order);
    order
        .lines
        .iter()
        .map(|line| {
            let mut cells = head.clone();
            if line.position > 0 {
                cells[1..].fill(String::new());
            }
            cells.extend(line_cells(order, line));
            cells
        })
        .collect()
}

fn head_cells(order: &Order) -> Vec<String> {
    let moment = |moment: Option<Timestamp>| moment.map(when::write).unwrap_or_default();
    let shipping = order.adjusted(AdjustmentSource::Shipping);
    let shipping = shipping.unwrap_or(Price::zero(order.currency));
    let paid_at = match order.payment {
        PaymentState::Paid { at } => Some(at),
        PaymentState::Due => None,
    };
    let canceled_at = match order.state {
        OrderState::Canceled { at } => Some(at),
        OrderState::Open | OrderState::Held { .. } => None,
    };
    let carbon = order.delivery_carbon.as_ref();
    let mut cells = vec![
        order.number.as_str().to_owned(),
        order.locale.as_str().to_owned(),
        when::write(order.placed_at),
        status_name(order.status()).to_owned(),
        order.email.as_str().to_owned(),
        u8::from(order.customer.is_none()).to_string(),
        order.currency.as_str().to_owned(),
    ];
    cells.extend(address_cells(&order.billing));
    cells.extend(address_cells(&order.delivery));
    cells.extend([
        order.shipping_method.to_string(),
        order.shipping_name.clone(),
        shipping.net.to_decimal(),
        shipping.tax.to_decimal(),
        carbon.map(|it| it.grams_co2e.to_string()).unwrap_or_default(),
        carbon.map(|it| it.source.clone()).unwrap_or_default(),
        order.payment_method.to_string(),
        name_of(&KINDS, &order.payment_kind).to_owned(),
        order.payment_name.clone(),
        gross(order.total),
        order.total.tax.to_decimal(),
        moment(paid_at),
        moment(canceled_at),
        order.terms_version.to_string(),
        name_of(&ROUNDINGS, &order.rounding).to_owned(),
        u8::from(order.prices_include_tax).to_string(),
        json::write_adjustments(&order.adjustments),
        json::write_shipments(&order.shipments),
    ]);
    cells
}

fn line_cells(order: &Order, line: &OrderLine) -> Vec<String> {
    let discounts = order.adjustments.iter().filter(|adjustment| {
        adjustment.line == Some(line.position) && adjustment.source == AdjustmentSource::Promotion
    });
    let zero = Price::zero(order.currency);
    let discount = Price::sum(order.currency, discounts.map(|it| it.amount)).unwrap_or(zero);
    let points = line.rate.basis_points();
    vec![
        line.sku.to_string(),
        line.name.clone(),
        line.quantity.to_string(),
        line.n_shipped.to_string(),
        crate::product::write_grams(line.weight_grams),
        line.unit.net.to_decimal(),
        gross(line.unit),
        line.amount.net.to_decimal(),
        gross(line.amount),
        format!("{}.{:02}", points / 100, points % 100),
        zero.minus(discount).map_or_else(|_| String::new(), gross),
        line.amount.tax.plus(discount.tax).map_or_else(|_| String::new(), Money::to_decimal),
        line.tax_class.to_string(),
        json::write_options(&line.options),
        line.picture.as_ref().map(ToString::to_string).unwrap_or_default(),
    ]
}
