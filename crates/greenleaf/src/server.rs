//! Serves and works until a signal, then drains.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result};
use axum::serve::ListenerExt as _;
use metrics_exporter_prometheus::PrometheusHandle;
use shop::Shop;
use shop::secret::Key;
use tokio::net::{TcpListener, TcpSocket};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::checks::Readiness;
use crate::cloudwatch::CloudWatch;
use crate::config::{Config, ConfigError};
use crate::front::Front;
use crate::join::Outside;
use crate::seats::Seats;
use crate::turns::Turns;
use crate::{admin, checks, demo as sample, found, front, join, say, telemetry};

/// How often the gauges of the queue are set.
const GAUGES: Duration = Duration::from_secs(15);
/// Connections that wait to be accepted. Who finds no place there asks again after seconds, so there
/// are as many as the kernel allows by default.
const BACKLOG: u32 = 4_096;
/// CloudWatch is told every minute, as its alarms look.
const LOOKS_A_LINE: u32 = 4;
/// A worker that panicked is not started again at once, lest it fill the log.
const RESPAWN: Duration = Duration::from_secs(1);

pub(crate) async fn serve(config: &Config) -> Result<()> {
    let key = configured_key(config)?;
    let listener = bind(config)?;
    let address = listener.local_addr()?;
    let shop = Outside::open(config).await?.into_shop(key, base_url(config, address)).await?;
    if config.mail.smtp.is_none() {
        tracing::warn!("smtp_url is not set: mails are written into the data folder");
    }
    run(config, shop, Some(listener), || {
        say::line(format_args!("GreenLeaf serves on http://{address}"));
    })
    .await
}

pub(crate) async fn work(config: &Config) -> Result<()> {
    let key = configured_key(config)?;
    let base_url = base_url(config, config.http.listen);
    let shop = Outside::open(config).await?.into_shop(key, base_url).await?;
    run(config, shop, None, || say::line("GreenLeaf works.")).await
}

pub(crate) async fn demo(config: &Config) -> Result<()> {
    let listener = bind(config)?;
    let address = listener.local_addr()?;
    let outside = Outside::open(config).await?;
    let key = demo_key(config)?;
    outside.db.migrate().await?;
    if found::is_empty(&outside.db).await? {
        let begin = Instant::now();
        let (media, pictures) = (outside.media.as_ref(), &outside.pictures);
        sample::seed(&outside.db, media, pictures, &outside.clock, &|step| say::line(step))
            .await
            .context("the sample data could not be written")?;
        tracing::info!(ms = begin.elapsed().as_millis(), "the sample data is written");
        found::channel(&outside.db).await?;
    }
    let base_url = base_url(config, address);
    let shop = outside.into_shop(key, base_url.clone()).await?;
    let password = admin::demo_password(&shop, config.secrets.admin_password.as_ref()).await?;
    run(config, shop, Some(listener), || {
        say::line("GreenLeaf is ready.");
        say::line(format_args!("  shop         {base_url}/"));
        say::line(format_args!("  back office  {base_url}/admin"));
        say::line(format_args!("  login        {}", admin::DEMO_LOGIN));
        match password {
            Some(password) => say::line(format_args!("  password     {password}")),
            None => {
                say::line(
                    "  password     as before; `greenleaf admin password admin` sets another",
                );
            }
        }
    })
    .await
}

fn bind(config: &Config) -> Result<TcpListener> {
    let address = config.http.listen;
    let listen = || {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        // A restart does not wait until the last connections of before are forgotten.
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)
    };
    listen().with_context(|| format!("{address} cannot be listened on"))
}

fn base_url(config: &Config, address: SocketAddr) -> String {
    match &config.http.base_url {
        Some(url) => url.as_str().trim_end_matches('/').to_owned(),
        None if address.ip().is_unspecified() => format!("http://localhost:{}", address.port()),
        None => format!("http://{address}"),
    }
}

/// The key of the shop in this folder: the configured one, or that which the demo made.
pub(crate) fn known_key(config: &Config) -> Result<Key> {
    if config.storage.data.join(DEMO_KEY).exists() {
        return demo_key(config);
    }
    Ok(configured_key(config)?)
}

fn demo_key(config: &Config) -> Result<Key> {
    match &config.secrets.key {
        Some(_) => Ok(configured_key(config)?),
        None => kept_key(&config.storage.data.join(DEMO_KEY)),
    }
}

fn configured_key(config: &Config) -> Result<Key, ConfigError> {
    let key = config.secrets.key.as_ref().and_then(|key| Key::new(key.expose().as_bytes()));
    key.ok_or_else(|| {
        ConfigError(
            "GREENLEAF_SECRET_KEY is needed: at least 32 random bytes, the same on every instance, \
             such as `openssl rand -hex 32` gives"
                .to_owned(),
        )
    })
}

/// Where the demo keeps the key that nobody configured, in the data folder.
pub(crate) const DEMO_KEY: &str = "secret.key";

/// Reads the key in the file, which is made when missing, for its owner alone.
fn kept_key(file: &Path) -> Result<Key> {
    let refused = || format!("{} cannot be used as the secret key", file.display());
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let random: [u8; 32] = shop::secret::random();
            let text = data_encoding::HEXLOWER.encode(&random);
            let written = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
            written
                .and_then(|mut file: File| {
                    file.write_all(text.as_bytes())?;
                    file.sync_all()
                })
                .with_context(refused)?;
            text
        }
        Err(error) => return Err(error).with_context(refused),
    };
    Key::new(text.trim().as_bytes()).with_context(refused)
}

/// Runs the workers and, with a listener, the server, until a signal; then drains.
///
/// The first signal turns `/health` to 503 and stops the workers after their job; after the notice
/// that gives the load balancer, no connection is accepted, and requests in flight finish. What is
/// still running at the end of the drain time, or at a second signal, is cut off: a transaction
/// that did not commit did not happen, and a job's lease runs out.
async fn run(
    config: &Config,
    shop: Shop,
    listener: Option<TcpListener>,
    ready: impl FnOnce(),
) -> Result<()> {
    let metrics = telemetry::metrics()?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut signaled = async || {
        tokio::select! { _ = interrupt.recv() => (), _ = terminate.recv() => () }
    };

    let (stop, stopped) = watch::channel(false);
    let (close, closed) = watch::channel(false);
    let mut tasks = JoinSet::new();
    for _ in 0..config.workers {
        tasks.spawn(worker(shop.clone(), stopped.clone()));
    }
    let cloudwatch = config.log.cloudwatch.clone().map(CloudWatch::new);
    let cloudwatch = cloudwatch.map(|cloudwatch| (cloudwatch, metrics.clone()));
    tasks.spawn(gauges(shop.clone(), cloudwatch, stopped.clone()));
    // Until the last request is answered, pages should be true.
    tasks.spawn(shop::read_side::follow(shop.clone(), closed.clone()));
    drop(stopped);
    let front = Arc::new(Front {
        proxies: config.http.proxies.clone(),
        seats: Seats::new(config.http.max_in_flight),
        turns: Turns::new(crate::n_processors()),
        is_draining: AtomicBool::new(false),
        metrics,
        readiness: Readiness::new(shop.clone()),
    });
    let upkeep = front.metrics.clone();
    let upkeep = tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_secs(5)).await;
            upkeep.run_upkeep();
        }
    });
    let serves = listener.is_some();
    if let Some(listener) = listener {
        tasks.spawn(listen(
            listener,
            front::router(join::routes(&shop, config.http.theme.as_deref()), &front),
            closed,
        ));
    }

    ready();
    signaled().await;

    let deadline = Instant::now() + config.http.drain;
    tracing::info!(seconds = config.http.drain.as_secs(), "draining");
    front.is_draining.store(true, Ordering::Relaxed);
    let _ = stop.send(true);
    let finish = async {
        if serves {
            tokio::time::sleep(config.http.notice).await;
        }
        let _ = close.send(true);
        while tasks.join_next().await.is_some() {}
    };
    let is_finished = tokio::select! {
        done = tokio::time::timeout_at(deadline, finish) => done.is_ok(),
        () = signaled() => false,
    };
    if !is_finished {
        let n_in_flight = front.seats.n_taken();
        tracing::warn!(n_in_flight, "what was still running is cut off");
    }
    tasks.shutdown().await;
    upkeep.abort();
    // Connections that a cut-off request holds come back at once, as their futures are dropped.
    let _ = tokio::time::timeout(Duration::from_secs(2), shop.db.close()).await;
    tracing::info!("stopped");
    Ok(())
}

async fn listen(listener: TcpListener, router: axum::Router, mut closed: watch::Receiver<bool>) {
    let listener = listener.tap_io(|stream| {
        // Small answers go out at once.
        let _ = stream.set_nodelay(true);
    });
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, service).with_graceful_shutdown(async move {
        let _ = closed.wait_for(|is_closed| *is_closed).await;
    });
    if let Err(error) = served.await {
        tracing::error!(error = shop::logged(&error), "serving failed");
    }
}

/// Does jobs, and goes on doing them after one that panics.
async fn worker(shop: Shop, stopped: watch::Receiver<bool>) {
    let is_stopped = || *stopped.borrow();
    while !is_stopped() {
        let mut works = JoinSet::new();
        works.spawn(shop::jobs::work(shop.clone(), stopped.clone()));
        if let Some(Err(error)) = works.join_next().await
            && error.is_panic()
        {
            tokio::time::sleep(RESPAWN).await;
        }
    }
}

/// Keeps the gauges of the queue true also when nobody asks `/ready`.
async fn gauges(
    shop: Shop,
    mut cloudwatch: Option<(CloudWatch, PrometheusHandle)>,
    mut stopped: watch::Receiver<bool>,
) {
    for look in 0_u32.. {
        if *stopped.borrow() {
            return;
        }
        if let Err(detail) = checks::queue(&shop.db, &shop.clock).await {
            tracing::warn!(detail, "the queue does not keep up");
        }
        // What matters is the gauge; whether it is too much, /ready says.
        let _ = checks::feed(&shop);
        if let Some((cloudwatch, metrics)) = &mut cloudwatch
            && look.is_multiple_of(LOOKS_A_LINE)
        {
            say::record(&cloudwatch.line(&metrics.render(), shop.clock.now()));
        }
        let _ = tokio::time::timeout(GAUGES, stopped.changed()).await;
    }
}
