//! Rows of products, read and written.

use std::io::Cursor;

use commerce::catalog::AttributeKind as Kind;
use proptest::prelude::*;

use super::*;
use crate::table::Table;

fn read(text: &str) -> Vec<Result<ProductRow, Vec<Fault>>> {
    let mut table = Table::open(Cursor::new(text.as_bytes()), &REQUIRED).unwrap();
    let header = table.header().clone();
    let mut rows = Vec::new();
    while let Some(record) = table.next().unwrap() {
        rows.push(ProductRow::read(&header, &record, Currency::EUR));
    }
    rows
}

fn sku(text: &str) -> Sku {
    Sku::new(text).unwrap()
}

#[test]
fn a_row_of_magento_is_understood() {
    let text = "sku,store_view_code,attribute_set_code,product_type,categories,product_websites,\
        name,weight,product_online,tax_class_name,visibility,price,special_price,\
        special_price_from_date,url_key,base_image,created_at,additional_attributes,qty,\
        configurable_variations,meta_title,country_of_manufacture\n\
        MH01-XS,,Top,simple,\"Default Category/Men/Tops,Default Category\",base,Hoodie,0.500000,1,\
        Taxable Goods,\"Catalog, Search\",52.000000,,9/5/26,Chaz Hoodie,/m/h/mh01.jpg,\
        \"8/25/22, 1:52 PM\",\"color=Black,activity=Gym|Hiking\",100.0000,,Title,France\n\
        MH01,,Top,configurable,,base,Hoodie,,2,,Catalog,,__EMPTY__VALUE__,,,no_selection,,,,\
        \"sku=MH01-XS,size=XS,color=Black|sku=MH01-S,size=S,color=Black\",,\n";

    let rows = read(text);

    let simple = ProductRow {
        kind: Some(RowKind::Simple),
        attribute_set: Some("Top".into()),
        categories: Field::Set(vec![vec!["Men".into(), "Tops".into()]]),
        website: Some("base".into()),
        texts: Texts {
            name: Field::Set("Hoodie".into()),
            slug: Field::Set(Slug::new("chaz-hoodie").unwrap()),
            ..Texts::default()
        },
        weight_grams: Field::Set(500),
        is_online: Some(true),
        tax_class: Some("Taxable Goods".into()),
        sight: Some(Sight::Listed),
        price: Field::Set(Money::new(5_200, Currency::EUR)),
        special_from: Field::Set(When::Day(jiff::civil::date(2026, 9, 5))),
        base_image: Field::Set("m/h/mh01.jpg".into()),
        created_at: Some(When::Moment("2022-08-25T13:52:00Z".parse().unwrap())),
        attributes: vec![Pair::plain("color", "Black"), Pair::plain("activity", "Gym|Hiking")],
        quantity: Some(100),
        country: Field::Set(Country::FR),
        others: vec![("meta_title".into(), "Title".into())],
        ..ProductRow::of(sku("MH01-XS"))
    };
    let variation = |text: &str, size: &str| Variation {
        sku: sku(text),
        options: vec![("size".into(), size.into()), ("color".into(), "Black".into())],
    };
    let configurable = ProductRow {
        kind: Some(RowKind::Configurable),
        attribute_set: Some("Top".into()),
        website: Some("base".into()),
        texts: Texts { name: Field::Set("Hoodie".into()), ..Texts::default() },
        is_online: Some(false),
        sight: Some(Sight::Listed),
        special_price: Field::Clear,
        variations: vec![variation("MH01-XS", "XS"), variation("MH01-S", "S")],
        ..ProductRow::of(sku("MH01"))
    };
    assert_eq!(rows, [Ok(simple), Ok(configurable)]);
}

#[test]
fn html_is_read_as_what_it_says_but_for_our_own_texts() {
    let description = |columns: &str| {
        let text = format!("sku,description,short_description{columns}\nTEA,<p>a</p>,<b>b</b>");
        let commas = ",".repeat(columns.matches(',').count());
        let row = read(&format!("{text}{commas}\n")).remove(0).unwrap();
        (row.texts.description.set().cloned().unwrap(), row.texts.short.set().cloned().unwrap())
    };

    assert_eq!(description(""), ("a".to_owned(), "b".to_owned()));
    let ours = ("<p>a</p>".to_owned(), "<b>b</b>".to_owned());
    assert_eq!(description(",greenleaf_eco_sheet"), ours);
}

#[test]
fn all_that_is_wrong_with_a_row_is_said_with_its_column() {
    let text = "sku,product_type,weight,product_online,price,qty,base_image,created_at,name\n\
        TEA,bundle,heavy,yes,12.345,1.5,../../etc/passwd,soon,__EMPTY__VALUE__\n\
        THÉ,,,,,,,,\n\
        A,B\n";

    let faults: Vec<Vec<(String, String)>> = read(text)
        .into_iter()
        .map(|row| row.unwrap_err().into_iter().map(|fault| (fault.column, fault.reason)).collect())
        .collect();

    let columns = |faults: &[(String, String)]| -> Vec<String> {
        faults.iter().map(|(column, _)| column.clone()).collect()
    };
    assert_eq!(
        columns(&faults[0]),
        ["product_type", "weight", "product_online", "price", "base_image", "created_at", "qty"]
    );
    assert_eq!(faults[0][3].1, "“12.345” is no amount in EUR with at most 2 decimals");
    assert_eq!(columns(&faults[1]), ["sku"]);
    assert_eq!(faults[2], [(String::new(), "the row has 2 cells, the header has 9".to_owned())]);
}

#[test]
fn a_row_in_another_encoding_is_refused_and_its_cell_named() {
    let mut table =
        Table::open(Cursor::new(b"sku,name\nTEA,th\xe9\nPOT,pot\n".as_slice()), &REQUIRED).unwrap();
    let header = table.header().clone();
    let record = table.next().unwrap().unwrap();

    let refused = ProductRow::read(&header, &record, Currency::EUR).unwrap_err();

    assert_eq!(refused, [Fault::new("name", "not UTF-8: byte 0xE9; save the file as UTF-8")]);
}

#[test]
fn a_cell_of_ten_megabytes_is_refused() {
    let text = format!("sku,description\nTEA,{}\n", "x".repeat(10 << 20));

    assert_eq!(read(&text), [Err(vec![Fault::new("description", "longer than 1 MiB")])]);
}

#[test]
fn rows_of_one_product_are_found_wherever_they_stand() {
    let text = "sku,store_view_code,additional_attributes,configurable_variations,\
        configurable_variation_labels\n\
        T-S,,\"color=Red,care=\"\"Cold, dry\"\",new=Yes,watts=60,fit=Slim,\
        tags=Polyester recyclé|Coton issu de l’agriculture biologique|Chanvre\",,\n\
        POT,,fit=Loose,,\n\
        T,fr,,,\n\
        ,,,,\n\
        T-M,,\"color=Red\",,\n\
        T,,,\"sku=T-S,size=S|sku=T-M,size=M\",size=Size\n";
    let mut table = Table::open(Cursor::new(text.as_bytes()), &REQUIRED).unwrap();

    let outline = Outline::read(&mut table, |_| ()).unwrap();

    let lines: Vec<Vec<u64>> =
        outline.groups.iter().map(|group| group.iter().map(|place| place.line).collect()).collect();
    assert_eq!(lines, [vec![2, 4, 6, 7], vec![3], vec![5]]);
    assert_eq!(outline.n_rows, 6);
    let kinds: Vec<_> =
        outline.guesses.iter().map(|(code, guess)| (code.as_str(), guess.kind())).collect();
    assert_eq!(
        kinds,
        [
            ("care", Kind::Text),
            ("color", Kind::Select),
            ("fit", Kind::Select),
            ("new", Kind::Boolean),
            ("size", Kind::Select),
            ("tags", Kind::MultiSelect),
            ("watts", Kind::Number),
        ]
    );
    assert!(outline.guesses["size"].is_axis() && !outline.guesses["color"].is_axis());
    assert_eq!(outline.guesses["size"].label.as_deref(), Some("Size"));
}

fn any_field<T: std::fmt::Debug + Clone + 'static>(
    value: impl Strategy<Value = T> + 'static,
) -> impl Strategy<Value = Field<T>> {
    prop_oneof![Just(Field::Keep), Just(Field::Clear), value.prop_map(Field::Set)]
}

fn any_text() -> impl Strategy<Value = String> {
    "[!-~é][ -~é\n\r\"]{0,8}[!-~é]"
}

prop_compose! {
    fn any_row()(
        sku_text in "[!-~]{1,8}",
        view in prop::option::of("[a-z]{2}"),
        categories in any_field(prop::collection::btree_set(
            prop::collection::vec("[!-~é]{1,5}", 1..3), 1..3)),
        name in any_field(any_text()),
        description in any_field(any_text()),
        weight_grams in any_field(any::<u32>().prop_map(|n| n / 8)),
        is_online in prop::option::of(any::<bool>()),
        price in any_field(0_i64..10_000_000),
        from in any_field(0_i64..4_000_000_000_000_000),
        images in any_field(prop::collection::vec("[a-z,]{1,4}/[a-z]{1,4}", 1..3)),
        attributes in prop::collection::vec(("[a-z_]{1,5}", "[ -~é]{0,6}"), 0..4),
        options in prop::collection::vec(("[!-~]{1,6}", "[!-~é]{1,5}"), 0..3),
        quantity in prop::option::of(any::<u32>()),
        content in any_field(1_u32..9),
    ) -> ProductRow {
        let money = |field: Field<i64>| match field {
            Field::Keep => Field::Keep,
            Field::Clear => Field::Clear,
            Field::Set(minor) => Field::Set(Money::new(minor, Currency::EUR)),
        };
        let mut variations: Vec<Variation> = Vec::new();
        for (text, option) in options {
            let sku = sku(&text);
            if variations.iter().all(|known| known.sku != sku) {
                variations.push(Variation { sku, options: vec![("size".into(), option)] });
            }
        }
        ProductRow {
            view,
            categories: match categories {
                Field::Keep => Field::Keep,
                Field::Clear => Field::Clear,
                Field::Set(paths) => Field::Set(paths.into_iter().collect()),
            },
            texts: Texts { name, description, ..Texts::default() },
            weight_grams,
            is_online,
            price: money(price),
            special_from: match from {
                Field::Keep => Field::Keep,
                Field::Clear => Field::Clear,
                Field::Set(micros) => {
                    Field::Set(When::Moment(Timestamp::from_microsecond(micros).unwrap()))
                }
            },
            additional_images: images,
            attributes: attributes.iter().map(|(name, value)| Pair::quoted(name, value)).collect(),
            variations,
            quantity,
            content: match content {
                Field::Keep => Field::Keep,
                Field::Clear => Field::Clear,
                Field::Set(n) => Field::Set(NetContent::new(n, ContentUnit::Centimeter).unwrap()),
            },
            ..ProductRow::of(sku(&sku_text))
        }
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read(row in any_row()) {
        let mut output = Vec::new();
        let mut writer = crate::Writer::new(&mut output);
        writer.write(COLUMNS).unwrap();
        writer.write(row.cells()).unwrap();
        writer.finish().unwrap();

        let found = read(std::str::from_utf8(&output).unwrap());

        prop_assert_eq!(found, [Ok(row)]);
    }

    #[test]
    fn arbitrary_cells_do_no_harm(
        cells in prop::collection::vec("\\PC{0,20}", COLUMNS.len()),
        bytes in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let mut output = Vec::new();
        let mut writer = crate::Writer::new(&mut output);
        writer.write(COLUMNS).unwrap();
        writer.write(&cells).unwrap();
        writer.write(cells.iter().map(|_| &bytes)).unwrap();
        writer.finish().unwrap();

        let mut table = Table::open(Cursor::new(&output), &REQUIRED).unwrap();
        let header = table.header().clone();
        Outline::read(&mut table, |_| ()).unwrap();
        table.rewind().unwrap();
        while let Some(record) = table.next().unwrap() {
            let _ = ProductRow::read(&header, &record, Currency::EUR);
        }
    }
}
