//! The read side, from rows in to pages out.

#![expect(clippy::unwrap_used, reason = "what is missing fails the test")]

mod builders;
mod change;
mod listing;
mod lookup;
mod model;
mod text;
