//! The read side, built from the truth and kept up to date by the change feed.
//!
//! While the database is away, pages are made of what was read last. Once it is back, the feed
//! tells what was missed.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use commerce::catalog::{Product, ProductId, Sku};
use commerce::channel::ChannelCode;
use commerce::content::Page;
use commerce::stock::{SourceCode, StockLevel};
use db::change::{Position, Topic};
use db::{Conn, Db, DbError};
use jiff::{SignedDuration, Timestamp};
use search::{Delta, Index, IndexError, ProductInput, Source, Structure};
use tokio::sync::{Mutex, watch};

use crate::settings::{Settings, main_source};
use crate::{Shop, on_a_blocking_thread};

/// How often the feed is asked for news.
const POLL: Duration = Duration::from_millis(200);
/// How long to wait before a database that is away is asked again.
const PATIENCE: Duration = Duration::from_secs(1);
/// How many products are read at a time.
const PAGE: u32 = 500;

/// Why the read side was not built or not brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum ReadSideError {
    #[error("there is no channel {0}")]
    NoChannel(ChannelCode),
    #[error(transparent)]
    Index(#[from] IndexError),
    #[error("the truth could not be read")]
    Db(#[from] DbError),
}

/// What a shop shows, and how far into the feed that is.
pub struct Loaded {
    pub index: Index,
    pub settings: Settings,
    pub pages: Vec<Page>,
    pub redirects: HashSet<i64>,
    pub position: Position,
}

/// How far this instance has read the feed.
pub(crate) struct Feed {
    position: Mutex<Position>,
    /// In microseconds: when nothing was left to read.
    caught_up_at: AtomicI64,
}

impl Feed {
    pub(crate) fn new(position: Position, at: Timestamp) -> Self {
        Self { position: Mutex::new(position), caught_up_at: AtomicI64::new(at.as_microsecond()) }
    }

    /// How old what we show may be.
    pub(crate) fn lag(&self, now: Timestamp) -> SignedDuration {
        let micros = now.as_microsecond() - self.caught_up_at.load(Ordering::Relaxed);
        SignedDuration::from_micros(micros.max(0))
    }
}

/// Reads all that a channel shows, as it is at one moment.
pub async fn load(db: &Db, channel: &ChannelCode, now: Timestamp) -> Result<Loaded, ReadSideError> {
    let mut conn = db.read_consistently().await?;
    let position = db::change::position(&mut conn).await?;
    let settings = Settings::load(&mut conn, channel).await?;
    let settings = settings.ok_or_else(|| ReadSideError::NoChannel(channel.clone()))?;
    let structure = load_structure(&mut conn).await?;
    let pages = db::content::list(&mut conn).await?;
    let redirects = crate::redirect::load(&mut conn).await?;
    let stock = load_stock(&mut conn, &settings.source).await?;
    let mut products: Vec<ProductInput> = Vec::new();
    loop {
        let after = products.last().map(|input| input.product.id);
        let page = db::catalog::product::list_after(&mut conn, after, PAGE).await?;
        if page.is_empty() {
            break;
        }
        products.extend(page.iter().map(|product| input(product, |sku| stock.get(sku).copied())));
    }
    drop(conn);

    let source = Source { channel: settings.channel.clone(), structure, products };
    let index = on_a_blocking_thread(move || Index::new(source, now)).await?;
    Ok(Loaded { index, settings, pages, redirects, position })
}

async fn load_structure(conn: &mut Conn) -> Result<Structure, DbError> {
    Ok(Structure {
        attributes: db::catalog::attribute::list(conn).await?,
        categories: db::catalog::category::list(conn).await?,
        tax: db::channel::tax_table(conn).await?,
        synonyms: db::catalog::synonym::list(conn).await?,
    })
}

async fn load_stock(
    conn: &mut Conn,
    source: &SourceCode,
) -> Result<HashMap<Sku, StockLevel>, DbError> {
    let levels = db::stock::list(conn).await?;
    let ours = levels.into_iter().filter(|(_, of, _)| of == source);
    Ok(ours.map(|(sku, _, level)| (sku, level)).collect())
}

fn input(product: &Product, level: impl Fn(&Sku) -> Option<StockLevel>) -> ProductInput {
    // A copy has no room to spare, of which what was gathered row by row is full.
    let product = product.clone();
    let available: BTreeMap<Sku, u32> = product
        .variants
        .iter()
        .filter_map(|variant| Some((variant.sku.clone(), level(&variant.sku)?.available())))
        .collect();
    ProductInput { product, available }
}

/// Applies what changed since the last time; `false` when nothing had.
pub async fn catch_up(shop: &Shop) -> Result<bool, ReadSideError> {
    let mut position = shop.read.feed.position.lock().await;
    let now = shop.clock.now();
    db::change::number_batch(&shop.db).await?;
    let mut conn = shop.db.read_consistently().await?;
    let (changes, reached) = db::change::list_after(&mut conn, *position).await?;
    if changes.is_empty() {
        drop(conn);
        let is_due = shop.catalog().next_change().is_some_and(|moment| moment <= now);
        if is_due {
            let read = Arc::clone(&shop.read);
            on_a_blocking_thread(move || read.index.refresh(now).map(drop)).await?;
        }
        shop.read.feed.caught_up_at.store(now.as_microsecond(), Ordering::Relaxed);
        return Ok(false);
    }

    let topics: BTreeSet<Topic> = changes.iter().map(|change| change.topic).collect();
    let ids: Vec<ProductId> = changes
        .iter()
        .filter(|change| change.topic == Topic::Product)
        .filter_map(|change| change.subject.map(ProductId))
        .collect();
    let mut delta = Delta { products: load_changed(&mut conn, &ids).await?, ..Delta::default() };
    if topics.contains(&Topic::Structure) || topics.contains(&Topic::Channel) {
        delta.structure = Some(load_structure(&mut conn).await?);
    }
    if topics.contains(&Topic::Channel) {
        let code = shop.settings().channel.code.clone();
        let settings = Settings::load(&mut conn, &code).await?;
        let settings = settings.ok_or(ReadSideError::NoChannel(code))?;
        shop.read.settings.store(Arc::new(settings));
        shop.read.n_replaced.fetch_add(1, Ordering::Release);
    }
    if topics.contains(&Topic::Content) {
        let pages = db::content::list(&mut conn).await?;
        shop.read.pages.store(Arc::new(pages));
        shop.read.n_replaced.fetch_add(1, Ordering::Release);
    }
    crate::redirect::follow(shop, &mut conn, &changes).await?;
    let is_at_end = db::change::is_at_end(&mut conn, reached).await?;
    drop(conn);

    if delta.structure.is_some() || !delta.products.is_empty() {
        let read = Arc::clone(&shop.read);
        on_a_blocking_thread(move || read.index.apply(delta, now).map(drop)).await?;
    }
    *position = reached;
    // While an import goes on there is always something to read, and pages are new nonetheless.
    if is_at_end {
        shop.read.feed.caught_up_at.store(now.as_microsecond(), Ordering::Relaxed);
    }
    Ok(true)
}

async fn load_changed(
    conn: &mut Conn,
    ids: &[ProductId],
) -> Result<Vec<(ProductId, Option<ProductInput>)>, DbError> {
    let products = db::catalog::product::find_many(conn, ids).await?;
    let skus: Vec<Sku> = products
        .iter()
        .flat_map(|product| product.variants.iter().map(|variant| variant.sku.clone()))
        .collect();
    let stock = db::stock::find_many(conn, &main_source(), &skus).await?;
    let mut found: HashMap<ProductId, ProductInput> = products
        .iter()
        .map(|product| (product.id, input(product, |sku| stock.get(sku).copied())))
        .collect();
    Ok(ids.iter().map(|&id| (id, found.remove(&id))).collect())
}

/// Follows the feed until `halt` says so. Each instance runs it once.
pub async fn follow(shop: Shop, mut halt: watch::Receiver<bool>) {
    let mut is_away = false;
    while !*halt.borrow() {
        let pause = match catch_up(&shop).await {
            Ok(has_changed) => {
                if is_away {
                    tracing::info!("the change feed can be read again");
                    is_away = false;
                }
                if has_changed { Duration::ZERO } else { POLL }
            }
            Err(error) => {
                if !is_away {
                    let error = crate::logged(&error);
                    tracing::warn!(
                        error,
                        "the change feed cannot be read; pages show what was read last"
                    );
                    is_away = true;
                }
                PATIENCE
            }
        };
        if !pause.is_zero() {
            let _ = tokio::time::timeout(pause, halt.changed()).await;
        }
    }
}
