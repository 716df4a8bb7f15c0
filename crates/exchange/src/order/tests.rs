//! Orders, read and written.

use std::io::Cursor;

use commerce::channel::{ChannelCode, Country, Merchant};
use commerce::eco::DeliveryCarbon;
use commerce::media::MediaKey;
use commerce::money::{Currency, Money};
use commerce::order::AdjustmentSource;
use commerce::payment::PaymentState;
use commerce::price::Price;

use super::*;
use crate::{Table, Writer};

fn channel() -> Channel {
    Channel {
        code: ChannelCode::new("fr").unwrap(),
        name: "GreenLeaf".into(),
        currency: Currency::EUR,
        prices_include_tax: true,
        rounding: Rounding::PerLine,
        country: Country::FR,
        ships_to: vec![Country::FR],
        locales: vec![Locale::FR, Locale::EN],
        order_prefix: "GL".into(),
        merchant: Merchant::default(),
    }
}

fn read_all(text: &str) -> Result<OrderRows, Vec<RowFault>> {
    let mut table = Table::open(Cursor::new(text.as_bytes()), &REQUIRED).unwrap();
    let header = table.header().clone();
    let mut records = Vec::new();
    while let Some(record) = table.next().unwrap() {
        records.push(record);
    }
    let channel = channel();
    let context =
        Context { channel: &channel, locale: &|view| Locale::new(view), zone: &TimeZone::UTC };
    read(&header, &records, context)
}

/// Two hoodies at 25 € and a cup, 10 % off the hoodies, delivered for 6 €.
const MAGENTO: &str = "increment_id,created_at,status,customer_email,billing_firstname,\
    billing_lastname,billing_street,billing_postcode,billing_city,billing_country_id,\
    shipping_method,shipping_amount,shipping_tax_amount,payment_method,grand_total,tax_amount,\
    item_sku,item_name,item_qty_ordered,item_qty_shipped,item_price,item_price_incl_tax,\
    item_row_total,item_row_total_incl_tax,item_tax_percent,item_tax_amount,item_discount_amount\n\
    000000123,2025-05-01 10:00:00,STATUS,ada@exemple.fr,Ada,Lovelace,1 rue X,75011,Paris,FR,\
    flatrate_flatrate,5.0000,1.0000,stripe,TOTAL,9.3300,\
    MH01-S,Hoodie,2.0000,SHIPPED,20.8333,25.0000,41.6700,50.0000,20.0000,7.5000,5.0000\n\
    000000123,,,,,,,,,,,,,,,,CUP,Cup,1,SHIPPED,4.1700,5.0000,4.1700,5.0000,20.0000,0.8300,\n";

fn magento(status: &str, total: &str, shipped: &str) -> String {
    MAGENTO.replace("STATUS", status).replace("TOTAL", total).replace("SHIPPED", shipped)
}

#[test]
fn an_order_of_magento_is_understood() {
    let read = read_all(&magento("processing", "56.0000", "0")).unwrap();

    let order = read.order;
    let eur = |minor| Money::new(minor, Currency::EUR);
    let of = |net, tax| Price::new(eur(net), eur(tax));
    assert_eq!((order.number.as_str(), order.total), ("000000123", of(4_667, 933)));
    let lines: Vec<_> =
        order.lines.iter().map(|it| (it.sku.as_str(), it.quantity, it.unit, it.amount)).collect();
    assert_eq!(
        lines,
        [("MH01-S", 2, of(2_083, 417), of(4_167, 833)), ("CUP", 1, of(417, 83), of(417, 83)),]
    );
    let adjustments: Vec<_> =
        order.adjustments.iter().map(|it| (it.line, it.source, it.amount)).collect();
    assert_eq!(
        adjustments,
        [
            (Some(0), AdjustmentSource::Promotion, of(-417, -83)),
            (None, AdjustmentSource::Shipping, of(500, 100)),
        ]
    );
    assert_eq!(order.payment, PaymentState::Paid { at: order.placed_at });
    assert_eq!(order.adjustments[1].rate.basis_points(), 2_000);
    assert!(order.adds_up());
}

#[test]
fn amounts_that_do_not_add_up_are_refused() {
    let refused = read_all(&magento("processing", "56.0100", "0")).unwrap_err();

    assert_eq!(
        refused,
        [(
            0,
            Fault::new(
                "grand_total",
                "the lines, discounts and shipping come to 56.00 with 9.33 of tax"
            )
        )]
    );
}

#[test]
fn a_status_must_follow_from_money_and_parcels() {
    let status = |status: &str, shipped: &str| {
        let read = read_all(&magento(status, "56.0000", shipped));
        read.map(|read| read.order.status()).map_err(|faults| faults[0].1.column.clone())
    };

    assert_eq!(status("complete", ""), Ok(OrderStatus::Complete));
    assert_eq!(status("pending", "0"), Ok(OrderStatus::Pending));
    assert_eq!(status("canceled", "0"), Ok(OrderStatus::Canceled));
    assert_eq!(status("holded", "0"), Ok(OrderStatus::Held));
    assert_eq!(status("complete", "0"), Err("status".into()));
    assert_eq!(status("closed", "0"), Err("status".into()));
    assert_eq!(status("pending", "9"), Err("item_qty_shipped".into()));
}

#[test]
fn what_is_written_is_read() {
    let mut order = read_all(&magento("processing", "56.0000", "1")).unwrap().order;
    order.lines[0].options = vec![("Taille".into(), "S".into())];
    order.lines[1].picture = MediaKey::new("ab/cup.jpg");
    order.delivery.street_extra = "Étage 2".into();
    order.delivery_carbon = Some(DeliveryCarbon { grams_co2e: 480, source: "Méthode, 2".into() });
    let mut output = Vec::new();
    let mut writer = Writer::new(&mut output);
    writer.write(COLUMNS).unwrap();
    for cells in write(&order) {
        assert_eq!(cells.len(), COLUMNS.len());
        writer.write(cells).unwrap();
    }
    writer.finish().unwrap();

    let read = read_all(std::str::from_utf8(&output).unwrap()).unwrap();

    assert_eq!(read, OrderRows { order, is_guest: true });
}

#[test]
fn each_row_says_what_is_wrong_with_it() {
    let text = magento("processing", "56.0000", "0")
        .replace("ada@exemple.fr", "ada")
        .replace("CUP,Cup,1", ",Cup,x");

    let columns: Vec<(usize, String)> =
        read_all(&text).unwrap_err().into_iter().map(|(at, fault)| (at, fault.column)).collect();

    assert_eq!(
        columns,
        [(0, "customer_email".into()), (1, "item_qty_ordered".into()), (1, "item_sku".into()),]
    );
}
