//! The values of attributes, as rows say them.

use std::collections::HashMap;

use db::magento::Row;

/// By thing, attribute and view.
#[derive(Debug, Default)]
pub(super) struct Values(HashMap<(u64, u64, u64), Vec<u8>>);

impl Values {
    pub(super) fn new(rows: Vec<Row>) -> Self {
        let values = rows.into_iter().map(|row| {
            let key = (row.id("entity_id"), row.id("attribute_id"), row.id("store_id"));
            (key, row.bytes("value").to_vec())
        });
        Self(values.collect())
    }

    /// What a view says, else what holds for all.
    pub(super) fn bytes(&self, id: u64, attribute: u64, view: u64) -> Option<&[u8]> {
        let own = self.0.get(&(id, attribute, view));
        own.or_else(|| self.0.get(&(id, attribute, 0))).map(Vec::as_slice)
    }

    pub(super) fn text(&self, id: u64, attribute: u64, view: u64) -> Option<String> {
        let bytes = self.bytes(id, attribute, view)?;
        Some(String::from_utf8_lossy(bytes).into_owned())
    }
}
