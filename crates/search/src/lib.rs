//! The read side: what one channel shows, in memory, ready to be browsed and searched.
//!
//! An [`Index`] owns the current [`Snapshot`] and swaps it for the next when a [`Delta`] arrives;
//! readers [`Index::load`] and never wait. A snapshot is consistent in itself: its prices, its
//! facet counts and its text index are of one version. Versions share what did not change.
//!
//! Products live in rows. A row number is kept as long as its product lives, so that a change
//! touches the chunks, lists and documents of the products that changed and no others:
//!
//! - `chunked`: one value per row, copied in chunks of 512;
//! - `row`: 64 bytes a product that filters and counts read, and nothing else;
//! - `order`: rows sorted by price, name, date, and by position for each category, merged anew;
//! - `lookup`: names to rows, as hashes;
//! - `text`: one index per language, the only part that names tantivy.
//!
//! Knows no SQL, no HTTP, no clock: times come in as arguments. Depends on `commerce` alone.

mod chunked;
mod count;
mod derive;
mod filter;
mod index;
mod listing;
mod lookup;
mod offer;
mod order;
mod row;
mod schema;
mod snapshot;
mod source;
mod suggest;
mod text;

pub use index::{Index, IndexError};
pub use listing::{
    CategoryCount, Facet, FacetOption, Filter, FilterValue, Listing, ListingResult, PriceBucket,
    PriceFacet, Scope, Sort,
};
pub use offer::{Offer, ShownPrice};
pub use snapshot::{Snapshot, Swatch};
pub use source::{Delta, ProductInput, Source, Structure};
pub use suggest::Suggestion;
pub use text::Match;

/// A row number as the index of a slice.
pub(crate) fn ix(row: u32) -> usize {
    usize::try_from(row).expect("a pointer has at least 32 bits")
}

/// A length as a count; more than four billion are not kept in memory.
pub(crate) fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}
