//! What the statements do, on both engines.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails like a test")]

mod catalog;
mod channel;
mod outage;

use db::Db;
use testkit::servers::mariadb;

/// Runs a test on a migrated database of each engine.
async fn on_both_engines(test: impl AsyncFn(Db)) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/shop.db", folder.path().display());
    let sqlite = Db::connect(&url).await.unwrap();
    sqlite.migrate().await.unwrap();
    test(sqlite.clone()).await;
    sqlite.close().await;

    let server = mariadb().await;
    let mariadb = Db::connect(server.url()).await.unwrap();
    mariadb.migrate().await.unwrap();
    test(mariadb.clone()).await;
    mariadb.close().await;
}
