//! What stands between the internet and the handlers: headers, origins, forged forms, floods.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::num::NonZeroU32;

use axum::extract::{Form as PostedForm, FromRequest, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use shop::secret::{Key, Purpose};

/// Nothing but our own files, no inline script or style, nobody frames us.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'";

const EVERYWHERE: [(HeaderName, HeaderValue); 7] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=()"),
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
];

/// Adds the headers that every answer has, unless the handler set its own.
pub fn protect(headers: &mut HeaderMap) {
    // Whoever has a policy came by here before.
    if headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        return;
    }
    for (name, value) in EVERYWHERE {
        headers.entry(name).or_insert(value);
    }
}

/// Whether a request that changes something comes from one of our own pages, as far as its
/// headers tell. `None` when they do not: then the form's token must.
pub fn is_same_origin(headers: &HeaderMap) -> Option<bool> {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(&HeaderName::from_static("sec-fetch-site")) {
        return Some(matches!(site, "same-origin" | "none"));
    }
    let origin = text(&header::ORIGIN)?;
    let host = text(&header::HOST)?;
    let of_origin = origin.split_once("://").map(|(_, host)| host);
    Some(of_origin == Some(host))
}

/// The token that a form carries; it belongs to the seed in the visitor's cookie.
pub fn form_token(key: &Key, seed: &str) -> String {
    key.sign(Purpose::Csrf, seed.as_bytes())
}

pub fn is_form_token(key: &Key, seed: &str, token: &str) -> bool {
    key.verify(Purpose::Csrf, token).is_some_and(|signed| signed == seed.as_bytes())
}

/// The fields of a posted form, of which handlers read those they know.
///
/// A name that comes twice keeps its first value, except through [`Fields::all`].
#[derive(Clone, Debug, Default)]
pub struct Fields(Vec<(String, String)>);

/// No form of ours has more fields or longer ones.
const MAX_FIELDS: usize = 400;
const MAX_FIELD: usize = 20_000;

impl Fields {
    pub fn new(fields: Vec<(String, String)>) -> Option<Self> {
        let fits = fields.len() <= MAX_FIELDS
            && fields.iter().all(|(name, value)| name.len() <= 200 && value.len() <= MAX_FIELD);
        fits.then_some(Self(fields))
    }

    /// The trimmed value; empty when the field is missing.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    }

    /// The value as typed, for passwords.
    pub fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.trim())
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The fields whose names begin with `prefix`, without it.
    pub fn with_prefix(&self, prefix: &str) -> BTreeMap<&str, &str> {
        self.iter()
            .filter_map(|(name, value)| Some((name.strip_prefix(prefix)?, value.trim())))
            .collect()
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = StatusCode;

    async fn from_request(request: Request, state: &S) -> Result<Self, StatusCode> {
        let PostedForm(fields) = PostedForm::<Vec<(String, String)>>::from_request(request, state)
            .await
            .map_err(|refusal| match refusal.status() {
                StatusCode::PAYLOAD_TOO_LARGE => StatusCode::PAYLOAD_TOO_LARGE,
                _ => StatusCode::BAD_REQUEST,
            })?;
        Self::new(fields).ok_or(StatusCode::PAYLOAD_TOO_LARGE)
    }
}

type Limiter = DefaultKeyedRateLimiter<IpAddr>;

/// How often one address may try what costs us or invites guessing.
pub struct Limits {
    log_in: Limiter,
    checkout: Limiter,
    message: Limiter,
}

/// What is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// Logging in, registering, asking for a reset, looking up an order.
    LogIn,
    /// Placing an order.
    Checkout,
    /// Writing to the merchant.
    Message,
}

impl Default for Limits {
    fn default() -> Self {
        let per_minute = |n: u32, burst: u32| {
            let n = NonZeroU32::new(n).expect("a literal above zero");
            let burst = NonZeroU32::new(burst).expect("a literal above zero");
            RateLimiter::keyed(Quota::per_minute(n).allow_burst(burst))
        };
        Self { log_in: per_minute(10, 10), checkout: per_minute(30, 30), message: per_minute(3, 5) }
    }
}

impl Limits {
    /// Whether this address may try now; the try counts.
    pub fn allow(&self, attempt: Attempt, address: IpAddr) -> bool {
        let limiter = match attempt {
            Attempt::LogIn => &self.log_in,
            Attempt::Checkout => &self.checkout,
            Attempt::Message => &self.message,
        };
        if limiter.len() > 100_000 {
            limiter.retain_recent();
        }
        limiter.check_key(&network(address)).is_ok()
    }
}

/// One household or server has a whole /64 of IPv6 addresses.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => IpAddr::V4(v4),
            None => IpAddr::V6((v6.to_bits() >> 64 << 64).into()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(of: &[(&'static str, &'static str)]) -> HeaderMap {
        of.iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn a_post_from_another_site_is_recognized() {
        let same = |of| is_same_origin(&headers(of));

        assert_eq!(same(&[("sec-fetch-site", "same-origin")]), Some(true));
        assert_eq!(same(&[("sec-fetch-site", "cross-site")]), Some(false));
        assert_eq!(same(&[("sec-fetch-site", "same-site")]), Some(false));
        assert_eq!(same(&[("origin", "https://a.fr"), ("host", "a.fr")]), Some(true));
        assert_eq!(same(&[("origin", "https://b.fr"), ("host", "a.fr")]), Some(false));
        assert_eq!(same(&[("origin", "null"), ("host", "a.fr")]), Some(false));
        assert_eq!(same(&[("host", "a.fr")]), None);
    }

    #[test]
    fn a_form_token_belongs_to_one_visitor() {
        let key = Key::random();
        let token = form_token(&key, "visitor 1");

        assert!(is_form_token(&key, "visitor 1", &token));
        assert!(!is_form_token(&key, "visitor 2", &token));
        assert!(!is_form_token(&key, "visitor 1", ""));
    }

    #[test]
    fn an_address_is_stopped_after_its_burst_and_another_is_not() {
        let limits = Limits::default();
        let (first, second) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());

        let n_allowed = (0..20).filter(|_| limits.allow(Attempt::LogIn, first)).count();

        assert_eq!(n_allowed, 10);
        assert!(limits.allow(Attempt::LogIn, second));
        let v6 = |text: &str| network(text.parse().unwrap());
        assert_eq!(v6("2001:db8::1"), v6("2001:db8::2"));
    }
}
