//! `/async` and `/async/bulk`: requests that are accepted now and run as jobs.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use async_trait::async_trait;
use axum::http::Method;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use shop::Shop;
use shop::bulk::RanState;
use shop::integration::EVERYTHING;
use shop::ports::{Operation, OperationError};
use uuid::Uuid;

use super::access::{Access, Who};
use super::call::{Call, moment};
use super::http::{Target, Turn, find};
use super::problem::Problem;
use super::table::{self, Part, Route};

/// What is said of requests that were accepted.
#[derive(Serialize, JsonSchema)]
pub(super) struct Accepted {
    bulk_uuid: String,
    request_items: Vec<AcceptedItem>,
    errors: bool,
}

#[derive(Serialize, JsonSchema)]
struct AcceptedItem {
    id: u32,
    data_hash: String,
    status: String,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct BulkStatus {
    bulk_id: String,
    description: String,
    start_time: String,
    user_type: i64,
    operation_count: u32,
    operations_list: Vec<OperationStatus>,
}

#[derive(Serialize, JsonSchema)]
struct OperationStatus {
    id: u32,
    bulk_uuid: String,
    /// 1 is done, 3 failed for good, 4 waits.
    status: i64,
    result_message: String,
    error_code: Option<i64>,
}

/// The most requests of one bulk, and the longest body of each: a job must fit a row.
const MAX_OPERATIONS: usize = 1_000;
const MAX_BODY: usize = 60_000;

/// The value that stands for a place of the path, such as `{sku}`: among what a request sends, or
/// in the one thing that it is about.
fn value_of(item: &Value, place: &str) -> Option<String> {
    let plain = |name: &str| name.replace('_', "").to_lowercase();
    let named = |object: &Value| {
        let fields = object.as_object()?.iter();
        let (_, value) = fields.clone().find(|(name, _)| plain(name) == plain(place))?;
        match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    };
    named(item).or_else(|| item.as_object()?.values().find_map(named))
}

fn path_of(call: &Call, route: &Route, values: &BTreeMap<&str, String>) -> String {
    let parts = route.segments().into_iter().map(|part| match part {
        Part::Letters(letters) | Part::By(letters) => letters.to_owned(),
        Part::Place(name) => {
            let value = values.get(name).map_or("", String::as_str);
            utf8_percent_encode(value, NON_ALPHANUMERIC).to_string()
        }
    });
    let parts: Vec<String> = parts.collect();
    format!("/rest/{}/V1/{}", call.store_code(call.locale), parts.join("/"))
}

/// Keeps a request, or each of the list that it sends, to be run later.
pub(super) async fn accept(
    call: &Call,
    route: &Route,
    turn: Turn,
    body: &[u8],
) -> Result<Accepted, Problem> {
    let is_for_programs = matches!(route.access, Access::Resource(_));
    if route.method == Method::GET || !is_for_programs {
        return Err(Problem::missing("Request does not match any route."));
    }
    let body: Value = table::read(body)?;
    let items = match (turn, body) {
        (Turn::LaterInBulk, Value::Array(items)) => items,
        (Turn::LaterInBulk, _) => {
            return Err(Problem::bad("The body of a bulk is a list."));
        }
        (_, body) => vec![body],
    };
    if items.is_empty() || items.len() > MAX_OPERATIONS {
        return Err(Problem::bad("A bulk has 1 to %max requests.").with("max", MAX_OPERATIONS));
    }
    let mut operations = Vec::with_capacity(items.len());
    for item in &items {
        let mut values: BTreeMap<&str, String> =
            call.params.iter().map(|(name, value)| (*name, value.clone())).collect();
        for place in route.segments().into_iter().filter_map(Part::place) {
            if !values.contains_key(place) {
                let value = value_of(item, place).ok_or_else(|| Problem::required(place))?;
                values.insert(place, value);
            }
        }
        let body = item.to_string();
        if body.len() > MAX_BODY {
            return Err(
                Problem::bad("A request of a bulk has at most %max bytes.").with("max", MAX_BODY)
            );
        }
        operations.push(Operation {
            method: route.method.to_string(),
            path: path_of(call, route, &values),
            body,
            actor: call.who.actor().to_owned(),
        });
    }
    let bulk = shop::bulk::accept(&call.shop, &operations).await?;
    let request_items = (0..).zip(&operations).map(|(id, operation)| {
        let digest = Sha256::digest(&operation.body);
        AcceptedItem {
            id,
            data_hash: digest.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}")),
            status: "accepted".to_owned(),
        }
    });
    Ok(Accepted {
        bulk_uuid: bulk.to_string(),
        request_items: request_items.collect(),
        errors: false,
    })
}

pub(super) async fn status(call: Call) -> Result<BulkStatus, Problem> {
    let text = call.param("bulkUuid");
    let unknown = || Problem::no_entity("bulkUuid", text);
    let bulk = Uuid::parse_str(text).map_err(|_| unknown())?;
    let ran = shop::bulk::state(&call.shop, bulk).await?;
    let first = ran.first().ok_or_else(unknown)?;
    let start_time = moment(first.created_at);
    let operations = ran.iter().map(|one| {
        let (status, message) = match one.state {
            RanState::Done => (1, "Service execution success"),
            RanState::Failed => (3, one.last_error.as_str()),
            RanState::Open => (4, one.last_error.as_str()),
        };
        OperationStatus {
            id: one.key.parse().unwrap_or_default(),
            bulk_uuid: bulk.to_string(),
            status,
            result_message: message.to_owned(),
            error_code: None,
        }
    });
    let operations_list: Vec<OperationStatus> = operations.collect();
    Ok(BulkStatus {
        bulk_id: bulk.to_string(),
        description: "Requests through the API".to_owned(),
        start_time,
        user_type: 1,
        operation_count: u32::try_from(operations_list.len()).unwrap_or(u32::MAX),
        operations_list,
    })
}

/// Runs what was accepted.
pub struct Operations(Vec<Route>);

impl Default for Operations {
    fn default() -> Self {
        Self(table::routes())
    }
}

#[async_trait]
impl shop::ports::Operations for Operations {
    async fn run(&self, shop: &Shop, operation: &Operation) -> Result<(), OperationError> {
        let unknown = || OperationError::Later(format!("no route fits {}", operation.path));
        let method = Method::from_bytes(operation.method.as_bytes()).map_err(|_| unknown())?;
        let target = Target::read(&operation.path, shop).ok_or_else(unknown)?;
        let (route, params) = find(&self.0, &method, &target).ok_or_else(unknown)?;
        let call = Call {
            shop: shop.clone(),
            settings: shop.settings(),
            locale: target.locale,
            params,
            query: Vec::new(),
            // It was let in when the request was accepted.
            who: Who::Integration {
                name: operation.actor.clone(),
                resources: vec![EVERYTHING.to_owned()],
            },
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            guard: Arc::default(),
        };
        let done = (route.run)(call, operation.body.clone().into()).await;
        done.map(drop).map_err(|problem| match problem.status.is_server_error() {
            true => OperationError::Later(problem.text()),
            false => OperationError::Refused(problem.text()),
        })
    }
}
