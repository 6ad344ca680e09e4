import { load } from 'perfkeel';
import { api, full } from './api.ts';

const ids = Array.from({ length: 40 }, (_, i) => 1 + i * 23);

// NFR-Performance-04: whoever works on tasks asks for the next one and says how far it is; some look at others.
// Arrivals do not wait for answers, so a server that stops for a moment shows it in every request that was due.
load('100 requests a second', {
  target: api(),
  tags: ['NFR-Performance-04'],
  requests: [
    { name: 'next', path: '/tasks/next', weight: 40 },
    ...ids.map((id, i) => ({
      name: 'status',
      method: 'PUT',
      path: `/tasks/${id}/status`,
      body: { status: i % 2 === 0 ? 'in_progress' : 'pending' },
    })),
    { name: 'task', path: '/tasks/17', weight: 5 },
    { name: 'entry', path: '/registry/17', weight: 5 },
    { name: 'list', path: '/tasks?limit=20', weight: 5 },
    { name: 'create', path: '/tasks', body: { title: 'measure it' }, expect: 201, weight: 5 },
  ],
  rate: '100/s',
  for: full ? '60s' : '4s',
  warmup: full ? '5s' : '1s',
  rounds: 2,
  objectives: full
    ? [
        'p50 < 100ms',
        'p95 < 200ms',
        'p99 < 200ms',
        'errors = 0',
        'throughput >= 95/s',
        'p99 of next.response-time < 200ms',
        'p99 of status.response-time < 200ms',
      ]
    : // Seconds on a machine that does other things as well: enough to see that it works, and what is far too slow.
      ['p50 < 200ms', 'p99 < 2s', 'errors = 0', 'p50 of next.response-time < 200ms', 'p50 of status.response-time < 200ms'],
});
