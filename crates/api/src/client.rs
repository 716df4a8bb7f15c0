//! Who asks, before we know more than their address.

use std::net::IpAddr;
use std::num::NonZeroU32;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

/// The address of the client, put in by whoever knows the proxies in front of us.
#[derive(Clone, Copy, Debug)]
pub struct ClientAddress(pub IpAddr);

/// How often one address may try what invites guessing.
pub(crate) struct Guard(DefaultKeyedRateLimiter<IpAddr>);

impl Default for Guard {
    fn default() -> Self {
        let n = NonZeroU32::new(20).expect("a literal above zero");
        Self(RateLimiter::keyed(Quota::per_minute(n)))
    }
}

impl Guard {
    /// Whether this address may try now; the try counts.
    pub(crate) fn allow(&self, address: IpAddr) -> bool {
        if self.0.len() > 100_000 {
            self.0.retain_recent();
        }
        // One household or server has a whole /64 of IPv6 addresses.
        let network = match address {
            IpAddr::V6(v6) if v6.to_ipv4_mapped().is_none() => {
                IpAddr::V6((v6.to_bits() >> 64 << 64).into())
            }
            other => other.to_canonical(),
        };
        self.0.check_key(&network).is_ok()
    }
}
