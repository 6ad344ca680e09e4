import { nanos } from '@perfkeel/core';
import { expect, it } from 'vitest';
import { evidenceMeasurements } from '../evidence-measurements.ts';
import { parseExposition } from '../exposition/parse-exposition.ts';
import { targetPauses } from './target-pauses.ts';

const window = { start: nanos(1e9), end: nanos(3e9) };
const page = ['up 1', '# collection 10500.000 9.000', '# collection 12250.500 12.250', '# collection 13500.000 7.000'];

it('single collections are told on the axis of the run, those before and behind what is measured are not', () => {
  const pages = [page.join('\n'), '# collection 11000.000 5.500\n# collection x 1.0\n# EOF\n'];
  expect(targetPauses(pages, 10_000, window)).toEqual([
    { at: 1e9, took: 5.5e6 },
    { at: 2.2505e9, took: 12.25e6 },
  ]);
  expect(targetPauses([], 0, window)).toEqual([]);
  expect(parseExposition(page.join('\n')).malformed).toBe(0);
});

it('they are marks of the share of the time that collections take', () => {
  const course = [1, 2, 3].map((second) => ({
    start: nanos((second - 1) * 1e9),
    end: nanos(second * 1e9),
    collectionShare: 0.01,
  }));
  const pauses = [{ at: nanos(2.2505e9), took: nanos(12.25e6) }];
  const result = { server: course[0]!, course, pauses, diagnoses: [], unjudged: [], leftOut: [], missing: [] };
  expect(evidenceMeasurements(result).map(({ metric, data }) => [metric, data])).toEqual([
    ['target-gc-time', { kind: 'exact', value: 0.01 }],
    [
      'target-gc-time',
      {
        kind: 'series',
        points: [
          [1e9, 0.01],
          [2e9, 0.01],
          [3e9, 0.01],
        ],
        marks: [{ at: 2.2505e9, label: 'target: collection of 12.3 ms' }],
      },
    ],
  ]);
});
