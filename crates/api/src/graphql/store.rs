//! What the shop is: its views, its currency, the countries it delivers to.

use commerce::channel::{Country, Locale};

use super::catalog::category;
use super::context::Context;
use super::uid;
use super::value::{Answer, Args, Ask, Object, Refusal, Value};

/// A language of the channel, which is a store view to Magento.
pub(super) struct StoreNode<'c> {
    pub(super) context: &'c Context,
    pub(super) locale: Locale,
}

/// Where nothing else is said, in each of `grid_per_page_values`.
const PER_PAGE: &str = "12,24,36";

impl Object for StoreNode<'_> {
    fn type_name(&self) -> &'static str {
        "StoreConfig"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        let context = self.context;
        let channel = &context.settings.channel;
        let base = &context.shop.base_url;
        let is_default = self.locale == context.fallback();
        let position = channel.locales.iter().position(|&locale| locale == self.locale);
        let number = position.and_then(|at| i64::try_from(at).ok()).map_or(1, |at| at + 1);
        Ok(match ask.name {
            "id" => number.into(),
            "code" | "store_code" => context.store_code(self.locale).into(),
            "store_name" | "store_group_name" | "website_name" | "default_title" | "logo_alt" => {
                Value::filled(&channel.name)
            }
            "copyright" => Value::filled(&channel.merchant.legal_name),
            "store_group_code" | "website_code" => channel.code.as_str().into(),
            "website_id" => 1.into(),
            "store_sort_order" => (number - 1).into(),
            "is_default_store" => is_default.into(),
            "is_default_store_group" => true.into(),
            "locale" => territory(self.locale, channel.country).into(),
            "timezone" => "Europe/Paris".into(),
            "weight_unit" => "kgs".into(),
            "base_currency_code" | "default_display_currency_code" => {
                channel.currency.as_str().into()
            }
            "default_country" => channel.country.as_str().into(),
            "base_url" | "secure_base_url" | "base_link_url" | "secure_base_link_url" => {
                format!("{base}/").into()
            }
            "base_static_url" | "secure_base_static_url" => format!("{base}/assets/").into(),
            "base_media_url" | "secure_base_media_url" => context.media_url().into(),
            "product_url_suffix" | "category_url_suffix" => "".into(),
            "root_category_id" => category::ROOT.into(),
            "root_category_uid" => uid::of(category::ROOT).into(),
            "catalog_default_sort_by" => "position".into(),
            "list_mode" => "grid-list".into(),
            "grid_per_page" | "list_per_page" => 24.into(),
            "grid_per_page_values" | "list_per_page_values" => PER_PAGE.into(),
            "cms_home_page" | "front" => "home".into(),
            "cms_no_route" | "no_route" => "no-route".into(),
            "title_separator" => "-".into(),
            "configurable_thumbnail_source" => "parent".into(),
            "configurable_product_image" => "PARENT".into(),
            "grouped_product_image" => "ITSELF".into(),
            "minimum_password_length" => "12".into(),
            "required_character_classes_number" => "1".into(),
            "magento_wishlist_general_is_enabled"
            | "allow_guests_to_write_product_reviews"
            | "product_reviews_enabled"
            | "allow_items"
            | "allow_order" => "0".into(),
            "is_guest_checkout_enabled"
            | "is_one_page_checkout_enabled"
            | "minicart_display"
            | "check_money_order_enabled" => true.into(),
            "autocomplete_on_storefront" => true.into(),
            "create_account_confirmation" | "use_store_in_url" => false.into(),
            "display_product_prices_in_catalog"
            | "display_shipping_prices"
            | "shopping_cart_display_price"
            | "shopping_cart_display_shipping"
            | "shopping_cart_display_subtotal"
            | "orders_invoices_credit_memos_display_price"
            | "orders_invoices_credit_memos_display_shipping_amount"
            | "orders_invoices_credit_memos_display_subtotal" => {
                if channel.prices_include_tax {
                    2.into()
                } else {
                    1.into()
                }
            }
            "cart_summary_display_quantity" | "show_cms_breadcrumbs" => 1.into(),
            "max_items_in_order_summary" | "minicart_max_items" => 10.into(),
            "cart_expires_in_days" => 30.into(),
            "customer_access_token_lifetime" => 1.into(),
            "category_fixed_product_tax_display_setting"
            | "product_fixed_product_tax_display_setting"
            | "sales_fixed_product_tax_display_setting" => "INCLUDE_FPT_WITH_DETAILS".into(),
            "fixed_product_taxes_enable" | "fixed_product_taxes_include_fpt_in_subtotal" => {
                false.into()
            }
            "category_canonical_tag" | "product_canonical_tag" => true.into(),
            _ => Value::Nothing,
        })
    }
}

/// `fr_FR`: a language and where it is spoken.
fn territory(locale: Locale, home: Country) -> String {
    let country = match locale.as_str() {
        "en" => "GB",
        language if language.eq_ignore_ascii_case(home.as_str()) => home.as_str(),
        "fr" => "FR",
        "de" => "DE",
        _ => home.as_str(),
    };
    format!("{}_{country}", locale.as_str())
}

pub(super) struct CurrencyNode<'c>(pub(super) &'c Context);

impl Object for CurrencyNode<'_> {
    fn type_name(&self) -> &'static str {
        "Currency"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        let code = self.0.settings.channel.currency.as_str();
        let symbol = match code {
            "EUR" => "€",
            "GBP" => "£",
            "USD" => "$",
            "JPY" => "¥",
            other => other,
        };
        Ok(match ask.name {
            "available_currency_codes" => Value::list([code]),
            "base_currency_code"
            | "default_display_currency_code"
            | "default_display_currecy_code" => code.into(),
            "base_currency_symbol"
            | "default_display_currency_symbol"
            | "default_display_currecy_symbol" => symbol.into(),
            "exchange_rates" => Value::objects([Rate(code)]),
            _ => Value::Nothing,
        })
    }
}

/// A currency in itself: there is one.
struct Rate<'c>(&'c str);

impl Object for Rate<'_> {
    fn type_name(&self) -> &'static str {
        "ExchangeRate"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "currency_to" => self.0.into(),
            "rate" => 1.into(),
            _ => Value::Nothing,
        })
    }
}

/// The countries that the channel delivers to, by code.
pub(super) fn countries(context: &Context) -> Vec<CountryNode<'_>> {
    let mut countries = context.settings.channel.ships_to.clone();
    countries.sort_unstable();
    countries.into_iter().map(|country| CountryNode { context, country }).collect()
}

pub(super) struct CountryNode<'c> {
    context: &'c Context,
    country: Country,
}

impl<'c> CountryNode<'c> {
    pub(super) fn find(context: &'c Context, args: Args<'_>) -> Result<Self, Refusal> {
        let id = args.text("id").unwrap_or_default();
        if id.is_empty() {
            return Err(Refusal::input("Country \"id\" value should be specified"));
        }
        let country = Country::new(&id.to_ascii_uppercase());
        let served = country.filter(|country| context.settings.channel.ships_to.contains(country));
        match served {
            Some(country) => Ok(Self { context, country }),
            None => Err(Refusal::missing("The country isn't available.")),
        }
    }
}

impl Object for CountryNode<'_> {
    fn type_name(&self) -> &'static str {
        "Country"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        let code = self.country.as_str();
        Ok(match ask.name {
            "id" | "two_letter_abbreviation" => code.to_owned().into(),
            "three_letter_abbreviation" => self.country.alpha3().map(Value::from).into(),
            "full_name_english" => self.country.name(Locale::EN).to_owned().into(),
            "full_name_locale" => self.country.name(self.context.locale).to_owned().into(),
            // Null, as Magento has it for a country that is not divided.
            "available_regions" => Value::Null,
            _ => Value::Nothing,
        })
    }
}
