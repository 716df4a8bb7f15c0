//! Categories. Magento has a root above those that shoppers see.

use commerce::catalog::{Category, CategoryCode, CategoryId};
use commerce::content::{Localized, Slug};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shop::catalog::{CategoryInput, CategoryTextInput, ProductInput};

use super::attribute::unsaved;
use super::call::Call;
use super::criteria::Page;
use super::lenient::{Flag, Int};
use super::problem::Problem;
use super::product::{CustomAttribute, Entry, update};
use crate::graphql::uid;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Category")]
pub(super) struct CategoryOut {
    id: i64,
    parent_id: i64,
    name: String,
    is_active: bool,
    position: i64,
    level: i64,
    /// The numbers of those below it, with commas between.
    children: String,
    path: String,
    include_in_menu: bool,
    custom_attributes: Vec<CustomAttribute>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CategoryTree")]
pub(super) struct Tree {
    id: i64,
    parent_id: i64,
    name: String,
    is_active: bool,
    position: i64,
    level: i64,
    product_count: u32,
    children_data: Vec<Tree>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct CategoryProduct {
    sku: String,
    position: i64,
    category_id: String,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "CategoryBody")]
pub(super) struct Body {
    category: CategoryIn,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "CategoryInput")]
struct CategoryIn {
    name: Option<String>,
    parent_id: Option<Int>,
    is_active: Option<Flag>,
    position: Option<Int>,
    custom_attributes: Option<Vec<CustomIn>>,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "CategoryAttributeInput")]
struct CustomIn {
    attribute_code: String,
    value: Option<Value>,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "CategoryMoveBody")]
pub(super) struct MoveBody {
    #[serde(rename = "parentId", alias = "parent_id")]
    parent_id: Int,
    #[serde(rename = "afterId", alias = "after_id")]
    after_id: Option<Int>,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "CategoryProductBody")]
pub(super) struct LinkBody {
    #[serde(rename = "productLink", alias = "product_link")]
    product_link: Link,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "CategoryProductInput")]
struct Link {
    sku: String,
    position: Option<Int>,
}

/// The number of what is above the root: nothing.
const ABOVE: i64 = 0;

/// All categories, to look up those above and below.
struct All(Vec<Category>);

impl All {
    async fn load(call: &Call) -> Result<Self, Problem> {
        Ok(Self(shop::catalog::categories(&call.shop).await?))
    }

    fn by_id(&self, id: CategoryId) -> Option<&Category> {
        self.0.iter().find(|category| category.id == id)
    }

    fn by_number(&self, number: i64) -> Result<&Category, Problem> {
        let found = self.0.iter().find(|category| category.number == number);
        found.ok_or_else(|| Problem::no_entity("id", number))
    }

    /// The one that a client means by a number, none by that of the root.
    fn parent(&self, number: i64) -> Result<Option<CategoryId>, Problem> {
        if number == uid::ROOT || number == ABOVE {
            return Ok(None);
        }
        Ok(Some(self.by_number(number)?.id))
    }

    fn below(&self, parent: Option<CategoryId>) -> Vec<&Category> {
        let mut below: Vec<_> = self.0.iter().filter(|it| it.parent == parent).collect();
        below.sort_by_key(|category| (category.position, category.number));
        below
    }

    /// The way from the top, itself last.
    fn way<'a>(&'a self, category: &'a Category) -> Vec<&'a Category> {
        let mut way = vec![category];
        while let Some(above) = way[way.len() - 1].parent.and_then(|id| self.by_id(id)) {
            if way.len() > self.0.len() {
                break;
            }
            way.push(above);
        }
        way.reverse();
        way
    }

    fn parent_number(&self, category: &Category) -> i64 {
        let parent = category.parent.and_then(|id| self.by_id(id));
        parent.map_or(uid::ROOT, |parent| parent.number)
    }
}

fn level(way: &[&Category]) -> i64 {
    i64::try_from(way.len()).unwrap_or_default() + 1
}

fn out(call: &Call, all: &All, category: &Category) -> CategoryOut {
    let way = all.way(category);
    let text = category.texts.get(call.locale, call.fallback());
    let numbers: Vec<String> = way.iter().map(|one| one.number.to_string()).collect();
    let below = all.below(Some(category.id));
    let children: Vec<String> = below.iter().map(|one| one.number.to_string()).collect();
    let slugs = way.iter().filter_map(|one| one.texts.get(call.locale, call.fallback()));
    let slugs: Vec<&str> = slugs.map(|text| text.slug.as_str()).collect();
    let mut custom_attributes = Vec::new();
    let mut add = |code: &str, value: String| {
        if !value.is_empty() {
            let attribute_code = code.to_owned();
            custom_attributes.push(CustomAttribute { attribute_code, value: value.into() });
        }
    };
    if let Some(text) = text {
        add("url_key", text.slug.to_string());
        add("url_path", slugs.join("/"));
        add("description", shop::markdown::render(&text.description));
        add("meta_description", text.meta_description.clone());
    }
    add("display_mode", "PRODUCTS".to_owned());
    add("is_anchor", "1".to_owned());
    CategoryOut {
        id: category.number,
        parent_id: all.parent_number(category),
        name: text.map(|text| text.name.clone()).unwrap_or_default(),
        is_active: category.is_published,
        position: i64::from(category.position),
        level: level(&way),
        children: children.join(","),
        path: format!("{}/{}", uid::ROOT, numbers.join("/")),
        include_in_menu: true,
        custom_attributes,
    }
}

fn root(call: &Call, all: &All) -> CategoryOut {
    let below: Vec<String> = all.below(None).iter().map(|one| one.number.to_string()).collect();
    CategoryOut {
        id: uid::ROOT,
        parent_id: ABOVE,
        name: call.settings.channel.name.clone(),
        is_active: true,
        position: 1,
        level: 1,
        children: below.join(","),
        path: uid::ROOT.to_string(),
        include_in_menu: true,
        custom_attributes: Vec::new(),
    }
}

pub(super) async fn list(call: Call) -> Result<Page<CategoryOut>, Problem> {
    let all = All::load(&call).await?;
    let own = all.0.iter().map(|category| out(&call, &all, category));
    Ok(call.criteria()?.list(std::iter::once(root(&call, &all)).chain(own)))
}

pub(super) async fn one(call: Call) -> Result<CategoryOut, Problem> {
    let all = All::load(&call).await?;
    match call.number("categoryId")? {
        number if number == uid::ROOT => Ok(root(&call, &all)),
        number => Ok(out(&call, &all, all.by_number(number)?)),
    }
}

pub(super) async fn tree(call: Call) -> Result<Tree, Problem> {
    let all = All::load(&call).await?;
    let catalog = call.catalog().await?;
    let depth = call.asked("depth").and_then(|depth| depth.parse::<u32>().ok());
    let depth = depth.unwrap_or(u32::MAX);
    let number = |name: &str| match call.asked(name).filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => text.parse().map(Some).map_err(|_| Problem::no_entity("id", text)),
    };
    let top = number("rootCategoryId")?.unwrap_or(uid::ROOT);
    let counted = |id: CategoryId| catalog.n_products_in(id);
    if top != uid::ROOT && top != ABOVE {
        let category = all.by_number(top)?;
        return Ok(branch(&call, &all, category, depth, &counted));
    }
    let below = match depth {
        0 => Vec::new(),
        _ => all.below(None),
    };
    Ok(Tree {
        id: uid::ROOT,
        parent_id: ABOVE,
        name: call.settings.channel.name.clone(),
        is_active: true,
        position: 1,
        level: 1,
        product_count: catalog.n_products(),
        children_data: below
            .into_iter()
            .map(|one| branch(&call, &all, one, depth - 1, &counted))
            .collect(),
    })
}

fn branch(
    call: &Call,
    all: &All,
    category: &Category,
    depth: u32,
    counted: &dyn Fn(CategoryId) -> u32,
) -> Tree {
    let text = category.texts.get(call.locale, call.fallback());
    let below = if depth == 0 { Vec::new() } else { all.below(Some(category.id)) };
    let children = below.into_iter().map(|one| branch(call, all, one, depth - 1, counted));
    Tree {
        id: category.number,
        parent_id: all.parent_number(category),
        name: text.map(|text| text.name.clone()).unwrap_or_default(),
        is_active: category.is_published,
        position: i64::from(category.position),
        level: level(&all.way(category)),
        product_count: counted(category.id),
        children_data: children.collect(),
    }
}

fn input_of(category: &Category) -> CategoryInput {
    let texts = category.texts.0.iter().map(|(locale, text)| {
        let text = CategoryTextInput {
            slug: Some(text.slug.clone()),
            name: text.name.clone(),
            description: text.description.clone(),
            meta_description: text.meta_description.clone(),
        };
        (*locale, text)
    });
    CategoryInput {
        code: category.code.clone(),
        parent: category.parent,
        position: category.position,
        is_published: category.is_published,
        picture: category.picture.clone(),
        texts: texts.collect(),
    }
}

/// Writes what is said into a category; what is left out stays.
fn describe(
    call: &Call,
    all: &All,
    input: &mut CategoryInput,
    said: &CategoryIn,
) -> Result<(), Problem> {
    if let Some(Int(parent)) = said.parent_id {
        input.parent = all.parent(parent)?;
    }
    if let Some(Flag(is_active)) = said.is_active {
        input.is_published = is_active;
    }
    if let Some(Int(position)) = said.position {
        input.position = i32::try_from(position).unwrap_or(i32::MAX);
    }
    let known = input.texts.get(call.locale, call.fallback()).cloned();
    let is_new = !input.texts.0.contains_key(&call.locale);
    let mut text = known.unwrap_or_default();
    if is_new {
        text.slug = None;
    }
    let mut is_changed = false;
    if let Some(name) = &said.name {
        text.name = name.clone();
        is_changed = true;
    }
    for custom in said.custom_attributes.iter().flatten() {
        let value = custom.value.as_ref().and_then(Value::as_str).unwrap_or_default();
        match custom.attribute_code.as_str() {
            "url_key" => {
                text.slug = match value {
                    "" => None,
                    value => Some(
                        Slug::new(value)
                            .or_else(|| Slug::from_title(value))
                            .ok_or_else(|| Problem::invalid("url_key", value))?,
                    ),
                };
            }
            "description" => text.description = shop::markdown::of_html(value),
            "meta_description" => value.clone_into(&mut text.meta_description),
            // Magento passes over what it does not know, and clients rely on it.
            _ => continue,
        }
        is_changed = true;
    }
    if is_changed {
        input.texts.0.insert(call.locale, text);
    }
    Ok(())
}

/// A code that no category has yet, made of a name.
fn free_code(all: &All, name: &str) -> Option<CategoryCode> {
    let stem = Slug::from_title(name)?.to_string();
    let stem: String = stem.chars().take(50).collect();
    let stem = stem.trim_end_matches('-');
    let codes = std::iter::once(stem.to_owned()).chain((2..).map(|n| format!("{stem}-{n}")));
    let is_free = |code: &CategoryCode| all.0.iter().all(|known| known.code != *code);
    codes.filter_map(CategoryCode::new).find(is_free)
}

pub(super) async fn create(call: Call, body: Body) -> Result<CategoryOut, Problem> {
    let said = body.category;
    let all = All::load(&call).await?;
    let name = said.name.as_deref().ok_or_else(|| Problem::required("name"))?;
    let code = free_code(&all, name).ok_or_else(|| Problem::invalid("name", name))?;
    let last = all.0.iter().map(|category| category.position).max().unwrap_or_default();
    let mut input = CategoryInput {
        code,
        parent: None,
        position: last.saturating_add(1),
        is_published: false,
        picture: None,
        texts: Localized::default(),
    };
    describe(&call, &all, &mut input, &said)?;
    let category = shop::catalog::create_category(&call.shop, &input).await.map_err(unsaved)?;
    let all = All::load(&call).await?;
    Ok(out(&call, &all, &category))
}

async fn save(call: &Call, id: CategoryId, input: &CategoryInput) -> Result<CategoryOut, Problem> {
    let category = shop::catalog::update_category(&call.shop, id, input).await.map_err(unsaved)?;
    let all = All::load(call).await?;
    Ok(out(call, &all, &category))
}

pub(super) async fn change(call: Call, body: Body) -> Result<CategoryOut, Problem> {
    let all = All::load(&call).await?;
    let category = all.by_number(call.number("id")?)?;
    let mut input = input_of(category);
    describe(&call, &all, &mut input, &body.category)?;
    save(&call, category.id, &input).await
}

pub(super) async fn move_below(call: Call, body: MoveBody) -> Result<bool, Problem> {
    let all = All::load(&call).await?;
    let category = all.by_number(call.number("categoryId")?)?;
    let mut input = input_of(category);
    input.parent = all.parent(body.parent_id.0)?;
    let after = match body.after_id {
        Some(Int(number)) if number > 0 => Some(all.by_number(number)?.position),
        _ => all.below(input.parent).last().map(|last| last.position),
    };
    input.position = after.map_or(0, |after| after.saturating_add(1));
    save(&call, category.id, &input).await?;
    Ok(true)
}

pub(super) async fn remove(call: Call) -> Result<bool, Problem> {
    let all = All::load(&call).await?;
    let category = all.by_number(call.number("categoryId")?)?;
    shop::catalog::delete_category(&call.shop, category.id).await.map_err(unsaved)?;
    Ok(true)
}

pub(super) async fn products(call: Call) -> Result<Vec<CategoryProduct>, Problem> {
    let all = All::load(&call).await?;
    let number = call.number("categoryId")?;
    let category = all.by_number(number)?;
    let frame = super::product::Frame::load(&call).await?;
    let links = frame.in_category(&call, category.id);
    let products = links.into_iter().map(|(sku, position)| CategoryProduct {
        sku,
        position: i64::from(position),
        category_id: number.to_string(),
    });
    Ok(products.collect())
}

async fn link(
    call: &Call,
    sku: &str,
    change: impl Fn(&mut ProductInput, CategoryId),
) -> Result<bool, Problem> {
    let all = All::load(call).await?;
    let category = all.by_number(call.number("categoryId")?)?.id;
    let entry = Entry::find(call, sku).await?;
    update(call, entry, |input| {
        change(input, category);
        Ok(())
    })
    .await?;
    Ok(true)
}

pub(super) async fn add_product(call: Call, body: LinkBody) -> Result<bool, Problem> {
    let Link { sku, position } = body.product_link;
    let position = position.map_or(0, |it| i32::try_from(it.0).unwrap_or(i32::MAX));
    link(&call, &sku, |input, category| {
        input.categories.retain(|(known, _)| *known != category);
        input.categories.push((category, position));
    })
    .await
}

pub(super) async fn remove_product(call: Call) -> Result<bool, Problem> {
    link(&call, call.param("sku"), |input, category| {
        input.categories.retain(|(known, _)| *known != category);
    })
    .await
}
