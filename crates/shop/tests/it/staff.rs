//! Staff: a password and a second factor.

use data_encoding::BASE32_NOPAD;
use db::staff::Staff;
use jiff::SignedDuration;
use shop::staff::{
    StaffLogInError, confirm_totp, find_by_session, log_in, log_out, new_totp, remove_totp,
    set_password,
};
use testkit::{PASSWORD, TestShop, on_both_engines, totp_code as code};

/// How long a code is shown.
const STEP: SignedDuration = SignedDuration::from_secs(30);

/// The member of staff `admin`, whose password is [`PASSWORD`].
async fn an_admin(shop: &TestShop) -> Staff {
    set_password(shop, "admin", "Camille", PASSWORD).await.unwrap();
    db::staff::find_by_login(&mut shop.read().await, "admin").await.unwrap().unwrap()
}

/// An admin with a second factor, whose authenticator holds the secret that is given too.
async fn an_admin_with_totp(shop: &TestShop) -> (Staff, String) {
    let admin = an_admin(shop).await;
    let secret = new_totp(&admin).base32;
    assert!(confirm_totp(shop, &admin, &secret, &code(shop, &secret)).await.unwrap());
    shop.clock.advance(STEP);
    (admin, secret)
}

async fn refusal(shop: &TestShop, login: &str, password: &str, code: &str) -> StaffLogInError {
    log_in(shop, login, password, code).await.err().unwrap()
}

#[tokio::test]
async fn a_password_opens_a_session_that_ends_after_twelve_hours() {
    on_both_engines(async |shop| {
        let admin = an_admin(&shop).await;

        let (who, token) = log_in(&shop, "admin", PASSWORD, "").await.unwrap();

        assert_eq!((who.id, who.name.as_str()), (admin.id, "Camille"));
        assert_eq!(find_by_session(&shop, &token.text).await.unwrap(), Some(admin));
        shop.clock.advance(SignedDuration::from_hours(12));
        assert_eq!(find_by_session(&shop, &token.text).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_wrong_login_or_password_is_refused_alike() {
    on_both_engines(async |shop| {
        an_admin(&shop).await;

        for (login, password) in [("admin", "douze singes!"), ("nobody", PASSWORD)] {
            let refused = refusal(&shop, login, password, "").await;
            assert!(matches!(refused, StaffLogInError::Wrong), "{login}: {refused:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn logging_out_ends_the_session() {
    on_both_engines(async |shop| {
        an_admin(&shop).await;
        let (_, token) = log_in(&shop, "admin", PASSWORD, "").await.unwrap();

        log_out(&shop, &token.text).await.unwrap();

        assert_eq!(find_by_session(&shop, &token.text).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_new_password_ends_every_session() {
    on_both_engines(async |shop| {
        an_admin(&shop).await;
        let (_, token) = log_in(&shop, "admin", PASSWORD, "").await.unwrap();

        set_password(&shop, "admin", "Camille", "treize signes!").await.unwrap();

        assert_eq!(find_by_session(&shop, &token.text).await.unwrap(), None);
        assert!(matches!(refusal(&shop, "admin", PASSWORD, "").await, StaffLogInError::Wrong));
        assert!(log_in(&shop, "admin", "treize signes!", "").await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn with_a_second_factor_a_password_is_not_enough() {
    on_both_engines(async |shop| {
        let (_, secret) = an_admin_with_totp(&shop).await;

        let refused = refusal(&shop, "admin", PASSWORD, " ").await;
        assert!(matches!(refused, StaffLogInError::CodeNeeded), "{refused:?}");
        let spaced = code(&shop, &secret);
        let spaced = format!("{} {}", &spaced[..3], &spaced[3..]);

        assert!(log_in(&shop, "admin", PASSWORD, &spaced).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn whoever_lacks_the_password_learns_nothing_of_the_second_factor() {
    on_both_engines(async |shop| {
        let (_, secret) = an_admin_with_totp(&shop).await;

        for code in [String::new(), code(&shop, &secret)] {
            let refused = refusal(&shop, "admin", "douze singes!", &code).await;
            assert!(matches!(refused, StaffLogInError::Wrong), "{refused:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_code_works_once() {
    on_both_engines(async |shop| {
        let (_, secret) = an_admin_with_totp(&shop).await;
        let code = code(&shop, &secret);
        log_in(&shop, "admin", PASSWORD, &code).await.unwrap();

        let again = refusal(&shop, "admin", PASSWORD, &code).await;

        assert!(matches!(again, StaffLogInError::Wrong), "{again:?}");
    })
    .await;
}

#[tokio::test]
async fn the_code_that_set_the_second_factor_up_opens_no_session() {
    on_both_engines(async |shop| {
        let admin = an_admin(&shop).await;
        let secret = new_totp(&admin).base32;
        let code = code(&shop, &secret);
        assert!(confirm_totp(&shop, &admin, &secret, &code).await.unwrap());

        let again = refusal(&shop, "admin", PASSWORD, &code).await;

        assert!(matches!(again, StaffLogInError::Wrong), "{again:?}");
    })
    .await;
}

#[tokio::test]
async fn a_code_may_be_one_step_late_but_not_two() {
    on_both_engines(async |shop| {
        let (_, secret) = an_admin_with_totp(&shop).await;
        shop.clock.advance(STEP * 10);
        let code = code(&shop, &secret);

        shop.clock.advance(STEP * 2);
        let late = refusal(&shop, "admin", PASSWORD, &code).await;
        assert!(matches!(late, StaffLogInError::Wrong), "{late:?}");
        shop.clock.advance(-STEP);

        assert!(log_in(&shop, "admin", PASSWORD, &code).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_wrong_code_is_refused() {
    on_both_engines(async |shop| {
        let (_, secret) = an_admin_with_totp(&shop).await;
        let right = code(&shop, &secret);
        let last = if right.ends_with('0') { "1" } else { "0" };
        let wrong = format!("{}{last}", &right[..5]);

        for code in [wrong.as_str(), "12345", "1234567", "abcdef", "１２３４５６"] {
            let refused = refusal(&shop, "admin", PASSWORD, code).await;
            assert!(matches!(refused, StaffLogInError::Wrong), "{code}: {refused:?}");
        }

        assert!(log_in(&shop, "admin", PASSWORD, &right).await.is_ok(), "none used it up");
    })
    .await;
}

#[tokio::test]
async fn a_second_factor_is_not_kept_until_a_code_proves_it() {
    on_both_engines(async |shop| {
        let admin = an_admin(&shop).await;
        let secret = new_totp(&admin);
        assert!(secret.url.contains(&secret.base32), "{}", secret.url);
        let another = new_totp(&admin).base32;

        let of_another = code(&shop, &another);
        assert!(!confirm_totp(&shop, &admin, &secret.base32, &of_another).await.unwrap());
        assert!(!confirm_totp(&shop, &admin, "not base32!", &of_another).await.unwrap());

        assert!(log_in(&shop, "admin", PASSWORD, "").await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_lost_second_factor_can_be_removed() {
    on_both_engines(async |shop| {
        let (admin, _) = an_admin_with_totp(&shop).await;

        remove_totp(&shop, admin.id).await.unwrap();

        assert!(log_in(&shop, "admin", PASSWORD, "").await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn the_secret_of_a_second_factor_is_sealed() {
    on_both_engines(async |shop| {
        let (admin, secret) = an_admin_with_totp(&shop).await;

        let kept = db::staff::find(&mut shop.read().await, admin.id).await.unwrap().unwrap();

        let sealed = kept.totp_secret.unwrap();
        let secret = BASE32_NOPAD.decode(secret.as_bytes()).unwrap();
        assert!(!sealed.windows(secret.len()).any(|part| part == secret));
        assert_eq!(shop.key.open(&sealed), Some(secret));
    })
    .await;
}
