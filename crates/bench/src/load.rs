//! Requests over 64 connections, each asked as fast as it is answered; and the bare handler that
//! shows what the machine, the kernel and this generator cost by themselves.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use axum::Router;
use axum::routing::get;
use axum::serve::ListenerExt as _;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use crate::float;
use crate::process::{Server, cpu_micros};

pub(crate) const CONNECTIONS: u32 = 64;

/// Serves the baseline until its parent ends it: the same runtime, allocator and socket options as
/// the shop, and nothing else.
#[expect(clippy::print_stdout, reason = "the parent reads the address")]
pub(crate) async fn serve_bare(n_bytes: usize) -> Result<()> {
    let body = axum::body::Bytes::from(vec![b'x'; n_bytes]);
    let router = Router::new().route("/", get(move || async move { body.clone() }));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("http://{}", listener.local_addr()?);
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, router).await?;
    Ok(())
}

/// What one round of one kind of request cost.
#[derive(Clone, Copy)]
pub(crate) struct Load {
    pub(crate) per_second: f64,
    /// Of the server, for each request.
    pub(crate) cpu_micros: f64,
    /// Of this generator, for each request.
    pub(crate) own_cpu_micros: f64,
    pub(crate) p99_millis: f64,
}

/// The address of the nth request, until there is none.
pub(crate) type Paths = dyn Fn(u64) -> Option<String> + Send + Sync;

/// Loads a server for some time, or until there is nothing left to ask for.
pub(crate) async fn load(server: &Server, time: Duration, paths: &Arc<Paths>) -> Result<Load> {
    let next = Arc::new(AtomicU64::new(0));
    let (cpu, own_cpu) = (server.cpu_micros()?, cpu_micros("self")?);
    let began = Instant::now();
    let clients: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let (next, paths) = (Arc::clone(&next), Arc::clone(paths));
            tokio::spawn(client(server.address, next, paths, began + time))
        })
        .collect();
    let mut latencies = Vec::new();
    for client in clients {
        latencies.extend(client.await??);
    }
    let seconds = began.elapsed().as_secs_f64();
    let (cpu, own_cpu) = (server.cpu_micros()? - cpu, cpu_micros("self")? - own_cpu);
    ensure!(!latencies.is_empty(), "nothing was asked for");
    latencies.sort_unstable();
    let n = float(latencies.len());
    let p99 = latencies[latencies.len() * 99 / 100];
    Ok(Load {
        per_second: n / seconds,
        cpu_micros: float(cpu) / n,
        own_cpu_micros: float(own_cpu) / n,
        p99_millis: p99.as_secs_f64() * 1_000.0,
    })
}

async fn client(
    address: SocketAddr,
    next: Arc<AtomicU64>,
    paths: Arc<Paths>,
    until: Instant,
) -> Result<Vec<Duration>> {
    let mut connection = Connection::open(address).await?;
    let mut latencies = Vec::new();
    while Instant::now() < until
        && let Some(path) = paths(next.fetch_add(1, Ordering::Relaxed))
    {
        let asked = Instant::now();
        let status = connection.get(&path, BROWSER).await?.status;
        latencies.push(asked.elapsed());
        ensure!(status == 200, "{path} answers {status}");
    }
    Ok(latencies)
}

/// What a browser unpacks.
pub(crate) const BROWSER: &str = "gzip, deflate, br, zstd";

/// What follows the path in every request.
const HOST: &str = " HTTP/1.1\r\nhost: bench\r\n";

/// A connection that is kept open, with the answer it got last.
pub(crate) struct Connection {
    stream: TcpStream,
    request: Vec<u8>,
    answer: Vec<u8>,
}

/// An answer, its head with small letters as our servers write it.
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    pub(crate) head: &'a str,
    pub(crate) body: &'a [u8],
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Result<Self> {
        Self::over(TcpStream::connect(address).await?)
    }

    /// From an address of this machine, so that the server takes us for somebody of our own.
    pub(crate) async fn open_from(from: IpAddr, address: SocketAddr) -> Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind((from, 0).into())?;
        Self::over(socket.connect(address).await?)
    }

    fn over(stream: TcpStream) -> Result<Self> {
        stream.set_nodelay(true)?;
        Ok(Self { stream, request: Vec::new(), answer: Vec::with_capacity(64 << 10) })
    }

    pub(crate) async fn get(&mut self, path: &str, encoding: &str) -> Result<Answer<'_>> {
        self.ask(&["GET ", path, HOST, "accept-encoding: ", encoding, "\r\n\r\n"]).await
    }

    pub(crate) async fn get_as(
        &mut self,
        path: &str,
        encoding: &str,
        cookie: &str,
    ) -> Result<Answer<'_>> {
        let cookie = ["\r\ncookie: ", cookie, "\r\n\r\n"].concat();
        self.ask(&["GET ", path, HOST, "accept-encoding: ", encoding, &cookie]).await
    }

    /// Sends a form as one of the shop's own pages does.
    pub(crate) async fn post(&mut self, path: &str, form: &str) -> Result<Answer<'_>> {
        self.post_as("application/x-www-form-urlencoded", path, form).await
    }

    pub(crate) async fn post_json(&mut self, path: &str, json: &str) -> Result<Answer<'_>> {
        self.post_as("application/json", path, json).await
    }

    async fn post_as(&mut self, kind: &str, path: &str, body: &str) -> Result<Answer<'_>> {
        let head = format!(
            "sec-fetch-site: same-origin\r\ncontent-length: {}\r\ncontent-type: {kind}\r\n\r\n",
            body.len()
        );
        self.ask(&["POST ", path, HOST, &head, body]).await
    }

    /// The same with a cookie.
    pub(crate) async fn post_json_as(
        &mut self,
        path: &str,
        json: &str,
        cookie: &str,
    ) -> Result<Answer<'_>> {
        let head = format!(
            "content-length: {}\r\ncontent-type: application/json\r\ncookie: {cookie}\r\n\r\n",
            json.len()
        );
        self.ask(&["POST ", path, HOST, &head, json]).await
    }

    /// Sends one request and reads its whole answer, which must say how long it is.
    async fn ask(&mut self, parts: &[&str]) -> Result<Answer<'_>> {
        self.request.clear();
        for part in parts {
            self.request.extend_from_slice(part.as_bytes());
        }
        self.stream.write_all(&self.request).await?;
        self.answer.clear();
        loop {
            self.read_more().await?;
            let Some(end) = self.answer.windows(4).position(|four| four == b"\r\n\r\n") else {
                continue;
            };
            let head = std::str::from_utf8(&self.answer[..end])?;
            let status = head.get(9..12).context("a status")?.parse()?;
            let length = head.split("\r\ncontent-length: ").nth(1).context("a length")?;
            let length = length.split("\r\n").next().unwrap_or_default();
            let whole = end + 4 + length.parse::<usize>()?;
            while self.answer.len() < whole {
                self.read_more().await?;
            }
            let head = std::str::from_utf8(&self.answer[..end])?;
            return Ok(Answer { status, head, body: &self.answer[end + 4..whole] });
        }
    }

    async fn read_more(&mut self) -> Result<()> {
        let n_read = self.stream.read_buf(&mut self.answer).await?;
        ensure!(n_read > 0, "the server closed the connection");
        Ok(())
    }
}
