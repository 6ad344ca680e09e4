import { load } from 'perfkeel';
import { lab } from './lab.ts';

const target = lab('--delay', '10');

// A family over the size of the request: the server says how many bytes arrived, and a wrong number is an error.
for (const [size, bytes, least] of [
  ['1 kB', 1_000, 100],
  ['64 kB', 64_000, 80],
  ['1 MB', 1_000_000, 20],
] as const) {
  load(`requests of ${size}`, {
    group: 'request size',
    target,
    requests: { path: '/work', body: 'x'.repeat(bytes), expectBody: (body) => body === `${bytes} bytes` },
    clients: 4,
    think: '5ms',
    for: '700ms',
    rounds: 2,
    objectives: ['p90 < 500ms', 'errors = 0', `throughput >= ${least}/s`],
  });
}

load('answers from 100 B to 1 MB', {
  target,
  requests: [
    { name: 'small', path: '/work?bytes=100', expectBody: (body) => body.length === 100, weight: 3 },
    { name: 'large', path: '/work?bytes=1000000', expectBody: (body) => body.length === 1_000_000, weight: 1 },
  ],
  rate: '80/s',
  for: '700ms',
  rounds: 2,
  objectives: ['errors = 0', 'p90 of small.response-time < 300ms', 'median of large.response-time < 300ms'],
});
