//! Products and what lies in stock of them, as Magento's own files of them.

use std::collections::{BTreeMap, HashMap};

use anyhow::Result;
use commerce::catalog::AttributeKind;
use commerce::channel::Country;
use db::magento::{EntityKind, Link, Magento, Row};
use exchange::list::{Pair, write_groups, write_items, write_paths};

use super::Move;
use super::aside::Entity;
use super::csv::Sheet;
use super::structure::Structure;
use super::sum::Sum;
use super::values::Values;
use crate::say::Progress;

/// How many products are read at a time.
const PAGE: usize = 200;

/// A page of products with all that is read of them.
struct Page {
    rows: Vec<Row>,
    values: Values,
    websites: Vec<Row>,
    categories: Vec<Row>,
    variants: Vec<Row>,
    axes: Vec<Row>,
    pictures: Vec<Row>,
    /// The values of variants, which may stand on another page.
    of_variants: Values,
}

fn of(rows: &[Row], product: u64) -> impl Iterator<Item = &Row> {
    rows.iter().filter(move |row| row.id("product_id") == product)
}

impl Page {
    async fn read(source: &mut Magento, rows: Vec<Row>, views: &[u64]) -> Result<Self> {
        let ids: Vec<u64> = rows.iter().map(|row| row.id("entity_id")).collect();
        let variants = source.links(Link::Variants, &ids).await?;
        let children: Vec<u64> = variants.iter().map(|row| row.id("child_id")).collect();
        let mut of_variants = Vec::new();
        for chunk in children.chunks(PAGE) {
            of_variants.extend(source.option_values(chunk).await?);
        }
        Ok(Self {
            values: Values::new(source.values(EntityKind::Product, &ids, views).await?),
            websites: source.links(Link::Websites, &ids).await?,
            categories: source.links(Link::Categories, &ids).await?,
            axes: source.links(Link::Axes, &ids).await?,
            pictures: source.links(Link::Pictures, &ids).await?,
            of_variants: Values::new(of_variants),
            variants,
            rows,
        })
    }
}

/// What classes of goods are called here, by Magento's number.
pub(super) async fn tax_classes(
    source: &mut Magento,
    shop: &shop::Shop,
) -> Result<HashMap<u64, String>> {
    let settings = shop.settings();
    let country = settings.channel.country;
    let today = shop.clock.now().to_zoned(web::app::zone()).date();
    let mut classes: Vec<_> = settings.rates.rows().iter().map(|row| row.class.clone()).collect();
    // Where two have one rate, the ordinary one is meant.
    classes.sort_by_key(|class| (class.as_str() != "standard", class.to_string()));
    classes.dedup();
    let mut names = HashMap::new();
    for row in source.tax_rates(country.as_str()).await? {
        let is_one = !row.bytes("rate").is_empty() && row.bytes("rate") == row.bytes("highest");
        let rate = Sum::parse(&row.text("rate")).filter(|_| is_one);
        let found = classes.iter().find(|class| {
            let own = settings.rates.rows().iter().any(|row| {
                row.country == country && row.class == **class && row.valid_from <= today
            });
            let ours = settings.rates.rate(country, class, today).filter(|_| own);
            let ours = ours.and_then(|rate| Sum::parse(&percent(rate.basis_points())));
            rate.is_some() && rate == ours
        });
        let name = found.map_or_else(|| row.text("class_name"), ToString::to_string);
        names.insert(row.id("class_id"), name);
    }
    Ok(names)
}

fn percent(basis_points: u32) -> String {
    format!("{}.{:02}", basis_points / 100, basis_points % 100)
}

impl Move<'_> {
    /// Writes the files of products and of stock.
    pub(super) async fn write_products(
        &mut self,
        source: &mut Magento,
        structure: &Structure,
    ) -> Result<()> {
        let classes = tax_classes(source, self.shop).await?;
        let mut columns: Vec<&str> = exchange::product::COLUMNS.to_vec();
        columns.extend(structure.taken.values().map(|taken| taken.code.as_str()));
        let mut sheet = Sheet::create(&self.file("products.csv"), &columns)?;
        let mut stock = Sheet::create(&self.file("stock.csv"), &exchange::stock::COLUMNS)?;
        let n_products = source.n_products().await?;
        self.tally(Entity::Products).source = n_products;
        if let Some(&price) = structure.own.get("price") {
            let sum = source.sum_of_prices(price, self.site.base()).await?;
            self.prices = Sum::parse(&sum).unwrap_or_default();
        }
        let mut progress = Progress::of_rows("reading products", n_products);
        let mut after = 0;
        loop {
            let rows = source.products(after, PAGE).await?;
            let Some(last) = rows.last() else { break };
            after = last.id("entity_id");
            progress.add(u64::try_from(rows.len())?);
            let page = Page::read(source, rows, &self.site.view_ids()).await?;
            let mut sold = Vec::new();
            for row in &page.rows {
                if self.write_product(row, &page, structure, &classes, &mut sheet)? {
                    sold.push((row.id("entity_id"), row.bytes("sku").to_vec()));
                }
            }
            self.write_stock(source, &sold, &mut stock).await?;
        }
        progress.finish();
        sheet.finish()?;
        stock.finish()
    }

    /// Writes the rows of a product; whether it is one that lies in stock.
    fn write_product(
        &mut self,
        row: &Row,
        page: &Page,
        structure: &Structure,
        classes: &HashMap<u64, String>,
        sheet: &mut Sheet,
    ) -> Result<bool> {
        let (id, kind) = (row.id("entity_id"), row.text("type_id"));
        let base = self.site.base();
        let get = |code: &str, view: u64| {
            structure.own.get(code).and_then(|attribute| page.values.bytes(id, *attribute, view))
        };
        let text = |code: &str, view: u64| {
            get(code, view).map(|bytes| String::from_utf8_lossy(bytes).into_owned())
        };
        let price = Sum::parse(&text("price", base).unwrap_or_default()).unwrap_or_default();
        let is_alone = matches!(kind.as_str(), "simple" | "virtual");
        let reason = match kind.as_str() {
            "simple" | "virtual" | "configurable" => None,
            "bundle" | "grouped" | "downloadable" => Some("the shop has no products of this kind"),
            _ => Some("a kind of product that is not Magento's own"),
        };
        let websites: Vec<u64> = of(&page.websites, id).map(|row| row.id("website_id")).collect();
        let is_elsewhere = !websites.is_empty() && !websites.contains(&self.site.website);
        let reason = reason.or(is_elsewhere.then_some("it is sold on another website"));
        if let Some(reason) = reason {
            let names: Vec<&Row> = vec![row];
            self.side.keep(Entity::Products, reason, &[("product", &names)])?;
            if is_alone {
                self.side.add("price", "", price);
            }
            return Ok(false);
        }

        sheet.begin();
        sheet.set("sku", row.bytes("sku"));
        if let Some(set) = structure.sets.get(&row.id("attribute_set_id")) {
            sheet.set("attribute_set_code", set);
        }
        sheet.set("product_type", if kind == "configurable" { "configurable" } else { "simple" });
        let paths: Vec<Vec<String>> = of(&page.categories, id)
            .filter_map(|row| structure.paths.get(&row.id("category_id")))
            .map(|path| [&["Default Category".to_owned()], path.as_slice()].concat())
            .collect();
        if !paths.is_empty() {
            sheet.set("categories", write_paths(&paths));
        }
        self.texts(sheet, &get, base);
        sheet.set("product_online", if get("status", base) == Some(b"1") { "1" } else { "2" });
        sheet.set(
            "visibility",
            match get("visibility", base) {
                Some(b"1") => "Not Visible Individually",
                Some(b"2") => "Catalog",
                Some(b"3") => "Search",
                _ => "Catalog, Search",
            },
        );
        let class = text("tax_class_id", base).and_then(|id| id.parse::<u64>().ok());
        if let Some(class) = class.and_then(|id| classes.get(&id)) {
            sheet.set("tax_class_name", class);
        }
        if is_alone {
            sheet.set("weight", get("weight", base).unwrap_or_default());
            let decimals = self.shop.settings().channel.currency.decimals();
            // Fractions of a cent cannot be asked of anybody.
            let rounded = price.rounded(decimals);
            self.rounding = self.rounding.plus(price.minus(rounded));
            if get("price", base).is_some() {
                sheet.set("price", rounded.to_string());
            }
            let special = text("special_price", base).and_then(|text| Sum::parse(&text));
            let special = special.map(|price| price.rounded(decimals).to_string());
            sheet.set("special_price", special.as_deref().unwrap_or(exchange::CLEAR));
            for (column, code) in [
                ("special_price_from_date", "special_from_date"),
                ("special_price_to_date", "special_to_date"),
            ] {
                let day = text(code, base).filter(|_| special.is_some());
                let day = day.map(|text| text.get(..10).unwrap_or(&text).to_owned());
                sheet.set(column, day.as_deref().unwrap_or(exchange::CLEAR));
            }
        }
        self.pictures(sheet, of(&page.pictures, id), get("image", base).unwrap_or_default());
        sheet.set("created_at", row.bytes("created_at"));
        let country = text("country_of_manufacture", base).and_then(|it| Country::new(&it));
        if let Some(country) = country {
            sheet.set("country_of_manufacture", country.as_str());
        }
        if let Some([name, address, email]) = self.maker.as_deref() {
            sheet.set("greenleaf_manufacturer_name", name);
            sheet.set("greenleaf_manufacturer_address", address);
            sheet.set("greenleaf_manufacturer_email", email);
        }
        let lost = attributes(sheet, structure, |attribute| page.values.bytes(id, attribute, base));
        if kind == "configurable" {
            sheet.set("configurable_variations", write_groups(&variations(page, structure, id)));
        }
        sheet.end()?;
        if !lost.is_empty() {
            let reason = format!("options that are not there: {}", lost.join(", "));
            self.side.note(Entity::Products, &reason, &[("product", &[row])])?;
        }

        let other_views: Vec<_> = self.site.views.iter().skip(1).cloned().collect();
        for view in other_views {
            sheet.begin();
            sheet.set("sku", row.bytes("sku"));
            sheet.set("store_view_code", view.locale.as_str());
            self.texts(sheet, &get, view.id);
            for (attribute, taken) in &structure.taken {
                if taken.kind == AttributeKind::Text
                    && let Some(value) = page.values.bytes(id, *attribute, view.id)
                {
                    sheet.set(taken.code.as_str(), value);
                }
            }
            sheet.end()?;
        }
        Ok(is_alone)
    }

    fn texts<'a>(
        &self,
        sheet: &mut Sheet,
        get: &impl Fn(&str, u64) -> Option<&'a [u8]>,
        view: u64,
    ) {
        for code in ["name", "url_key", "meta_description"] {
            sheet.set(code, get(code, view).unwrap_or_default());
        }
        for code in ["description", "short_description"] {
            let bytes = get(code, view).unwrap_or_default();
            // What is no text is rejected as it stands.
            match std::str::from_utf8(bytes) {
                Ok(text) => sheet.set(code, self.directives.resolve(text).0),
                Err(_) => sheet.set(code, bytes),
            }
        }
    }

    fn pictures<'a>(
        &mut self,
        sheet: &mut Sheet,
        rows: impl Iterator<Item = &'a Row>,
        base: &[u8],
    ) {
        let mut pictures: Vec<(String, String)> =
            rows.map(|row| (row.text("value"), row.text("label"))).collect();
        self.n_pictures += u64::try_from(pictures.len()).unwrap_or(u64::MAX);
        pictures.sort_by_key(|(path, _)| path.as_bytes() != base);
        let Some(((path, label), others)) = pictures.split_first() else { return };
        sheet.set("base_image", path);
        sheet.set("base_image_label", label);
        sheet.set("additional_images", write_items(others.iter().map(|(path, _)| path)));
        sheet.set("additional_image_labels", write_items(others.iter().map(|(_, label)| label)));
    }

    async fn write_stock(
        &mut self,
        source: &mut Magento,
        sold: &[(u64, Vec<u8>)],
        sheet: &mut Sheet,
    ) -> Result<()> {
        let ids: Vec<u64> = sold.iter().map(|(id, _)| *id).collect();
        let items = source.links(Link::Stock, &ids).await?;
        let sources = source.links(Link::Sources, &ids).await?;
        // Without sources Magento takes units off when an order is placed; ours lie there until
        // they leave.
        let promised = match source.has_sources() {
            true => Vec::new(),
            false => source.links(Link::Promised, &ids).await?,
        };
        let mut levels: BTreeMap<u64, Sum> = BTreeMap::new();
        let quantity = |row: &Row, column: &str| Sum::parse(&row.text(column)).unwrap_or_default();
        for row in &items {
            levels.entry(row.id("product_id")).or_insert_with(|| quantity(row, "qty"));
        }
        let mut of_sources: BTreeMap<u64, Sum> = BTreeMap::new();
        for row in &sources {
            let level = of_sources.entry(row.id("product_id")).or_default();
            if row.id("status") == 1 {
                *level = level.plus(quantity(row, "quantity"));
            }
        }
        levels.extend(of_sources);
        for row in &promised {
            if let Some(level) = levels.get_mut(&row.id("product_id")) {
                *level = level.plus(quantity(row, "quantity"));
            }
        }
        for (id, sku) in sold {
            let Some(level) = levels.get(id) else { continue };
            self.tally(Entity::Stock).source += 1;
            // Half a unit cannot be sold, and what is owed is not there.
            let whole = level.to_string();
            let whole = whole.split('.').next().filter(|_| level.is_above_zero()).unwrap_or("0");
            sheet.begin();
            sheet.set("source_code", "default");
            sheet.set("sku", sku);
            sheet.set("status", "1");
            sheet.set("quantity", whole);
            sheet.end()?;
        }
        Ok(())
    }
}

/// Writes the values of attributes; the options that nobody has are named.
fn attributes<'a>(
    sheet: &mut Sheet,
    structure: &Structure,
    get: impl Fn(u64) -> Option<&'a [u8]>,
) -> Vec<String> {
    let mut lost = Vec::new();
    for (id, taken) in &structure.taken {
        let Some(value) = get(*id).filter(|value| !value.is_empty()) else { continue };
        let text = String::from_utf8_lossy(value);
        let code = taken.code.as_str();
        match taken.kind {
            AttributeKind::Select | AttributeKind::MultiSelect => {
                let mut options = Vec::new();
                for number in text.split(',').filter(|number| !number.trim().is_empty()) {
                    let known = number.trim().parse().ok();
                    match known.and_then(|id: u64| taken.options.get(&id)) {
                        Some(option) => options.push(option.as_str()),
                        None => lost.push(format!("{code}={number}")),
                    }
                }
                sheet.set(code, options.join("|"));
            }
            AttributeKind::Date => sheet.set(code, text.get(..10).unwrap_or(&text)),
            _ => sheet.set(code, value),
        }
    }
    lost
}

/// The variants of a configurable product with their options.
fn variations(page: &Page, structure: &Structure, id: u64) -> Vec<Vec<Pair>> {
    let axes: Vec<u64> = of(&page.axes, id).map(|row| row.id("attribute_id")).collect();
    let variation = |row: &Row| {
        // A variant that is missing is named, so that the row is rejected with its name.
        let sku = match row.get("sku") {
            Some(_) => row.text("sku"),
            None => format!("missing-{}", row.id("child_id")),
        };
        let mut pairs = vec![Pair::plain("sku", sku)];
        for axis in &axes {
            let Some(taken) = structure.taken.get(axis) else { continue };
            let value = page.of_variants.text(row.id("child_id"), *axis, 0);
            let option = value.and_then(|value| value.parse().ok());
            if let Some(option) = option.and_then(|id: u64| taken.options.get(&id)) {
                pairs.push(Pair::plain(taken.code.as_str(), option.as_str()));
            }
        }
        pairs
    };
    of(&page.variants, id).map(variation).collect()
}
