//! Executables from before, built from a revision of the repository.
//!
//! `target/older` has the revision with a target folder of its own: cargo tells what it built by paths
//! in the workspace, so that in one folder the one would pass for the other.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::place::{root, target};
use crate::sh;

const MIGRATIONS: &str = "crates/db/migrations/mysql";
/// How many migrations back they are where nobody says how old.
const N_BACK: usize = 5;

/// Takes `--from REVISION` out of arguments.
pub(crate) fn take_revision(arguments: &mut Vec<OsString>) -> Result<Option<String>> {
    let Some(at) = arguments.iter().position(|argument| argument == "--from") else {
        return Ok(None);
    };
    let Some(revision) = arguments.drain(at..arguments.len().min(at + 2)).nth(1) else {
        bail!("--from wants a revision");
    };
    let revision = revision.into_string().ok().context("a revision is plain text")?;
    Ok(Some(revision))
}

/// Builds shop and bench of a revision, as fast as those that they are drilled with, and gives their
/// folder.
pub(crate) fn build(revision: Option<String>) -> Result<PathBuf> {
    let revision = match revision {
        Some(revision) => revision,
        None => before_the_last_migrations()?,
    };
    let commit = git(root(), &["rev-parse", "--verify", &format!("{revision}^{{commit}}")])?;
    let folder = target().join("older");
    if folder.join(".git").exists() {
        git(&folder, &["checkout", "--quiet", "--force", "--detach", &commit])?;
    } else {
        git(root(), &["worktree", "prune"])?;
        let path = folder.to_str().context("a plain path")?;
        git(root(), &["worktree", "add", "--quiet", "--detach", path, &commit])?;
    }
    println!("\n{}", git(&folder, &["log", "-1", "--format=The older ones are of %h of %cs: %s"])?);
    let built = folder.join("target");
    let mut cargo = sh::cargo("build --profile fast --package greenleaf --package bench --bins");
    // The revision says itself which compiler it wants.
    cargo.current_dir(&folder).env("CARGO_TARGET_DIR", &built).env_remove("RUSTUP_TOOLCHAIN");
    sh::run(&mut cargo)?;
    Ok(built.join("fast"))
}

fn before_the_last_migrations() -> Result<String> {
    let added =
        git(root(), &["log", "--diff-filter=A", "--name-only", "--format=/%H", "--", MIGRATIONS])?;
    before(&added, N_BACK).context("the repository has too few migrations")
}

/// The parent of the commit that brought the nth last file, in a log of commits with their files.
fn before(log: &str, nth: usize) -> Option<String> {
    let mut commit = None;
    let mut n_files = 0;
    for line in log.lines().filter(|line| !line.is_empty()) {
        match line.strip_prefix('/') {
            Some(hash) => commit = Some(hash),
            None => n_files += 1,
        }
        if n_files == nth {
            return commit.map(|hash| format!("{hash}^"));
        }
    }
    None
}

fn git(folder: &Path, arguments: &[&str]) -> Result<String> {
    let output = Command::new("git").arg("-C").arg(folder).args(arguments).output();
    let output = output.context("git cannot be run")?;
    ensure!(
        output.status.success(),
        "git {} failed: {}",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrations_are_counted_from_the_newest() {
        let log = "/c\n\nmigrations/4.sql\nmigrations/3.sql\n/b\n\nmigrations/2.sql\n";

        let found = [1, 2, 3, 4].map(|nth| before(log, nth));

        assert_eq!(found, [Some("c^".into()), Some("c^".into()), Some("b^".into()), None]);
    }

    #[test]
    fn a_revision_is_taken_out_wherever_it_stands() {
        let taken = |text: &str| {
            let mut arguments: Vec<OsString> = text.split(' ').map(Into::into).collect();
            let revision = take_revision(&mut arguments).ok();
            (revision, arguments.join(" ".as_ref()).into_string().unwrap())
        };

        assert_eq!(taken("upgrade --short"), (Some(None), "upgrade --short".into()));
        assert_eq!(
            taken("--from v1 upgrade --short"),
            (Some(Some("v1".into())), "upgrade --short".into())
        );
        assert_eq!(taken("upgrade --from").0, None);
    }
}
