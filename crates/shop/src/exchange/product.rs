//! Products as a file has them: looked at, compared with what there is, and written.

mod apply;
mod goods;

use std::collections::{BTreeMap, HashMap};

use commerce::catalog::{Product, ProductId, ProductKind, Sku, Visibility};
use commerce::content::Slug;
use commerce::stock::{SourceCode, StockLevel};
use db::change::{Change, Topic};
use db::{Conn, DbError, Tx};
use exchange::Fault;
use exchange::product::{ProductRow, RowKind};
use jiff::Timestamp;
use uuid::Uuid;

use self::apply::Draft;
pub(super) use self::apply::online_and_sight;
use self::goods::{Goods, sort};
use super::{Frame, Images, ImportError, Imported, Outcome, Read, Terms};
use crate::catalog::{CountStockError, Problem, ProductInput, count_in, draw_up};
use crate::{Shop, use_case};

/// How many categories are created in one transaction, while others wait to write.
const BATCH: usize = 64;

/// The rows of one product, as [`exchange::product::Outline`] found them.
type Group = Vec<Read<ProductRow>>;

/// What becomes of one product, and of the rows that say so.
struct Plan {
    /// By the places of the rows in their group.
    outcomes: Vec<(usize, Outcome)>,
    write: Option<Write>,
    n_renamed: u32,
    is_draft: bool,
}

/// What is to be written of a product.
struct Write {
    /// `None` for a new one.
    before: Option<Product>,
    product: Product,
    is_changed: bool,
    /// The SKU that a configurable product is given.
    own_sku: Option<Sku>,
    counts: Vec<(Sku, u32)>,
}

/// What the rows of a batch are about, as it is at the moment.
struct World {
    products: HashMap<ProductId, Product>,
    /// Whose variant has a SKU.
    owners: HashMap<Sku, ProductId>,
    /// Which configurable product goes by a SKU.
    configurables: HashMap<Sku, ProductId>,
    own_skus: HashMap<ProductId, Sku>,
    levels: BTreeMap<Sku, StockLevel>,
}

/// What a configurable product goes by that nobody gave a SKU.
pub(super) fn nameless(number: i64) -> Option<Sku> {
    Sku::new(format!("product-{number}"))
}

impl World {
    async fn load(conn: &mut Conn, source: &SourceCode, batch: &[Group]) -> Result<Self, DbError> {
        let rows = || batch.iter().flatten().filter_map(|read| read.row.as_ref().ok());
        let mut skus: Vec<Sku> = rows().map(|row| row.sku.clone()).collect();
        let variations = rows().flat_map(|row| &row.variations);
        skus.extend(variations.map(|variation| variation.sku.clone()));
        skus.sort_unstable();
        skus.dedup();
        let owners: HashMap<Sku, ProductId> =
            db::catalog::product::owners(conn, &skus).await?.into_iter().collect();
        let mut configurables = db::catalog::configurable::find_by_skus(conn, &skus).await?;
        let mut ids: Vec<ProductId> =
            owners.values().chain(configurables.values()).copied().collect();
        ids.sort_unstable();
        ids.dedup();
        let mut products: HashMap<ProductId, Product> = db::catalog::product::find_many(conn, &ids)
            .await?
            .into_iter()
            .map(|product| (product.id, product))
            .collect();
        // Products that nobody gave a SKU are found by their numbers.
        for sku in
            skus.iter().filter(|sku| !configurables.contains_key(*sku)).cloned().collect::<Vec<_>>()
        {
            let number = sku.as_str().strip_prefix("product-").and_then(|it| it.parse().ok());
            let Some(number) = number.filter(|_| !owners.contains_key(&sku)) else { continue };
            let found = db::catalog::product::find_by_number(conn, number).await?;
            if let Some(product) = found
                && product.kind != ProductKind::Simple
            {
                configurables.insert(sku, product.id);
                products.insert(product.id, product);
            }
        }
        let ids: Vec<ProductId> = products.keys().copied().collect();
        let own_skus = db::catalog::configurable::find_many(conn, &ids).await?;
        configurables.retain(|sku, id| own_skus.get(id).is_none_or(|own| own == sku));
        let counted: Vec<Sku> =
            rows().filter(|row| row.quantity.is_some()).map(|row| row.sku.clone()).collect();
        let levels = db::stock::find_many(conn, source, &counted).await?;
        Ok(Self { products, owners, configurables, own_skus, levels })
    }

    /// Takes note of what is being written, for the next rows of the batch.
    fn note(&mut self, write: &Write) {
        let product = &write.product;
        for variant in &product.variants {
            self.owners.insert(variant.sku.clone(), product.id);
        }
        if let Some(sku) = &write.own_sku {
            self.configurables.insert(sku.clone(), product.id);
            self.own_skus.insert(product.id, sku.clone());
        }
        for (sku, on_hand) in &write.counts {
            self.levels.entry(sku.clone()).or_default().on_hand = *on_hand;
        }
        self.products.insert(product.id, product.clone());
    }
}

/// Looks through a batch and notes in the frame what is missing; writes nothing.
pub async fn check_products(
    shop: &Shop,
    terms: &Terms,
    images: &mut Images,
    frame: &mut Frame,
    batch: &[Group],
) -> Result<(), ImportError> {
    look_at_images(shop, images, batch).await?;
    let mut conn = shop.db.read().await?;
    plan_all(&mut conn, shop, terms, images, frame, batch).await?;
    Ok(())
}

/// Creates what [`check_products`] found missing.
pub async fn create_structure(shop: &Shop, frame: &Frame) -> Result<(), ImportError> {
    if !frame.is_extended() {
        return Ok(());
    }
    use_case("import-structure", || async {
        let mut tx = shop.db.write().await?;
        frame.create_attributes_in(&mut tx, shop.clock.now()).await?;
        tx.commit().await?;
        Ok::<_, ImportError>(())
    })
    .await?;
    for categories in frame.new_categories().chunks(BATCH) {
        use_case("import-categories", || async {
            let mut tx = shop.db.write().await?;
            Frame::create_categories_in(&mut tx, categories, shop.clock.now()).await?;
            tx.commit().await?;
            Ok::<_, ImportError>(())
        })
        .await?;
    }
    Ok(())
}

/// Imports a batch in one transaction; without one, when nothing in it is new.
pub async fn import_products(
    shop: &Shop,
    terms: &Terms,
    images: &mut Images,
    batch: &[Group],
) -> Result<Imported, ImportError> {
    look_at_images(shop, images, batch).await?;
    let channel = shop.settings().channel.clone();
    let mut conn = shop.db.read().await?;
    let mut frame = Frame::load(&mut conn, &channel, terms.guesses.clone()).await?;
    let looked = plan_all(&mut conn, shop, terms, images, &mut frame, batch).await?;
    drop(conn);
    let is_new = looked.iter().flatten().any(|plan| plan.write.is_some());
    if !is_new {
        return Ok(imported(batch, looked));
    }
    keep_images(shop, images, batch, &looked).await?;
    create_structure(shop, &frame).await?;

    let images = &*images;
    use_case("import-products", || async {
        let mut tx = shop.db.write().await?;
        let mut frame = Frame::load(&mut tx, &channel, terms.guesses.clone()).await?;
        let source = &shop.settings().source;
        let at = shop.clock.now();
        let mut world = World::load(&mut tx, source, batch).await?;
        let mut plans = Vec::with_capacity(batch.len());
        for group in batch {
            let mut of_group = Vec::new();
            for goods in sort(group) {
                let task = Task { terms, images, group, goods: &goods, at };
                let mut plan = plan(&mut tx, &task, &mut frame, &world).await?;
                if let Some(write) = &mut plan.write {
                    execute(&mut tx, source, write, at).await?;
                    world.note(write);
                }
                of_group.push(plan);
            }
            plans.push(of_group);
        }
        if frame.is_extended() {
            // What was created a moment ago is gone again.
            return Err(ImportError::Busy);
        }
        tx.commit().await?;
        Ok(imported(batch, plans))
    })
    .await
}

async fn look_at_images(shop: &Shop, images: &mut Images, batch: &[Group]) -> Result<(), DbError> {
    let rows = batch.iter().flatten().filter_map(|read| read.row.as_ref().ok());
    images.look_at(shop, rows.flat_map(image_paths)).await
}

fn image_paths(row: &ProductRow) -> impl Iterator<Item = &str> {
    let base = row.base_image.set().into_iter();
    base.chain(row.additional_images.set().into_iter().flatten()).map(String::as_str)
}

/// Keeps the pictures of the products that will be written.
async fn keep_images(
    shop: &Shop,
    images: &mut Images,
    batch: &[Group],
    plans: &[Vec<Plan>],
) -> Result<(), ImportError> {
    for (group, plans) in batch.iter().zip(plans) {
        for plan in plans.iter().filter(|plan| plan.write.is_some()) {
            let rows = plan.outcomes.iter().filter_map(|(at, _)| group[*at].row.as_ref().ok());
            let paths: Vec<&str> = rows.flat_map(image_paths).collect();
            images.keep(shop, paths.into_iter()).await?;
        }
    }
    Ok(())
}

async fn plan_all(
    conn: &mut Conn,
    shop: &Shop,
    terms: &Terms,
    images: &Images,
    frame: &mut Frame,
    batch: &[Group],
) -> Result<Vec<Vec<Plan>>, DbError> {
    let at = shop.clock.now();
    let mut world = World::load(conn, &shop.settings().source, batch).await?;
    let mut plans = Vec::with_capacity(batch.len());
    for group in batch {
        let mut of_group = Vec::new();
        for goods in sort(group) {
            let task = Task { terms, images, group, goods: &goods, at };
            let plan = plan(conn, &task, frame, &world).await?;
            if let Some(write) = &plan.write {
                world.note(write);
            }
            of_group.push(plan);
        }
        plans.push(of_group);
    }
    Ok(plans)
}

fn imported(batch: &[Group], plans: Vec<Vec<Plan>>) -> Imported {
    let mut imported = Imported::default();
    for (group, plans) in batch.iter().zip(plans) {
        let mut outcomes = vec![Outcome::Unchanged; group.len()];
        for plan in plans {
            imported.n_renamed += plan.n_renamed;
            imported.n_drafts += u32::from(plan.is_draft);
            for (at, outcome) in plan.outcomes {
                outcomes[at] = outcome;
            }
        }
        imported.outcomes.push(outcomes);
    }
    imported
}

/// One product of a file, and all that it is understood by.
struct Task<'a> {
    terms: &'a Terms,
    images: &'a Images,
    group: &'a Group,
    goods: &'a Goods,
    at: Timestamp,
}

impl Task<'_> {
    fn row(&self, at: usize) -> Option<&ProductRow> {
        self.group[at].row.as_ref().ok()
    }

    /// Refuses the rows that have faults, and the others because of those.
    fn refuse(&self, mut faults: Vec<(usize, Fault)>) -> Plan {
        faults.dedup();
        let first = faults.first().map_or(0, |(at, _)| self.group[*at].line);
        let outcomes = self.goods.rows().map(|at| {
            let own = faults.iter().filter(|(of, _)| *of == at).map(|(_, fault)| fault.clone());
            let mut own: Vec<Fault> = own.collect();
            if own.is_empty() {
                let reason = format!("line {first} of the same product is rejected");
                own.push(Fault::new("", reason));
            }
            (at, Outcome::Rejected(own))
        });
        Plan { outcomes: outcomes.collect(), write: None, n_renamed: 0, is_draft: false }
    }
}

/// What a row is about.
enum Target {
    New,
    /// The product itself, with its variant if it is a simple one.
    Product(ProductId),
    /// One variant of a configurable product.
    Variant(ProductId),
}

fn target(world: &World, row: &ProductRow) -> Result<Target, Fault> {
    let is_configurable = row.kind == Some(RowKind::Configurable) || !row.variations.is_empty();
    if let Some(&id) = world.configurables.get(&row.sku) {
        if row.kind == Some(RowKind::Simple) {
            return Err(Fault::new("product_type", "the product is configurable in the shop"));
        }
        return Ok(Target::Product(id));
    }
    if let Some(&id) = world.owners.get(&row.sku) {
        let is_simple = world.products.get(&id).is_some_and(|it| it.kind == ProductKind::Simple);
        return match (is_simple, is_configurable) {
            (true, false) => Ok(Target::Product(id)),
            (false, false) => Ok(Target::Variant(id)),
            (true, true) => Err(Fault::new("product_type", "the product is simple in the shop")),
            (false, true) => Err(Fault::new("sku", "a variant of another product has this SKU")),
        };
    }
    // A product that has no SKU yet, or had none when its variants were made.
    let owner = row
        .variations
        .iter()
        .filter_map(|variation| world.owners.get(&variation.sku))
        .find(|id| world.products.get(id).is_some_and(|it| it.kind != ProductKind::Simple));
    match owner {
        Some(id) => match world.own_skus.get(id) {
            Some(other) => {
                let reason = format!("these are variants of {other} in the shop");
                Err(Fault::new("configurable_variations", reason))
            }
            None => Ok(Target::Product(*id)),
        },
        None => Ok(Target::New),
    }
}

async fn plan(
    conn: &mut Conn,
    task: &Task<'_>,
    frame: &mut Frame,
    world: &World,
) -> Result<Plan, DbError> {
    let goods = task.goods;
    if !goods.faults.is_empty() {
        return Ok(task.refuse(goods.faults.clone()));
    }
    let leading = goods.main.or(goods.variants.first().copied()).or(goods.views.first().copied());
    let Some((leading, row)) = leading.and_then(|at| Some((at, task.row(at)?))) else {
        return Ok(task.refuse(Vec::new()));
    };
    let target = match target(world, row) {
        Ok(target) => target,
        Err(fault) => return Ok(task.refuse(vec![(leading, fault)])),
    };
    let before = match target {
        Target::New => None,
        Target::Product(id) | Target::Variant(id) => world.products.get(&id),
    };
    if before.is_none() && goods.main.is_none() {
        let fault = Fault::new("sku", "no product has this SKU");
        return Ok(task.refuse(goods.rows().map(|at| (at, fault.clone())).collect()));
    }

    let mark = frame.mark();
    let draft = Draft::of(task, frame, world, before, matches!(target, Target::Variant(_)));
    let Draft { mut input, mut faults, mut refused, changed, is_new, created_at } = draft;
    if !faults.is_empty() {
        frame.forget(mark);
        return Ok(task.refuse(faults));
    }
    let id = before.map_or_else(|| ProductId(Uuid::now_v7()), |before| before.id);
    let (mut product, mut problems) =
        draw_up(conn, &frame.known, &input, id, before, task.at).await?;
    let keeps_from_sale =
        |it: &Problem| matches!(it, Problem::NothingToSell | Problem::ManufacturerMissing);
    let was_published = before.is_some_and(|it| it.visibility == Visibility::Published);
    let is_draft = !problems.is_empty() && problems.iter().all(keeps_from_sale) && !was_published;
    if is_draft {
        input.visibility = Visibility::Draft;
        (product, problems) = draw_up(conn, &frame.known, &input, id, before, task.at).await?;
    }
    faults.extend(problems.iter().map(|problem| task.fault(leading, problem)));
    let counts = counts(&input, world, task, leading, &mut faults);
    if !faults.is_empty() {
        frame.forget(mark);
        return Ok(task.refuse(faults));
    }
    if let (None, Some(created_at)) = (before, created_at) {
        product.created_at = created_at;
    }

    let own_sku = match (&product.kind, goods.main.and_then(|at| task.row(at))) {
        (ProductKind::Configurable { .. }, Some(row))
            if !matches!(target, Target::Variant(_))
                && !world.own_skus.contains_key(&product.id)
                && nameless(product.number).as_ref() != Some(&row.sku) =>
        {
            Some(row.sku.clone())
        }
        _ => None,
    };
    let is_changed = before.is_none_or(|before| {
        let now = Product { updated_at: before.updated_at, ..product.clone() };
        now != *before
    });
    let slug_of =
        |product: &Product, locale| product.texts.0.get(&locale).map(|text| text.slug.clone());
    let renamed = input.texts.0.iter().filter(|(locale, text)| {
        let wanted = text.slug.clone().or_else(|| Slug::from_title(&text.name));
        let given = slug_of(&product, **locale);
        let had = before.and_then(|before| slug_of(before, **locale));
        wanted != given && had != given
    });
    let n_renamed = u32::try_from(renamed.count()).unwrap_or(u32::MAX);
    let is_written = is_changed || own_sku.is_some() || !counts.is_empty();
    let outcomes = goods.rows().map(|at| {
        if let Some(faults) = refused.remove(&at) {
            return (at, Outcome::Rejected(faults));
        }
        let outcome = match () {
            () if is_new.contains(&at) => Outcome::Created,
            () if is_written && changed.contains(&at) => Outcome::Updated,
            () if own_sku.is_some() && Some(at) == goods.main => Outcome::Updated,
            () => Outcome::Unchanged,
        };
        (at, outcome)
    });
    let outcomes = outcomes.collect();
    let before = before.cloned();
    let write = is_written.then_some(Write { before, product, is_changed, own_sku, counts });
    Ok(Plan { outcomes, write, n_renamed, is_draft })
}

/// What is to be counted, where less than that is promised.
fn counts(
    input: &ProductInput,
    world: &World,
    task: &Task<'_>,
    leading: usize,
    faults: &mut Vec<(usize, Fault)>,
) -> Vec<(Sku, u32)> {
    let mut counts = Vec::new();
    for variant in &input.variants {
        let Some(on_hand) = variant.on_hand else { continue };
        let allocated = world.levels.get(&variant.sku).map_or(0, |level| level.allocated);
        if on_hand < allocated {
            let problem = Problem::Promised { sku: variant.sku.clone(), allocated };
            faults.push(task.fault(leading, &problem));
        }
        counts.push((variant.sku.clone(), on_hand));
    }
    // Rows are locked in the order of their keys, as checkouts do.
    counts.sort();
    counts
}

impl Task<'_> {
    /// A problem as the fault of the row that it came from.
    fn fault(&self, leading: usize, problem: &Problem) -> (usize, Fault) {
        let (column, sku) = match problem {
            Problem::NameMissing(_) | Problem::NameTooLong(_) => ("name", None),
            Problem::TextTooLong(_) => ("short_description", None),
            Problem::SlugMissing(_) => ("url_key", None),
            Problem::UnknownSet(_) => ("attribute_set_code", None),
            Problem::UnknownAttribute(_)
            | Problem::NotOfTheSet(_)
            | Problem::WrongKind(_)
            | Problem::UnknownOption(..) => ("additional_attributes", None),
            Problem::UnknownCategory(_) => ("categories", None),
            Problem::UnknownTaxClass(_) => ("tax_class_name", None),
            Problem::NotAnAxis(_) | Problem::AxisCount | Problem::VariantCount => {
                ("configurable_variations", None)
            }
            Problem::Options(_) | Problem::SameOptions(_) => ("configurable_variations", None),
            Problem::SkuTwice(sku) | Problem::SkuTaken { sku, .. } => ("sku", Some(sku)),
            Problem::PriceOutOfRange(sku)
            | Problem::WrongCurrency(sku)
            | Problem::TwoPrices(sku) => ("price", Some(sku)),
            Problem::SpecialNotLower(sku) => ("special_price", Some(sku)),
            Problem::SpecialPeriod(sku) => ("special_price_to_date", Some(sku)),
            Problem::EcoParticipation(sku) => ("greenleaf_eco_participation", Some(sku)),
            Problem::Promised { sku, .. } => ("qty", Some(sku)),
            Problem::ManufacturerMissing => ("greenleaf_manufacturer_name", None),
            Problem::NothingToSell => ("price", None),
            Problem::Materials | Problem::LabelWithoutLicence | Problem::CarbonWithoutSource => {
                ("greenleaf_eco_sheet", None)
            }
            _ => ("", None),
        };
        let of_sku = |at: &usize| {
            self.row(*at).is_some_and(|row| Some(&row.sku) == sku && row.view.is_none())
        };
        let at = self.goods.rows().find(of_sku).unwrap_or(leading);
        (at, Fault::new(column, problem.to_string()))
    }
}

async fn execute(
    tx: &mut Tx,
    source: &SourceCode,
    write: &mut Write,
    at: Timestamp,
) -> Result<(), ImportError> {
    let product = &mut write.product;
    match &write.before {
        None => crate::catalog::write_new(tx, product, at).await?,
        Some(before) if write.is_changed => {
            if !crate::catalog::write_change(tx, before, product, at).await? {
                return Err(ImportError::Busy);
            }
        }
        Some(_) => {
            let change = Change { topic: Topic::Product, subject: Some(product.id.0) };
            db::change::push(tx, change, at).await?;
        }
    }
    if let Some(sku) = &write.own_sku {
        db::catalog::configurable::insert(tx, product.id, sku).await?;
    }
    for (sku, on_hand) in &write.counts {
        match count_in(tx, source, sku, *on_hand, at).await {
            Ok(_) => {}
            Err(CountStockError::Db(error)) => return Err(error.into()),
            // Promised a moment ago; the next try sees it and refuses the row.
            Err(CountStockError::Promised { .. } | CountStockError::NotFound) => {
                return Err(ImportError::Busy);
            }
        }
    }
    Ok(())
}
