//! A first look through a file of products: which rows belong together, and what attributes seem
//! to be.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{Read, Seek};

use commerce::catalog::{AttributeKind, Decimal};
use jiff::civil::Date;

use crate::list::{Pair, groups, pairs};
use crate::table::{Header, Place, Record, Table, TableError};

/// More different values than this are texts and no options.
const MAX_OPTIONS: usize = 200;
/// The longest label that an option is thought to have.
const MAX_LABEL: usize = 60;

/// Which rows of a file belong together: those of a configurable product, of its variants and of
/// their store views, wherever they stand.
///
/// Holds 24 bytes for a row and the hash of its SKU, and no rows.
#[derive(Debug, Default)]
pub struct Outline {
    /// The rows of one product each, in the order of the first of them.
    pub groups: Vec<Vec<Place>>,
    pub n_rows: u64,
    /// What the attributes of the file seem to be, by their codes.
    pub guesses: BTreeMap<String, Guess>,
}

/// What an attribute seems to be, from all its values in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guess {
    is_axis: bool,
    has_bars: bool,
    is_text: bool,
    is_no_flag: bool,
    is_no_number: bool,
    is_no_date: bool,
    values: BTreeSet<u64>,
    /// What `configurable_variation_labels` calls it.
    pub label: Option<String>,
}

impl Guess {
    fn see(&mut self, pair: &Pair) {
        let value = pair.value.as_str();
        let is_long = |label: &str| label.chars().count() > MAX_LABEL;
        self.is_text |= pair.is_quoted || value.split('|').any(is_long) || value.contains('\n');
        self.has_bars |= value.contains('|');
        self.is_no_flag |= !matches!(value, "Yes" | "No");
        // Only what is written the same again.
        self.is_no_number |= Decimal::parse(value).is_none_or(|it| it.to_string() != value);
        self.is_no_date |= value.parse::<Date>().map_or(true, |it| it.to_string() != value);
        if self.values.len() <= MAX_OPTIONS {
            self.values.insert(hash(value));
        }
    }

    /// Whether variants differ by it.
    pub fn is_axis(&self) -> bool {
        self.is_axis
    }

    /// The kind that all values fit.
    pub fn kind(&self) -> AttributeKind {
        match self {
            Self { is_axis: true, .. } => AttributeKind::Select,
            Self { is_text: true, .. } => AttributeKind::Text,
            Self { has_bars: true, .. } => AttributeKind::MultiSelect,
            Self { is_no_flag: false, .. } => AttributeKind::Boolean,
            Self { is_no_number: false, .. } => AttributeKind::Number,
            Self { is_no_date: false, .. } => AttributeKind::Date,
            Self { values, .. } if values.len() > MAX_OPTIONS => AttributeKind::Text,
            _ => AttributeKind::Select,
        }
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

impl Outline {
    /// Reads a file through; `report` hears how many bytes it has read.
    pub fn read<R: Read + Seek>(
        table: &mut Table<R>,
        mut report: impl FnMut(u64),
    ) -> Result<Self, TableError> {
        table.rewind()?;
        let mut joined = Joined::default();
        let mut places: Vec<(u32, Place)> = Vec::new();
        let mut guesses: BTreeMap<String, Guess> = BTreeMap::new();
        while let Some(record) = table.next()? {
            let header = table.header();
            let sku = text(header, &record, "sku");
            // A row without a SKU stands alone, and is refused later.
            let group = if sku.is_empty() { joined.alone() } else { joined.of(hash(sku.trim())) };
            places.push((group, record.place));
            let variations = groups(&text(header, &record, "configurable_variations"));
            for pair in variations.unwrap_or_default().iter().flatten() {
                if pair.name == "sku" {
                    let other = joined.of(hash(&pair.value));
                    joined.join(group, other);
                } else {
                    guesses.entry(pair.name.clone()).or_default().is_axis = true;
                }
            }
            if text(header, &record, "store_view_code").is_empty() {
                for pair in pairs(&text(header, &record, "additional_attributes"))
                    .unwrap_or_default()
                    .iter()
                    .filter(|pair| pair.value != crate::cells::CLEAR)
                {
                    guesses.entry(pair.name.clone()).or_default().see(pair);
                }
                let labels = pairs(&text(header, &record, "configurable_variation_labels"));
                for pair in labels.unwrap_or_default() {
                    guesses.entry(pair.name).or_default().label = Some(pair.value);
                }
            }
            report(table.position());
        }
        Ok(Self { n_rows: count(places.len()), groups: joined.groups(places), guesses })
    }
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

fn text(header: &Header, record: &Record, column: &str) -> String {
    let cell = header.place(column).and_then(|place| record.cells().nth(place));
    cell.map_or(String::new(), |cell| String::from_utf8_lossy(cell).trim().to_owned())
}

/// Groups of SKUs that were found to belong together.
#[derive(Default)]
struct Joined {
    by_sku: HashMap<u64, u32>,
    /// For each group a group it was joined to, or itself.
    parents: Vec<u32>,
}

impl Joined {
    fn alone(&mut self) -> u32 {
        let group = u32::try_from(self.parents.len()).unwrap_or(u32::MAX);
        self.parents.push(group);
        group
    }

    fn of(&mut self, sku: u64) -> u32 {
        if let Some(&known) = self.by_sku.get(&sku) {
            return known;
        }
        let group = self.alone();
        self.by_sku.insert(sku, group);
        group
    }

    fn parent(&self, group: u32) -> u32 {
        usize::try_from(group).ok().and_then(|at| self.parents.get(at)).copied().unwrap_or(group)
    }

    fn root(&self, mut group: u32) -> u32 {
        loop {
            let parent = self.parent(group);
            if parent == group {
                return group;
            }
            group = parent;
        }
    }

    /// The earlier group takes the other in, so that chains stay short.
    fn join(&mut self, one: u32, other: u32) {
        let (one, other) = (self.root(one), self.root(other));
        let (first, second) = (one.min(other), one.max(other));
        if let Some(parent) = usize::try_from(second).ok().and_then(|at| self.parents.get_mut(at)) {
            *parent = first;
        }
    }

    fn groups(self, places: Vec<(u32, Place)>) -> Vec<Vec<Place>> {
        let mut at: HashMap<u32, usize> = HashMap::new();
        let mut groups: Vec<Vec<Place>> = Vec::new();
        for (group, place) in places {
            let at = *at.entry(self.root(group)).or_insert_with(|| {
                groups.push(Vec::with_capacity(1));
                groups.len() - 1
            });
            groups[at].push(place);
        }
        groups
    }
}
