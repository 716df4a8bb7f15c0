//! MariaDB: one server for all tests of a run, a fresh database for each.
//!
//! `TESTKIT_MYSQL=1` puts MySQL in its place, for all tests of a run. The client is MariaDB's for
//! both.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use uuid::Uuid;

use super::authority::Identity;
use super::blocking;
use super::keeper::{IDLE, Private, Recipe, Shared, is_root, program};
use super::mysql;

/// An empty database of its own, on the server that the tests of this run share.
pub async fn mariadb() -> MariaDb {
    blocking(|| MariaDb::create(shared().port)).await
}

/// A database of its own that is a copy of what `fill` once made of an empty one.
///
/// `fill` gets the URL of that empty database, and runs in only one process of the run, so
/// `template` must name what it does: a hash of the migrations, say.
pub async fn mariadb_like(template: &str, fill: impl AsyncFnOnce(&str)) -> MariaDb {
    let dump = blocking(shared).await.data.join(format!("template-{template}.sql"));
    let lock_path = dump.with_extension("lock");
    let lock = blocking(|| {
        let lock = File::create(lock_path).expect("the server's folder is writable");
        lock.lock().expect("the file was opened just now");
        lock
    })
    .await;
    if !dump.exists() {
        let model = mariadb().await;
        fill(model.url()).await;
        let dump = dump.clone();
        blocking(move || model.dump(&dump)).await;
    }
    drop(lock);

    let database = mariadb().await;
    blocking(move || {
        database.load(&dump);
        database
    })
    .await
}

fn shared() -> &'static Shared {
    static SERVER: OnceLock<Shared> = OnceLock::new();
    SERVER.get_or_init(|| {
        let daemon = Daemon { make: Make::of_this_run(), role: Role::Alone };
        Shared::join(daemon.make.name(), IDLE, &daemon)
    })
}

/// A database, dropped with this value.
pub struct MariaDb {
    port: u16,
    pub(super) name: String,
    url: String,
}

impl MariaDb {
    /// An empty database on a server of its own, which can be stopped without harm to others.
    pub async fn private() -> PrivateMariaDb {
        Self::run_as(Role::Alone).await
    }

    /// The same with this certificate, which others may replace.
    pub async fn encrypted(identity: &Identity) -> PrivateMariaDb {
        let (certificate, key) = (identity.certificate.clone(), identity.key.clone());
        Self::run_as(Role::Encrypted { certificate, key }).await
    }

    /// MariaDB, with its files in a folder, on a small disk say.
    pub async fn private_in(folder: &Path) -> PrivateMariaDb {
        let folder = folder.to_owned();
        let daemon = Daemon { make: Make::MariaDb, role: Role::Alone };
        blocking(move || {
            let server = Private::start_in(&folder, "mariadb", daemon);
            PrivateMariaDb { database: MariaDb::create(server.port), server: Some(server) }
        })
        .await
    }

    async fn run_as(role: Role) -> PrivateMariaDb {
        blocking(|| {
            let server = Private::start("database", Daemon { make: Make::of_this_run(), role });
            PrivateMariaDb { database: MariaDb::create(server.port), server: Some(server) }
        })
        .await
    }

    pub(super) fn create(port: u16) -> Self {
        let name = format!("test_{}", Uuid::now_v7().simple());
        run(port, &["--execute", &format!("CREATE DATABASE {name}")], b"");
        let url = format!("mysql://root@127.0.0.1:{port}/{name}");
        Self { port, name, url }
    }

    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn execute(&self, statement: &str) {
        run(self.port, &["--database", &self.name, "--execute", statement], b"");
    }

    /// What the command-line client prints for one statement: tabs between columns, no heading.
    #[must_use]
    pub fn query(&self, statement: &str) -> String {
        run(self.port, &["--database", &self.name, "--execute", statement], b"")
    }

    /// Writes all that is there at one moment into a file, while others write.
    fn dump(&self, file: &Path) {
        let unfinished = file.with_extension("new");
        let output = File::create(&unfinished).expect("the server's folder is writable");
        let status = Command::new(program("mariadb-dump"))
            .args(connection(self.port))
            .args(["--single-transaction", "--skip-comments", "--skip-add-locks", "--hex-blob"])
            .args(["--triggers", "--routines"])
            .arg(&self.name)
            .stdout(output)
            .status();
        assert!(status.is_ok_and(|status| status.success()), "mariadb-dump failed");
        fs::rename(unfinished, file).expect("both are in the same folder");
    }

    fn load(&self, dump: &Path) {
        let text = fs::read(dump).expect("the dump is there");
        run(self.port, &["--database", &self.name], &text);
    }
}

impl Drop for MariaDb {
    /// Lets a process of its own drop the database, so that no test waits for it.
    ///
    /// A connection that is still open in a transaction would block it; then it gives up, and the
    /// database goes with the server.
    fn drop(&mut self) {
        let statement = format!("SET lock_wait_timeout = 10; DROP DATABASE {}", self.name);
        let _ = Command::new("setsid")
            .args(["--fork", &program("mariadb")])
            .args(connection(self.port))
            .args(["--execute", &statement])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
    }
}

/// A database on a server of its own, for drills in which the server goes away.
pub struct PrivateMariaDb {
    pub(super) database: MariaDb,
    pub(super) server: Option<Private<Daemon>>,
}

impl PrivateMariaDb {
    #[must_use]
    pub fn url(&self) -> &str {
        self.database.url()
    }

    pub fn execute(&self, statement: &str) {
        self.database.execute(statement);
    }

    /// See [`MariaDb::query`].
    #[must_use]
    pub fn query(&self, statement: &str) -> String {
        self.database.query(statement)
    }

    /// Has the server read its certificate again.
    pub fn reload_certificate(&self) {
        self.execute(match Make::of_this_run() {
            Make::MariaDb => "FLUSH SSL",
            Make::MySql => "ALTER INSTANCE RELOAD TLS",
        });
    }

    /// Writes a backup of a database in use.
    pub fn dump(&self, file: &Path) {
        self.database.dump(file);
    }

    /// Reads a backup into an empty database.
    pub fn load(&self, dump: &Path) {
        self.database.load(dump);
    }

    /// Where the server listens.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.database.port
    }

    /// The name of the database on its server.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.database.name
    }

    /// Shuts the server down; its data stay.
    pub async fn stop(&mut self) {
        self.with_server(Private::stop).await;
    }

    /// Kills the server, which has no time to say anything to anybody.
    pub async fn kill(&mut self) {
        self.with_server(Private::kill).await;
    }

    /// Starts the server again, on the same port.
    pub async fn start(&mut self) {
        self.with_server(Private::restart).await;
    }

    async fn with_server(&mut self, work: fn(&mut Private<Daemon>)) {
        let mut server = self.server.take().expect("only a panic leaves it out");
        self.server = Some(
            blocking(move || {
                work(&mut server);
                server
            })
            .await,
        );
    }
}

/// Whose server it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Make {
    MariaDb,
    MySql,
}

impl Make {
    /// What the tests of this run are to be made on.
    fn of_this_run() -> Self {
        if std::env::var_os("TESTKIT_MYSQL").is_some() { Self::MySql } else { Self::MariaDb }
    }

    fn name(self) -> &'static str {
        match self {
            Self::MariaDb => "mariadb",
            Self::MySql => "mysql",
        }
    }
}

/// What a server is for.
pub(super) enum Role {
    Alone,
    /// Writes a log that others can follow, and can follow another.
    Replicated,
    Encrypted {
        certificate: PathBuf,
        key: PathBuf,
    },
}

/// How a server is run.
pub(super) struct Daemon {
    pub(super) make: Make,
    pub(super) role: Role,
}

impl Recipe for Daemon {
    fn command(&self, data: &Path, port: u16) -> Vec<String> {
        let is_new = !data.join("mysql").exists();
        let data = data.to_str().expect("made from UTF-8");
        let user = if is_root() { vec!["--user=root".to_owned()] } else { vec![] };
        let mut command = match self.make {
            Make::MariaDb => {
                if is_new {
                    install(data, &user);
                }
                let server = [program("mariadbd"), "--no-defaults".to_owned()];
                [&server[..], &[format!("--datadir={data}")], &user].concat()
            }
            Make::MySql => {
                let server = [mysql::server(data), user].concat();
                if is_new {
                    mysql::install(&server);
                }
                server
            }
        };
        command.push(format!("--socket={data}/socket"));
        command.push(format!("--pid-file={data}/pid"));
        command.push(format!("--port={port}"));
        match &self.role {
            Role::Alone => command.push("--skip-log-bin".to_owned()),
            Role::Encrypted { certificate, key } => command.extend([
                "--skip-log-bin".to_owned(),
                format!("--ssl-cert={}", certificate.display()),
                format!("--ssl-key={}", key.display()),
            ]),
            Role::Replicated => command.extend([
                "--log-bin=binlog".to_owned(),
                "--relay-log=relay".to_owned(),
                "--gtid-mode=ON".to_owned(),
                "--enforce-gtid-consistency=ON".to_owned(),
                "--plugin-load-add=semisync_source.so".to_owned(),
                "--plugin-load-add=semisync_replica.so".to_owned(),
                format!("--server-id={port}"),
            ]),
        }
        // As RDS has it, which is not strict. Nothing here has to survive a power cut, and connections
        // are many but small.
        let fixed = [
            "--bind-address=127.0.0.1",
            "--character-set-server=utf8mb4",
            "--innodb-buffer-pool-size=256M",
            "--innodb-doublewrite=0",
            "--innodb-flush-log-at-trx-commit=0",
            "--innodb-flush-method=fsync",
            "--innodb-use-native-aio=0",
            "--max-connections=1000",
            "--performance-schema=0",
            "--sql-mode=NO_ENGINE_SUBSTITUTION",
            "--sync-binlog=0",
        ];
        let own: &[&str] = match self.make {
            Make::MariaDb => &["--innodb-log-file-size=64M", "--skip-name-resolve"],
            Make::MySql => &["--innodb-redo-log-capacity=128M", "--mysqlx=OFF"],
        };
        command.extend(fixed.iter().chain(own).map(|&option| option.to_owned()));
        command
    }

    fn is_up(&self, port: u16) -> bool {
        is_up(port)
    }
}

fn is_up(port: u16) -> bool {
    let ping = Command::new(program("mariadb"))
        .args(connection(port))
        .args(["--execute", "SELECT 1"])
        .stdin(Stdio::null())
        .output();
    ping.is_ok_and(|ping| ping.status.success())
}

fn install(data: &str, user: &[String]) {
    // Two that run at once would take each other's files in the folder that all share.
    let temporary = tempfile::tempdir().expect("a folder can be made");
    let installed = Command::new(program("mariadb-install-db"))
        .args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"])
        .args(["--skip-name-resolve", "--innodb-log-file-size=16M"])
        .arg(format!("--datadir={data}"))
        .arg(format!("--tmpdir={}", temporary.path().display()))
        .args(user)
        .output()
        .expect("the program was found");
    assert!(
        installed.status.success(),
        "mariadb-install-db failed:\n{}",
        String::from_utf8_lossy(&installed.stderr)
    );
}

fn connection(port: u16) -> [String; 4] {
    [
        "--no-defaults".into(),
        "--user=root".into(),
        "--host=127.0.0.1".into(),
        format!("--port={port}"),
    ]
}

pub(super) fn run(port: u16, arguments: &[&str], input: &[u8]) -> String {
    let mut client = Command::new(program("mariadb"))
        .args(connection(port))
        .args(["--batch", "--skip-column-names"])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program was found");
    let mut stdin = client.stdin.take().expect("it was piped");
    // The client says on standard error why it stopped reading.
    let _ = stdin.write_all(input);
    drop(stdin);
    let output = client.wait_with_output().expect("it is a child of this process");
    assert!(
        output.status.success(),
        "MariaDB refused {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("the client writes UTF-8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_test_has_a_fresh_database() {
        let (one, other) = tokio::join!(mariadb(), mariadb());

        one.execute("CREATE TABLE only_here (id INT PRIMARY KEY) ENGINE=InnoDB");

        assert_eq!(one.query("SHOW TABLES"), "only_here\n");
        assert_eq!(other.query("SHOW TABLES"), "");
        assert_eq!(one.url(), format!("mysql://root@127.0.0.1:{}/{}", one.port, one.name));
    }

    #[tokio::test]
    async fn a_database_goes_with_its_test() {
        let database = mariadb().await;
        let port = database.port;
        let wanted = format!("SHOW DATABASES LIKE '{}'", database.name);
        let is_there = || !run(port, &["--execute", &wanted], b"").is_empty();
        assert!(is_there());

        drop(database);

        for _ in 0..500 {
            if !is_there() {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        panic!("the database is still there");
    }

    /// Runs itself once more in a process of its own, which prints the port that it was given.
    #[tokio::test]
    async fn two_processes_share_one_server() {
        let database = mariadb().await;
        if std::env::var_os("TESTKIT_SECOND_PROCESS").is_some() {
            println!("port {}", database.port);
            return;
        }

        let second = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "servers::mariadb::tests::two_processes_share_one_server"])
            .arg("--nocapture")
            .env("TESTKIT_SECOND_PROCESS", "1")
            .output()
            .unwrap();

        let printed = String::from_utf8(second.stdout).unwrap();
        assert!(printed.contains(&format!("port {}\n", database.port)), "{printed}");
    }

    #[tokio::test]
    async fn a_template_is_filled_once_and_copied() {
        let template = Uuid::now_v7().simple().to_string();
        let fill = async |url: &str| {
            let name = url.rsplit('/').next().unwrap();
            let text =
                "CREATE TABLE one (id BINARY(2) PRIMARY KEY); INSERT INTO one VALUES (0xff00);
                CREATE TABLE two (id BINARY(2), FOREIGN KEY (id) REFERENCES one (id));";
            run(shared().port, &["--database", name], text.as_bytes());
        };

        let first = mariadb_like(&template, fill).await;
        let second = mariadb_like(&template, async |_| panic!("it was filled before")).await;

        for copy in [first, second] {
            assert_eq!(copy.query("SELECT HEX(id) FROM one"), "FF00\n");
            assert!(copy.query("SHOW CREATE TABLE two").contains("FOREIGN KEY"));
        }
    }

    #[tokio::test]
    async fn a_private_server_keeps_its_data_through_an_outage() {
        let mut database = MariaDb::private().await;
        let shared = mariadb().await;
        database.execute("CREATE TABLE kept (id INT PRIMARY KEY)");

        database.stop().await;
        assert!(!is_up(database.port()));
        shared.execute("SELECT 1");
        database.start().await;

        assert_eq!(database.query("SHOW TABLES"), "kept\n");
    }
}
