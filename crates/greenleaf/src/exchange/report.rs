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

pub(super) struct Report {
    header: Header,
    rejects: PathBuf,
    output: Option<Writer<BufWriter<File>>>,
    n_created: u64,
    n_updated: u64,
    n_unchanged: u64,
    n_rejected: u64,
}

impl Report {
    /// Begins anew: rows that an earlier import refused are forgotten.
    pub(super) fn of(file: &Path, header: &Header) -> Result<Self> {
        let rejects = file.with_extension("rejects.csv");
        match std::fs::remove_file(&rejects) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("{}", rejects.display()));
            }
            _ => {}
        }
        Ok(Self {
            header: header.clone(),
            rejects,
            output: None,
            n_created: 0,
            n_updated: 0,
            n_unchanged: 0,
            n_rejected: 0,
        })
    }

    pub(super) fn take(&mut self, things: &Things, outcomes: Vec<Vec<Outcome>>) -> Result<()> {
        let rows = things.iter().flatten().zip(outcomes.into_iter().flatten());
        for (record, outcome) in rows {
            match outcome {
                Outcome::Created => self.n_created += 1,
                Outcome::Updated => self.n_updated += 1,
                Outcome::Unchanged => self.n_unchanged += 1,
                Outcome::Rejected(faults) => self.reject(record, &faults)?,
            }
        }
        Ok(())
    }

    fn reject(&mut self, record: &Record, faults: &[Fault]) -> Result<()> {
        self.n_rejected += 1;
        let output = match &mut self.output {
            Some(output) => output,
            None => {
                let file = File::create_new(&self.rejects)
                    .with_context(|| format!("{}", self.rejects.display()))?;
                let mut output = Writer::new(BufWriter::new(file));
                output.write_reject_header(&self.header)?;
                self.output.insert(output)
            }
        };
        Ok(output.write_reject(&self.header, record, faults)?)
    }

    /// Says what became of all rows; the last line is for scripts.
    pub(super) fn finish(self) -> Result<()> {
        if let Some(output) = self.output {
            output.finish()?;
            let rejects = self.rejects.display();
            say::line(format_args!("{rejects} has the rejected rows and what is wrong with them"));
        }
        say::line(format_args!(
            "created {}, updated {}, unchanged {}, rejected {}",
            self.n_created, self.n_updated, self.n_unchanged, self.n_rejected
        ));
        Ok(())
    }
}
