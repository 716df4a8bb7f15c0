//! Prices of many products at once: each is saved by itself, and what was refused is said.

use commerce::price::SpecialPrice;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shop::catalog::{PriceInput, ProductInput};

use super::{Entry, write};
use crate::rest::call::{Call, moment, read_moment};
use crate::rest::lenient::{Decimal, Int, Number};
use crate::rest::problem::Problem;

#[derive(Deserialize, JsonSchema)]
pub(in crate::rest) struct Skus {
    skus: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
pub(in crate::rest) struct BasePrice {
    price: Number,
    store_id: i64,
    sku: String,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SpecialPrice")]
pub(in crate::rest) struct SpecialOut {
    price: Number,
    store_id: i64,
    sku: String,
    price_from: Option<String>,
    price_to: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
pub(in crate::rest) struct BasePrices {
    prices: Vec<BasePriceInput>,
}

#[derive(Deserialize, JsonSchema)]
struct BasePriceInput {
    sku: String,
    price: Decimal,
    #[expect(dead_code, reason = "there is one scope of prices; clients must send it")]
    store_id: Option<Int>,
}

#[derive(Deserialize, JsonSchema)]
pub(in crate::rest) struct SpecialPrices {
    prices: Vec<SpecialPriceInput>,
}

#[derive(Deserialize, JsonSchema)]
struct SpecialPriceInput {
    sku: String,
    price: Decimal,
    price_from: Option<String>,
    price_to: Option<String>,
}

/// Prices that the shop does not have: what else they say is not read.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "OtherPrices")]
pub(in crate::rest) struct Others {
    prices: Vec<OtherInput>,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "OtherPriceInput")]
struct OtherInput {
    sku: String,
}

/// Why one price of several was not saved.
#[derive(Serialize, JsonSchema)]
pub(in crate::rest) struct PriceUpdateResult {
    message: String,
    parameters: Vec<String>,
}

/// The most products that one request names.
const MAX: usize = 1_000;

fn check(n: usize) -> Result<(), Problem> {
    if n > MAX {
        Err(Problem::bad("A request may name %max products.").with("max", MAX))
    } else {
        Ok(())
    }
}

/// The products that exist, with what Magento says when one does not.
async fn found(call: &Call, skus: &[String]) -> Result<Vec<Entry>, Problem> {
    check(skus.len())?;
    let mut entries = Vec::new();
    for sku in skus {
        match shop::catalog::find_by_sku(&call.shop, sku).await? {
            Some((product, place)) => {
                entries.push(Entry { product: product.into(), place, sku: sku.clone() });
            }
            None => {
                let message = "Requested products don't exist: %sku";
                return Err(Problem::missing(message).with("sku", sku));
            }
        }
    }
    Ok(entries)
}

pub(in crate::rest) async fn base(call: Call, said: Skus) -> Result<Vec<BasePrice>, Problem> {
    let entries = found(&call, &said.skus).await?;
    let prices = entries.iter().filter_map(|entry| {
        let price = entry.price(&call)?.regular.into();
        Some(BasePrice { price, store_id: 0, sku: entry.sku.clone() })
    });
    Ok(prices.collect())
}

pub(in crate::rest) async fn special(call: Call, said: Skus) -> Result<Vec<SpecialOut>, Problem> {
    let entries = found(&call, &said.skus).await?;
    let prices = entries.iter().filter_map(|entry| {
        let special = entry.price(&call)?.special?;
        Some(SpecialOut {
            price: special.amount.into(),
            store_id: 0,
            sku: entry.sku.clone(),
            price_from: special.from.map(moment),
            price_to: special.until.map(moment),
        })
    });
    Ok(prices.collect())
}

/// Changes the price of one product in the channel.
async fn set(call: &Call, sku: &str, change: impl Fn(&mut PriceInput)) -> Result<(), Problem> {
    let entry = Entry::find(call, sku).await?;
    let (place, is_parent) = (entry.place.unwrap_or_default(), entry.is_parent());
    if is_parent {
        return Err(Problem::invalid("sku", sku));
    }
    let code = call.settings.channel.code.clone();
    write::update(call, entry, |input: &mut ProductInput| {
        let prices = input.variants.get_mut(place).map(|variant| &mut variant.prices);
        let price = prices.into_iter().flatten().find(|price| price.channel == code);
        change(price.ok_or_else(|| Problem::invalid("sku", sku))?);
        Ok(())
    })
    .await?;
    Ok(())
}

/// Says what went wrong with one of several; what is wrong with us fails all.
fn result(sku: &str, done: Result<(), Problem>) -> Result<Option<PriceUpdateResult>, Problem> {
    match done {
        Ok(()) => Ok(None),
        Err(problem) if problem.status.is_server_error() => Err(problem),
        Err(problem) => Ok(Some(PriceUpdateResult {
            message: problem.text(),
            parameters: vec![sku.to_owned()],
        })),
    }
}

pub(in crate::rest) async fn set_base(
    call: Call,
    said: BasePrices,
) -> Result<Vec<PriceUpdateResult>, Problem> {
    check(said.prices.len())?;
    let mut results = Vec::new();
    for one in &said.prices {
        let done = match one.price.money(call.settings.channel.currency) {
            Some(amount) => set(&call, &one.sku, |price| price.regular = amount).await,
            None => Err(Problem::invalid("Price", &one.price.0)),
        };
        results.extend(result(&one.sku, done)?);
    }
    Ok(results)
}

pub(in crate::rest) async fn set_special(
    call: Call,
    said: SpecialPrices,
) -> Result<Vec<PriceUpdateResult>, Problem> {
    check(said.prices.len())?;
    let mut results = Vec::new();
    for one in &said.prices {
        let done = match read_special(&call, one) {
            Ok(special) => set(&call, &one.sku, |price| price.special = Some(special)).await,
            Err(problem) => Err(problem),
        };
        results.extend(result(&one.sku, done)?);
    }
    Ok(results)
}

fn read_special(call: &Call, said: &SpecialPriceInput) -> Result<SpecialPrice, Problem> {
    let amount = said.price.money(call.settings.channel.currency);
    let amount = amount.ok_or_else(|| Problem::invalid("Price", &said.price.0))?;
    let at = |name: &str, text: &Option<String>| match text.as_deref() {
        None | Some("") => Ok(None),
        Some(text) => read_moment(text).map(Some).ok_or_else(|| Problem::invalid(name, text)),
    };
    let from = at("Price From", &said.price_from)?;
    Ok(SpecialPrice { amount, from, until: at("Price To", &said.price_to)? })
}

pub(in crate::rest) async fn end_special(
    call: Call,
    said: SpecialPrices,
) -> Result<Vec<PriceUpdateResult>, Problem> {
    check(said.prices.len())?;
    let mut results = Vec::new();
    for one in &said.prices {
        let done = set(&call, &one.sku, |price| price.special = None).await;
        results.extend(result(&one.sku, done)?);
    }
    Ok(results)
}

/// The prices of a kind that the shop does not have: there are none.
pub(in crate::rest) async fn no_others(call: Call, said: Skus) -> Result<Vec<Value>, Problem> {
    found(&call, &said.skus).await?;
    Ok(Vec::new())
}

/// Saves none of them, and says so of each.
async fn refuse_others(
    call: &Call,
    said: &Others,
    what: &str,
) -> Result<Vec<PriceUpdateResult>, Problem> {
    check(said.prices.len())?;
    let mut results = Vec::new();
    for one in &said.prices {
        let done = Entry::find(call, &one.sku).await;
        let done = done.and_then(|_| Err(Problem::bad(format!("{what} are not kept here."))));
        results.extend(result(&one.sku, done)?);
    }
    Ok(results)
}

pub(in crate::rest) async fn set_tiers(
    call: Call,
    said: Others,
) -> Result<Vec<PriceUpdateResult>, Problem> {
    refuse_others(&call, &said, "Tier prices").await
}

pub(in crate::rest) async fn set_cost(
    call: Call,
    said: Others,
) -> Result<Vec<PriceUpdateResult>, Problem> {
    refuse_others(&call, &said, "Costs").await
}

/// Takes away what is not there.
pub(in crate::rest) async fn delete_tiers(
    call: Call,
    said: Others,
) -> Result<Vec<PriceUpdateResult>, Problem> {
    check(said.prices.len())?;
    let mut results = Vec::new();
    for one in &said.prices {
        let done = Entry::find(&call, &one.sku).await.map(|_| ());
        results.extend(result(&one.sku, done)?);
    }
    Ok(results)
}

pub(in crate::rest) async fn delete_cost(call: Call, said: Skus) -> Result<bool, Problem> {
    found(&call, &said.skus).await?;
    Ok(true)
}

/// The tier prices of one product.
pub(in crate::rest) async fn tiers(call: Call) -> Result<Vec<Value>, Problem> {
    Entry::find(&call, call.param("sku")).await?;
    Ok(Vec::new())
}
