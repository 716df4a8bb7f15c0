//! Classes and rates of tax.

use std::collections::BTreeSet;

use commerce::tax::DatedRate;
use schemars::JsonSchema;
use serde::Serialize;

use super::call::Call;
use super::criteria::Page;
use super::lenient::Number;
use super::problem::Problem;
use crate::graphql::uid;

#[derive(Serialize, JsonSchema)]
pub(super) struct TaxClass {
    class_id: i64,
    class_name: String,
    class_type: String,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct TaxRate {
    id: i64,
    tax_country_id: String,
    tax_region_id: i64,
    tax_postcode: String,
    rate: Number,
    code: String,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct TaxRule {
    id: i64,
    code: String,
    priority: i64,
    position: i64,
    customer_tax_class_ids: Vec<i64>,
    product_tax_class_ids: Vec<i64>,
    tax_rate_ids: Vec<i64>,
}

/// What people who buy are, tax-wise.
const RETAIL: i64 = 3;

fn names(call: &Call) -> BTreeSet<&str> {
    call.settings.rates.rows().iter().map(|row| row.class.as_str()).collect()
}

fn all_classes(call: &Call) -> Vec<TaxClass> {
    let goods = names(call).into_iter().map(|name| TaxClass {
        class_id: uid::tax_class(name),
        class_name: name.to_owned(),
        class_type: "PRODUCT".to_owned(),
    });
    let people = TaxClass {
        class_id: RETAIL,
        class_name: "Retail Customer".to_owned(),
        class_type: "CUSTOMER".to_owned(),
    };
    goods.chain([people]).collect()
}

/// The rates in force today, each with its class.
fn in_force(call: &Call) -> Vec<(&DatedRate, TaxRate)> {
    let today = call.shop.clock.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let rows = call.settings.rates.rows().iter().filter(|row| {
        row.valid_from <= today && row.valid_until.is_none_or(|until| today <= until)
    });
    rows.map(|row| {
        let code = format!("{}-{}", row.country.as_str(), row.class.as_str());
        let rate = TaxRate {
            id: uid::tax_class(&code),
            tax_country_id: row.country.as_str().to_owned(),
            tax_region_id: 0,
            tax_postcode: "*".to_owned(),
            rate: Number::of(uid::percent(row.rate)),
            code,
        };
        (row, rate)
    })
    .collect()
}

pub(super) async fn classes(call: Call) -> Result<Page<TaxClass>, Problem> {
    Ok(call.criteria()?.list(all_classes(&call)))
}

pub(super) async fn class(call: Call) -> Result<TaxClass, Problem> {
    let id = call.number("taxClassId")?;
    let found = all_classes(&call).into_iter().find(|class| class.class_id == id);
    found.ok_or_else(|| Problem::no_entity("class_id", id))
}

pub(super) async fn rates(call: Call) -> Result<Page<TaxRate>, Problem> {
    Ok(call.criteria()?.list(in_force(&call).into_iter().map(|(_, rate)| rate)))
}

pub(super) async fn rules(call: Call) -> Result<Page<TaxRule>, Problem> {
    let rates = in_force(&call);
    let rules = names(&call).into_iter().map(|name| {
        let of_class = rates.iter().filter(|(row, _)| row.class.as_str() == name);
        TaxRule {
            id: uid::tax_class(name),
            code: name.to_owned(),
            priority: 0,
            position: 0,
            customer_tax_class_ids: vec![RETAIL],
            product_tax_class_ids: vec![uid::tax_class(name)],
            tax_rate_ids: of_class.map(|(_, rate)| rate.id).collect(),
        }
    });
    Ok(call.criteria()?.list(rules))
}
