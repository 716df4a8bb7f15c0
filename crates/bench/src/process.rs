//! Processes that are measured: started, watched, ended.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{ExitStatus, Stdio};

use anyhow::{Context, Result, bail, ensure};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// A server of our own; ended when it is dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) pid: u32,
    pub(crate) address: SocketAddr,
}

impl Server {
    /// Starts a program and waits until it prints the address that it listens at.
    pub(crate) async fn start(
        program: &Path,
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> Result<Self> {
        Self::start_logging(program, arguments, environment, Stdio::null()).await
    }

    /// The same, with what it logs.
    pub(crate) async fn start_logging(
        program: &Path,
        arguments: &[&str],
        environment: &[(&str, &str)],
        log: Stdio,
    ) -> Result<Self> {
        let mut child = Command::new(program)
            .args(arguments)
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{} cannot be started", program.display()))?;
        let pid = child.id().context("the server runs")?;
        let stdout = child.stdout.take().context("the output is piped")?;
        let mut lines = BufReader::new(stdout).lines();
        while let Some(line) = lines.next_line().await? {
            let address = line.split("http://").nth(1).and_then(|rest| {
                rest.split(|char: char| char.is_whitespace() || char == '/').next()?.parse().ok()
            });
            if let Some(address) = address {
                // Somebody must go on reading, or the program blocks on a full pipe.
                tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
                return Ok(Self { child, pid, address });
            }
        }
        bail!("{} ended before it listened", program.display())
    }

    /// Ends it without a word, as the kernel does when there is no memory.
    pub(crate) async fn kill(mut self) -> Result<()> {
        Ok(self.child.kill().await?)
    }

    /// Asks it to end, as a deployment does, and waits until it has.
    pub(crate) async fn stop(mut self) -> Result<ExitStatus> {
        let told = Command::new("kill").args(["-TERM", &self.pid.to_string()]).status().await?;
        ensure!(told.success(), "process {} is gone already", self.pid);
        Ok(self.child.wait().await?)
    }

    /// Microseconds of CPU used so far.
    pub(crate) fn cpu_micros(&self) -> Result<u64> {
        cpu_micros(&self.pid.to_string())
    }

    /// Resident memory in bytes.
    pub(crate) fn memory(&self) -> Result<u64> {
        memory(&self.pid.to_string())
    }
}

/// Resident memory of a process, in bytes.
pub(crate) fn memory(pid: &str) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).context("VmRSS")?;
    let kilobytes: u64 = line.split_whitespace().nth(1).context("a number")?.parse()?;
    Ok(kilobytes * 1024)
}

/// Microseconds of CPU used so far by a process, `self` among them, and by the kernel on its
/// behalf. Exact to a hundredth of a second.
pub(crate) fn cpu_micros(pid: &str) -> Result<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let after_name = stat.rsplit_once(')').context("a name in parentheses")?.1;
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    let ticks = |at: usize| -> Result<u64> { Ok(fields.get(at).context("a field")?.parse()?) };
    // Fields 14 and 15 of proc(5), counted from the third; a tick is 10 ms.
    Ok((ticks(11)? + ticks(12)?) * 10_000)
}
