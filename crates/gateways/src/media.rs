//! Originals and renditions in a folder or in a bucket.

use std::{error::Error, path::PathBuf, sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use commerce::media::{MediaKey, PictureFormat};
use object_store::{
    Attribute, Attributes, ClientOptions, ObjectStore, ObjectStoreExt, PutOptions, PutPayload,
    RetryConfig,
    aws::{AmazonS3Builder, AmazonS3ConfigKey},
    local::LocalFileSystem,
    path::Path,
    prefix::PrefixStore,
};
use shop::ports::{MediaStore, MediaStoreError};
use url::Url;

use crate::{BadUrl, install_tls};

/// Keys contain a hash of the content, so what lies under a key never changes.
const CACHE_CONTROL: &str = "public, max-age=31536000, immutable";

/// Where [`MediaStore::check`] writes. Not a [`MediaKey`] that an upload could have.
const PROBE: &str = ".greenleaf-probe";

/// A folder or an S3 bucket.
#[derive(Clone)]
pub struct ObjectMediaStore {
    objects: Arc<dyn ObjectStore>,
    /// A folder knows no content types: whoever serves it derives them from the name.
    keeps_attributes: bool,
}

impl ObjectMediaStore {
    /// Opens `file:///abs/path`, which is created when missing, or `s3://bucket/prefix`.
    ///
    /// A bucket is reached with what the `AWS_*` environment variables say, as every AWS tool is:
    /// `AWS_REGION`, credentials or else the role of the task or instance, and `AWS_ENDPOINT_URL`
    /// for S3-compatible servers.
    pub fn from_url(url: &Url) -> Result<Self, BadUrl> {
        let unicode = |name: std::ffi::OsString, value: std::ffi::OsString| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Self::from_url_with(
            url,
            std::env::vars_os().filter_map(|(name, value)| unicode(name, value)),
        )
    }

    /// The same with the `AWS_*` variables given rather than read from the environment.
    pub fn from_url_with(
        url: &Url,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, BadUrl> {
        if url.query().is_some() || url.fragment().is_some() {
            return Err(BadUrl("a media address has neither query nor fragment".to_owned()));
        }
        match url.scheme() {
            "file" => Self::folder(&folder_of(url)?),
            "s3" => Self::bucket(url, variables),
            _ => Err(BadUrl("a media address begins with file:// or s3://".to_owned())),
        }
    }

    fn folder(folder: &std::path::Path) -> Result<Self, BadUrl> {
        let refused = |error: &dyn Error| {
            BadUrl(format!("the media folder {} cannot be used: {error}", folder.display()))
        };
        std::fs::create_dir_all(folder).map_err(|error| refused(&error))?;
        let files = LocalFileSystem::new_with_prefix(folder).map_err(|error| refused(&error))?;
        // The row that names an original is durable when it is committed; so must the file be.
        Ok(Self { objects: Arc::new(files.with_fsync(true)), keeps_attributes: false })
    }

    fn bucket(
        url: &Url,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, BadUrl> {
        let bucket = url.host_str().filter(|bucket| !bucket.is_empty());
        let bucket = bucket.ok_or_else(|| BadUrl("s3:// is followed by a bucket".to_owned()))?;
        if !url.username().is_empty() || url.password().is_some() || url.port().is_some() {
            return Err(BadUrl(
                "s3://bucket/prefix has no credentials and no port: use the AWS_* variables"
                    .to_owned(),
            ));
        }
        let prefix = Path::from_url_path(url.path().trim_matches('/'))
            .map_err(|error| BadUrl(format!("the prefix in the bucket is not usable: {error}")))?;

        install_tls();
        let mut builder = AmazonS3Builder::new();
        for (name, value) in variables {
            if let Some(key) = s3_setting(&name) {
                builder = builder.with_config(key, value);
            }
        }
        let endpoint = builder
            .get_config_value(&AmazonS3ConfigKey::S3Endpoint)
            .or_else(|| builder.get_config_value(&AmazonS3ConfigKey::Endpoint));
        // Plain HTTP only where the operator wrote it: a local server, never AWS itself.
        let plain = endpoint.is_some_and(|endpoint| endpoint.starts_with("http://"));
        let client = ClientOptions::new()
            .with_allow_http(plain)
            .with_connect_timeout(Duration::from_secs(5))
            .with_timeout(Duration::from_secs(30));
        // The default goes on for three minutes, longer than anyone who uploads waits.
        let retry = RetryConfig {
            max_retries: 4,
            retry_timeout: Duration::from_secs(15),
            ..RetryConfig::default()
        };
        let s3 = builder
            .with_client_options(client)
            .with_retry(retry)
            .with_bucket_name(bucket)
            .build()
            .map_err(|error| BadUrl(format!("the bucket {bucket} cannot be used: {error}")))?;

        let objects: Arc<dyn ObjectStore> =
            if prefix.is_root() { Arc::new(s3) } else { Arc::new(PrefixStore::new(s3, prefix)) };
        Ok(Self { objects, keeps_attributes: true })
    }

    async fn write(&self, path: &Path, bytes: Bytes, content_type: &'static str) -> Done {
        let mut options = PutOptions::default();
        if self.keeps_attributes {
            options.attributes = Attributes::from_iter([
                (Attribute::ContentType, content_type),
                (Attribute::CacheControl, CACHE_CONTROL),
            ]);
        }
        self.objects
            .put_opts(path, PutPayload::from_bytes(bytes), options)
            .await
            .map_err(|error| failed(&error))?;
        Ok(())
    }

    async fn remove(&self, path: &Path) -> Done {
        match self.objects.delete(path).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(failed(&error)),
        }
    }
}

type Done = Result<(), MediaStoreError>;

#[async_trait]
impl MediaStore for ObjectMediaStore {
    async fn put(&self, key: &MediaKey, bytes: Bytes, format: PictureFormat) -> Done {
        let content_type = match format {
            PictureFormat::Jpeg => "image/jpeg",
            PictureFormat::Png => "image/png",
            PictureFormat::Webp => "image/webp",
        };
        self.write(&path_of(key)?, bytes, content_type).await
    }

    async fn find(&self, key: &MediaKey) -> Result<Option<Bytes>, MediaStoreError> {
        match self.objects.get(&path_of(key)?).await {
            Ok(found) => Ok(Some(found.bytes().await.map_err(|error| failed(&error))?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed(&error)),
        }
    }

    async fn delete(&self, key: &MediaKey) -> Done {
        self.remove(&path_of(key)?).await
    }

    /// Writes and deletes one object. On S3 that is two billed requests: ask once a minute rather
    /// than for every probe of a load balancer.
    async fn check(&self) -> Done {
        let probe = Path::from(PROBE);
        self.write(&probe, Bytes::from_static(b"probe"), "text/plain").await?;
        // Another instance may have been faster with the same probe.
        self.remove(&probe).await
    }
}

/// Reads a variable by the name that the tools of AWS give it. How the HTTP client behaves is not
/// theirs to say.
fn s3_setting(name: &str) -> Option<AmazonS3ConfigKey> {
    if !name.starts_with("AWS_") {
        return None;
    }
    match name.to_ascii_lowercase().parse().ok()? {
        AmazonS3ConfigKey::Client(_) => None,
        key => Some(key),
    }
}

fn folder_of(url: &Url) -> Result<PathBuf, BadUrl> {
    url.to_file_path()
        .map_err(|()| BadUrl("a media folder is written file:///absolute/path".to_owned()))
}

/// The alphabet of a [`MediaKey`] has `.` and `/`, so its segments are looked at here.
fn path_of(key: &MediaKey) -> Result<Path, MediaStoreError> {
    let refused = || MediaStoreError(format!("the key {:?} is not a path", key.as_str()));
    if key.as_str().split('/').any(|segment| matches!(segment, "" | "." | ".." | PROBE)) {
        return Err(refused());
    }
    Path::parse(key.as_str()).map_err(|_| refused())
}

fn failed(error: &object_store::Error) -> MediaStoreError {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let sentence = error.to_string();
        if !text.contains(&sentence) {
            text.push_str(": ");
            text.push_str(&sentence);
        }
        cause = error.source();
    }
    MediaStoreError(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> MediaKey {
        MediaKey::new(text).unwrap()
    }

    #[test]
    fn a_key_cannot_leave_its_folder() {
        for bad in ["../x", "a/../x", "a/..", "..", ".", "/etc/passwd", "a//b", "a/", "a/./b"] {
            let key = MediaKey::new(bad);

            assert!(key.is_none_or(|key| path_of(&key).is_err()), "{bad} passed");
        }
        assert_eq!(path_of(&key("ab/cd/tea..green.jpg")).unwrap().as_ref(), "ab/cd/tea..green.jpg");
    }

    #[test]
    fn an_unusable_address_is_refused_with_a_reason() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();

        for bad in [
            "http://example.com/media",
            "file://media/relative",
            "file:///tmp?x=1",
            "s3:///prefix",
            "s3://key:secret@bucket/",
            Url::from_file_path(&file).unwrap().as_str(),
        ] {
            let refused = ObjectMediaStore::from_url_with(&bad.parse().unwrap(), []).err();
            assert!(refused.is_some_and(|error| !error.to_string().contains("secret")), "{bad}");
        }
    }

    #[test]
    fn a_bucket_is_opened_with_the_names_of_the_aws_tools() {
        let url = "s3://shop-media/originals/v1".parse().unwrap();
        let variables = [
            ("AWS_ACCESS_KEY_ID", "key"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
            ("AWS_DEFAULT_REGION", "eu-west-3"),
            ("AWS_ENDPOINT_URL", "http://127.0.0.1:9000"),
            ("AWS_PROFILE", "ignored"),
            ("PATH", "ignored"),
        ];

        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let store = ObjectMediaStore::from_url_with(&url, variables).unwrap();

        let text = store.objects.to_string();
        assert_eq!(text, "PrefixObjectStore(originals/v1)");
    }
}
