//! Queries: parsed, held to the limits, validated, and kept for the next time.

use std::collections::HashMap;
use std::sync::Arc;

use apollo_compiler::ast::{Definition, Document as Ast, Selection};
use apollo_compiler::parser::Parser;
use apollo_compiler::response::GraphQLError;
use apollo_compiler::validation::{DiagnosticList, Valid};
use apollo_compiler::{ExecutableDocument, Schema};
use moka::sync::Cache;

/// Longer queries are not read.
const MAX_LENGTH: usize = 64 << 10;
const MAX_TOKENS: usize = 20_000;
/// Brackets within brackets, before anything is known of what they mean.
const MAX_NESTING: usize = 100;
/// Magento's own limits, fragments counted wherever they are spread.
const MAX_DEPTH: usize = 20;
const MAX_COMPLEXITY: usize = 300;
/// How often one request may ask for the whole schema.
const MAX_INTROSPECTIONS: usize = 4;
/// The most memory that kept queries may take, by the length of their text.
const CAPACITY: u64 = 4 << 20;

/// Queries that were found valid under one schema.
pub(super) struct Documents(Cache<String, Arc<Valid<ExecutableDocument>>>);

impl Default for Documents {
    fn default() -> Self {
        let weigh = |text: &String, _: &_| u32::try_from(text.len()).unwrap_or(u32::MAX);
        Self(Cache::builder().max_capacity(CAPACITY).weigher(weigh).build())
    }
}

impl Documents {
    /// The query, ready to be executed, or what is wrong with it.
    pub(super) fn get(
        &self,
        schema: &Valid<Schema>,
        query: &str,
    ) -> Result<Arc<Valid<ExecutableDocument>>, Unfit> {
        if let Some(known) = self.0.get(query) {
            return Ok(known);
        }
        let document = Arc::new(prepare(schema, query)?);
        self.0.insert(query.to_owned(), Arc::clone(&document));
        Ok(document)
    }
}

/// Why a query is not executed.
pub(super) enum Unfit {
    /// It is no GraphQL, or more than we read.
    Refused(Vec<GraphQLError>),
    /// It asks what the schema does not have.
    Invalid(Vec<GraphQLError>),
}

fn prepare(schema: &Valid<Schema>, query: &str) -> Result<Valid<ExecutableDocument>, Unfit> {
    if query.len() > MAX_LENGTH {
        return Err(Unfit::Refused(vec![plain("Syntax Error: the query is too long")]));
    }
    let mut parser = Parser::new().token_limit(MAX_TOKENS).recursion_limit(MAX_NESTING);
    let ast = parser
        .parse_ast(query, "query.graphql")
        .map_err(|found| Unfit::Refused(said("Syntax Error: ", &found.errors)))?;
    check(&ast).map_err(Unfit::Refused)?;
    let document = ast
        .to_executable_validate(schema)
        .map_err(|found| Unfit::Invalid(said("", &found.errors)))?;
    for operation in document.operations.iter() {
        apollo_compiler::introspection::check_max_depth(&document, operation)
            .map_err(|error| Unfit::Refused(vec![error.to_graphql_error(&document.sources)]))?;
    }
    Ok(document)
}

pub(super) fn plain(message: impl Into<String>) -> GraphQLError {
    GraphQLError::new(message, None, &Arc::default())
}

fn said(prefix: &str, found: &DiagnosticList) -> Vec<GraphQLError> {
    let told = found.iter().take(20).map(|diagnostic| {
        let mut error = diagnostic.to_json();
        error.message.insert_str(0, prefix);
        error
    });
    told.collect()
}

/// What a selection costs.
#[derive(Clone, Copy, Default)]
struct Cost {
    depth: usize,
    fields: usize,
    introspections: usize,
}

/// Holds a query to the limits before it is validated, which can be dear itself.
fn check(ast: &Ast) -> Result<(), Vec<GraphQLError>> {
    let mut fragments = HashMap::new();
    for definition in &ast.definitions {
        if let Definition::FragmentDefinition(fragment) = definition {
            fragments.insert(fragment.name.as_str(), &fragment.selection_set[..]);
        }
    }
    let mut costs = Costs { fragments, known: HashMap::new(), circle: None };
    // A fragment that nothing spreads is validated all the same.
    let names: Vec<&str> = costs.fragments.keys().copied().collect();
    let mut all = Cost::default();
    for name in names {
        all = worse(all, costs.of_fragment(name));
    }
    for definition in &ast.definitions {
        if let Definition::OperationDefinition(operation) = definition {
            all = worse(all, costs.of(&operation.selection_set));
        }
    }
    if let Some(name) = costs.circle {
        return Err(vec![plain(format!("Cannot spread fragment \"{name}\" within itself."))]);
    }
    let refuse = |what: &str, most: usize, got: usize| {
        Err(vec![plain(format!("Max query {what} should be {most} but got {got}."))])
    };
    if all.depth > MAX_DEPTH {
        return refuse("depth", MAX_DEPTH, all.depth);
    }
    if all.fields > MAX_COMPLEXITY {
        return refuse("complexity", MAX_COMPLEXITY, all.fields);
    }
    if all.introspections > MAX_INTROSPECTIONS {
        return refuse("introspections", MAX_INTROSPECTIONS, all.introspections);
    }
    Ok(())
}

fn worse(one: Cost, other: Cost) -> Cost {
    Cost {
        depth: one.depth.max(other.depth),
        fields: one.fields.max(other.fields),
        introspections: one.introspections.max(other.introspections),
    }
}

struct Costs<'a> {
    fragments: HashMap<&'a str, &'a [Selection]>,
    /// `None` while it is being counted.
    known: HashMap<&'a str, Option<Cost>>,
    /// A fragment that spreads itself.
    circle: Option<&'a str>,
}

impl<'a> Costs<'a> {
    fn of_fragment(&mut self, name: &'a str) -> Cost {
        if let Some(known) = self.known.get(name) {
            if known.is_none() {
                self.circle = Some(name);
            }
            return known.unwrap_or_default();
        }
        let Some(&selections) = self.fragments.get(name) else { return Cost::default() };
        self.known.insert(name, None);
        let cost = self.of(selections);
        self.known.insert(name, Some(cost));
        cost
    }

    fn of(&mut self, selections: &'a [Selection]) -> Cost {
        let mut sum = Cost::default();
        for selection in selections {
            let cost = match selection {
                Selection::Field(field) => match field.name.as_str() {
                    // Counted by the depth of its lists instead.
                    "__schema" | "__type" => Cost { depth: 1, fields: 1, introspections: 1 },
                    _ => {
                        let inner = self.of(&field.selection_set);
                        Cost {
                            depth: inner.depth + 1,
                            fields: inner.fields.saturating_add(1),
                            ..inner
                        }
                    }
                },
                Selection::InlineFragment(inline) => self.of(&inline.selection_set),
                Selection::FragmentSpread(spread) => self.of_fragment(&spread.fragment_name),
            };
            sum.depth = sum.depth.max(cost.depth);
            sum.fields = sum.fields.saturating_add(cost.fields);
            sum.introspections = sum.introspections.saturating_add(cost.introspections);
        }
        sum
    }
}
