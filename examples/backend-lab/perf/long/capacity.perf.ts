import { capacity } from 'perfkeel';
import { lab } from '../lab.ts';

const conditions = ['p95 < 300ms', 'errors < 1%'] as const;
const server = ['--workers', '4', '--delay', '20'] as const;

// Four workers of 20 ms: 200 a second and no more, whatever the machine. The search does not know, and must find it.
capacity('capacity of one backend', {
  group: 'capacity',
  target: lab(...server),
  requests: { path: '/work' },
  between: ['50/s', '800/s'],
  while: conditions,
  for: '4s',
  within: '90s',
  // And how long an answer takes when there is little to do, some, and much.
  at: ['10%', '50%', '80%'],
  rounds: 2,
  objectives: [
    'capacity >= 140/s',
    'p50 of response-time-at-10 < 60ms',
    'p50 of response-time-at-50 < 80ms',
    'p50 of response-time-at-80 < 150ms',
  ],
});

// Three of them behind the balancer: three times as much, when nothing else is in the way.
capacity('capacity of three backends', {
  group: 'capacity',
  target: lab('--backends', '3', ...server),
  requests: { path: '/work' },
  between: ['50/s', '1600/s'],
  while: conditions,
  for: '4s',
  within: '90s',
  objectives: ['capacity >= 400/s'],
});
