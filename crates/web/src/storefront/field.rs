//! Reads what people type into the fields that several forms share.

use commerce::channel::Country;
use commerce::customer::{Address, AddressField, Email, FieldProblem, PasswordProblem};
use shop::settings::Settings;

use super::page::{self, Form, Refusal};
use crate::format;
use crate::guard::Fields;
use crate::i18n::Locale;

/// How long a new password must be.
pub const MIN_PASSWORD: u32 = 12;
const MAX_PASSWORD: u32 = 200;

/// Where the shop delivers, for the lists of address forms.
pub fn countries(settings: &Settings, locale: Locale) -> Vec<page::Country> {
    let named = |country: &Country| page::Country {
        code: country.as_str().to_owned(),
        name: format::country(locale, country.as_str()),
    };
    settings.channel.ships_to.iter().map(named).collect()
}

/// Reads an e-mail address, or says in the form why it is none.
pub fn email(fields: &Fields, name: &str, form: &mut Form) -> Option<Email> {
    let email = Email::new(fields.get(name));
    if email.is_none() {
        let is_missing = fields.get(name).is_empty();
        form.refuse(name, if is_missing { Refusal::Missing } else { Refusal::NotAnEmail });
    }
    email
}

/// Reads a line of text that must be there.
pub fn text(fields: &Fields, name: &str, max: u32, form: &mut Form) -> Option<String> {
    let text = fields.get(name);
    let refusal = if text.is_empty() {
        Refusal::Missing
    } else if text.chars().count() > usize::try_from(max).unwrap_or(usize::MAX) {
        Refusal::TooLong { max }
    } else if text.chars().any(char::is_control) {
        Refusal::Unreadable
    } else {
        return Some(text.to_owned());
    };
    form.refuse(name, refusal);
    None
}

/// The field of a password in words of the form.
pub fn password_refusal(problem: PasswordProblem) -> Refusal {
    match problem {
        PasswordProblem::TooShort => Refusal::PasswordTooShort { min: MIN_PASSWORD },
        PasswordProblem::TooLong => Refusal::TooLong { max: MAX_PASSWORD },
        PasswordProblem::TooCommon => Refusal::PasswordTooCommon,
    }
}

/// The country chosen in the fields of `prefix`, if the shop delivers there.
pub fn country(fields: &Fields, prefix: &str, settings: &Settings) -> Option<Country> {
    Country::new(fields.get(&format!("{prefix}country")))
        .filter(|country| settings.channel.ships_to.contains(country))
}

/// Reads the address in the fields of `prefix`, or says in the form all that is wrong with it.
pub fn address(
    fields: &Fields,
    prefix: &str,
    phone: &str,
    settings: &Settings,
    form: &mut Form,
) -> Option<Address> {
    let of = |name: &str| fields.get(&format!("{prefix}{name}")).to_owned();
    let country = country(fields, prefix, settings);
    let address = Address {
        first_name: of("first-name"),
        last_name: of("last-name"),
        company: of("company"),
        street: of("street"),
        street_extra: of("street-2"),
        postcode: of("postcode"),
        city: of("city"),
        country: country.unwrap_or(settings.channel.country),
        phone: phone.to_owned(),
    };
    let checked = address.check();
    for (field, problem) in checked.as_ref().err().into_iter().flatten() {
        form.refuse(&name(prefix, *field), refusal(*field, *problem));
    }
    if country.is_none() {
        form.refuse(&name(prefix, AddressField::Country), Refusal::CountryNotServed);
    }
    checked.ok().filter(|_| country.is_some())
}

/// Puts a known address into the fields of `prefix`.
pub fn fill(mut form: Form, prefix: &str, address: &Address) -> Form {
    for (field, value) in [
        ("first-name", &address.first_name),
        ("last-name", &address.last_name),
        ("company", &address.company),
        ("street", &address.street),
        ("street-2", &address.street_extra),
        ("postcode", &address.postcode),
        ("city", &address.city),
    ] {
        form = form.with(&format!("{prefix}{field}"), value);
    }
    form.with(&format!("{prefix}country"), address.country.as_str())
}

fn name(prefix: &str, field: AddressField) -> String {
    let name = match field {
        AddressField::FirstName => "first-name",
        AddressField::LastName => "last-name",
        AddressField::Company => "company",
        AddressField::Street => "street",
        AddressField::StreetExtra => "street-2",
        AddressField::Postcode => "postcode",
        AddressField::City => "city",
        AddressField::Country => "country",
        AddressField::Phone => return "phone".to_owned(),
    };
    format!("{prefix}{name}")
}

fn refusal(field: AddressField, problem: FieldProblem) -> Refusal {
    match (problem, field) {
        (FieldProblem::Missing, _) => Refusal::Missing,
        (FieldProblem::TooLong, _) => Refusal::TooLong { max: field.limit() },
        (FieldProblem::Invalid, AddressField::Postcode) => Refusal::NotAPostcode,
        (FieldProblem::Invalid, AddressField::Phone) => Refusal::NotAPhone,
        (FieldProblem::Invalid, AddressField::Country) => Refusal::CountryNotServed,
        (FieldProblem::Invalid, _) => Refusal::Unreadable,
    }
}
