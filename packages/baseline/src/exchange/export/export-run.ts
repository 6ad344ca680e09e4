import type { Run } from '@perfkeel/core';
import { unknownFormat } from '../unknown-format.ts';
import { bencher } from './bencher.ts';
import { exportError } from './export-error.ts';
import { githubActionBenchmark } from './github-action-benchmark.ts';
import { hgrm } from './hgrm.ts';
import { openMetrics } from './openmetrics.ts';
import { otlp } from './otlp.ts';
import { csv, ndjson } from './rows.ts';
import { selected, type ExportOptions } from './run-values.ts';

const exporters = new Map<string, (run: Run, options: ExportOptions) => string>([
  ['bencher', bencher],
  ['csv', csv],
  ['customBiggerIsBetter', (run, options) => githubActionBenchmark(run, 'higher', options)],
  ['customSmallerIsBetter', (run, options) => githubActionBenchmark(run, 'lower', options)],
  ['hgrm', hgrm],
  ['ndjson', ndjson],
  ['openmetrics', openMetrics],
  ['otlp', otlp],
]);

/** The formats that a run can be exported in, by name. */
export const exportFormats: readonly string[] = [...exporters.keys()];

/**
 * A run as other tools read it. Pure. Of several rounds the median is exported, and where the format has bounds the
 * lowest and the highest of them; `csv` and `ndjson` hold every round. What is not finite is left out.
 *
 * @throws PerfError `unknown-format` or `bad-export`, exit code 2
 */
export function exportRun(run: Run, format: string, options: ExportOptions = {}): string {
  const exporter = exporters.get(format);
  if (!exporter) throw unknownFormat(format, exportFormats);
  requireSelected(run, options);
  return exporter(run, options);
}

/** An empty file would look like a run that measured nothing. */
function requireSelected(run: Run, options: ExportOptions): void {
  const { benchmark, metric } = options;
  if (benchmark === undefined && metric === undefined) return;
  if (selected(run, options).length > 0) return;
  const wanted = [metric, benchmark].filter((name) => name !== undefined).map((name) => JSON.stringify(name));
  const plans = run.plan.benchmarks.filter(({ id }) => benchmark === undefined || id === benchmark);
  const known =
    plans.length === 0
      ? run.plan.benchmarks.map(({ id }) => id)
      : [...new Set(plans.flatMap(({ metrics }) => metrics.map(({ id }) => id)))];
  const list = known.slice(0, 10).join(', ');
  throw exportError(`the run has no ${wanted.join(' of ')}`, `It has ${list}${known.length > 10 ? ' and more' : ''}.`);
}
