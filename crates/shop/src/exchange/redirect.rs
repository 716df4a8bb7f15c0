//! Old addresses out of a file.

use std::collections::HashMap;

use commerce::catalog::{CategoryCode, CategoryId, ProductId, Sku};
use commerce::content::{PageCode, PageId};
use commerce::redirect::{OldPath, Redirect, Target};
use db::{Conn, DbError};
use exchange::Fault;
use exchange::redirect::{Named, RedirectRow};

use super::{ImportError, Outcome, Read};
use crate::redirect::hash;
use crate::{Shop, use_case};

/// What a batch comes to: an outcome for each row, and what is to be written.
struct Plan {
    outcomes: Vec<Outcome>,
    writes: Vec<Redirect>,
}

/// Lets the addresses of a batch lead on. Other instances learn of them by
/// [`crate::redirect::announce_all`], once for all batches.
pub async fn import_redirects(
    shop: &Shop,
    batch: &[Read<RedirectRow>],
) -> Result<Vec<Outcome>, ImportError> {
    let looked = plan(&mut shop.db.read().await?, shop, batch).await?;
    if looked.writes.is_empty() {
        return Ok(looked.outcomes);
    }
    use_case("import-redirects", || async {
        let at = shop.clock.now();
        let mut tx = shop.db.write().await?;
        let plan = plan(&mut tx, shop, batch).await?;
        for redirect in &plan.writes {
            db::redirect::save(&mut tx, hash(&redirect.from), redirect, at).await?;
        }
        tx.commit().await?;
        Ok(plan.outcomes)
    })
    .await
}

/// What rows name, as the shop knows it.
struct World {
    products: HashMap<Sku, ProductId>,
    categories: HashMap<CategoryCode, CategoryId>,
    pages: HashMap<PageCode, PageId>,
}

impl World {
    async fn load(conn: &mut Conn, rows: &[&RedirectRow]) -> Result<Self, DbError> {
        let skus = rows.iter().filter_map(|row| match &row.target {
            Named::Product(sku) => Some(sku.clone()),
            _ => None,
        });
        let mut skus: Vec<Sku> = skus.collect();
        skus.sort_unstable();
        skus.dedup();
        let mut products: HashMap<Sku, ProductId> =
            db::catalog::product::owners(conn, &skus).await?.into_iter().collect();
        products.extend(db::catalog::configurable::find_by_skus(conn, &skus).await?);
        let categories = db::catalog::category::list(conn).await?;
        let pages = db::content::list(conn).await?;
        Ok(Self {
            products,
            categories: categories.into_iter().map(|it| (it.code, it.id)).collect(),
            pages: pages.into_iter().map(|it| (it.code, it.id)).collect(),
        })
    }

    /// What a row leads to, or the nearest that there is.
    fn target(&self, row: &RedirectRow) -> Target {
        let found = match &row.target {
            Named::Product(sku) => self.products.get(sku).copied().map(Target::Product),
            Named::Category(code) => self.categories.get(code).copied().map(Target::Category),
            Named::Page(code) => self.pages.get(code).copied().map(Target::Page),
            Named::Path(path) => Some(Target::Path(path.clone())),
        };
        let category = || row.category.as_ref().and_then(|code| self.categories.get(code));
        found
            .or_else(|| category().copied().map(Target::Category))
            .unwrap_or_else(|| Target::Path("/".to_owned()))
    }
}

async fn plan(conn: &mut Conn, shop: &Shop, batch: &[Read<RedirectRow>]) -> Result<Plan, DbError> {
    let rows: Vec<&RedirectRow> = batch.iter().filter_map(|read| read.row.as_ref().ok()).collect();
    let world = World::load(conn, &rows).await?;
    let hashes: Vec<i64> = rows.iter().map(|row| hash(&row.from)).collect();
    let known = db::redirect::find_many(conn, &hashes).await?;
    let mut known: HashMap<OldPath, Redirect> =
        known.into_iter().map(|redirect| (redirect.from.clone(), redirect)).collect();
    let first = shop.settings().channel.default_locale();
    let mut writes = Vec::new();
    let outcomes = batch.iter().map(|read| {
        let row = match &read.row {
            Ok(row) => row,
            Err(faults) => return Outcome::Rejected(faults.clone()),
        };
        let target = world.target(row);
        if matches!(&target, Target::Path(path) if path.trim_matches('/') == row.from.as_str()) {
            return Outcome::Rejected(vec![Fault::new("target", "it leads to itself")]);
        }
        let locale = row.locale.unwrap_or(first);
        let redirect = Redirect { from: row.from.clone(), locale, target };
        let before = known.insert(redirect.from.clone(), redirect.clone());
        if before.as_ref() == Some(&redirect) {
            return Outcome::Unchanged;
        }
        writes.push(redirect);
        if before.is_some() { Outcome::Updated } else { Outcome::Created }
    });
    let outcomes = outcomes.collect();
    Ok(Plan { outcomes, writes })
}
