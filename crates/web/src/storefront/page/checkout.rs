//! Checkout on one page.

use serde::Serialize;

use super::{AddressView, CartLineView, Country, Form, GuaranteeView, Layout, MoneyView, Totals};

/// Fields of `form`, posted to `/checkout`:
///
/// - `email`, `phone`;
/// - `shipping-…` and `billing-…` with `first-name`, `last-name`, `company`, `street`,
///   `street-2`, `postcode`, `city`, `country`;
/// - `billing-different` (`yes` when the billing fields count);
/// - `saved-address` (an id, or `new`), only for customers with addresses;
/// - `shipping`, `payment`;
/// - `terms` (`yes`) with `terms-version`;
/// - `cart-version`, `agreed-total` (in minor units);
/// - `action`: `update` shows the shipping methods again for the address typed, `place` orders.
#[derive(Clone, Debug, Serialize)]
pub struct CheckoutPage {
    pub layout: Layout,
    pub form: Form,
    pub cart_version: i64,
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
    /// Some line cannot be bought as it is: the way leads back to the cart.
    pub is_blocked: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct SavedAddress {
    pub id: String,
    pub address: AddressView,
    pub is_selected: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct ShippingChoice {
    pub code: String,
    pub name: String,
    pub detail: Option<String>,
    /// Zero is worded as offered.
    pub price: MoneyView,
    /// What its transport emits, where that is known.
    pub carbon: Option<CarbonView>,
    /// Of several whose emissions are known, the one that emits least.
    pub is_greenest: bool,
    pub is_selected: bool,
}

/// Greenhouse gases of a transport (C. transports L1431-3).
#[derive(Clone, Debug, Serialize)]
pub struct CarbonView {
    /// Kilograms of CO2 equivalent, a decimal.
    pub kilograms: String,
    /// Who worked it out, and how.
    pub source: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct PaymentChoice {
    pub code: String,
    pub name: String,
    pub detail: Option<String>,
    pub is_selected: bool,
}

/// The terms of sale that the order will refer to.
#[derive(Clone, Debug, Serialize)]
pub struct Terms {
    pub version: String,
    pub path: String,
    pub privacy_path: String,
    pub withdrawal_path: String,
    pub withdrawal_days: u32,
}
