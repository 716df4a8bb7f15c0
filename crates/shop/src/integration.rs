//! Programs that work with the shop through its API: who they are and what they may do.

use data_encoding::HEXLOWER;
use db::DbError;
pub use db::integration::Integration;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use sha1::Sha1;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::secret::{self, random};
use crate::{MayRetry, Shop, use_case};

/// The resource that stands for all others.
pub const EVERYTHING: &str = "Magento_Backend::all";

/// A part of the shop that staff give a program access to, as one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    Catalog,
    Stock,
    OrderViews,
    OrderActs,
    Customers,
    Content,
    Settings,
    Bulks,
}

impl Area {
    pub const ALL: [Self; 8] = [
        Self::Catalog,
        Self::Stock,
        Self::OrderViews,
        Self::OrderActs,
        Self::Customers,
        Self::Content,
        Self::Settings,
        Self::Bulks,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Self::Catalog => "catalog",
            Self::Stock => "stock",
            Self::OrderViews => "order-views",
            Self::OrderActs => "order-acts",
            Self::Customers => "customers",
            Self::Content => "content",
            Self::Settings => "settings",
            Self::Bulks => "bulks",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|area| area.code() == code)
    }

    /// What it is made of, in the words of Magento's access control.
    pub fn resources(self) -> &'static [&'static str] {
        match self {
            Self::Catalog => &[
                "Magento_Catalog::products",
                "Magento_Catalog::categories",
                "Magento_Catalog::attributes_attributes",
                "Magento_Catalog::sets",
            ],
            Self::Stock => {
                &["Magento_CatalogInventory::cataloginventory", "Magento_InventoryApi::source"]
            }
            Self::OrderViews => &[
                "Magento_Sales::actions_view",
                "Magento_Sales::sales_invoice",
                "Magento_Sales::shipment",
            ],
            Self::OrderActs => &[
                "Magento_Sales::comment",
                "Magento_Sales::cancel",
                "Magento_Sales::hold",
                "Magento_Sales::unhold",
                "Magento_Sales::emails",
                "Magento_Sales::invoice",
                "Magento_Sales::ship",
            ],
            Self::Customers => &[
                "Magento_Customer::customer",
                "Magento_Customer::manage",
                "Magento_Customer::group",
            ],
            Self::Content => &["Magento_Cms::page", "Magento_Cms::block"],
            Self::Settings => &["Magento_Backend::store", "Magento_Tax::manage_tax"],
            Self::Bulks => &["Magento_AsynchronousOperations::system_magento_bulk_operations"],
        }
    }
}

/// What a program needs to be let in; shown once, when it is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    pub consumer_key: String,
    pub consumer_secret: String,
    pub access_token: String,
    pub access_token_secret: String,
}

/// Why no access was given. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum CreateIntegrationError {
    #[error("a name has 1 to 60 small letters, digits, hyphens and underscores")]
    BadName,
    #[error("another integration has this name")]
    NameTaken,
    #[error("the shop could not be reached")]
    Db(#[from] DbError),
}

impl MayRetry for CreateIntegrationError {}

/// Gives a program access to some resources.
pub async fn create(
    shop: &Shop,
    name: &str,
    resources: &[String],
) -> Result<Credentials, CreateIntegrationError> {
    let is_letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b);
    if !(1..=60).contains(&name.len()) || !name.bytes().all(is_letter) {
        return Err(CreateIntegrationError::BadName);
    }
    let text = || HEXLOWER.encode(&random::<16>());
    let credentials = Credentials {
        consumer_key: text(),
        consumer_secret: text(),
        access_token: text(),
        access_token_secret: text(),
    };
    let secrets = format!("{}&{}", credentials.consumer_secret, credentials.access_token_secret);
    let integration = Integration {
        id: Uuid::now_v7(),
        name: name.to_owned(),
        consumer_hash: secret::hash(&credentials.consumer_key),
        sealed_secrets: shop.key.seal(secrets.as_bytes()),
        resources: resources.to_vec(),
    };
    use_case("create-integration", || async {
        let mut tx = shop.db.write().await?;
        let token_hash = secret::hash(&credentials.access_token);
        match db::integration::insert(&mut tx, &integration, token_hash, shop.clock.now()).await {
            Err(DbError::Taken(_)) => return Err(CreateIntegrationError::NameTaken),
            inserted => inserted?,
        }
        tx.commit().await?;
        Ok(())
    })
    .await?;
    Ok(credentials)
}

pub async fn list(shop: &Shop) -> Result<Vec<Integration>, DbError> {
    db::integration::list(&mut shop.db.read().await?).await
}

/// Takes the access away at once, on every instance; `false` when there is none of this name.
pub async fn delete(shop: &Shop, name: &str) -> Result<bool, DbError> {
    use_case("delete-integration", || async {
        let mut tx = shop.db.write().await?;
        let is_deleted = db::integration::delete(&mut tx, name).await?;
        tx.commit().await?;
        Ok(is_deleted)
    })
    .await
}

pub async fn find_by_token(shop: &Shop, token: &str) -> Result<Option<Integration>, DbError> {
    db::integration::find_by_token(&mut shop.db.read().await?, secret::hash(token)).await
}

/// How far the clock of whoever signs may be off.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(10);

/// Whether a signature was made close enough to now.
pub fn is_recent(shop: &Shop, stamp: i64) -> bool {
    shop.clock.now().as_second().abs_diff(stamp) <= TOLERANCE.as_secs().unsigned_abs()
}

/// Takes the nonce of a signature; `false` when a request to any instance had it before.
pub async fn use_nonce(
    shop: &Shop,
    integration: &Integration,
    stamp: i64,
    nonce: &str,
) -> Result<bool, DbError> {
    use_case("use-nonce", || async {
        let mut tx = shop.db.write().await?;
        let hash = secret::hash(nonce);
        match db::integration::insert_nonce(&mut tx, integration.id, stamp, hash).await {
            Err(DbError::Taken(_)) => return Ok(false),
            inserted => inserted?,
        }
        tx.commit().await?;
        Ok(true)
    })
    .await
}

/// Forgets the nonces of signatures that no instance takes any more, be its clock a little off.
pub(crate) async fn prune_nonces(tx: &mut db::Tx, now: Timestamp) -> Result<u64, DbError> {
    db::integration::prune_nonces(tx, now - TOLERANCE * 2).await
}

/// How a request was signed (RFC 5849 §3.4.2, and the same with a longer hash).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureMethod {
    HmacSha1,
    HmacSha256,
}

/// Whether a request was signed with the secrets of this program.
pub fn is_signed_by(
    shop: &Shop,
    integration: &Integration,
    consumer_key: &str,
    method: SignatureMethod,
    message: &str,
    signature: &[u8],
) -> bool {
    let is_its_key = secret::hash(consumer_key).ct_eq(&integration.consumer_hash);
    let Some(secrets) = shop.key.open(&integration.sealed_secrets) else { return false };
    let tag: Vec<u8> = match method {
        SignatureMethod::HmacSha1 => {
            let mut mac =
                Hmac::<Sha1>::new_from_slice(&secrets).expect("any length of key will do");
            mac.update(message.as_bytes());
            mac.finalize().into_bytes().to_vec()
        }
        SignatureMethod::HmacSha256 => {
            let mut mac =
                Hmac::<Sha256>::new_from_slice(&secrets).expect("any length of key will do");
            mac.update(message.as_bytes());
            mac.finalize().into_bytes().to_vec()
        }
    };
    bool::from(is_its_key & tag.ct_eq(signature))
}
