//! Executes a valid query: asks the resolvers field by field and writes what they answer as JSON.
//!
//! Fields are merged, fragments chosen and arguments coerced once for each type that a selection
//! meets, not once for each object. What comes out is written at once; where a field that may not
//! be null fails, what was written of its parents is taken back. A test compares all of it with
//! the executor of apollo-compiler, which is slower and cannot be moved between threads.

mod input;
#[cfg(test)]
mod oracle;
mod plan;

use std::collections::HashMap;
use std::sync::Arc;

use apollo_compiler::ExecutableDocument;
use apollo_compiler::ast::Type;
use apollo_compiler::executable::Operation;
use apollo_compiler::response::{GraphQLError, JsonMap, JsonValue, ResponseDataPathSegment};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::Valid;
use futures::FutureExt as _;
use futures::future::BoxFuture;

use self::plan::Planned;
use super::schema::Contract;
use super::value::{Args, Ask, Category, Object, Refusal, Value};

/// How many fields one request may have resolved, over all items of all lists.
const MAX_FIELDS: u32 = 200_000;
/// More errors than these say nothing new.
const MAX_ERRORS: usize = 100;

/// What a request came to.
pub(super) struct Executed {
    /// The answer as JSON.
    pub(super) body: Vec<u8>,
    pub(super) has_errors: bool,
    /// Whether something is missing because the database is away.
    pub(super) is_unavailable: bool,
    /// Whether asking once more would be answered the same.
    pub(super) is_final: bool,
}

/// What is executed.
#[derive(Clone, Copy)]
pub(super) struct Request<'r> {
    pub(super) contract: &'r Contract,
    pub(super) document: &'r Valid<ExecutableDocument>,
    pub(super) operation: &'r Operation,
    /// Coerced to the schema.
    pub(super) variables: &'r Valid<JsonMap>,
}

pub(super) async fn execute(request: Request<'_>, root: &dyn Object) -> Executed {
    let mut executor = Executor {
        request,
        plans: Vec::new(),
        known: HashMap::new(),
        path: Vec::new(),
        errors: Vec::new(),
        n_left: MAX_FIELDS,
        is_unavailable: false,
        is_final: true,
        out: Vec::with_capacity(4 << 10),
    };
    executor.out.extend_from_slice(b"{\"data\":");
    let start = executor.out.len();
    let selections = [&request.operation.selection_set];
    let plan = executor.plan(&selections, root.type_name());
    let done = match executor.introspect() {
        Ok(introspected) => executor.object(root, &plan, &introspected).await,
        Err(error) => {
            executor.errors.push(*error);
            Err(Nullified)
        }
    };
    if done.is_err() {
        executor.out.truncate(start);
        executor.out.extend_from_slice(b"null");
    }
    let has_errors = !executor.errors.is_empty();
    if has_errors {
        let errors = serde_json::to_vec(&executor.errors).unwrap_or_default();
        executor.out.extend_from_slice(b",\"errors\":");
        executor.out.extend_from_slice(&errors);
    }
    executor.out.push(b'}');
    Executed {
        body: executor.out,
        has_errors,
        is_unavailable: executor.is_unavailable,
        is_final: executor.is_final,
    }
}

/// A field that may not be null failed: what contains it is null instead.
struct Nullified;

type Done = Result<(), Nullified>;

struct Executor<'r> {
    request: Request<'r>,
    /// The fields of each selection under each type that it met.
    plans: Vec<Arc<Vec<Planned<'r>>>>,
    known: HashMap<(usize, &'r str), usize>,
    path: Vec<ResponseDataPathSegment>,
    errors: Vec<GraphQLError>,
    n_left: u32,
    is_unavailable: bool,
    is_final: bool,
    out: Vec<u8>,
}

impl<'r> Executor<'r> {
    /// Answers what is asked of the schema itself.
    fn introspect(&self) -> Result<JsonMap, Box<GraphQLError>> {
        let Request { contract, document, operation, variables } = self.request;
        let asks = |name: &str| matches!(name, "__schema" | "__type");
        if !operation.is_query() || !operation.root_fields(document).any(|field| asks(&field.name))
        {
            return Ok(JsonMap::new());
        }
        let executed = apollo_compiler::introspection::partial_execute(
            &contract.schema,
            &contract.implementers,
            document,
            operation,
            variables,
        );
        match executed {
            Ok(response) => Ok(response.data.unwrap_or_default()),
            Err(error) => Err(Box::new(error.to_graphql_error(&document.sources))),
        }
    }

    async fn object(
        &mut self,
        object: &dyn Object,
        plan: &[Planned<'r>],
        introspected: &JsonMap,
    ) -> Done {
        self.out.push(b'{');
        for (at, planned) in plan.iter().enumerate() {
            if at > 0 {
                self.out.push(b',');
            }
            self.out.extend_from_slice(&planned.key);
            match planned.name {
                "__typename" => string(&mut self.out, object.type_name()),
                "__schema" | "__type" => {
                    let known = introspected.get(planned.response_key);
                    let json = known.and_then(|value| serde_json::to_vec(value).ok());
                    self.out.extend_from_slice(json.as_deref().unwrap_or(b"null"));
                }
                _ => {
                    let name = planned.field.response_key().clone();
                    self.path.push(ResponseDataPathSegment::Field(name));
                    let done = self.field(object, planned).await;
                    self.path.pop();
                    done?;
                }
            }
        }
        self.out.push(b'}');
        Ok(())
    }

    async fn field(&mut self, object: &dyn Object, planned: &Planned<'r>) -> Done {
        let ty = &planned.field.definition.ty;
        let start = self.out.len();
        let done = match &planned.args {
            Err(message) => self.fail(planned, ty, &Refusal::input(message.as_str())),
            Ok(_) if self.n_left == 0 => {
                self.fail(planned, ty, &Refusal::input("The answer would be too large."))
            }
            Ok(args) => {
                self.n_left -= 1;
                let ask = Ask { name: planned.name, args: Args(args), ty };
                let mut answer = object.field(ask);
                while let Ok(Value::Later(later)) = answer {
                    answer = later.await;
                }
                match answer {
                    Ok(value) => self.value(value, ty, planned).await,
                    Err(refusal) => self.fail(planned, ty, &refusal),
                }
            }
        };
        self.settle(done, ty, start)
    }

    /// Takes back what was written of a value that came to nothing, if it may be null.
    fn settle(&mut self, done: Done, ty: &Type, start: usize) -> Done {
        if done.is_err() && !ty.is_non_null() {
            self.out.truncate(start);
            self.out.extend_from_slice(b"null");
            return Ok(());
        }
        done
    }

    fn fail(&mut self, planned: &Planned<'_>, ty: &Type, refusal: &Refusal) -> Done {
        self.is_unavailable |= refusal.category == Category::Unavailable;
        self.is_final &= !matches!(
            refusal.category,
            Category::Authentication
                | Category::Throttled
                | Category::Unavailable
                | Category::Internal
        );
        if self.errors.len() < MAX_ERRORS {
            let sources = &self.request.document.sources;
            let location = planned.field.name.location();
            let mut error = GraphQLError::new(refusal.message.as_str(), location, sources);
            error.path.clone_from(&self.path);
            let category = JsonValue::String(refusal.category.name().into());
            error.extensions.insert("category", category);
            self.errors.push(error);
        }
        if ty.is_non_null() {
            return Err(Nullified);
        }
        self.out.extend_from_slice(b"null");
        Ok(())
    }

    /// A resolver that does not follow the schema is a bug of ours.
    fn bug(&mut self, planned: &Planned<'_>, ty: &Type) -> Done {
        let (field, ty_text) = (planned.name, ty.to_string());
        tracing::error!(field, ty = ty_text, "the schema was not followed");
        let message = "Internal server error".to_owned();
        self.fail(planned, ty, &Refusal { category: Category::Internal, message })
    }

    async fn value(&mut self, value: Value<'_>, ty: &Type, planned: &Planned<'r>) -> Done {
        match self.leaf(value, ty, planned) {
            Ok(done) => done,
            Err(value) => self.deep(value, ty, planned).await,
        }
    }

    /// Writes a value that has nothing inside; gives back one that has.
    fn leaf<'v>(
        &mut self,
        value: Value<'v>,
        ty: &Type,
        planned: &Planned<'r>,
    ) -> Result<Done, Value<'v>> {
        let name = ty.inner_named_type().as_str();
        match value {
            Value::Object(_) | Value::List(_) | Value::Later(_) => return Err(value),
            Value::Nothing if !ty.is_named() => self.out.extend_from_slice(b"[]"),
            Value::Nothing if ty.is_non_null() => return Err(value),
            Value::Null | Value::Nothing if !ty.is_non_null() => {
                self.out.extend_from_slice(b"null");
            }
            Value::Bool(is_so) if name == "Boolean" => {
                self.out.extend_from_slice(if is_so { b"true" } else { b"false" });
            }
            Value::Int(number) => self.number(&number.to_string(), name),
            Value::Number(text) => self.number(&text, name),
            Value::Text(text) if !matches!(name, "Int" | "Float" | "Boolean") => {
                string(&mut self.out, &text);
            }
            Value::Null | Value::Nothing | Value::Bool(_) | Value::Text(_) => {
                return Ok(self.bug(planned, ty));
            }
        }
        Ok(Ok(()))
    }

    /// Writes what has fields or items. Boxed, because they may have such in turn.
    fn deep<'s, 'v: 's>(
        &'s mut self,
        value: Value<'v>,
        ty: &'s Type,
        planned: &'s Planned<'r>,
    ) -> BoxFuture<'s, Done> {
        async move {
            match value {
                Value::Object(object) => self.composite(&*object, ty, planned).await,
                Value::List(values) => self.list(values, ty, planned).await,
                Value::Nothing => self.nothing(ty, planned).await,
                _ => self.bug(planned, ty),
            }
        }
        .boxed()
    }

    fn number(&mut self, text: &str, type_name: &str) {
        match type_name {
            "Int" | "Float" => self.out.extend_from_slice(text.as_bytes()),
            _ => string(&mut self.out, text),
        }
    }

    async fn composite(&mut self, object: &dyn Object, ty: &Type, planned: &Planned<'r>) -> Done {
        let name = object.type_name();
        if !ty.is_named() || !self.is_possible(name, ty.inner_named_type()) {
            return self.bug(planned, ty);
        }
        let plan = self.plan_of(planned, name);
        self.object(object, &plan, &JsonMap::new()).await
    }

    fn is_possible(&self, name: &str, ty: &str) -> bool {
        name == ty
            || match self.request.contract.schema.types.get(ty) {
                Some(ExtendedType::Interface(_)) => {
                    let object = self.request.contract.schema.get_object(name);
                    object.is_some_and(|object| object.implements_interfaces.contains(ty))
                }
                Some(ExtendedType::Union(union)) => union.members.contains(name),
                _ => false,
            }
    }

    async fn list(&mut self, values: Vec<Value<'_>>, ty: &Type, planned: &Planned<'r>) -> Done {
        if ty.is_named() {
            return self.bug(planned, ty);
        }
        let item = ty.item_type();
        self.out.push(b'[');
        for (at, value) in values.into_iter().enumerate() {
            if at > 0 {
                self.out.push(b',');
            }
            self.path.push(ResponseDataPathSegment::ListIndex(at));
            let start = self.out.len();
            let done = self.value(value, item, planned).await;
            let done = self.settle(done, item, start);
            self.path.pop();
            done?;
        }
        self.out.push(b']');
        Ok(())
    }

    /// What stands for a thing that may not be null and that the shop does not have.
    async fn nothing(&mut self, ty: &Type, planned: &Planned<'r>) -> Done {
        let name = ty.inner_named_type();
        match (name.as_str(), self.request.contract.schema.types.get(name)) {
            ("Int" | "Float", _) => self.out.push(b'0'),
            ("Boolean", _) => self.out.extend_from_slice(b"false"),
            (_, Some(ExtendedType::Enum(values))) => {
                let first = values.values.keys().next();
                string(&mut self.out, first.map_or("", |first| first.as_str()));
            }
            (_, Some(ExtendedType::Object(object))) => {
                let plan = self.plan_of(planned, &object.name);
                return self.empty(&plan, &object.name).await;
            }
            _ => string(&mut self.out, ""),
        }
        Ok(())
    }

    /// An object of which the shop has nothing.
    async fn empty(&mut self, plan: &[Planned<'r>], type_name: &str) -> Done {
        self.out.push(b'{');
        for (at, planned) in plan.iter().enumerate() {
            if at > 0 {
                self.out.push(b',');
            }
            self.out.extend_from_slice(&planned.key);
            if planned.name == "__typename" {
                string(&mut self.out, type_name);
            } else {
                let ty = &planned.field.definition.ty;
                self.value(Value::Nothing, ty, planned).await?;
            }
        }
        self.out.push(b'}');
        Ok(())
    }
}

/// Writes a text as JSON.
fn string(out: &mut Vec<u8>, text: &str) {
    if text.bytes().all(|b| b >= b' ' && b != b'"' && b != b'\\') {
        out.push(b'"');
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
    } else {
        let written = serde_json::to_vec(text).unwrap_or_default();
        out.extend_from_slice(&written);
    }
}
