//! A shop as staff find it: a channel, attributes, a category; no product yet.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use commerce::catalog::{
    Attribute, AttributeCode, AttributeKind, AttributeOption, AttributeSet, AttributeSetCode,
    AttributeValues, CategoryCode, OptionCode, Options, Product, ProductKind, Sku, Visibility,
};
use commerce::channel::{Channel, ChannelCode, Country, Locale, Merchant};
use commerce::content::Localized;
use commerce::customer::Customer;
use commerce::eco::{EcoSheet, Manufacturer};
use commerce::media::{MediaKey, PictureFormat};
use commerce::money::{Currency, Money};
use commerce::order::Order;
use commerce::tax::{DatedRate, Rounding, TaxClass, TaxRate};
use db::Db;
use jiff::Timestamp;
use jiff::civil::date;
use shop::catalog::{
    CategoryInput, CategoryTextInput, PriceInput, ProductInput, TextInput, VariantInput,
};
use shop::ports::{
    AccountLetter, BadAddress, Call, CallError, Courier, Inspected, Letter, Letters, Mail,
    MailError, Mailer, MediaStore, MediaStoreError, OrderLetter, PictureError, Pictures,
    RenditionFormat,
};
use shop::settings::Settings;
use shop::{Clock, Parts, Shop};

pub(crate) struct StaffShop {
    pub(crate) shop: Shop,
    pub(crate) now: Arc<Mutex<Timestamp>>,
    pub(crate) store: Arc<MemoryStore>,
    _folder: tempfile::TempDir,
}

impl StaffShop {
    pub(crate) async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/shop.db", folder.path().display());
        Self::open_on(&url, folder).await
    }

    pub(crate) async fn open_on(url: &str, folder: tempfile::TempDir) -> Self {
        let db = Db::connect(url).await.unwrap();
        db.migrate().await.unwrap();
        set_up(&db).await;

        let start = at(0);
        let loaded = shop::read_side::load(&db, &fr(), start).await.unwrap();
        let now = Arc::new(Mutex::new(start));
        let clock = Arc::clone(&now);
        let store = Arc::new(MemoryStore::default());
        let shop = Shop::new(Parts {
            db,
            clock: Clock::new(move || *clock.lock().unwrap()),
            mailer: Arc::new(Mute),
            letters: Arc::new(Mute),
            operations: Arc::new(testkit::NoOperations),
            courier: Arc::new(Mute),
            media: store.clone(),
            pictures: Arc::new(FakePictures),
            key: shop::secret::Key::random(),
            base_url: "http://localhost".to_owned(),
            index: loaded.index,
            settings: loaded.settings,
            pages: loaded.pages,
            redirects: loaded.redirects,
            position: loaded.position,
        });
        Self { shop, now, store, _folder: folder }
    }

    pub(crate) fn set_day(&self, day: i64) {
        *self.now.lock().unwrap() = at(day);
    }

    pub(crate) async fn create(&self, input: &ProductInput) -> Product {
        shop::catalog::create_product(&self.shop, input).await.unwrap()
    }

    pub(crate) async fn update(&self, before: &Product, input: &ProductInput) -> Product {
        shop::catalog::update_product(&self.shop, before.id, before.version, input).await.unwrap()
    }

    pub(crate) async fn n_products(&self) -> u64 {
        db::catalog::product::count(&mut self.shop.db.read().await.unwrap()).await.unwrap()
    }
}

/// Noon of a day of 2026.
pub(crate) fn at(day: i64) -> Timestamp {
    let first: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
    first + jiff::SignedDuration::from_hours(24 * day)
}

pub(crate) fn fr() -> ChannelCode {
    ChannelCode::new("fr").unwrap()
}

pub(crate) fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

pub(crate) fn axis(code: &str) -> AttributeCode {
    AttributeCode::new(code).unwrap()
}

pub(crate) fn option(code: &str) -> OptionCode {
    OptionCode::new(code).unwrap()
}

pub(crate) fn sku(text: &str) -> Sku {
    Sku::new(text).unwrap()
}

fn fr_text(text: &str) -> Localized<String> {
    Localized::default().with(Locale::FR, text.to_owned())
}

/// `TEA` at 4.50 €, ten of them, published.
pub(crate) fn tea() -> ProductInput {
    let text = TextInput { name: "Thé vert".to_owned(), ..TextInput::default() };
    ProductInput {
        kind: ProductKind::Simple,
        visibility: Visibility::Published,
        attribute_set: AttributeSetCode::new("default").unwrap(),
        tax_class: TaxClass::new("standard").unwrap(),
        is_featured: false,
        texts: Localized::default().with(Locale::FR, text),
        attributes: AttributeValues::new(),
        categories: Vec::new(),
        pictures: Vec::new(),
        variants: vec![variant("TEA", 450)],
        eco: EcoSheet::default(),
        manufacturer: Some(Manufacturer {
            name: "Les Thés".to_owned(),
            address: "1 rue du Thé, 44000 Nantes".to_owned(),
            email: "a@thes.example".to_owned(),
        }),
    }
}

pub(crate) fn variant(text: &str, minor: i64) -> VariantInput {
    VariantInput {
        id: None,
        sku: sku(text),
        is_enabled: true,
        options: Options::new(),
        weight_grams: 100,
        content: None,
        prices: vec![PriceInput {
            channel: fr(),
            regular: eur(minor),
            special: None,
            eco_participation: None,
        }],
        on_hand: Some(10),
    }
}

/// `TEE` in sage and clay.
pub(crate) fn tee() -> ProductInput {
    let in_color = |color: &str| VariantInput {
        options: [(axis("color"), option(color))].into_iter().collect(),
        ..variant(&format!("TEE-{}", color.to_uppercase()), 2_490)
    };
    ProductInput {
        kind: ProductKind::Configurable { axes: vec![axis("color")] },
        variants: vec![in_color("sage"), in_color("clay")],
        ..tea()
    }
}

pub(crate) fn color() -> Attribute {
    let option = |code: &str| AttributeOption {
        code: option(code),
        label: fr_text(code),
        swatch: Some("#8aa487".to_owned()),
    };
    Attribute {
        code: axis("color"),
        kind: AttributeKind::Select,
        label: fr_text("Couleur"),
        is_filterable: true,
        is_searchable: false,
        is_axis: true,
        options: vec![option("sage"), option("clay")],
    }
}

pub(crate) fn category(code: &str, name: &str) -> CategoryInput {
    let text = CategoryTextInput { name: name.to_owned(), ..CategoryTextInput::default() };
    CategoryInput {
        code: CategoryCode::new(code).unwrap(),
        parent: None,
        position: 0,
        is_published: true,
        picture: None,
        texts: Localized::default().with(Locale::FR, text),
    }
}

async fn set_up(db: &Db) {
    let channel = Channel {
        code: fr(),
        name: "GreenLeaf".to_owned(),
        currency: Currency::EUR,
        prices_include_tax: true,
        rounding: Rounding::PerLine,
        country: Country::FR,
        ships_to: vec![Country::FR],
        locales: vec![Locale::FR, Locale::EN],
        order_prefix: "GL".to_owned(),
        merchant: Merchant::default(),
    };
    let rate = DatedRate {
        country: Country::FR,
        class: TaxClass::new("standard").unwrap(),
        rate: TaxRate::from_basis_points(2_000).unwrap(),
        valid_from: date(2014, 1, 1),
        valid_until: None,
    };
    let care = Attribute {
        code: axis("care"),
        kind: AttributeKind::Text,
        is_axis: false,
        options: Vec::new(),
        ..color()
    };
    let set = AttributeSet {
        code: AttributeSetCode::new("default").unwrap(),
        name: fr_text("Tout"),
        attributes: vec![axis("color"), axis("care")],
    };
    let mut tx = db.write().await.unwrap();
    db::channel::save(&mut tx, &channel).await.unwrap();
    db::channel::save_tax_rate(&mut tx, &rate).await.unwrap();
    for attribute in [color(), care] {
        shop::catalog::save_attribute_in(&mut tx, &attribute, at(0)).await.unwrap();
    }
    shop::catalog::save_attribute_set_in(&mut tx, &set, at(0)).await.unwrap();
    tx.commit().await.unwrap();
}

/// Objects in memory.
#[derive(Default)]
pub(crate) struct MemoryStore(pub(crate) Mutex<BTreeMap<MediaKey, Bytes>>);

impl MemoryStore {
    pub(crate) fn keys(&self) -> Vec<String> {
        self.0.lock().unwrap().keys().map(|key| key.as_str().to_owned()).collect()
    }
}

#[async_trait]
impl MediaStore for MemoryStore {
    async fn put(
        &self,
        key: &MediaKey,
        bytes: Bytes,
        _: PictureFormat,
    ) -> Result<(), MediaStoreError> {
        self.0.lock().unwrap().insert(key.clone(), bytes);
        Ok(())
    }

    async fn find(&self, key: &MediaKey) -> Result<Option<Bytes>, MediaStoreError> {
        Ok(self.0.lock().unwrap().get(key).cloned())
    }

    async fn delete(&self, key: &MediaKey) -> Result<(), MediaStoreError> {
        self.0.lock().unwrap().remove(key);
        Ok(())
    }

    async fn check(&self) -> Result<(), MediaStoreError> {
        Ok(())
    }
}

/// Takes `png 900 …` for a picture of that width; renders it as the words `<width> of 900`.
struct FakePictures;

fn width_of(bytes: &[u8]) -> Option<u32> {
    std::str::from_utf8(bytes).ok()?.strip_prefix("png ")?.split(' ').next()?.parse().ok()
}

impl Pictures for FakePictures {
    fn inspect(&self, bytes: &[u8]) -> Result<Inspected, PictureError> {
        let width = width_of(bytes).ok_or(PictureError::UnknownFormat)?;
        Ok(Inspected { format: PictureFormat::Png, width, height: 600 })
    }

    fn render(
        &self,
        bytes: &[u8],
        renditions: &[(u32, RenditionFormat)],
    ) -> Result<Vec<Bytes>, PictureError> {
        let original = width_of(bytes).ok_or(PictureError::Broken)?;
        Ok(renditions.iter().map(|(width, _)| format!("{width} of {original}").into()).collect())
    }
}

/// Says nothing to anybody.
struct Mute;

#[async_trait]
impl Mailer for Mute {
    async fn send(&self, _: &Mail) -> Result<(), MailError> {
        Ok(())
    }

    async fn check(&self) -> Result<(), MailError> {
        Ok(())
    }
}

impl Letters for Mute {
    fn order(&self, _: OrderLetter, _: &Order, _: &Settings, _: &str) -> Letter {
        unreachable!("no test here orders")
    }

    fn account(&self, _: AccountLetter, _: &Customer, _: &Settings, _: &str) -> Letter {
        unreachable!("no test here opens an account")
    }
}

#[async_trait]
impl Courier for Mute {
    fn check(&self, _: &str) -> Result<(), BadAddress> {
        Ok(())
    }

    async fn bring(&self, _: &Call) -> Result<(), CallError> {
        Ok(())
    }
}
