//! The customer's account.

use serde::Serialize;

use super::{AddressView, Country, Form, Layout, MoneyView, OrderStateView, Pagination};

/// Fields: `email`, `password`, `next`.
#[derive(Clone, Debug, Serialize)]
pub struct LoginPage {
    pub layout: Layout,
    pub form: Form,
    /// Where to go afterwards, a path of the storefront.
    pub next: Option<String>,
}

/// Fields: `first-name`, `last-name`, `email`, `password`.
#[derive(Clone, Debug, Serialize)]
pub struct RegisterPage {
    pub layout: Layout,
    pub form: Form,
    pub min_password: u32,
    pub privacy_path: String,
}

/// Fields: `email`. The answer is the same whether the address is known or not.
#[derive(Clone, Debug, Serialize)]
pub struct ForgotPasswordPage {
    pub layout: Layout,
    pub form: Form,
    pub is_sent: bool,
}

/// Fields: `password`, `password-again`. Posted to the page's own path.
#[derive(Clone, Debug, Serialize)]
pub struct ResetPasswordPage {
    pub layout: Layout,
    pub form: Form,
    pub path: String,
    pub is_expired: bool,
    pub min_password: u32,
}

/// Fields of `password` (posted to `/account/password`): `current-password`, `new-password`.
#[derive(Clone, Debug, Serialize)]
pub struct AccountPage {
    pub layout: Layout,
    pub first_name: String,
    pub password: Form,
    pub min_password: u32,
    pub recent_orders: Vec<OrderSummary>,
    pub default_address: Option<AddressView>,
}

/// The list posts `id` to `/account/addresses/delete`; the form posts to `/account/addresses`
/// the fields of an address without prefix, `id` (empty for a new one) and `is-default`.
#[derive(Clone, Debug, Serialize)]
pub struct AddressesPage {
    pub layout: Layout,
    pub addresses: Vec<CustomerAddress>,
    /// The form for a new address, or for the one of `?edit=<id>`.
    pub form: Form,
    pub is_editing: bool,
    pub countries: Vec<Country>,
}

#[derive(Clone, Debug, Serialize)]
pub struct CustomerAddress {
    pub id: String,
    pub address: AddressView,
    pub is_default: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct OrdersPage {
    pub layout: Layout,
    pub orders: Vec<OrderSummary>,
    pub pagination: Pagination,
}

#[derive(Clone, Debug, Serialize)]
pub struct OrderSummary {
    pub number: String,
    pub path: String,
    pub placed_at: i64,
    pub state: OrderStateView,
    pub total: MoneyView,
}
