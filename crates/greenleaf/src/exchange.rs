//! Files in Magento's format: opened, read in batches, and said what became of their rows.

pub(crate) mod others;
pub(crate) mod products;
mod report;

use std::fs::File;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use commerce::channel::Locale;
use exchange::table::REJECT_COLUMNS;
use exchange::{Record, Table, Writer};
use shop::Shop;
use shop::exchange::Terms;
use shop::secret::Key;

pub(crate) use self::report::Counts;
use self::report::Report;
use crate::config::{Config, Database};
use crate::join::Outside;
use crate::{Entity, ImportArgs};

/// How many things are written in one transaction: few, so that shoppers who write at the same
/// time wait for a fraction of a second.
const MAX_THINGS: usize = 64;
/// How many bytes of rows are in memory at a time.
const MAX_BYTES: usize = 4 << 20;

/// Reads `default_fr=fr`.
pub(crate) fn view(text: &str) -> Result<(String, Locale), String> {
    let pair = text.split_once('=').and_then(|(view, code)| {
        Some((view.to_owned(), Locale::new(code)?)).filter(|(view, _)| !view.is_empty())
    });
    pair.ok_or_else(|| "it is written CODE=LANGUAGE, such as default_fr=fr".to_owned())
}

pub(crate) async fn import(config: &Config, what: Entity, args: ImportArgs) -> Result<()> {
    must_have_a_shop(config)?;
    if let Some(folder) = &args.images {
        let is_folder = folder.is_dir();
        ensure!(is_folder, "{} is no folder of images", folder.display());
    }
    let shop = Outside::open(config).await?.into_counter(Key::random()).await?;
    let spoken = &shop.settings().channel.locales;
    for (view, locale) in &args.views {
        let is_spoken = spoken.contains(locale);
        ensure!(is_spoken, "--view {view}={}: the shop does not speak it", locale.as_str());
    }
    let terms = Terms {
        guesses: None,
        views: args.views.into_iter().collect(),
        zone: web::app::zone(),
        images: args.images,
    };
    let file = &args.file;
    match what {
        Entity::Products => products::import(&shop, &terms, file, args.create).await,
        Entity::Stock => others::import_stock(&shop, file).await,
        Entity::Customers => others::import_customers(&shop, &terms, file).await,
        Entity::Orders => others::import_orders(&shop, &terms, file).await,
    }
    .with_context(|| format!("{}", file.display()))?;
    shop.db.close().await;
    Ok(())
}

pub(crate) async fn export(config: &Config, what: Entity, file: &Path) -> Result<()> {
    must_have_a_shop(config)?;
    let shop = Outside::open(config).await?.into_counter(Key::random()).await?;
    let unfinished = crate::backup::beside(file);
    let written = write(&shop, what, &unfinished).await;
    if written.is_err() {
        let _ = std::fs::remove_file(&unfinished);
    }
    let n_rows = written.with_context(|| format!("{}", file.display()))?;
    std::fs::rename(&unfinished, file).with_context(|| format!("{}", file.display()))?;
    crate::say::line(format_args!("{n_rows} rows"));
    shop.db.close().await;
    Ok(())
}

/// A mistyped folder must not become one with an empty database.
fn must_have_a_shop(config: &Config) -> Result<()> {
    if let Database::Sqlite(file) = &config.storage.database {
        ensure!(file.exists(), "there is no shop in {}", config.storage.data.display());
    }
    Ok(())
}

async fn write(shop: &Shop, what: Entity, path: &Path) -> Result<u64> {
    let file = File::create_new(path)?;
    let mut output = Writer::new(std::io::BufWriter::new(&file));
    let n_rows = match what {
        Entity::Products => products::export(shop, &mut output).await?,
        Entity::Stock => others::export_stock(shop, &mut output).await?,
        Entity::Customers => others::export_customers(shop, &mut output).await?,
        Entity::Orders => others::export_orders(shop, &mut output).await?,
    };
    output.finish()?;
    file.sync_all()?;
    Ok(n_rows)
}

fn open(file: &Path, required: &[&'static str]) -> Result<Table<File>> {
    Ok(Table::open(File::open(file)?, required)?)
}

/// Names the columns of a file that nothing came of.
fn say_unread(names: &[String], is_read: impl Fn(&&str) -> bool) {
    let others = names.iter().map(String::as_str);
    let others = others.filter(|name| !is_read(name) && !REJECT_COLUMNS.contains(name));
    let others: Vec<&str> = others.collect();
    if !others.is_empty() {
        crate::say::line(format_args!("columns that were not read: {}", others.join(", ")));
    }
}

/// Rows that belong together, as they stood in the file.
type Things = Vec<Vec<Record>>;

/// Whether a batch has enough in it to be imported.
fn is_full(things: &Things) -> bool {
    let size: usize = things.iter().flatten().map(Record::size).sum();
    things.len() >= MAX_THINGS || size >= MAX_BYTES
}
