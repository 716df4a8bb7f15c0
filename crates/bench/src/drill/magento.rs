//! A whole Magento is moved while the shop serves; the command is killed and given again. Both shops
//! agree in numbers and money, old addresses lead on, and once more changes nothing.

use std::fs;
use std::time::Duration;

use anyhow::Result;
use testkit::magento;
use testkit::servers::MariaDb;
use tokio::task::block_in_place;

use super::client::Client;
use super::command::Commands;
use super::findings::{Findings, shown, spread};
use super::fleet::{self, Fleet};
use super::traffic::{Kind, People, Traffic};
use super::{Stage, random};

/// How many old addresses are asked for.
const N_ADDRESSES: u64 = 200;

pub(crate) async fn drill(stage: &Stage) -> Result<Findings> {
    let n_products: usize = stage.scale(50_000, 600);
    let source = MariaDb::private().await;
    block_in_place(|| {
        for text in [magento::SCHEMA, magento::ROWS, &magento::many(n_products)] {
            source.execute(text);
        }
    });
    let database = MariaDb::private().await;
    let skus = fleet::found(database.url()).await?;
    let fleet = Fleet::start(&stage.greenleaf, database.url(), 1, &[]).await?;
    let shop = fleet.instances[0].address;
    let pause = Duration::from_millis(200);
    let people = People { n_browsers: 2, n_buyers: 0, pause, some_give_up: false };
    let traffic = Traffic::start(shop, &people, &skus).await?;
    let folder = tempfile::tempdir()?;
    let commands = Commands::to(&stage.greenleaf, folder.path().to_owned(), database.url());

    let maker = ["--manufacturer", "Atelier", "1 rue du Bois, 44000 Nantes", "a@a.example"];
    let import = [&["import", "magento", "--from", source.url()], &maker[..]].concat();
    let later = Duration::from_millis(random(stage.scale(20_000, 200)));
    let files_are_written = async {
        while !folder.path().join("magento/orders.csv").exists() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(())
    };
    let first = commands.run_and_kill(&import, files_are_written, later).await?;
    let second = commands.run(&import).await?;
    let report = fs::read_to_string(folder.path().join("magento/report.txt"))?;
    let again = commands.run(&import).await?;
    let seen = traffic.stop().await?;

    let mut findings = Findings::default();
    findings.figure(
        "products, customers and orders",
        format!("{n_products}, {0} and {0}, and the few of the small shop", n_products / 2),
    );
    findings.figure("killed after", shown(first));
    findings.figure("given again", shown(second.took));
    findings.figure("and again", shown(again.took));
    let megabytes = second.megabytes().max(again.megabytes());
    findings.figure("most memory of the command", format!("{megabytes} MB"));
    let browsed = seen.times(Kind::Browse);
    findings.figure("pages browsed meanwhile", format!("{}; {}", browsed.len(), spread(&browsed)));
    for line in report.lines().filter(|line| !line.is_empty()).skip(1) {
        let words: Vec<&str> = line.split_whitespace().collect();
        findings.figure("in Magento, moved, aside, rejected", words.join(" "));
    }
    findings.require("both shops agree", second.last_line() == "Everything agrees.", &second.said);
    let later = fs::read_to_string(folder.path().join("magento/report.txt"))?;
    let counts = again.said.lines().filter(|line| line.starts_with("created "));
    let idle = counts.clone().all(|line| line.starts_with("created 0, updated 0,"));
    findings.require("once more changes nothing", idle && later == report, &again.said);
    let lost = lost_addresses(shop, n_products).await?;
    findings.require_none("old addresses lead on in one step", &lost);
    findings.require_none("every page answered 200", &seen.failures(Kind::Browse));
    findings.require_none("nothing panicked", &fleet.logged("panicked")?);
    Ok(findings)
}

/// Which of some addresses of Magento do not lead to a page.
async fn lost_addresses(shop: std::net::SocketAddr, n_products: usize) -> Result<Vec<String>> {
    let mut client = Client::new(shop, 252);
    let mut lost = Vec::new();
    for _ in 0..N_ADDRESSES {
        // Neither a variant nor without one.
        let nth = 1 + 6 * random(u64::try_from(n_products)? / 6);
        let shelf = 1 + nth % 200;
        for (old, new) in [
            (format!("/the-{nth}.html"), format!("/p/the-{nth}")),
            (format!("/tea-{nth}.html"), format!("/en/p/tea-{nth}")),
            (format!("/thes/rayon-{shelf}/the-{nth}.html"), format!("/p/the-{nth}")),
        ] {
            let moved = client.get(&old).await?;
            let page = client.get(&new).await?;
            let leads_there = moved.location.is_some_and(|location| location.ends_with(&new));
            if moved.status != 301 || !leads_there || page.status != 200 {
                lost.push(format!("{old} answers {}, {new} {}", moved.status, page.status));
            }
        }
    }
    Ok(lost)
}
