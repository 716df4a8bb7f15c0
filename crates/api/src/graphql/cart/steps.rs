//! The questions of a checkout, answered one by one, and the order that comes of it.

use commerce::cart::PriceCartError;
use commerce::customer::{Address, Email};
use commerce::order::Order;
use commerce::shipment::ShippingMethodCode;
use shop::checkout::PlaceOrderError;
use shop::checkout::steps::{self, Answer as Said, AnswerError, OpenCartError, PlaceStepsError};

use super::change::Changed;
use super::{CartNode, payment_code, unopened};
use crate::graphql::address;
use crate::graphql::context::Context;
use crate::graphql::order::OrderNode;
use crate::graphql::value::{Answer, Args, Ask, Object, Refusal, Value};

/// Keeps answers and shows the cart with them.
async fn keep<'a>(
    context: &'a Context,
    mask: &str,
    said: &[Said],
    type_name: &'static str,
) -> Answer<'a> {
    if mask.is_empty() {
        return Err(Refusal::input("Required parameter \"cart_id\" is missing"));
    }
    let who = context.customer_id().await?;
    let kept = steps::answer(&context.shop, mask, who, context.locale, said).await;
    let step = kept.map_err(|error| unkept(error, mask, said))?;
    Ok(Value::object(Changed::new(type_name, CartNode { context, step })))
}

fn unkept(error: AnswerError, mask: &str, said: &[Said]) -> Refusal {
    match error {
        AnswerError::Open(error) => unopened(error, mask),
        AnswerError::DeliveryMissing
            if said.iter().any(|answer| matches!(answer, Said::BillingIsDelivery)) =>
        {
            Refusal::input(
                "Could not use the \"same_as_shipping\" option, because the shipping address has \
                 not been set.",
            )
        }
        AnswerError::DeliveryMissing => {
            Refusal::input("The shipping address is missing. Set the address and try again.")
        }
        AnswerError::ShippingNotOffered => {
            let codes = said.iter().find_map(|answer| match answer {
                Said::Shipping(code) => Some(code.as_str()),
                _ => None,
            });
            let code = codes.unwrap_or_default();
            not_offered(code, code)
        }
    }
}

fn not_offered(carrier: &str, method: &str) -> Refusal {
    Refusal::input(format!("Carrier with such method not found: {carrier}, {method}"))
}

fn mask_of(input: Args<'_>) -> &str {
    input.text("cart_id").unwrap_or_default()
}

pub(in crate::graphql) async fn set_email<'a>(context: &'a Context, input: Args<'a>) -> Answer<'a> {
    if context.customer_id().await?.is_some() {
        return Err(Refusal::input("The request is not allowed for logged in customers"));
    }
    let email = Email::new(input.text("email").unwrap_or_default());
    let email = email.ok_or_else(|| Refusal::input("Invalid email format"))?;
    keep(context, mask_of(input), &[Said::Email(email)], "SetGuestEmailOnCartOutput").await
}

/// An address that is written out, or one of the customer's book.
async fn chosen(context: &Context, input: Args<'_>, kind: &str) -> Result<Address, Refusal> {
    match (input.object("address"), input.int("customer_address_id")) {
        (Some(_), Some(_)) => Err(Refusal::input(format!(
            "The {kind} address cannot contain \"customer_address_id\" and \"address\" at the same time."
        ))),
        (Some(written), None) => address::read(context, written),
        (None, Some(number)) => {
            let customer = context.logged_in().await?;
            let book = shop::customer::list_addresses(&context.shop, customer.id).await?;
            let saved = book.into_iter().find(|saved| saved.number == number);
            let missing =
                || Refusal::missing(format!("Could not find a address with ID \"{number}\""));
            Ok(saved.ok_or_else(missing)?.address)
        }
        (None, None) => Err(Refusal::input(format!(
            "The {kind} address must contain either \"customer_address_id\" or \"address\"."
        ))),
    }
}

pub(in crate::graphql) async fn set_delivery<'a>(
    context: &'a Context,
    input: Args<'a>,
) -> Answer<'a> {
    let addresses = input.objects("shipping_addresses");
    let &[only] = addresses.as_slice() else {
        return Err(Refusal::input(match addresses.len() {
            0 => "Required parameter \"shipping_addresses\" is missing",
            _ => "You cannot specify multiple shipping addresses.",
        }));
    };
    let said = [Said::Delivery(chosen(context, only, "shipping").await?)];
    keep(context, mask_of(input), &said, "SetShippingAddressesOnCartOutput").await
}

pub(in crate::graphql) async fn set_billing<'a>(
    context: &'a Context,
    input: Args<'a>,
) -> Answer<'a> {
    let Some(billing) = input.object("billing_address") else {
        return Err(Refusal::input("Required parameter \"billing_address\" is missing"));
    };
    let said = if billing.flag("same_as_shipping") == Some(true) && !billing.has("address") {
        vec![Said::BillingIsDelivery]
    } else {
        let address = chosen(context, billing, "billing").await?;
        let is_both = ["use_for_shipping", "same_as_shipping"]
            .iter()
            .any(|name| billing.flag(name) == Some(true));
        let delivery = is_both.then(|| Said::Delivery(address.clone()));
        delivery.into_iter().chain([Said::Billing(address)]).collect()
    };
    keep(context, mask_of(input), &said, "SetBillingAddressOnCartOutput").await
}

pub(in crate::graphql) async fn set_shipping<'a>(
    context: &'a Context,
    input: Args<'a>,
) -> Answer<'a> {
    let methods = input.objects("shipping_methods");
    let &[only] = methods.as_slice() else {
        return Err(Refusal::input(match methods.len() {
            0 => "Required parameter \"shipping_methods\" is missing",
            _ => "You cannot specify multiple shipping methods.",
        }));
    };
    let text = |name: &str| only.text(name).unwrap_or_default();
    let (carrier, method) = (text("carrier_code"), text("method_code"));
    let code = ShippingMethodCode::new(method).filter(|_| carrier == method);
    let code = code.ok_or_else(|| not_offered(carrier, method))?;
    keep(context, mask_of(input), &[Said::Shipping(code)], "SetShippingMethodsOnCartOutput").await
}

fn payment_of(context: &Context, input: Args<'_>) -> Result<Said, Refusal> {
    let method = input.object("payment_method");
    let code = method.and_then(|method| method.text("code")).unwrap_or_default();
    if code.is_empty() {
        return Err(Refusal::input(
            "Required parameter \"code\" for \"payment_method\" is missing.",
        ));
    }
    let settings = &context.settings;
    let mut methods = settings.payments.iter();
    let known = methods
        .find(|method| method.code.as_str() == code || payment_code(settings, method) == code);
    let known =
        known.ok_or_else(|| Refusal::input("The requested Payment Method is not available."))?;
    Ok(Said::Payment(known.code.clone()))
}

pub(in crate::graphql) async fn set_payment<'a>(
    context: &'a Context,
    input: Args<'a>,
) -> Answer<'a> {
    let said = [payment_of(context, input)?];
    keep(context, mask_of(input), &said, "SetPaymentMethodOnCartOutput").await
}

pub(in crate::graphql) async fn set_payment_and_place<'a>(
    context: &'a Context,
    input: Args<'a>,
) -> Answer<'a> {
    let said = [payment_of(context, input)?];
    keep(context, mask_of(input), &said, "SetPaymentMethodOnCartOutput").await?;
    place(context, input).await
}

pub(in crate::graphql) async fn place<'a>(context: &'a Context, input: Args<'a>) -> Answer<'a> {
    let mask = mask_of(input);
    if mask.is_empty() {
        return Err(Refusal::input("Required parameter \"cart_id\" is missing"));
    }
    let who = context.customer_id().await?;
    let placed = match steps::place(&context.shop, mask, who, None).await {
        Ok(order) => Placed { context, order: Some(order), problem: None },
        Err(error) => Placed { context, order: None, problem: Some(problem(error, mask)?) },
    };
    Ok(Value::object(placed))
}

/// What became of `placeOrder`.
struct Placed<'c> {
    context: &'c Context,
    order: Option<Order>,
    problem: Option<Unplaced>,
}

#[derive(Clone)]
struct Unplaced {
    code: &'static str,
    message: String,
}

/// Why there is no order, where Magento says so in the payload; a refusal where it does not.
fn problem(error: PlaceStepsError, mask: &str) -> Result<Unplaced, Refusal> {
    let unable = |why: &str| Unplaced {
        code: "UNABLE_TO_PLACE_ORDER",
        message: format!("Unable to place order: {why}"),
    };
    Ok(match error {
        PlaceStepsError::Open(OpenCartError::NotFound)
        | PlaceStepsError::Place(PlaceOrderError::NoCart) => Unplaced {
            code: "CART_NOT_FOUND",
            message: format!("Could not find a cart with ID \"{mask}\""),
        },
        PlaceStepsError::Open(OpenCartError::NotActive) => {
            Unplaced { code: "CART_NOT_ACTIVE", message: "The cart isn't active.".to_owned() }
        }
        PlaceStepsError::Open(error) => return Err(unopened(error, mask)),
        PlaceStepsError::EmailMissing => Unplaced {
            code: "GUEST_EMAIL_MISSING",
            message: "Guest email for cart is missing.".to_owned(),
        },
        PlaceStepsError::DeliveryMissing => {
            unable("The shipping address is missing. Set the address and try again.")
        }
        PlaceStepsError::ShippingMissing => {
            unable("The shipping method is missing. Select the shipping method and try again.")
        }
        PlaceStepsError::BillingMissing => {
            unable("The billing address is missing. Set the address and try again.")
        }
        PlaceStepsError::PaymentMissing => unable("Enter a valid payment method and try again."),
        PlaceStepsError::Place(error) => match error {
            PlaceOrderError::NoCart | PlaceOrderError::EmptyCart => {
                unable("A server error stopped your order from being placed. The cart is empty.")
            }
            PlaceOrderError::NotSold(_) => {
                unable("Some of the products are not available any more.")
            }
            PlaceOrderError::OutOfStock(_) => unable("Some of the products are out of stock."),
            PlaceOrderError::ShippingNotOffered => {
                unable("The shipping method is missing. Select the shipping method and try again.")
            }
            PlaceOrderError::PaymentNotOffered => {
                unable("The requested Payment Method is not available.")
            }
            PlaceOrderError::CountryNotServed
            | PlaceOrderError::Price(PriceCartError::NoTaxRate(..)) => unable(
                "Some addresses can't be used due to the configurations for specific countries.",
            ),
            PlaceOrderError::TotalChanged(_) | PlaceOrderError::CartChanged => {
                unable("The cart has changed. Look at it and try again.")
            }
            PlaceOrderError::Price(error) => return Err(Refusal::internal(&error)),
            PlaceOrderError::Db(error) => return Err(error.into()),
        },
    })
}

impl Object for Placed<'_> {
    fn type_name(&self) -> &'static str {
        "PlaceOrderOutput"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        let (context, order) = (self.context, self.order.as_ref());
        Ok(match (ask.name, order) {
            ("order", Some(order)) => Value::object(Number(order)),
            ("orderV2", Some(order)) => Value::object(OrderNode { context, order: order.clone() }),
            ("errors", _) => Value::objects(self.problem.clone()),
            _ => Value::Nothing,
        })
    }
}

/// The order in the shape that came before `orderV2`.
struct Number<'c>(&'c Order);

impl Object for Number<'_> {
    fn type_name(&self) -> &'static str {
        "Order"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "order_number" | "order_id" => self.0.number.as_str().into(),
            _ => Value::Nothing,
        })
    }
}

impl Object for Unplaced {
    fn type_name(&self) -> &'static str {
        "PlaceOrderError"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "code" => self.code.into(),
            "message" => self.message.as_str().into(),
            _ => Value::Nothing,
        })
    }
}
