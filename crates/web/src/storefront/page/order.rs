//! Orders: just placed, looked up, or in the customer's account.

use serde::Serialize;

use super::{CarbonView, Characteristic, Form, Layout, MoneyView, Picture, Totals};
use crate::i18n::Message;

/// The page after checkout.
#[derive(Clone, Debug, Serialize)]
pub struct ConfirmationPage {
    pub layout: Layout,
    pub order: OrderView,
    /// The guest may open an account with the same address.
    pub can_register: bool,
}

/// Fields: `number`, `email`.
#[derive(Clone, Debug, Serialize)]
pub struct OrderLookupPage {
    pub layout: Layout,
    pub form: Form,
}

/// One order, of a guest with the link or of a customer.
#[derive(Clone, Debug, Serialize)]
pub struct OrderPage {
    pub layout: Layout,
    pub order: OrderView,
    /// In the account, with its navigation.
    pub is_account: bool,
    /// What a link to cancel it leads to.
    pub cancel: Option<CancelView>,
}

/// Whether a link that a mail brought still cancels the order.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum CancelView {
    /// The form is sent to `path`.
    Offered { path: String },
    /// The link is too old.
    Expired,
    /// It is paid, on hold, sent or canceled already.
    TooLate,
}

#[derive(Clone, Debug, Serialize)]
pub struct OrderView {
    pub number: String,
    /// `/orders/{token}`, which works without an account.
    pub path: String,
    pub placed_at: i64,
    pub email: String,
    pub state: OrderStateView,
    pub steps: Vec<OrderStep>,
    pub lines: Vec<OrderLineView>,
    pub totals: Totals,
    pub payment: PaymentView,
    pub shipping_method: String,
    pub shipping_carbon: Option<CarbonView>,
    pub shipping_address: AddressView,
    pub billing_address: AddressView,
    /// Where it is collected, when it is.
    pub pickup: Option<AddressView>,
    pub shipments: Vec<ShipmentView>,
    /// Whether there is still a contract to withdraw from.
    pub can_withdraw: bool,
}

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderStateView {
    AwaitingPayment,
    Paid,
    Preparing,
    PartlyShipped,
    Shipped,
    Held,
    Canceled,
}

impl OrderStateView {
    #[must_use]
    pub fn message(self) -> Message {
        match self {
            Self::AwaitingPayment => Message::new("order-state-awaiting-payment"),
            Self::Paid => Message::new("order-state-paid"),
            Self::Preparing => Message::new("order-state-preparing"),
            Self::PartlyShipped => Message::new("order-state-partly-shipped"),
            Self::Shipped => Message::new("order-state-shipped"),
            Self::Held => Message::new("order-state-held"),
            Self::Canceled => Message::new("order-state-canceled"),
        }
    }
}

impl Serialize for OrderStateView {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.message().serialize(serializer)
    }
}

/// One step of the timeline.
#[derive(Clone, Debug, Serialize)]
pub struct OrderStep {
    pub state: OrderStateView,
    /// `None` for a step that is still to come.
    pub at: Option<i64>,
    pub is_current: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct OrderLineView {
    pub sku: String,
    pub name: String,
    /// `None` when the product is no longer sold.
    pub path: Option<String>,
    pub picture: Option<Picture>,
    pub options: Vec<Characteristic>,
    pub quantity: u32,
    pub unit_price: MoneyView,
    pub total: MoneyView,
    pub eco_participation: Option<MoneyView>,
    /// Percent, a decimal.
    pub tax_rate: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct PaymentView {
    pub name: String,
    pub is_paid: bool,
    pub instructions: Option<PaymentInstructions>,
}

/// What the customer still has to do. Serialized with `kind`.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PaymentInstructions {
    BankTransfer {
        holder: String,
        iban: String,
        bic: String,
        /// To be written in the transfer, so that it finds its order.
        reference: String,
        amount: MoneyView,
    },
    Cheque {
        payable_to: String,
        address: Vec<String>,
        reference: String,
        amount: MoneyView,
    },
    CashOnDelivery {
        amount: MoneyView,
    },
}

#[derive(Clone, Debug, Serialize)]
pub struct ShipmentView {
    pub carrier: String,
    pub shipped_at: i64,
    pub tracking_number: Option<String>,
    pub lines: Vec<ShipmentLineView>,
}

#[derive(Clone, Debug, Serialize)]
pub struct ShipmentLineView {
    pub name: String,
    pub quantity: u32,
}

/// An address, formatted as its country does.
#[derive(Clone, Debug, Serialize)]
pub struct AddressView {
    pub name: String,
    pub lines: Vec<String>,
    pub phone: Option<String>,
}
