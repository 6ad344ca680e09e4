import { load } from 'perfkeel';
import { lab } from './lab.ts';

const target = lab('--delay', '10');

/** What any machine does of them each second, at least. */
const least = (bytes: number): number => (bytes < 10_000 ? 100 : bytes < 100_000 ? 80 : 20);

// A family over the size of the request: the server says how many bytes arrived, and a wrong number is an error.
load('requests', {
  over: { bytes: [1_000, 64_000, 1_000_000] },
  target,
  requests: ({ bytes }) => ({
    path: '/work',
    body: 'x'.repeat(bytes),
    expectBody: (body) => body === `${bytes} bytes`,
  }),
  clients: 4,
  think: '5ms',
  for: '700ms',
  rounds: 2,
  objectives: ({ bytes }) => ['p90 < 500ms', 'errors = 0', `throughput >= ${least(bytes)}/s`],
});

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
