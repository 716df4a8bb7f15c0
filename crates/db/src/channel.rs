//! Channels, the tax rates, and the ways to deliver and to pay.

use commerce::channel::{Channel, ChannelCode, Country, Locale, Merchant};
use commerce::eco::TransportCarbon;
use commerce::money::{Currency, Money};
use commerce::payment::{PaymentKind, PaymentMethod, PaymentMethodCode};
use commerce::shipment::{ShippingMethod, ShippingMethodCode, ShippingRule, TableRate};
use commerce::tax::{DatedRate, Rounding, TaxClass, TaxRate, TaxTable};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::engine::{execute, fetch_all, fetch_optional};
use crate::{Conn, DbError, Tx, json, narrow, parsed};

#[derive(sqlx::FromRow)]
struct ChannelRow {
    code: String,
    name: String,
    currency: String,
    prices_include_tax: bool,
    rounding: String,
    country: String,
    ships_to: String,
    locales: String,
    order_prefix: String,
    merchant: String,
}

#[derive(Serialize, Deserialize)]
struct MerchantJson {
    legal_name: String,
    trade_name: String,
    address: Vec<String>,
    email: String,
    phone: String,
    siren: String,
    vat_number: String,
    registry: String,
    mediator: String,
    bank_holder: String,
    iban: String,
    bic: String,
}

impl TryFrom<ChannelRow> for Channel {
    type Error = DbError;

    fn try_from(row: ChannelRow) -> Result<Self, DbError> {
        let merchant: MerchantJson = json::read("channels", &row.merchant)?;
        Ok(Self {
            code: parsed("channels", &row.code, ChannelCode::new(row.code.as_str()))?,
            name: row.name,
            currency: currency("channels", &row.currency)?,
            prices_include_tax: row.prices_include_tax,
            rounding: parsed("channels", &row.rounding, parse_rounding(&row.rounding))?,
            country: country("channels", &row.country)?,
            ships_to: list_of(&row.ships_to, |code| country("channels", code))?,
            locales: list_of(&row.locales, |code| parsed("channels", code, Locale::new(code)))?,
            order_prefix: row.order_prefix,
            merchant: Merchant {
                legal_name: merchant.legal_name,
                trade_name: merchant.trade_name,
                address: merchant.address,
                email: merchant.email,
                phone: merchant.phone,
                siren: merchant.siren,
                vat_number: merchant.vat_number,
                registry: merchant.registry,
                mediator: merchant.mediator,
                bank_holder: merchant.bank_holder,
                iban: merchant.iban,
                bic: merchant.bic,
            },
        })
    }
}

fn write_merchant(merchant: &Merchant) -> String {
    let merchant = merchant.clone();
    json::write(&MerchantJson {
        legal_name: merchant.legal_name,
        trade_name: merchant.trade_name,
        address: merchant.address,
        email: merchant.email,
        phone: merchant.phone,
        siren: merchant.siren,
        vat_number: merchant.vat_number,
        registry: merchant.registry,
        mediator: merchant.mediator,
        bank_holder: merchant.bank_holder,
        iban: merchant.iban,
        bic: merchant.bic,
    })
}

pub(crate) fn currency(table: &'static str, code: &str) -> Result<Currency, DbError> {
    parsed(table, code, Currency::new(code))
}

fn country(table: &'static str, code: &str) -> Result<Country, DbError> {
    parsed(table, code, Country::new(code))
}

/// Reads a column of codes with commas between.
fn list_of<T>(
    text: &str,
    parse: impl FnMut(&str) -> Result<T, DbError>,
) -> Result<Vec<T>, DbError> {
    text.split(',').filter(|code| !code.is_empty()).map(parse).collect()
}

fn rounding_name(rounding: Rounding) -> &'static str {
    match rounding {
        Rounding::PerUnit => "per_unit",
        Rounding::PerLine => "per_line",
        Rounding::PerTotal => "per_total",
    }
}

fn parse_rounding(name: &str) -> Option<Rounding> {
    [Rounding::PerUnit, Rounding::PerLine, Rounding::PerTotal]
        .into_iter()
        .find(|rounding| rounding_name(*rounding) == name)
}

pub async fn find(conn: &mut Conn, code: &ChannelCode) -> Result<Option<Channel>, DbError> {
    let row = fetch_optional!(
        conn,
        ChannelRow,
        "SELECT code, name, currency, prices_include_tax, rounding, country, ships_to, locales, \
         order_prefix, merchant FROM channels WHERE code = ?",
        code.as_str(),
    );
    row.map(Channel::try_from).transpose()
}

/// Every channel, by code.
pub async fn list(conn: &mut Conn) -> Result<Vec<Channel>, DbError> {
    let rows = fetch_all!(
        conn,
        ChannelRow,
        "SELECT code, name, currency, prices_include_tax, rounding, country, ships_to, locales, \
         order_prefix, merchant FROM channels ORDER BY code"
    );
    rows.into_iter().map(Channel::try_from).collect()
}

/// Writes a channel, new or known.
pub async fn save(tx: &mut Tx, channel: &Channel) -> Result<(), DbError> {
    let ships_to: Vec<&str> = channel.ships_to.iter().map(Country::as_str).collect();
    let ships_to = ships_to.join(",");
    let locales: Vec<&str> = channel.locales.iter().map(Locale::as_str).collect();
    let locales = locales.join(",");
    let merchant = write_merchant(&channel.merchant);
    let known = execute!(
        tx,
        "UPDATE channels SET name = ?, currency = ?, prices_include_tax = ?, rounding = ?, \
         country = ?, ships_to = ?, locales = ?, order_prefix = ?, merchant = ? WHERE code = ?",
        channel.name.as_str(),
        channel.currency.as_str(),
        channel.prices_include_tax,
        rounding_name(channel.rounding),
        channel.country.as_str(),
        &ships_to,
        &locales,
        channel.order_prefix.as_str(),
        &merchant,
        channel.code.as_str(),
    );
    if known == 0 {
        execute!(
            tx,
            "INSERT INTO channels (name, currency, prices_include_tax, rounding, country, \
             ships_to, locales, order_prefix, merchant, code) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            channel.name.as_str(),
            channel.currency.as_str(),
            channel.prices_include_tax,
            rounding_name(channel.rounding),
            channel.country.as_str(),
            &ships_to,
            &locales,
            channel.order_prefix.as_str(),
            &merchant,
            channel.code.as_str(),
        );
    }
    Ok(())
}

/// Every rate there is or was.
pub async fn tax_table(conn: &mut Conn) -> Result<TaxTable, DbError> {
    let rows = fetch_all!(
        conn,
        (String, String, String, Option<String>, i64),
        "SELECT country, class, valid_from, valid_until, basis_points FROM tax_rates \
         ORDER BY country, class, valid_from"
    );
    let day = |text: &str| parsed("tax_rates", text, text.parse::<Date>().ok());
    let rates = rows.into_iter().map(|(in_country, class, from, until, basis_points)| {
        let rate = TaxRate::from_basis_points(narrow("tax_rates", basis_points)?);
        Ok(DatedRate {
            country: country("tax_rates", &in_country)?,
            class: tax_class("tax_rates", &class)?,
            rate: parsed("tax_rates", &basis_points.to_string(), rate)?,
            valid_from: day(&from)?,
            valid_until: until.as_deref().map(day).transpose()?,
        })
    });
    Ok(TaxTable::new(rates.collect::<Result<_, DbError>>()?))
}

pub(crate) fn tax_class(table: &'static str, text: &str) -> Result<TaxClass, DbError> {
    parsed(table, text, TaxClass::new(text))
}

/// Writes a rate; one that begins on the same day is replaced.
pub async fn save_tax_rate(tx: &mut Tx, rate: &DatedRate) -> Result<(), DbError> {
    let from = rate.valid_from.to_string();
    execute!(
        tx,
        "DELETE FROM tax_rates WHERE country = ? AND class = ? AND valid_from = ?",
        rate.country.as_str(),
        rate.class.as_str(),
        &from,
    );
    execute!(
        tx,
        "INSERT INTO tax_rates (country, class, valid_from, valid_until, basis_points) \
         VALUES (?, ?, ?, ?, ?)",
        rate.country.as_str(),
        rate.class.as_str(),
        &from,
        rate.valid_until.map(|day| day.to_string()),
        rate.rate.basis_points(),
    );
    Ok(())
}

/// A method as the back office sees it, also one that is switched off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<T> {
    pub method: T,
    pub position: i32,
    pub is_enabled: bool,
}

/// Amounts are minor units of the channel's currency.
#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum RuleJson {
    Flat { countries: Vec<String>, price: i64 },
    FreeAbove { countries: Vec<String>, price: i64, threshold: i64 },
    Table { rows: Vec<TableRateJson> },
    PickUp { price: i64 },
}

#[derive(Serialize, Deserialize)]
struct TableRateJson {
    country: Option<String>,
    postcode_prefix: Option<String>,
    max_weight_grams: Option<u64>,
    min_total: Option<i64>,
    price: i64,
}

fn write_rule(rule: &ShippingRule) -> String {
    let codes = |countries: &[Country]| -> Vec<String> {
        countries.iter().map(|country| country.as_str().to_owned()).collect()
    };
    json::write(&match rule {
        ShippingRule::Flat { countries, price } => {
            RuleJson::Flat { countries: codes(countries), price: price.minor() }
        }
        ShippingRule::FreeAbove { countries, price, threshold } => RuleJson::FreeAbove {
            countries: codes(countries),
            price: price.minor(),
            threshold: threshold.minor(),
        },
        ShippingRule::Table(rows) => RuleJson::Table {
            rows: rows
                .iter()
                .map(|row| TableRateJson {
                    country: row.country.map(|country| country.as_str().to_owned()),
                    postcode_prefix: row.postcode_prefix.clone(),
                    max_weight_grams: row.max_weight_grams,
                    min_total: row.min_total.map(Money::minor),
                    price: row.price.minor(),
                })
                .collect(),
        },
        ShippingRule::PickUp { price } => RuleJson::PickUp { price: price.minor() },
    })
}

fn read_rule(text: &str, currency: Currency) -> Result<ShippingRule, DbError> {
    const TABLE: &str = "shipping_methods";
    let money = |minor| Money::new(minor, currency);
    let countries = |codes: Vec<String>| -> Result<Vec<Country>, DbError> {
        codes.iter().map(|code| country(TABLE, code)).collect()
    };
    Ok(match json::read(TABLE, text)? {
        RuleJson::Flat { countries: codes, price } => {
            ShippingRule::Flat { countries: countries(codes)?, price: money(price) }
        }
        RuleJson::FreeAbove { countries: codes, price, threshold } => ShippingRule::FreeAbove {
            countries: countries(codes)?,
            price: money(price),
            threshold: money(threshold),
        },
        RuleJson::Table { rows } => ShippingRule::Table(
            rows.into_iter()
                .map(|row| {
                    Ok(TableRate {
                        country: row.country.map(|code| country(TABLE, &code)).transpose()?,
                        postcode_prefix: row.postcode_prefix,
                        max_weight_grams: row.max_weight_grams,
                        min_total: row.min_total.map(money),
                        price: money(row.price),
                    })
                })
                .collect::<Result<_, DbError>>()?,
        ),
        RuleJson::PickUp { price } => ShippingRule::PickUp { price: money(price) },
    })
}

#[derive(Serialize, Deserialize)]
struct CarbonJson {
    grams_per_parcel: u64,
    grams_per_kilogram: u64,
    source: json::Texts,
}

fn write_carbon(carbon: &TransportCarbon) -> String {
    json::write(&CarbonJson {
        grams_per_parcel: carbon.grams_per_parcel,
        grams_per_kilogram: carbon.grams_per_kilogram,
        source: json::texts(&carbon.source),
    })
}

fn read_carbon(text: &str) -> Result<TransportCarbon, DbError> {
    const TABLE: &str = "shipping_methods";
    let CarbonJson { grams_per_parcel, grams_per_kilogram, source } = json::read(TABLE, text)?;
    let source = json::localized(TABLE, source)?;
    Ok(TransportCarbon { grams_per_parcel, grams_per_kilogram, source })
}

#[derive(sqlx::FromRow)]
struct ShippingMethodRow {
    code: String,
    position: i64,
    is_enabled: bool,
    name: String,
    description: String,
    rule: String,
    tax_class: String,
    carbon: Option<String>,
    currency: String,
}

/// The ways to deliver that buyers can choose from, in order.
pub async fn shipping_methods(
    conn: &mut Conn,
    channel: &ChannelCode,
) -> Result<Vec<ShippingMethod>, DbError> {
    let listed = list_shipping_methods(conn, channel).await?;
    Ok(listed.into_iter().filter(|listed| listed.is_enabled).map(|listed| listed.method).collect())
}

/// Every way to deliver, in order.
pub async fn list_shipping_methods(
    conn: &mut Conn,
    channel: &ChannelCode,
) -> Result<Vec<Listed<ShippingMethod>>, DbError> {
    let rows = fetch_all!(
        conn,
        ShippingMethodRow,
        "SELECT m.code, m.position, m.is_enabled, m.name, m.description, m.rule, m.tax_class, \
         m.carbon, c.currency FROM shipping_methods m JOIN channels c ON c.code = m.channel \
         WHERE m.channel = ? ORDER BY m.position, m.code",
        channel.as_str(),
    );
    rows.into_iter()
        .map(|row| {
            const TABLE: &str = "shipping_methods";
            let method = ShippingMethod {
                code: parsed(TABLE, &row.code, ShippingMethodCode::new(row.code.as_str()))?,
                name: json::read_texts(TABLE, &row.name)?,
                description: json::read_texts(TABLE, &row.description)?,
                rule: read_rule(&row.rule, currency("channels", &row.currency)?)?,
                tax_class: tax_class(TABLE, &row.tax_class)?,
                carbon: row.carbon.as_deref().map(read_carbon).transpose()?,
            };
            Ok(Listed {
                method,
                position: position(TABLE, row.position)?,
                is_enabled: row.is_enabled,
            })
        })
        .collect()
}

pub(crate) fn position(table: &'static str, number: i64) -> Result<i32, DbError> {
    i32::try_from(number).map_err(|_| DbError::corrupt(table, format!("position {number}")))
}

/// Writes a way to deliver, new or known.
pub async fn save_shipping_method(
    tx: &mut Tx,
    channel: &ChannelCode,
    listed: &Listed<ShippingMethod>,
) -> Result<(), DbError> {
    let method = &listed.method;
    execute!(
        tx,
        "DELETE FROM shipping_methods WHERE channel = ? AND code = ?",
        channel.as_str(),
        method.code.as_str(),
    );
    execute!(
        tx,
        "INSERT INTO shipping_methods (channel, code, position, is_enabled, name, description, \
         rule, tax_class, carbon) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        channel.as_str(),
        method.code.as_str(),
        listed.position,
        listed.is_enabled,
        json::write_texts(&method.name),
        json::write_texts(&method.description),
        write_rule(&method.rule),
        method.tax_class.as_str(),
        method.carbon.as_ref().map(write_carbon),
    );
    Ok(())
}

fn kind_name(kind: PaymentKind) -> &'static str {
    match kind {
        PaymentKind::BankTransfer => "bank_transfer",
        PaymentKind::Cheque => "cheque",
        PaymentKind::CashOnDelivery => "cash_on_delivery",
    }
}

fn parse_kind(name: &str) -> Option<PaymentKind> {
    [PaymentKind::BankTransfer, PaymentKind::Cheque, PaymentKind::CashOnDelivery]
        .into_iter()
        .find(|kind| kind_name(*kind) == name)
}

/// The ways to pay that buyers can choose from, in order.
pub async fn payment_methods(
    conn: &mut Conn,
    channel: &ChannelCode,
) -> Result<Vec<PaymentMethod>, DbError> {
    let listed = list_payment_methods(conn, channel).await?;
    Ok(listed.into_iter().filter(|listed| listed.is_enabled).map(|listed| listed.method).collect())
}

#[derive(sqlx::FromRow)]
struct PaymentMethodRow {
    code: String,
    position: i64,
    is_enabled: bool,
    kind: String,
    name: String,
    instructions: String,
}

/// Every way to pay, in order.
pub async fn list_payment_methods(
    conn: &mut Conn,
    channel: &ChannelCode,
) -> Result<Vec<Listed<PaymentMethod>>, DbError> {
    let rows = fetch_all!(
        conn,
        PaymentMethodRow,
        "SELECT code, position, is_enabled, kind, name, instructions FROM payment_methods \
         WHERE channel = ? ORDER BY position, code",
        channel.as_str(),
    );
    rows.into_iter()
        .map(|row| {
            const TABLE: &str = "payment_methods";
            let method = PaymentMethod {
                code: parsed(TABLE, &row.code, PaymentMethodCode::new(row.code.as_str()))?,
                kind: parsed(TABLE, &row.kind, parse_kind(&row.kind))?,
                name: json::read_texts(TABLE, &row.name)?,
                instructions: json::read_texts(TABLE, &row.instructions)?,
            };
            Ok(Listed {
                method,
                position: position(TABLE, row.position)?,
                is_enabled: row.is_enabled,
            })
        })
        .collect()
}

/// Writes a way to pay, new or known.
pub async fn save_payment_method(
    tx: &mut Tx,
    channel: &ChannelCode,
    listed: &Listed<PaymentMethod>,
) -> Result<(), DbError> {
    let method = &listed.method;
    execute!(
        tx,
        "DELETE FROM payment_methods WHERE channel = ? AND code = ?",
        channel.as_str(),
        method.code.as_str(),
    );
    execute!(
        tx,
        "INSERT INTO payment_methods (channel, code, position, is_enabled, kind, name, \
         instructions) VALUES (?, ?, ?, ?, ?, ?, ?)",
        channel.as_str(),
        method.code.as_str(),
        listed.position,
        listed.is_enabled,
        kind_name(method.kind),
        json::write_texts(&method.name),
        json::write_texts(&method.instructions),
    );
    Ok(())
}
