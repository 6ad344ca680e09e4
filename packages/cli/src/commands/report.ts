import { resolve } from 'node:path';
import { ExitCode, exitCodeOf, usageError } from '@perfkeel/core';
import { loadConfig } from '../config.ts';
import type { Io } from '../io.ts';
import { openStore, tellWarnings } from '../results.ts';
import { closest } from './closest.ts';
import { findRun, newestRun } from './find-run.ts';
import { reporterNames, writeReports, type Reporter } from './reporters.ts';

export interface ReportOptions {
  readonly dir?: string;
  readonly format?: string;
  readonly out?: string;
  readonly verbose?: boolean;
}

/** `perfkeel report [run]`: shows a stored run once more. Returns 0: the verdict was given when it ran. */
export async function reportCommand(name: string | undefined, options: ReportOptions, io: Io): Promise<number> {
  const reporter = reporterFor(options, io);
  const config = await loadConfig(io, options.dir);
  const store = openStore(config, io);
  const { run } = name === undefined ? await newestRun(store, config) : await findRun(store, name, io.cwd);
  tellWarnings(store, io);
  const { root, change } = config;
  const context = {
    ...{ root, noChange: change.warn, exitCode: exitCodeOf(run.verdict.kind) },
    terminal: { verbose: options.verbose ?? false, paths: { root } },
  };
  const problem = await writeReports({ run }, [reporter], context, io);
  if (problem instanceof Error) throw problem;
  return ExitCode.Ok;
}

/** The forms are those of `--reporter`; the short name of markdown is that of its files. */
function reporterFor({ format = 'terminal', out }: ReportOptions, io: Io): Reporter {
  const name = format === 'md' ? 'markdown' : format;
  if (!reporterNames.includes(name)) {
    const meant = closest(format, reporterNames);
    throw usageError(`there is no format ${JSON.stringify(format)}`, {
      code: 'bad-option',
      hint: meant === undefined ? `Formats are ${reporterNames.join(', ')}.` : `Did you mean ${meant}?`,
    });
  }
  return { name, file: out === undefined ? undefined : resolve(io.cwd, out) };
}
