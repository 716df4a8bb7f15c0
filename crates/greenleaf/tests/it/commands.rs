//! Commands that come to an end.

use std::io::Write;
use std::process::Stdio;

use super::{KEY, a_folder, done, greenleaf, run, stderr};

#[test]
fn help_lists_the_commands() {
    let folder = a_folder();

    let help = done(&folder.path().join("data"), &["--help"]);

    for command in [
        "demo", "serve", "work", "migrate", "admin", "backup", "restore", "import", "export",
        "doctor", "cost", "capacity",
    ] {
        assert!(help.contains(&format!("\n  {command} ")), "{command} is missing in {help}");
    }
}

#[test]
fn wrong_usage_is_2() {
    let folder = a_folder();
    let data = folder.path().join("data");

    for args in [&[][..], &["sell"], &["serve", "--listen", "8080"], &["backup"]] {
        assert_eq!(run(&data, args).status.code(), Some(2), "{args:?}");
    }
}

#[test]
fn wrong_configuration_is_2_with_the_name() {
    let folder = a_folder();
    let data = folder.path().join("data");
    let refused = |name: &str, value: &str, args: &[&str]| {
        let output = greenleaf(&data).args(args).env(name, value).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{name}");
        stderr(&output)
    };

    assert!(refused("GREENLEAF_LISSTEN", "x", &["doctor"]).contains("GREENLEAF_LISSTEN"));
    assert!(refused("GREENLEAF_LISTEN", "x", &["doctor"]).contains("GREENLEAF_LISTEN"));
    let short = refused("GREENLEAF_SECRET_KEY", "hush", &["serve"]);
    assert!(short.contains("GREENLEAF_SECRET_KEY") && !short.contains("hush"), "{short}");
    std::fs::write(folder.path().join("greenleaf.toml"), "lissten = 1").unwrap();
    assert!(refused("GREENLEAF_LOG", "info", &["doctor"]).contains("greenleaf.toml: unknown key"));
}

#[test]
fn serving_needs_a_secret_key() {
    let folder = a_folder();
    let data = folder.path().join("data");

    for command in ["serve", "work"] {
        let output = run(&data, &[command]);

        assert_eq!(output.status.code(), Some(2), "{command}");
        assert!(stderr(&output).contains("GREENLEAF_SECRET_KEY"), "{}", stderr(&output));
    }
}

#[test]
fn the_doctor_is_content_after_the_migration() {
    let folder = a_folder();
    let data = folder.path().join("data");
    let doctor = || greenleaf(&data).arg("doctor").env("GREENLEAF_SECRET_KEY", KEY).output();

    let before = doctor().unwrap();
    assert_eq!(before.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&before.stdout).contains("fail  database"));

    assert!(done(&data, &["migrate"]).contains("The schema is current"));
    let after = doctor().unwrap();
    let table = String::from_utf8(after.stdout).unwrap();
    assert_eq!(after.status.code(), Some(0), "{table}");
    for line in ["ok    database", "ok    schema", "ok    media", "warn  mail", "ok    secret key"]
    {
        assert!(table.contains(line), "{line} is missing in {table}");
    }
    assert!(!table.contains(KEY));
}

#[test]
fn staff_get_passwords() {
    let folder = a_folder();
    let data = folder.path().join("data");
    done(&data, &["migrate"]);

    let random = done(&data, &["admin", "password", "ada"]);
    assert!(random.starts_with("The password of ada is "), "{random}");

    let mut reset = greenleaf(&data)
        .args(["admin", "password", "ada"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    reset.stdin.take().unwrap().write_all(b"correct horse battery\n").unwrap();
    let reset = reset.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&reset.stdout), "The password of ada is set.\n");

    assert_eq!(done(&data, &["admin", "list"]), "ada\tada\tpassword only\n");
    done(&data, &["admin", "remove-totp", "ada"]);
    assert_eq!(run(&data, &["admin", "remove-totp", "bob"]).status.code(), Some(1));
}

#[test]
fn a_backup_comes_back_whole() {
    let folder = a_folder();
    let (data, other) = (folder.path().join("data"), folder.path().join("other"));
    let file = folder.path().join("backup.tar");
    let file = file.to_str().unwrap();
    done(&data, &["migrate"]);
    done(&data, &["admin", "password", "ada"]);
    let picture = data.join("media/ab/cd/tea-1.jpg");
    std::fs::create_dir_all(picture.parent().unwrap()).unwrap();
    std::fs::write(&picture, "pixels").unwrap();

    done(&data, &["backup", file]);
    done(&other, &["restore", file]);

    assert_eq!(done(&other, &["admin", "list"]), "ada\tada\tpassword only\n");
    assert_eq!(std::fs::read_to_string(other.join("media/ab/cd/tea-1.jpg")).unwrap(), "pixels");
    let again = run(&other, &["restore", file]);
    assert_eq!(again.status.code(), Some(1));
    assert!(stderr(&again).contains("not empty"), "{}", stderr(&again));
    let over = run(&data, &["backup", file]);
    assert!(stderr(&over).contains("exists already"), "{}", stderr(&over));
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 3, "{left:?}");
}

#[test]
fn a_file_that_is_no_backup_is_refused() {
    let folder = a_folder();
    let file = folder.path().join("x.tar");
    std::fs::write(&file, vec![7; 4096]).unwrap();

    let output = run(&folder.path().join("data"), &["restore", file.to_str().unwrap()]);

    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
}

#[test]
fn mysql_is_backed_up_with_its_own_tools() {
    let folder = a_folder();
    let data = folder.path().join("data");

    let output = greenleaf(&data)
        .args(["backup", "x.tar"])
        .env("GREENLEAF_DATABASE_URL", "mysql://user:hush@127.0.0.1/shop")
        .output()
        .unwrap();

    assert_eq!(output.status.code(), Some(1));
    let said = stderr(&output);
    assert!(said.contains("mysqldump") && !said.contains("hush"), "{said}");
}

#[test]
fn a_plan_is_priced_without_a_shop() {
    let folder = a_folder();
    let data = folder.path().join("data");
    let plan = concat!(env!("CARGO_MANIFEST_DIR"), "/../ops/plans/lean.json");

    let bill = done(&data, &["cost", plan, "--orders", "30000"]);

    assert!(bill.contains("| rds.db.t4g.small | 1,460 | 52.19 | – |"), "{bill}");
    assert!(!data.exists(), "nothing was made");
    let refused = folder.path().join("plan.json");
    let unknown = r#"{"planned_values":{"root_module":{"resources":[
        {"address":"aws_mq_broker.this","type":"aws_mq_broker"}]}}}"#;
    std::fs::write(&refused, unknown).unwrap();
    let output = run(&data, &["cost", refused.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("aws_mq_broker: nobody has said what"), "{}", stderr(&output));
}

#[test]
fn a_flash_sale_is_simulated_without_a_shop() {
    let folder = a_folder();
    let data = folder.path().join("data");
    let picture = folder.path().join("sale.svg");
    let trace = folder.path().join("measured.csv");
    let rows = "at_seconds,requests_per_second,instances,p99_ms,lost\n0,5,2,4,0\n60,5,2,4,0\n";
    std::fs::write(&trace, rows).unwrap();

    let args = ["capacity", "--day", "flash-sale", "--rate", "1", "--plot"];
    let told = done(&data, &[&args[..], &[picture.to_str().unwrap()]].concat());
    let beside = done(&data, &["capacity", "--measured", trace.to_str().unwrap()]);

    assert!(
        told.contains("2 to 4, +1 over 70 % for 2 × 120 s, then 300 s of rest: holds"),
        "{told}"
    );
    assert!(std::fs::read_to_string(picture).unwrap().starts_with("<svg"));
    assert!(beside.contains("instances               2.00        2.00"), "{beside}");
    assert!(!data.exists(), "nothing was made");
    assert_eq!(run(&data, &["capacity", "--least", "3"]).status.code(), Some(2));
    assert_eq!(run(&data, &["capacity", "--trace", "none.csv"]).status.code(), Some(1));
}

/// A person reads one line that says what to look at, and no password.
#[tokio::test]
async fn a_database_that_cannot_be_used_is_told_in_one_line() {
    let database = testkit::servers::mariadb().await;
    let (server, name) = database.url().split_once('@').unwrap().1.split_once('/').unwrap();
    // MySQL takes names of 32 letters at most.
    let user = &name["test_".len()..];
    database.execute(&format!("CREATE USER '{user}'@'%' IDENTIFIED BY 'right-hush'"));
    database.execute(&format!("GRANT ALL ON {name}.* TO '{user}'@'%'"));
    let folder = a_folder();

    for (url, expected) in [
        (
            format!("mysql://{user}:wrong-hush@{server}/{name}"),
            format!("the server at {server} refuses the user {user} with this password"),
        ),
        (
            "mysql://shop:hush@127.0.0.1:1/shop".to_owned(),
            "no server answers at 127.0.0.1:1: ".to_owned(),
        ),
        (
            "mysql://shop:hush@no-such-host.invalid/shop".to_owned(),
            "no server answers at no-such-host.invalid:3306: ".to_owned(),
        ),
        (
            format!("mysql://root@{server}/not_there"),
            format!("the server at {server} has no database not_there"),
        ),
        (
            format!("mysql://{user}:right-hush@{server}/mysql"),
            format!("the server at {server} does not let the user {user} use the database mysql"),
        ),
        (
            format!("mysql://root@{server}/{name}?ssl-mode=VERIFY_CA"),
            format!("the server at {server} is not trusted, or speaks no TLS: "),
        ),
    ] {
        let mut serve = super::serving::serve(&folder.path().join("data"));
        serve.args(["--listen", "127.0.0.1:0"]).env("GREENLEAF_DATABASE_URL", url);
        let output = tokio::task::spawn_blocking(move || serve.output().unwrap()).await.unwrap();

        let said = stderr(&output);
        let lines: Vec<&str> = said.lines().collect();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert_eq!(lines.len(), 1, "{said}");
        let begin = format!("greenleaf: the database cannot be used: {expected}");
        assert!(lines[0].starts_with(&begin), "{said}");
        let end = ": look at GREENLEAF_DATABASE_URL, or database_url in the configuration file";
        assert!(lines[0].ends_with(end) && !said.contains("hush"), "{said}");
        assert!(output.stdout.is_empty());
    }
    database.execute(&format!("DROP USER '{user}'@'%'"));
}
