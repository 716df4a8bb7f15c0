//! A Magento, moved as its operators move it: by the executable, out of a database of its own.

use std::fmt::Write as _;
use std::io::{Read, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use testkit::magento::{PASSWORD, ROWS, SCHEMA};
use testkit::servers::{MariaDb, mariadb};

use super::serving::{Server, serve};
use super::{a_folder, greenleaf, stderr};

/// Four by three pixels in the color of sage.
const PICTURE: &str = "89504e470d0a1a0a0000000d49484452000000040000000308020000003b963991\
    000000104944415478da63e85ad20e470c3839008fcc147de2f5ef950000000049454e44ae426082";

const REPORT: &str = "                   Magento       moved       aside    rejected
attributes               5           4           1           0
categories               8           3           1           4
products                13           6           3           4
stock                    7           5           0           2
customers                8           4           2           2
orders                   8           4           2           2
pages                    7           4           2           1
blocks                   1           0           1           0
addresses               26          23           1           2

prices of products                138.8233          114.82            7.00           17.00   and 0.0033 by rounding or discounts
orders, grand total EUR             243.50          120.00           19.50          104.00
orders, shipping amount EUR            4.16            4.16            0.00            0.00
orders, tax amount EUR               15.15           14.50            0.65            0.00
";

async fn a_magento(prefix: &str) -> MariaDb {
    let source = mariadb().await;
    let mut text = SCHEMA.to_owned() + ROWS;
    if !prefix.is_empty() {
        for name in ["CREATE TABLE ", "LIKE ", "ALTER TABLE ", "INSERT INTO ", "UPDATE "] {
            text = text.replace(name, &format!("{name}{prefix}"));
        }
    }
    source.execute(&text);
    source
}

/// The executable on one engine; the database of MariaDB is in the variable.
struct Shop {
    folder: tempfile::TempDir,
    database: Option<MariaDb>,
}

impl Shop {
    fn command(&self) -> Command {
        self.on(greenleaf(&self.data()))
    }

    fn on(&self, mut command: Command) -> Command {
        if let Some(database) = &self.database {
            command.env("GREENLEAF_DATABASE_URL", database.url());
        }
        command
    }

    fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command().args(args).output().unwrap()
    }

    fn done(&self, args: &[&str]) -> String {
        let output = self.run(args);
        let said = String::from_utf8(output.stdout.clone()).unwrap();
        assert_eq!(output.status.code(), Some(0), "{args:?}: {said}{}", stderr(&output));
        said
    }

    fn move_here(&self, source: &MariaDb, args: &[&str]) -> String {
        let maker = ["--manufacturer", "Atelier", "1 rue du Bois, 44000 Nantes", "a@a.example"];
        let from = ["import", "magento", "--from", source.url()];
        self.done(&[&from, &maker[..], args].concat())
    }

    fn file(&self, name: &str) -> String {
        let bytes = std::fs::read(self.data().join("magento").join(name)).unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

async fn on_both_engines(test: impl AsyncFn(&Shop)) {
    for database in [None, Some(mariadb().await)] {
        let shop = Shop { folder: a_folder(), database };
        shop.done(&["migrate"]);
        test(&shop).await;
    }
}

fn asks(server: &Server, request: &str) -> String {
    let mut stream = TcpStream::connect(&server.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn graphql(server: &Server, headers: &str, query: &str) -> String {
    let body = format!("{{\"query\":\"{}\"}}", query.replace('"', "\\\""));
    let answer = asks(
        server,
        &format!(
            "POST /graphql HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{headers}\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ),
    );
    answer.split_once("\r\n\r\n").unwrap().1.to_owned()
}

/// Logs in, and gives the token or what is said instead.
fn log_in(server: &Server, email: &str, password: &str) -> Result<String, String> {
    let query = format!(
        "mutation {{ generateCustomerToken(email: \"{email}\", password: \"{password}\") \
         {{ token }} }}"
    );
    let answer = graphql(server, "", &query);
    match answer.split_once("\"token\":\"") {
        Some((_, token)) => Ok(token.split('"').next().unwrap().to_owned()),
        None => Err(answer),
    }
}

fn encoded(path: &str) -> String {
    path.bytes().fold(String::from("/"), |mut text, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                text.push(char::from(byte));
            }
            byte => write!(text, "%{byte:02X}").unwrap(),
        }
        text
    })
}

/// Where an address ends, when every step before was a 301.
fn follow(server: &Server, path: &str) -> (String, String) {
    let mut path = path.to_owned();
    for _ in 0..5 {
        let answer = server.get(&path, "");
        let status = answer.split(' ').nth(1).unwrap().to_owned();
        if status != "301" {
            return (status, path);
        }
        let location = answer.lines().find_map(|line| line.strip_prefix("location: ")).unwrap();
        assert!(location.starts_with('/') && !location.starts_with("//"), "{location}");
        path = location.to_owned();
    }
    panic!("{path} leads on and on");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_magento_is_moved_and_everything_agrees() {
    let source = a_magento("").await;
    on_both_engines(async |shop| {
        let media = shop.folder.path().join("media");
        std::fs::create_dir_all(media.join("catalog/product/s/e")).unwrap();
        let picture = data_encoding::HEXLOWER.decode(PICTURE.as_bytes()).unwrap();
        std::fs::write(media.join("catalog/product/s/e/sencha.png"), picture).unwrap();

        let said = shop.move_here(&source, &["--media", media.to_str().unwrap()]);
        assert_eq!(shop.file("report.txt"), REPORT);
        assert!(said.ends_with("Everything agrees.\n"), "{said}");

        let server = Server::start(shop.on(serve(&shop.data())), "serves on");
        let addresses = source.query("SELECT request_path FROM url_rewrite WHERE store_id < 3");
        let mut n_addresses = 0;
        // Two lead to each other, as they did in Magento.
        for path in addresses.lines().filter(|path| !path.starts_with("cercle")) {
            assert!(server.get(&encoded(path), "").starts_with("HTTP/1.1 301"), "{path}");
            assert_eq!(follow(&server, &encoded(path)).0, "200", "{path}");
            n_addresses += 1;
        }
        assert_eq!(n_addresses, 23);
        for (asked, meant) in [
            ("/sencha.html", "/p/sencha-ete"),
            ("/summer-sencha.html?utm=1", "/en/p/summer-sencha?utm=1"),
            ("/thes/verts/sencha-ete.html", "/p/sencha-ete"),
            ("/coffret.html", "/c/thes"),
            ("/vieux-the.html", "/c/verts"),
            ("/PROMO-%C3%89t%C3%A9/", "/c/thes"),
            ("/about-us", "/en/pages/about-us"),
            ("/ailleurs", "/"),
            ("/catalog/product/view/id/2/s/tee-s/", "/p/tee-shirt"),
            ("/catalog/category/view/id/3", "/c/thes"),
            ("/customer/account/login/", "/account/login"),
            ("/checkout/cart/", "/cart"),
            ("/contact/", "/contact"),
            ("/catalogsearch/result/?q=sencha", "/search?q=sencha"),
            ("/index.php/sencha.html", "/p/sencha-ete"),
        ] {
            assert_eq!(follow(&server, asked), ("200".to_owned(), meant.to_owned()), "{asked}");
        }
        assert!(server.get("/cercle-1", "").starts_with("HTTP/1.1 404"));
        let page = server.get("/pages/qui-sommes-nous", "");
        assert!(page.contains("Une <strong>maison</strong>"), "{page}");
        assert!(page.contains("Ouvert <strong>tous les jours</strong>"), "{page}");
        assert!(!page.contains("alert(1)") && !page.contains("{{"), "{page}");
        let product = server.get("/en/p/summer-sencha", "");
        assert!(product.contains("Summer Sencha") && product.contains("Shizuoka, Japan"));
        assert!(product.contains("alt=\"Feuilles\""), "{product}");

        for email in ["ada@exemple.fr", "bob@exemple.fr", "cleo@exemple.fr"] {
            log_in(&server, email, "another").unwrap_err();
            // The second time it is ours.
            for _ in 0..2 {
                log_in(&server, email, PASSWORD).unwrap();
            }
        }
        for email in ["dan@exemple.fr", "pro@exemple.fr", "nobody@exemple.fr"] {
            log_in(&server, email, PASSWORD).unwrap_err();
        }
        let token = log_in(&server, "ada@exemple.fr", PASSWORD).unwrap();
        let orders = graphql(
            &server,
            &format!("Authorization: Bearer {token}\r\n"),
            "{ customer { orders { items { number status total { grand_total { value } \
             total_tax { value } } } } } }",
        );
        for told in [
            r#"{"number":"000000001","status":"Complete","total":{"grand_total":{"value":30.00},"total_tax":{"value":2.14}}}"#,
            r#"{"number":"000000003","status":"Canceled","total":{"grand_total":{"value":20.00},"total_tax":{"value":3.33}}}"#,
        ] {
            assert!(orders.contains(told), "{told} is missing in {orders}");
        }
        assert!(!orders.contains("000000004"), "what was paid back has no place here yet");
        let token = log_in(&server, "bob@exemple.fr", PASSWORD).unwrap();
        let orders = graphql(
            &server,
            &format!("Authorization: Bearer {token}\r\n"),
            "{ customer { orders { items { number status } } } }",
        );
        let on_hold = r#"{"number":"000000005","status":"On Hold"}"#;
        assert!(orders.contains(on_hold), "{on_hold} is missing in {orders}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_move_changes_nothing_and_ends_what_a_first_began() {
    let source = a_magento("").await;
    on_both_engines(async |shop| {
        let args = [
            "import",
            "magento",
            "--from",
            source.url(),
            "--manufacturer",
            "Atelier",
            "1 rue du Bois, 44000 Nantes",
            "a@a.example",
        ];
        // Killed wherever it is by then.
        let mut first = shop.command().args(args).spawn().unwrap();
        while !shop.data().join("magento/products.csv").exists() {
            std::thread::sleep(Duration::from_millis(1));
        }
        first.kill().unwrap();
        first.wait().unwrap();

        shop.move_here(&source, &[]);
        assert_eq!(shop.file("report.txt"), REPORT);
        let again = shop.move_here(&source, &[]);

        let counts: Vec<&str> = again.lines().filter(|line| line.starts_with("created ")).collect();
        assert_eq!(
            counts,
            [
                "created 0, updated 0, unchanged 12, rejected 8",
                "created 0, updated 0, unchanged 5, rejected 2",
                "created 0, updated 0, unchanged 6, rejected 3",
                "created 0, updated 0, unchanged 5, rejected 1",
                "created 0, updated 0, unchanged 22, rejected 0",
                "created 0, updated 0, unchanged 34, rejected 0",
            ]
        );
        assert_eq!(shop.file("report.txt"), REPORT);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_named_and_kept() {
    let source = a_magento("m2_").await;
    let shop = Shop { folder: a_folder(), database: None };
    shop.done(&["migrate"]);

    let dry = shop.move_here(&source, &["--prefix", "m2_", "--dry-run"]);
    assert!(dry.ends_with("Nothing was moved.\n"), "{dry}");
    let products = shop.folder.path().join("products.csv");
    assert_eq!(shop.done(&["export", "products", products.to_str().unwrap()]), "0 rows\n");
    // A column that keeps whatever bytes it is given.
    source.execute("ALTER TABLE m2_catalog_product_entity_varchar MODIFY value VARBINARY(255)");
    source.execute(
        "UPDATE m2_catalog_product_entity_varchar SET value = X'5468E9' \
         WHERE entity_id = 12 AND attribute_id = 73",
    );
    shop.move_here(&source, &["--prefix", "m2_"]);

    let reasons = |name: &str| -> Vec<String> {
        let lines = shop.file(name);
        let reason = |line: &str| {
            let value: serde_json::Value = serde_json::from_str(line).unwrap();
            value["reason"].as_str().unwrap().to_owned()
        };
        lines.lines().map(reason).collect()
    };
    assert_eq!(
        reasons("rejects.jsonl"),
        [
            "its parents go in a circle",
            "its parents go in a circle",
            "its parent 99 is missing",
            "it needs a name of at most 255 characters",
            "a title has 1 to 255 characters",
            "it has no lines",
            "it leads in a circle",
            "it leads in a circle",
        ]
    );
    let aside = reasons("aside.jsonl");
    for reason in [
        "the shop has no products of this kind",
        "it is sold on another website",
        "options that are not there: moments=99",
        "it was paid back",
        "an account of another website",
        "the account is not active",
        "it led to another site, and leads home now",
        "left out of it: {{widget type=\"X\" id=\"nope\"}}",
    ] {
        assert!(aside.contains(&reason.to_owned()), "{reason} is missing in {aside:?}");
    }
    let rejected = shop.file("products.rejects.csv");
    for reason in [
        "line 2 has this SKU already",
        "a new product needs one",
        "not UTF-8: byte 0xE9",
        "“TH É” is no SKU",
        "there is neither a row nor a variant with the SKU missing-77",
    ] {
        assert!(rejected.contains(reason), "{reason} is missing in {rejected}");
    }
    let refused = shop.file("orders.rejects.csv");
    assert!(refused.contains("come to 1.00 with 0.00 of tax"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_cannot_be_moved_is_refused_with_a_reason() {
    let source = a_magento("").await;
    let shop = Shop { folder: a_folder(), database: None };
    shop.done(&["migrate"]);
    let refused = |args: &[&str]| {
        let from = ["import", "magento", "--from", source.url()];
        let output = shop.run(&[&from, args].concat());
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        stderr(&output)
    };

    assert!(refused(&["--prefix", "x_"]).contains("there is no table x_store"));
    assert!(refused(&["--website", "nope"]).contains("there are: base, pro"));
    source.execute("UPDATE core_config_data SET value = 'USD' WHERE path LIKE 'currency%'");
    assert!(refused(&[]).contains("its prices are in USD, those of the shop in EUR"));
    let output = shop.run(&["import", "magento", "--from", "mysql://root:hush@127.0.0.1:1/x"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(!stderr(&output).contains("hush"), "{}", stderr(&output));
    assert_eq!(shop.run(&["import", "magento"]).status.code(), Some(2));
    assert!(!Path::new(&shop.data().join("magento")).exists());
}
