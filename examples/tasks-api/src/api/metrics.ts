import { performance } from 'node:perf_hooks';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export type Metrics = ReturnType<typeof createMetrics>;

/** Share of time in which the event loop was busy, from one scrape to the next. */
function addEventLoopUtilization(registers: Registry[]): void {
  let last = performance.eventLoopUtilization();
  new Gauge({
    name: 'nodejs_eventloop_utilization',
    help: 'Share of the time since the last scrape in which the event loop was busy',
    registers,
    collect() {
      const now = performance.eventLoopUtilization();
      this.set(performance.eventLoopUtilization(now, last).utilization);
      last = now;
    },
  });
}

/** Everything that `/metrics` tells: what Node says of itself, and the times and counts of this API. */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  addEventLoopUtilization(registers);
  return {
    registry,
    requests: new Histogram({
      name: 'http_request_duration_seconds',
      help: 'From the arrival of a request to the end of its answer',
      labelNames: ['method', 'route', 'status'],
      buckets: seconds,
      registers,
    }),
    poolWait: new Histogram({
      name: 'db_pool_wait_seconds',
      help: 'How long requests waited for a database connection',
      buckets: seconds,
      registers,
    }),
    queries: new Histogram({
      name: 'db_query_duration_seconds',
      help: 'Time of each query, without waiting for a connection',
      labelNames: ['query'],
      buckets: seconds,
      registers,
    }),
    hits: new Counter({ name: 'cache_hits_total', help: 'Reads that the cache answered', registers }),
    misses: new Counter({ name: 'cache_misses_total', help: 'Reads that it could not answer', registers }),
    missCost: new Histogram({
      name: 'cache_miss_duration_seconds',
      help: 'What each miss took to read from the database',
      buckets: seconds,
      registers,
    }),
    serializationRetries: new Counter({
      name: 'serialization_retries_total',
      help: 'Transactions that PostgreSQL asked to try again',
      registers,
    }),
  };
}

/** What a pool says of itself at each scrape. */
interface PoolState {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

export function watchPool({ registry }: Metrics, pool: PoolState, max: number): void {
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  };
  gauge('db_pool_total', 'Open database connections', () => pool.totalCount);
  gauge('db_pool_idle', 'Those of them that nobody uses', () => pool.idleCount);
  gauge('db_pool_waiting', 'Requests that wait for one', () => pool.waitingCount);
  gauge('db_pool_max', 'The most that may be open', () => max);
}
