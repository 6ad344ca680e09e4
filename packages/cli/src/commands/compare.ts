import { compareRuns } from '@perfkeel/baseline';
import { exitCodeOf, type Report } from '@perfkeel/core';
import { renderJson, renderTerminal } from '@perfkeel/report';
import { loadConfig } from '../config.ts';
import { lookOf, type Io } from '../io.ts';
import { openStore, tellWarnings } from '../results.ts';
import { findBase, findRun, newestRun } from './find-run.ts';

export interface CompareOptions {
  readonly dir?: string;
  readonly json?: boolean;
  readonly strict?: boolean;
  readonly verbose?: boolean;
}

/** `perfkeel compare [base] [head]`: two stored runs, and whether the second is slower. Returns the exit code. */
export async function compareCommand(
  base: string | undefined,
  head: string | undefined,
  options: CompareOptions,
  io: Io,
): Promise<number> {
  const config = await loadConfig(io, options.dir);
  const store = openStore(config);
  const from = await findBase(store, base ?? config.against, io.cwd);
  const to = head === undefined ? await newestRun(store) : await findRun(store, head, io.cwd);
  tellWarnings(store, io);
  const comparison = compareRuns(from.run, to.run, config.change);
  const report: Report = { run: to.run, comparison };
  const look = { ...lookOf(io.stdout, io.env), verbose: options.verbose ?? false };
  io.stdout.write(
    options.json
      ? renderJson(report)
      : renderTerminal(report, { ...look, noChange: config.change.warn, paths: { root: io.cwd } }),
  );
  return exitCodeOf(comparison.verdict.kind, options.strict);
}
