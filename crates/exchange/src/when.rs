//! Dates as Magento and spreadsheets write them.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

/// A day of the shop's calendar, or a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    Day(Date),
    Moment(Timestamp),
}

impl When {
    /// Reads `2026-11-30`, `2026-11-30 08:15:00` (UTC), `2026-11-30T08:15:00Z`, and the American
    /// `11/30/26, 8:15 PM` of Magento's exports.
    pub fn parse(text: &str) -> Result<Self, String> {
        let found = Self::iso(text).or_else(|| Self::american(text));
        // The day after it must be a day as well.
        let found = found.filter(|when| !matches!(when, Self::Day(day) if day.year() == 9_999));
        found.ok_or_else(|| {
            let text = crate::cells::quoted(text);
            format!("{text} is no date such as 2026-11-30 or 2026-11-30 08:15:00")
        })
    }

    fn iso(text: &str) -> Option<Self> {
        if let Ok(moment) = text.parse::<Timestamp>() {
            return Some(Self::Moment(moment));
        }
        if text.len() == 10 {
            return text.parse().ok().map(Self::Day);
        }
        Self::utc(text.parse::<DateTime>().ok()?)
    }

    fn american(text: &str) -> Option<Self> {
        let (day, time) = match text.split_once([',', ' ']) {
            Some((day, time)) => (day, Some(time.trim())),
            None => (text, None),
        };
        let mut parts = day.split('/').map(|part| part.trim().parse::<i16>().ok());
        let (month, day, year) = (parts.next()??, parts.next()??, parts.next()??);
        if parts.next().is_some() {
            return None;
        }
        let year = if (0..100).contains(&year) { 2_000 + year } else { year };
        let day = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
        let Some(time) = time else { return Some(Self::Day(day)) };

        // Between the minutes and `PM` newer versions write a narrow space.
        let (clock, half) = match time.find(|c: char| c.is_whitespace()) {
            Some(at) => (&time[..at], time[at..].trim().to_ascii_uppercase()),
            None => (time, String::new()),
        };
        let (hour, minute) = clock.split_once(':')?;
        let (hour, minute): (i8, i8) = (hour.parse().ok()?, minute.parse().ok()?);
        let hour = match half.as_str() {
            "" => hour,
            "AM" if (1..=12).contains(&hour) => hour % 12,
            "PM" if (1..=12).contains(&hour) => hour % 12 + 12,
            _ => return None,
        };
        Self::utc(day.to_datetime(Time::new(hour, minute, 0, 0).ok()?))
    }

    fn utc(moment: DateTime) -> Option<Self> {
        let zoned = moment.to_zoned(TimeZone::UTC).ok()?;
        Some(Self::Moment(zoned.timestamp()))
    }

    /// The first moment.
    pub fn begin(self, zone: &TimeZone) -> Option<Timestamp> {
        match self {
            Self::Day(day) => Some(day.to_zoned(zone.clone()).ok()?.timestamp()),
            Self::Moment(moment) => Some(moment),
        }
    }

    /// The first moment after it: a day is over with the next one's begin.
    pub fn end(self, zone: &TimeZone) -> Option<Timestamp> {
        match self {
            Self::Day(day) => Self::Day(day.tomorrow().ok()?).begin(zone),
            Self::Moment(moment) => Some(moment),
        }
    }
}

/// Writes a moment as `2026-11-30 08:15:00`, in UTC, so that nothing of it is lost.
pub(crate) fn write(moment: Timestamp) -> String {
    moment.to_zoned(TimeZone::UTC).datetime().to_string().replace('T', " ")
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn moment(text: &str) -> When {
        When::Moment(text.parse().unwrap())
    }

    #[test]
    fn dates_are_read_as_spreadsheets_write_them() {
        let day = When::Day(date(2026, 9, 5));
        for text in ["2026-09-05", "9/5/26", "09/05/2026"] {
            assert_eq!(When::parse(text), Ok(day), "{text}");
        }
        let evening = moment("2026-09-05T20:15:00Z");
        for text in [
            "2026-09-05 20:15:00",
            "2026-09-05T22:15:00+02:00",
            "9/5/26, 8:15 PM",
            "9/5/26, 8:15\u{202f}PM",
            "9/5/26 20:15",
        ] {
            assert_eq!(When::parse(text), Ok(evening), "{text}");
        }
        assert_eq!(When::parse("9/5/26, 12:00 AM"), Ok(moment("2026-09-05T00:00:00Z")));
        for text in ["soon", "31/12/2026", "2026-13-01", "1/2/3/4", "9/5/26, 13:00 PM", "9/5/26, x"]
        {
            assert!(When::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_day_ends_where_the_next_begins() {
        let paris = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        let day = When::Day(date(2026, 10, 25));

        assert_eq!(day.begin(&paris), Some("2026-10-24T22:00:00Z".parse().unwrap()));
        assert_eq!(day.end(&paris), Some("2026-10-25T23:00:00Z".parse().unwrap()));
    }

    proptest! {
        #[test]
        fn moments_come_back(micros in 0_i64..4_000_000_000_000_000) {
            let moment = Timestamp::from_microsecond(micros).unwrap();

            prop_assert_eq!(When::parse(&write(moment)), Ok(When::Moment(moment)));
        }

        #[test]
        fn arbitrary_text_does_no_harm(text in "\\PC{0,30}") {
            let _ = When::parse(&text);
        }
    }
}
