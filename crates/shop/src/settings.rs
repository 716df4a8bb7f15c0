//! What the merchant set: the channel, tax rates, ways to deliver and to pay.

use commerce::channel::{Channel, ChannelCode};
use commerce::payment::PaymentMethod;
use commerce::shipment::ShippingMethod;
use commerce::stock::SourceCode;
use commerce::tax::TaxTable;
use db::change::{Change, Topic};
use db::{Conn, DbError};

use crate::{Shop, use_case};

/// A few rows that every page and every price needs, kept in memory.
#[derive(Clone, Debug)]
pub struct Settings {
    pub channel: Channel,
    pub rates: TaxTable,
    /// In the order the merchant shows them.
    pub shipping: Vec<ShippingMethod>,
    pub payments: Vec<PaymentMethod>,
    /// Where orders take their stock from.
    pub source: SourceCode,
}

impl Settings {
    /// Reads the settings of a channel; `None` when there is no such channel.
    pub async fn load(conn: &mut Conn, channel: &ChannelCode) -> Result<Option<Self>, DbError> {
        let Some(channel) = db::channel::find(conn, channel).await? else { return Ok(None) };
        Ok(Some(Self {
            rates: db::channel::tax_table(conn).await?,
            shipping: db::channel::shipping_methods(conn, &channel.code).await?,
            payments: db::channel::payment_methods(conn, &channel.code).await?,
            source: main_source(),
            channel,
        }))
    }
}

/// The one source there is until several are asked for.
pub fn main_source() -> SourceCode {
    SourceCode::new("main").expect("a valid code")
}

/// Whether the prices that the merchant keeps contain tax, for a shop that has none yet; `false`
/// when it has products, whose prices would become others.
pub async fn set_tax_basis(shop: &Shop, prices_include_tax: bool) -> Result<bool, DbError> {
    use_case("set-tax-basis", || async {
        let mut tx = shop.db.write().await?;
        if db::catalog::product::count(&mut tx).await? > 0 {
            return Ok(false);
        }
        let code = shop.settings().channel.code.clone();
        let found = Settings::load(&mut tx, &code).await?;
        let Some(mut settings) = found else { return Ok(false) };
        settings.channel.prices_include_tax = prices_include_tax;
        db::channel::save(&mut tx, &settings.channel).await?;
        let change = Change { topic: Topic::Channel, subject: None };
        db::change::push(&mut tx, change, shop.clock.now()).await?;
        tx.commit().await?;
        shop.read.settings.store(std::sync::Arc::new(settings));
        Ok(true)
    })
    .await
}
