//! The pages that customers see.

pub mod page;
pub mod site;
pub mod view;
