import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative, resolve } from 'node:path';
import { ExitCode, PerfError, usageError, type Run, type RunPlan } from '@perfkeel/core';
import { listBenchmarks, measureProject, perfFileName, type RunEvent } from '@perfkeel/runner';
import { loadConfig, type ResolvedConfig } from '../config.ts';
import { renderError } from '../error-report.ts';
import { interrupted } from '../interrupted.ts';
import type { Io } from '../io.ts';
import { packageFolder } from '../package-folder.ts';
import { makeFolderOf, writeOut } from '../write-out.ts';
import { oneOffSource, type OneOff } from './one-off-source.ts';
import { reportersOf, writeReports } from './reporters.ts';
import { checkNumbers, exitCode, measure, measureOptions, type RunOptions } from './run.ts';

export interface OneOffOptions extends Pick<
  RunOptions,
  'json' | 'reporter' | 'rounds' | 'seed' | 'short' | 'strict' | 'verbose'
> {
  /** A perf file to be written; then nothing is measured. */
  readonly write?: string;
}

/** Makes the declaration; the folder is where its command runs, when that has to be said. */
export type Declare = (folder: string | undefined) => OneOff;

/**
 * `perfkeel load URL` and the like: measures one declaration that no file holds, and keeps nothing; or writes the file.
 * Returns the exit code.
 */
export async function oneOffCommand(declare: Declare, options: OneOffOptions, io: Io): Promise<number> {
  checkNumbers(options);
  const reporters = reportersOf(options, io);
  const folder = await temporaryProject(oneOffSource(declare(io.cwd)));
  try {
    const config = await loadConfig({ ...io, cwd: folder });
    if (options.write !== undefined) return await write(options.write, declare, config, io);
    const asked = { ...measureOptions([], options, config, { ...io, cwd: folder }), unfinished: undefined };
    const measured = await measure(options, io, ({ signal, onEvent }) =>
      measureProject({ ...asked, signal, onEvent: (event) => onEvent?.(placeless(event)) }),
    );
    const run = withoutPlaces(measured.run);
    const code = exitCode({ run }, [], options.strict ?? false);
    const terminal = { verbose: options.verbose ?? false, stored: false, declared: false, paths: { root: folder } };
    const context = { root: folder, noChange: config.change.warn, exitCode: code, terminal };
    const problem = await writeReports({ run }, reporters, context, io);
    if (problem !== undefined) io.stderr.write(renderError(problem, io, options.verbose ?? false));
    if (run.interrupted) io.stderr.write('interrupted: this is of the part that was measured\n');
    return exitCode({ run }, [problem], options.strict ?? false);
  } catch (error) {
    throw withoutPlace(error);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** A project of one perf file that finds this very package under its name. */
async function temporaryProject(source: string): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'perfkeel-one-off-')));
  await mkdir(join(folder, 'node_modules'));
  await symlink(packageFolder, join(folder, 'node_modules', 'perfkeel'), 'junction');
  await writeFile(join(folder, 'package.json'), '{ "name": "one-off", "type": "module", "private": true }\n');
  await writeFile(join(folder, 'one-off.perf.ts'), source);
  return folder;
}

const nowhere = (plan: RunPlan): RunPlan => ({
  ...plan,
  benchmarks: plan.benchmarks.map((benchmark) => ({ ...benchmark, location: undefined })),
});

/** What happens, without the file in which nobody wrote anything. */
const placeless = (event: RunEvent): RunEvent =>
  event.type === 'planned' ? { ...event, plan: nowhere(event.plan) } : event;

/** The same for a run. */
const withoutPlaces = (run: Run): Run => ({
  ...run,
  plan: nowhere(run.plan),
  failures: run.failures.map((failure) => ({ ...failure, error: { ...failure.error, location: undefined } })),
});

/** The user has written options, not the file in which the mistake is. */
function withoutPlace(error: unknown): unknown {
  if (!(error instanceof PerfError) || !error.location?.file.endsWith('one-off.perf.ts')) return error;
  const { message, code, hint, exitCode } = error;
  return new PerfError(message, { code, hint, exitCode, cause: error });
}

async function write(name: string, declare: Declare, temporary: ResolvedConfig, io: Io): Promise<number> {
  const file = resolve(io.cwd, name);
  if (!perfFileName.test(basename(file))) {
    throw usageError(`--write ${name} would not be found as a perf file`, {
      code: 'bad-option',
      hint: `Write --write ${name.replace(/(?:\.perf)?(?:\.[cm]?[jt]sx?)?$/, '.perf.ts')}.`,
    });
  }
  if (existsSync(file)) {
    throw usageError(`${name} is there already, and is not overwritten`, {
      code: 'bad-option',
      hint: 'Name another file.',
    });
  }
  // Wrong options are told now, and not by the file that comes of them.
  const { root, conditions } = temporary;
  const stop = new AbortController();
  // The temporary folder goes, whoever ends this.
  io.onSignal(() => stop.abort());
  await listBenchmarks({ root, conditions, files: [join(root, 'one-off.perf.ts')], signal: stop.signal }).catch(
    (error: unknown) => {
      throw stop.signal.aborted ? interrupted() : error;
    },
  );
  const project = (await loadConfig(io)).root;
  makeFolderOf(file);
  await writeOut(file, oneOffSource(declare(relative(project, io.cwd) || undefined)));
  io.stdout.write(`wrote ${relative(io.cwd, file)}\n\nNext: perfkeel run ${relative(io.cwd, file)}\n`);
  return ExitCode.Ok;
}
