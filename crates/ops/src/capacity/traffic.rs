//! Who comes, and what goes wrong meanwhile.

use super::number::float;

/// Requests a second over time, or people who think between two pages.
#[derive(Clone, Debug, PartialEq)]
pub enum Traffic {
    /// From each second on, so many requests a second; ends at `seconds`.
    Trace {
        rates: Vec<(u64, f64)>,
        seconds: u64,
    },
    People {
        users: u64,
        think_seconds: f64,
        seconds: u64,
    },
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Disturbance {
    /// Half of the instances vanish in this second, and the database with its zone.
    pub zone_lost_at: Option<u64>,
    /// Until its standby answers.
    pub database_away_seconds: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum TrafficError {
    #[error("the trace cannot be read")]
    Csv(#[from] csv::Error),
    #[error("the trace needs at least two rows, in the order of their seconds")]
    Order,
    #[error("a rate is below zero or no number")]
    Rate,
}

impl Traffic {
    /// Columns `at_seconds` and `requests_per_second`; others are passed over.
    pub fn read(text: &str) -> Result<Self, TrafficError> {
        #[derive(serde::Deserialize)]
        struct Row {
            at_seconds: u64,
            requests_per_second: f64,
        }
        let rows = csv::Reader::from_reader(text.as_bytes()).into_deserialize();
        let rows: Vec<Row> = rows.collect::<Result<_, _>>()?;
        if rows
            .iter()
            .any(|row| !row.requests_per_second.is_finite() || row.requests_per_second < 0.0)
        {
            return Err(TrafficError::Rate);
        }
        let rates: Vec<(u64, f64)> =
            rows.iter().map(|row| (row.at_seconds, row.requests_per_second)).collect();
        let (Some(last), true) = (rates.last(), rates.windows(2).all(|two| two[0].0 < two[1].0))
        else {
            return Err(TrafficError::Order);
        };
        let step = rates.iter().rev().nth(1).map(|before| last.0 - before.0);
        let seconds = last.0 + step.ok_or(TrafficError::Order)?;
        Ok(Self::Trace { rates, seconds })
    }

    /// A day as shops have them: quiet at night, most in the evening; `mean` requests a second.
    pub fn day(mean: f64) -> Self {
        // Parts of the mean, hour by hour; they sum to 24.
        const HOURS: [f64; 24] = [
            0.5, 0.3, 0.2, 0.1, 0.1, 0.2, 0.4, 0.7, 0.9, 1.1, 1.2, 1.3, 1.4, 1.3, 1.2, 1.1, 1.1,
            1.2, 1.4, 1.7, 2.0, 2.1, 1.6, 0.9,
        ];
        let rates = (0..).zip(HOURS).map(|(hour, part)| (hour * 3600, part * mean)).collect();
        Self::Trace { rates, seconds: 24 * 3600 }
    }

    /// Ten quiet minutes, twenty times as many within two minutes, six minutes of that, an end.
    pub fn flash_sale(usual: f64) -> Self {
        let mut rates = vec![(0, usual)];
        // Steps of five seconds.
        rates.extend(
            (1..=24).map(|step| (600 + (step - 1) * 5, usual * (1.0 + 19.0 * float(step) / 24.0))),
        );
        rates.push((1080, usual));
        Self::Trace { rates, seconds: 1500 }
    }

    /// Bots that come within a second, `times` as many requests as people make, for four minutes.
    pub fn bot_storm(usual: f64, times: f64) -> Self {
        Self::Trace { rates: vec![(0, usual), (300, usual * times), (540, usual)], seconds: 900 }
    }

    pub fn steady(rate: f64, seconds: u64) -> Self {
        Self::Trace { rates: vec![(0, rate)], seconds }
    }

    pub fn seconds(&self) -> u64 {
        match self {
            Self::Trace { seconds, .. } | Self::People { seconds, .. } => *seconds,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_is_read_with_whatever_else_it_holds() {
        let text = "at_seconds,requests_per_second,p99_ms\n0,10,3\n60,20.5,4\n";

        let Ok(Traffic::Trace { rates, seconds }) = Traffic::read(text) else { panic!("refused") };

        assert_eq!((rates, seconds), (vec![(0, 10.0), (60, 20.5)], 120));
    }

    #[test]
    fn a_trace_out_of_order_is_refused() {
        let read = |rows: &str| Traffic::read(&format!("at_seconds,requests_per_second\n{rows}"));

        assert!(matches!(read("60,1\n0,1\n"), Err(TrafficError::Order)));
        assert!(matches!(read("0,1\n"), Err(TrafficError::Order)));
        assert!(matches!(read("0,-1\n60,1\n"), Err(TrafficError::Rate)));
        assert!(matches!(read("0,NaN\n60,1\n"), Err(TrafficError::Rate)));
        assert!(matches!(read("zero,1\n"), Err(TrafficError::Csv(_))));
    }

    #[test]
    fn a_day_has_its_mean() {
        let Traffic::Trace { rates, .. } = Traffic::day(10.0) else { panic!() };
        let mean = rates.iter().map(|(_, rate)| rate).sum::<f64>() / 24.0;
        assert!((mean - 10.0).abs() < 1e-9, "{mean}");
    }
}
