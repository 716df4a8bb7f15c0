// The shop answers, and its home page keeps to what every page must.

import { walk, walkBothWays } from './support.mjs';

walkBothWays('the home page opens', {}, async (shop) => {
  await shop.open('/');
  await shop.axe();
  await shop.shot(`home ${shop.javaScript ? 'with' : 'without'} JavaScript`);
});

walk('a page that does not exist says so', { expect: [/404/] }, async (shop) => {
  await shop.open('/no-such-page', 404);
});
