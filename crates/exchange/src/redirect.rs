//! Addresses that lead on: ours alone, since Magento exports none.

use commerce::catalog::{CategoryCode, Sku};
use commerce::channel::Locale;
use commerce::content::PageCode;
use commerce::redirect::{OldPath, Target};

use crate::cells::{Cells, Fault, quoted};
use crate::table::{Header, Record};

pub const COLUMNS: [&str; 5] = ["path", "language", "kind", "target", "category"];
pub const REQUIRED: [&str; 3] = ["path", "kind", "target"];

/// What an address leads to, by the name that the merchant has for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    Product(Sku),
    Category(CategoryCode),
    Page(PageCode),
    Path(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedirectRow {
    pub from: OldPath,
    /// `None` for the channel's first one.
    pub locale: Option<Locale>,
    pub target: Named,
    /// Where it leads when the shop does not have the target; the home page without it.
    pub category: Option<CategoryCode>,
}

impl RedirectRow {
    pub fn read(header: &Header, record: &Record) -> Result<Self, Vec<Fault>> {
        let mut cells = Cells::new(header, record)?;
        let from = cells.value("path", |text| {
            OldPath::new(text).ok_or_else(|| format!("{} is no path of a shop", quoted(text)))
        });
        let locale = cells.value("language", |text| {
            Locale::new(text).ok_or_else(|| format!("{} is no language", quoted(text)))
        });
        let category = cells.value("category", |text| {
            CategoryCode::new(text).ok_or_else(|| format!("{} is no code", quoted(text)))
        });
        let kind = cells.text("kind");
        let target = cells.value("target", |text| match kind {
            "product" => Sku::new(text)
                .map(Named::Product)
                .ok_or_else(|| format!("{} is no SKU", quoted(text))),
            "category" => CategoryCode::new(text)
                .map(Named::Category)
                .ok_or_else(|| format!("{} is no code", quoted(text))),
            "page" => PageCode::new(text)
                .map(Named::Page)
                .ok_or_else(|| format!("{} is no code", quoted(text))),
            "path" => match Target::local(text) {
                Some(Target::Path(path)) => Ok(Named::Path(path)),
                _ => Err(format!("{} is no path of this shop", quoted(text))),
            },
            other => Err(format!("{}: product, category, page or path", quoted(other))),
        });
        for (column, is_there) in [("path", from.is_some()), ("target", target.is_some())] {
            if !is_there && cells.text(column).is_empty() {
                cells.refuse(column, "it is missing");
            }
        }
        let row = from.zip(target).map(|(from, target)| Self { from, locale, target, category });
        let row = cells.finish(row)?;
        row.ok_or_else(Vec::new)
    }

    /// The cells of a row, in the order of [`COLUMNS`].
    pub fn cells(&self) -> [String; COLUMNS.len()] {
        let (kind, target) = match &self.target {
            Named::Product(sku) => ("product", sku.to_string()),
            Named::Category(code) => ("category", code.to_string()),
            Named::Page(code) => ("page", code.to_string()),
            Named::Path(path) => ("path", path.clone()),
        };
        [
            self.from.as_str().to_owned(),
            self.locale.map(|locale| locale.as_str().to_owned()).unwrap_or_default(),
            kind.to_owned(),
            target,
            self.category.as_ref().map(ToString::to_string).unwrap_or_default(),
        ]
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;
    use crate::Table;

    fn read(text: &str) -> Vec<Result<RedirectRow, Vec<Fault>>> {
        let mut table = Table::open(Cursor::new(text.as_bytes()), &REQUIRED).unwrap();
        let header = table.header().clone();
        let mut rows = Vec::new();
        while let Some(record) = table.next().unwrap() {
            rows.push(RedirectRow::read(&header, &record));
        }
        rows
    }

    #[test]
    fn what_leads_out_of_the_shop_is_refused() {
        let text = "path,kind,target\nfoo.html,path,//evil.example\nfoo.html,product,TH É\n\
            ,page,terms\nfoo.html,thing,x\nfoo.html,path,/cart\n";

        let rows = read(text);

        let faults = |row: &Result<RedirectRow, Vec<Fault>>| -> Vec<String> {
            row.as_ref().unwrap_err().iter().map(|fault| fault.reason.clone()).collect()
        };
        assert_eq!(faults(&rows[0]), ["“//evil.example” is no path of this shop"]);
        assert_eq!(faults(&rows[1]), ["“TH É” is no SKU"]);
        assert_eq!(faults(&rows[2]), ["it is missing"]);
        assert_eq!(faults(&rows[3]), ["“thing”: product, category, page or path"]);
        let row = rows[4].as_ref().unwrap();
        assert_eq!(row.target, Named::Path("/cart".into()));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            path in "[a-zé/.,\"-]{1,20}",
            locale in prop::option::of("[a-z]{2}"),
            sku in "[!-~]{1,8}",
            category in prop::option::of("[a-z]{1,5}"),
        ) {
            prop_assume!(OldPath::new(&path).is_some());
            let row = RedirectRow {
                from: OldPath::new(&path).unwrap(),
                locale: locale.and_then(|code| Locale::new(&code)),
                target: Named::Product(Sku::new(sku).unwrap()),
                category: category.and_then(CategoryCode::new),
            };
            let mut output = Vec::new();
            let mut writer = crate::Writer::new(&mut output);
            writer.write(COLUMNS).unwrap();
            writer.write(row.cells()).unwrap();
            writer.finish().unwrap();

            prop_assert_eq!(read(std::str::from_utf8(&output).unwrap()), [Ok(row)]);
        }
    }
}
