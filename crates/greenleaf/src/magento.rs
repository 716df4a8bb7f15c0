//! A Magento 2.4, moved here: read at one moment into files of Magento's own format, which are then
//! imported as any others are.
//!
//! The rules are those of `shop::exchange`, and so are resuming, rejects and batches; what is here
//! reads Magento's tables as rows of its files, and compares at the end.

mod addresses;
mod aside;
mod check;
mod csv;
mod customers;
mod directives;
mod orders;
mod pages;
mod products;
mod site;
mod structure;
mod sum;
mod values;

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use commerce::channel::Locale;
use commerce::content::PageCode;
use db::magento::Magento;
use shop::Shop;
use shop::exchange::Terms;

use self::aside::{Aside, Entity};
use self::directives::Directives;
use self::site::Site;
use self::sum::Sum;
use crate::config::Config;
use crate::exchange::{others, products as goods};
use crate::join::Outside;
use crate::say;

#[derive(Args)]
pub(crate) struct MagentoArgs {
    /// Magento's database; a user who may only read is enough.
    #[arg(long, value_name = "mysql://…", env = "MAGENTO_DATABASE_URL", hide_env_values = true)]
    from: String,

    /// What the names of its tables begin with.
    #[arg(long, value_name = "PREFIX", default_value = "")]
    prefix: String,

    /// The website to move, by its code; the default one without it.
    #[arg(long, value_name = "CODE")]
    website: Option<String>,

    /// What a store view speaks, where its locale does not say; may be given several times.
    #[arg(long = "view", value_name = "CODE=LANGUAGE", value_parser = crate::exchange::view)]
    views: Vec<(String, Locale)>,

    /// A copy of Magento's pub/media; without it pictures stay where they are.
    #[arg(long, value_name = "DIR")]
    media: Option<PathBuf>,

    /// Who made the goods, as the law wants it said of each: without it products become drafts.
    #[arg(long, num_args = 3, value_names = ["NAME", "ADDRESS", "EMAIL"])]
    manufacturer: Option<Vec<String>>,

    /// Where the files of the move are written; DATA/magento without it.
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,

    /// Leave the orders for a later run: one that goes on in Magento after it was moved is rejected.
    #[arg(long)]
    without_orders: bool,

    /// Only read, and say what would be moved.
    #[arg(long)]
    dry_run: bool,
}

/// How many things of a kind there were, and how many are here now.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    source: u64,
    moved: u64,
}

/// A move, and what is known of it so far.
struct Move<'a> {
    shop: &'a Shop,
    site: Site,
    folder: PathBuf,
    is_dry: bool,
    has_orders: bool,
    maker: Option<Vec<String>>,
    directives: Directives,
    /// What the shop has no place for.
    side: Aside,
    /// What was not fit to become a row of a file.
    rejects: Aside,
    tallies: BTreeMap<Entity, Tally>,
    /// What all goods cost in Magento.
    prices: Sum,
    /// What was taken off prices to have whole cents.
    rounding: Sum,
    /// What all orders come to in Magento, by what is summed and the currency.
    orders: BTreeMap<(&'static str, String), Sum>,
    /// Discounts that were taken off what shipping cost, by currency.
    shipping_off: BTreeMap<String, Sum>,
    page_codes: HashMap<u64, PageCode>,
    n_pictures: u64,
    n_weak_passwords: u64,
    /// Addresses that another view has too, and that lead where those do.
    n_shared_addresses: u64,
    /// Addresses of views of other websites.
    n_foreign_addresses: u64,
}

impl Move<'_> {
    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn tally(&mut self, entity: Entity) -> &mut Tally {
        self.tallies.entry(entity).or_default()
    }
}

/// Moves a Magento here; `false` when the sums do not agree.
pub(crate) async fn import(config: &Config, args: &MagentoArgs) -> Result<bool> {
    let shop = Outside::open(config).await?.into_counter(shop::secret::Key::random()).await?;
    let mut source = Magento::open(&args.from, &args.prefix).await.context("Magento")?;
    let site = Site::of(&mut source, &shop.settings().channel, args).await?;
    agree_on_tax(&shop, &site, args.dry_run).await?;
    let folder = args.folder.clone().unwrap_or_else(|| config.storage.data.join("magento"));
    std::fs::create_dir_all(&folder).with_context(|| format!("{}", folder.display()))?;
    let mut moved = Move {
        shop: &shop,
        site,
        is_dry: args.dry_run,
        has_orders: !args.without_orders,
        maker: args.manufacturer.clone(),
        directives: Directives::default(),
        side: Aside::at(folder.join("aside.jsonl"))?,
        rejects: Aside::at(folder.join("rejects.jsonl"))?,
        folder,
        tallies: BTreeMap::new(),
        prices: Sum::default(),
        rounding: Sum::default(),
        orders: BTreeMap::new(),
        shipping_off: BTreeMap::new(),
        page_codes: HashMap::new(),
        n_pictures: 0,
        n_weak_passwords: 0,
        n_shared_addresses: 0,
        n_foreign_addresses: 0,
    };

    moved.read_blocks(&mut source).await?;
    let structure = moved.structure(&mut source).await?;
    moved.pages(&mut source).await?;
    moved.write_products(&mut source, &structure).await?;
    moved.write_customers(&mut source).await?;
    if moved.has_orders {
        moved.write_orders(&mut source).await?;
    }
    moved.write_addresses(&mut source).await?;
    source.close().await?;

    if !args.dry_run {
        moved.import_files(args.media.as_ref().map(|media| media.join("catalog/product"))).await?;
    }
    moved.say_what_was_left(args.media.is_some());
    let agrees = moved.report().await?;
    shop.db.close().await;
    Ok(agrees)
}

/// Has the shop keep prices as Magento does, where it has none yet.
async fn agree_on_tax(shop: &Shop, site: &Site, is_dry: bool) -> Result<()> {
    let is_with_tax = shop.settings().channel.prices_include_tax;
    if is_with_tax == site.prices_include_tax || is_dry {
        return Ok(());
    }
    if shop::settings::set_tax_basis(shop, site.prices_include_tax).await? {
        return Ok(());
    }
    let with = |is_with: bool| if is_with { "with" } else { "without" };
    bail!(
        "its prices are {} tax, those of the shop {}, and the shop has products already",
        with(site.prices_include_tax),
        with(is_with_tax)
    )
}

impl Move<'_> {
    /// Imports the files in the order in which they need each other.
    async fn import_files(&mut self, images: Option<PathBuf>) -> Result<()> {
        let terms = Terms { guesses: None, views: BTreeMap::new(), zone: web::app::zone(), images };
        let shop = self.shop;
        let at = |name: &str| self.file(name);
        say::line("products");
        goods::import(shop, &terms, &at("products.csv"), false).await?;
        say::line("stock");
        others::import_stock(shop, &at("stock.csv")).await?;
        say::line("customers");
        others::import_customers(shop, &terms, &at("customers.csv")).await?;
        if self.has_orders {
            say::line("orders");
            others::import_orders(shop, &terms, &at("orders.csv")).await?;
        }
        say::line("addresses");
        let counts = others::import_redirects(shop, &at("addresses.csv")).await?;
        others::import_redirects(shop, &at("other-addresses.csv")).await?;
        self.tally(Entity::Addresses).moved = counts.created + counts.updated + counts.unchanged;
        Ok(())
    }

    /// Says what somebody should know who compares the two shops.
    fn say_what_was_left(&self, has_media: bool) {
        if self.n_pictures > 0 && !has_media {
            say::line(format_args!(
                "{} pictures were not read: --media names the folder they lie in",
                self.n_pictures
            ));
        }
        if self.n_weak_passwords > 0 {
            say::line(format_args!(
                "{} accounts have no password now, since Magento kept it as MD5: \
                 their owners set a new one",
                self.n_weak_passwords
            ));
        }
        if self.maker.is_none() {
            say::line("no manufacturer was named, so products are drafts: --manufacturer names it");
        }
    }
}
