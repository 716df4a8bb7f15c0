//! Attributes with their options, and the sets that group them.

use std::collections::BTreeMap;

use commerce::catalog::{
    Attribute, AttributeCode, AttributeKind, AttributeOption, AttributeSet, AttributeSetCode,
    OptionCode,
};

use crate::engine::{execute, fetch_all};
use crate::{Conn, DbError, Tx, json, parsed};

const NAMES: [(AttributeKind, &str); 7] = [
    (AttributeKind::Text, "text"),
    (AttributeKind::Number, "number"),
    (AttributeKind::Boolean, "boolean"),
    (AttributeKind::Select, "select"),
    (AttributeKind::MultiSelect, "multi_select"),
    (AttributeKind::Date, "date"),
    (AttributeKind::Price, "price"),
];

fn kind_name(kind: AttributeKind) -> &'static str {
    NAMES.iter().find(|(known, _)| *known == kind).map_or("text", |(_, name)| name)
}

fn parse_kind(name: &str) -> Option<AttributeKind> {
    NAMES.iter().find(|(_, known)| *known == name).map(|(kind, _)| *kind)
}

#[derive(sqlx::FromRow)]
struct AttributeRow {
    code: String,
    kind: String,
    label: String,
    is_filterable: bool,
    is_searchable: bool,
    is_axis: bool,
}

/// Every attribute with its options, in display order.
pub async fn list(conn: &mut Conn) -> Result<Vec<Attribute>, DbError> {
    let rows = fetch_all!(
        conn,
        AttributeRow,
        "SELECT code, kind, label, is_filterable, is_searchable, is_axis FROM attributes \
         ORDER BY position, code"
    );
    let option_rows = fetch_all!(
        conn,
        (String, String, String, Option<String>),
        "SELECT attribute, code, label, swatch FROM attribute_options \
         ORDER BY attribute, position, code"
    );

    let mut options: BTreeMap<String, Vec<AttributeOption>> = BTreeMap::new();
    for (attribute, code, label, swatch) in option_rows {
        options.entry(attribute).or_default().push(AttributeOption {
            code: parsed("attribute_options", &code, OptionCode::new(code.as_str()))?,
            label: json::read_texts("attribute_options", &label)?,
            swatch,
        });
    }
    rows.into_iter()
        .map(|row| {
            Ok(Attribute {
                kind: parsed("attributes", &row.kind, parse_kind(&row.kind))?,
                label: json::read_texts("attributes", &row.label)?,
                is_filterable: row.is_filterable,
                is_searchable: row.is_searchable,
                is_axis: row.is_axis,
                options: options.remove(&row.code).unwrap_or_default(),
                code: parsed("attributes", &row.code, AttributeCode::new(row.code.as_str()))?,
            })
        })
        .collect()
}

/// Writes an attribute and its options, new or known; options that it lost are deleted.
///
/// A new attribute comes after all others, a known one keeps its place.
pub async fn save(tx: &mut Tx, attribute: &Attribute) -> Result<(), DbError> {
    let label = json::write_texts(&attribute.label);
    let known = execute!(
        tx,
        "UPDATE attributes SET kind = ?, label = ?, is_filterable = ?, is_searchable = ?, \
         is_axis = ? WHERE code = ?",
        kind_name(attribute.kind),
        &label,
        attribute.is_filterable,
        attribute.is_searchable,
        attribute.is_axis,
        attribute.code.as_str(),
    );
    if known == 0 {
        execute!(
            tx,
            "INSERT INTO attributes (code, kind, position, label, is_filterable, is_searchable, \
             is_axis) SELECT ?, ?, COALESCE(MAX(position) + 1, 0), ?, ?, ?, ? FROM attributes",
            attribute.code.as_str(),
            kind_name(attribute.kind),
            &label,
            attribute.is_filterable,
            attribute.is_searchable,
            attribute.is_axis,
        );
    }
    execute!(tx, "DELETE FROM attribute_options WHERE attribute = ?", attribute.code.as_str());
    for (position, option) in (0_i64..).zip(&attribute.options) {
        execute!(
            tx,
            "INSERT INTO attribute_options (attribute, code, position, label, swatch) \
             VALUES (?, ?, ?, ?, ?)",
            attribute.code.as_str(),
            option.code.as_str(),
            position,
            json::write_texts(&option.label),
            option.swatch.as_deref(),
        );
    }
    Ok(())
}

/// Every set, by code.
pub async fn list_sets(conn: &mut Conn) -> Result<Vec<AttributeSet>, DbError> {
    let rows = fetch_all!(
        conn,
        (String, String, String),
        "SELECT code, name, attributes FROM attribute_sets ORDER BY code"
    );
    rows.into_iter()
        .map(|(code, name, attributes)| {
            let attributes: Vec<String> = json::read("attribute_sets", &attributes)?;
            Ok(AttributeSet {
                code: parsed("attribute_sets", &code, AttributeSetCode::new(code.as_str()))?,
                name: json::read_texts("attribute_sets", &name)?,
                attributes: attributes
                    .into_iter()
                    .map(|code| parsed("attribute_sets", &code, AttributeCode::new(code.as_str())))
                    .collect::<Result<_, _>>()?,
            })
        })
        .collect()
}

/// Writes a set, new or known.
pub async fn save_set(tx: &mut Tx, set: &AttributeSet) -> Result<(), DbError> {
    let name = json::write_texts(&set.name);
    let attributes: Vec<&str> = set.attributes.iter().map(AttributeCode::as_str).collect();
    let attributes = json::write(&attributes);
    let known = execute!(
        tx,
        "UPDATE attribute_sets SET name = ?, attributes = ? WHERE code = ?",
        &name,
        &attributes,
        set.code.as_str(),
    );
    if known == 0 {
        execute!(
            tx,
            "INSERT INTO attribute_sets (code, name, attributes) VALUES (?, ?, ?)",
            set.code.as_str(),
            &name,
            &attributes,
        );
    }
    Ok(())
}
