//! Both engines accept every statement of this crate, and their schemas are the same.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sqlx::{Connection, Executor, MySqlConnection, SqlSafeStr, SqliteConnection};
use testkit::servers::{MariaDb, mariadb};

use crate::Db;
use crate::engine::Statement;

async fn migrated_sqlite() -> (tempfile::TempDir, SqliteConnection) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/shop.db", folder.path().display());
    let db = Db::connect(&url).await.unwrap();
    db.migrate().await.unwrap();
    db.close().await;
    let connection = SqliteConnection::connect(&url).await.unwrap();
    (folder, connection)
}

async fn migrated_mariadb() -> (MariaDb, MySqlConnection) {
    let server = mariadb().await;
    let db = Db::connect(server.url()).await.unwrap();
    db.migrate().await.unwrap();
    db.close().await;
    let connection = MySqlConnection::connect(server.url()).await.unwrap();
    (server, connection)
}

#[tokio::test]
async fn what_a_newer_executable_migrated_is_passed_over() {
    const LATER: &str = "INSERT INTO _sqlx_migrations (version, description, success, checksum, \
                         execution_time) VALUES (9999, 'later', TRUE, '', 0)";
    let (folder, mut sqlite) = migrated_sqlite().await;
    sqlite.execute(LATER).await.unwrap();
    let (server, mut mariadb) = migrated_mariadb().await;
    mariadb.execute(LATER).await.unwrap();

    for url in [format!("sqlite://{}/shop.db", folder.path().display()), server.url().to_owned()] {
        let db = Db::connect(&url).await.unwrap();
        db.migrate().await.unwrap();
        assert_eq!(db.pending_migrations().await.unwrap(), [""; 0]);
        db.close().await;
    }
}

fn all() -> Vec<&'static Statement> {
    let mut statements: Vec<_> = inventory::iter::<Statement>().collect();
    statements.sort_by_key(|statement| (statement.file, statement.line));
    assert!(statements.len() > 100, "only {} statements were found", statements.len());
    statements
}

fn refusal(statement: &Statement, error: &sqlx::Error) -> String {
    format!("{}:{}: {error}\n    {}\n", statement.file, statement.line, statement.text)
}

#[tokio::test]
async fn sqlite_accepts_every_statement() {
    let (_folder, mut connection) = migrated_sqlite().await;
    let mut refusals = String::new();

    for statement in all() {
        if let Err(error) = connection.prepare(statement.text.into_sql_str()).await {
            refusals.push_str(&refusal(statement, &error));
        }
    }

    assert_eq!(refusals, "");
}

#[tokio::test]
async fn mariadb_accepts_every_statement() {
    let (_server, mut connection) = migrated_mariadb().await;
    let mut refusals = String::new();

    for statement in all() {
        if let Err(error) = connection.prepare(statement.text.into_sql_str()).await {
            refusals.push_str(&refusal(statement, &error));
        }
    }

    assert_eq!(refusals, "");
}

/// A schema as text: a paragraph per table, a line per column in order, then the indexes.
#[derive(Default)]
struct Schema(BTreeMap<String, (Vec<String>, Vec<String>)>);

impl Schema {
    fn column(&mut self, table: &str, name: &str, family: &str, is_nullable: bool) {
        let null = if is_nullable { "" } else { " not null" };
        self.0.entry(table.to_owned()).or_default().0.push(format!("{name} {family}{null}"));
    }

    fn index(&mut self, table: &str, name: &str, columns: &str, is_unique: bool) {
        let unique = if is_unique { "unique " } else { "" };
        let line = format!("{unique}{name} ({columns})");
        self.0.entry(table.to_owned()).or_default().1.push(line);
    }

    fn text(mut self) -> String {
        let mut text = String::new();
        for (table, (columns, indexes)) in &mut self.0 {
            indexes.sort();
            let lines = [columns.as_slice(), indexes.as_slice()].concat().join("\n    ");
            writeln!(text, "{table}\n    {lines}").unwrap();
        }
        text
    }
}

async fn schema_of_sqlite(connection: &mut SqliteConnection) -> String {
    let mut schema = Schema::default();
    let columns: Vec<(String, String, String, bool, i64)> = sqlx::query_as(
        "SELECT m.name, c.name, c.type, c.\"notnull\", c.pk \
         FROM sqlite_master m JOIN pragma_table_info(m.name) c \
         WHERE m.type = 'table' AND m.name NOT LIKE '\\_sqlx%' ESCAPE '\\' \
         AND m.name NOT LIKE 'sqlite%' ORDER BY m.name, c.cid",
    )
    .fetch_all(&mut *connection)
    .await
    .unwrap();
    let mut keys: BTreeMap<String, Vec<(i64, String)>> = BTreeMap::new();
    for (table, name, kind, is_not_null, key) in columns {
        let family = match kind.as_str() {
            "TEXT" => "text",
            "INTEGER" => "integer",
            "BLOB" => "bytes",
            "BOOLEAN" => "boolean",
            other => panic!("{table}.{name} is {other}"),
        };
        schema.column(&table, &name, family, !is_not_null);
        if key > 0 {
            keys.entry(table).or_default().push((key, name));
        }
    }
    for (table, mut columns) in keys {
        columns.sort();
        let columns: Vec<String> = columns.into_iter().map(|(_, name)| name).collect();
        schema.index(&table, "primary", &columns.join(", "), true);
    }
    let indexes: Vec<(String, String, bool, String)> = sqlx::query_as(
        "SELECT m.name, i.name, i.\"unique\", ( \
            SELECT group_concat(name, ', ') FROM (SELECT name FROM pragma_index_info(i.name)) \
         ) FROM sqlite_master m JOIN pragma_index_list(m.name) i \
         WHERE m.type = 'table' AND i.origin = 'c' ORDER BY i.name",
    )
    .fetch_all(&mut *connection)
    .await
    .unwrap();
    for (table, name, is_unique, columns) in indexes {
        schema.index(&table, &name, &columns, is_unique);
    }
    schema.text()
}

async fn schema_of_mariadb(connection: &mut MySqlConnection) -> String {
    let mut schema = Schema::default();
    let columns: Vec<(String, String, String, String)> = sqlx::query_as(
        "SELECT CAST(table_name AS CHAR), CAST(column_name AS CHAR), CAST(data_type AS CHAR), \
         CAST(is_nullable AS CHAR) FROM information_schema.columns \
         WHERE table_schema = DATABASE() AND table_name NOT LIKE '\\_sqlx%' \
         ORDER BY table_name, ordinal_position",
    )
    .fetch_all(&mut *connection)
    .await
    .unwrap();
    for (table, name, kind, is_nullable) in columns {
        let family = match kind.as_str() {
            "char" | "varchar" | "text" | "mediumtext" => "text",
            "bigint" => "integer",
            "binary" | "varbinary" | "mediumblob" => "bytes",
            "tinyint" => "boolean",
            other => panic!("{table}.{name} is {other}"),
        };
        schema.column(&table, &name, family, is_nullable == "YES");
    }
    let indexes: Vec<(String, String, String, String)> = sqlx::query_as(
        "SELECT CAST(table_name AS CHAR), CAST(index_name AS CHAR), \
         CAST(MAX(non_unique) AS CHAR), CAST(GROUP_CONCAT(column_name \
         ORDER BY seq_in_index SEPARATOR ', ') AS CHAR) FROM information_schema.statistics \
         WHERE table_schema = DATABASE() AND table_name NOT LIKE '\\_sqlx%' \
         GROUP BY table_name, index_name",
    )
    .fetch_all(&mut *connection)
    .await
    .unwrap();
    for (table, name, non_unique, columns) in indexes {
        let name = if name == "PRIMARY" { "primary" } else { &name };
        schema.index(&table, name, &columns, non_unique == "0");
    }
    schema.text()
}

#[tokio::test]
async fn the_two_schemas_are_the_same() {
    let (_folder, mut sqlite) = migrated_sqlite().await;
    let (_server, mut mariadb) = migrated_mariadb().await;

    let of_sqlite = schema_of_sqlite(&mut sqlite).await;

    assert!(of_sqlite.contains("\nproducts\n    id bytes not null\n"), "{of_sqlite}");
    assert_eq!(of_sqlite, schema_of_mariadb(&mut mariadb).await);
}
