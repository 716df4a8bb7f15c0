//! Products as staff create, change and count them.

use commerce::catalog::{AttributeValue, Product, ProductKind, Sku, Visibility};
use commerce::channel::Locale;
use commerce::content::Localized;
use commerce::money::Money;
use commerce::price::SpecialPrice;
use commerce::redirect::Target;
use commerce::stock::StockLevel;
use shop::catalog::{
    CountStockError, Problem, ProductInput, SaveProductError, SaveStructureError, count_stock,
    create_category, create_product, delete_category, find_product, save_attribute,
    search_products, update_category, update_product,
};
use shop::settings::main_source;

use crate::staff_shop::{
    StaffShop, at, axis, category, color, eur, fr, option, sku, tea, tee, variant,
};

#[expect(clippy::unnecessary_wraps, reason = "prices are given with or without one")]
fn special(amount: i64, from: Option<i64>, until: Option<i64>) -> Option<SpecialPrice> {
    Some(SpecialPrice { amount: eur(amount), from: from.map(at), until: until.map(at) })
}

fn problems(result: Result<Product, SaveProductError>) -> Vec<Problem> {
    match result.unwrap_err() {
        SaveProductError::Invalid(problems) => problems,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_created_product_is_numbered_stocked_and_logged() {
    let staff = StaffShop::open().await;

    let tea = staff.create(&tea()).await;
    let tee = staff.create(&tee()).await;

    let numbers = |product: &Product| -> (i64, Vec<i64>) {
        (product.number, product.variants.iter().map(|variant| variant.number).collect())
    };
    assert_eq!(numbers(&tea), (1, vec![1]));
    assert_eq!(numbers(&tee), (2, vec![2, 3]));
    assert_eq!(find_product(&staff.shop, tee.id).await.unwrap(), Some(tee.clone()));
    let slug = |product: &Product| product.texts.0[&Locale::FR].slug.as_str().to_owned();
    assert_eq!([slug(&tea), slug(&tee)], ["the-vert", "the-vert-2"]);

    let mut conn = staff.shop.db.read().await.unwrap();
    let level = db::stock::find(&mut conn, &main_source(), &sku("TEE-CLAY")).await.unwrap();
    assert_eq!(level, Some(StockLevel { on_hand: 10, allocated: 0 }));
    assert_eq!(db::stock::unexplained(&mut conn).await.unwrap(), [""; 0]);
    let channel = fr();
    let log = db::catalog::price::list_price_log(&mut conn, tea.variants[0].id, &channel, at(9));
    assert_eq!(log.await.unwrap().iter().map(|it| it.regular).collect::<Vec<_>>(), [eur(450)]);
    let found = search_products(&staff.shop, "tee-", 10, 0).await.unwrap();
    assert_eq!(found, [tee]);
}

#[tokio::test]
async fn all_that_is_wrong_is_said_at_once_and_nothing_is_written() {
    let staff = StaffShop::open().await;
    let taken = staff.create(&tea()).await;
    let mut input = tee();
    input.texts = Localized::default().with(Locale::EN, input.texts.0[&Locale::FR].clone());
    input.texts.0.get_mut(&Locale::EN).unwrap().name = " ".to_owned();
    input.tax_class = commerce::tax::TaxClass::new("luxury").unwrap();
    input.attributes = [
        (axis("care"), AttributeValue::Boolean(true)),
        (axis("color"), AttributeValue::Select(option("pink"))),
        (axis("smell"), AttributeValue::Boolean(true)),
    ]
    .into_iter()
    .collect();
    input.variants[0].sku = sku("TEA");
    input.variants[1].options = input.variants[0].options.clone();
    input.variants[0].prices[0].regular = eur(0);
    input.variants[0].prices[0].eco_participation = Some(eur(-1));
    input.variants[1].prices[0].special = special(2_490, Some(5), Some(5));
    input.manufacturer = None;

    let found = problems(create_product(&staff.shop, &input).await);

    assert_eq!(
        found,
        [
            Problem::NameMissing(Locale::FR),
            Problem::WrongKind(axis("care")),
            Problem::UnknownOption(axis("color"), option("pink")),
            Problem::UnknownAttribute(axis("smell")),
            Problem::UnknownTaxClass("luxury".to_owned()),
            Problem::SameOptions(sku("TEE-CLAY")),
            Problem::PriceOutOfRange(sku("TEA")),
            Problem::EcoParticipation(sku("TEA")),
            Problem::SpecialNotLower(sku("TEE-CLAY")),
            Problem::SpecialPeriod(sku("TEE-CLAY")),
            Problem::ManufacturerMissing,
            Problem::NameMissing(Locale::EN),
            Problem::SkuTaken { sku: sku("TEA"), owner: taken.id },
        ]
    );
    assert_eq!(staff.n_products().await, 1);
    let mut conn = staff.shop.db.read().await.unwrap();
    let level = db::stock::find(&mut conn, &main_source(), &sku("TEE-CLAY")).await.unwrap();
    assert_eq!(level, None);
}

#[tokio::test]
async fn variants_have_one_option_for_each_axis() {
    let staff = StaffShop::open().await;
    let refused = async |input: &ProductInput| problems(create_product(&staff.shop, input).await);

    let mut two_simples = tea();
    two_simples.variants.push(variant("TEA-2", 450));
    let mut unknown_axis = tee();
    unknown_axis.kind = ProductKind::Configurable { axes: vec![axis("care")] };
    let mut twice = tee();
    twice.variants[1].sku = sku("TEE-SAGE");
    let mut max = tea();
    max.variants[0].prices[0].regular = eur(100_000_001);
    let mut foreign = tea();
    let dollars = commerce::money::Currency::new("USD").unwrap();
    foreign.variants[0].prices[0].regular = Money::new(450, dollars);

    let options = |it: &str| Problem::Options(sku(it));
    assert_eq!(refused(&two_simples).await, [Problem::VariantCount]);
    assert_eq!(
        refused(&unknown_axis).await,
        [Problem::NotAnAxis(axis("care")), options("TEE-SAGE"), options("TEE-CLAY")]
    );
    assert_eq!(refused(&twice).await, [Problem::SkuTwice(sku("TEE-SAGE"))]);
    assert_eq!(refused(&max).await, [Problem::PriceOutOfRange(sku("TEA"))]);
    assert_eq!(refused(&foreign).await, [Problem::WrongCurrency(sku("TEA"))]);
}

#[tokio::test]
async fn a_draft_may_lack_what_a_published_product_must_have() {
    let staff = StaffShop::open().await;
    let mut input = tea();
    input.visibility = Visibility::Draft;
    input.manufacturer = None;
    input.variants[0].prices.clear();

    let draft = staff.create(&input).await;
    input = ProductInput::from(&draft);
    input.visibility = Visibility::Published;
    let refused = update_product(&staff.shop, draft.id, draft.version, &input).await;

    assert_eq!(problems(refused), [Problem::NothingToSell, Problem::ManufacturerMissing]);
    assert_eq!(find_product(&staff.shop, draft.id).await.unwrap(), Some(draft));
}

#[tokio::test]
async fn the_second_of_two_editors_is_told() {
    let staff = StaffShop::open().await;
    let before = staff.create(&tea()).await;
    let mut input = ProductInput::from(&before);
    input.is_featured = true;

    let after = staff.update(&before, &input).await;
    let late = update_product(&staff.shop, before.id, before.version, &input).await;

    assert!(matches!(late, Err(SaveProductError::Stale)), "{late:?}");
    assert_eq!(after, Product { version: 2, is_featured: true, ..before });
    assert_eq!(find_product(&staff.shop, after.id).await.unwrap(), Some(after));
}

#[tokio::test]
async fn a_cut_shows_the_lowest_price_of_the_thirty_days_before() {
    let staff = StaffShop::open().await;
    let mut product = staff.create(&tea()).await;
    let mut save = async |day, regular, special| {
        staff.set_day(day);
        let mut input = ProductInput::from(&product);
        input.variants[0].prices[0].regular = eur(regular);
        input.variants[0].prices[0].special = special;
        product = staff.update(&product, &input).await;
        product.variants[0].prices[0].prior
    };

    assert_eq!(save(10, 420, None).await, None);
    assert_eq!(save(20, 500, None).await, None);
    let begun = special(400, None, Some(60));
    assert_eq!(save(30, 500, begun).await, Some(eur(420)));
    assert_eq!(save(35, 550, begun).await, Some(eur(420)), "it stays what it was at the start");
    assert_eq!(save(40, 550, special(350, None, Some(60))).await, Some(eur(420)), "progressive");
    assert_eq!(save(61, 550, None).await, None);
    let later = special(450, Some(80), None);
    assert_eq!(save(70, 500, later).await, Some(eur(350)), "until the 60th day");
    assert_eq!(save(75, 480, special(450, Some(95), None)).await, Some(eur(480)));
}

#[tokio::test]
async fn a_product_new_at_its_special_price_announces_no_cut() {
    let staff = StaffShop::open().await;
    let mut input = tea();
    input.variants[0].prices[0].special = special(400, None, None);

    let product = staff.create(&input).await;

    assert_eq!(product.variants[0].prices[0].prior, None);
}

#[tokio::test]
async fn a_count_is_explained_by_the_ledger() {
    let staff = StaffShop::open().await;
    staff.create(&tea()).await;
    let tea: Sku = sku("TEA");
    let mut tx = staff.shop.db.write().await.unwrap();
    assert!(db::stock::allocate(&mut tx, &main_source(), &tea, 4).await.unwrap());
    let promise = commerce::stock::StockMove::Allocate;
    db::stock::log(&mut tx, &main_source(), &tea, promise, (0, 4), None, at(0)).await.unwrap();
    tx.commit().await.unwrap();

    let level = count_stock(&staff.shop, &tea, 7).await.unwrap();
    let refused = count_stock(&staff.shop, &tea, 3).await;
    let unknown = count_stock(&staff.shop, &sku("NONE"), 3).await;

    assert_eq!(level, StockLevel { on_hand: 7, allocated: 4 });
    assert!(matches!(refused, Err(CountStockError::Promised { allocated: 4 })), "{refused:?}");
    assert!(matches!(unknown, Err(CountStockError::NotFound)), "{unknown:?}");
    let mut conn = staff.shop.db.read().await.unwrap();
    assert_eq!(db::stock::find(&mut conn, &main_source(), &tea).await.unwrap(), Some(level));
    assert_eq!(db::stock::unexplained(&mut conn).await.unwrap(), [""; 0]);
}

#[tokio::test]
async fn categories_make_a_tree_without_loops() {
    let staff = StaffShop::open().await;
    let shop = &staff.shop;
    let root = create_category(shop, &category("the", "Thé")).await.unwrap();
    let mut inner = category("vert", "Thé");
    inner.parent = Some(root.id);
    let leaf = create_category(shop, &inner).await.unwrap();

    let mut looped = category("the", "Thé");
    looped.parent = Some(leaf.id);
    let looped = update_category(shop, root.id, &looped).await.unwrap_err();
    let taken = create_category(shop, &category("vert", " ")).await.unwrap_err();
    let parent = delete_category(shop, root.id).await.unwrap_err();
    delete_category(shop, leaf.id).await.unwrap();
    delete_category(shop, root.id).await.unwrap();

    let found = |error| match error {
        SaveStructureError::Invalid(problems) => problems,
        other => panic!("{other}"),
    };
    assert_eq!((root.number, leaf.number), (1, 2));
    assert_eq!(leaf.texts.0[&Locale::FR].slug.as_str(), "the-2");
    assert_eq!(found(looped), [Problem::CategoryLoop]);
    assert_eq!(found(taken), [Problem::CodeTaken, Problem::NameMissing(Locale::FR)]);
    assert_eq!(found(parent), [Problem::HasChildren]);
}

#[tokio::test]
async fn an_attribute_keeps_its_kind_and_its_options() {
    let staff = StaffShop::open().await;
    let mut changed = color();
    changed.kind = commerce::catalog::AttributeKind::Text;
    changed.options.remove(1);
    changed.options[0].swatch = Some("green".to_owned());

    let refused = save_attribute(&staff.shop, &changed).await;

    match refused.unwrap_err() {
        SaveStructureError::Invalid(found) => assert_eq!(
            found,
            [
                Problem::AxisWithoutOptions,
                Problem::OptionsOnPlainKind,
                Problem::KindChanged,
                Problem::OptionInUse(option("clay")),
                Problem::BadSwatch(option("sage")),
            ]
        ),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn what_is_renamed_is_found_under_its_old_address() {
    let staff = StaffShop::open().await;
    let shop = &staff.shop;
    let product = staff.create(&tea()).await;
    let first = create_category(shop, &category("bain", "Bain")).await.unwrap();
    let slug = |text: &str| Some(commerce::content::Slug::new(text).unwrap());
    let led = async |path: &str| {
        while shop::read_side::catch_up(shop).await.unwrap() {}
        let found = shop::redirect::find(shop, path).await.unwrap();
        found.map(|redirect| (redirect.locale, redirect.target))
    };
    let old = product.texts.0[&Locale::FR].slug.clone();
    assert_eq!(led(&format!("/p/{old}")).await, None);

    let mut input = ProductInput::from(&product);
    input.texts.0.get_mut(&Locale::FR).unwrap().slug = slug("sencha");
    let renamed = staff.update(&product, &input).await;
    let mut input = ProductInput::from(&renamed);
    input.texts.0.get_mut(&Locale::FR).unwrap().slug = slug("bancha");
    staff.update(&renamed, &input).await;
    let mut other = category("bain", "Bain");
    other.texts.0.get_mut(&Locale::FR).unwrap().slug = slug("hygiene");
    update_category(shop, first.id, &other).await.unwrap();

    let of_product = Some((Locale::FR, Target::Product(product.id)));
    for path in [format!("/p/{old}"), "/p/sencha".to_owned(), "/P/Sencha/".to_owned()] {
        assert_eq!(led(&path).await, of_product, "{path}");
    }
    assert_eq!(led("/p/bancha").await, None);
    assert_eq!(led("/c/bain").await, Some((Locale::FR, Target::Category(first.id))));
}
