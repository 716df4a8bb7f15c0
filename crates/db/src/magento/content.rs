//! Pages, blocks, and the addresses of everything.

use std::fmt::Write as _;

use super::{Magento, Row, list};
use crate::DbError;

impl Magento {
    /// Pages, a row for each view that shows one; 0 is all of them.
    pub async fn pages(&mut self) -> Result<Vec<Row>, DbError> {
        self.ask(
            "SELECT p.page_id, p.identifier, p.title, p.content_heading, p.content, \
             p.meta_description, p.is_active, s.store_id FROM {cms_page} p \
             LEFT JOIN {cms_page_store} s ON s.page_id = p.page_id \
             ORDER BY p.page_id, s.store_id",
        )
        .await
    }

    pub async fn blocks(&mut self) -> Result<Vec<Row>, DbError> {
        self.ask(
            "SELECT b.block_id, b.identifier, b.title, b.content, b.is_active, \
             MIN(s.store_id) AS store_id FROM {cms_block} b \
             LEFT JOIN {cms_block_store} s ON s.block_id = b.block_id \
             GROUP BY b.block_id, b.identifier, b.title, b.content, b.is_active \
             ORDER BY b.block_id",
        )
        .await
    }

    pub async fn n_rewrites(&mut self) -> Result<u64, DbError> {
        let rows = self.ask("SELECT COUNT(*) AS n FROM {url_rewrite}").await?;
        Ok(rows.first().map_or(0, |row| row.id("n")))
    }

    /// The rewrites of one view.
    pub async fn rewrites(
        &mut self,
        view: u64,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Row>, DbError> {
        self.ask(&format!(
            "SELECT url_rewrite_id, entity_type, entity_id, request_path, target_path, \
             redirect_type, store_id FROM {{url_rewrite}} \
             WHERE store_id = {view} AND url_rewrite_id > {after} \
             ORDER BY url_rewrite_id LIMIT {limit}"
        ))
        .await
    }

    /// The rewrites of one address in some views.
    pub async fn rewrites_of(&mut self, path: &[u8], views: &[u64]) -> Result<Vec<Row>, DbError> {
        // As digits, so that nothing in an address is read as SQL.
        let digits = path.iter().fold(String::new(), |mut digits, byte| {
            let _ = write!(digits, "{byte:02X}");
            digits
        });
        self.ask(&format!(
            "SELECT url_rewrite_id, entity_type, entity_id, request_path, target_path, \
             redirect_type, store_id FROM {{url_rewrite}} \
             WHERE request_path = CONVERT(X'{digits}' USING utf8mb4) AND store_id IN ({}) \
             ORDER BY url_rewrite_id",
            list(views)
        ))
        .await
    }
}
