import { readdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { usageError } from '@perfkeel/core';
import { bundleFile, discover, perfFileName } from '@perfkeel/runner';
import { loadConfig } from '../config.ts';
import { reportError } from '../error-report.ts';
import type { Io } from '../io.ts';
import { runCommand, type RunOptions } from './run.ts';

/** How long nothing may change before what has changed is measured: editors write a file in several steps. */
const stepMs = 150;

/** `perfkeel run --watch`: measures again what a change can reach, until Ctrl-C. Returns the exit code of the last run. */
export async function watchCommand(filters: readonly string[], options: RunOptions, io: Io): Promise<number> {
  if (options.affected) {
    const hint = 'Leave out --affected: a change measures what it can reach.';
    throw usageError('--watch and --affected both choose what is measured', { code: 'bad-option', hint });
  }
  const stop = new AbortController();
  let endRun: (() => void) | undefined;
  io.onSignal(() => {
    stop.abort();
    endRun?.();
  });
  const runIo: Io = {
    ...io,
    onSignal: (listener) => {
      endRun = listener;
      if (stop.signal.aborted) listener();
    },
  };
  let watched = await inputsOf(filters, options, io);
  for (let asked = filters; ;) {
    const before = stateOf(watched);
    const code = await runCommand(asked, options, runIo).catch((error: unknown) =>
      reportError(error, io, options.verbose ?? false),
    );
    endRun = undefined;
    if (stop.signal.aborted) return code;
    io.stderr.write(`\nwatching ${before.size} files; Ctrl-C ends it\n`);
    const changed = await changeOf(watched, before, stop.signal);
    if (changed.length === 0) return code;
    io.stderr.write(`changed: ${changed.map((file) => relative(io.cwd, file)).join(', ')}\n\n`);
    asked = reachedBy(changed, watched, filters);
    watched = await inputsOf(filters, options, io).catch(() => watched);
  }
}

/** What the perf files of a project consist of. */
interface Watched {
  readonly inputs: ReadonlyMap<string, readonly string[]>;
  /** perf.config, and the folders that would show a new perf file: they concern all. */
  readonly shared: readonly string[];
  /** The filters that are not paths. */
  readonly names: readonly string[];
}

async function inputsOf(filters: readonly string[], options: RunOptions, io: Io): Promise<Watched> {
  const config = await loadConfig(io, options.dir);
  const { files, names } = await discover(config.root, { ...config, filters, cwd: io.cwd });
  const outdir = join(config.root, '.perf', 'bundles');
  const inputs = new Map<string, readonly string[]>();
  for (const file of files) {
    // One that does not compile is told by the run; whatever corrects it is probably in the file itself.
    const bundle = await bundleFile(file, { outdir, conditions: config.conditions }).catch(() => undefined);
    inputs.set(file, bundle?.inputs ?? [file]);
  }
  const shared = [
    ...new Set([...(config.file === undefined ? [] : [config.file]), ...files.map((file) => dirname(file))]),
  ];
  return { inputs, shared, names };
}

/** A change of these makes another state. Folders count by their perf files: editors put files of their own there. */
function stateOf({ inputs, shared }: Watched): ReadonlyMap<string, string> {
  const state = new Map<string, string>();
  for (const path of new Set([...[...inputs.values()].flat(), ...shared])) state.set(path, markOf(path));
  return state;
}

function markOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return 'gone';
  if (!found.isDirectory()) return `${found.mtimeMs} ${found.size}`;
  return readdirSync(path)
    .filter((name) => perfFileName.test(name))
    .join('/');
}

/**
 * Waits for a change and returns what has changed; nothing when it is to stop. It looks every 150 ms, and only while
 * nothing is measured: that works on every file system, and needs nothing that could be left behind.
 */
async function changeOf(
  watched: Watched,
  before: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  let last = '';
  while (!signal.aborted) {
    const changed = [...stateOf(watched)].filter(([path, mark]) => mark !== before.get(path));
    const text = changed.join('\n');
    if (changed.length > 0 && text === last) return changed.map(([path]) => path);
    last = text;
    await sleep(stepMs, undefined, { signal }).catch(() => undefined);
  }
  return [];
}

/** The perf files that take in what has changed; everything that was asked for when it concerns all. */
function reachedBy(
  changed: readonly string[],
  { inputs, shared, names }: Watched,
  all: readonly string[],
): readonly string[] {
  if (changed.some((path) => shared.includes(path))) return all;
  const files = [...inputs].filter(([, own]) => own.some((path) => changed.includes(path))).map(([file]) => file);
  return [...files, ...names];
}
