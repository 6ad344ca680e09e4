import {
  analyseHistory,
  describeTrend,
  encodeHistory,
  followRenames,
  matchesPattern,
  readHistory,
  seriesTitle,
  type HistoryReport,
  type Milestone,
  type RunStore,
  type SeriesTrend,
} from '@perfkeel/baseline';
import { ExitCode, formatQuantity, median, usageError } from '@perfkeel/core';
import { renderTrendTable, renderTrends, type TrendRow } from '@perfkeel/report';
import { mergedAcceptances } from '../ci/acceptance-files.ts';
import { loadConfig, type ResolvedConfig } from '../config.ts';
import { lookOf, plain, type Io } from '../io.ts';
import { noRunStored, openStore, tellWarnings } from '../results.ts';
import { shortEnvironment } from './short-environment.ts';
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
  const store = openStore(config, io);
  const milestones = await milestonesOf(store, options.since, config);
  const report = await analysed(store, last, milestones, config, options);
  tellWarnings(store, io);
  const series = chosen(report.series, pattern === undefined ? undefined : await presentName(store, pattern));
  io.stdout.write(options.json ? encodeHistory({ ...report, series }) : rendered({ ...report, series }, pattern, io));
  return ExitCode.Ok;
}

async function analysed(
  store: RunStore,
  last: number,
  milestones: readonly Milestone[],
  config: ResolvedConfig,
  { branch }: TrendOptions,
): Promise<HistoryReport> {
  const acceptances = await mergedAcceptances(config.root);
  const also = new Set(milestones.flatMap(({ run }) => run ?? []));
  const history = await readHistory(store, { branch, last, also });
  if (history.places.length > 0) return analyseHistory(history, { acceptances, milestones });
  const branches = [...new Set((await store.listRuns()).flatMap((run) => run.branch ?? []))];
  throw branches.length === 0 || branch === undefined
    ? noRunStored()
    : usageError(`no stored run is of the branch ${JSON.stringify(branch)}`, {
        code: 'no-such-branch',
        hint: `There are runs of ${branches.slice(0, 8).join(', ')}.`,
      });
}

/** Who asks for a name that was given up means the benchmark that goes on from it. */
async function presentName(store: RunStore, pattern: string): Promise<string> {
  const renames = await store.listRenames();
  const project = renames.find(({ from }) => from === pattern)?.project;
  return project === undefined ? pattern : followRenames(renames)(project, pattern, '0000-01-01T00:00:00.000Z');
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
  const several = (field: 'environment' | 'project'): boolean =>
    new Set(report.series.map(({ key }) => key[field])).size > 1;
  const named = { environment: several('environment'), project: several('project') };
  // What is over is no news, unless somebody asks for it.
  const shown = report.series.filter(({ ended, removed }) => pattern !== undefined || !(ended || removed));
  const rows = shown.map((series) => rowOf(series, named));
  if (report.series.length === 0)
    return 'The stored runs hold no series: nothing in them decides whether a benchmark changed.\n';
  const body = pattern !== undefined || rows.length === 1 ? renderTrends(rows, look) : renderTrendTable(rows, look);
  return body + (pattern === undefined ? removedText(report) : '') + erasText(report);
}

/** @param named what of a series is told since there are others */
function rowOf(series: SeriesTrend, named: { readonly environment: boolean; readonly project: boolean }): TrendRow {
  const values = series.points.map(({ value }) => value);
  const start = Math.max(series.changes.at(-1)?.index ?? 0, values.length - 8);
  const title = seriesTitle(series) + (series.ended ? ' (before it changed)' : '');
  const { project, environment } = series.key;
  const place = [
    ...(named.project ? [`project ${project}`] : []),
    ...(named.environment ? [`environment ${shortEnvironment(environment)}`] : []),
  ].join(', ');
  return {
    name: series.key.benchmark,
    title: place === '' ? title : `${title} (${place})`,
    values,
    marks: series.changes.map(({ index }) => index),
    now: formatQuantity(median(values.slice(start)), series.unit),
    notes: describeTrend(series),
  };
}

/** Histories of benchmarks that are gone, in one line: each can be asked for by name. */
function removedText({ series }: HistoryReport): string {
  const gone = [...new Set(series.flatMap(({ key, removed }) => (removed ? [key.benchmark] : [])))];
  if (gone.length === 0) return '';
  const more = gone.length > mostNamed ? ` and ${gone.length - mostNamed} more` : '';
  const names = plain(gone.slice(0, mostNamed).join(', '));
  return `\nNo longer there: ${names}${more}. Was one renamed? perfkeel baseline rename <old> <new>\n`;
}

const mostNamed = 5;

/** Other machines have series of their own; that there were some is worth a line. */
function erasText({ environments }: HistoryReport): string {
  if (environments.length < 2) return '';
  const lines = environments.map(({ environment, runs, from, became }) => {
    const what = became === undefined ? '' : `: ${became}`;
    return plain(`  ${shortEnvironment(environment)}  ${runs} run${runs === 1 ? '' : 's'} since ${from}${what}\n`);
  });
  return `\nEnvironments, each with series of its own\n${lines.join('')}`;
}
