//! Pages under load, beside a bare handler that sends as many bytes.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use db::Db;
use db::change::{Change, Topic};

use crate::figure::{Figure, median, shown};
use crate::float;
use crate::load::{BROWSER, CONNECTIONS, Connection, Load, Paths, load};
use crate::process::Server;
use crate::weight;

/// How often each kind of request is measured, and how long each time.
#[derive(Clone, Copy)]
pub(crate) struct Rounds {
    pub(crate) number: usize,
    pub(crate) time: Duration,
}

/// How many product pages one round asks for.
const N_PRODUCT_PAGES: usize = 3_000;
/// A page of a list that is full.
const N_CARDS: usize = 24;

pub(crate) const BARE: &str = "bare handler";

const PAGES: &str = "greenleaf_page_cache_total";

pub(crate) struct Target<'a> {
    server: &'a Server,
    paths: Arc<Paths>,
    cache: Cache,
    /// The metric that counts what came from the cache.
    counter: &'static str,
    loads: Vec<Load>,
}

/// What the cache of pages must have to do with the answers, or the row does not measure what it
/// says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cache {
    /// There is none.
    Absent,
    Hit,
    Miss,
    /// Every page is asked for once, after a change of the settings has made the kept ones stale.
    Stale,
}

/// Loads the pages of a running shop whose rows are in `db`.
pub(crate) async fn measure(
    shop: &Server,
    db: &Db,
    words: &[&str],
    rounds: Rounds,
) -> Result<Vec<Figure>> {
    let found = Found::look(shop.address).await?;
    let me = std::env::current_exe()?;
    let bare = Server::start(&me, &["bare", &found.n_bytes.to_string()], &[]).await?;

    let (lists, words) = (found.lists.clone(), words.iter().map(|&word| word.to_owned()));
    let (queries, n_asked) = (queries(words.collect()), AtomicU64::new(0));
    let fresh = Arc::new(move || 100_000 + n_asked.fetch_add(1, Ordering::Relaxed));
    let targets = [
        target(&bare, Cache::Absent, PAGES, |_| Some("/".to_owned())),
        target(shop, Cache::Hit, PAGES, {
            let lists = lists.clone();
            move |n| Some(lists[at(n, lists.len())].clone())
        }),
        // A price range that nobody asked for before is a page that nobody made before.
        target(shop, Cache::Miss, PAGES, {
            let fresh = Arc::clone(&fresh);
            move |n| Some(format!("{}?price=0-{}", lists[at(n, lists.len())], fresh()))
        }),
        target(shop, Cache::Miss, PAGES, move |n| {
            Some(format!("/search?q={}&price=0-{}", queries[at(n, queries.len())], fresh()))
        }),
        target(shop, Cache::Stale, PAGES, {
            let products = found.products.clone();
            move |n| products.get(usize::try_from(n).ok()?).cloned()
        }),
    ];
    let [bare, cached, category, search, product] = run(targets, db, rounds).await?;
    let mut figures = figures(&found, &bare, [&cached, &category, &search, &product]);
    figures.extend(weight::measure(shop.address, &found.lists[0], &found.products).await?);
    Ok(figures)
}

pub(crate) fn target<'a>(
    server: &'a Server,
    cache: Cache,
    counter: &'static str,
    paths: impl Fn(u64) -> Option<String> + Send + Sync + 'static,
) -> Target<'a> {
    Target { server, paths: Arc::new(paths), cache, counter, loads: Vec::new() }
}

pub(crate) fn at(n: u64, of: usize) -> usize {
    usize::try_from(n).unwrap_or_default() % of
}

/// One word and two words in turn.
fn queries(words: Vec<String>) -> Vec<String> {
    let pairs = words.iter().zip(words.iter().skip(1)).map(|(a, b)| format!("{a}+{b}"));
    let pairs: Vec<String> = pairs.collect();
    words.into_iter().chain(pairs).collect()
}

/// Runs the targets in turn, so that a busy minute of the machine meets all of them.
pub(crate) async fn run<const N: usize>(
    mut targets: [Target<'_>; N],
    db: &Db,
    rounds: Rounds,
) -> Result<[Vec<Load>; N]> {
    for target in &targets {
        load(target.server, rounds.time / 3, &target.paths).await?;
    }
    for _ in 0..rounds.number {
        for target in &mut targets {
            let mut time = rounds.time;
            if target.cache == Cache::Stale {
                spoil(target.server.address, db).await?;
                time *= 10;
            }
            // After a change each page is made once more, which is not what this measures.
            if target.cache == Cache::Hit {
                load(target.server, time, &target.paths).await?;
            }
            let before = hits(target).await?;
            target.loads.push(load(target.server, time, &target.paths).await?);
            let after = hits(target).await?;
            let hit_share = (after.0 - before.0) / (after.1 - before.1).max(1.0);
            match target.cache {
                Cache::Absent => {}
                Cache::Hit => ensure!(hit_share > 0.99, "{hit_share} of the cached pages were"),
                Cache::Miss | Cache::Stale => {
                    ensure!(hit_share < 0.01, "{hit_share} of the uncached pages were cached");
                }
            }
        }
    }
    Ok(targets.map(|target| target.loads))
}

/// How many pages came from the cache until now, and how many there were.
async fn hits(target: &Target<'_>) -> Result<(f64, f64)> {
    if target.cache == Cache::Absent {
        return Ok((0.0, 0.0));
    }
    let mut connection = Connection::open(target.server.address).await?;
    let answer = connection.get("/metrics", "").await?;
    let text = String::from_utf8_lossy(answer.body);
    let count = |hit: &str| {
        gauge(&text, &format!("{}{{hit=\"{hit}\"}} ", target.counter)).unwrap_or_default()
    };
    let (hit, missed) = (count("yes"), count("no"));
    Ok((hit, hit + missed))
}

/// Announces a change of the channel and waits until the shop has followed it, which makes all
/// kept pages stale.
async fn spoil(address: SocketAddr, db: &Db) -> Result<()> {
    let mut tx = db.write().await?;
    let change = Change { topic: Topic::Channel, subject: None };
    db::change::push(&mut tx, change, crate::now()).await?;
    tx.commit().await?;

    let mut connection = Connection::open(address).await?;
    let announced = Instant::now();
    loop {
        let passed = announced.elapsed();
        let answer = connection.get("/metrics", "").await?;
        let text = String::from_utf8_lossy(answer.body);
        // What the shop shows is younger than the change.
        if gauge(&text, "feed_lag_seconds ").is_some_and(|lag| lag < passed.as_secs_f64()) {
            return Ok(());
        }
        ensure!(passed < Duration::from_mins(1), "the shop does not follow its feed");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// What `/metrics` tells under a name, with its labels and the space behind it.
fn gauge(metrics: &str, name: &str) -> Option<f64> {
    metrics.lines().find_map(|line| line.strip_prefix(name))?.parse().ok()
}

/// What there is to ask for, by the shop's own sitemap.
pub(crate) struct Found {
    /// Categories whose first page is full.
    pub(crate) lists: Vec<String>,
    n_cards: usize,
    /// What such a page weighs on the way, on average.
    n_bytes: usize,
    products: Vec<String>,
}

impl Found {
    pub(crate) async fn look(address: SocketAddr) -> Result<Self> {
        let mut connection = Connection::open(address).await?;
        let sitemap = connection.get("/sitemap.xml", "").await?;
        let sitemap = String::from_utf8_lossy(sitemap.body).into_owned();
        let paths: Vec<String> = sitemap
            .split("<loc>")
            .skip(1)
            .filter_map(|rest| {
                let url = rest.split_once("</loc>")?.0;
                Some(format!("/{}", url.splitn(4, '/').nth(3)?))
            })
            .collect();
        let below = |start: &str| {
            paths.iter().filter(|path| path.starts_with(start)).cloned().collect::<Vec<_>>()
        };
        let mut lists = Vec::new();
        for path in below("/c/") {
            let page = connection.get(&path, "").await?;
            let page = String::from_utf8_lossy(page.body);
            let cards = page.split("href=\"/p/").skip(1).filter_map(|rest| rest.split('"').next());
            let n_cards = cards.collect::<BTreeSet<_>>().len();
            lists.push((n_cards, path));
        }
        let n_cards = lists.iter().map(|(n, _)| *n).max().context("the shop has categories")?;
        lists.retain(|(n, _)| *n >= n_cards.min(N_CARDS));
        let lists: Vec<String> = lists.into_iter().map(|(_, path)| path).collect();
        let mut n_bytes = 0;
        for path in &lists {
            n_bytes += connection.get(path, BROWSER).await?.body.len();
        }
        let products = [below("/p/"), below("/en/p/")].concat();
        Ok(Self {
            n_bytes: n_bytes / lists.len(),
            lists,
            n_cards,
            products: products.into_iter().take(N_PRODUCT_PAGES).collect(),
        })
    }
}

fn figures(found: &Found, bare: &[Load], rows: [&[Load]; 4]) -> Vec<Figure> {
    let p99 = |loads: &[Load]| median(loads.iter().map(|load| load.p99_millis));
    let row = |name: &str, loads: &[Load]| row(name, bare, loads);
    let [cached, category, search, product] = rows;
    let own = median(bare.iter().map(|load| load.own_cpu_micros));
    let note = format!(
        "{} bytes each; the load generator takes {} µs of CPU for each",
        shown(float(found.n_bytes)),
        shown(own)
    );
    let with_cards = |figure: Figure| {
        let note = format!("{} cards; {}", found.n_cards, figure.note);
        figure.note(note)
    };
    // The bare handler's own p99 depends on a few requests of few milliseconds; its mean does not.
    let mean_millis = |load: &Load| f64::from(CONNECTIONS) * 1_000.0 / load.per_second;
    let p99_ratios =
        bare.iter().zip(category).map(|(bare, load)| mean_millis(bare) / load.p99_millis);
    vec![
        rate_row("cached category page, rate", bare, cached).note(note).at_least(0.6),
        row("cached category page", cached),
        with_cards(row("uncached category page", category)).at_most(Some(500.0)),
        Figure::new("uncached category page, p99 at 64 connections", p99(category), "ms")
            .against("bare handler, mean", median(bare.iter().map(mean_millis)), p99_ratios)
            .at_most(Some(25.0)),
        row("uncached search with facets", search).at_most(Some(1_500.0)),
        row("uncached product page", product),
    ]
}

/// What one request costs.
pub(crate) fn row(name: &str, bare: &[Load], loads: &[Load]) -> Figure {
    let cpu = |loads: &[Load]| median(loads.iter().map(|load| load.cpu_micros));
    let rate = median(loads.iter().map(|load| load.per_second));
    let p99 = median(loads.iter().map(|load| load.p99_millis));
    // Rounds are compared one by one: both sides of each had the same neighbors.
    let ratios = bare.iter().zip(loads).map(|(bare, load)| bare.cpu_micros / load.cpu_micros);
    let note = format!("{} requests/s, p99 {} ms", shown(rate), shown(p99));
    Figure::new(name, cpu(loads), "µs of CPU").note(note).against(BARE, cpu(bare), ratios)
}

/// How many requests are answered in a second.
pub(crate) fn rate_row(name: &str, bare: &[Load], loads: &[Load]) -> Figure {
    let rate = |loads: &[Load]| median(loads.iter().map(|load| load.per_second));
    let ratios = bare.iter().zip(loads).map(|(bare, load)| load.per_second / bare.per_second);
    Figure::new(name, rate(loads), "requests/s").against(BARE, rate(bare), ratios)
}
