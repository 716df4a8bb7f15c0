//! Simple products that a configurable one might have, one for each combination of options.

use commerce::catalog::Attribute;
use commerce::money::Money;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::OptionIn;
use crate::graphql::uid;
use crate::rest::call::Call;
use crate::rest::lenient::{Decimal, Int, Number};
use crate::rest::problem::Problem;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "VariationBody")]
pub(in crate::rest) struct Body {
    product: Model,
    options: Vec<Choice>,
}

/// A product as clients write it. What is not named here comes back as it was sent.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "VariationModel")]
struct Model {
    sku: String,
    name: String,
    price: Option<Decimal>,
    custom_attributes: Option<Vec<Custom>>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

#[derive(Clone, Deserialize, Serialize, JsonSchema)]
#[schemars(rename = "VariationAttribute")]
struct Custom {
    attribute_code: String,
    value: Value,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "VariationOptionInput")]
struct Choice {
    #[serde(flatten)]
    option: OptionIn,
    values: Option<Vec<ChoiceValue>>,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "VariationValueInput")]
struct ChoiceValue {
    value_index: Int,
}

/// A product that is not saved yet.
#[derive(Serialize, JsonSchema)]
pub(in crate::rest) struct Variation {
    #[serde(flatten)]
    rest: Map<String, Value>,
    sku: String,
    name: String,
    price: Option<Number>,
    type_id: String,
    /// 1: not shown by itself.
    visibility: i64,
    custom_attributes: Vec<Custom>,
}

/// The most products that one request makes.
const MAX: usize = 1_000;

/// An attribute with the numbers of the options that were chosen of it.
type Axis<'c> = (&'c Attribute, Vec<i64>);

fn axis<'c>(known: &'c [Attribute], said: &Choice) -> Result<Axis<'c>, Problem> {
    let Int(id) = said.option.attribute_id.ok_or_else(|| Problem::required("attribute_id"))?;
    let found = known.iter().find(|attribute| uid::attribute(&attribute.code) == id);
    let attribute = found.ok_or_else(|| Problem::no_entity("attribute_id", id))?;
    let numbers = said.values.iter().flatten().map(|&ChoiceValue { value_index: Int(number) }| {
        let mut options = attribute.options.iter();
        let is_known = options.any(|it| uid::option(&attribute.code, &it.code) == number);
        if is_known { Ok(number) } else { Err(Problem::no_entity("value_index", number)) }
    });
    Ok((attribute, numbers.collect::<Result<_, _>>()?))
}

/// Makes a product of each combination, and saves none of them.
pub(in crate::rest) async fn make(call: Call, said: Body) -> Result<Vec<Variation>, Problem> {
    let Body { product, options } = said;
    let currency = call.settings.channel.currency;
    let price = match &product.price {
        Some(price) => {
            let amount = price.money(currency);
            Some(amount.ok_or_else(|| Problem::invalid("price", &price.0))?)
        }
        None => None,
    };
    let catalog = call.catalog().await?;
    let axes = options.iter().map(|option| axis(catalog.attributes(), option));
    let axes: Vec<Axis<'_>> = axes.collect::<Result<_, _>>()?;
    let n_made = axes.iter().try_fold(1_usize, |n, (_, numbers)| n.checked_mul(numbers.len()));
    if n_made.is_none_or(|n| n > MAX) {
        return Err(Problem::bad("A request may make %max products.").with("max", MAX));
    }
    if axes.is_empty() {
        return Ok(Vec::new());
    }
    let mut combinations: Vec<Vec<(&Attribute, i64)>> = vec![Vec::new()];
    for (attribute, numbers) in &axes {
        let longer = combinations.iter().flat_map(|combination| {
            numbers.iter().map(move |&number| {
                let mut longer = combination.clone();
                longer.push((*attribute, number));
                longer
            })
        });
        combinations = longer.collect();
    }
    Ok(combinations.iter().map(|chosen| variation(&product, price, chosen)).collect())
}

fn variation(model: &Model, price: Option<Money>, chosen: &[(&Attribute, i64)]) -> Variation {
    let numbers: Vec<String> = chosen.iter().map(|(_, number)| number.to_string()).collect();
    let suffix = numbers.join("-");
    let mut custom_attributes = model.custom_attributes.clone().unwrap_or_default();
    for (attribute, number) in chosen {
        let code = attribute.code.as_str();
        custom_attributes.retain(|custom| custom.attribute_code != code);
        let value = Value::String(number.to_string());
        custom_attributes.push(Custom { attribute_code: code.to_owned(), value });
    }
    Variation {
        rest: model.rest.clone(),
        sku: format!("{}-{suffix}", model.sku),
        name: format!("{}-{suffix}", model.name),
        price: price.map(Number::from),
        type_id: "simple".to_owned(),
        visibility: 1,
        custom_attributes,
    }
}
