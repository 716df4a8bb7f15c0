//! What merchants call a product that has several variants; each of those has a SKU of its own.

use std::collections::HashMap;

use commerce::catalog::{ProductId, Sku};
use uuid::Uuid;

use crate::engine::{CHUNK, execute, fetch_all, fetch_chunk};
use crate::{Conn, DbError, Tx, sku};

const TABLE: &str = "configurable_skus";

/// The products that go by these SKUs.
pub async fn find_by_skus(
    conn: &mut Conn,
    skus: &[Sku],
) -> Result<HashMap<Sku, ProductId>, DbError> {
    let mut found = HashMap::new();
    let skus: Vec<&str> = skus.iter().map(Sku::as_str).collect();
    for chunk in skus.chunks(CHUNK) {
        let rows = fetch_chunk!(
            conn,
            (String, Uuid),
            "SELECT sku, product_id FROM configurable_skus \
             WHERE sku IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
            chunk
        );
        for (text, product) in rows {
            found.insert(sku(TABLE, &text)?, ProductId(product));
        }
    }
    Ok(found)
}

/// The SKUs of products; one that was never given a SKU is absent.
pub async fn find_many(
    conn: &mut Conn,
    ids: &[ProductId],
) -> Result<HashMap<ProductId, Sku>, DbError> {
    let mut found = HashMap::new();
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    for chunk in ids.chunks(CHUNK) {
        let rows = fetch_chunk!(
            conn,
            (String, Uuid),
            "SELECT sku, product_id FROM configurable_skus \
             WHERE product_id IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
            chunk
        );
        for (text, product) in rows {
            found.insert(ProductId(product), sku(TABLE, &text)?);
        }
    }
    Ok(found)
}

/// The SKUs of all products that were given one.
pub async fn list(conn: &mut Conn) -> Result<HashMap<ProductId, Sku>, DbError> {
    let rows = fetch_all!(conn, (String, Uuid), "SELECT sku, product_id FROM configurable_skus");
    rows.into_iter().map(|(text, product)| Ok((ProductId(product), sku(TABLE, &text)?))).collect()
}

/// Gives a product its SKU.
pub async fn insert(tx: &mut Tx, id: ProductId, sku: &Sku) -> Result<(), DbError> {
    execute!(
        tx,
        "INSERT INTO configurable_skus (sku, product_id) VALUES (?, ?)",
        sku.as_str(),
        id.0,
    );
    Ok(())
}
