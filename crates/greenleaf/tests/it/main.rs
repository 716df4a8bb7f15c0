//! The executable, run as its operators run it.

#![expect(clippy::unwrap_used, reason = "what fails here fails a test")]

mod commands;
mod exchange;
mod magento;
mod observability;
mod otlp;
mod serving;

use std::path::Path;
use std::process::{Command, Output, Stdio};

const KEY: &str = "a key of a test that is long enough";

/// The executable with a data folder of its own and nothing from our environment.
fn greenleaf(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_greenleaf"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("GREENLEAF_") {
            command.env_remove(name);
        }
    }
    command.current_dir(data.parent().unwrap()).env("GREENLEAF_DATA", data).stdin(Stdio::null());
    command
}

/// A data folder in a folder where no `greenleaf.toml` is.
fn a_folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn run(data: &Path, args: &[&str]) -> Output {
    greenleaf(data).args(args).output().unwrap()
}

fn done(data: &Path, args: &[&str]) -> String {
    let output = run(data, args);
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
    String::from_utf8(output.stdout).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
