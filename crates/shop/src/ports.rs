//! What the shop asks of the outside world; `gateways` answers.

use async_trait::async_trait;
use bytes::Bytes;
use commerce::customer::Customer;
use commerce::media::{MediaKey, PictureFormat};
use commerce::order::{Order, Withdrawal};
use commerce::shipment::ShipmentId;

use crate::settings::Settings;

/// A mail ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Without angle brackets. The same for every attempt of one mail, so that a receiver, or the
    /// folder of `.eml` files, can tell a repetition from a second mail.
    pub message_id: String,
    /// A mailbox such as `GreenLeaf <bonjour@greenleaf.example>`.
    pub from: String,
    pub to: String,
    pub reply_to: Option<String>,
    pub subject: String,
    /// Empty for a mail of text alone.
    pub html: String,
    pub text: String,
    pub attachments: Vec<Attachment>,
}

/// A page that goes with a mail, for its receiver to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Ascii letters, digits, dashes and dots.
    pub file_name: String,
    pub html: String,
}

#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// Trying again is useless: the address or the message was refused for good.
    #[error("the mail was refused: {0}")]
    Refused(String),
    /// The server could not be reached or asked us to come back later.
    #[error("the mail could not be delivered yet: {0}")]
    Unavailable(String),
}

#[async_trait]
pub trait Mailer: Send + Sync {
    async fn send(&self, mail: &Mail) -> Result<(), MailError>;

    /// Whether a mail could be handed over now; sends nothing.
    async fn check(&self) -> Result<(), MailError>;
}

#[derive(Debug, thiserror::Error)]
#[error("the media store failed: {0}")]
pub struct MediaStoreError(pub String);

/// Where originals and renditions lie: a folder or a bucket.
#[async_trait]
pub trait MediaStore: Send + Sync {
    /// Writes the object whole or not at all; writing the same key again replaces it.
    async fn put(
        &self,
        key: &MediaKey,
        bytes: Bytes,
        format: PictureFormat,
    ) -> Result<(), MediaStoreError>;

    async fn find(&self, key: &MediaKey) -> Result<Option<Bytes>, MediaStoreError>;

    async fn delete(&self, key: &MediaKey) -> Result<(), MediaStoreError>;

    /// Whether the store can be reached and written to now.
    async fn check(&self) -> Result<(), MediaStoreError>;
}

/// What an upload really is, read from its content and never from its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inspected {
    pub format: PictureFormat,
    pub width: u32,
    pub height: u32,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    #[error("only JPEG, PNG and WebP pictures are accepted")]
    UnknownFormat,
    #[error("the picture is larger than {0} bytes")]
    TooManyBytes(u64),
    #[error("the picture has more than {0} pixels")]
    TooManyPixels(u64),
    #[error("the picture is broken")]
    Broken,
}

/// What a rendition is encoded as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RenditionFormat {
    Jpeg,
    Webp,
}

/// Works on pixels. Each call occupies a core for up to half a second: call it on a blocking
/// thread.
pub trait Pictures: Send + Sync {
    /// Checks size, content type, pixel count and that the whole picture decodes.
    fn inspect(&self, bytes: &[u8]) -> Result<Inspected, PictureError>;

    /// Makes the renditions of one original in one go: decoded once, cascaded from large to
    /// small. A width above the original's gives the original's width. Metadata such as the place
    /// where a photo was taken is dropped, its orientation applied.
    fn render(
        &self,
        bytes: &[u8],
        renditions: &[(u32, RenditionFormat)],
    ) -> Result<Vec<Bytes>, PictureError>;
}

/// A request to the API that was accepted and is to be run later; who asked was let in then.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Operation {
    pub method: String,
    /// With the store view, such as `/rest/en/V1/products`.
    pub path: String,
    pub body: String,
    /// Whom histories name.
    pub actor: String,
}

/// Why a request was not run. Nothing was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OperationError {
    /// It would be refused again.
    #[error("{0}")]
    Refused(String),
    #[error("{0}")]
    Later(String),
}

/// Runs requests to the API outside the request that brought them.
#[async_trait]
pub trait Operations: Send + Sync {
    async fn run(&self, shop: &crate::Shop, operation: &Operation) -> Result<(), OperationError>;
}

/// A message to a webhook, signed.
#[derive(Clone, PartialEq, Eq)]
pub struct Call {
    /// May hold a secret of the receiver's, and so never goes into a log.
    pub url: String,
    /// The same for every attempt of one message.
    pub id: String,
    /// Seconds since 1970.
    pub timestamp: i64,
    pub signature: String,
    /// JSON.
    pub body: String,
}

/// Why an address is not called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadAddress {
    #[error("this is not an address that can be called")]
    NotAUrl,
    #[error("only https is called")]
    NotHttps,
    #[error("the address is inside the shop's own network")]
    Private,
}

/// Why a message did not arrive.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// Trying again is useless.
    #[error("{0}")]
    Refused(String),
    #[error("{0}")]
    Failed(String),
}

/// Brings messages to programs of others.
#[async_trait]
pub trait Courier: Send + Sync {
    /// Whether an address may be called, as far as that can be told without asking anybody.
    fn check(&self, url: &str) -> Result<(), BadAddress>;

    /// Gives a message to whoever answers at its address, within seconds.
    async fn bring(&self, call: &Call) -> Result<(), CallError>;
}

/// A mail's texts, in the language of whoever gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub subject: String,
    /// Empty for a mail that is plain text only.
    pub html: String,
    pub text: String,
}

/// What a mail about an order says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderLetter {
    /// The confirmation on a durable medium that C. conso. L221-13 asks for.
    Placed,
    Paid,
    Shipped(ShipmentId),
    Canceled,
    /// Whether a guest means it; the link confirms.
    CancelAsked,
    /// The receipt that L221-21 asks for: what was declared, with its date and time.
    Withdrawal(Withdrawal),
}

/// What a mail about an account says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountLetter {
    Welcome,
    Reset,
    PasswordChanged,
    /// To the address that the account had before.
    EmailChanged,
}

/// Writes mails; `web` does, with the templates of `templates/email`.
pub trait Letters: Send + Sync {
    /// `link` is where the buyer finds the order.
    fn order(&self, about: OrderLetter, order: &Order, settings: &Settings, link: &str) -> Letter;

    /// `link` is the account, or where a new password is set.
    fn account(
        &self,
        about: AccountLetter,
        customer: &Customer,
        settings: &Settings,
        link: &str,
    ) -> Letter;
}
