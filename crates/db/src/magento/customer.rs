//! Accounts and their addresses.

use super::{Magento, Row, list};
use crate::DbError;

impl Magento {
    pub async fn n_customers(&mut self) -> Result<u64, DbError> {
        let rows = self.ask("SELECT COUNT(*) AS n FROM {customer_entity}").await?;
        Ok(rows.first().map_or(0, |row| row.id("n")))
    }

    pub async fn customers(&mut self, after: u64, limit: usize) -> Result<Vec<Row>, DbError> {
        self.ask(&format!(
            "SELECT entity_id, website_id, store_id, email, created_at, is_active, firstname, \
             lastname, password_hash, default_billing, default_shipping FROM {{customer_entity}} \
             WHERE entity_id > {after} ORDER BY entity_id LIMIT {limit}"
        ))
        .await
    }

    pub async fn addresses(&mut self, customers: &[u64]) -> Result<Vec<Row>, DbError> {
        self.ask(&format!(
            "SELECT entity_id, parent_id, firstname, lastname, company, street, postcode, city, \
             country_id, telephone FROM {{customer_address_entity}} \
             WHERE parent_id IN ({}) ORDER BY parent_id, entity_id",
            list(customers)
        ))
        .await
    }
}
