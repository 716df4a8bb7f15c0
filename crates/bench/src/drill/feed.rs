//! Many writers change products, and hold their transactions open for a random time before they
//! commit: every instance shows all of it, and soon.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use commerce::catalog::{Product, ProductId, ProductKind};
use commerce::money::Money;
use db::Db;
use db::change::{Change, Topic};
use serde_json::{Value, json};
use testkit::servers::MariaDb;

use super::client::Client;
use super::findings::{Findings, percentile, shown, spread};
use super::fleet::{self, Fleet};
use super::traffic::paths;
use super::{Stage, random};

const N_INSTANCES: usize = 2;
/// On two pools of connections, as two instances have them.
const N_WRITERS: usize = 8;
/// The longest time for which a writer keeps its transaction open.
const LONGEST_DELAY: Duration = Duration::from_millis(60);
const LONGEST_STALENESS: Duration = Duration::from_secs(1);
/// How often an instance is asked whether it has seen a change.
const LOOK: Duration = Duration::from_millis(20);

pub(crate) async fn drill(stage: &Stage) -> Result<Findings> {
    let n_changes: usize = stage.scale(10_000, 400);
    let database = MariaDb::private().await;
    fleet::found(database.url()).await?;
    let mut fleet = Fleet::start(&stage.greenleaf, database.url(), N_INSTANCES, &[]).await?;
    let addresses = fleet.addresses();
    let addresses = <[SocketAddr; N_INSTANCES]>::try_from(&*addresses)?;
    let pools = [Db::connect(database.url()).await?, Db::connect(database.url()).await?];
    let products = db::catalog::product::list_after(&mut pools[0].read().await?, None, 500).await?;
    ensure!(products.len() > 4 * N_WRITERS, "{} products are too few", products.len());

    // One product of each writer is watched: each of its changes is looked for everywhere. Only a
    // simple one is found by the SKU of its variant.
    let left = Arc::new(AtomicUsize::new(n_changes));
    let is_over = Arc::new(AtomicBool::new(false));
    let began = Instant::now();
    let (mut writers, mut watchers) = (Vec::new(), Vec::new());
    for nth in 0..N_WRITERS {
        let own = || products.iter().skip(nth).step_by(N_WRITERS);
        let watched = own().find(|product| product.kind == ProductKind::Simple);
        let watched = watched.context("each writer has a simple product")?.clone();
        let pool = pools[nth % pools.len()].clone();
        let ids = own().map(|product| product.id).filter(|id| *id != watched.id).collect();
        writers.push(tokio::spawn(write(pool.clone(), ids, Arc::clone(&left))));
        let is_over = Arc::clone(&is_over);
        watchers.push(tokio::spawn(watch(pool, watched, addresses, nth, is_over)));
    }
    for writer in writers {
        writer.await??;
    }
    is_over.store(true, Ordering::Relaxed);
    let mut staleness = Vec::new();
    for watcher in watchers {
        staleness.extend(watcher.await??);
    }
    let seconds = began.elapsed();
    for pool in pools {
        pool.close().await;
    }

    let mut findings = Findings::default();
    let n_watched = staleness.len() / N_INSTANCES;
    findings.figure(
        "changes",
        format!("{n_changes} by {N_WRITERS} writers and {n_watched} that were watched"),
    );
    findings.figure("time", shown(seconds));
    findings.figure("from the answer to the commit until it shows", spread(&staleness));
    // Of an executable that is not optimized, which the short form runs, it says nothing.
    if !stage.is_short {
        let is_fresh = percentile(&staleness, 99) <= LONGEST_STALENESS;
        findings.require("staleness p99 ≤ 1 s", is_fresh, spread(&staleness));
    }
    // What was committed last needs its time to show; then nothing may be missing.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let fresh = fleet.add(&[]).await?;
    let truth = Shown::by(fleet.instances[fresh].address).await?;
    findings.figure(
        "compared with an instance that was built afresh",
        format!("{} products and {} pages", truth.products.len(), truth.pages.len()),
    );
    for nth in 0..N_INSTANCES {
        let shown = Shown::by(fleet.instances[nth].address).await?;
        let differences = shown.differences(&truth);
        findings.require_none(&format!("instance {} shows the truth", nth + 1), &differences);
    }
    let n_changed = truth.products.values().filter(|it| is_of_drill(it)).count();
    findings.require("most products were changed", n_changed * 2 > truth.products.len(), n_changed);
    findings.require_none("nothing panicked", &fleet.logged("panicked")?);
    Ok(findings)
}

/// Changes one of its products after the other, at random, as long as changes are left.
async fn write(db: Db, products: Vec<ProductId>, left: Arc<AtomicUsize>) -> Result<()> {
    let take = |left: usize| left.checked_sub(1);
    while left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok() {
        let id = products[usize::try_from(random(u64::MAX))? % products.len()];
        change(&db, id, 100 + i64::try_from(random(90_000))?).await?;
    }
    Ok(())
}

/// Asks another price for a product, and gives when the commit was answered.
async fn change(db: &Db, id: ProductId, minor: i64) -> Result<Instant> {
    let mut tx = db.write().await?;
    let before = db::catalog::product::find(&mut tx, id).await?.context("it was there")?;
    let mut after = before.clone();
    for price in after.variants.iter_mut().flat_map(|variant| &mut variant.prices) {
        price.regular = Money::new(minor, price.regular.currency());
    }
    for (_, text) in &mut after.texts.0 {
        text.name = format!("{NAME}{minor}");
    }
    let is_current = db::catalog::product::update(&mut tx, &before, &after).await?;
    ensure!(is_current, "two writers share a product");
    let change = Change { topic: Topic::Product, subject: Some(id.0) };
    db::change::push(&mut tx, change, crate::now()).await?;
    let delay = random(u64::try_from(LONGEST_DELAY.as_micros())?);
    tokio::time::sleep(Duration::from_micros(delay)).await;
    tx.commit().await?;
    Ok(Instant::now())
}

/// How the names of changed products begin.
const NAME: &str = "Drill ";

fn is_of_drill(product: &Value) -> bool {
    product["name"].as_str().is_some_and(|name| name.starts_with(NAME))
}

/// Changes a product again and again, and each time waits until both instances show it.
async fn watch(
    db: Db,
    product: Product,
    instances: [SocketAddr; N_INSTANCES],
    nth: usize,
    is_over: Arc<AtomicBool>,
) -> Result<Vec<Duration>> {
    let sku = product.variants.first().context("a product has variants")?.sku.to_string();
    let from = u8::try_from(nth + 1)?;
    let [mut one, mut two] = instances.map(|address| Client::new(address, from));
    let mut staleness = Vec::new();
    let mut minor = 100;
    while !is_over.load(Ordering::Relaxed) {
        minor += 1;
        let committed = change(&db, product.id, minor).await?;
        let name = format!("{NAME}{minor}");
        let seen = tokio::try_join!(
            until_shown(&mut one, &sku, &name, committed),
            until_shown(&mut two, &sku, &name, committed)
        )?;
        staleness.extend([seen.0, seen.1]);
    }
    Ok(staleness)
}

async fn until_shown(
    client: &mut Client,
    sku: &str,
    name: &str,
    since: Instant,
) -> Result<Duration> {
    let question = json!({ "query": format!(
        r#"{{ products(filter: {{ sku: {{ eq: "{sku}" }} }}) {{ items {{ name }} }} }}"#
    ) });
    let question = question.to_string();
    loop {
        let answer: Value = serde_json::from_slice(&client.ask_graphql(&question).await?.body)?;
        if answer["data"]["products"]["items"][0]["name"] == name {
            return Ok(since.elapsed());
        }
        ensure!(since.elapsed() < Duration::from_mins(1), "{sku} never became {name}: {answer}");
        tokio::time::sleep(LOOK).await;
    }
}

/// All that an instance shows of the catalog.
struct Shown {
    products: BTreeMap<String, Value>,
    pages: BTreeMap<String, Vec<u8>>,
}

impl Shown {
    async fn by(instance: SocketAddr) -> Result<Self> {
        let mut client = Client::new(instance, 200);
        let mut products = BTreeMap::new();
        for page in 1.. {
            let question = json!({ "query": format!(
                "{{ products(filter: {{}}, pageSize: 100, currentPage: {page}) {{ page_info \
                 {{ total_pages }} items {{ uid sku name stock_status price_range {{ \
                 minimum_price {{ regular_price {{ value }} final_price {{ value }} }} \
                 maximum_price {{ final_price {{ value }} }} }} \
                 ... on ConfigurableProduct {{ variants {{ product {{ sku stock_status \
                 price_range {{ minimum_price {{ final_price {{ value }} }} }} }} }} }} }} }} }}"
            ) });
            let answer = client.ask_graphql(&question.to_string()).await?;
            let answer: Value = serde_json::from_slice(&answer.body)?;
            let found = &answer["data"]["products"];
            let items = found["items"].as_array();
            for item in items.with_context(|| format!("no products: {answer}"))? {
                let uid = item["uid"].as_str().context("a product has an id")?;
                products.insert(uid.to_owned(), item.clone());
            }
            if found["page_info"]["total_pages"].as_u64().is_none_or(|n| n <= page) {
                break;
            }
        }
        let mut pages = BTreeMap::new();
        for path in paths(instance).await? {
            pages.insert(path.clone(), client.get(&path).await?.body);
        }
        Ok(Self { products, pages })
    }

    fn differences(&self, truth: &Self) -> Vec<String> {
        let mut found = Vec::new();
        for (uid, product) in &truth.products {
            if self.products.get(uid) != Some(product) {
                found.push(format!("{:?} instead of {product}", self.products.get(uid)));
            }
        }
        if self.products.len() != truth.products.len() {
            found.push(format!("{} products", self.products.len()));
        }
        let differs = |(path, page): &(&String, &Vec<u8>)| self.pages.get(*path) != Some(*page);
        found.extend(truth.pages.iter().filter(differs).map(|(path, _)| path.clone()));
        found
    }
}
