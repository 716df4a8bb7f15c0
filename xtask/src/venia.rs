//! Has Adobe's storefront Venia, as it is published on npm, sell from a demo shop.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::demo::{self, Demo};
use crate::{place, runners, setup, sh};

const START: Duration = Duration::from_mins(2);

/// Builds what is not built yet, which takes minutes, and walks through it in a browser.
pub(crate) fn run() -> Result<()> {
    setup::run()?;
    let greenleaf = greenleaf()?;
    let folder = place::target().join("venia");
    let storefront = folder.join("storefront");
    script("install.mjs", &[&storefront])?;

    // What is built holds the address of its shop's pictures.
    let shop = Demo::start(&greenleaf, folder.join("shop"), &address(&folder)?)?;
    script("build.mjs", &[&storefront, Path::new(&shop.url)])?;
    let served = Served::start(&storefront, &shop.url, &folder)?;

    let shots = folder.join("shots");
    let mut walk = sh::command("node --test --test-reporter=spec clients/venia/walk.mjs");
    walk.env("VENIA_URL", &served.url).env("SHOP_URL", &shop.url).env("SHOTS", &shots);
    let (output, succeeded) = sh::run_reading(&mut walk)?;
    drop(served);
    shop.stop()?;

    let count = runners::node(&output).context("node told no count of tests")?;
    println!("\nPictures of each page are in {}", shots.display());
    ensure!(succeeded && count.ran() > 0 && count.failed == 0, "Venia does not sell");
    Ok(())
}

/// That of `GREENLEAF_EXECUTABLE`, or the one that is built here.
fn greenleaf() -> Result<std::path::PathBuf> {
    if let Some(named) = std::env::var_os("GREENLEAF_EXECUTABLE") {
        return Ok(named.into());
    }
    sh::run(&mut sh::cargo("build --workspace --bins"))?;
    Ok(place::target().join("debug/greenleaf"))
}

fn script(name: &str, arguments: &[&Path]) -> Result<()> {
    let mut node = sh::command(&format!("node clients/venia/{name}"));
    sh::run(node.args(arguments))
}

/// The address of the last time as long as it is free, so that nothing has to be built anew.
fn address(folder: &Path) -> Result<String> {
    let file = folder.join("address");
    if let Ok(last) = fs::read_to_string(&file)
        && TcpListener::bind(&last).is_ok()
    {
        return Ok(last);
    }
    let address = demo::free_address()?;
    fs::create_dir_all(folder)?;
    fs::write(file, &address)?;
    Ok(address)
}

/// Venia behind its own server, which passes on to the shop what it does not answer itself.
struct Served {
    process: Child,
    url: String,
}

impl Served {
    fn start(storefront: &Path, shop: &str, folder: &Path) -> Result<Self> {
        let address = demo::free_address()?;
        let port = address.rsplit(':').next().context("an address has a port")?;
        let log = fs::File::create(folder.join("storefront.log"))?;
        let process = Command::new("node")
            .args(["node_modules/@magento/pwa-buildpack/bin/buildpack", "serve", "."])
            .current_dir(storefront)
            .env("PORT", port)
            .env("STAGING_SERVER_PORT", port)
            .env("MAGENTO_BACKEND_URL", format!("{shop}/"))
            .env("NODE_OPTIONS", "--openssl-legacy-provider")
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("node cannot be run")?;
        let mut served = Self { process, url: format!("http://{address}") };

        let begin = Instant::now();
        while begin.elapsed() < START {
            if let Some(status) = served.process.try_wait()? {
                bail!("Venia's server ended before it served ({status}), see storefront.log");
            }
            if demo::answers(&address, "/").unwrap_or(false) {
                return Ok(served);
            }
            sleep(Duration::from_millis(200));
        }
        bail!("Venia's server did not serve within {} s, see storefront.log", START.as_secs());
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
