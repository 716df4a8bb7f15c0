//! Real servers for tests: MariaDB, MySQL and a replica of it, an S3-compatible store, an SMTP
//! sink, HAProxy.
//!
//! Each listens on a free loopback port and keeps its data in a folder of its own. Some are
//! shared by all test processes of a run, since a runner may start one process per test; none
//! outlives the tests by more than a minute. A server whose program is missing fails the test:
//! `cargo xtask setup` installs them.

mod authority;
mod haproxy;
mod keeper;
mod mariadb;
mod mysql;
mod replica;
mod s3;
mod smtp;

pub use authority::{Authority, Identity};
pub use haproxy::HaProxy;
pub use mariadb::{MariaDb, PrivateMariaDb, mariadb, mariadb_like};
pub use replica::{Replica, replicated};
pub use s3::{PrivateS3, S3, s3};
pub use smtp::{Received, Smtp, smtp};

/// Waits for work that blocks the thread, and panics as it does.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}
