//! Checkout on one page.

use serde::Serialize;

use super::{AddressView, CartLineView, Country, Form, GuaranteeView, Layout, MoneyView, Totals};

/// Fields of `form`, posted to `/checkout`:
///
/// - `email`, `phone`;
/// - `shipping-…` and `billing-…` with `first-name`, `last-name`, `company`, `street`,
///   `street-2`, `postcode`, `city`, `country`; `billing-vat-number`;
/// - `billing-different` (`yes` when the billing fields count);
/// - `saved-address` (an id, or `new`), only for customers with addresses;
/// - `shipping`, `pickup-<code of the method>`, `payment`, `note`;
/// - `terms` (`yes`) with `terms-version`;
/// - `cart-version`, `idempotency-key`;
/// - `action`: `update` shows the shipping methods again for the address typed, `place` orders.
#[derive(Clone, Debug, Serialize)]
pub struct CheckoutPage {
    pub layout: Layout,
    pub form: Form,
    pub cart_version: i64,
    /// One per rendering of the form: the same key never makes two orders.
    pub idempotency_key: String,
    pub is_guest: bool,
    pub saved_addresses: Vec<SavedAddress>,
    pub countries: Vec<Country>,
    pub lines: Vec<CartLineView>,
    pub totals: Totals,
    /// Empty until the address can be served.
    pub shipping_methods: Vec<ShippingChoice>,
    pub payment_methods: Vec<PaymentChoice>,
    pub terms: Terms,
    pub guarantee: GuaranteeView,
    /// Some product of the cart cannot be sent back (L221-28); their names.
    pub not_returnable: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct SavedAddress {
    pub id: String,
    pub address: AddressView,
    pub is_selected: bool,
    pub is_default: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct ShippingChoice {
    pub code: String,
    pub name: String,
    pub detail: Option<String>,
    /// Zero is worded as offered.
    pub price: MoneyView,
    pub delay: Option<String>,
    /// Grams of CO₂ equivalent of the transport (C. transports L1431-3).
    pub carbon_grams: Option<u32>,
    /// The one that emits least among those offered here.
    pub is_greenest: bool,
    pub is_selected: bool,
    pub pickup_points: Vec<PickupPoint>,
}

#[derive(Clone, Debug, Serialize)]
pub struct PickupPoint {
    pub code: String,
    pub name: String,
    pub address: String,
    pub opening_hours: Option<String>,
    pub is_selected: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct PaymentChoice {
    pub code: String,
    pub name: String,
    pub detail: Option<String>,
    pub fee: Option<MoneyView>,
    pub is_selected: bool,
}

/// The terms of sale that the order will refer to.
#[derive(Clone, Debug, Serialize)]
pub struct Terms {
    pub version: String,
    pub path: String,
    pub privacy_path: String,
    pub withdrawal_path: String,
    /// The withdrawal form to print.
    pub withdrawal_form_path: String,
    pub withdrawal_days: u32,
}
