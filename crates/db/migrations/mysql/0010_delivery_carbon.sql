ALTER TABLE shipping_methods ADD COLUMN carbon TEXT;
ALTER TABLE orders ADD COLUMN delivery_carbon TEXT;
