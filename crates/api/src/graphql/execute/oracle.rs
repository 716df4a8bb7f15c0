//! Compares our executor with that of apollo-compiler, on the same resolvers.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use apollo_compiler::Schema;
use apollo_compiler::ast::Type;
use apollo_compiler::request::coerce_variable_values;
use apollo_compiler::resolvers::{
    AsyncObjectValue, AsyncResolvedValue, Execution, FieldError, ResolveInfo,
};
use apollo_compiler::response::serde_json_bytes::ByteString;
use apollo_compiler::response::{JsonMap, JsonValue};
use apollo_compiler::schema::ExtendedType;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use serde_json::{Value as Json, json};
use testkit::{TestShop, a_configurable, a_product, a_shop};
use tokio::sync::OnceCell;

use super::{Request, execute};
use crate::graphql::context::Context;
use crate::graphql::document::Unfit;
use crate::graphql::query::Query;
use crate::graphql::schema::Contracts;
use crate::graphql::shown::Shown;
use crate::graphql::value::{Args, Ask, Object, Refusal, Value};

/// Between category and message, in what the executor carries from a resolver to the answer.
const SEPARATOR: char = '\u{1f}';

fn carried(refusal: &Refusal) -> FieldError {
    FieldError { message: format!("{}{SEPARATOR}{}", refusal.category.name(), refusal.message) }
}

enum Held<'a> {
    Borrowed(&'a dyn Object),
    Owned(Box<dyn Object + 'a>),
}

struct Node<'a> {
    object: Held<'a>,
}

impl Node<'_> {
    fn object(&self) -> &dyn Object {
        match &self.object {
            Held::Borrowed(object) => *object,
            Held::Owned(object) => &**object,
        }
    }
}

impl AsyncObjectValue for Node<'_> {
    fn type_name(&self) -> &str {
        self.object().type_name()
    }

    fn resolve_field<'a>(
        &'a self,
        info: &'a ResolveInfo<'a>,
    ) -> BoxFuture<'a, Result<AsyncResolvedValue<'a>, FieldError>> {
        let ty = &info.field_definition().ty;
        let ask = Ask { name: info.field_name(), args: Args(info.arguments()), ty };
        let answer = self.object().field(ask);
        async move {
            let mut value = answer.map_err(|refusal| carried(&refusal))?;
            while let Value::Later(later) = value {
                value = later.await.map_err(|refusal| carried(&refusal))?;
            }
            Ok(resolved(value, ty, info.schema()))
        }
        .boxed()
    }
}

fn resolved<'a>(value: Value<'a>, ty: &'a Type, schema: &'a Schema) -> AsyncResolvedValue<'a> {
    match value {
        Value::Null => AsyncResolvedValue::null(),
        Value::Nothing => nothing(ty, schema),
        Value::Bool(is_so) => AsyncResolvedValue::leaf(is_so),
        Value::Int(number) => number_leaf(&number.to_string(), ty),
        Value::Number(text) => number_leaf(&text, ty),
        Value::Text(text) => {
            AsyncResolvedValue::Leaf(JsonValue::String(ByteString::from(text.into_owned())))
        }
        Value::Object(object) => AsyncResolvedValue::object(Node { object: Held::Owned(object) }),
        Value::List(values) => {
            let item = ty.item_type();
            AsyncResolvedValue::list(
                values.into_iter().map(move |value| resolved(value, item, schema)),
            )
        }
        Value::Later(_) => AsyncResolvedValue::null(),
    }
}

/// A number in the shape that their executor wants for the type.
fn number_leaf<'a>(text: &str, ty: &Type) -> AsyncResolvedValue<'a> {
    AsyncResolvedValue::Leaf(match ty.inner_named_type().as_str() {
        "Float" => JsonValue::from(text.parse::<f64>().unwrap()),
        "Int" => JsonValue::from(text.parse::<i64>().unwrap()),
        _ => JsonValue::String(text.into()),
    })
}

/// The same with all numbers as floats.
fn plain(json: Json) -> Json {
    match json {
        Json::Number(number) => json!(number.as_f64()),
        Json::Array(items) => items.into_iter().map(plain).collect(),
        Json::Object(fields) => {
            fields.into_iter().map(|(name, value)| (name, plain(value))).collect()
        }
        other => other,
    }
}

/// What stands for a thing that the shop does not have.
fn nothing<'a>(ty: &'a Type, schema: &'a Schema) -> AsyncResolvedValue<'a> {
    match ty {
        Type::Named(_) => AsyncResolvedValue::null(),
        Type::List(_) | Type::NonNullList(_) => AsyncResolvedValue::list([]),
        Type::NonNullNamed(name) => match (name.as_str(), schema.types.get(name)) {
            ("Int" | "Float", _) => number_leaf("0", ty),
            ("Boolean", _) => AsyncResolvedValue::leaf(false),
            (_, Some(ExtendedType::Enum(values))) => {
                let first = values.values.keys().next();
                AsyncResolvedValue::leaf(first.map_or("", |first| first.as_str()))
            }
            (name, Some(ExtendedType::Object(_))) => AsyncResolvedValue::object(Empty(name)),
            _ => AsyncResolvedValue::leaf(""),
        },
    }
}

/// An object of which the shop has nothing.
struct Empty<'a>(&'a str);

impl AsyncObjectValue for Empty<'_> {
    fn type_name(&self) -> &str {
        self.0
    }

    fn resolve_field<'a>(
        &'a self,
        info: &'a ResolveInfo<'a>,
    ) -> BoxFuture<'a, Result<AsyncResolvedValue<'a>, FieldError>> {
        let nothing = nothing(&info.field_definition().ty, info.schema());
        std::future::ready(Ok(nothing)).boxed()
    }
}

fn context(shop: &TestShop) -> Context {
    let settings = shop.settings();
    Context {
        shop: (**shop).clone(),
        catalog: shop.catalog(),
        locale: settings.channel.default_locale(),
        settings,
        pages: shop.pages(),
        token: None,
        address: IpAddr::V4(Ipv4Addr::LOCALHOST),
        guard: Arc::default(),
        customer: OnceCell::new(),
        shown: Shown::default(),
    }
}

/// What both make of a query: ours, then theirs, in one shape.
async fn both(shop: &TestShop, query: &str, variables: Json) -> (Json, Json) {
    let context = context(shop);
    let contract = Contracts::default().of(&context.catalog);
    let document = match contract.documents.get(&contract.schema, query) {
        Ok(document) => document,
        Err(Unfit::Refused(errors) | Unfit::Invalid(errors)) => panic!("{query}: {errors:?}"),
    };
    let operation = document.operations.get(None).unwrap();
    let variables: JsonMap = serde_json::from_value(variables).unwrap();
    let variables = coerce_variable_values(&contract.schema, operation, &variables).unwrap();
    let root = Query(&context);

    let request =
        Request { contract: &contract, document: &document, operation, variables: &variables };
    let ours = execute(request, &root).await;
    let ours: Json = serde_json::from_slice(&ours.body).unwrap();

    let execution = Execution::new(&contract.schema, &document)
        .implementers_map(&contract.implementers)
        .operation(operation)
        .coerced_variable_values(&variables)
        .enable_schema_introspection(true);
    let theirs = execution.execute_async(&Node { object: Held::Borrowed(&root) }).await.unwrap();
    let mut theirs = serde_json::to_value(&theirs).unwrap();
    for error in theirs.get_mut("errors").and_then(Json::as_array_mut).into_iter().flatten() {
        let message = error["message"].as_str().unwrap().to_owned();
        let carried = message.strip_prefix("resolver error: ").expect(&message);
        let (category, message) = carried.split_once(SEPARATOR).unwrap();
        error["message"] = json!(message);
        error["extensions"] = json!({ "category": category });
    }
    (plain(ours), plain(theirs))
}

#[tokio::test]
async fn both_executors_answer_alike() {
    let shop = a_shop().on_sqlite().await;
    a_product(&shop).price(450).save().await;
    a_product(&shop).sku("POT").price(2_490).eco_participation(12).stock(0).save().await;
    a_configurable(&shop).save().await;
    shop.follow().await;
    let cases = [
        // Aliases, nested lists, interfaces and types.
        (
            "{ all: products(filter: {}) { items { __typename ...on SimpleProduct { sku weight }
                ... on ConfigurableProduct { variants { product { sku url_key }
                    attributes { code label value_index } }
                    configurable_options { label values { label uid swatch_data { value } } } }
                ... on ProductInterface { name price_range { minimum_price {
                    final_price { value currency } fixed_product_taxes { amount { value } } }
                    maximum_price { regular_price { value } } } } } total_count
                aggregations { attribute_code label count options { label value count } } } }",
            json!({}),
        ),
        // Fragments that spread fragments, fields asked for twice and merged.
        (
            "query Q { products(search: \"tea\") { ...A ...A items { sku } } }
             fragment A on Products { items { ...B price_range { maximum_price {
                final_price { value } } } } page_info { total_pages } }
             fragment B on ProductInterface { sku name price_range { minimum_price {
                final_price { value } } } }",
            json!({}),
        ),
        // Directives and variables, with and without values.
        (
            "query Q($with: Boolean!, $size: Int = 2, $sort: ProductAttributeSortInput,
                $none: String) { products(search: $none, filter: { price: { from: \"1\" } },
                pageSize: $size, sort: $sort) {
                items { sku @include(if: $with) name @skip(if: $with) uid }
                total_count @skip(if: $with) page_info { page_size } } }",
            json!({ "with": true, "sort": { "price": "DESC" } }),
        ),
        (
            "query Q($with: Boolean!, $skus: [String]) { products(filter: { sku: { in: $skus } })
                { items { sku @include(if: $with) name @skip(if: $with) } } }",
            json!({ "with": false, "skus": ["POT", "tee"] }),
        ),
        // A value alone where a list is asked for.
        ("{ products(filter: { sku: { in: \"TEA\" } }) { items { id sku } } }", json!({})),
        // Errors at nullable and at non-null places, beside what succeeds.
        (
            "{ products { total_count } storeConfig { store_code } category(id: 99) { name }
                customer { email } country(id: \"FR\") { three_letter_abbreviation } }",
            json!({}),
        ),
        ("{ customerCart { id } storeConfig { store_code } }", json!({})),
        ("{ customer { email } guestOrderByToken(input: { token: \"\" }) { id } }", json!({})),
        // What the shop does not have, where it may and may not be null.
        (
            "{ productReviewRatingsMetadata { items { id } } cmsBlocks { items { title } }
                customAttributeMetadataV2(attributes: []) { items { code } errors { message } }
                recaptchaV3Config { website_key } attributesForm(formCode: \"x\") {
                    items { code } errors { type } } storeConfig { order_cancellation_enabled
                    order_cancellation_reasons { description } braintree_environment } }",
            json!({}),
        ),
        (
            "{ products(search: \"tea\") { items { reviews { items { text } page_info {
                total_pages } } rating_summary gift_message_available color size material } } }",
            json!({}),
        ),
        // The schema itself, beside data.
        (
            "query Q($name: String!) { __typename __type(name: $name) { kind fields { name
                type { name } } } storeConfig { locale } __schema { queryType { name } } }",
            json!({ "name": "Money" }),
        ),
        (
            "{ countries { id full_name_locale available_regions { code } } currency {
            exchange_rates { currency_to rate } } availableStores { store_code locale } }",
            json!({}),
        ),
        (
            "{ route(url: \"tee.html\") { __typename type relative_url ... on ConfigurableProduct {
            sku } } gone: route(url: \"none\") { type } urlResolver(url: \"/tea\") { id type } }",
            json!({}),
        ),
    ];
    for (query, variables) in cases {
        let (ours, theirs) = both(&shop, query, variables).await;

        assert_eq!(ours, theirs, "{query}");
    }
}
