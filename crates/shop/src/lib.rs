//! What the shop can do: one function per use case, one transaction each.
//!
//! Depends on `commerce` (the rules), `db` (the truth) and `search` (the read side). `web` and
//! `api` call it; vendors stand behind [`ports`], which `gateways` implements.

pub mod bulk;
pub mod cart;
pub mod catalog;
pub mod checkout;
pub mod content;
pub mod customer;
pub mod exchange;
pub mod idempotency;
pub mod integration;
pub mod jobs;
pub mod markdown;
pub mod media;
pub mod order;
pub mod password;
pub mod ports;
pub mod read_side;
pub mod redirect;
pub mod secret;
pub mod settings;
pub mod staff;
mod use_case;
pub mod webhook;

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::ArcSwap;
use commerce::content::Page;
use db::Db;
pub use db::DbError;
use jiff::Timestamp;

use crate::settings::Settings;
pub(crate) use crate::use_case::{MayRetry, use_case};

/// The shop, joined from its parts. Cheap to clone.
#[derive(Clone)]
pub struct Shop {
    pub db: Db,
    pub clock: Clock,
    pub mailer: Arc<dyn ports::Mailer>,
    pub letters: Arc<dyn ports::Letters>,
    pub operations: Arc<dyn ports::Operations>,
    pub courier: Arc<dyn ports::Courier>,
    pub media: Arc<dyn ports::MediaStore>,
    pub pictures: Arc<dyn ports::Pictures>,
    pub key: Arc<secret::Key>,
    pub passwords: password::Hasher,
    /// Where the shop is reached from outside, without a slash at the end.
    pub base_url: Arc<str>,
    workshop: Arc<media::Workshop>,
    read: Arc<ReadSide>,
}

/// What pages are made of: the truth as it was at most a second ago, in memory.
struct ReadSide {
    index: search::Index,
    settings: ArcSwap<Settings>,
    pages: ArcSwap<Vec<Page>>,
    /// Counts how often settings or pages were replaced.
    n_replaced: AtomicU64,
    redirects: redirect::Known,
    feed: read_side::Feed,
}

/// What a shop is joined from.
pub struct Parts {
    pub db: Db,
    pub clock: Clock,
    pub mailer: Arc<dyn ports::Mailer>,
    pub letters: Arc<dyn ports::Letters>,
    pub operations: Arc<dyn ports::Operations>,
    pub courier: Arc<dyn ports::Courier>,
    pub media: Arc<dyn ports::MediaStore>,
    pub pictures: Arc<dyn ports::Pictures>,
    pub key: secret::Key,
    pub base_url: String,
    pub index: search::Index,
    pub settings: Settings,
    pub pages: Vec<Page>,
    /// The hashes of the old addresses that lead on.
    pub redirects: HashSet<i64>,
    /// How far into the change feed index, settings and pages are.
    pub position: db::change::Position,
}

impl Shop {
    pub fn new(parts: Parts) -> Self {
        let now = parts.clock.now();
        Self {
            db: parts.db,
            clock: parts.clock,
            mailer: parts.mailer,
            letters: parts.letters,
            operations: parts.operations,
            courier: parts.courier,
            media: parts.media,
            pictures: parts.pictures,
            key: Arc::new(parts.key),
            passwords: password::Hasher::default(),
            base_url: parts.base_url.trim_end_matches('/').into(),
            workshop: Arc::default(),
            read: Arc::new(ReadSide {
                index: parts.index,
                settings: ArcSwap::from_pointee(parts.settings),
                pages: ArcSwap::from_pointee(parts.pages),
                n_replaced: AtomicU64::new(0),
                redirects: redirect::Known::new(parts.redirects),
                feed: read_side::Feed::new(parts.position, now),
            }),
        }
    }

    /// What the merchant set, at most a second ago.
    pub fn settings(&self) -> Arc<Settings> {
        self.read.settings.load_full()
    }

    /// Products, categories and their search. Keep it for one request, so that the request sees
    /// one version.
    pub fn catalog(&self) -> Arc<search::Snapshot> {
        self.read.index.load()
    }

    /// The pages of content, published or not.
    pub fn pages(&self) -> Arc<Vec<Page>> {
        self.read.pages.load_full()
    }

    /// Changes whenever [`Self::settings`] or [`Self::pages`] do. Ask before reading them: what is
    /// made from them is then at least that new.
    pub fn settings_version(&self) -> u64 {
        self.read.n_replaced.load(Ordering::Acquire)
    }

    /// How old what the pages show may be; grows while the database is away.
    pub fn feed_lag(&self) -> jiff::SignedDuration {
        self.read.feed.lag(self.clock.now())
    }
}

/// Tells the time; tests set it.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

/// Runs work that occupies a core, and panics as it does.
pub(crate) async fn on_a_blocking_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// An error as the log takes it: with the chain of its causes.
pub fn logged<'a>(
    error: &'a (dyn std::error::Error + 'static),
) -> &'a (dyn std::error::Error + 'static) {
    error
}
