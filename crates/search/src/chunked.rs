//! A vector that versions share: changing a few entries copies a few chunks.

use std::sync::Arc;

use crate::ix;

const SHIFT: u32 = 9;
const CHUNK: usize = 1 << SHIFT;

/// One value per row, in chunks of 512 that are copied when they are written.
///
/// A clone costs one reference count per chunk: 200 of them at 100,000 rows.
#[derive(Clone, Debug)]
pub(crate) struct Chunked<T> {
    chunks: Vec<Arc<Vec<T>>>,
    len: u32,
}

impl<T> Default for Chunked<T> {
    fn default() -> Self {
        Self { chunks: Vec::new(), len: 0 }
    }
}

impl<T: Clone> Chunked<T> {
    pub(crate) fn len(&self) -> u32 {
        self.len
    }

    pub(crate) fn get(&self, row: u32) -> Option<&T> {
        self.chunks.get(ix(row >> SHIFT))?.get(ix(row) & (CHUNK - 1))
    }

    /// Replaces the value of a row; a row past the end is not one.
    pub(crate) fn set(&mut self, row: u32, value: T) {
        let chunk = self.chunks.get_mut(ix(row >> SHIFT)).map(Arc::make_mut);
        if let Some(slot) = chunk.and_then(|chunk| chunk.get_mut(ix(row) & (CHUNK - 1))) {
            *slot = value;
        }
    }

    /// Appends a value and returns its row.
    pub(crate) fn push(&mut self, value: T) -> u32 {
        let row = self.len;
        match self.chunks.last_mut() {
            Some(chunk) if chunk.len() < CHUNK => Arc::make_mut(chunk).push(value),
            _ => {
                let mut chunk = Vec::with_capacity(CHUNK);
                chunk.push(value);
                self.chunks.push(Arc::new(chunk));
            }
        }
        self.len = self.len.saturating_add(1);
        row
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.chunks.iter().flat_map(|chunk| chunk.iter())
    }
}

impl<T: Clone> FromIterator<T> for Chunked<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let mut chunked = Self::default();
        for value in values {
            chunked.push(value);
        }
        chunked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_leaves_the_older_version_as_it_was() {
        let old: Chunked<u32> = (0..1_500).collect();

        let mut new = old.clone();
        new.set(1_000, 7);
        let row = new.push(8);

        assert_eq!(row, 1_500);
        assert_eq!((old.get(1_000), old.get(1_500), old.len()), (Some(&1_000), None, 1_500));
        assert_eq!((new.get(1_000), new.get(1_500), new.len()), (Some(&7), Some(&8), 1_501));
        assert!(Arc::ptr_eq(&old.chunks[0], &new.chunks[0]));
        assert!(!Arc::ptr_eq(&old.chunks[1], &new.chunks[1]));
    }
}
