import { load } from 'perfkeel';
import { lab } from './lab.ts';

// Half a second for each stage here; `LAB_RAMP=1m npx perfkeel run perf/ramps.perf.ts` for a real one.
const time = (process.env['LAB_RAMP'] ?? '500ms') as `${number}s`;
const target = lab('--delay', '50');

// Clients join one by one until there are a hundred, stay, and leave one by one.
load('ramp from 1 to 100 clients and down again', {
  target,
  requests: { path: '/work' },
  think: '350ms',
  stages: [
    'warm up at 1 client for 200ms',
    `up: ramp to 100 clients over ${time}`,
    `top: hold 100 clients for ${time}`,
    `down: ramp to 1 client over ${time}`,
    `after: hold 1 client for ${time}`,
  ],
  rounds: 2,
  objectives: [
    'p95 < 500ms',
    'errors = 0',
    'p95 of up.response-time < 500ms',
    'p95 of down.response-time < 500ms',
    'top.throughput >= 100/s',
    // Nothing of the hundred is left: the last client is as alone as it was at first.
    'max of after.response-time < 500ms',
  ],
});

// A hundred clients at once, without anything before them: all connections are opened in one moment.
load('instant ramp to 100 clients', {
  target,
  requests: { path: '/work' },
  think: '350ms',
  clients: 100,
  warmup: '0s',
  for: time,
  rounds: 2,
  objectives: ['p95 < 700ms', 'p90 of connection-wait < 500ms', 'errors = 0', 'throughput >= 100/s'],
});
