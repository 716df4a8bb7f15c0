//! A running shop on a fresh database.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;

use commerce::channel::{Channel, ChannelCode, Country, Locale, Merchant};
use commerce::content::Localized;
use commerce::eco::TransportCarbon;
use commerce::money::Currency;
use commerce::payment::{PaymentKind, PaymentMethod, PaymentMethodCode};
use commerce::shipment::{ShippingMethod, ShippingMethodCode, ShippingRule};
use commerce::stock::StockLevel;
use commerce::tax::{DatedRate, Rounding, TaxClass, TaxRate};
use db::channel::Listed;
use db::{Conn, Db, Dialect};
use jiff::civil::date;
use shop::ports::{Letters, Operation, OperationError, Operations};
use shop::secret::Key;
use shop::{Parts, Shop, read_side};
use tempfile::TempDir;
use url::Url;

use crate::servers::{MariaDb, mariadb_like};
use crate::{PlainLetters, RecordingMailer, TestClock, eur, sku};

/// Runs a test on SQLite and then on MariaDB, or on MySQL where the run asks for it, each time with
/// a shop of its own.
pub async fn on_both_engines(test: impl AsyncFn(TestShop)) {
    a_shop().on_both_engines(test).await;
}

/// A French shop that delivers to France, Belgium and Germany, without products.
pub fn a_shop() -> ShopBuilder {
    ShopBuilder {
        channel: channel(),
        ports: Ports { letters: Arc::new(PlainLetters), operations: Arc::new(NoOperations) },
    }
}

pub struct ShopBuilder {
    channel: Channel,
    ports: Ports,
}

/// What is written and run by crates that this one does not know.
#[derive(Clone)]
struct Ports {
    letters: Arc<dyn Letters>,
    operations: Arc<dyn Operations>,
}

/// A shop without an API.
#[derive(Clone, Copy, Debug)]
pub struct NoOperations;

#[async_trait::async_trait]
impl Operations for NoOperations {
    async fn run(&self, _: &Shop, operation: &Operation) -> Result<(), OperationError> {
        Err(OperationError::Refused(format!("nobody runs {}", operation.path)))
    }
}

impl ShopBuilder {
    /// Sets up the channel `fr` otherwise.
    #[must_use]
    pub fn with_channel(mut self, change: impl FnOnce(&mut Channel)) -> Self {
        change(&mut self.channel);
        self
    }

    #[must_use]
    pub fn with_letters(mut self, letters: impl Letters + 'static) -> Self {
        self.ports.letters = Arc::new(letters);
        self
    }

    #[must_use]
    pub fn with_operations(mut self, operations: impl Operations + 'static) -> Self {
        self.ports.operations = Arc::new(operations);
        self
    }

    /// See [`on_both_engines`].
    pub async fn on_both_engines(self, test: impl AsyncFn(TestShop)) {
        for engine in [Dialect::Sqlite, Dialect::MySql] {
            eprintln!("on {engine:?}");
            test(self.open(engine).await).await;
        }
    }

    pub async fn on_sqlite(self) -> TestShop {
        self.open(Dialect::Sqlite).await
    }

    pub async fn on_mariadb(self) -> TestShop {
        self.open(Dialect::MySql).await
    }

    async fn open(&self, engine: Dialect) -> TestShop {
        let folder = tempfile::tempdir().unwrap();
        let (url, mariadb) = match engine {
            Dialect::Sqlite => {
                (format!("sqlite://{}", folder.path().join("shop.db").display()), None)
            }
            Dialect::MySql => {
                let database = migrated_mariadb().await;
                (database.url().to_owned(), Some(database))
            }
        };
        let db = Db::connect(&url).await.unwrap();
        if mariadb.is_none() {
            db.migrate().await.unwrap();
        }
        set_up_channel(&db, &self.channel).await;

        let home = Home { folder, url, mariadb };
        let (clock, mailer) = (TestClock::default(), Arc::new(RecordingMailer::default()));
        let key = [7; 32];
        let shop =
            join(db, &self.channel, &clock, mailer.clone(), self.ports.clone(), &home, key).await;
        TestShop { shop, clock, mailer, ports: self.ports.clone(), key, home: Arc::new(home) }
    }
}

/// Where a shop's rows and files lie; gone when its last instance is.
struct Home {
    folder: TempDir,
    url: String,
    mariadb: Option<MariaDb>,
}

/// A database with the tables of all migrations.
async fn migrated_mariadb() -> MariaDb {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../db/migrations/mysql"));
    let mut files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        fs::read(file).unwrap().hash(&mut hasher);
    }
    let template = format!("migrated-{:016x}", hasher.finish());
    mariadb_like(&template, async |url| {
        let db = Db::connect(url).await.unwrap();
        db.migrate().await.unwrap();
        db.close().await;
    })
    .await
}

/// A shop with the parts that a test moves and looks at. It is a [`Shop`] wherever one is needed.
pub struct TestShop {
    shop: Shop,
    pub clock: TestClock,
    pub mailer: Arc<RecordingMailer>,
    ports: Ports,
    key: [u8; 32],
    home: Arc<Home>,
}

impl Deref for TestShop {
    type Target = Shop;

    fn deref(&self) -> &Shop {
        &self.shop
    }
}

impl TestShop {
    /// The same shop as another machine runs it: with connections and a memory of its own.
    pub async fn another_instance(&self) -> Self {
        let db = Db::connect(&self.home.url).await.unwrap();
        let channel = &self.settings().channel;
        let (mailer, ports) = (self.mailer.clone(), self.ports.clone());
        let shop = join(db, channel, &self.clock, mailer, ports, &self.home, self.key).await;
        Self {
            shop,
            clock: self.clock.clone(),
            mailer: self.mailer.clone(),
            ports: self.ports.clone(),
            key: self.key,
            home: self.home.clone(),
        }
    }

    /// Where the rows lie, for programs that look at them from outside.
    pub fn database_url(&self) -> &str {
        &self.home.url
    }

    /// So many instances that serve the shop together; on SQLite, which serves one, the same one.
    pub async fn instances(&self, n: usize) -> Vec<Shop> {
        let mut instances = vec![self.shop.clone()];
        while instances.len() < n {
            instances.push(match self.db.dialect() {
                Dialect::Sqlite => self.shop.clone(),
                Dialect::MySql => self.another_instance().await.shop,
            });
        }
        instances
    }

    /// A folder of its own, gone with the test.
    pub fn folder(&self) -> &Path {
        self.home.folder.path()
    }

    pub fn channel(&self) -> ChannelCode {
        self.settings().channel.code.clone()
    }

    pub async fn read(&self) -> Conn {
        self.db.read().await.unwrap()
    }

    /// The stock of a SKU, nothing when it has no row.
    pub async fn stock(&self, text: &str) -> StockLevel {
        let source = self.settings().source.clone();
        let found = db::stock::find(&mut self.read().await, &source, &sku(text)).await.unwrap();
        found.unwrap_or_default()
    }

    /// Lets the read side learn of all that changed.
    pub async fn follow(&self) {
        while read_side::catch_up(self).await.unwrap() {}
    }

    /// Does all work that is due at this moment of the clock.
    pub async fn run_jobs(&self) {
        while shop::jobs::run_due(self).await.unwrap() > 0 {}
    }

    /// Forgets what is too old at this moment of the clock.
    pub async fn tidy(&self) {
        shop::jobs::tidy(self).await.unwrap();
    }

    /// What the command-line client prints for a statement, on MariaDB only.
    pub fn mariadb(&self) -> Option<&MariaDb> {
        self.home.mariadb.as_ref()
    }
}

async fn join(
    db: Db,
    channel: &Channel,
    clock: &TestClock,
    mailer: Arc<RecordingMailer>,
    ports: Ports,
    home: &Home,
    key: [u8; 32],
) -> Shop {
    let loaded = read_side::load(&db, &channel.code, clock.now()).await.unwrap();
    let media = Url::from_directory_path(home.folder.path().join("media")).unwrap();
    Shop::new(Parts {
        db,
        clock: clock.for_shop(),
        mailer,
        letters: ports.letters,
        operations: ports.operations,
        courier: Arc::new(gateways::webhook::HttpCourier::new(true).unwrap()),
        media: Arc::new(gateways::media::ObjectMediaStore::from_url(&media).unwrap()),
        pictures: Arc::new(gateways::pictures::ImagePictures::default()),
        key: Key::new(&key).unwrap(),
        base_url: "https://greenleaf.test".into(),
        index: loaded.index,
        settings: loaded.settings,
        pages: loaded.pages,
        redirects: loaded.redirects,
        position: loaded.position,
    })
}

fn country(code: &str) -> Country {
    Country::new(code).unwrap()
}

fn channel() -> Channel {
    Channel {
        code: ChannelCode::new("fr").unwrap(),
        name: "GreenLeaf".into(),
        currency: Currency::EUR,
        prices_include_tax: true,
        rounding: Rounding::PerLine,
        country: Country::FR,
        ships_to: vec![Country::FR, country("BE"), country("DE")],
        locales: vec![Locale::FR, Locale::EN],
        order_prefix: "GL".into(),
        merchant: Merchant {
            legal_name: "GreenLeaf SAS".into(),
            trade_name: "GreenLeaf".into(),
            email: "bonjour@greenleaf.test".into(),
            ..Merchant::default()
        },
    }
}

/// Makes the shop that [`a_shop`] is of an empty database that has the tables.
pub async fn set_up(db: &Db) {
    set_up_channel(db, &channel()).await;
}

async fn set_up_channel(db: &Db, channel: &Channel) {
    let mut tx = db.write().await.unwrap();
    db::channel::save(&mut tx, channel).await.unwrap();
    for (code, class, basis_points) in [
        ("FR", "standard", 2_000),
        ("FR", "intermediate", 1_000),
        ("FR", "reduced", 550),
        ("BE", "standard", 2_100),
        ("DE", "standard", 1_900),
    ] {
        let rate = DatedRate {
            country: country(code),
            class: TaxClass::new(class).unwrap(),
            rate: TaxRate::from_basis_points(basis_points).unwrap(),
            valid_from: date(2014, 1, 1),
            valid_until: None,
        };
        db::channel::save_tax_rate(&mut tx, &rate).await.unwrap();
    }

    let everywhere = || channel.ships_to.clone();
    let rules = [
        ("flat", ShippingRule::Flat { countries: everywhere(), price: eur(490) }),
        (
            "free",
            ShippingRule::FreeAbove {
                countries: everywhere(),
                price: eur(590),
                threshold: eur(5_900),
            },
        ),
        ("pick-up", ShippingRule::PickUp { price: eur(0) }),
    ];
    for (position, (code, rule)) in (0..).zip(rules) {
        let method = ShippingMethod {
            code: ShippingMethodCode::new(code).unwrap(),
            name: Localized::default().with(Locale::FR, code.to_owned()),
            description: Localized::default(),
            rule,
            tax_class: TaxClass::new("standard").unwrap(),
            carbon: (code == "flat").then(|| TransportCarbon {
                grams_per_parcel: 420,
                grams_per_kilogram: 80,
                source: Localized::default().with(Locale::FR, "méthode d’essai".to_owned()),
            }),
        };
        let listed = Listed { method, position, is_enabled: true };
        db::channel::save_shipping_method(&mut tx, &channel.code, &listed).await.unwrap();
    }
    let payments = [
        ("bank-transfer", PaymentKind::BankTransfer),
        ("cheque", PaymentKind::Cheque),
        ("cash-on-delivery", PaymentKind::CashOnDelivery),
    ];
    for (position, (code, kind)) in (0..).zip(payments) {
        let method = PaymentMethod {
            code: PaymentMethodCode::new(code).unwrap(),
            kind,
            name: Localized::default().with(Locale::FR, code.to_owned()),
            instructions: Localized::default(),
        };
        let listed = Listed { method, position, is_enabled: true };
        db::channel::save_payment_method(&mut tx, &channel.code, &listed).await.unwrap();
    }
    tx.commit().await.unwrap();
}
