//! What of a product is searched, part by part.

use std::ops::Range;

use commerce::catalog::{AttributeValue, ProductKind};
use commerce::channel::Locale;

use super::analysis::{Analyzer, Memory, Word};
use crate::offer::Offer;
use crate::schema::Schema;

/// The texts of a product in one language, by the weight of the part.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    pub(crate) name: Vec<String>,
    /// SKUs, maker and eco-labels.
    pub(crate) keys: Vec<String>,
    pub(crate) categories: Vec<String>,
    pub(crate) options: Vec<String>,
    pub(crate) short: Vec<String>,
    pub(crate) description: Vec<String>,
    /// Found whole, such as `gl-tee-sage-s`.
    pub(crate) skus: Vec<String>,
}

impl Parts {
    pub(crate) fn new(offer: &Offer, schema: &Schema, locale: Locale) -> Self {
        let product = &*offer.product;
        let mut parts = Self::default();
        if let Some(text) = offer.text(locale) {
            parts.name.push(text.name.clone());
            parts.short.push(text.short.clone());
            parts.description.push(text.description.clone());
        }
        parts.skus = product.variants.iter().map(|v| v.sku.as_str().to_ascii_lowercase()).collect();
        parts.keys.extend(parts.skus.iter().cloned());
        parts.keys.extend(product.manufacturer.as_ref().map(|maker| maker.name.clone()));
        parts.keys.extend(product.eco.labels.iter().map(|label| label.scheme.clone()));

        let mut places: Vec<u32> =
            schema.places(product).flat_map(|(place, _)| schema.and_above(place)).collect();
        places.sort_unstable();
        places.dedup();
        for node in places.into_iter().filter_map(|place| schema.node(place)) {
            let text = node.category.texts.get(locale, offer.locale);
            parts.categories.extend(text.map(|text| text.name.clone()));
        }

        let mut label = |code: &_, option: &_| {
            let Some((_, attribute)) = schema.attribute(code) else { return };
            if attribute.is_searchable
                && let Some(option) = attribute.options.iter().find(|other| other.code == *option)
            {
                let label = option.label.text(locale, offer.locale).to_owned();
                if !parts.options.contains(&label) {
                    parts.options.push(label);
                }
            }
        };
        for (code, value) in &product.attributes {
            match value {
                AttributeValue::Select(option) => label(code, option),
                AttributeValue::MultiSelect(options) => {
                    for option in options {
                        label(code, option);
                    }
                }
                AttributeValue::Text(_)
                | AttributeValue::Number(_)
                | AttributeValue::Boolean(_)
                | AttributeValue::Date(_)
                | AttributeValue::Price(_) => {}
            }
        }
        if let ProductKind::Configurable { .. } = product.kind {
            for variant in product.variants.iter().filter(|variant| variant.is_enabled) {
                for (code, option) in &variant.options {
                    label(code, option);
                }
            }
        }
        for (code, value) in &product.attributes {
            if let AttributeValue::Text(text) = value
                && schema.attribute(code).is_some_and(|(_, attribute)| attribute.is_searchable)
            {
                parts.options.push(text.text(locale, offer.locale).to_owned());
            }
        }
        parts
    }
}

/// A set of words written as one text, for an index that splits at spaces.
///
/// The words lie one behind the other: a string for each would be most of the work on a catalog.
#[derive(Debug, Default)]
pub(crate) struct Terms {
    letters: String,
    places: Vec<Range<usize>>,
}

impl Terms {
    pub(crate) fn push(&mut self, term: &str) {
        let start = self.letters.len();
        self.letters.push_str(term);
        self.places.push(start..self.letters.len());
    }

    pub(crate) fn push_stems(&mut self, word: &Word) {
        for stem in &word.stems {
            self.push(stem);
        }
    }

    pub(crate) fn push_all(&mut self, word: &Word) {
        self.push_stems(word);
        self.push(&word.folded);
    }

    /// Each term once.
    pub(crate) fn join(self) -> String {
        let term = |place: Range<usize>| self.letters.get(place).unwrap_or_default();
        let mut terms: Vec<&str> = self.places.into_iter().map(term).collect();
        terms.sort_unstable();
        terms.dedup();
        terms.join(" ")
    }
}

/// The stems of one part, which are also put among those of the whole product.
pub(crate) fn stems(
    analyzer: &Analyzer,
    memory: &mut Memory,
    texts: &[String],
    all: &mut Terms,
) -> Terms {
    let mut terms = Terms::default();
    for text in texts {
        memory.each(analyzer, text, |word| {
            terms.push_stems(word);
            all.push_all(word);
        });
    }
    terms
}
