//! The tables of a Magento 2.4 that is moved into the shop: read, and never written.
//!
//! One connection, whose session is read only and sees one moment from its first statement to its
//! last, so that the sums of a living shop agree with its rows. Values come as the server writes
//! them, as bytes: whether they are right is for those to say who take them.

mod catalog;
mod content;
mod customer;
mod sales;
mod store;

use std::collections::HashSet;
use std::fmt::Display;
use std::str::FromStr;
use std::sync::Arc;

use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlRow};
use sqlx::{AssertSqlSafe, Column, ConnectOptions, Connection, Row as _};

use crate::DbError;

pub use catalog::{EntityKind, Link};

/// An open Magento.
#[derive(Debug)]
pub struct Magento {
    conn: MySqlConnection,
    prefix: String,
    tables: HashSet<String>,
}

/// Why a Magento was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("a prefix of tables has at most 20 letters, digits and underscores")]
    Prefix,
    #[error("it is no address of a database: mysql://user:password@host/database")]
    Address(#[source] sqlx::Error),
    #[error("there is no table {0}: is it a Magento, and is its prefix right?")]
    NoMagento(String),
    #[error("it is Adobe Commerce with staged content (row_id), which is not read")]
    Staged,
    #[error("the source could not be read")]
    Db(#[from] DbError),
}

impl From<sqlx::Error> for OpenError {
    fn from(error: sqlx::Error) -> Self {
        Self::Db(error.into())
    }
}

/// A row, as the server writes it.
#[derive(Clone, Debug)]
pub struct Row {
    columns: Arc<[String]>,
    cells: Vec<Option<Vec<u8>>>,
}

impl Row {
    /// The value of a column; `None` where it is NULL.
    pub fn get(&self, column: &str) -> Option<&[u8]> {
        let at = self.columns.iter().position(|name| name == column)?;
        self.cells.get(at)?.as_deref()
    }

    /// The bytes of a column; nothing where it is NULL.
    pub fn bytes(&self, column: &str) -> &[u8] {
        self.get(column).unwrap_or_default()
    }

    /// The text of a column; empty where it is NULL.
    pub fn text(&self, column: &str) -> String {
        String::from_utf8_lossy(self.bytes(column)).into_owned()
    }

    /// A whole number, such as an id; 0 where there is none.
    pub fn id(&self, column: &str) -> u64 {
        self.text(column).parse().unwrap_or(0)
    }

    /// Every column with its value, for a row that is kept aside.
    pub fn cells(&self) -> impl Iterator<Item = (&str, Option<String>)> {
        let text = |cell: &Option<Vec<u8>>| {
            cell.as_ref().map(|bytes| String::from_utf8_lossy(bytes).into_owned())
        };
        self.columns.iter().map(String::as_str).zip(self.cells.iter().map(text))
    }
}

/// Ids as an `IN` takes them; one that nothing has where there are none.
fn list<T: Display>(ids: impl IntoIterator<Item = T>) -> String {
    let ids: Vec<String> = ids.into_iter().map(|id| id.to_string()).collect();
    if ids.is_empty() { "-1".to_owned() } else { ids.join(",") }
}

impl Magento {
    /// Opens a Magento whose tables begin with `prefix`, at one moment.
    pub async fn open(url: &str, prefix: &str) -> Result<Self, OpenError> {
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        if prefix.len() > 20 || !prefix.bytes().all(is_word) {
            return Err(OpenError::Prefix);
        }
        let is_mysql = url.starts_with("mysql:") || url.starts_with("mariadb:");
        let options = MySqlConnectOptions::from_str(if is_mysql { url } else { "" });
        let mut conn = options.map_err(OpenError::Address)?.connect().await?;
        for statement in [
            "SET SESSION TRANSACTION READ ONLY",
            "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
            "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
        ] {
            sqlx::raw_sql(statement).execute(&mut conn).await?;
        }
        let mut magento = Self { conn, prefix: prefix.to_owned(), tables: HashSet::new() };
        let tables = magento
            .rows(
                "SELECT table_name AS name FROM information_schema.tables \
                 WHERE table_schema = DATABASE()"
                    .to_owned(),
            )
            .await?;
        magento.tables = tables.iter().map(|row| row.text("name")).collect();
        for table in ["store", "eav_attribute", "catalog_product_entity", "sales_order"] {
            if !magento.has(table) {
                return Err(OpenError::NoMagento(format!("{prefix}{table}")));
            }
        }
        let staged = format!(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() \
             AND table_name = '{prefix}catalog_product_entity' AND column_name = 'row_id'"
        );
        if !magento.rows(staged).await?.is_empty() {
            return Err(OpenError::Staged);
        }
        Ok(magento)
    }

    /// Whether there is such a table.
    fn has(&self, table: &str) -> bool {
        self.tables.contains(&format!("{}{table}", self.prefix))
    }

    pub async fn close(self) -> Result<(), DbError> {
        Ok(self.conn.close().await?)
    }

    /// Asks one statement, whose tables are written as `{table}`. Nothing but ids and names of ours
    /// may stand in it.
    async fn ask(&mut self, statement: &str) -> Result<Vec<Row>, DbError> {
        let mut text = String::with_capacity(statement.len() + 32);
        for char in statement.chars() {
            match char {
                '{' => text.push_str(&self.prefix),
                '}' => {}
                char => text.push(char),
            }
        }
        self.rows(text).await
    }

    async fn rows(&mut self, statement: String) -> Result<Vec<Row>, DbError> {
        // Unprepared, so that the server writes every value as a text.
        let query = sqlx::raw_sql(AssertSqlSafe(statement));
        let rows: Vec<MySqlRow> = query.fetch_all(&mut self.conn).await?;
        let Some(first) = rows.first() else { return Ok(Vec::new()) };
        let columns: Arc<[String]> =
            first.columns().iter().map(|column| column.name().to_owned()).collect();
        let read = |row: &MySqlRow| {
            let cells = (0..columns.len()).map(|at| row.try_get_unchecked(at));
            Ok(Row { columns: Arc::clone(&columns), cells: cells.collect::<Result<_, _>>()? })
        };
        rows.iter().map(read).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_no_magento_is_not_opened() {
        let server = testkit::servers::mariadb().await;

        let refused = Magento::open(server.url(), "m2_").await.unwrap_err();
        assert!(matches!(refused, OpenError::NoMagento(table) if table == "m2_store"));
        for prefix in ["a;b", "a`b", "twenty_one_characters"] {
            let refused = Magento::open(server.url(), prefix).await.unwrap_err();
            assert!(matches!(refused, OpenError::Prefix));
        }
        let refused = Magento::open("sqlite://x", "").await.unwrap_err();
        assert!(matches!(refused, OpenError::Address(_)));
    }

    #[tokio::test]
    async fn the_source_cannot_be_written() {
        let server = testkit::servers::mariadb().await;
        for table in ["store", "eav_attribute", "catalog_product_entity", "sales_order"] {
            server.execute(&format!("CREATE TABLE {table} (id INT)"));
        }
        let mut magento = Magento::open(server.url(), "").await.unwrap();

        magento.ask("INSERT INTO {store} VALUES (1)").await.unwrap_err();

        assert_eq!(server.query("SELECT COUNT(*) FROM store").trim(), "0");
    }
}
