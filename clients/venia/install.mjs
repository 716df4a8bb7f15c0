// Makes Adobe's storefront Venia in a folder, from npm alone: `node install.mjs FOLDER`.
//
// The published package is a project to build, but not one that installs as it is; what is changed
// and why is said below.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const VERSION = '14.5.1';
const folder = process.argv[2];
const stamp = join(folder, '.installed');

if (existsSync(stamp) && readFileSync(stamp, 'utf8') === VERSION) process.exit(0);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const run = (program, ...words) =>
  execFileSync(program, words, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });

run('npm', 'pack', '--silent', `@magento/venia-concept@${VERSION}`);
run('tar', 'xzf', `magento-venia-concept-${VERSION}.tgz`, '--strip-components=1');
rmSync(join(folder, `magento-venia-concept-${VERSION}.tgz`));

const description = join(folder, 'package.json');
const project = JSON.parse(readFileSync(description, 'utf8'));
const lint =
  /^(eslint|babel-eslint|babel-jest|@storybook|prettier|webpack-bundle-analyzer|@magento\/eslint)/;
for (const name of Object.keys(project.devDependencies)) {
  if (lint.test(name)) delete project.devDependencies[name];
}
// The version it names was never published.
project.devDependencies['@magento/upward-security-headers'] = '1.1.20';
// Likewise, and it asks a service of Adobe's without end.
delete project.dependencies['@magento/experience-platform-connector'];
// Its PostCSS configuration loads it without naming it.
project.devDependencies.autoprefixer = '10.4.20';
// Adobe's own way to pay by cheque, without which Venia knows only Braintree, and its French.
project.devDependencies['@magento/venia-sample-payments-checkmo'] = '0.0.13';
project.devDependencies['@magento/venia-sample-language-packs'] = '0.0.22';
// An image resizer that needs a C++ compiler; without it images are passed on as they are.
delete project.optionalDependencies;
project.private = true;
writeFileSync(description, JSON.stringify(project, null, 2));
writeFileSync(
  join(folder, 'babel.config.js'),
  "module.exports = { presets: ['@magento/peregrine'] }\n",
);

run('npm', 'install', '--legacy-peer-deps', '--no-audit', '--no-fund', '--loglevel=error');
writeFileSync(stamp, VERSION);
