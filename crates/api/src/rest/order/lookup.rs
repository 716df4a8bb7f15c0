//! `searchCriteria` of lists of orders, as the database looks through them.

use commerce::order::OrderStatus;
use jiff::{SignedDuration, Timestamp};
use shop::order::{EntityFilter, NumberField, Search, SortField, Test, TextField};

use super::words;
use crate::rest::call::read_moment;
use crate::rest::criteria::{Condition, Criteria, Filter, millionths};
use crate::rest::problem::Problem;

/// The most values that the lists of one request name.
const MAX_VALUES: usize = 1_000;

const STATUSES: [OrderStatus; 5] = [
    OrderStatus::Pending,
    OrderStatus::Processing,
    OrderStatus::Complete,
    OrderStatus::Held,
    OrderStatus::Canceled,
];

/// What is looked for; amounts have so many decimals.
pub(in crate::rest) fn read(criteria: &Criteria, decimals: u32) -> Result<Search, Problem> {
    let filters = criteria.groups.iter().flatten();
    let lists = filters.filter(|it| matches!(it.condition, Condition::In | Condition::Nin));
    if lists.map(|it| it.value.split(',').count()).sum::<usize>() > MAX_VALUES {
        return Err(Problem::bad("There are too many filters."));
    }
    let group = |group: &Vec<Filter>| {
        let tests = group.iter().map(|filter| test(filter, decimals));
        Ok(Test::Any(tests.collect::<Result<_, Problem>>()?))
    };
    let sort = criteria.sort.iter().filter_map(|sort| {
        let field = match sort.field.as_str() {
            "status" | "state" => SortField::Status,
            other => match (number_field(other), text_field(other)) {
                (Some(field), _) => SortField::Number(field),
                (_, Some(field)) => SortField::Text(field),
                _ => return None,
            },
        };
        Some((field, sort.is_down))
    });
    Ok(Search {
        tests: criteria.groups.iter().map(group).collect::<Result<_, Problem>>()?,
        sort: sort.collect(),
    })
}

fn number_field(name: &str) -> Option<NumberField> {
    Some(match name {
        "entity_id" | "order_id" => NumberField::Entity,
        "customer_id" => NumberField::Customer,
        "grand_total" | "base_grand_total" => NumberField::Total,
        "created_at" => NumberField::PlacedAt,
        "updated_at" => NumberField::UpdatedAt,
        _ => return None,
    })
}

fn text_field(name: &str) -> Option<TextField> {
    Some(match name {
        "increment_id" => TextField::Number,
        "customer_email" => TextField::Email,
        "order_currency_code" | "base_currency_code" => TextField::Currency,
        _ => return None,
    })
}

/// A condition and whether it is turned around.
fn plain(condition: Condition) -> (Condition, bool) {
    match condition {
        Condition::Neq => (Condition::Eq, true),
        Condition::Nlike => (Condition::Like, true),
        Condition::Nin => (Condition::In, true),
        Condition::Nfinset => (Condition::Finset, true),
        Condition::Notnull => (Condition::Null, true),
        other => (other, false),
    }
}

fn test(filter: &Filter, decimals: u32) -> Result<Test, Problem> {
    let holds = |value: &str| filter.holds(&[value.to_owned()]);
    let of_status = |word: fn(OrderStatus) -> &'static str| {
        Test::Status(STATUSES.into_iter().filter(|status| holds(word(*status))).collect())
    };
    let test = match filter.field.as_str() {
        "status" => return Ok(of_status(|status| words(status).0)),
        "state" => return Ok(of_status(|status| words(status).1)),
        "store_id" => return Ok(Test::Always(holds("1"))),
        "customer_is_guest" => {
            return Ok(match (holds("0"), holds("1")) {
                (true, false) => Test::HasCustomer,
                (false, true) => Test::Not(Box::new(Test::HasCustomer)),
                (always, _) => Test::Always(always),
            });
        }
        other => match (number_field(other), text_field(other)) {
            (Some(field), _) => of_number(filter, field, decimals)?,
            (_, Some(field)) => of_text(filter, field),
            // What orders do not have is nothing.
            _ => return Ok(Test::Always(filter.holds(&[]))),
        },
    };
    Ok(if plain(filter.condition).1 { Test::Not(Box::new(test)) } else { test })
}

/// From the first to the last number that is the same as what was said: a second has many moments,
/// and no whole number is the same as a fraction, whose first comes after its last.
fn span(text: &str, field: NumberField, decimals: u32) -> Option<(i64, i64)> {
    if matches!(field, NumberField::PlacedAt | NumberField::UpdatedAt) {
        let second = read_moment(text)?.as_second().checked_mul(1_000_000)?;
        return Some((second, second.checked_add(999_999)?));
    }
    let digits = if field == NumberField::Total { 6_u32.saturating_sub(decimals) } else { 6 };
    let (value, unit) = (millionths(text.trim())?, 10_i128.pow(digits));
    let last = value.div_euclid(unit);
    let first = last + i128::from(value.rem_euclid(unit) > 0);
    Some((i64::try_from(first).ok()?, i64::try_from(last).ok()?))
}

fn of_number(filter: &Filter, field: NumberField, decimals: u32) -> Result<Test, Problem> {
    let span = |text: &str| span(text, field, decimals);
    let within = |from, to| Test::Within(field, from, to);
    let (condition, _) = plain(filter.condition);
    Ok(match condition {
        Condition::Null if field == NumberField::Customer => Test::Not(Box::new(Test::HasCustomer)),
        Condition::Null => Test::Always(false),
        Condition::In => {
            let spans: Vec<_> = filter.value.split(',').filter_map(span).collect();
            let (points, others): (Vec<_>, Vec<_>) =
                spans.into_iter().partition(|(first, last)| first == last);
            let points = Test::OneOf(field, points.into_iter().map(|(first, _)| first).collect());
            let others = others.into_iter().map(|(first, last)| within(first, last));
            Test::Any(std::iter::once(points).chain(others).collect())
        }
        Condition::Like => {
            let message = "The \"like\" condition isn't available for the %fieldName field.";
            return Err(Problem::bad(message).with("fieldName", &filter.field));
        }
        other => {
            // What is no number is neither above nor below one.
            let Some((first, last)) = span(&filter.value) else { return Ok(Test::Always(false)) };
            match other {
                Condition::Gt => within(last.saturating_add(1), i64::MAX),
                Condition::Gteq => within(first, i64::MAX),
                Condition::Lt => within(i64::MIN, first.saturating_sub(1)),
                Condition::Lteq => within(i64::MIN, last),
                _ => within(first, last),
            }
        }
    })
}

fn of_text(filter: &Filter, field: TextField) -> Test {
    let folded = |text: &str| match field {
        TextField::Email => text.to_ascii_lowercase(),
        TextField::Number | TextField::Currency => text.to_ascii_uppercase(),
    };
    let value = folded(&filter.value);
    match plain(filter.condition).0 {
        Condition::Gt => Test::After(field, value),
        Condition::Gteq => Test::Not(Box::new(Test::Before(field, value))),
        Condition::Lt => Test::Before(field, value),
        Condition::Lteq => Test::Not(Box::new(Test::After(field, value))),
        Condition::Like => Test::Like(field, value.chars().take(200).collect()),
        Condition::In => {
            let listed = filter.value.split(',').map(|text| folded(text.trim()));
            Test::Among(field, listed.collect())
        }
        Condition::Null => Test::Always(false),
        _ => Test::Among(field, vec![value]),
    }
}

/// What the database can look through for us: no less than what is wanted.
pub(in crate::rest) fn bounds(criteria: &Criteria) -> EntityFilter {
    let mut filter = EntityFilter::default();
    for group in &criteria.groups {
        let [only] = group.as_slice() else { continue };
        let (is_from, is_to) = match only.condition {
            Condition::Eq => (true, true),
            Condition::Gt | Condition::Gteq => (true, false),
            Condition::Lt | Condition::Lteq => (false, true),
            _ => continue,
        };
        let times = match only.field.as_str() {
            "created_at" => &mut filter.placed,
            "updated_at" => &mut filter.updated,
            "entity_id" | "order_id" => {
                let Ok(number) = only.value.trim().parse::<i64>() else { continue };
                if is_from {
                    filter.entity.0 = filter.entity.0.max(number);
                }
                if is_to {
                    filter.entity.1 = filter.entity.1.min(number);
                }
                continue;
            }
            _ => continue,
        };
        let Some(at) = read_moment(&only.value) else { continue };
        if is_from {
            times.0 = times.0.max(at);
        }
        if is_to {
            // Filters compare whole seconds.
            let end = at.checked_add(SignedDuration::from_secs(1)).unwrap_or(Timestamp::MAX);
            times.1 = times.1.min(end);
        }
    }
    filter
}
