//! The columns of a product that are JSON: attribute values, eco data, options, manufacturer.

use std::collections::BTreeMap;

use commerce::catalog::{
    AttributeCode, AttributeValue, AttributeValues, Decimal, OptionCode, Options,
};
use commerce::channel::Country;
use commerce::eco::{CarbonFootprint, EcoSheet, Label, Manufacturer, Material, Percent};
use commerce::money::Money;
use serde::{Deserialize, Serialize};

use crate::channel::currency;
use crate::json::{self, Texts, localized, texts};
use crate::{DbError, parsed};

const TABLE: &str = "products";

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ValueJson {
    Text(Texts),
    /// As a decimal, because a JSON number may be read as a float.
    Number(String),
    Boolean(bool),
    Select(String),
    MultiSelect(Vec<String>),
    Date(String),
    Price(i64, String),
}

pub(super) fn write_values(values: &AttributeValues) -> String {
    let values: BTreeMap<&str, ValueJson> = values
        .iter()
        .map(|(code, value)| {
            let value = match value {
                AttributeValue::Text(text) => ValueJson::Text(texts(text)),
                AttributeValue::Number(number) => ValueJson::Number(number.to_string()),
                AttributeValue::Boolean(is_so) => ValueJson::Boolean(*is_so),
                AttributeValue::Select(option) => ValueJson::Select(option.as_str().to_owned()),
                AttributeValue::MultiSelect(options) => ValueJson::MultiSelect(
                    options.iter().map(|option| option.as_str().to_owned()).collect(),
                ),
                AttributeValue::Date(date) => ValueJson::Date(date.to_string()),
                AttributeValue::Price(money) => {
                    ValueJson::Price(money.minor(), money.currency().as_str().to_owned())
                }
            };
            (code.as_str(), value)
        })
        .collect();
    json::write(&values)
}

pub(super) fn read_values(text: &str) -> Result<AttributeValues, DbError> {
    let values: BTreeMap<String, ValueJson> = json::read(TABLE, text)?;
    values
        .into_iter()
        .map(|(code, value)| {
            let value = match value {
                ValueJson::Text(texts) => AttributeValue::Text(localized(TABLE, texts)?),
                ValueJson::Number(text) => {
                    AttributeValue::Number(parsed(TABLE, &text, Decimal::parse(&text))?)
                }
                ValueJson::Boolean(is_so) => AttributeValue::Boolean(is_so),
                ValueJson::Select(code) => AttributeValue::Select(option(&code)?),
                ValueJson::MultiSelect(codes) => AttributeValue::MultiSelect(
                    codes.iter().map(|code| option(code)).collect::<Result<_, _>>()?,
                ),
                ValueJson::Date(text) => {
                    AttributeValue::Date(parsed(TABLE, &text, text.parse().ok())?)
                }
                ValueJson::Price(minor, code) => {
                    AttributeValue::Price(Money::new(minor, currency(TABLE, &code)?))
                }
            };
            Ok((attribute(&code)?, value))
        })
        .collect()
}

pub(super) fn attribute(code: &str) -> Result<AttributeCode, DbError> {
    parsed(TABLE, code, AttributeCode::new(code))
}

pub(super) fn option(code: &str) -> Result<OptionCode, DbError> {
    parsed(TABLE, code, OptionCode::new(code))
}

pub(super) fn write_options(options: &Options) -> String {
    let options: BTreeMap<&str, &str> =
        options.iter().map(|(axis, option)| (axis.as_str(), option.as_str())).collect();
    json::write(&options)
}

pub(super) fn read_options(text: &str) -> Result<Options, DbError> {
    let options: BTreeMap<String, String> = json::read("variants", text)?;
    options.iter().map(|(axis, code)| Ok((attribute(axis)?, option(code)?))).collect()
}

/// Fields that were added later are absent from older rows, hence the defaults.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct EcoJson {
    labels: Vec<LabelJson>,
    origin: Option<String>,
    origin_detail: Texts,
    materials: Vec<MaterialJson>,
    carbon: Option<CarbonJson>,
    packaging: Texts,
}

#[derive(Serialize, Deserialize)]
struct LabelJson {
    scheme: String,
    licence: String,
}

#[derive(Serialize, Deserialize)]
struct MaterialJson {
    name: Texts,
    share: u8,
    recycled: u8,
}

#[derive(Serialize, Deserialize)]
struct CarbonJson {
    grams_co2e: u64,
    source: Texts,
}

pub(super) fn write_eco(eco: &EcoSheet) -> String {
    json::write(&EcoJson {
        labels: eco
            .labels
            .iter()
            .map(|label| LabelJson { scheme: label.scheme.clone(), licence: label.licence.clone() })
            .collect(),
        origin: eco.origin.map(|country| country.as_str().to_owned()),
        origin_detail: texts(&eco.origin_detail),
        materials: eco
            .materials
            .iter()
            .map(|material| MaterialJson {
                name: texts(&material.name),
                share: material.share.get(),
                recycled: material.recycled.get(),
            })
            .collect(),
        carbon: eco.carbon.as_ref().map(|carbon| CarbonJson {
            grams_co2e: carbon.grams_co2e,
            source: texts(&carbon.source),
        }),
        packaging: texts(&eco.packaging),
    })
}

pub(super) fn read_eco(text: &str) -> Result<EcoSheet, DbError> {
    let eco: EcoJson = json::read(TABLE, text)?;
    let percent = |share: u8| parsed(TABLE, &share.to_string(), Percent::new(share));
    let origin = eco.origin.map(|code| parsed(TABLE, &code, Country::new(&code))).transpose()?;
    let carbon = eco.carbon.map(|carbon| {
        let source = localized(TABLE, carbon.source)?;
        Ok::<_, DbError>(CarbonFootprint { grams_co2e: carbon.grams_co2e, source })
    });
    Ok(EcoSheet {
        labels: eco
            .labels
            .into_iter()
            .map(|label| Label { scheme: label.scheme, licence: label.licence })
            .collect(),
        origin,
        origin_detail: localized(TABLE, eco.origin_detail)?,
        materials: eco
            .materials
            .into_iter()
            .map(|material| {
                Ok(Material {
                    name: localized(TABLE, material.name)?,
                    share: percent(material.share)?,
                    recycled: percent(material.recycled)?,
                })
            })
            .collect::<Result<_, DbError>>()?,
        carbon: carbon.transpose()?,
        packaging: localized(TABLE, eco.packaging)?,
    })
}

#[derive(Serialize, Deserialize)]
struct ManufacturerJson {
    name: String,
    address: String,
    email: String,
}

pub(super) fn write_manufacturer(manufacturer: &Manufacturer) -> String {
    let Manufacturer { name, address, email } = manufacturer.clone();
    json::write(&ManufacturerJson { name, address, email })
}

pub(super) fn read_manufacturer(text: &str) -> Result<Manufacturer, DbError> {
    let ManufacturerJson { name, address, email } = json::read(TABLE, text)?;
    Ok(Manufacturer { name, address, email })
}
