//! The cells of one row, by the names of their columns, and what is wrong with them.

use crate::table::{Header, Record};

/// The most bytes of one cell.
const MAX_CELL: usize = 1 << 20;

/// What Magento writes into a cell to have the value taken away.
pub const CLEAR: &str = "__EMPTY__VALUE__";

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub column: String,
    pub reason: String,
}

impl Fault {
    pub fn new(column: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { column: column.into(), reason: reason.into() }
    }
}

/// What a cell asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Field<T> {
    /// An empty cell, or none: what there is stays.
    #[default]
    Keep,
    /// What there is goes.
    Clear,
    Set(T),
}

impl<T> Field<T> {
    pub fn set(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Keep | Self::Clear => None,
        }
    }

    /// Changes what there is.
    pub fn apply(&self, to: &mut Option<T>)
    where
        T: Clone,
    {
        match self {
            Self::Keep => {}
            Self::Clear => *to = None,
            Self::Set(value) => *to = Some(value.clone()),
        }
    }
}

impl Field<String> {
    /// Changes what there is; nothing is the empty text.
    pub fn write(&self, to: &mut String) {
        match self {
            Self::Keep => {}
            Self::Clear => to.clear(),
            Self::Set(text) => to.clone_from(text),
        }
    }
}

fn is_unprintable(char: char) -> bool {
    char.is_control() && !matches!(char, '\n' | '\r' | '\t')
}

/// A row that is being read; collects all that is wrong with it.
pub(crate) struct Cells<'a> {
    header: &'a Header,
    cells: Vec<&'a str>,
    faults: Vec<Fault>,
}

impl<'a> Cells<'a> {
    pub(crate) fn new(header: &'a Header, record: &'a Record) -> Result<Self, Vec<Fault>> {
        if record.is_too_long() {
            let reason = "the row is longer than 16 MiB or has thousands of cells; \
                          is a quote missing?";
            return Err(vec![Fault::new("", reason)]);
        }
        let name = |place: usize| header.names().get(place).cloned().unwrap_or_default();
        let mut faults = Vec::new();
        let mut cells = Vec::with_capacity(header.names().len());
        for (place, cell) in record.cells().enumerate() {
            if cell.len() > MAX_CELL {
                faults.push(Fault::new(name(place), "longer than 1 MiB"));
            }
            match std::str::from_utf8(cell) {
                Ok(text) if text.contains(is_unprintable) => {
                    faults.push(Fault::new(name(place), "it has a control character in it"));
                }
                Ok(text) => cells.push(text),
                Err(error) => {
                    let byte = cell.get(error.valid_up_to()).copied().unwrap_or_default();
                    let reason = format!("not UTF-8: byte 0x{byte:02X}; save the file as UTF-8");
                    faults.push(Fault::new(name(place), reason));
                }
            }
        }
        let (n_cells, n_columns) = (record.cells().len(), header.names().len());
        if n_cells != n_columns {
            let mut reason = format!("the row has {n_cells} cells, the header has {n_columns}");
            if record.cells().any(|cell| cell.contains(&b'\n')) {
                reason += "; is a quote missing?";
            }
            faults.push(Fault::new("", reason));
        }
        if record.is_unclosed() {
            let last = name(n_cells.saturating_sub(1));
            let reason =
                "a quote is opened and never closed: all that follows was taken for its text";
            faults.push(Fault::new(last, reason));
        }
        if faults.is_empty() { Ok(Self { header, cells, faults }) } else { Err(faults) }
    }

    /// The text of a cell, trimmed; empty when there is no such column.
    pub(crate) fn text(&self, column: &str) -> &'a str {
        let place = self.header.place(column);
        place.and_then(|place| self.cells.get(place)).map_or("", |cell| cell.trim())
    }

    pub(crate) fn refuse(&mut self, column: &str, reason: impl Into<String>) {
        self.faults.push(Fault::new(column, reason));
    }

    pub(crate) fn field<T>(
        &mut self,
        column: &str,
        read: impl FnOnce(&'a str) -> Result<T, String>,
    ) -> Field<T> {
        match self.text(column) {
            "" => Field::Keep,
            CLEAR => Field::Clear,
            text => match read(text) {
                Ok(value) => Field::Set(value),
                Err(reason) => {
                    self.refuse(column, reason);
                    Field::Keep
                }
            },
        }
    }

    /// A cell that cannot be taken away.
    pub(crate) fn value<T>(
        &mut self,
        column: &str,
        read: impl FnOnce(&'a str) -> Result<T, String>,
    ) -> Option<T> {
        match self.field(column, read) {
            Field::Keep => None,
            Field::Set(value) => Some(value),
            Field::Clear => {
                self.refuse(column, "it cannot be taken away");
                None
            }
        }
    }

    pub(crate) fn owned(&mut self, column: &str) -> Field<String> {
        self.field(column, |text| Ok(text.to_owned()))
    }

    /// Columns that are not among these, with the cells that are not empty.
    pub(crate) fn others(&self, known: &[&str]) -> Vec<(String, String)> {
        let columns = self.header.names().iter().zip(&self.cells);
        columns
            .filter(|(name, cell)| !known.contains(&name.as_str()) && !cell.trim().is_empty())
            .map(|(name, cell)| (name.clone(), cell.trim().to_owned()))
            .collect()
    }

    /// Whether nothing was wrong so far.
    pub(crate) fn are_sound(&self) -> bool {
        self.faults.is_empty()
    }

    /// The row, if nothing was wrong with it.
    pub(crate) fn finish<T>(self, row: T) -> Result<T, Vec<Fault>> {
        if self.faults.is_empty() { Ok(row) } else { Err(self.faults) }
    }
}

/// Drops the zeros that Magento writes behind a decimal: `12.500000` is `12.5`.
pub(crate) fn without_zeros(text: &str) -> &str {
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => text,
    }
}

pub(crate) fn quoted(text: &str) -> String {
    const SHOWN: usize = 60;
    if text.chars().count() <= SHOWN {
        return format!("“{text}”");
    }
    format!("“{}…”", text.chars().take(SHOWN).collect::<String>())
}

/// Reads a whole number that Magento writes as a decimal.
pub(crate) fn quantity(text: &str) -> Result<u32, String> {
    without_zeros(text)
        .parse()
        .map_err(|_| format!("{} is no whole number of units from 0 on", quoted(text)))
}
