//! Stock, customers and orders out of Magento's files.

use std::io::Cursor;

use commerce::channel::Locale;
use commerce::order::OrderStatus;
use commerce::redirect::Target;
use commerce::stock::StockLevel;
use exchange::customer::{CustomerRow, is_further};
use exchange::order::number_of;
use exchange::redirect::RedirectRow;
use exchange::stock::StockRow;
use exchange::{Record, Table};
use shop::customer::log_in;
use shop::exchange::{
    Outcome, Read, ReadOrder, import_customers, import_orders, import_redirects, import_stock,
    list_order_rows, read_order,
};
use testkit::{
    TestShop, a_customer, a_paid_order, a_placed_order, a_product, a_shop, on_both_engines,
};

use crate::import::{Report, terms};

fn records(text: &str) -> (exchange::table::Header, Vec<Record>) {
    let mut table = Table::open(Cursor::new(text.as_bytes()), &[]).unwrap();
    let mut records = Vec::new();
    while let Some(record) = table.next().unwrap() {
        records.push(record);
    }
    (table.header().clone(), records)
}

fn report(lines: impl IntoIterator<Item = u64>, outcomes: Vec<Outcome>) -> Report {
    let mut report = Report::default();
    for (line, outcome) in lines.into_iter().zip(outcomes) {
        report.note(line, outcome);
    }
    report.sorted()
}

async fn stock(shop: &TestShop, text: &str) -> Report {
    let (header, records) = records(text);
    let read = |record: &Record| Read {
        line: record.place.line,
        is_extra: false,
        row: StockRow::read(&header, record),
    };
    let batch: Vec<_> = records.iter().map(read).collect();
    let outcomes = import_stock(shop, &batch).await.unwrap();
    report(records.iter().map(|record| record.place.line), outcomes)
}

async fn customers(shop: &TestShop, text: &str) -> Report {
    let (header, records) = records(text);
    let mut batch: Vec<Vec<Read<CustomerRow>>> = Vec::new();
    for record in &records {
        let read = Read {
            line: record.place.line,
            is_extra: is_further(&header, record),
            row: CustomerRow::read(&header, record),
        };
        match batch.last_mut() {
            Some(group) if read.is_extra => group.push(read),
            _ => batch.push(vec![read]),
        }
    }
    let outcomes = import_customers(shop, &terms(), &batch).await.unwrap();
    let lines = records.iter().map(|record| record.place.line);
    report(lines, outcomes.into_iter().flatten().collect())
}

async fn orders(shop: &TestShop, text: &str) -> Report {
    let (header, records) = records(text);
    let mut groups: Vec<Vec<Record>> = Vec::new();
    for record in records {
        let number = number_of(&header, &record);
        match groups.last_mut() {
            Some(group) if number_of(&header, &group[0]) == number => group.push(record),
            _ => groups.push(vec![record]),
        }
    }
    let read = |records: &Vec<Record>| ReadOrder {
        lines: records.iter().map(|record| record.place.line).collect(),
        rows: read_order(shop, &terms(), &header, records),
    };
    let batch: Vec<ReadOrder> = groups.iter().map(read).collect();
    let outcomes = import_orders(shop, &batch).await.unwrap();
    let lines = batch.iter().flat_map(|read| read.lines.clone());
    report(lines, outcomes.into_iter().flatten().collect())
}

async fn redirects(shop: &TestShop, text: &str) -> Report {
    let (header, records) = records(text);
    let read = |record: &Record| Read {
        line: record.place.line,
        is_extra: false,
        row: RedirectRow::read(&header, record),
    };
    let batch: Vec<_> = records.iter().map(read).collect();
    let lines = batch.iter().map(|read| read.line);
    report(lines, import_redirects(shop, &batch).await.unwrap())
}

async fn exported(shop: &TestShop) -> String {
    let mut bytes = Vec::new();
    let mut output = exchange::Writer::new(&mut bytes);
    output.write(exchange::order::COLUMNS).unwrap();
    let mut last = None;
    while let Some((rows, at)) = list_order_rows(shop, last).await.unwrap() {
        for row in &rows {
            output.write(row).unwrap();
        }
        last = Some(at);
    }
    output.finish().unwrap();
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn what_was_counted_becomes_the_stock_and_the_shop_shows_it() {
    on_both_engines(async |shop| {
        a_product(&shop).stock(0).save().await;
        a_placed_order(&shop).with(2, "POT").save().await;
        let file = "source_code,sku,status,quantity\ndefault,TEA,1,12\ndefault,POT,1,1\n\
            default,POT,1,10\nother,TEA,1,1\ndefault,CUP,1,1\n";

        let first = stock(&shop, file).await;
        let again = stock(&shop, file).await;
        shop.follow().await;

        assert_eq!(first.updated, [2]);
        assert_eq!(first.unchanged, [4]);
        assert_eq!(first.faults(), [(3, "quantity"), (5, "source_code"), (6, "sku")].into());
        assert_eq!((again.updated, again.unchanged), (vec![], vec![2, 4]));
        assert_eq!(shop.stock("TEA").await, StockLevel { on_hand: 12, allocated: 0 });
        let tea = testkit::sku("TEA");
        let catalog = shop.catalog();
        let (offer, _) = catalog.product_by_sku(&tea).unwrap();
        assert_eq!(offer.available(&tea), 12);
        let mut conn = shop.read().await;
        assert_eq!(db::stock::unexplained(&mut conn).await.unwrap(), [""; 0]);
    })
    .await;
}

/// Made by Python's hashlib of the salt and the password.
const HASH: &str = "6e7985144f0597a9f93f6db353921ae2e72d3fa7a2ce7f05f3f4c4b55891664e:\
    8qnyO4H1OYIfGCUbXhDb8qnyO4H1OYIf:1";

#[tokio::test]
async fn old_customers_log_in_with_their_old_passwords() {
    on_both_engines(async |shop| {
        a_customer(&shop).save().await;
        let file = format!(
            "email,_store,created_at,firstname,lastname,password_hash\n\
             Ada@exemple.fr,en,2020-01-02 03:04:05,Ada,Lovelace,{HASH}\n\
             jeanne@exemple.fr,default,,Jeanne,Durand,{HASH}\n\
             bob@exemple.fr,,,Bob,Martin,\n\
             eve@exemple.fr,,,Eve,Martin,d41d8cd98f00b204e9800998ecf8427e:xx:0\n"
        );

        let first = customers(&shop, &file).await;
        let again = customers(&shop, &file).await;

        assert_eq!((first.created.clone(), first.updated.clone()), (vec![2, 4], vec![3]));
        assert_eq!(first.faults(), [(5, "password_hash")].into());
        assert_eq!(again.unchanged, [2, 3, 4]);
        let email = |text: &str| commerce::customer::Email::new(text).unwrap();
        let hash_of = async |text: &str| {
            let mut conn = shop.read().await;
            db::customer::find_by_email(&mut conn, &email(text)).await.unwrap().unwrap().1
        };
        let ada = email("ada@exemple.fr");
        assert!(log_in(&shop, &ada, "Magento d’été 8").await.unwrap().is_none());
        assert_eq!(hash_of("ada@exemple.fr").await, HASH);
        let (customer, _) = log_in(&shop, &ada, "Magento d’été 7").await.unwrap().unwrap();
        assert_eq!((customer.first_name.as_str(), customer.number), ("Ada", 2));
        assert!(hash_of("ada@exemple.fr").await.starts_with("$argon2id$"));
        assert!(log_in(&shop, &ada, "Magento d’été 7").await.unwrap().is_some());
        let known = log_in(&shop, &email("jeanne@exemple.fr"), testkit::PASSWORD).await.unwrap();
        assert_eq!(known.unwrap().0.last_name, "Durand", "her password is her own");
        assert!(log_in(&shop, &email("bob@exemple.fr"), "").await.unwrap().is_none());
        assert_eq!(customers(&shop, &file).await.unchanged, [2, 3, 4], "after the first login");
    })
    .await;
}

#[tokio::test]
async fn an_address_book_grows_and_keeps_one_default() {
    on_both_engines(async |shop| {
        let file = "email,firstname,lastname,_address_firstname,_address_lastname,_address_street,\
            _address_postcode,_address_city,_address_country_id,_address_default_billing_,\
            _address_default_shipping_\n\
            ada@exemple.fr,Ada,Lovelace,Ada,Lovelace,1 rue X,75011,Paris,FR,1,1\n\
            ,,,Ada,Lovelace,2 rue X,75011,Paris,FR,1,0\n\
            ,,,Ada,Lovelace,3 rue X,7501,Paris,FR,0,0\n";

        let first = customers(&shop, file).await;
        let again = customers(&shop, file).await;
        let moved = customers(&shop, &file.replace("Paris,FR,1,0", "Paris,FR,0,1")).await;

        assert_eq!(
            (first.created.clone(), first.faults()),
            (vec![2, 3], [(4, "_address_postcode")].into())
        );
        assert_eq!(again.unchanged, [2, 3]);
        assert_eq!((moved.updated, moved.unchanged), (vec![2, 3], vec![]));
        let ada = commerce::customer::Email::new("ada@exemple.fr").unwrap();
        let mut conn = shop.read().await;
        let (ada, _) = db::customer::find_by_email(&mut conn, &ada).await.unwrap().unwrap();
        let book = db::customer::list_addresses(&mut conn, ada.id).await.unwrap();
        let book: Vec<_> = book
            .iter()
            .map(|it| (it.address.street.as_str(), it.is_default_billing, it.is_default_delivery))
            .collect();
        assert_eq!(book, [("1 rue X", true, false), ("2 rue X", false, true)]);
    })
    .await;
}

#[tokio::test]
async fn orders_come_back_byte_by_byte_and_numbers_go_on() {
    on_both_engines(async |shop| {
        let jeanne = a_customer(&shop).save().await;
        a_placed_order(&shop).with(2, "TEA").with(1, "POT").save().await;
        let paid = a_paid_order(&shop).with(3, "TEA").of(jeanne.id).save().await;
        let canceled = a_placed_order(&shop).save().await;
        shop::order::cancel(&shop, canceled.id, "admin", "").await.unwrap();
        let packed = shop::order::Packed {
            lines: vec![commerce::order::LineQuantity { line: 0, quantity: 2 }],
            carrier: "Colissimo".into(),
            tracking_number: "6A1".into(),
        };
        shop::order::ship(&shop, paid.id, &packed, "admin").await.unwrap();
        let file = exported(&shop).await;
        assert_eq!(file.lines().count(), 5, "{file}");

        let same = orders(&shop, &file).await;
        assert_eq!(same.unchanged, [2, 3, 4, 5]);

        let fresh = a_shop().on_sqlite().await;
        a_customer(&fresh).save().await;
        let early = orders(&fresh, &file).await;
        assert_eq!(early.created, [5], "what is canceled promises nothing");
        assert_eq!(
            early.faults(),
            [(2, ""), (3, "item_qty_ordered"), (4, "item_qty_ordered")].into()
        );

        let fresh = a_shop().on_sqlite().await;
        a_customer(&fresh).save().await;
        a_product(&fresh).stock(8).save().await;
        a_product(&fresh).sku("POT").stock(1).save().await;
        let report = orders(&fresh, &file).await;
        assert_eq!((report.created, report.rejected), (vec![2, 3, 4, 5], vec![]));
        assert_eq!(exported(&fresh).await, file);
        assert_eq!(fresh.stock("TEA").await, StockLevel { on_hand: 8, allocated: 3 });
        let next = a_placed_order(&fresh).save().await;
        assert_eq!(next.number.as_str(), "GL000004");
        let mut conn = fresh.read().await;
        assert_eq!(db::stock::unexplained(&mut conn).await.unwrap(), [""; 0]);
        drop(conn);
        fresh.run_jobs().await;
        assert_eq!(fresh.mailer.sent().len(), 1, "no mail for what was imported");
    })
    .await;
}

#[tokio::test]
async fn an_imported_order_is_sent_and_canceled_like_any_other() {
    on_both_engines(async |shop| {
        a_product(&shop).stock(5).save().await;
        let order = "increment_id,created_at,status,customer_email,billing_firstname,\
            billing_lastname,billing_street,billing_postcode,billing_city,billing_country_id,\
            shipping_method,payment_method,grand_total,tax_amount,item_sku,item_qty_ordered,\
            item_row_total,item_row_total_incl_tax,item_tax_percent\n\
            000000123,2025-05-01 10:00:00,processing,ada@exemple.fr,Ada,Lovelace,1 rue X,75011,\
            Paris,FR,flatrate_flatrate,stripe,9.0000,1.5000,TEA,2,7.5000,9.0000,20.0000\n";

        let to_come = orders(&shop, &order.replace("2025-05-01", "2125-05-01")).await;
        assert_eq!(to_come.faults(), [(2, "created_at")].into());
        assert_eq!(orders(&shop, order).await.created, [2]);
        let changed = orders(&shop, &order.replace(",2,7.5000", ",3,7.5000")).await;

        assert_eq!(changed.faults(), [(2, "increment_id")].into());
        let number = commerce::order::OrderNumber::parse("000000123").unwrap();
        let email = commerce::customer::Email::new("ada@exemple.fr").unwrap();
        let id = shop::order::of_guest(&shop, &number, &email).await.unwrap().unwrap();
        let packed = shop::order::Packed {
            lines: vec![commerce::order::LineQuantity { line: 0, quantity: 2 }],
            carrier: "Colissimo".into(),
            tracking_number: String::new(),
        };
        shop::order::ship(&shop, id, &packed, "admin").await.unwrap();
        assert_eq!(shop.order(id).await.status(), OrderStatus::Complete);
        assert_eq!(shop.stock("TEA").await, StockLevel { on_hand: 3, allocated: 0 });
        let next = a_placed_order(&shop).save().await;
        assert_eq!(next.number.as_str(), "GL000124");
    })
    .await;
}

#[tokio::test]
async fn old_addresses_lead_to_what_they_name_or_to_what_is_nearest() {
    on_both_engines(async |shop| {
        let tea = a_product(&shop).save().await;
        let text = "path,language,kind,target,category\nthe.html,,product,TEA,\n\
            tea.html,en,product,TEA,\ngone.html,,product,GONE,none\nloop,,path,/loop,\n\
            x,,path,https://evil.example,\n";

        let first = redirects(&shop, text).await;
        let again = redirects(&shop, text).await;
        let changed = redirects(&shop, "path,kind,target\nTHE.html/,path,/cart\n").await;
        shop::redirect::announce_all(&shop).await.unwrap();
        shop.follow().await;

        assert_eq!((first.created, first.rejected.len()), (vec![2, 3, 4], 2));
        assert_eq!((again.unchanged, again.rejected.len()), (vec![2, 3, 4], 2));
        assert_eq!(changed.updated, [2]);
        let target = async |path: &str| {
            let found = shop::redirect::find(&shop, path).await.unwrap();
            found.map(|redirect| (redirect.locale, redirect.target))
        };
        let local = |path: &str| Target::Path(path.to_owned());
        assert_eq!(target("/the.html").await, Some((Locale::FR, local("/cart"))));
        assert_eq!(target("/Tea.html").await, Some((Locale::EN, Target::Product(tea.id))));
        assert_eq!(target("/gone.html").await, Some((Locale::FR, local("/"))));
        assert_eq!(target("/loop").await, None);
    })
    .await;
}
