//! The sample data of `greenleaf demo`.

use std::sync::Arc;

use anyhow::Result;
use db::Db;
use shop::Clock;
use shop::ports::{MediaStore, Pictures};

/// Fills an empty database with the demo shop.
#[expect(clippy::unused_async, reason = "it will write")]
pub(crate) async fn seed(
    _db: &Db,
    _media: &dyn MediaStore,
    _pictures: &Arc<dyn Pictures>,
    _clock: &Clock,
) -> Result<()> {
    Ok(())
}
