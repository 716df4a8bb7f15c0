//! Renders every sample.

use jiff::tz::TimeZone;
use web::{assets::Assets, i18n::Locale, render::Renderer, storefront::page::TEMPLATES};

use crate::{html::faults, samples};

pub(crate) fn renderer() -> Renderer {
    let paris = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").expect("a valid time zone");
    Renderer::new(&Assets::embedded(), None, &paris)
}

#[test]
fn every_page_is_sound_in_both_languages() {
    let renderer = renderer();
    for locale in Locale::ALL {
        for sample in samples::all(locale) {
            let html = sample.render(&renderer);
            assert_eq!(faults(&html), Vec::<String>::new(), "{} {locale:?}", sample.name);
        }
    }
}

#[test]
fn every_template_has_a_sample() {
    let sampled: Vec<_> = samples::all(Locale::French).iter().map(|s| s.template).collect();
    for template in TEMPLATES {
        assert!(sampled.contains(template), "{template}");
    }
}

#[test]
fn english_pages_link_to_english_pages() {
    let renderer = renderer();
    for sample in samples::all(Locale::English) {
        let html = sample.render(&renderer);
        for (at, _) in html.match_indices("href=\"/").chain(html.match_indices("action=\"/")) {
            let target = html[at..].split('"').nth(1).unwrap();
            let is_shared = ["/assets/", "/documents/"].iter().any(|p| target.starts_with(p));
            let is_english = target == "/en" || target.starts_with("/en/");
            assert!(is_shared || is_english, "{}: {target}", sample.name);
        }
    }
}

#[test]
fn pages_that_are_cached_hold_no_token() {
    let renderer = renderer();
    for sample in samples::all(Locale::French).iter().filter(|sample| sample.is_cached) {
        assert!(!sample.render(&renderer).contains("name=\"csrf\""), "{}", sample.name);
    }
}

#[test]
fn the_total_and_every_line_stand_before_the_order_button() {
    let samples = samples::all(Locale::French);
    let checkout = samples.iter().find(|sample| sample.name == "checkout").unwrap();
    let html = checkout.render(&renderer());
    let at = |text: &str| html.find(text).unwrap_or_else(|| panic!("no {text}"));

    let button = at("Commander avec obligation de paiement");

    assert!(at("class=\"summary-lines\"") < button);
    assert!(at("Total TVA comprise") < button);
    assert!(at("Garantie légale de conformité") < button);
    assert!(at("id=\"terms\"") < button);
}
