//! Every door of the shop, found in the source: none opens to a request that is not ours.

use std::fs;
use std::path::{Path, PathBuf};

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use testkit::{TestShop, a_placed_order, a_product, on_both_engines};
use uuid::Uuid;

use crate::browser::{Browser, doors};

const LOGIN: &str = "camille";
const PASSWORD: &str = "douze signes!";

/// An address with what it answers to.
#[derive(Debug)]
struct Door {
    path: String,
    is_read: bool,
    is_written: bool,
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let mut files: Vec<_> =
        files.into_iter().filter(|file| file.extension().is_some_and(|it| it == "rs")).collect();
    files.extend(folders.iter().flat_map(|folder| sources(folder)));
    files
}

/// What stands between the parenthesis that `text` begins after and the one that closes it.
fn arguments(text: &str) -> &str {
    let mut depth = 1;
    let end = text.find(|char| {
        depth += match char {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        depth == 0
    });
    &text[..end.expect("it compiles")]
}

/// Every `.route(…)` of the crate, in the languages that it is served in.
fn all() -> Vec<Door> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    for file in sources(&source) {
        let text = fs::read_to_string(&file).unwrap();
        let file = file.strip_prefix(&source).unwrap().to_str().unwrap().to_owned();
        for call in text.split(".route(").skip(1) {
            let call = arguments(call);
            let (path, answers) = call.trim().split_once(',').expect("a path and a handler");
            let path = path.trim_matches('"');
            let names = |method: &str| {
                answers.split(|char: char| !char.is_alphanumeric()).any(|word| word == method)
            };
            let (is_read, is_written) = (names("get"), names("post"));
            assert!(is_read || is_written, "{file}: {path} answers to neither: {answers}");
            let prefixes: &[&str] = match file.as_str() {
                "admin.rs" => &["/admin"],
                "assets.rs" | "storefront/media.rs" => &[""],
                _ if ["/robots.txt", "/sitemap.xml"].contains(&path) => &[""],
                _ => &["", "/en"],
            };
            for prefix in prefixes {
                let path = format!("{prefix}{path}");
                let path = match path.trim_end_matches('/') {
                    "" => "/".to_owned(),
                    path => path.to_owned(),
                };
                found.push(Door { path, is_read, is_written });
            }
        }
    }
    found
}

fn written() -> impl Iterator<Item = Door> {
    all().into_iter().filter(|door| door.is_written)
}

/// The address with something in the place of its parameters.
fn filled(path: &str) -> String {
    let parts = path.split('/').map(|part| match part {
        "{id}" | "{picture}" => Uuid::nil().to_string(),
        part if part.starts_with('{') => "x".to_owned(),
        part => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("/")
}

/// A browser in which a member of staff is logged in.
pub(crate) async fn staff(shop: &TestShop) -> Browser {
    shop::staff::set_password(shop, LOGIN, "Camille", PASSWORD).await.unwrap();
    let mut browser = Browser::open(shop).await;
    let form = browser.form("/admin/login", "/admin/login").await;
    let answer = browser.send_form(&form.filled(&[("login", LOGIN), ("password", PASSWORD)])).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/admin"));
    browser
}

#[tokio::test]
async fn every_address_that_is_written_down_is_served() {
    on_both_engines(async |shop| {
        let router = doors(&shop).await;
        let found = all();
        assert!(found.len() > 70, "{} addresses", found.len());

        for door in found {
            let request = Request::builder().method(Method::PATCH).uri(filled(&door.path));
            let answer = Browser::new(&router).send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{door:?}");
            assert_eq!(answer.header("allow").contains("GET"), door.is_read, "{door:?}");
            assert_eq!(answer.header("allow").contains("POST"), door.is_written, "{door:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn no_form_is_taken_without_our_token() {
    on_both_engines(async |shop| {
        let router = doors(&shop).await;
        let mut staff = staff(&shop).await;
        let n_written = written().count();
        assert!(n_written > 35, "{n_written} forms");

        for door in written() {
            let path = filled(&door.path);
            // This one stands on pages that are the same for everybody: see `Visit::check_origin`.
            let needs_no_token = door.path.ends_with("/cart/add");
            let is_back_office = door.path.starts_with("/admin");
            let mut visitor = Browser::new(&router);
            let browser = if is_back_office { &mut staff } else { &mut visitor };
            let is_upload = door.path.ends_with("/pictures");

            for origin in [Some("https://greenleaf.test"), None, Some("https://evil.example")] {
                let is_ours = origin == Some("https://greenleaf.test");
                let answer = if is_upload {
                    browser.upload(&path, &[("alt-fr", "x")], origin).await
                } else {
                    browser.post_from(&path, &[], origin).await
                };
                let expected = if needs_no_token && is_ours {
                    StatusCode::SEE_OTHER
                } else {
                    StatusCode::FORBIDDEN
                };
                assert_eq!(answer.status, expected, "{} from {origin:?}", door.path);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn no_form_is_taken_from_another_site_even_with_our_token() {
    on_both_engines(async |shop| {
        let mut visitor = Browser::open(&shop).await;
        let token = visitor.form("/contact", "/contact").await.value("csrf").to_owned();
        let mut staff = staff(&shop).await;
        let staff_token = staff.form("/admin", "/admin/logout").await.value("csrf").to_owned();

        for door in written() {
            let is_back_office = door.path.starts_with("/admin");
            let (browser, token) = match is_back_office {
                true => (&mut staff, &staff_token),
                false => (&mut visitor, &token),
            };
            let (path, evil) = (filled(&door.path), Some("https://evil.example"));
            let answer = if door.path.ends_with("/pictures") {
                browser.upload(&path, &[("csrf", token)], evil).await
            } else {
                browser.post_from(&path, &[("csrf".to_owned(), token.clone())], evil).await
            };
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", door.path);
        }
    })
    .await;
}

#[tokio::test]
async fn the_back_office_opens_to_staff_alone() {
    on_both_engines(async |shop| {
        let order = a_placed_order(&shop).save().await;
        let product = a_product(&shop).sku("POT").save().await;
        let topics = [shop::webhook::Topic::OrderPaid];
        let (webhook, _) =
            shop::webhook::subscribe(&shop, "https://erp.example/", &topics).await.unwrap();
        let mut staff = staff(&shop).await;
        let token = staff.cookie("greenleaf-staff").unwrap().to_owned();
        let mut customer = Browser::open(&shop).await;
        let csrf = customer.form("/contact", "/contact").await.value("csrf").to_owned();
        // A session of staff is none of the shop's, and the other way round.
        customer.set_cookie("greenleaf-session", &token);
        customer.set_cookie("greenleaf-staff", "forged");

        let back_office = all().into_iter().filter(|door| door.path.starts_with("/admin"));
        for door in back_office.filter(|door| door.path != "/admin/login") {
            let id = match door.path.split('/').nth(2) {
                Some("orders") => order.id.0,
                Some("webhooks") => webhook.id,
                _ => product.id.0,
            };
            let path = door.path.replace("{id}", &id.to_string());
            let path = filled(&path);
            if door.is_read {
                let asked = customer.get(&path).await;
                assert_eq!(asked.status, StatusCode::SEE_OTHER, "{path}");
                assert!(asked.location().starts_with("/admin/login?next=%2Fadmin"), "{path}");
                let seen = staff.get(&path).await;
                assert_eq!(seen.status, StatusCode::OK, "{path}");
            }
            if door.is_written {
                let sent = customer.post(&path, &[("csrf".to_owned(), csrf.clone())]).await;
                assert_eq!(sent.status, StatusCode::SEE_OTHER, "{path}");
                assert_eq!(sent.location(), "/admin/login?next=%2Fadmin", "{path}");
            }
        }
        let nothing = customer.get("/admin/no-such-page").await;
        assert!(nothing.location().starts_with("/admin/login"));
        assert_eq!(staff.get("/admin/no-such-page").await.status, StatusCode::NOT_FOUND);
        assert_eq!(shop.order(order.id).await, order, "nothing was done to it");
    })
    .await;
}

#[tokio::test]
async fn a_second_factor_is_asked_for_and_its_code_works_once() {
    on_both_engines(async |shop| {
        let mut browser = staff(&shop).await;
        let form = browser.form("/admin/account", "/admin/account/second-factor").await;
        let secret = form.value("secret").to_owned();
        let code = || testkit::totp_code(&shop, &secret);
        let set_up = browser.send_form(&form.with("code", &code())).await;
        assert_eq!(set_up.location(), "/admin/account");
        let log_in = async |code: &str| {
            let mut browser = Browser::open(&shop).await;
            let form = browser.form("/admin/login", "/admin/login").await;
            let form = form.filled(&[("login", LOGIN), ("password", PASSWORD), ("code", code)]);
            browser.send_form(&form).await.status
        };

        assert_eq!(log_in("").await, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(log_in(&code()).await, StatusCode::UNPROCESSABLE_ENTITY, "it set up the device");
        shop.clock.advance(jiff::SignedDuration::from_secs(30));
        let fresh = code();
        assert_eq!(log_in(&fresh).await, StatusCode::SEE_OTHER);
        assert_eq!(log_in(&fresh).await, StatusCode::UNPROCESSABLE_ENTITY, "it was used");
    })
    .await;
}

#[tokio::test]
async fn whoever_guesses_a_login_of_staff_too_often_is_asked_to_wait() {
    on_both_engines(async |shop| {
        let mut browser = Browser::open(&shop).await;
        let form = browser.form("/admin/login", "/admin/login").await;
        let form = form.filled(&[("login", LOGIN), ("password", "douze singes!")]);
        for _ in 0..10 {
            assert_eq!(browser.send_form(&form).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        }

        let refused = browser.send_form(&form).await;

        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(refused.header("retry-after"), "60");
    })
    .await;
}
