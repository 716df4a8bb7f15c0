CREATE INDEX orders_by_bare_number ON orders (number);
