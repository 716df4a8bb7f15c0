//! Products on the shelf.

use commerce::catalog::{
    Attribute, AttributeCode, AttributeKind, AttributeOption, AttributeSetCode, AttributeValues,
    OptionCode, Options, Product, ProductId, ProductKind, ProductText, Sku, Variant, VariantId,
    Visibility,
};
use commerce::channel::Locale;
use commerce::content::{Localized, Slug};
use commerce::eco::EcoSheet;
use commerce::price::{ChannelPrice, SpecialPrice};
use commerce::stock::StockMove;
use commerce::tax::TaxClass;
use db::Tx;
use db::change::{Change, Topic};
use uuid::Uuid;

use crate::{TestShop, eur, sku};

/// `TEA` at 4.50 €, ten of them, on sale.
pub fn a_product(shop: &TestShop) -> ProductBuilder<'_> {
    ProductBuilder {
        shop,
        sku: sku("TEA"),
        price: price(shop, 450),
        stock: 10,
        tax_class: "standard",
        visibility: Visibility::Published,
        weight_grams: 100,
    }
}

fn price(shop: &TestShop, minor: i64) -> ChannelPrice {
    ChannelPrice {
        channel: shop.channel(),
        regular: eur(minor),
        special: None,
        eco_participation: None,
        prior: None,
    }
}

#[must_use]
pub struct ProductBuilder<'a> {
    shop: &'a TestShop,
    sku: Sku,
    price: ChannelPrice,
    stock: u32,
    tax_class: &'static str,
    visibility: Visibility,
    weight_grams: u32,
}

impl ProductBuilder<'_> {
    pub fn sku(mut self, text: &str) -> Self {
        self.sku = sku(text);
        self
    }

    /// In cents, in the channel's tax basis.
    pub fn price(mut self, minor: i64) -> Self {
        self.price.regular = eur(minor);
        self
    }

    pub fn special(mut self, special: SpecialPrice) -> Self {
        self.price.special = Some(special);
        self
    }

    pub fn eco_participation(mut self, minor: i64) -> Self {
        self.price.eco_participation = Some(eur(minor));
        self
    }

    pub fn stock(mut self, on_hand: u32) -> Self {
        self.stock = on_hand;
        self
    }

    pub fn tax_class(mut self, code: &'static str) -> Self {
        self.tax_class = code;
        self
    }

    pub fn visibility(mut self, visibility: Visibility) -> Self {
        self.visibility = visibility;
        self
    }

    pub fn weight_grams(mut self, grams: u32) -> Self {
        self.weight_grams = grams;
        self
    }

    pub async fn save(self) -> Product {
        let mut variant = a_variant(self.sku.clone(), self.price);
        variant.weight_grams = self.weight_grams;
        let mut product = product(self.shop, &self.sku, vec![variant]);
        product.visibility = self.visibility;
        product.tax_class = TaxClass::new(self.tax_class).unwrap();
        save(self.shop, product, self.stock).await
    }
}

/// `TEE` at 24.90 € in the sizes `s` and `m`, ten of each: the SKUs `TEE-S` and `TEE-M`.
pub fn a_configurable(shop: &TestShop) -> ConfigurableBuilder<'_> {
    ConfigurableBuilder {
        shop,
        sku: sku("TEE"),
        price: 2_490,
        stock: 10,
        sizes: vec!["s".into(), "m".into()],
        axis: AttributeCode::new("size").unwrap(),
    }
}

#[must_use]
pub struct ConfigurableBuilder<'a> {
    shop: &'a TestShop,
    sku: Sku,
    price: i64,
    stock: u32,
    sizes: Vec<String>,
    axis: AttributeCode,
}

impl ConfigurableBuilder<'_> {
    /// What the SKUs of its variants begin with.
    pub fn sku(mut self, text: &str) -> Self {
        self.sku = sku(text);
        self
    }

    pub fn price(mut self, minor: i64) -> Self {
        self.price = minor;
        self
    }

    /// Of each variant.
    pub fn stock(mut self, on_hand: u32) -> Self {
        self.stock = on_hand;
        self
    }

    pub fn sizes(mut self, sizes: &[&str]) -> Self {
        self.sizes = sizes.iter().map(|&size| size.to_owned()).collect();
        self
    }

    /// What the sizes are sizes of, instead of `size`.
    pub fn axis(mut self, code: &str) -> Self {
        self.axis = AttributeCode::new(code).expect("the test gives a valid code");
        self
    }

    pub async fn save(self) -> Product {
        let axis = self.axis.clone();
        let options: Vec<OptionCode> =
            self.sizes.iter().map(|size| OptionCode::new(size.as_str()).unwrap()).collect();
        self.save_axis(&axis, &options).await;

        let variants = options.into_iter().map(|option| {
            let sku = sku(&format!("{}-{}", self.sku, option.as_str().to_uppercase()));
            let mut variant = a_variant(sku, price(self.shop, self.price));
            variant.options = Options::from_iter([(axis.clone(), option)]);
            variant
        });
        let mut product = product(self.shop, &self.sku, variants.collect());
        product.kind = ProductKind::Configurable { axes: vec![axis] };
        save(self.shop, product, self.stock).await
    }

    async fn save_axis(&self, axis: &AttributeCode, options: &[OptionCode]) {
        let label = |text: &str| Localized::default().with(Locale::FR, text.to_owned());
        let attribute = Attribute {
            code: axis.clone(),
            kind: AttributeKind::Select,
            label: label("Taille"),
            is_filterable: true,
            is_searchable: false,
            is_axis: true,
            options: options
                .iter()
                .map(|code| AttributeOption {
                    code: code.clone(),
                    label: label(&code.as_str().to_uppercase()),
                    swatch: None,
                })
                .collect(),
        };
        let mut tx = self.shop.db.write().await.unwrap();
        db::catalog::attribute::save(&mut tx, &attribute).await.unwrap();
        let change = Change { topic: Topic::Structure, subject: None };
        db::change::push(&mut tx, change, self.shop.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
    }
}

fn a_variant(sku: Sku, price: ChannelPrice) -> Variant {
    Variant {
        id: VariantId(Uuid::now_v7()),
        number: 0,
        sku,
        is_enabled: true,
        options: Options::new(),
        weight_grams: 100,
        content: None,
        prices: vec![price],
    }
}

fn product(shop: &TestShop, sku: &Sku, variants: Vec<Variant>) -> Product {
    let text = |locale: Locale| ProductText {
        slug: Slug::from_title(sku.as_str()).unwrap(),
        name: format!("{sku} ({})", locale.as_str()),
        short: String::new(),
        description: String::new(),
        meta_description: String::new(),
    };
    Product {
        id: ProductId(Uuid::now_v7()),
        number: 0,
        version: 1,
        kind: ProductKind::Simple,
        visibility: Visibility::Published,
        attribute_set: AttributeSetCode::new("default").unwrap(),
        tax_class: TaxClass::new("standard").unwrap(),
        is_featured: false,
        texts: [Locale::FR, Locale::EN].map(|locale| (locale, text(locale))).into_iter().collect(),
        attributes: AttributeValues::new(),
        categories: Vec::new(),
        pictures: Vec::new(),
        variants,
        eco: EcoSheet::default(),
        manufacturer: None,
        created_at: shop.clock.now(),
        updated_at: shop.clock.now(),
    }
}

async fn save(shop: &TestShop, mut product: Product, stock: u32) -> Product {
    let at = shop.clock.now();
    let source = shop.settings().source.clone();
    let mut tx = shop.db.write().await.unwrap();
    product.number = db::next_number(&mut tx, "product").await.unwrap();
    for variant in &mut product.variants {
        variant.number = db::next_number(&mut tx, "variant").await.unwrap();
    }
    db::catalog::product::insert(&mut tx, &product).await.unwrap();
    for variant in &product.variants {
        let sku = &variant.sku;
        assert!(db::stock::count(&mut tx, &source, sku, stock).await.unwrap());
        let change = (i64::from(stock), 0);
        db::stock::log(&mut tx, &source, sku, StockMove::Receive, change, None, at).await.unwrap();
    }
    announce(shop, &mut tx, &product).await;
    tx.commit().await.unwrap();
    product
}

async fn announce(shop: &TestShop, tx: &mut Tx, product: &Product) {
    let change = Change { topic: Topic::Product, subject: Some(product.id.0) };
    db::change::push(tx, change, shop.clock.now()).await.unwrap();
}

/// Edits a product as staff would, without asking whether the edit is allowed.
pub async fn change_product(shop: &TestShop, text: &str, change: impl FnOnce(&mut Product)) {
    let mut tx = shop.db.write().await.unwrap();
    let before =
        db::catalog::product::find_by_sku(&mut tx, &sku(text)).await.unwrap().expect("it exists");
    let mut after = before.clone();
    change(&mut after);
    assert!(db::catalog::product::update(&mut tx, &before, &after).await.unwrap());
    announce(shop, &mut tx, &after).await;
    tx.commit().await.unwrap();
}

/// Asks another price for a simple product from now on.
pub async fn change_price(shop: &TestShop, text: &str, minor: i64) {
    change_product(shop, text, |product| product.variants[0].prices[0].regular = eur(minor)).await;
}
