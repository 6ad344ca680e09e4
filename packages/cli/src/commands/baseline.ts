import type { RunSummary } from '@perfkeel/baseline';
import { ExitCode } from '@perfkeel/core';
import { loadConfig } from '../config.ts';
import { plain, type Io } from '../io.ts';
import { openStore, tellWarnings } from '../results.ts';
import { counted } from './counted.ts';
import { findStored, newestRun } from './find-run.ts';
import { shortEnvironment } from './short-environment.ts';

export interface BaselineOptions {
  readonly dir?: string;
  readonly reason?: string;
}

const day = (iso: string): string => iso.slice(0, 16).replace('T', ' ');

/** Columns as wide as their widest cell. Names and reasons were written by others. */
function table(written: readonly (readonly string[])[]): string {
  const rows = written.map((row) => row.map((cell) => plain(cell).replace(/\s+/g, ' ')));
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map(
      (row) =>
        `  ${row
          .map((cell, column) => cell.padEnd(widths[column]!))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** `main 1a2b3c4`, with `*` for what was not committed. */
function codeOf(run: RunSummary | undefined): string {
  if (run === undefined) return '';
  const commit = run.commit === undefined ? '' : run.commit.slice(0, 7) + (run.dirty ? '*' : '');
  return [run.branch ?? '', commit].filter((part) => part !== '').join(' ');
}

const newestShown = 10;

/** `perfkeel baseline list` */
export async function listBaselines(options: BaselineOptions, io: Io): Promise<number> {
  const store = openStore(await loadConfig(io, options.dir), io);
  const [baselines, runs] = [await store.listBaselineHistories(), await store.listRuns()];
  const [pins, renames] = [await store.listPins(), await store.listRenames()];
  tellWarnings(store, io);
  const bySha = new Map(runs.map((run) => [run.sha, run]));
  const title = (text: string, rows: readonly (readonly string[])[]): string =>
    rows.length === 0 ? '' : `${text}\n${table(rows)}`;
  const parts = [
    title(
      'Baselines',
      baselines.map(({ name, run, sha, at, reason, versions }) => [
        ...[name, run, day(at), codeOf(bySha.get(sha)), counted(versions.length, 'version'), reason ?? ''],
      ]),
    ) || 'No baselines; `perfkeel baseline set main` makes one.\n',
    title(
      'Pinned runs',
      pins.map(({ run, sha, at, reason }) => [run, day(at), codeOf(bySha.get(sha)), reason ?? '']),
    ),
    title(
      'Renamed benchmarks',
      renames.map(({ from, to, by, reason }) => [
        from,
        `is now ${to}`,
        by === 'declaration' ? 'says its declaration' : (reason ?? ''),
      ]),
    ),
    title(
      runs.length > newestShown ? `Newest runs, of ${runs.length}` : 'Newest runs',
      runs
        .slice(0, newestShown)
        .map((run) => [
          ...[run.id, day(run.startedAt), run.verdict, counted(run.benchmarks, 'benchmark'), codeOf(run)],
        ]),
    ),
  ];
  io.stdout.write(parts.filter((part) => part !== '').join('\n'));
  return ExitCode.Ok;
}

/** `perfkeel baseline show <name>` */
export async function showBaseline(name: string, options: BaselineOptions, io: Io): Promise<number> {
  const store = openStore(await loadConfig(io, options.dir), io);
  const { versions } = await store.showBaseline(name);
  const bySha = new Map((await store.listRuns()).map((run) => [run.sha, run]));
  tellWarnings(store, io);
  const environments = new Set(versions.map(({ environment }) => environment));
  const rows = versions.map(({ run, sha, at, reason, sequence, environment }) => [
    `version ${sequence}`,
    ...[run, day(at), codeOf(bySha.get(sha))],
    ...(environments.size > 1 ? [`environment ${shortEnvironment(environment ?? 'unknown')}`] : []),
    reason ?? '',
  ]);
  io.stdout.write(`${plain(name)}, newest version first\n${table(rows)}`);
  return ExitCode.Ok;
}

/** `perfkeel baseline set <name> [run]` */
export async function setBaseline(
  name: string,
  wanted: string | undefined,
  options: BaselineOptions,
  io: Io,
): Promise<number> {
  const config = await loadConfig(io, options.dir);
  const store = openStore(config, io);
  const { run, sha } = wanted === undefined ? await newestRun(store, config) : await findStored(store, wanted, io.cwd);
  const reason = options.reason === undefined ? {} : { reason: options.reason };
  const { sequence } = await store.setBaseline(name, sha, { at: new Date().toISOString(), ...reason });
  tellWarnings(store, io);
  io.stdout.write(plain(`${name} is now run ${run.id} of ${day(run.startedAt)}, version ${sequence}\n`));
  const label = (await store.listBaselineHistories()).find((one) => one.name === name.normalize('NFC'));
  const pinned = new Set((await store.listPins()).map((pin) => pin.sha));
  const older = label?.versions.find((version) => version.sequence !== sequence && pinned.has(version.sha));
  if (older === undefined || pinned.has(label?.sha ?? '')) return ExitCode.Ok;
  io.stdout.write(
    plain(
      `  but version ${older.sequence} is pinned, and comparisons take it first: perfkeel baseline unpin ${older.run}\n`,
    ),
  );
  return ExitCode.Ok;
}
