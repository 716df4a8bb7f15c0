//! What programs read to learn the contract, and the page that people read.

use std::fmt::Write as _;

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::access::Access;
use super::table::Route;

/// The types that handlers read and write, as one OpenAPI 3.1 document.
pub(super) fn document(routes: &[Route]) -> Value {
    let settings = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into());
    // What is left out of a body is left out of its type, not null.
    let mut schemas = settings.into_generator();
    let mut paths = Map::new();
    for route in routes {
        let operation = operation(route, &mut schemas);
        let path = format!("/V1/{}", route.path);
        let known = paths.entry(path).or_insert_with(|| json!({}));
        known[route.method.as_str().to_lowercase()] = operation;
    }
    let definitions = schemas.take_definitions(true);
    let mut components = json!({ "schemas": definitions });
    components["schemas"]["Error"] = json!({
        "type": "object",
        "required": ["message"],
        "properties": {
            "message": { "type": "string", "description": "With a place, such as %sku, for each parameter." },
            "parameters": { "type": ["object", "array"] },
        },
    });
    components["securitySchemes"] = json!({
        "bearer": { "type": "http", "scheme": "bearer",
            "description": "A token of a customer, of staff or of an integration." },
    });
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "GreenLeaf REST",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "The contract of Magento Open Source 2.4.8, as far as the shop goes. Every \
                answer takes `fields=a,b[c]`, which leaves out all else. A store view comes before \
                `V1`, as in `/rest/en/V1`.",
        },
        "servers": [{ "url": "/rest" }],
        "paths": paths,
        "components": components,
    })
}

fn operation(route: &Route, schemas: &mut schemars::SchemaGenerator) -> Value {
    let places = route.segments().into_iter().filter_map(super::table::Part::place);
    let mut parameters: Vec<Value> = places
        .map(|name| {
            json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } })
        })
        .collect();
    if route.is_list {
        let text = json!({ "type": "string" });
        let count =
            json!({ "type": "integer", "minimum": 0, "maximum": super::criteria::MAX_PAGE });
        let filter = "searchCriteria[filter_groups][0][filters][0]";
        for (name, schema) in [
            (format!("{filter}[field]"), &text),
            (format!("{filter}[value]"), &text),
            (format!("{filter}[condition_type]"), &text),
            ("searchCriteria[sortOrders][0][field]".to_owned(), &text),
            ("searchCriteria[sortOrders][0][direction]".to_owned(), &text),
            ("searchCriteria[pageSize]".to_owned(), &count),
            ("searchCriteria[currentPage]".to_owned(), &count),
        ] {
            parameters.push(json!({ "name": name, "in": "query", "schema": schema }));
        }
    }
    if route.method != axum::http::Method::GET {
        parameters.push(json!({ "name": "Idempotency-Key", "in": "header",
            "schema": { "type": "string", "maxLength": 255 },
            "description": "The same request with the same key is answered as before, for a day." }));
    }
    let json_of = |schema: Value| json!({ "application/json": { "schema": schema } });
    let refusal = json_of(json!({ "$ref": "#/components/schemas/Error" }));
    let response = Value::from((route.response)(schemas));
    let mut operation = json!({
        "operationId": format!("{} {}", route.method, route.path),
        "tags": [route.path.split('/').next().unwrap_or_default()],
        "parameters": parameters,
        "responses": {
            "200": { "description": "What was asked for.", "content": json_of(response) },
            "default": { "description": "A refusal.", "content": refusal },
        },
    });
    if let Some(request) = route.request {
        let schema = Value::from(request(schemas));
        operation["requestBody"] = json!({ "required": true, "content": json_of(schema) });
    }
    match route.access {
        Access::Everybody => operation["description"] = json!("Everybody may ask."),
        Access::Customer => {
            operation["description"] = json!("A customer may ask for what is theirs.");
            operation["security"] = json!([{ "bearer": [] }]);
        }
        Access::Resource(resource) => {
            operation["description"] =
                json!(format!("Staff may ask, and integrations that have {resource}."));
            operation["security"] = json!([{ "bearer": [] }]);
        }
    }
    operation
}

/// A list of the routes that loads nothing from elsewhere.
pub(super) fn page(routes: &[Route]) -> String {
    let mut rows = String::new();
    for route in routes {
        let who = match route.access {
            Access::Everybody => "everybody",
            Access::Customer => "customer",
            Access::Resource(resource) => resource,
        };
        let criteria = if route.is_list { "searchCriteria" } else { "" };
        let (method, path) = (&route.method, route.path);
        let _ = writeln!(
            rows,
            "<tr><td>{method}<td><code>/rest/V1/{path}</code><td>{criteria}<td>{who}</tr>"
        );
    }
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>GreenLeaf REST</title>\
         <h1>GreenLeaf REST</h1>\
         <p>The contract of Magento Open Source 2.4.8, as far as the shop goes. The types of bodies \
         and answers are in the <a href=\"/rest/schema\">OpenAPI 3.1 document</a>. A store view \
         comes before <code>V1</code>, as in <code>/rest/en/V1</code>; \
         <code>fields=items[sku],total_count</code> leaves out all else.</p>\
         <table><thead><tr><th>Method<th>Address<th>Lists<th>Who may ask</tr></thead>\
         <tbody>\n{rows}</tbody></table></html>\n"
    )
}
