//! What a list can be narrowed by, and how many products would be left.

use commerce::catalog::{Attribute, CategoryId};
use search::{Facet, FacetOption, FilterValue, ListingResult, PriceBucket};

use crate::graphql::context::Context;
use crate::graphql::uid;
use crate::graphql::value::{Answer, Ask, Object, Value};

/// The price, the categories, then the merchant's attributes.
pub(super) fn all<'c>(context: &'c Context, found: &'c ListingResult) -> Vec<Aggregation<'c>> {
    let mut all = Vec::with_capacity(found.facets.len() + 2);
    let price = found.price.as_ref().filter(|price| !price.buckets.is_empty());
    let price = price.map(|price| Of::Price(&price.buckets));
    let categories: Vec<(CategoryId, u32)> = found
        .categories
        .iter()
        .filter(|count| count.count > 0)
        .map(|count| (count.category, count.count))
        .collect();
    let categories = (!categories.is_empty()).then_some(Of::Categories(categories));
    let facets = found.facets.iter().filter_map(|facet| {
        Some(Of::Attribute(context.catalog.attribute(&facet.attribute)?, facet))
    });
    let of = price.into_iter().chain(categories).chain(facets);
    for (position, of) in (0..).zip(of) {
        all.push(Aggregation { context, of, position });
    }
    all
}

enum Of<'c> {
    Price(&'c [PriceBucket]),
    Categories(Vec<(CategoryId, u32)>),
    Attribute(&'c Attribute, &'c Facet),
}

pub(super) struct Aggregation<'c> {
    context: &'c Context,
    of: Of<'c>,
    position: u32,
}

impl Aggregation<'_> {
    fn options(&self) -> Vec<OptionNode> {
        let context = self.context;
        match &self.of {
            Of::Price(buckets) => buckets
                .iter()
                .map(|bucket| {
                    let (from, to) = (bucket.from.to_decimal(), bucket.to.to_decimal());
                    OptionNode {
                        label: format!("{from}-{to}"),
                        value: format!("{from}_{to}"),
                        count: bucket.count,
                    }
                })
                .collect(),
            Of::Categories(counts) => counts
                .iter()
                .filter_map(|&(id, count)| {
                    let category = context.catalog.category(id)?;
                    let text = category.texts.get(context.locale, context.fallback())?;
                    let value = uid::of(category.number);
                    Some(OptionNode { label: text.name.clone(), value, count })
                })
                .collect(),
            Of::Attribute(attribute, facet) => facet
                .options
                .iter()
                .filter(|option| option.count > 0)
                .map(|option| self.option(attribute, option))
                .collect(),
        }
    }

    fn option(&self, attribute: &Attribute, counted: &FacetOption) -> OptionNode {
        let (label, value) = match &counted.value {
            FilterValue::Bool(is_so) => {
                let is_french = self.context.locale == commerce::channel::Locale::FR;
                let label = match (is_so, is_french) {
                    (true, true) => "Oui",
                    (true, false) => "Yes",
                    (false, true) => "Non",
                    (false, false) => "No",
                };
                (label.to_owned(), i64::from(*is_so).to_string())
            }
            FilterValue::Option(code) => {
                let known = attribute.options.iter().find(|option| option.code == *code);
                let label = known.map_or(code.as_str(), |option| self.context.text(&option.label));
                (label.to_owned(), uid::option(&attribute.code, code).to_string())
            }
        };
        OptionNode { label, value, count: counted.count }
    }
}

impl Object for Aggregation<'_> {
    fn type_name(&self) -> &'static str {
        "Aggregation"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        let is_french = self.context.locale == commerce::channel::Locale::FR;
        Ok(match ask.name {
            "attribute_code" => match &self.of {
                Of::Price(_) => "price".into(),
                Of::Categories(_) => "category_uid".into(),
                Of::Attribute(attribute, _) => attribute.code.as_str().into(),
            },
            "label" => match &self.of {
                Of::Price(_) if is_french => "Prix".into(),
                Of::Price(_) => "Price".into(),
                Of::Categories(_) if is_french => "Catégorie".into(),
                Of::Categories(_) => "Category".into(),
                Of::Attribute(attribute, _) => self.context.text(&attribute.label).into(),
            },
            "count" => i64::try_from(self.options().len()).unwrap_or(i64::MAX).into(),
            "options" => Value::objects(self.options()),
            "position" => self.position.into(),
            _ => Value::Nothing,
        })
    }
}

struct OptionNode {
    label: String,
    value: String,
    count: u32,
}

impl Object for OptionNode {
    fn type_name(&self) -> &'static str {
        "AggregationOption"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "label" => self.label.as_str().into(),
            "value" => self.value.as_str().into(),
            "count" => self.count.into(),
            _ => Value::Nothing,
        })
    }
}

/// What a list can be sorted by.
pub(super) struct SortFields;

const SORTS: [(&str, &str); 4] =
    [("position", "Position"), ("name", "Name"), ("price", "Price"), ("relevance", "Relevance")];

impl Object for SortFields {
    fn type_name(&self) -> &'static str {
        "SortFields"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "default" => "position".into(),
            "options" => {
                Value::objects(SORTS.iter().map(|(value, label)| SortField { value, label }))
            }
            _ => Value::Nothing,
        })
    }
}

struct SortField {
    value: &'static str,
    label: &'static str,
}

impl Object for SortField {
    fn type_name(&self) -> &'static str {
        "SortField"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "value" => self.value.into(),
            "label" => self.label.into(),
            _ => Value::Nothing,
        })
    }
}

/// What the shopper may have meant.
pub(super) struct Suggestion<'c>(pub(super) &'c str);

impl Object for Suggestion<'_> {
    fn type_name(&self) -> &'static str {
        "SearchSuggestion"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "search" => self.0.into(),
            _ => Value::Nothing,
        })
    }
}
