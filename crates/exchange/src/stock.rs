//! What lies in stock: Magento's file of sources.

use commerce::catalog::Sku;

use crate::cells::{Cells, Fault, Field, quantity};
use crate::product::sku_refusal;
use crate::table::{Header, Record};

pub const COLUMNS: [&str; 4] = ["source_code", "sku", "status", "quantity"];
pub const REQUIRED: [&str; 1] = ["sku"];

/// How many units of a SKU lie in a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockRow {
    /// `None` where the file does not say, and in Magento's `default`.
    pub source: Option<String>,
    pub sku: Sku,
    pub on_hand: u32,
}

impl StockRow {
    /// Reads a row; `qty`, as the file of products has it, is as good as `quantity`. What is not
    /// in stock by its status counts as nothing, as Magento sells none of it.
    pub fn read(header: &Header, record: &Record) -> Result<Self, Vec<Fault>> {
        let mut cells = Cells::new(header, record)?;
        let sku = Sku::new(cells.text("sku"));
        if sku.is_none() {
            cells.refuse("sku", sku_refusal(cells.text("sku")));
        }
        let column = if header.has("quantity") { "quantity" } else { "qty" };
        let on_hand = match cells.field(column, quantity) {
            Field::Set(on_hand) => Some(on_hand),
            Field::Clear => Some(0),
            Field::Keep => {
                if cells.text(column).is_empty() {
                    cells.refuse(column, "it is missing");
                }
                None
            }
        };
        let is_in_stock = cells.value("status", crate::product::yes_or_no).unwrap_or(true);
        let source = match cells.text("source_code") {
            "" | "default" => None,
            code => Some(code.to_owned()),
        };
        let row = sku.zip(on_hand).map(|(sku, on_hand)| Self {
            source,
            sku,
            on_hand: if is_in_stock { on_hand } else { 0 },
        });
        let row = cells.finish(row)?;
        row.ok_or_else(Vec::new)
    }

    /// The cells of a row of an export, in the order of [`COLUMNS`].
    pub fn cells(&self) -> [String; COLUMNS.len()] {
        [
            self.source.clone().unwrap_or_else(|| "default".to_owned()),
            self.sku.to_string(),
            u8::from(self.on_hand > 0).to_string(),
            self.on_hand.to_string(),
        ]
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::Table;

    fn read(text: &str) -> Vec<Result<StockRow, Vec<Fault>>> {
        let mut table = Table::open(Cursor::new(text.as_bytes()), &REQUIRED).unwrap();
        let header = table.header().clone();
        let mut rows = Vec::new();
        while let Some(record) = table.next().unwrap() {
            rows.push(StockRow::read(&header, &record));
        }
        rows
    }

    fn row(source: Option<&str>, sku: &str, on_hand: u32) -> StockRow {
        StockRow { source: source.map(str::to_owned), sku: Sku::new(sku).unwrap(), on_hand }
    }

    #[test]
    fn quantities_are_whole_numbers_of_units() {
        let rows = read(
            "source_code,sku,status,quantity\ndefault,TEA,1,10.0000\nmain,POT,0,5\n,CUP,1,1.5\n\
             ,JAR,,-3\n,,,\n",
        );

        assert_eq!(rows[..2], [Ok(row(None, "TEA", 10)), Ok(row(Some("main"), "POT", 0))]);
        let refused = |column: &str, text: &str| {
            Err(vec![Fault::new(column, format!("“{text}” is no whole number of units from 0 on"))])
        };
        assert_eq!(rows[2..4], [refused("quantity", "1.5"), refused("quantity", "-3")]);
        assert_eq!(rows[4].as_ref().unwrap_err().len(), 2);
        assert_eq!(read("sku,qty\nTEA,4\n"), [Ok(row(None, "TEA", 4))]);
    }

    #[test]
    fn what_is_written_is_read() {
        for row in [row(None, "TEA", 10), row(Some("main"), "POT", 0)] {
            let cells = row.cells().join(",");
            let found = read(&format!("{}\n{cells}\n", COLUMNS.join(",")));

            assert_eq!(found, [Ok(row)]);
        }
    }
}
