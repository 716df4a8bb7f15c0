//! What every page has around its content.

use serde::Serialize;

use super::{MoneyView, Notice};
use crate::{
    i18n::Locale,
    render::{Drawn, Prepared},
};

/// The part that every page shares.
#[derive(Clone, Debug, Serialize)]
pub struct Layout {
    pub locale: Locale,
    /// Without the shop's name, which the template adds.
    pub title: String,
    pub description: Option<String>,
    /// Absolute.
    pub canonical: String,
    /// Every language of this page, its own included; empty when it has no other.
    pub alternates: Vec<Alternate>,
    pub is_indexed: bool,
    pub open_graph: OpenGraph,
    /// The top of the menu that this page is under.
    pub section: Option<String>,
    /// `None` on a page that may be cached for everybody. Its forms then carry no token, and the
    /// handler of `/cart/add` relies on `Sec-Fetch-Site` or `Origin` and on the cookie's
    /// `SameSite` instead.
    pub csrf: Option<String>,
    /// What just happened; only on pages that are not cached.
    pub flash: Option<Notice>,
    /// What the search field shows.
    pub query: String,
    pub site: Prepared<Site>,
}

/// The page in another language.
#[derive(Clone, Debug, Serialize)]
pub struct Alternate {
    pub locale: Locale,
    pub name: &'static str,
    /// Absolute.
    pub url: String,
}

/// How the page looks when it is shared.
#[derive(Clone, Debug, Serialize)]
pub struct OpenGraph {
    /// `website`, `product` or `article`.
    pub kind: &'static str,
    /// Absolute.
    pub image: Option<String>,
}

/// What is the same on every page of a channel in one language. Built when the catalog or the
/// settings change, not for each request.
#[derive(Clone, Debug, Serialize)]
pub struct Site {
    pub identity: Identity,
    /// The strip above the header: a fact such as the amount from which delivery is offered.
    pub announcement: Option<String>,
    pub menu: Vec<MenuEntry>,
    /// Groups of links at the foot, beside the legal ones that the template always has.
    pub footer: Vec<LinkGroup>,
    /// Terms, legal notice, privacy, accessibility: pages of the shop.
    pub legal: Vec<Link>,
    pub mediator: Option<Mediator>,
    /// Whether a switch from one language to another is shown.
    pub has_languages: bool,
}

/// Who sells. The law wants all of it on the site.
#[derive(Clone, Debug, Serialize)]
pub struct Identity {
    pub name: String,
    pub tagline: Option<String>,
    pub legal_name: String,
    /// With legal form and capital: `SARL au capital de 10 000 €`.
    pub legal_form: Option<String>,
    pub address: Vec<String>,
    pub email: String,
    pub phone: Option<String>,
    pub opening_hours: Option<String>,
    /// SIREN and register: `RCS Lyon 123 456 789`.
    pub registration: String,
    pub vat_number: Option<String>,
    /// The unique identifiers of extended producer responsibility, `stream: FR…`.
    pub producer_ids: Vec<String>,
    /// From which amount delivery is offered.
    pub offered_delivery_from: Option<MoneyView>,
}

/// One entry of the menu; two levels are shown.
#[derive(Clone, Debug, Serialize)]
pub struct MenuEntry {
    pub name: String,
    pub path: String,
    /// The entries below it, drawn once for all pages.
    pub below: Option<Drawn>,
}

/// The entries below one of the menu.
#[derive(Clone, Debug, Serialize)]
pub struct MenuBelow {
    #[serde(skip)]
    pub locale: Locale,
    pub links: Vec<Link>,
}

#[derive(Clone, Debug, Serialize)]
pub struct LinkGroup {
    pub title: String,
    pub links: Vec<Link>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Link {
    pub name: String,
    pub path: String,
}

/// The consumer mediator that the shop has joined (C. conso. L616-1).
#[derive(Clone, Debug, Serialize)]
pub struct Mediator {
    pub name: String,
    pub address: String,
    pub url: String,
}

/// One step of the way from the home page; the last is the page itself.
#[derive(Clone, Debug, Serialize)]
pub struct Breadcrumb {
    pub name: String,
    pub path: String,
}
