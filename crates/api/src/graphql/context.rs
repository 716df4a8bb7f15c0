//! What is known of one request: the version of the shop that it sees, its language, who asks.

use std::net::IpAddr;
use std::sync::Arc;

use commerce::catalog::Category;
use commerce::channel::Locale;
use commerce::content::{Localized, Page};
use commerce::customer::{Customer, CustomerId};
use commerce::media::MediaKey;
use search::Snapshot;
use shop::settings::Settings;
use shop::{DbError, Shop};
use tokio::sync::OnceCell;

use super::shown::Shown;
use super::value::Refusal;
use crate::client::Guard;
use crate::idempotency::{self, GUEST};

/// The code of the store view in the channel's first language; the others are called after theirs.
pub(super) const DEFAULT_STORE: &str = "default";

/// One request.
pub(super) struct Context {
    pub(super) shop: Shop,
    pub(super) catalog: Arc<Snapshot>,
    pub(super) settings: Arc<Settings>,
    pub(super) pages: Arc<Vec<Page>>,
    pub(super) locale: Locale,
    /// What came as `Authorization: Bearer …`.
    pub(super) token: Option<String>,
    pub(super) address: IpAddr,
    pub(super) guard: Arc<Guard>,
    pub(super) customer: OnceCell<Option<Customer>>,
    pub(super) shown: Shown,
}

impl Context {
    /// Who asks; `None` is a guest. A token that is no longer good is refused.
    pub(super) async fn customer(&self) -> Result<Option<&Customer>, Refusal> {
        let Some(token) = &self.token else { return Ok(None) };
        let found = self
            .customer
            .get_or_try_init(|| shop::customer::find_by_session(&self.shop, token))
            .await?;
        match found {
            Some(customer) => Ok(Some(customer)),
            None => Err(Refusal::unauthenticated("The current customer isn't authorized.")),
        }
    }

    /// Tells whoever asks from everybody else.
    pub(super) async fn caller(&self) -> Result<String, DbError> {
        let Some(token) = &self.token else { return Ok(GUEST.to_owned()) };
        let found = self
            .customer
            .get_or_try_init(|| shop::customer::find_by_session(&self.shop, token))
            .await?;
        Ok(found
            .as_ref()
            .map_or_else(|| GUEST.to_owned(), |customer| idempotency::of_customer(customer.id)))
    }

    pub(super) async fn customer_id(&self) -> Result<Option<CustomerId>, Refusal> {
        Ok(self.customer().await?.map(|customer| customer.id))
    }

    /// Who asks, where only customers may.
    pub(super) async fn logged_in(&self) -> Result<&Customer, Refusal> {
        self.customer().await?.ok_or_else(Refusal::not_logged_in)
    }

    pub(super) fn fallback(&self) -> Locale {
        self.settings.channel.default_locale()
    }

    pub(super) fn text<'t>(&self, texts: &'t Localized<String>) -> &'t str {
        texts.text(self.locale, self.fallback())
    }

    pub(super) fn store_code(&self, locale: Locale) -> String {
        if locale == self.fallback() {
            DEFAULT_STORE.to_owned()
        } else {
            locale.as_str().to_owned()
        }
    }

    /// The address of the files of products.
    pub(super) fn media_url(&self) -> String {
        format!("{}/media/", self.shop.base_url)
    }

    /// The address of a picture in one of the widths that we keep.
    pub(super) fn picture_url(&self, key: &MediaKey, width: u32) -> String {
        let stem = key.as_str().rsplit_once('.').map_or(key.as_str(), |(stem, _)| stem);
        format!("{}/media/r/{width}/{stem}.jpg", self.shop.base_url)
    }

    /// The slugs on the way to a category, itself last.
    pub(super) fn url_path(&self, category: &Category) -> String {
        let way = self.catalog.breadcrumbs(category.id);
        let slugs = way.iter().filter_map(|category| {
            Some(category.texts.get(self.locale, self.fallback())?.slug.as_str())
        });
        slugs.collect::<Vec<_>>().join("/")
    }
}
