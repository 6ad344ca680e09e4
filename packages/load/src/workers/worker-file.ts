import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PerfError } from '@perfkeel/core';

let instead: string | undefined;

/** Says where the worker is when it does not stand beside this file: to those who run from source. */
export function useWorkerFile(path: string): void {
  instead = path;
}

/**
 * The file of the thread that sends. Published, it stands beside this one as JavaScript.
 *
 * @throws PerfError `no-worker-file`.
 */
export function workerFile(): string {
  const published = fileURLToPath(new URL('./load-worker.js', import.meta.url));
  if (instead !== undefined || existsSync(published)) return instead ?? published;
  throw new PerfError(`the worker of load is not at ${published}`, {
    code: 'no-worker-file',
    hint: 'Build the package, or leave workers out.',
  });
}
