//! Work outside transactions: mails, renditions and messages to webhooks, at least once, and once in effect.

mod mail;
mod operation;
mod renditions;
mod trace;
mod webhook;

use std::time::{Duration, Instant};

pub use db::job::{DeadJob, QueueState};
use db::job::{Job, NewJob};
use db::{DbError, Tx};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tracing::Instrument as _;
use uuid::Uuid;

pub(crate) use mail::SendCancelMail;
pub use mail::{SendAccountMail, SendContactMail, SendOrderMail};
pub(crate) use operation::{RunOperation, prefix as operation_prefix};
pub use renditions::MakeRenditions;
pub(crate) use webhook::{DeliverMessage, prefix as message_prefix};

use crate::{Shop, use_case};

/// How long a claimed job is ours. No job may take longer.
const LEASE: SignedDuration = SignedDuration::from_secs(120);
const LONGEST: SignedDuration = SignedDuration::from_secs(100);
/// A job that failed this often, or that as many workers died of, is put where staff can see it.
const MAX_ATTEMPTS: u32 = 12;
const BATCH: u32 = 4;
const POLL: Duration = Duration::from_millis(250);

const KINDS: [&str; 7] = [
    SendOrderMail::KIND,
    SendCancelMail::KIND,
    SendAccountMail::KIND,
    SendContactMail::KIND,
    MakeRenditions::KIND,
    RunOperation::KIND,
    DeliverMessage::KIND,
];

/// A kind of work, named in the imperative.
pub(crate) trait Work: Serialize + DeserializeOwned + Send + Sync {
    const KIND: &'static str;
    /// Whether it comes in masses and may wait until nothing else is due.
    const IS_BULK: bool = false;

    /// Two jobs with the same key are one.
    fn dedupe_key(&self) -> Option<String>;

    /// Works of one lane are done one after another, each when the one before it is done or given up.
    fn lane(&self) -> Option<String> {
        None
    }

    fn run(&self, shop: &Shop) -> impl Future<Output = Result<(), JobError>> + Send;
}

/// Why a job was not done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum JobError {
    /// Trying again is useless.
    #[error("{0}")]
    Hopeless(String),
    #[error("{0}")]
    Later(String),
    #[error(transparent)]
    Db(#[from] DbError),
}

/// How the queue stands.
pub async fn queue_state(shop: &Shop) -> Result<QueueState, DbError> {
    db::job::queue_state(&mut shop.db.read().await?, shop.clock.now()).await
}

/// The jobs that were given up, newest first.
pub async fn list_failed(shop: &Shop) -> Result<Vec<DeadJob>, DbError> {
    db::job::list_dead(&mut shop.db.read().await?).await
}

/// Gives a job that was given up another life; `false` when it is not one of them any more.
pub async fn retry(shop: &Shop, id: Uuid) -> Result<bool, DbError> {
    use_case("retry-job", || async {
        let mut tx = shop.db.write().await?;
        let is_revived = db::job::revive(&mut tx, id, shop.clock.now()).await?;
        tx.commit().await?;
        Ok(is_revived)
    })
    .await
}

/// Asks for work, in the transaction that makes it necessary.
pub(crate) async fn push<W: Work>(tx: &mut Tx, work: &W, at: Timestamp) -> Result<(), DbError> {
    let job = NewJob {
        kind: W::KIND,
        payload: serde_json::to_string(work).expect("a job is made of plain values"),
        dedupe_key: work.dedupe_key(),
        run_at: at,
        is_bulk: W::IS_BULK,
        lane: work.lane(),
        traceparent: trace::here(),
    };
    db::job::push(tx, &job, at).await?;
    Ok(())
}

/// Asks for a mail to the merchant, from the contact form.
pub async fn contact(shop: &Shop, mail: &SendContactMail) -> Result<(), DbError> {
    let at = shop.clock.now();
    use_case("contact-merchant", || async {
        let mut tx = shop.db.write().await?;
        push(&mut tx, mail, at).await?;
        tx.commit().await
    })
    .await
}

/// Does what is due, until `halt` says so. Any number of instances may run it.
pub async fn work(shop: Shop, mut halt: tokio::sync::watch::Receiver<bool>) {
    let mut tidied_at = Timestamp::UNIX_EPOCH;
    while !*halt.borrow() {
        let now = shop.clock.now();
        if now.duration_since(tidied_at) > SignedDuration::from_hours(1) {
            tidied_at = now;
            if let Err(error) = tidy(&shop).await {
                tracing::warn!(error = crate::logged(&error), "tidying failed");
            }
        }
        let n_done = match run_batch(&shop, || *halt.borrow()).await {
            Ok(n_done) => n_done,
            Err(error) => {
                tracing::warn!(error = crate::logged(&error), "jobs cannot be read");
                0
            }
        };
        if n_done == 0 {
            let _ = tokio::time::timeout(POLL, halt.changed()).await;
        }
    }
}

/// Does a batch of what is due and says how many jobs that were.
pub async fn run_due(shop: &Shop) -> Result<usize, DbError> {
    run_batch(shop, || false).await
}

/// The same; what was not begun when `is_halted` says so is given back.
async fn run_batch(shop: &Shop, is_halted: impl Fn() -> bool) -> Result<usize, DbError> {
    let now = shop.clock.now();
    if !db::job::is_due(&mut shop.db.read().await?, now).await? {
        return Ok(0);
    }
    let mut tx = shop.db.write().await?;
    let claim = db::job::claim(&mut tx, now, LEASE, MAX_ATTEMPTS, BATCH).await?;
    tx.commit().await?;
    for kind in &claim.buried {
        tracing::error!(kind, "a job was given up: whoever began it died");
    }
    let mut begun = 0;
    // All of the batch were claimed at once: one that would outlast its lease is left to others.
    let is_late = || shop.clock.now().duration_since(now) > LEASE - LONGEST;
    for job in &claim.jobs {
        if is_halted() || is_late() {
            break;
        }
        begun += 1;
        run(shop, job, &is_halted).await?;
    }
    if begun < claim.jobs.len() {
        let mut tx = shop.db.write().await?;
        for job in &claim.jobs[begun..] {
            db::job::give_back(&mut tx, job).await?;
        }
        tx.commit().await?;
    }
    Ok(begun + claim.buried.len())
}

async fn run(shop: &Shop, job: &Job, is_halted: impl Fn() -> bool) -> Result<(), DbError> {
    let begin = Instant::now();
    // A kind that only a newer executable knows is no label.
    let kind = KINDS.into_iter().find(|known| *known == job.kind).unwrap_or("unknown");
    let span = tracing::debug_span!("job", kind, id = %job.id);
    if let Some(asked_at) = &job.traceparent {
        trace::go_on(&span, asked_at);
    }
    let work = Box::pin(dispatch(shop, job)).instrument(span);
    let done = tokio::time::timeout(LONGEST.unsigned_abs(), work).await;
    let done = done.unwrap_or_else(|_| Err(JobError::Later("it took too long".into())));
    let outcome = match &done {
        Ok(()) => "done",
        Err(error) if is_hopeless(job, error) => "given-up",
        Err(_) => "failed",
    };
    metrics::histogram!("job_seconds", "kind" => kind, "outcome" => outcome)
        .record(begin.elapsed());
    if let Err(error) = &done {
        log_failure(job, error, is_hopeless(job, error));
    }
    // What is not written down is done once more, and not before the lease is over: a database that
    // is away for a moment is waited for.
    loop {
        match settle(shop, job, &done).await {
            Err(error)
                if error.is_unavailable()
                    && !is_halted()
                    && begin.elapsed() < LEASE.unsigned_abs() =>
            {
                tracing::debug!(error = crate::logged(&error), "a job cannot be settled yet");
                tokio::time::sleep(POLL).await;
            }
            settled => return settled,
        }
    }
}

/// Writes down what became of a job.
async fn settle(shop: &Shop, job: &Job, done: &Result<(), JobError>) -> Result<(), DbError> {
    let mut tx = shop.db.write().await?;
    match done {
        Ok(()) => {
            db::job::finish(&mut tx, job).await?;
        }
        Err(error) => {
            let again_at = shop.clock.now() + backoff(job.attempts);
            let again_at = (!is_hopeless(job, error)).then_some(again_at);
            db::job::fail(&mut tx, job, &error.to_string(), again_at).await?;
        }
    }
    tx.commit().await
}

fn is_hopeless(job: &Job, error: &JobError) -> bool {
    matches!(error, JobError::Hopeless(_)) || job.attempts >= MAX_ATTEMPTS
}

fn log_failure(job: &Job, error: &JobError, is_hopeless: bool) {
    let (kind, attempts) = (job.kind.as_str(), job.attempts);
    let error = crate::logged(error);
    if is_hopeless {
        tracing::error!(kind, attempts, error, "a job was given up");
    } else {
        tracing::warn!(kind, attempts, error, "a job failed and will be tried again");
    }
}

/// 5 s after the first failure, doubling, an hour at most.
fn backoff(attempts: u32) -> SignedDuration {
    SignedDuration::from_secs((5_i64 << attempts.saturating_sub(1).min(10)).min(3_600))
}

async fn dispatch(shop: &Shop, job: &Job) -> Result<(), JobError> {
    async fn one<W: Work>(shop: &Shop, payload: &str) -> Result<(), JobError> {
        let work: W = serde_json::from_str(payload).map_err(|error| {
            JobError::Hopeless(format!("the payload is not understood: {error}"))
        })?;
        work.run(shop).await
    }
    match job.kind.as_str() {
        SendOrderMail::KIND => one::<SendOrderMail>(shop, &job.payload).await,
        SendCancelMail::KIND => one::<SendCancelMail>(shop, &job.payload).await,
        SendAccountMail::KIND => one::<SendAccountMail>(shop, &job.payload).await,
        SendContactMail::KIND => one::<SendContactMail>(shop, &job.payload).await,
        MakeRenditions::KIND => one::<MakeRenditions>(shop, &job.payload).await,
        RunOperation::KIND => one::<RunOperation>(shop, &job.payload).await,
        DeliverMessage::KIND => one::<DeliverMessage>(shop, &job.payload).await,
        other => Err(JobError::Later(format!("this executable does not know the kind {other}"))),
    }
}

/// Forgets what is no longer needed, and looks whether the stock ledger still explains the stock.
///
/// Every instance does it once an hour.
pub async fn tidy(shop: &Shop) -> Result<(), DbError> {
    let now = shop.clock.now();
    let days = |n: i64| now - SignedDuration::from_hours(24 * n);
    let mut tx = shop.db.write().await?;
    db::session::prune(&mut tx, now).await?;
    crate::idempotency::prune(&mut tx, now).await?;
    crate::integration::prune_nonces(&mut tx, now).await?;
    db::job::prune(&mut tx, days(30)).await?;
    db::change::prune(&mut tx, days(2)).await?;
    db::cart::prune(&mut tx, days(60)).await?;
    db::checkout::prune(&mut tx, days(2)).await?;
    db::order::number_stragglers(&mut tx).await?;
    db::customer::number_addresses(&mut tx).await?;
    tx.commit().await?;
    let unexplained = db::stock::unexplained(&mut shop.db.read().await?).await?;
    if !unexplained.is_empty() {
        tracing::error!(
            skus = unexplained.join(" "),
            "the stock ledger does not explain the stock"
        );
    }
    Ok(())
}
