//! Uploads, and the renditions made of them.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex};

use bytes::Bytes;
use commerce::media::{MediaKey, Original, PictureFormat};
use shop::Shop;
use shop::media::{FindPictureError, UploadError, find, make_renditions, rendition, upload};
use shop::ports::{Inspected, PictureError, Pictures, RenditionFormat};
use testkit::at_once;

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

/// Counts how often pictures are rendered, and lets nothing out until it is opened.
struct Gated {
    pictures: Arc<dyn Pictures>,
    n_begun: AtomicU32,
    is_open: Mutex<bool>,
    opened: Condvar,
}

impl Gated {
    fn of(shop: &Shop) -> Arc<Self> {
        Arc::new(Self {
            pictures: Arc::clone(&shop.pictures),
            n_begun: AtomicU32::new(0),
            is_open: Mutex::new(false),
            opened: Condvar::new(),
        })
    }

    fn open(&self) {
        *self.is_open.lock().unwrap() = true;
        self.opened.notify_all();
    }
}

impl Pictures for Gated {
    fn inspect(&self, bytes: &[u8]) -> Result<Inspected, PictureError> {
        self.pictures.inspect(bytes)
    }

    fn render(
        &self,
        bytes: &[u8],
        renditions: &[(u32, RenditionFormat)],
    ) -> Result<Vec<Bytes>, PictureError> {
        self.n_begun.fetch_add(1, Ordering::SeqCst);
        let closed = self.is_open.lock().unwrap();
        drop(self.opened.wait_while(closed, |is_open| !*is_open).unwrap());
        self.pictures.render(bytes, renditions)
    }
}

/// The shop with gated pictures, and so many originals without renditions.
async fn a_gated_shop(n: u32) -> (StaffShop, Shop, Arc<Gated>, Vec<Original>) {
    let staff = StaffShop::open().await;
    let mut originals = Vec::new();
    for n in 0..n {
        let bytes = Bytes::from(format!("png 900 of tea {n}"));
        originals.push(upload(&staff.shop, "tea.png", bytes).await.unwrap());
    }
    let gate = Gated::of(&staff.shop);
    let mut shop = staff.shop.clone();
    shop.pictures = gate.clone();
    (staff, shop, gate, originals)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rendition_that_many_ask_for_at_once_is_made_once() {
    let (_staff, shop, gate, originals) = a_gated_shop(1).await;
    gate.open();

    let found = at_once((0..8).map(|n| {
        let width = [160, 400][n % 2];
        let key = rendition(&originals[0].key, width, RenditionFormat::Webp);
        let shop = shop.clone();
        async move { find(&shop, &key).await.unwrap().is_some() }
    }))
    .await;

    assert_eq!(found, [true; 8]);
    assert_eq!(gate.n_begun.load(Ordering::SeqCst), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_originals_are_rendered_at_a_time_and_who_comes_later_is_told_so() {
    let (_staff, shop, gate, originals) = a_gated_shop(5).await;
    let ask = |original: &Original| {
        let key = rendition(&original.key, 400, RenditionFormat::Webp);
        let shop = shop.clone();
        async move { find(&shop, &key).await }
    };
    let first = tokio::spawn(at_once(originals[..2].iter().map(ask).collect::<Vec<_>>()));
    while gate.n_begun.load(Ordering::SeqCst) < 2 {
        tokio::task::yield_now().await;
    }

    let later = at_once(originals.iter().map(ask)).await;

    assert!(later.iter().all(|it| matches!(it, Err(FindPictureError::Busy))), "{later:?}");
    assert_eq!(gate.n_begun.load(Ordering::SeqCst), 2);
    gate.open();
    assert!(first.await.unwrap().iter().all(|found| matches!(found, Ok(Some(_)))));
    assert!(matches!(ask(&originals[4]).await, Ok(Some(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_made_to_the_end_when_whoever_asked_goes_away() {
    let (_staff, shop, gate, originals) = a_gated_shop(1).await;
    let key = rendition(&originals[0].key, 400, RenditionFormat::Webp);
    let impatient = {
        let (shop, key) = (shop.clone(), key.clone());
        tokio::spawn(async move { find(&shop, &key).await.map(|_| ()) })
    };
    while gate.n_begun.load(Ordering::SeqCst) < 1 {
        tokio::task::yield_now().await;
    }
    impatient.abort();
    assert!(impatient.await.unwrap_err().is_cancelled());
    gate.open();

    assert!(find(&shop, &key).await.unwrap().is_some());
    assert_eq!(gate.n_begun.load(Ordering::SeqCst), 1, "the second waited for the first");
}
