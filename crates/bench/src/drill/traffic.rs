//! People who use the shop: some browse pages, some buy as guests by Magento's GraphQL.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use commerce::catalog::Sku;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::client::{Answer, Client};
use super::random;

/// How long somebody waits who was turned away.
const AGAIN: Duration = Duration::from_millis(100);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Browse,
    Buy,
}

/// One request and what came of it.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) kind: Kind,
    pub(crate) began: Instant,
    pub(crate) took: Duration,
    pub(crate) outcome: Outcome,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Done,
    Answered {
        status: u16,
        has_retry_after: bool,
    },
    /// The answer did not come, or was not what was asked for.
    Lost(String),
}

impl Outcome {
    /// Come back later, said in a way that programs understand.
    pub(crate) const POLITE: Self = Self::Answered { status: 503, has_retry_after: true };
}

/// An order that the buyer was told of.
#[derive(Debug)]
pub(crate) struct Acknowledged {
    pub(crate) at: Instant,
    pub(crate) email: String,
    pub(crate) number: String,
}

/// What happened to everybody.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) events: Vec<Event>,
    pub(crate) acknowledged: Vec<Acknowledged>,
}

/// Who comes to the shop.
#[derive(Clone)]
pub(crate) struct People {
    pub(crate) n_browsers: u8,
    pub(crate) n_buyers: u8,
    /// Between two requests of one of them.
    pub(crate) pause: Duration,
    /// Whether every second buyer does not ask again when an answer is lost.
    pub(crate) some_give_up: bool,
}

/// People in the shop, until they are sent home.
pub(crate) struct Traffic {
    stop: watch::Sender<bool>,
    people: Vec<JoinHandle<Seen>>,
    n_begun: Arc<AtomicUsize>,
}

impl Traffic {
    pub(crate) async fn start(shop: SocketAddr, people: &People, skus: &[Sku]) -> Result<Self> {
        let paths: Arc<[String]> = paths(shop).await?.into();
        let skus: Arc<[Sku]> = skus.into();
        let (stop, stopped) = watch::channel(false);
        let n_begun = Arc::new(AtomicUsize::new(0));
        // Nobody comes twice under the same name.
        let day = random(1_000_000_000);
        let mut tasks = Vec::new();
        for nth in 1..=people.n_browsers {
            let visitor = Visitor::new(shop, nth, people.pause, stopped.clone());
            tasks.push(tokio::spawn(visitor.browse(Arc::clone(&paths))));
        }
        for nth in 1..=people.n_buyers {
            let mut visitor = Visitor::new(shop, 100 + nth, people.pause, stopped.clone());
            visitor.gives_up = people.some_give_up && nth % 2 == 0;
            let n_begun = Arc::clone(&n_begun);
            tasks.push(tokio::spawn(visitor.buy((day, nth), Arc::clone(&skus), n_begun)));
        }
        Ok(Self { stop, people: tasks, n_begun })
    }

    /// How many checkouts were begun so far.
    pub(crate) fn n_begun(&self) -> usize {
        self.n_begun.load(Ordering::Relaxed)
    }

    /// Sends everybody home and gives what they saw, in the order of time.
    pub(crate) async fn stop(self) -> Result<Seen> {
        let _ = self.stop.send(true);
        let mut seen = Seen::default();
        for person in self.people {
            let of_one = person.await?;
            seen.events.extend(of_one.events);
            seen.acknowledged.extend(of_one.acknowledged);
        }
        seen.events.sort_by_key(|event| event.began);
        Ok(seen)
    }
}

impl Seen {
    pub(crate) fn of(&self, kind: Kind) -> impl Iterator<Item = &Event> {
        self.events.iter().filter(move |event| event.kind == kind)
    }

    /// The orders that somebody was told of.
    pub(crate) fn told(&self) -> Vec<&Acknowledged> {
        self.acknowledged.iter().collect()
    }

    /// How long answers took that were what was asked for.
    pub(crate) fn times(&self, kind: Kind) -> Vec<Duration> {
        let done = self.of(kind).filter(|event| event.outcome == Outcome::Done);
        done.map(|event| event.took).collect()
    }

    /// What went wrong, in words.
    pub(crate) fn failures(&self, kind: Kind) -> Vec<String> {
        let failed = self.of(kind).filter(|event| event.outcome != Outcome::Done);
        failed.map(|event| format!("{:?}", event.outcome)).collect()
    }

    /// What went wrong without a word of when to come back.
    pub(crate) fn rude(&self, kind: Kind) -> Vec<String> {
        let rude = self
            .of(kind)
            .filter(|event| event.outcome != Outcome::Done && event.outcome != Outcome::POLITE);
        rude.map(|event| format!("{:?}", event.outcome)).collect()
    }

    /// The longest time in which nobody got what they asked for.
    pub(crate) fn longest_gap(&self, kind: Kind) -> Duration {
        let done = self.of(kind).filter(|event| event.outcome == Outcome::Done);
        let mut ends: Vec<Instant> = done.map(|event| event.began + event.took).collect();
        ends.sort_unstable();
        let gaps = ends.windows(2).map(|pair| pair[1] - pair[0]);
        gaps.max().unwrap_or_default()
    }
}

struct Visitor {
    client: Client,
    pause: Duration,
    stopped: watch::Receiver<bool>,
    gives_up: bool,
    seen: Seen,
}

/// Why a purchase ended early.
struct GaveUp;

impl Visitor {
    fn new(shop: SocketAddr, nth: u8, pause: Duration, stopped: watch::Receiver<bool>) -> Self {
        let (client, seen) = (Client::new(shop, nth), Seen::default());
        Self { client, pause, stopped, gives_up: false, seen }
    }

    fn is_stopped(&self) -> bool {
        *self.stopped.borrow()
    }

    async fn browse(mut self, paths: Arc<[String]>) -> Seen {
        for path in paths.iter().cycle() {
            if self.is_stopped() {
                break;
            }
            let began = Instant::now();
            let answer = self.client.get(path).await;
            let outcome = match answer {
                Ok(answer) if answer.status == 200 => Outcome::Done,
                Ok(answer) => turned_away(&answer),
                Err(error) => Outcome::Lost(format!("{error:#}")),
            };
            self.saw(Kind::Browse, began, outcome);
            tokio::time::sleep(self.pause).await;
        }
        self.seen
    }

    async fn buy(
        mut self,
        (day, nth): (u64, u8),
        skus: Arc<[Sku]>,
        n_begun: Arc<AtomicUsize>,
    ) -> Seen {
        for n in 0.. {
            if self.is_stopped() {
                break;
            }
            n_begun.fetch_add(1, Ordering::Relaxed);
            let email = format!("buyer-{day}-{nth}-{n}@drill.test");
            let sku = &skus[(usize::from(nth) * 7 + n) % skus.len()];
            if let Ok(number) = self.check_out(&email, sku).await {
                self.seen.acknowledged.push(Acknowledged { at: Instant::now(), email, number });
            }
        }
        self.seen
    }

    /// The eight questions of a guest who buys, from `docs/api/README.md`.
    async fn check_out(&mut self, email: &str, sku: &Sku) -> Result<String, GaveUp> {
        let made = self.ask("mutation { createEmptyCart }", "/data/createEmptyCart").await?;
        let cart = made.as_str().unwrap_or_default().to_owned();
        let into_cart = format!(
            r#"mutation {{ addProductsToCart(cartId: "{cart}", cartItems: [{{ sku: "{sku}",
            quantity: 1 }}]) {{ cart {{ total_quantity }} user_errors {{ message }} }} }}"#
        );
        let email = format!(
            r#"mutation {{ setGuestEmailOnCart(input: {{ cart_id: "{cart}", email: "{email}" }})
            {{ cart {{ email }} }} }}"#
        );
        for step in [into_cart, email] {
            self.ask(&step, "/data").await?;
        }
        let address = format!(
            r#"mutation {{ setShippingAddressesOnCart(input: {{ cart_id: "{cart}",
            shipping_addresses: [{{ address: {{ firstname: "Jeanne", lastname: "Dupont",
            street: ["1 rue des Thés"], city: "Paris", postcode: "75011",
            country_code: "FR" }} }}] }}) {{ cart {{ shipping_addresses {{
            available_shipping_methods {{ carrier_code method_code }} }} }} }} }}"#
        );
        let offered = "/data/setShippingAddressesOnCart/cart/shipping_addresses/0\
                       /available_shipping_methods/0";
        let first = self.ask(&address, offered).await?;
        let code = |name: &str| first[name].as_str().unwrap_or_default().to_owned();
        let (carrier, method) = (code("carrier_code"), code("method_code"));
        let steps = [
            format!(
                r#"mutation {{ setBillingAddressOnCart(input: {{ cart_id: "{cart}",
                billing_address: {{ same_as_shipping: true }} }}) {{ cart {{ total_quantity }} }} }}"#
            ),
            format!(
                r#"mutation {{ setShippingMethodsOnCart(input: {{ cart_id: "{cart}",
                shipping_methods: [{{ carrier_code: "{carrier}", method_code: "{method}" }}] }})
                {{ cart {{ prices {{ grand_total {{ value }} }} }} }} }}"#
            ),
            format!(
                r#"mutation {{ setPaymentMethodOnCart(input: {{ cart_id: "{cart}",
                payment_method: {{ code: "banktransfer" }} }}) {{ cart {{ total_quantity }} }} }}"#
            ),
        ];
        for step in steps {
            self.ask(&step, "/data").await?;
        }
        let place = format!(
            r#"mutation {{ placeOrder(input: {{ cart_id: "{cart}" }}) {{ orderV2 {{ number }}
            errors {{ message }} }} }}"#
        );
        let number = self.ask(&place, "/data/placeOrder/orderV2/number").await?;
        Ok(number.as_str().unwrap_or_default().to_owned())
    }

    /// Asks until there is an answer, and gives what it has at `wanted`.
    async fn ask(&mut self, question: &str, wanted: &str) -> Result<Value, GaveUp> {
        let question = json!({ "query": question }).to_string();
        loop {
            let began = Instant::now();
            let answer = self.client.ask_graphql(&question).await;
            let (outcome, value) = match answer {
                Ok(answer) if answer.status == 200 => match granted(&answer, wanted) {
                    Some(value) => (Outcome::Done, Some(value)),
                    None => {
                        (Outcome::Lost(String::from_utf8_lossy(&answer.body).into_owned()), None)
                    }
                },
                Ok(answer) => (turned_away(&answer), None),
                Err(error) => (Outcome::Lost(format!("{error:#}")), None),
            };
            let is_lost = matches!(outcome, Outcome::Lost(_));
            self.saw(Kind::Buy, began, outcome);
            if let Some(value) = value {
                tokio::time::sleep(self.pause).await;
                return Ok(value);
            }
            if self.is_stopped() || (is_lost && self.gives_up) {
                return Err(GaveUp);
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    fn saw(&mut self, kind: Kind, began: Instant, outcome: Outcome) {
        self.seen.events.push(Event { kind, began, took: began.elapsed(), outcome });
    }
}

fn turned_away(answer: &Answer) -> Outcome {
    let (status, has_retry_after) = (answer.status, answer.has_retry_after);
    Outcome::Answered { status, has_retry_after }
}

/// What an answer has at a place, if nothing was refused.
pub(super) fn granted(answer: &Answer, wanted: &str) -> Option<Value> {
    let body: Value = serde_json::from_slice(&answer.body).ok()?;
    let is_empty = |errors: &Value| errors.as_array().is_none_or(Vec::is_empty);
    let errors = ["errors", "user_errors"];
    let refusals = body["data"].as_object()?.values().flat_map(|of| errors.map(|name| &of[name]));
    let is_granted = is_empty(&body["errors"]) && refusals.into_iter().all(is_empty);
    body.pointer(wanted).filter(|value| is_granted && !value.is_null()).cloned()
}

/// The pages of the shop by its own sitemap, and some searches.
pub(super) async fn paths(shop: SocketAddr) -> Result<Vec<String>> {
    let mut client = Client::new(shop, 250);
    let sitemap = client.get("/sitemap.xml").await.context("the shop has a sitemap")?;
    ensure!(sitemap.status == 200, "the sitemap answers {}", sitemap.status);
    let sitemap = String::from_utf8_lossy(&sitemap.body).into_owned();
    let pages = sitemap.split("<loc>").skip(1).filter_map(|rest| {
        let url = rest.split_once("</loc>")?.0;
        Some(format!("/{}", url.splitn(4, '/').nth(3)?))
    });
    let mut paths: Vec<String> = pages.collect();
    ensure!(!paths.is_empty(), "the sitemap is empty");
    paths.extend((0..20).map(|n| format!("/search?q=savon&price=0-{}", 1_000 + n)));
    Ok(paths)
}
