//! What source files hold, and how they are named.

use super::tree::Tree;

/// Words that mark unfinished work. They are split here so that this file does not hold them.
const UNFINISHED: [&str; 4] =
    [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("dbg", "!"), concat!("to", "do!")];

/// Names under which anything could be found, so that nothing is.
const VAGUE: [&str; 5] = ["helper", "helpers", "misc", "util", "utils"];

pub(super) fn files_open_with_their_purpose(tree: &Tree) -> Vec<String> {
    rust(tree)
        .filter(|(_, text)| !text.starts_with("//! "))
        .map(|(path, _)| format!("{path}:1: the file does not open with a `//!` line"))
        .collect()
}

pub(super) fn nothing_is_left_for_later(tree: &Tree) -> Vec<String> {
    let mut complaints = Vec::new();
    for (path, text) in tree.files().filter(|(path, _)| !path.ends_with("package-lock.json")) {
        for (number, line) in (1..).zip(text.lines()) {
            for word in UNFINISHED.into_iter().filter(|word| has_word(line, word)) {
                complaints.push(format!("{path}:{number}: {word} in a source"));
            }
        }
    }
    complaints
}

pub(super) fn files_have_names_that_say_something(tree: &Tree) -> Vec<String> {
    let mut complaints = Vec::new();
    for (path, _) in rust(tree) {
        let mut parts = path.trim_end_matches(".rs").split('/');
        if path.ends_with("/mod.rs") {
            complaints.push(format!("{path}: the module belongs beside its folder"));
        } else if let Some(vague) = parts.find(|part| VAGUE.contains(part)) {
            complaints.push(format!("{path}: {vague} says nothing about what is inside"));
        }
    }
    complaints
}

fn rust(tree: &Tree) -> impl Iterator<Item = (&str, &str)> {
    tree.files().filter(|(path, _)| path.rsplit('.').next() == Some("rs"))
}

/// Whether `word` stands alone in the line, not as a part of a longer one.
fn has_word(line: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(start, _)| {
        let (before, after) = (&line[..start], &line[start + word.len()..]);
        !before.ends_with(is_part) && (word.ends_with('!') || !after.starts_with(is_part))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_purpose_is_refused() {
        let tree = Tree::of([
            ("crates/db/src/lib.rs", "//! Rows.\n"),
            ("crates/db/src/order.rs", "use std::fmt;\n//! Orders.\n"),
            ("crates/db/src/stock.rs", ""),
            ("README.md", "no Rust"),
        ]);

        assert_eq!(
            files_open_with_their_purpose(&tree),
            [
                "crates/db/src/order.rs:1: the file does not open with a `//!` line",
                "crates/db/src/stock.rs:1: the file does not open with a `//!` line",
            ]
        );
    }

    #[test]
    fn unfinished_work_is_refused() {
        for word in UNFINISHED {
            let text = format!("//! Rows.\n\nfn main() {{}} // {word}(later)\n");
            let tree = Tree::of([("a.rs", &text), ("b.sql", "SELECT 1; -- done")]);

            assert_eq!(nothing_is_left_for_later(&tree), [format!("a.rs:3: {word} in a source")]);
        }
    }

    #[test]
    fn longer_words_are_not_unfinished_work() {
        let text = format!("X{0} {0}S {0}_{1} my_{2}", UNFINISHED[0], UNFINISHED[1], UNFINISHED[3]);

        assert_eq!(nothing_is_left_for_later(&Tree::of([("a.rs", &text)])), [""; 0]);
    }

    #[test]
    fn vague_names_are_refused() {
        let tree = Tree::of([
            ("crates/db/src/order.rs", ""),
            ("crates/db/src/order/mod.rs", ""),
            ("crates/db/src/utils.rs", ""),
            ("crates/web/src/helpers/form.rs", ""),
            ("ansible/roles/utils/main.yml", ""),
        ]);

        assert_eq!(
            files_have_names_that_say_something(&tree),
            [
                "crates/db/src/order/mod.rs: the module belongs beside its folder",
                "crates/db/src/utils.rs: utils says nothing about what is inside",
                "crates/web/src/helpers/form.rs: helpers says nothing about what is inside",
            ]
        );
    }
}
