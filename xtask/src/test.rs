//! Everything that must pass before a change lands.

use std::fmt::Write as _;
use std::fs;
use std::io::IsTerminal;
use std::process::ExitCode;
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::runners::{self, Count, Ran};
use crate::{Part, bench, browser, deployment, place, setup, sh, tidy};

/// Runs all parts, also after one has failed, and says at the end what ran.
pub(crate) fn run(only: Option<Part>) -> ExitCode {
    let wants = |part| only.is_none_or(|only| only == part);
    let mut report = Report::default();

    let mut is_set_up = true;
    if only != Some(Part::Lint) {
        is_set_up = report.check("setup", setup::run);
    }
    // It mostly waits for the emulator, so it does beside the rest.
    let terraform = (is_set_up && wants(Part::Terraform)).then(|| {
        thread::spawn(|| {
            let begin = Instant::now();
            (deployment::terraform(), begin.elapsed())
        })
    });
    if wants(Part::Lint) {
        lint(&mut report);
    }
    if is_set_up && wants(Part::Helm) {
        report.tests("Helm chart", deployment::helm);
    }
    if is_set_up {
        // One build for both parts: features of dependencies differ from that of a single package,
        // which would compile many of them twice.
        let build = match only {
            Some(Part::Lint | Part::Helm | Part::Terraform) => None,
            Some(Part::Browser | Part::Clients | Part::Ansible) => {
                Some("build --package greenleaf")
            }
            Some(Part::Drills) => Some("build --workspace --bins"),
            Some(Part::Rust | Part::Mysql) | None => Some("build --workspace --bins --tests"),
        };
        let is_built =
            build.is_some_and(|build| report.check("build", || sh::run(&mut sh::cargo(build))));
        // By name only: it takes as long as those before, and the drills of `all` have MySQL.
        if is_built && only == Some(Part::Mysql) {
            report.tests("Rust tests, MySQL", || rust_tests(&[("TESTKIT_MYSQL", "1")]));
            stop_shared_servers();
        }
        if is_built && wants(Part::Rust) {
            report.tests("Rust tests", || rust_tests(&[]));
            report.tests("documentation tests", documentation_tests);
            stop_shared_servers();
        }
        if is_built && wants(Part::Browser) {
            let greenleaf = place::target().join("debug/greenleaf");
            report.tests("browser tests", || browser::run(&greenleaf));
        }
        if is_built && wants(Part::Drills) {
            report.tests("drills", bench::short_drills);
        }
        if is_built && wants(Part::Clients) {
            report.tests("clients", deployment::clients);
            if let Some(reason) = deployment::operations_missing() {
                report.not_run("Magento operations", &reason);
            }
        }
        if is_built && wants(Part::Ansible) {
            report.tests("Ansible tests", deployment::ansible);
        }
    }
    if let Some(terraform) = terraform {
        let (result, took) = terraform.join().expect("it gives errors rather than panic");
        report.tested("Terraform tests", took, result);
    }
    report.close()
}

fn lint(report: &mut Report) {
    report.check("rustfmt", || sh::run(&mut sh::cargo("fmt --all --check")));
    report.check("tidy", tidy::run);
    report.check("clippy", || {
        sh::run(&mut sh::cargo("clippy --workspace --all-targets --keep-going -- -D warnings"))
    });
    report.check("rustdoc", || {
        let mut doc = sh::cargo("doc --workspace --no-deps");
        sh::run(doc.env("RUSTDOCFLAGS", "-D warnings"))
    });
    if place::program("cargo-deny").is_some() {
        // Advisories are fetched from elsewhere, so a build without network could not pass.
        report.check("cargo-deny", || {
            sh::run(&mut sh::cargo("deny --workspace check bans licenses sources"))
        });
    } else {
        report.not_run("cargo-deny", "it is not installed");
    }
}

fn rust_tests(settings: &[(&str, &str)]) -> Result<Ran> {
    let color = if std::io::stderr().is_terminal() { "always" } else { "never" };
    let (output, succeeded, count) = if place::program("cargo-nextest").is_some() {
        let line = format!("nextest run --workspace --no-fail-fast --color {color}");
        let (output, succeeded) = sh::run_reading(sh::cargo(&line).envs(settings.iter().copied()))?;
        let count = runners::nextest(&output);
        (output, succeeded, count)
    } else {
        let line = format!("test --workspace --bins --tests --no-fail-fast --color {color}");
        let (output, succeeded) = sh::run_reading(sh::cargo(&line).envs(settings.iter().copied()))?;
        let count = runners::libtest(&output);
        (output, succeeded, count)
    };
    if output.contains("error: could not compile") {
        bail!("the tests do not compile");
    }
    let count = count.context("the runner told no count of tests")?;
    ensure!(count.ran() > 0, "no Rust test ran");
    Ok(Ran { count, succeeded, output })
}

fn documentation_tests() -> Result<Ran> {
    let (output, succeeded) =
        sh::run_reading(&mut sh::cargo("test --workspace --doc --no-fail-fast"))?;
    let count = runners::libtest(&output).unwrap_or_default();
    Ok(Ran { count, succeeded, output })
}

/// Ends the servers that the tests shared, which would wait a minute for more tests.
fn stop_shared_servers() {
    let folders = fs::read_dir(place::target().join("testkit"));
    for folder in folders.into_iter().flatten().flatten().map(|entry| entry.path()) {
        if !folder.join("state").exists() || fs::write(folder.join("stop"), "").is_err() {
            continue;
        }
        let begin = Instant::now();
        while folder.join("state").exists() && begin.elapsed() < Duration::from_secs(10) {
            sleep(Duration::from_millis(100));
        }
    }
}

/// What ran, how long, and how it went.
#[derive(Default)]
struct Report {
    lines: String,
    /// What the parts printed last that failed.
    ends: String,
    count: Count,
    failed: bool,
}

impl Report {
    fn check(&mut self, name: &str, work: impl FnOnce() -> Result<()>) -> bool {
        let begin = Instant::now();
        let result = work();
        match &result {
            Ok(()) => self.line("ok", name, begin.elapsed(), ""),
            Err(error) => self.fail(name, begin.elapsed(), error),
        }
        result.is_ok()
    }

    fn tests(&mut self, name: &str, work: impl FnOnce() -> Result<Ran>) {
        let begin = Instant::now();
        let result = work();
        self.tested(name, begin.elapsed(), result);
    }

    fn tested(&mut self, name: &str, took: Duration, result: Result<Ran>) {
        match result {
            Ok(Ran { count, succeeded, output }) => {
                self.count += count;
                if succeeded && count.failed == 0 {
                    self.line("ok", name, took, &count.line());
                } else {
                    self.line("FAILED", name, took, &count.line());
                    self.failed = true;
                    let end = runners::end(&output);
                    write!(self.ends, "\n{name} ended with:\n\n{end}")
                        .expect("a string takes any text");
                    // A runner may fail without a failed test, when it was interrupted say.
                    self.count.failed += u32::from(count.failed == 0);
                }
            }
            Err(error) => self.fail(name, took, &error),
        }
    }

    fn not_run(&mut self, name: &str, reason: &str) {
        self.line("not run", name, Duration::ZERO, reason);
    }

    /// A part that could not do its work counts as one failure in the closing line.
    fn fail(&mut self, name: &str, took: Duration, error: &anyhow::Error) {
        println!("\n{name}: {error:#}");
        let first = error.to_string().lines().next().unwrap_or_default().to_owned();
        self.line("FAILED", name, took, &first);
        self.failed = true;
        self.count.failed += 1;
    }

    fn line(&mut self, outcome: &str, name: &str, took: Duration, note: &str) {
        let seconds = took.as_secs();
        let line = format!("{outcome:<8} {name:<20} {seconds:>5} s  {note}");
        writeln!(self.lines, "{}", line.trim_end()).expect("a string takes any text");
    }

    fn close(self) -> ExitCode {
        println!("\nWhat ran:\n\n{}{}\n{}", self.lines, self.ends, self.count.line());
        if self.failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    fn count(passed: u32, failed: u32) -> Count {
        Count { passed, failed, skipped: 0 }
    }

    fn ran(count: Count, succeeded: bool) -> Ran {
        Ran { count, succeeded, output: "1 of 2\n2 of 2\n".to_owned() }
    }

    #[test]
    fn a_run_without_failure_passes() {
        let mut report = Report::default();

        report.check("tidy", || Ok(()));
        report.tests("Rust tests", || Ok(ran(count(3, 0), true)));
        report.tests("browser tests", || Ok(ran(count(2, 0), true)));
        report.not_run("cargo-deny", "it is not installed");

        assert_eq!(report.count, count(5, 0));
        assert!(!report.failed);
        assert!(report.lines.contains("not run  cargo-deny"), "{}", report.lines);
    }

    #[test]
    fn each_kind_of_failure_fails_the_run() {
        let failures: [fn(&mut Report); 4] = [
            |report| assert!(!report.check("tidy", || Err(anyhow!("untidy")))),
            |report| report.tests("Rust tests", || Ok(ran(count(0, 1), false))),
            |report| report.tests("Rust tests", || Ok(ran(count(0, 0), false))),
            |report| report.tests("browser tests", || Err(anyhow!("no Chromium"))),
        ];
        for failure in failures {
            let mut report = Report::default();

            failure(&mut report);

            assert_eq!(report.count, count(0, 1));
            assert!(report.failed);
            assert!(report.lines.starts_with("FAILED"), "{}", report.lines);
            let is_of_tests = report.lines.contains(" passed");
            assert_eq!(report.ends.ends_with("tests ended with:\n\n1 of 2\n2 of 2\n"), is_of_tests);
        }
    }
}
