import { readFileSync } from 'node:fs';

/** Reads a small file of the system; `undefined` where there is none, or it may not be read. */
export type ReadText = (path: string) => string | undefined;

export const readText: ReadText = (path) => {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
};
