// A guest and a customer buy in Venia: `VENIA_URL=… SHOP_URL=… SHOTS=… node --test walk.mjs`.
//
// What must be seen comes from the shop's own answers, asked beside the browser.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';

const { chromium } = createRequire(new URL('../../browser/', import.meta.url))('playwright-core');
const { VENIA_URL, SHOP_URL, SHOTS } = process.env;
const PASSWORD = 'Un-mot-de-passe-de-Venia-1';

const complaints = [];
let browser, context, page;

before(async () => {
  mkdirSync(SHOTS, { recursive: true });
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu'],
  });
  await anew();
});
after(() => browser?.close());

/** A browser that has never been here. */
async function anew() {
  await context?.close();
  context = await browser.newContext({
    baseURL: VENIA_URL,
    viewport: { width: 1280, height: 900 },
  });
  context.setDefaultTimeout(30_000);
  page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && /graphql|apollo/i.test(message.text())) {
      complaints.push(`console: ${message.text()}`);
    }
  });
  page.on('response', async (response) => {
    if (!response.url().includes('/graphql')) return;
    if (response.status() >= 400) complaints.push(`${response.status()} of ${response.url()}`);
    const answer = await response.json().catch(() => ({}));
    for (const error of answer.errors ?? []) {
      complaints.push(`${error.message} (${error.path ?? response.request().postData()})`);
    }
  });
}

/** A step that leaves a picture and had nothing to complain about. */
function step(name, walk) {
  test(name, { timeout: 300_000 }, async () => {
    complaints.length = 0;
    try {
      await walk();
      await page.waitForLoadState('networkidle');
      // Venia asks to merge the cart that a guest never had, and its form for cards asks for the
      // regions of the United States, where the demo does not deliver.
      const isOurs = (complaint) =>
        !/for variable sourceCartId|^The country isn't available\. \(country\)$/.test(complaint);
      assert.deepEqual(complaints.filter(isOurs), []);
    } finally {
      await page.screenshot({
        path: `${SHOTS}/${name.replace(/[^a-z]+/gi, '-')}.png`,
        fullPage: true,
      });
    }
  });
}

const by = (name) => page.locator(`[data-cy="${name}"]`);
const euros = (amount) => new RegExp(`€?\\s?${amount.toFixed(2).replace('.', '[.,]')}`);

async function ask(query, token) {
  const headers = { 'content-type': 'application/json' };
  if (token) headers.authorization = `Bearer ${token}`;
  const body = JSON.stringify({ query });
  const answer = await fetch(`${SHOP_URL}/graphql`, { method: 'POST', headers, body });
  const { data, errors } = await answer.json();
  assert.deepEqual(errors ?? [], [], query);
  return data;
}

step('home', async () => {
  await page.goto('/');
  await page.locator('li > a', { hasText: /^Mode$/ }).click();
  await by('GalleryItem-name').first().waitFor();
});

step('category', async () => {
  await page.goto('/mode');
  await by('GalleryItem-name').first().waitFor();
  assert.equal(await by('GalleryItem-name').count(), 19);
});

step('filter', async () => {
  await page.goto('/mode?color%5Bfilter%5D=Indigo%2C882445100');
  await by('GalleryItem-name').first().waitFor();
  assert.equal(await by('GalleryItem-name').count(), 6);
});

step('sort', async () => {
  await page.goto('/mode');
  await by('ProductSort-sortButton').first().click();
  await page
    .locator('[data-cy="SortItem-button"]', { hasText: 'Prix croissant' })
    .first()
    .click();
  await page.locator('[data-cy="GalleryItem-name"]', { hasText: 'Chaussettes rayées' }).waitFor();
  assert.match(await by('GalleryItem-price').first().innerText(), euros(12.9));
});

step('search', async () => {
  const { products } = await ask('{ products(search: "savon") { total_count } }');
  await page.goto('/search.html?query=savon');
  await by('GalleryItem-name').first().waitFor();
  assert.equal(await by('GalleryItem-name').count(), Math.min(products.total_count, 24));
});

step('product', async () => {
  await page.goto('/chaussettes-rayees');
  await by('ProductFullDetail-productName').waitFor();
  assert.equal(await by('ProductFullDetail-productName').innerText(), 'Chaussettes rayées');
  for (const option of await by('ProductOptions-Option-root').all()) {
    await option.locator('button:enabled').first().click();
  }
  assert.match(await by('ProductFullDetail-productPrice').innerText(), euros(12.9));
  await by('ProductFullDetail-addToCartButton').click();
  await page.locator('[data-cy="CartTrigger-counter"]', { hasText: '1' }).first().waitFor();
});

step('cart', async () => {
  await page.goto('/cart');
  await by('PriceSummary-subtotalValue').waitFor();
  assert.match(await by('PriceSummary-subtotalValue').innerText(), euros(10.75));
});

async function checkout(email) {
  await page.goto('/checkout');
  await by('GuestForm-root').waitFor();
  const fields = {
    email,
    firstname: 'Jeanne',
    lastname: 'Martin',
    'street[0]': '12 rue des Tanneurs',
    city: 'Lyon',
    postcode: '69001',
    // Venia trips over an address without one.
    'region[region]': 'Rhône',
    telephone: '0400000000',
  };
  await page.selectOption('select[name="country"]', 'FR');
  for (const [name, value] of Object.entries(fields)) await page.fill(`[name="${name}"]`, value);
  await by('GuestForm-submitButton').click();
  await by('ShippingMethod-submitButton').click();
  await page.locator('#paymentMethod--checkmo').check({ force: true });
  await by('CheckoutPage-reviewOrderButton').click();
  await by('CheckoutPage-placeOrderButton').click();
  await by('OrderConfirmationPage-root').waitFor();
}

step('guest order', async () => {
  await checkout('jeanne-venia@exemple.fr');
  assert.match(await by('OrderConfirmationPage-orderNumber').innerText(), /GL\d{6}/);
  assert.match(await by('OrderConfirmationPage-root').innerText(), /Chaussettes rayées/);
});

step('account', async () => {
  await anew();
  await page.goto('/create-account');
  await page.fill('[name="customer.firstname"]', 'Jeanne');
  await page.fill('[name="customer.lastname"]', 'Martin');
  await page.fill('[name="customer.email"]', 'cliente-venia@exemple.fr');
  await page.fill('[name="password"]', PASSWORD);
  await by('CreateAccount-submitButton').click();
  await page.locator('[data-cy="AccountTrigger-trigger"]', { hasText: 'Jeanne' }).waitFor();
});

step('login and order history', async () => {
  await anew();
  await page.goto('/sign-in');
  await page.fill('[name="email"]', 'cliente-venia@exemple.fr');
  await page.fill('[name="password"]', PASSWORD);
  await by('SignInButton-root_highPriority').click();
  await page.locator('[data-cy="AccountTrigger-trigger"]', { hasText: 'Jeanne' }).waitFor();
  await page.goto('/order-history');
  await page.getByText("Vous n'avez pas encore de commandes.").waitFor();

  const { number, total } = await order('cliente-venia@exemple.fr');
  await page.reload();
  await page.getByText(number).first().waitFor();
  const history = await by('OrderHistoryPage-orderHistoryTable').innerText();
  assert.match(history, euros(total.grand_total.value));
});

/** A customer's order beside the browser. */
async function order(email) {
  const { generateCustomerToken } = await ask(
    `mutation { generateCustomerToken(email: "${email}", password: "${PASSWORD}") { token } }`,
  );
  const { token } = generateCustomerToken;
  const { products } = await ask('{ products(search: "savon") { items { sku __typename } } }');
  const { sku } = products.items.find((item) => item.__typename === 'SimpleProduct');
  const { id } = (await ask('{ customerCart { id } }', token)).customerCart;
  const set = (mutation) => ask(`mutation { ${mutation} }`, token);
  await set(`addProductsToCart(cartId: "${id}", cartItems: [{ sku: "${sku}", quantity: 2 }])
    { user_errors { message } }`);
  const { setShippingAddressesOnCart } = await set(`setShippingAddressesOnCart(input: {
    cart_id: "${id}", shipping_addresses: [{ address: { firstname: "Jeanne", lastname: "Martin",
    street: ["12 rue des Tanneurs"], city: "Lyon", postcode: "69001", country_code: "FR",
    telephone: "0400000000" } }] })
    { cart { shipping_addresses { available_shipping_methods { carrier_code method_code } } } }`);
  const [address] = setShippingAddressesOnCart.cart.shipping_addresses;
  const [{ carrier_code, method_code }] = address.available_shipping_methods;
  await set(`setBillingAddressOnCart(input: { cart_id: "${id}",
    billing_address: { same_as_shipping: true } }) { cart { id } }`);
  await set(`setShippingMethodsOnCart(input: { cart_id: "${id}", shipping_methods: [{
    carrier_code: "${carrier_code}", method_code: "${method_code}" }] }) { cart { id } }`);
  await set(`setPaymentMethodOnCart(input: { cart_id: "${id}",
    payment_method: { code: "banktransfer" } }) { cart { id } }`);
  const { placeOrder } = await set(`placeOrder(input: { cart_id: "${id}" })
    { orderV2 { number total { grand_total { value } } } }`);
  return placeOrder.orderV2;
}
