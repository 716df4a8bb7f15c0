//! What shoppers browse.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use commerce::catalog::{
    Attribute, AttributeCode, AttributeKind, AttributeValue, Category, CategoryCode, CategoryId,
    CategoryText, ContentUnit, NetContent,
};
use commerce::channel::{Country, Locale};
use commerce::content::{Localized, Slug};
use commerce::eco::{CarbonFootprint, EcoSheet, Label, Material, Percent};
use commerce::price::SpecialPrice;
use serde_json::{Value, json};
use testkit::{
    TestShop, a_configurable, a_product, a_shop, change_product, eur, write_attribute,
    write_category, write_page,
};
use uuid::Uuid;

use crate::Client;

async fn a_category(
    shop: &TestShop,
    number: i64,
    slug: &str,
    parent: Option<CategoryId>,
) -> CategoryId {
    let text = CategoryText {
        slug: Slug::new(slug).unwrap(),
        name: slug.to_uppercase(),
        description: format!("*{slug}*"),
        meta_description: String::new(),
    };
    let category = Category {
        id: CategoryId(Uuid::now_v7()),
        code: CategoryCode::new(slug).unwrap(),
        number,
        parent,
        position: i32::try_from(number).unwrap(),
        is_published: true,
        picture: None,
        texts: Localized::default().with(Locale::FR, text),
    };
    write_category(shop, &category).await;
    category.id
}

/// `refill`, a yes-or-no attribute that can be filtered by.
async fn a_flag(shop: &TestShop) -> AttributeCode {
    let attribute = Attribute {
        code: AttributeCode::new("refill").unwrap(),
        kind: AttributeKind::Boolean,
        label: Localized::default().with(Locale::FR, "Recharge".to_owned()),
        is_filterable: true,
        is_searchable: false,
        is_axis: false,
        options: Vec::new(),
    };
    write_attribute(shop, &attribute).await;
    attribute.code
}

/// Tea, a pot and a tee: drinks below all, tea below drinks.
async fn a_small_shop() -> TestShop {
    let shop = a_shop().on_sqlite().await;
    let drinks = a_category(&shop, 3, "boissons", None).await;
    let teas = a_category(&shop, 4, "thes", Some(drinks)).await;
    let refill = a_flag(&shop).await;
    a_product(&shop).price(450).stock(3).save().await;
    a_product(&shop).sku("POT").price(2_490).eco_participation(12).save().await;
    a_configurable(&shop).price(1_990).save().await;
    change_product(&shop, "TEA", |product| {
        product.categories = vec![(teas, 1)];
        product.attributes.insert(refill.clone(), AttributeValue::Boolean(true));
        for (_, text) in &mut product.texts.0 {
            text.description = "Un **thé**".to_owned();
        }
    })
    .await;
    change_product(&shop, "POT", |product| product.categories = vec![(drinks, 1)]).await;
    change_product(&shop, "TEE-M", |product| {
        for variant in &mut product.variants {
            if variant.sku.as_str() == "TEE-M" {
                variant.prices[0].regular = eur(2_190);
            }
        }
    })
    .await;
    shop.follow().await;
    shop
}

fn skus(products: &Value) -> Vec<&str> {
    let items = products["items"].as_array().unwrap().iter();
    items.map(|item| item["sku"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_product_has_what_clients_show() {
    let shop = a_small_shop().await;
    let client = Client::of(&shop);

    let data = client
        .ask(
            r#"{ products(filter: { sku: { eq: "TEA" } }) {
                total_count
                items {
                  __typename id uid sku name url_key url_suffix type_id stock_status
                  only_x_left_in_stock refill
                  price_range { minimum_price {
                    final_price { value currency } regular_price { value }
                    discount { amount_off percent_off } } }
                  price { regularPrice { amount { value } } }
                  description { html } short_description { html }
                  small_image { url } media_gallery { url } related_products { sku }
                  categories { uid name url_path breadcrumbs { category_name } }
                }
                page_info { current_page page_size total_pages }
                suggestions { search }
            } }"#,
        )
        .await;

    assert_eq!(
        data["products"],
        json!({
            "total_count": 1,
            "items": [{
                "__typename": "SimpleProduct", "id": 1, "uid": "MQ==", "sku": "TEA",
                "name": "TEA (fr)", "url_key": "tea", "url_suffix": "", "type_id": "simple",
                "stock_status": "IN_STOCK", "only_x_left_in_stock": 3, "refill": 1,
                "price_range": { "minimum_price": {
                    "final_price": { "value": 4.5, "currency": "EUR" },
                    "regular_price": { "value": 4.5 },
                    "discount": { "amount_off": 0.0, "percent_off": 0 },
                } },
                "price": { "regularPrice": { "amount": { "value": 4.5 } } },
                "description": { "html": "<p>Un <strong>thé</strong></p>\n" },
                "short_description": { "html": "" },
                "small_image": null, "media_gallery": [], "related_products": [],
                "categories": [{ "uid": "NA==", "name": "THES", "url_path": "boissons/thes",
                    "breadcrumbs": [{ "category_name": "BOISSONS" }] }],
            }],
            "page_info": { "current_page": 1, "page_size": 20, "total_pages": 1 },
            "suggestions": [],
        })
    );
}

#[tokio::test]
async fn a_product_tells_what_it_costs_the_planet_and_by_the_kilogram() {
    let shop = a_small_shop().await;
    let special = SpecialPrice { amount: eur(400), from: None, until: None };
    a_product(&shop).sku("OAT").price(450).special(special).save().await;
    change_product(&shop, "OAT", |product| {
        product.eco = an_eco_sheet();
        product.variants[0].content = NetContent::new(250, ContentUnit::Gram);
        product.variants[0].prices[0].prior = Some(eur(420));
    })
    .await;
    shop.follow().await;
    let client = Client::of(&shop);

    let eco = "eco { labels { scheme licence } origin_country origin_detail packaging
        materials { name share_percent recycled_percent } carbon_footprint { grams_co2e source }
        producer { name } legal_guarantee_months }";
    let data = client
        .ask(&format!(
            r#"{{ products(filter: {{ sku: {{ in: ["OAT", "POT"] }} }}, sort: {{ name: ASC }}) {{
                items {{ sku {eco} price_range {{ minimum_price {{
                    final_price {{ value }} prior_price {{ value }}
                    unit_price {{ amount {{ value }} unit }} }} }} }} }} }}"#
        ))
        .await;

    let nothing = json!({
        "labels": [], "origin_country": null, "origin_detail": null, "packaging": null,
        "materials": [], "carbon_footprint": null, "producer": null, "legal_guarantee_months": 24,
    });
    assert_eq!(
        data["products"]["items"],
        json!([
            { "sku": "OAT",
              "eco": {
                "labels": [{ "scheme": "GOTS", "licence": "GOTS-123" }],
                "origin_country": "PT", "origin_detail": "Tissé à Porto", "packaging": null,
                "materials": [{ "name": "Coton", "share_percent": 95, "recycled_percent": 40 }],
                "carbon_footprint": { "grams_co2e": 2150, "source": "Base Empreinte" },
                "producer": null, "legal_guarantee_months": 24,
              },
              "price_range": { "minimum_price": {
                "final_price": { "value": 4.0 }, "prior_price": { "value": 4.2 },
                "unit_price": { "amount": { "value": 16.0 }, "unit": "KILOGRAM" } } } },
            { "sku": "POT", "eco": nothing,
              "price_range": { "minimum_price": {
                "final_price": { "value": 25.02 }, "prior_price": null, "unit_price": null } } },
        ])
    );
}

fn an_eco_sheet() -> EcoSheet {
    let text = |text: &str| Localized::default().with(Locale::FR, text.to_owned());
    let percent = |percent| Percent::new(percent).unwrap();
    EcoSheet {
        labels: vec![Label { scheme: "GOTS".to_owned(), licence: "GOTS-123".to_owned() }],
        origin: Country::new("PT"),
        origin_detail: text("Tissé à Porto"),
        materials: vec![Material {
            name: text("Coton"),
            share: percent(95),
            recycled: percent(40),
        }],
        carbon: Some(CarbonFootprint { grams_co2e: 2_150, source: text("Base Empreinte") }),
        packaging: Localized::default(),
    }
}

#[tokio::test]
async fn a_configurable_product_shows_its_options_and_variants() {
    let shop = a_small_shop().await;
    let client = Client::of(&shop);

    let data = client
        .ask(
            r#"{ products(filter: { url_key: { eq: "tee" } }) { items {
                __typename sku stock_status
                price_range { minimum_price { final_price { value } }
                    maximum_price { final_price { value } } }
                ... on ConfigurableProduct {
                    configurable_options { attribute_code label use_default
                        values { label default_label } }
                    variants { attributes { code label } product { __typename sku stock_status
                        price_range { minimum_price { final_price { value } } } } }
                }
            } } }"#,
        )
        .await;

    let variant = |label: &str, price: f64| {
        json!({
            "attributes": [{ "code": "size", "label": label }],
            "product": { "__typename": "SimpleProduct", "sku": format!("TEE-{label}"),
                "stock_status": "IN_STOCK",
                "price_range": { "minimum_price": { "final_price": { "value": price } } } },
        })
    };
    assert_eq!(
        data["products"]["items"],
        json!([{
            "__typename": "ConfigurableProduct", "sku": "tee", "stock_status": "IN_STOCK",
            "price_range": { "minimum_price": { "final_price": { "value": 19.9 } },
                "maximum_price": { "final_price": { "value": 21.9 } } },
            "configurable_options": [{ "attribute_code": "size", "label": "Taille",
                "use_default": false, "values": [
                    { "label": "S", "default_label": "S" }, { "label": "M", "default_label": "M" },
                ] }],
            "variants": [variant("S", 19.9), variant("M", 21.9)],
        }])
    );

    let uids = client
        .ask(
            r#"{ products(filter: { sku: { eq: "tee" } }) { items { ... on ConfigurableProduct {
                variants { attributes { uid } } } } } }"#,
        )
        .await;
    let m = &uids["products"]["items"][0]["variants"][1]["attributes"][0]["uid"];
    let data = client
        .ask_with(
            r#"query Q($uids: [ID!]) { products(filter: { sku: { eq: "tee" } }) { items {
                ... on ConfigurableProduct { configurable_product_options_selection(
                    configurableOptionValueUids: $uids) { variant { sku }
                    options_available_for_selection { attribute_code option_value_uids } } }
            } } }"#,
            json!({ "uids": [m] }),
        )
        .await;
    assert_eq!(
        data.json["data"]["products"]["items"][0]["configurable_product_options_selection"],
        json!({ "variant": { "sku": "TEE-M" }, "options_available_for_selection": [
            { "attribute_code": "size", "option_value_uids": [m] }] })
    );
}

#[tokio::test]
async fn lists_are_filtered_sorted_paged_and_counted() {
    let shop = a_small_shop().await;
    let client = Client::of(&shop);
    let list = async |asked: &str| {
        client.ask(&format!("{{ products({asked}) {{ items {{ sku }} total_count }} }}")).await
            ["products"]
            .clone()
    };

    let all = list("filter: {}, sort: { price: ASC }").await;
    assert_eq!(skus(&all), ["TEA", "tee", "POT"]);
    let all = list("filter: {}, sort: { price: DESC }").await;
    assert_eq!(skus(&all), ["POT", "tee", "TEA"]);
    let all = list("filter: {}, sort: { name: DESC }").await;
    assert_eq!(skus(&all), ["tee", "TEA", "POT"]);
    let second = list("filter: {}, sort: { name: ASC }, pageSize: 2, currentPage: 2").await;
    assert_eq!((skus(&second), &second["total_count"]), (vec!["tee"], &json!(3)));
    for (asked, found) in [
        (r#"filter: { category_uid: { eq: "Mw==" } }"#, vec!["POT", "TEA"]),
        (r#"filter: { category_id: { eq: "4" } }"#, vec!["TEA"]),
        (r#"filter: { category_uid: { in: ["NA==", "Mw=="] } }"#, vec!["TEA", "POT"]),
        (r#"filter: { category_url_path: { eq: "boissons/thes" } }"#, vec!["TEA"]),
        (r#"filter: { category_uid: { eq: "OTk=" } }"#, vec![]),
        (r#"filter: { price: { from: "5", to: "20.00" } }"#, vec!["tee"]),
        (r#"filter: { refill: { eq: "1" } }"#, vec!["TEA"]),
        (r#"filter: { refill: { in: ["1", "0"] } }"#, vec!["TEA"]),
        (r#"filter: { size: { in: ["m"] } }"#, vec!["tee"]),
        (r#"filter: { size: { eq: "xxl" } }"#, vec![]),
        (r#"filter: { climate: { eq: "cold" } }"#, vec![]),
        (r#"filter: { sku: { in: ["POT", "TEA", "TEE-M", "none"] } }"#, vec!["POT", "TEA"]),
        (r#"filter: { name: { match: "pot" } }"#, vec!["POT"]),
        (r#"search: "tea", filter: { category_uid: { eq: "NA==" } }"#, vec!["TEA"]),
        (r#"search: "pot", filter: { category_uid: { eq: "NA==" } }"#, vec![]),
    ] {
        let mut got = list(asked).await;
        let sorted = |skus: Vec<&str>| {
            let mut skus: Vec<String> = skus.into_iter().map(str::to_owned).collect();
            skus.sort();
            skus
        };
        assert_eq!(sorted(skus(&got)), sorted(found.clone()), "{asked}");
        assert_eq!(got["total_count"].take(), json!(found.len()), "{asked}");
    }

    let data = client
        .ask(
            r#"{ products(filter: { category_uid: { eq: "Mw==" } }) {
                aggregations { attribute_code label count options { label value count } }
                sort_fields { default options { value } } } }"#,
        )
        .await;
    assert_eq!(
        data["products"]["aggregations"][1],
        json!({ "attribute_code": "category_uid", "label": "Catégorie", "count": 1,
            "options": [{ "label": "THES", "value": "NA==", "count": 1 }] })
    );
    assert_eq!(
        data["products"]["aggregations"][2],
        json!({ "attribute_code": "refill", "label": "Recharge", "count": 1,
            "options": [{ "label": "Oui", "value": "1", "count": 1 }] })
    );
    let price = &data["products"]["aggregations"][0];
    assert_eq!(price["attribute_code"], "price");
    let range = price["options"][0]["value"].as_str().unwrap();
    let (from, to) = range.split_once('_').unwrap();
    let bucket = list(&format!(
        r#"filter: {{ category_uid: {{ eq: "Mw==" }}, price: {{ from: "{from}", to: "{to}" }} }}"#
    ))
    .await;
    assert_eq!(bucket["total_count"], price["options"][0]["count"]);
}

#[tokio::test]
async fn an_option_can_be_filtered_by_the_value_that_was_counted() {
    let shop = a_small_shop().await;
    let client = Client::of(&shop);
    let data = client
        .ask("{ products(filter: {}) { aggregations { attribute_code options { label value } } } }")
        .await;
    let all = data["products"]["aggregations"].as_array().unwrap();
    let sizes = all.iter().find(|of| of["attribute_code"] == "size").unwrap();
    let m = sizes["options"].as_array().unwrap().iter().find(|of| of["label"] == "M").unwrap();

    let query = "query Q($size: String) { products(filter: { size: { eq: $size } }) {
        items { sku } } }";
    let answer = client.ask_with(query, json!({ "size": m["value"] })).await;

    assert_eq!(skus(&answer.json["data"]["products"]), ["tee"]);
}

#[tokio::test]
async fn lists_that_make_no_sense_are_refused_in_magentos_words() {
    let shop = a_small_shop().await;
    let client = Client::of(&shop);
    for (asked, message) in [
        ("pageSize: 3", "'search' or 'filter' input argument is required."),
        ("search: \"tea\", currentPage: 0", "currentPage value must be greater than 0."),
        ("search: \"tea\", pageSize: -1", "pageSize value must be greater than 0."),
        (
            "search: \"tea\", currentPage: 7",
            "currentPage value 7 specified is greater than the 1 page(s) available.",
        ),
        ("filter: { price: { from: \"cheap\" } }", "Price filter \"from\" is not a number."),
    ] {
        let refused = client.refused(&format!("{{ products({asked}) {{ total_count }} }}")).await;

        assert_eq!(refused, ("graphql-input".to_owned(), message.to_owned()), "{asked}");
    }
}

#[tokio::test]
async fn categories_form_a_tree_under_the_root() {
    let shop = a_small_shop().await;
    let client = Client::of(&shop);

    let data = client
        .ask(
            "{ storeConfig { root_category_uid } categoryList { uid name level children_count
                children { id name url_path level path product_count children { name } } } }",
        )
        .await;

    let root = &data["storeConfig"]["root_category_uid"];
    assert_eq!(
        data["categoryList"],
        json!([{ "uid": root, "name": "Default Category", "level": 1, "children_count": "2",
            "children": [{ "id": 3, "name": "BOISSONS", "url_path": "boissons", "level": 2,
                "path": "1/2147483647/3", "product_count": 2,
                "children": [{ "name": "THES" }] }] }])
    );
    for (filters, found) in [
        (r#"{ ids: { eq: "4" } }"#, json!(["THES"])),
        (r#"{ category_uid: { in: ["Mw==", "NA=="] } }"#, json!(["BOISSONS", "THES"])),
        (r#"{ parent_id: { eq: "3" } }"#, json!(["THES"])),
        (r#"{ url_key: { eq: "boissons" } }"#, json!(["BOISSONS"])),
        (r#"{ url_path: { eq: "boissons/thes" } }"#, json!(["THES"])),
        (r#"{ name: { match: "boi" } }"#, json!(["BOISSONS"])),
        (r#"{ ids: { eq: "99" } }"#, json!([])),
    ] {
        let query =
            format!("{{ categories(filters: {filters}) {{ items {{ name }} total_count }} }}");
        let data = client.ask(&query).await;
        let items = data["categories"]["items"].as_array().unwrap();
        let names: Vec<&Value> = items.iter().map(|item| &item["name"]).collect();
        assert_eq!(json!(names), found, "{filters}");
        assert_eq!(data["categories"]["total_count"], json!(names.len()), "{filters}");
    }
    let data = client
        .ask(
            "{ category(id: 3) { name description products(pageSize: 1) { total_count items { sku }
                page_info { total_pages } } } }",
        )
        .await;
    assert_eq!(
        data["category"],
        json!({ "name": "BOISSONS", "description": "<p><em>boissons</em></p>\n",
            "products": { "total_count": 2, "items": [{ "sku": "POT" }],
                "page_info": { "total_pages": 2 } } })
    );
    let refused = client.refused("{ category(id: 99) { name } }").await;
    assert_eq!(refused, ("graphql-no-such-entity".into(), "Category doesn't exist".into()));
}

#[tokio::test]
async fn an_address_leads_to_what_lies_there() {
    let shop = a_small_shop().await;
    write_page(&shop, "terms", "# Vente").await;
    shop.follow().await;
    let client = Client::of(&shop);

    let data = client
        .ask(
            r#"fragment R on RoutableInterface { __typename type relative_url redirect_code }
            { product: route(url: "tea.html") { ...R ... on SimpleProduct { sku } }
              own: route(url: "/p/tee") { ...R }
              category: route(url: "/boissons/thes") { ...R ... on CategoryTree { name } }
              page: route(url: "terms") { ...R ... on CmsPage { title } }
              none: route(url: "nowhere") { ...R }
              old: urlResolver(url: "/boissons/thes") { type id entity_uid relative_url redirectCode }
              cmsPage(identifier: "terms") { title content url_key identifier }
              cmsBlocks(identifiers: ["footer"]) { items { title } } }"#,
        )
        .await;

    assert_eq!(
        data,
        json!({
            "product": { "__typename": "SimpleProduct", "type": "PRODUCT", "relative_url": "tea",
                "redirect_code": 0, "sku": "TEA" },
            "own": { "__typename": "ConfigurableProduct", "type": "PRODUCT",
                "relative_url": "tee", "redirect_code": 0 },
            "category": { "__typename": "CategoryTree", "type": "CATEGORY",
                "relative_url": "boissons/thes", "redirect_code": 0, "name": "THES" },
            "page": { "__typename": "CmsPage", "type": "CMS_PAGE", "relative_url": "terms",
                "redirect_code": 0, "title": "terms" },
            "none": null,
            "old": { "type": "CATEGORY", "id": 4, "entity_uid": "NA==",
                "relative_url": "boissons/thes", "redirectCode": 0 },
            "cmsPage": { "title": "terms", "content": "<h2>Vente</h2>\n",
                "url_key": "terms", "identifier": "terms" },
            "cmsBlocks": { "items": [] },
        })
    );
    let (category, message) = client.refused(r#"{ cmsPage(identifier: "none") { title } }"#).await;
    assert_eq!(category, "graphql-no-such-entity");
    assert_eq!(message, "The CMS page with the \"none\" ID doesn't exist.");
}

#[tokio::test]
async fn the_home_page_leads_into_the_catalog_until_the_merchant_writes_one() {
    const ASKED: &str = r#"{ route(url: "/") { __typename type ... on CmsPage { identifier } }
        cmsPage(identifier: "home") { title content_heading content url_key } }"#;
    let shop = a_small_shop().await;
    let client = Client::of(&shop);
    let route = json!({ "__typename": "CmsPage", "type": "CMS_PAGE", "identifier": "home" });

    let ours = client.ask(ASKED).await;
    write_page(&shop, "home", "# Bienvenue").await;
    shop.follow().await;
    let written = client.ask(ASKED).await;

    assert_eq!(ours["route"], route);
    assert_eq!(
        ours["cmsPage"]["content"],
        "<ul>\n<li><a href=\"/boissons\">BOISSONS</a></li>\n</ul>\n"
    );
    assert_eq!(ours["cmsPage"]["url_key"], "home");
    assert_eq!(written["route"], route);
    assert_eq!(written["cmsPage"]["content"], "<h2>Bienvenue</h2>\n");
}

#[tokio::test]
async fn the_store_says_where_and_in_what_it_sells() {
    let shop = a_small_shop().await;
    let client = Client::of(&shop);

    let data = client
        .ask(
            r#"{ storeConfig { store_code store_name locale base_currency_code
                  secure_base_media_url product_url_suffix default_country
                  magento_wishlist_general_is_enabled }
                availableStores { store_code locale is_default_store }
                currency { base_currency_code available_currency_codes exchange_rates { rate } }
                countries { id full_name_english full_name_locale }
                country(id: "BE") { three_letter_abbreviation available_regions { code } } }"#,
        )
        .await;

    assert_eq!(
        data,
        json!({
            "storeConfig": { "store_code": "default", "store_name": "GreenLeaf",
                "locale": "fr_FR", "base_currency_code": "EUR",
                "secure_base_media_url": "https://greenleaf.test/media/",
                "product_url_suffix": "", "default_country": "FR",
                "magento_wishlist_general_is_enabled": "0" },
            "availableStores": [
                { "store_code": "default", "locale": "fr_FR", "is_default_store": true },
                { "store_code": "en", "locale": "en_GB", "is_default_store": false },
            ],
            "currency": { "base_currency_code": "EUR", "available_currency_codes": ["EUR"],
                "exchange_rates": [{ "rate": 1 }] },
            "countries": [
                { "id": "BE", "full_name_english": "Belgium", "full_name_locale": "Belgique" },
                { "id": "DE", "full_name_english": "Germany", "full_name_locale": "Allemagne" },
                { "id": "FR", "full_name_english": "France", "full_name_locale": "France" },
            ],
            "country": { "three_letter_abbreviation": "BEL", "available_regions": null },
        })
    );
    let refused = client.refused(r#"{ country(id: "US") { id } }"#).await;
    assert_eq!(refused, ("graphql-no-such-entity".into(), "The country isn't available.".into()));
}

#[tokio::test]
async fn a_picture_is_where_magentos_clients_look_for_it() {
    let shop = a_shop().on_sqlite().await;
    a_product(&shop).save().await;
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(900, 600).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let png = png.into_inner().into();
    let original = shop::media::upload(&shop, "thé.png", png).await.unwrap();
    change_product(&shop, "TEA", |product| {
        let alt = Localized::default().with(Locale::FR, "Une tasse".to_owned());
        product.pictures = vec![commerce::media::Picture { original, alt, option: None }];
    })
    .await;
    shop.follow().await;
    let client = Client::of(&shop);

    let data = client
        .ask(
            r#"{ storeConfig { secure_base_media_url } products(filter: { sku: { eq: "TEA" } }) {
                items { small_image { url label } media_gallery_entries { file types
                    content { type } } } } }"#,
        )
        .await;

    let item = &data["products"]["items"][0];
    assert_eq!(item["small_image"]["label"], "Une tasse");
    assert_eq!(item["media_gallery_entries"][0]["content"]["type"], "image/png");
    let file = item["media_gallery_entries"][0]["file"].as_str().unwrap();
    let base = data["storeConfig"]["secure_base_media_url"].as_str().unwrap();
    let url = item["small_image"]["url"].as_str().unwrap();
    assert_eq!(url, format!("{base}catalog/product{file}"));
    let path = url.strip_prefix("https://greenleaf.test").unwrap();
    for (asked, accept, kind) in [
        // Too small to be rendered in the width that is meant without one.
        (path.to_owned(), "*/*", "image/png"),
        (format!("{path}?width=300"), "*/*", "image/jpeg"),
        (format!("{path}?auto=webp&format=pjpg&width=640"), "image/webp,*/*", "image/webp"),
        (format!("{path}?auto=webp&width=640"), "image/png", "image/jpeg"),
    ] {
        let request = Request::get(&asked).header("accept", accept).body(Body::empty()).unwrap();
        let answer = client.send(request).await;
        assert_eq!(answer.status, StatusCode::OK, "{asked}");
        assert_eq!(answer.headers["content-type"], kind, "{asked}");
    }
    let none = Request::get("/media/catalog/product/none.jpg").body(Body::empty()).unwrap();
    assert_eq!(client.send(none).await.status, StatusCode::NOT_FOUND);
}
