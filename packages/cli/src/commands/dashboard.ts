import { join, resolve } from 'node:path';
import type { RunStore, RunSummary } from '@perfkeel/baseline';
import { ExitCode, usageError, type PerfError } from '@perfkeel/core';
import { dashboardSite, type DashboardPage } from '@perfkeel/report';
import { mergedAcceptances } from '../ci/acceptance-files.ts';
import { loadConfig, type ResolvedConfig } from '../config.ts';
import { plain, type Io } from '../io.ts';
import { noRunStored, openStore, tellWarnings } from '../results.ts';
import { counted } from './counted.ts';
import { writeSite, type WrittenSite } from './dashboard-folder.ts';
import { dashboardSeries, environmentsOf, runsOf, type DashboardRuns } from './dashboard-history.ts';
import { serveSite } from './dashboard-server.ts';
import { milestonesOf } from './trend-milestones.ts';

export interface DashboardOptions {
  readonly dir?: string;
  readonly out?: string;
  readonly serve?: boolean;
  readonly port?: number;
  readonly branch?: string;
  readonly last?: number;
  readonly since?: readonly string[];
}

/** Runs that are read when nobody says how many. */
const mostRuns = 1000;

/**
 * `perfkeel dashboard`: the history of all series as a folder of pages that need no server. Exits with 0: it judges nothing.
 *
 * @throws PerfError `no-runs` (exit 4), `bad-option`, `not-a-dashboard` or `port-in-use` (exit 2), `not-writable` (exit 4)
 */
export async function dashboardCommand(options: DashboardOptions, io: Io): Promise<number> {
  const port = validPort(options);
  const last = validLast(options);
  const config = await loadConfig(io, options.dir);
  const store = openStore(config, io);
  const folder = options.out === undefined ? join(config.store, 'dashboard') : resolve(io.cwd, options.out);
  const site = await build(store, folder, config, { ...options, last });
  tellWarnings(store, io);
  io.stdout.write(plain(builtText(folder, site)));
  if (!options.serve) return ExitCode.Ok;
  return await serve(folder, site, port, io);
}

function validLast({ last = mostRuns }: DashboardOptions): number {
  if (Number.isInteger(last) && last >= 1) return last;
  const hint = 'Such as --last 200.';
  throw usageError('--last is not a whole number from 1 upwards', { code: 'bad-option', hint });
}

function validPort({ port = 0, serve }: DashboardOptions): number {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    const hint = 'Such as --port 8080; without it one that is free is taken.';
    throw usageError('--port is not a number from 1 to 65535', { code: 'bad-option', hint });
  }
  if (port !== 0 && serve !== true) {
    throw usageError('--port says where to serve, but nothing is served', { code: 'bad-option', hint: 'Add --serve.' });
  }
  return port;
}

async function build(
  store: RunStore,
  folder: string,
  config: ResolvedConfig,
  { branch, since, last }: DashboardOptions & { readonly last: number },
): Promise<WrittenSite> {
  const milestones = await milestonesOf(store, since, config);
  const chosen: DashboardRuns = { branch, last, milestones, acceptances: await mergedAcceptances(config.root) };
  const runs = await runsOf(store, chosen);
  if (runs.length === 0) throw noRuns(await store.listRuns(), branch);
  return await writeSite(folder, pagesOf(store, runs, chosen, config));
}

/** Page after page: what was written is forgotten. */
async function* pagesOf(
  store: RunStore,
  runs: readonly RunSummary[],
  chosen: DashboardRuns,
  config: ResolvedConfig,
): AsyncGenerator<DashboardPage, void, void> {
  const projects = [...new Set(runs.map(({ project }) => project))];
  const name = config.name ?? (projects.length === 1 ? projects[0] : undefined);
  const site = dashboardSite({
    title: name === undefined ? 'Performance' : `Performance of ${name}`,
    environments: await environmentsOf(store, runs),
    events: chosen.milestones,
  });
  for await (const series of dashboardSeries(store, runs, chosen)) yield* site.add(series);
  yield* site.finish();
}

function noRuns(all: readonly RunSummary[], branch: string | undefined): PerfError {
  if (all.length === 0 || branch === undefined) {
    return noRunStored();
  }
  const branches = [...new Set(all.flatMap((run) => run.branch ?? []))].slice(0, 8);
  return usageError(`no stored run is of the branch ${JSON.stringify(branch)}`, {
    code: 'no-such-branch',
    hint: `There are runs of ${branches.join(', ') || 'no branch'}.`,
  });
}

function builtText(folder: string, { paths, written, unchanged, removed }: WrittenSite): string {
  const of = (letter: string): number => [...paths].filter((path) => path.startsWith(`${letter}/`)).length;
  const gone = removed === 0 ? '' : `, ${removed} removed`;
  return (
    `${join(folder, 'index.html')}\n` +
    `  ${of('s')} series, ${counted(of('c'), 'commit')}, ${counted(of('e'), 'environment')}: ${counted(written, 'file')} written, ${unchanged} unchanged${gone}\n`
  );
}

async function serve(folder: string, { paths }: WrittenSite, port: number, io: Io): Promise<number> {
  const stopped = new Promise<void>((stop) => io.onSignal(stop));
  const server = await serveSite(folder, paths, port);
  io.stdout.write(`serving ${server.url} to this computer; Ctrl-C ends it\n`);
  await stopped;
  await server.close();
  return ExitCode.Ok;
}
