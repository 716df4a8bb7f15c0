//! Requests to the API that are run later.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{JobError, Work};
use crate::Shop;
use crate::ports::{Operation, OperationError};

/// Runs one request of a bulk.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct RunOperation {
    pub(crate) bulk: Uuid,
    /// Its place in the bulk.
    pub(crate) place: u32,
    pub(crate) operation: Operation,
}

impl Work for RunOperation {
    const KIND: &'static str = "run-operation";

    fn dedupe_key(&self) -> Option<String> {
        Some(format!("{}{:05}", prefix(self.bulk), self.place))
    }

    async fn run(&self, shop: &Shop) -> Result<(), JobError> {
        let operations = std::sync::Arc::clone(&shop.operations);
        operations.run(shop, &self.operation).await.map_err(|error| match error {
            OperationError::Refused(reason) => JobError::Hopeless(reason),
            OperationError::Later(reason) => JobError::Later(reason),
        })
    }
}

/// What the keys of the jobs of a bulk begin with.
pub(crate) fn prefix(bulk: Uuid) -> String {
    format!("operation:{}:", bulk.simple())
}
