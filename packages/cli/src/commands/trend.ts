import {
  analyseHistory,
  collectHistory,
  describeTrend,
  encodeHistory,
  matchesPattern,
  seriesTitle,
  type HistoryReport,
  type Milestone,
  type RunStore,
  type SeriesTrend,
} from '@perfkeel/baseline';
import { ExitCode, PerfError, formatQuantity, median, usageError, type Run } from '@perfkeel/core';
import { renderTrendTable, renderTrends, type TrendRow } from '@perfkeel/report';
import { readAcceptances } from '../ci/acceptance-files.ts';
import { loadConfig, type ResolvedConfig } from '../config.ts';
import { lookOf, plain, type Io } from '../io.ts';
import { openStore, tellWarnings } from '../results.ts';
import { milestonesOf } from './trend-milestones.ts';

export interface TrendOptions {
  readonly dir?: string;
  readonly branch?: string;
  readonly last?: number;
  readonly since?: readonly string[];
  readonly json?: boolean;
}

/** More runs of one project tell little more, and reading them takes long. */
const mostRuns = 500;

/** `perfkeel trend [series]`: what the stored runs of a project show together. Exits with 0: it judges nothing. */
export async function trendCommand(pattern: string | undefined, options: TrendOptions, io: Io): Promise<number> {
  const last = options.last ?? mostRuns;
  if (!Number.isInteger(last) || last < 1) {
    throw usageError('--last is not a whole number from 1 upwards', {
      code: 'bad-option',
      hint: 'Such as --last 200.',
    });
  }
  const config = await loadConfig(io, options.dir);
  const store = openStore(config);
  const milestones = await milestonesOf(store, options.since, config);
  const runs = await newestRuns(store, last, milestones);
  tellWarnings(store, io);
  const report = await analysed(runs, milestones, config, options);
  const series = chosen(report.series, pattern);
  io.stdout.write(options.json ? encodeHistory({ ...report, series }) : rendered({ ...report, series }, pattern, io));
  return ExitCode.Ok;
}

async function analysed(
  runs: readonly Run[],
  milestones: readonly Milestone[],
  config: ResolvedConfig,
  { branch }: TrendOptions,
): Promise<HistoryReport> {
  const acceptances = await readAcceptances(config.root);
  const history = collectHistory(runs, branch === undefined ? {} : { branch });
  return analyseHistory(history, { acceptances, milestones });
}

async function newestRuns(store: RunStore, last: number, milestones: readonly Milestone[]): Promise<Run[]> {
  const all = await store.listRuns();
  const named = new Set(milestones.flatMap(({ run }) => run ?? []));
  const wanted = all.filter(({ id }, i) => i < last || named.has(id));
  const runs: Run[] = [];
  // One after the other: a run may be megabytes.
  for (const { sha } of wanted) runs.push(await store.loadRun(sha));
  if (runs.length > 0) return runs;
  throw new PerfError('no run is stored here', { code: 'no-runs', hint: 'Measure first: perfkeel run' });
}

/** Series that a pattern names, or whose name holds it. */
function chosen(all: readonly SeriesTrend[], pattern: string | undefined): readonly SeriesTrend[] {
  if (pattern === undefined) return all;
  const named = all.filter(({ key }) => matchesPattern(pattern, key));
  const text = pattern.toLowerCase();
  const fits = (one: SeriesTrend): boolean => `${one.key.benchmark} ${seriesTitle(one)}`.toLowerCase().includes(text);
  const found = named.length > 0 ? named : all.filter(fits);
  if (found.length > 0) return found;
  throw usageError(`no series is called ${JSON.stringify(pattern)}`, {
    code: 'no-such-series',
    hint: `Series are of ${[...new Set(all.map(({ key }) => key.benchmark))].slice(0, 8).join(', ') || 'nothing yet'}.`,
  });
}

function rendered(report: HistoryReport, pattern: string | undefined, io: Io): string {
  const look = lookOf(io.stdout, io.env);
  const environments = new Set(report.series.map(({ key }) => key.environment));
  const rows = report.series.map((series) => rowOf(series, environments.size > 1));
  if (rows.length === 0)
    return 'The stored runs hold no series: nothing in them decides whether a benchmark changed.\n';
  const body = pattern !== undefined || rows.length === 1 ? renderTrends(rows, look) : renderTrendTable(rows, look);
  return body + erasText(report);
}

function rowOf(series: SeriesTrend, withEnvironment: boolean): TrendRow {
  const values = series.points.map(({ value }) => value);
  const start = Math.max(series.changes.at(-1)?.index ?? 0, values.length - 8);
  const title = seriesTitle(series);
  return {
    name: series.key.benchmark,
    title: withEnvironment ? `${title} (environment ${series.key.environment.slice(0, 8)})` : title,
    values,
    marks: series.changes.map(({ index }) => index),
    now: formatQuantity(median(values.slice(start)), series.unit),
    notes: describeTrend(series),
  };
}

/** Other machines have series of their own; that there were some is worth a line. */
function erasText({ environments }: HistoryReport): string {
  if (environments.length < 2) return '';
  const lines = environments.map(({ environment, runs, from, became }) => {
    const what = became === undefined ? '' : `: ${became}`;
    return plain(`  ${environment.slice(0, 8)}  ${runs} run${runs === 1 ? '' : 's'} since ${from}${what}\n`);
  });
  return `\nEnvironments, each with series of its own\n${lines.join('')}`;
}
