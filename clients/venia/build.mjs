// Builds what install.mjs made for a shop that answers: `node build.mjs FOLDER SHOP`.
//
// What is built knows the address of the shop's pictures, its languages and the types of its
// schema, so it is built anew for another address or when the schema changes.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, shop] = process.argv.slice(2);
const stamp = join(folder, '.built');
const ASKED =
  '{ availableStores { store_code locale } __schema { types { kind name possibleTypes { name } } } }';

const answer = await fetch(`${shop}/graphql`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ query: ASKED }),
});
const { data, errors } = await answer.json();
if (errors) throw new Error(JSON.stringify(errors));
const wanted = createHash('sha256').update(shop).update(JSON.stringify(data)).digest('hex');
if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) process.exit(0);
rmSync(stamp, { force: true });

const environment = {
  ...process.env,
  // Webpack 4 hashes with MD4, which OpenSSL 3 calls legacy.
  NODE_OPTIONS: '--openssl-legacy-provider',
  DISABLE_V8_COMPILE_CACHE: '1',
  MAGENTO_BACKEND_URL: `${shop}/`,
  MAGENTO_BACKEND_EDITION: 'MOS',
  STORE_VIEW_CODE: 'default',
  DEFAULT_COUNTRY_CODE: 'FR',
  CHECKOUT_BRAINTREE_TOKEN: 'sandbox_unused',
  // What the walk finds its way by.
  BABEL_KEEP_ATTRIBUTES: 'true',
};
const log = join(folder, 'webpack.log');
const run = (program, output, ...words) =>
  execFileSync(join(folder, 'node_modules/.bin', program), words, {
    cwd: folder,
    env: environment,
    stdio: ['ignore', output, output],
  });

console.log(`Venia is built for ${shop}, which takes two to five minutes; see ${log}`);
rmSync(join(folder, '.env'), { force: true });
run('buildpack', 'ignore', 'create-env-file', '.');
run('webpack', openSync(log, 'w'), '--no-progress', '--env.mode', 'production');
writeFileSync(stamp, wanted);
