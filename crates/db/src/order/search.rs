//! Orders as programs look through them: by any conditions, in any order, a page at a time.

use std::fmt::Write as _;

use commerce::order::{OrderId, OrderStatus};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::{TABLE, status_name};
use crate::engine::on;
use crate::{Conn, DbError, narrow};

/// What is compared as a number: moments in microseconds, amounts in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberField {
    Entity,
    /// The number of the customer's account; a guest has none.
    Customer,
    Total,
    PlacedAt,
    /// When something last happened to it.
    UpdatedAt,
}

/// What is compared as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextField {
    /// In capitals.
    Number,
    /// In small letters.
    Email,
    /// In capitals.
    Currency,
}

/// What may be true of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    Always(bool),
    Status(Vec<OrderStatus>),
    IsPaid,
    HasCustomer,
    /// Both ends included.
    Within(NumberField, i64, i64),
    OneOf(NumberField, Vec<i64>),
    Among(TextField, Vec<String>),
    Before(TextField, String),
    After(TextField, String),
    /// `%` stands for any letters and `_` for one.
    Like(TextField, String),
    /// Any of them is true.
    Any(Vec<Test>),
    Not(Box<Test>),
}

/// What orders are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortField {
    Number(NumberField),
    Text(TextField),
    Status,
}

/// All of the tests are true of what is looked for; what sorts alike comes oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    pub tests: Vec<Test>,
    /// With whether it goes downwards.
    pub sort: Vec<(SortField, bool)>,
}

/// An order on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub entity: i64,
    pub id: OrderId,
    /// The number of the customer's account.
    pub customer: Option<i64>,
}

impl NumberField {
    fn sql(self) -> &'static str {
        match self {
            Self::Entity => "o.entity",
            Self::Customer => "c.number",
            Self::Total => "(o.total_net_minor + o.total_tax_minor)",
            Self::PlacedAt => "o.placed_at",
            Self::UpdatedAt => {
                "COALESCE((SELECT MAX(e.happened_at) FROM order_events e WHERE e.order_id = o.id), \
                 o.placed_at)"
            }
        }
    }
}

impl TextField {
    fn sql(self) -> &'static str {
        match self {
            Self::Number => "o.number",
            Self::Email => "o.email_key",
            Self::Currency => "o.currency",
        }
    }

    /// A text that the column can be compared with, and that comes where this one comes.
    ///
    /// MySQL refuses to compare a column of ASCII with other letters. They come after all that is in
    /// it, and so does `DEL`, which no order has.
    fn comparable(self, text: &str) -> String {
        match text.find(|letter: char| !letter.is_ascii()) {
            Some(at) if self != Self::Email => format!("{}\u{7f}", &text[..at]),
            _ => text.to_owned(),
        }
    }
}

impl SortField {
    fn sql(self) -> &'static str {
        match self {
            Self::Number(field) => field.sql(),
            Self::Text(field) => field.sql(),
            Self::Status => "o.status",
        }
    }
}

enum Bind {
    Number(i64),
    Text(String),
}

/// A statement as it grows. All that is written into it are the constants of this file; what
/// somebody asked for is bound.
#[derive(Default)]
struct Statement {
    text: String,
    binds: Vec<Bind>,
}

impl Statement {
    fn bind_all(&mut self, field: &str, binds: impl ExactSizeIterator<Item = Bind>) {
        if binds.len() == 0 {
            self.text.push_str("1 = 0");
            return;
        }
        self.text.push_str(field);
        self.text.push_str(" IN (?");
        self.text.push_str(&", ?".repeat(binds.len() - 1));
        self.text.push(')');
        self.binds.extend(binds);
    }

    fn compare(&mut self, field: TextField, operator: &str, text: &str) {
        self.text.push_str(field.sql());
        self.text.push_str(operator);
        self.binds.push(Bind::Text(field.comparable(text)));
    }

    /// Writes a test in parentheses, which is true or false and never unknown.
    fn test(&mut self, test: &Test) {
        self.text.push('(');
        match test {
            Test::Always(is_so) => self.text.push_str(if *is_so { "1 = 1" } else { "1 = 0" }),
            Test::Status(statuses) => {
                let names = statuses.iter().map(|it| Bind::Text(status_name(*it).to_owned()));
                self.bind_all("o.status", names);
            }
            Test::IsPaid => self.text.push_str("o.paid_at IS NOT NULL"),
            Test::HasCustomer => self.text.push_str("c.number IS NOT NULL"),
            Test::Within(field, from, to) => {
                let sql = field.sql();
                let _ = write!(self.text, "{sql} IS NOT NULL AND {sql} >= ? AND {sql} <= ?");
                self.binds.extend([Bind::Number(*from), Bind::Number(*to)]);
            }
            Test::OneOf(field, numbers) => {
                self.text.push_str(field.sql());
                self.text.push_str(" IS NOT NULL AND ");
                self.bind_all(field.sql(), numbers.iter().map(|number| Bind::Number(*number)));
            }
            Test::Among(field, texts) => {
                let binds = texts.iter().map(|text| Bind::Text(field.comparable(text)));
                self.bind_all(field.sql(), binds);
            }
            Test::Before(field, text) => self.compare(*field, " < ?", text),
            Test::After(field, text) => self.compare(*field, " > ?", text),
            Test::Like(field, pattern) => {
                let pattern = pattern.replace('!', "!!");
                self.compare(*field, " LIKE ? ESCAPE '!'", &pattern);
            }
            Test::Any(tests) => {
                for (n, test) in tests.iter().enumerate() {
                    self.text.push_str(if n > 0 { " OR " } else { "" });
                    self.test(test);
                }
                if tests.is_empty() {
                    self.text.push_str("1 = 0");
                }
            }
            Test::Not(test) => {
                self.text.push_str("NOT ");
                self.test(test);
            }
        }
        self.text.push(')');
    }

    fn select(columns: &str, search: &Search) -> Self {
        let mut statement = Self::default();
        statement.text.push_str("SELECT ");
        statement.text.push_str(columns);
        statement.text.push_str(
            " FROM orders o LEFT JOIN customers c ON c.id = o.customer_id \
             WHERE o.entity IS NOT NULL",
        );
        for test in &search.tests {
            statement.text.push_str(" AND ");
            statement.test(test);
        }
        statement
    }
}

/// Runs what was put together, on either engine.
macro_rules! fetch_all {
    ($conn:expr, $row:ty, $statement:expr) => {{
        let Statement { text, binds } = $statement;
        on!($conn, |engine| {
            let mut query = sqlx::query_as::<_, $row>(AssertSqlSafe(text));
            for bind in binds {
                query = match bind {
                    Bind::Number(number) => query.bind(number),
                    Bind::Text(text) => query.bind(text),
                };
            }
            query.fetch_all(&mut *engine).await?
        })
    }};
}

/// A page of the orders that are looked for, and how many there are in all.
pub async fn search(
    conn: &mut Conn,
    search: &Search,
    limit: u32,
    offset: u32,
) -> Result<(Vec<Found>, u32), DbError> {
    let count = Statement::select("COUNT(*)", search);
    let counted: Vec<(i64,)> = fetch_all!(conn, (i64,), count);
    let n_found = narrow(TABLE, counted.first().map_or(0, |&(n,)| n))?;

    let mut page = Statement::select("o.entity, o.id, c.number", search);
    page.text.push_str(" ORDER BY ");
    for (field, is_down) in &search.sort {
        page.text.push_str(field.sql());
        page.text.push_str(if *is_down { " DESC, " } else { ", " });
    }
    page.text.push_str("o.entity LIMIT ? OFFSET ?");
    page.binds.extend([Bind::Number(limit.into()), Bind::Number(offset.into())]);
    let rows: Vec<(i64, Uuid, Option<i64>)> = fetch_all!(conn, (i64, Uuid, Option<i64>), page);
    let found = rows
        .into_iter()
        .map(|(entity, id, customer)| Found { entity, id: OrderId(id), customer })
        .collect();
    Ok((found, n_found))
}
