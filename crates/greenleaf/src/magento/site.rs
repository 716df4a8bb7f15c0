//! Which part of a Magento is moved: a website, with the views that speak the shop's languages.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};
use commerce::channel::{Channel, Locale};
use db::magento::{Magento, Row};

use super::MagentoArgs;

/// A store view whose texts are taken.
#[derive(Clone, Debug)]
pub(super) struct View {
    pub(super) id: u64,
    pub(super) locale: Locale,
}

/// A website, as the shop will have it.
#[derive(Debug)]
pub(super) struct Site {
    pub(super) website: u64,
    /// The category that all others of the website lie in.
    pub(super) root: u64,
    /// One for each language; the first has the texts of the channel's first language.
    pub(super) views: Vec<View>,
    /// What each view of the website speaks, also those that are not taken, with their codes.
    pub(super) languages: BTreeMap<u64, (String, Locale)>,
    /// Whether addresses begin with the code of a view.
    pub(super) has_codes_in_urls: bool,
    /// Whether accounts are those of one website.
    pub(super) has_own_accounts: bool,
    pub(super) prices_include_tax: bool,
    /// The hosts that its addresses name.
    pub(super) hosts: BTreeSet<String>,
}

/// What is set, by the view, else its website, else for all.
struct Settings(Vec<Row>);

impl Settings {
    fn get(&self, path: &str, website: u64, view: u64) -> Option<String> {
        let of = |scope: &str, id: u64| {
            self.0.iter().find(|row| {
                row.bytes("path") == path.as_bytes()
                    && row.bytes("scope") == scope.as_bytes()
                    && row.id("scope_id") == id
            })
        };
        let found = of("stores", view).or_else(|| of("websites", website));
        found.or_else(|| of("default", 0)).map(|row| row.text("value"))
    }
}

impl Site {
    pub(super) async fn of(
        source: &mut Magento,
        channel: &Channel,
        args: &MagentoArgs,
    ) -> Result<Self> {
        let settings = Settings(source.settings().await?);
        let websites = source.websites().await?;
        let wanted = args.website.as_deref();
        let website = websites.iter().find(|row| match wanted {
            Some(code) => row.bytes("code") == code.as_bytes(),
            None => true,
        });
        let Some(website) = website else {
            let codes: Vec<String> = websites.iter().map(|row| row.text("code")).collect();
            bail!("there is no such website; there are: {}", codes.join(", "));
        };
        let (id, group) = (website.id("website_id"), website.id("default_group_id"));
        let groups = source.groups().await?;
        let group = groups.iter().find(|row| row.id("group_id") == group);
        let group = group.or_else(|| groups.iter().find(|row| row.id("website_id") == id));
        let Some(group) = group else { bail!("the website has no store") };

        let views = source.views().await?;
        let (mut languages, mut speaking) = (BTreeMap::new(), Vec::new());
        for row in views.iter().filter(|row| row.id("website_id") == id) {
            let (view, code) = (row.id("store_id"), row.text("code"));
            let said = args.views.iter().find(|(known, _)| *known == code);
            let locale = said.map(|(_, locale)| *locale).or_else(|| {
                let set = settings.get("general/locale/code", id, view);
                let set = set.unwrap_or_else(|| "en_US".to_owned());
                Locale::new(set.get(..2).unwrap_or_default())
            });
            let locale = locale.filter(|locale| channel.locales.contains(locale));
            let spoken = locale.unwrap_or_else(|| channel.default_locale());
            languages.insert(view, (code, spoken));
            if locale.is_some() && row.id("is_active") == 1 {
                speaking.push(View { id: view, locale: spoken });
            }
        }
        // The website's own choice comes first.
        let preferred = group.id("default_store_id");
        speaking.sort_by_key(|view| view.id != preferred);
        let first = channel.default_locale();
        let base = speaking.iter().find(|view| view.locale == first).cloned();
        let base = base.unwrap_or(View { id: preferred, locale: first });
        let mut taken = vec![base];
        for view in speaking {
            if taken.iter().all(|known| known.locale != view.locale) {
                taken.push(view);
            }
        }
        let base = taken[0].id;
        let get = |path: &str| settings.get(path, id, base);
        let currency = get("currency/options/base").unwrap_or_else(|| "USD".to_owned());
        if currency != channel.currency.as_str() {
            bail!(
                "its prices are in {currency}, those of the shop in {}",
                channel.currency.as_str()
            );
        }
        let is_on = |path: &str| get(path).as_deref() == Some("1");
        let hosts = ["web/secure/base_url", "web/unsecure/base_url"].into_iter().filter_map(get);
        let host = |url: String| {
            let rest = url.split_once("://")?.1;
            Some(rest.split(['/', ':']).next()?.to_ascii_lowercase())
        };
        Ok(Self {
            website: id,
            root: group.id("root_category_id"),
            views: taken,
            languages,
            has_codes_in_urls: is_on("web/url/use_store"),
            // Magento's own default is an account for each website.
            has_own_accounts: get("customer/account_share/scope").as_deref() != Some("0"),
            prices_include_tax: is_on("tax/calculation/price_includes_tax"),
            hosts: hosts.filter_map(host).collect(),
        })
    }

    pub(super) fn base(&self) -> u64 {
        self.views[0].id
    }

    /// The views whose values are read.
    pub(super) fn view_ids(&self) -> Vec<u64> {
        self.views.iter().map(|view| view.id).collect()
    }

    pub(super) fn locale_of(&self, view: u64) -> Option<Locale> {
        self.languages.get(&view).map(|(_, locale)| *locale)
    }
}
