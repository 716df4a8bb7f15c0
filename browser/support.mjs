// Walks through the shop in a real browser, and what every page of it must keep to.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SHOTS = fileURLToPath(new URL('shots/', import.meta.url));

/** The shop under test; tests that need one are skipped without it. */
export const BASE_URL = process.env.BASE_URL;

/** What `greenleaf demo` was told to let the user `admin` in with. */
export const ADMIN_PASSWORD = process.env.GREENLEAF_ADMIN_PASSWORD;

/** Where the shop puts its mails. */
const MAIL_FOLDER = process.env.MAIL_FOLDER;

let browser;
after(() => browser?.close());

/**
 * A test that walks through the shop.
 *
 * `steps` gets a `Walk`. The test fails at the end when the browser complained on the way, and
 * leaves a picture of the page that it failed on in `browser/shots/`.
 *
 * Options: `javaScript` (true), `locale` ('fr-FR'), `phone` (false), `expect` (patterns of
 * complaints that are part of the story, such as the 404 of a page that must not exist).
 */
export function walk(name, options, steps) {
  const skip = BASE_URL ? false : 'BASE_URL names no shop';
  test(name, { skip, timeout: options.timeout ?? 300_000 }, async () => {
    const walker = await Walk.start(options);
    try {
      await steps(walker);
      walker.assertNoComplaints();
    } catch (error) {
      await walker.shot(`failed ${name}`).catch(() => {});
      throw error;
    } finally {
      await walker.end();
    }
  });
}

/** The same walk with and without JavaScript. */
export function walkBothWays(name, options, steps) {
  for (const javaScript of [true, false]) {
    const how = javaScript ? 'with' : 'without';
    walk(`${name}, ${how} JavaScript`, { ...options, javaScript }, steps);
  }
}

/** Fills the address of a guest in Lyon. */
export async function fillAddress(page, email) {
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

/** On a product's page, chooses an option of each axis that can be had, and puts it in the cart. */
export async function putInCart({ page }) {
  // `all` waits for nothing: the button comes after the axes.
  await page.locator('[data-add]').waitFor();
  for (const axis of await page.locator('fieldset.axis').all()) {
    await axis.locator('label.option:not(.option-out) input').first().check();
  }
  await page.locator('[data-add]').click();
  await page.waitForURL(/\/cart$/);
}

/** The newest mail to this address, decoded; waits for it. */
export async function mailTo(address, pattern = /./) {
  for (let tries = 0; tries < 240; tries += 1) {
    const names = existsSync(MAIL_FOLDER) ? readdirSync(MAIL_FOLDER) : [];
    for (const name of names.filter((name) => name.endsWith('.eml'))) {
      const mail = decoded(readFileSync(`${MAIL_FOLDER}/${name}`, 'utf8'));
      if (mail.includes(`To: ${address}`) && pattern.test(mail)) {
        return mail;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`no mail came to ${address}`);
}

/** A mail with the soft line breaks and escapes of quoted-printable undone. */
function decoded(mail) {
  const bytes = mail
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

export class Walk {
  #context;
  #expected;
  #complaints = [];
  #requests = new Map();
  #devtools;

  static async start(options) {
    const { javaScript = true, locale = 'fr-FR', phone = false, expect = [], base = BASE_URL } =
      options;
    browser ??= await chromium.launch({
      executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
      args: FLAGS,
    });
    const walk = new Walk();
    walk.base = base;
    walk.javaScript = javaScript;
    walk.#expected = expect;
    walk.#context = await browser.newContext({
      baseURL: base,
      javaScriptEnabled: javaScript,
      locale,
      viewport: phone ? { width: 390, height: 844 } : { width: 1280, height: 900 },
      reducedMotion: 'reduce',
    });
    walk.#context.setDefaultTimeout(120_000);
    await walk.#keepAtHome();
    walk.page = await walk.#context.newPage();
    await walk.#listen();
    return walk;
  }

  /** Opens a path of the shop and wants it to answer `status`. */
  async open(path, status = 200) {
    const response = await this.page.goto(path);
    assert.equal(response.status(), status, `GET ${path}`);
    return response;
  }

  /** Keeps a picture of the whole page for a person to look at. */
  async shot(name) {
    mkdirSync(SHOTS, { recursive: true });
    if (this.javaScript) {
      // What a reader would see who scrolls down.
      await this.page.evaluate(() => {
        for (const picture of document.querySelectorAll('img[loading=lazy]')) {
          picture.loading = 'eager';
        }
      });
      await this.page.waitForLoadState('networkidle');
    }
    const file = `${name.normalize('NFKD').replace(/[^a-zA-Z0-9]+/g, '-')}.png`;
    await this.page.screenshot({ path: SHOTS + file, fullPage: true });
  }

  /** Wants no serious or critical violation of WCAG 2.2 AA on the current page. */
  async axe() {
    // A page without its style sheet is judged by sizes that nobody will see.
    await this.page.waitForLoadState('load');
    const page = this.javaScript ? this.page : await this.#copyWithScripting();
    const violations = await page.evaluate(
      `${AXE};
      axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })
        .then(({ violations }) => violations.map(({ id, impact, help, nodes }) =>
          ({ id, impact, help, at: nodes.map(({ target }) => target.join(' ')) })))`,
    );
    if (page !== this.page) {
      await page.context().close();
    }
    const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    assert.deepEqual(grave, [], `${this.page.url()} is not accessible`);
  }

  /**
   * Bytes on the wire, headers and compression included, and requests since the last navigation.
   *
   * What the browser has in its cache weighs nothing: the weight of a page is that of the first
   * page of a walk.
   */
  async weight() {
    await this.page.waitForLoadState('networkidle');
    const sizes = [...this.#requests.values()];
    return { bytes: sizes.reduce((sum, size) => sum + size, 0), requests: sizes.length };
  }

  /** Opens a path as if for the first time: nothing of it is in the browser's cache. */
  async openAnew(path) {
    await this.#devtools.send('Network.setCacheDisabled', { cacheDisabled: true });
    return this.open(path);
  }

  /** Wants the page to weigh no more than so many kilobytes in so many requests. */
  async assertWeight(kilobytes, requests) {
    const weight = await this.weight();
    assert.ok(
      weight.bytes <= kilobytes * 1024 && weight.requests <= requests,
      `${this.page.url()} weighs ${Math.ceil(weight.bytes / 1024)} KB in ${weight.requests} ` +
        `requests, allowed are ${kilobytes} KB in ${requests}`,
    );
  }

  /** Wants the browser to have had nothing to complain about so far. */
  assertNoComplaints() {
    const isExpected = (complaint) => this.#expected.some((pattern) => pattern.test(complaint));
    assert.deepEqual(this.#complaints.filter((complaint) => !isExpected(complaint)), []);
  }

  async end() {
    await this.#context.close();
  }

  /**
   * The page as it stands without its scripts, in a context where axe can run.
   *
   * A browser that reads a page with scripting turned on hides `noscript`, so here it is a `div`.
   */
  async #copyWithScripting() {
    const url = this.page.url();
    const html = (await this.page.content())
      .replace(/<script\b[\s\S]*?<\/script>/g, '')
      .replace(/(<\/?)noscript\b/g, '$1div');
    const context = await browser.newContext({ viewport: this.page.viewportSize() });
    const page = await context.newPage();
    await page.route(url, (route) => route.fulfill({ body: html, contentType: 'text/html' }));
    await page.goto(url);
    return page;
  }

  /** Lets no request leave for another host, and complains of it. */
  async #keepAtHome() {
    const home = new URL(this.base).origin;
    const isForeign = (url) => url.protocol.startsWith('http') && url.origin !== home;
    await this.#context.route(isForeign, (route) => {
      this.#complaints.push(`third-party request: ${route.request().url()}`);
      return route.abort();
    });
  }

  async #listen() {
    const { page } = this;
    page.on('pageerror', (error) => this.#complaints.push(`uncaught: ${error.message}`));
    page.on('console', (message) => {
      const text = message.text();
      const isPolicy = /Content[- ]Security[- ]Policy/i.test(text);
      if (message.type() === 'error' || isPolicy) {
        this.#complaints.push(`console at ${page.url()}: ${text}`);
      }
    });
    page.on('response', (response) => {
      if (response.status() >= 500) {
        this.#complaints.push(`${response.status()} of ${response.url()}`);
      }
    });

    const devtools = await this.#context.newCDPSession(page);
    devtools.on('Network.requestWillBeSent', ({ requestId, loaderId, type }) => {
      if (type === 'Document' && requestId === loaderId) {
        this.#requests.clear();
      }
      this.#requests.set(requestId, 0);
    });
    devtools.on('Network.requestServedFromCache', ({ requestId }) => {
      this.#requests.delete(requestId);
    });
    devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      if (this.#requests.has(requestId)) {
        this.#requests.set(requestId, encodedDataLength);
      }
    });
    await devtools.send('Network.enable');
    this.#devtools = devtools;
  }
}
