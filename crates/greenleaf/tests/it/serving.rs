//! Serving until a signal.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use super::{KEY, a_folder, done, greenleaf};

/// A running server, killed when a test fails.
pub(super) struct Server {
    process: Child,
    stdout: BufReader<ChildStdout>,
    pub(super) address: String,
}

impl Server {
    pub(super) fn start(mut command: Command, before_address: &str) -> Self {
        let command = command.args(["--listen", "127.0.0.1:0"]).stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let mut stdout = BufReader::new(process.stdout.take().unwrap());
        let mut address = String::new();
        while !address.contains(before_address) {
            address.clear();
            assert_ne!(stdout.read_line(&mut address).unwrap(), 0, "it ended before it served");
        }
        let address = address.trim().rsplit("http://").next().unwrap().trim_end_matches('/');
        Self { process, stdout, address: address.to_owned() }
    }

    /// The head and body of what it answers.
    pub(super) fn get(&self, path: &str, headers: &str) -> String {
        self.ask(&format!("GET {path}"), headers, "")
    }

    /// The same for a question of GraphQL.
    pub(super) fn graphql(&self, query: &str, headers: &str) -> String {
        let body = serde_json::json!({ "query": query }).to_string();
        let length = body.len();
        let headers =
            format!("Content-Type: application/json\r\nContent-Length: {length}\r\n{headers}");
        self.ask("POST /graphql", &headers, &body)
    }

    fn ask(&self, what: &str, headers: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        let request =
            format!("{what} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{headers}\r\n{body}");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Ends it, and gives what it wrote to a piped stderr.
    pub(super) fn log(&mut self) -> String {
        self.process.kill().unwrap();
        let mut log = String::new();
        self.process.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        log
    }

    pub(super) fn signal(&self) {
        let pid = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    }

    /// What it printed at last, once it ended well.
    pub(super) fn finish(mut self) -> String {
        let begin = Instant::now();
        loop {
            if let Some(status) = self.process.try_wait().unwrap() {
                assert_eq!(status.code(), Some(0));
                break;
            }
            assert!(begin.elapsed() < Duration::from_secs(35), "it did not end");
            std::thread::sleep(Duration::from_millis(20));
        }
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        rest
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
    }
}

pub(super) fn serve(data: &Path) -> Command {
    let mut command = greenleaf(data);
    command.arg("serve").env("GREENLEAF_SECRET_KEY", KEY).env("GREENLEAF_NOTICE_SECONDS", "3");
    command
}

#[test]
fn it_serves_until_it_is_told_to_stop() {
    let folder = a_folder();
    let data = folder.path().join("data");
    done(&data, &["migrate"]);
    let server = Server::start(serve(&data), "serves on");

    for path in ["/health", "/health.php"] {
        let health = server.get(path, "");
        assert!(health.starts_with("HTTP/1.1 200") && health.ends_with("OK\n"), "{health}");
    }
    let ready = server.get("/ready", "");
    assert!(ready.starts_with("HTTP/1.1 200"), "{ready}");
    assert!(ready.contains(r#""schema":{"ok":true,"#) && ready.contains("detail"), "{ready}");
    let forwarded = "X-Forwarded-For: 198.51.100.1\r\n";
    assert!(!server.get("/ready", forwarded).contains("detail"));
    let missing = server.get("/no-such-page", "X-Request-Id: from-the-test\r\n");
    assert!(missing.contains("x-request-id: from-the-test\r\n"), "{missing}");
    let asked = server.get("/graphql?query=%7BstoreConfig%7Bstore_code%7D%7D", "");
    assert!(asked.ends_with(r#"{"data":{"storeConfig":{"store_code":"default"}}}"#), "{asked}");
    let picture = server.get("/media/catalog/product/none.jpg", "");
    assert!(picture.starts_with("HTTP/1.1 404"), "{picture}");
    let metrics = server.get("/metrics", "");
    assert!(metrics.contains("http_request_seconds_bucket"), "{metrics}");
    assert!(metrics.contains("jobs_ready 0"), "{metrics}");
    assert!(server.get("/metrics", forwarded).starts_with("HTTP/1.1 404"));

    server.signal();
    let mut draining = (0..50).map(|_| {
        std::thread::sleep(Duration::from_millis(10));
        server.get("/health", "")
    });
    let draining = draining.find(|health| !health.starts_with("HTTP/1.1 200"));
    assert!(draining.unwrap().starts_with("HTTP/1.1 503"));
    server.finish();
}

#[test]
fn what_is_answered_before_the_shop_is_asked_is_guarded_too() {
    let folder = a_folder();
    let data = folder.path().join("data");
    done(&data, &["migrate"]);
    let mut command = serve(&data);
    command.env("GREENLEAF_MAX_IN_FLIGHT", "1");
    let server = Server::start(command, "serves on");
    let is_guarded = |answer: &str| {
        answer.contains("content-security-policy: default-src 'none'")
            && answer.contains("x-content-type-options: nosniff\r\n")
    };

    for path in ["/health", "/ready", "/metrics"] {
        let answer = server.get(path, "");
        assert!(is_guarded(&answer), "{answer}");
    }
    // A form whose end does not come takes the only place.
    let mut slow = TcpStream::connect(&server.address).unwrap();
    let form = "POST /contact HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\
        Content-Type: application/x-www-form-urlencoded\r\n\r\na";
    slow.write_all(form.as_bytes()).unwrap();
    let mut answers = (0..200).map(|_| {
        std::thread::sleep(Duration::from_millis(10));
        server.get("/", "")
    });
    let refused = answers.find(|answer| answer.starts_with("HTTP/1.1 503")).unwrap();

    assert!(is_guarded(&refused), "{refused}");
    assert!(refused.contains("retry-after: 5\r\n"), "{refused}");
}

#[test]
fn it_does_not_serve_an_old_schema() {
    let folder = a_folder();

    let output = serve(&folder.path().join("data")).args(["--listen", "127.0.0.1:0"]).output();

    let output = output.unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(super::stderr(&output).contains("greenleaf migrate"), "{}", super::stderr(&output));
}

#[test]
fn the_demo_prints_where_and_with_which_password() {
    let folder = a_folder();
    let data = folder.path().join("data");
    // There is a shop already, so no sample data are made: the walks of the browser see those.
    done(&data, &["migrate"]);
    let demo = |password: Option<&str>| {
        let mut command = greenleaf(&data);
        command.arg("demo").envs(password.map(|password| ("GREENLEAF_ADMIN_PASSWORD", password)));
        let server = Server::start(command, "shop");
        assert!(server.get("/health", "").starts_with("HTTP/1.1 200"));
        server.signal();
        server.finish()
    };

    let first = demo(None);
    let password = first.lines().find_map(|line| line.strip_prefix("  password     "));
    assert_eq!(password.unwrap().len(), 23, "{first}");
    assert!(demo(None).contains("as before"));
    assert!(demo(Some("of the environment")).contains("  password     of the environment\n"));

    let key = std::fs::metadata(data.join("secret.key")).unwrap();
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&key.permissions()) & 0o777, 0o600);
}
