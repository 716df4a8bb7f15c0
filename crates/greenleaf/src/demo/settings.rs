//! The channel `fr` with its taxes, and the ways to deliver and to pay.

use anyhow::{Context as _, Result};
use commerce::channel::{Channel, ChannelCode, Country, Locale, Merchant};
use commerce::eco::TransportCarbon;
use commerce::money::{Currency, Money};
use commerce::payment::{PaymentKind, PaymentMethod, PaymentMethodCode};
use commerce::shipment::{ShippingMethod, ShippingMethodCode, ShippingRule, TableRate};
use commerce::tax::{DatedRate, Rounding, TaxClass, TaxRate};
use db::Tx;
use db::channel::Listed;
use jiff::civil::Date;

use super::{both, file};

pub(super) fn channel_code() -> ChannelCode {
    ChannelCode::new("fr").expect("a valid code")
}

pub(super) async fn write(tx: &mut Tx) -> Result<()> {
    let channel = channel();
    db::channel::save(tx, &channel).await?;
    for rate in vat_rates()? {
        db::channel::save_tax_rate(tx, &rate).await?;
    }
    for (position, method) in (0..).zip(shipping_methods()) {
        let listed = Listed { method, position, is_enabled: true };
        db::channel::save_shipping_method(tx, &channel.code, &listed).await?;
    }
    for (position, method) in (0..).zip(payment_methods()) {
        let listed = Listed { method, position, is_enabled: true };
        db::channel::save_payment_method(tx, &channel.code, &listed).await?;
    }
    Ok(())
}

fn country(code: &str) -> Country {
    Country::new(code).expect("two capital letters")
}

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn channel() -> Channel {
    Channel {
        code: channel_code(),
        name: "GreenLeaf".to_owned(),
        currency: Currency::EUR,
        prices_include_tax: true,
        rounding: Rounding::PerLine,
        country: Country::FR,
        ships_to: ["FR", "BE", "LU", "DE", "MC"].map(country).to_vec(),
        locales: vec![Locale::FR, Locale::EN],
        order_prefix: "GL".to_owned(),
        merchant: Merchant {
            legal_name: "GreenLeaf Démo SAS".to_owned(),
            trade_name: "GreenLeaf".to_owned(),
            address: ["14 quai de la Fosse-aux-Herbes", "44000 Nantes", "France"]
                .map(str::to_owned)
                .to_vec(),
            email: "bonjour@greenleaf.example".to_owned(),
            phone: "02 00 00 00 00".to_owned(),
            siren: "999 000 111".to_owned(),
            vat_number: "FR00 999000111".to_owned(),
            registry: "RCS Nantes 999 000 111 (fictif)".to_owned(),
            mediator: "Médiation Démo, 1 place du Litige, 75000 Paris, https://mediation.example"
                .to_owned(),
            bank_holder: "GreenLeaf Démo SAS".to_owned(),
            // The example of the registry of IBANs: well formed, nobody's account.
            iban: "FR14 2004 1010 0505 0001 3M02 606".to_owned(),
            bic: "PSSTFRPPXXX".to_owned(),
        },
    }
}

/// Reads `vat.csv`: country, class, first day, last day, basis points.
pub(crate) fn vat_rates() -> Result<Vec<DatedRate>> {
    let lines = file("vat.csv")?.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| rate(line).with_context(|| format!("assets/demo/vat.csv: {line}"))).collect()
}

fn rate(line: &str) -> Result<DatedRate> {
    let fields: Vec<&str> = line.split(',').collect();
    let [in_country, class, from, until, basis_points] = fields[..] else {
        anyhow::bail!("a line has five fields")
    };
    Ok(DatedRate {
        country: Country::new(in_country).context("no country")?,
        class: TaxClass::new(class).context("no tax class")?,
        rate: TaxRate::from_basis_points(basis_points.parse()?).context("no rate")?,
        valid_from: from.parse::<Date>()?,
        valid_until: if until.is_empty() { None } else { Some(until.parse()?) },
    })
}

/// What `pages.toml` promises on delivery, as rules.
fn shipping_methods() -> Vec<ShippingMethod> {
    // Drawn up for the demo; a shop asks its carriers.
    let carbon = |grams_per_parcel, grams_per_kilogram| TransportCarbon {
        grams_per_parcel,
        grams_per_kilogram,
        source: both(
            "estimation de démonstration, niveau 1, 2026".to_owned(),
            "demonstration estimate, level 1, 2026".to_owned(),
        ),
    };
    let method = |code: &str,
                  name: (&str, &str),
                  description: (&str, &str),
                  rule,
                  carbon: Option<TransportCarbon>| ShippingMethod {
        code: ShippingMethodCode::new(code).expect("a valid code"),
        name: both(name.0.to_owned(), name.1.to_owned()),
        description: both(description.0.to_owned(), description.1.to_owned()),
        rule,
        tax_class: TaxClass::new("standard").expect("a valid code"),
        carbon,
    };
    vec![
        method(
            "relais",
            ("Point relais", "Pick-up point"),
            ("Deux à quatre jours ouvrés.", "Two to four working days."),
            ShippingRule::FreeAbove {
                countries: vec![Country::FR],
                price: eur(390),
                threshold: eur(6_000),
            },
            Some(carbon(240, 60)),
        ),
        method(
            "colissimo",
            ("À domicile", "Home delivery"),
            (
                "Deux à trois jours ouvrés en France, trois à cinq ailleurs. Au-delà de 10 kg, par \
                 transporteur sur rendez-vous.",
                "Two to three working days in France, three to five elsewhere. Above 10 kg, by \
                 carrier on appointment.",
            ),
            ShippingRule::Table(home_delivery()),
            Some(carbon(420, 80)),
        ),
        method(
            "express",
            ("Express, le lendemain", "Express, next day"),
            (
                "Commandé avant 13 h un jour ouvré, livré le lendemain en France.",
                "Ordered by 1 pm on a working day, delivered the day after in France.",
            ),
            ShippingRule::Flat { countries: vec![Country::FR], price: eur(1_290) },
            Some(carbon(910, 150)),
        ),
        method(
            "retrait",
            ("Retrait à Nantes", "Collect in Nantes"),
            (
                "14 quai de la Fosse-aux-Herbes, sous quatre heures, du mardi au samedi.",
                "14 quai de la Fosse-aux-Herbes, within four hours, Tuesday to Saturday.",
            ),
            ShippingRule::PickUp { price: eur(0) },
            None,
        ),
    ]
}

fn home_delivery() -> Vec<TableRate> {
    let mut rows = Vec::new();
    for code in ["FR", "MC"] {
        let row = |prefix: Option<&str>, max_kg: u64, min_total: Option<i64>, price| TableRate {
            country: Some(country(code)),
            postcode_prefix: prefix.map(str::to_owned),
            max_weight_grams: Some(max_kg * 1_000),
            min_total: min_total.map(eur),
            price: eur(price),
        };
        // Corsica, whose postcodes begin with 20.
        if code == "FR" {
            rows.extend([row(Some("20"), 10, None, 890), row(Some("20"), 30, None, 3_990)]);
        }
        rows.extend([row(None, 10, Some(9_000), 0), row(None, 10, None, 590)]);
        rows.push(row(None, 30, None, 2_490));
    }
    for code in ["BE", "LU", "DE"] {
        for (max_kg, price) in [(10, 890), (30, 1_990)] {
            rows.push(TableRate {
                country: Some(country(code)),
                postcode_prefix: None,
                max_weight_grams: Some(max_kg * 1_000),
                min_total: None,
                price: eur(price),
            });
        }
    }
    rows
}

fn payment_methods() -> Vec<PaymentMethod> {
    let method = |code: &str, kind, name: (&str, &str), text: (&str, &str)| PaymentMethod {
        code: PaymentMethodCode::new(code).expect("a valid code"),
        kind,
        name: both(name.0.to_owned(), name.1.to_owned()),
        instructions: both(text.0.to_owned(), text.1.to_owned()),
    };
    vec![
        method(
            "bank-transfer",
            PaymentKind::BankTransfer,
            ("Virement bancaire", "Bank transfer"),
            (
                "Indiquez le numéro de la commande dans le libellé. Nous préparons le colis à \
                 réception du virement, en général sous un jour ouvré ; un virement instantané \
                 arrive en quelques secondes.",
                "Give the order number as the reference. We pack your parcel once the transfer \
                 has come in, usually within one working day; an instant transfer takes a few \
                 seconds.",
            ),
        ),
        method(
            "cheque",
            PaymentKind::Cheque,
            ("Chèque", "Cheque"),
            (
                "À l’ordre de GreenLeaf Démo SAS, tiré sur une banque française, à envoyer au \
                 14 quai de la Fosse-aux-Herbes, 44000 Nantes, avec le numéro de la commande au \
                 dos. Nous préparons le colis à l’encaissement.",
                "Payable to GreenLeaf Démo SAS, drawn on a French bank, sent to 14 quai de la \
                 Fosse-aux-Herbes, 44000 Nantes, France, with the order number on the back. We \
                 pack your parcel once it is cashed.",
            ),
        ),
        method(
            "cash-on-delivery",
            PaymentKind::CashOnDelivery,
            ("Paiement à la livraison", "Cash on delivery"),
            (
                "Réglez en espèces au livreur ou au comptoir, au plus 1 000 €. Préparez l’appoint \
                 si vous le pouvez.",
                "Pay in cash to the courier or at the counter, €1,000 at most. Please have the \
                 exact amount ready if you can.",
            ),
        ),
    ]
}
