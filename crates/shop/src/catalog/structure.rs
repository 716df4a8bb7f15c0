//! Categories, attributes, sets and synonyms: few, small, and read again whole after a change.

use std::collections::BTreeSet;

use commerce::catalog::{
    Attribute, AttributeKind, AttributeSet, Category, CategoryCode, CategoryId, CategoryText,
};
use commerce::channel::Locale;
use commerce::content::{Localized, Slug};
use commerce::media::Original;
use commerce::redirect::Target;
use db::change::{Change, Topic};
use db::{DbError, Tx};
use jiff::Timestamp;
use uuid::Uuid;

use super::check::Problem;
use crate::{MayRetry, Shop, redirect, use_case};

/// Why the structure was not changed. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum SaveStructureError {
    #[error("there is no such category")]
    NotFound,
    #[error("it cannot be saved: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Invalid(Vec<Problem>),
    #[error("the shop could not be reached")]
    Db(#[from] DbError),
}

impl MayRetry for SaveStructureError {
    fn is_worth_retrying(&self) -> bool {
        matches!(self, Self::Db(error) if error.is_worth_retrying()
            || matches!(error, DbError::Taken(_)))
    }
}

/// A category as staff write it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CategoryInput {
    pub code: CategoryCode,
    pub parent: Option<CategoryId>,
    pub position: i32,
    pub is_published: bool,
    pub picture: Option<Original>,
    pub texts: Localized<CategoryTextInput>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CategoryTextInput {
    /// Made from the name when there is none; gets a number when another category has it.
    pub slug: Option<Slug>,
    pub name: String,
    pub description: String,
    pub meta_description: String,
}

pub async fn create_category(
    shop: &Shop,
    input: &CategoryInput,
) -> Result<Category, SaveStructureError> {
    use_case("create-category", || async {
        let mut tx = shop.db.write().await?;
        let category = create_category_in(&mut tx, input, shop.clock.now()).await?;
        tx.commit().await?;
        Ok(category)
    })
    .await
}

/// The same in the caller's transaction, for those who create many at once.
pub async fn create_category_in(
    tx: &mut Tx,
    input: &CategoryInput,
    at: Timestamp,
) -> Result<Category, SaveStructureError> {
    let id = CategoryId(Uuid::now_v7());
    let mut created = create_categories_in(tx, &[(id, input.clone())], at).await?;
    Ok(created.pop().expect("one was asked for"))
}

/// Creates several by the ids that are given, of which later ones may lie in earlier ones.
pub async fn create_categories_in(
    tx: &mut Tx,
    inputs: &[(CategoryId, CategoryInput)],
    at: Timestamp,
) -> Result<Vec<Category>, SaveStructureError> {
    let mut all = db::catalog::category::list(tx).await?;
    let n_before = all.len();
    for (id, input) in inputs {
        let mut category = category(tx, &all, input, *id).await?;
        category.number = db::next_number(tx, "category").await?;
        db::catalog::category::insert(tx, &category).await?;
        all.push(category);
    }
    announce(tx, at).await?;
    Ok(all.split_off(n_before))
}

pub async fn update_category(
    shop: &Shop,
    id: CategoryId,
    input: &CategoryInput,
) -> Result<Category, SaveStructureError> {
    use_case("update-category", || async {
        let mut tx = shop.db.write().await?;
        let at = shop.clock.now();
        let list = db::catalog::category::list(&mut tx).await?;
        let before = list.iter().find(|known| known.id == id);
        let before = before.ok_or(SaveStructureError::NotFound)?;
        let category = category(&mut tx, &list, input, id).await?;
        if !db::catalog::category::update(&mut tx, &category).await? {
            return Err(SaveStructureError::NotFound);
        }
        let target = Target::Category(id);
        redirect::keep(&mut tx, &target, &before.texts, &category.texts, |it| &it.slug, at).await?;
        announce(&mut tx, at).await?;
        tx.commit().await?;
        Ok(category)
    })
    .await
}

/// Deletes a category; its products stay in the others.
pub async fn delete_category(shop: &Shop, id: CategoryId) -> Result<(), SaveStructureError> {
    use_case("delete-category", || async {
        let mut tx = shop.db.write().await?;
        let categories = db::catalog::category::list(&mut tx).await?;
        if categories.iter().all(|category| category.id != id) {
            return Err(SaveStructureError::NotFound);
        }
        if !db::catalog::category::delete(&mut tx, id).await? {
            return Err(SaveStructureError::Invalid(vec![Problem::HasChildren]));
        }
        announce(&mut tx, shop.clock.now()).await?;
        tx.commit().await?;
        Ok(())
    })
    .await
}

async fn announce(tx: &mut Tx, at: Timestamp) -> Result<(), DbError> {
    db::change::push(tx, Change { topic: Topic::Structure, subject: None }, at).await
}

/// What a category becomes; `others` are all that there are, it may be among them.
async fn category(
    tx: &mut Tx,
    others: &[Category],
    input: &CategoryInput,
    id: CategoryId,
) -> Result<Category, SaveStructureError> {
    let mut problems = Vec::new();
    if others.iter().any(|other| other.code == input.code && other.id != id) {
        problems.push(Problem::CodeTaken);
    }
    let parent_of = |child: CategoryId| others.iter().find(|it| it.id == child);
    if let Some(parent) = input.parent {
        if parent_of(parent).is_none() {
            problems.push(Problem::UnknownCategory(parent));
        }
        let mut ancestor = Some(parent);
        for _ in 0..=others.len() {
            let Some(current) = ancestor else { break };
            if current == id {
                problems.push(Problem::CategoryLoop);
                break;
            }
            ancestor = parent_of(current).and_then(|it| it.parent);
        }
    }
    if input.texts.0.is_empty() {
        problems.push(Problem::LabelMissing);
    }
    let mut texts = Localized::default();
    for (&locale, text) in &input.texts.0 {
        if text.name.trim().is_empty() {
            problems.push(Problem::NameMissing(locale));
            continue;
        }
        let Some(wanted) = text.slug.clone().or_else(|| Slug::from_title(&text.name)) else {
            problems.push(Problem::SlugMissing(locale));
            continue;
        };
        let text = CategoryText {
            slug: db::catalog::category::free_slug(tx, locale, &wanted, id).await?,
            name: text.name.trim().to_owned(),
            description: text.description.trim().to_owned(),
            meta_description: text.meta_description.trim().to_owned(),
        };
        texts.0.insert(locale, text);
    }
    refuse(problems)?;
    Ok(Category {
        id,
        code: input.code.clone(),
        number: others.iter().find(|it| it.id == id).map_or(0, |it| it.number),
        parent: input.parent,
        position: input.position,
        is_published: input.is_published,
        picture: input.picture.clone(),
        texts,
    })
}

fn refuse(problems: Vec<Problem>) -> Result<(), SaveStructureError> {
    if problems.is_empty() { Ok(()) } else { Err(SaveStructureError::Invalid(problems)) }
}

/// Writes an attribute, new or known.
pub async fn save_attribute(shop: &Shop, attribute: &Attribute) -> Result<(), SaveStructureError> {
    use_case("save-attribute", || async {
        let mut tx = shop.db.write().await?;
        save_attribute_in(&mut tx, attribute, shop.clock.now()).await?;
        tx.commit().await?;
        Ok(())
    })
    .await
}

/// The same in the caller's transaction.
pub async fn save_attribute_in(
    tx: &mut Tx,
    attribute: &Attribute,
    at: Timestamp,
) -> Result<(), SaveStructureError> {
    let known = db::catalog::attribute::list(tx).await?;
    let before = known.iter().find(|known| known.code == attribute.code);
    refuse(attribute_problems(attribute, before))?;
    db::catalog::attribute::save(tx, attribute).await?;
    announce(tx, at).await?;
    Ok(())
}

fn attribute_problems(attribute: &Attribute, before: Option<&Attribute>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let is_blank = |label: &Localized<String>| label.0.values().all(|it| it.trim().is_empty());
    let is_select = matches!(attribute.kind, AttributeKind::Select | AttributeKind::MultiSelect);
    if is_blank(&attribute.label) || attribute.options.iter().any(|it| is_blank(&it.label)) {
        problems.push(Problem::LabelMissing);
    }
    if attribute.is_axis && attribute.kind != AttributeKind::Select {
        problems.push(Problem::AxisWithoutOptions);
    }
    if !is_select && !attribute.options.is_empty() {
        problems.push(Problem::OptionsOnPlainKind);
    }
    if before.is_some_and(|before| before.kind != attribute.kind) {
        problems.push(Problem::KindChanged);
    }
    // Products may have it; an option that nobody should choose any more can be renamed.
    let lost = before.iter().flat_map(|before| &before.options);
    let lost = lost.filter(|old| attribute.options.iter().all(|new| new.code != old.code));
    problems.extend(lost.map(|old| Problem::OptionInUse(old.code.clone())));
    let mut codes = BTreeSet::new();
    for option in &attribute.options {
        if !codes.insert(&option.code) {
            problems.push(Problem::OptionTwice(option.code.clone()));
        }
        let is_color = |swatch: &str| {
            let digits = swatch.strip_prefix('#').unwrap_or_default();
            digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
        };
        if option.swatch.as_deref().is_some_and(|swatch| !is_color(swatch)) {
            problems.push(Problem::BadSwatch(option.code.clone()));
        }
    }
    problems
}

/// Writes a set of attributes, new or known.
pub async fn save_attribute_set(shop: &Shop, set: &AttributeSet) -> Result<(), SaveStructureError> {
    use_case("save-attribute-set", || async {
        let mut tx = shop.db.write().await?;
        save_attribute_set_in(&mut tx, set, shop.clock.now()).await?;
        tx.commit().await?;
        Ok(())
    })
    .await
}

/// The same in the caller's transaction.
pub async fn save_attribute_set_in(
    tx: &mut Tx,
    set: &AttributeSet,
    at: Timestamp,
) -> Result<(), SaveStructureError> {
    let known = db::catalog::attribute::list(tx).await?;
    let unknown = set.attributes.iter().filter(|code| known.iter().all(|it| it.code != **code));
    refuse(unknown.map(|code| Problem::UnknownAttribute(code.clone())).collect())?;
    db::catalog::attribute::save_set(tx, set).await?;
    announce(tx, at).await?;
    Ok(())
}

/// The sets of attributes, by code.
pub async fn attribute_sets(shop: &Shop) -> Result<Vec<AttributeSet>, DbError> {
    db::catalog::attribute::list_sets(&mut shop.db.read().await?).await
}

/// All categories, seen by shoppers or not.
pub async fn categories(shop: &Shop) -> Result<Vec<Category>, DbError> {
    db::catalog::category::list(&mut shop.db.read().await?).await
}

/// Replaces the synonyms of one language.
pub async fn save_synonyms(
    shop: &Shop,
    locale: Locale,
    synonyms: &[Vec<String>],
) -> Result<(), DbError> {
    use_case("save-synonyms", || async {
        let mut tx = shop.db.write().await?;
        db::catalog::synonym::save(&mut tx, locale, synonyms).await?;
        announce(&mut tx, shop.clock.now()).await?;
        tx.commit().await
    })
    .await
}
