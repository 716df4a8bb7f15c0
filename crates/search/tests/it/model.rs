//! Listings of random catalogs, compared with a count that looks at every product anew.

use std::collections::{BTreeMap, BTreeSet};

use commerce::catalog::{
    AttributeCode, AttributeKind, AttributeValue, Category, OptionCode, Product, ProductKind,
    Visibility,
};
use proptest::prelude::*;
use search::{FilterValue, Listing, ListingResult, ProductInput, Structure};

use crate::builders::*;

const COLORS: [&str; 3] = ["sage", "ecru", "black"];
const SIZES: [&str; 3] = ["s", "m", "l"];
const FABRICS: [&str; 3] = ["linen", "cotton", "hemp"];

pub(crate) fn structure() -> Structure {
    let attributes = vec![
        an_axis("color", &COLORS),
        an_axis("size", &SIZES),
        an_attribute("fabric", AttributeKind::MultiSelect, &FABRICS),
        an_attribute("vegan", AttributeKind::Boolean, &[]),
    ];
    let mut hidden = a_category(4, Some(2), "Caché");
    hidden.is_published = false;
    let categories = vec![
        a_category(1, None, "Maison"),
        a_category(2, Some(1), "Cuisine"),
        a_category(3, Some(1), "Bain"),
        hidden,
        a_category(5, Some(2), "Thé"),
        a_category(6, None, "Jardin"),
    ];
    a_structure(attributes, categories)
}

/// A variant's color, size, price in euros, stock, and whether it is enabled.
type VariantSpec = (usize, usize, i64, u32, bool);

pub(crate) fn a_random_product(number: i64) -> impl Strategy<Value = ProductInput> {
    let variant = (0..3_usize, 0..3_usize, 1..30_i64, 0..3_u32, prop::bool::weighted(0.8));
    let attributes = (
        prop::option::of(0..3_usize),
        prop::collection::btree_set(0..3_usize, 0..3),
        prop::option::of(any::<bool>()),
    );
    (
        prop::collection::vec(variant, 0..4),
        attributes,
        prop::collection::vec((1..8_i64, -2..3_i32), 0..3),
        prop::sample::select(vec!["Gourde", "Huile d’olive", "Savon doux", "Brosse", "écharpe"]),
        (any::<bool>(), prop::bool::weighted(0.9), 0..3_i64, prop::option::of(1..40_i64)),
    )
        .prop_map(move |(variants, attributes, categories, name, rest)| {
            built(number, &variants, attributes, categories, name, rest)
        })
}

fn built(
    number: i64,
    variants: &[VariantSpec],
    (color, fabrics, vegan): (Option<usize>, BTreeSet<usize>, Option<bool>),
    categories: Vec<(i64, i32)>,
    name: &str,
    (is_configurable, is_published, created, sale): (bool, bool, i64, Option<i64>),
) -> ProductInput {
    let mut builder = a_product(number, name);
    if is_configurable {
        builder = builder.by(&["color", "size"]);
        for (place, &(color, size, euros, stock, _)) in variants.iter().enumerate() {
            let options = [("color", COLORS[color]), ("size", SIZES[size])];
            builder =
                builder.with_variant(&format!("V-{number}-{place}"), &options, euros * 100, stock);
        }
    } else if let Some(&(_, _, euros, stock, _)) = variants.first() {
        builder = builder.priced(euros * 100);
        if stock == 0 {
            builder = builder.sold_out();
        }
    }
    if let Some(color) = color {
        builder = builder.with_select("color", COLORS[color]);
    }
    if let Some(vegan) = vegan {
        builder = builder.with("vegan", AttributeValue::Boolean(vegan));
    }
    let fabrics = fabrics.into_iter().map(|fabric| option_code(FABRICS[fabric])).collect();
    builder = builder.with("fabric", AttributeValue::MultiSelect(fabrics));
    for (category, position) in categories {
        builder = builder.in_category(category, position);
    }
    if let Some(until) = sale {
        builder = builder.on_sale(150, Some(until / 2), Some(until));
    }
    if !is_published {
        builder = builder.seen_as(Visibility::Hidden);
    }
    let mut input = builder.done();
    input.product.created_at = at(created);
    if is_configurable {
        for (variant, spec) in input.product.variants.iter_mut().zip(variants) {
            variant.is_enabled = spec.4;
        }
    }
    input
}

fn a_random_listing() -> impl Strategy<Value = Listing> {
    let some = |options: [&'static str; 3]| prop::sample::subsequence(options.to_vec(), 0..=2);
    (
        prop::option::of(1..8_i64),
        prop::option::of(1..8_i64),
        (some(COLORS), some(SIZES), some(FABRICS)),
        prop::option::of(any::<bool>()),
        (prop::option::of(0..20_i64), prop::option::of(5..30_i64), any::<bool>()),
    )
        .prop_map(|(scope, within, (colors, sizes, fabrics), vegan, (low, high, in_stock))| {
            let mut listing = scope.map_or_else(all, in_category);
            listing.within = within.map(category_id);
            for (code, selected) in [("color", colors), ("size", sizes), ("fabric", fabrics)] {
                if !selected.is_empty() {
                    listing.filters.push(options(code, &selected));
                }
            }
            if let Some(vegan) = vegan {
                let values = vec![FilterValue::Bool(vegan)];
                listing.filters.push(search::Filter { attribute: attribute_code("vegan"), values });
            }
            listing.price = (low.map(|low| eur(low * 100)), high.map(|high| eur(high * 100)));
            listing.in_stock_only = in_stock;
            listing.page_size = 1_000;
            listing
        })
}

/// What one way of buying a product offers: an enabled variant, or the product as a whole.
struct Way {
    values: BTreeMap<AttributeCode, BTreeSet<FilterValue>>,
    is_in_stock: bool,
}

fn ways(input: &ProductInput) -> Vec<Way> {
    let product = &input.product;
    let axes = match &product.kind {
        ProductKind::Simple => vec![],
        ProductKind::Configurable { axes } => axes.clone(),
    };
    let mut shared: BTreeMap<AttributeCode, BTreeSet<FilterValue>> = BTreeMap::new();
    let option = |code: &OptionCode| FilterValue::Option(code.clone());
    for (code, value) in product.attributes.iter().filter(|(code, _)| !axes.contains(code)) {
        let values = match value {
            AttributeValue::Select(code) => vec![option(code)],
            AttributeValue::MultiSelect(codes) => codes.iter().map(option).collect(),
            AttributeValue::Boolean(is_true) => vec![FilterValue::Bool(*is_true)],
            _ => vec![],
        };
        shared.insert(code.clone(), values.into_iter().collect());
    }
    let sold = product.variants.iter().filter(|variant| variant.is_enabled);
    sold.map(|variant| {
        let mut values = shared.clone();
        for (code, chosen) in &variant.options {
            values.insert(code.clone(), BTreeSet::from([option(chosen)]));
        }
        let is_in_stock = input.available.get(&variant.sku).is_some_and(|&number| number > 0);
        Way { values, is_in_stock }
    })
    .collect()
}

fn is_in_category(product: &Product, id: commerce::catalog::CategoryId, tree: &[Category]) -> bool {
    let find = |id| tree.iter().find(|category| category.id == id);
    let is_seen = |id| {
        let mut above = std::iter::successors(find(id), |category| find(category.parent?));
        find(id).is_some() && above.all(|category| category.is_published)
    };
    let is_below = |own| {
        std::iter::successors(find(own), |c| find(c.parent?)).any(|category| category.id == id)
    };
    product.categories.iter().any(|&(own, _)| is_seen(own) && is_below(own))
}

/// Whether one way of buying satisfies a listing, apart from what is to be ignored.
fn satisfies(way: &Way, listing: &Listing, without: Option<&AttributeCode>) -> bool {
    let has = |filter: &search::Filter| {
        let own = way.values.get(&filter.attribute);
        own.is_some_and(|own| filter.values.iter().any(|value| own.contains(value)))
    };
    (!listing.in_stock_only || way.is_in_stock)
        && listing.filters.iter().all(|f| Some(&f.attribute) == without || has(f))
}

fn lowest(product: &Product) -> Option<i64> {
    let sold = product.variants.iter().filter(|variant| variant.is_enabled);
    sold.flat_map(|variant| &variant.prices).map(|price| price.effective(at(0)).minor()).min()
}

fn is_in_price(product: &Product, listing: &Listing) -> bool {
    lowest(product).is_some_and(|price| {
        listing.price.0.is_none_or(|low| low.minor() <= price)
            && listing.price.1.is_none_or(|high| price <= high.minor())
    })
}

fn check(products: &[ProductInput], listing: &Listing, result: &ListingResult) {
    let structure = structure();
    let tree = &structure.categories;
    let scope = match listing.scope {
        search::Scope::Category(id) => Some(id),
        _ => None,
    };
    let in_scope: Vec<&ProductInput> = products
        .iter()
        .filter(|input| input.product.visibility == Visibility::Published)
        .filter(|input| lowest(&input.product).is_some())
        .filter(|input| {
            [scope, listing.within]
                .into_iter()
                .flatten()
                .all(|id| is_in_category(&input.product, id, tree))
        })
        .collect();
    let is_in_list = |input: &&&ProductInput| {
        is_in_price(&input.product, listing)
            && ways(input).iter().any(|way| satisfies(way, listing, None))
    };
    let expected: BTreeSet<i64> =
        in_scope.iter().filter(is_in_list).map(|input| input.product.number).collect();
    let found: BTreeSet<i64> = result.items.iter().map(|offer| offer.product.number).collect();
    assert_eq!(found, expected);
    assert_eq!(usize::try_from(result.total).unwrap(), expected.len());

    for attribute in &structure.attributes {
        let mut values: Vec<FilterValue> = attribute
            .options
            .iter()
            .map(|option| FilterValue::Option(option.code.clone()))
            .collect();
        if attribute.kind == AttributeKind::Boolean {
            values = vec![FilterValue::Bool(false), FilterValue::Bool(true)];
        }
        for value in values {
            let has =
                |way: &Way| way.values.get(&attribute.code).is_some_and(|v| v.contains(&value));
            let counts = |input: &&&ProductInput| {
                is_in_price(&input.product, listing)
                    && ways(input)
                        .iter()
                        .any(|way| satisfies(way, listing, Some(&attribute.code)) && has(way))
            };
            let expected = in_scope.iter().filter(counts).count();
            let facet = result.facets.iter().find(|facet| facet.attribute == attribute.code);
            let option = facet.and_then(|f| f.options.iter().find(|option| option.value == value));
            let count = option.map_or(0, |option| option.count);
            assert_eq!(usize::try_from(count).unwrap(), expected, "{} {value:?}", attribute.code);
        }
    }

    let prices = || {
        let has_way =
            |input: &&&ProductInput| ways(input).iter().any(|way| satisfies(way, listing, None));
        in_scope.iter().filter(has_way).filter_map(|input| lowest(&input.product))
    };
    let spread = result.price.as_ref().map(|price| (price.min.minor(), price.max.minor()));
    assert_eq!(spread, prices().min().zip(prices().max()));
    let in_buckets: u32 = result.price.iter().flat_map(|p| &p.buckets).map(|b| b.count).sum();
    assert_eq!(usize::try_from(in_buckets).unwrap(), prices().count());

    let in_stock = Listing { in_stock_only: true, ..listing.clone() };
    let would = in_scope.iter().filter(|input| {
        is_in_price(&input.product, listing)
            && ways(input).iter().any(|way| satisfies(way, &in_stock, None))
    });
    assert_eq!(usize::try_from(result.n_in_stock).unwrap(), would.count());

    for counted in &result.categories {
        let expected = in_scope
            .iter()
            .filter(is_in_list)
            .filter(|input| is_in_category(&input.product, counted.category, tree))
            .count();
        assert_eq!(usize::try_from(counted.count).unwrap(), expected);
    }
}

fn a_random_catalog() -> impl Strategy<Value = Vec<ProductInput>> {
    (1..25_i64).prop_flat_map(|n| (1..=n).map(a_random_product).collect::<Vec<_>>())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, max_shrink_iters: 300, ..ProptestConfig::default() })]

    #[test]
    fn counts_are_those_of_looking_at_every_product(
        products in a_random_catalog(),
        listings in prop::collection::vec(a_random_listing(), 12),
    ) {
        let index = an_index(structure(), products.clone());
        let snapshot = index.load();

        for listing in &listings {
            check(&products, listing, &snapshot.list(listing));
        }
    }
}
