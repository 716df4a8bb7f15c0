ALTER TABLE orders ADD COLUMN entity BIGINT;
UPDATE orders
    JOIN (SELECT id, ROW_NUMBER() OVER (ORDER BY placed_at, id) AS n FROM orders) AS counted
    ON counted.id = orders.id
    SET orders.entity = counted.n;
INSERT INTO sequences (name, last) SELECT 'order-entity', COUNT(*) FROM orders;
CREATE UNIQUE INDEX orders_by_entity ON orders (entity);
