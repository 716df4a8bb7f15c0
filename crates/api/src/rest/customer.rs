//! Accounts: those who have one look at themselves, staff and programs at all of them.

use commerce::customer::{Customer, CustomerId, Email, PasswordProblem, SavedAddress};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shop::customer::{ChangePasswordError, RegisterError, Registration};

use super::access::{Access, Who};
use super::address::AddressOut;
use super::call::{Call, moment};
use super::criteria::Page;
use super::problem::Problem;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Customer")]
pub(super) struct CustomerOut {
    id: i64,
    group_id: i64,
    email: String,
    firstname: String,
    lastname: String,
    store_id: i64,
    website_id: i64,
    created_in: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_billing: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_shipping: Option<String>,
    addresses: Vec<BookAddress>,
    disable_auto_group_change: i64,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CustomerAddress")]
pub(super) struct BookAddress {
    id: i64,
    customer_id: i64,
    #[serde(flatten)]
    address: AddressOut,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_billing: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_shipping: Option<bool>,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "NewCustomerBody")]
pub(super) struct NewBody {
    customer: CustomerIn,
    /// Staff and programs may leave it out: the customer is mailed a link to choose one.
    password: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "CustomerBody")]
pub(super) struct Body {
    customer: CustomerIn,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "CustomerInput")]
struct CustomerIn {
    email: Option<String>,
    firstname: Option<String>,
    lastname: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "PasswordBody")]
pub(super) struct PasswordBody {
    #[serde(rename = "currentPassword")]
    current: String,
    #[serde(rename = "newPassword")]
    new: String,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "EmailBody")]
pub(super) struct EmailBody {
    #[serde(rename = "customerEmail", alias = "customer_email")]
    email: String,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "ResetBody")]
pub(super) struct ResetBody {
    email: String,
    template: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct CustomerGroup {
    id: i64,
    code: String,
    tax_class_id: i64,
    tax_class_name: String,
}

fn address_out(saved: &SavedAddress, customer: i64) -> BookAddress {
    BookAddress {
        id: saved.number,
        customer_id: customer,
        address: AddressOut::from(&saved.address),
        default_billing: saved.is_default_billing.then_some(true),
        default_shipping: saved.is_default_delivery.then_some(true),
    }
}

fn shown(
    call: &Call,
    customer: &Customer,
    created_at: Option<jiff::Timestamp>,
    book: &[SavedAddress],
) -> CustomerOut {
    let usual = |is_usual: fn(&SavedAddress) -> bool| {
        book.iter().find(|saved| is_usual(saved)).map(|saved| saved.number.to_string())
    };
    let place = call.settings.channel.locales.iter().position(|it| *it == customer.locale);
    CustomerOut {
        id: customer.number,
        group_id: 1,
        email: customer.email.as_str().to_owned(),
        firstname: customer.first_name.clone(),
        lastname: customer.last_name.clone(),
        store_id: place.and_then(|place| i64::try_from(place).ok()).unwrap_or_default() + 1,
        website_id: 1,
        created_in: call.store_code(customer.locale).to_owned(),
        created_at: created_at.map(moment),
        default_billing: usual(|saved| saved.is_default_billing),
        default_shipping: usual(|saved| saved.is_default_delivery),
        addresses: book.iter().map(|saved| address_out(saved, customer.number)).collect(),
        disable_auto_group_change: 0,
    }
}

async fn with_book(call: &Call, customer: &Customer) -> Result<CustomerOut, Problem> {
    let book = shop::customer::list_addresses(&call.shop, customer.id).await?;
    Ok(shown(call, customer, None, &book))
}

pub(super) async fn me(call: Call) -> Result<CustomerOut, Problem> {
    with_book(&call, call.customer()?).await
}

async fn usual(
    call: &Call,
    customer: &Customer,
    is_usual: impl Fn(&SavedAddress) -> bool,
) -> Result<Option<BookAddress>, Problem> {
    let book = shop::customer::list_addresses(&call.shop, customer.id).await?;
    Ok(book.iter().find(|saved| is_usual(saved)).map(|saved| address_out(saved, customer.number)))
}

pub(super) async fn my_billing(call: Call) -> Result<Option<BookAddress>, Problem> {
    usual(&call, call.customer()?, |saved| saved.is_default_billing).await
}

pub(super) async fn my_delivery(call: Call) -> Result<Option<BookAddress>, Problem> {
    usual(&call, call.customer()?, |saved| saved.is_default_delivery).await
}

pub(super) async fn billing(call: Call) -> Result<Option<BookAddress>, Problem> {
    usual(&call, &find(&call).await?, |saved| saved.is_default_billing).await
}

pub(super) async fn delivery(call: Call) -> Result<Option<BookAddress>, Problem> {
    usual(&call, &find(&call).await?, |saved| saved.is_default_delivery).await
}

/// The address that the path names, and whose it is.
async fn find_address(call: &Call) -> Result<(CustomerId, SavedAddress), Problem> {
    let number = call.number("addressId")?;
    let found = shop::customer::find_address(&call.shop, number).await?;
    found.ok_or_else(|| Problem::no_entity("addressId", number))
}

pub(super) async fn address(call: Call) -> Result<BookAddress, Problem> {
    let (owner, saved) = find_address(&call).await?;
    let customer = shop::customer::find(&call.shop, owner).await?;
    let customer = customer.ok_or_else(|| Problem::no_entity("addressId", saved.number))?;
    Ok(address_out(&saved, customer.number))
}

pub(super) async fn delete_address(call: Call) -> Result<bool, Problem> {
    let (owner, saved) = find_address(&call).await?;
    if shop::customer::delete_address(&call.shop, owner, saved.id).await? {
        Ok(true)
    } else {
        Err(Problem::no_entity("addressId", saved.number))
    }
}

/// The customer that the path names.
async fn find(call: &Call) -> Result<Customer, Problem> {
    let number = call.number("customerId")?;
    let found = shop::customer::find_by_number(&call.shop, number).await?;
    found.ok_or_else(|| Problem::no_entity("customerId", number))
}

pub(super) async fn one(call: Call) -> Result<CustomerOut, Problem> {
    with_book(&call, &find(&call).await?).await
}

pub(super) async fn search(call: Call) -> Result<Page<CustomerOut>, Problem> {
    let criteria = call.criteria()?;
    let all = shop::customer::list(&call.shop).await?;
    let (found, total) = criteria.select(all, |listed, field| {
        let customer = &listed.customer;
        let one = match field {
            "entity_id" | "id" => customer.number.to_string(),
            "email" => customer.email.as_str().to_owned(),
            "firstname" => customer.first_name.clone(),
            "lastname" => customer.last_name.clone(),
            "created_at" | "updated_at" => moment(listed.created_at),
            "group_id" | "website_id" => "1".to_owned(),
            "created_in" => call.store_code(customer.locale).to_owned(),
            _ => return Vec::new(),
        };
        vec![one]
    });
    let ids: Vec<_> = found.iter().map(|listed| listed.customer.id).collect();
    let books = shop::customer::address_books(&call.shop, &ids).await?;
    let items = found.iter().map(|listed| {
        let book = books.get(&listed.customer.id).map_or(&[][..], Vec::as_slice);
        shown(&call, &listed.customer, Some(listed.created_at), book)
    });
    Ok(criteria.page(items.collect(), total))
}

fn name(field: &str, text: &str) -> Result<String, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Problem::required(field));
    }
    if text.chars().count() > 80 || text.chars().any(char::is_control) {
        return Err(Problem::invalid(field, text));
    }
    Ok(text.to_owned())
}

fn weak(problem: PasswordProblem) -> Problem {
    Problem::bad(match problem {
        PasswordProblem::TooShort => {
            "The password needs at least 12 characters. Create a new password and try again."
        }
        PasswordProblem::TooLong => "Please enter a password with at most 200 characters.",
        PasswordProblem::TooCommon => {
            "The password is too simple. Create a new password and try again."
        }
    })
}

pub(super) async fn create(call: Call, body: NewBody) -> Result<CustomerOut, Problem> {
    let manages = Access::Resource("Magento_Customer::manage").check(&call.who).is_ok();
    if !manages {
        call.guard()?;
    }
    let said = body.customer;
    let text = said.email.as_deref().ok_or_else(|| Problem::required("email"))?;
    let email = Email::new(text)
        .ok_or_else(|| Problem::bad("\"%1\" is not a valid email address.").with("1", text))?;
    let unchosen = body.password.is_none() && manages;
    let password = match body.password {
        Some(password) => password,
        None if manages => shop::secret::Token::random().text,
        None => return Err(Problem::required("password")),
    };
    let who = Registration {
        email: email.clone(),
        password,
        first_name: name("firstname", said.firstname.as_deref().unwrap_or_default())?,
        last_name: name("lastname", said.lastname.as_deref().unwrap_or_default())?,
        locale: call.locale,
    };
    let registered = shop::customer::register(&call.shop, who).await;
    let (customer, token) = registered.map_err(|error| match error {
        RegisterError::Password(problem) => weak(problem),
        RegisterError::EmailTaken => Problem::bad(
            "A customer with the same email address already exists in an associated website.",
        ),
        RegisterError::Db(error) => error.into(),
    })?;
    // Clients log in by a call of its own.
    shop::customer::log_out(&call.shop, &token.text).await?;
    if unchosen {
        shop::customer::request_reset(&call.shop, &email).await?;
    }
    Ok(shown(&call, &customer, None, &[]))
}

async fn rename(
    call: &Call,
    mut customer: Customer,
    said: &CustomerIn,
) -> Result<CustomerOut, Problem> {
    if let Some(text) = &said.firstname {
        customer.first_name = name("firstname", text)?;
    }
    if let Some(text) = &said.lastname {
        customer.last_name = name("lastname", text)?;
    }
    let is_other =
        |text: &String| Email::new(text).is_none_or(|it| it.key() != customer.email.key());
    if said.email.as_ref().is_some_and(is_other) {
        return Err(Problem::bad("The e-mail address of an account cannot be changed here."));
    }
    if !shop::customer::rename(&call.shop, &customer).await? {
        return Err(Problem::no_entity("customerId", customer.number));
    }
    with_book(call, &customer).await
}

pub(super) async fn change(call: Call, body: Body) -> Result<CustomerOut, Problem> {
    let customer = find(&call).await?;
    rename(&call, customer, &body.customer).await
}

pub(super) async fn change_me(call: Call, body: Body) -> Result<CustomerOut, Problem> {
    rename(&call, call.customer()?.clone(), &body.customer).await
}

pub(super) async fn change_password(call: Call, body: PasswordBody) -> Result<bool, Problem> {
    let customer = call.customer()?;
    call.guard()?;
    match shop::customer::change_password(&call.shop, customer, &body.current, &body.new).await {
        Ok(token) => {
            shop::customer::log_out(&call.shop, &token.text).await?;
            Ok(true)
        }
        Err(ChangePasswordError::Password(problem)) => Err(weak(problem)),
        Err(ChangePasswordError::WrongPassword) => Err(Problem::new(
            axum::http::StatusCode::UNAUTHORIZED,
            "The password doesn't match this account. Verify the password and try again.",
        )),
        Err(ChangePasswordError::Db(error)) => Err(error.into()),
    }
}

pub(super) async fn is_free(call: Call, body: EmailBody) -> Result<bool, Problem> {
    let email = Email::new(&body.email);
    let email = email.ok_or_else(|| Problem::invalid("customerEmail", &body.email))?;
    call.guard()?;
    Ok(shop::customer::is_free(&call.shop, &email).await?)
}

/// Mails a link to choose a new password, if the address has an account; the answer is the same
/// either way.
pub(super) async fn request_reset(call: Call, body: ResetBody) -> Result<bool, Problem> {
    if body.template.as_deref().is_some_and(|it| !matches!(it, "email_reset" | "email_reminder")) {
        return Err(Problem::invalid("template", body.template.unwrap_or_default()));
    }
    let email = Email::new(&body.email).ok_or_else(|| Problem::invalid("email", &body.email))?;
    call.guard()?;
    shop::customer::request_reset(&call.shop, &email).await?;
    Ok(true)
}

/// There are those who have an account and those who have none.
pub(super) async fn groups(call: Call) -> Result<Page<CustomerGroup>, Problem> {
    let group = |id, code: &str| CustomerGroup {
        id,
        code: code.to_owned(),
        tax_class_id: 3,
        tax_class_name: "Retail Customer".to_owned(),
    };
    Ok(call.criteria()?.list([group(0, "NOT LOGGED IN"), group(1, "General")]))
}

/// Whose cart it is.
pub(super) fn id_of(who: &Who) -> Option<CustomerId> {
    match who {
        Who::Customer(customer) => Some(customer.id),
        _ => None,
    }
}
