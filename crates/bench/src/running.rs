//! A running shop: how fast it starts, and what it needs when nobody asks for anything.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::figure::{Figure, median, shown};
use crate::float;
use crate::load::{BROWSER, Connection};
use crate::process::Server;

const STARTS: usize = 3;

pub(crate) struct RunningShop {
    pub(crate) server: Server,
    starts: Vec<f64>,
    start_cpu: f64,
    idle: u64,
}

impl RunningShop {
    /// Starts the shop several times and keeps the last one.
    ///
    /// Renditions of pictures would be made while pages are measured, so nobody works.
    pub(crate) async fn start(
        greenleaf: &Path,
        command: &str,
        data: &str,
        environment: &[(&str, &str)],
    ) -> Result<Self> {
        let arguments = [command, "--listen", "127.0.0.1:0", "--data", data, "--workers", "0"];
        let mut starts = Vec::new();
        loop {
            let began = Instant::now();
            let server = Server::start(greenleaf, &arguments, environment).await?;
            let mut connection = Connection::open(server.address).await?;
            let answer = connection.get("/", BROWSER).await?;
            ensure!(answer.status == 200, "the home page answers {}", answer.status);
            starts.push(began.elapsed().as_secs_f64());
            if starts.len() == STARTS {
                let start_cpu = float(server.cpu_micros()?) / 1e6;
                // What loading left behind is given back a second later, by whoever comes next.
                tokio::time::sleep(Duration::from_millis(1_500)).await;
                connection.get("/", BROWSER).await?;
                tokio::time::sleep(Duration::from_millis(500)).await;
                let idle = server.memory()?;
                return Ok(Self { server, starts, start_cpu, idle });
            }
        }
    }

    /// To be asked after the pages were loaded.
    pub(crate) fn figures(
        &self,
        most_memory: Option<f64>,
        longest_start: Option<f64>,
    ) -> Result<[Figure; 2]> {
        let after = float(self.server.memory()?) / 1e6;
        let starts = self.starts.iter().copied();
        let fastest = starts.clone().reduce(f64::min);
        Ok([
            Figure::new("memory when idle", float(self.idle) / 1e6, "MB")
                .note(format!("{} MB after the load, with its cached pages", shown(after)))
                .at_most(most_memory),
            Figure {
                best_ratio: longest_start.zip(fastest).map(|(longest, it)| longest / it),
                ..Figure::new("start to first page", median(starts), "s")
                    .note(format!("{} s of CPU", shown(self.start_cpu)))
                    .at_most(longest_start)
            },
        ])
    }
}
