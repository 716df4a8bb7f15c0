//! More and more people come until one instance with its database does not carry them. They think ten
//! seconds between two requests; of a hundred requests 90 look, 8 touch a cart and 2 order.

use std::fmt::Write as _;
use std::fs;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use commerce::catalog::Sku;
use serde_json::{Value, json};
use testkit::servers::MariaDb;
use tokio::task::JoinSet;

use super::client::Client;
use super::findings::{Findings, percentile, shown, spread};
use super::fleet::{self, Fleet};
use super::traffic::{Acknowledged, granted, paths};
use super::{Stage, books, random};
use crate::float;
use crate::process::{cpu_micros, memory};

/// Between two requests of one of them.
const THINK_SECONDS: f64 = 10.0;
/// What the replaced architecture says that one of its instances carries, and how many times as much is asked.
const PROMISED: usize = 250;
const TIMES: usize = 20;
/// What an instance of it has, here with the database.
const MOST_MEMORY: u64 = 2 << 30;
/// Carried means: so many of a thousand get no answer worth having at most, and the p99 is this.
const MOST_LOST: usize = 1;
const SLOWEST: Duration = Duration::from_millis(500);
/// Requests without an answer yet; who comes then is lost.
const MOST_WAITING: usize = 2_000;
/// Where the simulation reads what was measured.
const TRACE: &str = "docs/capacity/measured.csv";

pub(crate) async fn drill(stage: &Stage) -> Result<Findings> {
    let database = MariaDb::private().await;
    let skus = fleet::found(database.url()).await?;
    let fleet = Fleet::start(&stage.greenleaf, database.url(), 1, &[]).await?;
    let shop = fleet.instances[0].address;
    let pid_file = database.query("SELECT @@pid_file");
    let database_pid = fs::read_to_string(pid_file.trim()).context("the server has a pid file")?;
    let database_pid = database_pid.trim();
    let crowd = Arc::new(Crowd::before(shop, paths(shop).await?, skus));

    let mut findings = Findings::default();
    let mut trace = "at_seconds,requests_per_second,instances,p99_ms,lost\n".to_owned();
    let time = stage.seconds(30, 5);
    let steps: &[usize] =
        stage.scale(&[2_500, 5_000, 7_500, 10_000, 12_500, 15_000, 20_000, 25_000], &[400]);
    let (mut carried, mut most_memory) = (0, 0);
    for (nth, &n_people) in steps.iter().enumerate() {
        // Those of the step before have gone, and carts are on their way.
        Arc::clone(&crowd).come(n_people, time / 5).await?;
        let cpu = [fleet.cpu_micros()?, cpu_micros(database_pid)?, cpu_micros("self")?];
        let seen = Arc::clone(&crowd).come(n_people, time).await?;
        let used = [fleet.cpu_micros()?, cpu_micros(database_pid)?, cpu_micros("self")?];
        most_memory = most_memory.max(fleet.memory()? + memory(database_pid)?);

        let n_requests = seen.times.len() + seen.lost.len();
        let is_carried = seen.lost.len() * 1_000 <= n_requests * MOST_LOST
            && percentile(&seen.times, 99) <= SLOWEST;
        let rate = float(n_requests) / time.as_secs_f64();
        let cores = [0, 1, 2].map(|of| float(used[of] - cpu[of]) / 1e6 / time.as_secs_f64());
        findings.figure(
            &format!("{n_people} people"),
            format!(
                "{rate:.0} requests a second, {} of {n_requests} lost; {}; cores used by the \
                 instance {:.2}, its database {:.2}, the people {:.2}",
                seen.lost.len(),
                spread(&seen.times),
                cores[0],
                cores[1],
                cores[2]
            ),
        );
        let p99 = percentile(&seen.times, 99).as_secs_f64() * 1_000.0;
        let at = nth * usize::try_from(time.as_secs())?;
        writeln!(trace, "{at},{rate:.1},1,{p99:.2},{}", seen.lost.len())?;
        if stage.is_short {
            findings.require_none("nobody is lost", &seen.lost);
        }
        if !is_carried {
            let some: Vec<&str> = seen.lost.iter().take(3).map(String::as_str).collect();
            findings.figure("lost, such as", some.join("; "));
            break;
        }
        carried = n_people;
    }
    findings.figure("carried by one instance with its database", format!("{carried} people"));
    let megabytes = most_memory / 1_000_000;
    findings.figure("most memory of both", format!("{megabytes} MB"));
    findings.require("both have room in 2 GB", most_memory <= MOST_MEMORY, megabytes);
    if !stage.is_short {
        fs::write(TRACE, trace).with_context(|| format!("{TRACE} cannot be written"))?;
        let wanted = PROMISED * TIMES;
        findings.require(&format!("{wanted} people are carried"), carried >= wanted, carried);
    }
    let ask = |query: &str| database.query(query);
    let took = books::wait_for_jobs(&ask, Duration::from_mins(3)).await?;
    findings.figure("until the last job was done", shown(took));
    let told = crowd.told();
    findings.require("people ordered", !told.is_empty(), told.len());
    books::audit(&mut findings, &ask, database.url(), &told.iter().collect::<Vec<_>>()).await?;
    books::audit_mails(&mut findings, &ask, &fleet.mail.received(), 0);
    findings.require_none("nothing panicked", &fleet.logged("panicked")?);
    Ok(findings)
}

/// Everybody who comes, with the carts that they are filling.
struct Crowd {
    shop: SocketAddr,
    paths: Vec<String>,
    skus: Vec<Sku>,
    n_clients: AtomicU8,
    n_carts: AtomicUsize,
    n_waiting: AtomicUsize,
    state: Mutex<State>,
    /// Nobody comes twice under the same name.
    day: u64,
}

#[derive(Default)]
struct State {
    idle: Vec<Client>,
    filling: Vec<Purchase>,
    ready: Vec<Purchase>,
    told: Vec<Acknowledged>,
}

/// A cart, and what was done of the four things that it needs before the order.
struct Purchase {
    nth: usize,
    cart: String,
    n_done: usize,
}

/// What came of one step's requests: how long answers took from when they were due, and what was none.
#[derive(Default)]
struct Seen {
    times: Vec<Duration>,
    lost: Vec<String>,
}

impl Crowd {
    fn before(shop: SocketAddr, paths: Vec<String>, skus: Vec<Sku>) -> Self {
        Self {
            shop,
            paths,
            skus,
            n_clients: AtomicU8::new(0),
            n_carts: AtomicUsize::new(0),
            n_waiting: AtomicUsize::new(0),
            state: Mutex::default(),
            day: random(1_000_000_000),
        }
    }

    /// So many people for some time: requests are due whether or not others are answered.
    async fn come(self: Arc<Self>, n_people: usize, time: Duration) -> Result<Seen> {
        let rate = float(n_people) / THINK_SECONDS;
        let began = Instant::now();
        let mut due = Duration::ZERO;
        let mut asked = JoinSet::new();
        let mut seen = Seen::default();
        for nth in 0_usize.. {
            // People do not wait for one another.
            let chance = (float(random(1_000_000)) + 1.0) / 1_000_001.0;
            due += Duration::from_secs_f64(-chance.ln() / rate);
            if due > time {
                break;
            }
            tokio::time::sleep_until((began + due).into()).await;
            if self.n_waiting.load(Ordering::Relaxed) >= MOST_WAITING {
                seen.lost.push("too many wait".to_owned());
                continue;
            }
            let crowd = Arc::clone(&self);
            asked.spawn(async move {
                crowd.n_waiting.fetch_add(1, Ordering::Relaxed);
                let outcome = crowd.act(nth).await;
                crowd.n_waiting.fetch_sub(1, Ordering::Relaxed);
                outcome.map(|()| (began + due).elapsed())
            });
        }
        while let Some(answer) = asked.join_next().await {
            match answer? {
                Ok(took) => seen.times.push(took),
                Err(error) => seen.lost.push(format!("{error:#}")),
            }
        }
        Ok(seen)
    }

    /// The nth request: one of fifty orders, four touch a cart, nine look for what nobody looked for
    /// before, and the others look at pages.
    async fn act(&self, nth: usize) -> Result<()> {
        let mut client = self.with(|state| state.idle.pop()).unwrap_or_else(|| {
            let nth = self.n_clients.fetch_add(1, Ordering::Relaxed);
            Client::new(self.shop, 1 + nth % 250)
        });
        let outcome = match nth % 50 {
            0 => self.order(&mut client).await,
            1..=4 => self.fill(&mut client).await,
            kind => {
                let path = if kind < 14 {
                    let most = 1_000 + self.day % 1_000 + random(1_000_000);
                    format!("/search?q=savon&price=0-{most}")
                } else {
                    self.paths[usize::try_from(random(u64::MAX))? % self.paths.len()].clone()
                };
                let answer = client.get(&path).await?;
                anyhow::ensure!(answer.status == 200, "{path} answers {}", answer.status);
                Ok(())
            }
        };
        self.with(|state| state.idle.push(client));
        outcome
    }

    /// One more thing that a cart needs.
    async fn fill(&self, client: &mut Client) -> Result<()> {
        let purchase = self.with(|state| state.filling.pop());
        let mut purchase = purchase.unwrap_or_else(|| Purchase {
            nth: self.n_carts.fetch_add(1, Ordering::Relaxed),
            cart: String::new(),
            n_done: 0,
        });
        let cart = &purchase.cart;
        let question = match purchase.n_done {
            0 => "mutation { createEmptyCart }".to_owned(),
            1 => {
                let sku = &self.skus[purchase.nth % self.skus.len()];
                format!(
                    r#"mutation {{ addProductsToCart(cartId: "{cart}", cartItems: [{{ sku: "{sku}",
                    quantity: 1 }}]) {{ cart {{ total_quantity }} user_errors {{ message }} }} }}"#
                )
            }
            2 => format!(
                r#"mutation {{
                setGuestEmailOnCart(input: {{ cart_id: "{cart}", email: "{}" }}) {{ cart {{ email }} }}
                setShippingAddressesOnCart(input: {{ cart_id: "{cart}", shipping_addresses: [{{
                address: {{ firstname: "Jeanne", lastname: "Dupont", street: ["1 rue des Thés"],
                city: "Paris", postcode: "75011", country_code: "FR" }} }}] }})
                {{ cart {{ total_quantity }} }}
                setBillingAddressOnCart(input: {{ cart_id: "{cart}",
                billing_address: {{ same_as_shipping: true }} }}) {{ cart {{ total_quantity }} }} }}"#,
                self.email(&purchase)
            ),
            _ => format!(
                r#"mutation {{
                setShippingMethodsOnCart(input: {{ cart_id: "{cart}", shipping_methods: [{{
                carrier_code: "flat", method_code: "flat" }}] }})
                {{ cart {{ prices {{ grand_total {{ value }} }} }} }}
                setPaymentMethodOnCart(input: {{ cart_id: "{cart}",
                payment_method: {{ code: "banktransfer" }} }}) {{ cart {{ total_quantity }} }} }}"#
            ),
        };
        let answer = ask(client, &question, "/data").await?;
        if let Some(cart) = answer["createEmptyCart"].as_str() {
            purchase.cart = cart.to_owned();
        }
        purchase.n_done += 1;
        self.with(|state| {
            let to = if purchase.n_done < 4 { &mut state.filling } else { &mut state.ready };
            to.insert(0, purchase);
        });
        Ok(())
    }

    /// Orders what is ready; else somebody goes on filling a cart.
    async fn order(&self, client: &mut Client) -> Result<()> {
        let Some(purchase) = self.with(|state| state.ready.pop()) else {
            return self.fill(client).await;
        };
        let cart = &purchase.cart;
        let question = format!(
            r#"mutation {{ placeOrder(input: {{ cart_id: "{cart}" }}) {{ orderV2 {{ number }}
            errors {{ message }} }} }}"#
        );
        let number = ask(client, &question, "/data/placeOrder/orderV2/number").await?;
        let number = number.as_str().unwrap_or_default().to_owned();
        let told = Acknowledged { at: Instant::now(), email: self.email(&purchase), number };
        self.with(|state| state.told.push(told));
        Ok(())
    }

    fn email(&self, purchase: &Purchase) -> String {
        format!("person-{}-{}@drill.test", self.day, purchase.nth)
    }

    fn told(&self) -> Vec<Acknowledged> {
        self.with(|state| std::mem::take(&mut state.told))
    }

    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What an answer has at a place; an error if it is not what was asked for.
async fn ask(client: &mut Client, question: &str, wanted: &str) -> Result<Value> {
    let question = json!({ "query": question }).to_string();
    let answer = client.ask_graphql(&question).await?;
    anyhow::ensure!(answer.status == 200, "buying is answered {}", answer.status);
    granted(&answer, wanted).with_context(|| String::from_utf8_lossy(&answer.body).into_owned())
}
