//! Deltas: what they change, what they leave alone, and that they miss nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use commerce::catalog::AttributeKind;
use commerce::channel::Locale;
use proptest::prelude::*;
use search::{Delta, Index, Listing, ProductInput, Scope, Snapshot, Sort, Structure};

use crate::builders::*;
use crate::model::{a_random_product, structure};

#[test]
fn products_that_did_not_change_are_shared_between_versions() {
    let index = a_shop_of(&["Gourde", "Savon"]);
    let before = index.load();
    let change = a_product(2, "Savon noir").done();

    let delta = Delta { products: vec![(product_id(2), Some(change))], ..Delta::default() };
    let after = index.apply(delta, at(0)).unwrap();

    let offer =
        |snapshot: &Snapshot, number| Arc::clone(snapshot.product_by_number(number).unwrap());
    assert!(Arc::ptr_eq(&offer(&before, 1), &offer(&after, 1)));
    assert_eq!(offer(&before, 2).name(Locale::FR), "Savon");
    assert_eq!(offer(&after, 2).name(Locale::FR), "Savon noir");
    assert_eq!(numbers(&before, &search_for("noir")), [0_i64; 0]);
    assert_eq!(numbers(&after, &search_for("noir")), [2]);
    assert_eq!(after.version(), before.version() + 1);
}

#[test]
fn the_last_units_are_counted_down_and_the_last_one_flips_availability() {
    let index = a_shop_of(&["Gourde"]);
    let stock = |number| Delta { stock: vec![(sku("P-1"), number)], ..Delta::default() };

    let three = index.apply(stock(3), at(0)).unwrap();
    let none = index.apply(stock(0), at(0)).unwrap();

    let offer = |snapshot: &Snapshot| Arc::clone(snapshot.product_by_number(1).unwrap());
    assert_eq!((offer(&three).available(&sku("P-1")), offer(&three).is_in_stock), (3, true));
    assert_eq!((offer(&none).available(&sku("P-1")), offer(&none).is_in_stock), (0, false));
    assert!(Arc::ptr_eq(&offer(&three).product, &offer(&none).product));
    assert_eq!(none.list(&all()).n_in_stock, 0);
    let unknown = Delta { stock: vec![(sku("NOBODY"), 3)], ..Delta::default() };
    assert_eq!(index.apply(unknown, at(0)).unwrap().list(&all()).total, 1);
}

#[test]
fn a_list_changes_with_what_it_shows_and_with_nothing_else() {
    let in_category =
        |number, name, category| a_product(number, name).in_category(category, 1).done();
    let products =
        vec![in_category(1, "Gourde", 1), in_category(2, "Savon", 2), in_category(3, "Thé", 3)];
    // Category 3 lies in category 1.
    let tree = vec![
        a_category(1, None, "Maison"),
        a_category(2, None, "Bain"),
        a_category(3, Some(1), "Thés"),
    ];
    let index = an_index(a_structure(vec![], tree), products);
    let versions = |snapshot: &Snapshot| {
        let of = |category| snapshot.list_version(&Scope::Category(category_id(category)));
        (snapshot.list_version(&Scope::All), of(1), of(2), of(3))
    };
    let stock = |number, left| {
        let delta = Delta { stock: vec![(sku(number), left)], ..Delta::default() };
        index.apply(delta, at(0)).unwrap()
    };

    assert_eq!(versions(&index.load()), (1, 1, 1, 1));
    assert_eq!(versions(&stock("P-3", 4)), (1, 1, 1, 1));
    assert_eq!(index.load().product_by_number(3).unwrap().version, 2);
    assert_eq!(versions(&stock("P-3", 0)), (3, 3, 1, 3));
    let renamed = in_category(2, "Savon noir", 2);
    let delta = Delta { products: vec![(product_id(2), Some(renamed))], ..Delta::default() };
    assert_eq!(versions(&index.apply(delta, at(0)).unwrap()), (4, 3, 4, 3));
    let moved = in_category(3, "Thé", 2);
    let delta = Delta { products: vec![(product_id(3), Some(moved))], ..Delta::default() };
    assert_eq!(versions(&index.apply(delta, at(0)).unwrap()), (5, 5, 5, 5));
    assert_eq!(index.load().structure_version(), 1);
}

#[test]
fn a_special_price_begins_and_ends_by_itself() {
    let sale = a_product(1, "Gourde").priced(2_000).on_sale(1_500, Some(10), Some(20)).done();
    let other = a_product(2, "Savon").priced(1_800).done();
    let index = an_index(Structure::default(), vec![sale, other]);
    let cheapest = || numbers(&index.load(), &Listing { sort: Sort::PriceAsc, ..all() });

    assert_eq!((index.load().next_change(), cheapest()), (Some(at(10)), vec![2, 1]));
    let version = index.load().version();
    index.refresh(at(9)).unwrap();
    assert_eq!(index.load().version(), version);

    index.refresh(at(10)).unwrap();
    assert_eq!((index.load().next_change(), cheapest()), (Some(at(20)), vec![1, 2]));

    index.refresh(at(25)).unwrap();
    assert_eq!((index.load().next_change(), cheapest()), (None, vec![2, 1]));
}

#[test]
fn a_row_is_used_again_without_a_trace_of_its_former_product() {
    let index = a_shop_of(&["Gourde", "Savon"]);
    let gone = Delta { products: vec![(product_id(1), None)], ..Delta::default() };
    index.apply(gone, at(0)).unwrap();
    let new = a_product(3, "Théière").done();

    let delta = Delta { products: vec![(product_id(3), Some(new))], ..Delta::default() };
    let snapshot = index.apply(delta, at(0)).unwrap();

    assert_eq!(snapshot.n_products(), 2);
    assert_eq!(numbers(&snapshot, &search_for("gourde")), [0_i64; 0]);
    assert_eq!(numbers(&snapshot, &search_for("theiere")), [3]);
    assert!(snapshot.product_by_number(1).is_none());
    assert!(snapshot.product_by_sku(&sku("P-1")).is_none());
}

#[test]
fn a_renamed_option_is_searched_by_its_new_name() {
    let mut fabric = an_attribute("fabric", AttributeKind::Select, &["linen"]);
    let product = a_product(1, "Chemise").with_select("fabric", "linen").done();
    let index = an_index(a_structure(vec![fabric.clone()], vec![]), vec![product]);
    fabric.options[0].label = both("chanvre", "hemp");

    let structure = Some(a_structure(vec![fabric], vec![]));
    let snapshot = index.apply(Delta { structure, ..Delta::default() }, at(0)).unwrap();

    assert_eq!(numbers(&snapshot, &search_for("chanvre")), [1]);
    assert_eq!(numbers(&snapshot, &search_for("linen")), [0_i64; 0]);
}

#[derive(Clone, Debug)]
enum Step {
    Put(Box<ProductInput>),
    Remove(i64),
    Stock(i64, u32),
    /// The tree with one category moved or hidden, or as it was.
    Restructure(bool),
    Apply,
}

fn a_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (1..10_i64).prop_flat_map(a_random_product).prop_map(|input| Step::Put(Box::new(input))),
        2 => (1..10_i64).prop_map(Step::Remove),
        3 => (1..10_i64, 0..2_u32).prop_map(|(number, stock)| Step::Stock(number, stock)),
        1 => any::<bool>().prop_map(Step::Restructure),
        4 => Just(Step::Apply),
    ]
}

fn restructured(is_changed: bool) -> Structure {
    let mut structure = structure();
    if is_changed {
        structure.categories[4].parent = Some(category_id(3));
        structure.categories[5].is_published = false;
        structure.attributes.remove(0);
    }
    structure
}

/// Everything that can be asked, as text.
fn portrait(snapshot: &Snapshot) -> Vec<String> {
    let mut scopes = vec![Scope::All];
    scopes.extend((1..7).map(|number| Scope::Category(category_id(number))));
    let words = ["gourde", "olive", "savon", "maison", "savn", "huile jardin"];
    scopes.extend(words.map(|word| Scope::Search(word.to_owned())));
    let mut lines = Vec::new();
    for scope in scopes {
        for sort in [Sort::Position, Sort::PriceAsc, Sort::PriceDesc, Sort::Name, Sort::Newest] {
            for locale in [Locale::FR, Locale::EN] {
                let listing = Listing { sort, page_size: 5, ..Listing::new(locale, scope.clone()) };
                let result = snapshot.list(&listing);
                let items: Vec<_> = result
                    .items
                    .iter()
                    .map(|offer| (offer.product.number, offer.from, &offer.available))
                    .collect();
                lines.push(format!(
                    "{scope:?} {sort:?} {locale:?}: {} {items:?} {:?} {:?} {:?} {} {:?} {:?}",
                    result.total,
                    result.facets,
                    result.categories,
                    result.price,
                    result.n_in_stock,
                    result.matched,
                    result.suggestion,
                ));
            }
        }
    }
    for number in 1..10 {
        let by_number = snapshot.product_by_number(number);
        lines.push(format!("{:?}", by_number.map(|offer| &offer.product)));
        assert_eq!(snapshot.product(product_id(number)).is_some(), by_number.is_some());
        let Some(offer) = by_number else { continue };
        let slug = &offer.text(Locale::EN).unwrap().slug;
        let by_slug = snapshot.product_by_slug(Locale::EN, slug).unwrap();
        assert!(Arc::ptr_eq(by_slug, offer));
        for variant in &offer.product.variants {
            assert!(Arc::ptr_eq(snapshot.product_by_sku(&variant.sku).unwrap().0, offer));
        }
    }
    lines.push(format!("{} {:?}", snapshot.n_products(), snapshot.next_change()));
    for text in ["go", "sav", "huile o", "brosse"] {
        lines.push(format!("{:?}", snapshot.suggest(Locale::FR, text, 9).len()));
    }
    lines
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, max_shrink_iters: 300, ..ProptestConfig::default() })]

    #[test]
    fn deltas_lead_where_a_fresh_build_leads(
        steps in prop::collection::vec(a_step(), 1..40),
        start in prop::collection::vec((1..10_i64).prop_flat_map(a_random_product), 0..6),
    ) {
        let mut truth: BTreeMap<i64, ProductInput> = BTreeMap::new();
        for input in start {
            truth.insert(input.product.number, input);
        }
        let mut is_changed = false;
        let index = an_index(restructured(is_changed), truth.values().cloned().collect());
        let mut delta = Delta::default();
        let mut now = 0;

        for step in steps {
            if !delta.stock.is_empty() {
                index.apply(std::mem::take(&mut delta), at(now)).unwrap();
            }
            match step {
                Step::Put(input) => {
                    let id = input.product.id;
                    truth.insert(input.product.number, (*input).clone());
                    delta.products.push((id, Some(*input)));
                }
                Step::Remove(number) => {
                    truth.remove(&number);
                    delta.products.push((product_id(number), None));
                }
                Step::Stock(number, stock) => {
                    now += 1;
                    for code in [format!("P-{number}"), format!("V-{number}-1")] {
                        let has = |v: &commerce::catalog::Variant| v.sku.as_str() == code;
                        if let Some(input) = truth.get_mut(&number)
                            && input.product.variants.iter().any(has)
                        {
                            input.available.insert(sku(&code), stock);
                        }
                        delta.stock.push((sku(&code), stock));
                    }
                }
                Step::Restructure(new) => {
                    is_changed = new;
                    delta.structure = Some(restructured(is_changed));
                }
                Step::Apply => {
                    now += 3;
                    index.apply(std::mem::take(&mut delta), at(now)).unwrap();
                }
            }
        }
        now += 1;
        let patched: Arc<Snapshot> = index.apply(delta, at(now)).unwrap();

        let source = search::Source {
            channel: a_channel(),
            structure: restructured(is_changed),
            products: truth.into_values().collect(),
        };
        let fresh = Index::new(source, at(now)).unwrap().load();
        prop_assert_eq!(portrait(&patched), portrait(&fresh));
    }
}
