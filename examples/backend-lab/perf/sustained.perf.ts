import { load } from 'perfkeel';
import { lab, mostPerSecond } from './lab.ts';

// Less than a second here; `LAB_SUSTAINED=8h npx perfkeel run perf/sustained.perf.ts` for hours, and then one round of them.
const hours = process.env['LAB_SUSTAINED'] as `${number}h` | undefined;
const time = hours ?? '700ms';

const delayMs = 20;
const thinkMs = 180;
const steady = lab('--delay', String(delayMs));

// One round is enough: shares, totals and the longest time are promised, and no quantile.
for (const clients of [50, 25]) {
  load(`${clients} clients, sustained`, {
    group: 'sustained',
    target: steady,
    requests: { path: '/work' },
    clients,
    think: `${thinkMs}ms`,
    for: time,
    rounds: hours === undefined ? 2 : 1,
    // Eight hours behind a promise that was broken in the first minute teach nothing.
    stopEarly: hours !== undefined,
    objectives: [
      'max < 5s',
      hours === undefined ? 'errors = 0' : 'errors < 0.1%',
      `throughput >= ${Math.round(mostPerSecond(clients, delayMs + thinkMs) / 2)}/s`,
    ],
  });
}

// Three times as much as usual, again and again: each spike, and the calm behind it.
load('periodic spikes', {
  target: steady,
  requests: { path: '/work' },
  stages: [
    'warm up at 50/s for 200ms',
    'spike1: spike to 150/s for 300ms',
    'calm1: hold 50/s for 300ms',
    'spike2: spike to 150/s for 300ms',
    'calm2: hold 50/s for 300ms',
    'spike3: spike to 150/s for 300ms',
    'calm3: hold 50/s for 300ms',
  ],
  rounds: 2,
  objectives: [
    'p95 < 300ms',
    'errors = 0',
    'p90 of spike3.response-time < 400ms',
    'p90 of calm3.response-time < 300ms',
    'calm3.throughput >= 30/s',
  ],
});
