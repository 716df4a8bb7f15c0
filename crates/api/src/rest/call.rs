//! One request to a route: what it names, who asks, in which store.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use commerce::channel::Locale;
use commerce::content::Localized;
use commerce::customer::Customer;
use search::Snapshot;
use shop::Shop;
use shop::read_side::ReadSideError;
use shop::settings::Settings;

use super::access::Who;
use super::criteria::Criteria;
use super::problem::Problem;
use crate::client::Guard;

/// The code of the store view in the channel's first language; the others are called after theirs.
pub(super) const DEFAULT_STORE: &str = "default";

/// One request.
pub(super) struct Call {
    pub(super) shop: Shop,
    pub(super) settings: Arc<Settings>,
    pub(super) locale: Locale,
    /// What stands in the places of the route's path.
    pub(super) params: BTreeMap<&'static str, String>,
    pub(super) query: Vec<(String, String)>,
    pub(super) who: Who,
    pub(super) address: IpAddr,
    pub(super) guard: Arc<Guard>,
}

impl Call {
    pub(super) fn param(&self, name: &str) -> &str {
        self.params.get(name).map_or("", String::as_str)
    }

    /// A number in the path; what is none names nothing.
    pub(super) fn number(&self, name: &str) -> Result<i64, Problem> {
        let text = self.param(name);
        text.parse().map_err(|_| Problem::no_entity(name, text))
    }

    pub(super) fn criteria(&self) -> Result<Criteria, Problem> {
        Criteria::parse(&self.query)
    }

    /// A parameter of the address.
    pub(super) fn asked(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Who is logged in, where the route lets only customers in.
    pub(super) fn customer(&self) -> Result<&Customer, Problem> {
        match &self.who {
            Who::Customer(customer) => Ok(customer),
            _ => Err(Problem::unauthorized("self")),
        }
    }

    pub(super) fn fallback(&self) -> Locale {
        self.settings.channel.default_locale()
    }

    pub(super) fn text<'t>(&self, texts: &'t Localized<String>) -> &'t str {
        texts.text(self.locale, self.fallback())
    }

    pub(super) fn store_code(&self, locale: Locale) -> &str {
        let locales = &self.settings.channel.locales;
        let known = locales.iter().find(|&&known| known == locale && known != self.fallback());
        known.map_or(DEFAULT_STORE, Locale::as_str)
    }

    /// The catalog as the truth has it now: whoever has just written something reads it again.
    pub(super) async fn catalog(&self) -> Result<Arc<Snapshot>, Problem> {
        loop {
            match shop::read_side::catch_up(&self.shop).await {
                Ok(true) => {}
                Ok(false) => return Ok(self.shop.catalog()),
                Err(ReadSideError::Db(error)) => return Err(error.into()),
                Err(error) => return Err(Problem::internal(&error)),
            }
        }
    }

    /// Lets one address try only so often what invites guessing.
    pub(super) fn guard(&self) -> Result<(), Problem> {
        if self.guard.allow(self.address) { Ok(()) } else { Err(Problem::too_many_tries()) }
    }
}

/// A moment as Magento writes it.
pub(super) fn moment(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// Reads a moment as clients write it, in UTC; a day begins at midnight.
pub(super) fn read_moment(text: &str) -> Option<jiff::Timestamp> {
    let text = text.trim();
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return Some(at);
    }
    let civil = text.parse::<jiff::civil::DateTime>().ok()?;
    Some(civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
}
