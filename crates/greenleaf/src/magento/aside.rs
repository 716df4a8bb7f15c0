//! What the shop has no place for, and what could not be taken: kept in files, counted, summed.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use db::magento::Row;
use serde_json::{Map, Value, json};

use super::sum::Sum;

/// A kind of thing that is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Entity {
    Attributes,
    Categories,
    Products,
    Stock,
    Customers,
    Orders,
    Pages,
    Blocks,
    Addresses,
}

impl Entity {
    pub(super) const ALL: [Self; 9] = [
        Self::Attributes,
        Self::Categories,
        Self::Products,
        Self::Stock,
        Self::Customers,
        Self::Orders,
        Self::Pages,
        Self::Blocks,
        Self::Addresses,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Attributes => "attributes",
            Self::Categories => "categories",
            Self::Products => "products",
            Self::Stock => "stock",
            Self::Customers => "customers",
            Self::Orders => "orders",
            Self::Pages => "pages",
            Self::Blocks => "blocks",
            Self::Addresses => "addresses",
        }
    }
}

/// A file of things, a line of JSON for each, that begins with the first.
pub(super) struct Aside {
    path: PathBuf,
    output: Option<BufWriter<File>>,
    counts: BTreeMap<Entity, u64>,
    /// By what is summed up and its currency.
    sums: BTreeMap<(&'static str, String), Sum>,
}

impl Aside {
    /// Forgets what an earlier run kept.
    pub(super) fn at(path: PathBuf) -> Result<Self> {
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("{}", path.display()));
            }
            _ => {}
        }
        Ok(Self { path, output: None, counts: BTreeMap::new(), sums: BTreeMap::new() })
    }

    /// Counts a thing and keeps its rows with the reason.
    pub(super) fn keep(
        &mut self,
        entity: Entity,
        reason: &str,
        rows: &[(&str, &[&Row])],
    ) -> Result<()> {
        *self.counts.entry(entity).or_default() += 1;
        self.note(entity, reason, rows)
    }

    /// Keeps what is lost of a thing that is moved all the same.
    pub(super) fn note(
        &mut self,
        entity: Entity,
        reason: &str,
        rows: &[(&str, &[&Row])],
    ) -> Result<()> {
        let mut line = Map::new();
        line.insert("entity".to_owned(), json!(entity.name()));
        line.insert("reason".to_owned(), json!(reason));
        for (name, rows) in rows {
            let row = |row: &&Row| {
                row.cells().map(|(name, value)| (name.to_owned(), json!(value))).collect()
            };
            let rows: Vec<Value> = rows.iter().map(|it| Value::Object(row(it))).collect();
            line.insert((*name).to_owned(), Value::Array(rows));
        }
        let output = match &mut self.output {
            Some(output) => output,
            None => {
                let file = File::create_new(&self.path)
                    .with_context(|| format!("{}", self.path.display()))?;
                self.output.insert(BufWriter::new(file))
            }
        };
        serde_json::to_writer(&mut *output, &line)?;
        output.write_all(b"\n")?;
        Ok(())
    }

    pub(super) fn add(&mut self, what: &'static str, currency: &str, amount: Sum) {
        let sum = self.sums.entry((what, currency.to_owned())).or_default();
        *sum = sum.plus(amount);
    }

    pub(super) fn count(&self, entity: Entity) -> u64 {
        self.counts.get(&entity).copied().unwrap_or(0)
    }

    pub(super) fn sum(&self, what: &'static str, currency: &str) -> Sum {
        self.sums.get(&(what, currency.to_owned())).copied().unwrap_or_default()
    }

    /// Writes what is left to write, and says where it is when there is something.
    pub(super) fn finish(&mut self) -> Result<Option<&Path>> {
        let Some(output) = &mut self.output else { return Ok(None) };
        output.flush()?;
        Ok(Some(&self.path))
    }
}
