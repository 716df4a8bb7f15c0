//! What a page that is the same for everybody was made from.
//!
//! A page is made again when it is asked for after that has changed: a product's page when the
//! product does, a list when what it shows does.

/// The version of all that a page was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    pub settings: u64,
    pub structure: u64,
    /// Of the products that the page shows.
    pub products: u64,
}
