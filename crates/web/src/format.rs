//! Amounts, numbers and dates as a reader of each language expects them.
//!
//! Everything is integers and text: an amount that went through a float could be shown a cent
//! away from the one charged.

use jiff::{Timestamp, tz::TimeZone};

use crate::i18n::Locale;

/// Keeps an amount and its currency on one line.
const NO_BREAK: char = '\u{a0}';
/// Groups thousands in French.
const NARROW_NO_BREAK: char = '\u{202f}';
const MINUS: char = '\u{2212}';

/// Writes an amount of minor units: `24,90 €` in French, `€24.90` in English.
#[must_use]
pub fn money(locale: Locale, minor: i64, currency: &str) -> String {
    let digits = minor_digits(currency);
    let scale = 10_u64.pow(digits);
    let whole = number(locale, minor.unsigned_abs() / scale);
    let sign = if minor < 0 { String::from(MINUS) } else { String::new() };
    let amount = match usize::try_from(digits).unwrap_or_default() {
        0 => whole,
        width => {
            let fraction = minor.unsigned_abs() % scale;
            format!("{whole}{}{fraction:0width$}", locale.decimal_separator())
        }
    };
    let symbol = symbol(locale, currency);
    match locale {
        Locale::French => format!("{sign}{amount}{NO_BREAK}{symbol}"),
        Locale::English if symbol.len() == 3 && symbol.is_ascii() => {
            format!("{sign}{symbol}{NO_BREAK}{amount}")
        }
        Locale::English => format!("{sign}{symbol}{amount}"),
    }
}

/// The amount as machines read it (schema.org, Open Graph): `24.90`.
#[must_use]
pub fn plain_money(minor: i64, currency: &str) -> String {
    let digits = minor_digits(currency);
    let scale = 10_u64.pow(digits);
    let sign = if minor < 0 { "-" } else { "" };
    let whole = minor.unsigned_abs() / scale;
    match usize::try_from(digits).unwrap_or_default() {
        0 => format!("{sign}{whole}"),
        width => format!("{sign}{whole}.{:0width$}", minor.unsigned_abs() % scale),
    }
}

/// Groups the digits by three.
#[must_use]
pub fn number(locale: Locale, value: u64) -> String {
    group(locale, &value.to_string())
}

/// Writes a decimal number that arrives in its machine form: `1234.5` becomes `1 234,5`.
#[must_use]
pub fn decimal(locale: Locale, machine: &str) -> String {
    let (sign, digits) = match machine.strip_prefix('-') {
        Some(rest) => (String::from(MINUS), rest),
        None => (String::new(), machine),
    };
    match digits.split_once('.') {
        Some((whole, fraction)) => {
            format!("{sign}{}{}{fraction}", group(locale, whole), locale.decimal_separator())
        }
        None => format!("{sign}{}", group(locale, digits)),
    }
}

/// Writes the day: `1er mars 2026`, `1 March 2026`. `None` when the instant is out of range.
#[must_use]
pub fn date(locale: Locale, zone: &TimeZone, micros: i64) -> Option<String> {
    let day = Timestamp::from_microsecond(micros).ok()?.to_zoned(zone.clone());
    let month = locale.month_name(day.month());
    Some(match (locale, day.day()) {
        (Locale::French, 1) => format!("1er{NO_BREAK}{month} {}", day.year()),
        (_, n) => format!("{n}{NO_BREAK}{month} {}", day.year()),
    })
}

/// Writes the day and the minute: `1er mars 2026 à 14 h 05`, `1 March 2026 at 14:05`.
#[must_use]
pub fn date_time(locale: Locale, zone: &TimeZone, micros: i64) -> Option<String> {
    let date = date(locale, zone, micros)?;
    let time = Timestamp::from_microsecond(micros).ok()?.to_zoned(zone.clone());
    let (hour, minute) = (time.hour(), time.minute());
    Some(match locale {
        Locale::French => {
            format!("{date} à {hour}{NO_BREAK}h{NO_BREAK}{minute:02}")
        }
        Locale::English => format!("{date} at {hour:02}:{minute:02}"),
    })
}

/// The instant in ISO 8601, for `<time datetime>`.
#[must_use]
pub fn iso(micros: i64) -> Option<String> {
    Timestamp::from_microsecond(micros).ok().map(|instant| instant.to_string())
}

/// A country's name; the code itself of one that we have no name for.
pub fn country(locale: Locale, code: &str) -> String {
    let known = commerce::channel::Country::new(code);
    known.map_or_else(|| code.to_owned(), |country| country.name(locale.into()).to_owned())
}

fn group(locale: Locale, digits: &str) -> String {
    let separator = match locale {
        Locale::French => NARROW_NO_BREAK,
        Locale::English => ',',
    };
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3 * 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(separator);
        }
        grouped.push(digit);
    }
    grouped
}

/// ISO 4217: how many digits the minor unit has.
fn minor_digits(currency: &str) -> u32 {
    match currency {
        "JPY" | "KRW" | "XAF" | "XOF" | "XPF" => 0,
        "TND" => 3,
        _ => 2,
    }
}

fn symbol(locale: Locale, currency: &str) -> &str {
    match (locale, currency) {
        (_, "EUR") => "€",
        (_, "GBP") => "£",
        (Locale::French, "USD") => "$US",
        (Locale::English, "USD") => "$",
        _ => currency,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mainland France without a time zone database.
    fn paris() -> TimeZone {
        TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap()
    }

    #[test]
    fn an_amount_reads_as_in_a_french_or_an_english_shop() {
        assert_eq!(money(Locale::French, 2490, "EUR"), "24,90\u{a0}€");
        assert_eq!(money(Locale::English, 2490, "EUR"), "€24.90");
        assert_eq!(money(Locale::French, 123_456_705, "EUR"), "1\u{202f}234\u{202f}567,05\u{a0}€");
        assert_eq!(money(Locale::French, -500, "EUR"), "\u{2212}5,00\u{a0}€");
        assert_eq!(money(Locale::English, -5, "EUR"), "\u{2212}€0.05");
        assert_eq!(money(Locale::English, 1250, "JPY"), "JPY\u{a0}1,250");
        assert_eq!(money(Locale::English, 100, "CHF"), "CHF\u{a0}1.00");
    }

    #[test]
    fn machines_read_a_point_and_no_group() {
        assert_eq!(plain_money(123_456, "EUR"), "1234.56");
        assert_eq!(plain_money(-5, "EUR"), "-0.05");
        assert_eq!(plain_money(1250, "JPY"), "1250");
    }

    #[test]
    fn decimals_take_the_separators_of_the_language() {
        assert_eq!(decimal(Locale::French, "1234.5"), "1\u{202f}234,5");
        assert_eq!(decimal(Locale::English, "-0.25"), "\u{2212}0.25");
        assert_eq!(decimal(Locale::French, "12"), "12");
    }

    #[test]
    fn a_late_evening_in_utc_is_already_tomorrow_in_paris() {
        let micros = 1_772_317_500_000_000; // 2026-02-28T22:25:00Z
        assert_eq!(iso(micros).unwrap(), "2026-02-28T22:25:00Z");
        assert_eq!(
            date_time(Locale::French, &paris(), micros).unwrap(),
            "28\u{a0}février 2026 à 23\u{a0}h\u{a0}25"
        );
        let later = micros + 3_600_000_000;
        assert_eq!(date(Locale::French, &paris(), later).unwrap(), "1er\u{a0}mars 2026");
        assert_eq!(
            date_time(Locale::English, &paris(), later).unwrap(),
            "1\u{a0}March 2026 at 00:25"
        );
    }
}
