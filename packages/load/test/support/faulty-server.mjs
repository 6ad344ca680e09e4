// A small API with a cache and a pool of connections, which tells of itself at /metrics: node --expose-gc --no-flush-bytecode faulty-server.mjs
//
// GET /items/<n> reads an item through the cache, and makes one query on a connection of the pool. GET /become?<fault>
// brings it into another state: healthy, pool, query, block, cache, garbage or tail. Queries and misses sleep.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import client from 'prom-client';

const healthy = { connections: 10, queryMs: 2, blockMs: 0, isCaching: true, live: 0, slowEach: Infinity };
const faults = {
  healthy: {},
  pool: { connections: 2, queryMs: 30 },
  query: { queryMs: 45 },
  block: { blockMs: 15 },
  cache: { isCaching: false },
  garbage: { live: 100_000 },
  tail: { slowEach: 25 },
};
let now = healthy;
let live;

client.collectDefaultMetrics();
const times = (name, labelNames = []) =>
  new client.Histogram({ name, help: name, labelNames, buckets: [0.001, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2] });
const count = (name) => new client.Counter({ name, help: name });
const level = (name, read) =>
  new client.Gauge({
    name,
    help: name,
    collect() {
      this.set(read());
    },
  });
const handling = times('http_request_duration_seconds', ['route']);
const [poolWait, queries] = [times('db_pool_wait_seconds'), times('db_query_duration_seconds', ['query'])];
const [hits, misses, missTimes] = [
  count('cache_hits_total'),
  count('cache_misses_total'),
  times('cache_miss_duration_seconds'),
];
const collections = times('v8js_gc_duration_seconds');
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) collections.observe(duration / 1000);
}).observe({ entryTypes: ['gc'] });
let loop = performance.eventLoopUtilization();
level('nodejs_eventloop_utilization', () => {
  const before = loop;
  loop = performance.eventLoopUtilization();
  return performance.eventLoopUtilization(loop, before).utilization;
});

let asked = 0;
let busy = 0;
const waiting = [];
level('db_pool_waiting', () => waiting.length);
level('db_pool_max', () => now.connections);

async function query() {
  const gotConnection = poolWait.startTimer();
  if (busy >= now.connections) await new Promise((resolve) => waiting.push(resolve));
  busy += 1;
  gotConnection();
  const done = queries.startTimer({ query: 'find' });
  await sleep(++asked % now.slowEach === 0 ? 400 : now.queryMs);
  done();
  busy -= 1;
  waiting.shift()?.();
}

const cache = new Set(Array.from({ length: 10 }, (_, i) => `/items/${i}`));
async function read(path) {
  if (now.isCaching && cache.has(path)) return hits.inc();
  misses.inc();
  const done = missTimes.startTimer();
  await sleep(60);
  done();
}

function commitFaults() {
  // As with a heap at its limit: a whole collection for nearly each request, which has a lot to look at.
  if (now.live > 0) {
    globalThis.gc();
  }
  const until = performance.now() + now.blockMs;
  while (performance.now() < until);
}

const server = createServer({ keepAliveTimeout: 60_000 }, async (request, response) => {
  const [path, search] = request.url.split('?');
  if (path === '/metrics') return response.end(await client.register.metrics());
  if (path === '/become') {
    now = { ...healthy, ...faults[search] };
    live = undefined;
    for (let i = 0; i < now.live; i++) live = { i, live };
    return response.end();
  }
  const done = handling.startTimer({ route: '/items' });
  commitFaults();
  await read(path);
  await query();
  response.end('{}');
  done();
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
