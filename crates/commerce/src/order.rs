//! Orders: a frozen copy of what was agreed, and what has become of it.

use jiff::Timestamp;

use crate::cart::{CartId, Delivery, OfferedLine, Totals};
use crate::catalog::{ProductId, Sku, VariantId};
use crate::channel::{Channel, ChannelCode, Locale};
use crate::customer::{Address, CustomerId, Email};
use crate::id;
use crate::media::MediaKey;
use crate::money::{Currency, MoneyError};
use crate::payment::{PaymentKind, PaymentMethod, PaymentMethodCode, PaymentState};
use crate::price::Price;
use crate::shipment::{Shipment, ShipmentId, ShippingMethod, ShippingMethodCode};
use crate::stock::SkuQuantity;
use crate::tax::{Rounding, TaxClass, TaxRate};

id! {
    /// Identifies an order.
    OrderId
}

/// What people call an order: the channel's prefix and a number without gaps.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrderNumber(String);

impl OrderNumber {
    pub fn new(prefix: &str, sequence: u64) -> Self {
        Self(format!("{prefix}{sequence:06}"))
    }

    /// Takes a number as somebody typed it, or as it lies in a row.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let fits = (1..=32).contains(&text.len());
        let is_plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        (fits && is_plain).then(|| Self(text.to_ascii_uppercase()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A change to a line's or the order's amount. All of them, added to the lines, are the total.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adjustment {
    /// The position of the line it belongs to; `None` for the order as a whole.
    pub line: Option<u32>,
    pub source: AdjustmentSource,
    /// What the buyer was told it is, in the order's language; may be empty.
    pub label: String,
    pub rate: TaxRate,
    /// Negative for a discount.
    pub amount: Price,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdjustmentSource {
    Promotion,
    EcoParticipation,
    Shipping,
    Manual,
}

/// One line of an order; names and prices are those of the day it was placed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderLine {
    /// From 0, in the order the buyer saw them.
    pub position: u32,
    pub sku: Sku,
    pub product: ProductId,
    pub variant: VariantId,
    pub name: String,
    pub options: Vec<(String, String)>,
    pub picture: Option<MediaKey>,
    pub quantity: u32,
    pub n_shipped: u32,
    pub weight_grams: u32,
    pub tax_class: TaxClass,
    pub rate: TaxRate,
    /// One unit before adjustments.
    pub unit: Price,
    /// All units before adjustments.
    pub amount: Price,
}

/// A part of an order's line, by its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineQuantity {
    pub line: u32,
    pub quantity: u32,
}

/// A buyer's word that the contract no longer holds (C. conso. L221-21).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdrawal {
    /// Who says so.
    pub name: String,
    /// Where the receipt goes.
    pub email: Email,
    pub lines: Vec<LineQuantity>,
    pub received_at: Timestamp,
}

/// Whether the agreement still stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderState {
    Open,
    /// Its stock was given back. Money that had come must go back too.
    Canceled {
        at: Timestamp,
    },
}

/// How far the goods are; derived from the lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fulfillment {
    Unfulfilled,
    Partial,
    Fulfilled,
}

/// One word for people and for Magento's API; derived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderStatus {
    /// Nothing paid, nothing sent.
    Pending,
    /// Paid or partly sent, not both in full.
    Processing,
    /// Paid and sent.
    Complete,
    Canceled,
}

/// An agreement to sell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    pub id: OrderId,
    pub number: OrderNumber,
    pub channel: ChannelCode,
    pub locale: Locale,
    pub currency: Currency,
    /// How its amounts were worked out, for whoever must explain a cent.
    pub prices_include_tax: bool,
    pub rounding: Rounding,
    /// Unique: one cart makes one order.
    pub cart: CartId,
    pub customer: Option<CustomerId>,
    pub email: Email,
    pub billing: Address,
    /// The buyer's own address on a pick-up.
    pub delivery: Address,
    pub shipping_method: ShippingMethodCode,
    pub shipping_name: String,
    pub payment_method: PaymentMethodCode,
    pub payment_kind: PaymentKind,
    pub payment_name: String,
    /// The version of the terms that the buyer accepted.
    pub terms_version: u32,
    pub placed_at: Timestamp,
    pub lines: Vec<OrderLine>,
    pub adjustments: Vec<Adjustment>,
    pub total: Price,
    pub state: OrderState,
    pub payment: PaymentState,
    pub shipments: Vec<Shipment>,
}

/// What the buyer decided, checked for form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Buyer {
    pub customer: Option<CustomerId>,
    pub email: Email,
    pub billing: Address,
    pub delivery: Address,
    pub locale: Locale,
    pub terms_version: u32,
}

/// All that an order is made of, priced and agreed.
#[derive(Clone, Copy, Debug)]
pub struct Agreement<'a> {
    pub cart: CartId,
    pub channel: &'a Channel,
    pub buyer: &'a Buyer,
    pub lines: &'a [OfferedLine],
    pub totals: &'a Totals,
    pub shipping: &'a ShippingMethod,
    pub delivery: &'a Delivery,
    pub payment: &'a PaymentMethod,
}

/// Why something cannot be done to an order. Nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefuseChange {
    #[error("the order is canceled")]
    Canceled,
    #[error("the order is paid already")]
    AlreadyPaid,
    #[error("the order is not paid yet")]
    NotPaid,
    #[error("parcels of this order have left")]
    AlreadyShipped,
    #[error("a parcel must hold at least one unit")]
    NothingToShip,
    #[error("the parcel would hold more than was ordered")]
    TooMany,
}

impl Order {
    /// Freezes an agreement into an order.
    pub fn place(id: OrderId, number: OrderNumber, agreed: Agreement<'_>, at: Timestamp) -> Self {
        let Agreement { channel, buyer, totals, .. } = agreed;
        let locale = buyer.locale;
        let name = |text: &crate::content::Localized<String>| {
            text.text(locale, channel.default_locale()).to_owned()
        };
        let positions = 0_u32..;
        let mut lines = Vec::with_capacity(agreed.lines.len());
        let mut adjustments = Vec::new();
        for ((position, line), priced) in positions.zip(agreed.lines).zip(&totals.lines) {
            lines.push(OrderLine {
                position,
                sku: line.sku.clone(),
                product: line.product,
                variant: line.variant,
                name: line.name.clone(),
                options: line.options.clone(),
                picture: line.picture.clone(),
                quantity: line.quantity,
                n_shipped: 0,
                weight_grams: line.weight_grams,
                tax_class: line.tax_class.clone(),
                rate: priced.rate,
                unit: priced.unit,
                amount: priced.items,
            });
            let zero = Price::zero(channel.currency);
            let discount = zero.minus(priced.discount).expect("an amount has a negative");
            let of_line = [
                (AdjustmentSource::Promotion, discount),
                (AdjustmentSource::EcoParticipation, priced.eco_participation),
            ];
            for (source, amount) in of_line {
                if amount != zero {
                    let (line, rate) = (Some(position), priced.rate);
                    adjustments.push(Adjustment {
                        line,
                        source,
                        label: String::new(),
                        rate,
                        amount,
                    });
                }
            }
        }
        adjustments.push(Adjustment {
            line: None,
            source: AdjustmentSource::Shipping,
            label: name(&agreed.shipping.name),
            rate: totals.shipping_rate,
            amount: totals.shipping,
        });
        Self {
            id,
            number,
            channel: channel.code.clone(),
            locale,
            currency: channel.currency,
            prices_include_tax: channel.prices_include_tax,
            rounding: channel.rounding,
            cart: agreed.cart,
            customer: buyer.customer,
            email: buyer.email.clone(),
            billing: buyer.billing.clone(),
            delivery: buyer.delivery.clone(),
            shipping_method: agreed.shipping.code.clone(),
            shipping_name: name(&agreed.shipping.name),
            payment_method: agreed.payment.code.clone(),
            payment_kind: agreed.payment.kind,
            payment_name: name(&agreed.payment.name),
            terms_version: buyer.terms_version,
            placed_at: at,
            lines,
            adjustments,
            total: totals.total,
            state: OrderState::Open,
            payment: PaymentState::Due,
            shipments: Vec::new(),
        }
    }

    /// What one kind of adjustment comes to, over all lines.
    pub fn adjusted(&self, source: AdjustmentSource) -> Result<Price, MoneyError> {
        let of_source = self.adjustments.iter().filter(|adjustment| adjustment.source == source);
        Price::sum(self.currency, of_source.map(|adjustment| adjustment.amount))
    }

    /// All lines before adjustments.
    pub fn items(&self) -> Result<Price, MoneyError> {
        Price::sum(self.currency, self.lines.iter().map(|line| line.amount))
    }

    /// Whether the parts still explain the total; an order for which they do not is corrupt.
    pub fn adds_up(&self) -> bool {
        let adjustments = self.adjustments.iter().map(|adjustment| adjustment.amount);
        let parts = self.lines.iter().map(|line| line.amount).chain(adjustments);
        Price::sum(self.currency, parts) == Ok(self.total)
    }

    /// What is paid at each rate, highest rate first.
    pub fn taxes(&self) -> Result<Vec<(TaxRate, Price)>, MoneyError> {
        let mut taxes: Vec<(TaxRate, Price)> = Vec::new();
        let lines = self.lines.iter().map(|line| (line.rate, line.amount));
        let adjustments = self.adjustments.iter().map(|change| (change.rate, change.amount));
        for (rate, amount) in lines.chain(adjustments) {
            match taxes.iter_mut().find(|(known, _)| *known == rate) {
                Some((_, sum)) => *sum = sum.plus(amount)?,
                None => taxes.push((rate, amount)),
            }
        }
        taxes.retain(|(_, sum)| *sum != Price::zero(self.currency));
        taxes.sort_by_key(|&(rate, _)| std::cmp::Reverse(rate));
        Ok(taxes)
    }

    pub fn fulfillment(&self) -> Fulfillment {
        let n_shipped: u32 = self.lines.iter().map(|line| line.n_shipped).sum();
        let n_ordered: u32 = self.lines.iter().map(|line| line.quantity).sum();
        match n_shipped {
            0 => Fulfillment::Unfulfilled,
            n if n < n_ordered => Fulfillment::Partial,
            _ => Fulfillment::Fulfilled,
        }
    }

    pub fn status(&self) -> OrderStatus {
        match (self.state, self.payment, self.fulfillment()) {
            (OrderState::Canceled { .. }, ..) => OrderStatus::Canceled,
            (_, PaymentState::Due, Fulfillment::Unfulfilled) => OrderStatus::Pending,
            (_, PaymentState::Paid { .. }, Fulfillment::Fulfilled) => OrderStatus::Complete,
            _ => OrderStatus::Processing,
        }
    }

    /// What a new order promises, each SKU once, in SKU order: the order that locks are taken in.
    pub fn to_allocate(&self) -> Vec<SkuQuantity> {
        in_sku_order(self.lines.iter().map(|line| (&line.sku, line.quantity)))
    }

    /// Notes that the whole sum has come.
    pub fn mark_paid(&mut self, at: Timestamp) -> Result<(), RefuseChange> {
        self.check_open()?;
        match self.payment {
            PaymentState::Paid { .. } => Err(RefuseChange::AlreadyPaid),
            PaymentState::Due => {
                self.payment = PaymentState::Paid { at };
                Ok(())
            }
        }
    }

    /// Ends the agreement and says what stock it gives back, in SKU order.
    pub fn cancel(&mut self, at: Timestamp) -> Result<Vec<SkuQuantity>, RefuseChange> {
        self.check_open()?;
        if self.fulfillment() != Fulfillment::Unfulfilled {
            return Err(RefuseChange::AlreadyShipped);
        }
        self.state = OrderState::Canceled { at };
        Ok(self.to_allocate())
    }

    /// Sends a parcel and says what stock leaves with it, in SKU order.
    pub fn ship(
        &mut self,
        id: ShipmentId,
        parcel: Vec<LineQuantity>,
        carrier: &str,
        tracking_number: &str,
        at: Timestamp,
    ) -> Result<Vec<SkuQuantity>, RefuseChange> {
        self.check_open()?;
        if self.payment == PaymentState::Due && !self.payment_kind.ships_unpaid() {
            return Err(RefuseChange::NotPaid);
        }
        let parcel: Vec<LineQuantity> =
            parcel.into_iter().filter(|packed| packed.quantity > 0).collect();
        if parcel.is_empty() {
            return Err(RefuseChange::NothingToShip);
        }
        let mut lines = self.lines.clone();
        for packed in &parcel {
            let line = lines.iter_mut().find(|line| line.position == packed.line);
            let line = line.ok_or(RefuseChange::TooMany)?;
            if packed.quantity > line.quantity - line.n_shipped {
                return Err(RefuseChange::TooMany);
            }
            line.n_shipped += packed.quantity;
        }
        let sku_of = |line: u32| {
            let found = self.lines.iter().find(|known| known.position == line);
            &found.expect("each packed line was found above").sku
        };
        let leaving =
            in_sku_order(parcel.iter().map(|packed| (sku_of(packed.line), packed.quantity)));
        self.lines = lines;
        self.shipments.push(Shipment {
            id,
            carrier: carrier.to_owned(),
            tracking_number: tracking_number.to_owned(),
            lines: parcel,
            shipped_at: at,
        });
        Ok(leaving)
    }

    /// All that has not left yet, for the parcel that sends the rest.
    pub fn to_ship(&self) -> Vec<LineQuantity> {
        self.lines
            .iter()
            .map(|line| LineQuantity {
                line: line.position,
                quantity: line.quantity - line.n_shipped,
            })
            .filter(|rest| rest.quantity > 0)
            .collect()
    }

    fn check_open(&self) -> Result<(), RefuseChange> {
        match self.state {
            OrderState::Open => Ok(()),
            OrderState::Canceled { .. } => Err(RefuseChange::Canceled),
        }
    }
}

fn in_sku_order<'a>(quantities: impl Iterator<Item = (&'a Sku, u32)>) -> Vec<SkuQuantity> {
    let mut sums = std::collections::BTreeMap::<&Sku, u32>::new();
    for (sku, quantity) in quantities {
        *sums.entry(sku).or_default() += quantity;
    }
    sums.into_iter().map(|(sku, quantity)| SkuQuantity { sku: sku.clone(), quantity }).collect()
}
