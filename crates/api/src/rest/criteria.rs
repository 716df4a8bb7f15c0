//! `searchCriteria[…]`: which things of a list are wanted, in which order, which page.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::problem::Problem;

/// The most things that one page may have.
pub(super) const MAX_PAGE: u32 = 1_000;
/// How many things come where nobody says how many.
const USUAL_PAGE: u32 = 100;
/// The most conditions that one request may have.
const MAX_FILTERS: usize = 200;

/// What is wanted of a list: things for which in each group a filter holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Criteria {
    pub(super) groups: Vec<Vec<Filter>>,
    pub(super) sort: Vec<Sort>,
    pub(super) page_size: Option<u32>,
    pub(super) page: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Filter {
    pub(super) field: String,
    pub(super) value: String,
    pub(super) condition: Condition,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sort {
    pub(super) field: String,
    pub(super) is_down: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    Eq,
    Neq,
    Gt,
    Gteq,
    Lt,
    Lteq,
    Like,
    Nlike,
    In,
    Nin,
    Null,
    Notnull,
    Finset,
    Nfinset,
}

impl Condition {
    const NAMES: [(&'static str, Self); 17] = [
        ("eq", Self::Eq),
        ("neq", Self::Neq),
        ("gt", Self::Gt),
        ("gteq", Self::Gteq),
        ("lt", Self::Lt),
        ("lteq", Self::Lteq),
        ("like", Self::Like),
        ("nlike", Self::Nlike),
        ("in", Self::In),
        ("nin", Self::Nin),
        ("null", Self::Null),
        ("notnull", Self::Notnull),
        ("finset", Self::Finset),
        ("nfinset", Self::Nfinset),
        ("moreq", Self::Gteq),
        ("from", Self::Gteq),
        ("to", Self::Lteq),
    ];

    fn parse(text: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(name, _)| *name == text).map(|(_, condition)| *condition)
    }

    fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, known)| *known == self).map_or("eq", |(name, _)| name)
    }
}

impl Filter {
    /// Whether it holds for a thing that has these values; several of one that is a list.
    pub(super) fn holds(&self, values: &[String]) -> bool {
        let any = |test: &dyn Fn(&str) -> bool| values.iter().any(|value| test(value));
        let wanted = self.value.as_str();
        let listed = || wanted.split(',').map(str::trim);
        match self.condition {
            Condition::Eq => any(&|value| compare(value, wanted) == Ordering::Equal),
            Condition::Neq => !any(&|value| compare(value, wanted) == Ordering::Equal),
            Condition::Gt => any(&|value| compare(value, wanted) == Ordering::Greater),
            Condition::Gteq => any(&|value| compare(value, wanted) != Ordering::Less),
            Condition::Lt => any(&|value| compare(value, wanted) == Ordering::Less),
            Condition::Lteq => any(&|value| compare(value, wanted) != Ordering::Greater),
            Condition::Like => any(&|value| is_like(value, wanted)),
            Condition::Nlike => !any(&|value| is_like(value, wanted)),
            Condition::In => {
                any(&|value| listed().any(|one| compare(value, one) == Ordering::Equal))
            }
            Condition::Nin => {
                !any(&|value| listed().any(|one| compare(value, one) == Ordering::Equal))
            }
            Condition::Null => values.is_empty(),
            Condition::Notnull => !values.is_empty(),
            Condition::Finset => any(&|value| value.split(',').any(|part| part.trim() == wanted)),
            Condition::Nfinset => !any(&|value| value.split(',').any(|part| part.trim() == wanted)),
        }
    }
}

/// Numbers by what they are worth, all else as text without regard to case.
fn compare(a: &str, b: &str) -> Ordering {
    match (millionths(a), millionths(b)) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => a.to_lowercase().cmp(&b.to_lowercase()),
    }
}

/// A decimal in millionths; `None` for what is none.
pub(super) fn millionths(text: &str) -> Option<i128> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 18 || !is_number(whole) || !is_number(part) {
        return None;
    }
    let part: String = part.chars().chain("000000".chars()).take(6).collect();
    format!("{whole}{part}").parse::<i128>().ok().map(|number| sign * number)
}

/// SQL's `LIKE` without regard to case.
fn is_like(value: &str, pattern: &str) -> bool {
    let value: Vec<char> = value.to_lowercase().chars().collect();
    let pattern: Vec<char> = pattern.to_lowercase().chars().take(200).collect();
    // Where to go on when what follows the last `%` turns out not to fit.
    let (mut v, mut p, mut again) = (0, 0, None);
    while v < value.len() {
        match pattern.get(p) {
            Some('%') => {
                again = Some((p, v));
                p += 1;
            }
            Some(&char) if char == '_' || char == value[v] => {
                v += 1;
                p += 1;
            }
            _ => match again {
                Some((star, from)) => {
                    again = Some((star, from + 1));
                    (p, v) = (star + 1, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|&char| char == '%')
}

/// The parts of `searchCriteria[filter_groups][0][field]` after the first, in small letters and
/// without underscores: clients write them either way.
fn path(key: &str) -> Option<Vec<String>> {
    let rest =
        key.strip_prefix("searchCriteria").or_else(|| key.strip_prefix("search_criteria"))?;
    let parts = rest.split('[').skip(1).map(|part| {
        part.trim_end_matches(']').chars().filter(|&c| c != '_').collect::<String>().to_lowercase()
    });
    Some(parts.collect())
}

impl Criteria {
    pub(super) fn parse(query: &[(String, String)]) -> Result<Self, Problem> {
        let mut filters: BTreeMap<(u32, u32), BTreeMap<String, String>> = BTreeMap::new();
        let mut sorts: BTreeMap<u32, BTreeMap<String, String>> = BTreeMap::new();
        let (mut page_size, mut page) = (None, 1);
        for (key, value) in query {
            let Some(parts) = path(key) else { continue };
            let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
            let count = |name: &str| match value.trim().parse::<u32>() {
                Ok(number) => Ok(number),
                Err(_) => Err(Problem::invalid(name, value)),
            };
            let index = |text: &str| text.parse::<u32>().map_err(|_| Problem::invalid(key, text));
            match *parts.as_slice() {
                ["pagesize"] if value.trim().is_empty() => {}
                ["pagesize"] => page_size = Some(count("pageSize")?),
                ["currentpage"] if value.trim().is_empty() => {}
                ["currentpage"] => page = count("currentPage")?,
                ["filtergroups", group, "filters", filter, part] => {
                    let place = (index(group)?, index(filter)?);
                    filters.entry(place).or_default().insert(part.to_owned(), value.clone());
                }
                ["sortorders", place, part] => {
                    sorts.entry(index(place)?).or_default().insert(part.to_owned(), value.clone());
                }
                _ => {}
            }
        }
        if page_size.is_some_and(|size| size > MAX_PAGE) {
            return Err(
                Problem::bad("Maximum SearchCriteria pageSize is %max").with("max", MAX_PAGE)
            );
        }
        if filters.len() > MAX_FILTERS || sorts.len() > MAX_FILTERS {
            return Err(Problem::bad("There are too many filters."));
        }
        let mut groups: BTreeMap<u32, Vec<Filter>> = BTreeMap::new();
        for ((group, _), mut parts) in filters {
            let field = parts.remove("field").filter(|field| !field.is_empty());
            let field = field.ok_or_else(|| Problem::required("field"))?;
            let named = parts.remove("conditiontype").unwrap_or_else(|| "eq".to_owned());
            let condition = Condition::parse(&named)
                .ok_or_else(|| Problem::invalid("conditionType", &named))?;
            let value = parts.remove("value").unwrap_or_default();
            groups.entry(group).or_default().push(Filter { field, value, condition });
        }
        let sort = sorts.into_values().filter_map(|mut parts| {
            let field = parts.remove("field").filter(|field| !field.is_empty())?;
            let direction = parts.remove("direction").unwrap_or_default();
            Some(Sort { field, is_down: !direction.eq_ignore_ascii_case("asc") })
        });
        Ok(Self {
            groups: groups.into_values().collect(),
            sort: sort.collect(),
            page_size: page_size.filter(|&size| size > 0),
            page: page.max(1),
        })
    }

    pub(super) fn limit(&self) -> u32 {
        self.page_size.unwrap_or(USUAL_PAGE)
    }

    pub(super) fn offset(&self) -> u32 {
        self.limit().saturating_mul(self.page - 1)
    }

    /// Whether a thing is wanted, by the values that it has in a field.
    pub(super) fn wants(&self, values: impl Fn(&str) -> Vec<String>) -> bool {
        self.groups
            .iter()
            .all(|group| group.iter().any(|filter| filter.holds(&values(&filter.field))))
    }

    /// The page that is wanted of all things, and how many would be on all pages.
    pub(super) fn select<T>(
        &self,
        all: impl IntoIterator<Item = T>,
        values: impl Fn(&T, &str) -> Vec<String>,
    ) -> (Vec<T>, u32) {
        let mut wanted: Vec<T> =
            all.into_iter().filter(|one| self.wants(|field| values(one, field))).collect();
        for sort in self.sort.iter().rev() {
            let first = |one: &T| values(one, &sort.field).into_iter().next().unwrap_or_default();
            wanted.sort_by(|a, b| {
                let order = compare(&first(a), &first(b));
                if sort.is_down { order.reverse() } else { order }
            });
        }
        let total = u32::try_from(wanted.len()).unwrap_or(u32::MAX);
        let skipped = usize::try_from(self.offset()).unwrap_or(usize::MAX);
        let size = usize::try_from(self.limit()).unwrap_or(usize::MAX);
        (wanted.into_iter().skip(skipped).take(size).collect(), total)
    }

    /// Makes the answer to a list of few things, which are looked through as they are written.
    pub(super) fn list<T: Serialize>(&self, all: impl IntoIterator<Item = T>) -> Page<T> {
        let valued = all.into_iter().map(|item| {
            let value = serde_json::to_value(&item).unwrap_or_default();
            (item, value)
        });
        let (items, total_count) = self.select(valued, |(_, value), field| of_json(value, field));
        self.page(items.into_iter().map(|(item, _)| item).collect(), total_count)
    }

    pub(super) fn page<T>(&self, items: Vec<T>, total_count: u32) -> Page<T> {
        Page { items, search_criteria: self.into(), total_count }
    }
}

/// The values of a field of something that is written as JSON, its custom attributes included.
fn of_json(value: &serde_json::Value, field: &str) -> Vec<String> {
    let plain = |value: &serde_json::Value| match value {
        serde_json::Value::Null => None,
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Bool(is_so) => Some(i32::from(*is_so).to_string()),
        other => Some(other.to_string()),
    };
    let own = value.get(field).or_else(|| {
        let custom = value.get("custom_attributes")?.as_array()?;
        custom.iter().find(|one| one["attribute_code"] == field)?.get("value")
    });
    match own {
        Some(serde_json::Value::Array(items)) => items.iter().filter_map(plain).collect(),
        Some(value) => plain(value).into_iter().collect(),
        None => Vec::new(),
    }
}

/// What was asked, as lists say it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(super) struct SearchCriteria {
    filter_groups: Vec<FilterGroup>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sort_orders: Option<Vec<SortOrder>>,
    page_size: Option<u32>,
    current_page: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
struct FilterGroup {
    filters: Vec<SearchFilter>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
struct SearchFilter {
    field: String,
    value: String,
    condition_type: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
struct SortOrder {
    field: String,
    direction: String,
}

impl From<&Criteria> for SearchCriteria {
    fn from(criteria: &Criteria) -> Self {
        let filter = |filter: &Filter| SearchFilter {
            field: filter.field.clone(),
            value: filter.value.clone(),
            condition_type: filter.condition.name().to_owned(),
        };
        let groups = criteria.groups.iter();
        let sorts = criteria.sort.iter().map(|sort| SortOrder {
            field: sort.field.clone(),
            direction: if sort.is_down { "DESC" } else { "ASC" }.to_owned(),
        });
        Self {
            filter_groups: groups
                .map(|group| FilterGroup { filters: group.iter().map(filter).collect() })
                .collect(),
            sort_orders: Some(sorts.collect()).filter(|sorts: &Vec<_>| !sorts.is_empty()),
            page_size: criteria.page_size,
            current_page: criteria.page,
        }
    }
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    pub(super) search_criteria: SearchCriteria,
    pub(super) total_count: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Criteria, Problem> {
        let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
        let pairs: Vec<_> = pairs.map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
        Criteria::parse(&pairs)
    }

    #[test]
    fn groups_are_joined_by_and_filters_by_or() {
        let criteria = parse(
            "searchCriteria[filter_groups][0][filters][0][field]=sku\
             &searchCriteria[filter_groups][0][filters][0][value]=a%\
             &searchCriteria[filter_groups][0][filters][0][condition_type]=like\
             &searchCriteria[filterGroups][0][filters][1][field]=price\
             &searchCriteria[filterGroups][0][filters][1][value]=5.00\
             &search_criteria[filterGroups][1][filters][0][field]=status\
             &search_criteria[filterGroups][1][filters][0][value]=1,2\
             &search_criteria[filterGroups][1][filters][0][conditionType]=in\
             &searchCriteria[sortOrders][0][field]=price\
             &searchCriteria[sortOrders][0][direction]=ASC\
             &searchCriteria[pageSize]=2&searchCriteria[currentPage]=1",
        )
        .unwrap();
        let all = [("ab", "7", "1"), ("b", "5", "2"), ("A", "10", "2"), ("ac", "1", "3")];
        let (found, total) = criteria.select(all, |one, field| {
            vec![
                match field {
                    "sku" => one.0,
                    "price" => one.1,
                    _ => one.2,
                }
                .to_owned(),
            ]
        });

        assert_eq!(found, [("b", "5", "2"), ("ab", "7", "1")]);
        assert_eq!(total, 3);
    }

    #[test]
    fn every_condition_holds_where_it_should() {
        let holds = |condition: &str, value: &str, has: &[&str]| {
            let condition = Condition::parse(condition).unwrap();
            let filter = Filter { field: "f".into(), value: value.into(), condition };
            let has: Vec<String> = has.iter().map(|&text| text.to_owned()).collect();
            filter.holds(&has)
        };

        assert!(holds("eq", "10", &["10.0"]) && !holds("eq", "10", &["1"]));
        assert!(holds("neq", "a", &["b"]) && holds("neq", "a", &[]));
        assert!(holds("gt", "9", &["10"]) && !holds("gt", "10", &["10"]));
        assert!(holds("moreq", "10", &["10"]) && holds("from", "2026-01-01", &["2026-02-01"]));
        assert!(holds("lteq", "2", &["-1.5"]) && holds("to", "b", &["a"]));
        assert!(holds("like", "%é_a%", &["Thé vert"]).eq(&false));
        assert!(holds("like", "th_ %ert", &["Thé vert"]) && holds("nlike", "x%", &["a"]));
        assert!(holds("in", "1, 2", &["2"]) && holds("nin", "1,2", &["3"]));
        assert!(holds("null", "", &[]) && holds("notnull", "", &["a"]));
        assert!(holds("finset", "2", &["1,2,3"]) && holds("nfinset", "4", &["1,2,3"]));
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for bad in [
            "searchCriteria[pageSize]=many",
            "searchCriteria[pageSize]=1001",
            "searchCriteria[filter_groups][x][filters][0][field]=sku",
            "searchCriteria[filter_groups][0][filters][0][value]=no field",
            "searchCriteria[filter_groups][0][filters][0][field]=a\
             &searchCriteria[filter_groups][0][filters][0][condition_type]=similar",
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
        assert_eq!(parse("searchCriteria=all").unwrap().limit(), 100);
        assert_eq!(parse("searchCriteria[pageSize]=0").unwrap().page_size, None);
        assert_eq!(parse("searchCriteria[currentPage]=0").unwrap().page, 1);
    }
}
