//! Accounts and their address books: Magento's file of customers with their addresses.

use commerce::channel::Country;
use commerce::customer::{Address, AddressField, Email, FieldProblem};
use jiff::Timestamp;

use crate::cells::{Cells, Fault, Field};
use crate::table::{Header, Record};
use crate::when::{self, When};

pub const COLUMNS: [&str; 17] = [
    "email",
    "_website",
    "_store",
    "created_at",
    "firstname",
    "lastname",
    "password_hash",
    "_address_firstname",
    "_address_lastname",
    "_address_company",
    "_address_street",
    "_address_postcode",
    "_address_city",
    "_address_country_id",
    "_address_telephone",
    "_address_default_billing_",
    "_address_default_shipping_",
];
pub const REQUIRED: [&str; 1] = ["email"];

/// Magento's columns of an address, but for its flags.
const ADDRESS: [&str; 8] = [
    "_address_firstname",
    "_address_lastname",
    "_address_company",
    "_address_street",
    "_address_postcode",
    "_address_city",
    "_address_country_id",
    "_address_telephone",
];

/// An address of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressRow {
    pub address: Address,
    pub is_default_billing: bool,
    pub is_default_delivery: bool,
}

/// One row: an account with its first address, or a further address of the account above it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerRow {
    /// `None` for a further address.
    pub email: Option<Email>,
    pub website: Option<String>,
    /// The store view, for the language.
    pub view: Option<String>,
    pub created_at: Option<When>,
    pub first_name: Field<String>,
    pub last_name: Field<String>,
    pub password_hash: Field<String>,
    pub address: Option<AddressRow>,
}

/// Whether a row is a further address, as far as it can be read.
pub fn is_further(header: &Header, record: &Record) -> bool {
    let cell = header.place("email").and_then(|place| record.cells().nth(place));
    cell.is_some_and(|cell| cell.trim_ascii().is_empty())
}

impl CustomerRow {
    pub fn read(header: &Header, record: &Record) -> Result<Self, Vec<Fault>> {
        let mut cells = Cells::new(header, record)?;
        let email = match cells.text("email") {
            "" => None,
            text => {
                let email = Email::new(text);
                if email.is_none() {
                    cells.refuse("email", format!("“{text}” is no e-mail address"));
                }
                email
            }
        };
        let text = |text: &str| Some(text).filter(|text| !text.is_empty()).map(str::to_owned);
        let row = Self {
            email,
            website: text(cells.text("_website")),
            view: text(cells.text("_store")),
            created_at: cells.value("created_at", When::parse),
            first_name: cells.field("firstname", name),
            last_name: cells.field("lastname", name),
            password_hash: cells.owned("password_hash"),
            address: address(&mut cells),
        };
        if row.email.is_none() && row.address.is_none() && cells.are_sound() {
            cells.refuse("email", "it is missing, and there is no address either");
        }
        cells.finish(row)
    }

    /// The cells of a row of an export, in the order of [`COLUMNS`].
    pub fn cells(&self) -> [String; COLUMNS.len()] {
        let text = |field: &Field<String>| field.set().cloned().unwrap_or_default();
        let address = self.address.as_ref();
        let part = |part: fn(&Address) -> &str| {
            address.map(|it| part(&it.address).to_owned()).unwrap_or_default()
        };
        let flag = |flag: fn(&AddressRow) -> bool| {
            address.map(|it| u8::from(flag(it)).to_string()).unwrap_or_default()
        };
        [
            self.email.as_ref().map(|email| email.as_str().to_owned()).unwrap_or_default(),
            self.website.clone().unwrap_or_default(),
            self.view.clone().unwrap_or_default(),
            match self.created_at {
                Some(When::Moment(moment)) => when::write(moment),
                Some(When::Day(day)) => day.to_string(),
                None => String::new(),
            },
            text(&self.first_name),
            text(&self.last_name),
            text(&self.password_hash),
            part(|it| &it.first_name),
            part(|it| &it.last_name),
            part(|it| &it.company),
            address.map(|it| street(&it.address)).unwrap_or_default(),
            part(|it| &it.postcode),
            part(|it| &it.city),
            part(|it| it.country.as_str()),
            part(|it| &it.phone),
            flag(|it| it.is_default_billing),
            flag(|it| it.is_default_delivery),
        ]
    }

    /// An account as an export has it.
    pub fn of(email: Email, created_at: Timestamp) -> Self {
        Self { email: Some(email), created_at: Some(When::Moment(created_at)), ..Self::further() }
    }

    /// A row that says nothing yet.
    pub fn further() -> Self {
        Self {
            email: None,
            website: None,
            view: None,
            created_at: None,
            first_name: Field::Keep,
            last_name: Field::Keep,
            password_hash: Field::Keep,
            address: None,
        }
    }
}

fn name(text: &str) -> Result<String, String> {
    match text.chars().count() {
        0..=80 => Ok(text.to_owned()),
        _ => Err("longer than 80 characters".to_owned()),
    }
}

/// Magento has the lines of a street in one cell.
pub(crate) fn street(address: &Address) -> String {
    match address.street_extra.as_str() {
        "" => address.street.clone(),
        extra => format!("{}\n{extra}", address.street),
    }
}

/// The parts of an address, checked as the shop checks those that people type.
pub(crate) fn checked(parts: [&str; 8], columns: [&str; 8]) -> Result<Address, Vec<Fault>> {
    let [first_name, last_name, company, street, postcode, city, country, phone] = parts;
    let fault = |column: usize, reason: &str| vec![Fault::new(columns[column], reason)];
    let country = Country::new(country)
        .ok_or_else(|| fault(6, "a country is written as two capital letters, such as FR"))?;
    let mut lines = street.lines();
    let street = lines.next().unwrap_or_default().to_owned();
    let address = Address {
        first_name: first_name.to_owned(),
        last_name: last_name.to_owned(),
        company: company.to_owned(),
        street,
        street_extra: lines.collect::<Vec<_>>().join(" "),
        postcode: postcode.to_owned(),
        city: city.to_owned(),
        country,
        phone: phone.to_owned(),
    };
    address.check().map_err(|problems| {
        let fault = |(field, problem): (AddressField, FieldProblem)| {
            let column = match field {
                AddressField::FirstName => 0,
                AddressField::LastName => 1,
                AddressField::Company => 2,
                AddressField::Street | AddressField::StreetExtra => 3,
                AddressField::Postcode => 4,
                AddressField::City => 5,
                AddressField::Country => 6,
                AddressField::Phone => 7,
            };
            let reason = match problem {
                FieldProblem::Missing => "it is missing".to_owned(),
                FieldProblem::TooLong => format!("longer than {} characters", field.limit()),
                FieldProblem::Invalid => "it cannot be one".to_owned(),
            };
            Fault::new(columns[column], reason)
        };
        problems.into_iter().map(fault).collect()
    })
}

fn address(cells: &mut Cells<'_>) -> Option<AddressRow> {
    let parts = ADDRESS.map(|column| cells.text(column));
    if parts.iter().all(|part| part.is_empty()) {
        return None;
    }
    let flag = |text: &str| crate::product::yes_or_no(text);
    let is_default_billing = cells.value("_address_default_billing_", flag);
    let is_default_delivery = cells.value("_address_default_shipping_", flag);
    match checked(parts, ADDRESS) {
        Ok(address) => Some(AddressRow {
            address,
            is_default_billing: is_default_billing.unwrap_or(false),
            is_default_delivery: is_default_delivery.unwrap_or(false),
        }),
        Err(faults) => {
            for fault in faults {
                cells.refuse(&fault.column, fault.reason);
            }
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;
    use crate::Table;

    fn read(text: &str) -> Vec<Result<CustomerRow, Vec<Fault>>> {
        let mut table = Table::open(Cursor::new(text.as_bytes()), &REQUIRED).unwrap();
        let header = table.header().clone();
        let mut rows = Vec::new();
        while let Some(record) = table.next().unwrap() {
            rows.push(CustomerRow::read(&header, &record));
        }
        rows
    }

    #[test]
    fn further_addresses_follow_their_account() {
        let text = "email,_website,_store,firstname,lastname,gender,_address_firstname,\
            _address_lastname,_address_street,_address_postcode,_address_city,\
            _address_country_id,_address_telephone,_address_default_billing_\n\
            ada@exemple.fr,base,default,Ada,Lovelace,Female,Ada,Lovelace,\"1 rue du Thé\nÉtage 2\",\
            75011,Paris,FR,0102030405,1\n\
            ,,,,,,Ada,Lovelace,2 rue X,1000,Bruxelles,BE,,\n\
            nobody,,,,,,A,,,7500,P,France,,\n,,,,,,,,,,,,,\n";

        let rows = read(text);

        let address =
            |street: &str, extra: &str, postcode: &str, city: &str, code, phone: &str| Address {
                first_name: "Ada".into(),
                last_name: "Lovelace".into(),
                company: String::new(),
                street: street.into(),
                street_extra: extra.into(),
                postcode: postcode.into(),
                city: city.into(),
                country: Country::new(code).unwrap(),
                phone: phone.into(),
            };
        let first = CustomerRow {
            email: Email::new("ada@exemple.fr"),
            website: Some("base".into()),
            view: Some("default".into()),
            first_name: Field::Set("Ada".into()),
            last_name: Field::Set("Lovelace".into()),
            address: Some(AddressRow {
                address: address("1 rue du Thé", "Étage 2", "75011", "Paris", "FR", "0102030405"),
                is_default_billing: true,
                is_default_delivery: false,
            }),
            ..CustomerRow::further()
        };
        assert_eq!(rows[0], Ok(first));
        let further = rows[1].clone().unwrap();
        assert_eq!(further.email, None);
        assert_eq!(
            further.address.unwrap().address,
            address("2 rue X", "", "1000", "Bruxelles", "BE", "")
        );
        let columns = |row: &Result<CustomerRow, Vec<Fault>>| -> Vec<String> {
            row.as_ref().unwrap_err().iter().map(|fault| fault.column.clone()).collect()
        };
        assert_eq!(columns(&rows[2]), ["email", "_address_country_id"]);
        assert_eq!(columns(&rows[3]), ["email"]);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            first in "[A-Za-zé]{1,8}",
            extra in prop::option::of("[a-z0-9]{1,5}"),
            hash in prop::option::of("[!-~]{1,40}"),
            micros in 0_i64..4_000_000_000_000_000,
            flags in any::<(bool, bool)>(),
            has_address in any::<bool>(),
        ) {
            let address = Address {
                first_name: first.clone(),
                last_name: "L".into(),
                company: "C, \"x\"".into(),
                street: "1 rue".into(),
                street_extra: extra.unwrap_or_default(),
                postcode: "75011".into(),
                city: "Paris".into(),
                country: Country::FR,
                phone: String::new(),
            };
            let mut row = CustomerRow::of(
                Email::new("a@b.fr").unwrap(),
                Timestamp::from_microsecond(micros).unwrap(),
            );
            row.first_name = Field::Set(first);
            row.password_hash = hash.map_or(Field::Keep, Field::Set);
            row.address = has_address.then_some(AddressRow {
                address,
                is_default_billing: flags.0,
                is_default_delivery: flags.1,
            });
            let mut output = Vec::new();
            let mut writer = crate::Writer::new(&mut output);
            writer.write(COLUMNS).unwrap();
            writer.write(row.cells()).unwrap();
            writer.finish().unwrap();

            prop_assert_eq!(read(std::str::from_utf8(&output).unwrap()), [Ok(row)]);
        }
    }
}
