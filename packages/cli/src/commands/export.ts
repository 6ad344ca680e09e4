import { resolve } from 'node:path';
import { exportRun } from '@perfkeel/baseline';
import { ExitCode } from '@perfkeel/core';
import { loadConfig } from '../config.ts';
import type { Io } from '../io.ts';
import { openStore, tellWarnings } from '../results.ts';
import { writeOut } from '../write-out.ts';
import { findRun, newestRun } from './find-run.ts';

export interface ExportCommandOptions {
  readonly dir?: string;
  readonly benchmark?: string;
  readonly metric?: string;
  readonly out?: string;
}

/** `perfkeel export <format> [run]`: a stored run as other tools read it. */
export async function exportCommand(
  format: string,
  name: string | undefined,
  options: ExportCommandOptions,
  io: Io,
): Promise<number> {
  const { benchmark, metric, out } = options;
  const config = await loadConfig(io, options.dir);
  const store = openStore(config);
  const { run } = name === undefined ? await newestRun(store, config) : await findRun(store, name, io.cwd);
  tellWarnings(store, io);
  const text = exportRun(run, format, { benchmark, metric });
  if (out === undefined) io.stdout.write(text);
  else await writeOut(resolve(io.cwd, out), text);
  return ExitCode.Ok;
}
