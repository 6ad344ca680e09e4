import { metrics } from '@perfkeel/core';
import type { Importer } from '../foreign.ts';
import { summaryValues } from '../foreign-values.ts';
import type { Place } from '../place.ts';

const statistics = { median_ns: 'median', mean_ns: 'mean', min_ns: 'min', q1_ns: 'p25', q3_ns: 'p75', max_ns: 'max' };

/** Results of CodSpeed's walltime instrument, a file for each process: nanoseconds. */
export const codspeed: Importer<Place> = {
  name: 'codspeed',
  sniff: (root) => root.has('creator', 'instrument', 'benchmarks'),
  read: (root) => {
    const kind = root.field('instrument').field('type');
    if (kind.value !== 'walltime') kind.refuse('"walltime", since simulated instructions are no time');
    return [
      {
        tool: 'codspeed',
        benchmarks: root
          .field('benchmarks')
          .items()
          .map((benchmark) => {
            const uri = benchmark.field('uri').maybeText();
            const name = uri ?? benchmark.field('name').text();
            return { name, values: summaryValues(benchmark.field('stats'), metrics.timePerOperation, 1, statistics) };
          }),
      },
    ];
  },
};
