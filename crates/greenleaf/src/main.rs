//! The executable: reads the configuration, joins the parts, serves until it is told to stop.
//!
//! ```text
//! greenleaf ─► web, api, shop, search, db, exchange, gateways, ops, commerce
//! ```
//!
//! `config` reads what is configured, `join` builds the shop from it, `server` runs it with `front`
//! before every handler, where `seats` and `turns` decide who is served. `checks` looks at what the shop depends on, for `/ready` and `doctor`.

mod admin;
mod backup;
mod capacity;
mod checks;
mod cloudwatch;
mod config;
mod cost;
mod demo;
mod doctor;
mod exchange;
mod found;
mod front;
mod join;
mod magento;
mod otlp;
mod say;
mod seats;
mod server;
mod telemetry;
mod turns;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Parser, Subcommand, ValueEnum};
use commerce::channel::Locale;

use crate::config::{Config, ConfigError, Flags};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// An e-commerce platform in one executable.
#[derive(Parser)]
#[command(version, arg_required_else_help = true)]
struct Cli {
    /// The configuration file; ./greenleaf.toml when there is one.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Where everything local is kept, instead of the configured folder.
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,

    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve a shop with sample data, set up by itself.
    Demo(ServeArgs),
    /// Serve the shop and do its jobs.
    Serve(ServeArgs),
    /// Do the shop's jobs and serve nothing.
    Work {
        /// How many jobs at a time.
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=64))]
        workers: Option<u32>,
    },
    /// Bring the database's schema to what this version needs.
    Migrate,
    /// Manage who works in the back office.
    Admin {
        #[command(subcommand)]
        command: AdminCommand,
    },
    /// Write the database and the pictures into one file, while the shop runs.
    Backup {
        /// The .tar file to write; it must not exist.
        file: PathBuf,
    },
    /// Fill an empty data folder from a backup.
    Restore { file: PathBuf },
    /// Read a file in Magento's format, or a whole Magento, into the shop, while it serves.
    Import {
        #[command(subcommand)]
        what: Import,
    },
    /// Write a file in Magento's format.
    Export {
        what: Entity,
        /// The .csv file to write; one that is there is replaced.
        file: PathBuf,
    },
    /// Check the configuration and everything that the shop depends on.
    Doctor,
    /// Price what Terraform plans, or the profiles of the repository.
    Cost(cost::CostArgs),
    /// Simulate what the shop carries on AWS.
    Capacity(capacity::CapacityArgs),
}

#[derive(Args)]
struct ServeArgs {
    /// The address to serve on; port 0 takes a free one.
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,

    /// How many jobs at a time; 0 leaves them to other instances.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=64))]
    workers: Option<u32>,
}

/// What a file holds.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Entity {
    Products,
    Customers,
    Stock,
    Orders,
}

/// What is read; of files, rows that are refused go to FILE.rejects.csv, to be mended and imported
/// again.
#[derive(Subcommand)]
enum Import {
    /// Read a file of products.
    Products(ImportArgs),
    /// Read a file of accounts with their addresses.
    Customers(ImportArgs),
    /// Read a file of what lies in stock.
    Stock(ImportArgs),
    /// Read a file of orders.
    Orders(ImportArgs),
    /// Move a Magento 2.4 here, out of its database, in which nothing is written.
    Magento(magento::MagentoArgs),
}

#[derive(Args)]
struct ImportArgs {
    /// The .csv file to read.
    file: PathBuf,

    /// Create the attributes, options, attribute sets and categories that are missing.
    #[arg(long)]
    create: bool,

    /// The folder that the paths of images begin in; without it images are passed over.
    #[arg(long, value_name = "DIR")]
    images: Option<PathBuf>,

    /// What a store view speaks, such as `default_fr=fr`; may be given several times.
    #[arg(long = "view", value_name = "CODE=LANGUAGE", value_parser = exchange::view)]
    views: Vec<(String, Locale)>,
}

#[derive(Subcommand)]
enum AdminCommand {
    /// Add somebody, or give them a new password: from standard input, or a random one.
    Password {
        login: String,
        /// Their name, for somebody new.
        #[arg(long)]
        name: Option<String>,
    },
    /// List who may log in.
    List,
    /// Remove the second factor of somebody who lost the device.
    RemoveTotp { login: String },
    /// Give a program access to the API; its keys are shown once.
    Integration {
        name: String,
        /// A resource of Magento's access control, such as `Magento_Catalog::products`; may be given
        /// several times. Without any it may do everything.
        #[arg(long = "resource", value_name = "RESOURCE")]
        resources: Vec<String>,
    },
    /// List the programs that have access.
    Integrations,
    /// Take the access of a program away.
    RemoveIntegration { name: String },
}

fn main() -> ExitCode {
    // What is written holds the data of people: for the user who runs it alone.
    rustix::process::umask(rustix::fs::Mode::from_bits_truncate(0o077));
    let cli = Cli::parse();
    // A model needs neither a configuration nor a shop.
    match &cli.command {
        Command::Cost(args) => return ended(cost::run(args).map(|()| true)),
        Command::Capacity(args) => return ended(capacity::run(args).map(|()| true)),
        _ => {}
    }
    let n_threads = usize::try_from(n_processors()).unwrap_or(1) + 1;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(n_threads).enable_all().build();
    let done = match runtime {
        Ok(runtime) => {
            let done = runtime.block_on(run(cli));
            // What is stuck on a blocking thread was given its time in the drain.
            runtime.shutdown_background();
            done
        }
        Err(error) => Err(error.into()),
    };
    ended(done)
}

fn ended(done: Result<bool>) -> ExitCode {
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            say::error(checks::chain(&*error));
            let is_config = error.chain().any(<dyn std::error::Error>::is::<ConfigError>);
            ExitCode::from(if is_config { 2 } else { 1 })
        }
    }
}

/// How many things can be worked on at a time.
fn n_processors() -> u32 {
    let n = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    u32::try_from(n).unwrap_or(1)
}

/// `false` when the command found trouble and has said so.
async fn run(cli: Cli) -> Result<bool> {
    let mut flags = Flags { data: cli.data, ..Flags::default() };
    match &cli.command {
        Command::Demo(args) | Command::Serve(args) => {
            flags.listen = args.listen;
            flags.workers = args.workers;
        }
        Command::Work { workers } => flags.workers = *workers,
        _ => {}
    }
    let config = Config::read(cli.config.as_deref(), flags)?;
    let otlp = telemetry::log(&config.log)?;
    let done = execute(cli.command, &config).await;
    if let Some(otlp) = otlp {
        otlp.finish().await;
    }
    done
}

async fn execute(command: Command, config: &Config) -> Result<bool> {
    match command {
        Command::Demo(_) => server::demo(config).await?,
        Command::Serve(_) => server::serve(config).await?,
        Command::Work { .. } => server::work(config).await?,
        Command::Migrate => {
            let db = join::connect(&config.storage.database).await?;
            migrate(&db).await?;
            found::channel(&db).await?;
            db.close().await;
        }
        Command::Admin { command } => admin::run(config, command).await?,
        Command::Backup { file } => backup::write(config, &file).await?,
        Command::Restore { file } => backup::restore(config, &file).await?,
        Command::Import { what } => match what {
            Import::Products(args) => exchange::import(config, Entity::Products, args).await?,
            Import::Customers(args) => exchange::import(config, Entity::Customers, args).await?,
            Import::Stock(args) => exchange::import(config, Entity::Stock, args).await?,
            Import::Orders(args) => exchange::import(config, Entity::Orders, args).await?,
            Import::Magento(args) => return magento::import(config, &args).await,
        },
        Command::Export { what, file } => exchange::export(config, what, &file).await?,
        Command::Doctor => return doctor::run(config).await,
        Command::Cost(_) | Command::Capacity(_) => {}
    }
    Ok(true)
}

async fn migrate(db: &db::Db) -> Result<()> {
    let pending = db.pending_migrations().await?;
    db.migrate().await?;
    match pending.len() {
        0 => say::line("The schema is current."),
        n => say::line(format_args!("The schema is current: {n} migrations were applied.")),
    }
    Ok(())
}
