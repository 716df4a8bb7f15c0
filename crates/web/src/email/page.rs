//! What the templates of `templates/email` show.

use commerce::channel::Merchant;
use commerce::customer::Customer;
use commerce::money::MoneyError;
use commerce::order::{Adjustment, AdjustmentSource, LineQuantity, Order, OrderLine, Withdrawal};
use commerce::payment::{PaymentKind, PaymentState};
use commerce::price::Price;
use commerce::shipment::ShipmentId;
use serde::{Serialize, Serializer};
use shop::ports::{AccountLetter, OrderLetter};
use shop::settings::Settings;

use crate::i18n::Locale;
use crate::render::Page;
use crate::storefront::page::{
    AddressView, CarbonView, Characteristic, MoneyView, ShipmentLineView,
};
use crate::storefront::view;

macro_rules! mails {
    ($($name:ident($mail:ident) => $template:literal,)*) => {
        $(
            pub(super) struct $name<'a>(pub(super) &'a $mail);

            impl Serialize for $name<'_> {
                fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    self.0.serialize(serializer)
                }
            }

            impl Page for $name<'_> {
                const TEMPLATE: &'static str = concat!("email/", $template);

                fn locale(&self) -> Locale {
                    self.0.locale
                }
            }
        )*
    };
}

mails! {
    OrderHtml(OrderMail) => "order.html",
    OrderText(OrderMail) => "order.txt",
    WithdrawalHtml(OrderMail) => "withdrawal.html",
    WithdrawalText(OrderMail) => "withdrawal.txt",
    AccountHtml(AccountMail) => "account.html",
    AccountText(AccountMail) => "account.txt",
}

/// Who writes.
#[derive(Debug, Serialize)]
struct Sender {
    name: String,
    legal_name: String,
    address: Vec<String>,
    email: String,
    phone: String,
    registry: String,
    vat_number: String,
    mediator: String,
}

impl From<&Merchant> for Sender {
    fn from(merchant: &Merchant) -> Self {
        Self {
            name: merchant.trade_name.clone(),
            legal_name: merchant.legal_name.clone(),
            address: merchant.address.clone(),
            email: merchant.email.clone(),
            phone: merchant.phone.clone(),
            registry: merchant.registry.clone(),
            vat_number: merchant.vat_number.clone(),
            mediator: merchant.mediator.clone(),
        }
    }
}

/// A mail about an order.
#[derive(Debug, Serialize)]
pub(super) struct OrderMail {
    locale: Locale,
    about: &'static str,
    sender: Sender,
    link: String,
    withdrawal_link: String,
    number: String,
    placed_at: i64,
    email: String,
    name: String,
    lines: Vec<Line>,
    totals: Totals,
    delivery: AddressView,
    billing: AddressView,
    is_pick_up: bool,
    shipping: Named,
    shipping_carbon: Option<CarbonView>,
    payment: Named,
    is_paid: bool,
    /// What the buyer has to do, until the money has come.
    todo: Option<Todo>,
    terms_version: u32,
    /// The parcel that a mail about one is about.
    parcel: Option<Parcel>,
    /// The declaration that a receipt is about.
    withdrawal: Option<Declaration>,
}

/// A way to deliver or to pay, and what the merchant says about it, in Markdown.
#[derive(Debug, Serialize)]
struct Named {
    name: String,
    description: String,
}

#[derive(Debug, Serialize)]
struct Line {
    sku: String,
    name: String,
    options: Vec<Characteristic>,
    quantity: u32,
    unit: MoneyView,
    total: MoneyView,
    eco_participation: Option<MoneyView>,
    /// Percent, a decimal.
    rate: String,
}

/// Amounts that add up line by line to the total.
#[derive(Debug, Serialize)]
struct Totals {
    items: MoneyView,
    eco_participation: Option<MoneyView>,
    changes: Vec<Change>,
    shipping: MoneyView,
    total: MoneyView,
    net: MoneyView,
    taxes: Vec<Tax>,
}

/// A discount or a change by hand; the label may be empty.
#[derive(Debug, Serialize)]
struct Change {
    label: String,
    amount: MoneyView,
}

#[derive(Debug, Serialize)]
struct Tax {
    rate: String,
    net: MoneyView,
    tax: MoneyView,
}

#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Todo {
    BankTransfer { holder: String, iban: String, bic: String },
    Cheque { payee: String, address: Vec<String> },
    CashOnDelivery,
}

#[derive(Debug, Serialize)]
struct Parcel {
    carrier: String,
    tracking_number: String,
    lines: Vec<ShipmentLineView>,
    /// Whether more parcels will follow.
    is_partial: bool,
}

/// What a buyer declared, when, and where the receipt goes.
#[derive(Debug, Serialize)]
struct Declaration {
    name: String,
    email: String,
    lines: Vec<ShipmentLineView>,
    received_at: i64,
}

const EXPLAINED: &str = "an order is only read when its parts add up to its total";

impl OrderMail {
    pub(super) fn new(
        about: &OrderLetter,
        order: &Order,
        settings: &Settings,
        link: &str,
        withdrawal_link: &str,
    ) -> Self {
        let merchant = &settings.channel.merchant;
        let fallback = settings.channel.default_locale();
        let shipping = settings.shipping.iter().find(|it| it.code == order.shipping_method);
        let payment = settings.payments.iter().find(|it| it.code == order.payment_method);
        let is_paid = matches!(order.payment, PaymentState::Paid { .. });
        let is_due = !is_paid && !matches!(about, OrderLetter::Canceled);
        Self {
            locale: order.locale.into(),
            about: match about {
                OrderLetter::Placed => "placed",
                OrderLetter::Paid => "paid",
                OrderLetter::Shipped(_) => "shipped",
                OrderLetter::Canceled => "canceled",
                OrderLetter::CancelAsked => "cancel_asked",
                OrderLetter::Withdrawal(_) => "withdrawal",
            },
            sender: merchant.into(),
            link: link.to_owned(),
            withdrawal_link: withdrawal_link.to_owned(),
            number: order.number.as_str().to_owned(),
            placed_at: order.placed_at.as_microsecond(),
            email: order.email.as_str().to_owned(),
            name: order.delivery.full_name(),
            lines: order.lines.iter().map(|line| self::line(order, line)).collect(),
            totals: totals(order).expect(EXPLAINED),
            delivery: view::address(&order.delivery, order.locale.into()),
            billing: view::address(&order.billing, order.locale.into()),
            is_pick_up: shipping.is_some_and(|method| method.rule.is_pick_up()),
            shipping: Named {
                name: order.shipping_name.clone(),
                description: shipping.map_or_else(String::new, |method| {
                    method.description.text(order.locale, fallback).to_owned()
                }),
            },
            shipping_carbon: order.delivery_carbon.as_ref().map(view::delivery_carbon),
            payment: Named {
                name: order.payment_name.clone(),
                description: payment.map_or_else(String::new, |method| {
                    method.instructions.text(order.locale, fallback).to_owned()
                }),
            },
            is_paid,
            todo: is_due.then(|| todo(order.payment_kind, merchant)),
            terms_version: order.terms_version,
            parcel: match about {
                OrderLetter::Shipped(id) => parcel(order, *id),
                _ => None,
            },
            withdrawal: match about {
                OrderLetter::Withdrawal(withdrawal) => Some(declaration(order, withdrawal)),
                _ => None,
            },
        }
    }
}

fn gross(price: Price) -> Result<MoneyView, MoneyError> {
    price.gross().map(view::money)
}

fn line(order: &Order, line: &OrderLine) -> Line {
    let is_eco = |it: &&Adjustment| {
        it.line == Some(line.position) && it.source == AdjustmentSource::EcoParticipation
    };
    let eco = order.adjustments.iter().find(is_eco);
    let option = |(name, value): &(String, String)| Characteristic {
        name: name.clone(),
        value: value.clone(),
    };
    Line {
        sku: line.sku.as_str().to_owned(),
        name: line.name.clone(),
        options: line.options.iter().map(option).collect(),
        quantity: line.quantity,
        unit: gross(line.unit).expect(EXPLAINED),
        total: gross(line.amount).expect(EXPLAINED),
        eco_participation: eco.map(|it| gross(it.amount).expect(EXPLAINED)),
        rate: view::percent(line.rate),
    }
}

fn totals(order: &Order) -> Result<Totals, MoneyError> {
    let eco = order.adjusted(AdjustmentSource::EcoParticipation)?.gross()?;
    // Discounts lie on the lines; the buyer knows them by their name.
    let mut changes: Vec<(&str, Price)> = Vec::new();
    for it in &order.adjustments {
        if matches!(it.source, AdjustmentSource::Promotion | AdjustmentSource::Manual) {
            match changes.iter_mut().find(|(label, _)| *label == it.label) {
                Some((_, sum)) => *sum = sum.plus(it.amount)?,
                None => changes.push((&it.label, it.amount)),
            }
        }
    }
    let changes = changes
        .into_iter()
        .map(|(label, amount)| Ok(Change { label: label.to_owned(), amount: gross(amount)? }))
        .collect::<Result<_, MoneyError>>()?;
    let tax = |(rate, price): (_, Price)| Tax {
        rate: view::percent(rate),
        net: view::money(price.net),
        tax: view::money(price.tax),
    };
    Ok(Totals {
        items: gross(order.items()?)?,
        eco_participation: (!eco.is_zero()).then(|| view::money(eco)),
        changes,
        shipping: gross(order.adjusted(AdjustmentSource::Shipping)?)?,
        total: gross(order.total)?,
        net: view::money(order.total.net),
        taxes: order.taxes()?.into_iter().map(tax).collect(),
    })
}

fn todo(kind: PaymentKind, merchant: &Merchant) -> Todo {
    match kind {
        PaymentKind::BankTransfer => Todo::BankTransfer {
            holder: merchant.bank_holder.clone(),
            iban: grouped_by_four(&merchant.iban),
            bic: merchant.bic.clone(),
        },
        PaymentKind::Cheque => {
            Todo::Cheque { payee: merchant.legal_name.clone(), address: merchant.address.clone() }
        }
        PaymentKind::CashOnDelivery => Todo::CashOnDelivery,
    }
}

/// Writes an IBAN as it stands on paper; banks take it with spaces.
fn grouped_by_four(iban: &str) -> String {
    let mut grouped = String::with_capacity(iban.len() * 5 / 4);
    for (i, char) in iban.chars().filter(|char| !char.is_whitespace()).enumerate() {
        if i > 0 && i % 4 == 0 {
            grouped.push(' ');
        }
        grouped.push(char);
    }
    grouped
}

fn parcel(order: &Order, id: ShipmentId) -> Option<Parcel> {
    let shipment = order.shipments.iter().find(|shipment| shipment.id == id)?;
    let is_last = order.shipments.last().is_some_and(|last| last.id == id);
    Some(Parcel {
        carrier: shipment.carrier.clone(),
        tracking_number: shipment.tracking_number.clone(),
        lines: named(order, &shipment.lines),
        is_partial: !is_last || !order.to_ship().is_empty(),
    })
}

fn named(order: &Order, lines: &[LineQuantity]) -> Vec<ShipmentLineView> {
    let name = |part: &LineQuantity| {
        let line = order.lines.iter().find(|line| line.position == part.line)?;
        Some(ShipmentLineView { name: line.name.clone(), quantity: part.quantity })
    };
    lines.iter().filter_map(name).collect()
}

fn declaration(order: &Order, withdrawal: &Withdrawal) -> Declaration {
    Declaration {
        name: withdrawal.name.clone(),
        email: withdrawal.email.as_str().to_owned(),
        lines: named(order, &withdrawal.lines),
        received_at: withdrawal.received_at.as_microsecond(),
    }
}

/// A mail about an account.
#[derive(Debug, Serialize)]
pub(super) struct AccountMail {
    locale: Locale,
    about: &'static str,
    sender: Sender,
    link: String,
    name: String,
    email: String,
}

impl AccountMail {
    pub(super) fn new(
        about: AccountLetter,
        customer: &Customer,
        settings: &Settings,
        link: &str,
    ) -> Self {
        Self {
            locale: customer.locale.into(),
            about: match about {
                AccountLetter::Welcome => "welcome",
                AccountLetter::Reset => "reset",
                AccountLetter::PasswordChanged => "password",
                AccountLetter::EmailChanged => "moved",
            },
            sender: (&settings.channel.merchant).into(),
            link: link.to_owned(),
            name: customer.first_name.clone(),
            email: customer.email.as_str().to_owned(),
        }
    }
}
