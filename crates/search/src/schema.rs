//! Attributes and categories, numbered so that rows can name them in two bytes.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use commerce::catalog::{
    Attribute, AttributeCode, AttributeKind, Category, CategoryId, OptionCode, Product,
};
use commerce::channel::{Channel, Locale};
use commerce::content::Slug;
use commerce::tax::TaxTable;

use crate::source::Structure;

/// The compiled form of a [`Structure`].
///
/// Options of filterable attributes and visible categories share one numbering of 16 bits: to a
/// row, lying in a category is one more option. What does not fit into 65,535 is not filterable.
#[derive(Clone, Debug, Default)]
pub(crate) struct Schema {
    pub(crate) attributes: Vec<Attribute>,
    /// The options of each attribute; empty for those that are not filterable.
    ranges: Vec<Range<u16>>,
    by_code: HashMap<AttributeCode, usize>,
    options: HashMap<AttributeCode, HashMap<OptionCode, u16>>,
    /// Parents before children, siblings by position: a subtree is a range.
    nodes: Vec<Node>,
    by_id: HashMap<CategoryId, u32>,
    by_slug: HashMap<(Locale, Slug), u32>,
    pub(crate) n_options: u16,
    pub(crate) tax: TaxTable,
    pub(crate) synonyms: BTreeMap<Locale, Vec<Vec<String>>>,
}

/// A category that can be seen: it and all above it are published.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) category: Category,
    pub(crate) parent: Option<u32>,
    pub(crate) children: Vec<u32>,
    /// The first node that is not below this one.
    pub(crate) end: u32,
    pub(crate) option: Option<u16>,
}

impl Schema {
    pub(crate) fn new(structure: Structure, channel: &Channel) -> Self {
        let mut schema = Self {
            attributes: structure.attributes,
            tax: structure.tax,
            synonyms: structure.synonyms,
            ..Self::default()
        };
        for (place, attribute) in schema.attributes.iter().enumerate() {
            let start = schema.n_options;
            let mut ids = HashMap::new();
            let codes: Vec<OptionCode> = match attribute.kind {
                _ if !attribute.is_filterable => Vec::new(),
                AttributeKind::Select | AttributeKind::MultiSelect => {
                    attribute.options.iter().map(|option| option.code.clone()).collect()
                }
                AttributeKind::Boolean => {
                    ["0", "1"].into_iter().filter_map(OptionCode::new).collect()
                }
                AttributeKind::Text
                | AttributeKind::Number
                | AttributeKind::Date
                | AttributeKind::Price => Vec::new(),
            };
            for code in codes {
                if schema.n_options == u16::MAX {
                    break;
                }
                ids.insert(code, schema.n_options);
                schema.n_options += 1;
            }
            schema.ranges.push(start..schema.n_options);
            schema.by_code.insert(attribute.code.clone(), place);
            schema.options.insert(attribute.code.clone(), ids);
        }
        schema.grow_tree(structure.categories);
        for (place, node) in (0..).zip(&schema.nodes) {
            for &locale in &channel.locales {
                let text = node.category.texts.get(locale, channel.default_locale());
                if let Some(text) = text {
                    schema.by_slug.entry((locale, text.slug.clone())).or_insert(place);
                }
            }
        }
        schema
    }

    /// Lays the visible categories out depth first; what hangs in a circle is not reached.
    fn grow_tree(&mut self, categories: Vec<Category>) {
        let known: HashMap<CategoryId, Category> =
            categories.into_iter().map(|category| (category.id, category)).collect();
        let mut children: HashMap<Option<CategoryId>, Vec<&Category>> = HashMap::new();
        for category in known.values().filter(|category| category.is_published) {
            let parent = category.parent.filter(|parent| known.contains_key(parent));
            children.entry(parent).or_default().push(category);
        }
        for siblings in children.values_mut() {
            siblings.sort_by_key(|category| (category.position, category.number, category.id));
        }

        let below = |parent| children.get(&parent).into_iter().flatten().copied();
        let mut stack: Vec<(&Category, Option<u32>)> =
            below(None).rev().map(|category| (category, None)).collect();
        while let Some((category, parent)) = stack.pop() {
            let Ok(place) = u32::try_from(self.nodes.len()) else { break };
            let option = (self.n_options < u16::MAX).then_some(self.n_options);
            self.n_options = self.n_options.saturating_add(1);
            self.by_id.insert(category.id, place);
            self.nodes.push(Node {
                category: category.clone(),
                parent,
                children: Vec::new(),
                end: place + 1,
                option,
            });
            stack.extend(below(Some(category.id)).rev().map(|child| (child, Some(place))));
        }
        for place in (0..crate::count(self.nodes.len())).rev() {
            let Some((Some(parent), end)) = self.node(place).map(|node| (node.parent, node.end))
            else {
                continue;
            };
            if let Some(parent) = self.nodes.get_mut(crate::ix(parent)) {
                parent.children.insert(0, place);
                parent.end = parent.end.max(end);
            }
        }
    }

    pub(crate) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    pub(crate) fn node(&self, place: u32) -> Option<&Node> {
        self.nodes.get(crate::ix(place))
    }

    /// The children of a category, or the top ones.
    pub(crate) fn children(&self, parent: Option<u32>) -> impl Iterator<Item = (u32, &Node)> {
        let places = match parent {
            Some(parent) => self.node(parent).map(|node| node.children.clone()).unwrap_or_default(),
            None => {
                (0..).zip(&self.nodes).filter(|(_, n)| n.parent.is_none()).map(|(p, _)| p).collect()
            }
        };
        places.into_iter().filter_map(|place| Some((place, self.node(place)?)))
    }

    pub(crate) fn place(&self, id: CategoryId) -> Option<u32> {
        self.by_id.get(&id).copied()
    }

    pub(crate) fn category_by_slug(&self, locale: Locale, slug: &Slug) -> Option<&Node> {
        self.node(*self.by_slug.get(&(locale, slug.clone()))?)
    }

    pub(crate) fn attribute(&self, code: &AttributeCode) -> Option<(usize, &Attribute)> {
        let place = *self.by_code.get(code)?;
        Some((place, self.attributes.get(place)?))
    }

    pub(crate) fn range(&self, attribute: usize) -> Range<u16> {
        self.ranges.get(attribute).cloned().unwrap_or_default()
    }

    pub(crate) fn option(&self, attribute: &AttributeCode, option: &OptionCode) -> Option<u16> {
        self.options.get(attribute)?.get(option).copied()
    }

    pub(crate) fn flag(&self, attribute: &AttributeCode, is_true: bool) -> Option<u16> {
        let (place, attribute) = self.attribute(attribute)?;
        let range = self.range(place);
        let is_flag = attribute.kind == AttributeKind::Boolean && range.len() == 2;
        is_flag.then_some(range.start + u16::from(is_true))
    }

    /// The visible categories that a product lies in directly, with its position there.
    pub(crate) fn places<'a>(
        &'a self,
        product: &'a Product,
    ) -> impl Iterator<Item = (u32, i32)> + 'a {
        let categories = product.categories.iter();
        categories.filter_map(|&(id, position)| Some((self.place(id)?, position)))
    }

    /// A category and those above it, nearest first.
    pub(crate) fn and_above(&self, place: u32) -> impl Iterator<Item = u32> + '_ {
        std::iter::successors(Some(place), |&place| self.node(place)?.parent)
    }

    /// Where the product stands in each category that contains it, directly or through a
    /// category below: the place of the first category on the way and its position there.
    pub(crate) fn standings(&self, product: &Product) -> BTreeMap<u32, (u32, i32)> {
        let mut standings = BTreeMap::new();
        for (place, position) in self.places(product) {
            for above in self.and_above(place) {
                let standing = standings.entry(above).or_insert((place, position));
                *standing = (*standing).min((place, position));
            }
        }
        standings
    }

    /// Where the product stands in one category; past all others when it is not in there.
    pub(crate) fn standing(&self, product: &Product, category: u32) -> (u32, i32) {
        let end = self.node(category).map_or(category, |node| node.end);
        let inside = self.places(product).filter(|(place, _)| (category..end).contains(place));
        inside.min().unwrap_or((u32::MAX, i32::MAX))
    }

    pub(crate) fn category_options(&self, product: &Product) -> Vec<u16> {
        let places = self.places(product).flat_map(|(place, _)| self.and_above(place));
        places.filter_map(|place| self.node(place)?.option).collect()
    }
}
