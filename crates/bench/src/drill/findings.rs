//! What a drill saw, and which requirements held.

use std::fmt;
use std::time::Duration;

/// Figures and judgements, in the order in which they were made.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    figures: Vec<(String, String)>,
    held: Vec<String>,
    broken: Vec<(String, String)>,
}

impl Findings {
    pub(crate) fn figure(&mut self, what: &str, value: impl fmt::Display) {
        self.figures.push((what.to_owned(), value.to_string()));
    }

    /// Judges a requirement; `seen` is what speaks against it.
    pub(crate) fn require(&mut self, requirement: &str, holds: bool, seen: impl fmt::Display) {
        if holds {
            self.held.push(requirement.to_owned());
        } else {
            self.broken.push((requirement.to_owned(), seen.to_string()));
        }
    }

    /// Requires that nothing was found that should not be.
    pub(crate) fn require_none(&mut self, requirement: &str, found: &[String]) {
        let some: Vec<&str> = found.iter().take(5).map(String::as_str).collect();
        let seen = format!("{} times, such as {}", found.len(), some.join("; "));
        self.require(requirement, found.is_empty(), seen);
    }

    pub(crate) fn is_broken(&self) -> bool {
        !self.broken.is_empty()
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("| what | seen |\n|---|---|\n")?;
        for (what, value) in &self.figures {
            writeln!(f, "| {what} | {value} |")?;
        }
        f.write_str("\n")?;
        for requirement in &self.held {
            writeln!(f, "- held: {requirement}")?;
        }
        for (requirement, seen) in &self.broken {
            writeln!(f, "- **BROKEN**: {requirement}: {seen}")?;
        }
        Ok(())
    }
}

/// The time that so many of a hundred kept to.
pub(crate) fn percentile(times: &[Duration], percent: usize) -> Duration {
    let mut times = times.to_vec();
    times.sort_unstable();
    let at = (times.len() * percent / 100).min(times.len().saturating_sub(1));
    times.get(at).copied().unwrap_or_default()
}

/// Milliseconds, or seconds from ten on.
pub(crate) fn shown(time: Duration) -> String {
    if time >= Duration::from_secs(10) {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} ms", time.as_millis())
    }
}

/// The middle, the worst in a hundred, and the worst.
pub(crate) fn spread(times: &[Duration]) -> String {
    let [p50, p99, max] = [50, 99, 100].map(|percent| shown(percentile(times, percent)));
    format!("p50 {p50}, p99 {p99}, longest {max}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_broken_requirement_breaks_the_drill() {
        let mut findings = Findings::default();
        findings.figure("orders", 3);
        findings.require("nothing is lost", true, "");
        assert!(!findings.is_broken());

        findings.require_none("nothing is doubled", &["GL1".to_owned(), "GL2".to_owned()]);

        assert!(findings.is_broken());
        assert_eq!(
            findings.to_string(),
            "| what | seen |\n|---|---|\n| orders | 3 |\n\n- held: nothing is lost\n\
             - **BROKEN**: nothing is doubled: 2 times, such as GL1; GL2\n"
        );
    }

    #[test]
    fn a_percentile_is_one_of_the_times() {
        let times: Vec<Duration> = (1..=200).rev().map(Duration::from_millis).collect();

        let seen = [0, 50, 99, 100].map(|percent| percentile(&times, percent).as_millis());

        assert_eq!(seen, [1, 101, 199, 200]);
        assert_eq!(percentile(&[], 99), Duration::ZERO);
    }
}
