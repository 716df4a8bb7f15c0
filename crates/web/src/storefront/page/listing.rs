//! Lists of products: categories and search.

use serde::Serialize;

use super::{Breadcrumb, Layout, Link, Picture, PriceView};
use crate::i18n::Locale;
use crate::render::Drawn;

/// A product in a list.
#[derive(Clone, Debug, Serialize)]
pub struct Card {
    pub name: String,
    pub path: String,
    pub picture: Option<Picture>,
    pub price: PriceView,
    pub is_available: bool,
    /// A line of fact under the name: where it is made, what it is made of.
    pub fact: Option<String>,
    /// Names of certified labels only.
    pub labels: Vec<String>,
    /// The colours it comes in, as `#rrggbb`.
    pub swatches: Vec<String>,
    pub is_new: bool,
}

/// A card by itself: the same on every list that shows its product.
#[derive(Clone, Debug, Serialize)]
pub struct CardPart {
    #[serde(skip)]
    pub locale: Locale,
    pub card: Card,
    /// Whether it is in sight at once; the pictures of others load when they come near.
    pub is_first: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct CategoryPage {
    pub layout: Layout,
    pub breadcrumbs: Vec<Breadcrumb>,
    pub name: String,
    /// HTML that the shop wrote and the back office sanitized.
    pub description: Option<String>,
    pub subcategories: Vec<Link>,
    pub listing: Listing,
    pub json_ld: Vec<serde_json::Value>,
}

#[derive(Clone, Debug, Serialize)]
pub struct SearchPage {
    pub layout: Layout,
    pub query: String,
    /// What was searched instead, when `query` itself found nothing.
    pub corrected: Option<String>,
    /// Other spellings or neighbouring searches, offered when little is found.
    pub suggestions: Vec<String>,
    pub listing: Listing,
    /// Shown when nothing is found.
    pub popular: Vec<Card>,
}

/// One page of a list with all that narrows and orders it.
#[derive(Clone, Debug, Serialize)]
pub struct Listing {
    /// Where the form of filters goes.
    pub path: String,
    /// Parameters that every form and link of the list keeps, such as `q`.
    pub kept: Vec<(String, String)>,
    pub total: u32,
    pub cards: Vec<Drawn>,
    pub facets: Vec<Facet>,
    pub active: Vec<ActiveFilter>,
    /// The list without any filter.
    pub clear_path: String,
    pub sorts: Vec<Sort>,
    pub pagination: Pagination,
}

/// One attribute to choose by.
#[derive(Clone, Debug, Serialize)]
pub struct Facet {
    /// The query parameter.
    pub code: String,
    pub name: String,
    /// Only one value can be chosen, as for price ranges.
    pub is_single: bool,
    pub choices: Vec<FacetChoice>,
}

#[derive(Clone, Debug, Serialize)]
pub struct FacetChoice {
    pub value: String,
    pub name: String,
    /// How many products of the list as it is narrowed by the other facets have this value.
    pub count: String,
    /// Whether there is none.
    pub is_empty: bool,
    pub is_selected: bool,
    /// `#rrggbb`.
    pub swatch: Option<String>,
}

/// A filter in force, and the list without it.
#[derive(Clone, Debug, Serialize)]
pub struct ActiveFilter {
    pub facet: String,
    pub name: String,
    pub path: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct Sort {
    pub key: SortKey,
    pub is_selected: bool,
}

/// Serialized as the value of the `sort` parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum SortKey {
    /// The merchant's order in a category, the best match in a search.
    #[serde(rename = "position")]
    Position,
    #[serde(rename = "price")]
    PriceUp,
    #[serde(rename = "-price")]
    PriceDown,
    #[serde(rename = "name")]
    Name,
    #[serde(rename = "newest")]
    Newest,
}

/// Pages of a list. Links keep every filter.
#[derive(Clone, Debug, Serialize)]
pub struct Pagination {
    pub page: u32,
    pub n_pages: u32,
    pub previous: Option<String>,
    pub next: Option<String>,
    /// Ascending; the template shows a gap where numbers are left out.
    pub pages: Vec<PageLink>,
}

#[derive(Clone, Debug, Serialize)]
pub struct PageLink {
    pub number: u32,
    pub path: String,
}

impl Pagination {
    /// Links the first, the last and the neighbours of the current page.
    pub fn new(page: u32, n_pages: u32, path_of: impl Fn(u32) -> String) -> Self {
        let is_linked = |n: &u32| *n == 1 || *n == n_pages || n.abs_diff(page) <= 1;
        let pages = (1..=n_pages).filter(is_linked);
        Self {
            page,
            n_pages,
            previous: (page > 1 && page <= n_pages).then(|| path_of(page - 1)),
            next: (page < n_pages).then(|| path_of(page + 1)),
            pages: pages.map(|number| PageLink { number, path: path_of(number) }).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(page: u32, n_pages: u32) -> Vec<u32> {
        let pagination = Pagination::new(page, n_pages, |n| format!("?page={n}"));
        pagination.pages.iter().map(|link| link.number).collect()
    }

    #[test]
    fn a_long_list_links_its_ends_and_its_neighbours() {
        assert_eq!(numbers(1, 1), [1]);
        assert_eq!(numbers(1, 9), [1, 2, 9]);
        assert_eq!(numbers(5, 9), [1, 4, 5, 6, 9]);
        assert_eq!(numbers(9, 9), [1, 8, 9]);
    }

    #[test]
    fn the_first_page_has_no_previous_and_the_last_no_next() {
        let pagination = Pagination::new(1, 2, |n| format!("?page={n}"));
        assert_eq!((pagination.previous, pagination.next.as_deref()), (None, Some("?page=2")));
        let pagination = Pagination::new(2, 2, |n| format!("?page={n}"));
        assert_eq!((pagination.previous.as_deref(), pagination.next), (Some("?page=1"), None));
        assert!(Pagination::new(1, 0, |_| String::new()).pages.is_empty());
    }
}
