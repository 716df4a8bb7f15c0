//! Products and categories by their names, prices, swatches.

use commerce::catalog::{ContentUnit, NetContent, Visibility};
use commerce::channel::{Country, Locale};
use commerce::content::Slug;
use commerce::tax::{DatedRate, TaxClass, TaxRate, TaxTable};
use jiff::civil::date;
use search::{Index, ShownPrice, Source, Structure, Swatch};

use crate::builders::*;

fn slug(text: &str) -> Slug {
    Slug::new(text).unwrap()
}

#[test]
fn a_product_is_found_by_all_its_names() {
    let product = a_product(7, "Théière").named(Locale::EN, "Teapot");
    let index = an_index(Structure::default(), vec![product.done(), a_product(8, "Tasse").done()]);
    let snapshot = index.load();
    let number = |offer: Option<&std::sync::Arc<search::Offer>>| offer.map(|o| o.product.number);

    assert_eq!(number(snapshot.product(product_id(7))), Some(7));
    assert_eq!(number(snapshot.product_by_number(7)), Some(7));
    assert_eq!(number(snapshot.product_by_slug(Locale::FR, &slug("theiere-7"))), Some(7));
    assert_eq!(number(snapshot.product_by_slug(Locale::EN, &slug("teapot-7"))), Some(7));
    assert_eq!(number(snapshot.product_by_slug(Locale::EN, &slug("tasse-8"))), Some(8));
    assert_eq!(number(snapshot.product_by_slug(Locale::FR, &slug("teapot-7"))), None);
    assert_eq!(number(snapshot.product_by_sku(&sku("P-8")).map(|(offer, _)| offer)), Some(8));
    assert_eq!(number(snapshot.product_by_number(9)), None);
}

#[test]
fn hidden_products_keep_their_address_and_drafts_have_none() {
    let products = vec![
        a_product(1, "Retiré").seen_as(Visibility::Hidden).done(),
        a_product(2, "Brouillon").seen_as(Visibility::Draft).done(),
    ];
    let index = an_index(Structure::default(), products);

    assert!(index.load().product_by_slug(Locale::FR, &slug("retire-1")).is_some());
    assert!(index.load().product(product_id(2)).is_none());
}

#[test]
fn the_tree_leaves_out_what_hangs_under_an_unpublished_category() {
    let mut hidden = a_category(2, Some(1), "Caché");
    hidden.is_published = false;
    let categories = vec![
        a_category(1, None, "Maison"),
        hidden,
        a_category(3, Some(2), "Dessous"),
        a_category(4, Some(1), "Cuisine"),
        a_category(5, Some(4), "Thé"),
        a_category(6, Some(7), "Cercle"),
        a_category(7, Some(6), "Cercle bis"),
    ];
    let index = an_index(a_structure(vec![], categories), vec![]);
    let snapshot = index.load();
    let numbers = |categories: Vec<&commerce::catalog::Category>| -> Vec<i64> {
        categories.iter().map(|category| category.number).collect()
    };

    assert_eq!(numbers(snapshot.categories().collect()), [1, 4, 5]);
    assert_eq!(numbers(snapshot.children(None)), [1]);
    assert_eq!(numbers(snapshot.children(Some(category_id(1)))), [4]);
    assert_eq!(numbers(snapshot.children(Some(category_id(3)))), [0_i64; 0]);
    assert_eq!(numbers(snapshot.breadcrumbs(category_id(5))), [1, 4, 5]);
    assert_eq!(
        snapshot.category_by_slug(Locale::EN, &slug("the")).map(|category| category.number),
        Some(5)
    );
    assert!(snapshot.category_by_slug(Locale::FR, &slug("dessous")).is_none());
}

#[test]
fn shown_prices_hold_tax_eco_participation_and_the_price_per_unit() {
    let mut channel = a_channel();
    channel.prices_include_tax = false;
    let tax = TaxTable::new(vec![DatedRate {
        country: Country::FR,
        class: TaxClass::new("standard").unwrap(),
        rate: TaxRate::from_basis_points(2000).unwrap(),
        valid_from: date(1970, 1, 1),
        valid_until: None,
    }]);
    let mut input = a_product(1, "Huile").priced(1_000).on_sale(800, None, None).done();
    input.product.variants[0].content = NetContent::new(500, ContentUnit::Milliliter);
    input.product.variants[0].prices[0].eco_participation = Some(eur(10));
    input.product.variants[0].prices[0].prior = Some(eur(850));
    let structure = Structure { tax, ..Structure::default() };
    let index = Index::new(Source { channel, structure, products: vec![input] }, at(0)).unwrap();

    let snapshot = index.load();
    let offer = snapshot.product_by_number(1).unwrap();

    assert_eq!(
        offer.from,
        Some(ShownPrice {
            amount: eur(972),
            regular: eur(1_212),
            prior: Some(eur(1_032)),
            eco_participation: Some(eur(12)),
            per_unit: Some((ContentUnit::Milliliter, eur(1_944))),
        })
    );
    assert_eq!(offer.to, Some(eur(972)));
    assert_eq!(snapshot.price(offer, &offer.product.variants[0]), offer.from);
}

#[test]
fn a_card_shows_the_colors_that_are_sold() {
    let mut color = an_axis("color", &["sage", "ecru", "black"]);
    for (option, swatch) in color.options.iter_mut().zip(["#9caf88", "#f0ead6", "#000000"]) {
        option.swatch = Some(swatch.to_owned());
    }
    let mut product = a_product(1, "Chemise")
        .by(&["color"])
        .with_variant("A", &[("color", "black")], 1, 1)
        .with_variant("B", &[("color", "sage")], 1, 0)
        .with_variant("C", &[("color", "ecru")], 1, 1)
        .done();
    product.product.variants[2].is_enabled = false;
    let index = an_index(a_structure(vec![color], vec![]), vec![product]);

    let snapshot = index.load();
    let swatches = snapshot.swatches(snapshot.product_by_number(1).unwrap());

    let swatch = |option, color: &str| Swatch {
        attribute: attribute_code("color"),
        option: option_code(option),
        color: color.to_owned(),
    };
    assert_eq!(swatches, [swatch("sage", "#9caf88"), swatch("black", "#000000")]);
}
