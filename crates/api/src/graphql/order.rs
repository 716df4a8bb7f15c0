//! Orders, for whoever may look at them.

pub(super) mod change;

use commerce::customer::Email;
use commerce::order::{AdjustmentSource, Order, OrderLine, OrderNumber, OrderStatus};
use commerce::payment::PaymentKind;
use commerce::price::Price;

use super::address::OrderAddress;
use super::cart::prices::{percent, tax_label};
use super::catalog::product::{ProductNode, moment};
use super::context::Context;
use super::uid;
use super::value::{Answer, Args, Ask, Object, Refusal, Value};

pub(super) struct OrderNode<'c> {
    pub(super) context: &'c Context,
    pub(super) order: Order,
}

/// What guests who know number, address and name may see.
pub(super) async fn of_guest<'a>(context: &'a Context, args: Args<'a>) -> Answer<'a> {
    if !context.guard.allow(context.address) {
        return Err(Refusal::too_many());
    }
    let input = args.object("input").ok_or_else(unknown)?;
    let text = |name: &str| input.text(name).unwrap_or_default();
    let number = OrderNumber::parse(text("number")).ok_or_else(unknown)?;
    let email = Email::new(text("email")).ok_or_else(unknown)?;
    let found = shop::order::of_guest(&context.shop, &number, &email).await?;
    let order = shop::order::view(&context.shop, found.ok_or_else(unknown)?).await?;
    let order = order.ok_or_else(unknown)?;
    if order.customer.is_some() {
        return Err(Refusal::forbidden("Please login to view the order."));
    }
    let name = |name: &str| name.trim().to_lowercase();
    if name(&order.billing.last_name) != name(text("lastname")) {
        return Err(unknown());
    }
    Ok(Value::object(OrderNode { context, order }))
}

/// What the link of a mail opens.
pub(super) async fn by_token<'a>(context: &'a Context, args: Args<'a>) -> Answer<'a> {
    let order = opened(context, args.object("input").ok_or_else(unknown)?).await?;
    Ok(Value::object(OrderNode { context, order }))
}

/// The order that the token of an input opens.
async fn opened(context: &Context, input: Args<'_>) -> Result<Order, Refusal> {
    let token = input.text("token").unwrap_or_default();
    let id = shop::order::open_token(&context.shop, token).ok_or_else(unknown)?;
    shop::order::view(&context.shop, id).await?.ok_or_else(unknown)
}

fn unknown() -> Refusal {
    Refusal::missing("We couldn't locate an order with the information provided.")
}

/// What Magento's storefronts offer to do with an order.
fn actions(order: &Order) -> Vec<&'static str> {
    let can_cancel = order.clone().cancel_unpaid(order.placed_at).is_ok();
    let can_reorder = order.customer.is_some();
    [("REORDER", can_reorder), ("CANCEL", can_cancel)]
        .into_iter()
        .filter_map(|(action, is_possible)| is_possible.then_some(action))
        .collect()
}

/// The words of Magento's states.
fn status(order: &Order) -> (&'static str, &'static str) {
    match order.status() {
        OrderStatus::Pending => ("Pending", "new"),
        OrderStatus::Processing => ("Processing", "processing"),
        OrderStatus::Complete => ("Complete", "complete"),
        OrderStatus::Held => ("On Hold", "holded"),
        OrderStatus::Canceled => ("Canceled", "canceled"),
    }
}

impl Object for OrderNode<'_> {
    fn type_name(&self) -> &'static str {
        "CustomerOrder"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        let (context, order) = (self.context, &self.order);
        Ok(match ask.name {
            "id" => uid::of(order.number.as_str()).into(),
            "number" | "order_number" | "increment_id" => order.number.as_str().into(),
            "order_date" | "created_at" | "order_status_change_date" => {
                moment(order.placed_at).into()
            }
            "status" => status(order).0.into(),
            "state" => status(order).1.into(),
            "email" => order.email.as_str().into(),
            "token" => shop::order::access_token(&context.shop, order.id).into(),
            "grand_total" => Value::Number(order.total.gross()?.to_decimal()),
            "is_virtual" => false.into(),
            "available_actions" => Value::list(actions(order)),
            "shipping_method" | "carrier" => order.shipping_name.as_str().into(),
            "shipping_address" => Value::object(OrderAddress(&order.delivery)),
            "billing_address" => Value::object(OrderAddress(&order.billing)),
            "customer_info" => Value::object(Buyer(order)),
            "payment_methods" => Value::objects([Paid(order)]),
            "items" => {
                Value::objects(order.lines.iter().map(|line| LineNode { context, order, line }))
            }
            "total" => Value::object(TotalNode { context, order }),
            "shipments" => Value::objects(order.shipments.iter().map(ShipmentNode)),
            _ => Value::Nothing,
        })
    }
}

struct Buyer<'o>(&'o Order);

impl Object for Buyer<'_> {
    fn type_name(&self) -> &'static str {
        "OrderCustomerInfo"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "firstname" => self.0.billing.first_name.as_str().into(),
            "lastname" => self.0.billing.last_name.as_str().into(),
            _ => Value::Nothing,
        })
    }
}

struct Paid<'o>(&'o Order);

impl Object for Paid<'_> {
    fn type_name(&self) -> &'static str {
        "OrderPaymentMethod"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "name" => self.0.payment_name.as_str().into(),
            "type" => match self.0.payment_kind {
                PaymentKind::BankTransfer => "banktransfer".into(),
                PaymentKind::Cheque => "checkmo".into(),
                PaymentKind::CashOnDelivery => "cashondelivery".into(),
            },
            _ => Value::Nothing,
        })
    }
}

struct LineNode<'o> {
    context: &'o Context,
    order: &'o Order,
    line: &'o OrderLine,
}

impl Object for LineNode<'_> {
    fn type_name(&self) -> &'static str {
        "OrderItem"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        let line = self.line;
        let product = || ProductNode::by_sku(self.context, line.sku.as_str());
        Ok(match ask.name {
            "id" => {
                uid::of(format_args!("{}/{}", self.order.number.as_str(), line.position)).into()
            }
            "product_sku" => line.sku.as_str().into(),
            "product_name" => line.name.as_str().into(),
            "product_type" => "simple".into(),
            "product_url_key" => product()
                .and_then(|node| Some(node.offer.text(self.context.locale)?.slug.to_string()))
                .into(),
            "product" => product()
                .map_or(Value::Null, |node| Value::object(ProductNode { variant: None, ..node })),
            "product_sale_price" => line.unit.gross()?.into(),
            "quantity_ordered" => line.quantity.into(),
            "quantity_shipped" => line.n_shipped.into(),
            "quantity_canceled" | "quantity_invoiced" | "quantity_refunded"
            | "quantity_returned" => 0.into(),
            "selected_options" => {
                Value::objects(line.options.iter().map(|(label, value)| Chosen { label, value }))
            }
            "entered_options" => Value::List(Vec::new()),
            "status" if line.n_shipped >= line.quantity => "Shipped".into(),
            "status" => "Ordered".into(),
            _ => Value::Nothing,
        })
    }
}

struct Chosen<'o> {
    label: &'o str,
    value: &'o str,
}

impl Object for Chosen<'_> {
    fn type_name(&self) -> &'static str {
        "OrderItemOption"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "label" => self.label.into(),
            "value" => self.value.into(),
            _ => Value::Nothing,
        })
    }
}

struct TotalNode<'o> {
    context: &'o Context,
    order: &'o Order,
}

impl Object for TotalNode<'_> {
    fn type_name(&self) -> &'static str {
        "OrderTotal"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        let order = self.order;
        let shipping = || order.adjusted(AdjustmentSource::Shipping);
        Ok(match ask.name {
            "grand_total" | "base_grand_total" => order.total.gross()?.into(),
            "subtotal_excl_tax" => order.items()?.net.into(),
            "subtotal_incl_tax" => order.items()?.gross()?.into(),
            "subtotal" if order.prices_include_tax => order.items()?.gross()?.into(),
            "subtotal" => order.items()?.net.into(),
            "total_shipping" if order.prices_include_tax => shipping()?.gross()?.into(),
            "total_shipping" => shipping()?.net.into(),
            "total_tax" => order.total.tax.into(),
            "discounts" => Value::List(Vec::new()),
            "taxes" => {
                let locale = self.context.locale;
                let taxes = order.taxes()?.into_iter();
                Value::objects(taxes.map(|(rate, price)| TaxNode {
                    title: tax_label(rate, locale),
                    rate: percent(rate),
                    price,
                }))
            }
            "shipping_handling" => Value::object(Handling(shipping()?)),
            _ => Value::Nothing,
        })
    }
}

struct TaxNode {
    title: String,
    rate: String,
    price: Price,
}

impl Object for TaxNode {
    fn type_name(&self) -> &'static str {
        "TaxItem"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "title" => self.title.as_str().into(),
            "rate" => Value::Number(self.rate.clone()),
            "amount" => self.price.tax.into(),
            _ => Value::Nothing,
        })
    }
}

struct Handling(Price);

impl Object for Handling {
    fn type_name(&self) -> &'static str {
        "ShippingHandling"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "amount_excluding_tax" => self.0.net.into(),
            "amount_including_tax" | "total_amount" => self.0.gross()?.into(),
            "discounts" | "taxes" => Value::List(Vec::new()),
            _ => Value::Nothing,
        })
    }
}

struct ShipmentNode<'o>(&'o commerce::shipment::Shipment);

impl Object for ShipmentNode<'_> {
    fn type_name(&self) -> &'static str {
        "OrderShipment"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "id" => uid::of(self.0.id.0).into(),
            "number" => self.0.id.0.to_string().into(),
            "tracking" => Value::objects([Tracking(self.0)]),
            _ => Value::Nothing,
        })
    }
}

struct Tracking<'o>(&'o commerce::shipment::Shipment);

impl Object for Tracking<'_> {
    fn type_name(&self) -> &'static str {
        "ShipmentTracking"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "carrier" | "title" => self.0.carrier.as_str().into(),
            "number" => Value::filled(&self.0.tracking_number),
            _ => Value::Nothing,
        })
    }
}
