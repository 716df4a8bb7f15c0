//! Products out of Magento's files, and into them.

use std::collections::BTreeMap;

use commerce::catalog::{
    AttributeCode, AttributeKind, AttributeValue, OptionCode, Product, ProductKind, Sku, Visibility,
};
use commerce::channel::Locale;
use commerce::price::SpecialPrice;
use commerce::stock::StockLevel;
use db::change::Position;
use testkit::{
    TestShop, a_configurable, a_placed_order, a_shop, change_product, eur, on_both_engines,
};

use crate::import::{How, Report, create, export, import, import_bytes};

const HEADER: &str = "sku,store_view_code,attribute_set_code,product_type,categories,name,\
    description,short_description,weight,product_online,tax_class_name,visibility,price,\
    special_price,special_price_from_date,special_price_to_date,url_key,base_image,\
    additional_images,created_at,qty,additional_attributes,configurable_variations,\
    greenleaf_manufacturer_name,greenleaf_manufacturer_address,greenleaf_manufacturer_email";

/// A file of rows, each of which has the cells that it names.
fn file(rows: &[&[(&str, &str)]]) -> String {
    let columns: Vec<&str> = HEADER.split(',').map(str::trim).collect();
    let mut bytes = Vec::new();
    let mut output = exchange::Writer::new(&mut bytes);
    output.write(&columns).unwrap();
    for row in rows {
        assert!(row.iter().all(|(name, _)| columns.contains(name)), "{row:?}");
        let cells: BTreeMap<&str, &str> = row.iter().copied().collect();
        output.write(columns.iter().map(|name| cells.get(name).copied().unwrap_or(""))).unwrap();
    }
    output.finish().unwrap();
    String::from_utf8(bytes).unwrap()
}

const MAKER: [(&str, &str); 3] = [
    ("greenleaf_manufacturer_name", "Les Thés"),
    ("greenleaf_manufacturer_address", "1 rue du Thé, 44000 Nantes"),
    ("greenleaf_manufacturer_email", "a@thes.example"),
];

fn tea() -> Vec<(&'static str, &'static str)> {
    let row = [
        ("sku", "TEA"),
        ("product_type", "simple"),
        ("attribute_set_code", "Default"),
        ("name", "Thé vert"),
        ("price", "4.5000"),
        ("qty", "10.0000"),
        ("product_online", "1"),
    ];
    [&row[..], &MAKER[..]].concat()
}

fn child(sku: &'static str, price: &'static str) -> Vec<(&'static str, &'static str)> {
    vec![
        ("sku", sku),
        ("product_type", "simple"),
        ("name", "Tee"),
        ("visibility", "Not Visible Individually"),
        ("price", price),
        ("weight", "0.1500"),
        ("qty", "7"),
    ]
}

fn tee() -> Vec<(&'static str, &'static str)> {
    let row = [
        ("sku", "TEE"),
        ("product_type", "configurable"),
        ("categories", "Default Category/Men/Tops,Default Category/New"),
        ("name", "Tee"),
        ("description", "Soft, \"warm\"\nand red"),
        ("created_at", "2022-08-25 13:52:00"),
        ("additional_attributes", "activity=Gym|Hiking,material=Cotton,care=\"Cold, by hand\""),
        ("configurable_variations", "sku=TEE-S,size=S,color=Red|sku=TEE-M,size=M,color=Red"),
    ];
    [&row[..], &MAKER[..]].concat()
}

async fn product(shop: &TestShop, sku: &str) -> Product {
    let sku = Sku::new(sku).unwrap();
    let found = db::catalog::product::find_by_sku(&mut shop.read().await, &sku).await.unwrap();
    found.expect("the SKU is there")
}

/// How many changes the feed has.
async fn n_changes(shop: &TestShop) -> usize {
    while db::change::number_batch(&shop.db).await.unwrap() {}
    let mut conn = shop.read().await;
    db::change::list_after(&mut conn, Position(0)).await.unwrap().0.len()
}

fn attribute(code: &str) -> AttributeCode {
    AttributeCode::new(code).unwrap()
}

fn option(code: &str) -> OptionCode {
    OptionCode::new(code).unwrap()
}

#[tokio::test]
async fn a_file_becomes_products_with_variants_stock_and_structure() {
    on_both_engines(async |shop| {
        let rows = [child("TEE-S", "20"), tee(), child("TEE-M", "21.50"), tea()];

        let report = create(&shop, &file(&rows.each_ref().map(Vec::as_slice))).await;

        assert_eq!(report, Report { created: vec![2, 3, 5, 6], ..Report::default() });
        let tee = product(&shop, "TEE-M").await;
        assert_eq!(
            tee.kind,
            ProductKind::Configurable { axes: vec![attribute("size"), attribute("color")] }
        );
        assert_eq!(tee.visibility, Visibility::Published);
        let text = &tee.texts.0[&Locale::FR];
        assert_eq!((text.name.as_str(), text.slug.as_str()), ("Tee", "tee"));
        assert_eq!(text.description, "Soft, \"warm\"\nand red");
        assert_eq!(tee.created_at, "2022-08-25T13:52:00Z".parse().unwrap());
        let variants: Vec<_> = tee
            .variants
            .iter()
            .map(|it| {
                let size = it.options[&attribute("size")].as_str();
                (it.sku.as_str(), size, it.weight_grams, it.prices[0].regular)
            })
            .collect();
        assert_eq!(variants, [("TEE-S", "s", 150, eur(2_000)), ("TEE-M", "m", 150, eur(2_150))]);
        assert_eq!(
            tee.attributes[&attribute("activity")],
            AttributeValue::MultiSelect(vec![option("gym"), option("hiking")])
        );
        assert_eq!(
            tee.attributes[&attribute("material")],
            AttributeValue::Select(option("cotton"))
        );
        assert!(matches!(&tee.attributes[&attribute("care")],
            AttributeValue::Text(texts) if texts.0[&Locale::FR] == "Cold, by hand"));
        assert_eq!(shop.stock("TEE-S").await, StockLevel { on_hand: 7, allocated: 0 });
        assert_eq!(shop.stock("TEA").await, StockLevel { on_hand: 10, allocated: 0 });

        let mut conn = shop.read().await;
        let categories = db::catalog::category::list(&mut conn).await.unwrap();
        let names: Vec<_> = categories
            .iter()
            .map(|it| {
                let above = it.parent.and_then(|id| categories.iter().find(|it| it.id == id));
                let name = |it: &commerce::catalog::Category| it.texts.0[&Locale::FR].name.clone();
                (above.map(name), name(it))
            })
            .collect();
        let expected = [(None, "Men"), (Some("Men"), "Tops"), (None, "New")];
        assert_eq!(names, expected.map(|(above, it)| (above.map(str::to_owned), it.to_owned())));
        let attributes = db::catalog::attribute::list(&mut conn).await.unwrap();
        let kinds: Vec<_> =
            attributes.iter().map(|it| (it.code.as_str(), it.kind, it.is_axis)).collect();
        assert_eq!(
            kinds,
            [
                ("activity", AttributeKind::MultiSelect, false),
                ("material", AttributeKind::Select, false),
                ("care", AttributeKind::Text, false),
                ("size", AttributeKind::Select, true),
                ("color", AttributeKind::Select, true),
            ]
        );
        assert_eq!(db::stock::unexplained(&mut conn).await.unwrap(), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn the_same_file_twice_changes_nothing() {
    on_both_engines(async |shop| {
        let mut special = tea();
        special.extend([
            ("special_price", "4.00"),
            ("special_price_from_date", "2026-04-01"),
            ("special_price_to_date", "2026-04-30"),
        ]);
        let view = [("sku", "TEE"), ("store_view_code", "en"), ("name", "Tee in English")];
        let rows = [child("TEE-S", "20"), child("TEE-M", "20"), tee(), view.to_vec(), special];
        let file = file(&rows.each_ref().map(Vec::as_slice));
        create(&shop, &file).await;
        let (tea_before, tee_before) = (product(&shop, "TEA").await, product(&shop, "TEE-S").await);
        let before = n_changes(&shop).await;
        shop.clock.advance(jiff::SignedDuration::from_hours(1));

        let report = create(&shop, &file).await;

        assert_eq!(report, Report { unchanged: vec![2, 3, 4, 6, 7], ..Report::default() });
        assert_eq!(product(&shop, "TEA").await, tea_before);
        assert_eq!(product(&shop, "TEE-S").await, tee_before);
        assert_eq!(n_changes(&shop).await, before);
        let price = &tea_before.variants[0].prices[0];
        let april = |text: &str| -> jiff::Timestamp { text.parse().unwrap() };
        assert_eq!(
            price.special,
            Some(SpecialPrice {
                amount: eur(400),
                from: Some(april("2026-03-31T22:00:00Z")),
                until: Some(april("2026-04-30T22:00:00Z")),
            }),
            "a sale lasts to the end of its last day in Paris"
        );
        let id = tea_before.variants[0].id;
        let (mut conn, year) = (shop.read().await, april("2026-01-01T00:00:00Z"));
        let log = db::catalog::price::list_price_log(&mut conn, id, &price.channel, year);
        assert_eq!(log.await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_is_missing_is_named_and_made_for_rows_that_are_taken_alone() {
    on_both_engines(async |shop| {
        let row: &[(&str, &str)] = &[
            ("sku", "POT"),
            ("name", "Pot"),
            ("price", "9"),
            ("attribute_set_code", "Crockery"),
            ("categories", "Default Category/Kitchen/Pots"),
            ("additional_attributes", "glaze=Blue"),
        ];
        let circle: &[(&str, &str)] = &[
            ("sku", "CUP"),
            ("name", "Cup"),
            ("categories", "Default Category/Table/Cups/Table"),
            ("additional_attributes", "handle=Yes"),
        ];
        let file = file(&[row, circle]);

        let refused = import(&shop, &file, How::default()).await;
        let report = create(&shop, &file).await;

        let of_pot = refused.rejected.iter().filter(|(line, ..)| *line == 2);
        let reasons: Vec<_> = of_pot.map(|(_, _, reason)| reason.as_str()).collect();
        assert_eq!(
            reasons,
            [
                "there is no attribute “glaze”; --create makes it",
                "there is no attribute set “Crockery”; --create makes it",
                "there is no category “Kitchen/Pots”; --create makes it",
            ]
        );
        assert_eq!(report.created, [2]);
        assert_eq!(
            report.rejected,
            [(
                3,
                "categories".to_owned(),
                "“Table/Cups/Table” goes in a circle: a category lies below itself".to_owned()
            )]
        );
        let mut conn = shop.read().await;
        let attributes = db::catalog::attribute::list(&mut conn).await.unwrap();
        assert_eq!(attributes.iter().map(|it| it.code.as_str()).collect::<Vec<_>>(), ["glaze"]);
        let sets = db::catalog::attribute::list_sets(&mut conn).await.unwrap();
        assert_eq!(sets.iter().map(|it| it.code.as_str()).collect::<Vec<_>>(), ["crockery"]);
        let categories = db::catalog::category::list(&mut conn).await.unwrap();
        assert_eq!(categories.len(), 2, "{categories:?}");
    })
    .await;
}

#[tokio::test]
async fn a_row_of_a_view_changes_its_texts_alone() {
    on_both_engines(async |shop| {
        create(&shop, &file(&[&tea()])).await;
        let before = product(&shop, "TEA").await;

        let view: &[(&str, &str)] = &[
            ("sku", "TEA"),
            ("store_view_code", "en"),
            ("name", "Green tea"),
            ("url_key", "green-tea"),
            ("price", "99"),
            ("qty", "99"),
        ];
        let unknown: &[(&str, &str)] = &[("sku", "TEA"), ("store_view_code", "de"), ("name", "x")];
        let nobody: &[(&str, &str)] = &[("sku", "NO"), ("store_view_code", "en"), ("name", "x")];
        let report = import(&shop, &file(&[view, unknown, nobody]), How::default()).await;

        assert_eq!(report.faults(), [(3, "store_view_code"), (4, "sku")].into());
        assert_eq!(report.updated, [2]);
        let after = product(&shop, "TEA").await;
        let mut expected = Product { version: 2, updated_at: after.updated_at, ..before.clone() };
        let mut text = before.texts.0[&Locale::FR].clone();
        text.name = "Green tea".into();
        text.slug = commerce::content::Slug::new("green-tea").unwrap();
        expected.texts.0.insert(Locale::EN, text);
        assert_eq!(after, expected);
        assert_eq!(shop.stock("TEA").await.on_hand, 10);
    })
    .await;
}

#[tokio::test]
async fn a_product_is_taken_whole_and_of_two_rows_the_first() {
    on_both_engines(async |shop| {
        let bad = child("TEE-M", "twenty");
        let late: &[(&str, &str)] = &[("sku", "TEA"), ("name", "Another"), ("price", "1")];
        let rows = [child("TEE-S", "20"), bad, tee(), tea(), late.to_vec()];

        let report = create(&shop, &file(&rows.each_ref().map(Vec::as_slice))).await;

        assert_eq!(report.created, [6]);
        let because = "line 3 of the same product is rejected".to_owned();
        assert_eq!(
            report.rejected,
            [
                (2, String::new(), because.clone()),
                (
                    3,
                    "price".to_owned(),
                    "“twenty” is no amount in EUR with at most 2 decimals".to_owned()
                ),
                (4, String::new(), because),
                (7, "sku".to_owned(), "line 6 has this SKU already".to_owned()),
            ]
        );
        let tea = product(&shop, "TEA").await;
        assert_eq!(tea.texts.0[&Locale::FR].name, "Thé vert");
        let mut conn = shop.read().await;
        assert_eq!(db::catalog::product::count(&mut conn).await.unwrap(), 1);
        assert_eq!(db::catalog::category::list(&mut conn).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn a_mended_row_completes_its_product() {
    on_both_engines(async |shop| {
        let rows = [child("TEE-S", "20"), child("TEE-M", "20"), tee()];
        create(&shop, &file(&rows.each_ref().map(Vec::as_slice))).await;
        let id = product(&shop, "TEE-S").await.id;

        let mut more = tee();
        more.retain(|(column, _)| *column != "configurable_variations");
        more.push((
            "configurable_variations",
            "sku=TEE-L,size=L,color=Red|sku=TEE-S,size=S,color=Red|sku=TEE-M,size=M,color=Red",
        ));
        let price: &[(&str, &str)] = &[("sku", "TEE-M"), ("price", "19.90"), ("qty", "3")];
        let rows = [child("TEE-L", "20"), more, price.to_vec()];
        let report = create(&shop, &file(&rows.each_ref().map(Vec::as_slice))).await;

        assert_eq!((report.created, report.updated), (vec![2], vec![3, 5]));
        let tee = product(&shop, "TEE-L").await;
        assert_eq!((tee.id, tee.version), (id, 2));
        let prices: Vec<_> =
            tee.variants.iter().map(|it| (it.sku.as_str(), it.prices[0].regular)).collect();
        assert_eq!(prices, [("TEE-L", eur(2_000)), ("TEE-S", eur(2_000)), ("TEE-M", eur(1_990))]);
        assert_eq!(shop.stock("TEE-M").await.on_hand, 3);

        let alone: &[(&str, &str)] = &[("sku", "TEE-M"), ("price", "18"), ("product_online", "2")];
        let report = import(&shop, &file(&[alone]), How::default()).await;
        assert_eq!(report.updated, [2]);
        let tee = product(&shop, "TEE-M").await;
        let last = tee.variants.last().unwrap();
        assert_eq!((last.is_enabled, last.prices[0].regular), (false, eur(1_800)));
        assert_eq!(tee.visibility, Visibility::Published);
    })
    .await;
}

#[tokio::test]
async fn a_taken_address_gets_a_number_and_stops_nothing() {
    on_both_engines(async |shop| {
        let named = |sku| {
            let mut row = tea();
            row[0] = ("sku", sku);
            row.push(("url_key", "the"));
            row
        };
        let rows = [named("A"), named("B"), named("C")];
        let file = file(&rows.each_ref().map(Vec::as_slice));

        let report = create(&shop, &file).await;
        let again = create(&shop, &file).await;

        assert_eq!((report.created, report.n_renamed), (vec![2, 3, 4], 2));
        assert_eq!((again.unchanged, again.n_renamed), (vec![2, 3, 4], 0));
        let mut slugs = Vec::new();
        for sku in ["A", "B", "C"] {
            slugs.push(product(&shop, sku).await.texts.0[&Locale::FR].slug.to_string());
        }
        assert_eq!(slugs, ["the", "the-2", "the-3"]);
    })
    .await;
}

#[tokio::test]
async fn a_product_without_manufacturer_becomes_a_draft() {
    on_both_engines(async |shop| {
        let mut row = tea();
        row.retain(|(column, _)| !column.starts_with("greenleaf"));
        let file = file(&[&row]);

        let report = create(&shop, &file).await;
        let again = create(&shop, &file).await;

        assert_eq!((report.created, report.n_drafts), (vec![2], 1));
        assert_eq!((again.unchanged, again.n_drafts), (vec![2], 1));
        assert_eq!(product(&shop, "TEA").await.visibility, Visibility::Draft);
    })
    .await;
}

#[tokio::test]
async fn wrong_values_are_refused_with_their_columns() {
    on_both_engines(async |shop| {
        create(&shop, &file(&[&tea()])).await;
        a_placed_order(&shop).with(4, "TEA").save().await;
        let with = |column, value| {
            let mut row = tea();
            row.retain(|(known, _)| *known != column && *known != "sku");
            row.push(("sku", "POT"));
            row.push((column, value));
            row
        };
        let promised: &[(&str, &str)] = &[("sku", "TEA"), ("qty", "3")];
        let long = "x".repeat(256);
        let long: &'static str = long.leak();
        let rows: [Vec<(&str, &str)>; 8] = [
            promised.to_vec(),
            with("price", "0"),
            with("special_price", "5"),
            with("tax_class_name", "luxury"),
            with("product_type", "bundle"),
            with("name", long),
            with("name", ""),
            with("configurable_variations", "sku=NO,size=S"),
        ];

        let mut faults = Vec::new();
        for row in &rows {
            let report = create(&shop, &file(&[row])).await;
            faults.extend(report.rejected.into_iter().map(|(_, column, _)| column));
        }

        let columns = [
            "qty",
            "price",
            "special_price",
            "tax_class_name",
            "product_type",
            "name",
            "name",
            "configurable_variations",
            "product_type",
        ];
        assert_eq!(faults, columns);
        let mut conn = shop.read().await;
        assert_eq!(db::catalog::product::count(&mut conn).await.unwrap(), 1);
        assert_eq!(db::catalog::attribute::list(&mut conn).await.unwrap(), []);
    })
    .await;
}

const SAGE: &str = "89504e470d0a1a0a0000000d49484452000000040000000308020000003b963991\
    000000104944415478da63e85ad20e470c3839008fcc147de2f5ef950000000049454e44ae426082";
const CLAY: &str = "89504e470d0a1a0a0000000d49484452000000040000000308020000003b963991\
    000000104944415478da633894e505470c3839005bb211893bcffa410000000049454e44ae426082";

fn picture(hex: &str) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap()
}

#[tokio::test]
async fn pictures_come_from_their_folder_and_are_looked_at() {
    on_both_engines(async |shop| {
        let folder = shop.folder().join("images");
        std::fs::create_dir_all(folder.join("t/e")).unwrap();
        std::fs::write(folder.join("t/e/sage.png"), picture(SAGE)).unwrap();
        std::fs::write(folder.join("clay.png"), picture(CLAY)).unwrap();
        std::fs::write(folder.join("not.jpg"), "GIF89a").unwrap();
        let how = || How { create: true, images: Some(folder.clone()) };
        let with = |sku, base, others| {
            let mut row = tea();
            row[0] = ("sku", sku);
            row.extend([("base_image", base), ("additional_images", others)]);
            row
        };
        let rows = [
            with("TEA", "/t/e/sage.png", "t/e/sage.png,clay.png"),
            with("POT", "not.jpg", ""),
            with("CUP", "", "gone.jpg"),
        ];
        let file = file(&rows.each_ref().map(Vec::as_slice));

        let report = import(&shop, &file, how()).await;
        let again = import(&shop, &file, how()).await;

        assert_eq!(report.created, [2]);
        assert_eq!(
            report.rejected,
            [
                (
                    3,
                    "base_image".to_owned(),
                    "“not.jpg”: only JPEG, PNG and WebP pictures are accepted".to_owned()
                ),
                (4, "additional_images".to_owned(), "there is no file “gone.jpg”".to_owned()),
            ]
        );
        assert_eq!(again.unchanged, [2]);
        let pictures = product(&shop, "TEA").await.pictures;
        let names: Vec<_> = pictures
            .iter()
            .map(|it| it.original.key.as_str().rsplit('/').next().unwrap()[..5].to_owned())
            .collect();
        assert_eq!(names, ["sage-", "clay-"]);
        let mut conn = shop.read().await;
        let kept = db::media::list_after(&mut conn, None, 10).await.unwrap();
        assert_eq!(kept.len(), 2);
        let stored = shop.media.find(&pictures[0].original.key).await.unwrap().unwrap();
        assert_eq!(stored, picture(SAGE));
    })
    .await;
}

/// Products with all that a product can have.
async fn fill(shop: &TestShop, folder: &std::path::Path) {
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(folder.join("sage.png"), picture(SAGE)).unwrap();
    std::fs::write(folder.join("clay.png"), picture(CLAY)).unwrap();
    let text = "sku,store_view_code,attribute_set_code,product_type,categories,name,description,\
        short_description,weight,product_online,tax_class_name,visibility,price,special_price,\
        special_price_from_date,special_price_to_date,url_key,meta_description,base_image,\
        base_image_label,additional_images,additional_image_labels,country_of_manufacture,\
        additional_attributes,qty,configurable_variations,configurable_variation_labels,\
        greenleaf_image_options,greenleaf_featured,greenleaf_net_content,\
        greenleaf_eco_participation,greenleaf_manufacturer_name,greenleaf_manufacturer_address,\
        greenleaf_manufacturer_email,greenleaf_eco_sheet\n\
        A|B,,Crock ery,simple,\"Default Category/Thé\\/Café,Default Category/a\\, b/c\",\"P \"\"o\"\"\",\
        \"# T\n\n<b>é</b>, x\",s,1.234,1,reduced,\"Catalog, Search\",12.50,10,2026-04-01,,p-o,m,,,,,FR,\
        \"a=1.5,b=Yes,c=2026-01-02,d=Blue,e=x|y,f=\"\"t, |=\"\"\",5,,,,1,750 ml,0.10,M,A,m@a.fr,\
        \"{\"\"labels\"\":[{\"\"scheme\"\":\"\"GOTS\"\",\"\"licence\"\":\"\"1\"\"}]}\"\n\
        A|B,en,,,,Pot,__EMPTY__VALUE__,,,,,,,,,,pot,,,,,,,\"f=\"\"u\"\"\",,,,,,,,,,,\n\
        HID,,,simple,,Hidden,,,,2,,,3,,,,,,,,,,,,,,,,,,,,,,\n\
        DRA,,,simple,,Draft,,,,1,,Not Visible Individually,,,,,,,,,,,,,,,,,,,,,,,\n\
        T-1,,,simple,,T,,,0.1,1,,,20,,,,,,,,,,,,4,,,,,,,,,,\n\
        T-2,,,simple,,T,,,0.1,2,,,21,,,,,,,,,,,,,,,,,,,,,,\n\
        T,,,configurable,,T,,,,1,,,,,,,,,sage.png,Sauge,clay.png,\"T\\, argile\",,,,\
        \"sku=T-1,size=38,color=Vert sauge|sku=T-2,size=40,color=\"\"A, b\"\"\",\
        \"size=Taille,color=Couleur\",\"color=Vert sauge,\",,,,M,A,m@a.fr,\n";
    let how = How { create: true, images: Some(folder.to_owned()) };
    let report = import(shop, text, how).await;
    assert_eq!(report.rejected, []);
    assert_eq!(report.created, [2, 5, 6, 7, 8, 9, 10]);
}

#[tokio::test]
async fn what_is_exported_comes_back_byte_by_byte() {
    on_both_engines(async |shop| {
        fill(&shop, &shop.folder().join("images")).await;
        let exported = export(&shop).await;
        assert_eq!(exported.lines().count(), 10, "{exported}");

        let same = import(&shop, &exported, How::default()).await;
        assert_eq!((same.updated, same.created, same.rejected), (vec![], vec![], vec![]));

        let fresh = a_shop().on_sqlite().await;
        let images = Some(shop.folder().join("media"));
        let report = import(&fresh, &exported, How { create: true, images }).await;
        assert_eq!(report.rejected, []);
        assert_eq!(export(&fresh).await, exported);
    })
    .await;
}

#[tokio::test]
async fn a_configurable_product_without_variants_is_not_exported() {
    on_both_engines(async |shop| {
        a_configurable(&shop).save().await;
        assert_eq!(export(&shop).await.lines().count(), 5);

        change_product(&shop, "TEE-S", |product| {
            product.visibility = Visibility::Draft;
            product.variants.clear();
        })
        .await;

        assert_eq!(export(&shop).await.lines().count(), 1, "the columns");
    })
    .await;
}

#[tokio::test]
async fn bytes_that_are_no_text_are_refused_and_the_rest_is_taken() {
    on_both_engines(async |shop| {
        let mut bytes = file(&[&tea()]).into_bytes();
        let latin = [("sku", "POT"), ("name", "caf?"), ("price", "3")];
        let row = file(&[&latin]);
        let row = row.lines().last().unwrap().as_bytes();
        bytes.extend(row.iter().map(|&byte| if byte == b'?' { 0xe9 } else { byte }));
        let how = How { create: true, images: None };

        let report = import_bytes(&shop, &bytes, how).await;

        assert_eq!(report.created, [2]);
        assert_eq!(
            report.rejected,
            [(3, "name".to_owned(), "not UTF-8: byte 0xE9; save the file as UTF-8".to_owned())]
        );
    })
    .await;
}

#[tokio::test]
async fn the_running_shop_shows_what_was_imported() {
    on_both_engines(async |shop| {
        let mut rows = Vec::new();
        for number in 0..40 {
            let mut row = tea();
            row[0] = ("sku", format!("TEA-{number}").leak());
            rows.push(row);
        }
        let rows: Vec<&[(&str, &str)]> = rows.iter().map(Vec::as_slice).collect();

        create(&shop, &file(&rows)).await;
        shop.follow().await;

        assert_eq!(shop.catalog().n_products(), 40);
        let tea = Sku::new("TEA-39").unwrap();
        let catalog = shop.catalog();
        let (offer, _) = catalog.product_by_sku(&tea).unwrap();
        assert_eq!((offer.is_listed(), offer.available(&tea)), (true, 10));
    })
    .await;
}
