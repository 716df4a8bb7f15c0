// The whole purchase as a guest, in both languages, with and without JavaScript. Run by hand for now:
// BASE_URL=… node --test purchase.walk.mjs, on a shop whose pictures are drawn.

import assert from 'node:assert/strict';

import { walk, walkBothWays } from './support.mjs';

const LANGUAGES = {
  French: {
    prefix: '',
    locale: 'fr-FR',
    search: 'savon',
    add: 'Ajouter au panier',
    order: 'Commander avec obligation de paiement',
    thanks: /Merci/,
    total: /\d+,\d{2}\s€/,
  },
  English: {
    prefix: '/en',
    locale: 'en-GB',
    search: 'soap',
    add: 'Add to basket',
    order: 'Place order with obligation to pay',
    thanks: /Thank you/,
    total: /€\d+\.\d{2}/,
  },
};

/** Fills the address of a guest in Lyon. */
async function fillAddress(page, email) {
  await page.fill('[name=email]', email);
  const fields = {
    'first-name': 'Jeanne',
    'last-name': 'Martin',
    street: '12 rue des Tanneurs',
    postcode: '69001',
    city: 'Lyon',
  };
  for (const [name, value] of Object.entries(fields)) {
    await page.fill(`[name=shipping-${name}]`, value);
  }
  await page.selectOption('[name=shipping-country]', 'FR');
}

/** Chooses the first option of each axis that is in stock, and puts the product in the cart. */
async function addToCart(shop) {
  const { page } = shop;
  for (const axis of await page.locator('fieldset.axis').all()) {
    await axis.locator('label.option:not(.option-out) input').first().check({ force: true });
  }
  await page.locator('[data-add]').click();
  await page.waitForURL(/\/cart$/);
}

for (const [language, words] of Object.entries(LANGUAGES)) {
  walkBothWays(`a guest buys in ${language}`, { locale: words.locale }, async (shop) => {
    const { page } = shop;
    const how = `${language} ${shop.javaScript ? 'with' : 'without'} JavaScript`;
    await shop.open(words.prefix || '/');
    assert.equal(await page.locator('html').getAttribute('lang'), words.prefix ? 'en' : 'fr');

    await page.fill('input[type=search]', words.search);
    await page.locator('input[type=search]').press('Enter');
    await page.waitForURL(/\/search\?q=/);
    await shop.axe();
    await page.locator('.products a[href*="/p/"]').first().click();
    await page.waitForURL(/\/p\//);
    await shop.axe();
    await shop.shot(`product ${how}`);
    assert.equal((await page.locator('[data-add]').innerText()).trim(), words.add);

    await addToCart(shop);
    await shop.axe();
    await shop.shot(`cart ${how}`);
    await page.locator(`a[href="${words.prefix}/checkout"]`).click();
    await page.waitForURL(/\/checkout$/);
    await fillAddress(page, 'jeanne@exemple.fr');
    await page.locator('[name=action][value=update]').first().click();
    await page.locator('[name=shipping]').first().check({ force: true });
    await page.locator('[name=payment]').first().check({ force: true });
    await page.locator('[name=terms]').check({ force: true });
    await shop.axe();
    await shop.shot(`checkout ${how}`);
    const button = page.locator('button[name=action][value=place]');
    assert.equal((await button.innerText()).trim(), words.order);

    await button.click();
    await page.waitForURL(/\/checkout\/done\//);
    await shop.axe();
    await shop.shot(`confirmation ${how}`);
    const text = await page.locator('main').innerText();
    assert.match(text, words.thanks);
    assert.match(text, words.total);
    assert.match(text, /Jeanne Martin/);

    // The cart became an order: it is empty now, and going back orders nothing again.
    await shop.open(`${words.prefix}/cart`);
    assert.equal(await page.locator('[name=line]').count(), 0);
  });
}

walk('a form with mistakes says which, and keeps what was typed', { expect: [/422/] }, async (shop) => {
  const { page } = shop;
  await shop.open('/search?q=savon');
  await page.locator('.products a[href*="/p/"]').first().click();
  await addToCart(shop);
  await shop.open('/checkout');
  await fillAddress(page, 'not an address');
  await page.fill('[name=shipping-postcode]', '1');
  await page.locator('button[name=action][value=place]').click();
  await page.waitForSelector('[aria-invalid=true]');
  assert.equal(await page.inputValue('[name=email]'), 'not an address');
  assert.equal(await page.inputValue('[name=shipping-city]'), 'Lyon');
  await shop.axe();
  await shop.shot('checkout with mistakes');
});

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
    await shop.shot(`${name}`);
    await shop.assertWeight(kilobytes, requests);
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
