//! What the shop is: its views, its currency, the countries it delivers to.

use commerce::channel::{Country, Locale};
use schemars::JsonSchema;
use serde::Serialize;

use super::call::Call;
use super::criteria::Page;
use super::problem::Problem;
use crate::graphql::uid;

#[derive(Serialize, JsonSchema)]
pub(super) struct StoreConfig {
    id: i64,
    code: String,
    website_id: i64,
    locale: String,
    base_currency_code: String,
    default_display_currency_code: String,
    timezone: String,
    weight_unit: String,
    base_url: String,
    base_link_url: String,
    base_static_url: String,
    base_media_url: String,
    secure_base_url: String,
    secure_base_link_url: String,
    secure_base_static_url: String,
    secure_base_media_url: String,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct StoreView {
    id: i64,
    code: String,
    name: String,
    website_id: i64,
    store_group_id: i64,
    is_active: i64,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct StoreGroup {
    id: i64,
    website_id: i64,
    root_category_id: i64,
    default_store_id: i64,
    name: String,
    code: String,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Website {
    id: i64,
    code: String,
    name: String,
    default_group_id: i64,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct CountryInformation {
    id: String,
    two_letter_abbreviation: String,
    three_letter_abbreviation: String,
    full_name_locale: String,
    full_name_english: String,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct CurrencyInformation {
    base_currency_code: String,
    base_currency_symbol: String,
    default_display_currency_code: String,
    default_display_currency_symbol: String,
    available_currency_codes: Vec<String>,
    exchange_rates: Vec<ExchangeRate>,
}

#[derive(Serialize, JsonSchema)]
struct ExchangeRate {
    currency_to: String,
    rate: i64,
}

/// The languages of the channel with the numbers that they have as store views.
fn numbered(call: &Call) -> Vec<(i64, Locale)> {
    (1..).zip(call.settings.channel.locales.iter().copied()).collect()
}

/// `fr_FR`: a language and where it is spoken.
fn territory(locale: Locale, home: Country) -> String {
    let spoken = match locale.as_str() {
        "en" => "GB",
        "fr" => "FR",
        "de" => "DE",
        _ => home.as_str(),
    };
    format!("{}_{spoken}", locale.as_str())
}

pub(super) async fn configs(call: Call) -> Result<Vec<StoreConfig>, Problem> {
    let channel = &call.settings.channel;
    let wanted: Vec<&str> = call
        .query
        .iter()
        .filter(|(name, _)| name.starts_with("storeCodes"))
        .map(|(_, code)| code.as_str())
        .collect();
    let base = &call.shop.base_url;
    let configs = numbered(&call).into_iter().map(|(id, locale)| StoreConfig {
        id,
        code: call.store_code(locale).to_owned(),
        website_id: 1,
        locale: territory(locale, channel.country),
        base_currency_code: channel.currency.as_str().to_owned(),
        default_display_currency_code: channel.currency.as_str().to_owned(),
        timezone: "Europe/Paris".to_owned(),
        weight_unit: "kgs".to_owned(),
        base_url: format!("{base}/"),
        base_link_url: format!("{base}/"),
        base_static_url: format!("{base}/assets/"),
        base_media_url: format!("{base}/media/"),
        secure_base_url: format!("{base}/"),
        secure_base_link_url: format!("{base}/"),
        secure_base_static_url: format!("{base}/assets/"),
        secure_base_media_url: format!("{base}/media/"),
    });
    Ok(configs.filter(|it| wanted.is_empty() || wanted.contains(&it.code.as_str())).collect())
}

/// The views with the one of no language that Magento calls `admin`.
pub(super) async fn views(call: Call) -> Result<Vec<StoreView>, Problem> {
    let channel = &call.settings.channel;
    let view = |id, code: &str, name: String| StoreView {
        id,
        code: code.to_owned(),
        name,
        website_id: id.min(1),
        store_group_id: id.min(1),
        is_active: 1,
    };
    let own = numbered(&call).into_iter().map(|(id, locale)| {
        let name = format!("{} ({})", channel.name, locale.as_str());
        view(id, call.store_code(locale), name)
    });
    Ok(std::iter::once(view(0, "admin", "Admin".to_owned())).chain(own).collect())
}

pub(super) async fn groups(call: Call) -> Result<Vec<StoreGroup>, Problem> {
    let group = |id, name: &str, code: &str| StoreGroup {
        id,
        website_id: id,
        root_category_id: if id == 0 { 0 } else { uid::ROOT },
        default_store_id: id,
        name: name.to_owned(),
        code: code.to_owned(),
    };
    let channel = &call.settings.channel;
    Ok(vec![group(0, "Default", "default"), group(1, &channel.name, channel.code.as_str())])
}

pub(super) async fn websites(call: Call) -> Result<Vec<Website>, Problem> {
    let site = |id, code: &str, name: &str| Website {
        id,
        code: code.to_owned(),
        name: name.to_owned(),
        default_group_id: id,
    };
    let channel = &call.settings.channel;
    Ok(vec![site(0, "admin", "Admin"), site(1, channel.code.as_str(), &channel.name)])
}

fn information(call: &Call, country: Country) -> CountryInformation {
    let code = country.as_str().to_owned();
    CountryInformation {
        three_letter_abbreviation: country.alpha3().unwrap_or(&code).to_owned(),
        full_name_locale: country.name(call.locale).to_owned(),
        full_name_english: country.name(Locale::EN).to_owned(),
        two_letter_abbreviation: code.clone(),
        id: code,
    }
}

/// Where the channel delivers, by code.
pub(super) async fn countries(call: Call) -> Result<Vec<CountryInformation>, Problem> {
    let mut countries = call.settings.channel.ships_to.clone();
    countries.sort_unstable();
    Ok(countries.into_iter().map(|country| information(&call, country)).collect())
}

pub(super) async fn country(call: Call) -> Result<CountryInformation, Problem> {
    let code = call.param("countryId").to_ascii_uppercase();
    let served = Country::new(&code).filter(|it| call.settings.channel.ships_to.contains(it));
    let served = served
        .ok_or_else(|| Problem::missing("The country isn't available.").with("countryId", &code))?;
    Ok(information(&call, served))
}

pub(super) async fn currency(call: Call) -> Result<CurrencyInformation, Problem> {
    let code = call.settings.channel.currency.as_str().to_owned();
    let symbol = match code.as_str() {
        "EUR" => "€",
        "GBP" => "£",
        "USD" => "$",
        "JPY" => "¥",
        other => other,
    };
    Ok(CurrencyInformation {
        base_currency_code: code.clone(),
        base_currency_symbol: symbol.to_owned(),
        default_display_currency_code: code.clone(),
        default_display_currency_symbol: symbol.to_owned(),
        available_currency_codes: vec![code.clone()],
        exchange_rates: vec![ExchangeRate { currency_to: code, rate: 1 }],
    })
}

/// The parts of Magento of which something is here.
const MODULES: [&str; 22] = [
    "Magento_AsynchronousOperations",
    "Magento_Backend",
    "Magento_Catalog",
    "Magento_CatalogInventory",
    "Magento_Checkout",
    "Magento_Cms",
    "Magento_ConfigurableProduct",
    "Magento_Customer",
    "Magento_Directory",
    "Magento_Eav",
    "Magento_GraphQl",
    "Magento_Integration",
    "Magento_Inventory",
    "Magento_InventoryApi",
    "Magento_Quote",
    "Magento_Sales",
    "Magento_Shipping",
    "Magento_Store",
    "Magento_Tax",
    "Magento_TwoFactorAuth",
    "Magento_Webapi",
    "Magento_WebapiAsync",
];

pub(super) async fn modules(call: Call) -> Result<Page<String>, Problem> {
    let criteria = call.criteria()?;
    let name = |module: &&str, _: &str| vec![(*module).to_owned()];
    let (modules, total) = criteria.select(MODULES, name);
    Ok(criteria.page(modules.into_iter().map(str::to_owned).collect(), total))
}
