//! Carts of guests, by a name that nobody can guess, and of customers, as `mine`.

use commerce::cart::{PriceCartError, RefuseLine};
use commerce::catalog::{ProductKind, Sku};
use commerce::channel::Country;
use commerce::customer::{Address, AddressField, CustomerId, Email, FieldProblem};
use commerce::payment::PaymentMethod;
use commerce::shipment::ShippingMethodCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shop::cart::ChangeCartError;
use shop::checkout::PlaceOrderError;
use shop::checkout::steps::{
    self, Answer as Said, AnswerError, OpenCartError, Opened, PlaceStepsError, Quantity, StepView,
};

use super::address::AddressOut;
use super::call::Call;
use super::customer::id_of;
use super::lenient::{Decimal, Int, Number};
use super::order::payment_code;
use super::problem::Problem;
use super::product::Entry;
use crate::graphql::uid;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Cart")]
pub(super) struct CartOut {
    id: i64,
    is_active: bool,
    is_virtual: bool,
    items: Vec<ItemOut>,
    items_count: u32,
    items_qty: u32,
    customer_is_guest: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    billing_address: Option<AddressOut>,
    currency: CartCurrency,
    store_id: i64,
}

#[derive(Serialize, JsonSchema)]
struct CartCurrency {
    global_currency_code: String,
    base_currency_code: String,
    store_currency_code: String,
    quote_currency_code: String,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CartItem")]
pub(super) struct ItemOut {
    item_id: i64,
    sku: String,
    qty: u32,
    name: String,
    price: Number,
    product_type: String,
    quote_id: String,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Totals {
    grand_total: Number,
    base_grand_total: Number,
    subtotal: Number,
    base_subtotal: Number,
    subtotal_incl_tax: Number,
    discount_amount: Number,
    shipping_amount: Number,
    shipping_incl_tax: Number,
    shipping_tax_amount: Number,
    tax_amount: Number,
    base_currency_code: String,
    quote_currency_code: String,
    items_qty: u32,
    items: Vec<TotalsItem>,
    total_segments: Vec<Segment>,
}

#[derive(Serialize, JsonSchema)]
struct TotalsItem {
    item_id: i64,
    name: String,
    qty: u32,
    price: Number,
    price_incl_tax: Number,
    row_total: Number,
    row_total_incl_tax: Number,
    tax_amount: Number,
    tax_percent: Number,
}

#[derive(Serialize, JsonSchema)]
struct Segment {
    code: String,
    title: String,
    value: Number,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PaymentMethod")]
pub(super) struct PaymentOut {
    code: String,
    title: String,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ShippingMethod")]
pub(super) struct ShippingOut {
    carrier_code: String,
    method_code: String,
    carrier_title: String,
    method_title: String,
    amount: Number,
    base_amount: Number,
    available: bool,
    error_message: String,
    price_excl_tax: Number,
    price_incl_tax: Number,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct PaymentInformation {
    payment_methods: Vec<PaymentOut>,
    totals: Totals,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "CartItemBody")]
pub(super) struct ItemBody {
    #[serde(rename = "cartItem", alias = "cart_item")]
    cart_item: ItemIn,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "CartItemInput")]
struct ItemIn {
    sku: Option<String>,
    qty: Option<Decimal>,
    product_option: Option<ProductOption>,
}

#[derive(Deserialize, JsonSchema)]
struct ProductOption {
    extension_attributes: Option<ProductOptionExtension>,
}

#[derive(Deserialize, JsonSchema)]
struct ProductOptionExtension {
    configurable_item_options: Option<Vec<ChosenOption>>,
}

#[derive(Deserialize, JsonSchema)]
struct ChosenOption {
    option_id: Int,
    option_value: Int,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "CartAddressInput")]
struct AddressIn {
    firstname: Option<String>,
    lastname: Option<String>,
    company: Option<String>,
    street: Option<Vec<String>>,
    postcode: Option<String>,
    city: Option<String>,
    #[serde(alias = "countryId")]
    country_id: Option<String>,
    telephone: Option<String>,
    email: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "CartAddressBody")]
pub(super) struct AddressBody {
    address: AddressIn,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "ShippingInformationBody")]
pub(super) struct DeliveryBody {
    #[serde(rename = "addressInformation", alias = "address_information")]
    information: DeliveryIn,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "ShippingInformationInput")]
struct DeliveryIn {
    #[serde(alias = "shippingAddress")]
    shipping_address: AddressIn,
    #[serde(alias = "billingAddress")]
    billing_address: Option<AddressIn>,
    #[serde(alias = "shippingCarrierCode")]
    shipping_carrier_code: String,
    #[serde(alias = "shippingMethodCode")]
    shipping_method_code: String,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "PaymentInformationBody")]
pub(super) struct PaymentBody {
    email: Option<String>,
    #[serde(rename = "paymentMethod", alias = "payment_method")]
    payment_method: PaymentIn,
    #[serde(rename = "billingAddress", alias = "billing_address")]
    billing_address: Option<AddressIn>,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "PaymentInput")]
struct PaymentIn {
    method: String,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "OrderBody")]
pub(super) struct OrderBody {
    #[serde(rename = "paymentMethod", alias = "payment_method")]
    payment_method: Option<PaymentIn>,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "AssignBody")]
pub(super) struct AssignBody {
    #[serde(rename = "customerId", alias = "customer_id")]
    customer_id: Option<Int>,
}

/// How a cart is called in the path, and for whom it is opened.
struct Door {
    mask: String,
    who: Option<CustomerId>,
}

/// Says why a cart was not opened. That a cart is somebody else's is not said.
fn unopened(call: &Call, error: OpenCartError) -> Problem {
    match error {
        OpenCartError::NotFound | OpenCartError::NotActive | OpenCartError::NotYours => {
            match &call.who {
                super::access::Who::Customer(customer) if call.param("cartId").is_empty() => {
                    Problem::no_entity("customerId", customer.number)
                }
                _ => Problem::no_entity("cartId", call.param("cartId")),
            }
        }
        OpenCartError::Busy => Problem::bad("The cart was changed at the same time. Try again."),
        OpenCartError::Price(error) => Problem::internal(&error),
        OpenCartError::Db(error) => error.into(),
    }
}

impl Door {
    /// A guest's cart opens to whoever knows its name, `mine` to whoever is logged in.
    async fn find(call: &Call) -> Result<Self, Problem> {
        if let Some(mask) = call.params.get("cartId") {
            let is_mask = mask.len() == 32 && mask.bytes().all(|b| b.is_ascii_alphanumeric());
            if !is_mask {
                return Err(Problem::no_entity("cartId", mask));
            }
            return Ok(Self { mask: mask.clone(), who: None });
        }
        let customer = call.customer()?;
        let found = steps::of_customer(&call.shop, customer.id, call.locale).await?;
        let found = found.ok_or_else(|| Problem::no_entity("customerId", customer.number))?;
        Ok(Self { mask: found.mask, who: Some(customer.id) })
    }

    async fn open(&self, call: &Call) -> Result<Opened, Problem> {
        let opened = steps::open(&call.shop, &self.mask, self.who).await;
        opened.map_err(|error| unopened(call, error))
    }

    /// Keeps what a buyer said, and looks at the cart with it.
    async fn answer(&self, call: &Call, said: &[Said]) -> Result<StepView, Problem> {
        let kept = steps::answer(&call.shop, &self.mask, self.who, call.locale, said).await;
        kept.map_err(|error| match error {
            AnswerError::Open(error) => unopened(call, error),
            AnswerError::DeliveryMissing => {
                Problem::bad("The shipping address is missing. Set the address and try again.")
            }
            AnswerError::ShippingNotOffered => {
                Problem::missing("Carrier with such method not found.")
            }
        })
    }

    async fn view(&self, call: &Call) -> Result<StepView, Problem> {
        let view = steps::view(&call.shop, &self.mask, self.who, call.locale).await;
        view.map_err(|error| unopened(call, error))
    }
}

async fn view(call: &Call) -> Result<StepView, Problem> {
    Door::find(call).await?.view(call).await
}

pub(super) async fn begin_as_guest(call: Call) -> Result<String, Problem> {
    Ok(steps::begin(&call.shop, None, call.locale, None).await?.mask)
}

pub(super) async fn begin(call: Call) -> Result<i64, Problem> {
    let customer = call.customer()?.id;
    let begun = steps::begin(&call.shop, Some(customer), call.locale, None).await?;
    Ok(uid::cart(begun.cart))
}

fn item_out(step: &StepView, sku: &Sku) -> Option<ItemOut> {
    let line = step.view.lines.iter().find(|line| line.sku == *sku)?;
    let offered = line.offered.as_ref();
    let price = offered.map(|offered| Number::from(offered.unit));
    Some(ItemOut {
        item_id: uid::cart_item(&line.sku),
        sku: line.sku.to_string(),
        qty: line.quantity,
        name: offered.map(|offered| offered.name.clone()).unwrap_or_default(),
        price: price.unwrap_or_else(|| 0.into()),
        product_type: "simple".to_owned(),
        quote_id: step.checkout.mask.clone(),
    })
}

fn items_out(step: &StepView) -> Vec<ItemOut> {
    step.view.lines.iter().filter_map(|line| item_out(step, &line.sku)).collect()
}

fn cart_out(call: &Call, step: &StepView) -> CartOut {
    let code = || call.settings.channel.currency.as_str().to_owned();
    CartOut {
        id: uid::cart(step.checkout.cart),
        is_active: true,
        is_virtual: false,
        items: items_out(step),
        items_count: u32::try_from(step.view.lines.len()).unwrap_or(u32::MAX),
        items_qty: step.view.cart.n_units(),
        customer_is_guest: step.view.cart.customer.is_none(),
        billing_address: step.checkout.billing.as_ref().map(AddressOut::from),
        currency: CartCurrency {
            global_currency_code: code(),
            base_currency_code: code(),
            store_currency_code: code(),
            quote_currency_code: code(),
        },
        store_id: 1,
    }
}

pub(super) async fn of_guest(call: Call) -> Result<CartOut, Problem> {
    Ok(cart_out(&call, &view(&call).await?))
}

pub(super) async fn mine(call: Call) -> Result<CartOut, Problem> {
    Ok(cart_out(&call, &view(&call).await?))
}

pub(super) async fn items(call: Call) -> Result<Vec<ItemOut>, Problem> {
    Ok(items_out(&view(&call).await?))
}

/// The SKU that is meant: a configurable product needs its options chosen.
async fn meant(call: &Call, said: &ItemIn) -> Result<Sku, Problem> {
    let text = said.sku.as_deref().ok_or_else(|| Problem::required("sku"))?;
    let entry = Entry::find(call, text).await?;
    if let Some(variant) = entry.variant() {
        return Ok(variant.sku.clone());
    }
    let extension =
        said.product_option.as_ref().and_then(|option| option.extension_attributes.as_ref());
    let chosen = extension.and_then(|extension| extension.configurable_item_options.as_ref());
    let unchosen = || Problem::bad("You need to choose options for your item.");
    let chosen = chosen.ok_or_else(unchosen)?;
    let ProductKind::Configurable { axes } = &entry.product.kind else { return Err(unchosen()) };
    let fits = |variant: &&commerce::catalog::Variant| {
        axes.iter().all(|axis| {
            let option = variant.options.get(axis).map(|option| uid::option(axis, option));
            let said = chosen.iter().find(|one| one.option_id.0 == uid::attribute(axis));
            option.is_some() && option == said.map(|one| one.option_value.0)
        })
    };
    let variant = entry.product.variants.iter().find(fits).ok_or_else(unchosen)?;
    Ok(variant.sku.clone())
}

fn quantity(said: &ItemIn) -> Result<u32, Problem> {
    let qty = said.qty.as_ref().ok_or_else(|| Problem::required("qty"))?;
    qty.units().ok_or_else(|| Problem::invalid("qty", &qty.0))
}

fn unfilled(error: ChangeCartError) -> Problem {
    match error {
        ChangeCartError::NotSold => {
            Problem::bad("Product that you are trying to add is not available.")
        }
        ChangeCartError::NotEnough { .. } => Problem::bad("The requested qty is not available"),
        ChangeCartError::Refused(RefuseLine::TooMany) => {
            Problem::bad("The requested qty exceeds the maximum qty allowed in shopping cart")
        }
        ChangeCartError::Refused(RefuseLine::TooManyLines) => {
            Problem::bad("The cart has too many items")
        }
        ChangeCartError::Busy => Problem::bad("The cart was changed at the same time. Try again."),
        ChangeCartError::Db(error) => error.into(),
    }
}

/// Changes how many units of a SKU an open cart holds, and gives the line.
async fn put(call: &Call, sku: &Sku, quantity: Quantity) -> Result<Option<ItemOut>, Problem> {
    let door = Door::find(call).await?;
    let lines = [(sku.clone(), quantity)];
    let changed = steps::change_lines(&call.shop, &door.mask, door.who, call.locale, &lines).await;
    let (step, results) = changed.map_err(|error| unopened(call, error))?;
    results.into_iter().collect::<Result<(), _>>().map_err(unfilled)?;
    Ok(item_out(&step, sku))
}

pub(super) async fn add(call: Call, body: ItemBody) -> Result<ItemOut, Problem> {
    let quantity = quantity(&body.cart_item)?;
    if quantity == 0 {
        return Err(Problem::invalid("qty", 0));
    }
    let sku = meant(&call, &body.cart_item).await?;
    let item = put(&call, &sku, Quantity::More(quantity)).await?;
    item.ok_or_else(|| Problem::no_entity("sku", &sku))
}

/// The line that the path names.
async fn line(call: &Call) -> Result<Sku, Problem> {
    let number = call.number("itemId")?;
    let opened = Door::find(call).await?.open(call).await?;
    let mut lines = opened.cart.lines.iter().map(|line| &line.sku);
    let found = lines.find(|sku| uid::cart_item(sku) == number).cloned();
    found.ok_or_else(|| {
        Problem::missing("The %1 Cart doesn't contain the %2 item.")
            .with("1", call.param("cartId"))
            .with("2", number)
    })
}

pub(super) async fn set(call: Call, body: ItemBody) -> Result<ItemOut, Problem> {
    let sku = line(&call).await?;
    let quantity = quantity(&body.cart_item)?;
    if quantity == 0 {
        return Err(Problem::invalid("qty", 0));
    }
    let item = put(&call, &sku, Quantity::Exactly(quantity)).await?;
    item.ok_or_else(|| Problem::no_entity("sku", &sku))
}

pub(super) async fn take_out(call: Call) -> Result<bool, Problem> {
    let sku = line(&call).await?;
    put(&call, &sku, Quantity::Exactly(0)).await?;
    Ok(true)
}

fn totals_out(call: &Call, step: &StepView) -> Result<Totals, Problem> {
    let totals = &step.totals;
    let total = totals.total.gross()?;
    let code = call.settings.channel.currency.as_str().to_owned();
    let priced = step.view.lines.iter().filter_map(|line| line.offered.as_ref());
    let items = priced.zip(&totals.lines).map(|(line, priced)| {
        Ok(TotalsItem {
            item_id: uid::cart_item(&line.sku),
            name: line.name.clone(),
            qty: line.quantity,
            price: priced.unit.net.into(),
            price_incl_tax: priced.unit.gross()?.into(),
            row_total: priced.items.net.into(),
            row_total_incl_tax: priced.items.gross()?.into(),
            tax_amount: priced.items.tax.into(),
            tax_percent: Number::of(uid::percent(priced.rate)),
        })
    });
    let segment = |code: &str, title: &str, value| Segment {
        code: code.to_owned(),
        title: title.to_owned(),
        value,
    };
    let mut total_segments = vec![segment("subtotal", "Subtotal", totals.items.gross()?.into())];
    if !totals.eco_participation.gross()?.is_zero() {
        let value = totals.eco_participation.gross()?.into();
        total_segments.push(segment("weee_tax", "FPT", value));
    }
    if step.chosen.is_some() {
        total_segments.push(segment("shipping", "Shipping", totals.shipping.gross()?.into()));
    }
    total_segments.push(segment("tax", "Tax", totals.total.tax.into()));
    total_segments.push(segment("grand_total", "Grand Total", total.into()));
    Ok(Totals {
        grand_total: total.into(),
        base_grand_total: total.into(),
        subtotal: totals.items.net.into(),
        base_subtotal: totals.items.net.into(),
        subtotal_incl_tax: totals.items.gross()?.into(),
        discount_amount: totals.discount.gross()?.into(),
        shipping_amount: totals.shipping.net.into(),
        shipping_incl_tax: totals.shipping.gross()?.into(),
        shipping_tax_amount: totals.shipping.tax.into(),
        tax_amount: totals.total.tax.into(),
        base_currency_code: code.clone(),
        quote_currency_code: code,
        items_qty: step.view.cart.n_units(),
        items: items.collect::<Result<_, Problem>>()?,
        total_segments,
    })
}

pub(super) async fn totals(call: Call) -> Result<Totals, Problem> {
    totals_out(&call, &view(&call).await?)
}

pub(super) async fn billing(call: Call) -> Result<Option<AddressOut>, Problem> {
    Ok(view(&call).await?.checkout.billing.as_ref().map(AddressOut::from))
}

fn country(call: &Call, said: &AddressIn) -> Result<Country, Problem> {
    let code = said.country_id.as_deref().unwrap_or_default().to_ascii_uppercase();
    let served = Country::new(&code).filter(|it| call.settings.channel.ships_to.contains(it));
    served.ok_or_else(|| {
        Problem::bad(
            "Some addresses can't be used due to the configurations for specific countries.",
        )
    })
}

fn read(call: &Call, said: &AddressIn) -> Result<Address, Problem> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let mut lines = said.street.iter().flatten().cloned();
    let street = lines.next().unwrap_or_default();
    let address = Address {
        first_name: text(&said.firstname),
        last_name: text(&said.lastname),
        company: text(&said.company),
        street,
        street_extra: lines.collect::<Vec<_>>().join(", "),
        postcode: text(&said.postcode),
        city: text(&said.city),
        country: country(call, said)?,
        phone: text(&said.telephone),
    };
    address.check().map_err(|problems| {
        let (field, problem) =
            problems.first().copied().unwrap_or((AddressField::Street, FieldProblem::Invalid));
        let name = match field {
            AddressField::FirstName => "firstname",
            AddressField::LastName => "lastname",
            AddressField::Company => "company",
            AddressField::Street | AddressField::StreetExtra => "street",
            AddressField::Postcode => "postcode",
            AddressField::City => "city",
            AddressField::Country => "countryId",
            AddressField::Phone => "telephone",
        };
        match problem {
            FieldProblem::Missing => Problem::required(name),
            FieldProblem::TooLong | FieldProblem::Invalid => {
                Problem::bad("\"%fieldName\" is not valid.").with("fieldName", name)
            }
        }
    })
}

fn email_of(text: Option<&String>) -> Result<Option<Email>, Problem> {
    let invalid = |text: &String| Problem::invalid("email", text);
    text.filter(|text| !text.is_empty())
        .map(|text| Email::new(text).ok_or_else(|| invalid(text)))
        .transpose()
}

pub(super) async fn set_billing(call: Call, body: AddressBody) -> Result<i64, Problem> {
    let said = [Said::Billing(read(&call, &body.address)?)];
    let step = Door::find(&call).await?.answer(&call, &said).await?;
    Ok(uid::cart(step.checkout.cart))
}

fn shipping_out(
    call: &Call,
    option: &shop::checkout::ShippingOption,
    country: Country,
) -> Result<Option<ShippingOut>, Problem> {
    let code = option.method.code.as_str().to_owned();
    let title = call.text(&option.method.name).to_owned();
    let price = match steps::delivery_price(&call.shop, &option.delivery, country) {
        Ok(price) => price,
        // It cannot be had there.
        Err(PriceCartError::NoTaxRate(..)) => return Ok(None),
        Err(error) => return Err(Problem::internal(&error)),
    };
    Ok(Some(ShippingOut {
        carrier_code: code.clone(),
        method_code: code,
        carrier_title: title.clone(),
        method_title: title,
        amount: option.delivery.price.into(),
        base_amount: option.delivery.price.into(),
        available: true,
        error_message: String::new(),
        price_excl_tax: price.net.into(),
        price_incl_tax: price.gross()?.into(),
    }))
}

pub(super) async fn estimate(call: Call, body: AddressBody) -> Result<Vec<ShippingOut>, Problem> {
    let step = view(&call).await?;
    let country = country(&call, &body.address)?;
    let postcode = body.address.postcode.as_deref().unwrap_or_default();
    if step.view.lines.is_empty() {
        return Ok(Vec::new());
    }
    let options = shop::checkout::shipping_options(&call.settings, &step.view, country, postcode);
    let shown = options.iter().map(|option| shipping_out(&call, option, country));
    shown.filter_map(Result::transpose).collect()
}

pub(super) async fn set_delivery(
    call: Call,
    body: DeliveryBody,
) -> Result<PaymentInformation, Problem> {
    let said = body.information;
    let door = Door::find(&call).await?;
    let opened = door.open(&call).await?;
    if opened.cart.lines.is_empty() {
        return Err(Problem::bad(
            "The shipping method can't be set for an empty cart. Add an item to cart and try again.",
        ));
    }
    let delivery = read(&call, &said.shipping_address)?;
    let mut answers = vec![Said::Delivery(delivery)];
    if let Some(billing) = &said.billing_address {
        answers.push(Said::Billing(read(&call, billing)?));
    }
    let billing = said.billing_address.as_ref().and_then(|billing| billing.email.as_ref());
    let email = email_of(said.shipping_address.email.as_ref().or(billing))?;
    // A customer's order goes to the address of the account.
    if let Some(email) = email.filter(|_| id_of(&call.who).is_none()) {
        answers.push(Said::Email(email));
    }
    let (carrier, method) = (said.shipping_carrier_code, said.shipping_method_code);
    // Carrier and method are one.
    let chosen = ShippingMethodCode::new(method.as_str()).filter(|_| carrier == method);
    let chosen = chosen.ok_or_else(|| {
        Problem::missing("Carrier with such method not found: %1, %2")
            .with("1", carrier)
            .with("2", &method)
    })?;
    answers.push(Said::Shipping(chosen));
    let step = door.answer(&call, &answers).await?;
    information(&call, &step)
}

/// The name by which clients know the first way to pay of each kind.
fn code_of(call: &Call, method: &PaymentMethod) -> String {
    let first = call.settings.payments.iter().find(|known| known.kind == method.kind);
    if first.is_some_and(|first| first.code != method.code) {
        return method.code.as_str().to_owned();
    }
    payment_code(method.kind).to_owned()
}

fn payments_out(call: &Call, step: &StepView) -> Result<Vec<PaymentOut>, Problem> {
    let total = step.totals.total.gross()?;
    let methods = call.settings.payments.iter().filter(|method| method.takes(total));
    Ok(methods
        .map(|method| PaymentOut {
            code: code_of(call, method),
            title: call.text(&method.name).to_owned(),
        })
        .collect())
}

fn information(call: &Call, step: &StepView) -> Result<PaymentInformation, Problem> {
    Ok(PaymentInformation {
        payment_methods: payments_out(call, step)?,
        totals: totals_out(call, step)?,
    })
}

pub(super) async fn payments(call: Call) -> Result<Vec<PaymentOut>, Problem> {
    payments_out(&call, &view(&call).await?)
}

pub(super) async fn payment_information(call: Call) -> Result<PaymentInformation, Problem> {
    information(&call, &view(&call).await?)
}

fn payment_said(call: &Call, said: &PaymentIn) -> Result<Said, Problem> {
    let mut methods = call.settings.payments.iter();
    let known = methods
        .find(|method| code_of(call, method) == said.method || method.code.as_str() == said.method);
    let known =
        known.ok_or_else(|| Problem::bad("The requested Payment Method is not available."))?;
    Ok(Said::Payment(known.code.clone()))
}

/// Pays and orders at once, and gives the number of the order.
pub(super) async fn pay_and_place(call: Call, body: PaymentBody) -> Result<i64, Problem> {
    let door = Door::find(&call).await?;
    let mut answers = vec![payment_said(&call, &body.payment_method)?];
    if let Some(billing) = &body.billing_address {
        answers.push(Said::Billing(read(&call, billing)?));
    }
    let email = email_of(body.email.as_ref())?;
    if let Some(email) = email.filter(|_| id_of(&call.who).is_none()) {
        answers.push(Said::Email(email));
    }
    placed(&call, &door, answers).await
}

pub(super) async fn place(call: Call, body: OrderBody) -> Result<i64, Problem> {
    let door = Door::find(&call).await?;
    let payment = body.payment_method.as_ref().map(|said| payment_said(&call, said));
    placed(&call, &door, payment.transpose()?.into_iter().collect()).await
}

/// Keeps the last answers and places the order. A cart that became one already gives it again.
async fn placed(call: &Call, door: &Door, mut answers: Vec<Said>) -> Result<i64, Problem> {
    match steps::open(&call.shop, &door.mask, door.who).await {
        Ok(opened) => {
            // Where nothing else is said, the goods are paid for where they go.
            let is_billed = opened.checkout.billing.is_some()
                || answers.iter().any(|answer| matches!(answer, Said::Billing(_)));
            if let Some(delivery) = opened.checkout.delivery.filter(|_| !is_billed) {
                answers.push(Said::Billing(delivery));
            }
            door.answer(call, &answers).await?;
        }
        Err(OpenCartError::NotActive) => {}
        Err(error) => return Err(unopened(call, error)),
    }
    let placed = steps::place(&call.shop, &door.mask, door.who, None).await;
    let order = placed.map_err(|error| unplaced(call, error))?;
    let entity = shop::order::entity_of(&call.shop, order.id).await?;
    entity.ok_or_else(|| Problem::no_entity("cartId", &door.mask))
}

fn unplaced(call: &Call, error: PlaceStepsError) -> Problem {
    let unavailable = "Some of the products are out of stock.";
    match error {
        PlaceStepsError::Open(error) => unopened(call, error),
        PlaceStepsError::EmailMissing => Problem::required("email"),
        PlaceStepsError::DeliveryMissing => {
            Problem::bad("The shipping address is missing. Set the address and try again.")
        }
        PlaceStepsError::BillingMissing => {
            Problem::bad("The billing address is missing. Set the address and try again.")
        }
        PlaceStepsError::ShippingMissing => Problem::bad(
            "The shipping method is missing. Select the shipping method and try again.",
        ),
        PlaceStepsError::PaymentMissing => {
            Problem::bad("Enter a valid payment method and try again.")
        }
        PlaceStepsError::Place(error) => match error {
            PlaceOrderError::NoCart => unopened(call, OpenCartError::NotFound),
            PlaceOrderError::EmptyCart => {
                Problem::bad("The cart is empty. Add an item to cart and try again.")
            }
            PlaceOrderError::NotSold(_) | PlaceOrderError::OutOfStock(_) => {
                Problem::bad(unavailable)
            }
            PlaceOrderError::ShippingNotOffered => Problem::bad(
                "The shipping method is missing. Select the shipping method and try again.",
            ),
            PlaceOrderError::PaymentNotOffered => {
                Problem::bad("The requested Payment Method is not available.")
            }
            PlaceOrderError::CountryNotServed
            | PlaceOrderError::Price(PriceCartError::NoTaxRate(..)) => Problem::bad(
                "Some addresses can't be used due to the configurations for specific countries.",
            ),
            PlaceOrderError::TotalChanged(_) | PlaceOrderError::CartChanged => {
                Problem::bad("The cart has changed. Look at it and try again.")
            }
            PlaceOrderError::Price(error) => Problem::internal(&error),
            PlaceOrderError::Db(error) => error.into(),
        },
    }
}

/// Makes a guest's cart that of whoever is logged in.
pub(super) async fn assign(call: Call, body: AssignBody) -> Result<bool, Problem> {
    let customer = call.customer()?;
    if body.customer_id.is_some_and(|Int(number)| number != customer.number) {
        return Err(Problem::unauthorized("self"));
    }
    let opened = Door::find(&call).await?.open(&call).await?;
    shop::cart::adopt(&call.shop, customer.id, Some(opened.cart.id)).await?;
    Ok(true)
}
