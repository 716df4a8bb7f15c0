//! Websites, their stores and views, and what is set for them.

use super::{Magento, Row};
use crate::DbError;

impl Magento {
    pub async fn websites(&mut self) -> Result<Vec<Row>, DbError> {
        self.ask(
            "SELECT website_id, code, name, default_group_id, is_default FROM {store_website} \
             WHERE website_id > 0 ORDER BY is_default DESC, sort_order, website_id",
        )
        .await
    }

    pub async fn groups(&mut self) -> Result<Vec<Row>, DbError> {
        self.ask(
            "SELECT group_id, website_id, root_category_id, default_store_id FROM {store_group} \
             WHERE group_id > 0 ORDER BY group_id",
        )
        .await
    }

    /// The store views, active ones first.
    pub async fn views(&mut self) -> Result<Vec<Row>, DbError> {
        self.ask(
            "SELECT store_id, code, website_id, group_id, name, is_active FROM {store} \
             WHERE store_id > 0 ORDER BY is_active DESC, sort_order, store_id",
        )
        .await
    }

    /// What is set of the paths that a move needs to know.
    pub async fn settings(&mut self) -> Result<Vec<Row>, DbError> {
        self.ask(
            "SELECT scope, scope_id, path, value FROM {core_config_data} WHERE path IN \
             ('general/locale/code', 'currency/options/base', 'tax/calculation/price_includes_tax', \
             'customer/account_share/scope', 'web/url/use_store', 'web/secure/base_url', \
             'web/unsecure/base_url')",
        )
        .await
    }

    /// The rates of each class of goods in a country, which is two letters of ours.
    pub async fn tax_rates(&mut self, country: &str) -> Result<Vec<Row>, DbError> {
        let country: String = country.chars().filter(char::is_ascii_alphabetic).collect();
        self.ask(&format!(
            "SELECT c.class_id, c.class_name, MIN(r.rate) AS rate, MAX(r.rate) AS highest \
             FROM {{tax_class}} c \
             LEFT JOIN {{tax_calculation}} t ON t.product_tax_class_id = c.class_id \
             LEFT JOIN {{tax_calculation_rate}} r \
             ON r.tax_calculation_rate_id = t.tax_calculation_rate_id \
             AND r.tax_country_id = '{country}' AND r.tax_postcode IN ('*', '') \
             WHERE c.class_type = 'PRODUCT' GROUP BY c.class_id, c.class_name ORDER BY c.class_id"
        ))
        .await
    }
}
