import type { Run } from '@perfkeel/core';
import { roundNumbers, type ExportOptions } from './run-values.ts';

const columns = [
  'run',
  'startedAt',
  'project',
  'commit',
  'environment',
  'benchmark',
  'group',
  'metric',
  'unit',
  'statistic',
  'round',
  'value',
] as const;

type Row = Readonly<Record<(typeof columns)[number], string | number | undefined>>;

/** One row for each number of each round, in base units. */
function rowsOf(run: Run, options: ExportOptions): Row[] {
  const { id, startedAt, provenance, environment } = run;
  return roundNumbers(run, options).map(({ benchmark, group, metric, statistic, round, value }) => ({
    run: id,
    startedAt,
    project: provenance.project,
    commit: provenance.sha,
    environment: environment.class,
    benchmark,
    group,
    metric: metric.id,
    unit: metric.unit,
    statistic,
    round,
    value,
  }));
}

/** Spreadsheets run what begins like this as a formula: an apostrophe in front makes it a text. */
const formula = /^[=+\-@\t\r]/;

function cell(value: string | number | undefined): string {
  if (typeof value !== 'string') return value === undefined ? '' : String(value);
  const text = formula.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** RFC 4180 with a header, one row for each number of each round. Texts that a spreadsheet would run get an apostrophe. */
export function csv(run: Run, options: ExportOptions): string {
  const rows = rowsOf(run, options).map((row) => columns.map((column) => cell(row[column])).join(','));
  return [columns.join(','), ...rows, ''].join('\r\n');
}

/** One JSON object a line, with the columns of `csv`. */
export const ndjson = (run: Run, options: ExportOptions): string =>
  rowsOf(run, options)
    .map((row) => `${JSON.stringify(row)}\n`)
    .join('');
