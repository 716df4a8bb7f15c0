//! `POST /graphql`, and `GET` for queries.

mod address;
mod cart;
mod catalog;
mod content;
mod context;
mod customer;
mod document;
mod execute;
mod http;
mod mutation;
mod order;
mod query;
mod schema;
mod store;
mod uid;
mod value;

pub use http::ClientAddress;
pub(crate) use http::routes;
