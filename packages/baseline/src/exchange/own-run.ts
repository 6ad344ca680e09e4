import { usageError, type Run } from '@perfkeel/core';
import { decodeRun } from '../store/run-json.ts';
import type { ImportOptions } from './foreign.ts';

/** The name of what we write ourselves: a run.json from another machine, or from a job that could not reach the store. */
export const ownFormat = 'perfkeel';

/** Every run.json begins with the address of its schema. */
export const isOwnRun = (text: string): boolean => /^\s*\{\s*"\$schema"\s*:\s*"[^"]*\/run\.v\d+\.json"/.test(text);

/**
 * A run of our own, with its id and all that was measured.
 *
 * @throws PerfError `corrupt-run` or `newer-run` (exit code 4); `bad-import` (exit code 2) for options that would change it
 */
export function readOwnRun(text: string, { file, at: _, ...said }: ImportOptions): Run {
  const [name] = Object.entries(said).find(([, value]) => value !== undefined) ?? [];
  if (name === undefined) return decodeRun(text, file);
  throw usageError(`${file} is a run of perfkeel, which says itself where it comes from`, {
    code: 'bad-import',
    hint: `Leave ${name} out: it is for files of other tools.`,
  });
}
