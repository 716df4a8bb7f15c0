//! Categories. Magento has a root above those that shoppers see.

use commerce::catalog::Category;
use commerce::content::Slug;
use search::{Listing, Scope};

use super::listing::{self, Paging, Products};
use crate::graphql::context::Context;
use crate::graphql::uid;
use crate::graphql::value::{Answer, Args, Ask, Object, Refusal, Value};

pub(in crate::graphql) use crate::graphql::uid::ROOT;

#[derive(Clone, Copy)]
pub(in crate::graphql) struct CategoryNode<'c> {
    pub(in crate::graphql) context: &'c Context,
    /// `None` is the root.
    pub(in crate::graphql) category: Option<&'c Category>,
}

impl<'c> CategoryNode<'c> {
    /// The category with this number; the root without one.
    pub(in crate::graphql) fn by_number(context: &'c Context, number: Option<i64>) -> Option<Self> {
        match number {
            None | Some(ROOT) => Some(Self { context, category: None }),
            Some(number) => {
                let category = context.catalog.category_by_number(number)?;
                Some(Self { context, category: Some(category) })
            }
        }
    }

    /// The category at the end of a path of slugs.
    pub(in crate::graphql) fn by_url_path(context: &'c Context, path: &str) -> Option<Self> {
        let last = path.trim_matches('/').rsplit('/').next()?;
        let slug = Slug::new(last)?;
        let category = context.catalog.category_by_slug(context.locale, &slug)?;
        let is_meant = context.url_path(category) == path.trim_matches('/');
        is_meant.then_some(Self { context, category: Some(category) })
    }

    fn number(&self) -> i64 {
        self.category.map_or(ROOT, |category| category.number)
    }

    /// Those above it that shoppers see, itself last.
    fn way(&self) -> Vec<&'c Category> {
        self.category.map_or_else(Vec::new, |own| self.context.catalog.breadcrumbs(own.id))
    }

    fn children(&self) -> Vec<Self> {
        let children = self.context.catalog.children(self.category.map(|own| own.id));
        let context = self.context;
        children.into_iter().map(|child| Self { context, category: Some(child) }).collect()
    }

    fn n_below(&self) -> usize {
        self.children().iter().map(|child| 1 + child.n_below()).sum()
    }

    fn n_products(&self) -> u32 {
        self.context.shown.list(&self.scope());
        match self.category {
            Some(category) => self.context.catalog.n_products_in(category.id),
            None => {
                let all = Listing { page_size: 1, ..Listing::new(self.context.locale, Scope::All) };
                self.context.catalog.list(&all).total
            }
        }
    }

    /// What it lists.
    fn scope(&self) -> Scope {
        self.category.map_or(Scope::All, |own| Scope::Category(own.id))
    }

    fn products(&self, args: Args<'_>) -> Result<Products<'c>, Refusal> {
        let scope = self.scope();
        self.context.shown.list(&scope);
        let paging = Paging::new(args, 20)?;
        let listing = Listing {
            sort: listing::sort(args, &scope),
            page: paging.page,
            page_size: paging.size,
            ..Listing::new(self.context.locale, scope)
        };
        let found = self.context.catalog.list(&listing);
        Products::new(self.context, found, paging, "CategoryProducts")
    }
}

impl Object for CategoryNode<'_> {
    fn type_name(&self) -> &'static str {
        "CategoryTree"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        let context = self.context;
        context.shown.category(self.number());
        let text = self.category.and_then(|own| own.texts.get(context.locale, context.fallback()));
        let way = || self.way();
        Ok(match ask.name {
            "id" => self.number().into(),
            "uid" => uid::of(self.number()).into(),
            "name" => text.map_or("Default Category", |text| text.name.as_str()).into(),
            "url_key" => text.map(|text| text.slug.as_str()).into(),
            "url_path" | "relative_url" | "canonical_url" => {
                self.category.map(|own| context.url_path(own)).into()
            }
            "url_suffix" => "".into(),
            "type" => "CATEGORY".into(),
            "redirect_code" => 0.into(),
            "description" => match text {
                Some(text) if !text.description.is_empty() => {
                    shop::markdown::render(&text.description).into()
                }
                _ => Value::Null,
            },
            "meta_title" => text.map(|text| text.name.as_str()).into(),
            "meta_description" => {
                text.map_or(Value::Null, |text| Value::filled(&text.meta_description))
            }
            "image" => match self.category.and_then(|own| own.picture.as_ref()) {
                Some(picture) => context.picture_url(&picture.key, 1200).into(),
                None => Value::Null,
            },
            "level" => i64::try_from(way().len()).unwrap_or(0).saturating_add(1).into(),
            "path" => {
                let mut path = format!("1/{ROOT}");
                for category in way() {
                    path.push('/');
                    path.push_str(&category.number.to_string());
                }
                path.into()
            }
            "path_in_store" => {
                let numbers: Vec<String> =
                    way().iter().rev().map(|category| category.number.to_string()).collect();
                numbers.join("/").into()
            }
            "position" => self.category.map_or(0, |own| own.position).into(),
            "include_in_menu" | "is_anchor" => 1.into(),
            "display_mode" => "PRODUCTS".into(),
            "default_sort_by" => "position".into(),
            "available_sort_by" => Value::list(["position", "name", "price"]),
            "children" => Value::objects(self.children()),
            "children_count" => self.n_below().to_string().into(),
            "product_count" => self.n_products().into(),
            "products" => Value::object(self.products(ask.args)?),
            "breadcrumbs" => {
                let mut above = way();
                above.pop();
                if above.is_empty() {
                    Value::Null
                } else {
                    let numbered = (2..).zip(above);
                    Value::objects(numbered.map(|(level, category)| Crumb {
                        context,
                        category,
                        level,
                    }))
                }
            }
            _ => Value::Nothing,
        })
    }
}

struct Crumb<'c> {
    context: &'c Context,
    category: &'c Category,
    level: u32,
}

impl Object for Crumb<'_> {
    fn type_name(&self) -> &'static str {
        "Breadcrumb"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        let text = self.category.texts.get(self.context.locale, self.context.fallback());
        Ok(match ask.name {
            "category_id" => self.category.number.into(),
            "category_uid" => uid::of(self.category.number).into(),
            "category_name" => text.map(|text| text.name.as_str()).into(),
            "category_level" => self.level.into(),
            "category_url_key" => text.map(|text| text.slug.as_str()).into(),
            "category_url_path" => self.context.url_path(self.category).into(),
            _ => Value::Nothing,
        })
    }
}

/// A filter asks for so many values at most.
const MAX_VALUES: usize = 300;

/// The values of an `eq` or `in` filter, each once.
pub(super) fn wanted(filter: Args<'_>) -> Result<Vec<&str>, Refusal> {
    let mut values = filter.texts("in");
    values.extend(filter.text("eq"));
    values.sort_unstable();
    values.dedup();
    if values.len() > MAX_VALUES {
        return Err(Refusal::input(format!("A filter may have {MAX_VALUES} values.")));
    }
    Ok(values)
}

/// The categories that the filters let through, in the tree's order; the root without filters.
fn matching<'c>(context: &'c Context, args: Args<'_>) -> Result<Vec<CategoryNode<'c>>, Refusal> {
    let filters: Vec<_> = args.object("filters").into_iter().flat_map(Args::given).collect();
    let root = CategoryNode { context, category: None };
    if filters.is_empty() {
        return Ok(vec![root]);
    }
    let own = context.catalog.categories().map(|own| CategoryNode { context, category: Some(own) });
    let mut nodes: Vec<CategoryNode<'c>> = std::iter::once(root).chain(own).collect();
    for (name, filter) in filters {
        let values = wanted(filter)?;
        let numbers: Vec<i64> = values.iter().filter_map(|value| uid::number(value)).collect();
        let parent = |node: &CategoryNode<'c>| {
            let way = node.way();
            let above = way.len().checked_sub(2).and_then(|at| way.get(at));
            node.category.map(|_| above.map_or(ROOT, |above| above.number))
        };
        match name {
            "ids" | "category_uid" => nodes.retain(|node| numbers.contains(&node.number())),
            "parent_id" | "parent_category_uid" => {
                nodes.retain(|node| parent(node).is_some_and(|above| numbers.contains(&above)));
            }
            "url_key" => nodes.retain(|node| {
                let text =
                    node.category.and_then(|own| own.texts.get(context.locale, context.fallback()));
                text.is_some_and(|text| values.contains(&text.slug.as_str()))
            }),
            "url_path" => nodes.retain(|node| {
                node.category.is_some_and(|own| values.contains(&context.url_path(own).as_str()))
            }),
            "name" => {
                let part = filter.text("match").unwrap_or_default().to_lowercase();
                if part.chars().count() < 3 {
                    return Err(Refusal::input("Invalid match filter. Minimum length is 3."));
                }
                nodes.retain(|node| {
                    let text = node
                        .category
                        .and_then(|own| own.texts.get(context.locale, context.fallback()));
                    text.is_some_and(|text| text.name.to_lowercase().contains(&part))
                });
            }
            _ => {}
        }
    }
    Ok(nodes)
}

fn page_of<T: Copy>(all: &[T], paging: Paging) -> Vec<T> {
    let size = usize::try_from(paging.size).unwrap_or(usize::MAX);
    let skipped = usize::try_from(paging.page - 1).unwrap_or(usize::MAX).saturating_mul(size);
    all.iter().copied().skip(skipped).take(size).collect()
}

pub(in crate::graphql) fn category_list<'c>(
    context: &'c Context,
    args: Args<'_>,
) -> Result<Vec<CategoryNode<'c>>, Refusal> {
    let paging = Paging::new(args, 20)?;
    Ok(page_of(&matching(context, args)?, paging))
}

pub(in crate::graphql) fn categories<'c>(
    context: &'c Context,
    args: Args<'_>,
) -> Result<Found<'c>, Refusal> {
    let paging = Paging::new(args, 20)?;
    let all = matching(context, args)?;
    let total = u32::try_from(all.len()).unwrap_or(u32::MAX);
    paging.check(total)?;
    Ok(Found { items: page_of(&all, paging), total, paging })
}

/// A page of categories.
pub(in crate::graphql) struct Found<'c> {
    items: Vec<CategoryNode<'c>>,
    total: u32,
    paging: Paging,
}

impl Object for Found<'_> {
    fn type_name(&self) -> &'static str {
        "CategoryResult"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "items" => Value::objects(self.items.iter().copied()),
            "page_info" => Value::object(self.paging.info(self.total)),
            "total_count" => self.total.into(),
            _ => Value::Nothing,
        })
    }
}
