//! What products are described by: attributes, their options, and sets of them.

use commerce::catalog::{
    Attribute, AttributeCode, AttributeKind, AttributeOption, AttributeSet, OptionCode,
};
use commerce::content::{Localized, Slug};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shop::catalog::SaveStructureError;

use super::call::Call;
use super::criteria::Page;
use super::lenient::{Flag, Int};
use super::problem::Problem;
use super::product::Frame;
use crate::graphql::uid;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Attribute")]
pub(super) struct AttributeOut {
    attribute_id: i64,
    attribute_code: String,
    default_frontend_label: String,
    frontend_input: String,
    frontend_labels: Vec<FrontendLabel>,
    backend_type: String,
    entity_type_id: String,
    scope: String,
    is_required: bool,
    is_user_defined: bool,
    is_unique: String,
    is_filterable: bool,
    is_searchable: String,
    is_visible: bool,
    options: Vec<OptionOut>,
}

#[derive(Serialize, JsonSchema)]
struct FrontendLabel {
    store_id: i64,
    label: String,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AttributeOption")]
pub(super) struct OptionOut {
    label: String,
    value: String,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AttributeSet")]
pub(super) struct SetOut {
    attribute_set_id: i64,
    attribute_set_name: String,
    sort_order: i64,
    entity_type_id: i64,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "AttributeBody")]
pub(super) struct Body {
    attribute: AttributeIn,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "AttributeInput")]
struct AttributeIn {
    attribute_code: Option<String>,
    /// `text`, `textarea`, `price`, `boolean`, `select`, `multiselect`, `date`.
    frontend_input: Option<String>,
    default_frontend_label: Option<String>,
    frontend_labels: Option<Vec<LabelIn>>,
    is_filterable: Option<Flag>,
    is_searchable: Option<Flag>,
    /// New ones; those that are there stay.
    options: Option<Vec<OptionIn>>,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "StoreLabelInput")]
struct LabelIn {
    store_id: Int,
    label: String,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "AttributeOptionInput")]
struct OptionIn {
    label: String,
    store_labels: Option<Vec<LabelIn>>,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "AttributeOptionBody")]
pub(super) struct OptionBody {
    option: OptionIn,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "AttributeOfSetBody")]
pub(super) struct AssignBody {
    #[serde(rename = "attributeSetId", alias = "attribute_set_id")]
    attribute_set_id: Int,
    #[serde(rename = "attributeCode", alias = "attribute_code")]
    attribute_code: String,
}

/// The number of products among the kinds of things that Magento describes by attributes.
const PRODUCTS: i64 = 4;

const INPUTS: [(AttributeKind, &str, &str); 7] = [
    (AttributeKind::Text, "text", "varchar"),
    (AttributeKind::Number, "text", "decimal"),
    (AttributeKind::Boolean, "boolean", "int"),
    (AttributeKind::Select, "select", "int"),
    (AttributeKind::MultiSelect, "multiselect", "varchar"),
    (AttributeKind::Date, "date", "datetime"),
    (AttributeKind::Price, "price", "decimal"),
];

fn options_of(call: &Call, attribute: &Attribute) -> Vec<OptionOut> {
    let options = attribute.options.iter().map(|option| OptionOut {
        label: call.text(&option.label).to_owned(),
        value: uid::option(&attribute.code, &option.code).to_string(),
    });
    options.collect()
}

fn shown(call: &Call, attribute: &Attribute) -> AttributeOut {
    let input = INPUTS.iter().find(|(kind, ..)| *kind == attribute.kind);
    let (_, frontend, backend) = input.copied().unwrap_or(INPUTS[0]);
    let stores = (1_i64..).zip(&call.settings.channel.locales);
    let labels = stores.filter_map(|(store_id, locale)| {
        let label = attribute.label.0.get(locale)?.clone();
        Some(FrontendLabel { store_id, label })
    });
    AttributeOut {
        attribute_id: uid::attribute(&attribute.code),
        attribute_code: attribute.code.as_str().to_owned(),
        default_frontend_label: call.text(&attribute.label).to_owned(),
        frontend_input: frontend.to_owned(),
        frontend_labels: labels.collect(),
        backend_type: backend.to_owned(),
        entity_type_id: PRODUCTS.to_string(),
        scope: if attribute.kind == AttributeKind::Text { "store" } else { "global" }.to_owned(),
        is_required: false,
        is_user_defined: true,
        is_unique: "0".to_owned(),
        is_filterable: attribute.is_filterable,
        is_searchable: i64::from(attribute.is_searchable).to_string(),
        is_visible: true,
        options: options_of(call, attribute),
    }
}

pub(super) async fn list(call: Call) -> Result<Page<AttributeOut>, Problem> {
    let frame = Frame::load(&call).await?;
    Ok(call.criteria()?.list(frame.catalog.attributes().iter().map(|it| shown(&call, it))))
}

/// The attribute that the path names, by its code or number.
async fn find(call: &Call) -> Result<Attribute, Problem> {
    let frame = Frame::load(call).await?;
    find_in(&frame, call.param("attributeCode")).cloned()
}

fn find_in<'f>(frame: &'f Frame, text: &str) -> Result<&'f Attribute, Problem> {
    let mut known = frame.catalog.attributes().iter();
    let found = known.find(|attribute| {
        attribute.code.as_str() == text || uid::attribute(&attribute.code).to_string() == text
    });
    found.ok_or_else(|| {
        let message = "The attribute with a \"%1\" attributeCode doesn't exist. Verify the \
                       attribute and try again.";
        Problem::missing(message).with("1", text)
    })
}

pub(super) async fn one(call: Call) -> Result<AttributeOut, Problem> {
    Ok(shown(&call, &find(&call).await?))
}

pub(super) async fn options(call: Call) -> Result<Vec<OptionOut>, Problem> {
    let attribute = find(&call).await?;
    // Magento begins with a choice of nothing.
    let nothing = OptionOut { label: " ".to_owned(), value: String::new() };
    let is_select = matches!(attribute.kind, AttributeKind::Select | AttributeKind::MultiSelect);
    let nothing = is_select.then_some(nothing);
    Ok(nothing.into_iter().chain(options_of(&call, &attribute)).collect())
}

/// Writes what is said of an attribute in the store views that have numbers.
fn label(call: &Call, text: &mut Localized<String>, said: &[LabelIn]) {
    for one in said {
        let place = usize::try_from(one.store_id.0 - 1).ok();
        let locale = place.and_then(|place| call.settings.channel.locales.get(place));
        if let Some(locale) = locale {
            text.0.insert(*locale, one.label.clone());
        }
    }
}

/// Adds an option under a code that is free, and gives the code.
fn add(call: &Call, attribute: &mut Attribute, said: &OptionIn) -> Result<OptionCode, Problem> {
    let text = said.label.trim();
    let known = attribute.options.iter().find(|option| {
        option.label.0.values().any(|label| label == text) || option.code.as_str() == text
    });
    if let Some(known) = known {
        return Ok(known.code.clone());
    }
    let stem = Slug::from_title(text).map_or_else(|| "option".to_owned(), |it| it.to_string());
    let stem: String = stem.chars().take(50).collect();
    let codes = std::iter::once(stem.clone()).chain((2..).map(|n| format!("{stem}-{n}")));
    let is_free = |code: &OptionCode| attribute.options.iter().all(|it| it.code != *code);
    let code = codes.filter_map(OptionCode::new).find(is_free);
    let code = code.ok_or_else(|| Problem::invalid("label", text))?;
    let mut texts = Localized::default().with(call.fallback(), text.to_owned());
    label(call, &mut texts, said.store_labels.as_deref().unwrap_or_default());
    attribute.options.push(AttributeOption { code: code.clone(), label: texts, swatch: None });
    Ok(code)
}

pub(super) fn unsaved(error: SaveStructureError) -> Problem {
    match error {
        SaveStructureError::NotFound => Problem::missing("No such entity."),
        SaveStructureError::Invalid(problems) => {
            let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
            Problem::bad(format!("It can't be saved: {}.", all.join("; ")))
        }
        SaveStructureError::Db(error) => error.into(),
    }
}

async fn save(call: &Call, attribute: &Attribute) -> Result<(), Problem> {
    shop::catalog::save_attribute(&call.shop, attribute).await.map_err(unsaved)
}

fn describe(call: &Call, attribute: &mut Attribute, said: &AttributeIn) -> Result<(), Problem> {
    if let Some(text) = &said.default_frontend_label {
        attribute.label.0.insert(call.fallback(), text.clone());
    }
    label(call, &mut attribute.label, said.frontend_labels.as_deref().unwrap_or_default());
    if let Some(Flag(is_filterable)) = said.is_filterable {
        attribute.is_filterable = is_filterable;
    }
    if let Some(Flag(is_searchable)) = said.is_searchable {
        attribute.is_searchable = is_searchable;
    }
    for option in said.options.iter().flatten().filter(|option| !option.label.trim().is_empty()) {
        add(call, attribute, option)?;
    }
    Ok(())
}

pub(super) async fn create(call: Call, body: Body) -> Result<AttributeOut, Problem> {
    let said = body.attribute;
    let text = said.attribute_code.as_deref().ok_or_else(|| Problem::required("attribute_code"))?;
    let code = AttributeCode::new(text).ok_or_else(|| Problem::invalid("attribute_code", text))?;
    let frame = Frame::load(&call).await?;
    if frame.catalog.attribute(&code).is_some() {
        return Err(
            Problem::bad("An attribute with the same code (%1) already exists.").with("1", text)
        );
    }
    let input = said.frontend_input.as_deref().unwrap_or("text");
    let kind = match input {
        "text" | "textarea" | "texteditor" => AttributeKind::Text,
        "datetime" => AttributeKind::Date,
        "weight" => AttributeKind::Number,
        other => {
            let known = INPUTS.iter().find(|(_, name, _)| *name == other);
            known.ok_or_else(|| Problem::invalid("frontend_input", other))?.0
        }
    };
    let mut attribute = Attribute {
        code,
        kind,
        label: Localized::default(),
        is_filterable: false,
        is_searchable: false,
        is_axis: kind == AttributeKind::Select,
        options: Vec::new(),
    };
    describe(&call, &mut attribute, &said)?;
    save(&call, &attribute).await?;
    Ok(shown(&call, &attribute))
}

pub(super) async fn change(call: Call, body: Body) -> Result<AttributeOut, Problem> {
    let mut attribute = find(&call).await?;
    describe(&call, &mut attribute, &body.attribute)?;
    save(&call, &attribute).await?;
    Ok(shown(&call, &attribute))
}

/// Adds an option and gives its number, which is a text here.
pub(super) async fn add_option(call: Call, body: OptionBody) -> Result<String, Problem> {
    let mut attribute = find(&call).await?;
    if body.option.label.trim().is_empty() {
        return Err(Problem::required("label"));
    }
    let code = add(&call, &mut attribute, &body.option)?;
    save(&call, &attribute).await?;
    Ok(uid::option(&attribute.code, &code).to_string())
}

fn set_out(call: &Call, set: &AttributeSet) -> SetOut {
    SetOut {
        attribute_set_id: uid::attribute_set(&set.code),
        attribute_set_name: call.text(&set.name).to_owned(),
        sort_order: 0,
        entity_type_id: PRODUCTS,
    }
}

pub(super) async fn sets(call: Call) -> Result<Page<SetOut>, Problem> {
    let sets = shop::catalog::attribute_sets(&call.shop).await?;
    Ok(call.criteria()?.list(sets.iter().map(|set| set_out(&call, set))))
}

async fn find_set(call: &Call, id: i64) -> Result<AttributeSet, Problem> {
    let sets = shop::catalog::attribute_sets(&call.shop).await?;
    let found = sets.into_iter().find(|set| uid::attribute_set(&set.code) == id);
    found.ok_or_else(|| Problem::no_entity("id", id))
}

pub(super) async fn set(call: Call) -> Result<SetOut, Problem> {
    Ok(set_out(&call, &find_set(&call, call.number("attributeSetId")?).await?))
}

pub(super) async fn of_set(call: Call) -> Result<Vec<AttributeOut>, Problem> {
    let set = find_set(&call, call.number("attributeSetId")?).await?;
    let frame = Frame::load(&call).await?;
    let attributes = set.attributes.iter().filter_map(|code| frame.catalog.attribute(code));
    Ok(attributes.map(|attribute| shown(&call, attribute)).collect())
}

/// Puts an attribute into a set, after the others, and gives its number.
pub(super) async fn assign(call: Call, body: AssignBody) -> Result<i64, Problem> {
    let mut set = find_set(&call, body.attribute_set_id.0).await?;
    let frame = Frame::load(&call).await?;
    let attribute = find_in(&frame, &body.attribute_code)?;
    if !set.attributes.contains(&attribute.code) {
        set.attributes.push(attribute.code.clone());
        shop::catalog::save_attribute_set(&call.shop, &set).await.map_err(unsaved)?;
    }
    Ok(uid::attribute(&attribute.code))
}
