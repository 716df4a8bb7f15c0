SET NAMES utf8mb4;
-- So many products more, a sixth of them configurable with two variants each, and half as many
-- customers and orders; numbers begin at 1001. SEQUENCE counts from one.
INSERT INTO catalog_category_entity (entity_id, parent_id, path, position, level) SELECT 1000+seq, 3, CONCAT('1/2/3/',1000+seq), seq, 3 FROM seq_1_to_200;
INSERT INTO catalog_category_entity_varchar (attribute_id, store_id, entity_id, value)
 SELECT 45,0,1000+seq,CONCAT('Rayon ',seq) FROM seq_1_to_200 UNION ALL SELECT 45,2,1000+seq,CONCAT('Aisle ',seq) FROM seq_1_to_200 UNION ALL SELECT 48,0,1000+seq,CONCAT('rayon-',seq) FROM seq_1_to_200;
INSERT INTO catalog_category_entity_int (attribute_id, store_id, entity_id, value) SELECT 46,0,1000+seq,1 FROM seq_1_to_200;
CREATE TEMPORARY TABLE made AS SELECT seq, 1000+seq AS id, seq%6=0 AS is_configurable, seq%6 IN (4,5) AS is_variant, ELT(1+seq%5,'vert','noir','blanc','rouge','fumé') AS color, ELT(1+seq%5,'Green','Black','White','Red','Smoked') AS colour FROM seq_1_to_{n};
INSERT INTO catalog_product_entity (entity_id, attribute_set_id, type_id, sku) SELECT id, IF(is_configurable OR is_variant,4,9), IF(is_configurable,'configurable','simple'), CONCAT('P-',LPAD(seq,6,'0')) FROM made;
INSERT INTO catalog_product_website SELECT id, 1 FROM made;
INSERT INTO catalog_product_entity_varchar (attribute_id, store_id, entity_id, value) SELECT 73,0,id,CONCAT('Thé ',color,' n° ',seq) FROM made;
INSERT INTO catalog_product_entity_varchar (attribute_id, store_id, entity_id, value) SELECT 73,2,id,CONCAT(colour,' tea no. ',seq) FROM made WHERE NOT is_variant;
INSERT INTO catalog_product_entity_varchar (attribute_id, store_id, entity_id, value) SELECT 119,0,id,CONCAT('the-',seq) FROM made;
INSERT INTO catalog_product_entity_varchar (attribute_id, store_id, entity_id, value) SELECT 119,2,id,CONCAT('tea-',seq) FROM made WHERE NOT is_variant;
INSERT INTO catalog_product_entity_varchar (attribute_id, store_id, entity_id, value) SELECT 141,0,id,ELT(1+seq%3,'Shizuoka','Darjeeling','Yunnan') FROM made WHERE NOT is_configurable AND NOT is_variant;
INSERT INTO catalog_product_entity_text (attribute_id, store_id, entity_id, value) SELECT 75,0,id,CONCAT('<p>Un thé <em>',color,'</em>.</p><ul>',REPEAT('<li>Cueilli à la main, séché à l’ombre &amp; trié deux fois.</li>',8),'</ul>') FROM made WHERE NOT is_variant;
INSERT INTO catalog_product_entity_text (attribute_id, store_id, entity_id, value) SELECT 143,0,id,IF(seq%2,'20','20,21') FROM made WHERE NOT is_configurable AND NOT is_variant;
INSERT INTO catalog_product_entity_int (attribute_id, store_id, entity_id, value) SELECT 97,0,id,1 FROM made;
INSERT INTO catalog_product_entity_int (attribute_id, store_id, entity_id, value) SELECT 99,0,id,IF(is_variant,1,4) FROM made;
INSERT INTO catalog_product_entity_int (attribute_id, store_id, entity_id, value) SELECT 132,0,id,IF(is_configurable OR is_variant,2,5) FROM made;
INSERT INTO catalog_product_entity_int (attribute_id, store_id, entity_id, value) SELECT 140,0,id,IF(seq%6=5,10,11) FROM made WHERE is_variant;
INSERT INTO catalog_product_entity_int (attribute_id, store_id, entity_id, value) SELECT 142,0,id,seq%2 FROM made WHERE NOT is_configurable AND NOT is_variant;
INSERT INTO catalog_product_entity_decimal (attribute_id, store_id, entity_id, value) SELECT 77,0,id,3+(seq%4000)/100 FROM made WHERE NOT is_configurable;
INSERT INTO catalog_product_entity_decimal (attribute_id, store_id, entity_id, value) SELECT 82,0,id,(50+seq%900)/1000 FROM made WHERE NOT is_configurable;
INSERT INTO catalog_category_product (category_id, product_id) SELECT 1001+seq%200, id FROM made WHERE NOT is_variant;
INSERT INTO catalog_product_super_link (product_id, parent_id) SELECT id-1, id FROM made WHERE is_configurable;
INSERT INTO catalog_product_super_link (product_id, parent_id) SELECT id-2, id FROM made WHERE is_configurable;
INSERT INTO catalog_product_super_attribute (product_id, attribute_id) SELECT id, 140 FROM made WHERE is_configurable;
INSERT INTO inventory_source_item (source_code, sku, quantity, status) SELECT 'default', CONCAT('P-',LPAD(seq,6,'0')), seq%90, 1 FROM made WHERE NOT is_configurable;
INSERT INTO url_rewrite (entity_type, entity_id, request_path, target_path, redirect_type, store_id) SELECT 'product',id,CONCAT('the-',seq,'.html'),CONCAT('catalog/product/view/id/',id),0,1 FROM made WHERE NOT is_variant;
INSERT INTO url_rewrite (entity_type, entity_id, request_path, target_path, redirect_type, store_id) SELECT 'product',id,CONCAT('tea-',seq,'.html'),CONCAT('catalog/product/view/id/',id),0,2 FROM made WHERE NOT is_variant;
INSERT INTO url_rewrite (entity_type, entity_id, request_path, target_path, redirect_type, store_id) SELECT 'product',id,CONCAT('thes/rayon-',1+seq%200,'/the-',seq,'.html'),CONCAT('catalog/product/view/id/',id,'/category/',1001+seq%200),0,1 FROM made WHERE NOT is_variant;
-- All have the password of the first customer.
INSERT INTO customer_entity (entity_id, website_id, email, store_id, firstname, lastname, password_hash, default_billing, default_shipping) SELECT id, 1, CONCAT('client',seq,'@exemple.fr'), 1, 'Camille', CONCAT('Client ',seq), password_hash, id, id FROM made JOIN customer_entity AS model ON model.entity_id = 1 WHERE seq <= {n}/2;
INSERT INTO customer_address_entity SELECT id, id, 'Camille', CONCAT('Client ',seq), NULL, CONCAT(seq,' rue du Thé'), '75011', 'Paris', 'FR', '0102030405' FROM made WHERE seq <= {n}/2;
-- Each has ordered what the first customer has, of another product.
INSERT INTO sales_order (entity_id, state, status, store_id, customer_id, customer_is_guest, customer_email, increment_id, created_at, grand_total, tax_amount, subtotal, subtotal_incl_tax, discount_amount, shipping_amount, shipping_incl_tax, shipping_tax_amount, shipping_discount_amount, shipping_method, shipping_description, billing_address_id, shipping_address_id, total_paid)
 SELECT id, state, status, 1, id, 0, CONCAT('client',seq,'@exemple.fr'), LPAD(1000+seq,9,'0'), '2024-01-01' + INTERVAL seq MINUTE, grand_total, tax_amount, subtotal, subtotal_incl_tax, discount_amount, shipping_amount, shipping_incl_tax, shipping_tax_amount, shipping_discount_amount, shipping_method, shipping_description, 2*id, 2*id+1, total_paid FROM made JOIN sales_order AS model ON model.entity_id = 1 WHERE seq <= {n}/2;
INSERT INTO sales_order_item (item_id, order_id, product_id, product_type, sku, name, qty_ordered, qty_shipped, qty_canceled, weight, price, price_incl_tax, row_total, row_total_incl_tax, tax_percent, tax_amount, discount_amount, is_virtual)
 SELECT id, id, 1001+6*(seq DIV 6), 'simple', CONCAT('P-',LPAD(1+6*(seq DIV 6),6,'0')), 'Thé', 2, 2, 0, 0.1, 11.85, 12.50, 23.7, 25, 5.5, 1.3, 0, 0 FROM made WHERE seq <= {n}/2;
INSERT INTO sales_order_address SELECT 2*id, id, 'billing', 'Camille', CONCAT('Client ',seq), NULL, CONCAT(seq,' rue du Thé'), '75011', 'Paris', 'FR', '0102030405' FROM made WHERE seq <= {n}/2;
INSERT INTO sales_order_address SELECT 2*id+1, id, 'shipping', 'Camille', CONCAT('Client ',seq), NULL, CONCAT(seq,' rue du Thé'), '75011', 'Paris', 'FR', '0102030405' FROM made WHERE seq <= {n}/2;
INSERT INTO sales_order_payment (parent_id, method, additional_information) SELECT id, 'checkmo', '{"method_title":"Chèque"}' FROM made WHERE seq <= {n}/2;
INSERT INTO sales_invoice (order_id, state) SELECT id, 2 FROM made WHERE seq <= {n}/2;
INSERT INTO sales_shipment (entity_id, order_id) SELECT id, id FROM made WHERE seq <= {n}/2;
INSERT INTO sales_shipment_item (parent_id, qty, order_item_id) SELECT id, 2, id FROM made WHERE seq <= {n}/2;
