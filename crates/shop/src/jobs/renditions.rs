//! Pictures in the sizes that pages ask for.

use commerce::media::MediaId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{JobError, Work};
use crate::Shop;

/// Makes every rendition of an original.
#[derive(Debug, Serialize, Deserialize)]
pub struct MakeRenditions {
    original: Uuid,
}

impl MakeRenditions {
    pub fn of(original: MediaId) -> Self {
        Self { original: original.0 }
    }
}

impl Work for MakeRenditions {
    const KIND: &'static str = "make-renditions";
    const IS_BULK: bool = true;

    fn dedupe_key(&self) -> Option<String> {
        Some(format!("renditions-{}", self.original.simple()))
    }

    async fn run(&self, shop: &Shop) -> Result<(), JobError> {
        let id = MediaId(self.original);
        let found = db::media::find(&mut shop.db.read().await?, id).await?;
        let original = found.ok_or_else(|| JobError::Hopeless("the picture is gone".into()))?;
        crate::media::make_in_turn(shop, &original)
            .await
            .map_err(|error| JobError::Later(error.to_string()))
    }
}
