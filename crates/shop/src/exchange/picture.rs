//! Pictures that a file names, in a folder beside it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use commerce::media::Original;

use super::ImportError;
use crate::media::{Examined, UploadError, examine, store_new};
use crate::{DbError, Shop, on_a_blocking_thread};

/// The largest file that is read as a picture.
const MAX_BYTES: u64 = 64 << 20;

/// The folder of images, and what was found in it so far.
#[derive(Debug, Default)]
pub struct Images {
    folder: Option<PathBuf>,
    found: HashMap<String, Result<Examined, String>>,
}

impl Images {
    pub fn in_folder(folder: Option<PathBuf>) -> Self {
        Self { folder, found: HashMap::new() }
    }

    /// Whether the file's pictures are asked for at all.
    pub(super) fn are_wanted(&self) -> bool {
        self.folder.is_some()
    }

    /// What [`Images::look_at`] found.
    pub(super) fn get(&self, path: &str) -> Result<Original, String> {
        match self.found.get(path) {
            Some(Ok(Examined::Known(original) | Examined::New(original))) => Ok(original.clone()),
            Some(Err(reason)) => Err(reason.clone()),
            None => Err(format!("there is no file “{path}”")),
        }
    }

    /// Looks at the files that are new to us; keeps none.
    pub(super) async fn look_at(
        &mut self,
        shop: &Shop,
        paths: impl Iterator<Item = &str>,
    ) -> Result<(), DbError> {
        let Some(folder) = self.folder.clone() else { return Ok(()) };
        for path in paths {
            if self.found.contains_key(path) {
                continue;
            }
            let found = match read(&folder, path).await {
                Err(reason) => Err(reason),
                Ok(bytes) => {
                    match examine(&shop.db, &shop.pictures, path_name(path), bytes).await {
                        Ok(examined) => Ok(examined),
                        Err(UploadError::Db(error)) => return Err(error),
                        Err(refused) => Err(format!("“{path}”: {refused}")),
                    }
                }
            };
            self.found.insert(path.to_owned(), found);
        }
        Ok(())
    }

    /// Keeps the pictures of rows that were found to be right.
    pub(super) async fn keep(
        &mut self,
        shop: &Shop,
        paths: impl Iterator<Item = &str>,
    ) -> Result<(), ImportError> {
        let Some(folder) = self.folder.clone() else { return Ok(()) };
        for path in paths {
            let Some(Ok(Examined::New(original))) = self.found.get(path) else { continue };
            let bytes = match read(&folder, path).await {
                Ok(bytes) => bytes,
                Err(reason) => {
                    self.found.insert(path.to_owned(), Err(reason));
                    continue;
                }
            };
            let (store, at) = (shop.media.as_ref(), shop.clock.now());
            let kept = store_new(&shop.db, store, original.clone(), bytes, at).await;
            let kept = kept.map_err(ImportError::Picture)?;
            self.found.insert(path.to_owned(), Ok(Examined::Known(kept)));
        }
        Ok(())
    }
}

/// The last part of a path; where the file lay says nothing about the picture.
fn path_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

async fn read(folder: &Path, path: &str) -> Result<Bytes, String> {
    let (folder, file) = (folder.to_owned(), folder.join(path));
    let read = on_a_blocking_thread(move || {
        let about = std::fs::metadata(&file)?;
        // A pipe would never end, and a link may lead out of the folder.
        if !about.is_file() || !file.canonicalize()?.starts_with(folder.canonicalize()?) {
            return Ok(Err("is no file of the folder of images"));
        }
        if about.len() > MAX_BYTES {
            return Ok(Err("is larger than 64 MiB"));
        }
        std::fs::read(&file).map(Ok)
    });
    match read.await {
        Ok(Ok(bytes)) => Ok(bytes.into()),
        Ok(Err(reason)) => Err(format!("“{path}” {reason}")),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(format!("there is no file “{path}”"))
        }
        Err(error) => Err(format!("“{path}” cannot be read: {error}")),
    }
}
