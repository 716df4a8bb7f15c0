//! `/account`: who comes in, what they see, and that it is theirs alone.

use axum::http::StatusCode;
use commerce::customer::Customer;
use testkit::{PASSWORD, TestShop, a_customer, a_placed_order, a_product, on_both_engines};

use crate::browser::{Answer, Browser};

async fn log_in(browser: &mut Browser, email: &str, password: &str) -> Answer {
    let form = browser.form("/account/login", "/account/login").await;
    browser.send_form(&form.filled(&[("email", email), ("password", password)])).await
}

/// A browser in which this customer is logged in.
async fn of(shop: &TestShop, customer: &Customer) -> Browser {
    let mut browser = Browser::open(shop).await;
    let answer = log_in(&mut browser, customer.email.as_str(), PASSWORD).await;
    assert_eq!(answer.location(), "/account");
    browser
}

async fn is_logged_in(browser: &mut Browser) -> bool {
    browser.get("/account").await.status == StatusCode::OK
}

const SOMEBODY: [(&str, &str); 4] = [
    ("first-name", "Ada"),
    ("last-name", "Martin"),
    ("email", "ada@exemple.fr"),
    ("password", "treize signes!"),
];

#[tokio::test]
async fn somebody_registers_logs_out_and_comes_back() {
    on_both_engines(async |shop| {
        let mut browser = Browser::open(&shop).await;
        let form = browser.form("/account/register", "/account/register").await;

        let registered = browser.send_form(&form.filled(&SOMEBODY)).await;
        assert_eq!((registered.status, registered.location()), (StatusCode::SEE_OTHER, "/account"));
        let account = browser.get("/account").await;
        assert!(account.says("Bienvenue, votre compte est créé.") && account.says("Ada"));
        shop.run_jobs().await;
        assert_eq!(shop.mailer.subjects(), ["account-welcome"]);

        let mut thief = browser.window();
        let left = browser.send_form(&account.form("/account/logout")).await;
        assert_eq!(left.location(), "/account/login");
        assert!(!is_logged_in(&mut browser).await);
        assert!(!is_logged_in(&mut thief).await, "the session has ended, not only the cookie");

        let back = log_in(&mut browser, "ADA@exemple.fr", "treize signes!").await;
        assert_eq!(back.location(), "/account");
        assert!(is_logged_in(&mut browser).await);
    })
    .await;
}

#[tokio::test]
async fn a_registration_that_lacks_something_comes_back_with_what_was_typed() {
    on_both_engines(async |shop| {
        a_customer(&shop).save().await;
        let mut browser = Browser::open(&shop).await;
        let form = browser.form("/account/register", "/account/register").await;
        let form = form.filled(&SOMEBODY);
        let long = "a".repeat(81);

        for (field, value, refusal) in [
            ("first-name", "", "Prénom : Ce champ est nécessaire."),
            ("last-name", &long, "Nom : 80 caractères au plus."),
            (
                "last-name",
                "Mar\u{7}tin",
                "Nom : Ce champ contient des caractères que nous ne pouvons pas lire.",
            ),
            (
                "email",
                "ada",
                "Adresse e-mail : Cette adresse e-mail semble incomplète. Exemple : camille@exemple.fr",
            ),
            (
                "email",
                "Jeanne@Exemple.fr",
                "Adresse e-mail : Un compte existe déjà à cette adresse. Connectez-vous, ou demandez un nouveau mot de passe.",
            ),
            ("password", "", "Mot de passe : Ce champ est nécessaire."),
            ("password", "court", "Mot de passe : Le mot de passe doit avoir 12 caractères au moins."),
            ("password", "aaaaaaaaaaaa", "Mot de passe : Ce mot de passe est trop facile à deviner."),
        ] {
            let refused = browser.send_form(&form.clone().with(field, value)).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}: {value}");
            assert_eq!(refused.refusals(), [refusal]);
            let kept = refused.form("/account/register");
            assert_eq!(kept.value("password"), "", "a password is never shown again");
            let other = if field == "first-name" { "last-name" } else { "first-name" };
            assert_eq!(kept.value(other), form.value(other));
        }

        assert!(!is_logged_in(&mut browser).await);
    })
    .await;
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_are_told_alike() {
    on_both_engines(async |shop| {
        a_customer(&shop).save().await;
        let mut browser = Browser::open(&shop).await;

        for (email, password) in [
            ("jeanne@exemple.fr", "douze singes!"),
            ("nobody@exemple.fr", PASSWORD),
            ("' OR '1'='1", PASSWORD),
            ("", ""),
        ] {
            let refused = log_in(&mut browser, email, password).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{email}");
            assert_eq!(
                refused.refusals(),
                ["Adresse e-mail : L’adresse e-mail et le mot de passe ne vont pas ensemble."]
            );
            assert_eq!(refused.form("/account/login").value("email"), email);
        }

        assert!(!is_logged_in(&mut browser).await);
    })
    .await;
}

#[tokio::test]
async fn whoever_guesses_too_often_is_asked_to_wait() {
    on_both_engines(async |shop| {
        a_customer(&shop).save().await;
        let mut browser = Browser::open(&shop).await;
        for _ in 0..10 {
            let refused = log_in(&mut browser, "jeanne@exemple.fr", "douze singes!").await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        }

        let refused = log_in(&mut browser, "jeanne@exemple.fr", PASSWORD).await;

        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(refused.header("retry-after"), "60");
        assert_eq!(
            refused.refusals(),
            ["Trop d’essais. Attendez quelques minutes avant de recommencer."]
        );
        assert!(!is_logged_in(&mut browser).await, "also not with the right password");
    })
    .await;
}

#[tokio::test]
async fn a_login_leads_to_where_somebody_wanted_to_go_and_never_out_of_the_shop() {
    on_both_engines(async |shop| {
        a_customer(&shop).save().await;
        let mut browser = Browser::open(&shop).await;

        let asked = browser.get("/account/orders").await;
        assert_eq!(asked.location(), "/account/login?next=%2Faccount%2Forders");
        let form = browser.form(asked.location(), "/account/login").await;
        let form = form.filled(&[("email", "jeanne@exemple.fr"), ("password", PASSWORD)]);
        assert_eq!(browser.window().send_form(&form).await.location(), "/account/orders");

        for foreign in ["//evil.example", "https://evil.example/", "/\\evil.example", "evil"] {
            let form = form.clone().with("next", foreign);
            assert_eq!(browser.window().send_form(&form).await.location(), "/account");
        }
    })
    .await;
}

#[tokio::test]
async fn a_form_sent_after_the_session_ended_leads_to_a_page_that_is_there() {
    on_both_engines(async |shop| {
        let jeanne = a_customer(&shop).save().await;
        let mut browser = of(&shop, &jeanne).await;
        let form = browser.form("/account", "/account/password").await;
        let mut elsewhere = browser.window();
        let leave = elsewhere.form("/account", "/account/logout").await;
        elsewhere.send_form(&leave).await;

        let sent = browser.send_form(&form).await;

        assert_eq!(sent.location(), "/account/login?next=%2Faccount");
    })
    .await;
}

/// The link of the last reset mail, as a path.
async fn reset_link(shop: &TestShop) -> String {
    shop.run_jobs().await;
    let mail = shop.mailer.sent().pop().expect("a mail");
    assert_eq!((mail.to.as_str(), mail.subject.as_str()), ("jeanne@exemple.fr", "account-reset"));
    let link = mail.text.lines().last().unwrap();
    link.strip_prefix("https://greenleaf.test").expect("a link of ours").to_owned()
}

#[tokio::test]
async fn a_password_is_reset_by_the_link_of_a_mail_once() {
    on_both_engines(async |shop| {
        let jeanne = a_customer(&shop).save().await;
        let mut session = of(&shop, &jeanne).await;
        let mut browser = Browser::open(&shop).await;
        let form = browser.form("/account/forgot", "/account/forgot").await;
        let asked = browser.send_form(&form.with("email", "jeanne@exemple.fr")).await;
        assert_eq!(asked.status, StatusCode::OK);
        let link = reset_link(&shop).await;

        let form = browser.form(&link, &link).await;
        let differing = form
            .clone()
            .filled(&[("password", "treize signes!"), ("password-again", "treize singes!")]);
        let refused = browser.send_form(&differing).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused.refusals().len(), 1);
        let form =
            form.filled(&[("password", "treize signes!"), ("password-again", "treize signes!")]);
        let done = browser.send_form(&form).await;
        assert_eq!(done.location(), "/account/login");

        assert!(!is_logged_in(&mut session).await, "sessions of before have ended");
        let again = browser.send_form(&form).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        let opened = browser.get(&link).await;
        assert!(!opened.html.contains(&format!("action=\"{link}\"")), "no form any more");
        let old = log_in(&mut browser, "jeanne@exemple.fr", PASSWORD).await;
        assert_eq!(old.status, StatusCode::UNPROCESSABLE_ENTITY);
        let new = log_in(&mut browser, "jeanne@exemple.fr", "treize signes!").await;
        assert_eq!(new.location(), "/account");
    })
    .await;
}

#[tokio::test]
async fn a_reset_tells_nobody_who_has_an_account() {
    on_both_engines(async |shop| {
        a_customer(&shop).save().await;
        let mut browser = Browser::open(&shop).await;
        let mut answers = Vec::new();
        for email in ["jeanne@exemple.fr", "nobody@exemple.fr"] {
            let form = browser.form("/account/forgot", "/account/forgot").await;
            let answer = browser.send_form(&form.with("email", email)).await;
            answers.push((answer.status, answer.text().replace(email, "")));
        }

        assert_eq!(answers[0], answers[1]);
    })
    .await;
}

#[tokio::test]
async fn a_changed_password_ends_every_other_session() {
    on_both_engines(async |shop| {
        let jeanne = a_customer(&shop).save().await;
        let mut browser = of(&shop, &jeanne).await;
        let mut other = of(&shop, &jeanne).await;
        let mut before = browser.window();
        let form = browser.form("/account", "/account/password").await;

        let wrong = form
            .clone()
            .filled(&[("current-password", "douze singes!"), ("new-password", "treize signes!")]);
        let wrong = browser.send_form(&wrong).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(is_logged_in(&mut other).await);
        let form =
            form.filled(&[("current-password", PASSWORD), ("new-password", "treize signes!")]);
        let changed = browser.send_form(&form).await;

        assert_eq!(changed.location(), "/account");
        assert!(is_logged_in(&mut browser).await);
        assert!(!is_logged_in(&mut other).await);
        assert!(!is_logged_in(&mut before).await, "the token is a new one");
    })
    .await;
}

const HOME: [(&str, &str); 7] = [
    ("first-name", "Jeanne"),
    ("last-name", "Dupont"),
    ("street", "1 rue du Thé"),
    ("postcode", "75011"),
    ("city", "Paris"),
    ("country", "FR"),
    ("is-default", "yes"),
];

/// Saves an address and gives its id.
async fn keep_home(browser: &mut Browser) -> String {
    let form = browser.form("/account/addresses", "/account/addresses").await;
    let kept = browser.send_form(&form.filled(&HOME)).await;
    assert_eq!(kept.location(), "/account/addresses");
    let form = browser.form("/account/addresses", "/account/addresses/delete").await;
    form.value("id").to_owned()
}

#[tokio::test]
async fn an_address_is_kept_changed_and_deleted() {
    on_both_engines(async |shop| {
        let jeanne = a_customer(&shop).save().await;
        let mut browser = of(&shop, &jeanne).await;

        let id = keep_home(&mut browser).await;
        let edit = format!("/account/addresses?edit={id}");
        let form = browser.form(&edit, "/account/addresses").await;
        assert_eq!((form.value("id"), form.value("street")), (id.as_str(), "1 rue du Thé"));
        browser.send_form(&form.with("street", "2 rue du Port")).await;
        let page = browser.get("/account/addresses").await;
        assert!(page.says("2 rue du Port") && !page.says("1 rue du Thé"));

        let form = browser.form("/account/addresses", "/account/addresses").await.filled(&HOME);
        let bad = browser.send_form(&form.with("postcode", "Paris")).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(bad.form("/account/addresses").value("street"), "1 rue du Thé");

        let form = browser.form("/account/addresses", "/account/addresses/delete").await;
        browser.send_form(&form).await;
        assert!(!browser.get("/account/addresses").await.says("2 rue du Port"));
    })
    .await;
}

#[tokio::test]
async fn nobody_reaches_an_address_of_somebody_else() {
    on_both_engines(async |shop| {
        let jeanne = a_customer(&shop).save().await;
        let ada = a_customer(&shop).email("ada@exemple.fr").save().await;
        let mut hers = of(&shop, &jeanne).await;
        let id = keep_home(&mut hers).await;
        let mut browser = of(&shop, &ada).await;

        let seen = browser.get(&format!("/account/addresses?edit={id}")).await;
        assert!(!seen.html.contains("rue du Thé"));
        let form = seen.form("/account/addresses").filled(&HOME);
        let changed = form.clone().with("id", &id).with("street", "9 rue du Vol");
        assert_eq!(browser.send_form(&changed).await.status, StatusCode::NOT_FOUND);
        let csrf = form.value("csrf").to_owned();
        let fields = [("csrf".to_owned(), csrf), ("id".to_owned(), id)];
        browser.post("/account/addresses/delete", &fields).await;

        assert!(hers.get("/account/addresses").await.says("1 rue du Thé"));
    })
    .await;
}

#[tokio::test]
async fn customers_see_their_orders_and_no_others() {
    on_both_engines(async |shop| {
        let jeanne = a_customer(&shop).save().await;
        let ada = a_customer(&shop).email("ada@exemple.fr").save().await;
        let hers = a_placed_order(&shop).of(jeanne.id).save().await;
        let own = a_placed_order(&shop).of(ada.id).save().await;
        let guests = a_placed_order(&shop).save().await;
        let mut browser = of(&shop, &ada).await;

        let list = browser.get("/account/orders").await;
        let account = browser.get("/account").await;
        let opened = browser.get(&format!("/account/orders/{}", own.id.0)).await;

        for page in [&list, &account, &opened] {
            assert_eq!(page.status, StatusCode::OK);
            assert!(page.says(own.number.as_str()));
            assert!(!page.says(hers.number.as_str()) && !page.says(guests.number.as_str()));
        }
        for foreign in [hers.id.0.to_string(), guests.id.0.to_string(), "x".into()] {
            let refused = browser.get(&format!("/account/orders/{foreign}")).await;
            assert_eq!(refused.status, StatusCode::NOT_FOUND, "{foreign}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_customer_orders_to_an_address_of_the_book() {
    on_both_engines(async |shop| {
        a_product(&shop).save().await;
        let jeanne = a_customer(&shop).save().await;
        let ada = a_customer(&shop).email("ada@exemple.fr").save().await;
        let foreign = keep_home(&mut of(&shop, &ada).await).await;
        let mut browser = of(&shop, &jeanne).await;
        keep_home(&mut browser).await;
        let tea = browser.form("/p/tea", "/cart/add").await;
        browser.send_form(&tea).await;

        let form = browser.form("/checkout", "/checkout").await;
        let form = form.filled(&[("terms", "yes"), ("action", "place")]);
        let stolen = browser.send_form(&form.clone().with("saved-address", &foreign)).await;
        assert_eq!(stolen.status, StatusCode::UNPROCESSABLE_ENTITY);
        let placed = browser.send_form(&form).await;

        let token = placed.location().strip_prefix("/checkout/done/").unwrap();
        let order = shop.order(shop::order::open_token(&shop, token).unwrap()).await;
        assert_eq!(order.customer, Some(jeanne.id));
        assert_eq!(order.delivery.street, "1 rue du Thé");
        assert!(browser.get("/account/orders").await.says(order.number.as_str()));
    })
    .await;
}

#[tokio::test]
async fn every_page_of_the_account_asks_to_log_in() {
    on_both_engines(async |shop| {
        let mut browser = Browser::open(&shop).await;
        browser.set_cookie("greenleaf-session", "forged");

        for path in ["/account", "/account/addresses", "/account/orders", "/account/orders/x"] {
            let asked = browser.get(path).await;
            assert_eq!(asked.status, StatusCode::SEE_OTHER, "{path}");
            assert!(asked.location().starts_with("/account/login?next="), "{path}");
        }
        assert_eq!(browser.cookie("greenleaf-session"), None, "the useless cookie is taken back");
    })
    .await;
}
