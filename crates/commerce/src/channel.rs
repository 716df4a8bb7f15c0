//! Where the shop sells, and in which languages.

mod country;

use std::fmt;

use crate::code;
use crate::money::Currency;

code! {
    /// Names a sales channel, such as `fr`.
    ChannelCode, 32, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'
}

/// A language that texts are written in, as an ISO 639-1 code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Locale([u8; 2]);

impl Locale {
    pub const FR: Self = Self(*b"fr");
    pub const EN: Self = Self(*b"en");

    pub fn new(code: &str) -> Option<Self> {
        let bytes: [u8; 2] = code.as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_lowercase).then_some(Self(bytes))
    }

    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("a locale is made of ascii letters")
    }
}

impl fmt::Debug for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An ISO 3166-1 alpha-2 country.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

impl Country {
    pub const FR: Self = Self(*b"FR");

    pub fn new(code: &str) -> Option<Self> {
        let bytes: [u8; 2] = code.as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_uppercase).then_some(Self(bytes))
    }

    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("a country is made of ascii letters")
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A sales context: who sells, to which countries, in which currency and languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    pub code: ChannelCode,
    pub name: String,
    pub currency: Currency,
    /// Whether the prices that the merchant keeps contain tax; what shoppers see always does.
    pub prices_include_tax: bool,
    pub rounding: crate::tax::Rounding,
    /// Whose rates apply until a delivery address is known.
    pub country: Country,
    /// Where the channel delivers, the home country first.
    pub ships_to: Vec<Country>,
    /// The first is the default, served without a prefix in the address.
    pub locales: Vec<Locale>,
    /// Stands before the digits of every order number of this channel.
    pub order_prefix: String,
    pub merchant: Merchant,
}

impl Channel {
    pub fn default_locale(&self) -> Locale {
        self.locales.first().copied().unwrap_or(Locale::FR)
    }
}

/// Who sells: what the legal notice, the mails and the invoices must say (LCEN art. 6-III).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merchant {
    pub legal_name: String,
    pub trade_name: String,
    pub address: Vec<String>,
    pub email: String,
    pub phone: String,
    pub siren: String,
    pub vat_number: String,
    pub registry: String,
    /// The consumer mediator's name and address (C. conso. L612-1).
    pub mediator: String,
    pub bank_holder: String,
    pub iban: String,
    pub bic: String,
}
