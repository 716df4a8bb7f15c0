//! `POST /graphql`, and `GET` for queries.

mod account;
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
mod shown;
mod store;
pub(crate) mod uid;
mod value;

pub(crate) use http::routes;
