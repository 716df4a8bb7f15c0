//! Writes the text index of one language.

use std::sync::Arc;

use commerce::channel::Locale;
use tantivy::indexer::IndexWriterOptions;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, Schema as Fields, TextFieldIndexing, TextOptions,
};
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, TantivyDocument, TantivyError, Term};

use super::analysis::{Analyzer, Memory};
use super::document::{Parts, Terms, stems};
use super::searcher::{Synonyms, TextSearcher};
use super::vocabulary::Vocabulary;
use crate::ix;
use crate::lookup;
use crate::offer::Offer;
use crate::schema::Schema;
use crate::snapshot::Change;

/// What one writer may keep before it starts a new segment.
const BUDGET: usize = 24_000_000;

/// The fields of a product's document. None keeps positions or frequencies: all words of a part
/// weigh the same.
#[derive(Clone, Copy)]
pub(crate) struct Parted {
    pub(crate) row: Field,
    /// All stems and all words, which decide whether a product is found.
    pub(crate) all: Field,
    pub(crate) name: Field,
    pub(crate) keys: Field,
    pub(crate) categories: Field,
    pub(crate) options: Field,
    pub(crate) short: Field,
    /// The words of the name as they are written, for beginnings and typos.
    pub(crate) name_words: Field,
}

/// The name of the column that holds a document's row.
pub(crate) const ROW: &str = "row";

pub(crate) struct TextWriter {
    locale: Locale,
    fields: Parted,
    writer: IndexWriter,
    reader: IndexReader,
    analyzer: Arc<Analyzer>,
    memory: Memory,
    /// A hash of the document last written for each row, so that what reads the same is not written
    /// again; `None` of a row that never had one.
    hashes: Vec<Option<u64>>,
    is_dirty: bool,
}

impl TextWriter {
    pub(crate) fn new(locale: Locale) -> Result<Self, TantivyError> {
        let mut builder = Fields::builder();
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("whitespace")
            .set_fieldnorms(false)
            .set_index_option(IndexRecordOption::Basic);
        let words = TextOptions::default().set_indexing_options(indexing);
        let mut text = |name: &str| builder.add_text_field(name, words.clone());
        let [all, name, keys, categories, options, short, name_words] =
            ["all", "name", "keys", "categories", "options", "short", "name_words"].map(&mut text);
        let row = builder.add_u64_field(ROW, INDEXED | FAST);
        let fields = Parted { row, all, name, keys, categories, options, short, name_words };

        let index = Index::create_in_ram(builder.build());
        let options = IndexWriterOptions::builder()
            .num_worker_threads(1)
            .num_merge_threads(1)
            .memory_budget_per_thread(BUDGET)
            .build();
        let writer = index.writer_with_options(options)?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let analyzer = Arc::new(Analyzer::new(locale));
        let memory = Memory::default();
        let hashes = Vec::new();
        Ok(Self { locale, fields, writer, reader, analyzer, memory, hashes, is_dirty: false })
    }

    /// Writes what changed and returns the searcher of the new version.
    ///
    /// After an error the caller keeps its version; the rows in question are written in full the
    /// next time.
    pub(crate) fn write(
        &mut self,
        changes: &[Change],
        schema: &Schema,
        is_restructured: bool,
        previous: Option<&TextSearcher>,
    ) -> Result<TextSearcher, TantivyError> {
        let mut vocabulary = previous.map(|texts| texts.vocabulary.clone()).unwrap_or_default();
        let written = self.write_all(changes, schema, is_restructured, &mut vocabulary);
        if written.is_err() {
            for change in changes {
                // No document has it, so the next one takes the place of what may be there.
                if let Some(Some(hash)) = self.hashes.get_mut(ix(change.row)) {
                    *hash = !*hash;
                }
            }
            self.is_dirty = false;
            self.writer.rollback()?;
        }
        written?;
        self.memory.forget();
        Ok(TextSearcher {
            locale: self.locale,
            fields: self.fields,
            searcher: self.reader.searcher(),
            analyzer: Arc::clone(&self.analyzer),
            vocabulary,
            synonyms: Arc::new(Synonyms::new(
                &self.analyzer,
                schema.synonyms.get(&self.locale).map_or(&[], Vec::as_slice),
            )),
        })
    }

    fn write_all(
        &mut self,
        changes: &[Change],
        schema: &Schema,
        is_restructured: bool,
        vocabulary: &mut Vocabulary,
    ) -> Result<(), TantivyError> {
        for Change { row, old, new } in changes {
            let old = old.as_deref().filter(|old| old.is_listed());
            let new = new.as_deref().filter(|new| new.is_listed());
            let is_same = match (old, new) {
                (Some(old), Some(new)) => Arc::ptr_eq(&old.product, &new.product),
                (None, None) => true,
                _ => false,
            };
            if is_same && !is_restructured {
                continue;
            }
            self.count_words(old, new, vocabulary);
            self.put(*row, new, schema)?;
        }
        if std::mem::take(&mut self.is_dirty) {
            self.writer.commit()?;
            self.reader.reload()?;
        }
        Ok(())
    }

    fn count_words(&mut self, old: Option<&Offer>, new: Option<&Offer>, words: &mut Vocabulary) {
        let (old, new) = (old.map(|o| o.name(self.locale)), new.map(|n| n.name(self.locale)));
        if old == new {
            return;
        }
        if let Some(name) = old {
            self.memory.each(&self.analyzer, name, |word| words.remove(word));
        }
        if let Some(name) = new {
            self.memory.each(&self.analyzer, name, |word| words.add(word));
        }
    }

    /// Puts the document of a row in, in place of the one that was there.
    fn put(&mut self, row: u32, new: Option<&Offer>, schema: &Schema) -> Result<(), TantivyError> {
        if self.hashes.len() <= ix(row) {
            self.hashes.resize(ix(row) + 1, None);
        }
        let texts = new.map(|offer| self.texts(offer, schema));
        let hash = lookup::hash(&texts.as_ref().map(|texts| texts.each_ref().map(|t| &t.1)));
        let Some(slot) = self.hashes.get_mut(ix(row)) else { return Ok(()) };
        if *slot == Some(hash) {
            return Ok(());
        }
        let was_written = slot.replace(hash).is_some();
        self.is_dirty = true;
        let row = u64::from(row);
        if was_written {
            self.writer.delete_term(Term::from_field_u64(self.fields.row, row));
        }
        if let Some(texts) = texts {
            let mut document = TantivyDocument::default();
            document.add_u64(self.fields.row, row);
            for (field, text) in texts {
                document.add_text(field, text);
            }
            self.writer.add_document(document)?;
        }
        Ok(())
    }

    fn texts(&mut self, offer: &Offer, schema: &Schema) -> [(Field, String); 7] {
        let parts = Parts::new(offer, schema, self.locale);
        let (analyzer, memory) = (&self.analyzer, &mut self.memory);
        let mut all = Terms::default();
        let mut part = |texts: &[String]| stems(analyzer, memory, texts, &mut all);
        let name = part(&parts.name);
        let mut keys = part(&parts.keys);
        let categories = part(&parts.categories);
        let options = part(&parts.options);
        let short = part(&parts.short);
        part(&parts.description);
        let mut name_words = Terms::default();
        for text in &parts.name {
            memory.each(analyzer, text, |word| name_words.push(&word.folded));
        }
        for sku in &parts.skus {
            keys.push(sku);
            all.push(sku);
        }
        let fields = self.fields;
        [
            (fields.all, all.join()),
            (fields.name, name.join()),
            (fields.keys, keys.join()),
            (fields.categories, categories.join()),
            (fields.options, options.join()),
            (fields.short, short.join()),
            (fields.name_words, name_words.join()),
        ]
    }
}
