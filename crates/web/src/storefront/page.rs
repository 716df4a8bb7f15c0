//! What the templates of `templates/storefront` show: one struct per template.
//!
//! Conventions, the same on every page:
//! - `path` is a path of the storefront without its language prefix (`/c/tea`): the template
//!   adds it. `url` is complete and used as it is. `src` is the URL of a picture.
//! - Amounts are [`MoneyView`]; times are microseconds since 1970, UTC; decimals are text in
//!   machine form (`"1.25"`).
//! - Names and descriptions arrive in the page's language. Fixed wording never does: it lives in
//!   `locales/`, and Rust refers to it by [`Message`](crate::i18n::Message).
//! - A page that may be cached holds nothing personal: see [`Layout::csrf`].

mod cart;
mod checkout;
mod content;
mod customer;
mod error;
mod form;
mod home;
mod layout;
mod listing;
mod money;
mod order;
mod picture;
mod product;
mod withdrawal;

pub use cart::*;
pub use checkout::*;
pub use content::*;
pub use customer::*;
pub use error::*;
pub use form::*;
pub use home::*;
pub use layout::*;
pub use listing::*;
pub use money::*;
pub use order::*;
pub use picture::*;
pub use product::*;
pub use withdrawal::*;

use crate::{i18n::Locale, render::Page};

macro_rules! pages {
    ($($page:ident => $template:literal,)*) => {
        $(impl Page for $page {
            const TEMPLATE: &'static str = concat!("storefront/", $template);

            fn locale(&self) -> Locale {
                self.layout.locale
            }
        })*

        /// The template of every page, so that a test can ask for a sample of each.
        pub const TEMPLATES: &[&str] = &[$(concat!("storefront/", $template)),*];
    };
}

pages! {
    HomePage => "home.html",
    CategoryPage => "category.html",
    SearchPage => "search.html",
    ProductPage => "product.html",
    CartPage => "cart.html",
    CheckoutPage => "checkout.html",
    ConfirmationPage => "confirmation.html",
    OrderLookupPage => "order_lookup.html",
    OrderPage => "order.html",
    LoginPage => "login.html",
    RegisterPage => "register.html",
    ForgotPasswordPage => "forgot_password.html",
    ResetPasswordPage => "reset_password.html",
    AccountPage => "account.html",
    AddressesPage => "addresses.html",
    OrdersPage => "orders.html",
    WithdrawalPage => "withdrawal.html",
    ContactPage => "contact.html",
    ContentPage => "content.html",
    ErrorPage => "error.html",
}
