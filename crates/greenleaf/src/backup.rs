//! The database and the pictures in one file, and back.
//!
//! The file is a plain tar: `database.sqlite`, then `media/…`. It holds no secret key.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use db::Db;
use tar::{Archive, Builder, EntryType, Header};
use uuid::Uuid;

use crate::config::{Config, Database, Storage};
use crate::say::{self, Progress};

const DATABASE: &str = "database.sqlite";
const MEDIA: &str = "media";

/// Writes a backup of a running shop; the file appears once it is whole.
///
/// Pictures are read after the database and never change under their key, so every picture that
/// the copied rows name is in the file.
pub(crate) async fn write(config: &Config, file: &Path) -> Result<()> {
    let database = sqlite(&config.storage)?.to_owned();
    ensure!(!file.exists(), "{} exists already", file.display());
    ensure!(database.exists(), "there is no database at {}", database.display());
    let media = media_folder(&config.storage);
    if media.is_none() {
        say::error("the pictures are in a bucket and not part of this backup: version the bucket");
    }

    let unfinished = beside(file);
    let copy = unfinished.with_extension("sqlite");
    let db = Db::connect(&config.storage.database.url()).await?;
    let copied = db.copy_to(&copy.to_string_lossy()).await;
    db.close().await;
    let (path, from) = (unfinished.clone(), copy.clone());
    let written = match copied {
        Ok(()) => blocking(move || write_tar(&path, &from, media.as_deref())).await,
        Err(error) => Err(error.into()),
    };
    let _ = std::fs::remove_file(&copy);
    let done = written.and_then(|()| Ok(std::fs::rename(&unfinished, file)?));
    if done.is_err() {
        let _ = std::fs::remove_file(&unfinished);
    }
    done.with_context(|| format!("{} could not be written", file.display()))?;
    say::line(format_args!("The backup is in {}.", file.display()));
    Ok(())
}

/// Fills an empty data folder.
pub(crate) async fn restore(config: &Config, file: &Path) -> Result<()> {
    let database = sqlite(&config.storage)?.to_owned();
    let media = media_folder(&config.storage);
    let data = config.storage.data.clone();
    for folder in [Some(&data), media.as_ref()].into_iter().flatten() {
        let is_empty = !folder.exists() || std::fs::read_dir(folder)?.next().is_none();
        ensure!(is_empty, "{} is not empty: restore into an empty folder", folder.display());
    }
    ensure!(!database.exists(), "{} exists already", database.display());
    let archive = File::open(file).with_context(|| format!("{}", file.display()))?;
    blocking(move || read_tar(archive, &database, media.as_deref()))
        .await
        .context("the backup could not be restored; empty the data folder before you try again")?;

    let db = Db::connect(&config.storage.database.url()).await?;
    let pending = db.pending_migrations().await?;
    db.close().await;
    say::line("The backup is restored.");
    if !pending.is_empty() {
        say::line("It is of an older version: run `greenleaf migrate`.");
    }
    Ok(())
}

fn sqlite(storage: &Storage) -> Result<&Path> {
    match &storage.database {
        Database::Sqlite(file) => Ok(file),
        Database::MySql(_) => bail!(
            "this is for SQLite; MySQL is backed up with its own tools: snapshots of RDS, or \
             mysqldump --single-transaction"
        ),
    }
}

/// The folder of the pictures; `None` when they are in a bucket.
fn media_folder(storage: &Storage) -> Option<PathBuf> {
    (storage.media.scheme() == "file").then(|| storage.media.to_file_path().ok()).flatten()
}

pub(crate) fn beside(file: &Path) -> PathBuf {
    file.with_file_name(format!(".greenleaf-{}.partial", Uuid::now_v7().simple()))
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.context("it panicked")?
}

fn write_tar(path: &Path, database: &Path, media: Option<&Path>) -> Result<()> {
    let mut pictures = Vec::new();
    if let Some(folder) = media.filter(|folder| folder.exists()) {
        list(folder, &mut pictures)?;
        pictures.sort();
    }
    let mut whole = database.metadata()?.len();
    for picture in &pictures {
        whole += picture.metadata()?.len();
    }
    let mut progress = Progress::of_bytes("backup", whole);

    let mut tar = Builder::new(io::BufWriter::new(File::create_new(path)?));
    append(&mut tar, Path::new(DATABASE), database, &mut progress)?;
    for picture in &pictures {
        let folder = media.expect("pictures come from a folder");
        let name = Path::new(MEDIA).join(picture.strip_prefix(folder)?);
        append(&mut tar, &name, picture, &mut progress)?;
    }
    let file = tar.into_inner()?.into_inner()?;
    file.sync_all()?;
    progress.finish();
    Ok(())
}

/// All files below a folder, but those that are being written.
fn list(folder: &Path, into: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            list(&entry.path(), into)?;
        } else if kind.is_file() && !entry.file_name().to_string_lossy().contains(['#', '~']) {
            into.push(entry.path());
        }
    }
    Ok(())
}

fn append<W: Write>(
    tar: &mut Builder<W>,
    name: &Path,
    from: &Path,
    progress: &mut Progress,
) -> Result<()> {
    let file = match File::open(from) {
        Ok(file) => file,
        // A picture that was deleted meanwhile.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error).with_context(|| format!("{}", from.display())),
    };
    let size = file.metadata()?.len();
    let mut header = Header::new_gnu();
    header.set_entry_type(EntryType::Regular);
    header.set_size(size);
    header.set_mode(0o600);
    tar.append_data(&mut header, name, file.take(size))?;
    progress.add(size);
    Ok(())
}

fn read_tar(archive: File, database: &Path, media: Option<&Path>) -> Result<()> {
    let mut progress = Progress::of_bytes("restore", archive.metadata()?.len());
    let mut has_database = false;
    let mut n_left_out = 0_u32;
    for entry in Archive::new(io::BufReader::new(archive)).entries()? {
        let mut entry = entry?;
        let name = entry.path()?.into_owned();
        let is_plain = name.components().all(|part| matches!(part, Component::Normal(_)));
        let is_file = entry.header().entry_type() == EntryType::Regular;
        ensure!(is_plain && is_file, "{} is not part of a backup", name.display());
        let to = if name == Path::new(DATABASE) {
            has_database = true;
            database.to_owned()
        } else if let Ok(picture) = name.strip_prefix(MEDIA) {
            match media {
                Some(folder) => folder.join(picture),
                None => {
                    n_left_out += 1;
                    continue;
                }
            }
        } else {
            bail!("{} is not part of a backup", name.display());
        };
        if let Some(folder) = to.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut file = File::create_new(&to).with_context(|| format!("{}", to.display()))?;
        let size = io::copy(&mut entry, &mut file)?;
        file.sync_all()?;
        progress.add(size);
    }
    progress.finish();
    ensure!(has_database, "it has no {DATABASE}");
    if n_left_out > 0 {
        say::error(format_args!("{n_left_out} pictures were left out: media_url is a bucket"));
    }
    Ok(())
}
