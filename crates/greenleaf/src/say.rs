//! What the command line says to people: results on stdout, trouble on stderr.
//!
//! Logs go to stderr too, so that stdout can be read by a script.

use std::fmt::Display;
use std::io::{IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

#[expect(clippy::print_stdout, reason = "the one place that prints")]
pub(crate) fn line(text: impl Display) {
    println!("{text}");
    // Whoever waits for the address of a server reads through a pipe.
    let _ = std::io::stdout().flush();
}

/// A line for whoever reads the log as data.
pub(crate) fn record(text: &str) {
    eprintln!("{text}");
}

pub(crate) fn error(text: impl Display) {
    eprintln!("greenleaf: {text}");
}

/// Shows how far long work is: a bar on a terminal, a line now and then elsewhere.
pub(crate) struct Progress {
    bar: ProgressBar,
    what: &'static str,
    whole: u64,
    said: u64,
}

const OF_BYTES: &str = "{msg} {wide_bar} {bytes}/{total_bytes} {eta}";
const OF_ROWS: &str = "{msg} {wide_bar} {pos}/{len} rows {eta}";

impl Progress {
    pub(crate) fn of_bytes(what: &'static str, whole: u64) -> Self {
        Self::of(what, whole, OF_BYTES)
    }

    pub(crate) fn of_rows(what: &'static str, whole: u64) -> Self {
        Self::of(what, whole, OF_ROWS)
    }

    fn of(what: &'static str, whole: u64, template: &str) -> Self {
        let bar = ProgressBar::with_draw_target(Some(whole), ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template(template);
        bar.set_style(style.expect("a template that indicatif understands"));
        bar.set_message(what);
        if std::io::stderr().is_terminal() {
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        Self { bar, what, whole, said: 0 }
    }

    pub(crate) fn add(&mut self, more: u64) {
        self.reach(self.bar.position() + more);
    }

    /// Shows that so much is done, from the start.
    pub(crate) fn reach(&mut self, position: u64) {
        self.bar.set_position(position);
        if std::io::stderr().is_terminal() {
            return;
        }
        let tenths = (self.bar.position() * 10).checked_div(self.whole).unwrap_or(10);
        if tenths > self.said {
            self.said = tenths;
            eprintln!("{}: {} %", self.what, tenths * 10);
        }
    }

    pub(crate) fn finish(self) {
        self.bar.finish_and_clear();
    }
}
