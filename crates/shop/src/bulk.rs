//! Many requests to the API at once, run one by one as jobs.

use db::DbError;
pub use db::job::{KeyedJob as Ran, KeyedState as RanState};
use uuid::Uuid;

use crate::jobs::{self, RunOperation, operation_prefix};
use crate::ports::Operation;
use crate::{Shop, use_case};

/// Keeps requests to be run later, and gives the name of the bulk they are.
pub async fn accept(shop: &Shop, operations: &[Operation]) -> Result<Uuid, DbError> {
    use_case("accept-bulk", || async {
        let (bulk, at) = (Uuid::now_v7(), shop.clock.now());
        let mut tx = shop.db.write().await?;
        for (place, operation) in (0..).zip(operations) {
            let work = RunOperation { bulk, place, operation: operation.clone() };
            jobs::push(&mut tx, &work, at).await?;
        }
        tx.commit().await?;
        Ok(bulk)
    })
    .await
}

/// How far the requests of a bulk are, in their order; none of a bulk that nobody knows.
pub async fn state(shop: &Shop, bulk: Uuid) -> Result<Vec<Ran>, DbError> {
    let prefix = operation_prefix(bulk);
    db::job::list_keyed(&mut shop.db.read().await?, &prefix).await
}
