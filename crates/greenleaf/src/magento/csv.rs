//! A file in Magento's format, written cell by cell.

use std::collections::HashMap;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use exchange::Writer;

pub(super) struct Sheet {
    path: PathBuf,
    output: Writer<BufWriter<File>>,
    places: HashMap<String, usize>,
    cells: Vec<Vec<u8>>,
}

impl Sheet {
    /// Begins the file anew.
    pub(super) fn create(path: &Path, columns: &[&str]) -> Result<Self> {
        let file = File::create(path).with_context(|| format!("{}", path.display()))?;
        let mut output = Writer::new(BufWriter::new(file));
        output.write(columns)?;
        let places = columns.iter().enumerate().map(|(at, name)| ((*name).to_owned(), at));
        Ok(Self {
            path: path.to_owned(),
            output,
            places: places.collect(),
            cells: vec![Vec::new(); columns.len()],
        })
    }

    /// Begins a row of empty cells.
    pub(super) fn begin(&mut self) {
        self.cells.iter_mut().for_each(Vec::clear);
    }

    pub(super) fn set(&mut self, column: &str, value: impl AsRef<[u8]>) {
        if let Some(cell) = self.places.get(column).and_then(|at| self.cells.get_mut(*at)) {
            cell.clear();
            cell.extend_from_slice(value.as_ref());
        }
    }

    pub(super) fn end(&mut self) -> Result<()> {
        Ok(self.output.write(&self.cells)?)
    }

    pub(super) fn finish(self) -> Result<()> {
        let path = self.path;
        self.output.finish().with_context(|| format!("{}", path.display()))
    }
}
