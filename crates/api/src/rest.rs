//! `/rest[/{store}]/V1`: what integrations, customers and guests ask of Magento's REST.

mod access;
mod address;
mod attribute;
mod bulk;
mod call;
mod cart;
mod category;
mod configurable;
mod content;
mod criteria;
mod customer;
mod fields;
mod http;
mod lenient;
mod oauth;
mod openapi;
mod order;
mod problem;
mod product;
mod shipment;
mod stock;
mod store;
mod table;
mod tax;
mod token;

pub use bulk::Operations;
pub(crate) use http::routes;
