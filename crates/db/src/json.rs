//! Values that lie in a column as JSON: written and read in Rust only, never by SQL.

use std::collections::BTreeMap;

use commerce::channel::{Country, Locale};
use commerce::content::Localized;
use commerce::customer::Address;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{DbError, parsed};

/// Reads a column; `table` names the culprit when it cannot be read.
pub(crate) fn read<T: DeserializeOwned>(table: &'static str, text: &str) -> Result<T, DbError> {
    serde_json::from_str(text).map_err(|error| DbError::corrupt(table, error.to_string()))
}

pub(crate) fn write<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("maps with text keys and plain values serialize")
}

pub(crate) type Texts = BTreeMap<String, String>;

pub(crate) fn texts(localized: &Localized<String>) -> Texts {
    localized.0.iter().map(|(locale, text)| (locale.as_str().to_owned(), text.clone())).collect()
}

pub(crate) fn localized(table: &'static str, texts: Texts) -> Result<Localized<String>, DbError> {
    texts
        .into_iter()
        .map(|(locale, text)| Ok((parsed(table, &locale, Locale::new(&locale))?, text)))
        .collect()
}

pub(crate) fn write_texts(localized: &Localized<String>) -> String {
    write(&texts(localized))
}

pub(crate) fn read_texts(table: &'static str, text: &str) -> Result<Localized<String>, DbError> {
    localized(table, read(table, text)?)
}

#[derive(Serialize, Deserialize)]
pub(crate) struct AddressJson {
    first_name: String,
    last_name: String,
    company: String,
    street: String,
    street_extra: String,
    postcode: String,
    city: String,
    country: String,
    phone: String,
}

pub(crate) fn write_address(address: &Address) -> String {
    let address = address.clone();
    write(&AddressJson {
        first_name: address.first_name,
        last_name: address.last_name,
        company: address.company,
        street: address.street,
        street_extra: address.street_extra,
        postcode: address.postcode,
        city: address.city,
        country: address.country.as_str().to_owned(),
        phone: address.phone,
    })
}

pub(crate) fn read_address(table: &'static str, text: &str) -> Result<Address, DbError> {
    let json: AddressJson = read(table, text)?;
    Ok(Address {
        first_name: json.first_name,
        last_name: json.last_name,
        company: json.company,
        street: json.street,
        street_extra: json.street_extra,
        postcode: json.postcode,
        city: json.city,
        country: parsed(table, &json.country, Country::new(&json.country))?,
        phone: json.phone,
    })
}
