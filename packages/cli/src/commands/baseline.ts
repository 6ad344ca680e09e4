import { ExitCode } from '@perfkeel/core';
import { loadConfig } from '../config.ts';
import type { Io } from '../io.ts';
import { openStore, tellWarnings } from '../results.ts';
import { findRun, newestRun } from './find-run.ts';

export interface BaselineOptions {
  readonly dir?: string;
  readonly reason?: string;
}

const day = (iso: string): string => iso.slice(0, 16).replace('T', ' ');

/** Columns as wide as their widest cell. */
function table(rows: readonly (readonly string[])[]): string {
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

/** `perfkeel baseline list` */
export async function listBaselines(options: BaselineOptions, io: Io): Promise<number> {
  const store = openStore(await loadConfig(io, options.dir));
  const [baselines, runs] = [await store.listBaselines(), await store.listRuns()];
  tellWarnings(store, io);
  io.stdout.write(baselines.length === 0 ? 'No baselines; `perfkeel baseline set main` makes one.\n' : 'Baselines\n');
  if (baselines.length > 0) {
    io.stdout.write(table(baselines.map(({ name, run, at, reason }) => [name, run, day(at), reason ?? ''])));
  }
  if (runs.length > 0) io.stdout.write('\nNewest runs\n');
  const newest = runs.slice(0, 10);
  if (newest.length > 0) {
    io.stdout.write(
      table(
        newest.map(({ id, startedAt, verdict, benchmarks }) => [
          id,
          day(startedAt),
          verdict,
          `${benchmarks} benchmarks`,
        ]),
      ),
    );
  }
  return ExitCode.Ok;
}

/** `perfkeel baseline show <name>` */
export async function showBaseline(name: string, options: BaselineOptions, io: Io): Promise<number> {
  const store = openStore(await loadConfig(io, options.dir));
  const { versions } = await store.showBaseline(name);
  io.stdout.write(`${name}, newest version first\n`);
  io.stdout.write(table(versions.map(({ run, at, reason }) => [run, day(at), reason ?? ''])));
  return ExitCode.Ok;
}

/** `perfkeel baseline set <name> [run]` */
export async function setBaseline(
  name: string,
  wanted: string | undefined,
  options: BaselineOptions,
  io: Io,
): Promise<number> {
  const store = openStore(await loadConfig(io, options.dir));
  const { run } = wanted === undefined ? await newestRun(store) : await findRun(store, wanted, io.cwd);
  const reason = options.reason === undefined ? {} : { reason: options.reason };
  await store.setBaseline(name, run.id, { at: new Date().toISOString(), ...reason });
  io.stdout.write(`${name} is now run ${run.id} of ${day(run.startedAt)}\n`);
  return ExitCode.Ok;
}
