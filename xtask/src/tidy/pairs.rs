//! Folders that must have the same files: one for each database engine, one for each language.

use std::collections::BTreeSet;

use super::tree::Tree;

const PAIRS: [[&str; 2]; 2] =
    [["crates/db/migrations/mysql", "crates/db/migrations/sqlite"], ["locales/en", "locales/fr"]];

pub(super) fn folders_have_the_same_files(tree: &Tree) -> Vec<String> {
    let mut complaints = Vec::new();
    for [one, other] in PAIRS {
        let [in_one, in_other] = [one, other].map(|f| tree.names_in(f).collect::<BTreeSet<_>>());
        for name in in_one.difference(&in_other) {
            complaints.push(format!("{one}/{name}: {other} has no such file"));
        }
        for name in in_other.difference(&in_one) {
            complaints.push(format!("{other}/{name}: {one} has no such file"));
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_its_counterpart_is_refused() {
        let tree = Tree::of([
            ("crates/db/migrations/mysql/0001_init.sql", ""),
            ("crates/db/migrations/mysql/0002_stock.sql", ""),
            ("crates/db/migrations/sqlite/0001_init.sql", ""),
            ("locales/fr/cart.ftl", ""),
            ("locales/fr/mail/order.ftl", ""),
            ("locales/en/cart.ftl", ""),
        ]);

        assert_eq!(
            folders_have_the_same_files(&tree),
            [
                "crates/db/migrations/mysql/0002_stock.sql: crates/db/migrations/sqlite has no \
                 such file",
                "locales/fr/mail/order.ftl: locales/en has no such file",
            ]
        );
    }
}
