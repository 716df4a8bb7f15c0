//! Accounts: log in, register, look at oneself.

use commerce::customer::{AddressId, Customer, Email, PasswordProblem, SavedAddress};
use commerce::order::{Order, OrderId};
use shop::customer::{RegisterError, Registration, ResetPasswordError};
use shop::order::OrderSummary;
use uuid::Uuid;

use super::address::{self, BookAddress};
use super::catalog::listing::Paging;
use super::context::Context;
use super::order::OrderNode;
use super::value::{Answer, Args, Ask, Object, Refusal, Value};

/// How many orders are counted.
const MAX_ORDERS: u32 = 1_000;

pub(super) async fn generate_token<'a>(context: &'a Context, args: Args<'a>) -> Answer<'a> {
    let wrong = || {
        Refusal::unauthenticated(
            "The account sign-in was incorrect or your account is disabled temporarily. Please \
             wait and try again later.",
        )
    };
    let text = |name: &str| args.text(name).unwrap_or_default();
    for name in ["email", "password"] {
        if text(name).is_empty() {
            return Err(Refusal::input(format!("Specify the \"{name}\" value.")));
        }
    }
    if !context.guard.allow(context.address) {
        return Err(wrong());
    }
    let email = Email::new(text("email")).ok_or_else(wrong)?;
    let found = shop::customer::issue_token(&context.shop, &email, text("password")).await?;
    let token = found.ok_or_else(wrong)?;
    Ok(Value::object(TokenNode(token.text)))
}

struct TokenNode(String);

impl Object for TokenNode {
    fn type_name(&self) -> &'static str {
        "CustomerToken"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "token" => self.0.as_str().into(),
            _ => Value::Nothing,
        })
    }
}

pub(super) async fn revoke_token(context: &Context) -> Answer<'_> {
    context.logged_in().await?;
    if let Some(token) = &context.token {
        shop::customer::log_out(&context.shop, token).await?;
    }
    Ok(Value::object(Done { type_name: "RevokeCustomerTokenOutput", is_so: true }))
}

/// An object with one flag.
struct Done {
    type_name: &'static str,
    is_so: bool,
}

impl Object for Done {
    fn type_name(&self) -> &'static str {
        self.type_name
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "result" | "is_email_available" => self.is_so.into(),
            _ => Value::Nothing,
        })
    }
}

pub(super) async fn is_email_available<'a>(context: &'a Context, args: Args<'a>) -> Answer<'a> {
    let email = Email::new(args.text("email").unwrap_or_default());
    let email = email.ok_or_else(|| Refusal::input("Email is invalid"))?;
    if !context.guard.allow(context.address) {
        return Err(Refusal::too_many());
    }
    let is_so = shop::customer::is_free(&context.shop, &email).await?;
    Ok(Value::object(Done { type_name: "IsEmailAvailableOutput", is_so }))
}

pub(super) async fn create<'a>(context: &'a Context, input: Args<'a>) -> Answer<'a> {
    let text = |name: &str| input.text(name).unwrap_or_default().trim();
    let required = |name: &str| {
        if text(name).is_empty() {
            return Err(Refusal::input(format!("Required parameters are missing: {name}")));
        }
        Ok(text(name).to_owned())
    };
    let written = required("email")?;
    let email = Email::new(&written)
        .ok_or_else(|| Refusal::input(format!("\"{written}\" is not a valid email address.")))?;
    if !context.guard.allow(context.address) {
        return Err(Refusal::too_many());
    }
    let (first_name, last_name) = (required("firstname")?, required("lastname")?);
    if [&first_name, &last_name].iter().any(|name| name.chars().count() > 80) {
        return Err(Refusal::input("First and last name may have 80 characters."));
    }
    let who = Registration {
        email,
        password: input.text("password").unwrap_or_default().to_owned(),
        first_name,
        last_name,
        locale: context.locale,
    };
    let (customer, token) =
        shop::customer::register(&context.shop, who).await.map_err(|error| match error {
            RegisterError::Password(problem) => weak(problem),
            RegisterError::EmailTaken => Refusal::input(
                "A customer with the same email address already exists in an associated website.",
            ),
            RegisterError::Db(error) => error.into(),
        })?;
    // Magento's clients log in by a call of its own.
    shop::customer::log_out(&context.shop, &token.text).await?;
    Ok(Value::object(Created { context, customer }))
}

/// Says what a password lacks, as Magento does.
pub(super) fn weak(problem: PasswordProblem) -> Refusal {
    Refusal::input(match problem {
        PasswordProblem::TooShort => {
            "The password needs at least 12 characters. Create a new password and try again."
                .to_owned()
        }
        PasswordProblem::TooLong => {
            "Please enter a password with at most 200 characters.".to_owned()
        }
        PasswordProblem::TooCommon => {
            "The password is too simple. Create a new password and try again.".to_owned()
        }
    })
}

pub(super) struct Created<'c> {
    pub(super) context: &'c Context,
    pub(super) customer: Customer,
}

impl Object for Created<'_> {
    fn type_name(&self) -> &'static str {
        "CustomerOutput"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "customer" => {
                let (context, customer) = (self.context, &self.customer);
                Value::object(CustomerNode { context, customer })
            }
            _ => Value::Nothing,
        })
    }
}

pub(super) async fn request_reset<'a>(context: &'a Context, args: Args<'a>) -> Answer<'a> {
    let email = Email::new(args.text("email").unwrap_or_default());
    let email = email.ok_or_else(|| Refusal::input("The email address has an invalid format."))?;
    if !context.guard.allow(context.address) {
        return Err(Refusal::too_many());
    }
    shop::customer::request_reset(&context.shop, &email).await?;
    Ok(true.into())
}

pub(super) async fn reset_password<'a>(context: &'a Context, args: Args<'a>) -> Answer<'a> {
    let text = |name: &str| args.text(name).unwrap_or_default();
    let (token, password) = (text("resetPasswordToken"), text("newPassword"));
    shop::customer::reset_password(&context.shop, token, password).await.map_err(|error| {
        match error {
            ResetPasswordError::Password(problem) => weak(problem),
            ResetPasswordError::LinkExpired => Refusal::input("Cannot set the customer's password"),
            ResetPasswordError::Db(error) => error.into(),
        }
    })?;
    Ok(true.into())
}

pub(super) async fn create_address<'a>(context: &'a Context, input: Args<'a>) -> Answer<'a> {
    let customer = context.logged_in().await?;
    let saved = SavedAddress {
        id: AddressId(Uuid::now_v7()),
        number: 0,
        address: address::read(context, input)?,
        is_default_delivery: input.flag("default_shipping").unwrap_or_default(),
        is_default_billing: input.flag("default_billing").unwrap_or_default(),
    };
    save(context, customer, saved).await
}

async fn save<'a>(context: &'a Context, customer: &Customer, saved: SavedAddress) -> Answer<'a> {
    let number = shop::customer::save_address(&context.shop, customer.id, &saved).await?;
    let Some(number) = number else {
        return Err(Refusal::input("The address book is full."));
    };
    let saved = SavedAddress { number, ..saved };
    Ok(Value::object(BookAddress { saved, customer: customer.number }))
}

/// The address of the customer's book that a number names.
async fn of_book(context: &Context, customer: &Customer, id: i64) -> Result<SavedAddress, Refusal> {
    let book = shop::customer::list_addresses(&context.shop, customer.id).await?;
    let found = book.into_iter().find(|saved| saved.number == id);
    found.ok_or_else(|| Refusal::missing(format!("Could not find a address with ID \"{id}\"")))
}

pub(super) async fn update_address<'a>(context: &'a Context, args: Args<'a>) -> Answer<'a> {
    let customer = context.logged_in().await?;
    let mut saved = of_book(context, customer, args.int("id").unwrap_or_default()).await?;
    let Some(input) = args.object("input") else {
        return Err(Refusal::input("\"input\" value must be specified"));
    };
    saved.address = address::read_over(context, &saved.address, input)?;
    if let Some(is_default) = input.flag("default_shipping") {
        saved.is_default_delivery = is_default;
    }
    if let Some(is_default) = input.flag("default_billing") {
        saved.is_default_billing = is_default;
    }
    save(context, customer, saved).await
}

pub(super) async fn delete_address<'a>(context: &'a Context, args: Args<'a>) -> Answer<'a> {
    let customer = context.logged_in().await?;
    let saved = of_book(context, customer, args.int("id").unwrap_or_default()).await?;
    Ok(shop::customer::delete_address(&context.shop, customer.id, saved.id).await?.into())
}

pub(super) struct CustomerNode<'c> {
    pub(super) context: &'c Context,
    pub(super) customer: &'c Customer,
}

impl CustomerNode<'_> {
    async fn addresses(&self) -> Answer<'_> {
        let context = self.context;
        let book = shop::customer::list_addresses(&context.shop, self.customer.id).await?;
        let customer = self.customer.number;
        Ok(Value::objects(book.into_iter().map(|saved| BookAddress { saved, customer })))
    }

    /// The number of the address that is usual for a purpose.
    async fn usual(&self, is_usual: impl Fn(&SavedAddress) -> bool + Send) -> Answer<'_> {
        let context = self.context;
        let book = shop::customer::list_addresses(&context.shop, self.customer.id).await?;
        let usual = book.iter().find(|saved| is_usual(saved));
        Ok(usual.map(|saved| saved.number.to_string()).into())
    }

    async fn orders<'a>(&'a self, args: Args<'a>) -> Answer<'a> {
        let context = self.context;
        let paging = Paging::new(args, 20)?;
        let mut all =
            shop::order::list_of_customer(&context.shop, self.customer.id, MAX_ORDERS, 0).await?;
        let number = args.object("filter").and_then(|filter| filter.object("number"));
        if let Some(number) = number {
            let is_meant = |order: &OrderSummary| {
                number.text("match").is_some_and(|part| order.number.contains(part))
                    || number.text("eq").is_some_and(|whole| order.number == whole)
                    || number.texts("in").contains(&order.number.as_str())
            };
            all.retain(is_meant);
        }
        let total = u32::try_from(all.len()).unwrap_or(u32::MAX);
        let size = usize::try_from(paging.size).unwrap_or(usize::MAX);
        let skipped = usize::try_from(paging.page - 1).unwrap_or(usize::MAX);
        let shown = all.iter().skip(skipped.saturating_mul(size)).take(size);
        let ids: Vec<OrderId> = shown.map(|summary| summary.id).collect();
        let found = shop::order::find_entities(&context.shop, &ids).await?;
        let mut orders: Vec<Order> = found.into_iter().map(|one| one.order).collect();
        orders.sort_by_key(|order| ids.iter().position(|id| *id == order.id));
        Ok(Value::object(OrdersPage { context, orders, paging, total }))
    }
}

impl Object for CustomerNode<'_> {
    fn type_name(&self) -> &'static str {
        "Customer"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        let customer = self.customer;
        Ok(match ask.name {
            "id" => customer.number.into(),
            "email" => customer.email.as_str().into(),
            "firstname" => customer.first_name.as_str().into(),
            "lastname" => customer.last_name.as_str().into(),
            "is_subscribed" => false.into(),
            "is_confirmed" => true.into(),
            "confirmation_status" => "ACCOUNT_CONFIRMATION_NOT_REQUIRED".into(),
            "group_id" => 1.into(),
            "addresses" => Value::later(self.addresses()),
            "default_billing" => Value::later(self.usual(|saved| saved.is_default_billing)),
            "default_shipping" => Value::later(self.usual(|saved| saved.is_default_delivery)),
            "orders" => Value::later(self.orders(ask.args)),
            _ => Value::Nothing,
        })
    }
}

/// A page of a customer's orders, newest first.
struct OrdersPage<'c> {
    context: &'c Context,
    orders: Vec<Order>,
    paging: Paging,
    total: u32,
}

impl Object for OrdersPage<'_> {
    fn type_name(&self) -> &'static str {
        "CustomerOrders"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        let context = self.context;
        Ok(match ask.name {
            "items" => {
                let orders = self.orders.iter().cloned();
                Value::objects(orders.map(|order| OrderNode { context, order }))
            }
            "page_info" => Value::object(self.paging.info(self.total)),
            "total_count" => self.total.into(),
            _ => Value::Nothing,
        })
    }
}
