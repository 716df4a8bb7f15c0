//! Orders, with all that was agreed and what became of it.

use super::{Magento, Row, list};
use crate::DbError;

impl Magento {
    /// How many orders there are in each currency, and what they come to.
    pub async fn sums_of_orders(&mut self) -> Result<Vec<Row>, DbError> {
        self.ask(
            "SELECT COALESCE(order_currency_code, '') AS currency, COUNT(*) AS n, \
             COALESCE(SUM(grand_total), 0) AS grand_total, \
             COALESCE(SUM(tax_amount), 0) AS tax_amount, \
             COALESCE(SUM(shipping_amount), 0) AS shipping_amount \
             FROM {sales_order} GROUP BY COALESCE(order_currency_code, '')",
        )
        .await
    }

    pub async fn orders(&mut self, after: u64, limit: usize) -> Result<Vec<Row>, DbError> {
        self.ask(&format!(
            "SELECT entity_id, state, status, store_id, customer_id, customer_is_guest, \
             customer_email, increment_id, created_at, updated_at, order_currency_code, \
             grand_total, tax_amount, subtotal, subtotal_incl_tax, discount_amount, \
             shipping_amount, shipping_incl_tax, shipping_tax_amount, shipping_discount_amount, \
             shipping_method, shipping_description, billing_address_id, shipping_address_id, \
             total_paid, total_refunded, total_canceled, is_virtual \
             FROM {{sales_order}} WHERE entity_id > {after} ORDER BY entity_id LIMIT {limit}"
        ))
        .await
    }

    /// The lines of orders; those that a bundle or a configurable product is made of, too.
    pub async fn order_items(&mut self, orders: &[u64]) -> Result<Vec<Row>, DbError> {
        self.ask(&format!(
            "SELECT item_id, order_id, parent_item_id, product_type, sku, name, product_options, \
             qty_ordered, qty_shipped, qty_canceled, qty_refunded, is_virtual, weight, price, \
             price_incl_tax, row_total, row_total_incl_tax, tax_percent, tax_amount, \
             discount_amount FROM {{sales_order_item}} WHERE order_id IN ({}) \
             ORDER BY order_id, item_id",
            list(orders)
        ))
        .await
    }

    pub async fn order_addresses(&mut self, orders: &[u64]) -> Result<Vec<Row>, DbError> {
        self.ask(&format!(
            "SELECT entity_id, parent_id, address_type, firstname, lastname, company, street, \
             postcode, city, country_id, telephone FROM {{sales_order_address}} \
             WHERE parent_id IN ({}) ORDER BY parent_id, entity_id",
            list(orders)
        ))
        .await
    }

    pub async fn order_payments(&mut self, orders: &[u64]) -> Result<Vec<Row>, DbError> {
        self.ask(&format!(
            "SELECT parent_id, method, additional_information FROM {{sales_order_payment}} \
             WHERE parent_id IN ({}) ORDER BY parent_id, entity_id",
            list(orders)
        ))
        .await
    }

    /// When the last bill of each order was paid.
    pub async fn order_invoices(&mut self, orders: &[u64]) -> Result<Vec<Row>, DbError> {
        self.ask(&format!(
            "SELECT order_id, MAX(created_at) AS paid_at FROM {{sales_invoice}} \
             WHERE order_id IN ({}) AND state = 2 GROUP BY order_id",
            list(orders)
        ))
        .await
    }

    /// What was in the parcels of orders: a row for each line of each.
    pub async fn order_shipments(&mut self, orders: &[u64]) -> Result<Vec<Row>, DbError> {
        self.ask(&format!(
            "SELECT s.order_id, s.entity_id, s.created_at, i.order_item_id, i.qty, \
             (SELECT MIN(t.title) FROM {{sales_shipment_track}} t WHERE t.parent_id = s.entity_id) \
             AS title, \
             (SELECT MIN(t.track_number) FROM {{sales_shipment_track}} t \
             WHERE t.parent_id = s.entity_id) AS track_number \
             FROM {{sales_shipment}} s JOIN {{sales_shipment_item}} i ON i.parent_id = s.entity_id \
             WHERE s.order_id IN ({}) ORDER BY s.order_id, s.entity_id, i.entity_id",
            list(orders)
        ))
        .await
    }
}
