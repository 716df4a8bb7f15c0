//! Full text of one language, the only part that names tantivy.
//!
//! Relevance is a whole number: the sum over the words of the weights of the parts they are found
//! in. It depends on the product and the words alone, not on how an index grew, so every instance
//! behind a load balancer sorts alike and page two continues page one.

mod analysis;
mod document;
mod searcher;
mod vocabulary;
mod writer;

pub(crate) use analysis::fold;
pub(crate) use searcher::{Hits, TextSearcher};
pub(crate) use writer::TextWriter;

/// How a search found what it found, from strict to lenient.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Match {
    /// All words, in any of their forms, or a synonym.
    #[default]
    Exact,
    /// All words, the last one as the beginning of a word.
    Prefix,
    /// All words, each with at most one letter wrong.
    Typo,
    /// Some of the words.
    Partial,
    /// Nothing.
    None,
}
