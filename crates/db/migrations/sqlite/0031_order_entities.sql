ALTER TABLE orders ADD COLUMN entity INTEGER;
UPDATE orders SET entity = counted.n
    FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY placed_at, id) AS n FROM orders) AS counted
    WHERE counted.id = orders.id;
INSERT INTO sequences (name, last) SELECT 'order-entity', COUNT(*) FROM orders;
CREATE UNIQUE INDEX orders_by_entity ON orders (entity);
