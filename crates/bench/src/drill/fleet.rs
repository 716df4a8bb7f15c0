//! A shop of several real processes on one database, with a mail server and pictures that they
//! share.

use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;

use anyhow::{Context, Result};
use commerce::catalog::Sku;
use commerce::stock::StockMove;
use db::Db;
use tempfile::TempDir;
use testkit::servers::{Smtp, smtp};

use crate::generate::{SEED, generate};
use crate::process::Server;

/// How many SKUs the shop of a drill has.
pub(super) const N_SKUS: usize = 240;
/// How many of each that is bought are there: more than any drill sells.
pub(super) const ON_HAND: u32 = 1_000_000;

pub(crate) struct Fleet {
    greenleaf: PathBuf,
    folder: TempDir,
    settings: Vec<(String, String)>,
    pub(crate) mail: Smtp,
    pub(crate) instances: Vec<Instance>,
}

/// A place for a process, which comes and goes.
pub(crate) struct Instance {
    data: PathBuf,
    /// What it has beside what all have.
    own: Vec<(String, String)>,
    server: Option<Server>,
    /// Where it listens, also after a restart.
    pub(crate) address: SocketAddr,
}

impl Fleet {
    /// Starts so many instances on a database that has a shop; `settings` are configuration keys
    /// as variables.
    pub(crate) async fn start(
        greenleaf: &Path,
        database_url: &str,
        n_instances: usize,
        settings: &[(&str, &str)],
    ) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let mail = smtp().await;
        let media = format!("file://{}", folder.path().join("media").display());
        let mail_url = mail.url();
        let shared = [
            ("GREENLEAF_DATABASE_URL", database_url),
            ("GREENLEAF_MEDIA_URL", &media),
            ("GREENLEAF_SMTP_URL", &mail_url),
            ("GREENLEAF_SECRET_KEY", "a key for shops that are broken and thrown away"),
            ("GREENLEAF_BASE_URL", "http://shop.drill.test"),
            ("GREENLEAF_TRUSTED_PROXIES", "127.0.0.1"),
        ];
        let settings = shared.iter().chain(settings);
        let settings = settings.map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        let greenleaf = greenleaf.to_owned();
        let mut fleet = Self { greenleaf, folder, settings, mail, instances: Vec::new() };
        for _ in 0..n_instances {
            fleet.add(&[]).await?;
        }
        Ok(fleet)
    }

    /// Starts one more instance, with variables of its own, and gives its place.
    pub(crate) async fn add(&mut self, own: &[(&str, &str)]) -> Result<usize> {
        let nth = self.instances.len();
        let data = self.folder.path().join(format!("instance-{nth}"));
        fs::create_dir_all(&data)?;
        let own = own.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        self.instances.push(Instance { data, own, server: None, address });
        self.start_again(nth).await?;
        Ok(nth)
    }

    /// Changes what those get that are started from now on.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.settings.retain(|(known, _)| known != name);
        self.settings.push((name.to_owned(), value.to_owned()));
    }

    /// Has those be of another executable that are started from now on.
    pub(crate) fn run_from_now_on(&mut self, greenleaf: &Path) {
        greenleaf.clone_into(&mut self.greenleaf);
    }

    /// Starts an instance that does not run, at the address that it had.
    pub(crate) async fn start_again(&mut self, nth: usize) -> Result<()> {
        let server = self.serve(&self.instances[nth]).await?;
        let instance = &mut self.instances[nth];
        instance.address = server.address;
        instance.server = Some(server);
        Ok(())
    }

    /// Ends an instance without a word.
    pub(crate) async fn kill(&mut self, nth: usize) -> Result<()> {
        self.instances[nth].server.take().context("it runs")?.kill().await
    }

    /// Asks an instance to end and waits until it has.
    pub(crate) async fn stop(&mut self, nth: usize) -> Result<ExitStatus> {
        self.instances[nth].server.take().context("it runs")?.stop().await
    }

    pub(crate) fn addresses(&self) -> Vec<SocketAddr> {
        self.instances.iter().map(|instance| instance.address).collect()
    }

    /// Resident memory of all instances that run, in bytes.
    pub(crate) fn memory(&self) -> Result<u64> {
        self.servers().map(Server::memory).sum()
    }

    /// Microseconds of CPU that all instances that run have used.
    pub(crate) fn cpu_micros(&self) -> Result<u64> {
        self.servers().map(Server::cpu_micros).sum()
    }

    /// Files and connections that all instances have open.
    pub(crate) fn n_open(&self) -> Result<usize> {
        self.servers()
            .map(|server| Ok(fs::read_dir(format!("/proc/{}/fd", server.pid))?.count()))
            .sum()
    }

    fn servers(&self) -> impl Iterator<Item = &Server> {
        self.instances.iter().filter_map(|instance| instance.server.as_ref())
    }

    async fn serve(&self, instance: &Instance) -> Result<Server> {
        let folder = instance.data.to_str().context("a plain path")?;
        let log = File::options().create(true).append(true).open(instance.data.join("log"))?;
        let settings = self.settings.iter().chain(&instance.own);
        let settings: Vec<(&str, &str)> =
            settings.map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let listen = instance.address.to_string();
        let arguments = ["serve", "--listen", &listen, "--data", folder];
        Server::start_logging(&self.greenleaf, &arguments, &settings, log.into()).await
    }

    /// What the instances logged at a level, such as `ERROR`.
    pub(crate) fn logged(&self, level: &str) -> Result<Vec<String>> {
        let mut lines = Vec::new();
        for instance in &self.instances {
            let log = fs::read_to_string(instance.data.join("log"))?;
            lines.extend(log.lines().filter(|line| line.contains(level)).map(str::to_owned));
        }
        Ok(lines)
    }
}

/// Makes a shop of an empty database: a catalog, and plenty of some products, which it gives.
pub(crate) async fn found(database_url: &str) -> Result<Vec<Sku>> {
    let db = Db::connect(database_url).await?;
    db.migrate().await?;
    testkit::set_up(&db).await;
    let now = crate::now();
    let generated = generate(&db, None, N_SKUS, SEED, now).await?;
    let source = shop::settings::main_source();
    let mut tx = db.write().await?;
    for sku in &generated.simple {
        let level = db::stock::find(&mut tx, &source, sku).await?.unwrap_or_default();
        db::stock::count(&mut tx, &source, sku, ON_HAND).await?;
        let received = (i64::from(ON_HAND) - i64::from(level.on_hand), 0);
        db::stock::log(&mut tx, &source, sku, StockMove::Receive, received, None, now).await?;
    }
    tx.commit().await?;
    db.close().await;
    Ok(generated.simple)
}
