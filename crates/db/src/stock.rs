//! The stock ledger: what is on hand, what is promised, and each move between.

use std::collections::BTreeMap;

use commerce::catalog::{ProductId, Sku};
use commerce::order::OrderId;
use commerce::stock::{SourceCode, StockLevel, StockMove};
use jiff::Timestamp;
use uuid::Uuid;

use crate::engine::{CHUNK, execute, fetch_all, fetch_chunk, fetch_optional};
use crate::{Conn, DbError, Tx, narrow, parsed, sku};

/// Promises `quantity` units of `sku` to an order; `false` when there are not enough.
///
/// One guarded statement: two checkouts that race for the last unit cannot both see it free.
pub async fn allocate(
    tx: &mut Tx,
    source: &SourceCode,
    sku: &Sku,
    quantity: u32,
) -> Result<bool, DbError> {
    let allocated = execute!(
        tx,
        "UPDATE stock SET allocated = allocated + ? \
         WHERE sku = ? AND source = ? AND on_hand - allocated >= ?",
        quantity,
        sku.as_str(),
        source.as_str(),
        quantity,
    );
    Ok(allocated == 1)
}

/// Takes a promise back; `false` when less than that was promised, which means a bug.
pub async fn release(
    tx: &mut Tx,
    source: &SourceCode,
    sku: &Sku,
    quantity: u32,
) -> Result<bool, DbError> {
    let released = execute!(
        tx,
        "UPDATE stock SET allocated = allocated - ? \
         WHERE sku = ? AND source = ? AND allocated >= ?",
        quantity,
        sku.as_str(),
        source.as_str(),
        quantity,
    );
    Ok(released == 1)
}

/// Lets promised units leave; `false` when less than that was promised, which means a bug.
pub async fn ship(
    tx: &mut Tx,
    source: &SourceCode,
    sku: &Sku,
    quantity: u32,
) -> Result<bool, DbError> {
    let shipped = execute!(
        tx,
        "UPDATE stock SET on_hand = on_hand - ?, allocated = allocated - ? \
         WHERE sku = ? AND source = ? AND allocated >= ?",
        quantity,
        quantity,
        sku.as_str(),
        source.as_str(),
        quantity,
    );
    Ok(shipped == 1)
}

/// Sets what was counted; `false` when more than that is already promised.
pub async fn count(
    tx: &mut Tx,
    source: &SourceCode,
    sku: &Sku,
    on_hand: u32,
) -> Result<bool, DbError> {
    let counted = execute!(
        tx,
        "UPDATE stock SET on_hand = ? WHERE sku = ? AND source = ? AND allocated <= ?",
        on_hand,
        sku.as_str(),
        source.as_str(),
        on_hand,
    );
    if counted == 1 {
        return Ok(true);
    }
    if find(tx, source, sku).await?.is_some() {
        return Ok(false);
    }
    insert(tx, source, sku, on_hand).await?;
    Ok(true)
}

/// Writes the first level of a SKU that has none.
pub async fn insert(
    tx: &mut Tx,
    source: &SourceCode,
    sku: &Sku,
    on_hand: u32,
) -> Result<(), DbError> {
    execute!(
        tx,
        "INSERT INTO stock (sku, source, on_hand, allocated) VALUES (?, ?, ?, 0)",
        sku.as_str(),
        source.as_str(),
        on_hand,
    );
    Ok(())
}

/// Writes a line of the ledger.
pub async fn log(
    tx: &mut Tx,
    source: &SourceCode,
    sku: &Sku,
    kind: StockMove,
    (on_hand_change, allocated_change): (i64, i64),
    order: Option<OrderId>,
    at: Timestamp,
) -> Result<(), DbError> {
    execute!(
        tx,
        "INSERT INTO stock_moves (id, sku, source, kind, on_hand_change, allocated_change, \
         order_id, moved_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        Uuid::now_v7(),
        sku.as_str(),
        source.as_str(),
        kind_name(kind),
        on_hand_change,
        allocated_change,
        order.map(|order| order.0),
        at.as_microsecond(),
    );
    Ok(())
}

fn kind_name(kind: StockMove) -> &'static str {
    match kind {
        StockMove::Receive => "receive",
        StockMove::Count => "count",
        StockMove::Allocate => "allocate",
        StockMove::Release => "release",
        StockMove::Ship => "ship",
    }
}

pub async fn find(
    conn: &mut Conn,
    source: &SourceCode,
    sku: &Sku,
) -> Result<Option<StockLevel>, DbError> {
    let row = fetch_optional!(
        conn,
        (i64, i64),
        "SELECT on_hand, allocated FROM stock WHERE sku = ? AND source = ?",
        sku.as_str(),
        source.as_str(),
    );
    row.map(level).transpose()
}

fn level((on_hand, allocated): (i64, i64)) -> Result<StockLevel, DbError> {
    Ok(StockLevel { on_hand: narrow("stock", on_hand)?, allocated: narrow("stock", allocated)? })
}

/// The levels of some SKUs, however many; a SKU without a row is absent.
pub async fn find_many(
    conn: &mut Conn,
    source: &SourceCode,
    skus: &[Sku],
) -> Result<BTreeMap<Sku, StockLevel>, DbError> {
    let mut levels = BTreeMap::new();
    let wanted: Vec<&str> = skus.iter().map(Sku::as_str).collect();
    for chunk in wanted.chunks(CHUNK) {
        let rows = fetch_chunk!(
            conn,
            (String, i64, i64),
            "SELECT sku, on_hand, allocated FROM stock WHERE source = ? \
             AND sku IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            source.as_str();
            chunk
        );
        for (text, on_hand, allocated) in rows {
            levels.insert(sku("stock", &text)?, level((on_hand, allocated))?);
        }
    }
    Ok(levels)
}

/// Every level there is; for building the read side.
pub async fn list(conn: &mut Conn) -> Result<Vec<(Sku, SourceCode, StockLevel)>, DbError> {
    let rows = fetch_all!(
        conn,
        (String, String, i64, i64),
        "SELECT sku, source, on_hand, allocated FROM stock ORDER BY sku, source"
    );
    rows.into_iter()
        .map(|(sku_text, source, on_hand, allocated)| {
            let source = parsed("stock", &source, SourceCode::new(source.as_str()))?;
            Ok((sku("stock", &sku_text)?, source, level((on_hand, allocated))?))
        })
        .collect()
}

/// A variant on sale of which little is left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LowStock {
    pub sku: Sku,
    pub product: ProductId,
    pub level: StockLevel,
}

/// The enabled variants of published products of which at most `most` units are free, fewest
/// first.
pub async fn list_low(
    conn: &mut Conn,
    source: &SourceCode,
    most: u32,
    limit: u32,
    offset: u32,
) -> Result<Vec<LowStock>, DbError> {
    let rows = fetch_all!(
        conn,
        (String, Uuid, i64, i64),
        "SELECT variants.sku, variants.product_id, COALESCE(stock.on_hand, 0), \
         COALESCE(stock.allocated, 0) FROM variants \
         JOIN products ON products.id = variants.product_id \
         LEFT JOIN stock ON stock.sku = variants.sku AND stock.source = ? \
         WHERE variants.is_enabled AND products.visibility = 'published' \
         AND COALESCE(stock.on_hand - stock.allocated, 0) <= ? \
         ORDER BY COALESCE(stock.on_hand - stock.allocated, 0), variants.sku LIMIT ? OFFSET ?",
        source.as_str(),
        most,
        limit,
        offset,
    );
    rows.into_iter()
        .map(|(sku_text, product, on_hand, allocated)| {
            Ok(LowStock {
                sku: sku("stock", &sku_text)?,
                product: ProductId(product),
                level: level((on_hand, allocated))?,
            })
        })
        .collect()
}

/// How many variants [`list_low`] would list.
pub async fn count_low(conn: &mut Conn, source: &SourceCode, most: u32) -> Result<u32, DbError> {
    let row = fetch_optional!(
        conn,
        (i64,),
        "SELECT COUNT(*) FROM variants JOIN products ON products.id = variants.product_id \
         LEFT JOIN stock ON stock.sku = variants.sku AND stock.source = ? \
         WHERE variants.is_enabled AND products.visibility = 'published' \
         AND COALESCE(stock.on_hand - stock.allocated, 0) <= ?",
        source.as_str(),
        most,
    );
    narrow("stock", row.map_or(0, |(n,)| n))
}

/// The SKUs whose ledger does not explain their level; always none.
///
/// Run every night, so that a drift is found before a customer finds it.
pub async fn unexplained(conn: &mut Conn) -> Result<Vec<String>, DbError> {
    let rows = fetch_all!(
        conn,
        (String,),
        "SELECT stock.sku FROM stock LEFT JOIN ( \
            SELECT sku, source, CAST(SUM(on_hand_change) AS SIGNED) AS on_hand, \
            CAST(SUM(allocated_change) AS SIGNED) AS allocated \
            FROM stock_moves GROUP BY sku, source \
         ) moved ON moved.sku = stock.sku AND moved.source = stock.source \
         WHERE COALESCE(moved.on_hand, 0) <> stock.on_hand \
         OR COALESCE(moved.allocated, 0) <> stock.allocated OR stock.allocated > stock.on_hand \
         ORDER BY stock.sku"
    );
    Ok(rows.into_iter().map(|(sku,)| sku).collect())
}
