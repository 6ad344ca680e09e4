import { metrics } from '@perfkeel/core';
import type { Importer } from '../foreign.ts';
import { exact, summaryValues, valueOf } from '../foreign-values.ts';
import type { Place } from '../place.ts';
import { timeOf } from '../time-text.ts';

const statistics = {
  '50th': 'median',
  '90th': 'p90',
  '95th': 'p95',
  '99th': 'p99',
  mean: 'mean',
  min: 'min',
  max: 'max',
};

function errorsOf(root: Place): { readonly events: number; readonly trials: number } {
  const [trials, success] = [root.field('requests').count(), root.field('success').amount()];
  if (success > 1) root.field('success').refuse('a share from 0 to 1');
  return { events: Math.round(trials * (1 - success)), trials };
}

/** `vegeta report -type=json`: nanoseconds from sending, at a rate that does not wait for answers. */
export const vegeta: Importer<Place> = {
  name: 'vegeta',
  sniff: (root) => root.has('latencies', 'requests', 'success', 'status_codes'),
  read: (root, { name }) => [
    {
      tool: 'vegeta',
      at: timeOf(root.field('earliest')),
      durationMs: root.field('duration').amount() / 1e6,
      benchmarks: [
        {
          name: name ?? 'vegeta',
          values: [
            ...summaryValues(root.field('latencies'), metrics.serviceTime, 1, statistics),
            valueOf(metrics.throughput, exact(root.field('throughput').amount())),
            valueOf(metrics.errors, { kind: 'count', ...errorsOf(root) }),
          ],
        },
      ],
    },
  ],
};
