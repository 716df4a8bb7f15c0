//! Files in and out: products, stock, customers and orders in Magento's format.
//!
//! A batch is one transaction. What is refused writes nothing of itself and stops nothing else;
//! what is the same as before writes nothing at all, so a file may be imported again and again,
//! and an import that was interrupted is simply started anew.

mod customer;
mod describe;
mod frame;
mod order;
mod picture;
mod product;
mod redirect;
mod stock;
mod view;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use commerce::channel::Locale;
use db::DbError;
use exchange::Fault;
use exchange::product::Guess;
use jiff::tz::TimeZone;

use crate::MayRetry;

pub use customer::{CustomerPage, import_customers, list_customer_rows};
pub use describe::{ProductPage, list_product_rows};
pub use frame::Frame;
pub use order::{ReadOrder, import_orders, list_order_rows, read_order};
pub use picture::Images;
pub use product::{check_products, create_structure, import_products};
pub use redirect::import_redirects;
pub use stock::{import_stock, list_stock_rows};

/// How a file is to be understood.
#[derive(Clone, Debug)]
pub struct Terms {
    /// What attributes that are missing seem to be; `None` while nothing may be created.
    pub guesses: Option<Arc<BTreeMap<String, Guess>>>,
    /// What each store view speaks, besides the views that are called after a language.
    pub views: BTreeMap<String, Locale>,
    /// Where the days of a file begin.
    pub zone: TimeZone,
    /// Where the pictures of a file lie; without it they are passed over.
    pub images: Option<PathBuf>,
}

/// A row as it was read.
#[derive(Clone, Debug)]
pub struct Read<T> {
    pub line: u64,
    /// Whether it adds something to another row, such as the texts of a store view, and is
    /// refused alone.
    pub is_extra: bool,
    pub row: Result<T, Vec<Fault>>,
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Created,
    Updated,
    Unchanged,
    Rejected(Vec<Fault>),
}

/// What became of a batch: an outcome for each row, in the shape of the batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    pub outcomes: Vec<Vec<Outcome>>,
    /// Addresses that another product had, so that they got a number.
    pub n_renamed: u32,
    /// Products that are drafts for want of a price or a manufacturer.
    pub n_drafts: u32,
}

/// Why a batch was not imported. Nothing of it was written.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Somebody changed the same things at the same time.
    #[error("others keep changing what is being imported")]
    Busy,
    #[error("a picture could not be kept")]
    Picture(#[source] crate::media::UploadError),
    #[error("the structure of the catalog could not be written")]
    Structure(#[from] crate::catalog::SaveStructureError),
    #[error("the shop could not be reached")]
    Db(#[from] DbError),
}

impl MayRetry for ImportError {
    fn is_worth_retrying(&self) -> bool {
        match self {
            Self::Busy | Self::Db(DbError::Taken(_)) => true,
            Self::Db(error) => error.is_worth_retrying(),
            Self::Structure(error) => error.is_worth_retrying(),
            Self::Picture(_) => false,
        }
    }
}
