//! The seam between the two engines: connections, transactions, and one text for both.

use std::ops::{Deref, DerefMut};
use std::pin::Pin;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::Connection as _;
use sqlx::migrate::Migrator;
use sqlx::mysql::{MySqlConnectOptions, MySqlPoolOptions};
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{MySql, MySqlConnection, MySqlPool, Sqlite, SqliteConnection, SqlitePool, Transaction};

use crate::DbError;
use crate::absence::Absence;
use crate::meter::{Access, Held, waited};

/// The truth. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Db(Pools);

#[derive(Clone, Debug)]
enum Pools {
    MySql(MySqlPool, Arc<Absence>),
    Sqlite { writer: SqlitePool, readers: SqlitePool },
}

/// A connection that reads; each statement sees what was committed before it.
#[derive(Debug)]
pub struct Conn {
    inner: Inner,
    held: Held,
}

/// A transaction. Dropped without [`Tx::commit`], it leaves nothing behind.
#[derive(Debug)]
pub struct Tx(Conn);

#[derive(Debug)]
enum Inner {
    MySql(PoolConnection<MySql>),
    Sqlite(PoolConnection<Sqlite>),
    MySqlTx(Transaction<'static, MySql>),
    SqliteTx(Transaction<'static, Sqlite>),
}

/// A connection of one engine, as the `on!` macro takes it apart.
pub(crate) enum Engine<'a> {
    MySql(&'a mut MySqlConnection),
    Sqlite(&'a mut SqliteConnection),
}

/// A pool of connections: how many there are, how many of them nobody uses, how many there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolState {
    pub name: &'static str,
    pub n_open: u32,
    pub n_idle: u32,
    pub n_most: u32,
}

/// Which engine holds the truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    MySql,
    Sqlite,
}

/// How many connections an instance may hold. RDS is set to 500 for four instances and their
/// replacements during a deployment.
pub(crate) const MAX_CONNECTIONS: u32 = 40;
/// The same for those that read SQLite's file.
const MAX_READERS: u32 = 8;
/// A page must not hang on a database that is away: it says so after this long.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);
/// A connection that was given back less than this ago is not asked whether it still is one.
const TRUSTED_FOR: Duration = Duration::from_millis(100);

/// Migrations that only a newer executable knows are passed over: it expanded the schema, and whoever
/// goes back to this one goes on.
static MYSQL: Migrator = Migrator { ignore_missing: true, ..sqlx::migrate!("migrations/mysql") };
static SQLITE: Migrator = Migrator { ignore_missing: true, ..sqlx::migrate!("migrations/sqlite") };

async fn applied_migrations(conn: &mut Conn) -> Result<Vec<i64>, DbError> {
    let rows = crate::engine::fetch_all!(
        conn,
        (i64,),
        "SELECT version FROM _sqlx_migrations WHERE success = TRUE"
    );
    Ok(rows.into_iter().map(|(version,)| version).collect())
}

fn is_no_table(refusal: &dyn sqlx::error::DatabaseError) -> bool {
    crate::code_of(refusal) == 1146 || refusal.message().starts_with("no such table")
}

impl Db {
    /// Prepares to talk to `mysql://…` or `sqlite://path`; connects at the first statement.
    pub async fn connect(url: &str) -> Result<Self, DbError> {
        if url.starts_with("mysql:") || url.starts_with("mariadb:") {
            let options = MySqlConnectOptions::from_str(url)?;
            let pool = MySqlPoolOptions::new()
                .max_connections(MAX_CONNECTIONS)
                .acquire_timeout(ACQUIRE_TIMEOUT)
                // Asking one that was just in use would be a tenth of all that the server is asked.
                .test_before_acquire(false)
                .before_acquire(|conn, known| {
                    Box::pin(async move {
                        if known.idle_for > TRUSTED_FOR {
                            conn.ping().await?;
                        }
                        Ok(true)
                    })
                })
                .after_connect(|conn, _| {
                    Box::pin(async move {
                        for setting in [
                            // RDS would cut off what is too long for its column, and say nothing.
                            "SET SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES')",
                            "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
                            "SET SESSION innodb_lock_wait_timeout = 5",
                        ] {
                            sqlx::query(setting).execute(&mut *conn).await?;
                        }
                        Ok(())
                    })
                })
                .connect_lazy_with(options);
            return Ok(Self(Pools::MySql(pool, Arc::default())));
        }
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(Duration::from_secs(5))
            // In KiB for each connection; the kernel keeps the file's pages besides.
            .pragma("cache_size", "-4000");
        let pool = || {
            // SQLite itself rolls back what a full disk interrupts. The driver does not hear of it,
            // counts a transaction as open for ever, and begins no other.
            SqlitePoolOptions::new()
                .before_acquire(|conn, _| Box::pin(async { Ok(!conn.is_in_transaction()) }))
        };
        // One writer, so that writers queue in the pool, in turn, rather than on SQLite's lock.
        let writer = pool()
            .max_connections(1)
            .acquire_timeout(Duration::from_secs(10))
            .connect_with(options.clone())
            .await?;
        let readers = pool()
            .max_connections(MAX_READERS)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_lazy_with(options);
        Ok(Self(Pools::Sqlite { writer, readers }))
    }

    pub fn dialect(&self) -> Dialect {
        match self.0 {
            Pools::MySql(..) => Dialect::MySql,
            Pools::Sqlite { .. } => Dialect::Sqlite,
        }
    }

    /// Brings the schema to what this executable needs; several instances may call it at once.
    pub async fn migrate(&self) -> Result<(), DbError> {
        match &self.0 {
            Pools::MySql(pool, _) => MYSQL.run(pool).await?,
            Pools::Sqlite { writer, .. } => SQLITE.run(writer).await?,
        }
        Ok(())
    }

    /// Names the migrations that this executable needs and the database has not seen. Those that
    /// only a newer executable knows do not matter: they expand the schema first.
    pub async fn pending_migrations(&self) -> Result<Vec<String>, DbError> {
        let mut conn = self.read().await?;
        let applied = match applied_migrations(&mut conn).await {
            Err(DbError::Statement(sqlx::Error::Database(refusal))) if is_no_table(&*refusal) => {
                Vec::new()
            }
            applied => applied?,
        };
        let needed = match self.0 {
            Pools::MySql(..) => &MYSQL,
            Pools::Sqlite { .. } => &SQLITE,
        };
        let pending = needed.iter().filter(|migration| !applied.contains(&migration.version));
        Ok(pending.map(|migration| migration.description.to_string()).collect())
    }

    /// Begins a transaction that writes.
    pub async fn write(&self) -> Result<Tx, DbError> {
        let begin = Box::pin(async {
            Ok(match &self.0 {
                Pools::MySql(pool, absence) => {
                    let asking = absence.ask()?;
                    Inner::MySqlTx(asking.heard(pool, pool.begin().await)?)
                }
                Pools::Sqlite { writer, .. } => {
                    Inner::SqliteTx(writer.begin_with("BEGIN IMMEDIATE").await?)
                }
            })
        });
        Ok(Tx(Conn::held(Access::Write, begin).await?))
    }

    /// Borrows a connection that reads and blocks nobody.
    pub async fn read(&self) -> Result<Conn, DbError> {
        let acquire = Box::pin(async {
            Ok(match &self.0 {
                Pools::MySql(pool, absence) => {
                    let asking = absence.ask()?;
                    Inner::MySql(asking.heard(pool, pool.acquire().await)?)
                }
                Pools::Sqlite { readers, .. } => Inner::Sqlite(readers.acquire().await?),
            })
        });
        Conn::held(Access::Read, acquire).await
    }

    /// Begins a transaction that reads: all its statements see the same moment.
    pub async fn read_consistently(&self) -> Result<Conn, DbError> {
        let begin = Box::pin(async {
            Ok(match &self.0 {
                Pools::MySql(pool, absence) => {
                    let asking = absence.ask()?;
                    // Under READ COMMITTED the server would ignore the wish for one snapshot.
                    let begin = pool.begin_with(
                        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; \
                         START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
                    );
                    Inner::MySqlTx(asking.heard(pool, begin.await)?)
                }
                Pools::Sqlite { readers, .. } => Inner::SqliteTx(readers.begin().await?),
            })
        });
        Conn::held(Access::Read, begin).await
    }

    /// How the connections stand that this instance has.
    pub fn pools(&self) -> Vec<PoolState> {
        let state = |name, n_most, n_open, n_idle: usize| PoolState {
            name,
            n_most,
            n_idle: u32::try_from(n_idle).unwrap_or(u32::MAX).min(n_open),
            n_open,
        };
        match &self.0 {
            Pools::MySql(pool, _) => {
                vec![state("shared", MAX_CONNECTIONS, pool.size(), pool.num_idle())]
            }
            Pools::Sqlite { writer, readers } => vec![
                state("writer", 1, writer.size(), writer.num_idle()),
                state("readers", MAX_READERS, readers.size(), readers.num_idle()),
            ],
        }
    }

    /// Closes the connections once those in use are given back.
    pub async fn close(&self) {
        match &self.0 {
            Pools::MySql(pool, _) => pool.close().await,
            Pools::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
        }
    }

    /// Writes a copy of the whole database into a file, while the shop runs; SQLite only.
    pub async fn copy_to(&self, path: &str) -> Result<(), DbError> {
        match &self.0 {
            Pools::MySql(..) => Err(DbError::Unsupported("copying MySQL into a file")),
            Pools::Sqlite { readers, .. } => {
                sqlx::query("VACUUM INTO ?").bind(path).execute(readers).await?;
                Ok(())
            }
        }
    }
}

impl Conn {
    /// `asking` is on the heap, or the future of every caller would hold it some times over.
    async fn held(
        access: Access,
        asking: Pin<Box<impl Future<Output = Result<Inner, DbError>>>>,
    ) -> Result<Self, DbError> {
        let inner = waited(access, asking).await?;
        Ok(Self { inner, held: Held::new(access) })
    }

    /// The connection for the next statement.
    pub(crate) fn engine(&mut self) -> Engine<'_> {
        self.held.count_statement();
        match &mut self.inner {
            Inner::MySql(conn) => Engine::MySql(conn),
            Inner::Sqlite(conn) => Engine::Sqlite(conn),
            Inner::MySqlTx(tx) => Engine::MySql(tx),
            Inner::SqliteTx(tx) => Engine::Sqlite(tx),
        }
    }
}

impl Tx {
    pub async fn commit(self) -> Result<(), DbError> {
        let Conn { inner, mut held } = self.0;
        match inner {
            Inner::MySqlTx(tx) => tx.commit().await?,
            Inner::SqliteTx(tx) => tx.commit().await?,
            Inner::MySql(_) | Inner::Sqlite(_) => {
                unreachable!("only `Db::write` makes a `Tx`, and it begins a transaction")
            }
        }
        held.note_commit();
        Ok(())
    }
}

impl Deref for Tx {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.0
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.0
    }
}

/// A literal statement of this crate, for the `statements` test.
#[cfg(test)]
pub(crate) struct Statement {
    pub(crate) text: &'static str,
    pub(crate) file: &'static str,
    pub(crate) line: u32,
}

#[cfg(test)]
inventory::collect!(Statement);

/// A statement both engines accept: a literal, or a `concat!` of literals. The `statements` test
/// prepares every one of them on both.
macro_rules! sql {
    ($text:expr) => {{
        #[cfg(test)]
        inventory::submit! {
            $crate::engine::Statement { text: $text, file: file!(), line: line!() }
        }
        $text
    }};
}

/// Runs one expression on whichever engine `$conn` belongs to.
macro_rules! on {
    ($conn:expr, |$engine:ident| $run:expr) => {
        match $conn.engine() {
            $crate::engine::Engine::MySql($engine) => $run,
            $crate::engine::Engine::Sqlite($engine) => $run,
        }
    };
}

/// Executes a statement and gives the number of rows it changed.
///
/// On MySQL a row set to the values it already had does not count as changed by the server, but
/// sqlx asks for found rows, so both engines count rows that matched.
macro_rules! execute {
    ($conn:expr, $text:expr $(, $bind:expr)* $(,)?) => {
        $crate::engine::on!($conn, |engine| {
            sqlx::query($crate::engine::sql!($text))
                $(.bind($bind))*
                .execute(&mut *engine)
                .await?
                .rows_affected()
        })
    };
}

/// Fetches all rows of a statement.
macro_rules! fetch_all {
    ($conn:expr, $row:ty, $text:expr $(, $bind:expr)* $(,)?) => {
        $crate::engine::on!($conn, |engine| {
            sqlx::query_as::<_, $row>($crate::engine::sql!($text))
                $(.bind($bind))*
                .fetch_all(&mut *engine)
                .await?
        })
    };
}

/// How many things one statement asks for at most. A constant, so that the text is one too.
pub(crate) const CHUNK: usize = 16;

/// The things of a chunk, the last one repeated until there are [`CHUNK`] of them.
pub(crate) fn padded<T: Copy>(chunk: &[T]) -> [T; CHUNK] {
    std::array::from_fn(|i| chunk[i.min(chunk.len() - 1)])
}

/// Fetches all rows of a statement that ends with the 16 markers of an `IN`; see [`padded`].
macro_rules! fetch_chunk {
    ($conn:expr, $row:ty, $text:expr $(, $bind:expr)*; $chunk:expr) => {{
        let chunk = $crate::engine::padded($chunk);
        $crate::engine::fetch_all!(
            $conn, $row, $text $(, $bind)*,
            chunk[0], chunk[1], chunk[2], chunk[3], chunk[4], chunk[5], chunk[6], chunk[7],
            chunk[8], chunk[9], chunk[10], chunk[11], chunk[12], chunk[13], chunk[14], chunk[15],
        )
    }};
}

/// How many things one statement asks for where whole pages are read.
pub(crate) const PAGE: usize = 100;

/// Fetches all rows of a statement that ends with the 100 markers of an `IN`; of fewer things the
/// last is asked for again.
macro_rules! fetch_page {
    ($conn:expr, $row:ty, $select:literal, $order:literal; $page:expr) => {
        $crate::engine::on!($conn, |engine| {
            let mut query = sqlx::query_as::<_, $row>($crate::engine::sql!(concat!(
                $select,
                " IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, \
                 ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, \
                 ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, \
                 ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ",
                $order
            )));
            for i in 0..$crate::engine::PAGE {
                query = query.bind($page[i.min($page.len() - 1)]);
            }
            query.fetch_all(&mut *engine).await?
        })
    };
}

/// Fetches the first row of a statement, if there is one.
macro_rules! fetch_optional {
    ($conn:expr, $row:ty, $text:expr $(, $bind:expr)* $(,)?) => {
        $crate::engine::on!($conn, |engine| {
            sqlx::query_as::<_, $row>($crate::engine::sql!($text))
                $(.bind($bind))*
                .fetch_optional(&mut *engine)
                .await?
        })
    };
}

pub(crate) use {execute, fetch_all, fetch_chunk, fetch_optional, fetch_page, on, sql};
