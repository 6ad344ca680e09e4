import { compareRuns } from '@perfkeel/baseline';
import { exitCodeOf, usageError, type Report } from '@perfkeel/core';
import { renderJson, renderTerminal } from '@perfkeel/report';
import { acceptAmong, newAcceptances } from '../ci/acceptance-files.ts';
import { loadConfig } from '../config.ts';
import { lookOf, type Io } from '../io.ts';
import { openStore, tellWarnings } from '../results.ts';
import { compareSidesCommand, type CompareSidesOptions } from './compare-sides.ts';
import { findBase, findRun, newestRun, withReason } from './find-run.ts';

export type CompareOptions = Partial<CompareSidesOptions>;

/** `perfkeel compare`: two stored runs, or with `--against` this checkout and its base. Returns the exit code. */
export async function compareCommand(names: readonly string[], options: CompareOptions, io: Io): Promise<number> {
  const { against } = options;
  if (against !== undefined) return await compareSidesCommand(names, { ...options, against }, io);
  const [base, head, ...more] = names;
  if (more.length > 0) {
    throw usageError(`compare takes two runs, and got ${names.length}`, {
      code: 'bad-option',
      hint: 'Write perfkeel compare <base> <head>, or --against <ref> to measure both sides.',
    });
  }
  return await compareStored(base, head, options, io);
}

/** Two stored runs, and whether the second is slower. */
async function compareStored(
  base: string | undefined,
  head: string | undefined,
  options: CompareOptions,
  io: Io,
): Promise<number> {
  const config = await loadConfig(io, options.dir);
  const store = openStore(config, io);
  const to = head === undefined ? await newestRun(store, config) : await findRun(store, head, io.cwd);
  const from = await findBase(store, { head: to.run, name: base, config, cwd: io.cwd });
  tellWarnings(store, io);
  const compared = withReason(compareRuns(from.run, to.run, config.change), from);
  const accepting = { sha: compared.base.sha, measuredAt: from.run.startedAt };
  const comparison = acceptAmong(await newAcceptances(config.root, accepting), compared);
  const report: Report = { run: to.run, comparison };
  const look = { ...lookOf(io.stdout, io.env), verbose: options.verbose ?? false };
  io.stdout.write(
    options.json
      ? renderJson(report)
      : renderTerminal(report, { ...look, noChange: config.change.warn, paths: { root: io.cwd } }),
  );
  return exitCodeOf(comparison.verdict.kind, options.strict);
}
