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
  // What holds it up, when something does, in the words of its own metrics.
  evidence: { metrics: '/metrics' },
  rate: '100/s',
  for: full ? '60s' : '3s',
  warmup: full ? '5s' : '500ms',
  rounds: full ? 2 : 1,
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
    : // One round of seconds bounds no quantile: enough to see that everything is answered, and nothing hangs.
      ['max < 5s', 'errors = 0'],
});
