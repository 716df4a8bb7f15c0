//! Brings messages to the addresses that subscribed to them, and nowhere else.
//!
//! Whoever may type an address into the back office must not reach what only this machine does: a
//! name is looked up here and its addresses are checked before one is connected to, redirects are
//! not followed, no proxy of the environment is used, and of the answer only the status is read.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use shop::ports::{BadAddress, Call, CallError, Courier};
use url::{Host, Url};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// From the look-up of the name to the status of the answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Calls by HTTP.
#[derive(Debug)]
pub struct HttpCourier {
    client: Client,
    may_stay_home: bool,
}

impl HttpCourier {
    /// `may_stay_home` lets it call this machine too, in plain text if need be, for tests and trials.
    pub fn new(may_stay_home: bool) -> Result<Self, reqwest::Error> {
        crate::install_tls();
        let client = Client::builder()
            .user_agent("GreenLeaf-Webhooks/1")
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            // A connection that is kept is one whose address was checked a while ago.
            .pool_max_idle_per_host(0)
            .dns_resolver(Lookup { may_stay_home })
            .build()?;
        Ok(Self { client, may_stay_home })
    }

    fn read(&self, text: &str) -> Result<Url, BadAddress> {
        let url = Url::parse(text).map_err(|_| BadAddress::NotAUrl)?;
        if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
            return Err(BadAddress::NotAUrl);
        }
        // The client connects to an address that is written out without looking it up.
        let (literal, is_home) = match url.host().ok_or(BadAddress::NotAUrl)? {
            Host::Domain(name) => (None, name == "localhost"),
            Host::Ipv4(ip) => (Some(IpAddr::V4(ip)), ip.is_loopback()),
            Host::Ipv6(ip) => (Some(IpAddr::V6(ip)), ip.is_loopback()),
        };
        let is_allowed_home = is_home && self.may_stay_home;
        match url.scheme() {
            "https" => {}
            "http" if is_allowed_home => {}
            _ => return Err(BadAddress::NotHttps),
        }
        if (is_home && !self.may_stay_home)
            || literal.is_some_and(|ip| !may_call(ip, self.may_stay_home))
        {
            return Err(BadAddress::Private);
        }
        Ok(url)
    }
}

#[async_trait]
impl Courier for HttpCourier {
    fn check(&self, url: &str) -> Result<(), BadAddress> {
        self.read(url).map(|_| ())
    }

    async fn bring(&self, call: &Call) -> Result<(), CallError> {
        let url = self.read(&call.url).map_err(|error| CallError::Refused(error.to_string()))?;
        let sent = self
            .client
            .post(url)
            .header("content-type", "application/json")
            .header("webhook-id", &call.id)
            .header("webhook-timestamp", call.timestamp)
            .header("webhook-signature", &call.signature)
            .body(call.body.clone())
            .send()
            .await;
        // The address may hold a secret of the receiver's.
        let answer = sent.map_err(|error| CallError::Failed(reason(&error.without_url())))?;
        match answer.status() {
            status if status.is_success() => Ok(()),
            StatusCode::GONE => Err(CallError::Refused("the receiver answered 410".into())),
            status => Err(CallError::Failed(format!("the receiver answered {}", status.as_u16()))),
        }
    }
}

/// An error with its causes, as staff read it.
fn reason(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

#[derive(Debug)]
struct Lookup {
    may_stay_home: bool,
}

impl Resolve for Lookup {
    fn resolve(&self, name: Name) -> Resolving {
        let may_stay_home = self.may_stay_home;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> =
                found.filter(|address| may_call(address.ip(), may_stay_home)).collect();
            if allowed.is_empty() {
                return Err(BadAddress::Private.into());
            }
            let addresses: Addrs = Box::new(allowed.into_iter());
            Ok(addresses)
        })
    }
}

/// Whether an address is one of the public internet, or of this machine where that is allowed.
fn may_call(ip: IpAddr, may_stay_home: bool) -> bool {
    let ip = ip.to_canonical();
    if ip.is_loopback() {
        return may_stay_home;
    }
    match ip {
        IpAddr::V4(ip) => is_public(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

/// Not one of the special-purpose blocks of RFC 6890 and its successors.
fn is_public(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let is_special = matches!(
        (a, b, c),
        (0 | 10 | 127 | 224..=255, ..)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (192, 168, _)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    );
    !is_special
}

/// Global unicast, without what is set apart for examples or leads to an IPv4 address.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, ..] = ip.segments();
    let is_global = (a & 0xe000) == 0x2000;
    let is_set_apart = (a == 0x2001 && (b < 0x0200 || b == 0x0db8)) || a == 0x2002 || a == 0x3fff;
    is_global && !is_set_apart
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_internet_is_called() {
        for inside in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.168.1.1",
            "198.18.0.1",
            "203.0.113.9",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
            "64:ff9b::a00:1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "2002:a00:1::",
        ] {
            assert!(!may_call(inside.parse().unwrap(), false), "{inside}");
        }
        for outside in ["1.1.1.1", "100.63.0.1", "172.32.0.1", "198.17.0.1", "2606:4700::1111"] {
            assert!(may_call(outside.parse().unwrap(), false), "{outside}");
        }
        assert!(may_call("127.0.0.1".parse().unwrap(), true));
        assert!(!may_call("10.0.0.1".parse().unwrap(), true));
    }

    #[test]
    fn an_address_is_https_and_not_of_this_machine() {
        let abroad = HttpCourier::new(false).unwrap();

        assert_eq!(abroad.check("https://erp.example/hooks?key=1"), Ok(()));
        for (url, refusal) in [
            ("erp.example", BadAddress::NotAUrl),
            ("https://user:password@erp.example/", BadAddress::NotAUrl),
            ("http://erp.example/", BadAddress::NotHttps),
            ("ftp://erp.example/", BadAddress::NotHttps),
            ("http://localhost/", BadAddress::NotHttps),
            ("https://localhost/", BadAddress::Private),
            ("https://127.0.0.1/", BadAddress::Private),
            ("https://2130706433/", BadAddress::Private),
            ("https://0x7f.1/", BadAddress::Private),
            ("https://[::1]/", BadAddress::Private),
            ("https://169.254.169.254/latest", BadAddress::Private),
        ] {
            assert_eq!(abroad.check(url), Err(refusal), "{url}");
        }
        let home = HttpCourier::new(true).unwrap();
        assert_eq!(home.check("http://127.0.0.1:8080/"), Ok(()));
        assert_eq!(home.check("http://10.0.0.1/"), Err(BadAddress::NotHttps));
        assert_eq!(home.check("https://10.0.0.1/"), Err(BadAddress::Private));
    }
}
