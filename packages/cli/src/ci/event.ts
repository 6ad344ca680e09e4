import { readFile } from 'node:fs/promises';
import type { Io } from '../io.ts';

/** The environment of a process. */
export type Env = Io['env'];

/** What a CI system says about why it runs: where it is, what happened, and what came in the file of the event. */
export type EventFile = Readonly<Record<string, unknown>>;

/** A field of nested objects, `undefined` where there is none. */
export function fieldOf(value: unknown, ...path: readonly string[]): unknown {
  let at = value;
  for (const name of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Record<string, unknown>)[name];
  }
  return at;
}

/** Reads the file of an event; nothing when there is none or it is damaged: what it says is only an improvement. */
export async function readEvent(file: string | undefined): Promise<EventFile> {
  if (file === undefined || file === '') return {};
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    return typeof value === 'object' && value !== null ? (value as EventFile) : {};
  } catch {
    return {};
  }
}
