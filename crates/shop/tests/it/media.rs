//! Uploads, and the renditions made of them.

use bytes::Bytes;
use commerce::media::{MediaKey, PictureFormat};
use shop::media::{UploadError, find, make_renditions, rendition, upload};
use shop::ports::{PictureError, RenditionFormat};

use crate::staff_shop::StaffShop;

#[tokio::test]
async fn the_same_upload_is_kept_once() {
    let staff = StaffShop::open().await;
    let bytes = Bytes::from_static(b"png 900 of tea");

    let first = upload(&staff.shop, "Thé vert.PNG", bytes.clone()).await.unwrap();
    let second = upload(&staff.shop, "Thé vert.PNG", bytes).await.unwrap();

    assert_eq!(first, second);
    assert_eq!(staff.store.keys(), [first.key.as_str()]);
    assert_eq!((first.width, first.height, first.bytes), (900, 600, 14));
    assert!(first.key.as_str().rsplit('.').next() == Some("png"), "{}", first.key);
    assert!(first.key.as_str()[6..].starts_with("the-vert-"), "{}", first.key);
}

#[tokio::test]
async fn what_is_no_picture_is_refused_and_not_kept() {
    let staff = StaffShop::open().await;

    let refused = upload(&staff.shop, "a.png", Bytes::from_static(b"<script>")).await;

    assert!(matches!(refused, Err(UploadError::Refused(PictureError::UnknownFormat))));
    assert_eq!(staff.store.keys(), [""; 0]);
}

#[tokio::test]
async fn no_rendition_is_wider_than_its_original() {
    let staff = StaffShop::open().await;
    let original =
        upload(&staff.shop, "tea.png", Bytes::from_static(b"png 900 of tea")).await.unwrap();

    for _ in 0..2 {
        let store = staff.shop.media.as_ref();
        make_renditions(store, &staff.shop.pictures, &original).await.unwrap();
    }

    let stem = original.key.as_str().strip_suffix(".png").unwrap();
    let mut expected = vec![original.key.as_str().to_owned()];
    for width in [160, 400, 800] {
        expected.extend(["jpg", "webp"].map(|it| format!("r/{width}/{stem}.{it}")));
    }
    expected.sort();
    assert_eq!(staff.store.keys(), expected);
}

#[tokio::test]
async fn a_rendition_that_no_job_has_made_is_made_when_asked_for() {
    let staff = StaffShop::open().await;
    let original =
        upload(&staff.shop, "tea.png", Bytes::from_static(b"png 900 of tea")).await.unwrap();
    let find = async |key: &MediaKey| find(&staff.shop, key).await.unwrap();

    let webp = find(&rendition(&original.key, 400, RenditionFormat::Webp)).await;
    let too_wide = find(&rendition(&original.key, 1200, RenditionFormat::Webp)).await;
    let odd = find(&rendition(&original.key, 401, RenditionFormat::Webp)).await;
    let unknown = find(&MediaKey::new("r/400/ab/cd/none.webp").unwrap()).await;

    assert_eq!(webp, Some((Bytes::from_static(b"400 of 900"), PictureFormat::Webp)));
    assert_eq!([too_wide, odd, unknown], [None, None, None]);
}
