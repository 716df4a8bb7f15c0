//! Cards of products, rendered once for all the lists that show them.

use std::sync::Arc;

use commerce::catalog::ProductId;
use moka::sync::Cache;
use search::{Offer, Snapshot};

use super::cache::Version;
use super::page::CardPart;
use super::view;
use crate::app::App;
use crate::i18n::Locale;
use crate::render::{Drawn, Page, RenderError};

/// How many cards of a list are in sight at once.
const N_FIRST: usize = 4;
/// The most memory that cards may take, in bytes.
const CAPACITY: u64 = 32 << 20;

impl Page for CardPart {
    const TEMPLATE: &'static str = "storefront/card.html";

    fn locale(&self) -> Locale {
        self.locale
    }
}

/// Cards by product and language, and whether they are in sight at once.
pub struct Cards(Cache<(ProductId, Locale, bool), (Version, Drawn)>);

impl Default for Cards {
    fn default() -> Self {
        let weigh = |_: &_, (_, drawn): &(Version, Drawn)| {
            u32::try_from(100 + drawn.n_bytes()).unwrap_or(u32::MAX)
        };
        Self(Cache::builder().max_capacity(CAPACITY).weigher(weigh).build())
    }
}

/// Draws the cards of a list; a product without text or price in this language has none.
pub fn draw(
    app: &App,
    catalog: &Snapshot,
    offers: &[Arc<Offer>],
    locale: Locale,
) -> Result<Vec<Drawn>, RenderError> {
    let mut cards = Vec::with_capacity(offers.len());
    for offer in offers {
        let is_first = cards.len() < N_FIRST;
        let key = (offer.product.id, locale, is_first);
        let version = app.version(catalog, offer.version);
        if let Some((known, drawn)) = app.cards.0.get(&key)
            && known == version
        {
            cards.push(drawn);
            continue;
        }
        let Some(card) = view::card(catalog, offer, locale) else { continue };
        let drawn = app.renderer.draw(&CardPart { locale, card, is_first })?;
        app.cards.0.insert(key, (version, drawn.clone()));
        cards.push(drawn);
    }
    Ok(cards)
}
