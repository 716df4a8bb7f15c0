//! An S3-compatible store: moto, a fake of AWS that keeps objects in memory.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

use uuid::Uuid;

use super::blocking;
use super::keeper::{IDLE, Private, Recipe, Shared, python_program};

/// An empty bucket of its own, on the server that the tests of this run share.
pub async fn s3() -> S3 {
    static SERVER: OnceLock<Shared> = OnceLock::new();
    blocking(|| S3::create(SERVER.get_or_init(|| Shared::join("s3", IDLE, &Moto)).port)).await
}

/// A bucket. The server takes any access key whose requests are signed, such as [`Self::KEY`].
pub struct S3 {
    port: u16,
    bucket: String,
}

impl S3 {
    pub const KEY: &str = "test";
    pub const SECRET: &str = "test";
    pub const REGION: &str = "eu-west-3";

    /// An empty bucket on a server of its own, which can be stopped without harm to others.
    pub async fn private() -> PrivateS3 {
        blocking(|| {
            let server = Private::start("s3", Moto);
            PrivateS3 { bucket: Self::create(server.port), server: Some(server) }
        })
        .await
    }

    fn create(port: u16) -> Self {
        let bucket = format!("test-{}", Uuid::now_v7().simple());
        let answer = request(port, &format!("PUT /{bucket}")).expect("the store answers");
        assert!(answer.starts_with("HTTP/1.1 200"), "no bucket was made: {answer}");
        Self { port, bucket }
    }

    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    #[must_use]
    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    /// The bucket as `GREENLEAF_MEDIA_URL` names it.
    #[must_use]
    pub fn url(&self) -> String {
        format!("s3://{}", self.bucket)
    }
}

/// A bucket on a server of its own, for drills in which the store goes away.
pub struct PrivateS3 {
    bucket: S3,
    server: Option<Private<Moto>>,
}

impl PrivateS3 {
    #[must_use]
    pub fn bucket(&self) -> &S3 {
        &self.bucket
    }

    /// Stops the store. It keeps objects in memory, so they are lost.
    pub async fn stop(&mut self) {
        let mut server = self.server.take().expect("only a panic leaves it out");
        self.server = Some(
            blocking(move || {
                server.stop();
                server
            })
            .await,
        );
    }

    /// Starts the store again on the same port, with the same bucket, now empty.
    pub async fn start(&mut self) {
        let mut server = self.server.take().expect("only a panic leaves it out");
        let bucket = self.bucket.bucket.clone();
        self.server = Some(
            blocking(move || {
                server.restart();
                request(server.port, &format!("PUT /{bucket}")).expect("the store answers");
                server
            })
            .await,
        );
    }
}

struct Moto;

impl Recipe for Moto {
    fn command(&self, _: &Path, port: u16) -> Vec<String> {
        let port = port.to_string();
        vec![python_program("moto_server"), "-H".into(), "127.0.0.1".into(), "-p".into(), port]
    }

    fn is_up(&self, port: u16) -> bool {
        request(port, "GET /").is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
    }
}

fn request(port: u16, line: &str) -> std::io::Result<String> {
    let mut connection = TcpStream::connect(("127.0.0.1", port))?;
    connection.set_read_timeout(Some(Duration::from_secs(30)))?;
    let head = format!(
        "{line} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    connection.write_all(head.as_bytes())?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer)?;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    /// What our storage relies on, asked of the server by the vendor's own client.
    const CLIENT: &str = r"
import sys, boto3
from botocore.exceptions import ClientError
endpoint, bucket, region = sys.argv[1:]
s3 = boto3.client('s3', endpoint_url=endpoint, region_name=region,
                  aws_access_key_id='test', aws_secret_access_key='test')
def put(**more):
    try:
        return s3.put_object(Bucket=bucket, Key='k', **more)['ETag']
    except ClientError as error:
        return error.response['ResponseMetadata']['HTTPStatusCode']
assert s3.list_objects_v2(Bucket=bucket)['KeyCount'] == 0
etag = put(Body=b'one', IfNoneMatch='*')
assert put(Body=b'two', IfNoneMatch='*') == 412
assert put(Body=b'two', IfMatch=etag) != 412
assert put(Body=b'three', IfMatch=etag) == 412
upload = s3.create_multipart_upload(Bucket=bucket, Key='big')['UploadId']
parts = [dict(PartNumber=n, ETag=s3.upload_part(Bucket=bucket, Key='big', UploadId=upload,
         PartNumber=n, Body=body)['ETag']) for n, body in ((1, b'a' * 5242880), (2, b'b'))]
s3.complete_multipart_upload(Bucket=bucket, Key='big', UploadId=upload,
                             MultipartUpload=dict(Parts=parts))
assert s3.head_object(Bucket=bucket, Key='big')['ContentLength'] == 5242881
print(s3.get_object(Bucket=bucket, Key='k')['Body'].read().decode())
";

    #[tokio::test]
    async fn a_bucket_does_conditional_and_multipart_uploads() {
        let (store, other) = tokio::join!(s3(), s3());
        assert_ne!(store.bucket(), other.bucket());
        assert_eq!(store.endpoint(), other.endpoint());

        let client = Command::new(python_program("python"))
            .args(["-c", CLIENT, &store.endpoint(), store.bucket(), S3::REGION])
            .output()
            .unwrap();

        assert_eq!(String::from_utf8_lossy(&client.stderr), "");
        assert_eq!(String::from_utf8_lossy(&client.stdout), "two\n");
        assert_eq!(store.url(), format!("s3://{}", store.bucket()));
    }

    #[tokio::test]
    async fn a_private_store_goes_away_and_comes_back() {
        let mut store = S3::private().await;
        let port = store.bucket().port;

        store.stop().await;
        assert!(!Moto.is_up(port));
        store.start().await;

        let answer = request(port, &format!("HEAD /{}", store.bucket().bucket())).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
}
