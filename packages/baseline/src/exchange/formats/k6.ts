import type { Better, Metric, Warning } from '@perfkeel/core';
import type { ForeignBenchmark, ForeignValue, ImportOptions, Importer } from '../foreign.ts';
import { exact, kebab, metricOf, stated, valueOf } from '../foreign-values.ts';
import type { Place } from '../place.ts';
import { timeOf } from '../time-text.ts';

const millisecond = 1e6;

/** One metric of k6, whichever of its three files it came from. */
interface K6Metric {
  readonly name: string;
  /** `trend`, `rate`, `counter`, `gauge`; the old export does not say. */
  readonly type: string;
  /** `time` in milliseconds, `data` in bytes, or `default`. */
  readonly contains: string;
  readonly values: Place;
}

const timeNames =
  /_(duration|blocked|connecting|handshaking|sending|waiting|receiving)\b|^vu_iteration|^iteration_duration/;

/** The old export names no types: its fields tell them, and its built-in names tell what is a time. */
function ofExport([name, values]: readonly [string, Place]): K6Metric {
  const type = values.has('med') ? 'trend' : values.has('passes') ? 'rate' : values.has('rate') ? 'counter' : 'gauge';
  const contains = timeNames.test(name) ? 'time' : name.startsWith('data_') ? 'data' : 'default';
  return { name, type, contains, values };
}

const ofTyped = (name: string, metric: Place): K6Metric => ({
  name,
  type: metric.field('type').text(),
  contains: metric.field('contains').maybeText() ?? 'default',
  values: metric.field('values'),
});

function readMetrics(root: Place): K6Metric[] {
  if (root.has('results')) {
    const results = root.field('results').field('metrics').items();
    return results.map((metric) => ofTyped(metric.field('name').text(), metric));
  }
  const entries = root.field('metrics').entries();
  return entries.map(([name, metric]) => (metric.has('values') ? ofTyped(name, metric) : ofExport([name, metric])));
}

const isBad = (name: string): boolean => /fail|error|drop/.test(name);

const orderOfTrend = ['med', 'p(99)', 'p99', 'p(95)', 'p95', 'p(90)', 'p90', 'avg', 'min', 'max'];

const rank = (key: string): number => (orderOfTrend.includes(key) ? orderOfTrend.indexOf(key) : orderOfTrend.length);

function trendValues({ name, contains, values }: K6Metric): ForeignValue[] {
  const [unit, scale] = contains === 'time' ? (['ns', millisecond] as const) : (['B', 1] as const);
  const isKnown = contains === 'time' || contains === 'data';
  return values
    .entries()
    .filter(([key, value]) => value.present && !['count', 'thresholds'].includes(key))
    .sort(([a], [b]) => rank(a) - rank(b))
    .map(([key, value]) => {
      const id = `${kebab(name)}-${key === 'med' ? 'median' : key === 'avg' ? 'mean' : kebab(key)}`;
      if (isKnown) return valueOf(metricOf(id, unit), exact(value.amount() * scale));
      return valueOf(metricOf(id, 'count', 'neither'), stated('k6', value.number()));
    });
}

function rateValues({ name, values }: K6Metric): ForeignValue[] {
  const better: Better = isBad(name) ? 'lower' : 'higher';
  const metric: Metric = metricOf(kebab(name), 'ratio', better);
  if (!values.field('passes').present || !values.field('fails').present) {
    const share = values.has('value') ? values.field('value') : values.field('rate');
    return share.present ? [valueOf(metric, exact(share.amount()))] : [];
  }
  const [passes, fails] = [values.field('passes').count(), values.field('fails').count()];
  return [valueOf(metric, { kind: 'count', events: passes, trials: passes + fails })];
}

function counterValues({ name, contains, values }: K6Metric): ForeignValue[] {
  const rate = values.field('rate');
  if (!rate.present) return [];
  const metric = metricOf(`${kebab(name)}-rate`, contains === 'data' ? 'B/s' : '1/s', isBad(name) ? 'lower' : 'higher');
  return [valueOf(metric, exact(rate.amount()))];
}

function valuesOf(metric: K6Metric): ForeignValue[] {
  if (metric.type === 'trend') return trendValues(metric);
  if (metric.type === 'rate') return rateValues(metric);
  return metric.type === 'counter' ? counterValues(metric) : [];
}

/**
 * What k6 itself held against limits and found broken. In the old export `true` means broken, in the other two `ok: true`
 * means kept.
 */
function brokenLimits(metric: Place, name: string): Warning[] {
  const limits = metric.isObject ? metric.field('thresholds') : metric;
  if (!limits.isObject) return [];
  return limits.entries().flatMap(([expression, outcome]) => {
    const broken = outcome.isObject ? outcome.field('ok').value === false : outcome.value === true;
    const message = `k6 found its own limit broken: ${name} ${expression}`;
    return broken ? [{ code: 'failed-elsewhere', message }] : [];
  });
}

function warningsOf(root: Place): Warning[] {
  const metrics = root.field('metrics');
  return metrics.isObject ? metrics.entries().flatMap(([name, metric]) => brokenLimits(metric, name)) : [];
}

const durations = 'http_req_duration';

function benchmarkOf(root: Place, { name }: ImportOptions): ForeignBenchmark {
  // Response times first: the first metric is the primary one.
  const metrics = readMetrics(root).sort((a, b) => Number(b.name === durations) - Number(a.name === durations));
  const config = root.field('config');
  const script = config.isObject ? config.field('script').maybeText() : undefined;
  return { name: name ?? script ?? 'k6', values: metrics.flatMap(valuesOf), warnings: warningsOf(root) };
}

const isSummary = (root: Place): boolean =>
  (root.has('metrics') && (root.has('root_group') || root.has('state'))) ||
  (root.has('version', 'results') && root.field('results').has('metrics'));

/** The three end-of-test summaries of k6: `--summary-export`, `handleSummary(data)`, and the machine-readable one. */
export const k6: Importer<Place> = {
  name: 'k6',
  sniff: isSummary,
  read: (root, options) => {
    const metadata = root.field('metadata');
    const state = root.field('state');
    const ms = state.isObject ? state.field('testRunDurationMs') : undefined;
    const version = metadata.isObject ? metadata.field('k6_version').maybeText() : undefined;
    return [
      {
        tool: version === undefined ? 'k6' : `k6 ${version}`,
        at: metadata.isObject ? timeOf(metadata.field('generated_at')) : undefined,
        ...(ms?.present ? { durationMs: ms.amount() } : {}),
        benchmarks: [benchmarkOf(root, options)],
      },
    ];
  },
};
