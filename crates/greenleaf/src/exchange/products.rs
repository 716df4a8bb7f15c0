//! Products from a file and into one.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use commerce::money::Currency;
use exchange::product::{COLUMNS, Outline, ProductRow, REQUIRED, is_of_view};
use exchange::{Place, Record, Table, Writer};
use shop::Shop;
use shop::exchange::{
    Frame, Images, Read, Terms, check_products, create_structure, import_products,
    list_product_rows,
};

use super::{Counts, Report, Things, is_full, open, say_unread};
use crate::say::{self, Progress};

/// The rows of one product.
type Group = Vec<Read<ProductRow>>;

pub(crate) async fn import(
    shop: &Shop,
    terms: &Terms,
    file: &Path,
    create: bool,
) -> Result<Counts> {
    let mut table = open(file, &REQUIRED)?;
    let mut progress = Progress::of_bytes("reading", std::fs::metadata(file)?.len());
    let outline = Outline::read(&mut table, |position| progress.reach(position))?;
    progress.finish();

    let currency = shop.settings().channel.currency;
    let mut images = Images::in_folder(terms.images.clone());
    let guesses = create.then(|| Arc::new(outline.guesses.clone()));
    let terms = &Terms { guesses, ..terms.clone() };
    if create {
        check(shop, terms, &mut table, &outline, &mut images).await?;
    }
    let mut report = Report::of(file, table.header());
    let (mut n_renamed, mut n_drafts) = (0, 0);
    let mut progress = Progress::of_rows("importing", outline.n_rows);
    let mut groups = outline.groups.iter();
    while let Some((batch, things)) = next_batch(&mut table, &mut groups, currency)? {
        let imported = import_products(shop, terms, &mut images, &batch).await?;
        n_renamed += u64::from(imported.n_renamed);
        n_drafts += u64::from(imported.n_drafts);
        progress.add(count(things.iter().map(Vec::len).sum()));
        report.take(&things, imported.outcomes)?;
    }
    progress.finish();

    say_what_was_passed_over(shop, terms, table.header().names()).await?;
    if n_renamed > 0 {
        say::line(format_args!("{n_renamed} url keys were taken, and got a number"));
    }
    if n_drafts > 0 {
        say::line(format_args!("{n_drafts} products are drafts: no price, or no manufacturer"));
    }
    report.finish()
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

/// Looks through the whole file first, so that what is missing is created at once, and only for
/// rows that are not refused.
async fn check(
    shop: &Shop,
    terms: &Terms,
    table: &mut Table<File>,
    outline: &Outline,
    images: &mut Images,
) -> Result<()> {
    let currency = shop.settings().channel.currency;
    let mut frame = Frame::of(shop, terms).await?;
    let mut progress = Progress::of_rows("checking", outline.n_rows);
    let mut groups = outline.groups.iter();
    while let Some((batch, things)) = next_batch(table, &mut groups, currency)? {
        check_products(shop, terms, images, &mut frame, &batch).await?;
        progress.add(count(things.iter().map(Vec::len).sum()));
    }
    progress.finish();
    create_structure(shop, &frame).await?;
    Ok(())
}

fn next_batch<'a>(
    table: &mut Table<File>,
    groups: &mut impl Iterator<Item = &'a Vec<Place>>,
    currency: Currency,
) -> Result<Option<(Vec<Group>, Things)>> {
    let (mut batch, mut things): (Vec<Group>, Things) = (Vec::new(), Vec::new());
    while !is_full(&things)
        && let Some(places) = groups.next()
    {
        let mut records: Vec<Record> = Vec::with_capacity(places.len());
        for place in places {
            records.extend(table.read_at(*place)?);
        }
        let read = |record: &Record| Read {
            line: record.place.line,
            is_extra: is_of_view(table.header(), record),
            row: ProductRow::read(table.header(), record, currency),
        };
        batch.push(records.iter().map(read).collect());
        things.push(records);
    }
    Ok((!things.is_empty()).then_some((batch, things)))
}

async fn say_what_was_passed_over(shop: &Shop, terms: &Terms, names: &[String]) -> Result<()> {
    let attributes = db::catalog::attribute::list(&mut shop.db.read().await?).await?;
    let is_attribute = |name: &&str| {
        attributes.iter().any(|attribute| attribute.code.as_str() == name.to_ascii_lowercase())
    };
    say_unread(names, |name| COLUMNS.contains(name) || is_attribute(name));
    let has_images =
        ["base_image", "additional_images"].iter().any(|it| names.iter().any(|name| name == it));
    if has_images && terms.images.is_none() {
        say::line("images were not read: --images names their folder");
    }
    Ok(())
}

pub(super) async fn export<W: Write>(shop: &Shop, output: &mut Writer<W>) -> Result<u64> {
    output.write(COLUMNS)?;
    let (mut n_rows, mut last) = (0, None);
    while let Some(page) = list_product_rows(shop, last).await? {
        for row in &page.rows {
            output.write(row.cells())?;
        }
        n_rows += count(page.rows.len());
        last = Some(page.last);
    }
    Ok(n_rows)
}
