//! A MySQL server that another one follows, semi-synchronously.

use std::thread::sleep;
use std::time::{Duration, Instant};

use super::blocking;
use super::keeper::Private;
use super::mariadb::{Daemon, Make, MariaDb, PrivateMariaDb, Role, run};

const PATIENCE: Duration = Duration::from_mins(1);

/// A server that repeats what its primary did and refuses writes until it is promoted.
pub struct Replica {
    server: Private<Daemon>,
    name: String,
}

/// A primary with an empty database, and a replica of it in another place; both are MySQL.
///
/// A commit is answered only when the replica has it on its disk, however long that takes: what a
/// client was told is there when the primary is not. Programs log in as `shop`, with the password
/// `shop`, since an administrator may write where the server is read-only.
pub async fn replicated() -> (PrivateMariaDb, Replica) {
    blocking(|| {
        let start = || {
            let daemon = Daemon { make: Make::MySql, role: Role::Replicated };
            Private::start("replicated", daemon)
        };
        let (primary, replica) = (start(), start());
        let tell = |port: u16, statements: &[&str]| {
            for statement in statements {
                run(port, &["--execute", statement], b"");
            }
        };
        let follow = format!(
            "CHANGE REPLICATION SOURCE TO SOURCE_HOST = '127.0.0.1', SOURCE_PORT = {}, \
             SOURCE_USER = 'root', SOURCE_AUTO_POSITION = 1, SOURCE_CONNECT_RETRY = 1",
            primary.port
        );
        tell(
            replica.port,
            &[
                "SET GLOBAL rpl_semi_sync_replica_enabled = ON",
                "SET GLOBAL read_only = ON",
                &follow,
                "START REPLICA",
            ],
        );
        tell(
            primary.port,
            &[
                "SET GLOBAL rpl_semi_sync_source_wait_point = AFTER_SYNC",
                "SET GLOBAL rpl_semi_sync_source_timeout = 3600000",
                "SET GLOBAL rpl_semi_sync_source_enabled = ON",
            ],
        );
        let database = MariaDb::create(primary.port);
        let name = database.name.clone();
        let grant = format!("GRANT ALL ON {name}.* TO shop@'%'");
        tell(primary.port, &["CREATE USER shop@'%' IDENTIFIED BY 'shop'", &grant]);
        let replica = Replica { server: replica, name };
        replica.wait_until("follows its primary", Replica::is_healthy);
        (PrivateMariaDb { database, server: Some(primary) }, replica)
    })
    .await
}

impl Replica {
    #[must_use]
    pub fn port(&self) -> u16 {
        self.server.port
    }

    /// See [`MariaDb::query`].
    #[must_use]
    pub fn query(&self, statement: &str) -> String {
        run(self.port(), &["--database", &self.name, "--execute", statement], b"")
    }

    /// Whether it reads and repeats what its primary does, without an error.
    #[must_use]
    pub fn is_healthy(&self) -> bool {
        let status = self.status();
        let is = |name: &str, wanted: &str| value(&status, name) == wanted;
        is("Replica_IO_Running", "Yes") && is("Replica_SQL_Running", "Yes") && is("Last_Errno", "0")
    }

    /// Repeats all that came from the primary, which is gone, and becomes the primary itself.
    pub async fn promote(&self) {
        // Blocks for moments only; the drill has nothing else to do meanwhile.
        self.tell("STOP REPLICA IO_THREAD");
        let is_drained = |replica: &Self| {
            let status = replica.status();
            let come = value(&status, "Retrieved_Gtid_Set");
            let is_done = format!("SELECT GTID_SUBSET('{come}', @@gtid_executed)");
            replica.query(&is_done).trim() == "1" && value(&status, "Last_Errno") == "0"
        };
        let begin = Instant::now();
        while !is_drained(self) {
            assert!(begin.elapsed() < PATIENCE, "the replica did not end:\n{}", self.status());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.tell("STOP REPLICA");
        self.tell("RESET REPLICA ALL");
        self.tell("SET GLOBAL read_only = OFF");
    }

    fn tell(&self, statement: &str) {
        run(self.port(), &["--execute", statement], b"");
    }

    fn status(&self) -> String {
        run(self.port(), &["--column-names", "--execute", "SHOW REPLICA STATUS\\G"], b"")
    }

    fn wait_until(&self, what: &str, is_so: fn(&Self) -> bool) {
        let begin = Instant::now();
        while !is_so(self) {
            assert!(begin.elapsed() < PATIENCE, "the replica never {what}:\n{}", self.status());
            sleep(Duration::from_millis(50));
        }
    }
}

/// One value of a status that is printed a line for each.
fn value<'a>(status: &'a str, name: &str) -> &'a str {
    let lines = status.lines().filter_map(|line| line.trim().split_once(':'));
    lines.into_iter().find(|(found, _)| *found == name).map_or("", |(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_a_killed_primary_answered_is_on_its_replica() {
        let (mut primary, replica) = replicated().await;
        primary.execute("CREATE TABLE kept (id INT PRIMARY KEY)");
        primary.execute("INSERT INTO kept VALUES (1), (2)");
        let semi_synchronous = "SHOW STATUS LIKE 'Rpl_semi_sync_source_status'";
        assert_eq!(primary.query(semi_synchronous), "Rpl_semi_sync_source_status\tON\n");
        assert!(replica.is_healthy());

        primary.kill().await;
        replica.promote().await;

        assert_eq!(replica.query("SELECT id FROM kept ORDER BY id"), "1\n2\n");
        assert_eq!(replica.query("SELECT @@read_only"), "0\n");
    }
}
