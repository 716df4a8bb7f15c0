//! The change feed: whoever follows it misses nothing.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use db::Db;
use db::change::{Change, Position, Topic, list_after, number_batch, position, push};
use jiff::Timestamp;
use testkit::{TestShop, at_once, on_both_engines};
use uuid::Uuid;

const N_WRITERS: usize = 8;
const N_CHANGES: usize = 100;

fn of(subject: Uuid) -> Change {
    Change { topic: Topic::Product, subject: Some(subject) }
}

/// Commits changes, each a while after it was written, and gives their subjects.
async fn write(db: Db, at: Timestamp, n_left: Arc<AtomicUsize>) -> BTreeSet<Uuid> {
    let mut subjects = BTreeSet::new();
    for _ in 0..N_CHANGES {
        let subject = Uuid::now_v7();
        let mut tx = db.write().await.unwrap();
        push(&mut tx, of(subject), at).await.unwrap();
        // The end of a UUIDv7 is random.
        let delay = u64::from(subject.as_bytes()[15]) * 8;
        tokio::time::sleep(Duration::from_micros(delay)).await;
        tx.commit().await.unwrap();
        subjects.insert(subject);
    }
    n_left.fetch_sub(1, Ordering::SeqCst);
    subjects
}

/// Follows the feed until all writers are done, and gives the subjects it saw.
async fn follow(db: Db, n_left: Arc<AtomicUsize>) -> BTreeSet<Uuid> {
    let (mut seen, mut at) = (BTreeSet::new(), Position(0));
    loop {
        let is_last = n_left.load(Ordering::SeqCst) == 0;
        while number_batch(&db).await.unwrap() {}
        let (changes, now_at) = list_after(&mut db.read().await.unwrap(), at).await.unwrap();
        assert!(changes.is_empty() && now_at == at || now_at > at, "{at:?}, then {now_at:?}");
        for change in changes {
            assert!(seen.insert(change.subject.unwrap()), "each change is seen once");
        }
        at = now_at;
        if is_last {
            return seen;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_miss_no_change_however_late_it_is_committed() {
    on_both_engines(async |shop| {
        let dbs: Vec<Db> = shop.instances(2).await.into_iter().map(|shop| shop.db).collect();
        let n_left = Arc::new(AtomicUsize::new(N_WRITERS));
        let at = shop.clock.now();

        let readers = (0..2).map(|n| tokio::spawn(follow(dbs[n].clone(), n_left.clone())));
        let readers: Vec<_> = readers.collect();
        let writers = (0..N_WRITERS).map(|n| write(dbs[n % 2].clone(), at, n_left.clone()));
        let written: BTreeSet<Uuid> = at_once(writers).await.into_iter().flatten().collect();

        assert_eq!(written.len(), N_WRITERS * N_CHANGES);
        for reader in readers {
            assert!(reader.await.unwrap() == written, "a reader missed a change");
        }
    })
    .await;
}

async fn commit(shop: &TestShop, change: Change) {
    let mut tx = shop.db.write().await.unwrap();
    push(&mut tx, change, shop.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_change_that_was_rolled_back_is_not_announced() {
    on_both_engines(async |shop| {
        let mut tx = shop.db.write().await.unwrap();
        push(&mut tx, of(Uuid::now_v7()), shop.clock.now()).await.unwrap();
        drop(tx);

        assert!(!number_batch(&shop.db).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_thing_that_changed_twice_is_announced_once() {
    on_both_engines(async |shop| {
        let (tea, pot) = (of(Uuid::from_u128(1)), of(Uuid::from_u128(2)));
        let menu = Change { topic: Topic::Structure, subject: None };
        for change in [tea, menu, pot, tea] {
            commit(&shop, change).await;
        }

        assert!(number_batch(&shop.db).await.unwrap());
        let (changes, at) = list_after(&mut shop.read().await, Position(0)).await.unwrap();

        assert_eq!((changes, at), (vec![tea, pot, menu], Position(1)));
    })
    .await;
}

#[tokio::test]
async fn whoever_comes_late_begins_where_the_feed_ends() {
    on_both_engines(async |shop| {
        assert_eq!(position(&mut shop.read().await).await.unwrap(), Position(0));
        commit(&shop, of(Uuid::from_u128(1))).await;
        number_batch(&shop.db).await.unwrap();

        let at = position(&mut shop.read().await).await.unwrap();
        assert_eq!(list_after(&mut shop.read().await, at).await.unwrap(), (vec![], at));
        commit(&shop, of(Uuid::from_u128(2))).await;
        number_batch(&shop.db).await.unwrap();

        let (changes, then) = list_after(&mut shop.read().await, at).await.unwrap();
        assert_eq!(changes, [of(Uuid::from_u128(2))]);
        assert!(then > at);
    })
    .await;
}

#[tokio::test]
async fn whoever_comes_back_reads_a_large_import_in_parts() {
    on_both_engines(async |shop| {
        let mut tx = shop.db.write().await.unwrap();
        let written: BTreeSet<Uuid> = (1..=5_000).map(Uuid::from_u128).collect();
        for subject in &written {
            push(&mut tx, of(*subject), shop.clock.now()).await.unwrap();
        }
        tx.commit().await.unwrap();
        while number_batch(&shop.db).await.unwrap() {}

        let (mut parts, mut at) = (Vec::new(), Position(0));
        loop {
            let (changes, now_at) = list_after(&mut shop.read().await, at).await.unwrap();
            if changes.is_empty() {
                break;
            }
            parts.push(changes);
            at = now_at;
        }

        assert_eq!(parts.iter().map(Vec::len).collect::<Vec<_>>(), [2_048, 2_048, 904]);
        let seen = parts.iter().flatten().filter_map(|change| change.subject).collect();
        assert_eq!(written, seen);
    })
    .await;
}
