//! Four times as much is asked for as the machine can serve: who is served is served soon, the
//! others are told at once, memory stays flat, and it is over when the crowd goes.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::json;
use testkit::servers::MariaDb;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

use super::client::Client;
use super::findings::{Findings, percentile, shown, spread};
use super::fleet::{self, Fleet};
use super::traffic::{Kind, People, Traffic};
use super::{Stage, books};
use crate::float;

/// How much more is asked for than can be served.
const TIMES: u32 = 4;
/// More answers than the shop keeps in memory, so that it grows no more by keeping them.
const N_ANSWERS: usize = 300;
/// What it keeps of them at most.
const MOST_KEPT: u64 = 100_000_000;
/// Who asks at a time when it is measured what can be served.
const N_CLIENTS: u8 = 16;
/// The crowd's addresses, since one client may not have all the places.
const N_ADDRESSES: usize = 200;
/// Requests of the crowd that are not answered yet; whoever comes then goes away again.
const MOST_WAITING: usize = 4_000;

/// A second in the queue, which is estimated, and the answer; or so many times what it takes without a crowd, on a
/// machine that is slow in itself.
const LONGEST_SERVED: Duration = Duration::from_secs(3);
const LONGEST_REFUSAL: Duration = Duration::from_secs(1);
const TIMES_USUAL: u32 = 4;
/// What memory may grow by in the second half of the crowd.
const MOST_NOISE: u64 = 40_000_000;

pub(crate) async fn drill(stage: &Stage) -> Result<Findings> {
    let database = MariaDb::private().await;
    let skus = fleet::found(database.url()).await?;
    let fleet = Fleet::start(&stage.greenleaf, database.url(), 1, &[]).await?;
    let shop = fleet.instances[0].address;
    let n_lists = stage.scale(4, 1);
    let asked = Arc::new(Question { n_lists, n_asked: AtomicU64::new(0) });
    let before = fleet.memory()?;
    // The short form has no time to fill that memory first, and allows for it.
    served(shop, &asked, stage.scale(N_ANSWERS, 50)).await?;
    let most_growth = MOST_NOISE + stage.scale(0, MOST_KEPT);
    let (per_second, usual) = served(shop, &asked, stage.scale(600, 200)).await?;

    let people = People {
        n_browsers: 0,
        n_buyers: 4,
        pause: Duration::from_millis(20),
        some_give_up: false,
    };
    let buyers = Traffic::start(shop, &people, &skus).await?;
    let time = stage.seconds(60, 10);
    let mut memory = Vec::new();
    let crowd = crowd(shop, Arc::clone(&asked), per_second * f64::from(TIMES), time);
    let crowd = tokio::spawn(crowd);
    let began = Instant::now();
    while !crowd.is_finished() {
        memory.push((began.elapsed(), fleet.memory()?));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let crowd = crowd.await??;
    let over = Instant::now();
    let (_, after) = served(shop, &asked, stage.scale(200, 100)).await?;
    let recovery = over.elapsed();
    let bought = buyers.stop().await?;

    let mut findings = Findings::default();
    findings.figure("answers that can be given", format!("{per_second:.0}/s; {}", spread(&usual)));
    findings.figure("asked for", format!("{} in {}", crowd.n_asked, shown(time)));
    let rate = float(crowd.served.len()) / time.as_secs_f64();
    findings.figure("served", format!("{rate:.0}/s; {}", spread(&crowd.served)));
    findings.figure("refused", format!("{}; {}", crowd.refused.len(), spread(&crowd.refused)));
    findings.require("the crowd was larger than what can be served", !crowd.refused.is_empty(), "");
    let slowest = percentile(&usual, 99);
    let [longest_served, longest_refusal] =
        [LONGEST_SERVED, LONGEST_REFUSAL].map(|longest| longest.max(slowest * TIMES_USUAL));
    findings.require(
        &format!("who is served is served within {} (p99)", shown(longest_served)),
        percentile(&crowd.served, 99) <= longest_served,
        spread(&crowd.served),
    );
    findings.require(
        &format!("who is refused knows within {} (p99)", shown(longest_refusal)),
        percentile(&crowd.refused, 99) <= longest_refusal,
        spread(&crowd.refused),
    );
    let others: Vec<String> =
        crowd.others.iter().map(|(what, n)| format!("{what} ({n})")).collect();
    findings.require_none("nobody sees anything but 200 and 503 with Retry-After", &others);
    findings.require("nobody goes away unheard", crowd.n_gone == 0, crowd.n_gone);
    findings.require("it serves on: half as much at least", rate * 2.0 >= per_second, rate);
    judge_memory(&mut findings, before, &memory, most_growth);
    findings.figure("served when the crowd had gone", spread(&after));
    findings.require(
        "it recovers by itself",
        percentile(&after, 50) <= percentile(&usual, 50) * 3 && recovery < Duration::from_mins(1),
        spread(&after),
    );

    findings.require_none(
        "buyers see nothing but answers and 503 with Retry-After",
        &bought.rude(Kind::Buy),
    );
    let ask = |query: &str| database.query(query);
    books::wait_for_jobs(&ask, Duration::from_mins(1)).await?;
    books::audit(&mut findings, &ask, database.url(), &bought.told()).await?;
    books::audit_mails(&mut findings, &ask, &fleet.mail.received(), 0);
    findings.require_none("nothing panicked", &fleet.logged("panicked")?);
    Ok(findings)
}

fn judge_memory(
    findings: &mut Findings,
    before: u64,
    memory: &[(Duration, u64)],
    most_growth: u64,
) {
    let end = memory.last().map_or(Duration::ZERO, |(at, _)| *at);
    let most = |from: Duration, until: Duration| {
        let within = memory.iter().filter(|(at, _)| *at >= from && *at <= until);
        within.map(|(_, bytes)| *bytes).max().unwrap_or_default()
    };
    let (first, second) = (most(Duration::ZERO, end / 2), most(end / 2, end));
    let megabytes = |bytes: u64| bytes / 1_000_000;
    let begin = memory.first().map_or(0, |(_, bytes)| *bytes);
    findings.figure(
        "memory",
        format!(
            "{} MB idle, {} MB when the crowd came, at most {} MB in the first half and {} MB in \
             the second",
            megabytes(before),
            megabytes(begin),
            megabytes(first),
            megabytes(second)
        ),
    );
    findings.require(
        "memory stays flat",
        second <= first + most_growth,
        format!("{} MB after {} MB", megabytes(second), megabytes(first)),
    );
}

/// Lists that nobody asked for before, in a range of prices of their own, and long: they should cost
/// the shop many times what it costs the crowd to ask, on the same machine.
struct Question {
    n_lists: usize,
    n_asked: AtomicU64,
}

impl Question {
    fn next(&self) -> String {
        let most = 100_000 + self.n_asked.fetch_add(1, Ordering::Relaxed);
        let list = |nth: usize| {
            format!(
                r#"list{nth}: products(filter: {{ price: {{ from: "{nth}", to: "{most}" }} }},
                pageSize: 200) {{ total_count items {{ uid sku name url_key stock_status
                short_description {{ html }} small_image {{ url label }} price_range {{
                minimum_price {{ regular_price {{ value }} final_price {{ value }}
                discount {{ percent_off }} }} }} ... on ConfigurableProduct {{
                variants {{ attributes {{ code label }} product {{ sku stock_status }} }} }} }} }} "#
            )
        };
        let lists: String = (0..self.n_lists).map(list).collect();
        json!({ "query": format!("{{ {lists} }}") }).to_string()
    }
}

/// Asks so many questions, a few at a time, and gives how many were answered in a second and how long
/// each took.
async fn served(shop: SocketAddr, asked: &Arc<Question>, n: usize) -> Result<(f64, Vec<Duration>)> {
    let left = Arc::new(AtomicUsize::new(n));
    let began = Instant::now();
    let mut clients = JoinSet::new();
    for nth in 1..=N_CLIENTS {
        let (left, asked) = (Arc::clone(&left), Arc::clone(asked));
        clients.spawn(async move {
            let mut client = Client::new(shop, nth);
            let mut times = Vec::new();
            let take = |left: usize| left.checked_sub(1);
            while left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok() {
                let began = Instant::now();
                let answer = client.ask_graphql(&asked.next()).await?;
                if answer.status == 200 {
                    times.push(began.elapsed());
                }
            }
            anyhow::Ok(times)
        });
    }
    let mut times = Vec::new();
    while let Some(of_one) = clients.join_next().await {
        times.extend(of_one??);
    }
    Ok((float(times.len()) / began.elapsed().as_secs_f64(), times))
}

/// What the crowd saw.
#[derive(Default)]
struct Crowd {
    n_asked: usize,
    /// Those for whom not even a connection was left.
    n_gone: usize,
    served: Vec<Duration>,
    refused: Vec<Duration>,
    others: HashMap<String, usize>,
}

/// Asks so many questions in each second, whether or not the ones before were answered.
async fn crowd(
    shop: SocketAddr,
    asked: Arc<Question>,
    per_second: f64,
    time: Duration,
) -> Result<Crowd> {
    /// More than one request comes with each tick, which is not finer.
    const TICK: Duration = Duration::from_millis(5);
    let idle: Arc<Mutex<Vec<Client>>> = Arc::default();
    let mut crowd = Crowd::default();
    let mut requests = JoinSet::new();
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let began = Instant::now();
    let mut due = 0.0;
    while began.elapsed() < time {
        ticks.tick().await;
        due += per_second * TICK.as_secs_f64();
        while due >= 1.0 {
            due -= 1.0;
            crowd.n_asked += 1;
            if requests.len() >= MOST_WAITING {
                crowd.n_gone += 1;
                continue;
            }
            let kept = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let nth = u8::try_from(crowd.n_asked % N_ADDRESSES + 1)?;
            let mut client = kept.unwrap_or_else(|| Client::new(shop, nth));
            let (question, idle) = (asked.next(), Arc::clone(&idle));
            requests.spawn(async move {
                let began = Instant::now();
                let answer = client.ask_graphql(&question).await;
                let took = began.elapsed();
                idle.lock().unwrap_or_else(PoisonError::into_inner).push(client);
                let outcome = match answer {
                    Ok(answer) if answer.status == 200 => Ok(true),
                    Ok(answer) if answer.status == 503 && answer.has_retry_after => Ok(false),
                    Ok(answer) => Err(answer.status.to_string()),
                    Err(error) => Err(format!("{error:#}")),
                };
                (outcome, took)
            });
        }
        while let Some(done) = requests.try_join_next() {
            crowd.note(done.context("a request panicked")?);
        }
    }
    while let Some(done) = requests.join_next().await {
        crowd.note(done.context("a request panicked")?);
    }
    Ok(crowd)
}

impl Crowd {
    fn note(&mut self, (outcome, took): (Result<bool, String>, Duration)) {
        match outcome {
            Ok(true) => self.served.push(took),
            Ok(false) => self.refused.push(took),
            Err(other) => *self.others.entry(other).or_default() += 1,
        }
    }
}
