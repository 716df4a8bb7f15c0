ALTER TABLE customer_addresses ADD COLUMN number INTEGER;
UPDATE customer_addresses SET number = counted.n
    FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS n FROM customer_addresses) AS counted
    WHERE counted.id = customer_addresses.id;
INSERT INTO sequences (name, last) SELECT 'address', COUNT(*) FROM customer_addresses;
CREATE UNIQUE INDEX customer_addresses_by_number ON customer_addresses (number);
