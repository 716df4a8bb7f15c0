//! The pages that customers see.

pub mod page;
