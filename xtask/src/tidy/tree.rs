//! The sources as the rules see them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// Kinds of files whose text matters to a rule; of others only the name is known.
const TEXT: [&str; 19] = [
    "css", "ftl", "graphqls", "html", "j2", "js", "json", "mjs", "py", "rs", "sh", "sql", "svg",
    "tf", "toml", "txt", "xml", "yaml", "yml",
];

pub(super) struct Tree {
    /// From the path below the root, with slashes, to the text.
    files: BTreeMap<String, String>,
}

impl Tree {
    /// All files that are tracked or would be after `git add --all`.
    pub(super) fn of_git(root: &Path) -> Result<Self> {
        let list = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(root)
            .output()
            .context("git cannot be run")?;
        ensure!(list.status.success(), "{}", String::from_utf8_lossy(&list.stderr));

        let list = String::from_utf8(list.stdout).context("a file has a name that is not UTF-8")?;
        let mut files = BTreeMap::new();
        for path in list.split('\0').filter(|path| root.join(path).is_file()) {
            let extension = path.rsplit('.').next().unwrap_or_default();
            let is_text = TEXT.contains(&extension) || path.starts_with(".ci/");
            let text = if is_text {
                fs::read_to_string(root.join(path)).with_context(|| path.to_owned())?
            } else {
                String::new()
            };
            files.insert(path.to_owned(), text);
        }
        Ok(Self { files })
    }

    #[cfg(test)]
    pub(super) fn of<const N: usize>(files: [(&str, &str); N]) -> Self {
        Self { files: files.map(|(path, text)| (path.to_owned(), text.to_owned())).into() }
    }

    pub(super) fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// The paths of all files in a folder, relative to it.
    pub(super) fn names_in(&self, folder: &str) -> impl Iterator<Item = &str> {
        let start = format!("{folder}/");
        self.files.keys().filter_map(move |path| path.strip_prefix(&start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_of_this_repository_has_this_file() {
        let tree = Tree::of_git(crate::place::root()).unwrap();

        assert!(tree.text("xtask/src/tidy/tree.rs").unwrap().starts_with("//! The sources"));
        assert!(tree.names_in("xtask/src").any(|name| name == "tidy/tree.rs"));
    }
}
