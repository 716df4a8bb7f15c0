//! Mail through an SMTP server.

use std::{
    borrow::Cow,
    fmt,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use lettre::transport::smtp::{
    Error as SmtpError,
    authentication::{Credentials, DEFAULT_MECHANISMS},
    client::{AsyncSmtpConnection, TlsParameters},
    extension::ClientId,
};
use percent_encoding::percent_decode_str;
use shop::ports::{Mail, MailError, Mailer};
use url::Url;

use super::message;
use crate::{BadUrl, install_tls};

/// To connect, greet, encrypt and log in.
const REACH: Duration = Duration::from_secs(10);

/// To hand one mail over. Servers that scan a mail before they accept it take their time, and a
/// mail given up too early is sent twice.
const HAND_OVER: Duration = Duration::from_mins(1);

/// Servers hang up on the idle after minutes; a connection is not worth being asked about that.
const IDLE: Duration = Duration::from_secs(30);

const MAX_PARKED: usize = 4;

/// Hands mails to an SMTP server and keeps a few connections for the next ones.
#[derive(Clone)]
pub struct SmtpMailer(Arc<Server>);

struct Server {
    host: String,
    port: u16,
    encryption: Encryption,
    login: Option<Credentials>,
    hello: ClientId,
    /// Not lettre's pool: that one takes a connection back in the middle of a conversation when
    /// the sender gives up waiting, and the next mail reads the answer to the last.
    parked: Mutex<Vec<(AsyncSmtpConnection, Instant)>>,
}

enum Encryption {
    /// Encrypted from the first byte.
    Wrapped(TlsParameters),
    /// STARTTLS or nothing.
    Required(TlsParameters),
    None,
}

impl SmtpMailer {
    /// Reads `smtps://user:password@host` (port 465) or `smtp://user:password@host:587`.
    ///
    /// With a login, on port 587, or when a distant host has no port, `smtp://` insists on
    /// STARTTLS. It is plain for `smtp://localhost` (port 25) and where a port other than 587 is
    /// written without a login, `smtp://mailhog:1025`. `?tls=required` insists in these cases
    /// too; `?tls=none` gives up encryption, which a login to a distant host does not accept.
    ///
    /// Special characters of user and password are percent-encoded. Connects to nothing yet.
    pub fn from_url(url: &Url) -> Result<Self, BadUrl> {
        let bad = |reason: &str| BadUrl(reason.to_owned());
        let host = match url.host() {
            Some(url::Host::Ipv6(ip)) => ip.to_string(),
            Some(host) if !host.to_string().is_empty() => host.to_string(),
            _ => return Err(bad("a mail server is written smtp://host or smtps://host")),
        };
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(bad("a mail server has neither path nor fragment"));
        }
        let login = login(url)?;
        let mut tls = None;
        for (key, value) in url.query_pairs() {
            match (&*key, &*value) {
                ("tls", "required" | "none") => tls = Some(value == "required"),
                _ => return Err(bad("a mail server's only option is tls=required or tls=none")),
            }
        }

        install_tls();
        let near = host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
        let parameters = || {
            TlsParameters::new(host.clone())
                .map_err(|_| bad("the mail server's name cannot be in a certificate"))
        };
        let (port, encryption) = match url.scheme() {
            "smtps" if tls == Some(false) => return Err(bad("smtps:// contradicts tls=none")),
            "smtps" => (url.port().unwrap_or(465), Encryption::Wrapped(parameters()?)),
            "smtp" => {
                let alone = login.is_none();
                let plain_port = if near && alone { 25 } else { 587 };
                let port = url.port().unwrap_or(plain_port);
                if tls.unwrap_or(!alone || port == 587) {
                    (port, Encryption::Required(parameters()?))
                } else if alone || near {
                    (port, Encryption::None)
                } else {
                    return Err(bad("a login is not sent in clear text to another host"));
                }
            }
            _ => return Err(bad("a mail server begins with smtp:// or smtps://")),
        };
        Ok(Self(Arc::new(Server {
            host,
            port,
            encryption,
            login,
            hello: ClientId::default(),
            parked: Mutex::default(),
        })))
    }
}

/// Says where mails go and never how to log in.
impl fmt::Debug for SmtpMailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SmtpMailer({}:{})", self.0.host, self.0.port)
    }
}

fn login(url: &Url) -> Result<Option<Credentials>, BadUrl> {
    let decoded = |text| {
        percent_decode_str(text)
            .decode_utf8()
            .map(Cow::into_owned)
            .map_err(|_| BadUrl("the login to the mail server is not UTF-8".to_owned()))
    };
    match (url.username(), url.password()) {
        ("", None) => Ok(None),
        ("", Some(_)) | (_, None | Some("")) => {
            Err(BadUrl("a login to the mail server is a user and a password".to_owned()))
        }
        (user, Some(password)) => Ok(Some(Credentials::new(decoded(user)?, decoded(password)?))),
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let message = message(mail)?;
        let bytes = message.formatted();
        // Owned here: when the caller gives up, the connection is closed with the conversation.
        let mut connection = self.0.connection().await?;
        let sent = connection.send(message.envelope(), &bytes);
        match tokio::time::timeout(HAND_OVER, sent).await {
            Ok(Ok(_)) => {
                self.0.park(connection);
                Ok(())
            }
            // What the server says of this mail, rather than of us, is final.
            Ok(Err(error)) if error.is_permanent() && !is_about_us(&error) => {
                Err(MailError::Refused(error.to_string()))
            }
            // An address that this server has no words for.
            Ok(Err(error)) if error.is_client() => Err(MailError::Refused(error.to_string())),
            Ok(Err(error)) => Err(MailError::Unavailable(error.to_string())),
            Err(_) => Err(MailError::Unavailable("the server did not answer in time".to_owned())),
        }
    }

    /// Connects and logs in as a mail would.
    async fn check(&self) -> Result<(), MailError> {
        let connection = self.0.connection().await?;
        self.0.park(connection);
        Ok(())
    }
}

/// Whether a refusal concerns the sender's access: a wrong password refuses every mail, and none
/// of them is lost when it is corrected.
fn is_about_us(error: &SmtpError) -> bool {
    error.status().is_some_and(|code| {
        matches!(u16::from(code), 500 | 502..=504 | 521 | 530 | 534 | 535 | 538)
    })
}

impl Server {
    /// A parked connection that still answers, or a new one. Whatever fails here says nothing
    /// about the mail.
    async fn connection(&self) -> Result<AsyncSmtpConnection, MailError> {
        let reach = async {
            while let Some(mut parked) = self.unpark() {
                if parked.test_connected().await {
                    return Ok(parked);
                }
            }
            self.connect().await
        };
        match tokio::time::timeout(REACH, reach).await {
            Ok(Ok(connection)) => Ok(connection),
            Ok(Err(error)) => Err(MailError::Unavailable(error.to_string())),
            Err(_) => Err(MailError::Unavailable("the server did not answer in time".to_owned())),
        }
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, SmtpError> {
        let wrapped = match &self.encryption {
            Encryption::Wrapped(tls) => Some(tls.clone()),
            _ => None,
        };
        let address = (self.host.as_str(), self.port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(address, Some(REACH), &self.hello, wrapped, None)
                .await?;
        if let Encryption::Required(tls) = &self.encryption {
            connection.starttls(tls.clone(), &self.hello).await?;
        }
        if let Some(login) = &self.login {
            connection.auth(DEFAULT_MECHANISMS, login).await?;
        }
        Ok(connection)
    }

    fn unpark(&self) -> Option<AsyncSmtpConnection> {
        let mut parked = self.parked.lock().unwrap_or_else(PoisonError::into_inner);
        parked.retain(|(_, since)| since.elapsed() < IDLE);
        parked.pop().map(|(connection, _)| connection)
    }

    fn park(&self, connection: AsyncSmtpConnection) {
        let mut parked = self.parked.lock().unwrap_or_else(PoisonError::into_inner);
        if parked.len() < MAX_PARKED && !connection.has_broken() {
            parked.push((connection, Instant::now()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(url: &str) -> Result<(String, u16, &'static str, bool), BadUrl> {
        let mailer = SmtpMailer::from_url(&url.parse().unwrap())?;
        let encryption = match mailer.0.encryption {
            Encryption::Wrapped(_) => "wrapped",
            Encryption::Required(_) => "required",
            Encryption::None => "none",
        };
        Ok((mailer.0.host.clone(), mailer.0.port, encryption, mailer.0.login.is_some()))
    }

    #[test]
    fn an_address_decides_the_encryption() {
        for (url, host, port, encryption, login) in [
            ("smtps://u:p@mail.example", "mail.example", 465, "wrapped", true),
            ("smtps://mail.example:4465", "mail.example", 4465, "wrapped", false),
            ("smtp://u:p@mail.example:587", "mail.example", 587, "required", true),
            ("smtp://u:p@mail.example:2525", "mail.example", 2525, "required", true),
            ("smtp://mail.example:587", "mail.example", 587, "required", false),
            ("smtp://mail.example", "mail.example", 587, "required", false),
            ("smtp://mail.example:25?tls=required", "mail.example", 25, "required", false),
            ("smtp://u:p@localhost", "localhost", 587, "required", true),
            ("smtp://u:p@localhost:1025?tls=none", "localhost", 1025, "none", true),
            ("smtp://mailhog:1025", "mailhog", 1025, "none", false),
            ("smtp://localhost", "localhost", 25, "none", false),
            ("smtp://127.0.0.1", "127.0.0.1", 25, "none", false),
            ("smtp://[::1]:1025", "::1", 1025, "none", false),
        ] {
            let expected = Ok((host.to_owned(), port, encryption, login));
            assert_eq!(opened(url), expected, "{url}");
        }
    }

    #[test]
    fn an_address_that_would_leak_or_mislead_is_refused() {
        for url in [
            "smtp://u:hunter2@mail.example?tls=none",
            "smtps://u:hunter2@mail.example?tls=none",
            "smtp://u:hunter2@mail.example?verify=no",
            "smtp://u:hunter2@mail.example/inbox",
            "smtp://u@mail.example",
            "smtp://:hunter2@mail.example",
            "smtp://u:hunter2%ff@mail.example",
            "http://mail.example",
            "smtp:mail.example",
        ] {
            let refused = opened(url).expect_err(url);
            assert!(!refused.to_string().contains("hunter2"));
        }
    }

    #[test]
    fn a_login_is_decoded_and_never_shown() {
        let url = "smtp://AKIA%40x:p%2Fw%2B1@mail.example".parse().unwrap();
        let mailer = SmtpMailer::from_url(&url).unwrap();

        let expected = Credentials::new("AKIA@x".to_owned(), "p/w+1".to_owned());
        assert!(mailer.0.login.as_ref().is_some_and(|login| *login == expected));
        assert_eq!(format!("{mailer:?}"), "SmtpMailer(mail.example:587)");
    }
}
