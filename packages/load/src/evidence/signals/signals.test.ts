import { nanos } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { parseExposition } from '../exposition/parse-exposition.ts';
import { matchSignals } from './match-signals.ts';
import { joinIntervals, SignalRecorder } from './signal-recorder.ts';
import { mergeSignals, serverSignals, type ServerSignals } from './server-signals.ts';

const record = (...pages: readonly string[]): SignalRecorder => {
  const recorder = new SignalRecorder();
  pages.forEach((page, i) => recorder.add(nanos(i * 1e9), matchSignals(parseExposition(page))));
  return recorder;
};
const between = (...pages: readonly string[]): ServerSignals =>
  serverSignals(joinIntervals(record(...pages).intervals)!);

const histogram = (name: string, buckets: readonly [string, number][], sum: number, labels = ''): string =>
  [
    ...buckets.map(([le, count]) => `${name}_bucket{${labels}le="${le}"} ${count}`),
    `${name}_sum{${labels}} ${sum}`,
    `${name}_count{${labels}} ${buckets.at(-1)![1]}`,
  ].join('\n');

describe('signals by their names, in base units', () => {
  it.each<[string, string, (signals: ServerSignals) => unknown, unknown]>([
    [
      'requests in seconds',
      'http_request_duration_seconds_sum 2\nhttp_request_duration_seconds_count 4',
      (s) => s.handling?.mean,
      0.5e9,
    ],
    [
      'requests of OpenTelemetry',
      'http_server_request_duration_seconds_sum 2\nhttp_server_request_duration_seconds_count 4',
      (s) => s.handling?.mean,
      0.5e9,
    ],
    [
      'requests in milliseconds',
      'http_request_duration_ms_sum 2\nhttp_request_duration_ms_count 4',
      (s) => s.handling?.mean,
      0.5e6,
    ],
    [
      'requests of an older OpenTelemetry',
      'http_server_duration_milliseconds_sum 2\nhttp_server_duration_milliseconds_count 1',
      (s) => s.handling?.total,
      2e6,
    ],
    [
      'names with dots',
      '{"db.client.operation.duration_sum"} 3\n{"db.client.operation.duration_count"} 3',
      (s) => s.queries?.mean,
      1e9,
    ],
    ['waiting for a pool', 'db_pool_wait_seconds_sum 3\ndb_pool_wait_seconds_count 2', (s) => s.poolWait?.total, 3e9],
    [
      'waiting for Hikari',
      'hikaricp_connections_pending{pool="a"} 3\nhikaricp_connections_pending{pool="b"} 4',
      (s) => s.poolWaiting?.max,
      7,
    ],
    ['the size of a pool', 'pg_pool_max 20', (s) => s.poolSize, 20],
    ['hits with and without _total', 'cache_hits_total 5', (s) => s.cacheHits, 5],
    [
      'hits by their label',
      'cache_gets_total{result="hit"} 5\ncache_gets_total{result="miss"} 3',
      (s) => [s.cacheHits, s.cacheMisses],
      [5, 3],
    ],
    ['hits of Redis', 'redis_keyspace_hits_total 9', (s) => s.cacheHits, 9],
    ['processor time', 'process_cpu_seconds_total 0.5', (s) => s.processors, 0.5],
    [
      'the loop by its states',
      'nodejs_eventloop_time_seconds_total{nodejs_eventloop_state="active"} 3\nnodejs_eventloop_time_seconds_total{nodejs_eventloop_state="idle"} 1',
      (s) => [s.loopUtilisation, s.loopActive],
      [0.75, 3e9],
    ],
    ['the loop by its share', 'nodejs_eventloop_utilization 0.25', (s) => s.loopUtilisation, 0.25],
    [
      'collections',
      'nodejs_gc_duration_seconds_sum{kind="minor"} 0.1\nnodejs_gc_duration_seconds_count{kind="minor"} 9\nnodejs_gc_duration_seconds_sum{kind="major"} 0.2\nnodejs_gc_duration_seconds_count{kind="major"} 1',
      (s) => [s.collections?.count, Number(s.collectionShare?.toFixed(9))],
      [10, 0.3],
    ],
    [
      'the heap in all its spaces',
      'v8js_memory_heap_used_bytes{space="new"} 1e6\nv8js_memory_heap_used_bytes{space="old"} 2e6',
      (s) => s.heap,
      3e6,
    ],
    [
      'of two names the better one',
      'http_request_duration_seconds_sum 9\nhttp_request_duration_seconds_count 9\nhttp_server_request_duration_seconds_sum 1\nhttp_server_request_duration_seconds_count 2',
      (s) => s.handling?.count,
      2,
    ],
    [
      'a gauge whose name ends like a part of a histogram, by its type',
      '# TYPE db_pool_waiting_count gauge\ndb_pool_waiting_count 7',
      (s) => [s.poolWaiting?.max, s.poolWait],
      [7, undefined],
    ],
    [
      'of the same without a type nothing: a histogram has a sum',
      'db_pool_waiting_count 7',
      (s) => [s.poolWaiting, s.poolWait],
      [undefined, undefined],
    ],
    ['no gauge as a counter', '# TYPE cache_hits gauge\ncache_hits 5', (s) => s.cacheHits, undefined],
    ['no counter as a gauge', '# TYPE pg_pool_max counter\npg_pool_max 5', (s) => s.poolSize, undefined],
    [
      'a summary, and its quantiles are no values',
      '# TYPE db_query_duration_seconds summary\ndb_query_duration_seconds{quantile="0.5"} 9\ndb_query_duration_seconds_sum 6\ndb_query_duration_seconds_count 3',
      (s) => s.queries?.mean,
      2e9,
    ],
    [
      'a counter by the type of OpenMetrics, which stands without _total',
      '# TYPE cache_hits counter\ncache_hits_total 5\ncache_hits_created 1e9',
      (s) => s.cacheHits,
      5,
    ],
    [
      'by its name where the type is unknown',
      '# TYPE pg_pool_max untyped\npg_pool_max 20\n# TYPE cache_hits unknown\ncache_hits 3',
      (s) => [s.poolSize, s.cacheHits],
      [20, 3],
    ],
    [
      'no histogram behind the name of a gauge',
      '# TYPE db_pool_wait_seconds gauge\ndb_pool_wait_seconds 1\ndb_pool_wait_seconds_count 2',
      (s) => s.poolWait,
      undefined,
    ],
    [
      'a counter once that stands there with and without _total',
      'cache_hits 5\ncache_hits_total 5',
      (s) => s.cacheHits,
      5,
    ],
    [
      'one of two times that mean the same, and not their sum: that with buckets',
      `${histogram(
        'http_request_duration_seconds',
        [
          ['0.1', 2],
          ['+Inf', 4],
        ],
        2,
      )}\nhttp_request_duration_ms_sum 2000\nhttp_request_duration_ms_count 4`,
      (s) => [s.handling?.count, s.handling?.total],
      [4, 2e9],
    ],
    [
      'hits and misses of the same cache, where there are several',
      'a_cache_hits_total 5\nb_cache_hits_total 90\nb_cache_misses_total 10\na_http_cache_hits_total 1',
      (s) => [s.cacheHits, s.cacheMisses],
      [90, 10],
    ],
    [
      'no numbers of who asks for metrics',
      'http_request_duration_seconds_sum{route="/metrics"} 9\nhttp_request_duration_seconds_count{route="/metrics"} 9',
      (s) => s.handling,
      undefined,
    ],
    ['no number that is none', 'pg_pool_max NaN', (s) => s.poolSize, undefined],
    [
      'nothing of names that are unknown',
      'db_pool_party_total 5\nhttp_requests_total 3\nmy_cache_hits_per_day 3',
      (s) => Object.entries(s).flatMap(([name, value]) => (value === undefined ? [] : name)),
      ['start', 'end'],
    ],
    ['nothing of names that never end', `${'db_'.repeat(50_000)}pool_max 3`, (s) => s.poolSize, undefined],
  ])('%s', (_, page, read, expected) => {
    // What appears between two looks began at zero.
    expect(read(between('', page))).toEqual(expected);
  });
});

describe('what happened in between', () => {
  it('is what was gained, by series', () => {
    const page = (a: number, b: number): string =>
      `db_query_duration_seconds_sum{q="a"} ${a}\ndb_query_duration_seconds_count{q="a"} ${a}\n` +
      `db_query_duration_seconds_sum{q="b"} ${b}\ndb_query_duration_seconds_count{q="b"} ${b}`;
    expect(between(page(100, 7), page(104, 7), page(105, 9)).queries).toMatchObject({ count: 7, total: 7e9 });
  });

  it('begins at zero again after a restart, with the whole series and no other', () => {
    const page = (hits: number, sum: number, count: number): string =>
      `cache_hits_total ${hits}\n${histogram(
        'http_request_duration_seconds',
        [
          ['0.1', 0],
          ['+Inf', count],
        ],
        sum,
      )}`;
    // The sum is higher than before although the count is lower: few long requests.
    const recorder = record(page(10, 5, 50), page(15, 6, 2));
    const signals = serverSignals(recorder.intervals[0]!);
    expect([signals.cacheHits, signals.handling?.count, signals.handling?.total]).toEqual([5, 2, 6e9]);
    expect(signals.restarted).toBe(true);
    expect(recorder.resets).toBe(1);
  });

  it('has the quantiles of what was gained, over all labels', () => {
    const before = histogram(
      'db_query_duration_seconds',
      [
        ['0.01', 1000],
        ['0.1', 1000],
        ['+Inf', 1000],
      ],
      1,
    );
    const after = histogram(
      'db_query_duration_seconds',
      [
        ['0.01', 1000],
        ['0.1', 1010],
        ['+Inf', 1010],
      ],
      2,
    );
    const other = histogram(
      'db_query_duration_seconds',
      [
        ['0.01', 0],
        ['0.1', 10],
        ['+Inf', 10],
      ],
      1,
      'q="new",',
    );
    const { queries } = between(before, `${after}\n${other}`);
    expect([queries?.count, queries?.p50]).toEqual([20, 55e6]);
    expect(queries?.p99).toBeCloseTo(99.1e6, 0);
  });

  it('says how gauges stood: the mean over time, and the most', () => {
    const page = (waiting: number): string => `db_pool_waiting ${waiting}`;
    expect(between(page(90), page(2), page(6)).poolWaiting).toEqual({ mean: 4, max: 6 });
  });

  it('stays the same in a long run, in fewer intervals', () => {
    const recorder = record(
      ...Array.from({ length: 700 }, (_, i) => `cache_hits_total ${i * 3}\ndb_pool_waiting ${i % 2}`),
    );
    expect(recorder.intervals.length).toBeLessThan(256);
    const signals = serverSignals(joinIntervals(recorder.intervals)!);
    expect([signals.cacheHits, signals.start, signals.end]).toEqual([699 * 3, 0, 699e9]);
    expect(signals.poolWaiting).toEqual({ mean: expect.closeTo(0.5, 2) as number, max: 1 });
  });

  it('is empty after one look', () => {
    expect(record('cache_hits_total 5').intervals).toEqual([]);
  });
});

it('which of several metrics was read is known', () => {
  const page =
    'redis_keyspace_hits_total 1\ndb_pool_waiting 3\npg_pool_waiting 3\ncache_hits 5\ncache_hits_total 5\npg_pool_max 20';
  const recorder = record(page, page);
  expect(recorder.choices).toEqual([
    { signal: 'pool-waiting', read: 'pg_pool_waiting', leftOut: ['db_pool_waiting'] },
    { signal: 'cache-hits', read: 'cache_hits_total', leftOut: ['cache_hits'] },
  ]);
  expect(serverSignals(recorder.intervals[0]!).poolWaiting?.max).toBe(3);
});

it('of two sources the first one counts, where it says anything', () => {
  const [first, second] = [
    between('', 'nodejs_eventloop_utilization 0.9'),
    between('', 'nodejs_eventloop_utilization 0.1\npg_pool_max 3'),
  ];
  expect(mergeSignals(first, second)).toMatchObject({ loopUtilisation: 0.9, poolSize: 3 });
  expect(mergeSignals(undefined, second)).toBe(second);
});
