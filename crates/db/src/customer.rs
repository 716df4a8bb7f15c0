//! Customer accounts, their address books and password resets.

use std::collections::HashMap;

use commerce::channel::Locale;
use commerce::customer::{AddressId, Customer, CustomerId, Email, SavedAddress};
use jiff::Timestamp;
use uuid::Uuid;

use crate::engine::{CHUNK, PAGE, execute, fetch_all, fetch_chunk, fetch_optional, fetch_page};
use crate::{Conn, DbError, Tx, json, moment, next_number, parsed};

const TABLE: &str = "customers";

#[derive(sqlx::FromRow)]
struct CustomerRow {
    id: Uuid,
    number: i64,
    email: String,
    password_hash: String,
    first_name: String,
    last_name: String,
    locale: String,
}

impl CustomerRow {
    fn read(self) -> Result<(Customer, String), DbError> {
        let customer = Customer {
            id: CustomerId(self.id),
            number: self.number,
            email: parsed(TABLE, "an e-mail address", Email::new(&self.email))?,
            first_name: self.first_name,
            last_name: self.last_name,
            locale: parsed(TABLE, &self.locale, Locale::new(&self.locale))?,
        };
        Ok((customer, self.password_hash))
    }
}

/// Inserts an account and gives its number; [`DbError::Taken`] when the address has one already.
pub async fn insert(
    tx: &mut Tx,
    customer: &Customer,
    password_hash: &str,
    at: Timestamp,
) -> Result<i64, DbError> {
    let number = next_number(tx, "customer").await?;
    execute!(
        tx,
        "INSERT INTO customers (id, number, email, email_key, password_hash, first_name, \
         last_name, locale, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        customer.id.0,
        number,
        customer.email.as_str(),
        customer.email.key(),
        password_hash,
        customer.first_name.as_str(),
        customer.last_name.as_str(),
        customer.locale.as_str(),
        at.as_microsecond(),
    );
    Ok(number)
}

pub async fn find(conn: &mut Conn, id: CustomerId) -> Result<Option<Customer>, DbError> {
    let row = fetch_optional!(
        conn,
        CustomerRow,
        "SELECT id, number, email, password_hash, first_name, last_name, locale \
         FROM customers WHERE id = ?",
        id.0,
    );
    Ok(row.map(CustomerRow::read).transpose()?.map(|(customer, _)| customer))
}

/// The account that Magento's API calls by a number.
pub async fn find_by_number(conn: &mut Conn, number: i64) -> Result<Option<Customer>, DbError> {
    let row = fetch_optional!(
        conn,
        CustomerRow,
        "SELECT id, number, email, password_hash, first_name, last_name, locale \
         FROM customers WHERE number = ?",
        number,
    );
    Ok(row.map(CustomerRow::read).transpose()?.map(|(customer, _)| customer))
}

/// Finds an account with its password hash.
pub async fn find_by_email(
    conn: &mut Conn,
    email: &Email,
) -> Result<Option<(Customer, String)>, DbError> {
    let row = fetch_optional!(
        conn,
        CustomerRow,
        "SELECT id, number, email, password_hash, first_name, last_name, locale \
         FROM customers WHERE email_key = ?",
        email.key(),
    );
    row.map(CustomerRow::read).transpose()
}

/// The accounts that have one of these addresses, with their password hashes, by [`Email::key`].
pub async fn find_many_by_email(
    conn: &mut Conn,
    keys: &[String],
) -> Result<HashMap<String, (Customer, String)>, DbError> {
    let mut found = HashMap::new();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    for chunk in keys.chunks(CHUNK) {
        let rows = fetch_chunk!(
            conn,
            CustomerRow,
            "SELECT id, number, email, password_hash, first_name, last_name, locale \
             FROM customers \
             WHERE email_key IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
            chunk
        );
        for row in rows {
            let (customer, hash) = row.read()?;
            found.insert(customer.email.key(), (customer, hash));
        }
    }
    Ok(found)
}

/// An account with what only an export tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub customer: Customer,
    pub password_hash: String,
    pub created_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct ListedRow {
    created_at: i64,
    #[sqlx(flatten)]
    customer: CustomerRow,
}

/// The next accounts in the order of their ids.
pub async fn list_after(
    conn: &mut Conn,
    after: Option<CustomerId>,
    limit: u32,
) -> Result<Vec<Listed>, DbError> {
    let rows = fetch_all!(
        conn,
        ListedRow,
        "SELECT id, number, email, password_hash, first_name, last_name, locale, created_at \
         FROM customers WHERE id > ? ORDER BY id LIMIT ?",
        after.map_or(Uuid::nil(), |id| id.0),
        limit,
    );
    rows.into_iter()
        .map(|row| {
            let created_at = moment(TABLE, row.created_at)?;
            let (customer, password_hash) = row.customer.read()?;
            Ok(Listed { customer, password_hash, created_at })
        })
        .collect()
}

/// Writes what an account is called and speaks.
pub async fn update(tx: &mut Tx, customer: &Customer) -> Result<bool, DbError> {
    let updated = execute!(
        tx,
        "UPDATE customers SET first_name = ?, last_name = ?, locale = ? WHERE id = ?",
        customer.first_name.as_str(),
        customer.last_name.as_str(),
        customer.locale.as_str(),
        customer.id.0,
    );
    Ok(updated == 1)
}

/// Moves an account to another address; [`DbError::Taken`] when that has an account already.
pub async fn update_email(tx: &mut Tx, id: CustomerId, email: &Email) -> Result<bool, DbError> {
    let updated = execute!(
        tx,
        "UPDATE customers SET email = ?, email_key = ? WHERE id = ?",
        email.as_str(),
        email.key(),
        id.0,
    );
    Ok(updated == 1)
}

/// Deletes an account with its address book; `false` when it is gone already.
///
/// What refers to it is left to whoever knows of it: sessions, resets, carts and orders.
pub async fn delete(tx: &mut Tx, id: CustomerId) -> Result<bool, DbError> {
    execute!(tx, "DELETE FROM customer_addresses WHERE customer_id = ?", id.0);
    Ok(execute!(tx, "DELETE FROM customers WHERE id = ?", id.0) == 1)
}

/// Puts a hash in the place of another; `false` when the password was changed meanwhile.
pub async fn replace_password(
    tx: &mut Tx,
    id: CustomerId,
    before: &str,
    after: &str,
) -> Result<bool, DbError> {
    let updated = execute!(
        tx,
        "UPDATE customers SET password_hash = ? WHERE id = ? AND password_hash = ?",
        after,
        id.0,
        before,
    );
    Ok(updated == 1)
}

pub async fn update_password(
    tx: &mut Tx,
    id: CustomerId,
    password_hash: &str,
) -> Result<bool, DbError> {
    let updated =
        execute!(tx, "UPDATE customers SET password_hash = ? WHERE id = ?", password_hash, id.0);
    Ok(updated == 1)
}

/// Keeps the hash of a reset token; the token itself is in the mail alone.
pub async fn insert_reset(
    tx: &mut Tx,
    token_hash: [u8; 32],
    id: CustomerId,
    expires_at: Timestamp,
) -> Result<(), DbError> {
    execute!(
        tx,
        "INSERT INTO password_resets (token_hash, customer_id, expires_at) VALUES (?, ?, ?)",
        token_hash.to_vec(),
        id.0,
        expires_at.as_microsecond(),
    );
    Ok(())
}

/// Whose password a token may reset.
pub async fn find_reset(
    conn: &mut Conn,
    token_hash: [u8; 32],
    at: Timestamp,
) -> Result<Option<CustomerId>, DbError> {
    let row = fetch_optional!(
        conn,
        (Uuid,),
        "SELECT customer_id FROM password_resets WHERE token_hash = ? AND expires_at > ?",
        token_hash.to_vec(),
        at.as_microsecond(),
    );
    Ok(row.map(|(id,)| CustomerId(id)))
}

/// Makes every open reset of a customer useless, and says how many there were.
pub async fn delete_resets(tx: &mut Tx, id: CustomerId) -> Result<u64, DbError> {
    Ok(execute!(tx, "DELETE FROM password_resets WHERE customer_id = ?", id.0))
}

pub async fn list_addresses(
    conn: &mut Conn,
    customer: CustomerId,
) -> Result<Vec<SavedAddress>, DbError> {
    let rows = fetch_all!(
        conn,
        AddressRow,
        "SELECT customer_id, id, number, address, is_default_delivery, is_default_billing \
         FROM customer_addresses WHERE customer_id = ? ORDER BY id",
        customer.0,
    );
    rows.into_iter().map(|row| row.read().map(|(_, saved)| saved)).collect()
}

#[derive(sqlx::FromRow)]
struct AddressRow {
    customer_id: Uuid,
    id: Uuid,
    number: Option<i64>,
    address: String,
    is_default_delivery: bool,
    is_default_billing: bool,
}

impl AddressRow {
    fn read(self) -> Result<(CustomerId, SavedAddress), DbError> {
        let saved = SavedAddress {
            id: AddressId(self.id),
            number: self.number.unwrap_or_default(),
            address: json::read_address("customer_addresses", &self.address)?,
            is_default_delivery: self.is_default_delivery,
            is_default_billing: self.is_default_billing,
        };
        Ok((CustomerId(self.customer_id), saved))
    }
}

/// The address that goes by a number, and whose it is.
pub async fn find_address(
    conn: &mut Conn,
    number: i64,
) -> Result<Option<(CustomerId, SavedAddress)>, DbError> {
    let row = fetch_optional!(
        conn,
        AddressRow,
        "SELECT customer_id, id, number, address, is_default_delivery, is_default_billing \
         FROM customer_addresses WHERE number = ?",
        number,
    );
    row.map(AddressRow::read).transpose()
}

/// Numbers the addresses that an older executable wrote beside this one, which knew no such numbers.
pub async fn number_addresses(tx: &mut Tx) -> Result<usize, DbError> {
    let ids = fetch_all!(
        tx,
        (Uuid,),
        "SELECT id FROM customer_addresses WHERE number IS NULL ORDER BY id LIMIT 1000"
    );
    for (id,) in &ids {
        let number = next_number(tx, "address").await?;
        execute!(
            tx,
            "UPDATE customer_addresses SET number = ? WHERE id = ? AND number IS NULL",
            number,
            *id,
        );
    }
    Ok(ids.len())
}

/// The address books of some customers; one without addresses is absent.
pub async fn list_addresses_of(
    conn: &mut Conn,
    customers: &[CustomerId],
) -> Result<HashMap<CustomerId, Vec<SavedAddress>>, DbError> {
    let mut books: HashMap<CustomerId, Vec<SavedAddress>> = HashMap::new();
    let ids: Vec<Uuid> = customers.iter().map(|id| id.0).collect();
    for page in ids.chunks(PAGE) {
        let rows = fetch_page!(
            conn,
            AddressRow,
            "SELECT customer_id, id, number, address, is_default_delivery, is_default_billing \
             FROM customer_addresses WHERE customer_id",
            "ORDER BY id";
            page
        );
        for row in rows {
            let (customer, saved) = row.read()?;
            books.entry(customer).or_default().push(saved);
        }
    }
    Ok(books)
}

/// Inserts or replaces an address of this customer's, and gives its number; a default takes the
/// place of the last.
pub async fn save_address(
    tx: &mut Tx,
    customer: CustomerId,
    saved: &SavedAddress,
) -> Result<i64, DbError> {
    if saved.is_default_delivery {
        execute!(
            tx,
            "UPDATE customer_addresses SET is_default_delivery = ? WHERE customer_id = ?",
            false,
            customer.0,
        );
    }
    if saved.is_default_billing {
        execute!(
            tx,
            "UPDATE customer_addresses SET is_default_billing = ? WHERE customer_id = ?",
            false,
            customer.0,
        );
    }
    let address = json::write_address(&saved.address);
    let known = fetch_optional!(
        tx,
        (Option<i64>,),
        "SELECT number FROM customer_addresses WHERE id = ? AND customer_id = ?",
        saved.id.0,
        customer.0,
    );
    let number = match known {
        Some((Some(number),)) => number,
        _ => next_number(tx, "address").await?,
    };
    if known.is_some() {
        execute!(
            tx,
            "UPDATE customer_addresses SET number = ?, address = ?, is_default_delivery = ?, \
             is_default_billing = ? WHERE id = ? AND customer_id = ?",
            number,
            address.as_str(),
            saved.is_default_delivery,
            saved.is_default_billing,
            saved.id.0,
            customer.0,
        );
    } else {
        execute!(
            tx,
            "INSERT INTO customer_addresses (id, customer_id, number, address, \
             is_default_delivery, is_default_billing) VALUES (?, ?, ?, ?, ?, ?)",
            saved.id.0,
            customer.0,
            number,
            address.as_str(),
            saved.is_default_delivery,
            saved.is_default_billing,
        );
    }
    Ok(number)
}

pub async fn delete_address(
    tx: &mut Tx,
    customer: CustomerId,
    id: AddressId,
) -> Result<bool, DbError> {
    let deleted = execute!(
        tx,
        "DELETE FROM customer_addresses WHERE id = ? AND customer_id = ?",
        id.0,
        customer.0,
    );
    Ok(deleted == 1)
}
