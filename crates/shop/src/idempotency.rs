//! Requests that are sent again: the same key and the same request get the first answer.
//!
//! The claim of a key is a transaction of its own before the use case, and the answer one after it.
//! An instance that dies in between leaves a claim that expires; whoever sends the request after
//! that has it run again.

use db::DbError;
pub use db::idempotency::Claim;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{Shop, use_case};

/// How long a claim is good. No request takes longer.
const LEASE: SignedDuration = SignedDuration::from_secs(120);
/// How long an answer is kept; then the key is new again.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// A request with its key.
#[derive(Clone, Copy, Debug)]
pub struct Keyed<'k> {
    /// Keys of one caller say nothing about those of another.
    pub caller: &'k str,
    pub key: &'k str,
    /// Of all that makes the request what it is.
    pub fingerprint: [u8; 32],
}

/// What was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

/// What is to be done about a request with a key.
#[derive(Debug)]
pub enum Begun {
    /// Run it, and [`finish`] or [`give_back`] the claim.
    New(Claim),
    Answered(Answer),
    /// Somebody is at it.
    Running,
    /// The key came with another request before.
    AnotherRequest,
}

impl Keyed<'_> {
    /// A hash of both: what the table leaks are no keys.
    fn id(&self) -> [u8; 32] {
        let digest = Sha256::new().chain_update(self.caller).chain_update([0]);
        digest.chain_update(self.key).finalize().into()
    }

    fn claim(&self, now: Timestamp) -> Claim {
        Claim { id: self.id(), claim: Uuid::now_v7(), until: now + LEASE }
    }
}

/// Claims the right to answer a request, if nobody has it.
pub async fn begin(shop: &Shop, keyed: Keyed<'_>) -> Result<Begun, DbError> {
    use_case("claim-key", || async move {
        let now = shop.clock.now();
        let claim = keyed.claim(now);
        let mut tx = shop.db.write().await?;
        match db::idempotency::insert(&mut tx, &claim, keyed.fingerprint, now).await {
            Err(DbError::Taken(_)) => drop(tx),
            inserted => {
                inserted?;
                tx.commit().await?;
                return Ok(Begun::New(claim));
            }
        }
        let known = db::idempotency::find(&mut shop.db.read().await?, claim.id).await?;
        // Whoever had it gave it back just now; the next try finds the key free.
        let Some(known) = known else { return Ok(Begun::Running) };
        if known.fingerprint != keyed.fingerprint {
            return Ok(Begun::AnotherRequest);
        }
        if let Some((status, sealed)) = known.answer {
            // Under another secret key nobody can tell what was answered.
            let opened = shop.key.open(&sealed);
            return Ok(opened
                .map_or(Begun::AnotherRequest, |body| Begun::Answered(Answer { status, body })));
        }
        if known.claim.until > now {
            return Ok(Begun::Running);
        }
        let mut tx = shop.db.write().await?;
        let is_ours = db::idempotency::take_over(&mut tx, &known.claim, &claim).await?;
        tx.commit().await?;
        Ok(if is_ours { Begun::New(claim) } else { Begun::Running })
    })
    .await
}

/// Keeps the answer, encrypted, since there may be tokens in it.
pub async fn finish(shop: &Shop, claim: &Claim, answer: &Answer) -> Result<(), DbError> {
    let sealed = shop.key.seal(&answer.body);
    use_case("keep-answer", || async {
        let mut tx = shop.db.write().await?;
        db::idempotency::answer(&mut tx, claim, answer.status, &sealed).await?;
        tx.commit().await
    })
    .await
}

/// Leaves the request to whoever sends it next.
pub async fn give_back(shop: &Shop, claim: &Claim) -> Result<(), DbError> {
    use_case("give-key-back", || async {
        let mut tx = shop.db.write().await?;
        db::idempotency::delete(&mut tx, claim).await?;
        tx.commit().await
    })
    .await
}

/// Forgets the answers that were kept long enough.
pub(crate) async fn prune(tx: &mut db::Tx, now: Timestamp) -> Result<u64, DbError> {
    db::idempotency::prune(tx, now - KEPT).await
}
