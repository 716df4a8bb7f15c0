// A customer's own things: account, address book, orders, a forgotten password, a withdrawal.

import assert from 'node:assert/strict';

import { fillAddress, mailTo, putInCart, walk } from './support.mjs';

const submit = (page) => page.locator('main form[method=post] button.button').last().click();

walk('a customer registers, orders, forgets the password and withdraws', {}, async (shop) => {
  const { page } = shop;
  const email = 'camille@exemple.fr';
  await shop.open('/account/register');
  await page.fill('[name=first-name]', 'Camille');
  await page.fill('[name=last-name]', 'Roux');
  await page.fill('[name=email]', email);
  await page.fill('[name=password]', 'un mot de passe solide');
  await submit(page);
  await page.waitForURL(/\/account$/);
  await shop.axe();
  await shop.shot('account');
  assert.match(await page.locator('main').innerText(), /Camille/);
  assert.match(await mailTo(email), /Camille/);

  await shop.open('/account/addresses');
  const address = {
    'first-name': 'Camille',
    'last-name': 'Roux',
    street: '3 place du Marché',
    postcode: '35000',
    city: 'Rennes',
  };
  for (const [name, value] of Object.entries(address)) {
    await page.fill(`[name=${name}]`, value);
  }
  await submit(page);
  await page.waitForSelector('.address-list');
  await shop.axe();
  await shop.shot('address book');

  await shop.open('/search?q=gourde');
  await page.locator('.products a[href*="/p/"]').first().click();
  await page.waitForURL(/\/p\//);
  await putInCart(shop);
  await shop.open('/checkout');
  await shop.axe();
  await shop.shot('checkout of a customer');
  assert.match(await page.locator('#saved-address').innerText(), /3 place du Marché/);
  await page.locator('[name=payment]').first().check();
  await page.locator('[name=terms]').check();
  await page.locator('button[name=action][value=place]').click();
  await page.waitForURL(/\/checkout\/done\//);
  const number = /GL\d{6}/.exec(await page.locator('main').innerText())[0];

  await shop.open('/account/orders');
  await shop.axe();
  await shop.shot('orders of a customer');
  await page.getByText(number).first().click();
  await page.waitForURL(/\/account\/orders\//);
  await shop.axe();
  await page.emulateMedia({ media: 'print' });
  await shop.shot('order printed');
  await page.emulateMedia({ media: 'screen' });

  await page.locator('form[action$="/account/logout"] button').first().click();
  await shop.open('/account/forgot');
  await page.fill('[name=email]', email);
  await submit(page);
  await page.waitForSelector('[role=status]');
  const link = /\/account\/reset\/[\w-]+/.exec(await mailTo(email, /\/account\/reset\//))[0];
  await shop.open(link);
  await shop.axe();
  await page.fill('[name=password]', 'un autre mot de passe');
  await page.fill('[name=password-again]', 'un autre mot de passe');
  await submit(page);
  await page.waitForURL((url) => !url.pathname.includes('/reset/'));

  await shop.open('/withdrawal');
  await page.fill('[name=number]', number);
  await page.fill('[name=email]', email);
  await page.locator('button[value=identify]').click();
  await page.waitForSelector('button[value=confirm]');
  await page.fill('[name=name]', 'Camille Roux');
  await page.fill('[name=email]', email);
  await shop.axe();
  await shop.shot('withdrawal');
  await page.locator('button[value=confirm]').click();
  await page.waitForSelector('[role=status]');
  await shop.shot('withdrawal received');
  assert.match(await mailTo(email, /rétractation/), new RegExp(number));
});

walk('a guest finds the order again by its number', {}, async (shop) => {
  const { page } = shop;
  await shop.open('/search?q=savon');
  await page.locator('.products a[href*="/p/"]').first().click();
  await putInCart(shop);
  await shop.open('/checkout');
  await fillAddress(page, 'guest@exemple.fr');
  await page.locator('[name=action][value=update]').first().click();
  await page.locator('[name=shipping]').first().check();
  await page.locator('[name=payment]').first().check();
  await page.locator('[name=terms]').check();
  await page.locator('button[name=action][value=place]').click();
  await page.waitForURL(/\/checkout\/done\//);
  const number = /GL\d{6}/.exec(await page.locator('main').innerText())[0];

  await shop.open('/order-lookup');
  await page.fill('[name=number]', number);
  await page.fill('[name=email]', 'guest@exemple.fr');
  await submit(page);
  await page.waitForURL(/\/orders\//);
  await shop.axe();
  await shop.shot('order of a guest');
});
