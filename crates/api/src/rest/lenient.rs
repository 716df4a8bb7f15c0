//! Values as PHP reads them: numbers may come as text, flags as numbers.

use std::borrow::Cow;

use commerce::money::{Currency, Money};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// A decimal number, kept as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Decimal(pub(super) String);

/// An integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Int(pub(super) i64);

/// Yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Flag(pub(super) bool);

impl Decimal {
    pub(super) fn money(&self, currency: Currency) -> Option<Money> {
        Money::parse(plain(&self.0), currency)
    }

    /// The number of whole units, of which a fraction is refused.
    pub(super) fn units(&self) -> Option<u32> {
        plain(&self.0).parse().ok()
    }
}

/// A number without the zeros after its point: `5.0000` is `5`.
fn plain(text: &str) -> &str {
    let text = text.trim();
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

fn refuse<E: serde::de::Error>(value: &Value, wanted: &str) -> E {
    let shown: String = value.to_string().chars().take(40).collect();
    E::custom(format!(
        "The \"{shown}\" value's type is invalid. The \"{wanted}\" type was expected"
    ))
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let text = match &value {
            Value::Number(number) => number.to_string(),
            Value::String(text) => text.trim().to_owned(),
            _ => return Err(refuse(&value, "float")),
        };
        let digits = text.strip_prefix('-').unwrap_or(&text);
        let is_number = !digits.is_empty()
            && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
            && digits.bytes().filter(|&b| b == b'.').count() <= 1;
        if is_number { Ok(Self(text)) } else { Err(refuse(&value, "float")) }
    }
}

impl<'de> Deserialize<'de> for Int {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let read = match &value {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        read.map(Self).ok_or_else(|| refuse(&value, "int"))
    }
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        match text.as_str() {
            "true" | "1" => Ok(Self(true)),
            "false" | "0" | "" => Ok(Self(false)),
            _ => Err(refuse(&value, "boolean")),
        }
    }
}

impl JsonSchema for Decimal {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Decimal".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [{ "type": "number" }, { "type": "string" }] })
    }
}

impl JsonSchema for Int {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Int".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [{ "type": "integer" }, { "type": "string", "pattern": "^-?[0-9]+$" }] })
    }
}

impl JsonSchema for Flag {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Flag".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "enum": [true, false, 0, 1, "0", "1", ""] })
    }
}

/// A number that we write, such as `24.9`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Number(String);

impl From<Money> for Number {
    fn from(amount: Money) -> Self {
        Self(amount.to_decimal())
    }
}

impl From<u32> for Number {
    fn from(number: u32) -> Self {
        Self(number.to_string())
    }
}

impl Number {
    /// A text that is known to be a number, such as `5.5`.
    pub(super) fn of(text: String) -> Self {
        Self(text)
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = plain(&self.0);
        match text.parse::<i64>() {
            Ok(whole) => serializer.serialize_i64(whole),
            Err(_) => serializer.serialize_f64(text.parse().unwrap_or_default()),
        }
    }
}

impl JsonSchema for Number {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Number".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_flags_come_in_several_shapes() {
        let price = |text: &str| {
            serde_json::from_str::<Decimal>(text).ok().and_then(|it| it.money(Currency::EUR))
        };
        let eur = |minor| Some(Money::new(minor, Currency::EUR));

        assert_eq!(price("24.9"), eur(2_490));
        assert_eq!(price("\"24.9000\""), eur(2_490));
        assert_eq!(price("5"), eur(500));
        assert_eq!(price("1e3"), eur(100_000));
        assert_eq!(price("-1"), None);
        assert_eq!(price("\"abc\""), None);
        assert_eq!(serde_json::from_str::<Int>("\"7\"").unwrap(), Int(7));
        assert!(serde_json::from_str::<Int>("1.5").is_err());
        assert_eq!(serde_json::from_str::<Flag>("\"1\"").unwrap(), Flag(true));
        assert_eq!(serde_json::from_str::<Flag>("0").unwrap(), Flag(false));
        let written = |minor| serde_json::to_string(&Number::from(eur(minor).unwrap())).unwrap();
        assert_eq!([written(2_490), written(1_100), written(-5)], ["24.9", "11", "-0.05"]);
    }
}
