//! Every text that a page asks for exists, and every text that exists is asked for.

use std::{collections::BTreeSet, fs, path::Path};

use web::{
    i18n::{Locale, Texts},
    render::embedded_templates,
};

/// The literals that follow `before`, as in `t("…")`.
fn literals<'a>(source: &'a str, before: &str) -> Vec<&'a str> {
    let mut found = Vec::new();
    for (at, _) in source.match_indices(before) {
        let is_word = source[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let rest = &source[at + before.len()..];
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
        if let (false, Some(quote)) = (is_word, quote)
            && let Some(end) = rest[1..].find(quote)
        {
            found.push(&rest[1..=end]);
        }
    }
    found
}

fn messages(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            messages(&path, found);
        } else {
            let source = fs::read_to_string(&path).expect("a readable file");
            found.extend(literals(&source, "Message::new(").into_iter().map(String::from));
            found.extend(literals(&source, "Self::new(").into_iter().map(String::from));
        }
    }
}

#[test]
fn pages_use_exactly_the_texts_that_there_are() {
    let mut used = BTreeSet::new();
    for (_, source) in embedded_templates() {
        used.extend(literals(source, "t(").into_iter().map(String::from));
    }
    messages(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut used);

    for locale in Locale::ALL {
        let known: BTreeSet<String> = Texts::embedded(locale).keys().into_iter().collect();
        let missing: Vec<_> = used.difference(&known).collect();
        let unused: Vec<_> = known.difference(&used).collect();
        assert!(missing.is_empty(), "{} lacks {missing:?}", locale.tag());
        assert!(unused.is_empty(), "{} has {unused:?} for nothing", locale.tag());
    }
}

#[test]
fn keys_are_never_computed() {
    for (name, source) in embedded_templates() {
        for (at, _) in source.match_indices("t(") {
            let is_word = source[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            let is_literal = source[at + 2..].starts_with(['"', '\'']);
            assert!(is_word || is_literal, "{name}: {}", &source[at..at + 20]);
        }
    }
}

/// The wording of the order button is the law's, to the letter.
#[test]
fn the_order_button_and_the_withdrawal_link_say_what_the_law_says() {
    let [french, english] = Locale::ALL.map(Texts::embedded);
    assert_eq!(french.fixed("checkout-place"), Some("Commander avec obligation de paiement"));
    assert_eq!(english.fixed("checkout-place"), Some("Place order with obligation to pay"));
    assert_eq!(french.fixed("withdrawal-link"), Some("Renoncer au contrat ici"));
    assert_eq!(french.fixed("withdrawal-confirm"), Some("Confirmer la rétractation"));
}

#[test]
fn nothing_is_called_free_of_charge() {
    for locale in Locale::ALL {
        let texts = Texts::embedded(locale);
        for key in texts.keys() {
            let text = texts.fixed(&key).unwrap_or_default().to_lowercase();
            assert!(!text.contains("gratuit") && !text.contains("for free"), "{key}: {text}");
        }
    }
}
