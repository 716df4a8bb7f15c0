//! The fields of `Query`.

use super::account;
use super::cart::CartNode;
use super::catalog::category::{self, CategoryNode};
use super::catalog::listing;
use super::content;
use super::context::Context;
use super::customer::CustomerNode;
use super::order;
use super::store::{self, CountryNode, CurrencyNode, StoreNode};
use super::value::{Answer, Ask, Object, Refusal, Value};

pub(super) struct Query<'c>(pub(super) &'c Context);

/// Root fields whose answers are the same for everybody, so that they may be kept.
const CACHEABLE: [&str; 16] = [
    "__schema",
    "__type",
    "__typename",
    "availableStores",
    "categories",
    "category",
    "categoryList",
    "cmsBlocks",
    "cmsPage",
    "countries",
    "country",
    "currency",
    "products",
    "route",
    "storeConfig",
    "urlResolver",
];

pub(super) fn is_cacheable(root_field: &str) -> bool {
    CACHEABLE.contains(&root_field)
}

impl Object for Query<'_> {
    fn type_name(&self) -> &'static str {
        "Query"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        let (context, args): (&'a Context, _) = (self.0, ask.args);
        Ok(match ask.name {
            "storeConfig" => Value::object(StoreNode { context, locale: context.locale }),
            "availableStores" => {
                let locales = context.settings.channel.locales.iter();
                Value::objects(locales.map(|&locale| StoreNode { context, locale }))
            }
            "currency" => Value::object(CurrencyNode(context)),
            "countries" => Value::objects(store::countries(context)),
            "country" => Value::object(CountryNode::find(context, args)?),
            "categories" => Value::object(category::categories(context, args)?),
            "categoryList" => Value::objects(category::category_list(context, args)?),
            "category" => match CategoryNode::by_number(context, args.int("id")) {
                Some(node) => Value::object(node),
                None => {
                    return Err(Refusal::missing("Category doesn't exist"));
                }
            },
            "products" => Value::object(listing::products(context, args)?),
            "route" => content::route(context, args),
            "urlResolver" => content::resolve_url(context, args),
            "cmsPage" => content::page(context, args)?,
            "cmsBlocks" => content::blocks(),
            "searchTerm" => Value::object(content::SearchTerm),
            "robotsConfig" => Value::object(content::Robots),
            "cart" => {
                let mask = args.text("cart_id").unwrap_or_default();
                Value::later(async move {
                    if mask.is_empty() {
                        return Err(Refusal::input("Required parameter \"cart_id\" is missing"));
                    }
                    Ok(Value::object(CartNode::open(context, mask).await?))
                })
            }
            "customerCart" => {
                Value::later(
                    async move { Ok(Value::object(CartNode::of_customer(context).await?)) },
                )
            }
            "customer" => Value::later(async move {
                Ok(Value::object(CustomerNode { context, customer: context.logged_in().await? }))
            }),
            "customerPaymentTokens" => Value::later(account::payments(context)),
            "isEmailAvailable" => Value::later(super::customer::is_email_available(context, args)),
            "guestOrder" => Value::later(order::of_guest(context, args)),
            "guestOrderByToken" => Value::later(order::by_token(context, args)),
            _ => Value::Nothing,
        })
    }
}
