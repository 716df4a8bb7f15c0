//! Where the parts meet: the shop is built here, and its routes are mounted.

use std::collections::HashSet;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use axum::Router;
use axum::extract::Request;
use commerce::channel::Channel;
use db::Db;
use gateways::mail::{FolderMailer, SmtpMailer};
use gateways::media::ObjectMediaStore;
use gateways::pictures::ImagePictures;
use gateways::webhook::HttpCourier;
use search::Source;
use shop::ports::{Courier, Mailer, MediaStore, Pictures};
use shop::read_side::{self, Loaded};
use shop::secret::Key;
use shop::settings::Settings;
use shop::{Clock, Parts, Shop};
use tokio::time::Instant;
use web::app::App;
use web::email::Letters;
use web::visit::{ClientAddress, RequestId};

use crate::checks;
use crate::config::{Config, ConfigError, Database, Mail, Storage};

/// How long a database may take until it lets us in.
const PATIENCE: Duration = Duration::from_secs(3);
const AGAIN: Duration = Duration::from_millis(200);
const LOOK_AT_URL: &str =
    "look at GREENLEAF_DATABASE_URL, or database_url in the configuration file";

/// The parts that need no channel yet.
pub(crate) struct Outside {
    pub db: Db,
    pub media: Arc<dyn MediaStore>,
    pub pictures: Arc<dyn Pictures>,
    pub mailer: Arc<dyn Mailer>,
    pub courier: Arc<dyn Courier>,
    pub clock: Clock,
}

impl Outside {
    pub(crate) async fn open(config: &Config) -> Result<Self> {
        std::fs::create_dir_all(&config.storage.data)
            .with_context(|| format!("{} cannot be made", config.storage.data.display()))?;
        Ok(Self {
            db: connect(&config.storage.database).await?,
            media: media(&config.storage)?,
            pictures: Arc::new(ImagePictures::default()),
            mailer: mailer(&config.mail, &config.storage)?,
            courier: Arc::new(HttpCourier::new(config.webhooks_to_loopback)?),
            clock: clock(),
        })
    }

    /// Builds the shop on a schema that is current and has a channel.
    pub(crate) async fn into_shop(self, key: Key, base_url: String) -> Result<Shop> {
        let channel = self.channel().await?;
        let loaded = read_side::load(&self.db, &channel.code, self.clock.now()).await?;
        Ok(self.joined(key, base_url, loaded))
    }

    /// Builds a shop that shows nothing, for commands that only change the truth. Where they sign and
    /// seal nothing, any key will do.
    pub(crate) async fn into_counter(self, key: Key) -> Result<Shop> {
        let channel = self.channel().await?;
        let mut conn = self.db.read().await?;
        let settings = Settings::load(&mut conn, &channel.code).await?;
        let settings = settings.context("the channel vanished")?;
        let position = db::change::position(&mut conn).await?;
        drop(conn);
        let source =
            Source { channel, structure: search::Structure::default(), products: Vec::new() };
        let index = search::Index::new(source, self.clock.now())?;
        let loaded =
            Loaded { index, settings, pages: Vec::new(), redirects: HashSet::new(), position };
        Ok(self.joined(key, String::new(), loaded))
    }

    fn joined(self, key: Key, base_url: String, loaded: Loaded) -> Shop {
        Shop::new(Parts {
            db: self.db,
            clock: self.clock,
            mailer: self.mailer,
            letters: Arc::new(Letters::new(&base_url, None, &web::app::zone())),
            operations: Arc::new(api::Operations::default()),
            courier: self.courier,
            media: self.media,
            pictures: self.pictures,
            key,
            base_url,
            index: loaded.index,
            settings: loaded.settings,
            pages: loaded.pages,
            redirects: loaded.redirects,
            position: loaded.position,
        })
    }

    async fn channel(&self) -> Result<Channel> {
        let pending = self.db.pending_migrations().await?;
        if !pending.is_empty() {
            bail!("the schema lacks {}: run `greenleaf migrate`", pending.join(", "));
        }
        let channels = db::channel::list(&mut self.db.read().await?).await?;
        channels.into_iter().next().context("there is no channel yet: run `greenleaf migrate`")
    }
}

/// The routes of the shop; `theme` is a folder whose templates win over the embedded ones.
pub(crate) fn routes(shop: &Shop, theme: Option<&Path>) -> Router {
    web::router(App::new(shop.clone(), theme)).merge(api::router(shop.clone()))
}

/// Tells the handlers who asks, as far as the proxies are trusted, and what the log calls it.
pub(crate) fn introduce(request: &mut Request, client: IpAddr, request_id: &str) {
    let extensions = request.extensions_mut();
    extensions.insert(ClientAddress(client));
    extensions.insert(api::ClientAddress(client));
    extensions.insert(RequestId(request_id.to_owned()));
}

pub(crate) async fn connect(database: &Database) -> Result<Db> {
    if let Database::Sqlite(file) = database
        && let Some(folder) = file.parent()
    {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("{} cannot be made", folder.display()))?;
    }
    match database {
        Database::Sqlite(file) => Db::connect(&database.url()).await.with_context(|| {
            format!("{} cannot be used as the database; database_url names it", file.display())
        }),
        Database::MySql(url) => {
            knock(url.expose()).await?;
            Ok(Db::connect(url.expose()).await?)
        }
    }
}

/// Asks the server to let us in, while it may just be starting, and says what to look at if not.
async fn knock(url: &str) -> Result<()> {
    let until = Instant::now() + PATIENCE;
    loop {
        let knocked = tokio::time::timeout_at(until, db::knock::knock(url)).await;
        let Ok(knocked) = knocked else { bail!("the database does not answer: {LOOK_AT_URL}") };
        match knocked {
            Ok(()) => return Ok(()),
            Err(error) if error.may_pass() && Instant::now() + AGAIN < until => {
                tokio::time::sleep(AGAIN).await;
            }
            Err(error) => {
                bail!("the database cannot be used: {}: {LOOK_AT_URL}", checks::chain(&error));
            }
        }
    }
}

pub(crate) fn media(storage: &Storage) -> Result<Arc<dyn MediaStore>> {
    let store = ObjectMediaStore::from_url(&storage.media);
    Ok(Arc::new(store.map_err(|error| ConfigError(format!("media_url: {error}")))?))
}

pub(crate) fn mailer(mail: &Mail, storage: &Storage) -> Result<Arc<dyn Mailer>> {
    match &mail.smtp {
        Some(url) => {
            let mailer = SmtpMailer::from_url(url.expose());
            Ok(Arc::new(mailer.map_err(|error| ConfigError(format!("smtp_url: {error}")))?))
        }
        None => Ok(Arc::new(FolderMailer::new(storage.data.join("mail")))),
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the shop's clock")]
pub(crate) fn clock() -> Clock {
    Clock::new(jiff::Timestamp::now)
}
