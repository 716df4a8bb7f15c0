//! What there was and what is here now, counted and summed apart from the move itself.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;
use std::fs::File;

use anyhow::{Context as _, Result};
use commerce::catalog::Sku;
use commerce::customer::Email;
use commerce::order::{AdjustmentSource, OrderNumber};
use exchange::{Record, Table};

use super::aside::Entity;
use super::orders::SUMS;
use super::sum::Sum;
use super::{Move, Tally};
use crate::say;

/// How many things are looked up at a time.
const PAGE: usize = 500;

/// A file that was written, read again row by row.
struct Written {
    table: Table<File>,
}

impl Written {
    fn open(of: &Move<'_>, name: &str) -> Result<Self> {
        let path = of.file(name);
        let file = File::open(&path).with_context(|| format!("{}", path.display()))?;
        Ok(Self { table: Table::open(file, &[])? })
    }

    fn cell(&self, record: &Record, column: &str) -> String {
        let place = self.table.header().names().iter().position(|name| name == column);
        let cell = place.and_then(|place| record.cells().nth(place)).unwrap_or_default();
        String::from_utf8_lossy(cell).trim().to_owned()
    }

    /// The next rows whose key is not empty, with the amounts of some columns.
    fn page(&mut self, key: &str, amounts: &[&str]) -> Result<Vec<(String, Vec<String>)>> {
        let mut rows = Vec::new();
        while rows.len() < PAGE
            && let Some(record) = self.table.next()?
        {
            let name = self.cell(&record, key);
            if !name.is_empty() {
                let amounts = amounts.iter().map(|column| self.cell(&record, column));
                rows.push((name, amounts.collect()));
            }
        }
        Ok(rows)
    }
}

fn amount(text: &str) -> Sum {
    Sum::parse(text).unwrap_or_default()
}

/// Sums by what is summed and the currency.
type Sums = BTreeMap<(&'static str, String), Sum>;

fn add(sums: &mut Sums, what: &'static str, currency: &str, sum: Sum) {
    let known = sums.entry((what, currency.to_owned())).or_default();
    *known = known.plus(sum);
}

/// A line of the report.
struct Line {
    what: String,
    source: Sum,
    moved: Sum,
    aside: Sum,
    rejected: Sum,
    other: Sum,
}

impl Line {
    fn agrees(&self) -> bool {
        let found = self.moved.plus(self.aside).plus(self.rejected).plus(self.other);
        found == self.source
    }
}

impl Move<'_> {
    /// Writes and prints what came to what; `false` when it does not agree.
    pub(super) async fn report(&mut self) -> Result<bool> {
        let (mut moved, mut rejected) = (Sums::new(), Sums::new());
        let mut n_rejected: BTreeMap<Entity, u64> = BTreeMap::new();
        if !self.is_dry {
            n_rejected
                .insert(Entity::Products, self.check_products(&mut moved, &mut rejected).await?);
            n_rejected.insert(Entity::Stock, self.check_stock().await?);
            n_rejected.insert(Entity::Customers, self.check_customers().await?);
            if self.has_orders {
                let n_orders = self.check_orders(&mut moved, &mut rejected).await?;
                n_rejected.insert(Entity::Orders, n_orders);
            }
            let seen = self.n_shared_addresses + self.n_foreign_addresses;
            let Tally { source, moved } = *self.tally(Entity::Addresses);
            let rest = source.saturating_sub(moved + seen);
            let refused = self.rejects.count(Entity::Addresses);
            n_rejected.insert(Entity::Addresses, rest.saturating_sub(refused));
        }
        let mut text = String::new();
        let mode = if self.is_dry { "would be read" } else { "moved" };
        writeln!(text, "{:<14}{:>12}{:>12}{:>12}{:>12}", "", "Magento", mode, "aside", "rejected")?;
        let mut agrees = true;
        for entity in Entity::ALL {
            let tally = *self.tally(entity);
            let (mut aside, refused) = (self.side.count(entity), self.rejects.count(entity));
            let mut here = tally.moved;
            if entity == Entity::Addresses {
                aside += self.n_foreign_addresses;
                here += self.n_shared_addresses;
            }
            let refused = refused + n_rejected.get(&entity).copied().unwrap_or(0);
            if self.is_dry {
                here = tally.source.saturating_sub(aside + refused);
            }
            let is_right = here + aside + refused == tally.source;
            agrees &= is_right;
            let mark = if is_right { "" } else { "   does not agree" };
            writeln!(
                text,
                "{:<14}{:>12}{here:>12}{aside:>12}{refused:>12}{mark}",
                entity.name(),
                tally.source
            )?;
        }
        if !self.is_dry {
            writeln!(text)?;
            for line in self.lines(&moved, &rejected) {
                agrees &= line.agrees();
                let mark = if line.agrees() { "" } else { "   does not agree" };
                let (source, moved) = (line.source.to_string(), line.moved.to_string());
                let (aside, rejected) = (line.aside.to_string(), line.rejected.to_string());
                let other = match line.other.is_zero() {
                    true => String::new(),
                    false => format!("   and {} by rounding or discounts", line.other),
                };
                writeln!(
                    text,
                    "{:<26}{source:>16}{moved:>16}{aside:>16}{rejected:>16}{other}{mark}",
                    line.what
                )?;
            }
        }
        let path = self.file("report.txt");
        std::fs::write(&path, &text).with_context(|| format!("{}", path.display()))?;
        if let Some(path) = self.side.finish()? {
            say::line(format_args!("{} has what the shop has no place for", path.display()));
        }
        if let Some(path) = self.rejects.finish()? {
            say::line(format_args!("{} has what could not be read, and why", path.display()));
        }
        say::line(text.trim_end());
        say::line(match (self.is_dry, agrees) {
            (true, _) => "Nothing was moved.",
            (_, true) => "Everything agrees.",
            (_, false) => "Something does not agree.",
        });
        Ok(agrees)
    }

    fn lines(&self, moved: &Sums, rejected: &Sums) -> Vec<Line> {
        let get = |sums: &Sums, what: &'static str, currency: &str| {
            sums.get(&(what, currency.to_owned())).copied().unwrap_or_default()
        };
        let mut lines = vec![Line {
            what: "prices of products".to_owned(),
            source: self.prices,
            moved: get(moved, "price", ""),
            aside: self.side.sum("price", ""),
            rejected: get(rejected, "price", ""),
            other: self.rounding,
        }];
        for ((what, currency), source) in &self.orders {
            let off = self.shipping_off.get(currency).copied().unwrap_or_default();
            let name = what.replace('_', " ");
            lines.push(Line {
                what: format!("orders, {name} {currency}"),
                source: *source,
                moved: get(moved, what, currency),
                aside: self.side.sum(what, currency),
                rejected: get(rejected, what, currency).plus(self.rejects.sum(what, currency)),
                other: if *what == "shipping_amount" { off } else { Sum::default() },
            });
        }
        lines
    }

    async fn check_products(&mut self, moved: &mut Sums, rejected: &mut Sums) -> Result<u64> {
        let mut written = Written::open(self, "products.csv")?;
        let (mut n_moved, mut n_rejected) = (0, 0);
        let mut seen: HashSet<Sku> = HashSet::new();
        let channel = self.shop.settings().channel.code.clone();
        loop {
            let page = written.page("sku", &["store_view_code", "price"])?;
            if page.is_empty() {
                break;
            }
            let rows: Vec<(Option<Sku>, Sum)> = page
                .into_iter()
                .filter(|(_, cells)| cells[0].is_empty())
                .map(|(sku, cells)| (Sku::new(sku), amount(&cells[1])))
                .collect();
            let mut skus: Vec<Sku> = rows.iter().filter_map(|(sku, _)| sku.clone()).collect();
            skus.sort_unstable();
            skus.dedup();
            let mut conn = self.shop.db.read().await?;
            let owners: HashMap<_, _> =
                db::catalog::product::owners(&mut conn, &skus).await?.into_iter().collect();
            let own = db::catalog::configurable::find_by_skus(&mut conn, &skus).await?;
            let mut ids: Vec<_> = owners.values().copied().collect();
            ids.sort_unstable();
            ids.dedup();
            let mut prices: HashMap<Sku, Sum> = HashMap::new();
            for chunk in ids.chunks(100) {
                for product in db::catalog::product::find_many(&mut conn, chunk).await? {
                    for variant in product.variants {
                        let price = variant.prices.iter().find(|it| it.channel == channel);
                        let price = price.map_or(Sum::default(), |it| Sum::of(it.regular));
                        prices.insert(variant.sku, price);
                    }
                }
            }
            for (sku, price) in rows {
                let found = sku.filter(|sku| {
                    (owners.contains_key(sku) || own.contains_key(sku)) && seen.insert(sku.clone())
                });
                match found {
                    Some(sku) => {
                        n_moved += 1;
                        add(moved, "price", "", prices.get(&sku).copied().unwrap_or_default());
                    }
                    None => {
                        n_rejected += 1;
                        add(rejected, "price", "", price);
                    }
                }
            }
        }
        self.tally(Entity::Products).moved = n_moved;
        Ok(n_rejected)
    }

    async fn check_stock(&mut self) -> Result<u64> {
        let mut written = Written::open(self, "stock.csv")?;
        let (mut n_moved, mut n_rejected) = (0, 0);
        let mut seen: HashSet<Sku> = HashSet::new();
        let source = self.shop.settings().source.clone();
        loop {
            let page = written.page("sku", &["quantity"])?;
            if page.is_empty() {
                break;
            }
            let rows: Vec<(Option<Sku>, String)> =
                page.into_iter().map(|(sku, cells)| (Sku::new(sku), cells[0].clone())).collect();
            let mut skus: Vec<Sku> = rows.iter().filter_map(|(sku, _)| sku.clone()).collect();
            skus.sort_unstable();
            skus.dedup();
            let mut conn = self.shop.db.read().await?;
            let levels = db::stock::find_many(&mut conn, &source, &skus).await?;
            for (sku, quantity) in rows {
                let is_here = sku.is_some_and(|sku| {
                    let level = levels.get(&sku).map(|level| level.on_hand.to_string());
                    level.as_deref() == Some(quantity.as_str()) && seen.insert(sku)
                });
                if is_here { n_moved += 1 } else { n_rejected += 1 }
            }
        }
        self.tally(Entity::Stock).moved = n_moved;
        Ok(n_rejected)
    }

    async fn check_customers(&mut self) -> Result<u64> {
        let mut written = Written::open(self, "customers.csv")?;
        let (mut n_moved, mut n_rejected) = (0, 0);
        let mut seen: HashSet<String> = HashSet::new();
        loop {
            let page = written.page("email", &[])?;
            if page.is_empty() {
                break;
            }
            let keys: Vec<Option<String>> =
                page.iter().map(|(email, _)| Email::new(email).map(|email| email.key())).collect();
            let mut asked: Vec<String> = keys.iter().flatten().cloned().collect();
            asked.sort_unstable();
            asked.dedup();
            let mut conn = self.shop.db.read().await?;
            let found = db::customer::find_many_by_email(&mut conn, &asked).await?;
            for key in keys {
                let is_here = key.is_some_and(|key| found.contains_key(&key) && seen.insert(key));
                if is_here { n_moved += 1 } else { n_rejected += 1 }
            }
        }
        self.tally(Entity::Customers).moved = n_moved;
        Ok(n_rejected)
    }

    async fn check_orders(&mut self, moved: &mut Sums, rejected: &mut Sums) -> Result<u64> {
        let mut written = Written::open(self, "orders.csv")?;
        let (mut n_moved, mut n_rejected) = (0, 0);
        let channel = self.shop.settings().channel.code.clone();
        let mut seen: HashSet<OrderNumber> = HashSet::new();
        // What is said of the whole order stands on its first row.
        let columns = ["grand_total", "tax_amount", "shipping_amount", "order_currency_code"];
        loop {
            let page = written.page("increment_id", &columns)?;
            if page.is_empty() {
                break;
            }
            let heads: Vec<_> =
                page.into_iter().filter(|(_, cells)| !cells[0].is_empty()).collect();
            let numbers: Vec<OrderNumber> =
                heads.iter().filter_map(|(number, _)| OrderNumber::parse(number)).collect();
            let mut conn = self.shop.db.read().await?;
            let found = db::order::find_by_numbers(&mut conn, &channel, &numbers).await?;
            for (number, cells) in heads {
                let number = OrderNumber::parse(&number).filter(|it| seen.insert(it.clone()));
                let id = number.and_then(|number| found.get(&number).copied());
                let order = match id {
                    Some(id) => db::order::find(&mut conn, id).await?,
                    None => None,
                };
                let Some(order) = order.map(|found| found.order) else {
                    n_rejected += 1;
                    for (what, cell) in SUMS.iter().zip(&cells) {
                        add(rejected, what, &cells[3], amount(cell));
                    }
                    continue;
                };
                n_moved += 1;
                let shipping = order
                    .adjustments
                    .iter()
                    .filter(|it| it.source == AdjustmentSource::Shipping)
                    .map(|it| Sum::of(it.amount.net))
                    .fold(Sum::default(), Sum::plus);
                let gross = Sum::of(order.total.net).plus(Sum::of(order.total.tax));
                let currency = order.currency.as_str();
                add(moved, "grand_total", currency, gross);
                add(moved, "tax_amount", currency, Sum::of(order.total.tax));
                add(moved, "shipping_amount", currency, shipping);
            }
        }
        self.tally(Entity::Orders).moved = n_moved;
        Ok(n_rejected)
    }
}
