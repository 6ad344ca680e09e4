import { expect, test } from 'vitest';
import { pointsOf, stepAt } from '../../test/support/dashboard-history.ts';
import { changesTable, type ChangeRow } from './changes-table.ts';

const points = pointsOf([1, 1, 1, 1]);

const slower: ChangeRow = { change: stepAt(points, 1, [5e6, 5.5e6]), unit: 'ns' };

/** As baselines tell a change from next to nothing: relative to what counts. */
const growth: ChangeRow = {
  change: stepAt(points, 1, [0.009, 56], {
    effect: {
      ...{ value: 3.5, lo: 3.25, hi: 3.75, confidence: 0.95, method: 'test' },
      warnings: [{ code: 'small-base', message: 'next to nothing' }],
    },
  }),
  unit: 'B/op',
};
const share: ChangeRow = { change: stepAt(points, 1, [0.001, 0.01]), unit: 'ratio' };

test.each<[string, readonly ChangeRow[], string]>([
  ['a relative change', [slower], '+15 %'],
  ['a change of next to nothing beside it', [slower, growth], '+15 %'],
  ['a change of a share beside it', [slower, share], '+15 %'],
  ['none but those', [growth, share], '+10 %'],
])('the axis of the drawing reaches as far as what is told relative to base: %s', (_, rows, reach) => {
  const html = changesTable(rows, 'index.html', 'x');
  expect(/text-anchor="end">([^<]*)</.exec(html)![1]).toBe(reach);
});
