//! The schema: Magento's contract, and a field for each attribute of the merchant's.

use std::fmt::Write;
use std::sync::{Arc, LazyLock};

use apollo_compiler::collections::HashMap;
use apollo_compiler::parser::Parser;
use apollo_compiler::schema::{ExtendedType, Implementers};
use apollo_compiler::validation::Valid;
use apollo_compiler::{Name, Schema};
use arc_swap::ArcSwapOption;
use commerce::catalog::{Attribute, AttributeCode, AttributeKind};
use search::Snapshot;

use super::document::Documents;

/// The files of `schema/`, by name.
const FILES: [(&str, &str); 21] = [
    ("attribute", include_str!("../../schema/attribute.graphql")),
    ("bundle", include_str!("../../schema/bundle.graphql")),
    ("cart", include_str!("../../schema/cart.graphql")),
    ("catalog", include_str!("../../schema/catalog.graphql")),
    ("companion", include_str!("../../schema/companion.graphql")),
    ("compare", include_str!("../../schema/compare.graphql")),
    ("configurable", include_str!("../../schema/configurable.graphql")),
    ("content", include_str!("../../schema/content.graphql")),
    ("customer", include_str!("../../schema/customer.graphql")),
    ("downloadable", include_str!("../../schema/downloadable.graphql")),
    ("eco", include_str!("../../schema/eco.graphql")),
    ("grouped", include_str!("../../schema/grouped.graphql")),
    ("inventory", include_str!("../../schema/inventory.graphql")),
    ("mutation", include_str!("../../schema/mutation.graphql")),
    ("order", include_str!("../../schema/order.graphql")),
    ("payment", include_str!("../../schema/payment.graphql")),
    ("query", include_str!("../../schema/query.graphql")),
    ("review", include_str!("../../schema/review.graphql")),
    ("search", include_str!("../../schema/search.graphql")),
    ("store", include_str!("../../schema/store.graphql")),
    ("wishlist", include_str!("../../schema/wishlist.graphql")),
];

const PRODUCTS: [&str; 7] = [
    "interface ProductInterface",
    "type SimpleProduct",
    "type ConfigurableProduct",
    "type VirtualProduct",
    "type BundleProduct",
    "type DownloadableProduct",
    "type GroupedProduct",
];

/// The contract with the fields of no merchant.
static PLAIN: LazyLock<Valid<Schema>> =
    LazyLock::new(|| build("").expect("a test holds that the committed files are a schema"));

/// A schema with what is prepared for it.
pub(super) struct Contract {
    pub(super) schema: Valid<Schema>,
    pub(super) implementers: HashMap<Name, Implementers>,
    pub(super) documents: Documents,
    attributes: Vec<AttributeField>,
}

/// What the schema needs to know of an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
struct AttributeField {
    code: AttributeCode,
    kind: AttributeKind,
    is_filterable: bool,
}

impl AttributeField {
    fn new(attribute: &Attribute) -> Self {
        let Attribute { code, kind, is_filterable, .. } = attribute;
        Self { code: code.clone(), kind: *kind, is_filterable: *is_filterable }
    }
}

/// The contract of the current catalog.
#[derive(Default)]
pub(super) struct Contracts(ArcSwapOption<(u64, Arc<Contract>)>);

impl Contracts {
    /// The contract for this version of the catalog, made anew when its attributes changed.
    pub(super) fn of(&self, catalog: &Snapshot) -> Arc<Contract> {
        let known = self.0.load_full();
        if let Some(known) = known.as_deref()
            && known.0 == catalog.version()
        {
            return Arc::clone(&known.1);
        }
        let attributes: Vec<_> = catalog.attributes().iter().map(AttributeField::new).collect();
        let contract = match known {
            Some(known) if known.1.attributes == attributes => Arc::clone(&known.1),
            _ => Arc::new(Contract::new(attributes)),
        };
        self.0.store(Some(Arc::new((catalog.version(), Arc::clone(&contract)))));
        contract
    }
}

impl Contract {
    fn new(attributes: Vec<AttributeField>) -> Self {
        let schema = build(&extensions(&attributes)).unwrap_or_else(|error| {
            tracing::error!(error, "the merchant's attributes are not in the schema");
            PLAIN.clone()
        });
        let implementers = schema.implementers_map();
        Self { schema, implementers, documents: Documents::default(), attributes }
    }
}

fn build(extensions: &str) -> Result<Valid<Schema>, String> {
    let mut builder = Schema::builder();
    for (name, text) in FILES {
        Parser::new().parse_into_schema_builder(text, format!("{name}.graphql"), &mut builder);
    }
    if !extensions.is_empty() {
        Parser::new().parse_into_schema_builder(extensions, "attributes.graphql", &mut builder);
    }
    let schema = builder.build().map_err(|error| error.to_string())?;
    schema.validate().map_err(|error| error.to_string())
}

/// The SDL of what the merchant's attributes add; names that the contract has already keep the
/// types that it gives them.
fn extensions(attributes: &[AttributeField]) -> String {
    let mut text = String::new();
    let is_name = |code: &str| !code.starts_with(|c: char| c.is_ascii_digit() || c == '_');
    let is_field = |code: &str| {
        PRODUCTS.iter().any(|of| {
            let name = of.rsplit(' ').next().unwrap_or_default();
            PLAIN.type_field(name, code).is_ok()
        })
    };
    let filter = PLAIN.types.get("ProductAttributeFilterInput");
    let is_filter = |code: &str| matches!(filter, Some(ExtendedType::InputObject(of)) if of.fields.contains_key(code));
    let named: Vec<_> =
        attributes.iter().filter(|attribute| is_name(attribute.code.as_str())).collect();
    let fields: Vec<String> = named
        .iter()
        .filter(|attribute| !is_field(attribute.code.as_str()))
        .map(|attribute| format!("{}: {}", attribute.code, type_of(attribute.kind)))
        .collect();
    if !fields.is_empty() {
        for of in PRODUCTS {
            let _ = writeln!(text, "extend {of} {{ {} }}", fields.join(" "));
        }
    }
    let filters: Vec<String> = named
        .iter()
        .filter(|attribute| attribute.is_filterable && !is_filter(attribute.code.as_str()))
        .map(|attribute| format!("{}: FilterEqualTypeInput", attribute.code))
        .collect();
    if !filters.is_empty() {
        let filters = filters.join(" ");
        let _ = writeln!(text, "extend input ProductAttributeFilterInput {{ {filters} }}");
    }
    text
}

fn type_of(kind: AttributeKind) -> &'static str {
    match kind {
        AttributeKind::Select | AttributeKind::Boolean => "Int",
        AttributeKind::Text | AttributeKind::MultiSelect | AttributeKind::Date => "String",
        AttributeKind::Number | AttributeKind::Price => "Float",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(code: &str, kind: AttributeKind) -> AttributeField {
        AttributeField { code: AttributeCode::new(code).unwrap(), kind, is_filterable: true }
    }

    #[test]
    fn the_committed_files_are_a_schema() {
        assert_eq!(build("").err(), None);
    }

    #[test]
    fn an_attribute_becomes_a_field_of_each_product_and_a_filter() {
        let contract = Contract::new(vec![
            attribute("scent", AttributeKind::Select),
            attribute("size", AttributeKind::Select),
            attribute("2nd", AttributeKind::Text),
            attribute("__typename", AttributeKind::Text),
        ]);

        for of in ["ProductInterface", "SimpleProduct", "ConfigurableProduct", "BundleProduct"] {
            let field = contract.schema.type_field(of, "scent").unwrap();
            assert_eq!(field.ty.to_string(), "Int");
            assert!(contract.schema.type_field(of, "2nd").is_err());
        }
        let filter = contract.schema.get_input_object("ProductAttributeFilterInput").unwrap();
        assert_eq!(filter.fields["scent"].ty.to_string(), "FilterEqualTypeInput");
        assert_eq!(filter.fields["size"].ty.to_string(), "FilterEqualTypeInput");
    }
}
