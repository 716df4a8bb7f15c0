//! Runs the browser tests against a shop that is started for them.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::demo::{self, Demo};
use crate::runners::{self, Ran};
use crate::{place, sh};

/// Runs all files `browser/*.test.mjs` and gives what they came to.
pub(crate) fn run(greenleaf: &Path) -> Result<Ran> {
    let shop = Demo::start(greenleaf, place::target().join("browser"), &demo::free_address()?)?;
    let mut node = sh::command("node --test --test-reporter=spec");
    node.args(test_files()?)
        .current_dir(place::root().join("browser"))
        .env("BASE_URL", &shop.url)
        .env("MAIL_FOLDER", shop.folder.join("data/mail"))
        .env("GREENLEAF_ADMIN_PASSWORD", demo::PASSWORD);
    let (output, succeeded) = sh::run_reading(&mut node)?;
    let end = shop.stop();
    if let Err(error) = &end {
        println!("{error:#}");
    }

    let count = runners::node(&output).context("node told no count of tests")?;
    ensure!(count.ran() > 0, "no browser test ran");
    Ok(Ran { count, succeeded: succeeded && end.is_ok(), output })
}

fn test_files() -> Result<Vec<OsString>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(place::root().join("browser"))? {
        let name = entry?.file_name();
        if name.to_string_lossy().ends_with(".test.mjs") {
            files.push(name);
        }
    }
    files.sort();
    Ok(files)
}
