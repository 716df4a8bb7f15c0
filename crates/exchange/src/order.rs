//! Orders: a row for each line, with what is said of the whole order on the first of them.
//!
//! Magento exports orders as lists without lines; the columns are called as the fields of its
//! orders and their items are.

mod head;
mod item;
mod json;
mod write;

use commerce::channel::{Channel, Locale};
use commerce::order::{Order, OrderStatus};
use commerce::payment::PaymentKind;
use commerce::tax::Rounding;
use jiff::tz::TimeZone;

use self::head::Head;
use self::item::Item;
use crate::cells::{Fault, quoted};
use crate::table::{Header, Record};

pub use self::write::write;

pub const COLUMNS: [&str; 56] = [
    "increment_id",
    "store_view_code",
    "created_at",
    "status",
    "customer_email",
    "customer_is_guest",
    "order_currency_code",
    "billing_firstname",
    "billing_lastname",
    "billing_company",
    "billing_street",
    "billing_postcode",
    "billing_city",
    "billing_country_id",
    "billing_telephone",
    "shipping_firstname",
    "shipping_lastname",
    "shipping_company",
    "shipping_street",
    "shipping_postcode",
    "shipping_city",
    "shipping_country_id",
    "shipping_telephone",
    "shipping_method",
    "shipping_description",
    "shipping_amount",
    "shipping_tax_amount",
    "greenleaf_delivery_co2e_grams",
    "greenleaf_delivery_co2e_source",
    "payment_method",
    "greenleaf_payment_kind",
    "greenleaf_payment_name",
    "grand_total",
    "tax_amount",
    "greenleaf_paid_at",
    "greenleaf_canceled_at",
    "greenleaf_terms_version",
    "greenleaf_rounding",
    "greenleaf_prices_include_tax",
    "greenleaf_adjustments",
    "greenleaf_shipments",
    "item_sku",
    "item_name",
    "item_qty_ordered",
    "item_qty_shipped",
    "item_weight",
    "item_price",
    "item_price_incl_tax",
    "item_row_total",
    "item_row_total_incl_tax",
    "item_tax_percent",
    "item_discount_amount",
    "item_tax_amount",
    "greenleaf_item_tax_class",
    "greenleaf_item_options",
    "greenleaf_item_image",
];
pub const REQUIRED: [&str; 4] = ["increment_id", "customer_email", "grand_total", "item_sku"];

/// What an order is read with.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    pub channel: &'a Channel,
    /// What a store view speaks.
    pub locale: &'a dyn Fn(&str) -> Option<Locale>,
    pub zone: &'a TimeZone,
}

/// An order as a file has it: without the ids of what it refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderRows {
    pub order: Order,
    /// Whether nobody's account is to have it.
    pub is_guest: bool,
}

/// What is wrong with one of an order's rows, by its place among them.
pub type RowFault = (usize, Fault);

/// The number of the order that a row belongs to; empty where it repeats the one above.
pub fn number_of(header: &Header, record: &Record) -> String {
    let cell = header.place("increment_id").and_then(|place| record.cells().nth(place));
    cell.map_or(String::new(), |cell| String::from_utf8_lossy(cell.trim_ascii()).into_owned())
}

/// Reads an order of its rows, of which the first says what holds for all of it.
///
/// Its parts must add up to its total, and its status must be the one that follows from money and
/// parcels.
pub fn read(
    header: &Header,
    records: &[Record],
    context: Context<'_>,
) -> Result<OrderRows, Vec<RowFault>> {
    let mut faults: Vec<RowFault> = Vec::new();
    let mut note = |at: usize, found: Vec<Fault>| {
        faults.extend(found.into_iter().map(|fault| (at, fault)));
    };
    let head = records.first().map(|record| Head::read(header, record, context));
    let currency = match &head {
        Some(Ok(head)) => head.currency,
        _ => context.channel.currency,
    };
    let mut items = Vec::new();
    for ((position, at), record) in (0_u32..).zip(0..).zip(records) {
        match Item::read(header, record, currency, position) {
            Ok(item) => items.push(item),
            Err(found) => note(at, found),
        }
    }
    let head = match head {
        Some(Ok(head)) if faults.is_empty() => head,
        Some(Err(found)) => {
            faults.splice(0..0, found.into_iter().map(|fault| (0, fault)));
            faults.dedup();
            return Err(faults);
        }
        _ => return Err(faults),
    };
    let is_guest = head.is_guest;
    let order = head.into_order(items, context.channel).map_err(|fault| vec![(0, fault)])?;
    Ok(OrderRows { order, is_guest })
}

const KINDS: [(&str, PaymentKind); 6] = [
    ("bank-transfer", PaymentKind::BankTransfer),
    ("cheque", PaymentKind::Cheque),
    ("cash-on-delivery", PaymentKind::CashOnDelivery),
    ("banktransfer", PaymentKind::BankTransfer),
    ("checkmo", PaymentKind::Cheque),
    ("cashondelivery", PaymentKind::CashOnDelivery),
];

const ROUNDINGS: [(&str, Rounding); 3] =
    [("unit", Rounding::PerUnit), ("line", Rounding::PerLine), ("total", Rounding::PerTotal)];

fn named<T: Copy>(names: &[(&str, T)], text: &str) -> Result<T, String> {
    let found = names.iter().find(|(name, _)| *name == text);
    found.map(|(_, value)| *value).ok_or_else(|| format!("{} is unknown here", quoted(text)))
}

fn name_of<T: PartialEq>(names: &[(&'static str, T)], value: &T) -> &'static str {
    names.iter().find(|(_, known)| known == value).map_or("", |(name, _)| name)
}

fn status_name(status: OrderStatus) -> &'static str {
    match status {
        OrderStatus::Pending => "pending",
        OrderStatus::Processing => "processing",
        OrderStatus::Complete => "complete",
        OrderStatus::Held => "holded",
        OrderStatus::Canceled => "canceled",
    }
}

#[cfg(test)]
mod tests;
