//! Addresses that something had before, kept so that whoever has one still gets there.
//!
//! Only an address that is no page is looked up, and only one whose hash is known asks the
//! database: whoever asks for thousands of invented ones costs it nothing.

use std::collections::HashSet;
use std::sync::{PoisonError, RwLock};

use commerce::channel::Locale;
use commerce::content::{Localized, Slug};
use commerce::redirect::{OldPath, Redirect, Target};
use db::change::{Change, Topic};
use db::{Conn, DbError, Tx};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{Shop, use_case};

/// How many hashes are read at a time.
const PAGE: u32 = 10_000;

/// The hashes of the addresses that lead on: eight bytes for each, whatever its length.
pub(crate) struct Known(RwLock<HashSet<i64>>);

impl Known {
    pub(crate) fn new(hashes: HashSet<i64>) -> Self {
        Self(RwLock::new(hashes))
    }

    fn has(&self, hash: i64) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).contains(&hash)
    }
}

pub(crate) fn hash(path: &OldPath) -> i64 {
    let digest = Sha256::digest(path.as_str());
    let first: [u8; 8] = std::array::from_fn(|at| digest[at]);
    i64::from_be_bytes(first)
}

/// Where an address that is no page leads; `path` is decoded and has no query.
pub async fn find(shop: &Shop, path: &str) -> Result<Option<Redirect>, DbError> {
    let Some(path) = OldPath::new(path) else { return Ok(None) };
    let hash = hash(&path);
    if !shop.read.redirects.has(hash) {
        return Ok(None);
    }
    let found = db::redirect::find(&mut shop.db.read().await?, hash).await?;
    Ok(found.filter(|redirect| redirect.from == path))
}

pub(crate) async fn load(conn: &mut Conn) -> Result<HashSet<i64>, DbError> {
    let (mut hashes, mut last) = (HashSet::new(), None);
    loop {
        let page = db::redirect::list_hashes(conn, last, PAGE).await?;
        let Some(&end) = page.last() else { return Ok(hashes) };
        hashes.extend(page);
        last = Some(end);
    }
}

/// Takes in what changes say.
pub(crate) async fn follow(
    shop: &Shop,
    conn: &mut Conn,
    changes: &[Change],
) -> Result<(), DbError> {
    let ours = || changes.iter().filter(|change| change.topic == Topic::Redirect);
    if ours().next().is_none() {
        return Ok(());
    }
    let all = match ours().any(|change| change.subject.is_none()) {
        true => Some(load(conn).await?),
        false => None,
    };
    let mut known = shop.read.redirects.0.write().unwrap_or_else(PoisonError::into_inner);
    match all {
        Some(all) => *known = all,
        None => known.extend(ours().filter_map(|change| change.subject.map(hash_in))),
    }
    Ok(())
}

/// A hash as the subject of a change, and back.
fn subject_of(hash: i64) -> Uuid {
    Uuid::from_u64_pair(0, u64::from_be_bytes(hash.to_be_bytes()))
}

fn hash_in(subject: Uuid) -> i64 {
    i64::from_be_bytes(subject.as_u64_pair().1.to_be_bytes())
}

/// Has every instance look again at the addresses that lead on, after many came.
pub async fn announce_all(shop: &Shop) -> Result<(), DbError> {
    use_case("announce-redirects", || async {
        let mut tx = shop.db.write().await?;
        let change = Change { topic: Topic::Redirect, subject: None };
        db::change::push(&mut tx, change, shop.clock.now()).await?;
        tx.commit().await
    })
    .await
}

/// Where the storefront shows something: `/p/the` in the first language, `/en/p/tea` in another.
fn address(kind: &str, locale: Locale, slug: &Slug) -> Option<OldPath> {
    let path = format!("{kind}/{slug}");
    OldPath::new(&if locale == Locale::FR { path } else { format!("{}/{path}", locale.as_str()) })
}

/// Keeps the addresses that something gives up.
pub(crate) async fn keep<T>(
    tx: &mut Tx,
    target: &Target,
    before: &Localized<T>,
    now: &Localized<T>,
    slug: impl Fn(&T) -> &Slug,
    at: Timestamp,
) -> Result<(), DbError> {
    let kind = match target {
        Target::Product(_) => "p",
        Target::Category(_) => "c",
        Target::Page(_) => "pages",
        Target::Path(_) => return Ok(()),
    };
    for (&locale, text) in &before.0 {
        let old = slug(text);
        if now.0.get(&locale).is_some_and(|text| slug(text) == old) {
            continue;
        }
        let Some(from) = address(kind, locale, old) else { continue };
        let redirect = Redirect { from, locale, target: target.clone() };
        let hash = hash(&redirect.from);
        db::redirect::save(tx, hash, &redirect, at).await?;
        let change = Change { topic: Topic::Redirect, subject: Some(subject_of(hash)) };
        db::change::push(tx, change, at).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_comes_back_from_a_change() {
        for hash in [0, 1, -1, i64::MIN, i64::MAX] {
            assert_eq!(hash_in(subject_of(hash)), hash);
        }
    }
}
