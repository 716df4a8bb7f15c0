//! Stock, customers and orders from a file and into one: rows that follow each other.

use std::collections::HashMap;
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::path::Path;

use anyhow::Result;
use commerce::customer::Email;
use exchange::customer::{self, CustomerRow};
use exchange::order::{self, number_of};
use exchange::redirect::{self, RedirectRow};
use exchange::stock::{self, StockRow};
use exchange::table::{Header, TableError};
use exchange::{Fault, Record, Table, Writer};
use shop::Shop;
use shop::exchange::{
    Outcome, Read, ReadOrder, Terms, import_customers as import_accounts,
    import_orders as take_orders, import_redirects as lead_on, import_stock as count_stock,
    list_customer_rows, list_order_rows, list_stock_rows, read_order,
};

use super::{Counts, Report, Things, is_full, open, say_unread};
use crate::say::Progress;

/// Whether a row belongs to the thing whose first row is given.
type Belongs = fn(&Header, &Record, &Record) -> bool;

/// Reads a file from its start to its end: things, with the rows that belong to each.
struct Stream {
    table: Table<File>,
    progress: Progress,
    /// The first row of the next thing.
    next: Option<Record>,
    /// By the hash of what a thing is called: the line it is on.
    seen: HashMap<u64, u64>,
}

impl Stream {
    fn open(file: &Path, required: &[&'static str]) -> Result<Self> {
        let mut table = open(file, required)?;
        let progress = Progress::of_bytes("importing", std::fs::metadata(file)?.len());
        let next = table.next()?;
        Ok(Self { table, progress, next, seen: HashMap::new() })
    }

    fn header(&self) -> &Header {
        self.table.header()
    }

    /// The next things; `belongs` tells whether a row is a part of the thing that began above it.
    fn batch(&mut self, belongs: Belongs) -> Result<Option<Things>> {
        let mut things = Things::new();
        while !is_full(&things)
            && let Some(first) = self.next.take()
        {
            let mut rows = vec![first];
            while let Some(record) = self.table.next()? {
                if !belongs(self.table.header(), &rows[0], &record) {
                    self.next = Some(record);
                    break;
                }
                rows.push(record);
            }
            things.push(rows);
        }
        self.progress.reach(self.table.position());
        Ok((!things.is_empty()).then_some(things))
    }

    /// Refuses what was there before in the file: whether it is new must not depend on the batch.
    fn once<T>(
        &mut self,
        line: u64,
        row: Result<T, Vec<Fault>>,
        column: &str,
        name: impl FnOnce(&T) -> Option<String>,
    ) -> Result<T, Vec<Fault>> {
        let row = row?;
        let Some(name) = name(&row) else { return Ok(row) };
        let mut hasher = DefaultHasher::new();
        name.hash(&mut hasher);
        match self.seen.insert(hasher.finish(), line) {
            None => Ok(row),
            Some(before) => {
                self.seen.insert(hasher.finish(), before);
                Err(vec![Fault::new(column, format!("line {before} has it already"))])
            }
        }
    }
}

pub(crate) async fn import_stock(shop: &Shop, file: &Path) -> Result<Counts> {
    let mut stream = Stream::open(file, &stock::REQUIRED)?;
    if !["quantity", "qty"].iter().any(|name| stream.header().has(name)) {
        return Err(TableError::ColumnMissing("quantity").into());
    }
    let mut report = Report::of(file, stream.header());
    while let Some(things) = stream.batch(|_, _, _| false)? {
        let mut batch = Vec::new();
        for record in things.iter().flatten() {
            let line = record.place.line;
            let row = StockRow::read(stream.header(), record);
            let name = |row: &StockRow| Some(format!("{:?} {}", row.source, row.sku));
            let row = stream.once(line, row, "sku", name);
            batch.push(Read { line, is_extra: false, row });
        }
        let outcomes: Vec<Outcome> = count_stock(shop, &batch).await?;
        report.take(&things, vec![outcomes])?;
    }
    stream.progress.finish();
    let names = stream.table.header().names();
    say_unread(names, |name| stock::COLUMNS.contains(name) || *name == "qty");
    report.finish()
}

/// Old addresses, which every instance looks at again once all are there.
pub(crate) async fn import_redirects(shop: &Shop, file: &Path) -> Result<Counts> {
    let mut stream = Stream::open(file, &redirect::REQUIRED)?;
    let mut report = Report::of(file, stream.header());
    while let Some(things) = stream.batch(|_, _, _| false)? {
        let mut batch = Vec::new();
        for record in things.iter().flatten() {
            let line = record.place.line;
            let row = RedirectRow::read(stream.header(), record);
            let name = |row: &RedirectRow| Some(row.from.as_str().to_owned());
            let row = stream.once(line, row, "path", name);
            batch.push(Read { line, is_extra: false, row });
        }
        let outcomes = lead_on(shop, &batch).await?;
        report.take(&things, vec![outcomes])?;
    }
    stream.progress.finish();
    shop::redirect::announce_all(shop).await?;
    report.finish()
}

pub(super) async fn export_stock<W: Write>(shop: &Shop, output: &mut Writer<W>) -> Result<u64> {
    output.write(stock::COLUMNS)?;
    let mut n_rows = 0;
    for row in list_stock_rows(shop).await? {
        output.write(row.cells())?;
        n_rows += 1;
    }
    Ok(n_rows)
}

pub(crate) async fn import_customers(shop: &Shop, terms: &Terms, file: &Path) -> Result<Counts> {
    let mut stream = Stream::open(file, &customer::REQUIRED)?;
    let mut report = Report::of(file, stream.header());
    while let Some(things) =
        stream.batch(|header, _, record| customer::is_further(header, record))?
    {
        let mut batch = Vec::new();
        for records in &things {
            let mut group = Vec::new();
            for record in records {
                let line = record.place.line;
                let row = CustomerRow::read(stream.header(), record);
                let name = |row: &CustomerRow| row.email.as_ref().map(Email::key);
                let row = stream.once(line, row, "email", name);
                group.push(Read { line, is_extra: !group.is_empty(), row });
            }
            batch.push(group);
        }
        report.take(&things, import_accounts(shop, terms, &batch).await?)?;
    }
    stream.progress.finish();
    say_unread(stream.table.header().names(), |name| customer::COLUMNS.contains(name));
    report.finish()
}

pub(super) async fn export_customers<W: Write>(shop: &Shop, output: &mut Writer<W>) -> Result<u64> {
    output.write(customer::COLUMNS)?;
    let (mut n_rows, mut last) = (0, None);
    while let Some(page) = list_customer_rows(shop, last).await? {
        for row in &page.rows {
            output.write(row.cells())?;
            n_rows += 1;
        }
        last = Some(page.last);
    }
    Ok(n_rows)
}

pub(crate) async fn import_orders(shop: &Shop, terms: &Terms, file: &Path) -> Result<Counts> {
    let mut stream = Stream::open(file, &order::REQUIRED)?;
    let mut report = Report::of(file, stream.header());
    let belongs = |header: &Header, first: &Record, record: &Record| {
        let number = number_of(header, record);
        number.is_empty() || number == number_of(header, first)
    };
    while let Some(things) = stream.batch(belongs)? {
        let mut batch = Vec::new();
        for records in &things {
            let lines: Vec<u64> = records.iter().map(|record| record.place.line).collect();
            let rows = read_order(shop, terms, stream.header(), records);
            let number = number_of(stream.header(), &records[0]);
            let known = stream.once(lines[0], Ok(()), "increment_id", |()| Some(number));
            let rows = match known {
                Ok(()) => rows,
                Err(faults) => Err(faults.into_iter().map(|fault| (0, fault)).collect()),
            };
            batch.push(ReadOrder { lines, rows });
        }
        report.take(&things, take_orders(shop, &batch).await?)?;
    }
    stream.progress.finish();
    report.finish()
}

pub(super) async fn export_orders<W: Write>(shop: &Shop, output: &mut Writer<W>) -> Result<u64> {
    output.write(order::COLUMNS)?;
    let (mut n_rows, mut last) = (0, None);
    while let Some((rows, at)) = list_order_rows(shop, last).await? {
        for row in &rows {
            output.write(row)?;
            n_rows += 1;
        }
        last = Some(at);
    }
    Ok(n_rows)
}
