//! An SMTP server that delivers nothing and keeps everything.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::{Duration, Instant};

use super::blocking;
use super::keeper::{Private, Recipe, python_program};

/// A mail server of its own, whose mailbox is empty.
///
/// It takes any recipient but two: `refused@…` is refused for good, `later@…` for now.
pub async fn smtp() -> Smtp {
    let server = blocking(|| Private::start("smtp", Sink)).await;
    Smtp { server: Some(server) }
}

pub struct Smtp {
    server: Option<Private<Sink>>,
}

/// One message as it came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    pub from: String,
    pub to: Vec<String>,
    /// The message with its headers, as RFC 5322 has it.
    pub raw: Vec<u8>,
}

impl Smtp {
    /// The server as `GREENLEAF_SMTP_URL` names it.
    #[must_use]
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.server().port)
    }

    /// All messages so far, in the order of their coming.
    #[must_use]
    pub fn received(&self) -> Vec<Received> {
        let folder = fs::read_dir(self.server().data()).expect("it was made before the server");
        let mut files: Vec<_> = folder.flatten().map(|entry| entry.path()).collect();
        files.retain(|file| file.extension().is_some_and(|extension| extension == "eml"));
        files.sort();
        files.iter().map(|file| Received::read(file)).collect()
    }

    /// Waits until at least `n` messages are there and gives all of them.
    pub async fn wait_for(&self, n: usize) -> Vec<Received> {
        let begin = Instant::now();
        loop {
            let received = self.received();
            if received.len() >= n {
                return received;
            }
            assert!(
                begin.elapsed() < Duration::from_secs(20),
                "{} of {n} messages came within 20 s",
                received.len()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Stops the server; its messages stay.
    pub async fn stop(&mut self) {
        self.with_server(Private::stop).await;
    }

    /// Starts the server again, on the same port.
    pub async fn start(&mut self) {
        self.with_server(Private::restart).await;
    }

    fn server(&self) -> &Private<Sink> {
        self.server.as_ref().expect("only a panic leaves it out")
    }

    async fn with_server(&mut self, work: fn(&mut Private<Sink>)) {
        let mut server = self.server.take().expect("only a panic leaves it out");
        self.server = Some(
            blocking(move || {
                work(&mut server);
                server
            })
            .await,
        );
    }
}

impl Received {
    fn read(file: &Path) -> Self {
        let raw = fs::read(file).expect("the sink wrote it");
        let envelope = fs::read_to_string(file.with_extension("envelope"));
        let envelope = envelope.expect("the sink wrote it before the message");
        let mut lines = envelope.lines().map(str::to_owned);
        Self { from: lines.next().unwrap_or_default(), to: lines.collect(), raw }
    }
}

struct Sink;

impl Recipe for Sink {
    fn command(&self, data: &Path, port: u16) -> Vec<String> {
        fs::create_dir_all(data).expect("the folder for temporary files is writable");
        let script = data.join("smtp_sink.py");
        fs::write(&script, include_str!("smtp_sink.py")).expect("the folder was made just now");
        let paths = [&script, data].map(|path| path.to_str().expect("made from UTF-8").to_owned());
        let [script, data] = paths;
        vec![python_program("python"), script, port.to_string(), data]
    }

    fn is_up(&self, port: u16) -> bool {
        greeted(port).is_ok_and(|greeting| greeting.starts_with("220 "))
    }
}

fn greeted(port: u16) -> std::io::Result<String> {
    let stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut greeting = String::new();
    BufReader::new(&stream).read_line(&mut greeting)?;
    (&stream).write_all(b"QUIT\r\n")?;
    Ok(greeting)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Says the lines one by one and gives the answers' codes.
    fn talk(server: &Smtp, lines: &[&str]) -> Vec<String> {
        let stream = TcpStream::connect(("127.0.0.1", server.server().port)).unwrap();
        let mut answers = BufReader::new(&stream);
        let mut answer = || {
            let mut line = String::new();
            answers.read_line(&mut line).unwrap();
            line[..3].to_owned()
        };
        answer();
        lines
            .iter()
            .map(|line| {
                (&stream).write_all(format!("{line}\r\n").as_bytes()).unwrap();
                answer()
            })
            .collect()
    }

    fn send(server: &Smtp, subject: &str) {
        let body = format!("Subject: {subject}\r\n\r\n..Th\u{e9}\r\n.");
        let answers = talk(
            server,
            &["HELO shop.test", "MAIL FROM:<a@shop.test>", "RCPT TO:<b@home.test>", "DATA", &body],
        );
        assert_eq!(answers, ["250", "250", "250", "354", "250"]);
    }

    #[tokio::test]
    async fn messages_are_kept_as_they_came() {
        let server = smtp().await;

        send(&server, "one");
        send(&server, "two");

        let message = |subject: &str| Received {
            from: "a@shop.test".into(),
            to: vec!["b@home.test".into()],
            raw: format!("Subject: {subject}\r\n\r\n.Th\u{e9}\r\n").into_bytes(),
        };
        assert_eq!(server.wait_for(2).await, [message("one"), message("two")]);
    }

    #[tokio::test]
    async fn some_recipients_are_refused() {
        let server = smtp().await;

        let answers = talk(
            &server,
            &[
                "HELO shop.test",
                "MAIL FROM:<a@shop.test>",
                "RCPT TO:<refused@home.test>",
                "RCPT TO:<later@home.test>",
            ],
        );

        assert_eq!(answers, ["250", "250", "550", "451"]);
        assert_eq!(server.received(), []);
    }

    #[tokio::test]
    async fn messages_survive_an_outage() {
        let mut server = smtp().await;
        send(&server, "before");

        server.stop().await;
        assert!(!Sink.is_up(server.server().port));
        server.start().await;

        assert_eq!(server.received().len(), 1);
    }
}
