//! Reads from the output of test runners how many tests passed.

use std::ops::AddAssign;

/// What a runner came to: it may fail without a failed test.
pub(crate) struct Ran {
    pub(crate) count: Count,
    pub(crate) succeeded: bool,
    pub(crate) output: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
    pub(crate) skipped: u32,
}

impl Count {
    /// The line that people and programs look for at the end of a run.
    pub(crate) fn line(self) -> String {
        let Self { passed, failed, skipped } = self;
        let skipped = if skipped == 0 { String::new() } else { format!(", {skipped} skipped") };
        format!("{passed} passed, {failed} failed{skipped}")
    }

    pub(crate) fn ran(self) -> u32 {
        self.passed + self.failed
    }
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

/// The last lines of an output, for those who see only the end of a long log.
pub(crate) fn end(output: &str) -> String {
    let output = without_colors(output);
    let lines: Vec<&str> = output.lines().collect();
    let from = lines.len().saturating_sub(30);
    lines[from..].join("\n") + "\n"
}

/// `Summary [ 0.9s] 5 tests run: 3 passed (1 slow), 1 failed, 1 timed out, 2 skipped`
///
/// Tests that a cancelled run left out are not counted, since its status tells that it failed.
pub(crate) fn nextest(output: &str) -> Option<Count> {
    let output = without_colors(output);
    let line = output.lines().rfind(|line| line.trim_start().starts_with("Summary ["))?;
    let (_, line) = line.split_once(']')?;
    let run = line.trim().split([' ', '/']).next()?.parse::<u32>().ok()?;
    let passed = before(line, " passed").unwrap_or(0);
    let skipped = before(line, " skipped").unwrap_or(0);
    Some(Count { passed, failed: run.checked_sub(passed)?, skipped })
}

/// `test result: ok. 3 passed; 1 failed; 1 ignored; …`, once for each test binary
pub(crate) fn libtest(output: &str) -> Option<Count> {
    let output = without_colors(output);
    let mut sum = None;
    for line in output.lines().filter(|line| line.starts_with("test result: ")) {
        *sum.get_or_insert(Count::default()) += Count {
            passed: before(line, " passed")?,
            failed: before(line, " failed")?,
            skipped: before(line, " ignored")?,
        };
    }
    sum
}

/// The `spec` reporter's closing lines: `ℹ pass 3`, `ℹ fail 1`, …
pub(crate) fn node(output: &str) -> Option<Count> {
    let output = without_colors(output);
    let last = |what: &str| {
        let line = output.lines().rfind(|line| line.starts_with(what))?;
        line.split(' ').next_back()?.parse::<u32>().ok()
    };
    Some(Count {
        passed: last("ℹ pass ")?,
        failed: last("ℹ fail ")? + last("ℹ cancelled ")?,
        skipped: last("ℹ skipped ")? + last("ℹ todo ")?,
    })
}

/// `drills: 5 passed, 1 failed`, the last line
pub(crate) fn drills(output: &str) -> Option<Count> {
    let line = output.lines().rfind(|line| line.starts_with("drills: "))?;
    Some(Count { passed: before(line, " passed")?, failed: before(line, " failed")?, skipped: 0 })
}

/// `1 failed, 32 passed, 2 skipped, 1 error in 211.03s (0:03:31)`, the last line
pub(crate) fn pytest(output: &str) -> Option<Count> {
    let output = without_colors(output);
    let line = output.lines().rfind(|line| line.contains(" in "))?;
    let (counts, _) = line.rsplit_once(" in ")?;
    let of = |word: &str| before(counts, word).unwrap_or(0);
    let count = Count {
        passed: of(" passed"),
        failed: of(" failed") + of(" error"),
        skipped: of(" skipped"),
    };
    (count != Count::default()).then_some(count)
}

/// The number that stands before `word`.
fn before(line: &str, word: &str) -> Option<u32> {
    let (start, _) = line.split_once(word)?;
    start.rsplit(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn without_colors(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            chars.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(c);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(passed: u32, failed: u32, skipped: u32) -> Count {
        Count { passed, failed, skipped }
    }

    #[test]
    fn nextest_tells_its_count_in_the_last_summary() {
        let output = "        PASS [   0.2s] (1/2) commerce money\n────────────\n     \
            Summary [  11.031s] 17 tests run: 17 passed (1 slow), 3 skipped\n";
        assert_eq!(nextest(output), Some(count(17, 0, 3)));

        let output = "\u{1b}[31;1m     Summary\u{1b}[0m [   0.889s] \u{1b}[1m5/17\u{1b}[0m tests \
            run: 3 passed, 1 failed, 1 timed out, 0 skipped";
        assert_eq!(nextest(output), Some(count(3, 2, 0)));

        assert_eq!(
            nextest("     Summary [ 0.1s] 2 tests run: 2 failed, 0 skipped"),
            Some(count(0, 2, 0))
        );
        assert_eq!(nextest("error: could not compile `shop`"), None);
    }

    #[test]
    fn libtest_counts_each_binary() {
        let output = "test a ... ok\n\ntest result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; \
            0 filtered out\nrunning 2 tests\ntest result: FAILED. 1 passed; 1 failed; 0 ignored;";
        assert_eq!(libtest(output), Some(count(4, 1, 1)));
        assert_eq!(libtest("error: could not compile `shop`"), None);
    }

    #[test]
    fn node_counts_what_it_cancelled_as_failed() {
        let output = "✔ home (3ms)\nℹ tests 6\nℹ suites 0\nℹ pass 3\nℹ fail 1\nℹ cancelled 1\n\
            ℹ skipped 1\nℹ todo 0\nℹ duration_ms 42";
        assert_eq!(node(output), Some(count(3, 2, 1)));
        assert_eq!(node("node: bad option"), None);
    }

    #[test]
    fn the_drills_tell_their_count_at_the_end() {
        let output = "## crash, 20 s\n\n- held: no order is lost\n\ndrills: 5 passed, 1 failed\n";
        assert_eq!(drills(output), Some(count(5, 1, 0)));
        assert_eq!(drills("error: no such drill"), None);
    }

    #[test]
    fn pytest_counts_errors_as_failures() {
        let output = "FAILED test_stack.py::test_a\n\u{1b}[31m\u{1b}[1m1 failed\u{1b}[0m, 32 passed, 2 \
            skipped, 1 error\u{1b}[31m in 211.03s (0:03:31)\u{1b}[0m\n";
        assert_eq!(pytest(output), Some(count(32, 2, 2)));
        assert_eq!(pytest("3 passed in 0.01s"), Some(count(3, 0, 0)));
        assert_eq!(pytest("no tests ran in 0.01s"), None);
        assert_eq!(pytest("No module named pytest"), None);
    }

    #[test]
    fn the_closing_line_names_skipped_tests_only_if_any() {
        assert_eq!(count(3, 0, 0).line(), "3 passed, 0 failed");
        assert_eq!(count(3, 1, 2).line(), "3 passed, 1 failed, 2 skipped");
    }
}
