//! Somebody with a browser: an address, a connection that is kept, a cookie of the load balancer.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context, Result};

use crate::load::Connection;

/// Whoever waits longer has gone.
const PATIENCE: Duration = Duration::from_secs(40);

pub(crate) struct Client {
    address: SocketAddr,
    from: IpAddr,
    connection: Option<Connection>,
    cookie: String,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) has_retry_after: bool,
    /// Where it leads, if it leads on.
    pub(crate) location: Option<String>,
    pub(crate) body: Vec<u8>,
}

impl Client {
    /// The nth client of a shop; each has an address of its own.
    pub(crate) fn new(address: SocketAddr, nth: u8) -> Self {
        let from = IpAddr::V4(Ipv4Addr::new(127, 0, 1, nth));
        Self { address, from, connection: None, cookie: String::new() }
    }

    /// As browsers do, asks once more if a connection that was kept had ended meanwhile.
    pub(crate) async fn get(&mut self, path: &str) -> Result<Answer> {
        let was_kept = self.connection.is_some();
        match self.patiently(path, None).await {
            Err(_) if was_kept => self.patiently(path, None).await,
            answer => answer,
        }
    }

    pub(crate) async fn ask_graphql(&mut self, question: &str) -> Result<Answer> {
        self.patiently("/graphql", Some(question)).await
    }

    async fn patiently(&mut self, path: &str, json: Option<&str>) -> Result<Answer> {
        let answer = tokio::time::timeout(PATIENCE, self.once(path, json)).await;
        let answer = answer.context("no answer within 40 s").and_then(|answer| answer);
        if answer.is_err() {
            self.connection = None;
        }
        answer
    }

    async fn once(&mut self, path: &str, json: Option<&str>) -> Result<Answer> {
        if self.connection.is_none() {
            self.connection = Some(Connection::open_from(self.from, self.address).await?);
        }
        let connection = self.connection.as_mut().context("it was opened just now")?;
        let answer = match json {
            Some(json) => connection.post_json_as(path, json, &self.cookie).await?,
            None => connection.get_as(path, "", &self.cookie).await?,
        };
        let header = |name: &str| {
            let value = answer.head.split("\r\n").find_map(|line| line.strip_prefix(name));
            value.map(str::trim)
        };
        if let Some(cookie) = header("set-cookie: INSTANCE=") {
            let value = cookie.split(';').next().unwrap_or_default();
            self.cookie = format!("INSTANCE={value}");
        }
        let is_last = header("connection:") == Some("close");
        let answered = Answer {
            status: answer.status,
            has_retry_after: header("retry-after:").is_some(),
            location: header("location:").map(str::to_owned),
            body: answer.body.to_vec(),
        };
        if is_last {
            self.connection = None;
        }
        Ok(answered)
    }
}
