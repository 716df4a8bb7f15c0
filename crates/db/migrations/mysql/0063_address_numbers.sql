ALTER TABLE customer_addresses ADD COLUMN number BIGINT;
UPDATE customer_addresses
    JOIN (SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS n FROM customer_addresses) AS counted
    ON counted.id = customer_addresses.id
    SET customer_addresses.number = counted.n;
INSERT INTO sequences (name, last) SELECT 'address', COUNT(*) FROM customer_addresses;
CREATE UNIQUE INDEX customer_addresses_by_number ON customer_addresses (number);
