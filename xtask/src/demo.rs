//! A shop with sample data, for programs that go through it as people do.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

pub(crate) const PASSWORD: &str = "admin-of-the-browser-tests";
const START: Duration = Duration::from_mins(10);
const DRAIN: Duration = Duration::from_mins(1);

/// An address of this machine where nothing listens.
pub(crate) fn free_address() -> Result<String> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.to_string())
}

/// It has a data folder of its own, and goes away with it.
pub(crate) struct Demo {
    process: Child,
    pub(crate) folder: PathBuf,
    pub(crate) url: String,
}

impl Demo {
    pub(crate) fn start(greenleaf: &Path, folder: PathBuf, address: &str) -> Result<Self> {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder)?;
        let log = File::create(folder.join("greenleaf.log"))?;

        let mut command = Command::new(greenleaf);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("GREENLEAF_") {
                command.env_remove(name);
            }
        }
        let process = command
            .args(["demo", "--listen", address, "--data"])
            .arg(folder.join("data"))
            .env("GREENLEAF_ADMIN_PASSWORD", PASSWORD)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .with_context(|| format!("{} cannot be run", greenleaf.display()))?;
        let mut demo = Self { process, folder, url: format!("http://{address}") };
        demo.wait_until_healthy(address)?;
        Ok(demo)
    }

    fn wait_until_healthy(&mut self, address: &str) -> Result<()> {
        let begin = Instant::now();
        while begin.elapsed() < START {
            if let Some(status) = self.process.try_wait()? {
                bail!("greenleaf demo ended before it served ({status}){}", self.log());
            }
            if answers(address, "/health").unwrap_or(false) {
                return Ok(());
            }
            sleep(Duration::from_millis(100));
        }
        bail!("greenleaf demo did not serve within {} s{}", START.as_secs(), self.log());
    }

    /// Asks it to end, as a deployment does, and wants it to end well.
    pub(crate) fn stop(mut self) -> Result<()> {
        let pid = self.process.id().to_string();
        ensure!(Command::new("kill").args(["-TERM", &pid]).status()?.success(), "it died early");
        let begin = Instant::now();
        while begin.elapsed() < DRAIN {
            if let Some(status) = self.process.try_wait()? {
                ensure!(status.success(), "greenleaf demo ended badly ({status}){}", self.log());
                return Ok(());
            }
            sleep(Duration::from_millis(50));
        }
        bail!("greenleaf demo did not end within {} s{}", DRAIN.as_secs(), self.log());
    }

    fn log(&self) -> String {
        let log = fs::read_to_string(self.folder.join("greenleaf.log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        format!("\nIts last lines:\n{}", lines[lines.len().saturating_sub(20)..].join("\n"))
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        if let Ok(None) = self.process.try_wait() {
            let _ = self.process.kill();
            let _ = self.process.wait();
        }
        let _ = fs::remove_dir_all(self.folder.join("data"));
    }
}

/// Whether what is asked there answers 200.
pub(crate) fn answers(address: &str, path: &str) -> Result<bool> {
    let mut connection = TcpStream::connect(address)?;
    connection.set_read_timeout(Some(Duration::from_secs(5)))?;
    write!(connection, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut status = [0; 12];
    connection.read_exact(&mut status)?;
    Ok(&status == b"HTTP/1.1 200")
}
