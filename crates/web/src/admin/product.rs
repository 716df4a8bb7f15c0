//! One product: its texts, its variants with price and stock, whether it is on sale.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use commerce::catalog::{Product, ProductId, Sku, VariantId, Visibility};
use commerce::channel::Channel;
use commerce::content::Slug;
use commerce::money::Money;
use commerce::price::SpecialPrice;
use commerce::stock::StockLevel;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use shop::catalog::{PriceInput, Problem, ProductInput, SaveProductError, TextInput, VariantInput};

use super::desk::{Answer, Desk, Failure, Id, Posted};
use super::page::{Done, Language, PictureRow, ProductPage, Section, VariantView};
use super::stock::parse_count;
use super::view::{self, refuse};
use crate::guard::Fields;
use crate::i18n::{Locale, Message};
use crate::storefront::page::{Form, Refusal};
use crate::storefront::view::picture;

pub(super) async fn show(Id(id): Id, desk: Desk) -> Answer {
    let product = find(&desk, ProductId(id)).await?;
    let levels = levels(&desk, &product).await?;
    let form = fresh(&desk, &product, &levels);
    page(desk, &product, &levels, StatusCode::OK, form)
}

pub(super) async fn find(desk: &Desk, id: ProductId) -> Result<Product, Failure> {
    let found = shop::catalog::find_product(&desk.app.shop, id).await;
    found.map_err(|error| desk.db(&error))?.ok_or_else(|| desk.not_found())
}

type Levels = BTreeMap<Sku, StockLevel>;

async fn levels(desk: &Desk, product: &Product) -> Result<Levels, Failure> {
    let skus: Vec<Sku> = product.variants.iter().map(|variant| variant.sku.clone()).collect();
    let levels = shop::catalog::stock_levels(&desk.app.shop, &skus).await;
    levels.map_err(|error| desk.db(&error))
}

/// The page with the product as it is, and a word on what could not be done with a picture.
pub(super) async fn page_again(
    desk: Desk,
    id: ProductId,
    status: StatusCode,
    field: &str,
    message: Message,
) -> Answer {
    let product = find(&desk, id).await?;
    let levels = levels(&desk, &product).await?;
    let mut form = fresh(&desk, &product, &levels);
    refuse(&mut form, field, message);
    page(desk, &product, &levels, status, form)
}

fn page(
    mut desk: Desk,
    product: &Product,
    levels: &Levels,
    status: StatusCode,
    form: Form,
) -> Answer {
    let settings = desk.app.shop.settings();
    let channel = &settings.channel;
    let (locale, fallback) = (desk.locale, channel.default_locale());
    let variants = (0_usize..).zip(&product.variants).map(|(i, variant)| {
        let level = levels.get(&variant.sku).copied().unwrap_or_default();
        VariantView {
            prefix: format!("v{i}-"),
            id: variant.id.0.to_string(),
            sku: variant.sku.as_str().to_owned(),
            options: view::options(variant),
            on_hand: level.on_hand,
            allocated: level.allocated,
        }
    });
    let n_pictures = product.pictures.len();
    let pictures = product.pictures.iter().enumerate().map(|(i, shown)| PictureRow {
        id: shown.original.id.0.to_string(),
        picture: picture(&shown.original, shown.alt.text(locale.into(), fallback), 160),
        width: shown.original.width,
        height: shown.original.height,
        alts: Locale::ALL
            .into_iter()
            .map(|it| {
                let alt = shown.alt.0.get(&it.into()).cloned().unwrap_or_default();
                (it.tag(), it.own_name(), alt)
            })
            .collect(),
        option: shown.option.as_ref().map(|(_, option)| option.as_str().to_owned()),
        is_first: i == 0,
        is_last: i + 1 == n_pictures,
    });
    let shop_path = (product.visibility == Visibility::Published)
        .then(|| product.texts.get(locale.into(), fallback))
        .flatten()
        .map(|text| locale.path(&format!("/p/{}", text.slug)));
    let page = ProductPage {
        path: format!("/admin/products/{}", product.id.0),
        name: view::product_name(product, locale.into()),
        status: view::visibility(product.visibility),
        version: product.version,
        currency: channel.currency.as_str().to_owned(),
        prices_include_tax: channel.prices_include_tax,
        languages: Locale::ALL
            .into_iter()
            .map(|it| Language {
                tag: it,
                name: it.own_name(),
                is_needed: commerce::channel::Locale::from(it) == fallback,
            })
            .collect(),
        variants: variants.collect(),
        pictures: pictures.collect(),
        shop_path,
        form,
        layout: desk.layout(Section::Products),
    };
    desk.page_with(status, &page)
}

/// The form of a product as it is.
fn fresh(desk: &Desk, product: &Product, levels: &Levels) -> Form {
    let settings = desk.app.shop.settings();
    let mut form = Form::default()
        .with("version", &product.version.to_string())
        .with("visibility", visibility_code(product.visibility));
    for locale in Locale::ALL {
        let tag = locale.tag();
        let Some(text) = product.texts.0.get(&locale.into()) else { continue };
        form = form
            .with(&format!("name-{tag}"), &text.name)
            .with(&format!("slug-{tag}"), text.slug.as_str())
            .with(&format!("short-{tag}"), &text.short)
            .with(&format!("description-{tag}"), &text.description)
            .with(&format!("meta-{tag}"), &text.meta_description);
    }
    for (i, variant) in product.variants.iter().enumerate() {
        let on_hand = levels.get(&variant.sku).map_or(0, |level| level.on_hand).to_string();
        let mut set = |field: &str, value: &str| {
            form.values.insert(format!("v{i}-{field}"), value.to_owned());
        };
        set("id", &variant.id.0.to_string());
        set("sku", variant.sku.as_str());
        set("enabled", if variant.is_enabled { "yes" } else { "" });
        set("stock", &on_hand);
        set("stock-was", &on_hand);
        let price = variant.prices.iter().find(|price| price.channel == settings.channel.code);
        let Some(price) = price else { continue };
        set("price", &amount(desk.locale, price.regular));
        let Some(special) = price.special else { continue };
        set("special", &amount(desk.locale, special.amount));
        set("from", &special.from.map_or_else(String::new, |at| local(&desk.app.zone, at)));
        set("until", &special.until.map_or_else(String::new, |at| local(&desk.app.zone, at)));
    }
    form
}

fn amount(locale: Locale, amount: Money) -> String {
    match locale {
        Locale::French => amount.to_decimal().replace('.', ","),
        Locale::English => amount.to_decimal(),
    }
}

/// A moment as `datetime-local` fields write it.
fn local(zone: &TimeZone, at: Timestamp) -> String {
    let at = zone.to_datetime(at);
    format!("{}T{:02}:{:02}", at.date(), at.hour(), at.minute())
}

fn visibility_code(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Draft => "draft",
        Visibility::Published => "published",
        Visibility::Hidden => "hidden",
    }
}

pub(super) async fn save(Id(id): Id, Posted { desk, fields }: Posted) -> Answer {
    let product = find(&desk, ProductId(id)).await?;
    let levels = levels(&desk, &product).await?;
    let mut form = Form::posted(fields.iter().filter(|(name, _)| *name != "csrf"));
    let input = Reader { desk: &desk, fields: &fields, form: &mut form }.product(&product);
    // A version that is no number is nobody's.
    let version = fields.get("version").parse().unwrap_or(0);
    if !form.is_accepted() {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return page(desk, &product, &levels, status, form);
    }
    match shop::catalog::update_product(&desk.app.shop, product.id, version, &input).await {
        Ok(_) => desk.lead(&format!("/admin/products/{id}"), Done::ProductSaved),
        Err(SaveProductError::NotFound) => Err(desk.not_found()),
        Err(SaveProductError::Db(error)) => Err(desk.db(&error)),
        Err(SaveProductError::Stale) => {
            refuse(&mut form, "", Message::new("admin-product-stale"));
            page(desk, &product, &levels, StatusCode::CONFLICT, form)
        }
        Err(SaveProductError::Invalid(problems)) => {
            for problem in &problems {
                let (field, message) = wording(problem, &input);
                refuse(&mut form, &field, message);
            }
            page(desk, &product, &levels, StatusCode::UNPROCESSABLE_ENTITY, form)
        }
    }
}

/// Reads the form, noting at each field what is wrong with it.
struct Reader<'a> {
    desk: &'a Desk,
    fields: &'a Fields,
    form: &'a mut Form,
}

impl Reader<'_> {
    /// What the form makes of the product; what the form does not show stays as it is.
    fn product(&mut self, before: &Product) -> ProductInput {
        let mut input = ProductInput::from(before);
        match self.fields.get("visibility") {
            "draft" => input.visibility = Visibility::Draft,
            "published" => input.visibility = Visibility::Published,
            "hidden" => input.visibility = Visibility::Hidden,
            _ => self.form.refuse("visibility", Refusal::ChoiceMissing),
        }
        for locale in Locale::ALL {
            self.text(&mut input, locale);
        }
        let settings = self.desk.app.shop.settings();
        for (i, variant) in input.variants.iter_mut().enumerate() {
            // Rows are matched by what they are, not by where they stood.
            let is_same = |id: VariantId| self.fields.get(&format!("v{i}-id")) == id.0.to_string();
            if variant.id.is_some_and(is_same) {
                self.variant(variant, i, &settings.channel);
            } else {
                refuse(self.form, "", Message::new("admin-product-stale"));
            }
        }
        input
    }

    fn text(&mut self, input: &mut ProductInput, locale: Locale) {
        let tag = locale.tag();
        let get = |field: &str| self.fields.get(&format!("{field}-{tag}")).to_owned();
        let slug = get("slug");
        let text = TextInput {
            slug: Slug::new(slug.as_str()),
            name: get("name"),
            short: get("short"),
            description: get("description"),
            meta_description: get("meta"),
        };
        if !slug.is_empty() && text.slug.is_none() {
            refuse(self.form, &format!("slug-{tag}"), Message::new("admin-refusal-slug"));
        }
        for (field, value, max) in
            [("short", &text.short, 500), ("meta", &text.meta_description, 500)]
        {
            if usize::try_from(max).is_ok_and(|max| value.chars().count() > max) {
                self.form.refuse(&format!("{field}-{tag}"), Refusal::TooLong { max });
            }
        }
        let is_empty = [&text.name, &text.short, &text.description, &text.meta_description]
            .into_iter()
            .all(String::is_empty);
        let language = locale.into();
        let is_default = language == self.desk.app.shop.settings().channel.default_locale();
        if is_empty && !is_default {
            input.texts.0.remove(&language);
        } else {
            input.texts.0.insert(language, text);
        }
    }

    fn variant(&mut self, variant: &mut VariantInput, i: usize, channel: &Channel) {
        let name = |field: &str| format!("v{i}-{field}");
        let fields = self.fields;
        let get = |field: &str| fields.get(&name(field));
        match Sku::new(get("sku")) {
            Some(sku) => variant.sku = sku,
            None => refuse(self.form, &name("sku"), Message::new("admin-refusal-sku")),
        }
        variant.is_enabled = !get("enabled").is_empty();
        if get("stock") != get("stock-was") {
            variant.on_hand = parse_count(get("stock"));
            if variant.on_hand.is_none() {
                refuse(self.form, &name("stock"), Message::new("admin-refusal-number"));
            }
        }

        let position = variant.prices.iter().position(|price| price.channel == channel.code);
        if get("price").is_empty() {
            // Without a price in this channel it is not sold there.
            if !get("special").is_empty() {
                self.form.refuse(&name("price"), Refusal::Missing);
            }
            if let Some(position) = position {
                variant.prices.remove(position);
            }
            return;
        }
        let regular = self.money(&name("price"), channel);
        let special = self.special(i, channel, position.and_then(|it| variant.prices[it].special));
        let Some(regular) = regular else { return };
        match position {
            Some(position) => {
                variant.prices[position].regular = regular;
                variant.prices[position].special = special;
            }
            None => variant.prices.push(PriceInput {
                channel: channel.code.clone(),
                regular,
                special,
                eco_participation: None,
            }),
        }
    }

    fn special(
        &mut self,
        i: usize,
        channel: &Channel,
        before: Option<SpecialPrice>,
    ) -> Option<SpecialPrice> {
        let name = |field: &str| format!("v{i}-{field}");
        let from = self.moment(&name("from"), before.and_then(|special| special.from));
        let until = self.moment(&name("until"), before.and_then(|special| special.until));
        if self.fields.get(&name("special")).is_empty() {
            if from.is_some() || until.is_some() {
                self.form.refuse(&name("special"), Refusal::Missing);
            }
            return None;
        }
        let amount = self.money(&name("special"), channel)?;
        Some(SpecialPrice { amount, from, until })
    }

    fn money(&mut self, field: &str, channel: &Channel) -> Option<Money> {
        let typed: String =
            self.fields.get(field).chars().filter(|char| !char.is_whitespace()).collect();
        let amount = Money::parse(&typed, channel.currency);
        if amount.is_none() {
            refuse(self.form, field, Message::new("admin-refusal-amount"));
        }
        amount
    }

    /// A moment in the shop's time zone. A field shows minutes: what was there before with its
    /// seconds stays when the field was left alone.
    fn moment(&mut self, field: &str, before: Option<Timestamp>) -> Option<Timestamp> {
        let typed = self.fields.get(field);
        let zone = &self.desk.app.zone;
        if typed.is_empty() || before.is_some_and(|before| local(zone, before) == typed) {
            return before.filter(|_| !typed.is_empty());
        }
        let moment = typed
            .parse::<DateTime>()
            .ok()
            .and_then(|moment| moment.to_zoned(zone.clone()).ok())
            .map(|moment| moment.timestamp());
        if moment.is_none() {
            refuse(self.form, field, Message::new("admin-refusal-date"));
        }
        moment
    }
}

/// Where a problem shows in the form, and in which words.
fn wording(problem: &Problem, input: &ProductInput) -> (String, Message) {
    let of = |sku: &Sku, field: &str| {
        let position = input.variants.iter().position(|variant| variant.sku == *sku);
        position.map_or_else(String::new, |i| format!("v{i}-{field}"))
    };
    let language =
        |field: &str, locale: &commerce::channel::Locale| format!("{field}-{}", locale.as_str());
    match problem {
        Problem::NameMissing(locale) => (language("name", locale), Refusal::Missing.into()),
        Problem::NameTooLong(locale) => {
            (language("name", locale), Refusal::TooLong { max: 255 }.into())
        }
        Problem::SlugMissing(locale) => {
            (language("slug", locale), Message::new("admin-refusal-slug"))
        }
        Problem::SkuTwice(sku) => (of(sku, "sku"), Message::new("admin-refusal-sku-twice")),
        Problem::SkuTaken { sku, .. } => (of(sku, "sku"), Message::new("admin-refusal-sku-taken")),
        Problem::PriceOutOfRange(sku) => (of(sku, "price"), Message::new("admin-refusal-price")),
        Problem::SpecialNotLower(sku) => {
            (of(sku, "special"), Message::new("admin-refusal-special"))
        }
        Problem::SpecialPeriod(sku) => (of(sku, "until"), Message::new("admin-refusal-period")),
        Problem::Promised { sku, allocated } => {
            (of(sku, "stock"), Message::new("admin-refusal-promised").with("n", *allocated))
        }
        Problem::NothingToSell => {
            ("visibility".to_owned(), Message::new("admin-refusal-nothing-to-sell"))
        }
        Problem::ManufacturerMissing => {
            ("visibility".to_owned(), Message::new("admin-refusal-manufacturer"))
        }
        other => {
            let detail = other.to_string();
            (String::new(), Message::new("admin-refusal-other").with("detail", detail))
        }
    }
}
