//! Signatures of integrations: OAuth 1.0a (RFC 5849) with tokens that were given once for all.

use axum::http::{Method, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use shop::Shop;
use shop::integration::{Integration, SignatureMethod};

use super::problem::Problem;

/// All but the letters that RFC 5849 §3.6 leaves alone.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What a signature is over.
#[derive(Clone, Copy)]
pub(super) struct Signed<'r> {
    pub(super) method: &'r Method,
    /// As clients may have called us: by the address that the shop has, or by the one that the
    /// request came to.
    pub(super) urls: &'r [String],
    pub(super) query: &'r [(String, String)],
}

fn refused(message: &str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, message)
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

/// Reads `oauth_token="…", oauth_nonce="…"`.
fn parameters(header: &str) -> Vec<(String, String)> {
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let pairs = header.split(',').filter_map(|pair| pair.trim().split_once('='));
    pairs.map(|(name, value)| (decoded(name), decoded(value.trim_matches('"')))).collect()
}

/// What is signed (RFC 5849 §3.4.1).
fn message(method: &Method, url: &str, parameters: &[(String, String)]) -> String {
    let mut pairs: Vec<(String, String)> = parameters
        .iter()
        .filter(|(name, _)| name != "oauth_signature" && name != "realm")
        .map(|(name, value)| (encoded(name), encoded(value)))
        .collect();
    pairs.sort();
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("{method}&{}&{}", encoded(url), encoded(&pairs.join("&")))
}

/// Finds the integration that signed a request.
pub(super) async fn check(
    shop: &Shop,
    header: &str,
    signed: Signed<'_>,
) -> Result<Integration, Problem> {
    let mut parameters = parameters(header);
    let find = |name: &str| {
        let found = parameters.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let (consumer, token, nonce) =
        (find("oauth_consumer_key"), find("oauth_token"), find("oauth_nonce"));
    for (name, value) in
        [("oauth_consumer_key", &consumer), ("oauth_token", &token), ("oauth_nonce", &nonce)]
    {
        if value.is_empty() {
            let message = "One or more input exceptions have occurred: %name is required.";
            return Err(Problem::bad(message).with("name", name));
        }
    }
    let method = match find("oauth_signature_method").as_str() {
        "HMAC-SHA1" => SignatureMethod::HmacSha1,
        "HMAC-SHA256" => SignatureMethod::HmacSha256,
        other => {
            let message = "Signature method %method is not supported";
            return Err(Problem::bad(message).with("method", other));
        }
    };
    let stamp: i64 = find("oauth_timestamp").parse().unwrap_or_default();
    if !shop::integration::is_recent(shop, stamp) {
        return Err(Problem::bad("The oauth_timestamp value in the request is out of range."));
    }
    let signature = STANDARD.decode(find("oauth_signature")).unwrap_or_default();
    let known = shop::integration::find_by_token(shop, &token).await?;
    let known = known.ok_or_else(|| refused("The token is not valid."))?;
    parameters.extend(signed.query.iter().cloned());
    let is_signed = signed.urls.iter().any(|url| {
        let message = message(signed.method, url, &parameters);
        shop::integration::is_signed_by(shop, &known, &consumer, method, &message, &signature)
    });
    if !is_signed {
        return Err(refused("The signature is invalid. Verify and try again."));
    }
    if !shop::integration::use_nonce(shop, &known, stamp, &nonce).await? {
        return Err(refused("The nonce is already being used by the consumer."));
    }
    Ok(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 5849 §3.4.1.1, without the parameters of its body.
    #[test]
    fn what_is_signed_is_as_the_standard_writes_it() {
        let mut all = parameters(
            r#"realm="Example", oauth_consumer_key="9djdj82h48djs9d2", oauth_token="kkk9d7dh3k39sjv7",
               oauth_signature_method="HMAC-SHA1", oauth_timestamp="137131201",
               oauth_nonce="7d8f3e4a", oauth_signature="bYT5CMsGcbgUdFHObYMEfcx6bsw%3D""#,
        );
        for (name, value) in
            [("b5", "=%3D"), ("a3", "a"), ("c@", ""), ("a2", "r b"), ("c2", ""), ("a3", "2 q")]
        {
            all.push((name.to_owned(), value.to_owned()));
        }

        assert_eq!(
            message(&Method::POST, "http://example.com/request", &all),
            "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D\
             %253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce\
             %3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26\
             oauth_token%3Dkkk9d7dh3k39sjv7"
        );
    }
}
