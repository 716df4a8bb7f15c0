//! Mails say what they must, in the language of whoever gets them.

use commerce::cart::CartId;
use commerce::catalog::{ProductId, Sku, VariantId};
use commerce::channel::{Channel, ChannelCode, Country, Locale, Merchant};
use commerce::customer::{Address, Customer, CustomerId, Email};
use commerce::eco::DeliveryCarbon;
use commerce::money::{Currency, Money};
use commerce::order::{
    Adjustment, AdjustmentSource, LineQuantity, Order, OrderId, OrderLine, OrderNumber, OrderState,
    Withdrawal,
};
use commerce::payment::{PaymentKind, PaymentMethodCode, PaymentState};
use commerce::price::Price;
use commerce::shipment::{ShipmentId, ShippingMethodCode};
use commerce::tax::{Rounding, TaxClass, TaxRate, TaxTable};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use shop::ports::{AccountLetter, Letter, Letters as _, OrderLetter};
use shop::settings::{Settings, main_source};
use uuid::Uuid;
use web::email::Letters;

const LINK: &str = "https://greenleaf.example/orders/abc";

fn letters() -> Letters {
    let paris = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
    Letters::new("https://greenleaf.example/", None, &paris)
}

fn merchant() -> Merchant {
    Merchant {
        legal_name: "GreenLeaf SAS".into(),
        trade_name: "GreenLeaf".into(),
        address: vec!["4 quai des Marins".into(), "44000 Nantes".into()],
        email: "bonjour@greenleaf.example".into(),
        phone: "02 40 00 00 00".into(),
        siren: "123456789".into(),
        vat_number: "FR32123456789".into(),
        registry: "RCS Nantes 123 456 789".into(),
        mediator: "Médiation Conso, 1 rue du Droit 75001 Paris, https://mediation.example".into(),
        bank_holder: "GreenLeaf SAS".into(),
        iban: "FR7630001007941234567890185".into(),
        bic: "BDFEFRPPXXX".into(),
    }
}

fn settings() -> Settings {
    Settings {
        channel: Channel {
            code: ChannelCode::new("fr").unwrap(),
            name: "France".into(),
            currency: Currency::EUR,
            prices_include_tax: true,
            rounding: Rounding::PerUnit,
            country: Country::FR,
            ships_to: vec![Country::FR],
            locales: vec![Locale::FR, Locale::EN],
            order_prefix: "GL".into(),
            merchant: merchant(),
        },
        rates: TaxTable::default(),
        shipping: Vec::new(),
        payments: Vec::new(),
        source: main_source(),
    }
}

fn price(gross: i64, basis_points: u32) -> Price {
    rate(basis_points).extract_from(Money::new(gross, Currency::EUR))
}

fn rate(basis_points: u32) -> TaxRate {
    TaxRate::from_basis_points(basis_points).unwrap()
}

fn line(position: u32, name: &str, quantity: u32, gross: i64, basis_points: u32) -> OrderLine {
    let unit = price(gross, basis_points);
    OrderLine {
        position,
        sku: Sku::new(format!("SKU-{position}")).unwrap(),
        product: ProductId(Uuid::nil()),
        variant: VariantId(Uuid::nil()),
        name: name.into(),
        options: Vec::new(),
        picture: None,
        quantity,
        n_shipped: 0,
        n_withdrawn: 0,
        weight_grams: 200,
        tax_class: TaxClass::new("standard").unwrap(),
        rate: rate(basis_points),
        unit,
        amount: unit.times(quantity).unwrap(),
    }
}

fn address(first_name: &str) -> Address {
    Address {
        first_name: first_name.into(),
        last_name: "Lefèvre".into(),
        company: String::new(),
        street: "12 rue des Tanneurs".into(),
        street_extra: String::new(),
        postcode: "69001".into(),
        city: "Lyon".into(),
        country: Country::FR,
        phone: String::new(),
    }
}

/// 2 lamps at 45.00 with 0.50 of eco-participation each, a tea at 9.90, a discount, delivery.
fn order(locale: Locale) -> Order {
    let mut lamp = line(0, "Lampe de bureau", 2, 4500, 2000);
    lamp.options = vec![("Couleur".into(), "Vert sauge".into())];
    let adjustment = |line, source, label: &str, amount: Price, basis_points| Adjustment {
        line,
        source,
        label: label.into(),
        rate: rate(basis_points),
        amount,
    };
    let mut order = Order {
        id: OrderId(Uuid::nil()),
        number: OrderNumber::new("GL", 42),
        channel: ChannelCode::new("fr").unwrap(),
        locale,
        currency: Currency::EUR,
        prices_include_tax: true,
        rounding: Rounding::PerUnit,
        cart: CartId(Uuid::nil()),
        customer: None,
        email: Email::new("camille@example.org").unwrap(),
        billing: address("Camille"),
        delivery: address("Camille"),
        shipping_method: ShippingMethodCode::new("colissimo").unwrap(),
        shipping_name: "Colissimo".into(),
        delivery_carbon: Some(DeliveryCarbon { grams_co2e: 480, source: "La Poste".into() }),
        payment_method: PaymentMethodCode::new("bank-transfer").unwrap(),
        payment_kind: PaymentKind::BankTransfer,
        payment_name: if locale == Locale::FR { "Virement" } else { "Bank transfer" }.into(),
        terms_version: 3,
        placed_at: "2026-11-22T08:30:00Z".parse().unwrap(),
        lines: vec![lamp, line(1, "Thé vert", 1, 990, 550)],
        adjustments: vec![
            adjustment(Some(0), AdjustmentSource::EcoParticipation, "", price(100, 2000), 2000),
            adjustment(Some(0), AdjustmentSource::Promotion, "", price(-900, 2000), 2000),
            adjustment(None, AdjustmentSource::Shipping, "Colissimo", price(490, 2000), 2000),
        ],
        total: Price::zero(Currency::EUR),
        state: OrderState::Open,
        payment: PaymentState::Due,
        shipments: Vec::new(),
    };
    let parts = order.lines.iter().map(|line| line.amount);
    let parts = parts.chain(order.adjustments.iter().map(|it| it.amount));
    order.total = Price::sum(Currency::EUR, parts).unwrap();
    assert!(order.adds_up());
    order
}

/// The same order with a parcel on its way.
fn shipped(locale: Locale) -> (OrderLetter, Order) {
    let mut order = order(locale);
    let at: Timestamp = "2026-11-24T08:30:00Z".parse().unwrap();
    order.mark_paid(at).unwrap();
    let id = ShipmentId(Uuid::nil());
    let packed = vec![LineQuantity { line: 0, quantity: 1 }];
    order.ship(id, packed, "Colissimo", "8R00012345678", at).unwrap();
    (OrderLetter::Shipped(id), order)
}

fn customer(locale: Locale) -> Customer {
    Customer {
        id: CustomerId(Uuid::nil()),
        number: 7,
        email: Email::new("camille@example.org").unwrap(),
        first_name: "Camille".into(),
        last_name: "Lefèvre".into(),
        locale,
    }
}

fn confirmation(locale: Locale) -> Letter {
    letters().order(OrderLetter::Placed, &order(locale), &settings(), LINK)
}

/// The text as it reads, whatever keeps its words together.
fn plain(text: &str) -> String {
    text.replace(['\u{a0}', '\u{202f}'], " ")
}

#[track_caller]
fn assert_says(text: &str, facts: &[&str]) {
    let text = plain(text);
    for fact in facts {
        assert!(text.contains(fact), "no {fact:?} in\n{text}");
    }
}

#[test]
fn the_confirmation_holds_the_whole_agreement_in_french() {
    let letter = confirmation(Locale::FR);

    assert_eq!(letter.subject, "Votre commande GL000042");
    for body in [&letter.html, &letter.text] {
        let facts = [
            "GL000042",
            "22 novembre 2026 à 9 h 30",
            "Lampe de bureau",
            "Couleur : Vert sauge",
            "2 × 45,00 €",
            "Éco-participation en plus : 1,00 €",
            "99,90 €",
            "−9,00 €",
            "Livraison – Colissimo",
            "4,90 €",
            "TVA 20 % sur 72,41 €",
            "14,49 €",
            "TVA 5,5 % sur 9,38 €",
            "0,52 €",
            "Total TVA comprise",
            "96,80 €",
            "12 rue des Tanneurs",
            "69001 Lyon",
            "Virement – à payer",
            "FR76 3000 1007 9412 3456 7890 185",
            "BDFEFRPPXXX",
            "Référence à indiquer",
            "Transport : 0,48 kg CO₂e (La Poste)",
            "version 3",
            "Vous avez 14 jours",
            "https://greenleaf.example/withdrawal",
            "Formulaire de rétractation",
            "Garantie légale de conformité",
            "vices cachés",
            "Médiation Conso",
            "GreenLeaf SAS",
            "RCS Nantes 123 456 789",
            "FR32123456789",
            LINK,
        ];
        let body = body.replace("Virement - à payer", "Virement – à payer");
        let upper = ["Garantie légale de conformité"];
        let body = upper.iter().fold(body, |body, it| body.replace(&it.to_uppercase(), it));
        assert_says(&body, &facts);
    }
}

#[test]
fn the_confirmation_is_in_the_language_of_the_order() {
    let letter = confirmation(Locale::EN);

    assert_eq!(letter.subject, "Your order GL000042");
    for body in [&letter.html, &letter.text] {
        let facts = [
            "22 November 2026 at 09:30",
            "2 × €45.00",
            "Eco-participation on top: €1.00",
            "VAT 20% on €72.41",
            "VAT 5.5% on €9.38",
            "€96.80",
            "FR76 3000 1007 9412 3456 7890 185",
            "Transport: 0.48 kg CO₂e (La Poste)",
            "version 3",
            "You have 14 days",
            "https://greenleaf.example/en/withdrawal",
            "Withdrawal form",
            "hidden defects",
        ];
        assert_says(body, &facts);
        assert!(!body.contains("Bonjour"));
    }
}

#[test]
fn later_mails_say_what_happened_and_do_not_ask_for_money_again() {
    let (letters, settings) = (letters(), settings());
    let mut paid = order(Locale::FR);
    paid.mark_paid(paid.placed_at).unwrap();
    let mut canceled = paid.clone();
    canceled.cancel(canceled.placed_at).unwrap();
    let (about, on_its_way) = shipped(Locale::FR);

    let arrived = letters.order(OrderLetter::Paid, &paid, &settings, LINK);
    let sent = letters.order(about, &on_its_way, &settings, LINK);
    let ended = letters.order(OrderLetter::Canceled, &canceled, &settings, LINK);
    let asked = letters.order(OrderLetter::CancelAsked, &order(Locale::FR), &settings, LINK);

    assert_says(&arrived.text, &["Nous avons reçu 96,80 €"]);
    assert_says(&sent.text, &["Colissimo", "8R00012345678", "1 × Lampe de bureau"]);
    assert_says(&sent.text, &["suivra dans un autre colis"]);
    assert_says(&ended.text, &["Nous vous remboursons 96,80 €"]);
    assert_says(&asked.subject, &["Confirmez l’annulation de votre commande"]);
    assert_says(&asked.text, &["valable 24 heures", "Confirmer l’annulation", LINK]);
    for letter in [arrived, sent, ended, asked] {
        assert!(!letter.text.contains("IBAN") && !letter.html.contains("IBAN"));
    }
}

#[test]
fn the_receipt_of_a_withdrawal_says_what_was_declared_and_when() {
    for (locale, facts) in [
        (Locale::FR, ["1 × Lampe de bureau", "30 novembre 2026 à 18 h 45", "rétractation"]),
        (Locale::EN, ["1 × Lampe de bureau", "30 November 2026 at 18:45", "withdraw"]),
    ] {
        let letter = letters().order(
            OrderLetter::Withdrawal(withdrawal()),
            &order(locale),
            &settings(),
            LINK,
        );

        for body in [&letter.html, &letter.text] {
            assert_says(body, &facts);
            assert_says(body, &["GL000042", "Ada Lovelace", "ada@example.org"]);
            assert!(!body.contains("IBAN"));
        }
    }
}

fn withdrawal() -> Withdrawal {
    Withdrawal {
        name: "Ada Lovelace".into(),
        email: Email::new("ada@example.org").unwrap(),
        lines: vec![LineQuantity { line: 0, quantity: 1 }],
        received_at: "2026-11-30T17:45:00Z".parse().unwrap(),
    }
}

#[test]
fn other_ways_to_pay_have_their_own_instructions() {
    let mut order = order(Locale::FR);
    order.payment_kind = PaymentKind::Cheque;
    let cheque = letters().order(OrderLetter::Placed, &order, &settings(), LINK);
    assert_says(&cheque.text, &["un chèque de 96,80 € à l’ordre de GreenLeaf SAS", "44000 Nantes"]);

    order.payment_kind = PaymentKind::CashOnDelivery;
    let cash = letters().order(OrderLetter::Placed, &order, &settings(), LINK);
    assert_says(&cash.html, &["Préparez 96,80 €"]);
    assert!(!cash.html.contains("IBAN"));
}

#[test]
fn account_mails_lead_to_the_account_in_the_customers_language() {
    let letters = letters();
    let write = |about, locale| letters.account(about, &customer(locale), &settings(), LINK);

    let reset = write(AccountLetter::Reset, Locale::FR);
    assert_eq!(reset.subject, "Choisir un nouveau mot de passe");
    assert_says(&reset.text, &["valable une heure", LINK]);
    assert_says(&reset.html, &["Bonjour Camille", LINK]);

    let welcome = write(AccountLetter::Welcome, Locale::EN);
    assert_eq!(welcome.subject, "Welcome to GreenLeaf");
    assert_says(&welcome.text, &["camille@example.org", LINK]);

    let changed = write(AccountLetter::PasswordChanged, Locale::EN);
    assert_says(&changed.text, &["has just been changed", "bonjour@greenleaf.example"]);

    let moved = write(AccountLetter::EmailChanged, Locale::EN);
    assert_says(&moved.text, &["camille@example.org", "moved to another", "bonjour@greenleaf"]);
}

#[test]
fn a_name_is_text_in_html_and_stays_as_it_is_in_plain_text() {
    let evil = "<script>alert(1)</script>";
    let mut order = order(Locale::FR);
    order.delivery.first_name = evil.into();
    order.billing.first_name = evil.into();
    order.lines[0].name = evil.into();
    order.lines[0].options[0].1 = evil.into();
    order.shipping_name = evil.into();

    let letter = letters().order(OrderLetter::Placed, &order, &settings(), LINK);

    assert!(!letter.html.contains("<script"), "{}", letter.html);
    assert!(letter.html.contains("&lt;script&gt;"));
    assert!(letter.text.contains(evil));
}

/// Whatever a mail fetches tells its sender when it was read; clients block it, rightly.
#[test]
fn a_mail_fetches_nothing() {
    for letter in samples().into_iter().map(|(_, letter)| letter) {
        for fetched in ["<img", "src=", "<link", "url(", "@import", "@font-face"] {
            assert!(!letter.html.contains(fetched), "{fetched}");
        }
    }
}

#[test]
fn plain_text_is_laid_out_without_gaps() {
    for (name, letter) in samples() {
        assert!(!letter.text.contains("\n\n\n\n"), "{name}\n{}", letter.text);
        assert!(!letter.text.contains('<'), "{name}\n{}", letter.text);
    }
}

fn samples() -> Vec<(String, Letter)> {
    let (letters, settings) = (letters(), settings());
    let mut samples = Vec::new();
    for locale in [Locale::FR, Locale::EN] {
        let tag = locale.as_str();
        let (about, on_its_way) = shipped(locale);
        let mut canceled = order(locale);
        canceled.cancel(canceled.placed_at).unwrap();
        let orders = [
            ("placed", OrderLetter::Placed, order(locale)),
            ("paid", OrderLetter::Paid, order(locale)),
            ("shipped", about, on_its_way),
            ("canceled", OrderLetter::Canceled, canceled),
            ("cancel-asked", OrderLetter::CancelAsked, order(locale)),
            ("withdrawal", OrderLetter::Withdrawal(withdrawal()), order(locale)),
        ];
        for (name, about, order) in orders {
            let letter = letters.order(about, &order, &settings, LINK);
            samples.push((format!("email-{name}-{tag}"), letter));
        }
        for (name, about) in [
            ("welcome", AccountLetter::Welcome),
            ("reset", AccountLetter::Reset),
            ("password", AccountLetter::PasswordChanged),
            ("moved", AccountLetter::EmailChanged),
        ] {
            let letter = letters.account(about, &customer(locale), &settings, LINK);
            samples.push((format!("email-{name}-{tag}"), letter));
        }
    }
    samples
}
