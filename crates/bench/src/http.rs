//! Pages under load: requests per second, and CPU per request.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use axum::Router;
use axum::routing::get;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::process::Server;
use crate::{Row, median, ratio};

const CONNECTIONS: u64 = 64;
const ROUNDS: usize = 3;

/// Serves the baseline until its parent ends it.
#[expect(clippy::print_stdout, reason = "the parent reads the address")]
pub(crate) async fn serve_bare(n_bytes: usize) -> Result<()> {
    let body = axum::body::Bytes::from(vec![b'x'; n_bytes]);
    let router = Router::new().route("/", get(move || async move { body.clone() }));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, router).await?;
    Ok(())
}

/// What one kind of request cost.
struct Load {
    per_second: u64,
    cpu_micros: u64,
    p99_micros: u64,
}

pub(crate) async fn measure(greenleaf: &Path, round: Duration) -> Result<Vec<Row>> {
    let data = tempfile::tempdir()?;
    let folder = data.path().to_str().context("a plain path")?;
    let arguments = ["demo", "--listen", "127.0.0.1:0", "--data", folder];
    // Once to seed the shop and make its pictures, and once to see how it starts.
    let seeded = Server::start(greenleaf, &arguments).await?;
    settle(&seeded).await?;
    seeded.stop().await?;
    let began = Instant::now();
    let shop = Server::start(greenleaf, &arguments).await?;
    ensure!(fetch(shop.address, "/", "").await?.status == 200, "the home page does not answer");
    let to_first_page = began.elapsed();
    settle(&shop).await?;
    let idle_memory = shop.memory()?;

    let category = category(shop.address).await?;
    let n_bytes = fetch(shop.address, &category, "br").await?.n_bytes;
    let me = std::env::current_exe()?;
    let bare = Server::start(&me, &["bare", &n_bytes.to_string()]).await?;

    let baseline = load(&bare, round, |_| "/".to_owned()).await?;
    let cached = load(&shop, round, |_| category.clone()).await?;
    // A price range that nobody asked for before is a page that nobody made before.
    let uncached = load(&shop, round, |n| format!("{category}?price=0-{}", 1_000 + n)).await?;
    let search = load(&shop, round, |n| format!("/search?q=savon&price=0-{}", 1_000 + n)).await?;

    let of_bare = format!("{} req/s", baseline.per_second);
    let cpu = |load: &Load| {
        format!(
            "{} µs CPU, {} req/s, p99 {} ms",
            load.cpu_micros,
            load.per_second,
            load.p99_micros / 1_000
        )
    };
    let own_work =
        |load: &Load| format!("+{} µs CPU", load.cpu_micros.saturating_sub(baseline.cpu_micros));
    Ok(vec![
        Row {
            what: format!("cached category page, {n_bytes} bytes in brotli"),
            measured: format!("{} req/s, {} µs CPU", cached.per_second, cached.cpu_micros),
            baseline: format!("bare handler: {of_bare}, {} µs CPU", baseline.cpu_micros),
            ratio: ratio(cached.per_second, baseline.per_second),
            to_reach: "≥ 0.6",
        },
        Row {
            what: "uncached category page, compressed".to_owned(),
            measured: cpu(&uncached),
            baseline: format!("bare handler: {} µs CPU", baseline.cpu_micros),
            ratio: own_work(&uncached),
            to_reach: "≤ 500 µs at 50k SKUs",
        },
        Row {
            what: "uncached search with facets, compressed".to_owned(),
            measured: cpu(&search),
            baseline: format!("bare handler: {} µs CPU", baseline.cpu_micros),
            ratio: own_work(&search),
            to_reach: "≤ 1,500 µs at 50k SKUs",
        },
        Row {
            what: "memory when idle".to_owned(),
            measured: format!("{} MB", idle_memory / 1_000_000),
            baseline: String::new(),
            ratio: String::new(),
            to_reach: "≤ 150 MB with 10k SKUs",
        },
        Row {
            what: "start to first page".to_owned(),
            measured: format!("{} ms", to_first_page.as_millis()),
            baseline: String::new(),
            ratio: String::new(),
            to_reach: "≤ 1 s with 1k SKUs",
        },
    ])
}

/// Waits until background work is done: two seconds in which nothing was computed.
async fn settle(server: &Server) -> Result<()> {
    let mut last = server.cpu_micros()?;
    for _ in 0..150 {
        tokio::time::sleep(Duration::from_secs(2)).await;
        let now = server.cpu_micros()?;
        if now - last < 100_000 {
            return Ok(());
        }
        last = now;
    }
    Ok(())
}

/// The first category that the home page links to.
async fn category(address: SocketAddr) -> Result<String> {
    let home = fetch(address, "/", "").await?.body;
    let at = home.find("href=\"/c/").context("the home page links to a category")?;
    let rest = &home[at + 6..];
    Ok(rest[..rest.find('"').context("a closed attribute")?].to_owned())
}

/// Asks one server over 64 connections, several rounds; the median round counts.
async fn load(server: &Server, round: Duration, path: impl Fn(u64) -> String) -> Result<Load> {
    let next = AtomicU64::new(0);
    let (mut rates, mut costs, mut slow) = (Vec::new(), Vec::new(), Vec::new());
    for warm_up in [true].into_iter().chain([false; ROUNDS]) {
        let (began, cpu) = (Instant::now(), server.cpu_micros()?);
        let latencies = Arc::new(std::sync::Mutex::new(Vec::<u64>::new()));
        let until = began + if warm_up { round / 3 } else { round };
        let mut clients = Vec::new();
        let paths: Vec<Vec<String>> = (0..CONNECTIONS)
            .map(|_| (0..400).map(|_| path(next.fetch_add(1, Ordering::Relaxed))).collect())
            .collect();
        for paths in paths {
            let (address, latencies) = (server.address, Arc::clone(&latencies));
            clients.push(tokio::spawn(async move {
                let own = client(address, &paths, until).await?;
                latencies.lock().map_err(|_| anyhow::anyhow!("a client panicked"))?.extend(own);
                anyhow::Ok(())
            }));
        }
        for client in clients {
            client.await??;
        }
        if warm_up {
            continue;
        }
        let mut latencies = std::mem::take(
            &mut *latencies.lock().map_err(|_| anyhow::anyhow!("a client panicked"))?,
        );
        latencies.sort_unstable();
        let n = u64::try_from(latencies.len())?.max(1);
        let millis = u64::try_from(began.elapsed().as_millis())?.max(1);
        rates.push(n * 1_000 / millis);
        costs.push((server.cpu_micros()? - cpu) / n);
        slow.push(latencies.get(latencies.len() * 99 / 100).copied().unwrap_or_default());
    }
    Ok(Load { per_second: median(rates), cpu_micros: median(costs), p99_micros: median(slow) })
}

/// One connection that asks as fast as it is answered.
async fn client(address: SocketAddr, paths: &[String], until: Instant) -> Result<Vec<u64>> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (mut latencies, mut buffer) = (Vec::new(), Vec::with_capacity(64 << 10));
    for path in paths.iter().cycle() {
        if Instant::now() >= until {
            break;
        }
        let asked = Instant::now();
        let answer = ask(&mut stream, &mut buffer, path, "br").await?;
        ensure!(answer.status == 200, "{path} answers {}", answer.status);
        latencies.push(u64::try_from(asked.elapsed().as_micros())?);
    }
    Ok(latencies)
}

struct Answer {
    status: u16,
    n_bytes: usize,
    body: String,
}

async fn fetch(address: SocketAddr, path: &str, encoding: &str) -> Result<Answer> {
    let mut stream = TcpStream::connect(address).await?;
    let mut buffer = Vec::new();
    let mut answer = ask(&mut stream, &mut buffer, path, encoding).await?;
    let body = buffer.len() - answer.n_bytes;
    answer.body = String::from_utf8_lossy(&buffer[body..]).into_owned();
    Ok(answer)
}

/// Sends one request and reads its whole answer, which must say how long it is.
async fn ask(
    stream: &mut TcpStream,
    buffer: &mut Vec<u8>,
    path: &str,
    encoding: &str,
) -> Result<Answer> {
    let request =
        format!("GET {path} HTTP/1.1\r\nhost: bench\r\naccept-encoding: {encoding}\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    buffer.clear();
    loop {
        ensure!(stream.read_buf(buffer).await? > 0, "the server closed the connection");
        let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = std::str::from_utf8(&buffer[..end])?.to_ascii_lowercase();
        let status = head.split(' ').nth(1).context("a status")?.parse()?;
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length:"))
            .context("a length")?;
        let n_bytes: usize = length.trim().parse()?;
        while buffer.len() < end + 4 + n_bytes {
            ensure!(stream.read_buf(buffer).await? > 0, "the server closed the connection");
        }
        return Ok(Answer { status, n_bytes, body: String::new() });
    }
}
