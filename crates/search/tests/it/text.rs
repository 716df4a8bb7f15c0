//! What shoppers type and what they find.

use std::collections::BTreeMap;

use commerce::catalog::AttributeKind;
use commerce::channel::Locale;
use commerce::eco::Label;
use search::{Index, Listing, Match, Scope, Sort, Structure, Suggestion};

use crate::builders::*;

fn found(index: &Index, text: &str) -> (Vec<i64>, Match) {
    let snapshot = index.load();
    let listing = search_for(text);
    (numbers(&snapshot, &listing), snapshot.list(&listing).matched)
}

#[test]
fn french_words_are_found_in_all_their_forms() {
    let index = a_shop_of(&[
        "L’huile d’olive vierge",
        "Bouteilles écologiques",
        "Robe d'été recyclée",
        "Savon à l'olive",
    ]);

    for (text, numbers) in [
        ("huile", vec![1]),
        ("l'huile d'olive", vec![1]),
        ("HUILES D’OLIVES", vec![1]),
        ("olive", vec![1, 4]),
        ("bouteille ecologique", vec![2]),
        ("écologiques", vec![2]),
        ("recycle", vec![3]),
        ("recyclé", vec![3]),
        ("recyclee", vec![3]),
        ("ete", vec![3]),
        ("le savon de la olive", vec![4]),
    ] {
        assert_eq!(found(&index, text), (numbers, Match::Exact), "{text}");
    }
}

#[test]
fn search_grows_lenient_step_by_step() {
    let index = a_shop_of(&["Gourde isotherme", "Brosse à dents bambou", "Savon solide"]);

    for (text, expected) in [
        ("gourde", (vec![1], Match::Exact)),
        ("brosse bam", (vec![2], Match::Prefix)),
        ("isoth", (vec![1], Match::Prefix)),
        ("guorde", (vec![1], Match::Typo)),
        ("gorde isoterme", (vec![1], Match::Typo)),
        ("brose", (vec![2], Match::Typo)),
        ("savon gourde", (vec![1, 3], Match::Partial)),
        ("xylophone", (vec![], Match::None)),
        ("so", (vec![3], Match::Prefix)),
        ("s", (vec![], Match::None)),
    ] {
        assert_eq!(found(&index, text), expected, "{text}");
    }
}

#[test]
fn a_correction_is_offered_where_spelling_failed() {
    let index = a_shop_of(&["Gourde isotherme", "Brosse à dents réutilisable"]);
    let suggestion = |text: &str| index.load().list(&search_for(text)).suggestion;

    assert_eq!(suggestion("gourde"), None);
    assert_eq!(suggestion("gorde isoterme").as_deref(), Some("gourde isotherme"));
    assert_eq!(suggestion("broosse reutilisabel").as_deref(), Some("brosse réutilisable"));
    assert_eq!(suggestion("reutilissabel").as_deref(), Some("réutilisable"));
    assert_eq!(suggestion("zzzzzz"), None);
}

#[test]
fn what_is_in_the_name_comes_before_what_is_in_the_description() {
    let categories = vec![a_category(1, None, "Bambou")];
    let mut fabric = an_attribute("fabric", AttributeKind::Select, &["bamboo"]);
    fabric.options[0].label = both("bambou", "bamboo");
    let mut labelled = a_product(2, "Peigne").done();
    labelled.product.eco.labels =
        vec![Label { scheme: "Bambou Net".to_owned(), licence: "1".to_owned() }];
    let index = an_index(
        a_structure(vec![fabric], categories),
        vec![
            a_product(1, "Tasse").described("", "En bambou.").done(),
            labelled,
            a_product(3, "Verre").described("Du bambou.", "").done(),
            a_product(4, "Brosse").with_select("fabric", "bamboo").done(),
            a_product(5, "Bol").in_category(1, 0).done(),
            a_product(6, "Bambou").done(),
        ],
    );

    assert_eq!(found(&index, "bambou"), (vec![6, 2, 5, 4, 3, 1], Match::Exact));
    let by_price = Listing { sort: Sort::PriceAsc, ..search_for("bambou") };
    assert_eq!(numbers(&index.load(), &by_price), [1, 2, 3, 4, 5, 6]);
}

#[test]
fn synonyms_hold_in_both_directions_and_the_typed_word_comes_first() {
    let list = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
    let synonyms = BTreeMap::from([(
        Locale::FR,
        vec![list(&["gourde", "bouteille", "flasque"]), list(&["vélo", "deux roues"])],
    )]);
    let names = ["Flasque", "Bouteilles", "Gourde", "Sonnette de vélo", "Deux belles roues"];
    let products = (1..).zip(names).map(|(number, name)| a_product(number, name).done()).collect();
    let index = an_index(Structure { synonyms, ..Structure::default() }, products);

    assert_eq!(found(&index, "gourdes").0, [3, 1, 2]);
    assert_eq!(found(&index, "bouteille").0, [2, 1, 3]);
    assert_eq!(found(&index, "velo").0, [4, 5]);
    assert_eq!(found(&index, "deux roues").0, [5, 4]);
    assert_eq!(found(&index, "deux").0, [5]);
}

#[test]
fn a_sku_finds_its_product_alone() {
    let index = an_index(
        Structure::default(),
        vec![
            a_product(1, "Chemise").by(&[]).with_variant("GL-TEE-S", &[], 1, 1).done(),
            a_product(2, "GL TEE S tuyau").done(),
        ],
    );

    assert_eq!(found(&index, " gl-tee-s ").0, [1]);
    assert_eq!(found(&index, "gl tee").0, [2, 1]);
}

#[test]
fn each_language_has_its_own_words() {
    let product = a_product(1, "Gourde").named(Locale::EN, "Reusable bottles");
    let index = an_index(Structure::default(), vec![product.done(), a_product(2, "Thé").done()]);
    let english = |text: &str| {
        numbers(&index.load(), &Listing::new(Locale::EN, Scope::Search(text.to_owned())))
    };

    assert_eq!(english("bottle"), [1]);
    assert_eq!(english("gourde"), [0_i64; 0]);
    assert_eq!(english("thé"), [2]);
    assert_eq!(found(&index, "bottle").0, [0_i64; 0]);
}

#[test]
fn hostile_texts_are_words_or_nothing() {
    let index = a_shop_of(&["Gourde isotherme", "日本 茶"]);
    let long = "gourde ".repeat(2_000);
    let one_word = "a".repeat(10_000);
    let accents = "\u{301}".repeat(500);

    for text in [
        "",
        " ",
        "'",
        "''’",
        "\"",
        "\"gourde",
        "gourde\"~2",
        "(gourde",
        "gourde)",
        "[a TO z]",
        "{",
        "name:gourde",
        "gourde^1000",
        "gourde AND",
        "OR",
        "NOT gourde",
        "+-&&||!(){}[]^\"~*?:\\/",
        "*",
        "?",
        "*:*",
        "\0",
        "\u{1b}[31m",
        "gourde\0isotherme",
        "🦆",
        "🦆🦆🦆 gourde",
        "\u{202e}gourde",
        "مرحبا",
        "שלום",
        "日本",
        "l'",
        "d’",
        "%27%20OR%201=1",
        "<script>",
        "ǅ",
        "İ",
        "ﬀ",
        &long,
        &one_word,
        &accents,
    ] {
        let _ = found(&index, text);
        let _ = index.load().suggest(Locale::FR, text, 10);
        let english = Listing::new(Locale::EN, Scope::Search(text.to_owned()));
        let _ = index.load().list(&english);
    }

    for text in ["\"gourde\"", "name:gourde^2 isotherme", "(gourde OR", "\u{202e}gourde", &long] {
        let listing = Listing { sort: Sort::Name, ..search_for(text) };
        assert!(numbers(&index.load(), &listing).contains(&1), "{text}");
    }
    for text in ["", "*", "*:*", "?", "🦆", "'", "\0", "de la"] {
        assert_eq!(found(&index, text), (vec![], Match::None), "{text}");
    }
    assert_eq!(found(&index, "日本").0, [2]);
}

#[test]
fn suggestions_complete_words_then_name_categories_and_products() {
    let categories = vec![a_category(1, None, "Huiles et vinaigres"), a_category(2, None, "Bain")];
    let mut featured = a_product(3, "Huile de noix").done();
    featured.product.is_featured = true;
    let products =
        vec![a_product(1, "Huile d'olive").done(), a_product(2, "Huilier").done(), featured];
    let index = an_index(a_structure(vec![], categories), products);
    let suggest = |text: &str| -> Vec<String> {
        let name = |suggestion: Suggestion| match suggestion {
            Suggestion::Term(term) => term,
            Suggestion::Category(id) => format!("category {}", id.0.as_u128()),
            Suggestion::Product(offer) => format!("product {}", offer.product.number),
        };
        index.load().suggest(Locale::FR, text, 8).into_iter().map(name).collect()
    };

    assert_eq!(
        suggest("hui"),
        ["huile", "huilier", "category 1", "product 3", "product 1", "product 2"]
    );
    assert_eq!(suggest("huile d'ol"), ["huile d'olive", "product 1"]);
    assert_eq!(suggest("huile noiz"), ["product 3"]);
    assert_eq!(suggest("bain"), ["category 2"]);
    assert_eq!(suggest(""), [""; 0]);
}
