import { metrics as builtIn, type Metric } from '@perfkeel/core';
import type { ForeignValue, Importer } from '../foreign.ts';
import { kebab, metricOf, stated, valueOf } from '../foreign-values.ts';
import type { Place } from '../place.ts';

/** The measures that every Bencher project has, and the metrics of ours that are written under their own names. */
const known: readonly Metric[] = [
  metricOf('latency', 'ns'),
  metricOf('file-size', 'B'),
  metricOf('build-time', 'ns'),
  ...Object.values(builtIn),
];

/** Bencher's files hold no units: of `response-time-p99`, the part in front is a metric that we know. */
function metricOfMeasure(measure: string): Metric {
  const id = kebab(measure);
  const candidates = known.filter((metric) => id === metric.id || id.startsWith(`${metric.id}-`));
  const longest = candidates.sort((a, b) => b.id.length - a.id.length)[0];
  return longest === undefined ? metricOf(id, 'count', 'neither') : { ...longest, id };
}

/** Build times are the one measure in seconds. */
const scaleOf = (measure: string): number => (kebab(measure) === 'build-time' ? 1e9 : 1);

function valueOfMeasure(measure: string, place: Place): ForeignValue {
  const scale = scaleOf(measure);
  const bound = (key: string): number | undefined => {
    const field = place.field(key);
    return field.present ? field.number() * scale : undefined;
  };
  const [lo, hi] = [bound('lower_value'), bound('upper_value')];
  const value = place.field('value').number() * scale;
  const bounds = { ...(lo === undefined ? {} : { lo }), ...(hi === undefined ? {} : { hi }) };
  return valueOf(metricOfMeasure(measure), stated('Bencher', value, bounds));
}

/** Two levels of names, and a `value` below them: nothing else is so shaped. */
function isBenchmark(place: Place): boolean {
  if (!place.isObject) return false;
  const measures = place.entries();
  return measures.length > 0 && measures.every(([, measure]) => measure.has('value') && !measure.has('type'));
}

/** Bencher Metric Format: `{ benchmark: { measure: { value, lower_value?, upper_value? } } }`. */
export const bencher: Importer<Place> = {
  name: 'bencher',
  sniff: (root) => {
    const benchmarks = root.isObject ? root.entries() : [];
    return benchmarks.length > 0 && benchmarks.every(([, benchmark]) => isBenchmark(benchmark));
  },
  read: (root) => [
    {
      tool: 'bencher',
      benchmarks: root.entries().map(([name, measures]) => ({
        name: name.replace(/-bencher-ignore$/, ''),
        values: measures.entries().map(([measure, place]) => valueOfMeasure(measure, place)),
      })),
    },
  ],
};
