import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { declareFiles } from '../declare-files.ts';
import type { DeclaredFile } from '../plan.ts';
import { callsBundle, startsOthers } from '../sides/in-process.ts';
import type { PerfFile, PerfInputs } from './perf-inputs.ts';

/** What a perf file runs beside itself. */
export interface StartedPrograms {
  /** Whether everything that is measured is called in the measuring process. */
  readonly alone: boolean;
  /** Files that its commands name, absolute. */
  readonly files: readonly string[];
  /** Words of its commands. */
  readonly words: readonly string[];
}

const patienceMs = 30_000;

/** By the name of the bundle, which has the hash of its text: the same text declares the same. */
const known = new Map<string, DeclaredFile>();

async function declaredBy(
  { source, root, conditions }: PerfFile,
  signal: AbortSignal,
): Promise<DeclaredFile | undefined> {
  const options = { root, outdir: join(root, '.perf', 'bundles'), conditions, signal, timeoutMs: patienceMs };
  const [declared] = await declareFiles([source], options).catch(() => []);
  return declared;
}

/** Reads what a perf file declares. When it cannot be read, nobody knows what it starts. */
export async function startedPrograms(
  { source, root, conditions }: PerfFile,
  { bundle, text, dynamic }: PerfInputs,
  signal: AbortSignal,
): Promise<StartedPrograms> {
  const key = `${bundle.file} ${root}`;
  const declared = known.get(key) ?? (await declaredBy({ source, root, conditions }, signal));
  if (declared === undefined) return { alone: false, files: [], words: [] };
  known.set(key, declared);
  const { declarations } = declared;
  const commands = declarations.flatMap(({ target }) => (target?.kind === 'command' ? [target] : []));
  const paths = commands.flatMap(({ command, cwd = '.' }) => command.map((word) => resolve(root, cwd, word)));
  return {
    alone:
      !dynamic &&
      !startsOthers.test(text) &&
      declarations.every(({ kind, target }) => callsBundle.has(kind) && target === undefined),
    files: await Promise.all(paths.filter((path) => existsSync(path)).map((path) => realpath(path))),
    words: commands.flatMap(({ command }) => command),
  };
}
