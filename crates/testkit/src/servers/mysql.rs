//! MySQL itself, in a folder with its own libraries.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::keeper::target_dir;

/// The server with what it needs to find its files, to which options are added.
///
/// It comes from another system than this machine's, so it runs with the loader and the libraries
/// of that.
pub(super) fn server(data: &str) -> Vec<String> {
    let usr = target_dir().join("tools/mysql/usr");
    assert!(
        usr.join("sbin/mysqld").is_file(),
        "MySQL is not in {}: `cargo xtask setup` puts it there",
        usr.display()
    );
    let usr = usr.to_str().expect("the path is UTF-8");
    let (loader, libraries) = runtime(Path::new(usr));
    vec![
        loader.display().to_string(),
        "--library-path".to_owned(),
        libraries.display().to_string(),
        format!("{usr}/sbin/mysqld"),
        "--no-defaults".to_owned(),
        format!("--basedir={usr}"),
        format!("--plugin-dir={usr}/lib/mysql/plugin"),
        format!("--lc-messages-dir={usr}/share/mysql"),
        format!("--character-sets-dir={usr}/share/mysql/charsets"),
        format!("--datadir={data}"),
        "--secure-file-priv=".to_owned(),
    ]
}

/// The loader, which is named after the processor, and the folder of the libraries.
fn runtime(usr: &Path) -> (PathBuf, PathBuf) {
    let listed = |folder: PathBuf| {
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path())
    };
    let named = |path: &PathBuf, begin: &str, end: &str| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.starts_with(begin) && name.contains(end)
    };
    let loader = listed(usr.join("lib64"))
        .chain(listed(usr.join("lib")))
        .find(|path| named(path, "ld-linux-", ".so."));
    let libraries = listed(usr.join("lib")).find(|path| named(path, "", "-linux-gnu"));
    loader.zip(libraries).expect("the folder has the C library")
}

/// Makes the data folder, with an administrator who has no password.
pub(super) fn install(server: &[String]) {
    let installed = Command::new(&server[0])
        .args(&server[1..])
        .args(["--initialize-insecure", "--skip-log-bin", "--innodb-use-native-aio=0"])
        .args(["--innodb-flush-method=fsync", "--innodb-redo-log-capacity=64M"])
        .output()
        .expect("the program was found");
    assert!(
        installed.status.success(),
        "mysqld could not make its folder:\n{}",
        String::from_utf8_lossy(&installed.stderr)
    );
}
