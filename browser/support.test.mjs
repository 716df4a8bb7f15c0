// The browser's complaints reach the tests: each rule is shown a page that breaks it.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';

import { Walk } from './support.mjs';

const PAGES = {
  '/good': '<p>Th\u00e9</p><img src="/leaf.svg" alt="leaf">',
  '/bare-image': '<img src="/leaf.svg">',
  '/noscript': '<noscript><img src="/leaf.svg"></noscript>',
  '/inline': '<script>document.title = "x"</script><p style="color: red">x</p>',
  '/titled': '<script src="/title.js"></script>',
  '/throws': '<script src="/throw.js"></script>',
  '/logs': '<script src="/log.js"></script>',
  '/foreign': '<img src="http://tracker.test/pixel.gif" alt="">',
  '/broken': '<img src="/error.svg" alt="">',
};
const FILES = {
  '/title.js': ['text/javascript', 'document.title = "set by the script"'],
  '/throw.js': ['text/javascript', 'throw new Error("thrown")'],
  '/log.js': ['text/javascript', 'console.error("logged")'],
  '/leaf.svg': ['image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
};

let server, base;

before(async () => {
  server = createServer((request, response) => {
    const page = PAGES[request.url];
    const [type, text] = FILES[request.url] ?? [
      'text/html; charset=utf-8',
      `<!doctype html><html lang="fr"><title>Test</title><link rel="icon" href="data:,">
      <main><h1>Test</h1>${page}${' '.repeat(50_000)}</main></html>`,
    ];
    response.writeHead(request.url === '/error.svg' ? 500 : 200, {
      'content-type': type,
      'content-encoding': 'gzip',
      'content-security-policy': "default-src 'self'; img-src 'self' data: http://tracker.test",
    });
    response.end(gzipSync(text));
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  base = `http://127.0.0.1:${server.address().port}`;
});
after(() => server.close());

async function visit(path, options, steps = () => {}) {
  const walk = await Walk.start({ base, ...options });
  try {
    await walk.open(path);
    await steps(walk);
    await walk.weight();
    walk.assertNoComplaints();
  } finally {
    await walk.end();
  }
}

for (const javaScript of [true, false]) {
  const how = javaScript ? 'with' : 'without';

  test(`a good page passes ${how} JavaScript`, async () => {
    await visit('/good', { javaScript }, async (walk) => {
      await walk.axe();
      await walk.open('/titled');
      assert.equal(await walk.page.title(), javaScript ? 'set by the script' : 'Test');
    });
  });

  test(`an image without a text is refused ${how} JavaScript`, async () => {
    await visit('/bare-image', { javaScript }, async (walk) => {
      await assert.rejects(walk.axe(), /image-alt/);
    });
  });

  test(`another host is refused ${how} JavaScript`, async () => {
    await assert.rejects(visit('/foreign', { javaScript }), /third-party request/);
  });

  test(`a style against the content security policy is refused ${how} JavaScript`, async () => {
    await assert.rejects(visit('/inline', { javaScript }), /Content Security Policy/);
  });
}

test('what only readers without JavaScript see is checked too', async () => {
  await visit('/noscript', { javaScript: true }, (walk) => walk.axe());
  await visit('/noscript', { javaScript: false }, async (walk) => {
    await assert.rejects(walk.axe(), /image-alt/);
  });
});

test('an uncaught error is refused', async () => {
  await assert.rejects(visit('/throws', {}), /uncaught: thrown/);
});

test('an error on the console is refused', async () => {
  await assert.rejects(visit('/logs', {}), /console at .*logged/);
});

test('an error of the server is refused unless it is part of the story', async () => {
  await assert.rejects(visit('/broken', {}), /500 of/);
  await visit('/broken', { expect: [/500/] });
});

test('a page weighs what came over the wire', async () => {
  await visit('/good', {}, async (walk) => {
    const { bytes, requests } = await walk.weight();
    assert.equal(requests, 2);
    assert.ok(bytes > 300 && bytes < 3000, `${bytes} bytes`);
    await walk.assertWeight(3, 2);
    await assert.rejects(walk.assertWeight(3, 1), /in 2 requests, allowed are 3 KB in 1/);
  });
});
