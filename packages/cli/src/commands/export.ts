import { resolve } from 'node:path';
import { exportFormats, exportRun, unknownFormat } from '@perfkeel/baseline';
import { ExitCode, usageError } from '@perfkeel/core';
import { loadConfig } from '../config.ts';
import type { Io } from '../io.ts';
import { isObeyed, printable } from '../printable.ts';
import { openStore, tellWarnings } from '../results.ts';
import { writeOut } from '../write-out.ts';
import { findRun, newestRun } from './find-run.ts';
import { reportCommand } from './report.ts';

export interface ExportCommandOptions {
  readonly dir?: string;
  readonly benchmark?: string;
  readonly metric?: string;
  readonly out?: string;
}

/** Verdicts are for who renders reports. */
const formats = [...exportFormats, 'junit'].sort();

/** `perfkeel export <format> [run]`: a stored run as other tools read it. */
export async function exportCommand(
  format: string,
  name: string | undefined,
  options: ExportCommandOptions,
  io: Io,
): Promise<number> {
  const { benchmark, metric, out } = options;
  if (!formats.includes(format)) throw unknownFormat(format, formats);
  if (format === 'junit') return await exportJunit(name, options, io);
  const config = await loadConfig(io, options.dir);
  const store = openStore(config, io);
  const { run } = name === undefined ? await newestRun(store, config) : await findRun(store, name, io.cwd);
  tellWarnings(store, io);
  const chosen = { benchmark, metric };
  const text =
    out === undefined && isObeyed(io)
      ? exportRun(printable(run), format, printable(chosen))
      : exportRun(run, format, chosen);
  if (out === undefined) io.stdout.write(text);
  else await writeOut(resolve(io.cwd, out), text);
  return ExitCode.Ok;
}

/** The file of a reporter, which holds all of a run. */
async function exportJunit(name: string | undefined, options: ExportCommandOptions, io: Io): Promise<number> {
  const { benchmark, metric, ...others } = options;
  if (benchmark === undefined && metric === undefined)
    return await reportCommand(name, { ...others, format: 'junit' }, io);
  throw usageError('a JUnit file holds all of a run, and --benchmark or --metric would leave some of it out', {
    code: 'bad-option',
    hint: 'Leave them out, or choose another format, such as csv.',
  });
}
