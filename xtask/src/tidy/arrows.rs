//! Who may depend on whom.

use toml::{Table, Value};

use super::tree::Tree;

/// The arrows of ARCHITECTURE.md. `testkit` may use everything; only tests and `bench` use it.
const ARROWS: [(&str, &[&str]); 14] = [
    ("commerce", &[]),
    ("kept", &[]),
    ("db", &["commerce"]),
    ("search", &["commerce"]),
    ("exchange", &["commerce"]),
    ("shop", &["commerce", "db", "exchange", "search"]),
    ("gateways", &["commerce", "shop"]),
    ("api", &["commerce", "kept", "search", "shop"]),
    ("web", &["commerce", "kept", "search", "shop"]),
    ("ops", &[]),
    (
        "greenleaf",
        &["api", "commerce", "db", "exchange", "gateways", "ops", "search", "shop", "web"],
    ),
    ("testkit", &["api", "commerce", "db", "exchange", "gateways", "ops", "search", "shop", "web"]),
    ("bench", &["commerce", "db", "gateways", "search", "shop", "testkit", "web"]),
    ("xtask", &[]),
];

/// Crates that can be tested without a shop around them.
const NEEDS_NO_TESTKIT: [&str; 4] = ["commerce", "exchange", "search", "xtask"];

/// Drivers and vendors' clients, each behind the one crate of ours that names it.
const DRIVERS: [(&str, &str); 3] =
    [("sqlx", "db"), ("lettre", "gateways"), ("object_store", "gateways")];

/// What `commerce` may use, in code and in tests: nothing that waits, writes or serializes.
const PURE: [&str; 4] = ["jiff", "litemap", "thiserror", "uuid"];
const PURE_TESTS: [&str; 1] = ["proptest"];

pub(super) fn crates_depend_as_drawn(tree: &Tree) -> Vec<String> {
    let (packages, mut complaints) = packages(tree);
    for package in &packages {
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == package.name) else {
            complaints.push(format!("{}: no arrows are drawn for this crate", package.path));
            continue;
        };
        for dependency in &package.dependencies {
            let is_ours = ARROWS.iter().any(|(name, _)| *name == dependency.name);
            let is_testkit = dependency.is_for_tests
                && dependency.name == "testkit"
                && !NEEDS_NO_TESTKIT.contains(&&*package.name);
            if is_ours && !is_testkit && !allowed.contains(&&*dependency.name) {
                complaints.push(format!(
                    "{}: {} may not depend on {}",
                    package.path, package.name, dependency.name
                ));
            }
        }
    }
    complaints
}

pub(super) fn drivers_stay_in_their_crate(tree: &Tree) -> Vec<String> {
    let mut complaints = Vec::new();
    for package in packages(tree).0 {
        for (driver, home) in DRIVERS {
            if package.name != home && package.dependencies.iter().any(|d| d.name == driver) {
                complaints.push(format!("{}: only {home} may name {driver}", package.path));
            }
        }
    }
    complaints
}

pub(super) fn the_rules_of_commerce_do_no_io(tree: &Tree) -> Vec<String> {
    let mut complaints = Vec::new();
    for package in packages(tree).0.into_iter().filter(|package| package.name == "commerce") {
        for Dependency { name, is_for_tests } in package.dependencies {
            let is_pure = PURE.contains(&&*name)
                || name.starts_with("unicode-")
                || is_for_tests && PURE_TESTS.contains(&&*name);
            if !is_pure {
                complaints.push(format!("{}: commerce does without {name}", package.path));
            }
        }
    }
    complaints
}

pub(super) fn lints_are_inherited(tree: &Tree) -> Vec<String> {
    let mut complaints = Vec::new();
    for package in packages(tree).0 {
        if !package.inherits_lints {
            complaints.push(format!("{}: `[lints] workspace = true` is missing", package.path));
        }
    }
    complaints
}

struct Package {
    path: String,
    name: String,
    inherits_lints: bool,
    dependencies: Vec<Dependency>,
}

struct Dependency {
    name: String,
    is_for_tests: bool,
}

/// The workspace's packages, and complaints on manifests that cannot be read.
fn packages(tree: &Tree) -> (Vec<Package>, Vec<String>) {
    let (mut packages, mut complaints) = (Vec::new(), Vec::new());
    let root = tree.text("Cargo.toml").and_then(|text| text.parse::<Table>().ok());
    let shared = root.as_ref().and_then(|root| table(root.get("workspace")?.get("dependencies")?));
    for (path, text) in tree.files() {
        let is_manifest = path.ends_with("/Cargo.toml")
            && (path.starts_with("crates/") || path.starts_with("xtask/"));
        if is_manifest {
            match text.parse::<Table>().map(|manifest| Package::read(path, &manifest, shared)) {
                Ok(Some(package)) => packages.push(package),
                _ => complaints.push(format!("{path}: this is no manifest of a package")),
            }
        }
    }
    (packages, complaints)
}

impl Package {
    fn read(path: &str, manifest: &Table, shared: Option<&Table>) -> Option<Self> {
        let mut dependencies = Vec::new();
        let for_targets =
            manifest.get("target").and_then(table).into_iter().flat_map(Table::values);
        for part in [manifest].into_iter().chain(for_targets.filter_map(table)) {
            for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
                for (name, value) in part.get(kind).and_then(table).into_iter().flatten() {
                    dependencies.push(Dependency {
                        name: real_name(name, value, shared).to_owned(),
                        is_for_tests: kind == "dev-dependencies",
                    });
                }
            }
        }
        let is_true = |value: &Value| value.as_bool() == Some(true);
        Some(Self {
            path: path.to_owned(),
            name: manifest.get("package")?.get("name")?.as_str()?.to_owned(),
            inherits_lints: manifest
                .get("lints")
                .and_then(|l| l.get("workspace"))
                .is_some_and(is_true),
            dependencies,
        })
    }
}

/// The name that a dependency has in the registry, if it was given another one here.
fn real_name<'a>(name: &'a str, value: &'a Value, shared: Option<&'a Table>) -> &'a str {
    let renamed = |value: &'a Value| value.get("package").and_then(Value::as_str);
    renamed(value).or_else(|| renamed(shared?.get(name)?)).unwrap_or(name)
}

fn table(value: &Value) -> Option<&Table> {
    value.as_table()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn a_crate(name: &str, rest: &str) -> String {
        format!("[package]\nname = \"{name}\"\n[lints]\nworkspace = true\n{rest}")
    }

    fn complaints(rule: fn(&Tree) -> Vec<String>, name: &str, rest: &str) -> Vec<String> {
        let root = "[workspace.dependencies]\nsql = { package = \"sqlx\", version = \"0.9\" }\n";
        let path = format!("crates/{name}/Cargo.toml");
        rule(&Tree::of([("Cargo.toml", root), (&path, &a_crate(name, rest))]))
    }

    #[test]
    fn an_arrow_that_is_not_drawn_is_refused() {
        let rule = crates_depend_as_drawn;

        let drawn = "[dependencies]\nshop.workspace = true\nserde = \"1\"";
        assert_eq!(complaints(rule, "web", drawn), [""; 0]);
        let shortcut = ["crates/web/Cargo.toml: web may not depend on db"];
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            assert_eq!(
                complaints(rule, "web", &format!("[{kind}]\ndb.workspace = true")),
                shortcut
            );
        }
        let on_unix = "[target.'cfg(unix)'.dependencies]\ndb = { path = \"../db\" }";
        assert_eq!(complaints(rule, "web", on_unix), shortcut);
        let renamed = "[dependencies]\nrows = { package = \"db\", path = \"../db\" }";
        assert_eq!(complaints(rule, "web", renamed), shortcut);
    }

    #[test]
    fn testkit_is_for_tests_of_what_needs_a_shop() {
        let rule = crates_depend_as_drawn;

        let in_tests = "[dev-dependencies]\ntestkit.workspace = true";
        assert_eq!(complaints(rule, "shop", in_tests), [""; 0]);
        assert_eq!(complaints(rule, "commerce", in_tests).len(), 1);
        assert_eq!(complaints(rule, "search", in_tests).len(), 1);
        assert_eq!(complaints(rule, "shop", "[dependencies]\ntestkit.workspace = true").len(), 1);
        assert_eq!(complaints(rule, "bench", "[dependencies]\ntestkit.workspace = true"), [""; 0]);
        assert_eq!(complaints(rule, "testkit", "[dependencies]\nweb.workspace = true"), [""; 0]);
    }

    #[test]
    fn a_crate_without_arrows_is_refused() {
        assert_eq!(
            complaints(crates_depend_as_drawn, "misc", ""),
            ["crates/misc/Cargo.toml: no arrows are drawn for this crate"]
        );
        let broken = Tree::of([("crates/web/Cargo.toml", "[package")]);
        assert_eq!(crates_depend_as_drawn(&broken).len(), 1);
    }

    #[test]
    fn a_driver_outside_its_crate_is_refused() {
        let rule = drivers_stay_in_their_crate;

        assert_eq!(complaints(rule, "db", "[dependencies]\nsqlx = \"0.9\""), [""; 0]);
        let refused = ["crates/shop/Cargo.toml: only db may name sqlx"];
        assert_eq!(complaints(rule, "shop", "[dependencies]\nsqlx = \"0.9\""), refused);
        assert_eq!(complaints(rule, "shop", "[dev-dependencies]\nsql.workspace = true"), refused);
        assert_eq!(complaints(rule, "web", "[dependencies]\nlettre = \"0.11\"").len(), 1);
    }

    #[test]
    fn commerce_does_no_io() {
        let rule = the_rules_of_commerce_do_no_io;

        let pure = "[dependencies]\njiff = \"1\"\nunicode-normalization = \"1\"\n\
            [dev-dependencies]\nproptest = \"1\"";
        assert_eq!(complaints(rule, "commerce", pure), [""; 0]);
        let refused = ["crates/commerce/Cargo.toml: commerce does without tokio"];
        assert_eq!(complaints(rule, "commerce", "[dependencies]\ntokio = \"1\""), refused);
        assert_eq!(complaints(rule, "commerce", "[dependencies]\nproptest = \"1\"").len(), 1);
        assert_eq!(complaints(rule, "shop", "[dependencies]\ntokio = \"1\""), [""; 0]);
    }

    #[test]
    fn lints_of_its_own_are_refused() {
        let own = "[package]\nname = \"web\"\n[lints.rust]\nunsafe_code = \"allow\"";

        let complaints = lints_are_inherited(&Tree::of([
            ("crates/web/Cargo.toml", own),
            ("crates/shop/Cargo.toml", &a_crate("shop", "")),
        ]));

        assert_eq!(complaints, ["crates/web/Cargo.toml: `[lints] workspace = true` is missing"]);
    }
}
