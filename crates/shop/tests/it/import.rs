//! Files as they come, read and imported batch by batch.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::path::PathBuf;
use std::sync::Arc;

use exchange::product::{COLUMNS, Outline, ProductRow, REQUIRED, is_of_view};
use exchange::{Fault, Table, Writer};
use jiff::tz::TimeZone;
use shop::exchange::{
    Frame, Images, Imported, Outcome, Read, Terms, check_products, create_structure,
    import_products, list_product_rows,
};
use testkit::TestShop;

pub(crate) fn terms() -> Terms {
    Terms {
        guesses: None,
        views: BTreeMap::new(),
        zone: TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap(),
        images: None,
    }
}

/// What became of a file: a word for each row, by its line, and what is wrong with the rejected.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Report {
    pub(crate) created: Vec<u64>,
    pub(crate) updated: Vec<u64>,
    pub(crate) unchanged: Vec<u64>,
    pub(crate) rejected: Vec<(u64, String, String)>,
    pub(crate) n_renamed: u32,
    pub(crate) n_drafts: u32,
}

impl Report {
    pub(crate) fn note(&mut self, line: u64, outcome: Outcome) {
        match outcome {
            Outcome::Created => self.created.push(line),
            Outcome::Updated => self.updated.push(line),
            Outcome::Unchanged => self.unchanged.push(line),
            Outcome::Rejected(faults) => {
                let fault = |Fault { column, reason }| (line, column, reason);
                self.rejected.extend(faults.into_iter().map(fault));
            }
        }
    }

    pub(crate) fn sorted(mut self) -> Self {
        self.created.sort_unstable();
        self.updated.sort_unstable();
        self.unchanged.sort_unstable();
        self.rejected.sort();
        self
    }

    /// The lines that were rejected, with the columns at fault.
    pub(crate) fn faults(&self) -> BTreeSet<(u64, &str)> {
        self.rejected.iter().map(|(line, column, _)| (*line, column.as_str())).collect()
    }
}

/// How the products of a file are imported.
#[derive(Clone, Debug, Default)]
pub(crate) struct How {
    pub(crate) create: bool,
    pub(crate) images: Option<PathBuf>,
}

/// Like `greenleaf import products --create`.
pub(crate) async fn create(shop: &TestShop, file: &str) -> Report {
    import(shop, file, How { create: true, images: None }).await
}

pub(crate) async fn import(shop: &TestShop, file: &str, how: How) -> Report {
    import_bytes(shop, file.as_bytes(), how).await
}

pub(crate) async fn import_bytes(shop: &TestShop, file: &[u8], how: How) -> Report {
    let mut images = Images::in_folder(how.images.clone());
    let mut table = Table::open(Cursor::new(file), &REQUIRED).unwrap();
    let outline = Outline::read(&mut table, |_| ()).unwrap();
    let guesses = how.create.then(|| Arc::new(outline.guesses.clone()));
    let terms = Terms { images: how.images, guesses, ..terms() };
    let mut batches: Vec<Vec<Vec<Read<ProductRow>>>> = Vec::new();
    for places in outline.groups.chunks(3) {
        let mut batch = Vec::new();
        for places in places {
            let mut group = Vec::new();
            for place in places {
                let record = table.read_at(*place).unwrap().unwrap();
                group.push(Read {
                    line: record.place.line,
                    is_extra: is_of_view(table.header(), &record),
                    row: ProductRow::read(
                        table.header(),
                        &record,
                        shop.settings().channel.currency,
                    ),
                });
            }
            batch.push(group);
        }
        batches.push(batch);
    }
    if how.create {
        let mut frame = Frame::of(shop, &terms).await.unwrap();
        for batch in &batches {
            check_products(shop, &terms, &mut images, &mut frame, batch).await.unwrap();
        }
        create_structure(shop, &frame).await.unwrap();
    }
    let mut report = Report::default();
    for batch in &batches {
        let imported: Imported = import_products(shop, &terms, &mut images, batch).await.unwrap();
        report.n_renamed += imported.n_renamed;
        report.n_drafts += imported.n_drafts;
        let lines = batch.iter().flatten().map(|read| read.line);
        for (line, outcome) in lines.zip(imported.outcomes.into_iter().flatten()) {
            report.note(line, outcome);
        }
    }
    report.sorted()
}

/// Like `greenleaf export products`.
pub(crate) async fn export(shop: &TestShop) -> String {
    let mut bytes = Vec::new();
    let mut output = Writer::new(&mut bytes);
    output.write(COLUMNS).unwrap();
    let mut last = None;
    while let Some(page) = list_product_rows(shop, last).await.unwrap() {
        for row in &page.rows {
            output.write(row.cells()).unwrap();
        }
        last = Some(page.last);
    }
    output.finish().unwrap();
    String::from_utf8(bytes).unwrap()
}
