//! Prices per channel, and the log of what was asked when.

use commerce::catalog::VariantId;
use commerce::channel::ChannelCode;
use commerce::money::Money;
use commerce::price::{ChannelPrice, LoggedPrice, SpecialPrice};
use jiff::Timestamp;
use uuid::Uuid;

use crate::channel::currency;
use crate::engine::{execute, fetch_all};
use crate::{Conn, DbError, Tx, moment, parsed};

#[derive(sqlx::FromRow)]
pub(super) struct PriceRow {
    pub(super) variant_id: Uuid,
    channel: String,
    currency: String,
    regular_minor: i64,
    special_minor: Option<i64>,
    special_from: Option<i64>,
    special_until: Option<i64>,
    eco_participation_minor: Option<i64>,
    prior_minor: Option<i64>,
}

impl TryFrom<PriceRow> for ChannelPrice {
    type Error = DbError;

    fn try_from(row: PriceRow) -> Result<Self, DbError> {
        let currency = currency("prices", &row.currency)?;
        let money = |minor| Money::new(minor, currency);
        Ok(Self {
            channel: parsed("prices", &row.channel, ChannelCode::new(row.channel.as_str()))?,
            regular: money(row.regular_minor),
            special: special(row.special_minor.map(money), (row.special_from, row.special_until))?,
            eco_participation: row.eco_participation_minor.map(money),
            prior: row.prior_minor.map(money),
        })
    }
}

/// The price of a variant that its channel may not sell; see `LEFT JOIN`.
#[derive(sqlx::FromRow)]
pub(super) struct MaybePriceRow {
    currency: Option<String>,
    regular_minor: Option<i64>,
    special_minor: Option<i64>,
    special_from: Option<i64>,
    special_until: Option<i64>,
    eco_participation_minor: Option<i64>,
    prior_minor: Option<i64>,
}

impl MaybePriceRow {
    pub(super) fn read(self, channel: &ChannelCode) -> Result<Option<ChannelPrice>, DbError> {
        let (Some(code), Some(regular)) = (self.currency, self.regular_minor) else {
            return Ok(None);
        };
        let currency = currency("prices", &code)?;
        let money = |minor| Money::new(minor, currency);
        let days = (self.special_from, self.special_until);
        Ok(Some(ChannelPrice {
            channel: channel.clone(),
            regular: money(regular),
            special: special(self.special_minor.map(money), days)?,
            eco_participation: self.eco_participation_minor.map(money),
            prior: self.prior_minor.map(money),
        }))
    }
}

fn special(
    amount: Option<Money>,
    (from, until): (Option<i64>, Option<i64>),
) -> Result<Option<SpecialPrice>, DbError> {
    let Some(amount) = amount else { return Ok(None) };
    let moment = |micros: Option<i64>| micros.map(|it| moment("prices", it)).transpose();
    Ok(Some(SpecialPrice { amount, from: moment(from)?, until: moment(until)? }))
}

/// Writes the price of a variant in one channel, new or known.
pub(super) async fn save(
    tx: &mut Tx,
    variant: VariantId,
    price: &ChannelPrice,
    is_known: bool,
) -> Result<(), DbError> {
    let special = price.special;
    let micros = |moment: Option<Timestamp>| moment.map(Timestamp::as_microsecond);
    if is_known {
        execute!(
            tx,
            "UPDATE prices SET currency = ?, regular_minor = ?, special_minor = ?, \
             special_from = ?, special_until = ?, eco_participation_minor = ?, prior_minor = ? \
             WHERE variant_id = ? AND channel = ?",
            price.regular.currency().as_str(),
            price.regular.minor(),
            special.map(|it| it.amount.minor()),
            special.and_then(|it| micros(it.from)),
            special.and_then(|it| micros(it.until)),
            price.eco_participation.map(Money::minor),
            price.prior.map(Money::minor),
            variant.0,
            price.channel.as_str(),
        );
    } else {
        execute!(
            tx,
            "INSERT INTO prices (currency, regular_minor, special_minor, special_from, \
             special_until, eco_participation_minor, prior_minor, variant_id, channel) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            price.regular.currency().as_str(),
            price.regular.minor(),
            special.map(|it| it.amount.minor()),
            special.and_then(|it| micros(it.from)),
            special.and_then(|it| micros(it.until)),
            price.eco_participation.map(Money::minor),
            price.prior.map(Money::minor),
            variant.0,
            price.channel.as_str(),
        );
    }
    Ok(())
}

/// Appends to the log what is asked from `at` on.
pub async fn log_price(
    tx: &mut Tx,
    variant: VariantId,
    price: &ChannelPrice,
    at: Timestamp,
) -> Result<(), DbError> {
    let special = price.special;
    let micros = |moment: Option<Timestamp>| moment.map(Timestamp::as_microsecond);
    execute!(
        tx,
        "INSERT INTO price_log (id, variant_id, channel, currency, regular_minor, \
         special_minor, special_from, special_until, logged_at) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        Uuid::now_v7(),
        variant.0,
        price.channel.as_str(),
        price.regular.currency().as_str(),
        price.regular.minor(),
        special.map(|it| it.amount.minor()),
        special.and_then(|it| micros(it.from)),
        special.and_then(|it| micros(it.until)),
        at.as_microsecond(),
    );
    Ok(())
}

#[derive(sqlx::FromRow)]
struct LogRow {
    currency: String,
    regular_minor: i64,
    special_minor: Option<i64>,
    special_from: Option<i64>,
    special_until: Option<i64>,
    logged_at: i64,
}

/// What was asked from `since` on, oldest first, beginning with what was in force then.
pub async fn list_price_log(
    conn: &mut Conn,
    variant: VariantId,
    channel: &ChannelCode,
    since: Timestamp,
) -> Result<Vec<LoggedPrice>, DbError> {
    let rows = fetch_all!(
        conn,
        LogRow,
        "SELECT currency, regular_minor, special_minor, special_from, special_until, logged_at \
         FROM price_log WHERE variant_id = ? AND channel = ? AND logged_at >= COALESCE(( \
            SELECT MAX(logged_at) FROM price_log \
            WHERE variant_id = ? AND channel = ? AND logged_at <= ? \
         ), 0) ORDER BY logged_at, id",
        variant.0,
        channel.as_str(),
        variant.0,
        channel.as_str(),
        since.as_microsecond(),
    );
    rows.into_iter()
        .map(|row| {
            let currency = currency("price_log", &row.currency)?;
            let money = |minor| Money::new(minor, currency);
            let period = (row.special_from, row.special_until);
            Ok(LoggedPrice {
                at: moment("price_log", row.logged_at)?,
                regular: money(row.regular_minor),
                special: special(row.special_minor.map(money), period)?,
            })
        })
        .collect()
}
