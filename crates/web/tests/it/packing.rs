//! How pages are packed: in a hurry for whoever asks first, well for whoever comes after.

use std::io::Read;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use testkit::{a_product, a_shop};
use tower::ServiceExt;

use crate::browser::doors;

#[tokio::test]
async fn the_first_answer_is_packed_in_a_hurry_and_the_next_ones_well() {
    let shop = a_shop().on_sqlite().await;
    a_product(&shop).save().await;
    let doors = doors(&shop).await;
    let ask = async |accepted: &str| {
        let request = Request::get("/p/tea").header(header::ACCEPT_ENCODING, accepted);
        let response = doors.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let header = |name| {
            let value = response.headers().get(name);
            value.map_or("", |value| value.to_str().unwrap()).to_owned()
        };
        let (encoding, etag) = (header(header::CONTENT_ENCODING), header(header::ETAG));
        (encoding, etag, to_bytes(response.into_body(), usize::MAX).await.unwrap())
    };
    let browser = "gzip, deflate, br, zstd";

    let (first, etag, hurried) = ask(browser).await;
    let (second, same, well) = ask(browser).await;
    let (plain, _, page) = ask("").await;
    let (third, _, zipped) = ask("gzip").await;

    assert_eq!((&*first, &*second, &*plain, &*third), ("gzip", "br", "", "gzip"));
    assert_eq!(etag, same);
    let unzip = |packed: &[u8]| {
        let mut text = Vec::new();
        flate2::read::GzDecoder::new(packed).read_to_end(&mut text).unwrap();
        text
    };
    assert_eq!(unzip(&hurried), page);
    assert_eq!(unzip(&zipped), page);
    let mut unpacked = Vec::new();
    brotli::BrotliDecompress(&mut well.as_ref(), &mut unpacked).unwrap();
    assert_eq!(unpacked, page);
    assert!(well.len() < hurried.len());
}

#[tokio::test]
async fn who_cannot_unzip_gets_brotli_at_once() {
    let shop = a_shop().on_sqlite().await;
    let request = Request::get("/").header(header::ACCEPT_ENCODING, "br");

    let response = doors(&shop).await.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();

    assert_eq!(response.headers()[header::CONTENT_ENCODING], "br");
}
