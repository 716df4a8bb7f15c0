//! Orders: a frozen copy of what was agreed, and what has become of it.

use jiff::Timestamp;

use crate::cart::{CartId, Delivery, OfferedLine, Totals};
use crate::catalog::{ProductId, Sku, VariantId};
use crate::channel::{Channel, ChannelCode, Locale};
use crate::customer::{Address, CustomerId, Email};
use crate::eco::DeliveryCarbon;
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
    /// Of how many units the buyer has declared the contract over.
    pub n_withdrawn: u32,
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
    /// Nothing is done about it until staff release it; its stock stays promised.
    Held {
        at: Timestamp,
    },
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
    /// As [`OrderState::Held`], however far it is.
    Held,
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
    pub delivery_carbon: Option<DeliveryCarbon>,
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

impl Agreement<'_> {
    fn weight_grams(&self) -> u64 {
        let weight = |line: &OfferedLine| u64::from(line.weight_grams) * u64::from(line.quantity);
        self.lines.iter().map(weight).sum()
    }
}

/// Why something cannot be done to an order. Nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefuseChange {
    #[error("the order is canceled")]
    Canceled,
    #[error("the order is on hold")]
    Held,
    #[error("the order is not on hold")]
    NotHeld,
    #[error("the order is complete")]
    Complete,
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
                n_withdrawn: 0,
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
            delivery_carbon: agreed.shipping.carbon.as_ref().map(|carbon| DeliveryCarbon {
                grams_co2e: carbon.of(agreed.weight_grams()),
                source: name(&carbon.source),
            }),
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
            (OrderState::Held { .. }, ..) => OrderStatus::Held,
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

    /// Stops all that staff would do next, until the order is released.
    pub fn hold(&mut self, at: Timestamp) -> Result<(), RefuseChange> {
        self.check_open()?;
        if self.status() == OrderStatus::Complete {
            return Err(RefuseChange::Complete);
        }
        self.state = OrderState::Held { at };
        Ok(())
    }

    /// Lets an order that is on hold go on from where it was.
    pub fn release(&mut self) -> Result<(), RefuseChange> {
        match self.state {
            OrderState::Held { .. } => {
                self.state = OrderState::Open;
                Ok(())
            }
            OrderState::Canceled { .. } => Err(RefuseChange::Canceled),
            OrderState::Open => Err(RefuseChange::NotHeld),
        }
    }

    /// Whether there is an agreement still: its stock is promised, and its buyer may withdraw.
    pub fn stands(&self) -> bool {
        !matches!(self.state, OrderState::Canceled { .. })
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

    /// Ends the agreement for its buyer, as long as it is not paid: what was paid is given back by
    /// staff, so they end it.
    pub fn cancel_unpaid(&mut self, at: Timestamp) -> Result<Vec<SkuQuantity>, RefuseChange> {
        match self.payment {
            PaymentState::Paid { .. } => Err(RefuseChange::AlreadyPaid),
            PaymentState::Due => self.cancel(at),
        }
    }

    /// Notes of which units the buyer declares the contract over, each unit once.
    ///
    /// Whether it came in time is for people to judge; the declaration counts either way, and
    /// whether the order is on hold or not.
    pub fn withdraw(&mut self, parts: &[LineQuantity]) -> Result<(), RefuseChange> {
        if !self.stands() {
            return Err(RefuseChange::Canceled);
        }
        let mut lines = self.lines.clone();
        for part in parts {
            let line = lines.iter_mut().find(|line| line.position == part.line);
            let line = line.ok_or(RefuseChange::TooMany)?;
            if part.quantity > line.quantity - line.n_withdrawn {
                return Err(RefuseChange::TooMany);
            }
            line.n_withdrawn += part.quantity;
        }
        self.lines = lines;
        Ok(())
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
        let packed: Vec<LineQuantity> =
            parcel.into_iter().filter(|packed| packed.quantity > 0).collect();
        if packed.is_empty() {
            return Err(RefuseChange::NothingToShip);
        }
        let mut lines = self.lines.clone();
        let mut parcel: Vec<LineQuantity> = Vec::with_capacity(packed.len());
        for packed in packed {
            let line = lines.iter_mut().find(|line| line.position == packed.line);
            let line = line.ok_or(RefuseChange::TooMany)?;
            if packed.quantity > line.quantity - line.n_shipped {
                return Err(RefuseChange::TooMany);
            }
            line.n_shipped += packed.quantity;
            match parcel.iter_mut().find(|known| known.line == packed.line) {
                Some(known) => known.quantity += packed.quantity,
                None => parcel.push(packed),
            }
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
            OrderState::Held { .. } => Err(RefuseChange::Held),
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

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::cart::{TaxContext, price};
    use crate::channel::{Country, Merchant};
    use crate::content::Localized;
    use crate::eco::TransportCarbon;
    use crate::money::Money;
    use crate::shipment::ShippingRule;
    use crate::tax::{DatedRate, TaxTable};

    fn eur(minor: i64) -> Money {
        Money::new(minor, Currency::EUR)
    }

    fn price_of(net: i64, tax: i64) -> Price {
        Price::new(eur(net), eur(tax))
    }

    fn standard() -> TaxClass {
        TaxClass::new("standard").unwrap()
    }

    fn moment(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn a_channel() -> Channel {
        Channel {
            code: ChannelCode::new("fr").unwrap(),
            name: String::new(),
            currency: Currency::EUR,
            prices_include_tax: true,
            rounding: Rounding::PerLine,
            country: Country::FR,
            ships_to: vec![Country::FR],
            locales: vec![Locale::FR, Locale::EN],
            order_prefix: "GL".into(),
            merchant: Merchant::default(),
        }
    }

    fn an_offered_line(sku: &str, quantity: u32) -> OfferedLine {
        OfferedLine {
            sku: Sku::new(sku).unwrap(),
            product: ProductId(Uuid::from_u128(1)),
            variant: VariantId(Uuid::from_u128(2)),
            name: format!("Name of {sku}"),
            options: vec![("Taille".into(), "M".into())],
            picture: MediaKey::new("ab/tea.jpg"),
            quantity,
            unit: eur(1_000),
            eco_participation: eur(12),
            tax_class: standard(),
            weight_grams: 250,
        }
    }

    fn a_buyer() -> Buyer {
        let address = Address {
            first_name: "Jeanne".into(),
            last_name: "Dupont".into(),
            company: String::new(),
            street: "1 rue du Thé".into(),
            street_extra: String::new(),
            postcode: "75011".into(),
            city: "Paris".into(),
            country: Country::FR,
            phone: String::new(),
        };
        Buyer {
            customer: Some(CustomerId(Uuid::from_u128(3))),
            email: Email::new("jeanne@exemple.fr").unwrap(),
            billing: Address { city: "Lyon".into(), ..address.clone() },
            delivery: address,
            locale: Locale::EN,
            terms_version: 4,
        }
    }

    /// Places an order with 2.00 € off and 4.90 € of delivery.
    fn an_order_paid_by(payment: PaymentKind, lines: &[(&str, u32)]) -> Order {
        let channel = a_channel();
        let lines: Vec<_> = lines.iter().map(|(sku, n)| an_offered_line(sku, *n)).collect();
        let rates = TaxTable::new(vec![DatedRate {
            country: Country::FR,
            class: standard(),
            rate: TaxRate::from_basis_points(2_000).unwrap(),
            valid_from: date(2014, 1, 1),
            valid_until: None,
        }]);
        let delivery = Delivery { price: eur(490), tax_class: standard() };
        let tax = TaxContext {
            channel: &channel,
            rates: &rates,
            country: Country::FR,
            day: date(2026, 3, 2),
        };
        let totals = price(&lines, eur(200), Some(&delivery), tax).unwrap();
        let named = |french: &str, english: &str| {
            Localized::default()
                .with(Locale::FR, french.to_owned())
                .with(Locale::EN, english.to_owned())
        };
        let agreed = Agreement {
            cart: CartId(Uuid::from_u128(5)),
            channel: &channel,
            buyer: &a_buyer(),
            lines: &lines,
            totals: &totals,
            shipping: &ShippingMethod {
                code: ShippingMethodCode::new("flat").unwrap(),
                name: named("À domicile", "At home"),
                description: Localized::default(),
                rule: ShippingRule::PickUp { price: eur(490) },
                tax_class: standard(),
                carbon: Some(TransportCarbon {
                    grams_per_parcel: 420,
                    grams_per_kilogram: 80,
                    source: named("Méthode", "Method"),
                }),
            },
            delivery: &delivery,
            payment: &PaymentMethod {
                code: PaymentMethodCode::new("any").unwrap(),
                kind: payment,
                name: named("Virement", "Transfer"),
                instructions: Localized::default(),
            },
        };
        let order =
            Order::place(OrderId(Uuid::from_u128(6)), OrderNumber::new("GL", 7), agreed, moment(1));
        assert_eq!(order.taxes(), totals.taxes());
        order
    }

    fn an_order(lines: &[(&str, u32)]) -> Order {
        an_order_paid_by(PaymentKind::BankTransfer, lines)
    }

    fn a_paid_order(lines: &[(&str, u32)]) -> Order {
        let mut order = an_order(lines);
        order.mark_paid(moment(2)).unwrap();
        order
    }

    fn of(line: u32, quantity: u32) -> LineQuantity {
        LineQuantity { line, quantity }
    }

    fn some(sku: &str, quantity: u32) -> SkuQuantity {
        SkuQuantity { sku: Sku::new(sku).unwrap(), quantity }
    }

    fn ship(order: &mut Order, parcel: &[LineQuantity]) -> Result<Vec<SkuQuantity>, RefuseChange> {
        let id = ShipmentId(Uuid::from_u128(7));
        order.ship(id, parcel.to_vec(), "Colissimo", "6A1", moment(3))
    }

    /// Asserts that a change is refused with this error and leaves the order as it was.
    fn assert_refused<T: std::fmt::Debug + PartialEq>(
        order: &Order,
        why: RefuseChange,
        change: impl FnOnce(&mut Order) -> Result<T, RefuseChange>,
    ) {
        let mut changed = order.clone();
        assert_eq!(change(&mut changed), Err(why));
        assert_eq!(&changed, order);
    }

    #[test]
    fn placing_freezes_what_was_agreed() {
        let order = an_order(&[("TEA", 2), ("POT", 1)]);

        let buyer = a_buyer();
        let line = |position, sku: &str, quantity, amount| OrderLine {
            position,
            sku: Sku::new(sku).unwrap(),
            product: ProductId(Uuid::from_u128(1)),
            variant: VariantId(Uuid::from_u128(2)),
            name: format!("Name of {sku}"),
            options: vec![("Taille".into(), "M".into())],
            picture: MediaKey::new("ab/tea.jpg"),
            quantity,
            n_shipped: 0,
            n_withdrawn: 0,
            weight_grams: 250,
            tax_class: standard(),
            rate: TaxRate::from_basis_points(2_000).unwrap(),
            unit: price_of(833, 167),
            amount,
        };
        let change = |line, source, label: &str, amount| Adjustment {
            line,
            source,
            label: label.into(),
            rate: TaxRate::from_basis_points(2_000).unwrap(),
            amount,
        };
        let expected = Order {
            id: OrderId(Uuid::from_u128(6)),
            number: OrderNumber::parse("GL000007").unwrap(),
            channel: ChannelCode::new("fr").unwrap(),
            locale: Locale::EN,
            currency: Currency::EUR,
            prices_include_tax: true,
            rounding: Rounding::PerLine,
            cart: CartId(Uuid::from_u128(5)),
            customer: buyer.customer,
            email: buyer.email,
            billing: buyer.billing,
            delivery: buyer.delivery,
            shipping_method: ShippingMethodCode::new("flat").unwrap(),
            shipping_name: "At home".into(),
            delivery_carbon: Some(DeliveryCarbon { grams_co2e: 480, source: "Method".into() }),
            payment_method: PaymentMethodCode::new("any").unwrap(),
            payment_kind: PaymentKind::BankTransfer,
            payment_name: "Transfer".into(),
            terms_version: 4,
            placed_at: moment(1),
            lines: vec![
                line(0, "TEA", 2, price_of(1_667, 333)),
                line(1, "POT", 1, price_of(833, 167)),
            ],
            adjustments: vec![
                change(Some(0), AdjustmentSource::Promotion, "", price_of(-111, -22)),
                change(Some(0), AdjustmentSource::EcoParticipation, "", price_of(20, 4)),
                change(Some(1), AdjustmentSource::Promotion, "", price_of(-56, -11)),
                change(Some(1), AdjustmentSource::EcoParticipation, "", price_of(10, 2)),
                change(None, AdjustmentSource::Shipping, "At home", price_of(408, 82)),
            ],
            total: price_of(2_771, 555),
            state: OrderState::Open,
            payment: PaymentState::Due,
            shipments: Vec::new(),
        };
        assert_eq!(order, expected);
    }

    #[test]
    fn an_order_adds_up_until_an_amount_is_touched() {
        let mut order = an_order(&[("TEA", 2), ("POT", 1)]);
        let items = order.items().unwrap();
        let adjusted = |source| order.adjusted(source).unwrap();

        assert!(order.adds_up());
        assert_eq!(items, price_of(2_500, 500));
        assert_eq!(adjusted(AdjustmentSource::Promotion), price_of(-167, -33));
        assert_eq!(adjusted(AdjustmentSource::EcoParticipation), price_of(30, 6));
        assert_eq!(adjusted(AdjustmentSource::Shipping), price_of(408, 82));
        assert_eq!(adjusted(AdjustmentSource::Manual), price_of(0, 0));

        order.adjustments[0].amount.tax = eur(-21);
        assert!(!order.adds_up());
    }

    #[test]
    fn each_unit_is_withdrawn_from_once() {
        let mut order = an_order(&[("TEA", 2), ("POT", 1)]);

        order.withdraw(&[of(0, 1)]).unwrap();
        assert_refused(&order, RefuseChange::TooMany, |order| order.withdraw(&[of(0, 2)]));
        assert_refused(&order, RefuseChange::TooMany, |order| {
            order.withdraw(&[of(1, 1), of(1, 1)])
        });
        order.withdraw(&[of(0, 1), of(1, 1)]).unwrap();
        assert_eq!(order.lines.iter().map(|line| line.n_withdrawn).collect::<Vec<_>>(), [2, 1]);
        order.cancel(moment(2)).unwrap();
        assert_refused(&order, RefuseChange::Canceled, |order| order.withdraw(&[]));
    }

    #[test]
    fn stock_is_promised_once_per_sku_in_sku_order() {
        let order = an_order(&[("TEA", 2), ("POT", 1), ("TEA", 3)]);

        assert_eq!(order.to_allocate(), [some("POT", 1), some("TEA", 5)]);
    }

    #[test]
    fn money_comes_once() {
        let paid = a_paid_order(&[("TEA", 1)]);

        assert_eq!(paid.payment, PaymentState::Paid { at: moment(2) });
        assert_refused(&paid, RefuseChange::AlreadyPaid, |order| order.mark_paid(moment(9)));
    }

    #[test]
    fn on_hold_nothing_is_done_but_what_the_buyer_may() {
        let mut order = an_order(&[("TEA", 2)]);
        assert_refused(&order, RefuseChange::NotHeld, Order::release);
        let open = order.clone();
        order.hold(moment(2)).unwrap();

        assert_eq!(order.state, OrderState::Held { at: moment(2) });
        assert_eq!(order.status(), OrderStatus::Held);
        assert!(order.stands());
        assert_refused(&order, RefuseChange::Held, |order| order.hold(moment(3)));
        assert_refused(&order, RefuseChange::Held, |order| order.mark_paid(moment(3)));
        assert_refused(&order, RefuseChange::Held, |order| order.cancel(moment(3)));
        assert_refused(&order, RefuseChange::Held, |order| order.cancel_unpaid(moment(3)));
        assert_refused(&order, RefuseChange::Held, |order| ship(order, &[of(0, 1)]));
        order.clone().withdraw(&[of(0, 1)]).unwrap();
        order.release().unwrap();
        assert_eq!(order, open);

        let mut complete = a_paid_order(&[("TEA", 1)]);
        ship(&mut complete, &[of(0, 1)]).unwrap();
        assert_refused(&complete, RefuseChange::Complete, |order| order.hold(moment(5)));
    }

    #[test]
    fn canceling_undoes_placing() {
        for mut order in [an_order(&[("TEA", 2), ("POT", 1)]), a_paid_order(&[("TEA", 2)])] {
            let promised = order.to_allocate();

            let given_back = order.cancel(moment(4)).unwrap();

            assert_eq!(given_back, promised);
            assert_eq!(order.state, OrderState::Canceled { at: moment(4) });
            assert!(order.adds_up());
        }
    }

    #[test]
    fn a_buyer_cancels_as_long_as_nothing_is_paid() {
        let mut order = an_order(&[("TEA", 2)]);

        assert_eq!(order.cancel_unpaid(moment(4)), Ok(vec![some("TEA", 2)]));
        assert_refused(&order, RefuseChange::Canceled, |order| order.cancel_unpaid(moment(5)));
        let paid = a_paid_order(&[("TEA", 1)]);
        assert_refused(&paid, RefuseChange::AlreadyPaid, |order| order.cancel_unpaid(moment(5)));
    }

    #[test]
    fn nothing_can_be_done_to_a_canceled_order() {
        let mut order = an_order(&[("TEA", 1)]);
        order.cancel(moment(4)).unwrap();

        assert_refused(&order, RefuseChange::Canceled, |order| order.mark_paid(moment(9)));
        assert_refused(&order, RefuseChange::Canceled, |order| order.cancel(moment(9)));
        assert_refused(&order, RefuseChange::Canceled, |order| ship(order, &[of(0, 1)]));
    }

    #[test]
    fn an_order_that_has_left_cannot_be_canceled() {
        let mut order = a_paid_order(&[("TEA", 2)]);
        ship(&mut order, &[of(0, 1)]).unwrap();

        assert_refused(&order, RefuseChange::AlreadyShipped, |order| order.cancel(moment(9)));
    }

    #[test]
    fn goods_leave_unpaid_only_when_cash_is_collected() {
        for kind in [PaymentKind::BankTransfer, PaymentKind::Cheque] {
            let due = an_order_paid_by(kind, &[("TEA", 1)]);
            assert_refused(&due, RefuseChange::NotPaid, |order| ship(order, &[of(0, 1)]));
        }
        let mut cash = an_order_paid_by(PaymentKind::CashOnDelivery, &[("TEA", 1)]);

        assert_eq!(ship(&mut cash, &[of(0, 1)]), Ok(vec![some("TEA", 1)]));
        assert_eq!(cash.status(), OrderStatus::Processing);
    }

    #[test]
    fn a_parcel_holds_something_and_never_more_than_was_ordered() {
        let mut order = a_paid_order(&[("TEA", 2), ("POT", 1)]);
        ship(&mut order, &[of(0, 1)]).unwrap();

        let refused = |parcel: &[LineQuantity], why| {
            assert_refused(&order, why, |order| ship(order, parcel));
        };
        refused(&[], RefuseChange::NothingToShip);
        refused(&[of(0, 0), of(1, 0)], RefuseChange::NothingToShip);
        refused(&[of(0, 2)], RefuseChange::TooMany);
        refused(&[of(1, 1), of(0, 1), of(0, 1)], RefuseChange::TooMany);
        refused(&[of(0, u32::MAX), of(0, u32::MAX)], RefuseChange::TooMany);
        refused(&[of(2, 1)], RefuseChange::TooMany);
    }

    #[test]
    fn an_order_may_leave_in_several_parcels() {
        let mut order = a_paid_order(&[("TEA", 3), ("POT", 1)]);

        assert_eq!(ship(&mut order, &[of(0, 2)]), Ok(vec![some("TEA", 2)]));
        assert_eq!(order.to_ship(), [of(0, 1), of(1, 1)]);
        let rest = order.to_ship();
        assert_eq!(ship(&mut order, &rest), Ok(vec![some("POT", 1), some("TEA", 1)]));

        assert_eq!(order.to_ship(), []);
        assert_eq!(order.shipments.len(), 2);
        assert_eq!(
            order.shipments[0],
            Shipment {
                id: ShipmentId(Uuid::from_u128(7)),
                carrier: "Colissimo".into(),
                tracking_number: "6A1".into(),
                lines: vec![of(0, 2)],
                shipped_at: moment(3),
            }
        );
    }

    #[test]
    fn a_parcel_names_each_line_once() {
        let mut order = a_paid_order(&[("TEA", 3), ("POT", 1)]);

        let leaving = ship(&mut order, &[of(0, 1), of(1, 1), of(0, 2)]);

        assert_eq!(leaving, Ok(vec![some("POT", 1), some("TEA", 3)]));
        assert_eq!(order.shipments[0].lines, [of(0, 3), of(1, 1)]);
    }

    #[test]
    fn the_status_follows_from_money_and_goods() {
        type Step = fn(&mut Order);
        let pay: Step = |order| order.mark_paid(moment(2)).unwrap();
        let send_one: Step = |order| drop(ship(order, &[of(0, 1)]).unwrap());
        let cancel: Step = |order| drop(order.cancel(moment(4)).unwrap());
        let table: [(&[Step], Fulfillment, OrderStatus); 8] = [
            (&[], Fulfillment::Unfulfilled, OrderStatus::Pending),
            (&[send_one], Fulfillment::Partial, OrderStatus::Processing),
            (&[send_one, send_one], Fulfillment::Fulfilled, OrderStatus::Processing),
            (&[pay], Fulfillment::Unfulfilled, OrderStatus::Processing),
            (&[pay, send_one], Fulfillment::Partial, OrderStatus::Processing),
            (&[send_one, send_one, pay], Fulfillment::Fulfilled, OrderStatus::Complete),
            (&[cancel], Fulfillment::Unfulfilled, OrderStatus::Canceled),
            (&[pay, cancel], Fulfillment::Unfulfilled, OrderStatus::Canceled),
        ];
        for (row, (steps, fulfillment, status)) in table.into_iter().enumerate() {
            let mut order = an_order_paid_by(PaymentKind::CashOnDelivery, &[("TEA", 2)]);

            for step in steps {
                step(&mut order);
            }

            assert_eq!((order.fulfillment(), order.status()), (fulfillment, status), "row {row}");
        }
    }

    #[test]
    fn a_number_is_understood_as_typed() {
        assert_eq!(OrderNumber::new("GL", 7).as_str(), "GL000007");
        assert_eq!(OrderNumber::parse(" gl000007 "), Some(OrderNumber::new("GL", 7)));
        assert_eq!(OrderNumber::new("", 12_345_678).as_str(), "12345678");
        for refused in ["", " ", "GL 7", "GL'7", "É7", &"7".repeat(33)] {
            assert_eq!(OrderNumber::parse(refused), None, "{refused}");
        }
    }

    #[derive(Clone, Debug)]
    enum Step {
        Pay,
        Cancel,
        Ship(Vec<LineQuantity>),
    }

    fn any_steps() -> impl Strategy<Value = Vec<Step>> {
        let packed = (0_u32..4, 0_u32..5).prop_map(|(line, quantity)| of(line, quantity));
        let parcel = prop::collection::vec(packed, 0..4);
        let step = prop_oneof![
            2 => Just(Step::Pay),
            1 => Just(Step::Cancel),
            8 => parcel.prop_map(Step::Ship),
        ];
        prop::collection::vec(step, 0..20)
    }

    proptest! {
        #[test]
        fn no_sequence_of_steps_ships_more_than_was_ordered(
            is_cash in any::<bool>(),
            steps in any_steps(),
        ) {
            let kind =
                if is_cash { PaymentKind::CashOnDelivery } else { PaymentKind::BankTransfer };
            let mut order = an_order_paid_by(kind, &[("TEA", 4), ("POT", 2), ("TEA", 3)]);
            let mut promised = std::collections::BTreeMap::new();
            for SkuQuantity { sku, quantity } in order.to_allocate() {
                promised.insert(sku, quantity);
            }

            for step in steps {
                let before = order.clone();
                let done = match step {
                    Step::Pay => order.mark_paid(moment(2)).map(|()| Vec::new()),
                    Step::Cancel => order.cancel(moment(4)),
                    Step::Ship(parcel) => ship(&mut order, &parcel),
                };
                match done {
                    Err(_) => prop_assert_eq!(&order, &before),
                    Ok(no_longer_promised) => {
                        for SkuQuantity { sku, quantity } in no_longer_promised {
                            let left = promised.get_mut(&sku).expect("it was ordered");
                            *left = left.checked_sub(quantity).expect("it was promised");
                        }
                    }
                }

                for line in &order.lines {
                    let in_parcels: u32 = order
                        .shipments
                        .iter()
                        .flat_map(|parcel| &parcel.lines)
                        .filter(|packed| packed.line == line.position)
                        .map(|packed| packed.quantity)
                        .sum();
                    prop_assert_eq!(line.n_shipped, in_parcels);
                    prop_assert!(line.n_shipped <= line.quantity);
                }
            }
            let is_over = order.state != OrderState::Open
                || order.fulfillment() == Fulfillment::Fulfilled;
            prop_assert_eq!(promised.values().all(|&left| left == 0), is_over);
        }
    }
}
