//! Orders: a row for each line, with what is said of the whole order on the first of them.
//!
//! Magento exports orders as lists without lines; the columns are called as the fields of its
//! orders and their items are.

mod json;

use commerce::cart::CartId;
use commerce::catalog::{Decimal, ProductId, Sku, VariantId};
use commerce::channel::{Channel, Locale};
use commerce::customer::{Address, Email};
use commerce::media::MediaKey;
use commerce::money::{Currency, Money};
use commerce::order::{
    Adjustment, AdjustmentSource, DeliveryCarbon, LineQuantity, Order, OrderId, OrderLine, OrderNumber, OrderState,
    OrderStatus,
};
use commerce::payment::{PaymentKind, PaymentMethodCode, PaymentState};
use commerce::price::Price;
use commerce::shipment::{Shipment, ShipmentId, ShippingMethodCode};
use commerce::tax::{Rounding, TaxClass, TaxRate};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::cells::{Cells, Fault, Field, quantity, quoted, without_zeros};
use crate::customer::{checked, street};
use crate::product::{money, sku_refusal, yes_or_no};
use crate::table::{Header, Record};
use crate::when::{self, When};

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

/// What is said of the whole order.
struct Head {
    number: OrderNumber,
    locale: Locale,
    placed_at: Timestamp,
    status: Option<String>,
    email: Email,
    is_guest: bool,
    currency: Currency,
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

fn code<T>(text: &str, new: fn(String) -> Option<T>) -> Result<T, String> {
    new(text.to_ascii_lowercase())
        .ok_or_else(|| format!("{} is no code of letters, digits, - and _", quoted(text)))
}

fn moment(zone: &TimeZone) -> impl Fn(&str) -> Result<Timestamp, String> {
    move |text| {
        let when = When::parse(text)?;
        when.begin(zone).ok_or_else(|| format!("{} is no moment", quoted(text)))
    }
}

/// Magento keeps unit prices with four decimals, of which the buyer saw two.
fn rounded(text: &str, currency: Currency) -> Result<Money, String> {
    let text = without_zeros(text);
    let refusal = || format!("{} is no amount in {}", quoted(text), currency.as_str());
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let decimal = Decimal::parse(&format!("{whole}.{}", &part.get(..4).unwrap_or(part)));
    let decimal = decimal.filter(|it| it.ten_thousandths >= 0).ok_or_else(refusal)?;
    let step = 10_i64.pow(4 - currency.decimals().min(4));
    Ok(Money::new((decimal.ten_thousandths + step / 2).div_euclid(step), currency))
}

/// Net and gross as Magento keeps them.
fn price(net: Option<Money>, gross: Option<Money>, currency: Currency) -> Price {
    let net = net.unwrap_or(Money::zero(currency));
    let tax = gross.and_then(|gross| gross.minus(net).ok());
    Price::new(net, tax.unwrap_or(Money::zero(currency)))
}

impl Head {
    fn read(header: &Header, record: &Record, context: Context<'_>) -> Result<Self, Vec<Fault>> {
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

    fn into_order(self, items: Vec<Item>, channel: &Channel) -> Result<Order, Fault> {
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

/// One line.
struct Item {
    line: OrderLine,
    n_shipped: Option<u32>,
    discount: Option<Money>,
    /// After the discount.
    tax: Option<Money>,
}

impl Item {
    fn read(
        header: &Header,
        record: &Record,
        currency: Currency,
        position: u32,
    ) -> Result<Self, Vec<Fault>> {
        let mut cells = Cells::new(header, record)?;
        let amount = |text: &str| money(text, currency);
        let sku = cells.value("item_sku", |text| Sku::new(text).ok_or_else(|| sku_refusal(text)));
        let ordered = cells.value("item_qty_ordered", quantity);
        let n_shipped = cells.value("item_qty_shipped", quantity);
        let weight = cells.value("item_weight", crate::product::grams).unwrap_or(0);
        let unit_net = cells.value("item_price", |text| rounded(text, currency));
        let unit_gross = cells.value("item_price_incl_tax", |text| rounded(text, currency));
        let net = cells.value("item_row_total", amount);
        let gross = cells.value("item_row_total_incl_tax", amount);
        let rate = cells.value("item_tax_percent", percent).unwrap_or(TaxRate::ZERO);
        let discount = cells.value("item_discount_amount", amount);
        let tax = cells.value("item_tax_amount", amount);
        let class = cells.value("greenleaf_item_tax_class", |text| code(text, TaxClass::new));
        let options = cells.value("greenleaf_item_options", json::read_options);
        let picture = cells.value("greenleaf_item_image", |text| {
            MediaKey::new(text).ok_or_else(|| format!("{} is no picture", quoted(text)))
        });
        let name = cells.value("item_name", |text| match text.chars().count() {
            0..=255 => Ok(text.to_owned()),
            _ => Err("longer than 255 characters".to_owned()),
        });
        for (column, is_there) in [
            ("item_sku", sku.is_some()),
            ("item_qty_ordered", ordered.is_some()),
            ("item_row_total", net.is_some()),
            ("item_row_total_incl_tax", gross.is_some()),
        ] {
            if !is_there && cells.text(column).is_empty() {
                cells.refuse(column, "it is missing");
            }
        }
        if ordered == Some(0) {
            cells.refuse("item_qty_ordered", "a line has one unit at least");
        }
        let line = sku.zip(ordered).map(|(sku, quantity)| OrderLine {
            position,
            name: name.unwrap_or_else(|| sku.to_string()),
            sku,
            product: ProductId(uuid::Uuid::nil()),
            variant: VariantId(uuid::Uuid::nil()),
            options: options.unwrap_or_default(),
            picture,
            quantity,
            n_shipped: 0,
            weight_grams: weight,
            tax_class: class.unwrap_or_else(|| TaxClass::new("standard").expect("a valid code")),
            rate,
            unit: price(unit_net, unit_gross, currency),
            amount: price(net, gross, currency),
        });
        let line = cells.finish(line)?;
        line.map(|line| Self { line, n_shipped, discount, tax }).ok_or_else(Vec::new)
    }

    /// What a discount takes off the line: its tax is what is missing from the line's, and it is
    /// gross where prices are.
    fn discount(&self, amount: Price, is_gross: bool) -> Price {
        let zero = Price::zero(amount.net.currency());
        let Some(discount) = self.discount.filter(|it| !it.is_zero()) else { return zero };
        let tax = self.tax.and_then(|after| after.minus(amount.tax).ok()).unwrap_or(zero.tax);
        let Ok(off) = zero.net.minus(discount) else { return zero };
        let net = if is_gross { off.minus(tax).unwrap_or(off) } else { off };
        Price::new(net, tax)
    }
}

fn percent(text: &str) -> Result<TaxRate, String> {
    let decimal = Decimal::parse(without_zeros(text));
    let points =
        decimal.filter(|it| it.ten_thousandths % 100 == 0).map(|it| it.ten_thousandths / 100);
    points
        .and_then(|points| u32::try_from(points).ok())
        .and_then(TaxRate::from_basis_points)
        .ok_or_else(|| format!("{} is no rate in percent", quoted(text)))
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

fn status_name(status: OrderStatus) -> &'static str {
    match status {
        OrderStatus::Pending => "pending",
        OrderStatus::Processing => "processing",
        OrderStatus::Complete => "complete",
        OrderStatus::Canceled => "canceled",
    }
}

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

/// The cells of an order's rows, in the order of [`COLUMNS`].
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
        OrderState::Open => None,
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

#[cfg(test)]
mod tests;
