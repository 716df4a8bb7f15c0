//! Who works in the back office, from the command line.

use std::io::{BufRead, IsTerminal, Write};

use anyhow::{Context as _, Result, bail};
use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
use shop::Shop;
use shop::integration::EVERYTHING;
use shop::secret::Key;

use crate::AdminCommand;
use crate::config::{Config, Secret};
use crate::join::Outside;
use crate::{say, server};

pub(crate) const DEMO_LOGIN: &str = "admin";
/// What NIST SP 800-63B-4 asks of a password beside a second factor, rounded up.
const MIN_LENGTH: usize = 10;

pub(crate) async fn run(config: &Config, command: AdminCommand) -> Result<()> {
    // The secrets of programs are sealed under the shop's own key.
    let key = match command {
        AdminCommand::Integration { .. } => server::known_key(config)?,
        _ => Key::random(),
    };
    let shop = Outside::open(config).await?.into_counter(key).await?;
    match command {
        AdminCommand::Integration { name, mut resources } => {
            if resources.is_empty() {
                resources.push(EVERYTHING.to_owned());
            }
            let keys = shop::integration::create(&shop, &name, &resources).await?;
            say::line(format_args!("consumer key\t{}", keys.consumer_key));
            say::line(format_args!("consumer secret\t{}", keys.consumer_secret));
            say::line(format_args!("access token\t{}", keys.access_token));
            say::line(format_args!("access token secret\t{}", keys.access_token_secret));
        }
        AdminCommand::Integrations => {
            for one in shop::integration::list(&shop).await? {
                say::line(format_args!("{}\t{}", one.name, one.resources.join(" ")));
            }
        }
        AdminCommand::RemoveIntegration { name } => {
            if !shop::integration::delete(&shop, &name).await? {
                bail!("there is no integration {name}");
            }
            say::line(format_args!("{name} has no access any more."));
        }
        AdminCommand::Password { login, name } => {
            let (password, is_random) = match ask_password(&login)? {
                Some(password) => (password, false),
                None => (random_password(), true),
            };
            if password.chars().count() < MIN_LENGTH {
                bail!("a password has at least {MIN_LENGTH} characters");
            }
            let name = name.unwrap_or_else(|| login.clone());
            shop::staff::set_password(&shop, &login, &name, &password).await?;
            if is_random {
                say::line(format_args!("The password of {login} is {password}"));
            } else {
                say::line(format_args!("The password of {login} is set."));
            }
        }
        AdminCommand::List => {
            for staff in db::staff::list(&mut shop.db.read().await?).await? {
                let factor =
                    if staff.totp_secret.is_some() { "two factors" } else { "password only" };
                say::line(format_args!("{}\t{}\t{factor}", staff.login, staff.name));
            }
        }
        AdminCommand::RemoveTotp { login } => {
            let found = db::staff::find_by_login(&mut shop.db.read().await?, &login).await?;
            let staff = found.with_context(|| format!("nobody has the login {login}"))?;
            shop::staff::remove_totp(&shop, staff.id).await?;
            say::line(format_args!("{login} logs in with the password alone."));
        }
    }
    shop.db.close().await;
    Ok(())
}

/// Makes the demo's staff user; gives the password, unless it is one set before.
pub(crate) async fn demo_password(
    shop: &Shop,
    configured: Option<&Secret<String>>,
) -> Result<Option<String>> {
    let found = db::staff::find_by_login(&mut shop.db.read().await?, DEMO_LOGIN).await?;
    let password = match configured {
        Some(password) => password.expose().clone(),
        None if found.is_some() => return Ok(None),
        None => random_password(),
    };
    let is_set = match &found {
        Some(staff) => shop.passwords.verify(&password, Some(&staff.password_hash)).await,
        None => false,
    };
    // Setting it again would log everybody out.
    if !is_set {
        shop::staff::set_password(shop, DEMO_LOGIN, "Admin", &password).await?;
    }
    Ok(Some(password))
}

/// 100 bits in letters that nobody confuses.
fn random_password() -> String {
    let random: [u8; 15] = shop::secret::random();
    let letters = data_encoding::BASE32_NOPAD.encode(&random).to_ascii_lowercase();
    letters.as_bytes()[..20].chunks(5).map(String::from_utf8_lossy).collect::<Vec<_>>().join("-")
}

/// Reads one line, unseen on a terminal; `None` when it is empty.
fn ask_password(login: &str) -> Result<Option<String>> {
    let stdin = std::io::stdin();
    let mut line = String::new();
    if stdin.is_terminal() {
        eprint!("Password of {login} (empty for a random one): ");
        std::io::stderr().flush()?;
        let seen = tcgetattr(&stdin)?;
        let mut unseen = seen.clone();
        unseen.local_modes.remove(LocalModes::ECHO);
        tcsetattr(&stdin, OptionalActions::Flush, &unseen)?;
        let read = stdin.lock().read_line(&mut line);
        tcsetattr(&stdin, OptionalActions::Flush, &seen)?;
        eprintln!();
        read?;
    } else {
        stdin.lock().read_line(&mut line)?;
    }
    let password = line.trim_end_matches(['\r', '\n']);
    Ok((!password.is_empty()).then(|| password.to_owned()))
}
