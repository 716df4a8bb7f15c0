//! Products, categories and attributes come back as they were kept.

use commerce::catalog::{
    Attribute, AttributeCode, AttributeKind, AttributeOption, AttributeSet, AttributeSetCode,
    AttributeValue, AttributeValues, Category, CategoryCode, CategoryId, CategoryText, ContentUnit,
    Decimal, NetContent, OptionCode, Product, ProductId, ProductKind, ProductText, Sku, Variant,
    VariantId, Visibility,
};
use commerce::channel::{ChannelCode, Country, Locale};
use commerce::content::{Localized, Slug};
use commerce::eco::{CarbonFootprint, EcoSheet, Label, Manufacturer, Material, Percent};
use commerce::media::{MediaId, MediaKey, Original, Picture, PictureFormat};
use commerce::money::{Currency, Money};
use commerce::price::{ChannelPrice, LoggedPrice, SpecialPrice};
use commerce::stock::{SourceCode, StockLevel};
use commerce::tax::TaxClass;
use db::Db;
use db::catalog::{Offer, OfferName, OfferOption, attribute, category, price, product, synonym};
use jiff::Timestamp;
use jiff::civil::date;
use uuid::Uuid;

use crate::on_both_engines;

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn text(fr: &str, en: &str) -> Localized<String> {
    Localized::default().with(Locale::FR, fr.to_owned()).with(Locale::EN, en.to_owned())
}

fn axis(code: &str) -> AttributeCode {
    AttributeCode::new(code).unwrap()
}

fn option(code: &str) -> OptionCode {
    OptionCode::new(code).unwrap()
}

fn fr() -> ChannelCode {
    ChannelCode::new("fr").unwrap()
}

fn original(number: u128) -> Original {
    Original {
        id: MediaId(Uuid::from_u128(number)),
        key: MediaKey::new(format!("ab/cd/picture-{number}.png")).unwrap(),
        format: PictureFormat::Png,
        width: 1200,
        height: 900,
        bytes: 123_456,
    }
}

fn color() -> Attribute {
    let option = |code: &str, fr: &str, en: &str, swatch: &str| AttributeOption {
        code: option(code),
        label: text(fr, en),
        swatch: Some(swatch.to_owned()),
    };
    Attribute {
        code: axis("color"),
        kind: AttributeKind::Select,
        label: text("Couleur", "Color"),
        is_filterable: true,
        is_searchable: false,
        is_axis: true,
        options: vec![
            option("sage", "Sauge", "Sage", "#8aa487"),
            option("clay", "Argile", "Clay", "#b08a6b"),
        ],
    }
}

fn product_text(slug: &str, name: &str) -> ProductText {
    ProductText {
        slug: Slug::new(slug).unwrap(),
        name: name.to_owned(),
        short: "Court.".into(),
        description: "Long, *é* 🌿.".into(),
        meta_description: String::new(),
    }
}

fn variant(number: u128, color: &str, price: i64) -> Variant {
    Variant {
        id: VariantId(Uuid::from_u128(0x5_0000 + number)),
        number: i64::try_from(number).unwrap(),
        sku: Sku::new(format!("TEE-{number}")).unwrap(),
        is_enabled: true,
        options: [(axis("color"), option(color))].into_iter().collect(),
        weight_grams: 180,
        content: NetContent::new(150, ContentUnit::Centimeter),
        prices: vec![ChannelPrice {
            channel: fr(),
            regular: eur(price),
            special: Some(SpecialPrice {
                amount: eur(price - 500),
                from: Some(at(100)),
                until: Some(at(200)),
            }),
            eco_participation: Some(eur(6)),
            prior: Some(eur(price)),
        }],
    }
}

/// A product that uses every column there is.
fn tee(number: u128) -> Product {
    let values = [
        ("care", AttributeValue::Text(text("30 °C", "30 °C"))),
        ("capacity", AttributeValue::Number(Decimal::parse("-1.25").unwrap())),
        ("vegan", AttributeValue::Boolean(true)),
        ("age", AttributeValue::Select(option("adult"))),
        ("material", AttributeValue::MultiSelect(vec![option("linen"), option("cotton")])),
        ("made_on", AttributeValue::Date(date(2026, 2, 28))),
        ("deposit", AttributeValue::Price(eur(200))),
    ];
    let first = number * 10;
    Product {
        id: ProductId(Uuid::from_u128(number)),
        number: i64::try_from(number).unwrap(),
        version: 1,
        kind: ProductKind::Configurable { axes: vec![axis("color")] },
        visibility: Visibility::Published,
        attribute_set: AttributeSetCode::new("textile").unwrap(),
        tax_class: TaxClass::new("standard").unwrap(),
        is_featured: true,
        texts: Localized::default()
            .with(Locale::FR, product_text(&format!("tee-{number}"), "T-shirt"))
            .with(Locale::EN, product_text(&format!("tee-en-{number}"), "Tee")),
        attributes: values.map(|(code, value)| (axis(code), value)).into_iter().collect(),
        categories: vec![(CategoryId(Uuid::from_u128(1)), -3), (CategoryId(Uuid::from_u128(2)), 4)],
        pictures: vec![
            Picture { original: original(1), alt: text("Tout", "All"), option: None },
            Picture {
                original: original(2),
                alt: Localized::default(),
                option: Some((axis("color"), option("clay"))),
            },
        ],
        variants: vec![variant(first, "sage", 2490), variant(first + 1, "clay", 2590)],
        eco: EcoSheet {
            labels: vec![Label { scheme: "GOTS".into(), licence: "CU 1".into() }],
            origin: Some(Country::FR),
            origin_detail: text("Troyes", "Troyes"),
            materials: vec![Material {
                name: text("Lin", "Linen"),
                share: Percent::new(100).unwrap(),
                recycled: Percent::new(20).unwrap(),
            }],
            carbon: Some(CarbonFootprint { grams_co2e: 1_400, source: text("ISO", "ISO") }),
            packaging: text("Papier", "Paper"),
        },
        manufacturer: Some(Manufacturer {
            name: "Nidelune".into(),
            address: "Roanne".into(),
            email: "a@nidelune.example".into(),
        }),
        created_at: at(1),
        updated_at: at(2),
    }
}

async fn insert(db: &Db, products: &[Product]) {
    let mut tx = db.write().await.unwrap();
    for number in [1, 2] {
        db::media::insert(&mut tx, &original(number), at(0)).await.unwrap();
    }
    attribute::save(&mut tx, &color()).await.unwrap();
    for product in products {
        product::insert(&mut tx, product).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_product_comes_back_as_it_was_inserted() {
    on_both_engines(async |db| {
        let tee = tee(1);

        insert(&db, std::slice::from_ref(&tee)).await;

        let mut conn = db.read().await.unwrap();
        assert_eq!(product::find(&mut conn, tee.id).await.unwrap(), Some(tee.clone()));
        let by_sku = product::find_by_sku(&mut conn, &tee.variants[1].sku).await.unwrap();
        assert_eq!(by_sku, Some(tee.clone()));
        assert_eq!(product::find_by_number(&mut conn, 1).await.unwrap(), Some(tee.clone()));
        let slug = Slug::new("tee-en-1").unwrap();
        let by_slug = product::find_by_slug(&mut conn, Locale::EN, &slug).await.unwrap();
        assert_eq!(by_slug, Some(tee.id));
        assert_eq!(product::search(&mut conn, "t-sh", 10, 0).await.unwrap(), [tee.id]);
        assert_eq!(product::search(&mut conn, "tee-11", 10, 0).await.unwrap(), [tee.id]);
        assert_eq!(product::search(&mut conn, "mug", 10, 0).await.unwrap(), []);
        assert_eq!(product::search(&mut conn, "thé", 10, 0).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn pages_and_chunks_of_products_are_put_together_whole() {
    on_both_engines(async |db| {
        let tees: Vec<Product> = (1..=20).map(tee).collect();
        insert(&db, &tees).await;
        let mut conn = db.read_consistently().await.unwrap();

        let first = product::list_after(&mut conn, None, 15).await.unwrap();
        let second = product::list_after(&mut conn, Some(first[14].id), 15).await.unwrap();
        let ids: Vec<ProductId> = tees.iter().rev().map(|tee| tee.id).collect();
        let found = product::find_many(&mut conn, &ids).await.unwrap();

        assert_eq!([first, second].concat(), tees);
        assert_eq!(found, tees);
        assert_eq!(product::count(&mut conn).await.unwrap(), 20);
    })
    .await;
}

#[tokio::test]
async fn a_consistent_read_does_not_see_what_is_committed_after_it_began() {
    on_both_engines(async |db| {
        insert(&db, &[tee(1)]).await;
        let mut conn = db.read_consistently().await.unwrap();
        assert_eq!(product::count(&mut conn).await.unwrap(), 1);

        let mut tx = db.write().await.unwrap();
        product::insert(&mut tx, &tee(2)).await.unwrap();
        tx.commit().await.unwrap();

        assert_eq!(product::count(&mut conn).await.unwrap(), 1);
        assert_eq!(product::count(&mut db.read().await.unwrap()).await.unwrap(), 2);
    })
    .await;
}

#[tokio::test]
async fn an_update_changes_everything_it_was_given_and_only_once() {
    on_both_engines(async |db| {
        let before = tee(1);
        insert(&db, std::slice::from_ref(&before)).await;
        let mut after = before.clone();
        after.kind = ProductKind::Configurable { axes: vec![axis("color"), axis("size")] };
        after.visibility = Visibility::Hidden;
        after.is_featured = false;
        after.texts.0.remove(&Locale::EN);
        after.texts.0.insert(Locale::FR, product_text("neuf", "Neuf"));
        after.attributes = AttributeValues::new();
        after.categories =
            vec![(CategoryId(Uuid::from_u128(2)), 5), (CategoryId(Uuid::from_u128(3)), 6)];
        after.pictures.swap(0, 1);
        // A variant that is gone leaves its SKU to a new one.
        let mut newcomer = variant(99, "clay", 1990);
        newcomer.sku = before.variants[0].sku.clone();
        newcomer.prices[0].special = None;
        let mut kept = before.variants[1].clone();
        kept.prices[0].regular = eur(3000);
        kept.prices.push(ChannelPrice {
            channel: ChannelCode::new("pro").unwrap(),
            ..kept.prices[0].clone()
        });
        after.variants = vec![kept, newcomer];
        after.eco = EcoSheet::default();
        after.manufacturer = None;
        after.updated_at = at(3);

        let mut tx = db.write().await.unwrap();
        assert!(product::update(&mut tx, &before, &after).await.unwrap());
        tx.commit().await.unwrap();

        let mut conn = db.read().await.unwrap();
        after.version = 2;
        assert_eq!(product::find(&mut conn, after.id).await.unwrap(), Some(after.clone()));
        drop(conn);
        let mut tx = db.write().await.unwrap();
        assert!(!product::update(&mut tx, &before, &before).await.unwrap(), "too late");
        assert!(product::update(&mut tx, &after, &before).await.unwrap());
        after = product::find(&mut tx, before.id).await.unwrap().unwrap();
        assert_eq!(after, Product { version: 3, ..before });
        assert!(product::delete(&mut tx, after.id).await.unwrap());
        assert_eq!(product::find(&mut tx, after.id).await.unwrap(), None);
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_cart_learns_of_its_skus_what_it_needs() {
    on_both_engines(async |db| {
        let tees: Vec<Product> = (1..=9).map(tee).collect();
        insert(&db, &tees).await;
        let skus: Vec<Sku> = tees
            .iter()
            .flat_map(|tee| tee.variants.iter().rev().map(|variant| variant.sku.clone()))
            .chain([Sku::new("unknown").unwrap()])
            .collect();

        let source = SourceCode::new("main").unwrap();
        let mut tx = db.write().await.unwrap();
        assert!(db::stock::count(&mut tx, &source, &skus[0], 7).await.unwrap());
        assert!(db::stock::allocate(&mut tx, &source, &skus[0], 2).await.unwrap());
        tx.commit().await.unwrap();
        let mut conn = db.read().await.unwrap();
        let offers = db::catalog::offers(&mut conn, &fr(), &source, &skus).await.unwrap();
        let elsewhere = ChannelCode::new("elsewhere").unwrap();
        let unsold = db::catalog::offers(&mut conn, &elsewhere, &source, &skus[..1]).await.unwrap();

        let clay = &tees[0].variants[1];
        let name = |name: &str, slug: &str| OfferName {
            name: name.to_owned(),
            slug: Slug::new(slug).unwrap(),
        };
        let expected = Offer {
            sku: clay.sku.clone(),
            variant: clay.id,
            product: tees[0].id,
            kind: tees[0].kind.clone(),
            visibility: Visibility::Published,
            is_enabled: true,
            tax_class: tees[0].tax_class.clone(),
            weight_grams: 180,
            names: Localized::default()
                .with(Locale::FR, name("T-shirt", "tee-1"))
                .with(Locale::EN, name("Tee", "tee-en-1")),
            options: vec![OfferOption {
                axis: axis("color"),
                option: option("clay"),
                axis_label: text("Couleur", "Color"),
                label: text("Argile", "Clay"),
            }],
            picture: Some(original(2).key),
            price: Some(clay.prices[0].clone()),
            level: StockLevel { on_hand: 7, allocated: 2 },
        };
        assert_eq!(offers[0], expected);
        assert_eq!(offers[1].level, StockLevel::default(), "nobody counted it");
        assert_eq!(offers[1].picture, Some(original(1).key), "no picture shows sage");
        let found: Vec<&Sku> = offers.iter().map(|offer| &offer.sku).collect();
        assert_eq!(found, skus[..18].iter().collect::<Vec<_>>());
        assert_eq!(unsold, [Offer { price: None, ..expected }]);
    })
    .await;
}

#[tokio::test]
async fn a_slug_that_is_taken_gets_a_number() {
    on_both_engines(async |db| {
        insert(&db, &[tee(1), tee(2)]).await;
        let mut conn = db.read().await.unwrap();
        let tee_1 = Slug::new("tee-1").unwrap();

        let mut free = async |locale, owner| {
            let slug = product::free_slug(&mut conn, locale, &tee_1, owner).await.unwrap();
            slug.as_str().to_owned()
        };

        assert_eq!(free(Locale::FR, tee(3).id).await, "tee-1-2");
        assert_eq!(free(Locale::EN, tee(3).id).await, "tee-1");
        assert_eq!(free(Locale::FR, tee(1).id).await, "tee-1");
    })
    .await;
}

#[tokio::test]
async fn the_price_log_begins_with_what_was_in_force() {
    on_both_engines(async |db| {
        let variant = tee(1).variants.remove(0);
        let price = |minor| ChannelPrice {
            regular: eur(minor),
            special: (minor == 300).then_some(SpecialPrice {
                amount: eur(250),
                from: None,
                until: Some(at(40)),
            }),
            ..variant.prices[0].clone()
        };
        let mut tx = db.write().await.unwrap();
        for (second, minor) in [(10, 100), (20, 200), (30, 300)] {
            price::log_price(&mut tx, variant.id, &price(minor), at(second)).await.unwrap();
        }
        tx.commit().await.unwrap();

        let mut conn = db.read().await.unwrap();
        let mut since = async |second| {
            price::list_price_log(&mut conn, variant.id, &fr(), at(second)).await.unwrap()
        };

        let logged = |second, minor| LoggedPrice {
            at: at(second),
            regular: eur(minor),
            special: price(minor).special,
        };
        assert_eq!(since(25).await, [logged(20, 200), logged(30, 300)]);
        assert_eq!(since(30).await, [logged(30, 300)]);
        assert_eq!(since(0).await, [logged(10, 100), logged(20, 200), logged(30, 300)]);
    })
    .await;
}

#[tokio::test]
async fn the_structure_comes_back_as_it_was_saved() {
    on_both_engines(async |db| {
        let size = Attribute { code: axis("a_size"), options: vec![], ..color() };
        let mut set = AttributeSet {
            code: AttributeSetCode::new("textile").unwrap(),
            name: text("Textile", "Textile"),
            attributes: vec![axis("color"), axis("a_size")],
        };
        let category = |number: u128, parent: Option<u128>, slug: &str| Category {
            id: CategoryId(Uuid::from_u128(number)),
            code: CategoryCode::new(format!("category-{number}")).unwrap(),
            number: i64::try_from(number).unwrap(),
            parent: parent.map(|parent| CategoryId(Uuid::from_u128(parent))),
            position: -1,
            is_published: true,
            picture: parent.is_none().then(|| original(1)),
            texts: Localized::default().with(
                Locale::FR,
                CategoryText {
                    slug: Slug::new(slug).unwrap(),
                    name: "Cuisine".into(),
                    description: "Tout.".into(),
                    meta_description: String::new(),
                },
            ),
        };
        let (mut root, leaf) = (category(1, None, "cuisine"), category(2, Some(1), "the"));
        let words = vec![vec!["gourde".to_owned(), "bouteille".to_owned()]];

        let mut tx = db.write().await.unwrap();
        db::media::insert(&mut tx, &original(1), at(0)).await.unwrap();
        for attribute in [color(), size.clone(), color()] {
            attribute::save(&mut tx, &attribute).await.unwrap();
        }
        attribute::save_set(&mut tx, &set).await.unwrap();
        set.attributes.pop();
        attribute::save_set(&mut tx, &set).await.unwrap();
        category::insert(&mut tx, &root).await.unwrap();
        category::insert(&mut tx, &leaf).await.unwrap();
        root.is_published = false;
        assert!(category::update(&mut tx, &root).await.unwrap());
        for _ in 0..2 {
            synonym::save(&mut tx, Locale::FR, &words).await.unwrap();
        }
        tx.commit().await.unwrap();

        let mut conn = db.read().await.unwrap();
        assert_eq!(attribute::list(&mut conn).await.unwrap(), [color(), size]);
        assert_eq!(attribute::list_sets(&mut conn).await.unwrap(), [set]);
        assert_eq!(category::list(&mut conn).await.unwrap(), [root.clone(), leaf.clone()]);
        let taken = Slug::new("the").unwrap();
        let free = category::free_slug(&mut conn, Locale::FR, &taken, root.id);
        assert_eq!(free.await.unwrap().as_str(), "the-2");
        assert_eq!(synonym::list(&mut conn).await.unwrap(), [(Locale::FR, words)].into());
        assert_eq!(db::media::find(&mut conn, original(1).id).await.unwrap(), Some(original(1)));
        let by_key = db::media::find_by_key(&mut conn, &original(1).key).await.unwrap();
        assert_eq!(by_key, Some(original(1)));
        assert_eq!(db::media::list_after(&mut conn, None, 9).await.unwrap(), [original(1)]);
        drop(conn);
        let mut tx = db.write().await.unwrap();
        assert!(!category::delete(&mut tx, root.id).await.unwrap(), "it has a child");
        assert!(category::delete(&mut tx, leaf.id).await.unwrap());
        tx.commit().await.unwrap();
    })
    .await;
}
