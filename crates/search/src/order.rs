//! Rows kept sorted from one version to the next.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::sync::Arc;

use crate::ix;

/// A sorted list of the listed rows, and the place of each row in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Order {
    rows: Arc<Vec<u32>>,
    rank: Arc<Vec<u32>>,
}

impl Order {
    pub(crate) fn new(rows: Vec<u32>, n_rows: u32) -> Self {
        let mut rank = vec![u32::MAX; ix(n_rows)];
        for (place, &row) in (0..).zip(&rows) {
            if let Some(slot) = rank.get_mut(ix(row)) {
                *slot = place;
            }
        }
        Self { rows: Arc::new(rows), rank: Arc::new(rank) }
    }

    pub(crate) fn rows(&self) -> &[u32] {
        &self.rows
    }

    /// The place of a row; past all others when it is not listed.
    pub(crate) fn rank(&self, row: u32) -> u32 {
        self.rank.get(ix(row)).copied().unwrap_or(u32::MAX)
    }

    /// Takes `changed` rows out and puts `inserted` ones where they belong.
    pub(crate) fn patched(
        &self,
        changed: &HashSet<u32>,
        inserted: Vec<u32>,
        n_rows: u32,
        compare: impl Fn(u32, u32) -> Ordering,
    ) -> Self {
        Self::new(remerge(&self.rows, changed, inserted, compare), n_rows)
    }
}

/// Rebuilds a sorted list after some rows changed, comparing only those.
///
/// One pass over the list plus a binary search for each inserted row.
pub(crate) fn remerge(
    old: &[u32],
    changed: &HashSet<u32>,
    mut inserted: Vec<u32>,
    compare: impl Fn(u32, u32) -> Ordering,
) -> Vec<u32> {
    inserted.sort_by(|&a, &b| compare(a, b));
    let kept: Vec<u32> = old.iter().copied().filter(|row| !changed.contains(row)).collect();
    let mut merged = Vec::with_capacity(kept.len() + inserted.len());
    let mut rest = kept.as_slice();
    for row in inserted {
        let (before, after) =
            rest.split_at(rest.partition_point(|&other| compare(other, row) == Ordering::Less));
        merged.extend_from_slice(before);
        merged.push(row);
        rest = after;
    }
    merged.extend_from_slice(rest);
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_row_moves_and_the_others_stay() {
        let weight = |row: u32| if row == 4 { 15 } else { row * 10 };
        let order = Order::new(vec![1, 2, 4, 5], 6);

        let patched =
            order.patched(&HashSet::from([4, 5]), vec![4, 3], 6, |a, b| weight(a).cmp(&weight(b)));

        assert_eq!(patched.rows(), [1, 4, 2, 3]);
        assert_eq!((patched.rank(4), patched.rank(5)), (1, u32::MAX));
    }
}
