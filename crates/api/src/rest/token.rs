//! Tokens: a name and a password for a text that speaks for them.

use axum::http::StatusCode;
use commerce::customer::Email;
use schemars::JsonSchema;
use serde::Deserialize;
use shop::staff::StaffLogInError;

use super::call::Call;
use super::problem::Problem;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "Credentials")]
pub(super) struct Credentials {
    username: String,
    password: String,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "CredentialsWithCode")]
pub(super) struct WithCode {
    username: String,
    password: String,
    /// What the authenticator shows.
    otp: String,
}

fn wrong() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "The account sign-in was incorrect or your account is disabled temporarily. Please wait \
         and try again later.",
    )
}

pub(super) async fn of_customer(call: Call, said: Credentials) -> Result<String, Problem> {
    call.guard().map_err(|_| wrong())?;
    let email = Email::new(&said.username).ok_or_else(wrong)?;
    let token = shop::customer::issue_token(&call.shop, &email, &said.password).await?;
    Ok(token.ok_or_else(wrong)?.text)
}

pub(super) async fn of_staff(call: Call, said: Credentials) -> Result<String, Problem> {
    issue(&call, &said.username, &said.password, "").await
}

pub(super) async fn of_staff_with_code(call: Call, said: WithCode) -> Result<String, Problem> {
    issue(&call, &said.username, &said.password, &said.otp).await
}

async fn issue(call: &Call, login: &str, password: &str, code: &str) -> Result<String, Problem> {
    call.guard().map_err(|_| wrong())?;
    match shop::staff::issue_token(&call.shop, login, password, code).await {
        Ok(token) => Ok(token.text),
        Err(StaffLogInError::Wrong) => Err(wrong()),
        Err(StaffLogInError::CodeNeeded) => {
            let message = "Please use the 2fa provider-specific endpoints to obtain a token.";
            Err(Problem::new(StatusCode::UNAUTHORIZED, message).with("active_providers", "google"))
        }
        Err(StaffLogInError::Db(error)) => Err(error.into()),
    }
}
