//! The merchant's staff.

use commerce::channel::Locale;
use jiff::Timestamp;
use uuid::Uuid;

use crate::engine::{execute, fetch_all, fetch_optional};
use crate::{Conn, DbError, Tx, parsed};

/// Somebody who works in the back office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    pub id: Uuid,
    pub login: String,
    pub name: String,
    pub password_hash: String,
    /// Encrypted under the shop's key; `None` until the second factor is set up.
    pub totp_secret: Option<Vec<u8>>,
    /// The time step of the last code that was accepted: a code works once.
    pub totp_last_step: i64,
    pub locale: Locale,
}

#[derive(sqlx::FromRow)]
struct StaffRow {
    id: Uuid,
    login: String,
    name: String,
    password_hash: String,
    totp_secret: Option<Vec<u8>>,
    totp_last_step: i64,
    locale: String,
}

impl TryFrom<StaffRow> for Staff {
    type Error = DbError;

    fn try_from(row: StaffRow) -> Result<Self, DbError> {
        Ok(Self {
            id: row.id,
            login: row.login,
            name: row.name,
            password_hash: row.password_hash,
            totp_secret: row.totp_secret,
            totp_last_step: row.totp_last_step,
            locale: parsed("staff", &row.locale, Locale::new(&row.locale))?,
        })
    }
}

/// Inserts a member; [`DbError::Taken`] when the login is in use.
pub async fn insert(tx: &mut Tx, staff: &Staff, at: Timestamp) -> Result<(), DbError> {
    execute!(
        tx,
        "INSERT INTO staff (id, login, name, password_hash, totp_secret, totp_last_step, locale, \
         created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        staff.id,
        staff.login.as_str(),
        staff.name.as_str(),
        staff.password_hash.as_str(),
        staff.totp_secret.clone(),
        staff.totp_last_step,
        staff.locale.as_str(),
        at.as_microsecond(),
    );
    Ok(())
}

pub async fn find(conn: &mut Conn, id: Uuid) -> Result<Option<Staff>, DbError> {
    let row = fetch_optional!(
        conn,
        StaffRow,
        "SELECT id, login, name, password_hash, totp_secret, totp_last_step, locale \
         FROM staff WHERE id = ?",
        id,
    );
    row.map(Staff::try_from).transpose()
}

pub async fn find_by_login(conn: &mut Conn, login: &str) -> Result<Option<Staff>, DbError> {
    // Logins are ASCII, and MySQL refuses to compare them with anything else.
    if !login.is_ascii() {
        return Ok(None);
    }
    let row = fetch_optional!(
        conn,
        StaffRow,
        "SELECT id, login, name, password_hash, totp_secret, totp_last_step, locale \
         FROM staff WHERE login = ?",
        login,
    );
    row.map(Staff::try_from).transpose()
}

pub async fn list(conn: &mut Conn) -> Result<Vec<Staff>, DbError> {
    let rows = fetch_all!(
        conn,
        StaffRow,
        "SELECT id, login, name, password_hash, totp_secret, totp_last_step, locale \
         FROM staff ORDER BY login"
    );
    rows.into_iter().map(Staff::try_from).collect()
}

pub async fn update_password(tx: &mut Tx, id: Uuid, password_hash: &str) -> Result<(), DbError> {
    execute!(tx, "UPDATE staff SET password_hash = ? WHERE id = ?", password_hash, id);
    Ok(())
}

pub async fn update_locale(tx: &mut Tx, id: Uuid, locale: Locale) -> Result<(), DbError> {
    execute!(tx, "UPDATE staff SET locale = ? WHERE id = ?", locale.as_str(), id);
    Ok(())
}

/// Sets or removes the second factor.
pub async fn update_totp(tx: &mut Tx, id: Uuid, secret: Option<Vec<u8>>) -> Result<(), DbError> {
    execute!(tx, "UPDATE staff SET totp_secret = ?, totp_last_step = 0 WHERE id = ?", secret, id);
    Ok(())
}

/// Uses up a code; `false` when one of this time step or a later one was used before.
pub async fn use_totp_step(tx: &mut Tx, id: Uuid, step: i64) -> Result<bool, DbError> {
    let used = execute!(
        tx,
        "UPDATE staff SET totp_last_step = ? WHERE id = ? AND totp_last_step < ?",
        step,
        id,
        step,
    );
    Ok(used == 1)
}
