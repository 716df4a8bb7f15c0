//! Attributes with their options, attribute sets and categories: few, and written by the use cases
//! of the back office.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use anyhow::Result;
use commerce::catalog::{
    Attribute, AttributeCode, AttributeKind, AttributeOption, AttributeSet, AttributeSetCode,
    Category, CategoryCode, CategoryId, OptionCode,
};
use commerce::content::{Localized, Slug};
use db::magento::{EntityKind, Magento, Row};
use exchange::html::to_markdown;
use shop::Shop;
use shop::catalog::{
    CategoryInput, CategoryTextInput, SaveStructureError, create_category, save_attribute,
    save_attribute_set, update_category,
};

use super::Move;
use super::aside::Entity;
use super::values::Values;

/// The longest name that an attribute, an option, a set or a category may have.
const MAX_NAME: usize = 255;

/// An attribute whose values are moved.
#[derive(Clone, Debug)]
pub(super) struct Taken {
    pub(super) code: AttributeCode,
    pub(super) kind: AttributeKind,
    /// By Magento's number.
    pub(super) options: HashMap<u64, OptionCode>,
}

/// The structure of the catalog, by Magento's numbers.
#[derive(Debug, Default)]
pub(super) struct Structure {
    /// Those of Magento's own making, such as `name`, by their codes.
    pub(super) own: HashMap<String, u64>,
    pub(super) taken: BTreeMap<u64, Taken>,
    pub(super) sets: HashMap<u64, String>,
    /// The names of a category and those above it, from the top down.
    pub(super) paths: HashMap<u64, Vec<String>>,
}

/// The code of a category that came from Magento.
pub(super) fn category_code(id: u64) -> CategoryCode {
    CategoryCode::new(format!("magento-{id}")).expect("letters, digits and a hyphen")
}

fn kind_of(input: &str) -> Option<AttributeKind> {
    Some(match input {
        "text" | "textarea" | "texteditor" | "pagebuilder" => AttributeKind::Text,
        "select" | "swatch_visual" | "swatch_text" => AttributeKind::Select,
        "multiselect" => AttributeKind::MultiSelect,
        "boolean" => AttributeKind::Boolean,
        "date" | "datetime" => AttributeKind::Date,
        "price" => AttributeKind::Price,
        "weight" => AttributeKind::Number,
        _ => return None,
    })
}

fn free_code(text: &str, taken: &HashSet<String>) -> String {
    let slug = Slug::from_title(text);
    let stem = slug.as_ref().map_or("option", Slug::as_str);
    let stem = stem[..stem.len().min(50)].trim_end_matches('-');
    let numbered = (2_u32..).map(|number| format!("{stem}-{number}"));
    std::iter::once(stem.to_owned())
        .chain(numbered)
        .find(|code| !taken.contains(code))
        .expect("there are more numbers than codes")
}

impl Move<'_> {
    pub(super) async fn structure(&mut self, source: &mut Magento) -> Result<Structure> {
        let mut structure = Structure::default();
        self.attributes(source, &mut structure).await?;
        self.sets(source, &mut structure).await?;
        self.categories(source, &mut structure).await?;
        Ok(structure)
    }

    /// A label in each language: that of its view, else that of all views.
    fn labels(&self, rows: &[&Row], fallback: &str) -> Localized<String> {
        let of = |view: u64| {
            let found = rows.iter().find(|row| row.id("store_id") == view);
            let text = found.map(|row| row.text("value").trim().to_owned());
            text.filter(|text| !text.is_empty() && text.chars().count() <= MAX_NAME)
        };
        let everywhere = of(0).unwrap_or_else(|| fallback.to_owned());
        let mut labels = Localized::default();
        for view in &self.site.views {
            let label = of(view.id).unwrap_or_else(|| everywhere.clone());
            if !label.is_empty() {
                labels.0.insert(view.locale, label);
            }
        }
        labels
    }

    async fn attributes(&mut self, source: &mut Magento, to: &mut Structure) -> Result<()> {
        let rows = source.attributes(EntityKind::Product).await?;
        let labels = source.attribute_labels().await?;
        let options = source.options().await?;
        let swatches = source.swatches().await?;
        let swatches: HashMap<u64, String> =
            swatches.iter().map(|row| (row.id("option_id"), row.text("value"))).collect();
        let axes: BTreeSet<u64> =
            source.axes().await?.iter().map(|row| row.id("attribute_id")).collect();
        let known = db::catalog::attribute::list(&mut self.shop.db.read().await?).await?;
        for row in &rows {
            let (id, code) = (row.id("attribute_id"), row.text("attribute_code"));
            if row.id("is_user_defined") == 0 {
                to.own.insert(code, id);
                continue;
            }
            self.tally(Entity::Attributes).source += 1;
            let Some(kind) = kind_of(&row.text("frontend_input")) else {
                let reason = "the shop has no attributes of this kind";
                self.side.keep(Entity::Attributes, reason, &[("attribute", &[row])])?;
                continue;
            };
            let name = AttributeCode::new(code.as_str());
            let name = name.filter(|_| !exchange::product::COLUMNS.contains(&code.as_str()));
            let Some(name) = name else {
                let reason = "its code cannot be one here";
                self.rejects.keep(Entity::Attributes, reason, &[("attribute", &[row])])?;
                continue;
            };
            let before = known.iter().find(|known| known.code == name);
            let of_attribute: Vec<&Row> =
                labels.iter().filter(|label| label.id("attribute_id") == id).collect();
            let label = row.text("frontend_label");
            let fallback = if label.trim().is_empty() { code.clone() } else { label };
            let mut attribute = before.cloned().unwrap_or_else(|| Attribute {
                code: name.clone(),
                kind,
                label: Localized::default(),
                is_filterable: row.id("is_filterable") > 0,
                is_searchable: row.id("is_searchable") > 0,
                is_axis: false,
                options: Vec::new(),
            });
            if attribute.kind != kind {
                let reason = "the shop has it as an attribute of another kind";
                self.rejects.keep(Entity::Attributes, reason, &[("attribute", &[row])])?;
                continue;
            }
            attribute.label = self.labels(&of_attribute, &fallback);
            attribute.is_axis |= kind == AttributeKind::Select && axes.contains(&id);
            let of_attribute = options.iter().filter(|row| row.id("attribute_id") == id);
            let numbers = match kind {
                AttributeKind::Select | AttributeKind::MultiSelect => {
                    self.options(of_attribute, &swatches, &mut attribute)
                }
                _ => HashMap::new(),
            };
            match self.save(before == Some(&attribute), save_attribute(self.shop, &attribute)).await
            {
                Ok(()) => {
                    self.tally(Entity::Attributes).moved += 1;
                    to.taken.insert(id, Taken { code: name, kind, options: numbers });
                }
                Err(SaveStructureError::Db(error)) => return Err(error.into()),
                Err(refused) => {
                    let reason = refused.to_string();
                    self.rejects.keep(Entity::Attributes, &reason, &[("attribute", &[row])])?;
                }
            }
        }
        Ok(())
    }

    /// Runs a save that would make a difference, unless nothing is to be written.
    async fn save<T>(
        &self,
        is_same: bool,
        save: impl Future<Output = Result<T, SaveStructureError>>,
    ) -> Result<(), SaveStructureError> {
        if !is_same && !self.is_dry {
            save.await?;
        }
        Ok(())
    }

    /// Gives an attribute the options that it lacks; an option is known by its first label.
    fn options<'a>(
        &self,
        rows: impl Iterator<Item = &'a Row>,
        swatches: &HashMap<u64, String>,
        attribute: &mut Attribute,
    ) -> HashMap<u64, OptionCode> {
        let mut of_option: Vec<(u64, Vec<&Row>)> = Vec::new();
        for row in rows {
            let id = row.id("option_id");
            match of_option.last_mut() {
                Some((last, rows)) if *last == id => rows.push(row),
                _ => of_option.push((id, vec![row])),
            }
        }
        let first = self.site.views[0].locale;
        let mut numbers = HashMap::new();
        for (id, rows) in of_option {
            let labels = self.labels(&rows, "");
            let Some(label) = labels.0.get(&first) else { continue };
            let swatch = swatches.get(&id).filter(|color| {
                let digits = color.strip_prefix('#').unwrap_or_default();
                digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
            });
            let known = attribute
                .options
                .iter_mut()
                .find(|known| known.label.0.get(&first).is_some_and(|it| it == label));
            if let Some(known) = known {
                for (locale, label) in labels.0 {
                    known.label.0.entry(locale).or_insert(label);
                }
                numbers.insert(id, known.code.clone());
                continue;
            }
            let taken = attribute.options.iter().map(|known| known.code.to_string()).collect();
            let Some(code) = OptionCode::new(free_code(label, &taken)) else { continue };
            numbers.insert(id, code.clone());
            attribute.options.push(AttributeOption {
                code,
                label: labels,
                swatch: swatch.cloned(),
            });
        }
        numbers
    }

    async fn sets(&mut self, source: &mut Magento, to: &mut Structure) -> Result<()> {
        let known = db::catalog::attribute::list_sets(&mut self.shop.db.read().await?).await?;
        let rows = source.sets().await?;
        let mut sets: BTreeMap<u64, (String, Vec<AttributeCode>)> = BTreeMap::new();
        for row in &rows {
            let set = sets.entry(row.id("attribute_set_id"));
            let (_, members) = set.or_insert_with(|| (row.text("attribute_set_name"), Vec::new()));
            if let Some(taken) = to.taken.get(&row.id("attribute_id")) {
                members.push(taken.code.clone());
            }
        }
        for (id, (name, members)) in sets {
            let slug = Slug::from_title(&name);
            let code = slug.and_then(|slug| AttributeSetCode::new(slug.as_str()));
            let code = code.filter(|_| name.chars().count() <= MAX_NAME);
            // Its products say so when they are rejected.
            let Some(code) = code else { continue };
            let before = known.iter().find(|known| known.code == code);
            let mut set = before.cloned().unwrap_or_else(|| AttributeSet {
                code: code.clone(),
                name: Localized::default().with(self.site.views[0].locale, name.clone()),
                attributes: Vec::new(),
            });
            for member in members {
                if !set.attributes.contains(&member) {
                    set.attributes.push(member);
                }
            }
            self.save(before == Some(&set), save_attribute_set(self.shop, &set)).await?;
            to.sets.insert(id, code.to_string());
        }
        Ok(())
    }

    async fn categories(&mut self, source: &mut Magento, to: &mut Structure) -> Result<()> {
        let attributes = source.attributes(EntityKind::Category).await?;
        let own: HashMap<String, u64> = attributes
            .iter()
            .map(|row| (row.text("attribute_code"), row.id("attribute_id")))
            .collect();
        let rows = source.categories().await?;
        let parents: HashMap<u64, u64> =
            rows.iter().map(|row| (row.id("entity_id"), row.id("parent_id"))).collect();
        let known = db::catalog::category::list(&mut self.shop.db.read().await?).await?;
        let mut known: HashMap<CategoryCode, Category> =
            known.into_iter().map(|it| (it.code.clone(), it)).collect();
        let mut ids: HashMap<u64, CategoryId> = HashMap::new();
        let mut waiting: Vec<&Row> = Vec::new();
        for row in &rows {
            let id = row.id("entity_id");
            // Magento's root of roots, and the roots of stores, are none that shoppers see.
            if row.id("parent_id") == 0 || row.id("parent_id") == 1 {
                continue;
            }
            self.tally(Entity::Categories).source += 1;
            let keep: (bool, &str) = match root_of(&parents, id) {
                Root::Found(root) if root == self.site.root => {
                    waiting.push(row);
                    continue;
                }
                Root::Found(_) => (false, "it belongs to another store"),
                Root::Circle => (true, "its parents go in a circle"),
                Root::Missing(parent) => {
                    let reason = format!("its parent {parent} is missing");
                    self.rejects.keep(Entity::Categories, &reason, &[("category", &[row])])?;
                    continue;
                }
            };
            let file = if keep.0 { &mut self.rejects } else { &mut self.side };
            file.keep(Entity::Categories, keep.1, &[("category", &[row])])?;
        }
        // Parents first, whatever their levels say.
        waiting.sort_by_key(|row| depth_of(&parents, row.id("entity_id")));
        let views = self.site.view_ids();
        for page in waiting.chunks(200) {
            let page_ids: Vec<u64> = page.iter().map(|row| row.id("entity_id")).collect();
            let values = Values::new(source.values(EntityKind::Category, &page_ids, &views).await?);
            for row in page {
                let (id, parent) = (row.id("entity_id"), row.id("parent_id"));
                let parent_id = ids.get(&parent).copied();
                if parent != self.site.root && parent_id.is_none() && !self.is_dry {
                    let reason = "its parent was not taken";
                    self.rejects.keep(Entity::Categories, reason, &[("category", &[row])])?;
                    continue;
                }
                let before = known.remove(&category_code(id));
                let input = self.category(row, &own, &values, parent_id, before.as_ref());
                let name = input.texts.0.get(&self.site.views[0].locale);
                let name = name.map(|text| text.name.clone()).filter(|name| !name.is_empty());
                let Some(name) = name.filter(|name| name.chars().count() <= MAX_NAME) else {
                    let reason = "it needs a name of at most 255 characters";
                    self.rejects.keep(Entity::Categories, reason, &[("category", &[row])])?;
                    continue;
                };
                let mut path = to.paths.get(&parent).cloned().unwrap_or_default();
                path.push(name);
                match self.write(&input, before.as_ref()).await {
                    Ok(written) => {
                        ids.insert(id, written);
                        to.paths.insert(id, path);
                        self.tally(Entity::Categories).moved += 1;
                    }
                    Err(SaveStructureError::Db(error)) => return Err(error.into()),
                    Err(refused) => {
                        let reason = refused.to_string();
                        let rows: &[(&str, &[&Row])] = &[("category", &[row])];
                        self.rejects.keep(Entity::Categories, &reason, rows)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Writes a category where it would make a difference.
    async fn write(
        &self,
        input: &CategoryInput,
        before: Option<&Category>,
    ) -> Result<CategoryId, SaveStructureError> {
        let shop: &Shop = self.shop;
        match before {
            _ if self.is_dry => Ok(CategoryId(uuid::Uuid::nil())),
            None => Ok(create_category(shop, input).await?.id),
            Some(before) if is_as_wanted(before, input) => Ok(before.id),
            Some(before) => Ok(update_category(shop, before.id, input).await?.id),
        }
    }

    fn category(
        &self,
        row: &Row,
        own: &HashMap<String, u64>,
        values: &Values,
        parent: Option<CategoryId>,
        before: Option<&Category>,
    ) -> CategoryInput {
        let id = row.id("entity_id");
        let get = |code: &str, view: u64| {
            own.get(code).and_then(|attribute| values.text(id, *attribute, view))
        };
        let mut texts = Localized::default();
        for view in &self.site.views {
            let text = |code: &str| get(code, view.id).unwrap_or_default().trim().to_owned();
            let had = before.and_then(|it| it.texts.0.get(&view.locale)).map(|it| &it.slug);
            let name = text("name");
            let wanted = Slug::new(text("url_key")).or_else(|| Slug::from_title(&text("url_key")));
            let wanted = wanted.or_else(|| Slug::from_title(&name));
            let (description, _) = self.directives.resolve(&text("description"));
            texts.0.insert(
                view.locale,
                CategoryTextInput {
                    slug: wanted.map(|wanted| match had {
                        // The one that it was given a number for stays.
                        Some(had) if is_numbered(had, &wanted) => had.clone(),
                        _ => wanted,
                    }),
                    name,
                    description: to_markdown(&description).trim().to_owned(),
                    meta_description: text("meta_description"),
                },
            );
        }
        CategoryInput {
            code: category_code(id),
            parent,
            position: row.text("position").parse().unwrap_or(0),
            is_published: get("is_active", self.site.base()).as_deref() == Some("1"),
            picture: before.and_then(|before| before.picture.clone()),
            texts,
        }
    }
}

/// Whether a slug is another with a number behind it.
fn is_numbered(slug: &Slug, wanted: &Slug) -> bool {
    let behind = slug.as_str().strip_prefix(wanted.as_str());
    let number = behind.and_then(|behind| behind.strip_prefix('-'));
    number.is_some_and(|number| {
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn is_as_wanted(before: &Category, input: &CategoryInput) -> bool {
    let has_text = |(locale, wanted): (_, &CategoryTextInput)| {
        before.texts.0.get(locale).is_some_and(|text| {
            text.name == wanted.name
                && text.description == wanted.description
                && text.meta_description == wanted.meta_description
                && wanted.slug.as_ref() == Some(&text.slug)
        })
    };
    before.parent == input.parent
        && before.position == input.position
        && before.is_published == input.is_published
        && before.texts.0.len() == input.texts.0.len()
        && input.texts.0.iter().all(has_text)
}

/// Where the parents of a category end.
#[derive(Debug, PartialEq, Eq)]
enum Root {
    /// The root of a store.
    Found(u64),
    Circle,
    Missing(u64),
}

fn root_of(parents: &HashMap<u64, u64>, id: u64) -> Root {
    let mut at = id;
    for _ in 0..=parents.len() {
        match parents.get(&at) {
            Some(0 | 1) => return Root::Found(at),
            Some(&parent) => at = parent,
            None => return Root::Missing(at),
        }
    }
    Root::Circle
}

fn depth_of(parents: &HashMap<u64, u64>, id: u64) -> usize {
    let (mut at, mut depth) = (id, 0);
    while let Some(&parent) = parents.get(&at)
        && depth <= parents.len()
    {
        (at, depth) = (parent, depth + 1);
    }
    depth
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_end_in_a_root_a_circle_or_nowhere() {
        let parents = [(1, 0), (2, 1), (3, 2), (4, 3), (5, 6), (6, 5), (7, 7), (8, 99)];
        let parents: HashMap<u64, u64> = parents.into_iter().collect();

        assert_eq!(root_of(&parents, 4), Root::Found(2));
        for id in [5, 6, 7] {
            assert_eq!(root_of(&parents, id), Root::Circle);
        }
        assert_eq!(root_of(&parents, 8), Root::Missing(99));
        assert_eq!(depth_of(&parents, 4), 4);
        assert!(depth_of(&parents, 5) > 4);
    }
}
