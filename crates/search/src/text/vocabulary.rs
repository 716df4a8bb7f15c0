//! The words of product names, to complete and to correct what shoppers type.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::analysis::Word;

/// Words by their form without accents, each with the number of names it is in.
///
/// Split by first letter pair, so that a version copies only what changed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Vocabulary {
    shards: BTreeMap<String, Arc<BTreeMap<String, Entry>>>,
}

#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// As it was first written, with accents.
    pub(crate) shown: String,
    pub(crate) count: u32,
}

/// Shorter words are neither completed nor corrected to.
const MIN_LETTERS: usize = 3;

impl Vocabulary {
    fn shard(folded: &str) -> String {
        folded.chars().take(2).collect()
    }

    pub(crate) fn add(&mut self, word: &Word) {
        if word.folded.chars().count() < MIN_LETTERS || has_digit(&word.folded) {
            return;
        }
        let shard = Arc::make_mut(self.shards.entry(Self::shard(&word.folded)).or_default());
        let entry = shard
            .entry(word.folded.clone())
            .or_insert_with(|| Entry { shown: word.shown.clone(), count: 0 });
        entry.count = entry.count.saturating_add(1);
    }

    pub(crate) fn remove(&mut self, word: &Word) {
        let Some(shard) = self.shards.get_mut(&Self::shard(&word.folded)) else { return };
        let shard = Arc::make_mut(shard);
        if let Some(entry) = shard.get_mut(&word.folded) {
            entry.count = entry.count.saturating_sub(1);
            if entry.count == 0 {
                shard.remove(&word.folded);
            }
        }
    }

    /// The most frequent words that begin with a text, ties by the alphabet.
    pub(crate) fn complete(&self, prefix: &str, limit: usize) -> Vec<&str> {
        let shard = Self::shard(prefix);
        let shards =
            self.shards.range(shard.clone()..).take_while(|(key, _)| key.starts_with(&shard));
        let mut found: Vec<(&str, &Entry)> = shards
            .flat_map(|(_, words)| {
                let words = words.range(prefix.to_owned()..);
                words.take_while(|(word, _)| word.starts_with(prefix))
            })
            .map(|(word, entry)| (word.as_str(), entry))
            .collect();
        found.sort_by(|a, b| b.1.count.cmp(&a.1.count).then(a.0.cmp(b.0)));
        found.into_iter().take(limit).map(|(_, entry)| entry.shown.as_str()).collect()
    }

    /// The word that a misspelt one most likely was: the nearest within two edits, one for short
    /// words, and of these the most frequent.
    pub(crate) fn correct(&self, folded: &str) -> Option<&str> {
        let letters: Vec<char> = folded.chars().collect();
        if letters.len() < MIN_LETTERS || has_digit(folded) {
            return None;
        }
        let limit = if letters.len() < 6 { 1 } else { 2 };
        let words = self.shards.values().flat_map(|words| words.iter());
        let near = words.filter_map(|(word, entry)| {
            let distance = distance(&letters, word, limit)?;
            Some((distance, std::cmp::Reverse(entry.count), word, entry))
        });
        near.min_by(|a, b| (a.0, a.1, a.2).cmp(&(b.0, b.1, b.2)))
            .map(|(.., entry)| entry.shown.as_str())
    }
}

pub(crate) fn has_digit(word: &str) -> bool {
    word.chars().any(char::is_numeric)
}

/// How many letters must be added, dropped, replaced or swapped with their neighbor; `None` past
/// the limit.
fn distance(from: &[char], to: &str, limit: usize) -> Option<usize> {
    if to.len() + limit < from.len() || from.len() + limit < to.chars().count() {
        return None;
    }
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=from.len()).collect();
    let mut previous = None;
    for (line, char) in (1..).zip(to.chars()) {
        let mut row = Vec::with_capacity(last.len());
        row.push(line);
        for (place, &own) in from.iter().enumerate() {
            let at =
                |row: &[usize], place: usize| row.get(place).copied().unwrap_or(usize::MAX / 2);
            let mut best = (at(&last, place + 1) + 1)
                .min(at(&row, place) + 1)
                .min(at(&last, place) + usize::from(own != char));
            let before = place.checked_sub(1).and_then(|place| from.get(place));
            if Some(own) == previous && before == Some(&char) {
                best = best.min(at(&before_last, place - 1) + 1);
            }
            row.push(best);
        }
        if row.iter().all(|&cost| cost > limit) {
            return None;
        }
        before_last = std::mem::replace(&mut last, row);
        previous = Some(char);
    }
    last.last().copied().filter(|&cost| cost <= limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_edit_is_a_letter_added_dropped_replaced_or_swapped() {
        let distance = |from: &str, to| distance(&from.chars().collect::<Vec<_>>(), to, 2);

        assert_eq!(distance("gourde", "gourde"), Some(0));
        assert_eq!(distance("gorde", "gourde"), Some(1));
        assert_eq!(distance("gourdee", "gourde"), Some(1));
        assert_eq!(distance("gaurde", "gourde"), Some(1));
        assert_eq!(distance("guorde", "gourde"), Some(1));
        assert_eq!(distance("guordes", "gourde"), Some(2));
        assert_eq!(distance("savon", "gourde"), None);
    }
}
