//! The first row: an empty database becomes a shop that sells nothing yet.

use anyhow::Result;
use commerce::channel::{Channel, ChannelCode, Country, Locale, Merchant};
use commerce::money::Currency;
use commerce::tax::Rounding;
use db::{Db, DbError};

use crate::demo;

/// Makes a French channel when there is none, with the rates of its law; the merchant completes it
/// in the back office.
pub(crate) async fn channel(db: &Db) -> Result<()> {
    let mut tx = db.write().await?;
    if !db::channel::list(&mut tx).await?.is_empty() {
        return Ok(());
    }
    db::channel::save(
        &mut tx,
        &Channel {
            code: ChannelCode::new("main").expect("a valid code"),
            name: "GreenLeaf".to_owned(),
            currency: Currency::EUR,
            prices_include_tax: true,
            rounding: Rounding::PerLine,
            country: Country::FR,
            ships_to: vec![Country::FR],
            locales: vec![Locale::FR, Locale::EN],
            order_prefix: String::new(),
            merchant: Merchant::default(),
        },
    )
    .await?;
    for rate in demo::vat_rates()? {
        db::channel::save_tax_rate(&mut tx, &rate).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Whether nobody has made a shop of this database yet.
pub(crate) async fn is_empty(db: &Db) -> Result<bool, DbError> {
    Ok(db::channel::list(&mut db.read().await?).await?.is_empty())
}
