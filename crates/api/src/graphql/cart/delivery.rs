//! Where a cart goes, and the ways to get it there.

use commerce::cart::PriceCartError;
use commerce::channel::Country;
use commerce::customer::Address;
use commerce::price::Price;
use shop::checkout::ShippingOption;
use shop::checkout::steps::delivery_price;

use super::CartNode;
use super::item::ItemNode;
use crate::graphql::address::{CountryName, NoRegion, common};
use crate::graphql::context::Context;
use crate::graphql::uid;
use crate::graphql::value::{Answer, Ask, Object, Refusal, Value};

/// The one address that a cart goes to.
pub(super) struct ShippingAddress<'c> {
    cart: &'c CartNode<'c>,
    address: &'c Address,
}

impl<'c> ShippingAddress<'c> {
    pub(super) fn of(cart: &'c CartNode<'c>) -> Option<Self> {
        let address = cart.step.checkout.delivery.as_ref()?;
        Some(Self { cart, address })
    }
}

/// The ways to deliver a cart to a country.
pub(super) fn offered<'c>(
    context: &'c Context,
    options: &[ShippingOption],
    country: Country,
) -> Answer<'c> {
    let methods = options
        .iter()
        .map(|option| MethodNode::new(context, option, country, "AvailableShippingMethod"));
    Ok(Value::objects(methods.collect::<Result<Vec<_>, _>>()?))
}

impl Object for ShippingAddress<'_> {
    fn type_name(&self) -> &'static str {
        "ShippingCartAddress"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        let CartNode { context, step } = self.cart;
        Ok(match ask.name {
            "uid" => uid::of("shipping").into(),
            "id" => 1.into(),
            "country" => Value::object(CountryName { context, country: self.address.country }),
            "region" => Value::object(NoRegion("CartAddressRegion")),
            "available_shipping_methods" => offered(context, &step.options, self.address.country)?,
            "selected_shipping_method" => match &step.chosen {
                Some(option) => {
                    let (country, kind) = (self.address.country, "SelectedShippingMethod");
                    Value::object(MethodNode::new(context, option, country, kind)?)
                }
                None => Value::Null,
            },
            "cart_items_v2" => Value::objects(ItemNode::of(context, step)),
            "same_as_billing" => (step.checkout.billing.as_ref() == Some(self.address)).into(),
            _ => common(self.address, ask),
        })
    }
}

pub(super) struct BillingAddress<'c> {
    pub(super) context: &'c Context,
    pub(super) address: &'c Address,
}

impl Object for BillingAddress<'_> {
    fn type_name(&self) -> &'static str {
        "BillingCartAddress"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        let (context, country) = (self.context, self.address.country);
        Ok(match ask.name {
            "uid" => uid::of("billing").into(),
            "id" => 2.into(),
            "country" => Value::object(CountryName { context, country }),
            "region" => Value::object(NoRegion("CartAddressRegion")),
            _ => common(self.address, ask),
        })
    }
}

/// A way to deliver. It is carrier and method at once.
struct MethodNode<'c> {
    context: &'c Context,
    option: ShippingOption,
    /// `None` when it has no tax rate in the country.
    price: Option<Price>,
    type_name: &'static str,
}

impl<'c> MethodNode<'c> {
    fn new(
        context: &'c Context,
        option: &ShippingOption,
        country: Country,
        type_name: &'static str,
    ) -> Result<Self, Refusal> {
        let price = match delivery_price(&context.shop, &option.delivery, country) {
            Ok(price) => Some(price),
            // It cannot be had there; placing the order would say so too.
            Err(PriceCartError::NoTaxRate(..)) => None,
            Err(error) => return Err(Refusal::internal(&error)),
        };
        Ok(Self { context, option: option.clone(), price, type_name })
    }
}

impl Object for MethodNode<'_> {
    fn type_name(&self) -> &'static str {
        self.type_name
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        let method = &self.option.method;
        let price = self.price.unwrap_or(Price::zero(self.option.delivery.price.currency()));
        Ok(match ask.name {
            "carrier_code" | "method_code" => method.code.as_str().into(),
            "carrier_title" | "method_title" => self.context.text(&method.name).into(),
            "available" => self.price.is_some().into(),
            "error_message" if self.price.is_some() => "".into(),
            "error_message" => "This shipping method is not available.".into(),
            "amount" => self.option.delivery.price.into(),
            "price_excl_tax" => price.net.into(),
            "price_incl_tax" => price.gross()?.into(),
            _ => Value::Nothing,
        })
    }
}
