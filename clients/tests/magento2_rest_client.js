// magento2-rest-client, which signs each request: products with pictures, and categories.
'use strict';

const assert = require('node:assert');
const { Magento2Client } = require('magento2-rest-client');

const [url, picture] = process.argv.slice(2);
const client = Magento2Client({
  url: `${url}/rest`,
  consumerKey: process.env.CONSUMER_KEY,
  consumerSecret: process.env.CONSUMER_SECRET,
  accessToken: process.env.ACCESS_TOKEN,
  accessTokenSecret: process.env.ACCESS_TOKEN_SECRET,
});

async function main() {
  const tree = await client.categories.list();
  assert.ok(tree.childrenData.length > 0);
  const list = await client.products.list('&searchCriteria[pageSize]=3');
  assert.strictEqual(list.items.length, 3);

  const product = {
    sku: 'JS-1', name: 'Bol', price: 8, status: 2, type_id: 'simple',
    attribute_set_id: list.items[0].attributeSetId,
    extension_attributes: { stock_item: { qty: 3, is_in_stock: true } },
  };
  const made = await client.products.create({ product });
  assert.strictEqual(made.sku, 'JS-1');
  assert.strictEqual(made.extensionAttributes.stockItem.qty, 3);
  const changed = await client.products.update('JS-1', { product: { price: 9.5 } });
  assert.strictEqual(changed.price, 9.5);

  const content = { base64_encoded_data: picture, type: 'image/png', name: 'bowl.png' };
  const entry = { media_type: 'image', label: 'Un bol', types: [], content };
  const number = await client.productMedia.create('JS-1', { entry });
  const [first] = await client.productMedia.list('JS-1');
  assert.strictEqual(first.label, 'Un bol');
  assert.strictEqual(await client.productMedia.delete('JS-1', first.id), true);
  void number;

  const category = await client.categories.create({ category: { name: 'Bols', is_active: true } });
  const renamed = await client.categories.update(category.id, { category: { name: 'Saladiers' } });
  assert.strictEqual(renamed.name, 'Saladiers');
  assert.strictEqual(await client.categories.delete(category.id), true);
  assert.strictEqual(await client.products.delete('JS-1'), true);
  await assert.rejects(client.products.update('JS-1', { product: { price: 1 } }));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
