SET NAMES utf8mb4;
-- A small shop of teas that lived long.
INSERT INTO store_website VALUES (0,'admin','Admin',0,0,0),(1,'base','Thés',0,1,1),(2,'pro','Pro',1,2,0);
INSERT INTO store_group VALUES (0,0,'Default',0,0,'default'),(1,1,'Thés',2,1,'main'),(2,2,'Pro',90,3,'pro');
INSERT INTO store VALUES (0,'admin',0,0,'Admin',0,1),(1,'fr',1,1,'Français',0,1),(2,'anglais',1,1,'English',1,1),(3,'pro',2,2,'Pro',0,1);
INSERT INTO core_config_data (scope, scope_id, path, value) VALUES
 ('default',0,'general/locale/code','fr_FR'),('stores',2,'general/locale/code','en_GB'),
 ('default',0,'currency/options/base','EUR'),('default',0,'tax/calculation/price_includes_tax','1'),
 ('default',0,'web/secure/base_url','https://www.thes.example/');
INSERT INTO tax_class VALUES (2,'Taxable Goods','PRODUCT'),(3,'Retail Customer','CUSTOMER'),(5,'Alimentation','PRODUCT');
INSERT INTO tax_calculation_rate VALUES (1,'FR',0,'*','FR 20',20.0000),(2,'FR',0,'*','FR 5.5',5.5000),(3,'BE',0,'*','BE 6',6.0000);
INSERT INTO tax_calculation (tax_calculation_rate_id, tax_calculation_rule_id, customer_tax_class_id, product_tax_class_id) VALUES (1,1,3,2),(2,2,3,5),(3,3,3,5);
INSERT INTO eav_entity_type VALUES (3,'catalog_category'),(4,'catalog_product');
INSERT INTO eav_attribute VALUES
 (45,3,'name','varchar','text','Name',0),(46,3,'is_active','int','select','Active',0),(47,3,'description','text','textarea','Description',0),(48,3,'url_key','varchar','text','URL Key',0),
 (73,4,'name','varchar','text','Name',0),(75,4,'description','text','textarea','Description',0),(76,4,'short_description','text','textarea','Short',0),(77,4,'price','decimal','price','Price',0),(78,4,'special_price','decimal','price','Special',0),(79,4,'special_from_date','datetime','date','From',0),(80,4,'special_to_date','datetime','date','To',0),(82,4,'weight','decimal','weight','Weight',0),(87,4,'image','varchar','media_image','Base',0),(97,4,'status','int','select','Enabled',0),(99,4,'visibility','int','select','Visibility',0),(119,4,'url_key','varchar','text','URL Key',0),(132,4,'tax_class_id','int','select','Tax',0),
 (140,4,'size','int','select','Taille',1),(141,4,'origin_note','varchar','text','Origine',1),(142,4,'is_organic','int','boolean','Bio',1),(143,4,'moments','text','multiselect','Moments',1),(144,4,'gallery_x','varchar','gallery','X',1);
INSERT INTO catalog_eav_attribute VALUES (140,1,1),(141,0,1),(142,1,0),(143,1,0),(144,0,0);
INSERT INTO eav_attribute_label (attribute_id, store_id, value) VALUES (140,2,'Size');
INSERT INTO eav_attribute_option VALUES (10,140,1),(11,140,2),(20,143,1),(21,143,2);
INSERT INTO eav_attribute_option_value (option_id, store_id, value) VALUES (10,0,'Petit'),(10,2,'Small'),(11,0,'Grand'),(11,2,'Large'),(20,0,'Matin'),(21,0,'Soir, tard');
INSERT INTO eav_attribute_set VALUES (3,3,'Default'),(4,4,'Default'),(9,4,'Thés en vrac');
INSERT INTO eav_entity_attribute (entity_type_id, attribute_set_id, attribute_id, sort_order) VALUES (4,4,140,1),(4,4,141,2),(4,9,142,1),(4,9,143,2),(4,9,141,3);
INSERT INTO catalog_category_entity (entity_id, parent_id, path, position, level) VALUES
 (1,0,'1',0,0),(2,1,'1/2',1,1),(3,2,'1/2/3',1,2),(4,3,'1/2/3/4',2,3),(5,6,'1/2/6/5',1,3),(6,5,'1/2/5/6',1,3),(7,99,'1/2/99/7',1,3),(8,2,'1/2/8',3,2),(9,2,'1/2/9',4,2),(90,1,'1/90',2,1),(91,90,'1/90/91',1,2);
INSERT INTO catalog_category_entity_varchar (attribute_id, store_id, entity_id, value) VALUES
 (45,0,2,'Racine'),(45,0,3,'Thés'),(45,2,3,'Teas'),(48,0,3,'thes'),(48,2,3,'teas'),(45,0,4,'Verts & blancs, bio/vrac'),(48,0,4,'verts'),(45,0,5,'Boucle'),(45,0,6,'Boucle deux'),(45,0,7,'Orpheline'),(45,0,9,'Cachée'),(48,0,9,'cachee'),(45,0,91,'Pro');
INSERT INTO catalog_category_entity_int (attribute_id, store_id, entity_id, value) VALUES (46,0,3,1),(46,0,4,1),(46,0,8,1),(46,0,9,0),(46,0,91,1);
INSERT INTO catalog_category_entity_text (attribute_id, store_id, entity_id, value) VALUES (47,0,3,'<p>Nos <b>thés</b>, voir <a href="{{store url="qui-sommes-nous"}}">ici</a></p>');
INSERT INTO catalog_product_entity (entity_id, attribute_set_id, type_id, sku) VALUES
 (1,9,'simple','SENCHA'),(2,4,'simple','TEE-S'),(3,4,'simple','TEE-L'),(4,4,'configurable','TEE'),(5,4,'bundle','COFFRET'),(6,4,'simple','SENCHA'),(7,4,'simple','SANSNOM'),(8,4,'simple','PRO-1'),(9,4,'virtual','CARTE'),(10,4,'simple','TH É'),(11,4,'configurable','TROU'),(12,4,'simple','VIEUX'),(13,4,'downloadable','EBOOK');
INSERT INTO catalog_product_website VALUES (1,1),(2,1),(3,1),(4,1),(5,1),(6,1),(7,1),(8,2),(9,1),(10,1),(11,1),(12,1),(13,1);
INSERT INTO catalog_product_entity_varchar (attribute_id, store_id, entity_id, value) VALUES
 (73,0,1,'Sencha d’été « Œuvre »'),(73,2,1,'Summer Sencha'),(119,0,1,'sencha-ete'),(119,2,1,'summer-sencha'),(141,0,1,'Shizuoka, "Japon"'),(141,2,1,'Shizuoka, Japan'),(87,0,1,'/s/e/sencha.png'),
 (73,0,2,'Tee S'),(119,0,2,'tee-s'),(73,0,3,'Tee L'),(119,0,3,'tee-l'),(73,0,4,'Tee-shirt'),(119,0,4,'tee-shirt'),
 (73,0,5,'Coffret'),(119,0,5,'coffret'),(73,0,6,'Sencha bis'),(73,0,8,'Pro'),(73,0,9,'Carte cadeau'),(119,0,9,'carte-cadeau'),(73,0,10,'Thé é'),(73,0,11,'Trou'),(119,0,11,'trou'),(73,0,12,'Vieux thé'),(119,0,12,'vieux-the'),(73,0,13,'Livre');
INSERT INTO catalog_product_entity_text (attribute_id, store_id, entity_id, value) VALUES (75,0,1,'<h2>Frais</h2><p>À boire <em>vite</em> {{media url="x.jpg"}}</p>'),(76,0,1,'<p>Un thé &amp; demi</p>'),(143,0,1,'20,21,99');
INSERT INTO catalog_product_entity_int (attribute_id, store_id, entity_id, value) VALUES
 (97,0,1,1),(99,0,1,4),(132,0,1,5),(142,0,1,1),(97,0,2,1),(99,0,2,1),(132,0,2,2),(140,0,2,10),(97,0,3,1),(99,0,3,1),(132,0,3,2),(140,0,3,11),(97,0,4,1),(99,0,4,4),(132,0,4,2),(97,0,5,1),(99,0,5,4),(97,0,6,1),(97,0,7,1),(97,0,9,1),(99,0,9,4),(132,0,9,2),(97,0,10,1),(97,0,11,1),(99,0,11,4),(97,0,12,2),(99,0,12,4),(132,0,12,2);
INSERT INTO catalog_product_entity_decimal (attribute_id, store_id, entity_id, value) VALUES (77,0,1,12.500000),(82,0,1,0.100000),(78,0,1,10.000000),(77,0,2,20.333300),(77,0,3,22.000000),(77,0,5,99.000000),(77,0,6,13.000000),(77,0,7,1.000000),(77,0,8,7.000000),(77,0,9,50.000000),(77,0,10,3.000000),(77,0,12,9.990000);
INSERT INTO catalog_product_entity_datetime (attribute_id, store_id, entity_id, value) VALUES (79,0,1,'2020-01-01 00:00:00'),(80,0,1,'2020-02-01 00:00:00');
INSERT INTO catalog_category_product (category_id, product_id) VALUES (4,1),(3,1),(3,4),(3,5),(4,12),(3,13);
INSERT INTO catalog_product_super_link (product_id, parent_id) VALUES (2,4),(3,4),(77,11);
INSERT INTO catalog_product_super_attribute (product_id, attribute_id) VALUES (4,140),(11,140);
INSERT INTO catalog_product_entity_media_gallery (value_id, value) VALUES (1,'/s/e/sencha.png');
INSERT INTO catalog_product_entity_media_gallery_value (value_id, store_id, entity_id, label, position) VALUES (1,0,1,'Feuilles',1);
INSERT INTO catalog_product_entity_media_gallery_value_to_entity VALUES (1,1);
INSERT INTO cataloginventory_stock_item (product_id, qty) VALUES (1,40),(2,5),(3,0),(7,9),(9,100),(12,-2);
INSERT INTO inventory_source_item (source_code, sku, quantity, status) VALUES ('default','SENCHA',30.0000,1),('nantes','SENCHA',12.0000,1),('default','TEE-S',5.5000,1);
-- The password of the first three is "Magento d’été 7": SHA-256, argon2id, argon2id over SHA-256.
-- The fourth has MD5.
INSERT INTO customer_entity (entity_id, website_id, email, store_id, firstname, lastname, password_hash, default_billing, default_shipping) VALUES
 (1,1,'ada@exemple.fr',1,'Ada','Lovelace','6e7985144f0597a9f93f6db353921ae2e72d3fa7a2ce7f05f3f4c4b55891664e:8qnyO4H1OYIfGCUbXhDb8qnyO4H1OYIf:1',1,2),(2,1,'bob@exemple.fr',2,'Bob','Leponge','f27f233e81580e5eb4ff32f7edaa370db37e886149b2828f3562de5f48379001:8qnyO4H1OYIfGCUbXhDb8qnyO4H1OYIf:3_32_2_67108864',NULL,NULL),(3,1,'cleo@exemple.fr',1,'Cléo','Nève','28f60acde520a1f40ad26fb09cd5e4826d9dd6c9b94394ebb529d1f0c3e8544b:8qnyO4H1OYIfGCUbXhDb8qnyO4H1OYIf:1:3_32_3_8388608',NULL,NULL),(4,1,'dan@exemple.fr',1,'Dan','Doux','d41d8cd98f00b204e9800998ecf8427e:salt:0',NULL,NULL),(5,2,'pro@exemple.fr',3,'P','Ro',NULL,NULL,NULL),(6,1,'nobody',1,'No','Body',NULL,NULL,NULL),(7,1,'Ada@exemple.fr',1,'Ada','Again',NULL,NULL,NULL),(8,1,'ghost@exemple.fr',1,'Parti','Loin',NULL,NULL,NULL);
UPDATE customer_entity SET is_active = 0 WHERE entity_id = 8;
INSERT INTO customer_address_entity VALUES (1,1,'Ada','Lovelace',NULL,'1 rue du Thé\nÉtage 2','75011','Paris','FR','0102030405'),(2,1,'Ada','Lovelace','Engin','2 rue X','44000','Nantes','FR','0102030405'),(3,2,'Bob','L',NULL,'3 rue Y','x','','FR',''),(4,77,'Per','Due',NULL,'4 rue','75001','Paris','FR','1');
INSERT INTO sales_order (entity_id, state, status, store_id, customer_id, customer_is_guest, customer_email, increment_id, grand_total, tax_amount, subtotal, subtotal_incl_tax, discount_amount, shipping_amount, shipping_incl_tax, shipping_tax_amount, shipping_discount_amount, shipping_method, shipping_description, billing_address_id, shipping_address_id, total_paid, total_refunded) VALUES
 (1,'complete','complete',1,1,0,'ada@exemple.fr','000000001',30.0000,2.1400,23.7000,25.0000,0.0000,4.1600,5.0000,0.8400,0.0000,'flatrate_flatrate','Colissimo',1,2,30.0000,NULL),
 (2,'new','pending',1,NULL,1,'Guest@exemple.fr','000000002',23.0000,1.2000,23.7000,25.0000,-2.0000,0.0000,0.0000,0.0000,0.0000,'freeshipping_freeshipping','Offert',3,4,NULL,NULL),
 (3,'canceled','canceled',1,1,0,'ada@exemple.fr','000000003',20.0000,3.3300,16.6700,20.0000,0.0000,0.0000,0.0000,0.0000,0.0000,'flatrate_flatrate','Colissimo',5,6,NULL,NULL),
 (4,'closed','closed',1,1,0,'ada@exemple.fr','000000004',12.5000,0.6500,11.8500,12.5000,0.0000,0.0000,0.0000,0.0000,0.0000,'flatrate_flatrate','Colissimo',7,8,12.5000,12.5000),
 (5,'holded','holded',2,2,0,'bob@exemple.fr','000000005',47.0000,7.8300,39.1700,47.0000,0.0000,0.0000,0.0000,0.0000,0.0000,'flatrate_flatrate','Post',9,10,47.0000,NULL),
 (6,'complete','complete',1,1,0,'ada@exemple.fr','000000006',99.0000,0.0000,1.0000,1.0000,0.0000,0.0000,0.0000,0.0000,0.0000,'flatrate_flatrate','Colissimo',1,2,99.0000,NULL),
 (7,'complete','complete',1,1,0,'ada@exemple.fr','000000007',5.0000,0.0000,5.0000,5.0000,0.0000,0.0000,0.0000,0.0000,0.0000,'flatrate_flatrate','Colissimo',1,2,5.0000,NULL),
 (8,'processing','processing',3,5,0,'pro@exemple.fr','P00000008',7.0000,0.0000,7.0000,7.0000,0.0000,0.0000,0.0000,0.0000,0.0000,'flatrate_flatrate','Colissimo',1,2,7.0000,NULL);
INSERT INTO sales_order_item (item_id, order_id, parent_item_id, product_id, product_type, product_options, sku, name, qty_ordered, qty_shipped, qty_canceled, weight, price, price_incl_tax, row_total, row_total_incl_tax, tax_percent, tax_amount, discount_amount, is_virtual) VALUES
 (1,1,NULL,1,'simple',NULL,'SENCHA','Sencha d’été',2,2,0,0.1,11.85,12.50,23.7000,25.0000,5.5,1.3000,0,0),
 (2,2,NULL,1,'simple',NULL,'SENCHA','Sencha d’été',2,0,0,0.1,11.85,12.50,23.7000,25.0000,5.5,1.2000,2.0000,0),
 (3,3,NULL,12,'simple',NULL,'DISPARU','Thé disparu',1,0,1,0,16.67,20,16.6700,20.0000,20,3.3300,0,0),
 (4,4,NULL,1,'simple',NULL,'SENCHA','Sencha d’été',1,1,0,0.1,11.85,12.50,11.8500,12.5000,5.5,0.6500,0,0),
 (5,5,NULL,4,'configurable','{"attributes_info":[{"label":"Size","value":"Small","option_id":140}]}','TEE-S','Tee-shirt',1,1,0,0,20.83,25,20.8300,25.0000,20,4.1700,0,0),
 (6,5,5,2,'simple',NULL,'TEE-S','Tee S',1,0,0,0,0,0,0,0,0,0,0,0),
 (7,5,NULL,1,'simple',NULL,'SENCHA','Sencha d’été',1,0,0,0.1,18.34,22,18.3400,22.0000,20,3.6600,0,0),
 (8,6,NULL,1,'simple',NULL,'SENCHA','Sencha',1,1,0,0,1,1,1.0000,1.0000,0,0,0,0),
 (9,8,NULL,8,'simple',NULL,'PRO-1','Pro',1,0,0,0,7,7,7.0000,7.0000,0,0,0,0);
INSERT INTO sales_order_address VALUES
 (1,1,'billing','Ada','Lovelace',NULL,'1 rue du Thé','75011','Paris','FR','0102030405'),(2,1,'shipping','Ada','Lovelace',NULL,'2 rue X','44000','Nantes','FR','0102030405'),(3,2,'billing','Guy','Est',NULL,'5 rue Z','69001','Lyon','FR',''),(4,2,'shipping','Guy','Est',NULL,'5 rue Z','69001','Lyon','FR',''),(5,3,'billing','Ada','Lovelace',NULL,'1 rue','75011','Paris','FR',''),(6,3,'shipping','Ada','Lovelace',NULL,'1 rue','75011','Paris','FR',''),(7,4,'billing','Ada','L',NULL,'1 rue','75011','Paris','FR',''),(9,5,'billing','Bob','L',NULL,'3 rue Y','1000','Bruxelles','BE',''),(10,5,'shipping','Bob','L',NULL,'3 rue Y','1000','Bruxelles','BE',''),(11,6,'billing','Ada','L',NULL,'1 rue','75011','Paris','FR',''),(12,6,'shipping','Ada','L',NULL,'1 rue','75011','Paris','FR','');
INSERT INTO sales_order_payment (parent_id, method, additional_information) VALUES (1,'paypal_express','{"method_title":"PayPal"}'),(2,'banktransfer','{"method_title":"Virement"}'),(3,'checkmo',NULL),(4,'checkmo',NULL),(5,'checkmo','not json'),(6,'checkmo',NULL),(7,'checkmo',NULL),(8,'checkmo',NULL);
INSERT INTO sales_invoice (order_id, state) VALUES (1,2),(5,2);
INSERT INTO sales_shipment (entity_id, order_id) VALUES (1,1),(2,5);
INSERT INTO sales_shipment_item (parent_id, qty, order_item_id) VALUES (1,2,1),(2,1,5);
INSERT INTO sales_shipment_track (parent_id, order_id, track_number, title) VALUES (1,1,'6A1234','Colissimo');
INSERT INTO cms_page VALUES (1,'404',NULL,'no-route',NULL,'x',1),(2,'Accueil',NULL,'home',NULL,'x',1),(4,'Qui sommes-nous ?','Nous','qui-sommes-nous','Nous','<h1>Nous</h1><p>Une <strong>maison</strong> <script>alert(1)</script>{{block id="horaires"}} {{widget type="X" id="nope"}}</p>',1),(5,'About us',NULL,'about-us',NULL,'<p>About</p>',1),(6,'',NULL,'vide','','x',1),(7,'CGV FR',NULL,'cgv',NULL,'<p>Conditions</p>',1),(8,'Terms EN',NULL,'cgv',NULL,'<p>Terms</p>',1);
INSERT INTO cms_page_store VALUES (1,0),(2,0),(4,1),(5,2),(6,0),(7,1),(8,2);
INSERT INTO cms_block VALUES (1,'Horaires','horaires','<p>Ouvert <b>tous les jours</b></p>',1);
INSERT INTO cms_block_store VALUES (1,0);
INSERT INTO url_rewrite (entity_type, entity_id, request_path, target_path, redirect_type, store_id) VALUES
 ('product',1,'sencha-ete.html','catalog/product/view/id/1',0,1),('product',1,'thes/verts/sencha-ete.html','catalog/product/view/id/1/category/4',0,1),('product',1,'summer-sencha.html','catalog/product/view/id/1',0,2),('product',1,'sencha.html','sencha-ete.html',301,1),
 ('product',4,'tee-shirt.html','catalog/product/view/id/4',0,1),('product',4,'tee-shirt.html','catalog/product/view/id/4',0,2),('product',5,'coffret.html','catalog/product/view/id/5',0,1),('product',12,'vieux-the.html','catalog/product/view/id/12',0,1),('product',7,'sansnom.html','catalog/product/view/id/7',0,1),
 ('category',3,'thes.html','catalog/category/view/id/3',0,1),('category',3,'teas.html','catalog/category/view/id/3',0,2),('category',4,'thes/verts.html','catalog/category/view/id/4',0,1),('category',9,'cachee.html','catalog/category/view/id/9',0,1),('category',5,'boucle.html','catalog/category/view/id/5',0,1),
 ('cms-page',4,'qui-sommes-nous','cms/page/view/page_id/4',0,1),('cms-page',5,'about-us','cms/page/view/page_id/5',0,2),('cms-page',2,'home','cms/page/view/page_id/2',0,1),
 ('custom',0,'Promo-Été','promo-2',302,1),('custom',0,'promo-2','thes.html',301,1),('custom',0,'cercle-1','cercle-2',301,1),('custom',0,'cercle-2','cercle-1',301,1),('custom',0,'mon-compte','customer/account/login',301,1),('custom',0,'ailleurs','https://evil.example/x',302,1),('custom',0,'chez-nous','https://www.thes.example/thes.html',301,1),('custom',0,'num','catalog/product/view/id/1',0,1),
 ('product',8,'pro.html','catalog/product/view/id/8',0,3);
