//! The demo shop, as it is seeded.

use std::collections::BTreeMap;

use commerce::catalog::Sku;
use commerce::channel::Country;
use commerce::media::{MediaId, MediaKey, Original, PictureFormat};
use commerce::money::{Currency, Money};
use commerce::tax::{TaxClass, TaxTable};
use jiff::civil::date;

use super::*;

/// A row for each drawing, as if it had been drawn.
async fn undrawn(
    db: &Db,
    drawings: impl IntoIterator<Item = picture::Drawing>,
) -> catalog::Originals {
    let mut originals = catalog::Originals::new();
    let mut tx = db.write().await.unwrap();
    for (number, drawing) in drawings.into_iter().enumerate() {
        let original = Original {
            id: MediaId(Uuid::now_v7()),
            key: MediaKey::new(format!("{}-{number}.png", drawing.svg)).unwrap(),
            format: PictureFormat::Png,
            width: 1200,
            height: 1200,
            bytes: 1,
        };
        db::media::insert(&mut tx, &original, Timestamp::UNIX_EPOCH).await.unwrap();
        originals.insert(drawing, original);
    }
    tx.commit().await.unwrap();
    originals
}

#[tokio::test]
async fn the_sample_data_make_a_shop_without_a_fault() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/shop.db", folder.path().display());
    let db = Db::connect(&url).await.unwrap();
    db.migrate().await.unwrap();
    let now: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
    let catalog = catalog::read().unwrap();
    let originals = undrawn(&db, catalog.drawings()).await;

    write(&db, &catalog, &originals, now, &|_| ()).await.unwrap();

    let loaded = shop::read_side::load(&db, &settings::channel_code(), now).await.unwrap();
    let snapshot = loaded.index.load();
    assert_eq!(usize::try_from(snapshot.n_products()).unwrap(), catalog.n_products());
    assert_eq!(loaded.settings.shipping.len(), 4);
    assert_eq!(loaded.settings.payments.len(), 3);
    assert!(loaded.pages.iter().any(|page| page.code.as_str() == "terms"));
    assert_eq!(db::stock::unexplained(&mut db.read().await.unwrap()).await.unwrap(), [""; 0]);

    let radio = Sku::new("GL-SEC-RAD").unwrap();
    let radio = db::catalog::product::find_by_sku(&mut db.read().await.unwrap(), &radio).await;
    let price = radio.unwrap().unwrap().variants.remove(0).prices.remove(0);
    let eur = |minor| Money::new(minor, Currency::EUR);
    assert_eq!(price.effective(now), eur(8_400));
    assert_eq!(price.prior, Some(eur(9_500)));
    assert_eq!(price.eco_participation, Some(eur(36)));
}

#[test]
fn every_drawing_of_the_catalog_can_be_drawn() {
    for drawing in catalog::read().unwrap().drawings() {
        if let Err(error) = drawing.tree() {
            panic!("{drawing:?}: {error:#}");
        }
    }
    let plain = picture::Drawing { svg: "tee".to_owned(), colors: BTreeMap::new() };
    let png = picture::draw(&plain.tree().unwrap()).unwrap();
    assert_eq!(png[..4], *b"\x89PNG");
}

#[test]
fn the_union_has_a_standard_rate_in_every_country_today() {
    let table = TaxTable::new(settings::vat_rates().unwrap());
    let countries =
        "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK";
    let standard = TaxClass::new("standard").unwrap();
    let rate = |country: &str, class: &TaxClass, day| {
        let rate = table.rate(Country::new(country).unwrap(), class, day);
        rate.map(commerce::tax::TaxRate::basis_points)
    };

    for country in countries.split(' ') {
        let today = rate(country, &standard, date(2026, 11, 22)).unwrap();
        assert!((1_700..=2_700).contains(&today), "{country} {today}");
    }
    assert_eq!(countries.split(' ').count(), 27);
    assert_eq!(rate("FR", &standard, date(2013, 12, 31)), Some(1_960));
    let reduced = TaxClass::new("reduced").unwrap();
    assert_eq!(rate("FR", &reduced, date(2026, 11, 22)), Some(550));
    assert_eq!(rate("DK", &reduced, date(2026, 11, 22)), Some(2_500), "it has no other");
}
