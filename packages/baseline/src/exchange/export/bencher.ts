import type { Run } from '@perfkeel/core';
import { measureName, runValues, type ExportOptions } from './run-values.ts';

/**
 * Bencher Metric Format: a measure for each statistic of each metric, with the lowest and the highest round as bounds.
 * Times are in nanoseconds, as Bencher's own `latency` is.
 */
export function bencher(run: Run, options: ExportOptions): string {
  const benchmarks = new Map<string, [string, object][]>();
  for (const value of runValues(run, options)) {
    const measures = benchmarks.get(value.benchmark) ?? [];
    benchmarks.set(value.benchmark, measures);
    const bounds = value.rounds > 1 ? { lower_value: value.lo, upper_value: value.hi } : {};
    measures.push([measureName(value), { value: value.value, ...bounds }]);
  }
  // From entries a benchmark called __proto__ is one like others.
  const entries = [...benchmarks].map(([name, measures]) => [name, Object.fromEntries(measures)] as const);
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`;
}
