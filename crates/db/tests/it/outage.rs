//! A server that goes away and comes back.

use std::time::Duration;

use db::{Db, DbError};
use testkit::at_once;
use testkit::servers::MariaDb;

async fn read(db: Db) -> Result<(), DbError> {
    db.read().await.map(drop)
}

fn is_away(result: &Result<(), DbError>) -> bool {
    matches!(result, Err(DbError::Unavailable(_)))
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_server_is_away_one_asks_and_the_others_are_told_at_once() {
    let mut server = MariaDb::private().await;
    let db = Db::connect(server.url()).await.unwrap();
    read(db.clone()).await.unwrap();
    server.stop().await;
    // A connection that was in use a moment ago is trusted.
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(is_away(&read(db.clone()).await));

    let mut asking = Box::pin(read(db.clone()));
    let others = at_once((0..200).map(|_| read(db.clone())));
    let others = tokio::select! {
        biased;
        _ = &mut asking => panic!("it waits for longer than the others"),
        others = others => others,
    };
    assert!(others.iter().all(is_away), "{others:?}");
    drop(asking);

    server.start().await;
    for _ in 0..100 {
        if read(db.clone()).await.is_ok() {
            let all = at_once((0..20).map(|_| read(db.clone()))).await;
            assert!(all.iter().all(Result::is_ok), "{all:?}");
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it is back and nobody notices");
}
