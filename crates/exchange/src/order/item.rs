//! A line of an order.

use commerce::catalog::{Decimal, ProductId, Sku, VariantId};
use commerce::media::MediaKey;
use commerce::money::{Currency, Money};
use commerce::order::OrderLine;
use commerce::price::Price;
use commerce::tax::{TaxClass, TaxRate};

use super::head::code;
use super::json;
use crate::cells::{Cells, Fault, quantity, quoted, without_zeros};
use crate::product::{money, sku_refusal};
use crate::table::{Header, Record};

/// Magento keeps unit prices with four decimals, of which the buyer saw two.
fn rounded(text: &str, currency: Currency) -> Result<Money, String> {
    let text = without_zeros(text);
    let refusal = || format!("{} is no amount in {}", quoted(text), currency.as_str());
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let decimal = Decimal::parse(&format!("{whole}.{}", &part.get(..4).unwrap_or(part)));
    let decimal = decimal.filter(|it| it.ten_thousandths >= 0).ok_or_else(refusal)?;
    let step = 10_i64.pow(4 - currency.decimals().min(4));
    Ok(Money::new((decimal.ten_thousandths + step / 2).div_euclid(step), currency))
}

/// Net and gross as Magento keeps them.
fn price(net: Option<Money>, gross: Option<Money>, currency: Currency) -> Price {
    let net = net.unwrap_or(Money::zero(currency));
    let tax = gross.and_then(|gross| gross.minus(net).ok());
    Price::new(net, tax.unwrap_or(Money::zero(currency)))
}

/// One line.
pub(super) struct Item {
    pub(super) line: OrderLine,
    pub(super) n_shipped: Option<u32>,
    discount: Option<Money>,
    /// After the discount.
    tax: Option<Money>,
}

impl Item {
    pub(super) fn read(
        header: &Header,
        record: &Record,
        currency: Currency,
        position: u32,
    ) -> Result<Self, Vec<Fault>> {
        let mut cells = Cells::new(header, record)?;
        let amount = |text: &str| money(text, currency);
        let sku = cells.value("item_sku", |text| Sku::new(text).ok_or_else(|| sku_refusal(text)));
        let ordered = cells.value("item_qty_ordered", quantity);
        let n_shipped = cells.value("item_qty_shipped", quantity);
        let weight = cells.value("item_weight", crate::product::grams).unwrap_or(0);
        let unit_net = cells.value("item_price", |text| rounded(text, currency));
        let unit_gross = cells.value("item_price_incl_tax", |text| rounded(text, currency));
        let net = cells.value("item_row_total", amount);
        let gross = cells.value("item_row_total_incl_tax", amount);
        let rate = cells.value("item_tax_percent", percent).unwrap_or(TaxRate::ZERO);
        let discount = cells.value("item_discount_amount", amount);
        let tax = cells.value("item_tax_amount", amount);
        let class = cells.value("greenleaf_item_tax_class", |text| code(text, TaxClass::new));
        let options = cells.value("greenleaf_item_options", json::read_options);
        let picture = cells.value("greenleaf_item_image", |text| {
            MediaKey::new(text).ok_or_else(|| format!("{} is no picture", quoted(text)))
        });
        let name = cells.value("item_name", |text| match text.chars().count() {
            0..=255 => Ok(text.to_owned()),
            _ => Err("longer than 255 characters".to_owned()),
        });
        for (column, is_there) in [
            ("item_sku", sku.is_some()),
            ("item_qty_ordered", ordered.is_some()),
            ("item_row_total", net.is_some()),
            ("item_row_total_incl_tax", gross.is_some()),
        ] {
            if !is_there && cells.text(column).is_empty() {
                cells.refuse(column, "it is missing");
            }
        }
        if ordered == Some(0) {
            cells.refuse("item_qty_ordered", "a line has one unit at least");
        }
        let line = sku.zip(ordered).map(|(sku, quantity)| OrderLine {
            position,
            name: name.unwrap_or_else(|| sku.to_string()),
            sku,
            product: ProductId(uuid::Uuid::nil()),
            variant: VariantId(uuid::Uuid::nil()),
            options: options.unwrap_or_default(),
            picture,
            quantity,
            n_shipped: 0,
            n_withdrawn: 0,
            weight_grams: weight,
            tax_class: class.unwrap_or_else(|| TaxClass::new("standard").expect("a valid code")),
            rate,
            unit: price(unit_net, unit_gross, currency),
            amount: price(net, gross, currency),
        });
        let line = cells.finish(line)?;
        line.map(|line| Self { line, n_shipped, discount, tax }).ok_or_else(Vec::new)
    }

    /// What a discount takes off the line: its tax is what is missing from the line's, and it is
    /// gross where prices are.
    pub(super) fn discount(&self, amount: Price, is_gross: bool) -> Price {
        let zero = Price::zero(amount.net.currency());
        let Some(discount) = self.discount.filter(|it| !it.is_zero()) else { return zero };
        let tax = self.tax.and_then(|after| after.minus(amount.tax).ok()).unwrap_or(zero.tax);
        let Ok(off) = zero.net.minus(discount) else { return zero };
        let net = if is_gross { off.minus(tax).unwrap_or(off) } else { off };
        Price::new(net, tax)
    }
}

fn percent(text: &str) -> Result<TaxRate, String> {
    let decimal = Decimal::parse(without_zeros(text));
    let points =
        decimal.filter(|it| it.ten_thousandths % 100 == 0).map(|it| it.ten_thousandths / 100);
    points
        .and_then(|points| u32::try_from(points).ok())
        .and_then(TaxRate::from_basis_points)
        .ok_or_else(|| format!("{} is no rate in percent", quoted(text)))
}
