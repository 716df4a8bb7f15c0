//! Accounts: who may log in, and what is theirs.

use commerce::cart::CartLine;
use commerce::channel::Locale;
use commerce::customer::{
    Address, AddressId, Customer, CustomerId, Email, PasswordProblem, SavedAddress,
};
use jiff::SignedDuration;
use shop::cart::adopt;
use shop::checkout::place_order;
use shop::customer::{
    RegisterError, Registration, ResetPasswordError, delete_address, find_address, find_by_session,
    is_reset_open, list_addresses, log_in, log_out, register, request_reset, reset_password,
    save_address,
};
use testkit::{
    PASSWORD, TestShop, a_cart, a_customer, a_placement, a_product, an_address, at_once,
    on_both_engines, sku,
};
use uuid::Uuid;

fn email(text: &str) -> Email {
    Email::new(text).unwrap()
}

fn a_registration(text: &str) -> Registration {
    Registration {
        email: email(text),
        password: PASSWORD.into(),
        first_name: "Jeanne".into(),
        last_name: "Dupont".into(),
        locale: Locale::EN,
    }
}

/// Logs in and gives the token of the session.
async fn a_session(shop: &TestShop, of: &Customer) -> String {
    let (customer, token) = log_in(shop, &of.email, PASSWORD).await.unwrap().unwrap();
    assert_eq!(&customer, of);
    token.text
}

async fn is_let_in(shop: &TestShop, text: &str, password: &str) -> bool {
    log_in(shop, &email(text), password).await.unwrap().is_some()
}

#[tokio::test]
async fn somebody_who_registers_is_welcomed_and_logged_in() {
    on_both_engines(async |shop| {
        let (customer, token) = register(&shop, a_registration("Jeanne@Exemple.fr")).await.unwrap();

        assert_eq!((customer.number, customer.email.as_str()), (1, "Jeanne@Exemple.fr"));
        let known = find_by_session(&shop, &token.text).await.unwrap();
        assert_eq!(known, Some(customer));
        shop.run_jobs().await;
        let mails = shop.mailer.sent();
        assert_eq!(mails.len(), 1);
        assert_eq!(
            (mails[0].to.as_str(), mails[0].subject.as_str()),
            ("Jeanne@Exemple.fr", "account-welcome")
        );
        assert_eq!(mails[0].text, "Jeanne\nhttps://greenleaf.test/en/account");
    })
    .await;
}

#[tokio::test]
async fn an_address_has_one_account_whatever_its_case() {
    on_both_engines(async |shop| {
        a_customer(&shop).email("jeanne@exemple.fr").save().await;

        let refused = register(&shop, a_registration("JEANNE@exemple.FR")).await.err().unwrap();

        assert!(matches!(refused, RegisterError::EmailTaken), "{refused:?}");
        shop.run_jobs().await;
        assert_eq!(shop.mailer.sent(), []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_registered_four_times_at_once_has_one_account() {
    on_both_engines(async |shop| {
        let attempts = (0..4).map(|_| {
            let shop = shop.clone();
            async move { register(&shop, a_registration("jeanne@exemple.fr")).await.err() }
        });
        let refusals: Vec<_> = at_once(attempts).await.into_iter().flatten().collect();

        assert_eq!(refusals.len(), 3);
        let is_taken = |refusal: &RegisterError| matches!(refusal, RegisterError::EmailTaken);
        assert!(refusals.iter().all(is_taken), "{refusals:?}");
    })
    .await;
}

#[tokio::test]
async fn a_short_password_opens_no_account() {
    on_both_engines(async |shop| {
        let short = Registration { password: "trop court".into(), ..a_registration("a@b.fr") };

        let refused = register(&shop, short).await.err().unwrap();

        assert!(
            matches!(refused, RegisterError::Password(PasswordProblem::TooShort)),
            "{refused:?}"
        );
        let found = db::customer::find_by_email(&mut shop.read().await, &email("a@b.fr")).await;
        assert_eq!(found.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn only_the_right_password_of_a_known_address_is_let_in() {
    on_both_engines(async |shop| {
        a_customer(&shop).email("jeanne@exemple.fr").save().await;

        assert!(is_let_in(&shop, "Jeanne@Exemple.FR", PASSWORD).await);
        assert!(!is_let_in(&shop, "jeanne@exemple.fr", "DOUZE signes!").await);
        assert!(!is_let_in(&shop, "jeanne@exemple.fr", "").await);
        assert!(!is_let_in(&shop, "personne@exemple.fr", PASSWORD).await);
    })
    .await;
}

#[tokio::test]
async fn logging_out_ends_this_session_and_no_other() {
    on_both_engines(async |shop| {
        let customer = a_customer(&shop).save().await;
        let (phone, desk) = (a_session(&shop, &customer).await, a_session(&shop, &customer).await);

        log_out(&shop, &phone).await.unwrap();

        assert_eq!(find_by_session(&shop, &phone).await.unwrap(), None);
        assert_eq!(find_by_session(&shop, &desk).await.unwrap(), Some(customer));
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_after_thirty_days() {
    on_both_engines(async |shop| {
        let customer = a_customer(&shop).save().await;
        let token = a_session(&shop, &customer).await;

        shop.clock.advance(SignedDuration::from_hours(30 * 24) - SignedDuration::from_secs(1));
        assert_eq!(find_by_session(&shop, &token).await.unwrap(), Some(customer));
        shop.clock.advance(SignedDuration::from_secs(1));

        assert_eq!(find_by_session(&shop, &token).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_session_of_staff_is_none_of_a_customer() {
    on_both_engines(async |shop| {
        shop::staff::set_password(&shop, "admin", "Admin", PASSWORD).await.unwrap();
        let (_, token) = shop::staff::log_in(&shop, "admin", PASSWORD, "").await.unwrap();

        assert_eq!(find_by_session(&shop, &token.text).await.unwrap(), None);
    })
    .await;
}

/// Asks for a reset and gives the token of the link in the mail.
async fn a_reset(shop: &TestShop, of: &Customer) -> String {
    request_reset(shop, &of.email).await.unwrap();
    shop.run_jobs().await;
    let mail = shop.mailer.sent().pop().unwrap();
    assert_eq!((&mail.to, mail.subject.as_str()), (&of.email.as_str().to_owned(), "account-reset"));
    let link = mail.text.lines().last().unwrap().to_owned();
    link.strip_prefix("https://greenleaf.test/account/reset/").unwrap().to_owned()
}

const NEW_PASSWORD: &str = "treize signes!";

#[tokio::test]
async fn a_reset_sets_the_password_and_ends_every_session() {
    on_both_engines(async |shop| {
        let customer = a_customer(&shop).save().await;
        let session = a_session(&shop, &customer).await;
        let token = a_reset(&shop, &customer).await;
        assert!(is_reset_open(&shop, &token).await.unwrap());

        reset_password(&shop, &token, NEW_PASSWORD).await.unwrap();

        assert_eq!(find_by_session(&shop, &session).await.unwrap(), None);
        assert!(!is_let_in(&shop, "jeanne@exemple.fr", PASSWORD).await);
        assert!(is_let_in(&shop, "jeanne@exemple.fr", NEW_PASSWORD).await);
        shop.run_jobs().await;
        assert_eq!(shop.mailer.subjects(), ["account-reset", "account-password-changed"]);
    })
    .await;
}

#[tokio::test]
async fn a_reset_link_works_once() {
    on_both_engines(async |shop| {
        let customer = a_customer(&shop).save().await;
        let token = a_reset(&shop, &customer).await;
        reset_password(&shop, &token, NEW_PASSWORD).await.unwrap();

        let again = reset_password(&shop, &token, "quatorze signes").await.unwrap_err();

        assert!(matches!(again, ResetPasswordError::LinkExpired), "{again:?}");
        assert!(!is_reset_open(&shop, &token).await.unwrap());
        assert!(is_let_in(&shop, "jeanne@exemple.fr", NEW_PASSWORD).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_link_used_twice_at_once_works_once() {
    on_both_engines(async |shop| {
        let customer = a_customer(&shop).save().await;
        let token = a_reset(&shop, &customer).await;

        let attempts = (0..4).map(|n| {
            let (shop, token) = (shop.clone(), token.clone());
            async move { reset_password(&shop, &token, &format!("{NEW_PASSWORD} {n}")).await }
        });
        let answers = at_once(attempts).await;

        let is_expired =
            |answer: &&Result<_, _>| matches!(answer, Err(ResetPasswordError::LinkExpired));
        assert_eq!(answers.iter().filter(is_expired).count(), 3, "{answers:?}");
    })
    .await;
}

#[tokio::test]
async fn a_reset_link_works_for_an_hour() {
    on_both_engines(async |shop| {
        let customer = a_customer(&shop).save().await;
        let token = a_reset(&shop, &customer).await;
        shop.clock.advance(SignedDuration::from_hours(1));

        let late = reset_password(&shop, &token, NEW_PASSWORD).await.unwrap_err();

        assert!(matches!(late, ResetPasswordError::LinkExpired), "{late:?}");
        assert!(is_let_in(&shop, "jeanne@exemple.fr", PASSWORD).await);
    })
    .await;
}

#[tokio::test]
async fn a_password_that_is_refused_does_not_use_the_link_up() {
    on_both_engines(async |shop| {
        let customer = a_customer(&shop).save().await;
        let token = a_reset(&shop, &customer).await;

        let short = reset_password(&shop, &token, "trop court").await.unwrap_err();

        assert!(
            matches!(short, ResetPasswordError::Password(PasswordProblem::TooShort)),
            "{short:?}"
        );
        assert!(is_reset_open(&shop, &token).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_second_reset_makes_the_first_link_useless() {
    on_both_engines(async |shop| {
        let customer = a_customer(&shop).save().await;
        let first = a_reset(&shop, &customer).await;
        let second = a_reset(&shop, &customer).await;

        assert!(!is_reset_open(&shop, &first).await.unwrap());
        assert!(is_reset_open(&shop, &second).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_reset_of_an_unknown_address_sends_nothing() {
    on_both_engines(async |shop| {
        request_reset(&shop, &email("personne@exemple.fr")).await.unwrap();

        shop.run_jobs().await;
        assert_eq!(shop.mailer.sent(), []);
    })
    .await;
}

fn a_saved_address(city: &str) -> SavedAddress {
    SavedAddress {
        id: AddressId(Uuid::now_v7()),
        number: 0,
        address: Address { city: city.to_owned(), ..an_address() },
        is_default_delivery: true,
        is_default_billing: false,
    }
}

async fn book(shop: &TestShop, of: CustomerId) -> Vec<SavedAddress> {
    list_addresses(shop, of).await.unwrap()
}

#[tokio::test]
async fn a_default_address_takes_the_place_of_the_last() {
    on_both_engines(async |shop| {
        let customer = a_customer(&shop).save().await.id;
        let (paris, lyon) = (a_saved_address("Paris"), a_saved_address("Lyon"));

        assert!(save_address(&shop, customer, &paris).await.unwrap().is_some());
        assert!(save_address(&shop, customer, &lyon).await.unwrap().is_some());

        let paris = SavedAddress { number: 1, is_default_delivery: false, ..paris };
        let lyon = SavedAddress { number: 2, ..lyon };
        assert_eq!(book(&shop, customer).await, [paris, lyon]);
    })
    .await;
}

#[tokio::test]
async fn a_saved_address_can_be_changed_and_deleted() {
    on_both_engines(async |shop| {
        let customer = a_customer(&shop).save().await.id;
        let saved = a_saved_address("Paris");
        save_address(&shop, customer, &saved).await.unwrap();

        let moved = SavedAddress { id: saved.id, ..a_saved_address("Lyon") };
        assert!(save_address(&shop, customer, &moved).await.unwrap().is_some());
        let moved = SavedAddress { number: 1, ..moved };
        assert_eq!(book(&shop, customer).await, std::slice::from_ref(&moved));
        assert_eq!(find_address(&shop, 1).await.unwrap(), Some((customer, moved)));
        assert!(delete_address(&shop, customer, saved.id).await.unwrap());

        assert_eq!(book(&shop, customer).await, []);
        assert!(!delete_address(&shop, customer, saved.id).await.unwrap());
        assert_eq!(find_address(&shop, 1).await.unwrap(), None);
        assert_eq!(
            save_address(&shop, customer, &saved).await.unwrap(),
            Some(2),
            "no number twice"
        );
    })
    .await;
}

#[tokio::test]
async fn an_address_of_an_older_executable_gets_a_number() {
    let shop = testkit::a_shop().on_mariadb().await;
    let customer = a_customer(&shop).save().await.id;
    let (old, new) = (a_saved_address("Paris"), a_saved_address("Lyon"));
    save_address(&shop, customer, &old).await.unwrap();
    shop.mariadb().unwrap().execute("UPDATE customer_addresses SET number = NULL");
    save_address(&shop, customer, &new).await.unwrap();
    let numbers =
        async || book(&shop, customer).await.iter().map(|it| it.number).collect::<Vec<_>>();
    assert_eq!(numbers().await, [0, 2]);

    shop.tidy().await;

    assert_eq!(numbers().await, [3, 2]);
}

#[tokio::test]
async fn nobody_touches_an_address_of_somebody_else() {
    on_both_engines(async |shop| {
        let jeanne = a_customer(&shop).save().await.id;
        let paul = a_customer(&shop).email("paul@exemple.fr").save().await.id;
        let (hers, his) = (a_saved_address("Paris"), a_saved_address("Lyon"));
        save_address(&shop, jeanne, &hers).await.unwrap();
        save_address(&shop, paul, &his).await.unwrap();

        let stolen = SavedAddress { id: hers.id, ..a_saved_address("Nantes") };
        assert!(save_address(&shop, paul, &stolen).await.unwrap().is_none());
        assert!(!delete_address(&shop, paul, hers.id).await.unwrap());

        assert_eq!(book(&shop, jeanne).await, [SavedAddress { number: 1, ..hers }]);
        let his = SavedAddress { number: 2, ..his };
        assert_eq!(book(&shop, paul).await, [his], "his default is still one");
    })
    .await;
}

#[tokio::test]
async fn a_book_is_full_at_fifty_addresses() {
    on_both_engines(async |shop| {
        let customer = a_customer(&shop).save().await.id;
        for _ in 0..shop::customer::MAX_ADDRESSES {
            assert!(
                save_address(&shop, customer, &a_saved_address("Paris")).await.unwrap().is_some()
            );
        }

        assert!(save_address(&shop, customer, &a_saved_address("Lyon")).await.unwrap().is_none());

        assert_eq!(book(&shop, customer).await.len(), 50);
    })
    .await;
}

fn line(quantity: u32, text: &str) -> CartLine {
    CartLine { sku: sku(text), quantity }
}

#[tokio::test]
async fn the_cart_of_a_guest_becomes_theirs_at_log_in() {
    on_both_engines(async |shop| {
        let customer = a_customer(&shop).save().await.id;
        let held = a_cart(&shop).with(2, "TEA").save().await.id;

        let adopted = adopt(&shop, customer, Some(held)).await.unwrap();

        assert_eq!(adopted, Some(held));
        let (cart, _) = db::cart::find(&mut shop.read().await, held).await.unwrap().unwrap();
        assert_eq!((cart.customer, cart.lines), (Some(customer), vec![line(2, "TEA")]));
    })
    .await;
}

#[tokio::test]
async fn the_cart_of_the_last_visit_comes_back_at_log_in() {
    on_both_engines(async |shop| {
        let customer = a_customer(&shop).save().await.id;
        assert_eq!(adopt(&shop, customer, None).await.unwrap(), None);
        let kept = a_cart(&shop).with(1, "POT").of(customer).save().await.id;

        assert_eq!(adopt(&shop, customer, None).await.unwrap(), Some(kept));
    })
    .await;
}

#[tokio::test]
async fn two_carts_become_one_at_log_in() {
    on_both_engines(async |shop| {
        let customer = a_customer(&shop).save().await.id;
        a_cart(&shop).with(5, "TEA").with(1, "POT").of(customer).save().await;
        let held = a_cart(&shop).with(2, "TEA").save().await.id;

        let adopted = adopt(&shop, customer, Some(held)).await.unwrap();

        assert_eq!(adopted, Some(held));
        let (cart, _) = db::cart::find(&mut shop.read().await, held).await.unwrap().unwrap();
        assert_eq!(cart.lines, [line(2, "TEA"), line(1, "POT")]);
    })
    .await;
}

#[tokio::test]
async fn what_was_bought_does_not_come_back_at_the_next_log_in() {
    on_both_engines(async |shop| {
        a_product(&shop).sku("TEA").save().await;
        a_product(&shop).sku("POT").save().await;
        let customer = a_customer(&shop).save().await.id;
        a_cart(&shop).with(1, "POT").of(customer).save().await;
        let held = a_cart(&shop).with(2, "TEA").save().await.id;
        adopt(&shop, customer, Some(held)).await.unwrap();
        place_order(&shop, &a_placement(held)).await.unwrap();

        let adopted = adopt(&shop, customer, Some(held)).await.unwrap();

        assert_eq!(adopted, None);
    })
    .await;
}

#[tokio::test]
async fn a_cart_of_somebody_else_is_not_taken_over_at_log_in() {
    on_both_engines(async |shop| {
        let jeanne = a_customer(&shop).save().await.id;
        let paul = a_customer(&shop).email("paul@exemple.fr").save().await.id;
        let hers = a_cart(&shop).with(1, "POT").of(jeanne).save().await;

        let adopted = adopt(&shop, paul, Some(hers.id)).await.unwrap();

        assert_eq!(adopted, None);
        let (cart, _) = db::cart::find(&mut shop.read().await, hers.id).await.unwrap().unwrap();
        assert_eq!(cart, hers);
    })
    .await;
}
