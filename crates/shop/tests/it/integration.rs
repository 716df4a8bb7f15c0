//! Programs and their signatures.

use jiff::SignedDuration;
use shop::integration::{create, is_recent, list, use_nonce};
use testkit::on_both_engines;

#[tokio::test]
async fn a_nonce_is_kept_as_long_as_its_signature_might_be_taken() {
    on_both_engines(async |shop| {
        create(&shop, "erp", &[]).await.unwrap();
        let [erp] = list(&shop).await.unwrap().try_into().unwrap();
        let stamp = shop.clock.now().as_second();
        // A client whose clock is ahead, as far as it may be.
        let ahead = stamp + 600;
        for stamp in [stamp, ahead] {
            assert!(is_recent(&shop, stamp));
            assert!(use_nonce(&shop, &erp, stamp, "one").await.unwrap());
            assert!(!use_nonce(&shop, &erp, stamp, "one").await.unwrap());
        }
        assert!(!is_recent(&shop, ahead + 1));

        shop.clock.advance(SignedDuration::from_mins(20));
        shop.tidy().await;
        assert!(!use_nonce(&shop, &erp, stamp, "one").await.unwrap());
        assert!(is_recent(&shop, ahead));
        shop.clock.advance(SignedDuration::from_secs(1));
        shop.tidy().await;

        assert!(use_nonce(&shop, &erp, stamp, "one").await.unwrap(), "it is forgotten");
        assert!(!use_nonce(&shop, &erp, ahead, "one").await.unwrap());
        assert!(!is_recent(&shop, stamp));
    })
    .await;
}
