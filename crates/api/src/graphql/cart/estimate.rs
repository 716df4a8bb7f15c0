//! What delivering a cart would cost, before its buyer says where they live.

use commerce::channel::Country;
use commerce::shipment::ShippingMethodCode;
use shop::checkout::steps::{self, Estimate};

use super::change::Changed;
use super::delivery::offered;
use super::{CartNode, unopened};
use crate::graphql::context::Context;
use crate::graphql::value::{Answer, Args, Refusal, Value};

async fn estimate<'c>(context: &'c Context, input: Args<'_>) -> Result<CartNode<'c>, Refusal> {
    let mask = input.text("cart_id").unwrap_or_default();
    if mask.is_empty() {
        return Err(Refusal::input("Required parameter \"cart_id\" is missing"));
    }
    let address = input.object("address");
    let text = |name: &str| address.and_then(|address| address.text(name)).unwrap_or_default();
    let country = Country::new(text("country_code"));
    let country = country.filter(|country| context.settings.channel.ships_to.contains(country));
    let Some(country) = country else {
        return Err(Refusal::input(
            "Some addresses can't be used due to the configurations for specific countries.",
        ));
    };
    let method = input.object("shipping_method");
    let code = method.and_then(|method| method.text("method_code"));
    let to = Estimate {
        country,
        postcode: text("postcode").to_owned(),
        shipping: code.and_then(ShippingMethodCode::new),
    };
    let who = context.customer_id().await?;
    let step = steps::estimate(&context.shop, mask, who, context.locale, to).await;
    Ok(CartNode { context, step: step.map_err(|error| unopened(error, mask))? })
}

/// Answers `estimateShippingMethods`.
pub(in crate::graphql) async fn methods<'a>(context: &'a Context, input: Args<'a>) -> Answer<'a> {
    let step = estimate(context, input).await?.step;
    let country = step.checkout.delivery.map_or(context.settings.channel.country, |to| to.country);
    offered(context, &step.options, country)
}

/// Answers `estimateTotals`.
pub(in crate::graphql) async fn totals<'a>(context: &'a Context, input: Args<'a>) -> Answer<'a> {
    let cart = estimate(context, input).await?;
    Ok(Value::object(Changed::new("EstimateTotalsOutput", cart)))
}
