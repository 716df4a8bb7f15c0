//! Messages to programs of others.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{JobError, Work};
use crate::Shop;
use crate::ports::{Call, CallError};
use crate::webhook;

/// Brings a message to one subscription.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct DeliverMessage {
    pub(crate) webhook: Uuid,
    pub(crate) message: Uuid,
    pub(crate) topic: String,
    /// Messages about one order arrive in their order.
    pub(crate) order: Option<Uuid>,
    /// JSON, byte by byte as it is signed and sent on each try.
    pub(crate) body: String,
}

impl Work for DeliverMessage {
    const KIND: &'static str = "deliver-message";
    // A receiver that is slow holds up no mail.
    const IS_BULK: bool = true;

    fn dedupe_key(&self) -> Option<String> {
        Some(format!("{}{}", prefix(self.webhook), self.message.simple()))
    }

    fn lane(&self) -> Option<String> {
        let order = self.order?;
        Some(format!("{}{}", prefix(self.webhook), order.simple()))
    }

    async fn run(&self, shop: &Shop) -> Result<(), JobError> {
        let found = db::webhook::find(&mut shop.db.read().await?, self.webhook).await?;
        let Some(webhook) = found else { return Ok(()) };
        if !webhook.is_active {
            return Err(JobError::Hopeless("the webhook is switched off".into()));
        }
        let id = format!("msg_{}", self.message.simple());
        let timestamp = shop.clock.now().as_second();
        let signed = format!("{id}.{timestamp}.{}", self.body);
        let signature = webhook::sign(shop, &webhook, &signed).ok_or_else(|| {
            JobError::Hopeless("the webhook's secret was sealed under another key".into())
        })?;
        let call = Call { url: webhook.url, id, timestamp, signature, body: self.body.clone() };
        shop.courier.bring(&call).await.map_err(|error| match error {
            CallError::Refused(reason) => JobError::Hopeless(reason),
            CallError::Failed(reason) => JobError::Later(reason),
        })
    }
}

/// What the keys of the messages to a subscription begin with.
pub(crate) fn prefix(webhook: Uuid) -> String {
    format!("message:{}:", webhook.simple())
}
