//! Carts. Prices and stock come from the truth; `shop` says what may be done.

pub(super) mod change;
mod delivery;
pub(super) mod estimate;
mod item;
pub(super) mod prices;
pub(super) mod steps;

use commerce::customer::Email;
use commerce::payment::{PaymentKind, PaymentMethod};
use shop::checkout::steps::{OpenCartError, StepView};
use shop::settings::Settings;

use self::delivery::{BillingAddress, ShippingAddress};
use self::item::{ItemNode, ItemsPage};
use self::prices::PricesNode;
use super::catalog::listing::Paging;
use super::context::Context;
use super::value::{Answer, Args, Ask, Category, Object, Refusal, Value};

/// A cart with what was said of its order so far.
pub(super) struct CartNode<'c> {
    pub(super) context: &'c Context,
    pub(super) step: StepView,
}

/// Says why a cart was not opened, in the words that make clients forget it.
pub(super) fn unopened(error: OpenCartError, mask: &str) -> Refusal {
    match error {
        OpenCartError::NotFound => {
            Refusal::missing(format!("Could not find a cart with ID \"{mask}\""))
        }
        OpenCartError::NotActive => Refusal::missing("The cart isn't active."),
        OpenCartError::NotYours => Refusal::forbidden(format!(
            "The current user cannot perform operations on cart \"{mask}\""
        )),
        OpenCartError::Busy => Refusal {
            category: Category::Unavailable,
            message: "The cart was changed at the same time. Try again.".to_owned(),
        },
        OpenCartError::Price(error) => Refusal::internal(&error),
        OpenCartError::Db(error) => error.into(),
    }
}

impl<'c> CartNode<'c> {
    pub(super) async fn open(context: &'c Context, mask: &str) -> Result<Self, Refusal> {
        let who = context.customer_id().await?;
        let step = shop::checkout::steps::view(&context.shop, mask, who, context.locale)
            .await
            .map_err(|error| unopened(error, mask))?;
        Ok(Self { context, step })
    }

    /// The cart of who is logged in, begun when there is none.
    pub(super) async fn of_customer(context: &'c Context) -> Result<Self, Refusal> {
        let customer = context.logged_in().await?.id;
        let begun =
            shop::checkout::steps::begin(&context.shop, Some(customer), context.locale, None);
        let mask = begun.await?.mask;
        Self::open(context, &mask).await
    }

    fn items(&self) -> Vec<ItemNode<'_>> {
        ItemNode::of(self.context, &self.step)
    }

    fn items_page<'a>(&'a self, args: Args<'a>) -> Result<ItemsPage<'a>, Refusal> {
        let paging = Paging::new(args, 20)?;
        Ok(ItemsPage { items: self.items(), paging })
    }

    fn email(&self) -> Value<'_> {
        match (&self.step.checkout.email, self.context.customer.get()) {
            (_, Some(Some(customer))) => customer.email.as_str().into(),
            (email, _) => email.as_ref().map(Email::as_str).into(),
        }
    }
}

impl Object for CartNode<'_> {
    fn type_name(&self) -> &'static str {
        "Cart"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        let (context, step) = (self.context, &self.step);
        Ok(match ask.name {
            "id" => step.checkout.mask.as_str().into(),
            "email" => self.email(),
            "is_virtual" => false.into(),
            "items" => Value::objects(self.items()),
            "itemsV2" => Value::object(self.items_page(ask.args)?),
            "total_quantity" | "total_summary_quantity_including_config" => {
                step.view.cart.n_units().into()
            }
            "prices" => Value::object(PricesNode { context, totals: &step.totals }),
            "shipping_addresses" => Value::objects(ShippingAddress::of(self)),
            "billing_address" => match &step.checkout.billing {
                Some(address) => Value::object(BillingAddress { context, address }),
                None => Value::Null,
            },
            "available_payment_methods" => {
                let total = step.totals.total.gross()?;
                let methods = context.settings.payments.iter();
                let methods = methods.filter(|method| method.takes(total));
                Value::objects(methods.map(|method| Payment::of(context, method)))
            }
            "selected_payment_method" => {
                let chosen = step.checkout.payment.as_ref().and_then(|code| {
                    context.settings.payments.iter().find(|method| method.code == *code)
                });
                Value::object(match chosen {
                    Some(method) => {
                        let Payment { code, title, .. } = Payment::of(context, method);
                        Payment { type_name: "SelectedPaymentMethod", code, title }
                    }
                    None => Payment { type_name: "SelectedPaymentMethod", code: "", title: "" },
                })
            }
            "applied_coupon" | "applied_coupons" | "gift_message" | "rules" => Value::Null,
            _ => Value::Nothing,
        })
    }
}

/// A way to pay.
struct Payment<'c> {
    type_name: &'static str,
    code: &'c str,
    title: &'c str,
}

impl<'c> Payment<'c> {
    fn of(context: &'c Context, method: &'c PaymentMethod) -> Self {
        Self {
            type_name: "AvailablePaymentMethod",
            code: payment_code(&context.settings, method),
            title: context.text(&method.name),
        }
    }
}

impl Object for Payment<'_> {
    fn type_name(&self) -> &'static str {
        self.type_name
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "code" => self.code.into(),
            "title" => self.title.into(),
            "is_deferred" => false.into(),
            _ => Value::Nothing,
        })
    }
}

/// What Magento calls the first method of each kind, which clients know by name.
pub(super) fn payment_code<'c>(settings: &'c Settings, method: &'c PaymentMethod) -> &'c str {
    let first = settings.payments.iter().find(|known| known.kind == method.kind);
    if first.is_some_and(|first| first.code != method.code) {
        return method.code.as_str();
    }
    match method.kind {
        PaymentKind::BankTransfer => "banktransfer",
        PaymentKind::Cheque => "checkmo",
        PaymentKind::CashOnDelivery => "cashondelivery",
    }
}
