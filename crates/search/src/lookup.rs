//! Finds the row of a product by any of its names.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

const SHARDS: u64 = 1024;

/// Hashes of names and the rows they lead to.
///
/// Sixteen bytes a name instead of a copy of it: whoever asks compares the name with the product
/// found. Split into shards, so that a change copies some kilobytes.
#[derive(Clone, Debug)]
pub(crate) struct Lookup {
    shards: Vec<Arc<Vec<(u64, u32)>>>,
}

impl Default for Lookup {
    fn default() -> Self {
        let empty = Arc::new(Vec::new());
        Self { shards: (0..SHARDS).map(|_| Arc::clone(&empty)).collect() }
    }
}

/// The same on each machine and in each run, which only tests rely on.
pub(crate) fn hash(key: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

impl Lookup {
    fn shard(key: u64) -> usize {
        usize::try_from(key % SHARDS).unwrap_or(0)
    }

    /// The lowest row under this hash that is really meant.
    pub(crate) fn find(&self, key: u64, is_meant: impl Fn(u32) -> bool) -> Option<u32> {
        let shard = self.shards.get(Self::shard(key))?;
        let start = shard.partition_point(|&(other, _)| other < key);
        let same = shard.iter().skip(start).take_while(|(other, _)| *other == key);
        same.map(|&(_, row)| row).find(|&row| is_meant(row))
    }

    pub(crate) fn insert(&mut self, key: u64, row: u32) {
        if let Some(shard) = self.shards.get_mut(Self::shard(key))
            && let Err(place) = shard.binary_search(&(key, row))
        {
            Arc::make_mut(shard).insert(place, (key, row));
        }
    }

    pub(crate) fn remove(&mut self, key: u64, row: u32) {
        if let Some(shard) = self.shards.get_mut(Self::shard(key))
            && let Ok(place) = shard.binary_search(&(key, row))
        {
            Arc::make_mut(shard).remove(place);
        }
    }

    /// Fills an empty lookup at once, which spares the shifting of single insertions.
    pub(crate) fn fill(keys: impl IntoIterator<Item = (u64, u32)>) -> Self {
        let mut shards: Vec<Vec<(u64, u32)>> = (0..SHARDS).map(|_| Vec::new()).collect();
        for (key, row) in keys {
            if let Some(shard) = shards.get_mut(Self::shard(key)) {
                shard.push((key, row));
            }
        }
        let finish = |mut shard: Vec<(u64, u32)>| {
            shard.sort_unstable();
            shard.dedup();
            shard.shrink_to_fit();
            Arc::new(shard)
        };
        Self { shards: shards.into_iter().map(finish).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_names_with_one_hash_are_told_apart_by_asking() {
        let mut lookup = Lookup::fill([(5, 1), (5, 2), (1029, 3)]);

        assert_eq!(lookup.find(5, |row| row == 2), Some(2));
        assert_eq!(lookup.find(5, |_| true), Some(1));
        assert_eq!(lookup.find(1029, |_| true), Some(3));

        lookup.remove(5, 1);
        lookup.insert(6, 9);

        assert_eq!(lookup.find(5, |_| true), Some(2));
        assert_eq!(lookup.find(6, |_| true), Some(9));
        assert_eq!(lookup.find(7, |_| true), None);
    }
}
