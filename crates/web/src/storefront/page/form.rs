//! Forms: what was typed, what is wrong with it, and what happened after it was sent.

use std::collections::BTreeMap;

use serde::Serialize;

use super::MoneyView;
use crate::i18n::Message;

/// The state of one form, by field name.
///
/// A fresh form is `Form::default()`; a refused one holds what was posted and one error per
/// field. The templates show each error beside its field and again in a summary that links to
/// it. Passwords are never put in.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Form {
    pub values: BTreeMap<String, String>,
    pub errors: Vec<FieldError>,
}

#[derive(Clone, Debug, Serialize)]
pub struct FieldError {
    /// The field's `name`, which is also its `id`; empty when the form as a whole is refused.
    pub field: String,
    pub message: Message,
}

impl Form {
    #[must_use]
    pub fn with(mut self, field: &str, value: &str) -> Self {
        self.values.insert(field.to_owned(), value.to_owned());
        self
    }

    /// What was posted, without the fields whose name contains `password`.
    pub fn posted<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut form = Self::default();
        for (name, value) in fields.into_iter().filter(|(name, _)| !name.contains("password")) {
            // The first of several counts, as for whoever reads the fields.
            form.values.entry(name.to_owned()).or_insert_with(|| value.to_owned());
        }
        form
    }

    pub fn value(&self, field: &str) -> &str {
        self.values.get(field).map(String::as_str).unwrap_or_default()
    }

    pub fn refuse(&mut self, field: &str, refusal: Refusal) {
        self.errors.push(FieldError { field: field.to_owned(), message: refusal.into() });
    }

    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.errors.is_empty()
    }
}

/// Why a field, or a form, was not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    Missing,
    NotAnEmail,
    NotAPostcode,
    NotAPhone,
    TooLong {
        max: u32,
    },
    Unreadable,
    PasswordTooShort {
        min: u32,
    },
    PasswordTooCommon,
    PasswordsDiffer,
    EmailTaken,
    WrongCredentials,
    WrongPassword,
    TermsNotAccepted,
    TermsChanged,
    ChoiceMissing,
    NoSuchOrder,
    NotEnoughStock {
        available: u32,
    },
    /// A product of the cart, by its name.
    OutOfStock {
        name: String,
    },
    NotSold {
        name: String,
    },
    ShippingNotOffered,
    TotalChanged {
        total: MoneyView,
    },
    AddressBookFull,
    OrderCanceled,
    CartChanged,
    CountryNotServed,
    NothingChosen,
    QuantityNotOrdered {
        max: u32,
    },
    TooManyAttempts,
}

impl From<Refusal> for Message {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Missing => Self::new("refusal-missing"),
            Refusal::NotAnEmail => Self::new("refusal-email"),
            Refusal::NotAPostcode => Self::new("refusal-postcode"),
            Refusal::NotAPhone => Self::new("refusal-phone"),
            Refusal::TooLong { max } => Self::new("refusal-too-long").with("max", max),
            Refusal::PasswordTooShort { min } => {
                Self::new("refusal-password-short").with("min", min)
            }
            Refusal::Unreadable => Self::new("refusal-unreadable"),
            Refusal::PasswordTooCommon => Self::new("refusal-password-common"),
            Refusal::PasswordsDiffer => Self::new("refusal-passwords-differ"),
            Refusal::EmailTaken => Self::new("refusal-email-taken"),
            Refusal::WrongCredentials => Self::new("refusal-credentials"),
            Refusal::WrongPassword => Self::new("refusal-password"),
            Refusal::TermsNotAccepted => Self::new("refusal-terms"),
            Refusal::TermsChanged => Self::new("refusal-terms-changed"),
            Refusal::ChoiceMissing => Self::new("refusal-choice"),
            Refusal::NoSuchOrder => Self::new("refusal-no-such-order"),
            Refusal::NotEnoughStock { available } => {
                Self::new("refusal-stock").with("available", available)
            }
            Refusal::OutOfStock { name } => Self::new("refusal-out-of-stock").with("name", name),
            Refusal::NotSold { name } => Self::new("refusal-not-sold").with("name", name),
            Refusal::ShippingNotOffered => Self::new("refusal-shipping"),
            Refusal::TotalChanged { total } => {
                Self::new("refusal-total-changed").with("total", total)
            }
            Refusal::AddressBookFull => Self::new("refusal-address-book"),
            Refusal::OrderCanceled => Self::new("refusal-order-canceled"),
            Refusal::CartChanged => Self::new("refusal-cart-changed"),
            Refusal::CountryNotServed => Self::new("refusal-country"),
            Refusal::NothingChosen => Self::new("refusal-nothing-chosen"),
            Refusal::QuantityNotOrdered { max } => {
                Self::new("refusal-quantity-not-ordered").with("max", max)
            }
            Refusal::TooManyAttempts => Self::new("refusal-too-many"),
        }
    }
}

/// What happened, told once on the next page.
#[derive(Clone, Debug, Serialize)]
pub struct Notice {
    /// A failure interrupts a screen reader, a success waits for its turn.
    pub is_failure: bool,
    pub message: Message,
}

/// Codes of the notices that travel in a cookie from the POST to the page after it. Only the
/// code travels, so nobody can make the shop say something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happened {
    AddedToCart,
    CartUpdated,
    LineRemoved,
    CartChanged,
    OutOfStock,
    NotEnough,
    TooMany,
    NotSold,
    ChooseOptions,
    AddressSaved,
    AddressDeleted,
    PasswordChanged,
    LoggedIn,
    LoggedOut,
    Registered,
    Failed,
}

impl Happened {
    pub const ALL: [Self; 16] = [
        Self::AddedToCart,
        Self::CartUpdated,
        Self::LineRemoved,
        Self::CartChanged,
        Self::OutOfStock,
        Self::NotEnough,
        Self::TooMany,
        Self::NotSold,
        Self::ChooseOptions,
        Self::AddressSaved,
        Self::AddressDeleted,
        Self::PasswordChanged,
        Self::LoggedIn,
        Self::LoggedOut,
        Self::Registered,
        Self::Failed,
    ];

    #[must_use]
    pub fn code(self) -> &'static str {
        self.message().key()
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|happened| happened.code() == code)
    }

    fn message(self) -> Message {
        match self {
            Self::AddedToCart => Message::new("notice-added-to-cart"),
            Self::CartUpdated => Message::new("notice-cart-updated"),
            Self::LineRemoved => Message::new("notice-line-removed"),
            Self::CartChanged => Message::new("notice-cart-changed"),
            Self::OutOfStock => Message::new("notice-out-of-stock"),
            Self::NotEnough => Message::new("notice-not-enough"),
            Self::TooMany => Message::new("notice-too-many"),
            Self::NotSold => Message::new("notice-not-sold"),
            Self::ChooseOptions => Message::new("notice-choose-options"),
            Self::AddressSaved => Message::new("notice-address-saved"),
            Self::AddressDeleted => Message::new("notice-address-deleted"),
            Self::PasswordChanged => Message::new("notice-password-changed"),
            Self::LoggedIn => Message::new("notice-logged-in"),
            Self::LoggedOut => Message::new("notice-logged-out"),
            Self::Registered => Message::new("notice-registered"),
            Self::Failed => Message::new("notice-failed"),
        }
    }
}

impl From<Happened> for Notice {
    fn from(happened: Happened) -> Self {
        let is_failure = matches!(
            happened,
            Happened::CartChanged
                | Happened::OutOfStock
                | Happened::NotEnough
                | Happened::TooMany
                | Happened::NotSold
                | Happened::ChooseOptions
                | Happened::Failed
        );
        Self { is_failure, message: happened.message() }
    }
}

/// A country that the shop delivers to.
#[derive(Clone, Debug, Serialize)]
pub struct Country {
    /// ISO 3166-1 alpha-2.
    pub code: String,
    pub name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown_again() {
        let form = Form::posted([("email", "a@b.fr"), ("password", "x"), ("new-password", "y")]);
        assert_eq!(form.values.into_keys().collect::<Vec<_>>(), ["email"]);
    }

    #[test]
    fn a_notice_survives_the_cookie() {
        for happened in Happened::ALL {
            assert_eq!(Happened::from_code(happened.code()), Some(happened));
        }
        assert_eq!(Happened::from_code("<script>"), None);
    }
}
