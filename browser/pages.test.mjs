// What every page must keep to: its weight, a phone's width, accessibility, exact counts.

import assert from 'node:assert/strict';

import { putInCart, walk } from './support.mjs';

walk('filters narrow a category with exact counts', {}, async (shop) => {
  const { page } = shop;
  await shop.open('/');
  await page.locator('.tile a').first().click();
  await page.waitForURL(/\/c\//);
  const choice = page.locator('.facet label.tick').filter({ has: page.locator('input[type=checkbox]:not(:disabled)') }).first();
  const count = Number(await choice.locator('.count').innerText());
  const value = await choice.locator('input').getAttribute('value');
  const name = await choice.locator('input').getAttribute('name');
  await shop.open(`${new URL(page.url()).pathname}?${name}=${value}`);
  const total = await page.locator('.toolbar-count').innerText();
  assert.equal(Number(total.replace(/\D/g, '')), count);
  await shop.shot('category filtered');
});

for (const [name, path, kilobytes, requests] of [
  ['category', '/c/cuisine-zero-dechet', 250, 20],
  ['home', '/', 250, 30],
]) {
  walk(`the ${name} page keeps its weight`, {}, async (shop) => {
    await shop.open(path);
    await shop.axe();
    await shop.assertWeight(kilobytes, requests);
    await shop.shot(`${name}`);
  });
  walk(`the ${name} page fits a phone`, { phone: true }, async (shop) => {
    await shop.open(path);
    const { scroll, width } = await shop.page.evaluate(() => ({
      scroll: document.documentElement.scrollWidth,
      width: document.documentElement.clientWidth,
    }));
    assert.ok(scroll <= width, `${scroll} px in ${width} px`);
    await shop.shot(`${name} on a phone`);
  });
}

walk('product and checkout keep their weight', {}, async (shop) => {
  const { page } = shop;
  await shop.open('/c/cuisine-zero-dechet');
  const path = await page.locator('.products a[href*="/p/"]').first().getAttribute('href');
  await shop.openAnew(path);
  await shop.assertWeight(180, 15);
  await putInCart(shop);
  await shop.openAnew('/checkout');
  await shop.assertWeight(120, 12);
});

walk('every template is accessible', { timeout: 120_000 }, async (shop) => {
  for (const path of [
    '/account/login',
    '/account/register',
    '/account/forgot',
    '/order-lookup',
    '/contact',
    '/withdrawal',
    '/pages/conditions-generales-de-vente',
    '/cart',
    '/admin/login',
  ]) {
    await shop.open(path);
    await shop.axe();
    await shop.shot(`page ${path}`);
  }
});
