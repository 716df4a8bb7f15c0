//! The rows of a group, sorted by what they are to the product.

use std::collections::HashMap;

use commerce::catalog::Sku;
use exchange::Fault;
use exchange::product::{ProductRow, RowKind};

use super::Group;

/// The rows of one product, by their places in the group.
#[derive(Debug, Default)]
pub(super) struct Goods {
    /// That of the product itself; none in a file that has only variants or texts of it.
    pub(super) main: Option<usize>,
    pub(super) variants: Vec<usize>,
    /// The texts of the product in a language.
    pub(super) views: Vec<usize>,
    /// The texts of variants, which have none here.
    pub(super) passed_over: Vec<usize>,
    pub(super) faults: Vec<(usize, Fault)>,
}

impl Goods {
    pub(super) fn rows(&self) -> impl Iterator<Item = usize> {
        let rows = self.main.iter().chain(&self.variants).chain(&self.views);
        rows.chain(&self.passed_over).copied()
    }

    fn refused(at: usize, faults: Vec<Fault>) -> Self {
        let faults = faults.into_iter().map(|fault| (at, fault)).collect();
        Self { views: vec![at], faults, ..Self::default() }
    }
}

fn is_configurable(row: &ProductRow) -> bool {
    row.kind == Some(RowKind::Configurable) || !row.variations.is_empty()
}

/// The products of a group, nearly always one.
///
/// A product is taken whole: where a row of it or of one of its variants is refused, all are, so
/// that what is mended can be imported again as it stands. Rows of store views, and rows that are
/// there twice, are refused alone.
pub(super) fn sort(group: &Group) -> Vec<Goods> {
    let line = |at: usize| group[at].line;
    let mut all = Vec::new();
    let mut broken = Vec::new();
    let mut rows: Vec<(usize, &ProductRow)> = Vec::new();
    let mut first: HashMap<(&Sku, Option<&str>), usize> = HashMap::new();
    for (at, read) in group.iter().enumerate() {
        match &read.row {
            Err(faults) if read.is_extra => all.push(Goods::refused(at, faults.clone())),
            Err(faults) => broken.extend(faults.iter().map(|fault| (at, fault.clone()))),
            Ok(row) => {
                let key = (&row.sku, row.view.as_deref());
                if let Some(before) = first.get(&key) {
                    let reason = format!("line {} has this SKU already", line(*before));
                    all.push(Goods::refused(at, vec![Fault::new("sku", reason)]));
                    continue;
                }
                first.insert(key, at);
                rows.push((at, row));
            }
        }
    }
    if !broken.is_empty() {
        let mut goods = Goods { faults: broken, ..Goods::default() };
        goods.variants = goods.faults.iter().map(|(at, _)| *at).collect();
        goods.variants.dedup();
        goods.variants.extend(rows.iter().map(|(at, _)| *at));
        all.push(goods);
        return all;
    }

    let mut of_sku: HashMap<&Sku, usize> = HashMap::new();
    let mut products: Vec<Goods> = Vec::new();
    let default_rows = || rows.iter().filter(|(_, row)| row.view.is_none());
    for &(at, row) in default_rows().filter(|(_, row)| is_configurable(row)) {
        let mut goods = Goods { main: Some(at), ..Goods::default() };
        of_sku.insert(&row.sku, products.len());
        for variation in &row.variations {
            match of_sku.insert(&variation.sku, products.len()) {
                Some(other) if other != products.len() => {
                    let before = products.get(other).and_then(|it: &Goods| it.main).map_or(0, line);
                    let reason = format!("{} is a variation of line {before}", variation.sku);
                    goods.faults.push((at, Fault::new("configurable_variations", reason)));
                    of_sku.insert(&variation.sku, other);
                }
                _ => {}
            }
        }
        products.push(goods);
    }
    for &(at, row) in default_rows().filter(|(_, row)| !is_configurable(row)) {
        match of_sku.get(&row.sku) {
            Some(&of) => products[of].variants.push(at),
            None => {
                of_sku.insert(&row.sku, products.len());
                products.push(Goods { main: Some(at), ..Goods::default() });
            }
        }
    }
    for &(at, row) in rows.iter().filter(|(_, row)| row.view.is_some()) {
        let of = of_sku.get(&row.sku).copied().unwrap_or_else(|| {
            products.push(Goods::default());
            of_sku.insert(&row.sku, products.len() - 1);
            products.len() - 1
        });
        let goods = &mut products[of];
        let main = goods.main.and_then(|at| group[at].row.as_ref().ok());
        match main.is_none_or(|main| main.sku == row.sku) {
            true => goods.views.push(at),
            false => goods.passed_over.push(at),
        }
    }
    all.extend(products);
    all
}
