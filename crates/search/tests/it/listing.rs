//! Categories, filters, facets, sorting and pages.

use commerce::catalog::{AttributeKind, AttributeValue, Visibility};
use commerce::channel::Locale;
use search::{
    CategoryCount, Facet, FacetOption, Filter, FilterValue, Listing, PriceBucket, PriceFacet, Sort,
    Structure,
};

use crate::builders::*;

fn facet(attribute: &str, counts: &[(&str, u32, bool)]) -> Facet {
    let option = |&(code, count, is_selected): &(&str, u32, bool)| FacetOption {
        value: FilterValue::Option(option_code(code)),
        count,
        is_selected,
    };
    Facet { attribute: attribute_code(attribute), options: counts.iter().map(option).collect() }
}

fn shirts() -> search::Index {
    let attributes = vec![
        an_axis("color", &["sage", "ecru", "black"]),
        an_axis("size", &["s", "m", "l"]),
        an_attribute("fabric", AttributeKind::Select, &["linen", "cotton"]),
    ];
    let first = a_product(1, "Chemise").with_select("fabric", "linen").by(&["color", "size"]);
    let second = a_product(2, "Tunique").with_select("fabric", "cotton").by(&["color", "size"]);
    let products = vec![
        first
            .with_variant("A-S", &[("color", "sage"), ("size", "s")], 3000, 2)
            .with_variant("A-M", &[("color", "ecru"), ("size", "m")], 2500, 0)
            .done(),
        second.with_variant("B-M", &[("color", "sage"), ("size", "m")], 4000, 1).done(),
        a_product(3, "Écharpe").with_select("color", "sage").with_select("fabric", "linen").done(),
    ];
    an_index(a_structure(attributes, vec![]), products)
}

#[test]
fn a_facet_is_counted_without_its_own_filter() {
    let index = shirts();

    let result =
        index.load().list(&Listing { filters: vec![options("fabric", &["linen"])], ..all() });

    assert_eq!(result.total, 2);
    assert_eq!(
        result.facets,
        [
            facet("color", &[("sage", 2, false), ("ecru", 1, false)]),
            facet("size", &[("s", 1, false), ("m", 1, false)]),
            facet("fabric", &[("linen", 2, true), ("cotton", 1, false)]),
        ]
    );
}

#[test]
fn color_and_size_must_meet_in_one_variant() {
    let index = shirts();
    let filters = vec![options("color", &["sage"]), options("size", &["m"])];

    let result = index.load().list(&Listing { filters, ..all() });

    let found: Vec<i64> = result.items.iter().map(|offer| offer.product.number).collect();
    assert_eq!(found, [2]);
    assert_eq!(
        result.facets,
        [
            facet("color", &[("sage", 1, true), ("ecru", 1, false)]),
            facet("size", &[("s", 1, false), ("m", 1, true)]),
            facet("fabric", &[("cotton", 1, false)]),
        ]
    );
}

#[test]
fn a_variant_that_is_sold_out_does_not_answer_for_another() {
    let index = shirts();
    let filters = vec![options("color", &["ecru"])];

    let with_sold_out = Listing { filters: filters.clone(), ..all() };
    let in_stock = Listing { filters, in_stock_only: true, ..all() };

    assert_eq!(numbers(&index.load(), &with_sold_out), [1]);
    assert_eq!(index.load().list(&with_sold_out).n_in_stock, 0);
    assert_eq!(numbers(&index.load(), &in_stock), [0_i64; 0]);
}

#[test]
fn filters_that_name_nothing_known_let_nothing_through() {
    let index = shirts();
    let total = |filter| index.load().list(&Listing { filters: vec![filter], ..all() }).total;

    assert_eq!(total(options("color", &["mauve"])), 0);
    assert_eq!(total(options("taste", &["sage"])), 0);
    assert_eq!(total(options("color", &[])), 0);
    assert_eq!(total(options("color", &["mauve", "sage"])), 3);
}

#[test]
fn yes_and_no_can_be_filtered_by() {
    let attributes = vec![an_attribute("vegan", AttributeKind::Boolean, &[])];
    let index = an_index(
        a_structure(attributes, vec![]),
        vec![
            a_product(1, "Savon").with("vegan", AttributeValue::Boolean(true)).done(),
            a_product(2, "Cire").with("vegan", AttributeValue::Boolean(false)).done(),
        ],
    );
    let filter =
        Filter { attribute: attribute_code("vegan"), values: vec![FilterValue::Bool(true)] };

    let result = index.load().list(&Listing { filters: vec![filter], ..all() });

    assert_eq!(result.total, 1);
    let option = |value, count, is_selected| FacetOption { value, count, is_selected };
    assert_eq!(
        result.facets[0].options,
        [option(FilterValue::Bool(false), 1, false), option(FilterValue::Bool(true), 1, true)]
    );
}

#[test]
fn a_category_has_its_own_products_first_then_those_below_in_tree_order() {
    let mut hidden = a_category(4, Some(1), "Caché");
    hidden.is_published = false;
    let categories = vec![
        a_category(1, None, "Maison"),
        a_category(2, Some(1), "Cuisine"),
        a_category(3, Some(1), "Bain"),
        hidden,
        a_category(5, Some(2), "Thé"),
    ];
    let index = an_index(
        a_structure(vec![], categories),
        vec![
            a_product(1, "a").in_category(3, 0).done(),
            a_product(2, "b").in_category(5, 9).done(),
            a_product(3, "c").in_category(2, 7).in_category(1, 3).done(),
            a_product(4, "d").in_category(2, 5).done(),
            a_product(5, "e").in_category(1, 3).done(),
            a_product(6, "f").in_category(4, 0).done(),
            a_product(7, "g").done(),
        ],
    );
    let snapshot = index.load();

    assert_eq!(numbers(&snapshot, &in_category(1)), [3, 5, 4, 2, 1]);
    assert_eq!(numbers(&snapshot, &in_category(2)), [4, 3, 2]);
    assert_eq!(numbers(&snapshot, &in_category(4)), [0_i64; 0]);
    let within = Listing { within: Some(category_id(3)), ..in_category(1) };
    assert_eq!(numbers(&snapshot, &within), [1]);
    let count = |number, count| CategoryCount { category: category_id(number), count };
    assert_eq!(snapshot.list(&in_category(1)).categories, [count(2, 3), count(3, 1)]);
    assert_eq!(snapshot.list(&all()).categories, [count(1, 5)]);
    assert_eq!(snapshot.n_products_in(category_id(1)), 5);
}

#[test]
fn lists_sort_by_price_name_and_date_and_ties_by_number() {
    let index = an_index(
        Structure::default(),
        vec![
            a_product(4, "Zèbre").priced(500).done(),
            a_product(2, "écharpe").priced(900).done(),
            a_product(3, "Eau").priced(500).done(),
            a_product(1, "œillet").priced(700).done(),
        ],
    );
    let snapshot = index.load();
    let by = |sort| numbers(&snapshot, &Listing { sort, ..all() });

    assert_eq!(by(Sort::PriceAsc), [3, 4, 1, 2]);
    assert_eq!(by(Sort::PriceDesc), [2, 1, 3, 4]);
    assert_eq!(by(Sort::Name), [3, 2, 1, 4]);
    assert_eq!(by(Sort::Newest), [4, 3, 2, 1]);
}

#[test]
fn pages_follow_each_other_and_the_one_past_the_last_is_empty() {
    let names: Vec<String> = (0..70).map(|n| format!("Savon {}", (n * 7) % 10)).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let index = a_shop_of(&names);
    let snapshot = index.load();

    for sort in [Sort::Position, Sort::PriceAsc, Sort::PriceDesc, Sort::Name, Sort::Newest] {
        for base in [all(), search_for("savon")] {
            let page = |page, page_size| {
                numbers(&snapshot, &Listing { sort, page, page_size, ..base.clone() })
            };
            let whole = page(1, 70);
            let mut joined = page(1, 30);
            joined.extend(page(2, 30));
            joined.extend(page(3, 30));

            assert_eq!(joined, whole, "{sort:?}");
            assert_eq!(page(4, 30), [0_i64; 0]);
            assert_eq!(page(u32::MAX, u32::MAX), [0_i64; 0]);
            assert_eq!(page(0, 0), whole[..1]);
        }
    }
    let result = snapshot.list(&Listing { page: 9, page_size: 30, ..all() });
    assert_eq!((result.total, result.page, result.n_pages), (70, 9, 3));
}

#[test]
fn the_price_facet_has_round_buckets_and_ignores_its_own_filter() {
    let prices = [250, 990, 1_000, 1_999, 4_550];
    let products =
        (1..).zip(prices).map(|(number, minor)| a_product(number, "x").priced(minor).done());
    let index = an_index(Structure::default(), products.collect());
    let price = (Some(eur(990)), Some(eur(1_999)));

    let result = index.load().list(&Listing { price, ..all() });

    let bucket = |from, to, count| PriceBucket { from: eur(from), to: eur(to), count };
    assert_eq!(result.total, 3);
    assert_eq!(
        result.price,
        Some(PriceFacet {
            min: eur(250),
            max: eur(4_550),
            buckets: vec![bucket(0, 999, 2), bucket(1_000, 1_999, 2), bucket(4_000, 4_999, 1),],
        })
    );
}

#[test]
fn hidden_products_and_those_without_a_price_are_not_listed() {
    let mut unpriced = a_product(3, "Sans prix").done();
    unpriced.product.variants[0].prices.clear();
    let mut disabled = a_product(4, "Éteint").done();
    disabled.product.variants[0].is_enabled = false;
    let products = vec![
        a_product(1, "Caché").seen_as(Visibility::Hidden).done(),
        a_product(2, "Brouillon").seen_as(Visibility::Draft).done(),
        unpriced,
        disabled,
        a_product(5, "Visible").sold_out().done(),
    ];
    let index = an_index(Structure::default(), products);

    let result = index.load().list(&all());

    assert_eq!((result.total, result.n_in_stock), (1, 0));
    assert_eq!(numbers(&index.load(), &search_for("caché")), [0_i64; 0]);
    assert_eq!(index.load().n_products(), 4);
    assert_eq!(result.items[0].name(Locale::EN), "Visible");
}

#[test]
fn more_filters_than_bits_are_refused_without_harm() {
    let attributes: Vec<_> =
        (0..80).map(|n| an_attribute(&format!("a{n}"), AttributeKind::Select, &["x"])).collect();
    let filters = (0..80).map(|n| options(&format!("a{n}"), &["x"])).collect();
    let index = an_index(a_structure(attributes, vec![]), vec![a_product(1, "x").done()]);

    assert_eq!(index.load().list(&Listing { filters, ..all() }).total, 0);
}
