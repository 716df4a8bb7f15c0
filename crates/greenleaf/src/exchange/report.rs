//! What became of the rows of a file: counted, and where they were refused, written beside it.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use exchange::table::Header;
use exchange::{Fault, Record, Writer};
use shop::exchange::Outcome;

use super::Things;
use crate::say;

/// How many rows of a file came to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) created: u64,
    pub(crate) updated: u64,
    pub(crate) unchanged: u64,
    pub(crate) rejected: u64,
}

pub(super) struct Report {
    header: Header,
    rejects: PathBuf,
    output: Option<Writer<BufWriter<File>>>,
    counts: Counts,
}

impl Report {
    /// Begins anew; what an earlier import refused stays where it is until this one has ended.
    pub(super) fn of(file: &Path, header: &Header) -> Self {
        let rejects = file.with_extension("rejects.csv");
        Self { header: header.clone(), rejects, output: None, counts: Counts::default() }
    }

    fn unfinished(&self) -> PathBuf {
        self.rejects.with_extension("csv.partial")
    }

    pub(super) fn take(&mut self, things: &Things, outcomes: Vec<Vec<Outcome>>) -> Result<()> {
        let rows = things.iter().flatten().zip(outcomes.into_iter().flatten());
        for (record, outcome) in rows {
            match outcome {
                Outcome::Created => self.counts.created += 1,
                Outcome::Updated => self.counts.updated += 1,
                Outcome::Unchanged => self.counts.unchanged += 1,
                Outcome::Rejected(faults) => self.reject(record, &faults)?,
            }
        }
        Ok(())
    }

    fn reject(&mut self, record: &Record, faults: &[Fault]) -> Result<()> {
        self.counts.rejected += 1;
        let path = self.unfinished();
        let output = match &mut self.output {
            Some(output) => output,
            None => {
                let file = File::create(&path).with_context(|| format!("{}", path.display()))?;
                let mut output = Writer::new(BufWriter::new(file));
                output.write_reject_header(&self.header)?;
                self.output.insert(output)
            }
        };
        Ok(output.write_reject(&self.header, record, faults)?)
    }

    /// Says what became of all rows; the last line is for scripts.
    pub(super) fn finish(self) -> Result<Counts> {
        let (unfinished, rejects) = (self.unfinished(), self.rejects.display());
        match self.output {
            Some(output) => {
                output.finish()?;
                std::fs::rename(unfinished, &self.rejects).with_context(|| rejects.to_string())?;
                say::line(format_args!(
                    "{rejects} has the rejected rows and what is wrong with them"
                ));
            }
            // All rows that an earlier import refused are in by now.
            None => match std::fs::remove_file(&self.rejects) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(error).with_context(|| rejects.to_string());
                }
                _ => {}
            },
        }
        let Counts { created, updated, unchanged, rejected } = self.counts;
        say::line(format_args!(
            "created {created}, updated {updated}, unchanged {unchanged}, rejected {rejected}"
        ));
        Ok(self.counts)
    }
}
