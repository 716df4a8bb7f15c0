//! What was measured, how it compares, and what it should reach.

use serde::{Deserialize, Serialize};

/// One line of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Figure {
    pub(crate) row: String,
    pub(crate) value: f64,
    pub(crate) unit: String,
    /// What else was seen, for whoever doubts the value.
    pub(crate) note: String,
    pub(crate) baseline: Option<Baseline>,
    /// How the value compares, the higher the better: with its baseline, or else with its goal.
    /// The median of the rounds.
    pub(crate) ratio: Option<f64>,
    /// The same of the best round.
    #[serde(default)]
    pub(crate) best_ratio: Option<f64>,
    pub(crate) goal: Option<Goal>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Baseline {
    pub(crate) what: String,
    pub(crate) value: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Goal {
    /// The value, in its unit.
    AtMost(f64),
    /// The value, in its unit.
    AtLeast(f64),
    /// The ratio to the baseline.
    Ratio(f64),
}

impl Figure {
    pub(crate) fn new(row: &str, value: f64, unit: &str) -> Self {
        Self {
            row: row.to_owned(),
            value,
            unit: unit.to_owned(),
            note: String::new(),
            baseline: None,
            ratio: None,
            best_ratio: None,
            goal: None,
        }
    }

    pub(crate) fn note(mut self, note: String) -> Self {
        self.note = note;
        self
    }

    /// Compares with what is the least cost or the highest rate there can be; `ratios` are those
    /// of the rounds, the higher the better.
    pub(crate) fn against(
        mut self,
        what: &str,
        value: f64,
        ratios: impl IntoIterator<Item = f64>,
    ) -> Self {
        let ratios: Vec<f64> = ratios.into_iter().collect();
        self.baseline = Some(Baseline { what: what.to_owned(), value });
        self.best_ratio = ratios.iter().copied().reduce(f64::max);
        self.ratio = Some(median(ratios));
        self
    }

    pub(crate) fn at_least(mut self, ratio: f64) -> Self {
        self.goal = Some(Goal::Ratio(ratio));
        self
    }

    /// Sets a goal for the value itself.
    pub(crate) fn at_least_value(mut self, least: f64) -> Self {
        self.goal = Some(Goal::AtLeast(least));
        self.ratio = self.ratio.or(Some(self.value / least));
        self
    }

    /// Sets the goal, where there is one.
    pub(crate) fn at_most(mut self, most: Option<f64>) -> Self {
        self.goal = most.map(Goal::AtMost);
        self.ratio = self.ratio.or(most.map(|most| most / self.value));
        self
    }

    pub(crate) fn is_reached(&self) -> bool {
        match self.goal {
            None => true,
            Some(Goal::AtMost(most)) => self.value <= most,
            Some(Goal::AtLeast(least)) => self.value >= least,
            Some(Goal::Ratio(least)) => self.ratio.is_some_and(|ratio| ratio >= least),
        }
    }
}

/// The middle of several rounds, which one slow round does not move.
pub(crate) fn median(rounds: impl IntoIterator<Item = f64>) -> f64 {
    let mut rounds: Vec<f64> = rounds.into_iter().collect();
    rounds.sort_unstable_by(f64::total_cmp);
    rounds.get(rounds.len() / 2).copied().unwrap_or_default()
}

/// A number with three digits that count, thousands apart; a whole one without decimals.
pub(crate) fn shown(value: f64) -> String {
    if value < 100.0 && value.fract() != 0.0 {
        let n_decimals = if value >= 10.0 {
            1
        } else if value >= 1.0 {
            2
        } else {
            3
        };
        return format!("{value:.n_decimals$}");
    }
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_is_held_against_the_value_or_the_ratio() {
        let memory = Figure::new("memory", 120.0, "MB").at_most(Some(150.0));
        assert!(memory.is_reached());
        assert_eq!(memory.ratio, Some(1.25));
        assert!(!Figure::new("memory", 151.0, "MB").at_most(Some(150.0)).is_reached());

        let cost = Figure::new("page", 30.0, "µs").against("bare", 15.0, [0.5, 0.9, 0.4]);
        assert_eq!((cost.ratio, cost.best_ratio), (Some(0.5), Some(0.9)));
        assert!(cost.clone().at_least(0.5).is_reached());
        assert!(!cost.clone().at_least(0.6).is_reached());
        assert!(cost.is_reached(), "no goal is missed by nobody");
    }

    #[test]
    fn numbers_keep_three_digits() {
        let texts = [0.0123, 1.234, 12.34, 123.4, 1_234.0, 1_234_567.0, 8.0].map(shown);
        assert_eq!(texts, ["0.012", "1.23", "12.3", "123", "1,234", "1,234,567", "8"]);
    }

    #[test]
    fn one_slow_round_does_not_move_the_median() {
        assert_eq!(median([3.0, 1.0, 900.0]).to_bits(), 3.0_f64.to_bits());
    }
}
