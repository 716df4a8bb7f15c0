//! What a receiver gets, and what the courier does not do.

use std::sync::Arc;

use gateways::webhook::HttpCourier;
use shop::ports::{Call, CallError, Courier};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Answers one request with `answer` and gives what was asked.
async fn receiver(answer: &'static str) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}/hooks", listener.local_addr().unwrap());
    let asked = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let (mut bytes, mut buffer) = (Vec::new(), [0; 4096]);
        while !bytes.ends_with(b"{}") {
            let n = stream.read(&mut buffer).await.unwrap();
            bytes.extend_from_slice(&buffer[..n]);
        }
        stream.write_all(answer.as_bytes()).await.unwrap();
        String::from_utf8(bytes).unwrap()
    });
    (url, asked)
}

fn call(url: String) -> Call {
    Call {
        url,
        id: "msg_1".into(),
        timestamp: 1_700_000_000,
        signature: "v1,AAAA".into(),
        body: "{}".into(),
    }
}

#[tokio::test]
async fn a_receiver_gets_the_body_with_its_signature() {
    let (url, asked) = receiver("HTTP/1.1 204 No Content\r\n\r\n").await;

    HttpCourier::new(true).unwrap().bring(&call(url)).await.unwrap();

    let asked = asked.await.unwrap();
    assert!(asked.starts_with("POST /hooks HTTP/1.1\r\n"), "{asked}");
    for header in [
        "content-type: application/json\r\n",
        "webhook-id: msg_1\r\n",
        "webhook-timestamp: 1700000000\r\n",
        "webhook-signature: v1,AAAA\r\n",
    ] {
        assert!(asked.contains(header), "{header} is not in {asked}");
    }
}

#[tokio::test]
async fn a_redirect_is_a_failure_and_is_not_followed() {
    let (elsewhere, followed) = receiver("HTTP/1.1 204 No Content\r\n\r\n").await;
    let answer =
        format!("HTTP/1.1 307 Moved\r\nlocation: {elsewhere}\r\ncontent-length: 0\r\n\r\n");
    let (url, _) = receiver(answer.leak()).await;

    let failed = HttpCourier::new(true).unwrap().bring(&call(url)).await;

    assert_eq!(failed, Err(CallError::Failed("the receiver answered 307".into())));
    assert!(!followed.is_finished());
    followed.abort();
}

#[tokio::test]
async fn a_receiver_that_is_gone_is_not_asked_again() {
    let (url, _) = receiver("HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n").await;

    let refused = HttpCourier::new(true).unwrap().bring(&call(url)).await;

    assert_eq!(refused, Err(CallError::Refused("the receiver answered 410".into())));
}

#[tokio::test]
async fn the_reason_of_a_failure_does_not_tell_the_address() {
    let courier: Arc<dyn Courier> = Arc::new(HttpCourier::new(true).unwrap());
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}/hidden-key", listener.local_addr().unwrap());
    drop(listener);

    let failed = courier.bring(&call(url)).await;

    let Err(CallError::Failed(reason)) = failed else { panic!("{failed:?}") };
    assert!(!reason.contains("hidden-key"), "{reason}");
}
