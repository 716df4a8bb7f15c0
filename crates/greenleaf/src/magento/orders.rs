//! Orders with their lines, as rows that say what Magento's tables say.

use std::collections::HashMap;

use anyhow::Result;
use db::magento::{Magento, Row};
use serde_json::{Value, json};

use super::Move;
use super::aside::Entity;
use super::csv::Sheet;
use super::sum::Sum;
use crate::say::Progress;

/// How many orders are read at a time.
const PAGE: usize = 200;

/// The sums of orders that must agree, with the columns they are of.
pub(super) const SUMS: [&str; 3] = ["grand_total", "tax_amount", "shipping_amount"];

/// Orders with all that is read of them.
struct Page {
    rows: Vec<Row>,
    items: Vec<Row>,
    addresses: Vec<Row>,
    payments: Vec<Row>,
    invoices: Vec<Row>,
    shipments: Vec<Row>,
}

fn sum(row: &Row, column: &str) -> Sum {
    Sum::parse(&row.text(column)).unwrap_or_default()
}

fn of<'a>(rows: &'a [Row], column: &'a str, id: u64) -> impl Iterator<Item = &'a Row> {
    rows.iter().filter(move |row| row.id(column) == id)
}

impl Move<'_> {
    pub(super) async fn write_orders(&mut self, source: &mut Magento) -> Result<()> {
        let mut sheet = Sheet::create(&self.file("orders.csv"), &exchange::order::COLUMNS)?;
        for row in source.sums_of_orders().await? {
            self.tally(Entity::Orders).source += row.id("n");
            for what in SUMS {
                self.orders.insert((what, row.text("currency")), sum(&row, what));
            }
        }
        let mut progress = Progress::of_rows("reading orders", self.tally(Entity::Orders).source);
        let mut after = 0;
        loop {
            let rows = source.orders(after, PAGE).await?;
            let Some(last) = rows.last() else { break };
            after = last.id("entity_id");
            progress.add(u64::try_from(rows.len())?);
            let ids: Vec<u64> = rows.iter().map(|row| row.id("entity_id")).collect();
            let page = Page {
                items: source.order_items(&ids).await?,
                addresses: source.order_addresses(&ids).await?,
                payments: source.order_payments(&ids).await?,
                invoices: source.order_invoices(&ids).await?,
                shipments: source.order_shipments(&ids).await?,
                rows,
            };
            for row in &page.rows {
                self.write_order(row, &page, &mut sheet)?;
            }
        }
        progress.finish();
        sheet.finish()
    }

    fn write_order(&mut self, row: &Row, page: &Page, sheet: &mut Sheet) -> Result<()> {
        let id = row.id("entity_id");
        let items: Vec<&Row> = of(&page.items, "order_id", id).collect();
        let lines: Vec<&Row> =
            items.iter().copied().filter(|item| item.id("parent_item_id") == 0).collect();
        let addresses: Vec<&Row> = of(&page.addresses, "parent_id", id).collect();
        if let Some(reason) = self.has_no_place(row, &lines) {
            let payments: Vec<&Row> = of(&page.payments, "parent_id", id).collect();
            let kept: &[(&str, &[&Row])] = &[
                ("order", &[row]),
                ("items", &items),
                ("addresses", &addresses),
                ("payments", &payments),
            ];
            self.side.keep(Entity::Orders, reason, kept)?;
            for what in SUMS {
                self.side.add(what, &row.text("order_currency_code"), sum(row, what));
            }
            return Ok(());
        }
        if lines.is_empty() {
            self.add_rejected_order(row);
            return self.rejects.keep(Entity::Orders, "it has no lines", &[("order", &[row])]);
        }
        if row.bytes("increment_id").trim_ascii().is_empty() {
            self.add_rejected_order(row);
            return self.rejects.keep(Entity::Orders, "it has no number", &[("order", &[row])]);
        }

        sheet.begin();
        for column in ["increment_id", "created_at", "customer_email", "order_currency_code"] {
            sheet.set(column, row.bytes(column));
        }
        if let Some(locale) = self.site.locale_of(row.id("store_id")) {
            sheet.set("store_view_code", locale.as_str());
        }
        let is_guest = row.id("customer_is_guest") == 1 || row.id("customer_id") == 0;
        sheet.set("customer_is_guest", if is_guest { "1" } else { "0" });
        for (which, column) in
            [("billing", "billing_address_id"), ("shipping", "shipping_address_id")]
        {
            let known = addresses.iter().find(|address| address.id("entity_id") == row.id(column));
            let known = known.or_else(|| {
                addresses.iter().find(|address| address.bytes("address_type") == which.as_bytes())
            });
            let Some(address) = known else { continue };
            for part in [
                "firstname",
                "lastname",
                "company",
                "street",
                "postcode",
                "city",
                "country_id",
                "telephone",
            ] {
                sheet.set(&format!("{which}_{part}"), address.bytes(part));
            }
        }
        let method = row.bytes("shipping_method");
        sheet.set("shipping_method", if method.is_empty() { b"none" } else { method });
        sheet.set("shipping_description", row.bytes("shipping_description"));
        self.amounts(row, &lines, sheet);
        if let Some(payment) = of(&page.payments, "parent_id", id).next() {
            sheet.set("payment_method", payment.bytes("method"));
            let told = serde_json::from_slice(payment.bytes("additional_information"));
            let told: Value = told.unwrap_or_default();
            if let Some(title) = told.get("method_title").and_then(Value::as_str) {
                sheet.set("greenleaf_payment_name", title);
            }
        }
        let progress = Course::of(row, &lines);
        sheet.set("status", progress.status);
        if progress.is_paid {
            let invoice = of(&page.invoices, "order_id", id).next();
            let paid_at = invoice.map(|row| row.bytes("paid_at")).filter(|at| !at.is_empty());
            sheet.set("greenleaf_paid_at", paid_at.unwrap_or(row.bytes("created_at")));
        }
        if progress.status == "canceled" {
            sheet.set("greenleaf_canceled_at", row.bytes("updated_at"));
        }
        if let Some(parcels) = parcels(of(&page.shipments, "order_id", id), &lines, &progress) {
            sheet.set("greenleaf_shipments", parcels);
        }
        for (at, line) in lines.iter().enumerate() {
            if at > 0 {
                sheet.begin();
                sheet.set("increment_id", row.bytes("increment_id"));
            }
            for (column, from) in [
                ("item_sku", "sku"),
                ("item_name", "name"),
                ("item_qty_ordered", "qty_ordered"),
                ("item_weight", "weight"),
                ("item_price", "price"),
                ("item_price_incl_tax", "price_incl_tax"),
                ("item_row_total", "row_total"),
                ("item_row_total_incl_tax", "row_total_incl_tax"),
                ("item_tax_percent", "tax_percent"),
                ("item_discount_amount", "discount_amount"),
                ("item_tax_amount", "tax_amount"),
            ] {
                sheet.set(column, line.bytes(from));
            }
            // Old orders were written without the amounts that follow from others.
            for (column, from) in
                [("item_price_incl_tax", "price"), ("item_row_total_incl_tax", "row_total")]
            {
                let is_untaxed = sum(line, "tax_amount").is_zero();
                if line.bytes(column.trim_start_matches("item_")).is_empty() && is_untaxed {
                    sheet.set(column, line.bytes(from));
                }
            }
            sheet.set("item_qty_shipped", progress.shipped(line).to_string());
            sheet.set("greenleaf_item_options", options(line));
            sheet.end()?;
        }
        Ok(())
    }

    /// Why the shop could not show an order as it was agreed.
    fn has_no_place(&self, row: &Row, lines: &[&Row]) -> Option<&'static str> {
        let any = |column: &str| lines.iter().any(|line| sum(line, column).is_above_zero());
        let is_canceled = row.bytes("state") == b"canceled";
        match row.bytes("state") {
            _ if !self.site.languages.contains_key(&row.id("store_id"))
                && row.id("store_id") != 0 =>
            {
                Some("an order of another website")
            }
            b"closed" => Some("it was paid back"),
            _ if sum(row, "total_refunded").is_above_zero() || any("qty_refunded") => {
                Some("a part of it was paid back")
            }
            _ if !is_canceled && any("qty_canceled") => Some("a part of it was canceled"),
            _ => None,
        }
    }

    pub(super) fn add_rejected_order(&mut self, row: &Row) {
        for what in SUMS {
            self.rejects.add(what, &row.text("order_currency_code"), sum(row, what));
        }
    }

    /// What the order comes to. Discounts on shipping are taken off it, as they were paid.
    fn amounts(&mut self, row: &Row, lines: &[&Row], sheet: &mut Sheet) {
        let tax = sum(row, "shipping_tax_amount");
        let off = sum(row, "shipping_discount_amount");
        // With tax, where discounts were taken off prices with it.
        let is_gross = self.were_prices_with_tax(row, lines);
        let shipping = match (off.is_zero(), is_gross) {
            (true, _) => sum(row, "shipping_amount"),
            (false, true) => sum(row, "shipping_incl_tax").minus(off).minus(tax),
            (false, false) => sum(row, "shipping_amount").minus(off),
        };
        let currency = row.text("order_currency_code");
        let known = self.shipping_off.entry(currency).or_default();
        *known = known.plus(sum(row, "shipping_amount").minus(shipping));
        sheet.set("shipping_amount", shipping.to_string());
        sheet.set("shipping_tax_amount", tax.to_string());
        sheet.set("grand_total", row.bytes("grand_total"));
        sheet.set("tax_amount", row.bytes("tax_amount"));
        sheet.set("greenleaf_prices_include_tax", if is_gross { "1" } else { "0" });
    }

    /// Whether discounts were taken off prices with tax: what they add up to says so.
    fn were_prices_with_tax(&self, row: &Row, lines: &[&Row]) -> bool {
        let lines_off = lines.iter().map(|line| sum(line, "discount_amount"));
        let discount = lines_off.fold(sum(row, "shipping_discount_amount"), Sum::plus);
        if discount.is_zero() {
            return self.site.prices_include_tax;
        }
        let gross = sum(row, "subtotal_incl_tax").plus(sum(row, "shipping_incl_tax"));
        gross.minus(discount) == sum(row, "grand_total")
    }
}

/// How far an order has come.
struct Course {
    status: &'static str,
    is_paid: bool,
    /// What needs no parcel is with the buyer once the order is complete.
    is_complete: bool,
}

impl Course {
    fn of(row: &Row, lines: &[&Row]) -> Self {
        if row.bytes("state") == b"canceled" {
            return Self { status: "canceled", is_paid: false, is_complete: false };
        }
        let is_complete = row.bytes("state") == b"complete";
        let (total, paid) = (sum(row, "grand_total"), sum(row, "total_paid"));
        let is_paid = is_complete || !total.minus(paid).is_above_zero();
        let mut course = Self { status: "processing", is_paid, is_complete };
        let shipped: Vec<Sum> = lines.iter().map(|line| course.shipped(line)).collect();
        let is_sent = lines.iter().zip(&shipped).all(|(line, it)| *it == sum(line, "qty_ordered"));
        let is_untouched = shipped.iter().all(|it| it.is_zero());
        if is_paid && is_sent {
            course.status = "complete";
        } else if !is_paid && is_untouched {
            course.status = "pending";
        }
        if row.bytes("state") == b"holded" {
            course.status = "holded";
        }
        course
    }

    fn shipped(&self, line: &Row) -> Sum {
        match self.is_complete && line.id("is_virtual") == 1 {
            true => sum(line, "qty_ordered"),
            false => sum(line, "qty_shipped"),
        }
    }
}

/// What the buyer chose of a configurable product.
fn options(line: &Row) -> String {
    let told: Value = serde_json::from_slice(line.bytes("product_options")).unwrap_or_default();
    let chosen = told.get("attributes_info").and_then(Value::as_array);
    let pair = |it: &Value| {
        let text = |name: &str| it.get(name).and_then(Value::as_str).map(str::to_owned);
        text("label").zip(text("value"))
    };
    let pairs: Vec<(String, String)> = chosen.into_iter().flatten().filter_map(pair).collect();
    if pairs.is_empty() { String::new() } else { json!(pairs).to_string() }
}

/// A parcel by its number: what is said of it, and the places of its lines with their quantities.
type Parcel = (u64, Value, Vec<(usize, u64)>);

/// The parcels of an order, if they hold what its lines say was sent.
fn parcels<'a>(
    rows: impl Iterator<Item = &'a Row>,
    lines: &[&Row],
    course: &Course,
) -> Option<String> {
    let positions: HashMap<u64, usize> =
        lines.iter().enumerate().map(|(at, line)| (line.id("item_id"), at)).collect();
    let mut sent: Vec<Sum> = vec![Sum::default(); lines.len()];
    let mut parcels: Vec<Parcel> = Vec::new();
    for row in rows {
        let Some(&at) = positions.get(&row.id("order_item_id")) else { continue };
        let quantity = sum(row, "qty");
        let whole = quantity.to_string();
        let whole = whole.strip_suffix(".00").and_then(|text| text.parse().ok())?;
        sent[at] = sent[at].plus(quantity);
        let short = |column: &str| row.text(column).chars().take(80).collect::<String>();
        let parcel = row.id("entity_id");
        if parcels.last().is_none_or(|(last, ..)| *last != parcel) {
            let shipped_at = format!("{}Z", row.text("created_at").replace(' ', "T"));
            let head = json!({"carrier": short("title"), "tracking_number": short("track_number"),
                "shipped_at": shipped_at});
            parcels.push((parcel, head, Vec::new()));
        }
        let (_, _, within) = parcels.last_mut()?;
        match within.iter_mut().find(|(known, _)| *known == at) {
            Some((_, quantity)) => *quantity += whole,
            None => within.push((at, whole)),
        }
    }
    let is_all = lines.iter().zip(&sent).all(|(line, sent)| course.shipped(line) == *sent);
    if parcels.is_empty() || !is_all {
        return None;
    }
    let parcels: Vec<Value> = parcels
        .into_iter()
        .map(|(_, mut head, lines)| {
            head["lines"] = json!(lines);
            head
        })
        .collect();
    Some(json!(parcels).to_string())
}
