//! Certificates for servers of tests.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::keeper::program;

/// Somebody who vouches for servers on this machine, for two days.
pub struct Authority {
    certificate: PathBuf,
    key: PathBuf,
}

/// A certificate and its key, as files that servers read.
pub struct Identity {
    pub(super) certificate: PathBuf,
    pub(super) key: PathBuf,
}

impl Authority {
    /// Makes one whose files lie in a folder.
    #[must_use]
    pub fn new(folder: &Path, name: &str) -> Self {
        let at = |end: &str| folder.join(format!("{name}.{end}"));
        let made = Self { certificate: at("pem"), key: at("key") };
        let subject = format!("/CN={name}");
        openssl(&["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"], |it| {
            it.args(["-nodes", "-days", "2", "-subj", &subject])
                .args(["-addext", "keyUsage=critical,keyCertSign"])
                .arg("-keyout")
                .arg(&made.key)
                .arg("-out")
                .arg(&made.certificate)
        });
        made
    }

    /// What those trust who trust it.
    #[must_use]
    pub fn certificate(&self) -> &Path {
        &self.certificate
    }

    /// Vouches for a server at 127.0.0.1: writes, or replaces, its certificate and key in a folder.
    pub fn vouch(&self, folder: &Path) -> Identity {
        let at = |end: &str| folder.join(format!("server.{end}"));
        let (made, wanted, names) =
            (Identity { certificate: at("pem"), key: at("key") }, at("csr"), at("ext"));
        openssl(&["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"], |it| {
            it.args(["-nodes", "-subj", "/CN=a server of a test"])
                .arg("-keyout")
                .arg(&made.key)
                .arg("-out")
                .arg(&wanted)
        });
        std::fs::write(&names, "subjectAltName = IP:127.0.0.1\n").expect("the folder is writable");
        openssl(&["x509", "-req", "-days", "2", "-CAcreateserial"], |it| {
            it.arg("-in")
                .arg(&wanted)
                .arg("-CA")
                .arg(&self.certificate)
                .arg("-CAkey")
                .arg(&self.key)
                .arg("-extfile")
                .arg(&names)
                .arg("-out")
                .arg(&made.certificate)
        });
        made
    }
}

fn openssl(arguments: &[&str], more: impl FnOnce(&mut Command) -> &mut Command) {
    let mut command = Command::new(program("openssl"));
    let output = more(command.args(arguments)).output().expect("the program was found");
    assert!(
        output.status.success(),
        "openssl {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}
