import { metrics } from '@perfkeel/core';
import type { ForeignValue, Importer } from '../foreign.ts';
import { exact, summaryValues, valueOf } from '../foreign-values.ts';
import type { Place } from '../place.ts';
import { timeOf } from '../time-text.ts';

const millisecond = 1e6;
const statistics = { p50: 'median', p90: 'p90', p97_5: 'p97.5', p99: 'p99', p99_9: 'p99.9', mean: 'mean', max: 'max' };

const unresolved = {
  code: 'coarse-clock',
  message: 'autocannon rounds times to whole milliseconds: smaller differences cannot be seen',
};

/** Answers that came, and how many of them or of the tries were no success. */
function errorsOf(root: Place): ForeignValue[] {
  const number = (key: string): number => (root.field(key).present ? root.field(key).count() : 0);
  const [errors, non2xx] = [number('errors'), number('non2xx')];
  const trials = root.field('requests').field('total').count() + errors;
  return trials >= errors + non2xx && trials > 0
    ? [valueOf(metrics.errors, { kind: 'count', events: errors + non2xx, trials })]
    : [];
}

/**
 * `autocannon --json`: milliseconds. A closed loop: times are those from sending, so what waited behind a stall is
 * missing from them.
 */
export const autocannon: Importer<Place> = {
  name: 'autocannon',
  sniff: (root) => root.has('latency', 'requests', 'throughput', 'connections'),
  read: (root, { name }) => {
    const [latency, seconds] = [root.field('latency'), root.field('duration')];
    const title = root.field('title').maybeText();
    const values = [
      ...summaryValues(latency, metrics.serviceTime, millisecond, statistics),
      valueOf(metrics.throughput, exact(root.field('requests').field('average').amount())),
      ...errorsOf(root),
    ];
    const benchmark = { name: name ?? title ?? root.field('url').text(), values, warnings: [unresolved] };
    return [
      {
        tool: 'autocannon',
        at: timeOf(root.field('start')),
        ...(seconds.present ? { durationMs: seconds.amount() * 1000 } : {}),
        benchmarks: [benchmark],
      },
    ];
  },
};
