//! Words that mean the same to whoever searches.

use std::collections::BTreeMap;

use commerce::channel::Locale;

use crate::engine::{execute, fetch_all};
use crate::{Conn, DbError, Tx, parsed};

pub type Synonyms = BTreeMap<Locale, Vec<Vec<String>>>;

pub async fn list(conn: &mut Conn) -> Result<Synonyms, DbError> {
    let rows = fetch_all!(
        conn,
        (String, String),
        "SELECT locale, words FROM synonyms ORDER BY locale, position"
    );
    let mut synonyms = Synonyms::new();
    for (locale, words) in rows {
        let locale = parsed("synonyms", &locale, Locale::new(&locale))?;
        let words = words.split(',').map(|word| word.trim().to_owned()).collect();
        synonyms.entry(locale).or_default().push(words);
    }
    Ok(synonyms)
}

/// Replaces all synonyms of one language.
pub async fn save(tx: &mut Tx, locale: Locale, synonyms: &[Vec<String>]) -> Result<(), DbError> {
    execute!(tx, "DELETE FROM synonyms WHERE locale = ?", locale.as_str());
    for (position, words) in (0_i64..).zip(synonyms) {
        execute!(
            tx,
            "INSERT INTO synonyms (locale, position, words) VALUES (?, ?, ?)",
            locale.as_str(),
            position,
            words.join(","),
        );
    }
    Ok(())
}
