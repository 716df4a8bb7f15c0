//! Mails as files, for demonstrations and for machines without a mail server.

use std::{
    fmt::Write as _,
    io::Write as _,
    path::{Path, PathBuf},
};

use async_trait::async_trait;
use shop::ports::{Mail, MailError, Mailer};

use super::message;

/// Writes each mail as `<message id>.eml`.
///
/// A mail that is sent again replaces its own file, so whatever the outbox repeats is there once.
#[derive(Clone, Debug)]
pub struct FolderMailer {
    folder: PathBuf,
}

impl FolderMailer {
    /// The folder is created with the first mail.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// Writes beside the file and renames, so that nobody reads half a mail.
    async fn write(&self, name: String, bytes: Vec<u8>) -> Result<(), MailError> {
        let folder = self.folder.clone();
        let written = tokio::task::spawn_blocking(move || {
            std::fs::create_dir_all(&folder)?;
            let unfinished = folder.join(format!(".{}.tmp", uuid::Uuid::now_v7()));
            let written = write_whole(&unfinished, &bytes)
                .and_then(|()| std::fs::rename(&unfinished, folder.join(name)));
            if written.is_err() {
                // It may not even exist.
                let _ = std::fs::remove_file(&unfinished);
            }
            written
        });
        match written.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(self.unavailable(&error)),
            Err(error) => Err(self.unavailable(&error)),
        }
    }

    fn unavailable(&self, error: &dyn std::error::Error) -> MailError {
        MailError::Unavailable(format!("{}: {error}", self.folder.display()))
    }
}

#[async_trait]
impl Mailer for FolderMailer {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let bytes = message(mail)?.formatted();
        self.write(file_name(&mail.message_id), bytes).await
    }

    async fn check(&self) -> Result<(), MailError> {
        let probe = ".probe";
        self.write(probe.to_owned(), Vec::new()).await?;
        match tokio::fs::remove_file(self.folder.join(probe)).await {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(self.unavailable(&error))
            }
            _ => Ok(()),
        }
    }
}

fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = std::fs::File::create_new(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Different ids have different names, and none leaves the folder or hides in it.
fn file_name(message_id: &str) -> String {
    let mut name = String::with_capacity(message_id.len() + 4);
    for (at, byte) in message_id.bytes().enumerate() {
        let plain = byte.is_ascii_alphanumeric()
            || matches!(byte, b'-' | b'_' | b'@' | b'+')
            || (byte == b'.' && at > 0);
        if plain {
            name.push(char::from(byte));
        } else {
            write!(name, "%{byte:02X}").expect("a string takes everything");
        }
    }
    name.push_str(".eml");
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_stays_in_its_folder_and_is_no_other_mails() {
        assert_eq!(file_name("0198-a.b@shop.example"), "0198-a.b@shop.example.eml");
        assert_eq!(file_name("../../etc/x@y"), "%2E.%2F..%2Fetc%2Fx@y.eml");
        assert_ne!(file_name("a/b@y"), file_name("a%2Fb@y"));
    }
}
