//! Channels and pages come back as they were kept.

use commerce::channel::{Channel, ChannelCode, Country, Locale, Merchant};
use commerce::content::{Localized, Page, PageCode, PageId, PageText, Slug};
use commerce::eco::TransportCarbon;
use commerce::money::{Currency, Money};
use commerce::payment::{PaymentKind, PaymentMethod, PaymentMethodCode};
use commerce::shipment::{ShippingMethod, ShippingMethodCode, ShippingRule, TableRate};
use commerce::tax::{DatedRate, Rounding, TaxClass, TaxRate, TaxTable};
use db::channel::Listed;
use db::{DbError, Dialect};
use jiff::Timestamp;
use jiff::civil::date;
use uuid::Uuid;

use crate::on_both_engines;

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn text(fr: &str, en: &str) -> Localized<String> {
    Localized::default().with(Locale::FR, fr.to_owned()).with(Locale::EN, en.to_owned())
}

fn channel() -> Channel {
    Channel {
        code: ChannelCode::new("fr").unwrap(),
        name: "GreenLeaf France".into(),
        currency: Currency::EUR,
        prices_include_tax: true,
        rounding: Rounding::PerLine,
        country: Country::FR,
        ships_to: vec![Country::FR, Country::new("BE").unwrap()],
        locales: vec![Locale::FR, Locale::EN],
        order_prefix: "GL".into(),
        merchant: Merchant { legal_name: "L’Œuf".into(), ..Merchant::default() },
    }
}

#[tokio::test]
async fn what_is_too_long_is_refused_and_not_cut_off() {
    on_both_engines(async |db| {
        if db.dialect() == Dialect::Sqlite {
            // Its columns have no length.
            return;
        }
        let mut tx = db.write().await.unwrap();

        let saved =
            db::channel::save(&mut tx, &Channel { name: "x".repeat(121), ..channel() }).await;

        assert!(matches!(saved, Err(DbError::Statement(_))), "{saved:?}");
    })
    .await;
}

#[tokio::test]
async fn a_channel_comes_back_as_it_was_saved() {
    on_both_engines(async |db| {
        let first = channel();
        let second = Channel { name: "Autre".into(), ships_to: vec![], ..channel() };

        for channel in [first, second] {
            let mut tx = db.write().await.unwrap();
            db::channel::save(&mut tx, &channel).await.unwrap();
            tx.commit().await.unwrap();

            let mut conn = db.read().await.unwrap();
            let found = db::channel::find(&mut conn, &channel.code).await.unwrap();
            assert_eq!(found, Some(channel.clone()));
            assert_eq!(db::channel::list(&mut conn).await.unwrap(), [channel]);
        }
    })
    .await;
}

#[tokio::test]
async fn every_shipping_rule_and_payment_kind_survives_its_row() {
    on_both_engines(async |db| {
        let code = channel().code;
        let rules = [
            ShippingRule::Flat { countries: vec![Country::FR], price: eur(590) },
            ShippingRule::FreeAbove {
                countries: vec![Country::FR],
                price: eur(390),
                threshold: eur(5900),
            },
            ShippingRule::Table(vec![TableRate {
                country: Some(Country::FR),
                postcode_prefix: Some("20".into()),
                max_weight_grams: Some(2_000),
                min_total: Some(eur(100)),
                price: eur(990),
            }]),
            ShippingRule::PickUp { price: eur(0) },
        ];
        let shipping: Vec<_> = (0..)
            .zip(rules)
            .map(|(position, rule)| Listed {
                method: ShippingMethod {
                    code: ShippingMethodCode::new(format!("way-{position}")).unwrap(),
                    name: text("Livraison", "Delivery"),
                    description: text("", ""),
                    rule,
                    tax_class: TaxClass::new("standard").unwrap(),
                    carbon: (position == 0).then(|| TransportCarbon {
                        grams_per_parcel: 420,
                        grams_per_kilogram: 80,
                        source: text("Méthode", "Method"),
                    }),
                },
                position,
                is_enabled: position != 1,
            })
            .collect();
        let kinds = [PaymentKind::BankTransfer, PaymentKind::Cheque, PaymentKind::CashOnDelivery];
        let payments: Vec<_> = (0..)
            .zip(kinds)
            .map(|(position, kind)| Listed {
                method: PaymentMethod {
                    code: PaymentMethodCode::new(format!("pay-{position}")).unwrap(),
                    kind,
                    name: text("Chèque", "Cheque"),
                    instructions: text("À l’ordre de…", "Payable to…"),
                },
                position,
                is_enabled: position != 2,
            })
            .collect();

        let mut tx = db.write().await.unwrap();
        db::channel::save(&mut tx, &channel()).await.unwrap();
        for listed in shipping.iter().rev() {
            db::channel::save_shipping_method(&mut tx, &code, listed).await.unwrap();
        }
        for listed in payments.iter().rev() {
            db::channel::save_payment_method(&mut tx, &code, listed).await.unwrap();
        }
        tx.commit().await.unwrap();

        let mut conn = db.read().await.unwrap();
        assert_eq!(db::channel::list_shipping_methods(&mut conn, &code).await.unwrap(), shipping);
        assert_eq!(db::channel::list_payment_methods(&mut conn, &code).await.unwrap(), payments);
        let enabled = db::channel::shipping_methods(&mut conn, &code).await.unwrap();
        assert_eq!(enabled, [0, 2, 3].map(|i: usize| shipping[i].method.clone()));
        let enabled = db::channel::payment_methods(&mut conn, &code).await.unwrap();
        assert_eq!(enabled, [0, 1].map(|i: usize| payments[i].method.clone()));
    })
    .await;
}

#[tokio::test]
async fn tax_rates_keep_their_dates() {
    on_both_engines(async |db| {
        let rate = |basis_points, from, until| DatedRate {
            country: Country::FR,
            class: TaxClass::new("standard").unwrap(),
            rate: TaxRate::from_basis_points(basis_points).unwrap(),
            valid_from: from,
            valid_until: until,
        };
        let old = rate(1960, date(2000, 4, 1), Some(date(2013, 12, 31)));
        let new = rate(2000, date(2014, 1, 1), None);

        let mut tx = db.write().await.unwrap();
        for rate in [&new, &old, &new] {
            db::channel::save_tax_rate(&mut tx, rate).await.unwrap();
        }
        tx.commit().await.unwrap();

        let table = db::channel::tax_table(&mut db.read().await.unwrap()).await.unwrap();
        assert_eq!(table, TaxTable::new(vec![old, new]));
    })
    .await;
}

#[tokio::test]
async fn a_saved_page_keeps_its_earlier_versions() {
    on_both_engines(async |db| {
        let page = |version, body: &str| Page {
            id: PageId(Uuid::from_u128(7)),
            code: PageCode::new("terms").unwrap(),
            is_published: true,
            version,
            texts: Localized::default().with(
                Locale::FR,
                PageText {
                    slug: Slug::new("cgv").unwrap(),
                    title: "CGV".into(),
                    body: body.into(),
                    meta_description: String::new(),
                },
            ),
            updated_at: Timestamp::UNIX_EPOCH,
        };

        let mut tx = db.write().await.unwrap();
        assert!(db::content::save(&mut tx, &page(0, "un")).await.unwrap());
        assert!(db::content::save(&mut tx, &page(1, "deux")).await.unwrap());
        assert!(!db::content::save(&mut tx, &page(1, "trop tard")).await.unwrap());
        tx.commit().await.unwrap();

        let mut conn = db.read().await.unwrap();
        let current = page(2, "deux");
        assert_eq!(
            db::content::find(&mut conn, &current.code).await.unwrap(),
            Some(current.clone())
        );
        let slug = Slug::new("cgv").unwrap();
        let by_slug = db::content::find_by_slug(&mut conn, Locale::FR, &slug).await.unwrap();
        assert_eq!(by_slug, Some(current.clone()));
        assert_eq!(db::content::list(&mut conn).await.unwrap(), std::slice::from_ref(&current));
        for (version, body) in [(1, "un"), (2, "deux")] {
            let found = db::content::find_version(&mut conn, current.id, version, Locale::FR);
            assert_eq!(found.await.unwrap(), Some(("CGV".to_owned(), body.to_owned())));
        }
    })
    .await;
}
