//! Accounts: register, log in, reset a password, keep addresses.

use std::collections::HashMap;

use commerce::channel::Locale;
use commerce::customer::{
    AddressId, Customer, CustomerId, Email, PasswordProblem, SavedAddress, check_password,
};
use db::DbError;
use db::session::SessionKind;
use jiff::SignedDuration;
use uuid::Uuid;

use crate::jobs::{self, SendAccountMail};
use crate::password::is_foreign;
use crate::secret::{self, Token};
use crate::{MayRetry, Shop, use_case};

/// How long a customer stays logged in.
const SESSION: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How long a token of theirs is good, as Magento documents it.
pub const TOKEN: SignedDuration = SignedDuration::from_hours(1);
/// How long the link of a reset mail works.
const RESET: SignedDuration = SignedDuration::from_hours(1);

/// What somebody who registers says.
#[derive(Clone, Debug)]
pub struct Registration {
    pub email: Email,
    pub password: String,
    pub first_name: String,
    pub last_name: String,
    pub locale: Locale,
}

/// Why no account was opened. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    #[error(transparent)]
    Password(#[from] PasswordProblem),
    #[error("this e-mail address has an account already")]
    EmailTaken,
    #[error("the shop could not be reached")]
    Db(#[from] DbError),
}

impl MayRetry for RegisterError {}

/// Opens an account and a session, and sends a welcome.
pub async fn register(shop: &Shop, who: Registration) -> Result<(Customer, Token), RegisterError> {
    check_password(&who.password)?;
    let password_hash = shop.passwords.hash(&who.password).await;
    use_case("register", || async {
        let at = shop.clock.now();
        let mut tx = shop.db.write().await?;
        if db::customer::find_by_email(&mut tx, &who.email).await?.is_some() {
            return Err(RegisterError::EmailTaken);
        }
        let mut customer = Customer {
            id: CustomerId(Uuid::now_v7()),
            number: 0,
            email: who.email.clone(),
            first_name: who.first_name.clone(),
            last_name: who.last_name.clone(),
            locale: who.locale,
        };
        customer.number = db::customer::insert(&mut tx, &customer, &password_hash, at)
            .await
            .map_err(|error| match error {
                DbError::Taken(_) => RegisterError::EmailTaken,
                error => error.into(),
            })?;
        let token = Token::random();
        let (kind, expires_at) = (SessionKind::Customer, at + SESSION);
        db::session::insert(&mut tx, token.hash, kind, customer.id.0, at, expires_at).await?;
        jobs::push(&mut tx, &SendAccountMail::Welcome { customer: customer.id.0 }, at).await?;
        tx.commit().await?;
        Ok((customer, token))
    })
    .await
}

/// Whether nobody has an account under this address.
pub async fn is_free(shop: &Shop, email: &Email) -> Result<bool, DbError> {
    let found = db::customer::find_by_email(&mut shop.db.read().await?, email).await?;
    Ok(found.is_none())
}

/// Opens a session; `None` when the address or the password is wrong, without saying which.
pub async fn log_in(
    shop: &Shop,
    email: &Email,
    password: &str,
) -> Result<Option<(Customer, Token)>, DbError> {
    open(shop, email, password, SESSION).await
}

/// The same for a client of the API.
pub async fn issue_token(
    shop: &Shop,
    email: &Email,
    password: &str,
) -> Result<Option<Token>, DbError> {
    Ok(open(shop, email, password, TOKEN).await?.map(|(_, token)| token))
}

async fn open(
    shop: &Shop,
    email: &Email,
    password: &str,
    lifetime: SignedDuration,
) -> Result<Option<(Customer, Token)>, DbError> {
    let found = db::customer::find_by_email(&mut shop.db.read().await?, email).await?;
    let hash = found.as_ref().map(|(_, hash)| hash.as_str());
    if !shop.passwords.verify(password, hash).await {
        return Ok(None);
    }
    let Some((customer, hash)) = found else { return Ok(None) };
    // A hash of the shop that they came from is replaced once the password is known.
    let rehashed = match is_foreign(&hash) {
        true => Some(shop.passwords.hash(password).await),
        false => None,
    };
    let (token, at) = (Token::random(), shop.clock.now());
    use_case("log-in", || async {
        let mut tx = shop.db.write().await?;
        let kind = SessionKind::Customer;
        db::session::insert(&mut tx, token.hash, kind, customer.id.0, at, at + lifetime).await?;
        if let Some(rehashed) = &rehashed {
            db::customer::replace_password(&mut tx, customer.id, &hash, rehashed).await?;
        }
        tx.commit().await
    })
    .await?;
    Ok(Some((customer, token)))
}

/// Ends a session at once, on every instance.
pub async fn log_out(shop: &Shop, token: &str) -> Result<(), DbError> {
    use_case("log-out", || async {
        let mut tx = shop.db.write().await?;
        db::session::delete(&mut tx, secret::hash(token)).await?;
        tx.commit().await
    })
    .await
}

/// Who a session token belongs to.
pub async fn find_by_session(shop: &Shop, token: &str) -> Result<Option<Customer>, DbError> {
    let mut conn = shop.db.read().await?;
    let (hash, kind) = (secret::hash(token), SessionKind::Customer);
    match db::session::find(&mut conn, hash, kind, shop.clock.now()).await? {
        Some(id) => db::customer::find(&mut conn, CustomerId(id)).await,
        None => Ok(None),
    }
}

/// Mails a link to set a new password, if the address has an account. The answer to the person is
/// the same either way.
pub async fn request_reset(shop: &Shop, email: &Email) -> Result<(), DbError> {
    let found = db::customer::find_by_email(&mut shop.db.read().await?, email).await?;
    let Some((customer, _)) = found else { return Ok(()) };
    let (token, at) = (Token::random(), shop.clock.now());
    use_case("ask-to-reset-password", || async {
        let mut tx = shop.db.write().await?;
        db::customer::delete_resets(&mut tx, customer.id).await?;
        db::customer::insert_reset(&mut tx, token.hash, customer.id, at + RESET).await?;
        let mail = SendAccountMail::Reset {
            customer: customer.id.0,
            sealed_token: data_encoding::BASE64URL_NOPAD
                .encode(&shop.key.seal(token.text.as_bytes())),
        };
        jobs::push(&mut tx, &mail, at).await?;
        tx.commit().await
    })
    .await
}

/// Why a password was not reset. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ResetPasswordError {
    #[error(transparent)]
    Password(#[from] PasswordProblem),
    #[error("this link has been used or is too old")]
    LinkExpired,
    #[error("the shop could not be reached")]
    Db(#[from] DbError),
}

impl MayRetry for ResetPasswordError {}

/// Whether the link of a reset mail still works.
pub async fn is_reset_open(shop: &Shop, token: &str) -> Result<bool, DbError> {
    let mut conn = shop.db.read().await?;
    let found = db::customer::find_reset(&mut conn, secret::hash(token), shop.clock.now()).await?;
    Ok(found.is_some())
}

/// Sets a new password and ends every session, also that of whoever knew the old one.
pub async fn reset_password(
    shop: &Shop,
    token: &str,
    password: &str,
) -> Result<(), ResetPasswordError> {
    check_password(password)?;
    let hash = shop.passwords.hash(password).await;
    let at = shop.clock.now();
    use_case("reset-password", || async {
        let mut tx = shop.db.write().await?;
        let found = db::customer::find_reset(&mut tx, secret::hash(token), at).await?;
        let customer = found.ok_or(ResetPasswordError::LinkExpired)?;
        // Of two that use the link at once, the second finds it gone.
        if db::customer::delete_resets(&mut tx, customer).await? == 0 {
            return Err(ResetPasswordError::LinkExpired);
        }
        db::customer::update_password(&mut tx, customer, &hash).await?;
        db::session::delete_all(&mut tx, SessionKind::Customer, customer.0).await?;
        jobs::push(
            &mut tx,
            &SendAccountMail::PasswordChanged { customer: customer.0, at: at.as_microsecond() },
            at,
        )
        .await?;
        tx.commit().await?;
        Ok(())
    })
    .await
}

/// Why a password was not changed. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ChangePasswordError {
    #[error(transparent)]
    Password(#[from] PasswordProblem),
    #[error("the current password is another one")]
    WrongPassword,
    #[error("the shop could not be reached")]
    Db(#[from] DbError),
}

impl MayRetry for ChangePasswordError {}

/// Sets a new password, ends every session and opens a new one for whoever knew the old password.
pub async fn change_password(
    shop: &Shop,
    customer: &Customer,
    current: &str,
    new: &str,
) -> Result<Token, ChangePasswordError> {
    let token = Token::random();
    set_password(shop, customer, current, new, (token.hash, SESSION)).await?;
    Ok(token)
}

/// The same for a client of the API, whose own token begins anew while all others end.
pub async fn change_password_with_token(
    shop: &Shop,
    customer: &Customer,
    token: &str,
    current: &str,
    new: &str,
) -> Result<(), ChangePasswordError> {
    set_password(shop, customer, current, new, (secret::hash(token), TOKEN)).await
}

async fn set_password(
    shop: &Shop,
    customer: &Customer,
    current: &str,
    new: &str,
    (session, lifetime): ([u8; 32], SignedDuration),
) -> Result<(), ChangePasswordError> {
    check_password(new)?;
    let found = db::customer::find_by_email(&mut shop.db.read().await?, &customer.email).await?;
    let known = found.as_ref().map(|(_, hash)| hash.as_str());
    if !shop.passwords.verify(current, known).await {
        return Err(ChangePasswordError::WrongPassword);
    }
    let hash = shop.passwords.hash(new).await;
    let at = shop.clock.now();
    use_case("change-password", || async {
        let mut tx = shop.db.write().await?;
        db::customer::update_password(&mut tx, customer.id, &hash).await?;
        db::customer::delete_resets(&mut tx, customer.id).await?;
        db::session::delete_all(&mut tx, SessionKind::Customer, customer.id.0).await?;
        let kind = SessionKind::Customer;
        db::session::insert(&mut tx, session, kind, customer.id.0, at, at + lifetime).await?;
        let changed =
            SendAccountMail::PasswordChanged { customer: customer.id.0, at: at.as_microsecond() };
        jobs::push(&mut tx, &changed, at).await?;
        tx.commit().await?;
        Ok(())
    })
    .await
}

/// Why an account did not move to another address. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ChangeEmailError {
    #[error("the password is another one")]
    WrongPassword,
    #[error("this e-mail address has an account already")]
    EmailTaken,
    #[error("the shop could not be reached")]
    Db(#[from] DbError),
}

impl MayRetry for ChangeEmailError {}

/// Moves an account to another address and saves what it is called, for whoever knows its password.
///
/// The former address is told, and the links to set a new password that were mailed to it end.
pub async fn change_email(
    shop: &Shop,
    customer: &Customer,
    email: &Email,
    password: &str,
) -> Result<Customer, ChangeEmailError> {
    let found = db::customer::find_by_email(&mut shop.db.read().await?, &customer.email).await?;
    let known = found.as_ref().map(|(_, hash)| hash.as_str());
    if !shop.passwords.verify(password, known).await {
        return Err(ChangeEmailError::WrongPassword);
    }
    let at = shop.clock.now();
    use_case("change-email", || async {
        let mut tx = shop.db.write().await?;
        db::customer::update(&mut tx, customer).await?;
        db::customer::update_email(&mut tx, customer.id, email).await.map_err(
            |error| match error {
                DbError::Taken(_) => ChangeEmailError::EmailTaken,
                error => error.into(),
            },
        )?;
        db::customer::delete_resets(&mut tx, customer.id).await?;
        let changed = SendAccountMail::EmailChanged {
            customer: customer.id.0,
            former: customer.email.as_str().to_owned(),
            at: at.as_microsecond(),
        };
        jobs::push(&mut tx, &changed, at).await?;
        tx.commit().await?;
        Ok(Customer { email: email.clone(), ..customer.clone() })
    })
    .await
}

/// Closes an account: its address book, sessions and open carts go with it, its orders stay, as
/// those of a guest with the same e-mail address. `false` when it is gone already.
pub async fn close(shop: &Shop, customer: CustomerId) -> Result<bool, DbError> {
    use_case("close-account", || async {
        let mut tx = shop.db.write().await?;
        db::session::delete_all(&mut tx, SessionKind::Customer, customer.0).await?;
        db::customer::delete_resets(&mut tx, customer).await?;
        db::cart::delete_of_customer(&mut tx, customer).await?;
        db::order::leave_to_guest(&mut tx, customer).await?;
        let is_closed = db::customer::delete(&mut tx, customer).await?;
        tx.commit().await?;
        Ok(is_closed)
    })
    .await
}

pub async fn find(shop: &Shop, id: CustomerId) -> Result<Option<Customer>, DbError> {
    db::customer::find(&mut shop.db.read().await?, id).await
}

/// The account that programs call by a number.
pub async fn find_by_number(shop: &Shop, number: i64) -> Result<Option<Customer>, DbError> {
    db::customer::find_by_number(&mut shop.db.read().await?, number).await
}

/// An account and when it was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub customer: Customer,
    pub created_at: jiff::Timestamp,
}

/// All accounts, in the order they were opened.
pub async fn list(shop: &Shop) -> Result<Vec<Listed>, DbError> {
    let all = db::customer::list_after(&mut shop.db.read().await?, None, u32::MAX).await?;
    let listed =
        all.into_iter().map(|it| Listed { customer: it.customer, created_at: it.created_at });
    Ok(listed.collect())
}

/// The address books of some customers; one without addresses is absent.
pub async fn address_books(
    shop: &Shop,
    customers: &[CustomerId],
) -> Result<HashMap<CustomerId, Vec<SavedAddress>>, DbError> {
    db::customer::list_addresses_of(&mut shop.db.read().await?, customers).await
}

/// Saves what an account is called; `false` when it is gone.
pub async fn rename(shop: &Shop, customer: &Customer) -> Result<bool, DbError> {
    use_case("rename-account", || async {
        let mut tx = shop.db.write().await?;
        let is_saved = db::customer::update(&mut tx, customer).await?;
        tx.commit().await?;
        Ok(is_saved)
    })
    .await
}

pub async fn list_addresses(
    shop: &Shop,
    customer: CustomerId,
) -> Result<Vec<SavedAddress>, DbError> {
    db::customer::list_addresses(&mut shop.db.read().await?, customer).await
}

/// How many addresses an account may keep.
pub const MAX_ADDRESSES: usize = 50;

/// The address that goes by a number, and whose it is.
pub async fn find_address(
    shop: &Shop,
    number: i64,
) -> Result<Option<(CustomerId, SavedAddress)>, DbError> {
    db::customer::find_address(&mut shop.db.read().await?, number).await
}

/// Saves an address that was checked, a new one when the id is new, and gives its number. `None`
/// when the book is full or the address is somebody else's.
pub async fn save_address(
    shop: &Shop,
    customer: CustomerId,
    saved: &SavedAddress,
) -> Result<Option<i64>, DbError> {
    use_case("save-address", || async {
        let mut tx = shop.db.write().await?;
        let book = db::customer::list_addresses(&mut tx, customer).await?;
        let is_known = book.iter().any(|known| known.id == saved.id);
        if !is_known && book.len() >= MAX_ADDRESSES {
            return Ok(None);
        }
        let number = match db::customer::save_address(&mut tx, customer, saved).await {
            Err(DbError::Taken(_)) => return Ok(None),
            saved => saved?,
        };
        tx.commit().await?;
        Ok(Some(number))
    })
    .await
}

pub async fn delete_address(
    shop: &Shop,
    customer: CustomerId,
    id: AddressId,
) -> Result<bool, DbError> {
    use_case("delete-address", || async {
        let mut tx = shop.db.write().await?;
        let deleted = db::customer::delete_address(&mut tx, customer, id).await?;
        tx.commit().await?;
        Ok(deleted)
    })
    .await
}
