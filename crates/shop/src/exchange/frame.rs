//! What a file of products refers to: attributes with options, sets, categories, tax classes.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use commerce::catalog::{
    Attribute, AttributeCode, AttributeKind, AttributeOption, AttributeSet, AttributeSetCode,
    Category, CategoryCode, CategoryId, CategoryText, OptionCode,
};
use commerce::channel::{Channel, Locale};
use commerce::content::{Localized, Slug};
use commerce::tax::TaxClass;
use db::{Conn, DbError, Tx};
use exchange::Fault;
use exchange::product::Guess;
use jiff::Timestamp;
use uuid::Uuid;

use super::Terms;
use crate::catalog::{
    CategoryInput, CategoryTextInput, Known, SaveStructureError, create_categories_in,
    save_attribute_in, save_attribute_set_in,
};

/// The longest name that a category, a set, an attribute or an option may have.
const MAX_NAME: usize = 255;

/// The structure of the catalog as it is, or as it will be once what is missing was created.
#[derive(Debug)]
pub struct Frame {
    pub(super) channel: Channel,
    pub(super) known: Known,
    categories: HashMap<CategoryId, Category>,
    /// By the names from the top down, in the channel's first language.
    paths: HashMap<Vec<String>, CategoryId>,
    /// What missing attributes seem to be; `None` while nothing may be created.
    guesses: Option<Arc<BTreeMap<String, Guess>>>,
    additions: Vec<Addition>,
}

/// One thing that is missing and will be created, or that will change.
#[derive(Clone, Debug)]
enum Addition {
    Attribute(AttributeCode),
    Option(AttributeCode),
    Axis(AttributeCode),
    Set,
    Member(AttributeSetCode),
    Category(Vec<String>),
}

fn missing(what: &str, name: &str) -> String {
    format!("there is no {what} “{name}”; --create makes it")
}

impl Frame {
    pub(super) async fn load(
        conn: &mut Conn,
        channel: &Channel,
        guesses: Option<Arc<BTreeMap<String, Guess>>>,
    ) -> Result<Self, DbError> {
        let known = crate::catalog::known(conn).await?;
        let list = db::catalog::category::list(conn).await?;
        let categories: HashMap<CategoryId, Category> =
            list.iter().map(|category| (category.id, category.clone())).collect();
        let mut frame = Self {
            channel: channel.clone(),
            known,
            categories,
            paths: HashMap::new(),
            guesses,
            additions: Vec::new(),
        };
        for category in &list {
            let path = frame.path_of(category.id);
            frame.paths.entry(path).or_insert(category.id);
        }
        Ok(frame)
    }

    /// The structure as it is, in which [`super::check_products`] notes what is missing.
    pub async fn of(shop: &crate::Shop, terms: &Terms) -> Result<Self, DbError> {
        let channel = shop.settings().channel.clone();
        Self::load(&mut shop.db.read().await?, &channel, terms.guesses.clone()).await
    }

    pub(super) fn locale(&self) -> Locale {
        self.channel.default_locale()
    }

    /// The names of a category and those above it, from the top down.
    pub(super) fn path_of(&self, id: CategoryId) -> Vec<String> {
        let mut path = Vec::new();
        let mut next = Some(id);
        // A loop cannot be saved, and would end here.
        while let Some(category) = next.and_then(|id| self.categories.get(&id))
            && path.len() <= self.categories.len()
        {
            let text = category.texts.get(self.locale(), self.locale());
            path.push(text.map_or_else(|| category.code.to_string(), |text| text.name.clone()));
            next = category.parent;
        }
        path.reverse();
        path
    }

    /// How much was noted so far, to go back to.
    pub(super) fn mark(&self) -> usize {
        self.additions.len()
    }

    /// Forgets what was noted since, because the row that asked for it is refused.
    pub(super) fn forget(&mut self, mark: usize) {
        while self.additions.len() > mark {
            match self.additions.pop() {
                Some(Addition::Attribute(code)) => {
                    self.known.attributes.remove(&code);
                }
                Some(Addition::Option(code)) => {
                    if let Some(attribute) = self.known.attributes.get_mut(&code) {
                        attribute.options.pop();
                    }
                }
                Some(Addition::Axis(code)) => {
                    if let Some(attribute) = self.known.attributes.get_mut(&code) {
                        attribute.is_axis = false;
                    }
                }
                Some(Addition::Set) => {
                    self.known.sets.pop();
                }
                Some(Addition::Member(code)) => {
                    if let Some(set) = self.known.sets.iter_mut().find(|set| set.code == code) {
                        set.attributes.pop();
                    }
                }
                Some(Addition::Category(path)) => {
                    if let Some(id) = self.paths.remove(&path) {
                        self.categories.remove(&id);
                        self.known.categories.remove(&id);
                    }
                }
                None => {}
            }
        }
    }

    pub(super) fn tax_class(&self, text: &str, faults: &mut Vec<Fault>) -> Option<TaxClass> {
        let name = match text.to_ascii_lowercase().as_str() {
            // Magento's own name of the class that most goods are in.
            "taxable goods" => "standard".to_owned(),
            other => other.to_owned(),
        };
        let class = TaxClass::new(name).filter(|it| self.known.tax_classes.contains(it.as_str()));
        if class.is_none() {
            faults.push(Fault::new("tax_class_name", format!("there is no tax class “{text}”")));
        }
        class
    }

    pub(super) fn set(&mut self, text: &str, faults: &mut Vec<Fault>) -> Option<AttributeSetCode> {
        const COLUMN: &str = "attribute_set_code";
        let is_it = |set: &&AttributeSet| {
            set.code.as_str() == text
                || set.name.0.values().any(|name| name.eq_ignore_ascii_case(text))
        };
        let slug = Slug::from_title(text);
        let code = slug.and_then(|slug| AttributeSetCode::new(slug.as_str()));
        let sets = &self.known.sets;
        let found = sets
            .iter()
            .find(is_it)
            .or_else(|| sets.iter().find(|set| Some(&set.code) == code.as_ref()));
        if let Some(found) = found {
            return Some(found.code.clone());
        }
        let Some(code) = code.filter(|_| text.chars().count() <= MAX_NAME) else {
            faults.push(Fault::new(COLUMN, "it cannot be the name of an attribute set"));
            return None;
        };
        if self.guesses.is_none() {
            faults.push(Fault::new(COLUMN, missing("attribute set", text)));
            return None;
        }
        let name = Localized::default().with(self.locale(), text.to_owned());
        self.known.sets.push(AttributeSet { code: code.clone(), name, attributes: Vec::new() });
        self.additions.push(Addition::Set);
        Some(code)
    }

    /// Makes sure that products of a set may have an attribute.
    pub(super) fn member(
        &mut self,
        set: &AttributeSetCode,
        attribute: &AttributeCode,
        faults: &mut Vec<Fault>,
    ) {
        let Some(known) = self.known.sets.iter_mut().find(|known| known.code == *set) else {
            return;
        };
        if known.attributes.contains(attribute) {
            return;
        }
        if self.guesses.is_none() {
            let reason =
                format!("the attribute “{attribute}” is not of the set “{set}”; --create adds it");
            faults.push(Fault::new("additional_attributes", reason));
            return;
        }
        known.attributes.push(attribute.clone());
        self.additions.push(Addition::Member(set.clone()));
    }

    pub(super) fn knows_attribute(&self, name: &str) -> bool {
        self.known.attributes.contains_key(name)
    }

    /// The attribute of a code, as a file has it.
    pub(super) fn attribute(
        &mut self,
        column: &str,
        name: &str,
        faults: &mut Vec<Fault>,
    ) -> Option<&Attribute> {
        if !self.known.attributes.contains_key(name) {
            let Some(code) = AttributeCode::new(name) else {
                faults.push(Fault::new(column, format!("“{name}” is no code of an attribute")));
                return None;
            };
            let Some(guesses) = &self.guesses else {
                faults.push(Fault::new(column, missing("attribute", name)));
                return None;
            };
            let guess = guesses.get(name).cloned().unwrap_or_default();
            let label = guess.label.clone().filter(|label| !label.is_empty());
            let label = label.filter(|label| label.chars().count() <= MAX_NAME);
            let kind = guess.kind();
            let attribute = Attribute {
                code: code.clone(),
                kind,
                label: Localized::default()
                    .with(self.locale(), label.unwrap_or_else(|| readable(name))),
                is_filterable: matches!(
                    kind,
                    AttributeKind::Select | AttributeKind::MultiSelect | AttributeKind::Boolean
                ),
                is_searchable: kind == AttributeKind::Select,
                is_axis: guess.is_axis(),
                options: Vec::new(),
            };
            self.known.attributes.insert(code.clone(), attribute);
            self.additions.push(Addition::Attribute(code));
        }
        self.known.attributes.get(name)
    }

    /// An attribute that variants may differ by.
    pub(super) fn axis(&mut self, name: &str, faults: &mut Vec<Fault>) -> Option<AttributeCode> {
        const COLUMN: &str = "configurable_variations";
        let attribute = self.attribute(COLUMN, name, faults)?;
        let (code, kind, is_axis) = (attribute.code.clone(), attribute.kind, attribute.is_axis);
        if kind != AttributeKind::Select {
            let reason = format!("variants cannot differ by “{name}”, which has no options");
            faults.push(Fault::new(COLUMN, reason));
            return None;
        }
        if !is_axis {
            if self.guesses.is_none() {
                let reason = format!("variants do not differ by “{name}”; --create lets them");
                faults.push(Fault::new(COLUMN, reason));
                return None;
            }
            if let Some(attribute) = self.known.attributes.get_mut(&code) {
                attribute.is_axis = true;
            }
            self.additions.push(Addition::Axis(code.clone()));
        }
        Some(code)
    }

    /// The option that a text means: its label in the channel's first language, its code, its
    /// label in another language, or any of them in other letters.
    pub(super) fn find_option(&self, attribute: &AttributeCode, text: &str) -> Option<&OptionCode> {
        let options = &self.known.attributes.get(attribute)?.options;
        let locale = self.locale();
        let labels =
            |option: &AttributeOption| option.label.0.values().cloned().collect::<Vec<String>>();
        let lower = text.to_lowercase();
        options
            .iter()
            .find(|option| option.label.0.get(&locale).is_some_and(|label| label == text))
            .or_else(|| options.iter().find(|option| option.code.as_str() == text))
            .or_else(|| options.iter().find(|option| labels(option).iter().any(|it| it == text)))
            .or_else(|| {
                options.iter().find(|option| {
                    option.code.as_str() == lower
                        || labels(option).iter().any(|it| it.to_lowercase() == lower)
                })
            })
            .map(|option| &option.code)
    }

    pub(super) fn option(
        &mut self,
        column: &str,
        attribute: &AttributeCode,
        text: &str,
        faults: &mut Vec<Fault>,
    ) -> Option<OptionCode> {
        if let Some(found) = self.find_option(attribute, text) {
            return Some(found.clone());
        }
        let name = attribute.as_str();
        if self.guesses.is_none() {
            faults.push(Fault::new(column, missing(&format!("option of “{name}”"), text)));
            return None;
        }
        if text.is_empty() || text.chars().count() > MAX_NAME {
            let reason = format!("an option of “{name}” has 1 to {MAX_NAME} characters");
            faults.push(Fault::new(column, reason));
            return None;
        }
        let label = Localized::default().with(self.locale(), text.to_owned());
        let known = self.known.attributes.get_mut(attribute)?;
        let is_taken = |code: &str| known.options.iter().any(|it| it.code.as_str() == code);
        let stem = Slug::from_title(text).map_or_else(|| "option".to_owned(), |it| it.to_string());
        let code = OptionCode::new(free_code(&stem, is_taken))?;
        known.options.push(AttributeOption { code: code.clone(), label, swatch: None });
        self.additions.push(Addition::Option(attribute.clone()));
        Some(code)
    }

    pub(super) fn category(
        &mut self,
        path: &[String],
        faults: &mut Vec<Fault>,
    ) -> Option<CategoryId> {
        const COLUMN: &str = "categories";
        if let Some(id) = self.paths.get(path) {
            return Some(*id);
        }
        let shown = path.join("/");
        if self.guesses.is_none() {
            faults.push(Fault::new(COLUMN, missing("category", &shown)));
            return None;
        }
        let distinct: HashSet<&String> = path.iter().collect();
        if distinct.len() < path.len() {
            let reason = format!("“{shown}” goes in a circle: a category lies below itself");
            faults.push(Fault::new(COLUMN, reason));
            return None;
        }
        let is_name =
            |name: &String| name.chars().count() <= MAX_NAME && Slug::from_title(name).is_some();
        if !path.iter().all(is_name) {
            let reason = format!(
                "“{shown}” cannot be names of categories: each has a Latin letter or a digit, of \
                 which its address is made, and at most {MAX_NAME} characters"
            );
            faults.push(Fault::new(COLUMN, reason));
            return None;
        }
        let mut parent = None;
        for depth in 1..=path.len() {
            let part = &path[..depth];
            let known = self.paths.get(part).copied();
            parent = Some(known.unwrap_or_else(|| self.add_category(part, parent)));
        }
        parent
    }

    fn add_category(&mut self, path: &[String], parent: Option<CategoryId>) -> CategoryId {
        let id = CategoryId(Uuid::now_v7());
        let name = path.last().cloned().unwrap_or_default();
        let slug = Slug::from_title(&name).expect("the path was found to be made of names");
        let code = CategoryCode::new(free_code(slug.as_str(), |_| false));
        let text = CategoryText {
            slug,
            name,
            description: String::new(),
            meta_description: String::new(),
        };
        let category = Category {
            id,
            code: code.expect("the beginning of a slug is a code"),
            number: 0,
            parent,
            position: 0,
            is_published: true,
            picture: None,
            texts: Localized::default().with(self.locale(), text),
        };
        self.categories.insert(id, category);
        self.known.categories.insert(id);
        self.paths.insert(path.to_vec(), id);
        self.additions.push(Addition::Category(path.to_vec()));
        id
    }

    /// Writes the attributes and sets that were noted.
    pub(super) async fn create_attributes_in(
        &self,
        tx: &mut Tx,
        at: Timestamp,
    ) -> Result<(), SaveStructureError> {
        let mut seen: HashSet<String> = HashSet::new();
        for addition in &self.additions {
            if let Addition::Attribute(code) | Addition::Option(code) | Addition::Axis(code) =
                addition
                && seen.insert(code.to_string())
                && let Some(attribute) = self.known.attributes.get(code)
            {
                save_attribute_in(tx, attribute, at).await?;
            }
        }
        let before = db::catalog::attribute::list_sets(tx).await?;
        for set in self.known.sets.iter().filter(|set| !before.contains(set)) {
            save_attribute_set_in(tx, set, at).await?;
        }
        Ok(())
    }

    /// The categories that were noted, each after the one that it lies in.
    pub(super) fn new_categories(&self) -> Vec<&Category> {
        let added = self.additions.iter().filter_map(|addition| match addition {
            Addition::Category(path) => self.paths.get(path),
            _ => None,
        });
        added.filter_map(|id| self.categories.get(id)).collect()
    }

    /// Writes some of the categories that were noted.
    pub(super) async fn create_categories_in(
        tx: &mut Tx,
        categories: &[&Category],
        at: Timestamp,
    ) -> Result<(), SaveStructureError> {
        let known = db::catalog::category::list(tx).await?;
        let mut taken: HashSet<String> = known.iter().map(|it| it.code.to_string()).collect();
        let mut inputs = Vec::with_capacity(categories.len());
        for category in categories {
            let code = free_code(category.code.as_str(), |code| taken.contains(code));
            let text = |text: &CategoryText| CategoryTextInput {
                slug: None,
                name: text.name.clone(),
                ..CategoryTextInput::default()
            };
            let input = CategoryInput {
                code: CategoryCode::new(code.as_str()).expect("a code with a number is a code"),
                parent: category.parent,
                position: 0,
                is_published: true,
                picture: None,
                texts: category.texts.0.iter().map(|(&it, was)| (it, text(was))).collect(),
            };
            inputs.push((category.id, input));
            taken.insert(code);
        }
        create_categories_in(tx, &inputs, at).await?;
        Ok(())
    }

    pub(super) fn is_extended(&self) -> bool {
        !self.additions.is_empty()
    }
}

/// `stem` cut to what a code may be long, with the first number that makes it free.
fn free_code(stem: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let stem = stem[..stem.len().min(50)].trim_end_matches('-');
    let numbered = (2_u32..).map(|number| format!("{stem}-{number}"));
    std::iter::once(stem.to_owned())
        .chain(numbered)
        .find(|code| !is_taken(code))
        .expect("there are more numbers than codes")
}

/// `eco_collection` as people would write it.
fn readable(code: &str) -> String {
    let text = code.replace('_', " ");
    let mut chars = text.trim().chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    let label: String = first.into_iter().chain(chars).collect();
    if label.is_empty() { code.to_owned() } else { label }
}
