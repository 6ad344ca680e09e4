/** A requirement that the suite has to show. Benchmarks belong to it by a tag with its id. */
export interface NfrTarget {
  readonly id: string;
  readonly title: string;
  /** The folder of `examples/` whose benchmarks show it. */
  readonly project: string;
  /** Where to look when it is missed. */
  readonly advice: string;
}

export const nfrTargets: readonly NfrTarget[] = [
  {
    id: 'NFR-Performance-01',
    title: 'MCP resources load in less than 100 ms (p95)',
    project: 'mcp-server',
    advice: 'Look at the hit rate of the cache and its lifetime, and at what reading from the disk takes.',
  },
  {
    id: 'NFR-Performance-02',
    title: 'MCP tools answer in less than 500 ms (p95)',
    project: 'mcp-server',
    advice: 'Find the slowest tool in the report, and what it waits for.',
  },
  {
    id: 'NFR-Performance-03',
    title: 'at least 40 % fewer tokens than with local files',
    project: 'mcp-server',
    advice: 'Look at the workflows one by one, and at what tools/list costs in each turn.',
  },
  {
    id: 'NFR-Performance-04',
    title: '100 requests a second for 60 s, p99 below 200 ms, no failure',
    project: 'tasks-api',
    advice:
      'At /metrics: db_pool_waiting and db_pool_wait_seconds (raise POOL_SIZE), db_query_duration_seconds (find the slow query), nodejs_eventloop_utilization and nodejs_gc_duration_seconds (what holds up the event loop).',
  },
  {
    id: 'NFR-Performance-05',
    title: '50 reservations at once under SERIALIZABLE, no collision',
    project: 'tasks-api',
    advice: 'Reservations have to be SERIALIZABLE transactions: RESERVE_MODE, and src/api/reservations.ts.',
  },
  {
    id: 'FR-20',
    title: 'cache hit rate above 70 %',
    project: 'tasks-api',
    advice: 'Is CACHE off, or REDIS_URL unreachable? Look at the lifetime of entries, and at what deletes them.',
  },
];
