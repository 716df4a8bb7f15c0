//! What is said of a whole order, and the order made of it and its lines.

use commerce::cart::CartId;
use commerce::channel::Channel;
use commerce::channel::Locale;
use commerce::customer::{Address, Email};
use commerce::eco::DeliveryCarbon;
use commerce::money::{Currency, Money};
use commerce::order::{
    Adjustment, AdjustmentSource, LineQuantity, Order, OrderId, OrderLine, OrderNumber, OrderState,
};
use commerce::payment::{PaymentKind, PaymentMethodCode, PaymentState};
use commerce::price::Price;
use commerce::shipment::{Shipment, ShipmentId, ShippingMethodCode};
use commerce::tax::{Rounding, TaxRate};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::item::Item;
use super::{Context, KINDS, ROUNDINGS, json, named, status_name};
use crate::cells::{Cells, Fault, Field, quantity, quoted};
use crate::customer::checked;
use crate::product::{money, yes_or_no};
use crate::table::{Header, Record};
use crate::when::When;

/// What is said of the whole order.
pub(super) struct Head {
    number: OrderNumber,
    locale: Locale,
    placed_at: Timestamp,
    status: Option<String>,
    email: Email,
    pub(super) is_guest: bool,
    pub(super) currency: Currency,
    billing: Address,
    delivery: Address,
    shipping_method: ShippingMethodCode,
    shipping_name: String,
    shipping: Price,
    delivery_carbon: Option<DeliveryCarbon>,
    payment_method: PaymentMethodCode,
    payment_kind: PaymentKind,
    payment_name: String,
    total: Price,
    paid_at: Option<Timestamp>,
    canceled_at: Option<Timestamp>,
    terms_version: u32,
    rounding: Rounding,
    prices_include_tax: bool,
    adjustments: Option<Vec<Adjustment>>,
    shipments: Option<Vec<Shipment>>,
}

pub(super) fn code<T>(text: &str, new: fn(String) -> Option<T>) -> Result<T, String> {
    new(text.to_ascii_lowercase())
        .ok_or_else(|| format!("{} is no code of letters, digits, - and _", quoted(text)))
}

fn moment(zone: &TimeZone) -> impl Fn(&str) -> Result<Timestamp, String> {
    move |text| {
        let when = When::parse(text)?;
        when.begin(zone).ok_or_else(|| format!("{} is no moment", quoted(text)))
    }
}

impl Head {
    pub(super) fn read(
        header: &Header,
        record: &Record,
        context: Context<'_>,
    ) -> Result<Self, Vec<Fault>> {
        let channel = context.channel;
        let mut cells = Cells::new(header, record)?;
        let number = cells.value("increment_id", |text| {
            OrderNumber::parse(text).ok_or_else(|| format!("{} is no number", quoted(text)))
        });
        let email = cells.value("customer_email", |text| {
            Email::new(text).ok_or_else(|| format!("{} is no e-mail address", quoted(text)))
        });
        let currency = cells.value("order_currency_code", |text| {
            Currency::new(text).ok_or_else(|| format!("{} is no currency we know", quoted(text)))
        });
        let currency = currency.unwrap_or(channel.currency);
        let amount = |text: &str| money(text, currency);
        let locale = cells.value("store_view_code", |text| {
            (context.locale)(text).ok_or_else(|| {
                format!("no language of the shop is called {}; --view names it", quoted(text))
            })
        });
        let placed_at = cells.value("created_at", moment(context.zone));
        let billing = address(&mut cells, "billing");
        let delivery = address(&mut cells, "shipping");
        let shipping_method =
            cells.value("shipping_method", |text| code(text, ShippingMethodCode::new));
        let payment_method =
            cells.value("payment_method", |text| code(text, PaymentMethodCode::new));
        let kind = cells.value("greenleaf_payment_kind", |text| named(&KINDS, text));
        let shipping_net = cells.value("shipping_amount", amount);
        let shipping_tax = cells.value("shipping_tax_amount", amount);
        let carbon_grams = cells.value("greenleaf_delivery_co2e_grams", |text| {
            text.parse::<u64>().map_err(|_| format!("{} is no whole number", quoted(text)))
        });
        let carbon_source = cells.owned("greenleaf_delivery_co2e_source").set().cloned();
        let grand_total = cells.value("grand_total", amount);
        let tax = cells.value("tax_amount", amount).unwrap_or(Money::zero(currency));
        let adjustments =
            cells.value("greenleaf_adjustments", |text| json::read_adjustments(text, currency));
        let shipments = cells.value("greenleaf_shipments", json::read_shipments);
        let text = |field: Field<String>| field.set().cloned();
        let shipping_name = text(cells.field("shipping_description", label));
        let payment_name = text(cells.field("greenleaf_payment_name", label));
        let status = text(cells.owned("status"));
        let is_guest = cells.value("customer_is_guest", yes_or_no).unwrap_or(false);
        let paid_at = cells.value("greenleaf_paid_at", moment(context.zone));
        let canceled_at = cells.value("greenleaf_canceled_at", moment(context.zone));
        let terms_version = cells.value("greenleaf_terms_version", quantity).unwrap_or(0);
        let rounding = cells.value("greenleaf_rounding", |text| named(&ROUNDINGS, text));
        let prices_include_tax = cells.value("greenleaf_prices_include_tax", yes_or_no);
        for (column, is_there) in [
            ("increment_id", number.is_some()),
            ("customer_email", email.is_some()),
            ("created_at", placed_at.is_some()),
            ("shipping_method", shipping_method.is_some()),
            ("payment_method", payment_method.is_some()),
            ("grand_total", grand_total.is_some()),
        ] {
            if !is_there && cells.text(column).is_empty() {
                cells.refuse(column, "it is missing");
            }
        }
        let whole = (|| {
            let (shipping_method, payment_method) = (shipping_method?, payment_method?);
            let kind = kind.or_else(|| named(&KINDS, payment_method.as_str()).ok());
            let billing = billing?;
            Some(Self {
                number: number?,
                locale: locale.unwrap_or_else(|| channel.default_locale()),
                placed_at: placed_at?,
                status,
                email: email?,
                is_guest,
                currency,
                delivery: delivery.unwrap_or_else(|| billing.clone()),
                billing,
                shipping_name: shipping_name.unwrap_or_else(|| shipping_method.to_string()),
                shipping_method,
                shipping: Price::new(
                    shipping_net.unwrap_or(Money::zero(currency)),
                    shipping_tax.unwrap_or(Money::zero(currency)),
                ),
                delivery_carbon: carbon_grams.map(|grams_co2e| DeliveryCarbon {
                    grams_co2e,
                    source: carbon_source.unwrap_or_default(),
                }),
                payment_name: payment_name.unwrap_or_else(|| payment_method.to_string()),
                payment_method,
                // What was paid by card was paid before it was sent, as a transfer is.
                payment_kind: kind.unwrap_or(PaymentKind::BankTransfer),
                total: Price::new(grand_total?.minus(tax).ok()?, tax),
                paid_at,
                canceled_at,
                terms_version,
                rounding: rounding.unwrap_or(channel.rounding),
                prices_include_tax: prices_include_tax.unwrap_or(channel.prices_include_tax),
                adjustments,
                shipments,
            })
        })();
        let whole = cells.finish(whole)?;
        whole.ok_or_else(|| vec![Fault::new("grand_total", "it is less than its tax")])
    }

    pub(super) fn into_order(self, items: Vec<Item>, channel: &Channel) -> Result<Order, Fault> {
        let zero = Price::zero(self.currency);
        let status = self.status.as_deref().map(str::to_ascii_lowercase);
        let status = status.as_deref().unwrap_or("pending");
        let mut lines: Vec<OrderLine> = Vec::new();
        let mut adjustments = Vec::new();
        for item in items {
            let mut line = item.line.clone();
            let n_shipped = match (item.n_shipped, status) {
                (None, "complete") => line.quantity,
                (n_shipped, _) => n_shipped.unwrap_or(0),
            };
            if n_shipped > line.quantity {
                return Err(Fault::new("item_qty_shipped", "more was sent than was ordered"));
            }
            line.n_shipped = n_shipped;
            let discount = item.discount(line.amount, self.prices_include_tax);
            if discount != zero {
                adjustments.push(Adjustment {
                    line: Some(line.position),
                    source: AdjustmentSource::Promotion,
                    label: String::new(),
                    rate: line.rate,
                    amount: discount,
                });
            }
            lines.push(line);
        }
        adjustments.push(Adjustment {
            line: None,
            source: AdjustmentSource::Shipping,
            label: self.shipping_name.clone(),
            rate: rate_of(self.shipping, &lines),
            amount: self.shipping,
        });
        let adjustments = self.adjustments.unwrap_or(adjustments);
        let shipped: Vec<LineQuantity> = lines
            .iter()
            .map(|line| LineQuantity { line: line.position, quantity: line.n_shipped })
            .filter(|part| part.quantity > 0)
            .collect();
        let shipments = match self.shipments {
            Some(shipments) => shipments,
            None if shipped.is_empty() => Vec::new(),
            None => vec![Shipment {
                id: ShipmentId(uuid::Uuid::nil()),
                carrier: self.shipping_name.chars().take(80).collect(),
                tracking_number: String::new(),
                lines: shipped.clone(),
                shipped_at: self.placed_at,
            }],
        };
        check_parcels(&shipments, &shipped)?;
        let is_paid = matches!(status, "complete") || status == "processing" && shipped.is_empty();
        let payment = match self.paid_at {
            Some(at) => PaymentState::Paid { at },
            None if is_paid => PaymentState::Paid { at: self.placed_at },
            None => PaymentState::Due,
        };
        let state = match status {
            "canceled" => OrderState::Canceled { at: self.canceled_at.unwrap_or(self.placed_at) },
            "holded" => OrderState::Held { at: self.placed_at },
            _ => OrderState::Open,
        };
        let order = Order {
            id: OrderId(uuid::Uuid::nil()),
            number: self.number,
            channel: channel.code.clone(),
            locale: self.locale,
            currency: self.currency,
            prices_include_tax: self.prices_include_tax,
            rounding: self.rounding,
            cart: CartId(uuid::Uuid::nil()),
            customer: None,
            email: self.email,
            billing: self.billing,
            delivery: self.delivery,
            shipping_method: self.shipping_method,
            shipping_name: self.shipping_name,
            delivery_carbon: self.delivery_carbon,
            payment_method: self.payment_method,
            payment_kind: self.payment_kind,
            payment_name: self.payment_name,
            terms_version: self.terms_version,
            placed_at: self.placed_at,
            lines,
            adjustments,
            total: self.total,
            state,
            payment,
            shipments,
        };
        check_sum(&order)?;
        let follows = status_name(order.status());
        if follows != status {
            let reason = format!("{} cannot be; {follows} follows from the rest", quoted(status));
            return Err(Fault::new("status", reason));
        }
        Ok(order)
    }
}

fn label(text: &str) -> Result<String, String> {
    match text.chars().count() {
        0..=190 => Ok(text.to_owned()),
        _ => Err("longer than 190 characters".to_owned()),
    }
}

fn check_sum(order: &Order) -> Result<(), Fault> {
    if order.adds_up() {
        return Ok(());
    }
    let adjustments = order.adjustments.iter().map(|adjustment| adjustment.amount);
    let parts = order.lines.iter().map(|line| line.amount).chain(adjustments);
    let sum = Price::sum(order.currency, parts);
    let shown = sum.ok().and_then(|sum| Some((sum.gross().ok()?, sum.tax)));
    let reason = match shown {
        Some((gross, tax)) => format!(
            "the lines, discounts and shipping come to {} with {} of tax",
            gross.to_decimal(),
            tax.to_decimal()
        ),
        None => "the lines, discounts and shipping cannot be added up".to_owned(),
    };
    Err(Fault::new("grand_total", reason))
}

/// Parcels hold what was shipped of each line, no more and no less.
fn check_parcels(shipments: &[Shipment], shipped: &[LineQuantity]) -> Result<(), Fault> {
    let mut packed: std::collections::BTreeMap<u32, u64> = std::collections::BTreeMap::new();
    for part in shipments.iter().flat_map(|parcel| &parcel.lines) {
        *packed.entry(part.line).or_default() += u64::from(part.quantity);
    }
    packed.retain(|_, quantity| *quantity > 0);
    let wanted = shipped.iter().map(|part| (part.line, u64::from(part.quantity))).collect();
    if packed == wanted {
        return Ok(());
    }
    Err(Fault::new("greenleaf_shipments", "the parcels hold something else than was shipped"))
}

/// The rate at which an amount was taxed, as near as can be told.
fn rate_of(amount: Price, lines: &[OrderLine]) -> TaxRate {
    let fits = |rate: &TaxRate| rate.add_to(amount.net) == Ok(amount);
    let of_line = lines.iter().map(|line| line.rate).find(fits);
    of_line.unwrap_or_else(|| {
        let (net, tax) = (amount.net.minor(), amount.tax.minor());
        let basis_points = (tax * 10_000 + net / 2).checked_div(net).unwrap_or(0);
        let basis_points = u32::try_from(basis_points).ok();
        basis_points.and_then(TaxRate::from_basis_points).unwrap_or(TaxRate::ZERO)
    })
}

fn address(cells: &mut Cells<'_>, which: &str) -> Option<Address> {
    const PARTS: [&str; 8] = [
        "firstname",
        "lastname",
        "company",
        "street",
        "postcode",
        "city",
        "country_id",
        "telephone",
    ];
    let columns = PARTS.map(|part| format!("{which}_{part}"));
    let columns: [&str; 8] = std::array::from_fn(|at| columns[at].as_str());
    let parts = columns.map(|column| cells.text(column));
    // What needs no delivery has the address of the bill.
    if which == "shipping" && parts.iter().all(|part| part.is_empty()) {
        return None;
    }
    match checked(parts, columns) {
        Ok(address) => Some(address),
        Err(faults) => {
            for fault in faults {
                cells.refuse(&fault.column, fault.reason);
            }
            None
        }
    }
}
