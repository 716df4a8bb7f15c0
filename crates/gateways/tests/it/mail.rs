//! Mail into a folder, and through a server that speaks SMTP on a socket.

use std::sync::{Arc, Mutex};

use gateways::mail::{FolderMailer, SmtpMailer};
use shop::ports::{Mail, MailError, Mailer};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

fn a_mail(message_id: &str) -> Mail {
    Mail {
        message_id: message_id.to_owned(),
        from: "GreenLeaf <bonjour@greenleaf.example>".to_owned(),
        to: "Ana <ana@example.com>".to_owned(),
        reply_to: None,
        subject: "Votre commande est confirmée".to_owned(),
        html: "<p>Merci !</p>".to_owned(),
        text: "Merci !\n.\n.leading dot\n".to_owned(),
        attachments: Vec::new(),
    }
}

fn kind(result: &Result<(), MailError>) -> &'static str {
    match result {
        Ok(()) => "sent",
        Err(MailError::Refused(_)) => "refused",
        Err(MailError::Unavailable(_)) => "unavailable",
    }
}

#[tokio::test]
async fn a_mail_sent_twice_is_in_the_folder_once() {
    let folder = tempfile::tempdir().unwrap();
    let mails = folder.path().join("mails");
    let mailer = FolderMailer::new(&mails);

    mailer.check().await.unwrap();
    let corrected = Mail { subject: "Encore".to_owned(), ..a_mail("1@greenleaf.example") };
    mailer.send(&a_mail("1@greenleaf.example")).await.unwrap();
    mailer.send(&corrected).await.unwrap();
    mailer.send(&a_mail("../2@greenleaf.example")).await.unwrap();

    let mut names: Vec<_> = std::fs::read_dir(&mails)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["%2E.%2F2@greenleaf.example.eml", "1@greenleaf.example.eml"]);
    let text = std::fs::read_to_string(mails.join("1@greenleaf.example.eml")).unwrap();
    assert!(text.contains("Subject: Encore\r\n"));
}

#[tokio::test]
async fn a_mail_that_never_can_be_sent_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let mailer = FolderMailer::new(folder.path());

    let injected = Mail { subject: "a\r\nBcc: all@example.com".to_owned(), ..a_mail("1@x") };
    assert_eq!(kind(&mailer.send(&injected).await), "refused");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_unavailable() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let mailer = FolderMailer::new(file.join("mails"));

    assert_eq!(kind(&mailer.check().await), "unavailable");
    assert_eq!(kind(&mailer.send(&a_mail("1@x")).await), "unavailable");
}

#[tokio::test]
async fn the_server_receives_the_mail_as_it_was_written() {
    let server = Server::start(&[]).await;
    let mailer = server.mailer("");

    mailer.check().await.unwrap();
    mailer.send(&a_mail("1@greenleaf.example")).await.unwrap();
    mailer.send(&a_mail("2@greenleaf.example")).await.unwrap();

    let seen = server.seen();
    let count = |line: &str| seen.iter().filter(|seen| *seen == line).count();
    assert_eq!(count("connected"), 1, "the connection is used again");
    assert_eq!(count("MAIL FROM:<bonjour@greenleaf.example>"), 2);
    assert_eq!(count("RCPT TO:<ana@example.com>"), 2);
    assert_eq!(count("Message-ID: <2@greenleaf.example>"), 1);
    assert_eq!(count("Auto-Submitted: auto-generated"), 2);
    // Dots that begin a line are doubled on the wire.
    assert_eq!(count(".."), 2);
    assert_eq!(count("..leading dot"), 2);
}

#[tokio::test]
async fn what_the_server_says_of_a_mail_is_final_only_when_it_says_so() {
    for (at, answer, expected) in [
        ("RCPT", "550 5.1.1 no such user", "refused"),
        ("RCPT", "501 5.1.3 bad address", "refused"),
        ("RCPT", "450 4.2.0 greylisted", "unavailable"),
        ("RCPT", "451 4.3.0 try later", "unavailable"),
        ("MAIL", "553 5.1.8 sender refused", "refused"),
        ("MAIL", "530 5.7.0 authentication required", "unavailable"),
        ("MAIL", "421 4.3.2 shutting down", "unavailable"),
        ("DATA", "554 5.6.0 refused as spam", "refused"),
        ("DATA", "452 4.3.1 disk full", "unavailable"),
        ("end", "552 5.3.4 too large", "refused"),
        ("end", "451 4.3.0 try later", "unavailable"),
        ("end", "hang up", "unavailable"),
        ("EHLO", "554 5.3.2 go away", "unavailable"),
        ("hello", "554 no service here", "unavailable"),
        ("hello", "nonsense", "unavailable"),
    ] {
        let server = Server::start(&[(at, answer)]).await;
        let mailer = server.mailer("");

        let sent = mailer.send(&a_mail("1@greenleaf.example")).await;

        assert_eq!(kind(&sent), expected, "{answer} at {at}: {sent:?}");
    }
}

#[tokio::test]
async fn a_refused_mail_does_not_stop_the_next() {
    let server = Server::start(&[("RCPT TO:<nobody@", "550 no such user")]).await;
    let mailer = server.mailer("");
    let nobody = Mail { to: "nobody@example.com".to_owned(), ..a_mail("1@x") };

    assert_eq!(kind(&mailer.send(&nobody).await), "refused");
    assert_eq!(kind(&mailer.send(&a_mail("2@x")).await), "sent");
}

#[tokio::test]
async fn a_mail_given_up_half_way_does_not_confuse_the_next() {
    let server = Server::start(&[("MAIL FROM:<slow@", "never")]).await;
    let mailer = server.mailer("");
    mailer.check().await.unwrap();

    let slow = Mail { from: "slow@greenleaf.example".to_owned(), ..a_mail("1@x") };
    let soon = std::time::Duration::from_millis(200);
    assert!(tokio::time::timeout(soon, mailer.send(&slow)).await.is_err());
    mailer.send(&a_mail("2@x")).await.unwrap();

    assert_eq!(server.seen().iter().filter(|line| *line == "connected").count(), 2);
}

#[tokio::test]
async fn a_connection_that_the_server_closed_is_replaced() {
    let server = Server::start(&[("NOOP", "hang up")]).await;
    let mailer = server.mailer("");

    mailer.send(&a_mail("1@x")).await.unwrap();
    mailer.send(&a_mail("2@x")).await.unwrap();

    assert_eq!(server.seen().iter().filter(|line| *line == "connected").count(), 2);
}

#[tokio::test]
async fn without_encryption_no_login_leaves_the_house() {
    let server = Server::start(&[]).await;
    let mailer = server.mailer("user:hunter2@");

    assert_eq!(kind(&mailer.send(&a_mail("1@x")).await), "unavailable");
    assert_eq!(kind(&mailer.check().await), "unavailable");

    let seen = server.seen();
    assert!(!seen.iter().any(|line| line.starts_with("AUTH") || line.starts_with("MAIL")));
}

#[tokio::test]
async fn a_wrong_password_loses_no_mail() {
    let server = Server::start(&[("AUTH", "535 5.7.8 wrong password")]).await;
    let url = format!("smtp://user:hunter2@127.0.0.1:{}?tls=none", server.port);
    let mailer = SmtpMailer::from_url(&url.parse().unwrap()).unwrap();

    let sent = mailer.send(&a_mail("1@x")).await;

    assert_eq!(kind(&sent), "unavailable");
    assert!(!sent.unwrap_err().to_string().contains("hunter2"));
}

#[tokio::test]
async fn a_server_that_is_away_is_unavailable() {
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let mailer = SmtpMailer::from_url(&format!("smtp://{gone}").parse().unwrap()).unwrap();

    assert_eq!(kind(&mailer.check().await), "unavailable");
    assert_eq!(kind(&mailer.send(&a_mail("1@x")).await), "unavailable");
}

/// Speaks as much SMTP as a mail needs, notes every line, and answers as told at a place of the
/// conversation: `hello` is the greeting, `end` the dot after the mail, the rest are commands.
struct Server {
    port: u16,
    seen: Arc<Mutex<Vec<String>>>,
}

type Answers = Arc<[(&'static str, &'static str)]>;

impl Server {
    async fn start(answers: &[(&'static str, &'static str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (lines, answers) = (Arc::clone(&seen), Answers::from(answers));
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                lines.lock().unwrap().push("connected".to_owned());
                tokio::spawn(converse(socket, Arc::clone(&lines), Arc::clone(&answers)));
            }
        });
        Self { port, seen }
    }

    fn mailer(&self, login: &str) -> SmtpMailer {
        let url = format!("smtp://{login}127.0.0.1:{}", self.port);
        SmtpMailer::from_url(&url.parse().unwrap()).unwrap()
    }

    fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

async fn converse(socket: TcpStream, seen: Arc<Mutex<Vec<String>>>, answers: Answers) {
    let told =
        |at: &str| answers.iter().find(|(place, _)| at.starts_with(place)).map(|told| told.1);
    let mut socket = BufReader::new(socket);
    let mut at = "hello".to_owned();
    let mut in_data = false;
    loop {
        let usual = match at.get(..4).unwrap_or(&at) {
            "hell" => "220 sink ESMTP",
            "EHLO" => "250-sink\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME",
            "DATA" => "354 go on",
            "AUTH" => "235 welcome",
            "QUIT" => "221 bye",
            _ => "250 fine",
        };
        match told(&at).unwrap_or(usual) {
            "hang up" => return,
            "never" => std::future::pending().await,
            answer => {
                in_data = answer.starts_with("354");
                if socket.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
                    return;
                }
            }
        }
        loop {
            let mut line = String::new();
            if !socket.read_line(&mut line).await.is_ok_and(|n| n > 0) {
                return;
            }
            at = line.trim_end().to_owned();
            seen.lock().unwrap().push(at.clone());
            if in_data && at == "." {
                "end".clone_into(&mut at);
            } else if in_data {
                continue;
            }
            break;
        }
    }
}
