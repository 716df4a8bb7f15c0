//! Finds the rows of products by what shoppers type.

use std::collections::HashMap;
use std::sync::Arc;

use commerce::channel::Locale;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::ColumnValues;
use tantivy::query::{BooleanQuery, FuzzyTermQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, Score, Searcher, SegmentOrdinal, SegmentReader, Term};

use super::Match;
use super::analysis::{Analyzer, Word, fold};
use super::vocabulary::{Vocabulary, has_digit};
use super::writer::{Parted, ROW};
use crate::ix;

/// More words than this are not looked at.
const MAX_WORDS: usize = 12;
/// Each correction looks at the whole vocabulary.
const MAX_CORRECTIONS: u32 = 3;
/// More letters than this are not looked at.
const MAX_LETTERS: usize = 200;
/// Shorter words must be spelt right.
const MIN_LETTERS_FOR_TYPO: usize = 4;
/// Shorter words are not taken for the beginning of another.
const MIN_LETTERS_FOR_PREFIX: usize = 2;

/// What a word weighs in each part; the description, which has no field of its own, nothing.
const NAME: u32 = 64;
const KEYS: u32 = 24;
const CATEGORIES: u32 = 12;
const OPTIONS: u32 = 6;
const SHORT: u32 = 3;
/// A name that has a word only by its beginning or with a typo.
const NAME_NEARLY: u32 = 32;
/// For each word found, where not all of them are.
const FOUND: u32 = 200;

/// One version of the text index of one language.
#[derive(Clone)]
pub(crate) struct TextSearcher {
    pub(super) locale: Locale,
    pub(super) fields: Parted,
    pub(super) searcher: Searcher,
    pub(super) analyzer: Arc<Analyzer>,
    pub(super) vocabulary: Vocabulary,
    pub(super) synonyms: Arc<Synonyms>,
}

/// What a search found.
#[derive(Debug, Default)]
pub(crate) struct Hits {
    pub(crate) rows: Vec<u32>,
    /// By row; empty unless asked for.
    pub(crate) scores: Vec<u32>,
    pub(crate) matched: Match,
    pub(crate) suggestion: Option<String>,
}

/// A word that was typed, or several that have synonyms together.
struct Wanted {
    words: Vec<Word>,
    /// Each one all of its words.
    synonyms: Vec<Vec<Word>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Leniency {
    Exact,
    Prefix,
    Typo,
}

impl TextSearcher {
    pub(crate) fn locale(&self) -> Locale {
        self.locale
    }

    /// Finds all rows for a text, leniently only when strictly nothing is found.
    pub(crate) fn search(&self, text: &str, n_rows: u32, is_ranked: bool) -> Hits {
        let text: String = text.chars().take(MAX_LETTERS).collect();
        let mut scores = vec![0; if is_ranked { ix(n_rows) } else { 0 }];

        let rows = self.rows_of_sku(&text);
        if !rows.is_empty() {
            return Hits { rows, scores, ..Hits::default() };
        }
        let wanted = self.wanted(&text);
        let nothing = Hits { matched: Match::None, ..Hits::default() };
        if wanted.is_empty() {
            return nothing;
        }

        for (leniency, matched) in [
            (Leniency::Exact, Match::Exact),
            (Leniency::Prefix, Match::Prefix),
            (Leniency::Typo, Match::Typo),
        ] {
            let rows = self.rows(&BooleanQuery::intersection(self.all_of(&wanted, leniency)));
            if rows.is_empty() {
                continue;
            }
            if is_ranked {
                self.score(&wanted, leniency, &mut scores);
            }
            let suggestion = if matched == Match::Typo { self.correct(&text) } else { None };
            return Hits { rows, scores, matched, suggestion };
        }

        let suggestion = self.correct(&text);
        if wanted.len() == 1 {
            return Hits { suggestion, ..nothing };
        }
        let each = self.all_of(&wanted, Leniency::Exact);
        if is_ranked {
            for query in &each {
                self.add_score(query, FOUND, &mut scores);
            }
            self.score(&wanted, Leniency::Exact, &mut scores);
        }
        let rows = self.rows(&BooleanQuery::union(each));
        let matched = if rows.is_empty() { Match::None } else { Match::Partial };
        Hits { rows, scores, matched, suggestion }
    }

    /// The products whose name has a word that begins with the last word of a text, and which
    /// have all others.
    pub(crate) fn begin_with(&self, text: &str) -> Vec<u32> {
        let text: String = text.chars().take(MAX_LETTERS).collect();
        let mut wanted = self.wanted(&text);
        let Some(last) = wanted.pop().and_then(|mut wanted| wanted.words.pop()) else {
            return Vec::new();
        };
        let rows = |near: Box<dyn Query>| {
            let mut queries = self.all_of(&wanted, Leniency::Exact);
            queries.push(near);
            self.rows(&BooleanQuery::intersection(queries))
        };
        let term = Term::from_field_text(self.fields.name_words, &last.folded);
        if last.folded.chars().count() < MIN_LETTERS_FOR_PREFIX {
            return Vec::new();
        }
        let found = rows(Box::new(FuzzyTermQuery::new_prefix(term.clone(), 0, false)));
        if found.is_empty() && is_correctable(&last) {
            return rows(Box::new(FuzzyTermQuery::new_prefix(term, 1, true)));
        }
        found
    }

    /// The text with its last word completed, in the most frequent ways first.
    pub(crate) fn complete(&self, text: &str, limit: usize) -> Vec<String> {
        let text: String = text.chars().take(MAX_LETTERS).collect();
        let last = self.analyzer.raw_words(&text).last();
        let Some((before, last)) =
            last.and_then(|last| Some((text.get(..text.rfind(last)?)?, last)))
        else {
            return Vec::new();
        };
        let last = fold(last);
        if last.chars().count() < MIN_LETTERS_FOR_PREFIX {
            return Vec::new();
        }
        let words = self.vocabulary.complete(&last, limit);
        words.into_iter().map(|word| format!("{before}{word}").trim().to_owned()).collect()
    }

    /// The text with each unknown word replaced by the nearest known one, if there is any.
    fn correct(&self, text: &str) -> Option<String> {
        let mut n_tries = 0;
        let mut n_corrected = 0;
        let words: Vec<String> = self
            .analyzer
            .raw_words(text)
            .take(2 * MAX_WORDS)
            .map(|raw| {
                let word = self.analyzer.word(raw).filter(|word| !self.is_known(word));
                n_tries += u32::from(word.is_some());
                let word = word.filter(|_| n_tries <= MAX_CORRECTIONS);
                let correction = word.and_then(|word| self.vocabulary.correct(&word.folded));
                n_corrected += u32::from(correction.is_some());
                correction.map_or_else(|| raw.to_lowercase(), str::to_owned)
            })
            .collect();
        (n_corrected > 0).then(|| words.join(" "))
    }

    fn is_known(&self, word: &Word) -> bool {
        let mut terms = word.stems.iter().chain([&word.folded]);
        terms.any(|term| {
            let term = Term::from_field_text(self.fields.all, term);
            self.searcher.doc_freq(&term).is_ok_and(|count| count > 0)
        })
    }

    /// The product whose whole SKU was typed.
    fn rows_of_sku(&self, text: &str) -> Vec<u32> {
        let sku = text.trim().to_ascii_lowercase();
        let is_one = !sku.is_empty() && sku.bytes().all(|byte| byte.is_ascii_graphic());
        let is_plain_word = sku.bytes().all(|byte| byte.is_ascii_alphabetic());
        if !is_one || is_plain_word {
            return Vec::new();
        }
        self.rows(&*term(self.fields.keys, &sku))
    }

    /// Groups what was typed into words, and those into what has synonyms.
    fn wanted(&self, text: &str) -> Vec<Wanted> {
        let words: Vec<Word> = self.analyzer.words(text).take(MAX_WORDS).collect();
        let mut wanted = Vec::new();
        let mut rest = words.as_slice();
        while !rest.is_empty() {
            let (len, synonyms) = self.synonyms.find(rest);
            let (words, after) = rest.split_at(len.clamp(1, rest.len()));
            wanted.push(Wanted { words: words.to_vec(), synonyms });
            rest = after;
        }
        wanted
    }

    /// One query for each thing wanted, all of which a product must satisfy.
    fn all_of(&self, wanted: &[Wanted], leniency: Leniency) -> Vec<Box<dyn Query>> {
        let last = wanted.len().saturating_sub(1);
        let query = |(place, wanted): (usize, &Wanted)| {
            let mut ways: Vec<Box<dyn Query>> =
                wanted.synonyms.iter().map(|words| self.has_all(words)).collect();
            ways.push(match (leniency, wanted.words.as_slice()) {
                (Leniency::Exact, words) => self.has_all(words),
                (_, [word]) => self.has_nearly(word, leniency, place == last),
                (_, words) => self.has_all(words),
            });
            any(ways)
        };
        wanted.iter().enumerate().map(query).collect()
    }

    fn has_all(&self, words: &[Word]) -> Box<dyn Query> {
        let mut queries: Vec<_> =
            words.iter().map(|word| self.has(self.fields.all, word)).collect();
        if queries.len() == 1
            && let Some(only) = queries.pop()
        {
            return only;
        }
        Box::new(BooleanQuery::intersection(queries))
    }

    fn has(&self, field: Field, word: &Word) -> Box<dyn Query> {
        let mut terms: Vec<&String> = word.stems.iter().collect();
        if field == self.fields.all && !terms.contains(&&word.folded) {
            terms.push(&word.folded);
        }
        any(terms.into_iter().map(|text| term(field, text)).collect())
    }

    fn has_nearly(&self, word: &Word, leniency: Leniency, is_last: bool) -> Box<dyn Query> {
        let mut ways = vec![self.has(self.fields.all, word)];
        ways.extend(nearly(self.fields.all, word, leniency, is_last));
        any(ways)
    }

    /// Adds up what each word weighs in the parts it is in.
    fn score(&self, wanted: &[Wanted], leniency: Leniency, scores: &mut [u32]) {
        let fields = self.fields;
        let weights = [
            (fields.name, NAME),
            (fields.keys, KEYS),
            (fields.categories, CATEGORIES),
            (fields.options, OPTIONS),
            (fields.short, SHORT),
        ];
        let last = wanted.len().saturating_sub(1);
        for (place, wanted) in wanted.iter().enumerate() {
            for word in &wanted.words {
                for (field, weight) in weights {
                    self.add_score(&*self.has(field, word), weight, scores);
                }
                for query in nearly(fields.name_words, word, leniency, place == last) {
                    self.add_score(&*query, NAME_NEARLY, scores);
                }
            }
            for word in wanted.synonyms.iter().flatten() {
                for (field, weight) in weights {
                    self.add_score(&*self.has(field, word), weight / 2, scores);
                }
            }
        }
    }

    fn add_score(&self, query: &dyn Query, weight: u32, scores: &mut [u32]) {
        for row in self.rows(query) {
            if let Some(score) = scores.get_mut(ix(row)) {
                *score = score.saturating_add(weight);
            }
        }
    }

    fn rows(&self, query: &dyn Query) -> Vec<u32> {
        self.searcher.search(query, &Rows).unwrap_or_else(|error| {
            tracing::error!(error = %error, "the text index could not be read");
            Vec::new()
        })
    }
}

fn nearly(field: Field, word: &Word, leniency: Leniency, is_last: bool) -> Vec<Box<dyn Query>> {
    let mut ways: Vec<Box<dyn Query>> = Vec::new();
    let term = Term::from_field_text(field, &word.folded);
    let letters = word.folded.chars().count();
    if is_last && leniency != Leniency::Exact && letters >= MIN_LETTERS_FOR_PREFIX {
        ways.push(Box::new(FuzzyTermQuery::new_prefix(term.clone(), 0, false)));
    }
    if leniency == Leniency::Typo && is_correctable(word) {
        ways.push(Box::new(FuzzyTermQuery::new(term, 1, true)));
    }
    ways
}

fn term(field: Field, term: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(Term::from_field_text(field, term), IndexRecordOption::Basic))
}

fn is_correctable(word: &Word) -> bool {
    word.folded.chars().count() >= MIN_LETTERS_FOR_TYPO && !has_digit(&word.folded)
}

fn any(mut queries: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    if queries.len() == 1
        && let Some(only) = queries.pop()
    {
        return only;
    }
    Box::new(BooleanQuery::union(queries))
}

/// Words that mean the same.
pub(crate) struct Synonyms {
    groups: Vec<Vec<Vec<Word>>>,
    /// By a stem of the first word: the group and which of its entries.
    starts: HashMap<String, Vec<(usize, usize)>>,
}

impl Synonyms {
    pub(super) fn new(analyzer: &Analyzer, lists: &[Vec<String>]) -> Self {
        let mut groups = Vec::new();
        let mut starts: HashMap<String, Vec<(usize, usize)>> = HashMap::new();
        for list in lists {
            let entries = list.iter().map(|text| analyzer.words(text).take(MAX_WORDS).collect());
            let group: Vec<Vec<Word>> =
                entries.filter(|words: &Vec<Word>| !words.is_empty()).collect();
            for (place, words) in group.iter().enumerate() {
                for stem in words.iter().take(1).flat_map(|word| &word.stems) {
                    starts.entry(stem.clone()).or_default().push((groups.len(), place));
                }
            }
            groups.push(group);
        }
        Self { groups, starts }
    }

    /// How many of the first words have synonyms together, and which.
    fn find(&self, words: &[Word]) -> (usize, Vec<Vec<Word>>) {
        let is_same = |one: &Word, other: &Word| one.stems.iter().any(|s| other.stems.contains(s));
        let Some(first) = words.first() else { return (0, Vec::new()) };
        let mut found: Vec<(usize, usize, usize)> = Vec::new();
        for &(group, place) in first.stems.iter().filter_map(|s| self.starts.get(s)).flatten() {
            let Some(entry) = self.groups.get(group).and_then(|group| group.get(place)) else {
                continue;
            };
            let typed = words.get(..entry.len());
            if typed.is_some_and(|typed| typed.iter().zip(entry).all(|(a, b)| is_same(a, b))) {
                found.push((entry.len(), group, place));
            }
        }
        let longest = found.iter().map(|(len, ..)| *len).max().unwrap_or(1);
        let mut synonyms: Vec<Vec<Word>> = Vec::new();
        for (_, group, own) in found.into_iter().filter(|(len, ..)| *len == longest) {
            for (place, entry) in self.groups.get(group).into_iter().flatten().enumerate() {
                if place != own && !synonyms.contains(entry) {
                    synonyms.push(entry.clone());
                }
            }
        }
        (longest, synonyms)
    }
}

/// Collects the rows of all documents found, in the order of the index.
struct Rows;

struct SegmentRows {
    column: Arc<dyn ColumnValues<u64>>,
    rows: Vec<u32>,
}

impl Collector for Rows {
    type Fruit = Vec<u32>;
    type Child = SegmentRows;

    fn for_segment(
        &self,
        _: SegmentOrdinal,
        segment: &SegmentReader,
    ) -> tantivy::Result<Self::Child> {
        let column = segment.fast_fields().column_first_or_default(ROW)?;
        Ok(SegmentRows { column, rows: Vec::new() })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, mut segments: Vec<Vec<u32>>) -> tantivy::Result<Vec<u32>> {
        if segments.len() == 1 {
            return Ok(segments.pop().unwrap_or_default());
        }
        Ok(segments.concat())
    }
}

impl SegmentCollector for SegmentRows {
    type Fruit = Vec<u32>;

    fn collect(&mut self, document: DocId, _: Score) {
        self.rows.push(u32::try_from(self.column.get_val(document)).unwrap_or(u32::MAX));
    }

    fn harvest(self) -> Vec<u32> {
        self.rows
    }
}
