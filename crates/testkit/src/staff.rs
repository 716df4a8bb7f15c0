//! The second factor of staff.

use data_encoding::BASE32_NOPAD;

use crate::TestShop;

/// What an authenticator with this secret shows at this moment of the clock.
pub fn totp_code(shop: &TestShop, base32: &str) -> String {
    let secret = BASE32_NOPAD.decode(base32.as_bytes()).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    totp.generate(u64::try_from(shop.clock.now().as_second()).unwrap()).to_string()
}
