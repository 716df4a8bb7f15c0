//! Looks at what the shop depends on, for `/ready` and for `doctor`.

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use db::{Db, DbError};
use jiff::SignedDuration;
use serde::{Serialize, Serializer};
use shop::ports::{Mailer, MediaStore};
use shop::{Clock, Shop};
use tokio::sync::Mutex;

/// A part that does not answer within this is as good as away.
const PATIENCE: Duration = Duration::from_secs(2);
/// Nobody asks the database more often than this by asking `/ready`.
const FRESH: Duration = Duration::from_secs(1);
/// A look at a bucket is two billed requests, one at a mail server a login.
const FRESH_WHEN_DEAR: Duration = Duration::from_mins(1);
const FRESH_WHEN_DEAR_FAILED: Duration = Duration::from_secs(10);
/// A queue that is this late does not keep up.
const LATE: SignedDuration = SignedDuration::from_mins(15);

/// Changes show within a second; this is far from it.
const BEHIND: SignedDuration = SignedDuration::from_secs(15);

/// What is well, or what is wrong.
pub(crate) type Finding = Result<String, String>;

/// An error and its causes in one line.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

fn failed(error: &DbError) -> String {
    chain(error)
}

async fn patiently(look: impl Future<Output = Finding>) -> Finding {
    let answer = tokio::time::timeout(PATIENCE, look).await;
    answer.unwrap_or_else(|_| Err(format!("no answer within {} s", PATIENCE.as_secs())))
}

pub(crate) async fn database(db: &Db) -> Finding {
    patiently(async {
        let mut conn = db.read().await.map_err(|error| failed(&error))?;
        db::change::position(&mut conn).await.map_err(|error| failed(&error))?;
        Ok(format!("{:?}", db.dialect()))
    })
    .await
}

pub(crate) async fn schema(db: &Db) -> Finding {
    patiently(async {
        let pending = db.pending_migrations().await.map_err(|error| failed(&error))?;
        if pending.is_empty() {
            return Ok("current".to_owned());
        }
        Err(format!("lacks {}: run `greenleaf migrate`", pending.join(", ")))
    })
    .await
}

pub(crate) async fn media(media: &dyn MediaStore) -> Finding {
    patiently(async {
        media.check().await.map_err(|error| chain(&error))?;
        Ok("writable".to_owned())
    })
    .await
}

pub(crate) async fn mail(mailer: &dyn Mailer) -> Finding {
    patiently(async {
        mailer.check().await.map_err(|error| chain(&error))?;
        Ok("reachable".to_owned())
    })
    .await
}

/// How the jobs stand; as a side effect of every look the gauges are set.
pub(crate) async fn queue(db: &Db, clock: &Clock) -> Finding {
    patiently(async {
        let now = clock.now();
        let mut conn = db.read().await.map_err(|error| failed(&error))?;
        let queue = db::job::queue_state(&mut conn, now).await.map_err(|error| failed(&error))?;
        let late = queue.oldest.map_or(SignedDuration::ZERO, |oldest| now.duration_since(oldest));
        metrics::gauge!("jobs_ready").set(queue.n_ready);
        metrics::gauge!("jobs_dead").set(queue.n_dead);
        metrics::gauge!("jobs_oldest_seconds").set(late.as_secs_f64());
        let state = format!(
            "{} due, {} given up, the oldest {} s late",
            queue.n_ready,
            queue.n_dead,
            late.as_secs()
        );
        if late > LATE { Err(state) } else { Ok(state) }
    })
    .await
}

/// Sets the gauges of the connections to the database.
pub(crate) fn connections(db: &Db) {
    for pool in db.pools() {
        let gauge =
            |state| metrics::gauge!("database_connections", "pool" => pool.name, "state" => state);
        gauge("used").set(pool.n_open - pool.n_idle);
        gauge("idle").set(pool.n_idle);
        metrics::gauge!("database_connections_max", "pool" => pool.name).set(pool.n_most);
    }
}

/// How far this instance is behind the change feed.
pub(crate) fn feed(shop: &Shop) -> Finding {
    let lag = shop.feed_lag();
    metrics::gauge!("feed_lag_seconds").set(lag.as_secs_f64());
    let state = format!("{} ms behind", lag.as_millis());
    if lag > BEHIND { Err(state) } else { Ok(state) }
}

/// The answers of the last looks, so that asking `/ready` often costs nothing.
pub(crate) struct Readiness {
    shop: Shop,
    /// Held while looking: whoever asks meanwhile gets the same answer.
    known: Mutex<[Option<Known>; LOOKS.len()]>,
}

#[derive(Clone, Copy)]
enum Look {
    Database,
    Schema,
    Media,
    Mail,
    Feed,
    Queue,
}

const LOOKS: [Look; 6] =
    [Look::Database, Look::Schema, Look::Media, Look::Mail, Look::Feed, Look::Queue];

impl Look {
    fn name(self) -> &'static str {
        match self {
            Self::Database => "database",
            Self::Schema => "schema",
            Self::Media => "media",
            Self::Mail => "mail",
            Self::Feed => "feed",
            Self::Queue => "queue",
        }
    }

    async fn at(self, shop: &Shop) -> Finding {
        match self {
            Self::Database => database(&shop.db).await,
            Self::Schema => schema(&shop.db).await,
            Self::Media => media(shop.media.as_ref()).await,
            Self::Mail => mail(shop.mailer.as_ref()).await,
            Self::Feed => feed(shop),
            Self::Queue => queue(&shop.db, &shop.clock).await,
        }
    }

    fn is_dear(self) -> bool {
        matches!(self, Self::Media | Self::Mail)
    }
}

#[derive(Clone)]
struct Known {
    at: Instant,
    ms: u64,
    finding: Finding,
}

impl Known {
    fn is_fresh(&self, look: Look) -> bool {
        let fresh = match (look.is_dear(), &self.finding) {
            (false, _) => FRESH,
            (true, Ok(_)) => FRESH_WHEN_DEAR,
            (true, Err(_)) => FRESH_WHEN_DEAR_FAILED,
        };
        self.at.elapsed() < fresh
    }
}

/// The body of `/ready`.
#[derive(Debug, Serialize)]
pub(crate) struct ReadyBody {
    pub ok: bool,
    #[serde(serialize_with = "as_map")]
    checks: Vec<(&'static str, CheckBody)>,
}

#[derive(Debug, Serialize)]
struct CheckBody {
    ok: bool,
    ms: u64,
    /// For our own network alone: it names hosts and users.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

fn as_map<S: Serializer>(checks: &[(&'static str, CheckBody)], to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(checks.iter().map(|(name, check)| (name, check)))
}

impl Readiness {
    pub(crate) fn new(shop: Shop) -> Arc<Self> {
        Arc::new(Self { shop, known: Mutex::default() })
    }

    /// Sets the gauges that cost nothing, which would be old where nobody asks `/ready`.
    pub(crate) fn measure(&self) {
        let _ = feed(&self.shop);
        connections(&self.shop.db);
    }

    pub(crate) async fn look(&self, with_details: bool) -> ReadyBody {
        let mut known = self.known.lock().await;
        let looks = LOOKS.into_iter().zip(known.iter()).map(|(look, known)| async move {
            if let Some(known) = known
                && known.is_fresh(look)
            {
                return known.clone();
            }
            let at = Instant::now();
            let finding = look.at(&self.shop).await;
            if let Err(detail) = &finding {
                tracing::warn!(check = look.name(), detail, "a check failed");
            }
            let ms = u64::try_from(at.elapsed().as_millis()).unwrap_or(u64::MAX);
            Known { at: Instant::now(), ms, finding }
        });
        let findings = futures::future::join_all(looks).await;
        let checks: Vec<_> = LOOKS
            .iter()
            .zip(&findings)
            .map(|(look, known)| {
                let detail = match &known.finding {
                    Ok(detail) | Err(detail) => with_details.then(|| detail.clone()),
                };
                (look.name(), CheckBody { ok: known.finding.is_ok(), ms: known.ms, detail })
            })
            .collect();
        for (slot, finding) in known.iter_mut().zip(findings) {
            *slot = Some(finding);
        }
        ReadyBody { ok: checks.iter().all(|(_, check)| check.ok), checks }
    }
}
