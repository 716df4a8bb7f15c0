//! A program of somebody else, which webhooks call.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What it was brought: its headers, by small names, and its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brought {
    pub id: String,
    pub timestamp: String,
    pub signature: String,
    pub body: String,
}

/// Listens on a free port of loopback until it is dropped.
pub struct Receiver {
    pub url: String,
    state: Arc<Mutex<State>>,
    listening: JoinHandle<()>,
}

#[derive(Default)]
struct State {
    /// What the next requests are answered; 204 when it says nothing.
    answers: VecDeque<u16>,
    brought: Vec<Brought>,
}

impl Receiver {
    pub async fn listen() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}/hooks", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        let listening = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                answer(stream, &shared).await;
            }
        });
        Self { url, state, listening }
    }

    /// Has the next requests answered otherwise than 204.
    pub fn answer(&self, statuses: &[u16]) {
        self.state.lock().unwrap().answers.extend(statuses);
    }

    /// All that it was brought, taken or not, in its order.
    pub fn brought(&self) -> Vec<Brought> {
        self.state.lock().unwrap().brought.clone()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn answer(mut stream: TcpStream, state: &Mutex<State>) {
    let (mut bytes, mut buffer) = (Vec::new(), [0; 4096]);
    let (head, body) = loop {
        let n = stream.read(&mut buffer).await.unwrap();
        bytes.extend_from_slice(&buffer[..n]);
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n")
            && (n == 0 || header(head, "content-length").parse::<usize>() == Ok(body.len()))
        {
            break (head.to_owned(), body.to_owned());
        }
        assert!(n > 0, "the request ended early: {text}");
    };
    let status = {
        let mut state = state.lock().unwrap();
        state.brought.push(Brought {
            id: header(&head, "webhook-id").to_owned(),
            timestamp: header(&head, "webhook-timestamp").to_owned(),
            signature: header(&head, "webhook-signature").to_owned(),
            body,
        });
        state.answers.pop_front().unwrap_or(204)
    };
    let text =
        format!("HTTP/1.1 {status} Answer\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    stream.write_all(text.as_bytes()).await.unwrap();
}

/// The value of a header; empty when it is not there.
fn header<'a>(head: &'a str, name: &str) -> &'a str {
    let found = head.lines().filter_map(|line| line.split_once(':'));
    let mut found = found.filter(|(known, _)| known.eq_ignore_ascii_case(name));
    found.next().map_or("", |(_, value)| value.trim())
}
