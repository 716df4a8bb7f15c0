//! Migrations that executables from before can stand; see `docs/adr/0009-the-schema-expands-first.md`.

use super::tree::Tree;

const MIGRATIONS: &str = "crates/db/migrations/";
const REASON: &str = "-- Safe for older executables";
const TAKING: [&str; 5] = ["DROP", "RENAME", "MODIFY", "CHANGE", "TRUNCATE"];

pub(super) fn migrations_only_add(tree: &Tree) -> Vec<String> {
    let mut complaints = Vec::new();
    for (path, text) in tree.files().filter(|(path, _)| path.starts_with(MIGRATIONS)) {
        for statement in text.split(';') {
            if asks_much(statement) && !statement.contains(REASON) {
                complaints.push(format!("{path}: a statement wants a line `{REASON}, …`"));
            }
        }
    }
    complaints
}

/// Whether it takes something away, or wants from everybody what an older executable does not give.
fn asks_much(statement: &str) -> bool {
    let lines = statement.lines().filter(|line| !line.trim_start().starts_with("--"));
    let sql = lines.collect::<Vec<_>>().join(" ").to_uppercase();
    let has = |text: &str| sql.contains(text);
    let is_needed = has("ADD COLUMN") && has("NOT NULL") && !has("DEFAULT");
    is_needed || sql.split_whitespace().any(|word| TAKING.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_older_executables_need_stays_or_has_a_reason_to_go() {
        let complaints = |text| {
            migrations_only_add(&Tree::of([("crates/db/migrations/mysql/0009_jobs.sql", text)]))
        };
        let refused = [
            "crates/db/migrations/mysql/0009_jobs.sql: a statement wants a line `-- Safe for older \
             executables, …`",
        ];

        assert_eq!(complaints("ALTER TABLE jobs ADD COLUMN lane TEXT;\n"), [""; 0]);
        assert_eq!(complaints("ALTER TABLE jobs ADD COLUMN n BIGINT NOT NULL DEFAULT 0;"), [""; 0]);
        assert_eq!(complaints("ALTER TABLE jobs ADD COLUMN n BIGINT NOT NULL;"), refused);
        assert_eq!(
            complaints("-- To drop\nSELECT 1;\nalter table jobs drop column lane;"),
            refused
        );
        assert_eq!(complaints("ALTER TABLE jobs RENAME COLUMN lane TO way;"), refused);
        assert_eq!(
            complaints("-- Safe for older executables, which are slower.\nDROP INDEX j ON jobs;"),
            [""; 0]
        );
    }
}
