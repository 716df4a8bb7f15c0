//! `?fields=items[sku,name],total_count`: which parts of an answer are wanted.

use serde_json::{Map, Value};

use super::problem::Problem;

/// The names that are wanted, each with those wanted inside it; none inside means all of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Fields(Vec<(String, Fields)>);

/// Deeper and longer wishes are not made by hand.
const MAX_DEPTH: u32 = 10;
const MAX_LENGTH: usize = 4_000;

impl Fields {
    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        let refused = || Problem::bad("Field filter is not valid.");
        if text.len() > MAX_LENGTH {
            return Err(refused());
        }
        let mut rest = text;
        let fields = Self::read(&mut rest, 0).ok_or_else(refused)?;
        if rest.is_empty() { Ok(fields) } else { Err(refused()) }
    }

    fn read(rest: &mut &str, depth: u32) -> Option<Self> {
        if depth > MAX_DEPTH {
            return None;
        }
        let mut fields = Vec::new();
        loop {
            let end = rest.find([',', '[', ']']).unwrap_or(rest.len());
            let (name, tail) = rest.split_at(end);
            *rest = tail;
            let mut inside = Self::default();
            if let Some(tail) = rest.strip_prefix('[') {
                *rest = tail;
                inside = Self::read(rest, depth + 1)?;
                *rest = rest.strip_prefix(']')?;
            }
            if !name.trim().is_empty() {
                fields.push((name.trim().to_owned(), inside));
            }
            match rest.strip_prefix(',') {
                Some(tail) => *rest = tail,
                None => return Some(Self(fields)),
            }
        }
    }

    /// Leaves of an answer what is wanted; of a list, of each of its items.
    pub(super) fn prune(&self, value: Value) -> Value {
        match value {
            _ if self.0.is_empty() => value,
            Value::Array(items) => items.into_iter().map(|item| self.prune(item)).collect(),
            Value::Object(mut object) => {
                let mut pruned = Map::new();
                for (name, inside) in &self.0 {
                    if let Some(value) = object.remove(name) {
                        pruned.insert(name.clone(), inside.prune(value));
                    }
                }
                Value::Object(pruned)
            }
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_not_wanted_is_left_out() {
        let whole = json!({ "items": [{ "sku": "a", "price": 1, "texts": { "a": 1, "b": 2 } }],
            "total_count": 1, "search_criteria": {} });
        let pruned = |text| Fields::parse(text).map(|fields| fields.prune(whole.clone()));

        assert_eq!(
            pruned("items[sku,texts[b]],total_count"),
            Ok(json!({ "items": [{ "sku": "a", "texts": { "b": 2 } }], "total_count": 1 }))
        );
        assert_eq!(pruned(""), Ok(whole.clone()));
        assert_eq!(pruned("nothing"), Ok(json!({})));
        for bad in ["items[", "items]", "items[a]]", &"a[".repeat(20)] {
            assert!(pruned(bad).is_err(), "{bad}");
        }
    }
}
