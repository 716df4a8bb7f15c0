//! People who buy, and where they live.

use crate::channel::Country;
use crate::id;

id! {
    /// Identifies a customer account.
    CustomerId
}
id! {
    /// Identifies an address in a customer's address book.
    AddressId
}

/// An e-mail address as typed, trimmed; compared without regard to case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// Accepts what a mail server could deliver to; whether anybody reads it is another matter.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@')?;
        let fits = (1..=64).contains(&local.len()) && text.len() <= 190;
        let local_is_plain =
            local.bytes().all(|b| b.is_ascii_graphic() && !b"()<>[]:;,\\\"@".contains(&b))
                && !local.starts_with('.')
                && !local.ends_with('.')
                && !local.contains("..");
        let label_is_plain = |label: &str| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        let domain_is_plain = domain.contains('.') && domain.split('.').all(label_is_plain);
        (fits && local_is_plain && domain_is_plain).then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form that accounts are unique by.
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

/// A postal address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    pub first_name: String,
    pub last_name: String,
    pub company: String,
    pub street: String,
    /// Building, floor, place name.
    pub street_extra: String,
    pub postcode: String,
    pub city: String,
    pub country: Country,
    pub phone: String,
}

/// A field of an address form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AddressField {
    FirstName,
    LastName,
    Company,
    Street,
    StreetExtra,
    Postcode,
    City,
    Country,
    Phone,
}

impl AddressField {
    /// The most characters it holds.
    pub fn limit(self) -> u32 {
        match self {
            Self::FirstName | Self::LastName => 80,
            Self::Company => 120,
            Self::Street | Self::StreetExtra => 160,
            Self::Postcode => 12,
            Self::City => 100,
            Self::Country => 2,
            Self::Phone => 30,
        }
    }
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldProblem {
    Missing,
    TooLong,
    Invalid,
}

impl Address {
    /// Trims each field and finds all that is wrong with the address, not only the first.
    pub fn check(self) -> Result<Self, Vec<(AddressField, FieldProblem)>> {
        let trim = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let address = Self {
            first_name: trim(self.first_name),
            last_name: trim(self.last_name),
            company: trim(self.company),
            street: trim(self.street),
            street_extra: trim(self.street_extra),
            postcode: trim(self.postcode).to_ascii_uppercase(),
            city: trim(self.city),
            country: self.country,
            phone: trim(self.phone),
        };
        let mut problems = Vec::new();
        let fields = [
            (AddressField::FirstName, &address.first_name, true),
            (AddressField::LastName, &address.last_name, true),
            (AddressField::Company, &address.company, false),
            (AddressField::Street, &address.street, true),
            (AddressField::StreetExtra, &address.street_extra, false),
            (AddressField::Postcode, &address.postcode, true),
            (AddressField::City, &address.city, true),
            (AddressField::Phone, &address.phone, false),
        ];
        for (field, text, is_required) in fields {
            let limit = usize::try_from(field.limit()).unwrap_or(usize::MAX);
            if is_required && text.is_empty() {
                problems.push((field, FieldProblem::Missing));
            } else if text.chars().count() > limit {
                problems.push((field, FieldProblem::TooLong));
            } else if text.chars().any(char::is_control) {
                problems.push((field, FieldProblem::Invalid));
            }
        }
        let is_postcode = postcode_fits(address.country, &address.postcode);
        if !address.postcode.is_empty() && address.postcode.len() <= 12 && !is_postcode {
            problems.push((AddressField::Postcode, FieldProblem::Invalid));
        }
        let is_phone = |b: u8| b.is_ascii_digit() || b" +().-/".contains(&b);
        if address.phone.len() <= 30 && !address.phone.bytes().all(is_phone) {
            problems.push((AddressField::Phone, FieldProblem::Invalid));
        }
        if problems.is_empty() { Ok(address) } else { Err(problems) }
    }

    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim().to_owned()
    }
}

/// Whether a postcode looks like one of the country; countries we know little of accept any.
fn postcode_fits(country: Country, postcode: &str) -> bool {
    let digits = |n: usize| postcode.len() == n && postcode.bytes().all(|b| b.is_ascii_digit());
    match country.as_str() {
        "FR" | "DE" | "ES" | "IT" | "MC" => digits(5),
        "BE" | "LU" | "AT" | "CH" | "DK" => digits(4),
        _ => postcode.bytes().all(|b| b.is_ascii_alphanumeric() || b == b' ' || b == b'-'),
    }
}

/// A customer account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    pub id: CustomerId,
    /// The small integer that Magento's API calls the customer's id.
    pub number: i64,
    pub email: Email,
    pub first_name: String,
    pub last_name: String,
    pub locale: crate::channel::Locale,
}

/// An address in a customer's address book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedAddress {
    pub id: AddressId,
    /// The small integer that Magento's API calls the address's id; 0 before it is saved.
    pub number: i64,
    pub address: Address,
    pub is_default_delivery: bool,
    pub is_default_billing: bool,
}

/// Why a password is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordProblem {
    #[error("the password has fewer than 12 characters")]
    TooShort,
    #[error("the password has more than 200 characters")]
    TooLong,
    #[error("the password is one that attackers try first")]
    TooCommon,
}

/// Checks a new password: length counts, composition does not (ANSSI, CNIL 2022-100).
pub fn check_password(password: &str) -> Result<(), PasswordProblem> {
    let length = password.chars().count();
    let mut distinct: Vec<char> = password.to_lowercase().chars().collect();
    distinct.sort_unstable();
    distinct.dedup();
    match length {
        0..12 => Err(PasswordProblem::TooShort),
        201.. => Err(PasswordProblem::TooLong),
        _ if distinct.len() < 5 => Err(PasswordProblem::TooCommon),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deliverable_addresses_are_accepted_and_others_refused() {
        for good in ["a@b.fr", " Jeanne.Dupont+eco@exemple.co.uk ", "x_y'z@sous.domaine.fr"] {
            assert!(Email::new(good).is_some(), "{good}");
        }
        let long = format!("{}@b.fr", "a".repeat(65));
        let bad = [
            "",
            "a",
            "a@b",
            "@b.fr",
            "a@b..fr",
            "a b@c.fr",
            "a@b.fr\r\nBcc: x@y.fr",
            ".a@b.fr",
            &long,
        ];
        for bad in bad {
            assert!(Email::new(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn all_that_is_wrong_with_an_address_is_said_at_once() {
        let address = Address {
            first_name: " Jeanne ".into(),
            last_name: String::new(),
            company: String::new(),
            street: "x".repeat(161),
            street_extra: String::new(),
            postcode: "7500".into(),
            city: "Paris".into(),
            country: Country::FR,
            phone: "call me".into(),
        };

        assert_eq!(
            address.check(),
            Err(vec![
                (AddressField::LastName, FieldProblem::Missing),
                (AddressField::Street, FieldProblem::TooLong),
                (AddressField::Postcode, FieldProblem::Invalid),
                (AddressField::Phone, FieldProblem::Invalid),
            ])
        );
    }

    #[test]
    fn passwords_are_judged_by_length() {
        assert_eq!(check_password("onze signes"), Err(PasswordProblem::TooShort));
        assert_eq!(check_password("aaaaaaaaaaaa"), Err(PasswordProblem::TooCommon));
        assert_eq!(check_password("douze signes!"), Ok(()));
    }
}
