//! The store of pictures in a folder.

use bytes::Bytes;
use commerce::media::{MediaKey, PictureFormat};
use gateways::media::ObjectMediaStore;
use shop::ports::MediaStore;
use url::Url;

fn key(text: &str) -> MediaKey {
    MediaKey::new(text).unwrap()
}

fn in_folder(folder: &std::path::Path) -> ObjectMediaStore {
    ObjectMediaStore::from_url(&Url::from_directory_path(folder).unwrap()).unwrap()
}

#[tokio::test]
async fn what_is_put_is_found_until_it_is_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let store = in_folder(&folder.path().join("made/when missing"));
    let tea = key("ab/cd/tea-0f3a.jpg");
    assert_eq!(store.find(&tea).await.unwrap(), None);

    store.put(&tea, Bytes::from_static(b"first"), PictureFormat::Jpeg).await.unwrap();
    store.put(&tea, Bytes::from_static(b"second"), PictureFormat::Jpeg).await.unwrap();

    assert_eq!(store.find(&tea).await.unwrap(), Some(Bytes::from_static(b"second")));
    let file = folder.path().join("made/when missing/ab/cd/tea-0f3a.jpg");
    assert_eq!(std::fs::read(file).unwrap(), b"second");

    store.delete(&tea).await.unwrap();
    store.delete(&tea).await.expect("deleting twice is no failure");
    assert_eq!(store.find(&tea).await.unwrap(), None);
}

#[tokio::test]
async fn nothing_outside_the_folder_can_be_touched() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("secret.jpg"), "secret").unwrap();
    let store = in_folder(&folder.path().join("media"));

    for outside in ["../secret.jpg", "a/../../secret.jpg", "./../secret.jpg"] {
        let outside = key(outside);

        assert!(store.find(&outside).await.is_err());
        assert!(store.delete(&outside).await.is_err());
        let bytes = Bytes::from_static(b"overwritten");
        assert!(store.put(&outside, bytes, PictureFormat::Jpeg).await.is_err());
    }
    let absolute = format!("{}/secret.jpg", folder.path().display()).to_lowercase();
    if let Some(absolute) = MediaKey::new(absolute) {
        assert!(store.find(&absolute).await.is_err());
    }
    assert_eq!(std::fs::read(folder.path().join("secret.jpg")).unwrap(), b"secret");
}

#[tokio::test]
async fn a_check_leaves_nothing_behind_and_sees_a_lost_folder() {
    let folder = tempfile::tempdir().unwrap();
    let media = folder.path().join("media");
    let store = in_folder(&media);

    let checks: Vec<_> = (0..8)
        .map(|_| {
            tokio::spawn({
                let store = store.clone();
                async move { store.check().await }
            })
        })
        .collect();
    for check in checks {
        check.await.unwrap().unwrap();
    }
    assert_eq!(std::fs::read_dir(&media).unwrap().count(), 0);

    std::fs::remove_dir(&media).unwrap();
    std::fs::write(&media, "a file in its place").unwrap();
    assert!(store.check().await.is_err());
}
