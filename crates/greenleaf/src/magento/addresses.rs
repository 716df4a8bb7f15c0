//! The addresses that Magento's shop had, with what each led to.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use anyhow::Result;
use commerce::redirect::OldPath;
use db::magento::{Link, Magento, Row};
use exchange::redirect::COLUMNS;
use url::Url;

use super::Move;
use super::aside::Entity;
use super::csv::Sheet;
use super::structure::category_code;
use crate::say::Progress;

/// How many addresses are read at a time.
const PAGE: usize = 500;
/// How many addresses may lead to one another.
const MAX_HOPS: usize = 10;

/// What an address leads to, by Magento's number.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Leads {
    Product(u64),
    Category(u64),
    Page(u64),
    Path(String),
}

/// Why an address leads nowhere.
enum Lost {
    Circle,
    Elsewhere,
}

/// The addresses of this run that have a row, by their hashes.
#[derive(Default)]
struct Seen(HashSet<u64>);

impl Seen {
    /// Whether the address is new.
    fn note(&mut self, path: &OldPath) -> bool {
        let mut hasher = DefaultHasher::new();
        path.hash(&mut hasher);
        self.0.insert(hasher.finish())
    }
}

/// The SKUs of products, and a category of each.
struct Goods {
    skus: HashMap<u64, String>,
    categories: HashMap<u64, u64>,
}

impl Goods {
    async fn read(source: &mut Magento, ids: &[u64]) -> Result<Self> {
        let skus = source.skus(ids).await?;
        let categories = source.links(Link::Categories, ids).await?;
        Ok(Self {
            skus: skus.iter().map(|row| (row.id("entity_id"), row.text("sku"))).collect(),
            categories: categories
                .iter()
                .map(|row| (row.id("product_id"), row.id("category_id")))
                .collect(),
        })
    }
}

impl Move<'_> {
    /// Writes a row for each address, and another file of those that no table has: by number, and
    /// by the code of a view.
    pub(super) async fn write_addresses(&mut self, source: &mut Magento) -> Result<()> {
        let mut sheet = Sheet::create(&self.file("addresses.csv"), &COLUMNS)?;
        let mut others = Sheet::create(&self.file("other-addresses.csv"), &COLUMNS)?;
        let n_rewrites = source.n_rewrites().await?;
        self.tally(Entity::Addresses).source = n_rewrites;
        let mut progress = Progress::of_rows("reading addresses", n_rewrites);
        let (mut seen, mut n_read) = (Seen::default(), 0);
        // The view of the first language first: where two views share an address, it is its.
        let mut views: Vec<u64> = self.site.view_ids();
        views.extend(self.site.languages.keys().filter(|id| !self.site.view_ids().contains(id)));
        for view in views {
            let mut after = 0;
            loop {
                let rows = source.rewrites(view, after, PAGE).await?;
                let Some(last) = rows.last() else { break };
                after = last.id("url_rewrite_id");
                n_read += u64::try_from(rows.len())?;
                progress.reach(n_read);
                let mut led = Vec::new();
                for row in &rows {
                    led.push(self.lead(source, row).await?);
                }
                let products = led.iter().filter_map(|it| match it {
                    Ok(Leads::Product(id)) => Some(*id),
                    _ => None,
                });
                let products: Vec<u64> = products.collect();
                let goods = Goods::read(source, &products).await?;
                for (row, leads) in rows.iter().zip(led) {
                    self.write_address(row, leads, &goods, &mut seen, (&mut sheet, &mut others))?;
                }
            }
        }
        // Those of views of other websites.
        for _ in n_read..n_rewrites {
            self.n_foreign_addresses += 1;
        }
        self.write_numbers(source, &mut seen, &mut others).await?;
        progress.finish();
        sheet.finish()?;
        others.finish()
    }

    fn write_address(
        &mut self,
        row: &Row,
        leads: Result<Leads, Lost>,
        goods: &Goods,
        seen: &mut Seen,
        (sheet, others): (&mut Sheet, &mut Sheet),
    ) -> Result<()> {
        let kept: &[(&str, &[&Row])] = &[("address", &[row])];
        let leads = match leads {
            Ok(leads) => leads,
            Err(Lost::Circle) => {
                return self.rejects.keep(Entity::Addresses, "it leads in a circle", kept);
            }
            Err(Lost::Elsewhere) => {
                self.side.note(
                    Entity::Addresses,
                    "it led to another site, and leads home now",
                    kept,
                )?;
                Leads::Path("/".to_owned())
            }
        };
        let text = std::str::from_utf8(row.bytes("request_path")).ok();
        let Some(path) = text.and_then(OldPath::new) else {
            return self.rejects.keep(Entity::Addresses, "it is no path of a shop", kept);
        };
        let view = row.id("store_id");
        let locale = self.site.locale_of(view);
        let locale = locale.map(|locale| locale.as_str().to_owned()).unwrap_or_default();
        if seen.note(&path) {
            self.write_lead(sheet, path.as_str(), &locale, &leads, goods)?;
        } else {
            self.n_shared_addresses += 1;
        }
        if self.site.has_codes_in_urls
            && let Some((code, _)) = self.site.languages.get(&view)
            && let Some(path) = OldPath::new(&format!("{code}/{}", path.as_str()))
            && seen.note(&path)
        {
            self.write_lead(others, path.as_str(), &locale, &leads, goods)?;
        }
        Ok(())
    }

    /// Writes where an address leads, and where else when that is not in the shop.
    fn write_lead(
        &self,
        sheet: &mut Sheet,
        path: &str,
        locale: &str,
        leads: &Leads,
        goods: &Goods,
    ) -> Result<()> {
        sheet.begin();
        sheet.set("path", path);
        sheet.set("language", locale);
        let home = ("path", "/".to_owned());
        let (kind, target) = match leads {
            Leads::Product(id) => {
                let category = goods.categories.get(id).filter(|id| **id != self.site.root);
                if let Some(category) = category {
                    sheet.set("category", category_code(*category).as_str());
                }
                // A SKU that cannot be one is looked for in vain.
                let sku =
                    goods.skus.get(id).and_then(|sku| commerce::catalog::Sku::new(sku.as_str()));
                let code = |id: &u64| ("category", category_code(*id).to_string());
                let known = sku.map(|sku| ("product", sku.to_string()));
                known.or_else(|| category.map(code)).unwrap_or(home)
            }
            Leads::Category(id) if *id == self.site.root => home,
            Leads::Category(id) => ("category", category_code(*id).to_string()),
            Leads::Page(id) => {
                let code = self.page_codes.get(id);
                code.map_or(home, |code| ("page", code.to_string()))
            }
            Leads::Path(path) => ("path", path.clone()),
        };
        sheet.set("kind", kind);
        sheet.set("target", target);
        sheet.end()
    }

    /// The addresses by number, which some links use.
    async fn write_numbers(
        &mut self,
        source: &mut Magento,
        seen: &mut Seen,
        sheet: &mut Sheet,
    ) -> Result<()> {
        let first = self.site.views[0].locale.as_str().to_owned();
        let mut write =
            |this: &Self, path: String, leads: &Leads, goods: &Goods| match OldPath::new(&path)
                .filter(|path| seen.note(path))
            {
                Some(path) => this.write_lead(sheet, path.as_str(), &first, leads, goods),
                None => Ok(()),
            };
        let mut after = 0;
        loop {
            let rows = source.products(after, PAGE).await?;
            let Some(last) = rows.last() else { break };
            after = last.id("entity_id");
            let ids: Vec<u64> = rows.iter().map(|row| row.id("entity_id")).collect();
            let goods = Goods::read(source, &ids).await?;
            for id in ids {
                let path = format!("catalog/product/view/id/{id}");
                write(self, path, &Leads::Product(id), &goods)?;
            }
        }
        let none = Goods { skus: HashMap::new(), categories: HashMap::new() };
        for row in source.categories().await? {
            let id = row.id("entity_id");
            write(self, format!("catalog/category/view/id/{id}"), &Leads::Category(id), &none)?;
        }
        for row in source.pages().await? {
            let id = row.id("page_id");
            write(self, format!("cms/page/view/page_id/{id}"), &Leads::Page(id), &none)?;
            // Magento shows pages under their identifiers, also where no table says so.
            write(self, row.text("identifier"), &Leads::Page(id), &none)?;
        }
        Ok(())
    }

    /// What an address leads to, whatever other addresses lie between.
    async fn lead(&self, source: &mut Magento, row: &Row) -> Result<Result<Leads, Lost>> {
        let view = row.id("store_id");
        let mut row = row.clone();
        for _ in 0..MAX_HOPS {
            let id = row.id("entity_id");
            match row.bytes("entity_type") {
                b"product" if id > 0 => return Ok(Ok(Leads::Product(id))),
                b"category" if id > 0 => return Ok(Ok(Leads::Category(id))),
                b"cms-page" if id > 0 => return Ok(Ok(Leads::Page(id))),
                _ => {}
            }
            let target = row.text("target_path");
            let Some(path) = self.local(&target) else { return Ok(Err(Lost::Elsewhere)) };
            if let Some(leads) = by_number(&path) {
                return Ok(Ok(leads));
            }
            let bare = path.trim_start_matches('/').split('?').next().unwrap_or_default();
            let next = source.rewrites_of(bare.as_bytes(), &[view]).await?;
            match next.into_iter().next() {
                Some(next) => row = next,
                None => return Ok(Ok(Leads::Path(path))),
            }
        }
        Ok(Err(Lost::Circle))
    }

    /// A target as a path of this shop; `None` when it is on another site.
    fn local(&self, target: &str) -> Option<String> {
        let base = Url::parse("http://shop.invalid/").ok()?;
        let url = base.join(target.trim_start_matches('/')).ok()?;
        let host = url.host_str().unwrap_or_default();
        let is_ours = host == "shop.invalid" || self.site.hosts.contains(host);
        if !is_ours || !matches!(url.scheme(), "http" | "https") {
            return None;
        }
        let path = format!("/{}", url.path().trim_matches('/'));
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        Some(path + &query)
    }
}

/// `/catalog/product/view/id/5` and its like.
fn by_number(path: &str) -> Option<Leads> {
    let path = OldPath::new(path.split('?').next()?)?;
    let (name, id) = path.as_str().rsplit_once('/')?;
    let id = id.parse().ok()?;
    match name {
        "catalog/product/view/id" => Some(Leads::Product(id)),
        "catalog/category/view/id" => Some(Leads::Category(id)),
        "cms/page/view/page_id" => Some(Leads::Page(id)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_are_known_by_their_numbers() {
        assert_eq!(by_number("/catalog/product/view/id/5/category/3"), Some(Leads::Product(5)));
        assert_eq!(by_number("/catalog/category/view/s/x/id/7?p=2"), Some(Leads::Category(7)));
        assert_eq!(by_number("/cms/page/view/page_id/2"), Some(Leads::Page(2)));
        for path in ["/", "/foo.html", "/catalog/product/view/id/x", "/id/5"] {
            assert_eq!(by_number(path), None, "{path}");
        }
    }
}
