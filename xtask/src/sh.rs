//! Runs other programs.

use std::env;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, Result, ensure};

use crate::place;

/// A program that will run in the folder of the workspace.
pub(crate) fn command(line: &str) -> Command {
    let mut words = line.split_whitespace();
    let mut command = Command::new(words.next().expect("a line names a program"));
    command.args(words).current_dir(place::root());
    command
}

/// Cargo, without what `cargo run` told this program about itself.
///
/// Build scripts that watch such variables would otherwise run, and compile C, once more each time
/// that one goes from `cargo xtask` to `cargo` and back.
pub(crate) fn cargo(line: &str) -> Command {
    let mut command = command(&format!("cargo {line}"));
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        let about_us = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"];
        if about_us.iter().any(|start| name.starts_with(start)) || name == "CARGO_PRIMARY_PACKAGE" {
            command.env_remove(&*name);
        }
    }
    command
}

/// Runs to the end; an error if it does not succeed.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    println!("\n$ {}", shown(command));
    let status = command.status().with_context(|| format!("{} cannot be run", shown(command)))?;
    ensure!(status.success(), "`{}` failed ({status})", shown(command));
    Ok(())
}

/// Runs to the end, and tells what it printed only if it does not succeed.
pub(crate) fn run_quietly(command: &mut Command) -> Result<()> {
    let done = command.output().with_context(|| format!("{} cannot be run", shown(command)))?;
    let said = String::from_utf8_lossy(&done.stderr);
    ensure!(done.status.success(), "`{}` failed ({}):\n{said}", shown(command), done.status);
    Ok(())
}

/// Runs to the end, shows what it prints and gives it, together with whether it succeeded.
pub(crate) fn run_reading(command: &mut Command) -> Result<(String, bool)> {
    println!("\n$ {}", shown(command));
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{} cannot be run", shown(command)))?;
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let (out, err) = (out.context("it was piped")?, err.context("it was piped")?);

    let reader = thread::spawn(move || pass_on(err, io::stderr()));
    let mut text = pass_on(out, io::stdout())?;
    text += &reader.join().expect("it does not panic")?;
    Ok((text, child.wait()?.success()))
}

fn pass_on(from: impl Read, mut to: impl Write) -> io::Result<String> {
    let mut from = BufReader::new(from);
    let mut text = String::new();
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line)? > 0 {
        to.write_all(&line)?;
        text += &String::from_utf8_lossy(&line);
        line.clear();
    }
    Ok(text)
}

fn shown(command: &Command) -> String {
    let words = [command.get_program()].into_iter().chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
