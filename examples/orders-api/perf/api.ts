import { target } from 'perfkeel';

/** The built server: what is measured is what is shipped. Started before each round, always stopped after it. */
export const api = target({ command: ['node', 'dist/server.js'], ready: /listening on (?<url>\S+)/ });

export const newOrder = {
  customer: 'Ada',
  lines: Array.from({ length: 5 }, (_, i) => ({ sku: `sku-${i}`, count: i + 1, cents: 250 })),
};
