//! Looks at everything that the shop depends on, and says what is wrong with it.

use std::path::Path;

use anyhow::Result;

use crate::checks::{self, Finding};
use crate::config::{Config, Database};
use crate::{join, say, server};

const MIB: u64 = 1024 * 1024;
/// Released after this, so a clock before it is wrong.
const RELEASED: i64 = 1_767_225_600;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Ok,
    Warn,
    Fail,
}

struct Line {
    what: &'static str,
    verdict: Verdict,
    detail: String,
}

/// Prints the table; `false` when something fails.
pub(crate) async fn run(config: &Config) -> Result<bool> {
    let mut lines = vec![
        Line { what: "configuration", verdict: Verdict::Ok, detail: "understood".to_owned() },
        secret_key(config),
        base_url(config),
        clock(),
        disk(&config.storage.data),
    ];
    let (truth, pictures, mail) =
        tokio::join!(truth(&config.storage.database), pictures(config), mail(config));
    lines.extend(truth);
    lines.extend([pictures, mail]);

    for Line { what, verdict, detail } in &lines {
        let verdict = match verdict {
            Verdict::Ok => "ok",
            Verdict::Warn => "warn",
            Verdict::Fail => "fail",
        };
        say::line(format_args!("{verdict:<5} {what:<14} {detail}"));
    }
    Ok(lines.iter().all(|line| line.verdict != Verdict::Fail))
}

impl Line {
    fn of(what: &'static str, finding: Finding) -> Self {
        match finding {
            Ok(detail) => Self { what, verdict: Verdict::Ok, detail },
            Err(detail) => Self { what, verdict: Verdict::Fail, detail },
        }
    }

    fn new(what: &'static str, verdict: Verdict, detail: impl Into<String>) -> Self {
        Self { what, verdict, detail: detail.into() }
    }
}

fn secret_key(config: &Config) -> Line {
    let what = "secret key";
    if config.secrets.key.is_some() {
        return Line::new(what, Verdict::Ok, "set");
    }
    if config.storage.data.join(server::DEMO_KEY).exists() {
        return Line::new(
            what,
            Verdict::Warn,
            "the demo's own; `serve` needs GREENLEAF_SECRET_KEY",
        );
    }
    Line::new(what, Verdict::Fail, "GREENLEAF_SECRET_KEY is not set, and `serve` needs it")
}

fn base_url(config: &Config) -> Line {
    let what = "base URL";
    let Some(url) = &config.http.base_url else {
        let detail = "base_url is not set: links in mails point to the address listened on";
        return Line::new(what, Verdict::Warn, detail);
    };
    let is_local = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    if url.scheme() == "https" || is_local {
        return Line::new(what, Verdict::Ok, url.as_str());
    }
    Line::new(what, Verdict::Warn, format!("{url} is not https: passwords travel in clear text"))
}

fn clock() -> Line {
    let now = join::clock().now();
    let verdict = if now.as_second() < RELEASED { Verdict::Fail } else { Verdict::Ok };
    Line::new("clock", verdict, now.strftime("%Y-%m-%d %H:%M:%S UTC").to_string())
}

fn disk(data: &Path) -> Line {
    let what = "disk";
    let known = data.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("/"));
    let free = match rustix::fs::statvfs(known) {
        Ok(disk) => disk.f_bavail.saturating_mul(disk.f_frsize) / MIB,
        Err(error) => return Line::new(what, Verdict::Fail, error.to_string()),
    };
    let verdict = match free {
        ..200 => Verdict::Fail,
        200..2048 => Verdict::Warn,
        _ => Verdict::Ok,
    };
    Line::new(what, verdict, format!("{free} MiB free at {}", known.display()))
}

async fn truth(database: &Database) -> Vec<Line> {
    if let Database::Sqlite(file) = database
        && !file.exists()
    {
        // Looking would make one.
        let detail = format!("there is none at {}: run `greenleaf migrate`", file.display());
        return vec![Line::new("database", Verdict::Fail, detail)];
    }
    let db = match join::connect(database).await {
        Ok(db) => db,
        Err(error) => {
            return vec![Line::new("database", Verdict::Fail, checks::chain(&*error))];
        }
    };
    let reached = checks::database(&db).await;
    let is_reached = reached.is_ok();
    let mut lines = vec![Line::of("database", reached)];
    if is_reached {
        let schema = checks::schema(&db).await;
        let is_current = schema.is_ok();
        lines.push(Line::of("schema", schema));
        if is_current {
            let queue = match checks::queue(&db, &join::clock()).await {
                Ok(detail) => Line::new("jobs", Verdict::Ok, detail),
                Err(detail) => Line::new("jobs", Verdict::Warn, detail),
            };
            lines.push(queue);
        }
    }
    db.close().await;
    lines
}

async fn pictures(config: &Config) -> Line {
    let finding = match join::media(&config.storage) {
        Ok(media) => checks::media(media.as_ref()).await,
        Err(error) => Err(checks::chain(&*error)),
    };
    Line::of("media", finding)
}

async fn mail(config: &Config) -> Line {
    let finding = match join::mailer(&config.mail, &config.storage) {
        Ok(mailer) => checks::mail(mailer.as_ref()).await,
        Err(error) => Err(checks::chain(&*error)),
    };
    match finding {
        Ok(_) if config.mail.smtp.is_none() => {
            Line::new("mail", Verdict::Warn, "smtp_url is not set: mails become files")
        }
        finding => Line::of("mail", finding),
    }
}
