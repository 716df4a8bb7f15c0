//! Every route: its address, whom it lets in, what it reads and writes.
//!
//! The router, the authorization and the OpenAPI document are made of this table. A route that is
//! not in it is not there; one that is lets nobody in but whom its row names.

use axum::http::Method;
use bytes::Bytes;
use futures::future::BoxFuture;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::access::Access::{self, Customer, Everybody, Resource};
use super::call::Call;
use super::criteria::Page;
use super::problem::Problem;
use super::{
    attribute, bulk, cart, category, configurable, content, customer, order, product, shipment,
    stock, store, tax, token,
};

type Run = Box<dyn Fn(Call, Bytes) -> BoxFuture<'static, Result<Value, Problem>> + Send + Sync>;
type Describe = fn(&mut SchemaGenerator) -> Schema;

/// One route.
pub(super) struct Route {
    pub(super) method: Method,
    /// Below `/V1/`, with a place such as `{sku}` for each part that varies.
    pub(super) path: &'static str,
    pub(super) access: Access,
    /// Whether it takes `searchCriteria`.
    pub(super) is_list: bool,
    pub(super) run: Run,
    /// The schema of the body; `None` where none is read.
    pub(super) request: Option<Describe>,
    pub(super) response: Describe,
}

/// A part of a route's path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Letters(&'static str),
    Place(&'static str),
    /// How `/async/bulk` writes a place: `bySku` for `{sku}`.
    By(&'static str),
}

impl Part {
    pub(super) fn fits(self, said: &str) -> bool {
        match self {
            Self::Letters(letters) => letters == said,
            Self::Place(_) => !said.is_empty(),
            Self::By(place) => {
                said.strip_prefix("by").is_some_and(|name| name.eq_ignore_ascii_case(place))
            }
        }
    }

    pub(super) fn is_place(self) -> bool {
        matches!(self, Self::Place(_))
    }

    pub(super) fn place(self) -> Option<&'static str> {
        match self {
            Self::Place(name) => Some(name),
            _ => None,
        }
    }
}

impl Route {
    pub(super) fn segments(&self) -> Vec<Part> {
        let parts = self.path.split('/').map(|part| {
            let place = part.strip_prefix('{').and_then(|part| part.strip_suffix('}'));
            place.map_or(Part::Letters(part), Part::Place)
        });
        parts.collect()
    }

    pub(super) fn bulk_segments(&self) -> Vec<Part> {
        let parts = self.segments().into_iter().map(|part| match part {
            Part::Place(name) => Part::By(name),
            other => other,
        });
        parts.collect()
    }
}

/// What a body says, as the type that a handler wants.
pub(super) fn read<In: DeserializeOwned>(body: &[u8]) -> Result<In, Problem> {
    let text = if body.iter().all(u8::is_ascii_whitespace) { b"{}" } else { body };
    let value: Value = serde_json::from_slice(text)
        .map_err(|_| Problem::bad("Decoding error: the body is not valid JSON."))?;
    serde_json::from_value(value).map_err(|error| {
        let text = error.to_string();
        let missing = text.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
        match missing {
            Some(field) => Problem::required(field),
            None => Problem::bad(text),
        }
    })
}

fn written<Out: Serialize>(out: Out) -> Result<Value, Problem> {
    serde_json::to_value(out).map_err(|error| Problem::internal(&error))
}

/// A route that reads no body.
fn act<F, Out>(method: Method, path: &'static str, access: Access, run: fn(Call) -> F) -> Route
where
    F: Future<Output = Result<Out, Problem>> + Send + 'static,
    Out: Serialize + JsonSchema + 'static,
{
    Route {
        method,
        path,
        access,
        is_list: false,
        run: Box::new(move |call, _| Box::pin(async move { written(run(call).await?) })),
        request: None,
        response: SchemaGenerator::subschema_for::<Out>,
    }
}

fn get<F, Out>(path: &'static str, access: Access, run: fn(Call) -> F) -> Route
where
    F: Future<Output = Result<Out, Problem>> + Send + 'static,
    Out: Serialize + JsonSchema + 'static,
{
    act(Method::GET, path, access, run)
}

fn list<F, T>(path: &'static str, access: Access, run: fn(Call) -> F) -> Route
where
    F: Future<Output = Result<Page<T>, Problem>> + Send + 'static,
    T: Serialize + JsonSchema + 'static,
{
    Route { is_list: true, ..act(Method::GET, path, access, run) }
}

fn delete<F, Out>(path: &'static str, access: Access, run: fn(Call) -> F) -> Route
where
    F: Future<Output = Result<Out, Problem>> + Send + 'static,
    Out: Serialize + JsonSchema + 'static,
{
    act(Method::DELETE, path, access, run)
}

/// A route that reads a body.
fn send<In, F, Out>(
    method: Method,
    path: &'static str,
    access: Access,
    run: fn(Call, In) -> F,
) -> Route
where
    In: DeserializeOwned + JsonSchema + Send + 'static,
    F: Future<Output = Result<Out, Problem>> + Send + 'static,
    Out: Serialize + JsonSchema + 'static,
{
    Route {
        method,
        path,
        access,
        is_list: false,
        run: Box::new(move |call, body| {
            Box::pin(async move { written(run(call, read(&body)?).await?) })
        }),
        request: Some(SchemaGenerator::subschema_for::<In>),
        response: SchemaGenerator::subschema_for::<Out>,
    }
}

fn post<In, F, Out>(path: &'static str, access: Access, run: fn(Call, In) -> F) -> Route
where
    In: DeserializeOwned + JsonSchema + Send + 'static,
    F: Future<Output = Result<Out, Problem>> + Send + 'static,
    Out: Serialize + JsonSchema + 'static,
{
    send(Method::POST, path, access, run)
}

fn put<In, F, Out>(path: &'static str, access: Access, run: fn(Call, In) -> F) -> Route
where
    In: DeserializeOwned + JsonSchema + Send + 'static,
    F: Future<Output = Result<Out, Problem>> + Send + 'static,
    Out: Serialize + JsonSchema + 'static,
{
    send(Method::PUT, path, access, run)
}

const PRODUCTS: Access = Resource("Magento_Catalog::products");
const CATEGORIES: Access = Resource("Magento_Catalog::categories");
const ATTRIBUTES: Access = Resource("Magento_Catalog::attributes_attributes");
const SETS: Access = Resource("Magento_Catalog::sets");
const STOCK: Access = Resource("Magento_CatalogInventory::cataloginventory");
const INVENTORY: Access = Resource("Magento_InventoryApi::source");
const ORDERS: Access = Resource("Magento_Sales::actions_view");
const BACKEND: Access = Resource("Magento_Backend::store");
const CUSTOMERS: Access = Resource("Magento_Customer::customer");
const MANAGE_CUSTOMERS: Access = Resource("Magento_Customer::manage");
const TAXES: Access = Resource("Magento_Tax::manage_tax");

const BULK: Access = Resource("Magento_AsynchronousOperations::system_magento_bulk_operations");

/// All of them.
pub(super) fn routes() -> Vec<Route> {
    vec![
        post("integration/customer/token", Everybody, token::of_customer),
        post("integration/admin/token", Everybody, token::of_staff),
        post("tfa/provider/google/authenticate", Everybody, token::of_staff_with_code),
        // The shop
        get("store/storeConfigs", BACKEND, store::configs),
        get("store/storeViews", BACKEND, store::views),
        get("store/storeGroups", BACKEND, store::groups),
        get("store/websites", BACKEND, store::websites),
        get("directory/countries", Everybody, store::countries),
        get("directory/countries/{countryId}", Everybody, store::country),
        get("directory/currency", Everybody, store::currency),
        list("modules", Everybody, store::modules),
        list("cmsPage/search", Resource("Magento_Cms::page"), content::pages),
        get("cmsPage/{pageId}", Resource("Magento_Cms::page"), content::page),
        list("cmsBlock/search", Resource("Magento_Cms::block"), content::blocks),
        get("cmsBlock/{blockId}", Resource("Magento_Cms::block"), content::block),
        list("taxClasses/search", TAXES, tax::classes),
        get("taxClasses/{taxClassId}", TAXES, tax::class),
        list("taxRates/search", TAXES, tax::rates),
        list("taxRules/search", TAXES, tax::rules),
        // Products
        list("products", PRODUCTS, product::list),
        post("products", PRODUCTS, product::create),
        get("products/{sku}", PRODUCTS, product::one),
        put("products/{sku}", PRODUCTS, product::change),
        delete("products/{sku}", PRODUCTS, product::remove),
        get("products/types", PRODUCTS, product::types),
        get("product/types", PRODUCTS, product::types),
        get("products/{sku}/media", PRODUCTS, product::media::all),
        post("products/{sku}/media", PRODUCTS, product::media::add),
        get("products/{sku}/media/{entryId}", PRODUCTS, product::media::one),
        put("products/{sku}/media/{entryId}", PRODUCTS, product::media::change),
        delete("products/{sku}/media/{entryId}", PRODUCTS, product::media::remove),
        post("products/base-prices-information", PRODUCTS, product::price::base),
        post("products/base-prices", PRODUCTS, product::price::set_base),
        post("products/special-price-information", PRODUCTS, product::price::special),
        post("products/special-price", PRODUCTS, product::price::set_special),
        post("products/special-price-delete", PRODUCTS, product::price::end_special),
        post("products/tier-prices-information", PRODUCTS, product::price::no_others),
        post("products/tier-prices", PRODUCTS, product::price::set_tiers),
        put("products/tier-prices", PRODUCTS, product::price::set_tiers),
        post("products/tier-prices-delete", PRODUCTS, product::price::delete_tiers),
        get("products/{sku}/group-prices/{customerGroupId}/tiers", PRODUCTS, product::price::tiers),
        post("products/cost-information", PRODUCTS, product::price::no_others),
        post("products/cost", PRODUCTS, product::price::set_cost),
        post("products/cost-delete", PRODUCTS, product::price::delete_cost),
        put("products/{productSku}/stockItems/{itemId}", PRODUCTS, stock::set_item),
        get("stockItems/{productSku}", STOCK, stock::item),
        get("stockStatuses/{productSku}", STOCK, stock::status),
        list("inventory/sources", INVENTORY, stock::sources),
        get("inventory/sources/{sourceCode}", INVENTORY, stock::source),
        list("inventory/source-items", INVENTORY, stock::source_items),
        post("inventory/source-items", INVENTORY, stock::set_source_items),
        post("inventory/source-items-delete", INVENTORY, stock::clear_source_items),
        list("inventory/stock-source-links", INVENTORY, stock::links),
        get("inventory/is-product-salable/{sku}/{stockId}", STOCK, stock::is_salable),
        get(
            "inventory/get-product-salable-quantity/{sku}/{stockId}",
            STOCK,
            stock::salable_quantity,
        ),
        get("configurable-products/{sku}/children", PRODUCTS, configurable::children),
        get("configurable-products/{sku}/options/all", PRODUCTS, configurable::options),
        get("configurable-products/{sku}/options/{id}", PRODUCTS, configurable::option),
        post("configurable-products/{sku}/options", PRODUCTS, configurable::add_option),
        put("configurable-products/variation", PRODUCTS, configurable::variation::make),
        put("configurable-products/{sku}/options/{id}", PRODUCTS, configurable::move_option),
        delete("configurable-products/{sku}/options/{id}", PRODUCTS, configurable::remove_option),
        post("configurable-products/{sku}/child", PRODUCTS, configurable::link),
        delete("configurable-products/{sku}/children/{childSku}", PRODUCTS, configurable::unlink),
        // What products are described by
        list("products/attributes", ATTRIBUTES, attribute::list),
        post("products/attributes", ATTRIBUTES, attribute::create),
        get("products/attributes/{attributeCode}", ATTRIBUTES, attribute::one),
        put("products/attributes/{attributeCode}", ATTRIBUTES, attribute::change),
        get("products/attributes/{attributeCode}/options", ATTRIBUTES, attribute::options),
        post("products/attributes/{attributeCode}/options", ATTRIBUTES, attribute::add_option),
        list("products/attribute-sets/sets/list", SETS, attribute::sets),
        list("eav/attribute-sets/list", SETS, attribute::sets),
        get("products/attribute-sets/{attributeSetId}", SETS, attribute::set),
        get("products/attribute-sets/{attributeSetId}/attributes", SETS, attribute::of_set),
        post("products/attribute-sets/attributes", SETS, attribute::assign),
        // Categories
        get("categories", CATEGORIES, category::tree),
        list("categories/list", CATEGORIES, category::list),
        get("categories/{categoryId}", CATEGORIES, category::one),
        post("categories", CATEGORIES, category::create),
        put("categories/{id}", CATEGORIES, category::change),
        put("categories/{categoryId}/move", CATEGORIES, category::move_below),
        delete("categories/{categoryId}", CATEGORIES, category::remove),
        get("categories/{categoryId}/products", CATEGORIES, category::products),
        post("categories/{categoryId}/products", CATEGORIES, category::add_product),
        delete("categories/{categoryId}/products/{sku}", CATEGORIES, category::remove_product),
        // Orders
        list("orders", ORDERS, order::list),
        get("orders/{id}", ORDERS, order::one),
        list("orders/items", ORDERS, order::items),
        get("orders/items/{id}", ORDERS, order::item),
        get("orders/{id}/statuses", ORDERS, order::status),
        list("orders/{id}/comments", ORDERS, order::comments),
        post("orders/{id}/comments", Resource("Magento_Sales::comment"), order::comment),
        act(Method::POST, "orders/{id}/cancel", Resource("Magento_Sales::cancel"), order::cancel),
        act(Method::POST, "orders/{id}/hold", Resource("Magento_Sales::hold"), order::hold),
        act(Method::POST, "orders/{id}/unhold", Resource("Magento_Sales::unhold"), order::release),
        act(Method::POST, "orders/{id}/emails", Resource("Magento_Sales::emails"), order::mail),
        post("order/{orderId}/invoice", Resource("Magento_Sales::invoice"), shipment::pay),
        post("order/{orderId}/ship", Resource("Magento_Sales::ship"), shipment::ship),
        list("invoices", Resource("Magento_Sales::sales_invoice"), shipment::invoices),
        get("invoices/{id}", Resource("Magento_Sales::sales_invoice"), shipment::invoice),
        list("shipments", Resource("Magento_Sales::shipment"), shipment::list),
        get("shipment/{id}", Resource("Magento_Sales::shipment"), shipment::one),
        // Customers
        post("customers", Everybody, customer::create),
        list("customers/search", CUSTOMERS, customer::search),
        get("customers/{customerId}", CUSTOMERS, customer::one),
        put("customers/{customerId}", MANAGE_CUSTOMERS, customer::change),
        get("customers/me", Customer, customer::me),
        put("customers/me", Customer, customer::change_me),
        put("customers/me/password", Customer, customer::change_password),
        get("customers/me/billingAddress", Customer, customer::my_billing),
        get("customers/me/shippingAddress", Customer, customer::my_delivery),
        get("customers/{customerId}/billingAddress", CUSTOMERS, customer::billing),
        get("customers/{customerId}/shippingAddress", CUSTOMERS, customer::delivery),
        get("customers/addresses/{addressId}", CUSTOMERS, customer::address),
        delete("addresses/{addressId}", MANAGE_CUSTOMERS, customer::delete_address),
        post("customers/isEmailAvailable", Everybody, customer::is_free),
        put("customers/password", Everybody, customer::request_reset),
        list("customerGroups/search", Resource("Magento_Customer::group"), customer::groups),
        // Carts
        act(Method::POST, "guest-carts", Everybody, cart::begin_as_guest),
        get("guest-carts/{cartId}", Everybody, cart::of_guest),
        get("guest-carts/{cartId}/items", Everybody, cart::items),
        post("guest-carts/{cartId}/items", Everybody, cart::add),
        put("guest-carts/{cartId}/items/{itemId}", Everybody, cart::set),
        delete("guest-carts/{cartId}/items/{itemId}", Everybody, cart::take_out),
        get("guest-carts/{cartId}/totals", Everybody, cart::totals),
        get("guest-carts/{cartId}/billing-address", Everybody, cart::billing),
        post("guest-carts/{cartId}/billing-address", Everybody, cart::set_billing),
        post("guest-carts/{cartId}/estimate-shipping-methods", Everybody, cart::estimate),
        post("guest-carts/{cartId}/shipping-information", Everybody, cart::set_delivery),
        get("guest-carts/{cartId}/payment-methods", Everybody, cart::payments),
        get("guest-carts/{cartId}/payment-information", Everybody, cart::payment_information),
        post("guest-carts/{cartId}/payment-information", Everybody, cart::pay_and_place),
        put("guest-carts/{cartId}/order", Everybody, cart::place),
        put("guest-carts/{cartId}", Customer, cart::assign),
        act(Method::POST, "carts/mine", Customer, cart::begin),
        get("carts/mine", Customer, cart::mine),
        get("carts/mine/items", Customer, cart::items),
        post("carts/mine/items", Customer, cart::add),
        put("carts/mine/items/{itemId}", Customer, cart::set),
        delete("carts/mine/items/{itemId}", Customer, cart::take_out),
        get("carts/mine/totals", Customer, cart::totals),
        get("carts/mine/billing-address", Customer, cart::billing),
        post("carts/mine/billing-address", Customer, cart::set_billing),
        post("carts/mine/estimate-shipping-methods", Customer, cart::estimate),
        post("carts/mine/shipping-information", Customer, cart::set_delivery),
        get("carts/mine/payment-methods", Customer, cart::payments),
        get("carts/mine/payment-information", Customer, cart::payment_information),
        post("carts/mine/payment-information", Customer, cart::pay_and_place),
        put("carts/mine/order", Customer, cart::place),
        // What is done later
        get("bulk/{bulkUuid}/status", BULK, bulk::status),
        get("bulk/{bulkUuid}/detailed-status", BULK, bulk::status),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use shop::integration::Area;

    use super::*;

    #[test]
    fn what_staff_can_give_is_what_routes_ask_for() {
        let asked = routes().into_iter().filter_map(|route| match route.access {
            Resource(resource) => Some(resource),
            Everybody | Customer => None,
        });
        let given = Area::ALL.into_iter().flat_map(|area| area.resources().iter().copied());

        assert_eq!(given.collect::<BTreeSet<_>>(), asked.collect::<BTreeSet<_>>());
    }
}
