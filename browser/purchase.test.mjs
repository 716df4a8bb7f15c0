// The whole purchase as a guest, in both languages, with and without JavaScript.

import assert from 'node:assert/strict';

import { fillAddress, mailTo, putInCart, walk, walkBothWays } from './support.mjs';

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
    add: 'Add to cart',
    order: 'Place order with obligation to pay',
    thanks: /Thank you/,
    total: /€\d+\.\d{2}/,
  },
};

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

    await putInCart(shop);
    await shop.axe();
    await shop.shot(`cart ${how}`);
    await page.locator(`a[href="${words.prefix}/checkout"]`).click();
    await page.waitForURL(/\/checkout$/);
    const email = `jeanne-${how.toLowerCase().replaceAll(' ', '-')}@exemple.fr`;
    await fillAddress(page, email);
    await page.locator('[name=action][value=update]').first().click();
    await page.locator('[name=shipping]').first().check();
    await page.locator('[name=payment]').first().check();
    await page.locator('[name=terms]').check();
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
    assert.match(text, /CO₂e/);
    const mail = await mailTo(email);
    const number = /GL\d{6}/.exec(text)[0];
    assert.ok(mail.includes(number), `the mail does not name ${number}`);

    // The cart became an order: it is empty now, and going back orders nothing again.
    await shop.open(`${words.prefix}/cart`);
    assert.equal(await page.locator('[name=line]').count(), 0);
  });
}

walk('a form with mistakes says which, and keeps what was typed', { expect: [/422/] }, async (shop) => {
  const { page } = shop;
  await shop.open('/search?q=savon');
  await page.locator('.products a[href*="/p/"]').first().click();
  await putInCart(shop);
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
