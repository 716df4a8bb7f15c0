//! The current snapshot, and the one place where it is replaced.

use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use commerce::channel::Locale;
use jiff::Timestamp;

use crate::snapshot::{Change, Snapshot};
use crate::source::{Delta, Source};
use crate::text::{TextSearcher, TextWriter};

/// Why the snapshot was not replaced. The current one stays.
#[derive(Debug, thiserror::Error)]
#[error("the text index could not be written")]
pub struct IndexError(#[source] tantivy::TantivyError);

/// Holds the current snapshot of one channel.
///
/// Readers never wait. Writers wait for each other, since one version follows from another.
pub struct Index {
    current: ArcSwap<Snapshot>,
    writers: Mutex<Vec<TextWriter>>,
}

impl Index {
    /// Builds the first snapshot; the languages' texts are indexed side by side.
    pub fn new(source: Source, now: Timestamp) -> Result<Self, IndexError> {
        let locales = match source.channel.locales.as_slice() {
            [] => vec![Locale::FR],
            locales => locales.to_vec(),
        };
        let writers: Result<_, _> = locales.into_iter().map(TextWriter::new).collect();
        let empty = Snapshot::empty(source.channel, source.structure, now);
        let index = Self {
            current: ArcSwap::from_pointee(empty),
            writers: Mutex::new(writers.map_err(IndexError)?),
        };
        let some = |input: crate::ProductInput| (input.product.id, Some(input));
        let products = source.products.into_iter().map(some).collect();
        index.apply(Delta { products, ..Delta::default() }, now)?;
        Ok(index)
    }

    /// The current version. Keep it for one request, so that the request sees one version.
    pub fn load(&self) -> Arc<Snapshot> {
        self.current.load_full()
    }

    /// Makes the next version out of the current one and what changed. Where nothing changed, such
    /// as for SKUs of another channel, the current one stays.
    ///
    /// Costs in proportion to what changed, plus one pass over the lists it moved in; some
    /// milliseconds at 100,000 products, so not on a thread that serves requests.
    pub fn apply(&self, delta: Delta, now: Timestamp) -> Result<Arc<Snapshot>, IndexError> {
        let mut writers = self.writers.lock().unwrap_or_else(PoisonError::into_inner);
        let current = self.current.load_full();
        let is_restructured = delta.structure.is_some();
        let (mut next, changes) = current.next(delta, now);
        if changes.is_empty() && !is_restructured && !current.texts.is_empty() {
            return Ok(current);
        }
        next.texts = write(&mut writers, &current, &next, &changes, is_restructured)?;
        let next = Arc::new(next);
        self.current.store(Arc::clone(&next));
        Ok(next)
    }

    /// Brings prices up to date whose special price began or ended; does nothing before
    /// [`Snapshot::next_change`].
    pub fn refresh(&self, now: Timestamp) -> Result<Arc<Snapshot>, IndexError> {
        let current = self.load();
        match current.next_change() {
            Some(moment) if moment <= now => self.apply(Delta::default(), now),
            _ => Ok(current),
        }
    }
}

fn write(
    writers: &mut [TextWriter],
    current: &Snapshot,
    next: &Snapshot,
    changes: &[Change],
    is_restructured: bool,
) -> Result<Vec<TextSearcher>, IndexError> {
    let write = |(place, writer): (usize, &mut TextWriter)| {
        writer.write(changes, &next.schema, is_restructured, current.texts.get(place))
    };
    let texts: Result<Vec<TextSearcher>, _> = if changes.len() < 1_000 {
        writers.iter_mut().enumerate().map(write).collect()
    } else {
        std::thread::scope(|scope| {
            let write = &write;
            let threads: Vec<_> =
                writers.iter_mut().enumerate().map(|w| scope.spawn(move || write(w))).collect();
            let join = |thread: std::thread::ScopedJoinHandle<'_, _>| {
                thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            };
            threads.into_iter().map(join).collect()
        })
    };
    texts.map_err(IndexError)
}
