import { load } from 'perfkeel';
import { api, newOrder } from './api.ts';

// Open model: requests are due at their times, whether or not the server keeps up.
load('read, write and list at 150/s', {
  target: api,
  requests: [
    { path: '/orders/17', weight: 6 },
    { method: 'POST', path: '/orders', body: newOrder, expect: 201, weight: 3 },
    { path: '/orders', weight: 1 },
  ],
  rate: '150/s',
  for: '6s',
  warmup: '1s',
  objectives: ['p50 < 100ms', 'p99 < 1s', 'errors < 1%', 'throughput >= 120/s'],
});

// Closed model: ten clients, each waiting for its answer before it asks again.
load('read with 10 clients', {
  target: api,
  requests: { path: '/orders/17' },
  clients: 10,
  for: '3s',
  warmup: '1s',
  objectives: ['p99 < 1s', 'errors < 1%', 'throughput >= 200/s'],
});
