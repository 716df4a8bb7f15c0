//! What customers change of their accounts.

use commerce::customer::{Customer, Email};
use shop::customer::{ChangeEmailError, ChangePasswordError};

use super::context::Context;
use super::customer::{Created, CustomerNode, weak};
use super::value::{Answer, Args, Ask, Object, Refusal, Value};

/// A name that is given, or the one that is known.
fn name(input: Args<'_>, field: &str, known: &str) -> Result<String, Refusal> {
    let given = input.text(field).unwrap_or(known).trim();
    match given.chars().count() {
        0 => Err(Refusal::input(format!("Required parameters are missing: {field}"))),
        1..=80 => Ok(given.to_owned()),
        _ => Err(Refusal::input("First and last name may have 80 characters.")),
    }
}

/// Answers `updateCustomerV2` and `updateCustomer`, which may change the address too.
pub(super) async fn update<'a>(context: &'a Context, input: Args<'a>) -> Answer<'a> {
    let known = context.logged_in().await?;
    let customer = Customer {
        first_name: name(input, "firstname", &known.first_name)?,
        last_name: name(input, "lastname", &known.last_name)?,
        ..known.clone()
    };
    if let Some(email) = input.text("email").filter(|email| *email != known.email.as_str()) {
        let Some(password) = input.text("password").filter(|password| !password.is_empty()) else {
            return Err(Refusal::input("Provide the current \"password\" to change \"email\"."));
        };
        return moved(context, &customer, email, password).await;
    }
    if !shop::customer::rename(&context.shop, &customer).await? {
        return Err(Refusal::not_logged_in());
    }
    Ok(Value::object(Created { context, customer }))
}

/// Answers `updateCustomerEmail`.
pub(super) async fn change_email<'a>(context: &'a Context, args: Args<'a>) -> Answer<'a> {
    let customer = context.logged_in().await?;
    let text = |name: &str| args.text(name).unwrap_or_default();
    moved(context, customer, text("email"), text("password")).await
}

async fn moved<'a>(
    context: &'a Context,
    customer: &Customer,
    email: &str,
    password: &str,
) -> Answer<'a> {
    let email = Email::new(email)
        .ok_or_else(|| Refusal::input(format!("\"{email}\" is not a valid email address.")))?;
    if !context.guard.allow(context.address) {
        return Err(Refusal::too_many());
    }
    let moved = shop::customer::change_email(&context.shop, customer, &email, password).await;
    let customer = moved.map_err(|error| match error {
        ChangeEmailError::WrongPassword => wrong_password(),
        ChangeEmailError::EmailTaken => Refusal::input(
            "A customer with the same email address already exists in an associated website.",
        ),
        ChangeEmailError::Db(error) => error.into(),
    })?;
    Ok(Value::object(Created { context, customer }))
}

fn wrong_password() -> Refusal {
    Refusal::unauthenticated("Invalid login or password.")
}

/// Answers `changeCustomerPassword`.
pub(super) async fn change_password<'a>(context: &'a Context, args: Args<'a>) -> Answer<'a> {
    let customer = context.logged_in().await?;
    let text = |name: &str| args.text(name).unwrap_or_default();
    let (current, new) = (text("currentPassword"), text("newPassword"));
    for (name, value) in [("currentPassword", current), ("newPassword", new)] {
        if value.is_empty() {
            return Err(Refusal::input(format!("Specify the \"{name}\" value.")));
        }
    }
    if !context.guard.allow(context.address) {
        return Err(Refusal::too_many());
    }
    let token = context.token.as_deref().unwrap_or_default();
    shop::customer::change_password_with_token(&context.shop, customer, token, current, new)
        .await
        .map_err(|error| match error {
            ChangePasswordError::Password(problem) => weak(problem),
            ChangePasswordError::WrongPassword => wrong_password(),
            ChangePasswordError::Db(error) => error.into(),
        })?;
    Ok(Value::object(CustomerNode { context, customer }))
}

/// Answers `deleteCustomer`.
pub(super) async fn close(context: &Context) -> Answer<'_> {
    let customer = context.logged_in().await?;
    Ok(shop::customer::close(&context.shop, customer.id).await?.into())
}

/// Answers `customerPaymentTokens`: no way to pay is kept.
pub(super) async fn payments(context: &Context) -> Answer<'_> {
    context.logged_in().await?;
    Ok(Value::object(NoPayments))
}

struct NoPayments;

impl Object for NoPayments {
    fn type_name(&self) -> &'static str {
        "CustomerPaymentTokens"
    }

    fn field<'a>(&'a self, _: Ask<'a>) -> Answer<'a> {
        Ok(Value::List(Vec::new()))
    }
}

/// Answers `deletePaymentToken`: none is known.
pub(super) async fn delete_payment<'a>(context: &'a Context, args: Args<'a>) -> Answer<'a> {
    context.logged_in().await?;
    let hash = args.text("public_hash").unwrap_or_default();
    Err(Refusal::missing(format!("Could not find a token using public hash: {hash}")))
}
