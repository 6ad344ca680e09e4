import { expect, test } from 'vitest';
import { failing, grouped, nothingRan, passing, unexpected, warning } from '../test/support/fixtures.ts';
import { summaryLine } from './summary-line.ts';

test.each([
  [passing, 'PASS  orders-api  3 benchmarks, 6 objectives kept  12.3 s'],
  [grouped, 'PASS  parsers  4 benchmarks, 1 failed as expected, 2 objectives kept  12.3 s'],
  [warning, 'WARN  orders-api  2 objectives: 1 past the limit within tolerance; 1 benchmark  12.3 s'],
  [
    failing,
    'COULD NOT MEASURE  orders-api  2 of 4 benchmarks could not be measured; 6 objectives: 1 missed and 2 undecided  4m 12s',
  ],
  [unexpected, 'FAIL  orders-api  interrupted, 1 objective missed, 1 benchmark  12.3 s'],
  [nothingRan, 'COULD NOT MEASURE  orders-api  nothing ran  31 ms'],
])('%o', (report, line) => {
  expect(summaryLine(report().run)).toBe(line);
});

test('a name cannot add lines or colours', () => {
  const { run } = passing();
  const line = summaryLine({ ...run, provenance: { ...run.provenance, project: 'a\n\u001b[31mb' } });
  expect(line).toBe('PASS  a b  3 benchmarks, 6 objectives kept  12.3 s');
});
