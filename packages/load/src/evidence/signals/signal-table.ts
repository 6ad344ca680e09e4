/** What a server may tell of itself, whatever it calls it. Times are histograms or summaries, counts only ever rise. */
export interface SignalKinds {
  readonly time: 'handling' | 'pool-wait' | 'query' | 'cache-miss' | 'collection' | 'loop-delay';
  readonly count: 'cache-hits' | 'cache-misses' | 'cpu' | 'loop-active' | 'loop-idle' | 'retries';
  readonly gauge: 'loop-utilisation' | 'pool-waiting' | 'pool-size' | 'heap' | 'heap-limit';
}

export type SignalKind = keyof SignalKinds;

/** One way in which a signal is told. */
export interface SignalName<Kind extends SignalKind = SignalKind> {
  readonly kind: Kind;
  readonly signal: SignalKinds[Kind];
  /** Of the metric, without `_sum`, `_count`, `_bucket` and `_total`. */
  readonly name: RegExp;
  /** Only where one of the labels says so. */
  readonly where?: RegExp;
  /** Of the unit, where the name has none: in nanoseconds. */
  readonly unit?: number;
}

const seconds = 1e9;
const milliseconds = 1e6;

/** `label=value` of one state among several. */
const state = (value: string): RegExp => new RegExp(`^\\w*(?:state|result|status|outcome)=${value}$`);

const time = (signal: SignalKinds['time'], name: RegExp, unit = seconds): SignalName<'time'> => ({
  ...{ kind: 'time', signal, name, unit },
});
const count = (signal: SignalKinds['count'], name: RegExp, where?: RegExp): SignalName<'count'> => ({
  ...{ kind: 'count', signal, name, unit: signal === 'cpu' || signal.startsWith('loop-') ? seconds : 1 },
  ...(where === undefined ? {} : { where }),
});
const gauge = (signal: SignalKinds['gauge'], name: RegExp): SignalName<'gauge'> => ({ kind: 'gauge', signal, name });

/**
 * The names that are known: those of prom-client and its users, of OpenTelemetry (with dots or underscores), of Micrometer,
 * and of exporters. Of several names of one signal the first that a text has counts.
 */
export const signalNames: readonly SignalName[] = [
  time('handling', /^http_server_request_duration_seconds$/),
  time('handling', /^http_server_duration(?:_milliseconds)?$/, milliseconds),
  time('handling', /^http_server_requests_seconds$/),
  time('handling', /^(?:\w+_)?http_(?:server_)?requests?_(?:duration|latency|time)(?:_\w*seconds|_ms)?$/),
  time('handling', /^mcp_server_operation_duration(?:_seconds)?$/),
  time('handling', /^vllm:e2e_request_latency_seconds$/),

  time('pool-wait', /^db_client_connections?_wait_time(?:_\w*seconds)?$/),
  time('pool-wait', /^hikaricp_connections_acquire_seconds$/),
  time('pool-wait', /^(?:\w*(?:db|pg|sql|postgres|database|connection)_)?pool_(?:\w+_)?(?:wait|acquire)\w*$/),
  time('query', /^db_client_operation_duration(?:_\w*seconds)?$/),
  time(
    'query',
    /^(?:\w+_)?(?:db|pg|sql|database|postgres|mysql|mongodb)_(?:query|queries|operation|statement|command)s?(?:_duration|_time|_latency)?(?:_\w*seconds|_ms)?$/,
  ),
  time('cache-miss', /^(?:\w+_)?cache_(?:miss|load|fill)(?:es)?_?(?:duration|time|latency|cost)?(?:_\w*seconds|_ms)?$/),
  time('collection', /^v8js_gc_duration(?:_seconds)?$/),
  time('collection', /^(?:nodejs|go)_gc_duration_seconds$/),
  time('collection', /^jvm_gc_(?:pause|collection|duration)(?:_seconds)?$/),
  time('loop-delay', /^nodejs_eventloop_delay_seconds$/),

  count('cache-hits', /^(?:\w+_)?cache_hits$/),
  count('cache-hits', /^(?:\w+_)?cache_(?:gets|requests|lookups|operations)$/, state('hit')),
  count('cache-hits', /^redis_keyspace_hits$/),
  count('cache-misses', /^(?:\w+_)?cache_misses$/),
  count('cache-misses', /^(?:\w+_)?cache_(?:gets|requests|lookups|operations)$/, state('miss')),
  count('cache-misses', /^redis_keyspace_misses$/),
  count('cpu', /^process_cpu_seconds$/),
  count('loop-active', /^nodejs_eventloop_time(?:_seconds)?$/, state('active')),
  count('loop-idle', /^nodejs_eventloop_time(?:_seconds)?$/, state('idle')),
  count('retries', /^(?:\w+_)?serialization_(?:retries|failures)$/),

  gauge('loop-utilisation', /^nodejs_eventloop_utilization(?:_ratio)?$/),
  gauge('pool-waiting', /^db_client_connections?_pending_requests$/),
  gauge('pool-waiting', /^hikaricp_connections_pending$/),
  gauge(
    'pool-waiting',
    /^(?:\w*(?:db|pg|sql|postgres|database|connection)_)?pool_(?:\w+_)?(?:waiting|pending|queued)$/,
  ),
  gauge('pool-size', /^db_client_connections?_max$/),
  gauge('pool-size', /^hikaricp_connections_max$/),
  gauge('pool-size', /^(?:\w*(?:db|pg|sql|postgres|database|connection)_)?pool_(?:\w+_)?(?:max|size|limit)$/),
  gauge('heap', /^v8js_memory_heap_used(?:_bytes)?$/),
  gauge('heap', /^nodejs_heap_size_used_bytes$/),
  gauge('heap-limit', /^v8js_memory_heap_limit(?:_bytes)?$/),
];

const suffixUnits: readonly (readonly [RegExp, number])[] = [
  [/_milliseconds$|_millis$|_ms$/, milliseconds],
  [/_microseconds$|_micros$|_us$/, 1e3],
  [/_nanoseconds$|_nanos$|_ns$/, 1],
  [/_seconds$/, seconds],
];

/** What one unit of a metric is in nanoseconds, as its name says; else as its entry in the table says. */
export const unitOf = (base: string, { unit = 1, kind, signal }: SignalName): number =>
  (kind === 'time' || signal === 'cpu' || signal.startsWith('loop-')) && kind !== 'gauge'
    ? (suffixUnits.find(([suffix]) => suffix.test(base))?.[1] ?? unit)
    : 1;
