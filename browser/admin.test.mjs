// The back office: a second factor, an order paid, sent and mailed, another canceled, a price changed.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';

import { ADMIN_PASSWORD, fillAddress, mailTo, putInCart, walk } from './support.mjs';

/** The code that an authenticator shows for a base32 secret in the time step of `at` (RFC 6238). */
function code(secret, at) {
  const bits = [...secret.replace(/[^A-Z2-7]/g, '')]
    .map((char) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(char).toString(2).padStart(5, '0'))
    .join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const digest = createHmac('sha1', key).update(step).digest();
  const number = digest.readUInt32BE(digest.at(-1) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** Buys the first product that a search finds, and gives the order's number. */
async function order(shop, words, email) {
  const { page } = shop;
  await shop.open(`/search?q=${words}`);
  await page.locator('.products a[href*="/p/"]').first().click();
  await putInCart(shop);
  await shop.open('/checkout');
  await fillAddress(page, email);
  await page.locator('[name=action][value=update]').first().click();
  await page.locator('[name=shipping]').first().check();
  await page.locator('[name=payment][value=bank-transfer]').check();
  await page.locator('[name=terms]').check();
  await page.locator('button[name=action][value=place]').click();
  await page.waitForURL(/\/checkout\/done\//);
  return /GL\d{6}/.exec(await page.locator('main').innerText())[0];
}

async function openOrder(shop, number) {
  const { page } = shop;
  await shop.open('/admin/orders');
  await shop.axe();
  await page.fill('[name=q]', number);
  await page.locator('[name=q]').press('Enter');
  await page.getByRole('link', { name: number }).first().click();
  await page.waitForURL(/\/admin\/orders\/[0-9a-f-]+/);
}

/** Opens what asks before it acts, and says yes. */
async function act(page, path) {
  const details = page.locator('details.confirm').filter({ has: page.locator(`form[action$="${path}"]`) });
  await details.locator('summary').click();
  return details;
}

walk('staff turn on the second factor and do a day’s work', { expect: [/422/] }, async (shop) => {
  const { page } = shop;
  const sent = await order(shop, 'savon', 'sent@exemple.fr');
  const canceled = await order(shop, 'gourde', 'canceled@exemple.fr');

  await shop.open('/admin/login');
  await shop.axe();
  await page.fill('[name=login]', 'admin');
  await page.fill('[name=password]', ADMIN_PASSWORD);
  await page.locator('form.panel button').click();
  await page.waitForURL(/\/admin$/);
  await shop.axe();
  await shop.shot('admin dashboard');

  await shop.open('/admin/account');
  await shop.axe();
  const secret = await page.locator('.steps .code').innerText();
  const step = Date.now();
  await page.fill('[name=code]', code(secret, step));
  await page.locator('form[action$=second-factor] button').click();
  await page.waitForSelector('.state-good');
  await shop.shot('admin second factor');
  await page.locator('form[action$=logout] button').click();
  await page.waitForURL(/\/admin\/login/);
  await page.fill('[name=login]', 'admin');
  await page.fill('[name=password]', ADMIN_PASSWORD);
  await page.locator('form.panel button').click();
  await page.waitForSelector('[name=code]');
  await page.fill('[name=password]', ADMIN_PASSWORD);
  // The code of this step was used; that of the next is accepted early.
  await page.fill('[name=code]', code(secret, step + 30_000));
  await page.locator('form.panel button').click();
  await page.waitForURL(/\/admin$/);

  await openOrder(shop, sent);
  await shop.axe();
  const paid = await act(page, '/paid');
  await paid.locator('button').click();
  await page.waitForSelector('form[action$="/ship"]');
  await page.fill('[name=carrier]', 'Colissimo');
  await page.fill('[name=tracking]', '6A12345678901');
  await page.locator('form[action$="/ship"] button.button').click();
  await page.waitForSelector('#shipment-1');
  await shop.axe();
  await shop.shot('admin order sent');
  assert.match(await mailTo('sent@exemple.fr', /6A12345678901/), new RegExp(sent));

  await openOrder(shop, canceled);
  const hold = await act(page, '/hold');
  await shop.axe();
  await hold.locator('button').click();
  await page.waitForSelector('form[action$="/release"]');
  assert.equal(await page.locator('form[action$="/cancel"]').count(), 0);
  await shop.axe();
  await shop.shot('admin order on hold');
  await page.locator('form[action$="/release"] button').click();
  await page.waitForSelector('form[action$="/cancel"]', { state: 'attached' });
  const cancel = await act(page, '/cancel');
  await cancel.locator('[name=reason]').fill('Le client a changé d’avis');
  await cancel.locator('button').click();
  await page.waitForSelector('.history li:nth-child(4)');
  await shop.shot('admin order canceled');
  assert.match(await mailTo('canceled@exemple.fr', /annul/), new RegExp(canceled));

  await shop.open('/admin/products');
  await shop.axe();
  await shop.shot('admin products');
  await page.locator('main table a[href^="/admin/products/"]').first().click();
  await page.waitForURL(/\/admin\/products\/[0-9a-f-]+/);
  await shop.axe();
  await shop.shot('admin product');
  const name = await page.inputValue('[name=name-fr]');
  await page.fill('[name=name-fr]', `${name} (nouveau)`);
  const price = page.locator('.variant [name$=price]').first();
  await price.fill('12,34');
  await page.locator('.save button').click();
  await page.waitForSelector('.flash');
  const there = await page.locator('main .head a[href^="/p/"]').getAttribute('href');
  // Instances hear of it by the change feed.
  let text = '';
  for (let tries = 0; tries < 40 && !text.includes('(nouveau)'); tries += 1) {
    await page.waitForTimeout(250);
    await shop.open(there);
    text = await page.locator('.buy').innerText();
  }
  assert.match(text, /\(nouveau\)/);
  assert.match(text, /12,34\s€/);

  for (const path of ['/admin/stock', '/admin/jobs', '/admin/webhooks']) {
    await shop.open(path);
    await shop.axe();
    await shop.shot(`page ${path}`);
  }

  await page.fill('[name=url]', 'https://hooks.exemple.org/greenleaf');
  await page.locator('[name=topic][value="product.changed"]').check();
  await page.locator('form[action="/admin/webhooks"] button').click();
  await page.waitForSelector('[role=status] .code');
  assert.match(await page.locator('[role=status] .code').innerText(), /^whsec_/);
  await shop.axe();
  await page.getByRole('link', { name: 'https://hooks.exemple.org/greenleaf' }).click();
  await page.waitForURL(/\/admin\/webhooks\/[0-9a-f-]+/);
  await shop.axe();
  await shop.shot('admin webhook');

  await shop.open('/admin/integrations');
  await shop.axe();
  await page.fill('[name=name]', 'erp');
  await page.locator('[name=area][value=stock]').check();
  await page.locator('form[action="/admin/integrations"] button').click();
  await page.waitForSelector('[role=status] .code');
  assert.equal(await page.locator('[role=status] .code').count(), 4);
  await shop.axe();
  await shop.shot('admin integrations');
  await page.locator('details.confirm summary').click();
  await page.locator('form[action$="/integrations/delete"] button').click();
  await page.getByText('Le logiciel n’a plus accès.').waitFor();
});
