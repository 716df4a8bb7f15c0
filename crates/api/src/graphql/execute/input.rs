//! Arguments, coerced to what the schema says of them.

use apollo_compiler::Schema;
use apollo_compiler::ast::{Type, Value};
use apollo_compiler::executable::Field;
use apollo_compiler::response::{JsonMap, JsonValue};
use apollo_compiler::schema::{ExtendedType, InputObjectType};

/// The arguments of a field with variables and defaults filled in, or why they cannot be had.
///
/// The query is valid and the variables were coerced, so little is left that can be wrong: a
/// variable that is null or missing where the argument may not be.
pub(super) fn arguments(
    schema: &Schema,
    field: &Field,
    variables: &JsonMap,
) -> Result<JsonMap, String> {
    let mut arguments = JsonMap::new();
    for definition in &field.definition.arguments {
        let given = field.specified_argument_by_name(&definition.name);
        let given = given.and_then(|value| coerced(schema, value, &definition.ty, variables));
        let default = definition.default_value.as_ref();
        let value = given.or_else(|| {
            default.and_then(|value| coerced(schema, value, &definition.ty, variables))
        });
        match value {
            Some(JsonValue::Null) | None if definition.ty.is_non_null() => {
                return Err(format!(
                    "Argument \"{}\" of required type \"{}\" was not provided.",
                    definition.name, definition.ty
                ));
            }
            Some(value) => {
                arguments.insert(definition.name.as_str(), value);
            }
            None => {}
        }
    }
    Ok(arguments)
}

/// A value as it was written; `None` for a variable that was not sent.
fn coerced(schema: &Schema, value: &Value, ty: &Type, variables: &JsonMap) -> Option<JsonValue> {
    if let Value::Variable(name) = value {
        return variables.get(name.as_str()).cloned();
    }
    if matches!(value, Value::Null) {
        return Some(JsonValue::Null);
    }
    if let Type::List(item) | Type::NonNullList(item) = ty {
        let one = |value: &Value| coerced(schema, value, item, variables);
        return Some(JsonValue::Array(match value {
            Value::List(values) => {
                values.iter().map(|value| one(value).unwrap_or(JsonValue::Null)).collect()
            }
            single => one(single).into_iter().collect(),
        }));
    }
    match value {
        Value::Enum(name) => Some(JsonValue::String(name.as_str().into())),
        Value::String(text) => Some(JsonValue::String(text.as_str().into())),
        Value::Boolean(is_so) => Some(JsonValue::Bool(*is_so)),
        Value::Int(number) if ty.inner_named_type() == "ID" => {
            Some(JsonValue::String(number.as_str().into()))
        }
        Value::Int(number) => number.as_str().parse().ok().map(JsonValue::Number),
        Value::Float(number) => number.as_str().parse().ok().map(JsonValue::Number),
        Value::Object(fields) => {
            let ExtendedType::InputObject(input) = schema.types.get(ty.inner_named_type())? else {
                return None;
            };
            let written = |name: &str| {
                fields.iter().find(|(known, _)| known == name).map(|(_, value)| &**value)
            };
            Some(JsonValue::Object(object(schema, input, written, variables)))
        }
        Value::List(_) | Value::Null | Value::Variable(_) => None,
    }
}

fn object<'v>(
    schema: &Schema,
    input: &InputObjectType,
    written: impl Fn(&str) -> Option<&'v Value>,
    variables: &JsonMap,
) -> JsonMap {
    let mut object = JsonMap::new();
    for (name, definition) in &input.fields {
        let given = written(name);
        let given = given.and_then(|value| coerced(schema, value, &definition.ty, variables));
        let default = definition.default_value.as_ref();
        let value = given.or_else(|| {
            default.and_then(|value| coerced(schema, value, &definition.ty, variables))
        });
        if let Some(value) = value {
            object.insert(name.as_str(), value);
        }
    }
    object
}
