//! Accounts and their address books out of a file, and into one.

use std::collections::{BTreeSet, HashMap};

use commerce::customer::{AddressId, Customer, CustomerId, SavedAddress};
use db::{Conn, DbError, Tx};
use exchange::customer::{AddressRow, CustomerRow};
use exchange::{Fault, Field};
use jiff::Timestamp;
use uuid::Uuid;

use super::view::locale_of;
use super::{ImportError, Outcome, Read, Terms};
use crate::customer::MAX_ADDRESSES;
use crate::password::is_known;
use crate::{Shop, use_case};

/// The row of an account, and those of its further addresses.
type Group = Vec<Read<CustomerRow>>;

/// How many accounts are read at a time.
const PAGE: u32 = 500;

/// What becomes of one account.
struct Plan {
    outcomes: Vec<Outcome>,
    write: Option<Write>,
}

struct Write {
    customer: Customer,
    /// For a new account: its password hash and when it was opened.
    opening: Option<(String, Timestamp)>,
    is_changed: bool,
    /// A hash for an account that has none.
    first_hash: Option<String>,
    addresses: Vec<SavedAddress>,
}

impl Plan {
    fn refused(group: &Group, faults: Vec<Fault>) -> Self {
        let line = group.first().map_or(0, |read| read.line);
        let rest = group.iter().skip(1).map(|read| match &read.row {
            Err(faults) => Outcome::Rejected(faults.clone()),
            Ok(_) => {
                let reason = format!("line {line}, the account, is rejected");
                Outcome::Rejected(vec![Fault::new("email", reason)])
            }
        });
        let outcomes = std::iter::once(Outcome::Rejected(faults)).chain(rest).collect();
        Self { outcomes, write: None }
    }
}

/// Opens accounts, corrects names and adds addresses; takes nothing away, sends no mail, and leaves
/// the passwords of accounts that have one alone.
pub async fn import_customers(
    shop: &Shop,
    terms: &Terms,
    batch: &[Group],
) -> Result<Vec<Vec<Outcome>>, ImportError> {
    let mut conn = shop.db.read().await?;
    let looked = plan(&mut conn, shop, terms, batch).await?;
    drop(conn);
    if looked.iter().all(|plan| plan.write.is_none()) {
        return Ok(looked.into_iter().map(|plan| plan.outcomes).collect());
    }
    use_case("import-customers", || async {
        let mut tx = shop.db.write().await?;
        let plans = plan(&mut tx, shop, terms, batch).await?;
        for write in plans.iter().filter_map(|plan| plan.write.as_ref()) {
            execute(&mut tx, write).await?;
        }
        tx.commit().await?;
        Ok(plans.into_iter().map(|plan| plan.outcomes).collect())
    })
    .await
}

async fn execute(tx: &mut Tx, write: &Write) -> Result<(), DbError> {
    let customer = &write.customer;
    match &write.opening {
        Some((hash, at)) => {
            db::customer::insert(tx, customer, hash, *at).await?;
        }
        None if write.is_changed => {
            db::customer::update(tx, customer).await?;
        }
        None => {}
    }
    if let Some(hash) = &write.first_hash {
        db::customer::replace_password(tx, customer.id, "", hash).await?;
    }
    for address in &write.addresses {
        db::customer::save_address(tx, customer.id, address).await?;
    }
    Ok(())
}

async fn plan(
    conn: &mut Conn,
    shop: &Shop,
    terms: &Terms,
    batch: &[Group],
) -> Result<Vec<Plan>, DbError> {
    let rows = batch.iter().filter_map(|group| group.first()?.row.as_ref().ok());
    let keys: Vec<String> = rows.filter_map(|row| Some(row.email.as_ref()?.key())).collect();
    let known = db::customer::find_many_by_email(conn, &keys).await?;
    let ids: Vec<CustomerId> = known.values().map(|(customer, _)| customer.id).collect();
    let books = db::customer::list_addresses_of(conn, &ids).await?;
    let plan = |group: &Group| plan_one(shop, terms, group, &known, &books);
    Ok(batch.iter().map(plan).collect())
}

fn plan_one(
    shop: &Shop,
    terms: &Terms,
    group: &Group,
    known: &HashMap<String, (Customer, String)>,
    books: &HashMap<CustomerId, Vec<SavedAddress>>,
) -> Plan {
    let row = match group.first().map(|read| &read.row) {
        Some(Ok(row)) => row,
        Some(Err(faults)) => return Plan::refused(group, faults.clone()),
        None => return Plan { outcomes: Vec::new(), write: None },
    };
    let Some(email) = &row.email else {
        return Plan::refused(group, vec![Fault::new("email", "there is no account above it")]);
    };
    let channel = &shop.settings().channel;
    let mut faults = Vec::new();
    let locale = match &row.view {
        None => Some(channel.default_locale()),
        Some(view) => locale_of(terms, channel, view),
    };
    if locale.is_none() {
        let view = row.view.clone().unwrap_or_default();
        let reason = format!("no language of the shop is called “{view}”; --view names it");
        faults.push(Fault::new("_store", reason));
    }
    let hash = row.password_hash.set();
    if hash.is_some_and(|hash| !is_known(hash)) {
        let reason = "a password cannot be checked against it; leave it out, and its owner sets \
                      a new one";
        faults.push(Fault::new("password_hash", reason));
    }
    let before = known.get(&email.key());
    for (column, field) in [("firstname", &row.first_name), ("lastname", &row.last_name)] {
        if before.is_none() && field.set().is_none() {
            faults.push(Fault::new(column, "a new account needs one"));
        }
    }
    let (Some(locale), true) = (locale, faults.is_empty()) else {
        return Plan::refused(group, faults);
    };

    let mut customer = before.map_or_else(
        || Customer {
            id: CustomerId(Uuid::now_v7()),
            number: 0,
            email: email.clone(),
            first_name: String::new(),
            last_name: String::new(),
            locale,
        },
        |(customer, _)| customer.clone(),
    );
    row.first_name.write(&mut customer.first_name);
    row.last_name.write(&mut customer.last_name);
    if row.view.is_some() {
        customer.locale = locale;
    }
    let is_changed = before.is_none_or(|(before, _)| *before != customer);
    let had_no_password = before.is_some_and(|(_, hash)| hash.is_empty());
    let first_hash = hash.filter(|_| had_no_password).cloned();
    let opening = before.is_none().then(|| {
        let at = row.created_at.and_then(|when| when.begin(&terms.zone));
        (hash.cloned().unwrap_or_default(), at.unwrap_or_else(|| shop.clock.now()))
    });

    // Of several defaults the last one counts, as it would if they came one after the other.
    let addresses = || group.iter().map(|read| read.row.as_ref().ok()?.address.as_ref());
    let addresses: Vec<Option<&AddressRow>> = addresses().collect();
    let last = |is_default: fn(&AddressRow) -> bool| {
        addresses.iter().rposition(|address| address.is_some_and(is_default))
    };
    let billing = last(|address| address.is_default_billing);
    let delivery = last(|address| address.is_default_delivery);

    let mut book: Vec<SavedAddress> = books.get(&customer.id).cloned().unwrap_or_default();
    let mut touched: BTreeSet<AddressId> = BTreeSet::new();
    let outcomes = group
        .iter()
        .enumerate()
        .map(|(at, read)| {
            let address = match &read.row {
                Err(faults) => return Outcome::Rejected(faults.clone()),
                Ok(row) => row.address.as_ref().map(|address| {
                    let address = AddressRow {
                        address: address.address.clone(),
                        is_default_billing: billing == Some(at),
                        is_default_delivery: delivery == Some(at),
                    };
                    note(&mut book, &address)
                }),
            };
            let noted = match address {
                None => Outcome::Unchanged,
                Some(Ok((id, outcome))) => {
                    if outcome != Outcome::Unchanged {
                        touched.insert(id);
                    }
                    outcome
                }
                Some(Err(fault)) if at > 0 => return Outcome::Rejected(vec![fault]),
                // The account is fine without it.
                Some(Err(_)) => Outcome::Unchanged,
            };
            match (at, before.is_some()) {
                (0, false) => Outcome::Created,
                (0, true) if is_changed || first_hash.is_some() => Outcome::Updated,
                (0, true) if noted != Outcome::Unchanged => Outcome::Updated,
                _ => noted,
            }
        })
        .collect();
    let addresses: Vec<SavedAddress> =
        book.into_iter().filter(|saved| touched.contains(&saved.id)).collect();
    let is_written = is_changed || first_hash.is_some() || !addresses.is_empty();
    let write =
        is_written.then_some(Write { customer, opening, is_changed, first_hash, addresses });
    Plan { outcomes, write }
}

/// Adds an address to a book, or makes one that is in it a default.
fn note(book: &mut Vec<SavedAddress>, row: &AddressRow) -> Result<(AddressId, Outcome), Fault> {
    let at = book.iter().position(|known| known.address == row.address);
    let had = at.and_then(|at| book.get(at));
    let is_billing = had.is_some_and(|had| had.is_default_billing);
    let is_delivery = had.is_some_and(|had| had.is_default_delivery);
    let becomes_billing = row.is_default_billing && !is_billing;
    let becomes_delivery = row.is_default_delivery && !is_delivery;
    if had.is_none() && book.len() >= MAX_ADDRESSES {
        let reason = format!("an account keeps at most {MAX_ADDRESSES} addresses");
        return Err(Fault::new("_address_street", reason));
    }
    // A default takes the place of the last.
    for other in book.iter_mut() {
        other.is_default_billing &= !becomes_billing;
        other.is_default_delivery &= !becomes_delivery;
    }
    if let Some(known) = at.and_then(|at| book.get_mut(at)) {
        known.is_default_billing |= becomes_billing;
        known.is_default_delivery |= becomes_delivery;
        let is_changed = becomes_billing || becomes_delivery;
        let outcome = if is_changed { Outcome::Updated } else { Outcome::Unchanged };
        return Ok((known.id, outcome));
    }
    let id = AddressId(Uuid::now_v7());
    book.push(SavedAddress {
        id,
        number: 0,
        address: row.address.clone(),
        is_default_delivery: row.is_default_delivery,
        is_default_billing: row.is_default_billing,
    });
    Ok((id, Outcome::Created))
}

/// Some accounts as rows, and where the next ones begin.
#[derive(Debug)]
pub struct CustomerPage {
    pub rows: Vec<CustomerRow>,
    pub last: CustomerId,
}

/// The accounts after one, in the order of their opening; `None` when there are no more.
pub async fn list_customer_rows(
    shop: &Shop,
    after: Option<CustomerId>,
) -> Result<Option<CustomerPage>, DbError> {
    let channel = shop.settings().channel.code.to_string();
    let mut conn = shop.db.read_consistently().await?;
    let accounts = db::customer::list_after(&mut conn, after, PAGE).await?;
    let Some(last) = accounts.last().map(|it| it.customer.id) else { return Ok(None) };
    let ids: Vec<CustomerId> = accounts.iter().map(|it| it.customer.id).collect();
    let mut books = db::customer::list_addresses_of(&mut conn, &ids).await?;
    let mut rows = Vec::new();
    for account in accounts {
        let customer = account.customer;
        let book = books.remove(&customer.id).unwrap_or_default();
        let mut addresses = book.into_iter().map(|saved| AddressRow {
            address: saved.address,
            is_default_billing: saved.is_default_billing,
            is_default_delivery: saved.is_default_delivery,
        });
        let said = |text: String| if text.is_empty() { Field::Keep } else { Field::Set(text) };
        rows.push(CustomerRow {
            website: Some(channel.clone()),
            view: Some(customer.locale.as_str().to_owned()),
            first_name: said(customer.first_name),
            last_name: said(customer.last_name),
            password_hash: said(account.password_hash),
            address: addresses.next(),
            ..CustomerRow::of(customer.email, account.created_at)
        });
        rows.extend(
            addresses.map(|it| CustomerRow { address: Some(it), ..CustomerRow::further() }),
        );
    }
    Ok(Some(CustomerPage { rows, last }))
}
