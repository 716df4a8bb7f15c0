//! Accounts with their addresses, as Magento's file of customers.

use anyhow::Result;
use db::magento::{Magento, Row};

use super::Move;
use super::aside::Entity;
use super::csv::Sheet;
use crate::say::Progress;

/// How many accounts are read at a time.
const PAGE: usize = 500;

/// The columns of an address with those of the file.
const ADDRESS: [(&str, &str); 8] = [
    ("firstname", "_address_firstname"),
    ("lastname", "_address_lastname"),
    ("company", "_address_company"),
    ("street", "_address_street"),
    ("postcode", "_address_postcode"),
    ("city", "_address_city"),
    ("country_id", "_address_country_id"),
    ("telephone", "_address_telephone"),
];

/// Whether a hash is of MD5 somewhere, which is not taken: anybody who reads it has the password.
fn is_weak(hash: &str) -> bool {
    let mut parts = hash.split(':');
    let digest = parts.next().unwrap_or_default();
    let has_salt = parts.next().is_some();
    let mut versions = parts.peekable();
    let is_bare = digest.len() == 32 && (!has_salt || versions.peek().is_none());
    is_bare || versions.any(|version| version == "0")
}

impl Move<'_> {
    pub(super) async fn write_customers(&mut self, source: &mut Magento) -> Result<()> {
        let mut columns =
            vec!["email", "_store", "created_at", "firstname", "lastname", "password_hash"];
        columns.extend(ADDRESS.map(|(_, column)| column));
        columns.extend(["_address_default_billing_", "_address_default_shipping_"]);
        let mut sheet = Sheet::create(&self.file("customers.csv"), &columns)?;
        let n_customers = source.n_customers().await?;
        self.tally(Entity::Customers).source = n_customers;
        let mut progress = Progress::of_rows("reading customers", n_customers);
        let mut after = 0;
        loop {
            let rows = source.customers(after, PAGE).await?;
            let Some(last) = rows.last() else { break };
            after = last.id("entity_id");
            progress.add(u64::try_from(rows.len())?);
            let ids: Vec<u64> = rows.iter().map(|row| row.id("entity_id")).collect();
            let addresses = source.addresses(&ids).await?;
            for row in &rows {
                let id = row.id("entity_id");
                let own: Vec<&Row> =
                    addresses.iter().filter(|address| address.id("parent_id") == id).collect();
                self.write_customer(row, &own, &mut sheet)?;
            }
        }
        progress.finish();
        sheet.finish()
    }

    fn write_customer(&mut self, row: &Row, addresses: &[&Row], sheet: &mut Sheet) -> Result<()> {
        let kept: &[(&str, &[&Row])] = &[("customer", &[row]), ("addresses", addresses)];
        if self.site.has_own_accounts && row.id("website_id") != self.site.website {
            return self.side.keep(Entity::Customers, "an account of another website", kept);
        }
        if row.id("is_active") == 0 {
            return self.side.keep(Entity::Customers, "the account is not active", kept);
        }
        sheet.begin();
        // Rows without an address of mail would be taken for further addresses of the one above.
        let email = row.bytes("email");
        sheet.set("email", if email.trim_ascii().is_empty() { b"-" } else { email });
        if let Some(locale) = self.site.locale_of(row.id("store_id")) {
            sheet.set("_store", locale.as_str());
        }
        for column in ["created_at", "firstname", "lastname"] {
            sheet.set(column, row.bytes(column));
        }
        let hash = row.text("password_hash");
        if is_weak(&hash) {
            self.n_weak_passwords += 1;
        } else {
            sheet.set("password_hash", &hash);
        }
        // Addresses have rows of their own, so that a bad one is rejected alone.
        for address in addresses {
            sheet.end()?;
            sheet.begin();
            for (from, to) in ADDRESS {
                sheet.set(to, address.bytes(from));
            }
            let id = address.id("entity_id");
            let is = |column: &str| if row.id(column) == id { "1" } else { "" };
            sheet.set("_address_default_billing_", is("default_billing"));
            sheet.set("_address_default_shipping_", is("default_shipping"));
        }
        sheet.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn md5_is_known_wherever_it_stands() {
        let md5 = "d41d8cd98f00b204e9800998ecf8427e";
        let sha = "6e7985144f0597a9f93f6db353921ae2e72d3fa7a2ce7f05f3f4c4b55891664e";

        for hash in [format!("{md5}:salt:0"), format!("{md5}:xx"), md5.to_owned()] {
            assert!(is_weak(&hash), "{hash}");
        }
        assert!(is_weak(&format!("{sha}:salt:0:1")));
        for hash in [format!("{sha}:salt:1"), format!("{sha}:salt:1:2"), String::new()] {
            assert!(!is_weak(&hash), "{hash}");
        }
    }
}
