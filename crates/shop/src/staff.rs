//! Staff: log in with a password and a second factor.

use commerce::channel::Locale;
use db::DbError;
use db::session::SessionKind;
pub use db::staff::Staff;
use jiff::{SignedDuration, Timestamp};
use totp_rs::{Builder, Totp};
use uuid::Uuid;

use crate::secret::{self, Token};
use crate::{MayRetry, Shop, use_case};

/// How long staff stay logged in.
const SESSION: SignedDuration = SignedDuration::from_hours(12);
/// How long a token of theirs is good, as Magento documents it.
const TOKEN: SignedDuration = SignedDuration::from_hours(4);

/// Why somebody was not let in.
#[derive(Debug, thiserror::Error)]
pub enum StaffLogInError {
    /// Login, password or code is wrong; which one is not said.
    #[error("the login, the password or the code is wrong")]
    Wrong,
    #[error("a code from the second factor is needed")]
    CodeNeeded,
    #[error("the shop could not be reached")]
    Db(#[from] DbError),
}

impl MayRetry for StaffLogInError {}

/// Adds a member of staff or, when the login exists, gives it a new password.
pub async fn set_password(
    shop: &Shop,
    login: &str,
    name: &str,
    password: &str,
) -> Result<(), DbError> {
    let password_hash = shop.passwords.hash(password).await;
    use_case("set-staff-password", || async {
        let mut tx = shop.db.write().await?;
        if let Some(known) = db::staff::find_by_login(&mut tx, login).await? {
            db::staff::update_password(&mut tx, known.id, &password_hash).await?;
            db::session::delete_all(&mut tx, SessionKind::Staff, known.id).await?;
            db::session::delete_all(&mut tx, SessionKind::StaffToken, known.id).await?;
        } else {
            let staff = Staff {
                id: Uuid::now_v7(),
                login: login.to_owned(),
                name: name.to_owned(),
                password_hash: password_hash.clone(),
                totp_secret: None,
                totp_last_step: 0,
                locale: Locale::FR,
            };
            db::staff::insert(&mut tx, &staff, shop.clock.now()).await?;
        }
        tx.commit().await
    })
    .await
}

/// Checks login, password and, where the account has one, the second factor; opens a session.
pub async fn log_in(
    shop: &Shop,
    login: &str,
    password: &str,
    code: &str,
) -> Result<(Staff, Token), StaffLogInError> {
    open(shop, login, password, code, (SessionKind::Staff, SESSION)).await
}

/// The same for a program that speaks for them through the API.
pub async fn issue_token(
    shop: &Shop,
    login: &str,
    password: &str,
    code: &str,
) -> Result<Token, StaffLogInError> {
    let (_, token) = open(shop, login, password, code, (SessionKind::StaffToken, TOKEN)).await?;
    Ok(token)
}

async fn open(
    shop: &Shop,
    login: &str,
    password: &str,
    code: &str,
    (kind, lifetime): (SessionKind, SignedDuration),
) -> Result<(Staff, Token), StaffLogInError> {
    let found = db::staff::find_by_login(&mut shop.db.read().await?, login).await?;
    let hash = found.as_ref().map(|staff| staff.password_hash.as_str());
    if !shop.passwords.verify(password, hash).await {
        return Err(StaffLogInError::Wrong);
    }
    let staff = found.ok_or(StaffLogInError::Wrong)?;
    let at = shop.clock.now();
    use_case("log-in-staff", || async {
        let mut tx = shop.db.write().await?;
        if let Some(sealed) = &staff.totp_secret {
            if code.trim().is_empty() {
                return Err(StaffLogInError::CodeNeeded);
            }
            let secret = shop.key.open(sealed).ok_or(StaffLogInError::Wrong)?;
            let step = check_code(&staff.login, secret, code, at).ok_or(StaffLogInError::Wrong)?;
            if !db::staff::use_totp_step(&mut tx, staff.id, step).await? {
                return Err(StaffLogInError::Wrong);
            }
        }
        let token = Token::random();
        db::session::insert(&mut tx, token.hash, kind, staff.id, at, at + lifetime).await?;
        tx.commit().await?;
        Ok(token)
    })
    .await
    .map(|token| (staff, token))
}

pub async fn log_out(shop: &Shop, token: &str) -> Result<(), DbError> {
    use_case("log-out-staff", || async {
        let mut tx = shop.db.write().await?;
        db::session::delete(&mut tx, secret::hash(token)).await?;
        tx.commit().await
    })
    .await
}

pub async fn find_by_session(shop: &Shop, token: &str) -> Result<Option<Staff>, DbError> {
    find_by(shop, token, SessionKind::Staff).await
}

/// Whose token of the API it is.
pub async fn find_by_token(shop: &Shop, token: &str) -> Result<Option<Staff>, DbError> {
    find_by(shop, token, SessionKind::StaffToken).await
}

async fn find_by(shop: &Shop, token: &str, kind: SessionKind) -> Result<Option<Staff>, DbError> {
    let mut conn = shop.db.read().await?;
    let hash = secret::hash(token);
    match db::session::find(&mut conn, hash, kind, shop.clock.now()).await? {
        Some(id) => db::staff::find(&mut conn, id).await,
        None => Ok(None),
    }
}

/// Chooses the language of the back office for one member.
pub async fn set_locale(shop: &Shop, staff: Uuid, locale: Locale) -> Result<(), DbError> {
    use_case("set-staff-locale", || async {
        let mut tx = shop.db.write().await?;
        db::staff::update_locale(&mut tx, staff, locale).await?;
        tx.commit().await
    })
    .await
}

/// A second factor that is being set up: shown once, kept only after [`confirm_totp`].
pub struct NewTotp {
    /// For typing into an authenticator by hand.
    pub base32: String,
    /// For its camera.
    pub url: String,
}

/// Makes a secret for a second factor. Nothing is kept yet.
pub fn new_totp(staff: &Staff) -> NewTotp {
    let secret = secret::random::<20>().to_vec();
    let base32 = data_encoding::BASE32_NOPAD.encode(&secret);
    let url = totp(&staff.login, secret).and_then(|totp| totp.to_url().ok()).unwrap_or_default();
    NewTotp { base32, url }
}

/// Keeps the secret once a code proves that the authenticator has it; `false` for a wrong code.
pub async fn confirm_totp(
    shop: &Shop,
    staff: &Staff,
    base32: &str,
    code: &str,
) -> Result<bool, DbError> {
    let Ok(secret) = data_encoding::BASE32_NOPAD.decode(base32.as_bytes()) else {
        return Ok(false);
    };
    let at = shop.clock.now();
    let Some(step) = check_code(&staff.login, secret.clone(), code, at) else { return Ok(false) };
    use_case("confirm-second-factor", || async {
        let mut tx = shop.db.write().await?;
        db::staff::update_totp(&mut tx, staff.id, Some(shop.key.seal(&secret))).await?;
        db::staff::use_totp_step(&mut tx, staff.id, step).await?;
        tx.commit().await?;
        Ok(true)
    })
    .await
}

/// Removes the second factor of somebody who lost the device.
pub async fn remove_totp(shop: &Shop, staff: Uuid) -> Result<(), DbError> {
    use_case("remove-second-factor", || async {
        let mut tx = shop.db.write().await?;
        db::staff::update_totp(&mut tx, staff, None).await?;
        tx.commit().await
    })
    .await
}

/// The time step that a code is of, one step late or early allowed (RFC 6238 §5.2).
fn check_code(login: &str, secret: Vec<u8>, code: &str, at: Timestamp) -> Option<i64> {
    let code: String = code.chars().filter(|char| !char.is_whitespace()).collect();
    let step = totp(login, secret)?.check(&code, u64::try_from(at.as_second()).ok()?)?;
    i64::try_from(step).ok()
}

fn totp(login: &str, secret: Vec<u8>) -> Option<Totp> {
    Builder::new()
        .with_secret(secret)
        .with_account_name(login.replace(':', "-"))
        .with_issuer(Some("GreenLeaf"))
        .build()
        .ok()
}
