//! Whether the truth is whole afterwards: orders, stock, jobs, mails.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use commerce::order::OrderId;
use db::Db;
use testkit::servers::Received;
use uuid::Uuid;

use super::findings::Findings;
use super::traffic::Acknowledged;

/// Asks the database from outside, by its own client.
pub(crate) type Ask<'a> = &'a dyn Fn(&str) -> String;

/// What must be empty, and what it would mean.
const WRONG: [(&str, &str); 11] = [
    (
        "no order without lines",
        "SELECT number FROM orders LEFT JOIN order_lines ON order_id = id WHERE order_id IS NULL",
    ),
    (
        "no order without history",
        "SELECT number FROM orders LEFT JOIN order_events \
         ON order_id = orders.id AND kind = 'placed' WHERE order_id IS NULL",
    ),
    (
        "no order without the job of its mail",
        "SELECT number FROM orders WHERE NOT EXISTS (SELECT 1 FROM jobs \
         WHERE dedupe_key = REPLACE('order-?-placed', '?', LOWER(HEX(orders.id))))",
    ),
    (
        "no order of a cart that is open",
        "SELECT number FROM orders LEFT JOIN carts ON carts.id = cart_id \
         WHERE COALESCE(state, '') <> 'ordered'",
    ),
    (
        "no cart closed without an order",
        "SELECT HEX(carts.id) FROM carts LEFT JOIN orders ON cart_id = carts.id \
         WHERE state = 'ordered' AND orders.id IS NULL",
    ),
    (
        "no rows of orders that are not there",
        "SELECT HEX(order_id) FROM (SELECT order_id FROM order_lines \
         UNION SELECT order_id FROM order_adjustments UNION SELECT order_id FROM order_events \
         UNION SELECT order_id FROM stock_moves WHERE order_id IS NOT NULL) parts \
         LEFT JOIN orders ON orders.id = order_id WHERE orders.id IS NULL",
    ),
    (
        "the stock ledger has what each order promised",
        "SELECT number FROM orders \
         JOIN (SELECT order_id, SUM(quantity) AS n FROM order_lines GROUP BY order_id) wanted \
         ON wanted.order_id = orders.id \
         LEFT JOIN (SELECT order_id, SUM(allocated_change) AS n FROM stock_moves \
         GROUP BY order_id) moved ON moved.order_id = orders.id \
         WHERE COALESCE(moved.n, 0) <> wanted.n",
    ),
    (
        "what is allocated is what open orders have",
        "SELECT stock.sku FROM stock LEFT JOIN (SELECT sku, SUM(quantity - n_shipped) AS n \
         FROM order_lines JOIN orders ON orders.id = order_id WHERE canceled_at IS NULL \
         GROUP BY sku) wanted ON wanted.sku = stock.sku WHERE COALESCE(n, 0) <> allocated",
    ),
    ("no stock below zero", "SELECT sku FROM stock WHERE allocated < 0 OR on_hand < allocated"),
    ("no purchase ordered twice", "SELECT email FROM orders GROUP BY email HAVING COUNT(*) > 1"),
    ("no job given up", "SELECT kind, last_error FROM jobs WHERE state = 'dead'"),
];

/// Judges the orders, and gives how many there are.
pub(crate) async fn audit(
    findings: &mut Findings,
    ask: Ask<'_>,
    database_url: &str,
    acknowledged: &[&Acknowledged],
) -> Result<usize> {
    for (requirement, query) in WRONG {
        findings.require_none(requirement, &lines(&ask(query)));
    }
    let orders = ask("SELECT HEX(id), number, email FROM orders");
    let mut numbers = BTreeMap::new();
    let db = Db::connect(database_url).await?;
    let mut conn = db.read().await?;
    let mut unreadable = Vec::new();
    for line in orders.lines() {
        let mut columns = line.split('\t');
        let mut column = || columns.next().context("three columns");
        let (id, number, email) = (column()?, column()?, column()?);
        match db::order::find(&mut conn, OrderId(Uuid::try_parse(id)?)).await {
            Ok(Some(_)) => {}
            found => unreadable.push(format!("{number}: {found:?}")),
        }
        numbers.insert(number, email);
    }
    findings.require_none("all parts of each order add up to its total", &unreadable);
    findings.require_none(
        "the stock ledger explains the stock",
        &db::stock::unexplained(&mut conn).await?,
    );
    drop(conn);
    db.close().await;

    let is_lost = |told: &&&Acknowledged| numbers.get(&*told.number) != Some(&&*told.email);
    let lost = acknowledged.iter().filter(is_lost);
    let lost: Vec<String> = lost.map(|told| format!("{} of {}", told.number, told.email)).collect();
    findings.require_none("every order that a buyer was told of is there", &lost);
    let told: BTreeSet<&str> = acknowledged.iter().map(|told| &*told.number).collect();
    findings.require(
        "no number was told to two buyers",
        told.len() == acknowledged.len(),
        format!("{} numbers for {} buyers", told.len(), acknowledged.len()),
    );
    findings.figure(
        "orders",
        format!("{}, {} of them acknowledged", numbers.len(), acknowledged.len()),
    );
    Ok(numbers.len())
}

/// Waits until no job is left to do, and gives how long that took.
pub(crate) async fn wait_for_jobs(ask: Ask<'_>, patience: Duration) -> Result<Duration> {
    let began = Instant::now();
    loop {
        let n_ready = ask("SELECT COUNT(*) FROM jobs WHERE state = 'ready'");
        if n_ready.trim() == "0" || began.elapsed() > patience {
            return Ok(began.elapsed());
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Judges the confirmations: each order has its mail, and a repeat can be told from a second mail by
/// its `Message-ID`, which is made of the order.
pub(crate) fn audit_mails(
    findings: &mut Findings,
    ask: Ask<'_>,
    mails: &[Received],
    most_repeats: usize,
) {
    findings.require_none(
        "every job is done",
        &lines(&ask("SELECT kind, attempts, last_error FROM jobs WHERE state <> 'done'")),
    );
    let mut sent: HashMap<String, usize> = HashMap::new();
    for mail in mails {
        *sent.entry(message_id(&mail.raw)).or_default() += 1;
    }
    let orders = ask("SELECT LOWER(HEX(id)) FROM orders");
    let name = |order: &str| format!("order-{order}-placed@greenleaf.test");
    let wanted: BTreeSet<String> = orders.lines().map(name).collect();
    let missing: Vec<String> =
        wanted.iter().filter(|id| !sent.contains_key(*id)).cloned().collect();
    let alien: Vec<String> = sent.keys().filter(|id| !wanted.contains(*id)).cloned().collect();
    let n_repeats = mails.len() - sent.len();
    findings.figure(
        "confirmations",
        format!(
            "{} for {} orders, {n_repeats} sent again under the same id",
            mails.len(),
            wanted.len()
        ),
    );
    findings.require_none("every order has its confirmation", &missing);
    findings.require_none("no confirmation without an order", &alien);
    findings.require(
        "a mail is repeated only when its worker died after sending it",
        n_repeats <= most_repeats,
        format!("{n_repeats} repeats"),
    );
}

fn message_id(raw: &[u8]) -> String {
    let text = String::from_utf8_lossy(raw);
    let head = text.split("\r\n\r\n").next().unwrap_or_default().replace("\r\n ", " ");
    let line = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("message-id").then(|| value.trim())
    });
    line.unwrap_or_default().trim_matches(['<', '>']).to_owned()
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_known_by_its_id_also_when_the_line_is_folded() {
        let raw = b"From: a@b\r\nMessage-ID:\r\n <order-1-placed@shop>\r\n\r\nMessage-ID: <no>";

        assert_eq!(message_id(raw), "order-1-placed@shop");
    }
}
