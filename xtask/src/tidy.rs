//! Checks what the compiler does not.
//!
//! A rule is a function from the tree of sources to complaints, one line each. Each rule has a test
//! in which it complains. Rules for generated files belong here too: they compare, they never write.

mod arrows;
mod migrations;
mod pairs;
mod sources;
mod tree;

use anyhow::{Result, bail};

use crate::place;
use tree::Tree;

type Rule = fn(&Tree) -> Vec<String>;

const RULES: [Rule; 9] = [
    arrows::crates_depend_as_drawn,
    arrows::drivers_stay_in_their_crate,
    arrows::the_rules_of_commerce_do_no_io,
    arrows::lints_are_inherited,
    sources::files_open_with_their_purpose,
    sources::nothing_is_left_for_later,
    sources::files_have_names_that_say_something,
    pairs::folders_have_the_same_files,
    migrations::migrations_only_add,
];

pub(crate) fn run() -> Result<()> {
    let tree = Tree::of_git(place::root())?;
    let complaints: Vec<String> = RULES.iter().flat_map(|rule| rule(&tree)).collect();
    if complaints.is_empty() {
        return Ok(());
    }
    bail!("{} to tidy up\n{}", complaints.len(), complaints.join("\n"));
}
