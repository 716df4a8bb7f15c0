//! Words of a text and the forms they are indexed in: no accents, no elisions, stems.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use commerce::channel::Locale;
use rust_stemmers::{Algorithm, Stemmer};

/// Longer words are cut: nobody searches for them.
const MAX_WORD: usize = 40;

const FRENCH_ELISIONS: &[&str] = &[
    "l", "d", "qu", "j", "s", "n", "m", "t", "c", "jusqu", "lorsqu", "puisqu", "quoiqu", "presqu",
];

/// Only words that say nothing; `été`, which Snowball's list has, is a season too. Compared with
/// their accents, lest an English `thé` be taken for an article.
const FRENCH_STOP_WORDS: &[&str] = &[
    "a", "à", "au", "aux", "avec", "ce", "ces", "cet", "cette", "dans", "de", "des", "du", "elle",
    "en", "et", "est", "il", "ils", "elles", "je", "la", "le", "les", "leur", "leurs", "ma", "mes",
    "mon", "ne", "nos", "notre", "nous", "on", "ou", "par", "pas", "pour", "que", "qui", "sa",
    "se", "ses", "son", "sont", "sur", "ta", "tes", "ton", "tu", "un", "une", "vos", "votre",
    "vous", "y",
];

const ENGLISH_STOP_WORDS: &[&str] = &[
    "a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is", "it",
    "of", "on", "or", "such", "that", "the", "their", "then", "there", "these", "they", "this",
    "to", "was", "will", "with",
];

/// A word in the forms it is found by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// In lower case, with its accents.
    pub(crate) shown: String,
    /// In lower case, without accents.
    pub(crate) folded: String,
    /// One stem, or two where accents make a difference: that of the word as written and that of
    /// the word without accents, so that `recyclée` and `recyclee` meet.
    pub(crate) stems: Vec<String>,
}

/// Takes texts of one language apart.
pub(crate) struct Analyzer {
    stemmer: Option<Stemmer>,
    elisions: &'static [&'static str],
    stop_words: HashSet<&'static str>,
}

impl Analyzer {
    pub(crate) fn new(locale: Locale) -> Self {
        let (stemmer, elisions, stop_words): (_, &[&str], &[&str]) = match locale {
            Locale::FR => (Some(Algorithm::French), FRENCH_ELISIONS, FRENCH_STOP_WORDS),
            Locale::EN => (Some(Algorithm::English), &[], ENGLISH_STOP_WORDS),
            _ => (None, &[], &[]),
        };
        Self {
            stemmer: stemmer.map(Stemmer::create),
            elisions,
            stop_words: stop_words.iter().copied().collect(),
        }
    }

    /// The words of a text that mean something, in its order.
    pub(crate) fn words<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Word> + 'a {
        self.raw_words(text).filter_map(|raw| self.word(raw))
    }

    /// Each run of letters and digits, without what was elided before or after an apostrophe.
    pub(crate) fn raw_words<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        let mut rest = text;
        let mut after_apostrophe = false;
        std::iter::from_fn(move || {
            loop {
                let start = rest.find(is_word_char)?;
                let elided = after_apostrophe && start == 0;
                rest = rest.get(start..)?;
                let end = rest.find(|char| !is_word_char(char)).unwrap_or(rest.len());
                let (word, tail) = rest.split_at_checked(end)?;
                let next = tail.chars().next();
                let before_apostrophe = next.is_some_and(is_apostrophe);
                after_apostrophe = before_apostrophe;
                rest = match next {
                    Some(apostrophe) if before_apostrophe => {
                        tail.get(apostrophe.len_utf8()..).unwrap_or_default()
                    }
                    _ => tail,
                };
                let is_elision = before_apostrophe
                    && self.elisions.iter().any(|elision| elision.eq_ignore_ascii_case(word));
                let is_genitive = elided && word.eq_ignore_ascii_case("s");
                if !is_elision && !is_genitive {
                    return Some(word);
                }
            }
        })
    }

    /// The forms of one word; `None` for one that says nothing.
    pub(crate) fn word(&self, raw: &str) -> Option<Word> {
        let shown: String = raw.chars().flat_map(char::to_lowercase).take(MAX_WORD).collect();
        let folded = fold(&shown);
        if folded.is_empty() || self.stop_words.contains(shown.as_str()) {
            return None;
        }
        let stem = |word: &str| match &self.stemmer {
            Some(stemmer) => fold(&stemmer.stem(word)),
            None => word.to_owned(),
        };
        let mut stems = vec![stem(&folded)];
        if shown != folded {
            let other = stem(&shown);
            if !stems.contains(&other) {
                stems.push(other);
            }
        }
        stems.retain(|stem| !stem.is_empty());
        Some(Word { shown, folded, stems })
    }
}

/// Remembers words, of which texts have few but often.
#[derive(Default)]
pub(crate) struct Memory {
    words: HashMap<String, Option<Word>>,
}

impl Memory {
    const MAX: usize = 50_000;

    pub(crate) fn each(&mut self, analyzer: &Analyzer, text: &str, mut see: impl FnMut(&Word)) {
        for raw in analyzer.raw_words(text) {
            if let Some(known) = self.words.get(raw) {
                if let Some(word) = known {
                    see(word);
                }
                continue;
            }
            if self.words.len() >= Self::MAX {
                self.words.clear();
            }
            let word = analyzer.word(raw);
            if let Some(word) = &word {
                see(word);
            }
            self.words.insert(raw.to_owned(), word);
        }
    }

    pub(crate) fn forget(&mut self) {
        self.words = HashMap::new();
    }
}

fn is_apostrophe(char: char) -> bool {
    matches!(char, '\'' | '’' | 'ʼ' | '‘' | '´' | '`')
}

fn is_word_char(char: char) -> bool {
    (char.is_alphanumeric() || matches!(char, '\u{300}'..='\u{36f}')) && !is_apostrophe(char)
}

/// Lower case without accents, the key that words are compared by.
///
/// Accents of Latin letters fall, ligatures open; letters of other scripts stay as they are.
pub(crate) fn fold(text: &str) -> String {
    if text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return text.to_owned();
    }
    let mut folded = String::with_capacity(text.len());
    for char in text.chars().flat_map(char::to_lowercase) {
        match letters(char) {
            Cow::Borrowed(letters) => folded.push_str(letters),
            Cow::Owned(_) => folded.push(char),
        }
    }
    folded
}

/// The plain letters of a lower-case letter; owned (and empty) when it is plain itself.
fn letters(char: char) -> Cow<'static, str> {
    Cow::Borrowed(match char {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ĥ' | 'ħ' => "h",
        'ì' | 'í' | 'î' | 'ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => "i",
        'ĵ' => "j",
        'ķ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => "o",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'ţ' | 'ť' | 'ŧ' | 'ț' => "t",
        'ù' | 'ú' | 'û' | 'ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => "u",
        'ŵ' => "w",
        'ý' | 'ÿ' | 'ŷ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        'œ' => "oe",
        'æ' => "ae",
        'ß' => "ss",
        '\u{300}'..='\u{36f}' => "",
        _ => return Cow::Owned(String::new()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(locale: Locale, text: &str) -> Vec<String> {
        Analyzer::new(locale).words(text).map(|word| word.folded).collect()
    }

    #[test]
    fn french_elisions_and_small_words_fall() {
        for apostrophe in ["'", "’"] {
            let text = format!(
                "L{apostrophe}huile d{apostrophe}olive jusqu{apostrophe}à l{apostrophe}été, qu{apostrophe}on aime"
            );
            assert_eq!(folded(Locale::FR, &text), ["huile", "olive", "ete", "aime"]);
        }
        assert_eq!(folded(Locale::FR, "aujourd’hui"), ["aujourd", "hui"]);
        assert_eq!(folded(Locale::EN, "The men's t-shirt"), ["men", "t", "shirt"]);
    }

    #[test]
    fn forms_of_one_french_word_share_a_stem() {
        let analyzer = Analyzer::new(Locale::FR);
        let stems = |word| analyzer.word(word).map(|word| word.stems).unwrap_or_default();
        let meet = |one, other| stems(one).iter().any(|stem| stems(other).contains(stem));

        assert!(meet("écologiques", "ecologique"));
        assert!(meet("bouteilles", "bouteille"));
        assert!(meet("Réutilisables", "reutilisable"));
        assert!(meet("recyclée", "recyclé"));
        assert!(meet("recyclée", "recyclee"));
        assert!(meet("e\u{301}légantes", "elegante"));
        assert!(!meet("huile", "olive"));
    }

    #[test]
    fn accents_ligatures_and_case_make_no_difference() {
        assert_eq!(fold("Œuf À LA NEIGE, Łódź ß"), "oeuf a la neige, lodz ss");
        assert_eq!(fold("e\u{301}te\u{301}"), "ete");
        assert_eq!(fold("日本 ПРИВЕТ"), "日本 привет");
    }
}
