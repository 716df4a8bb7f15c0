//! Uploaded pictures, and their renditions in the sizes that pages ask for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use bytes::Bytes;
use commerce::content::Slug;
use commerce::media::{MediaId, MediaKey, Original, PictureFormat, RENDITION_WIDTHS};
use db::{Db, DbError};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tokio::sync::{Mutex as Turn, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

use crate::jobs::{self, MakeRenditions};
use crate::ports::{MediaStore, MediaStoreError, PictureError, Pictures, RenditionFormat};
use crate::{Shop, on_a_blocking_thread};

/// Why a picture was not taken.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    #[error(transparent)]
    Refused(#[from] PictureError),
    #[error("the picture could not be stored")]
    Store(#[from] MediaStoreError),
    #[error("the shop could not be reached")]
    Db(#[from] DbError),
}

/// Keeps a picture and asks for its renditions.
///
/// The key holds a hash of the content: the same file under the same name is kept once, and what
/// lies under a key never changes. The object is written before the row, so that a row never
/// names an object that is not there; an object without a row harms nobody.
pub async fn upload(shop: &Shop, file_name: &str, bytes: Bytes) -> Result<Original, UploadError> {
    let at = shop.clock.now();
    keep(&shop.db, shop.media.as_ref(), &shop.pictures, file_name, bytes, at).await
}

/// The same for those who have no shop yet.
pub async fn keep(
    db: &Db,
    store: &dyn MediaStore,
    pictures: &Arc<dyn Pictures>,
    file_name: &str,
    bytes: Bytes,
    at: Timestamp,
) -> Result<Original, UploadError> {
    match examine(db, pictures, file_name, bytes.clone()).await? {
        Examined::Known(original) => Ok(original),
        Examined::New(original) => store_new(db, store, original, bytes, at).await,
    }
}

/// A picture that was looked at and not kept yet.
#[derive(Clone, Debug)]
pub(crate) enum Examined {
    Known(Original),
    /// What it will be once it is kept.
    New(Original),
}

/// Looks whether a file is a picture, and whether we have it already. Writes nothing.
pub(crate) async fn examine(
    db: &Db,
    pictures: &Arc<dyn Pictures>,
    file_name: &str,
    bytes: Bytes,
) -> Result<Examined, UploadError> {
    let content = bytes.clone();
    let hash = on_a_blocking_thread(move || Sha256::digest(&content)).await;
    // Looking for the key is cheaper than decoding a picture that was decoded before.
    let mut conn = db.read().await?;
    for format in [PictureFormat::Jpeg, PictureFormat::Png, PictureFormat::Webp] {
        let key = original_key(file_name, &hash, format);
        if let Some(known) = db::media::find_by_key(&mut conn, &key).await? {
            return Ok(Examined::Known(known));
        }
    }
    drop(conn);
    let inspector = Arc::clone(pictures);
    let content = bytes.clone();
    let inspected = on_a_blocking_thread(move || inspector.inspect(&content)).await?;
    Ok(Examined::New(Original {
        id: MediaId(Uuid::now_v7()),
        key: original_key(file_name, &hash, inspected.format),
        format: inspected.format,
        width: inspected.width,
        height: inspected.height,
        bytes: u64::try_from(bytes.len()).expect("a length fits 64 bits"),
    }))
}

/// Keeps a picture that was examined.
pub(crate) async fn store_new(
    db: &Db,
    store: &dyn MediaStore,
    original: Original,
    bytes: Bytes,
    at: Timestamp,
) -> Result<Original, UploadError> {
    store.put(&original.key, bytes, original.format).await?;
    let mut tx = db.write().await?;
    match db::media::insert(&mut tx, &original, at).await {
        // Somebody else uploaded the same picture at the same moment.
        Err(DbError::Taken(error)) => {
            drop(tx);
            let known = db::media::find_by_key(&mut db.read().await?, &original.key).await?;
            return Ok(known.ok_or(DbError::Taken(error))?);
        }
        inserted => inserted?,
    }
    jobs::push(&mut tx, &MakeRenditions::of(original.id), at).await?;
    tx.commit().await?;
    Ok(original)
}

fn original_key(file_name: &str, hash: &[u8], format: PictureFormat) -> MediaKey {
    let hex = data_encoding::HEXLOWER.encode(hash);
    let stem = file_name.rsplit_once('.').map_or(file_name, |(stem, _)| stem);
    // A picture that comes back under the name we gave it keeps that name.
    let stem = stem.strip_suffix(&format!("-{}", &hex[4..20])).unwrap_or(stem);
    let slug = Slug::from_title(stem);
    let name = slug.as_ref().map_or("picture", Slug::as_str);
    let name = &name[..name.len().min(80)];
    let extension = match format {
        PictureFormat::Jpeg => "jpg",
        PictureFormat::Png => "png",
        PictureFormat::Webp => "webp",
    };
    MediaKey::new(format!("{}/{}/{name}-{}.{extension}", &hex[..2], &hex[2..4], &hex[4..20]))
        .expect("a slug, a hash and an extension are made of a key's letters")
}

/// Where the rendition of an original lies.
pub fn rendition(original: &MediaKey, width: u32, format: RenditionFormat) -> MediaKey {
    let key = original.as_str();
    let stem = key.rsplit_once('.').map_or(key, |(stem, _)| stem);
    let extension = match format {
        RenditionFormat::Jpeg => "jpg",
        RenditionFormat::Webp => "webp",
    };
    MediaKey::new(format!("r/{width}/{stem}.{extension}"))
        .expect("an original's key leaves room for a width")
}

/// The widths that an original is rendered in. One narrower than all of them is rendered once,
/// as it is, under the name of the smallest.
pub fn rendition_widths(original: &Original) -> impl DoubleEndedIterator<Item = u32> {
    let [smallest, ..] = RENDITION_WIDTHS;
    let width = original.width;
    RENDITION_WIDTHS.into_iter().filter(move |&it| it <= width || it == smallest)
}

/// Makes every rendition of an original, unless they are there already.
///
/// The widest JPEG is written last: if it is there, so are the others.
pub async fn make_renditions(
    store: &dyn MediaStore,
    pictures: &Arc<dyn Pictures>,
    original: &Original,
) -> Result<(), MakeRenditionsError> {
    let wanted: Vec<(u32, RenditionFormat)> = rendition_widths(original)
        .flat_map(|width| [(width, RenditionFormat::Webp), (width, RenditionFormat::Jpeg)])
        .collect();
    let key_of =
        |&(width, format): &(u32, RenditionFormat)| rendition(&original.key, width, format);
    if let Some(last) = wanted.last()
        && store.find(&key_of(last)).await?.is_some()
    {
        return Ok(());
    }
    let bytes = store.find(&original.key).await?.ok_or(MakeRenditionsError::Missing)?;
    let renderer = Arc::clone(pictures);
    let specs = wanted.clone();
    let renditions = on_a_blocking_thread(move || renderer.render(&bytes, &specs)).await?;
    for (spec, bytes) in wanted.iter().zip(renditions) {
        store.put(&key_of(spec), bytes, format_of(spec.1)).await?;
    }
    Ok(())
}

/// Why renditions were not made.
#[derive(Debug, thiserror::Error)]
pub enum MakeRenditionsError {
    #[error("the original is not in the store")]
    Missing,
    #[error(transparent)]
    Picture(#[from] PictureError),
    #[error(transparent)]
    Store(#[from] MediaStoreError),
}

fn format_of(format: RenditionFormat) -> PictureFormat {
    match format {
        RenditionFormat::Jpeg => PictureFormat::Jpeg,
        RenditionFormat::Webp => PictureFormat::Webp,
    }
}

/// How many originals are rendered at the same time: each takes a core and its pixels in memory.
const N_RENDERED: usize = 2;
/// How long somebody who asks for a picture waits for a place. A page that nobody has seen may ask for
/// two dozen at once, and a browser does not ask again for what was refused.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where renditions are made: a few originals at a time, and each by the first who asks for it
/// while the others wait for the result.
pub(crate) struct Workshop {
    places: Arc<Semaphore>,
    turns: Mutex<HashMap<MediaId, Weak<Turn<()>>>>,
}

/// The right to render an original now.
struct Place {
    _turn: OwnedMutexGuard<()>,
    _place: OwnedSemaphorePermit,
}

impl Default for Workshop {
    fn default() -> Self {
        Self { places: Arc::new(Semaphore::new(N_RENDERED)), turns: Mutex::default() }
    }
}

impl Workshop {
    /// Waits for a place to render `original`.
    async fn place(&self, original: MediaId) -> Place {
        let turn = self.turn(original).lock_owned().await;
        let place = Arc::clone(&self.places).acquire_owned().await;
        Place { _turn: turn, _place: place.expect("the places are never closed") }
    }

    fn turn(&self, original: MediaId) -> Arc<Turn<()>> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        turns.retain(|_, turn| turn.strong_count() > 0);
        if let Some(turn) = turns.get(&original).and_then(Weak::upgrade) {
            return turn;
        }
        let turn = Arc::new(Turn::new(()));
        turns.insert(original, Arc::downgrade(&turn));
        turn
    }
}

/// Makes the renditions of an original in the workshop, unless somebody has made them meanwhile.
pub(crate) async fn make_in_turn(
    shop: &Shop,
    original: &Original,
) -> Result<(), MakeRenditionsError> {
    let place = shop.workshop.place(original.id).await;
    make_at(shop, place, original).await
}

/// Goes on to the end also when whoever asked has gone away: only then is the place free.
async fn make_at(
    shop: &Shop,
    place: Place,
    original: &Original,
) -> Result<(), MakeRenditionsError> {
    let (store, pictures) = (Arc::clone(&shop.media), Arc::clone(&shop.pictures));
    let original = original.clone();
    let made = tokio::spawn(async move {
        let made = make_renditions(store.as_ref(), &pictures, &original).await;
        drop(place);
        made
    });
    match made.await {
        Ok(made) => made,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// Why a picture cannot be served, other than that there is none.
#[derive(Debug, thiserror::Error)]
pub enum FindPictureError {
    #[error("too many pictures are being made")]
    Busy,
    #[error(transparent)]
    Render(#[from] MakeRenditionsError),
    #[error("the shop could not be reached")]
    Db(#[from] DbError),
}

/// The object under a key, made on the spot when it is a rendition that no job has made yet.
///
/// Only renditions in the widths and formats that pages ask for are made: nobody can fill the
/// store by asking for others.
pub async fn find(
    shop: &Shop,
    key: &MediaKey,
) -> Result<Option<(Bytes, PictureFormat)>, FindPictureError> {
    let Some(format) = format_of_key(key) else { return Ok(None) };
    let store = shop.media.as_ref();
    let found = store.find(key).await.map_err(MakeRenditionsError::from)?;
    if let Some(bytes) = found {
        return Ok(Some((bytes, format)));
    }
    let Some(original) = original_of(shop, key).await? else { return Ok(None) };
    let place = tokio::time::timeout(PATIENCE, shop.workshop.place(original.id));
    let place = place.await.map_err(|_| FindPictureError::Busy)?;
    make_at(shop, place, &original).await?;
    let made = store.find(key).await.map_err(MakeRenditionsError::from)?;
    Ok(made.map(|bytes| (bytes, format)))
}

fn format_of_key(key: &MediaKey) -> Option<PictureFormat> {
    match key.as_str().rsplit_once('.')?.1 {
        "jpg" => Some(PictureFormat::Jpeg),
        "png" => Some(PictureFormat::Png),
        "webp" => Some(PictureFormat::Webp),
        _ => None,
    }
}

/// The original that a rendition's key belongs to, if it is rendered in that width at all.
async fn original_of(shop: &Shop, key: &MediaKey) -> Result<Option<Original>, DbError> {
    let parts = || {
        let (width, rest) = key.as_str().strip_prefix("r/")?.split_once('/')?;
        let (stem, extension) = rest.rsplit_once('.')?;
        matches!(extension, "jpg" | "webp").then_some((width, stem))
    };
    let Some((width, stem)) = parts() else { return Ok(None) };
    let mut conn = shop.db.read().await?;
    for extension in ["jpg", "png", "webp"] {
        let Some(key) = MediaKey::new(format!("{stem}.{extension}")) else { return Ok(None) };
        if let Some(original) = db::media::find_by_key(&mut conn, &key).await? {
            let is_rendered = rendition_widths(&original).any(|it| it.to_string() == width);
            return Ok(is_rendered.then_some(original));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_tells_the_name_and_the_content() {
        let key = original_key("Thé « Sencha ».PNG", &[0xab; 32], PictureFormat::Png);

        assert_eq!(key.as_str(), "ab/ab/the-sencha-abababababababab.png");
        assert_eq!(
            rendition(&key, 400, RenditionFormat::Webp).as_str(),
            "r/400/ab/ab/the-sencha-abababababababab.webp"
        );
        let again =
            original_key("the-sencha-abababababababab.png", &[0xab; 32], PictureFormat::Png);
        assert_eq!(again, key);
        let nameless = original_key("…", &[0; 32], PictureFormat::Jpeg);
        assert_eq!(nameless.as_str(), "00/00/picture-0000000000000000.jpg");
    }
}
