//! Where things are.

use std::env;
use std::path::{Path, PathBuf};

/// The folder of the workspace.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is a folder of the workspace")
}

/// The folder that cargo builds into, found from the running program.
pub(crate) fn target() -> PathBuf {
    let program = env::current_exe().expect("the system knows the running program");
    let found = program.ancestors().find(|folder| folder.join(".rustc_info.json").is_file());
    found.map_or_else(|| root().join("target"), Path::to_owned)
}

/// The program on the search path.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain(["/usr/sbin".into(), "/usr/local/sbin".into()])
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}
