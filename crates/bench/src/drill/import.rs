//! A big catalog is read from Magento's file while the shop serves; the command is killed and given
//! again. Nothing is lost or read twice, and what is exported is the file that was imported.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use db::Db;
use testkit::servers::MariaDb;

use super::client::Client;
use super::command::Commands;
use super::findings::{Findings, shown, spread};
use super::fleet::Fleet;
use super::traffic::{Kind, People, Traffic};
use super::{Stage, random};
use crate::generate::{SEED, generate};

/// By when so many SKUs are there; the requirement is for 50,000.
const LIMIT: Duration = Duration::from_mins(5);

pub(crate) async fn drill(stage: &Stage) -> Result<Findings> {
    let mut findings = Findings::default();
    let n_skus = stage.scale(50_000, 600);
    let folder = tempfile::tempdir()?;
    let origin = folder.path().join("origin");
    fs::create_dir(&origin)?;
    let url = format!("sqlite://{}", origin.join("greenleaf.sqlite").display());
    let db = Db::connect(&url).await?;
    db.migrate().await?;
    testkit::set_up(&db).await;
    generate(&db, None, n_skus, SEED, crate::now()).await?;
    db.close().await;
    let catalog = folder.path().join("products.csv");
    let catalog = catalog.to_str().context("a plain path")?;
    Commands::to(&stage.greenleaf, origin, &url).run(&["export", "products", catalog]).await?;
    let bytes = fs::metadata(catalog)?.len();
    findings.figure("SKUs, and the size of their file", format!("{n_skus}, {} kB", bytes / 1_000));

    let data = folder.path().join("sqlite");
    fs::create_dir(&data)?;
    let url = format!("sqlite://{}", data.join("greenleaf.sqlite").display());
    into("SQLite", stage, &data, &url, catalog, &mut findings).await?;
    let data = folder.path().join("mariadb");
    fs::create_dir(&data)?;
    let database = MariaDb::private().await;
    into("MariaDB", stage, &data, database.url(), catalog, &mut findings).await?;
    Ok(findings)
}

/// Imports the catalog into an empty shop that serves.
async fn into(
    engine: &str,
    stage: &Stage,
    data: &Path,
    url: &str,
    catalog: &str,
    findings: &mut Findings,
) -> Result<()> {
    let db = Db::connect(url).await?;
    db.migrate().await?;
    testkit::set_up(&db).await;
    db.close().await;
    let fleet = Fleet::start(&stage.greenleaf, url, 1, &[]).await?;
    let shop = fleet.instances[0].address;
    let pause = Duration::from_millis(200);
    let people = People { n_browsers: 2, n_buyers: 0, pause, some_give_up: false };
    let traffic = Traffic::start(shop, &people, &[]).await?;
    let commands = Commands::to(&stage.greenleaf, data.to_owned(), url);

    let import = ["import", "products", catalog, "--create"];
    let later = Duration::from_millis(random(stage.scale(8_000, 50)));
    let first = commands.run_and_kill(&import, first_product(shop), later).await?;
    let second = commands.run(&import).await?;
    let again = commands.run(&import).await?;
    let seen = traffic.stop().await?;
    let copy = data.join("export.csv");
    let copy = copy.to_str().context("a plain path")?;
    let export = commands.run(&["export", "products", copy]).await?;

    let mut figure =
        |what: &str, value: String| findings.figure(&format!("{engine}: {what}"), value);
    figure("killed after", shown(first));
    figure("given again", format!("{} in {}", second.last_line(), shown(second.took)));
    figure("and again", format!("{} in {}", again.last_line(), shown(again.took)));
    figure(
        "most memory of the import",
        format!("{} MB", second.megabytes().max(again.megabytes())),
    );
    figure("export", format!("{} with {} MB", shown(export.took), export.megabytes()));
    let browsed = seen.times(Kind::Browse);
    figure("pages browsed meanwhile", format!("{}; {}", browsed.len(), spread(&browsed)));
    let mut require = |requirement: &str, holds: bool, seen: &str| {
        findings.require(&format!("{engine}: {requirement}"), holds, seen);
    };
    let n_rows = counts(again.last_line())?[2];
    let [created, updated, unchanged, rejected] = counts(second.last_line())?;
    require(
        "what the dead command had written is there, and the rest is added",
        created > 0 && unchanged > 0 && rejected == 0 && created + updated + unchanged == n_rows,
        second.last_line(),
    );
    require(
        "once more changes nothing",
        again.last_line() == format!("created 0, updated 0, unchanged {n_rows}, rejected 0"),
        again.last_line(),
    );
    let is_same = fs::read(catalog)? == fs::read(copy)?;
    require("the export is the file that was imported, byte for byte", is_same, copy);
    if !stage.is_short {
        let took = first + second.took;
        require("50,000 SKUs are there within 5 minutes", took < LIMIT, &shown(took));
    }
    let failures = seen.failures(Kind::Browse);
    findings.require_none(&format!("{engine}: every page answered 200"), &failures);
    findings.require_none(&format!("{engine}: nothing panicked"), &fleet.logged("panicked")?);
    Ok(())
}

/// Waits until the shop shows a product.
async fn first_product(shop: std::net::SocketAddr) -> Result<()> {
    let mut client = Client::new(shop, 251);
    for _ in 0..3_000 {
        let sitemap = client.get("/sitemap.xml").await.context("the shop has a sitemap")?;
        if String::from_utf8_lossy(&sitemap.body).contains("/p/") {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    anyhow::bail!("no product came within a minute")
}

/// The numbers of `created N, updated N, unchanged N, rejected N`.
fn counts(line: &str) -> Result<[u64; 4]> {
    let words = line.split([' ', ',']).filter_map(|word| word.parse().ok());
    let numbers: Vec<u64> = words.collect();
    ensure!(line.starts_with("created "), "the last line is {line}");
    numbers.try_into().ok().context("four numbers")
}
