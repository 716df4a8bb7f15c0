//! The attributes and the category tree that generated products share.

use anyhow::{Context, Result};
use commerce::catalog::{
    Attribute, AttributeCode, AttributeKind, AttributeOption, AttributeSet, AttributeSetCode,
    CategoryCode, CategoryId, OptionCode,
};
use commerce::channel::Locale;
use commerce::content::Localized;
use db::Tx;
use jiff::Timestamp;
use shop::catalog::{CategoryInput, CategoryTextInput};

use super::words;

/// A leaf of the tree, with what lies in it.
pub(super) struct Shelf {
    pub(super) category: CategoryId,
    pub(super) noun: (&'static str, &'static str),
}

pub(super) fn both<T>(fr: T, en: T) -> Localized<T> {
    Localized::default().with(Locale::FR, fr).with(Locale::EN, en)
}

/// Codes of generated things, which no other thing in the shop has.
pub(super) fn code(name: &str) -> AttributeCode {
    AttributeCode::new(format!("gen_{name}")).expect("ours are valid")
}

pub(super) fn set_code() -> AttributeSetCode {
    AttributeSetCode::new("generated").expect("ours are valid")
}

pub(super) fn option(place: usize) -> OptionCode {
    OptionCode::new(format!("o{place}")).expect("a letter and a number are valid")
}

/// The colors, with their swatches.
const COLORS: [(&str, &str, &str); 16] = [
    ("Sauge", "Sage", "#8aa487"),
    ("Écru", "Ecru", "#ece4d0"),
    ("Terracotta", "Terracotta", "#c4673f"),
    ("Bleu nuit", "Midnight", "#22304f"),
    ("Ocre", "Ochre", "#c9902f"),
    ("Noir", "Black", "#1f1f1f"),
    ("Blanc", "White", "#fafafa"),
    ("Lavande", "Lavender", "#9a8cc0"),
    ("Rose", "Pink", "#e0a6ab"),
    ("Mousse", "Moss", "#55642f"),
    ("Gris", "Grey", "#8c8c8c"),
    ("Sable", "Sand", "#d8c3a0"),
    ("Brique", "Brick", "#9b3f2c"),
    ("Menthe", "Mint", "#a9d6c0"),
    ("Prune", "Plum", "#5c2f4c"),
    ("Ciel", "Sky", "#a8cbe2"),
];
pub(super) const N_COLORS: usize = COLORS.len();
const SIZES: [&str; 8] = ["XS", "S", "M", "L", "XL", "XXL", "3XL", "4XL"];
pub(super) const N_SIZES: usize = SIZES.len();
pub(super) const N_BRANDS: usize = 60;
const LABELS: [&str; 10] = [
    "GOTS",
    "Ecocert",
    "Cosmos Organic",
    "FSC",
    "Fairtrade",
    "Écolabel UE",
    "AB",
    "Oeko-Tex",
    "Nature & Progrès",
    "B Corp",
];
pub(super) const N_LABELS: usize = LABELS.len();
const ORIGINS: [(&str, &str); 12] = [
    ("France", "France"),
    ("Portugal", "Portugal"),
    ("Italie", "Italy"),
    ("Espagne", "Spain"),
    ("Belgique", "Belgium"),
    ("Allemagne", "Germany"),
    ("Pologne", "Poland"),
    ("Pays-Bas", "Netherlands"),
    ("Grèce", "Greece"),
    ("Maroc", "Morocco"),
    ("Tunisie", "Tunisia"),
    ("Inde", "India"),
];
pub(super) const N_ORIGINS: usize = ORIGINS.len();
const SCENTS: [(&str, &str); 12] = [
    ("Sans parfum", "Unscented"),
    ("Lavande", "Lavender"),
    ("Citron", "Lemon"),
    ("Rose", "Rose"),
    ("Verveine", "Verbena"),
    ("Cèdre", "Cedar"),
    ("Menthe", "Mint"),
    ("Orange", "Orange"),
    ("Vanille", "Vanilla"),
    ("Thym", "Thyme"),
    ("Figue", "Fig"),
    ("Jasmin", "Jasmine"),
];
pub(super) const N_SCENTS: usize = SCENTS.len();
const DURABILITIES: [(&str, &str); 6] = [
    ("1 an", "1 year"),
    ("2 ans", "2 years"),
    ("5 ans", "5 years"),
    ("10 ans", "10 years"),
    ("20 ans", "20 years"),
    ("À vie", "For life"),
];
pub(super) const N_DURABILITIES: usize = DURABILITIES.len();

/// Twelve attributes, ten of which filter.
pub(super) fn attributes() -> Vec<Attribute> {
    let choices = |labels: Vec<(String, String)>| {
        let option = |(place, (fr, en))| AttributeOption {
            code: option(place),
            label: both(fr, en),
            swatch: None,
        };
        labels.into_iter().enumerate().map(option).collect::<Vec<_>>()
    };
    let pairs = |pairs: &[(&str, &str)]| {
        choices(pairs.iter().map(|(fr, en)| ((*fr).to_owned(), (*en).to_owned())).collect())
    };
    let same = |names: &[&str]| {
        choices(names.iter().map(|name| ((*name).to_owned(), (*name).to_owned())).collect())
    };
    let select = |name: &str, label: (&str, &str), options| Attribute {
        code: code(name),
        kind: AttributeKind::Select,
        label: both(label.0.to_owned(), label.1.to_owned()),
        is_filterable: true,
        is_searchable: false,
        is_axis: false,
        options,
    };
    let flag = |name: &str, label| Attribute {
        kind: AttributeKind::Boolean,
        ..select(name, label, Vec::new())
    };
    let colors: Vec<_> = COLORS.iter().map(|(fr, en, _)| (*fr, *en)).collect();
    let mut color =
        Attribute { is_axis: true, ..select("color", ("Couleur", "Color"), pairs(&colors)) };
    for (option, (_, _, swatch)) in color.options.iter_mut().zip(COLORS) {
        option.swatch = Some(swatch.to_owned());
    }
    let brands: Vec<String> = (0..N_BRANDS).map(words::brand).collect();
    let brands: Vec<&str> = brands.iter().map(String::as_str).collect();
    vec![
        color,
        Attribute { is_axis: true, ..select("size", ("Taille", "Size"), same(&SIZES)) },
        Attribute { is_searchable: true, ..select("brand", ("Marque", "Brand"), same(&brands)) },
        Attribute {
            is_searchable: true,
            ..select("material", ("Matière", "Material"), pairs(&words::MATERIALS))
        },
        Attribute {
            kind: AttributeKind::MultiSelect,
            ..select("label", ("Label", "Label"), same(&LABELS))
        },
        select("origin", ("Fabriqué en", "Made in"), pairs(&ORIGINS)),
        select("scent", ("Parfum", "Scent"), pairs(&SCENTS)),
        select("lasts", ("Durée de vie", "Lasts"), pairs(&DURABILITIES)),
        flag("vegan", ("Vegan", "Vegan")),
        flag("refillable", ("Rechargeable", "Refillable")),
        Attribute {
            kind: AttributeKind::Number,
            is_filterable: false,
            ..select("height", ("Hauteur en cm", "Height in cm"), Vec::new())
        },
        Attribute {
            kind: AttributeKind::Text,
            is_filterable: false,
            ..select("care", ("Entretien", "Care"), Vec::new())
        },
    ]
}

/// Writes attributes, their set and the tree; gives the leaves.
pub(super) async fn write(tx: &mut Tx, at: Timestamp) -> Result<Vec<Shelf>> {
    let attributes = attributes();
    for attribute in &attributes {
        shop::catalog::save_attribute_in(tx, attribute, at).await?;
    }
    let set = AttributeSet {
        code: set_code(),
        name: both("Généré".to_owned(), "Generated".to_owned()),
        attributes: attributes.into_iter().map(|attribute| attribute.code).collect(),
    };
    shop::catalog::save_attribute_set_in(tx, &set, at).await?;

    let mut shelves = Vec::new();
    for (place, (fr, en, things)) in (0..).zip(words::SHELVES) {
        let top = category(tx, &format!("gen-{place}"), None, place, (fr, en), at).await?;
        for (below, thing) in (0..).zip(things.split(';')) {
            let names: Vec<&'static str> = thing.trim().split(',').collect();
            let [one_fr, many_fr, one_en, many_en] = names[..] else {
                anyhow::bail!("{thing} is not named four times");
            };
            let (code, names) = (format!("gen-{place}-{below}"), (many_fr, many_en));
            let category = category(tx, &code, Some(top), below, names, at).await?;
            shelves.push(Shelf { category, noun: (one_fr, one_en) });
        }
    }
    Ok(shelves)
}

async fn category(
    tx: &mut Tx,
    code: &str,
    parent: Option<CategoryId>,
    position: i32,
    (fr, en): (&str, &str),
    at: Timestamp,
) -> Result<CategoryId> {
    let text = |name: &str| {
        let mut letters = name.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        CategoryTextInput { name: first.chain(letters).collect(), ..CategoryTextInput::default() }
    };
    let input = CategoryInput {
        code: CategoryCode::new(code).context("ours are valid")?,
        parent,
        position,
        is_published: true,
        picture: None,
        texts: both(text(fr), text(en)),
    };
    Ok(shop::catalog::create_category_in(tx, &input, at).await?.id)
}
