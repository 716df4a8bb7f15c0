//! The configuration: `greenleaf.toml` and `GREENLEAF_*` variables, read here and nowhere else.
//!
//! `docs/configuration.md` has the same keys for operators; a test compares the two.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use ipnet::IpNet;
use url::Url;

/// Why the configuration cannot be used, with the name of the key. Never quotes a secret.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct ConfigError(pub(crate) String);

/// What is configured.
#[derive(Debug)]
pub(crate) struct Config {
    pub http: Http,
    pub storage: Storage,
    pub mail: Mail,
    pub secrets: Secrets,
    pub log: Log,
    /// How many jobs this instance does at a time.
    pub workers: u32,
    /// Whether webhooks may call this machine, in plain text if need be.
    pub webhooks_to_loopback: bool,
}

#[derive(Debug)]
pub(crate) struct Http {
    pub listen: SocketAddr,
    /// Where the shop is reached from outside; what it listens on when unset.
    pub base_url: Option<Url>,
    /// A folder whose templates win over the embedded ones.
    pub theme: Option<PathBuf>,
    pub proxies: Proxies,
    /// Requests at a time, above which more are refused at once.
    pub max_in_flight: u32,
    /// How long `/health` says 503 before new connections are refused.
    pub notice: Duration,
    /// From the signal to the end, whatever is still running.
    pub drain: Duration,
}

#[derive(Debug)]
pub(crate) struct Storage {
    pub data: PathBuf,
    pub database: Database,
    pub media: Url,
}

#[derive(Debug)]
pub(crate) struct Mail {
    /// A folder of `.eml` files in the data folder when unset.
    pub smtp: Option<Secret<Url>>,
}

#[derive(Debug)]
pub(crate) struct Secrets {
    pub key: Option<Secret<String>>,
    pub admin_password: Option<Secret<String>>,
}

#[derive(Clone, Debug)]
pub(crate) struct Log {
    pub filter: String,
    pub format: LogFormat,
    /// Where CloudWatch files the metrics that it finds in the log; none are written when unset.
    pub cloudwatch: Option<String>,
    /// The collector that gets traces and logs besides, where one is set.
    pub otlp: Option<Url>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogFormat {
    Text,
    Json,
}

/// Where the truth is.
#[derive(Clone, Debug)]
pub(crate) enum Database {
    Sqlite(PathBuf),
    MySql(Secret<String>),
}

impl Database {
    /// The address as `db` takes it.
    pub(crate) fn url(&self) -> String {
        match self {
            Self::Sqlite(file) => {
                let path = file.to_string_lossy();
                let path = path.replace('%', "%25").replace('?', "%3F").replace('#', "%23");
                format!("sqlite://{path}")
            }
            Self::MySql(url) => url.expose().clone(),
        }
    }
}

/// A value that is never printed.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret<T>(T);

impl<T> Secret<T> {
    pub(crate) fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

/// The proxies whose word on the client's address and protocol is taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Proxies(Vec<IpNet>);

impl Proxies {
    pub(crate) fn has(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address.to_canonical()))
    }
}

impl FromStr for Proxies {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let network = |text: &str| {
            let text = text.trim();
            text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)).map_err(|_| ())
        };
        text.split(',').map(network).collect::<Result<_, ()>>().map(Self)
    }
}

/// What is given on the command line, which wins over everything.
#[derive(Debug, Default)]
pub(crate) struct Flags {
    pub listen: Option<SocketAddr>,
    pub data: Option<PathBuf>,
    pub workers: Option<u32>,
}

/// One key: `listen` in the file is `GREENLEAF_LISTEN` in the environment.
struct Key {
    name: &'static str,
    #[cfg_attr(not(test), expect(dead_code, reason = "for the document"))]
    default: &'static str,
    is_secret: bool,
}

impl Key {
    fn variable(&self) -> String {
        format!("{PREFIX}{}", self.name.to_ascii_uppercase())
    }
}

const PREFIX: &str = "GREENLEAF_";
/// Read from the current folder when it is there and `--config` names no other.
const FILE: &str = "greenleaf.toml";

const fn key(name: &'static str, default: &'static str) -> Key {
    Key { name, default, is_secret: false }
}

const fn secret(name: &'static str) -> Key {
    Key { name, default: "", is_secret: true }
}

const KEYS: [Key; 19] = [
    key("listen", "127.0.0.1:8080"),
    key("data", "./data"),
    Key { is_secret: true, ..key("database_url", "sqlite://DATA/greenleaf.sqlite") },
    key("media_url", "file://DATA/media"),
    secret("smtp_url"),
    key("base_url", "http://LISTEN"),
    secret("secret_key"),
    key("theme", ""),
    key("log", "info"),
    key("log_format", "text"),
    key("cloudwatch_namespace", ""),
    key("otlp_endpoint", ""),
    key("trusted_proxies", ""),
    key("max_in_flight", "512"),
    key("workers", "1"),
    key("webhooks_to_loopback", "no"),
    key("notice_seconds", "1"),
    key("drain_seconds", "25"),
    secret("admin_password"),
];

impl Config {
    /// Reads the file and the environment.
    pub(crate) fn read(file: Option<&Path>, flags: Flags) -> Result<Self, ConfigError> {
        let mut values = Values::default();
        let path = file.unwrap_or(Path::new(FILE));
        match std::fs::read_to_string(path) {
            Ok(text) => values.add_file(&path.display().to_string(), &text)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && file.is_none() => {}
            Err(error) => return Err(ConfigError(format!("{}: {error}", path.display()))),
        }
        values.add_variables(std::env::vars_os())?;
        Self::from_values(&values, flags)
    }

    fn from_values(values: &Values, flags: Flags) -> Result<Self, ConfigError> {
        let given = values.get("data", "a path", |text| Some(PathBuf::from(text)))?;
        let data = flags.data.or(given).unwrap_or_else(|| "data".into());
        let data = std::path::absolute(&data)
            .map_err(|error| ConfigError(format!("data: {}: {error}", data.display())))?;

        let database = values
            .get("database_url", "mysql://user:password@host/database or sqlite://path", database)?
            .unwrap_or_else(|| Database::Sqlite(data.join("greenleaf.sqlite")));
        let media = values.get("media_url", "file:///path or s3://bucket/prefix", |text| {
            Url::parse(text).ok().filter(|url| matches!(url.scheme(), "file" | "s3"))
        })?;
        let media = match media {
            Some(media) => media,
            None => Url::from_file_path(data.join("media"))
                .map_err(|()| ConfigError("data: not a path of a folder".to_owned()))?,
        };
        let seconds = |name, default| -> Result<Duration, ConfigError> {
            let seconds = values.get(name, "a number of seconds up to 3600", |text| {
                text.parse::<u64>().ok().filter(|seconds| *seconds <= 3600)
            })?;
            Ok(Duration::from_secs(seconds.unwrap_or(default)))
        };

        Ok(Self {
            http: Http {
                listen: flags
                    .listen
                    .or(values.get("listen", "an address such as 127.0.0.1:8080", parsed)?)
                    .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080))),
                base_url: values.get("base_url", "such as https://shop.example", base_url)?,
                theme: values.get("theme", "a folder that exists", |text| {
                    Some(PathBuf::from(text)).filter(|folder| folder.is_dir())
                })?,
                proxies: values
                    .get("trusted_proxies", "a list such as 10.0.0.0/16, 127.0.0.1", parsed)?
                    .unwrap_or_default(),
                max_in_flight: values
                    .get("max_in_flight", "a number from 1 on", |text| {
                        text.parse::<u32>().ok().filter(|n| *n > 0)
                    })?
                    .unwrap_or(512),
                notice: seconds("notice_seconds", 1)?,
                drain: seconds("drain_seconds", 25)?,
            },
            storage: Storage { data, database, media },
            mail: Mail {
                smtp: values.get(
                    "smtp_url",
                    "smtp://host or smtps://user:password@host",
                    |text| {
                        let url = Url::parse(text).ok()?;
                        matches!(url.scheme(), "smtp" | "smtps").then_some(Secret(url))
                    },
                )?,
            },
            secrets: Secrets {
                key: values.get("secret_key", "at least 32 bytes long", |text| {
                    (text.len() >= 32).then(|| Secret(text.to_owned()))
                })?,
                admin_password: values
                    .get("admin_password", "a password", |text| Some(Secret(text.to_owned())))?,
            },
            log: Log {
                filter: values
                    .get("log", "a filter such as info,shop=debug", |text| {
                        crate::telemetry::is_filter(text).then(|| text.to_owned())
                    })?
                    .unwrap_or_else(|| "info".to_owned()),
                format: values
                    .get("log_format", "text or json", |text| match text {
                        "text" => Some(LogFormat::Text),
                        "json" => Some(LogFormat::Json),
                        _ => None,
                    })?
                    .unwrap_or(LogFormat::Text),
                cloudwatch: values.get("cloudwatch_namespace", "such as GreenLeaf", |text| {
                    crate::cloudwatch::is_namespace(text).then(|| text.to_owned())
                })?,
                otlp: values.get("otlp_endpoint", "such as http://127.0.0.1:4318", collector)?,
            },
            workers: flags
                .workers
                .or(values.get("workers", "a number up to 64", |text| {
                    text.parse::<u32>().ok().filter(|n| *n <= 64)
                })?)
                .unwrap_or(1),
            webhooks_to_loopback: values
                .get("webhooks_to_loopback", "yes or no", |text| match text {
                    "yes" => Some(true),
                    "no" => Some(false),
                    _ => None,
                })?
                .unwrap_or(false),
        })
    }
}

fn parsed<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

fn database(text: &str) -> Option<Database> {
    if let Some(path) = text.strip_prefix("sqlite://") {
        let is_path = !path.is_empty() && !path.contains('?') && !path.starts_with(':');
        return is_path.then(|| Database::Sqlite(path.into()));
    }
    let url = Url::parse(text).ok()?;
    let is_mysql = matches!(url.scheme(), "mysql" | "mariadb");
    let has_database = url.path().len() > 1 && url.host_str().is_some_and(|host| !host.is_empty());
    (is_mysql && has_database).then(|| Database::MySql(Secret(text.to_owned())))
}

fn base_url(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_origin = matches!(url.scheme(), "http" | "https")
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    is_origin.then_some(url)
}

/// Signals are sent to paths under it; what opens it to us is in headers, which are not kept here.
fn collector(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_plain = matches!(url.scheme(), "http" | "https")
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    is_plain.then_some(url)
}

/// The texts of the known keys, and where each comes from.
#[derive(Default)]
struct Values(BTreeMap<&'static str, (String, String)>);

impl Values {
    fn add_file(&mut self, file: &str, text: &str) -> Result<(), ConfigError> {
        // The parser's own message shows the line, which may hold a secret.
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            ConfigError(format!("{file}: line {line}: {}", error.message()))
        })?;
        for (name, value) in table {
            let known = KEYS.iter().find(|key| key.name == name);
            let key = known.ok_or_else(|| ConfigError(format!("{file}: unknown key `{name}`")))?;
            let origin = format!("{file}: {name}");
            let value = text_of(&value).ok_or_else(|| {
                ConfigError(format!("{origin}: neither a text, a number nor a list of texts"))
            })?;
            self.add(key, origin, value);
        }
        Ok(())
    }

    /// Variables come after the file and win.
    fn add_variables(
        &mut self,
        variables: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Result<(), ConfigError> {
        for (name, value) in variables {
            let Some(name) = name.to_str().filter(|name| name.starts_with(PREFIX)) else {
                continue;
            };
            let key = KEYS.iter().find(|key| key.variable() == name);
            let key = key.ok_or_else(|| ConfigError(format!("unknown variable {name}")))?;
            let value = value.into_string();
            let value = value.map_err(|_| ConfigError(format!("{name}: not UTF-8")))?;
            self.add(key, name.to_owned(), value);
        }
        Ok(())
    }

    /// An empty text is as good as none, as in the files that orchestrators make of variables.
    fn add(&mut self, key: &Key, origin: String, value: String) {
        if !value.trim().is_empty() {
            self.0.insert(key.name, (origin, value));
        }
    }

    /// Reads one value, or refuses it with the key's name and what was expected.
    fn get<T>(
        &self,
        name: &'static str,
        expected: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, ConfigError> {
        let key = KEYS.iter().find(|key| key.name == name).expect("every key is in KEYS");
        let Some((origin, text)) = self.0.get(name) else { return Ok(None) };
        match read(text.trim()) {
            Some(value) => Ok(Some(value)),
            None if key.is_secret => {
                Err(ConfigError(format!("{origin}: the value is not {expected}")))
            }
            None => Err(ConfigError(format!("{origin}: `{text}` is not {expected}"))),
        }
    }
}

fn text_of(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Array(list) => {
            let texts: Option<Vec<&str>> = list.iter().map(toml::Value::as_str).collect();
            texts.map(|texts| texts.join(","))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(file: &str, variables: &[(&str, &str)]) -> Result<Config, String> {
        let mut values = Values::default();
        let variables = variables.iter().map(|(name, value)| (name.into(), value.into()));
        values
            .add_file("greenleaf.toml", file)
            .and_then(|()| values.add_variables(variables))
            .and_then(|()| Config::from_values(&values, Flags::default()))
            .map_err(|error| error.to_string())
    }

    fn refusal(file: &str, variables: &[(&str, &str)]) -> String {
        read(file, variables).expect_err("it is refused")
    }

    #[test]
    fn nothing_needs_to_be_set() {
        let config = read("", &[("PATH", "/bin"), ("GREENLEAF_SMTP_URL", "")]).unwrap();

        assert_eq!(config.http.listen.to_string(), "127.0.0.1:8080");
        assert!(config.storage.media.as_str().ends_with("/data/media"));
        assert!(config.database_file().ends_with("data/greenleaf.sqlite"));
        assert_eq!(config.http.drain, Duration::from_secs(25));
        assert!(config.mail.smtp.is_none());
    }

    #[test]
    fn a_variable_wins_over_the_file() {
        let file = "listen = \"127.0.0.1:1\"\nworkers = 3\ntrusted_proxies = [\"10.0.0.0/8\"]";

        let config = read(file, &[("GREENLEAF_LISTEN", "127.0.0.1:2")]).unwrap();

        assert_eq!(config.http.listen.port(), 2);
        assert_eq!(config.workers, 3);
        assert!(config.http.proxies.has("10.1.2.3".parse().unwrap()));
        assert!(config.http.proxies.has("::ffff:10.1.2.3".parse().unwrap()));
        assert!(!config.http.proxies.has("192.0.2.1".parse().unwrap()));
    }

    #[test]
    fn a_flag_wins_over_all() {
        let mut values = Values::default();
        values.add_variables([("GREENLEAF_LISTEN".into(), "127.0.0.1:2".into())]).unwrap();
        let listen = Some("127.0.0.1:3".parse().unwrap());

        let config = Config::from_values(&values, Flags { listen, ..Flags::default() }).unwrap();

        assert_eq!(config.http.listen.port(), 3);
    }

    #[test]
    fn an_unknown_key_is_refused_by_name() {
        assert_eq!(refusal("lissten = 1", &[]), "greenleaf.toml: unknown key `lissten`");
        let refused = refusal("", &[("GREENLEAF_LISSTEN", "1")]);
        assert_eq!(refused, "unknown variable GREENLEAF_LISSTEN");
    }

    #[test]
    fn a_bad_value_is_refused_with_its_origin() {
        assert_eq!(
            refusal("log_format = \"xml\"", &[]),
            "greenleaf.toml: log_format: `xml` is not text or json"
        );
        for (name, bad) in [
            ("GREENLEAF_LISTEN", "8080"),
            ("GREENLEAF_BASE_URL", "https://shop.example/path"),
            ("GREENLEAF_BASE_URL", "shop.example"),
            ("GREENLEAF_MEDIA_URL", "ftp://x"),
            ("GREENLEAF_THEME", "/no/such/folder"),
            ("GREENLEAF_TRUSTED_PROXIES", "10.0.0.0/33"),
            ("GREENLEAF_DRAIN_SECONDS", "-1"),
            ("GREENLEAF_MAX_IN_FLIGHT", "0"),
            ("GREENLEAF_LOG", "shop=loud"),
            ("GREENLEAF_OTLP_ENDPOINT", "127.0.0.1:4318"),
            ("GREENLEAF_OTLP_ENDPOINT", "http://user:key@collector.example"),
            ("GREENLEAF_SMTP_URL", "mail.example"),
            ("GREENLEAF_SECRET_KEY", "short"),
            ("GREENLEAF_DATABASE_URL", "postgres://x/y"),
            ("GREENLEAF_DATABASE_URL", "sqlite://:memory:"),
        ] {
            let refused = refusal("", &[(name, bad)]);
            assert!(refused.starts_with(&format!("{name}: ")), "{bad}: {refused}");
        }
        let broken = refusal("secret_key = \"hush\nlisten = 1", &[]);
        assert!(broken.starts_with("greenleaf.toml: line 1: "), "{broken}");
    }

    #[test]
    fn secrets_are_never_shown() {
        let secrets = [
            ("GREENLEAF_SECRET_KEY", "hush-hush-hush-hush-hush-hush-hush-hush"),
            ("GREENLEAF_ADMIN_PASSWORD", "hush"),
            ("GREENLEAF_SMTP_URL", "smtps://user:hush@mail.example"),
            ("GREENLEAF_DATABASE_URL", "mysql://user:hush@db.example/shop"),
        ];

        let shown = format!("{:?}", read("", &secrets).unwrap());

        assert!(!shown.contains("hush"), "{shown}");
        for (name, _) in secrets.iter().filter(|(name, _)| *name != "GREENLEAF_ADMIN_PASSWORD") {
            assert!(!refusal("", &[(name, "hush")]).contains("hush"), "{name}");
        }
        assert!(!refusal("secret_key = \"hush\nx", &[]).contains("hush"));
    }

    #[test]
    fn a_path_with_signs_of_an_address_stays_a_path() {
        let database = Database::Sqlite("/tmp/50%?#/a.sqlite".into());

        assert_eq!(database.url(), "sqlite:///tmp/50%25%3F%23/a.sqlite");
    }

    #[test]
    fn every_key_is_documented() {
        let document = include_str!("../../../docs/configuration.md");

        for key in &KEYS {
            let default = match key.default {
                "" => "–".to_owned(),
                default => format!("`{default}`"),
            };
            let row = format!("| `{}` | `{}` | {default} |", key.name, key.variable());
            assert!(document.contains(&row), "docs/configuration.md has no row {row}");
        }
    }

    #[test]
    fn deployments_set_no_variable_that_would_be_refused() {
        let of_helm = include_str!("../../../deploy/helm/greenleaf/templates/_pod.tpl");
        let of_docker = include_str!("../../../Dockerfile");
        let of_terraform = include_str!("../../../terraform/main.tf");

        for (deployment, least) in [(of_helm, 7), (of_docker, 2), (of_terraform, 7)] {
            let is_letter = |c: char| c.is_ascii_uppercase() || c == '_';
            let set = deployment.split(PREFIX).skip(1).map(|rest| {
                format!("{PREFIX}{}", rest.split(|c| !is_letter(c)).next().unwrap_or_default())
            });
            let set: Vec<String> = set.collect();
            assert!(set.len() >= least, "{set:?}");
            for name in set {
                assert!(KEYS.iter().any(|key| key.variable() == name), "{name}");
            }
        }
    }

    impl Config {
        fn database_file(&self) -> &Path {
            match &self.storage.database {
                Database::Sqlite(file) => file,
                Database::MySql(_) => panic!("it is SQLite"),
            }
        }
    }
}
