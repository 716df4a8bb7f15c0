//! Products and categories, and the values of their attributes.

use super::{Magento, Row, list};
use crate::DbError;

/// What has attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntityKind {
    Product,
    Category,
}

impl EntityKind {
    fn code(self) -> &'static str {
        match self {
            Self::Product => "catalog_product",
            Self::Category => "catalog_category",
        }
    }
}

/// What products refer to, in tables beside theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// `product_id`, `website_id`.
    Websites,
    /// `product_id`, `category_id`, `position`.
    Categories,
    /// `product_id`, the configurable one; `child_id`, `type_id`, `sku`.
    Variants,
    /// `product_id`, the configurable one; `attribute_id`, in their order.
    Axes,
    /// `product_id`, `value`, `label` in their order.
    Pictures,
    /// `product_id`, `qty`, `is_in_stock`.
    Stock,
    /// `product_id`, `source_code`, `quantity`, `status`.
    Sources,
    /// `product_id`, `quantity` that orders wait for, where placing one lowers the stock.
    Promised,
}

impl Magento {
    pub async fn attributes(&mut self, kind: EntityKind) -> Result<Vec<Row>, DbError> {
        self.ask(&format!(
            "SELECT a.attribute_id, a.attribute_code, a.backend_type, a.frontend_input, \
             a.frontend_label, a.is_user_defined, c.is_filterable, c.is_searchable \
             FROM {{eav_attribute}} a \
             JOIN {{eav_entity_type}} t ON t.entity_type_id = a.entity_type_id \
             LEFT JOIN {{catalog_eav_attribute}} c ON c.attribute_id = a.attribute_id \
             WHERE t.entity_type_code = '{}' ORDER BY a.attribute_id",
            kind.code()
        ))
        .await
    }

    pub async fn attribute_labels(&mut self) -> Result<Vec<Row>, DbError> {
        self.ask("SELECT attribute_id, store_id, value FROM {eav_attribute_label}").await
    }

    /// The options of attributes in their order, with a label for each view that has one.
    pub async fn options(&mut self) -> Result<Vec<Row>, DbError> {
        self.ask(
            "SELECT o.attribute_id, o.option_id, v.store_id, v.value FROM {eav_attribute_option} o \
             LEFT JOIN {eav_attribute_option_value} v ON v.option_id = o.option_id \
             ORDER BY o.attribute_id, o.sort_order, o.option_id, v.store_id",
        )
        .await
    }

    /// The attributes that variants differ by.
    pub async fn axes(&mut self) -> Result<Vec<Row>, DbError> {
        self.ask("SELECT DISTINCT attribute_id FROM {catalog_product_super_attribute}").await
    }

    /// The colors of options.
    pub async fn swatches(&mut self) -> Result<Vec<Row>, DbError> {
        if !self.has("eav_attribute_option_swatch") {
            return Ok(Vec::new());
        }
        self.ask(
            "SELECT option_id, value FROM {eav_attribute_option_swatch} \
             WHERE store_id = 0 AND type = 1",
        )
        .await
    }

    /// The attribute sets of products, a row for each attribute that is in one.
    pub async fn sets(&mut self) -> Result<Vec<Row>, DbError> {
        self.ask(
            "SELECT s.attribute_set_id, s.attribute_set_name, e.attribute_id \
             FROM {eav_attribute_set} s \
             JOIN {eav_entity_type} t ON t.entity_type_id = s.entity_type_id \
             LEFT JOIN {eav_entity_attribute} e ON e.attribute_set_id = s.attribute_set_id \
             WHERE t.entity_type_code = 'catalog_product' \
             ORDER BY s.attribute_set_id, e.sort_order, e.entity_attribute_id",
        )
        .await
    }

    /// All categories, which are few.
    pub async fn categories(&mut self) -> Result<Vec<Row>, DbError> {
        self.ask(
            "SELECT entity_id, parent_id, path, level, position FROM {catalog_category_entity} \
             ORDER BY level, position, entity_id",
        )
        .await
    }

    pub async fn products(&mut self, after: u64, limit: usize) -> Result<Vec<Row>, DbError> {
        self.ask(&format!(
            "SELECT entity_id, attribute_set_id, type_id, sku, created_at \
             FROM {{catalog_product_entity}} WHERE entity_id > {after} \
             ORDER BY entity_id LIMIT {limit}"
        ))
        .await
    }

    pub async fn skus(&mut self, ids: &[u64]) -> Result<Vec<Row>, DbError> {
        self.ask(&format!(
            "SELECT entity_id, sku FROM {{catalog_product_entity}} WHERE entity_id IN ({})",
            list(ids)
        ))
        .await
    }

    pub async fn n_products(&mut self) -> Result<u64, DbError> {
        let rows = self.ask("SELECT COUNT(*) AS n FROM {catalog_product_entity}").await?;
        Ok(rows.first().map_or(0, |row| row.id("n")))
    }

    /// What all things that are sold alone cost, as a view has them.
    pub async fn sum_of_prices(&mut self, price: u64, view: u64) -> Result<String, DbError> {
        let rows = self
            .ask(&format!(
                "SELECT COALESCE(SUM(COALESCE(s.value, d.value)), 0) AS total \
                 FROM {{catalog_product_entity}} p \
                 LEFT JOIN {{catalog_product_entity_decimal}} d ON d.entity_id = p.entity_id \
                 AND d.attribute_id = {price} AND d.store_id = 0 \
                 LEFT JOIN {{catalog_product_entity_decimal}} s ON s.entity_id = p.entity_id \
                 AND s.attribute_id = {price} AND s.store_id = {view} \
                 WHERE p.type_id IN ('simple', 'virtual')"
            ))
            .await?;
        Ok(rows.first().map_or_else(String::new, |row| row.text("total")))
    }

    /// The values that some products or categories have for all views and for these.
    pub async fn values(
        &mut self,
        kind: EntityKind,
        ids: &[u64],
        views: &[u64],
    ) -> Result<Vec<Row>, DbError> {
        let mut values = Vec::new();
        for table in ["varchar", "int", "decimal", "text", "datetime"] {
            values.extend(
                self.ask(&format!(
                    "SELECT entity_id, attribute_id, store_id, value FROM {{{}_entity_{table}}} \
                     WHERE entity_id IN ({}) AND store_id IN (0,{}) AND value IS NOT NULL",
                    kind.code(),
                    list(ids),
                    list(views)
                ))
                .await?,
            );
        }
        Ok(values)
    }

    /// The options that some products have of select attributes, for all views.
    pub async fn option_values(&mut self, ids: &[u64]) -> Result<Vec<Row>, DbError> {
        self.ask(&format!(
            "SELECT entity_id, attribute_id, store_id, value FROM {{catalog_product_entity_int}}              WHERE entity_id IN ({}) AND store_id = 0 AND value IS NOT NULL",
            list(ids)
        ))
        .await
    }

    /// What some products refer to.
    pub async fn links(&mut self, link: Link, ids: &[u64]) -> Result<Vec<Row>, DbError> {
        let ids = list(ids);
        let statement = match link {
            Link::Websites => format!(
                "SELECT product_id, website_id FROM {{catalog_product_website}} \
                 WHERE product_id IN ({ids})"
            ),
            Link::Categories => format!(
                "SELECT product_id, category_id, position FROM {{catalog_category_product}} \
                 WHERE product_id IN ({ids}) ORDER BY product_id, category_id"
            ),
            Link::Variants => format!(
                "SELECT l.parent_id AS product_id, l.product_id AS child_id, p.sku \
                 FROM {{catalog_product_super_link}} l \
                 LEFT JOIN {{catalog_product_entity}} p ON p.entity_id = l.product_id \
                 WHERE l.parent_id IN ({ids}) ORDER BY l.parent_id, l.link_id"
            ),
            Link::Axes => format!(
                "SELECT product_id, attribute_id FROM {{catalog_product_super_attribute}} \
                 WHERE product_id IN ({ids}) ORDER BY product_id, position, attribute_id"
            ),
            Link::Pictures => format!(
                "SELECT e.entity_id AS product_id, g.value, v.label \
                 FROM {{catalog_product_entity_media_gallery_value_to_entity}} e \
                 JOIN {{catalog_product_entity_media_gallery}} g ON g.value_id = e.value_id \
                 LEFT JOIN {{catalog_product_entity_media_gallery_value}} v \
                 ON v.value_id = g.value_id AND v.entity_id = e.entity_id AND v.store_id = 0 \
                 WHERE e.entity_id IN ({ids}) AND g.media_type = 'image' AND g.disabled = 0 \
                 AND COALESCE(v.disabled, 0) = 0 \
                 ORDER BY e.entity_id, COALESCE(v.position, 999999), g.value_id"
            ),
            Link::Stock => format!(
                "SELECT product_id, qty, is_in_stock FROM {{cataloginventory_stock_item}} \
                 WHERE product_id IN ({ids}) ORDER BY product_id, stock_id"
            ),
            Link::Sources if !self.has("inventory_source_item") => return Ok(Vec::new()),
            Link::Sources => format!(
                "SELECT p.entity_id AS product_id, s.source_code, s.quantity, s.status \
                 FROM {{catalog_product_entity}} p \
                 JOIN {{inventory_source_item}} s ON s.sku = p.sku \
                 WHERE p.entity_id IN ({ids}) ORDER BY p.entity_id, s.source_code"
            ),
            Link::Promised => format!(
                "SELECT i.product_id, SUM(i.qty_ordered - i.qty_canceled - i.qty_shipped \
                 - i.qty_refunded) AS quantity FROM {{sales_order_item}} i \
                 JOIN {{sales_order}} o ON o.entity_id = i.order_id \
                 WHERE i.product_id IN ({ids}) AND i.parent_item_id IS NULL \
                 AND o.state NOT IN ('complete', 'closed', 'canceled') GROUP BY i.product_id"
            ),
        };
        self.ask(&statement).await
    }

    /// Whether stock is kept by sources, which an order that is placed does not lower.
    pub fn has_sources(&self) -> bool {
        self.has("inventory_source_item")
    }
}
