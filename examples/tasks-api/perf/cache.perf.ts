import { load } from 'perfkeel';
import { api, full } from './api.ts';

/** One of fifty entries, the first ones far more often: its logarithm is evenly distributed. */
const entryAt = (index: number): number => Math.ceil(50 ** ((index * 0.618_033_988_7) % 1));

// FR-20: a read that the cache could not answer counts as failed here, so that `errors` is the share of misses, and
// below 30 % of them is a hit rate above 70 %. The cache is empty at the beginning, and nothing warms it up.
load('reads that miss the cache', {
  target: api(),
  tags: ['FR-20'],
  run: async ({ url, index, signal }) => {
    const response = await fetch(`${url}/registry/${entryAt(index)}`, { signal });
    await response.text();
    if (!response.ok) throw new Error(`status ${response.status}`);
    if (response.headers.get('x-cache') !== 'hit') throw new Error('not in the cache');
  },
  rate: '100/s',
  for: full ? '20s' : '4s',
  warmup: '0s',
  rounds: 1,
  objectives: ['errors < 30%'],
});
