//! The executable as a command that somebody gives beside a shop that serves.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tokio::io::AsyncReadExt as _;

/// Gives commands to one shop.
pub(super) struct Commands<'a> {
    greenleaf: &'a Path,
    data: PathBuf,
    database_url: String,
}

/// What became of a command that ended well.
pub(super) struct Done {
    pub(super) said: String,
    pub(super) took: Duration,
    /// The most that was resident, in bytes, as far as was looked.
    pub(super) memory: u64,
}

impl Done {
    /// The last line that was printed.
    pub(super) fn last_line(&self) -> &str {
        self.said.lines().last().unwrap_or_default()
    }

    pub(super) fn megabytes(&self) -> u64 {
        self.memory / 1_000_000
    }
}

impl<'a> Commands<'a> {
    pub(super) fn to(greenleaf: &'a Path, data: PathBuf, database_url: &str) -> Self {
        Self { greenleaf, data, database_url: database_url.to_owned() }
    }

    pub(super) fn greenleaf(&self) -> &'a Path {
        self.greenleaf
    }

    /// Gives a command and waits until it has ended well.
    pub(super) async fn run(&self, arguments: &[&str]) -> Result<Done> {
        let began = Instant::now();
        let mut child = self.spawn(arguments)?;
        let status = format!("/proc/{}/status", child.id().context("it runs")?);
        let mut stdout = child.stdout.take().context("the output is piped")?;
        let reader = tokio::spawn(async move {
            let mut said = String::new();
            stdout.read_to_string(&mut said).await.map(|_| said)
        });
        let mut memory = 0;
        let ended = loop {
            tokio::select! {
                ended = child.wait() => break ended?,
                () = tokio::time::sleep(Duration::from_millis(20)) => {
                    memory = peak(&status).unwrap_or(memory);
                }
            }
        };
        let took = began.elapsed();
        let said = reader.await??;
        ensure!(ended.success(), "{arguments:?} ended with {ended}: {said}");
        Ok(Done { said, took, memory })
    }

    /// Gives a command and kills it so much later than a moment; it must not have ended by then.
    pub(super) async fn run_and_kill(
        &self,
        arguments: &[&str],
        moment: impl Future<Output = Result<()>>,
        later: Duration,
    ) -> Result<Duration> {
        let began = Instant::now();
        let mut child = self.spawn(arguments)?;
        moment.await?;
        tokio::time::sleep(later).await;
        ensure!(child.try_wait()?.is_none(), "{arguments:?} ended before it could be killed");
        child.kill().await?;
        Ok(began.elapsed())
    }

    fn spawn(&self, arguments: &[&str]) -> Result<tokio::process::Child> {
        let child = tokio::process::Command::new(self.greenleaf)
            .args(arguments)
            .arg("--data")
            .arg(&self.data)
            .env("GREENLEAF_DATABASE_URL", &self.database_url)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn();
        child.with_context(|| format!("{} cannot be started", self.greenleaf.display()))
    }
}

/// The most that a process had resident so far.
fn peak(status: &str) -> Option<u64> {
    let status = fs::read_to_string(status).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}
