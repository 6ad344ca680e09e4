import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { PerfError } from '@perfkeel/core';

/** Collects all garbage before it returns. */
export type GarbageCollector = () => void;

/**
 * The engine's full collector: `global.gc` where the process runs with --expose-gc, otherwise switched on in the
 * running process.
 *
 * @throws PerfError `no-garbage-collector`, exit code 4, where the engine offers neither.
 */
export function obtainGarbageCollector(): GarbageCollector {
  const collect: unknown = globalThis.gc ?? exposed();
  if (typeof collect !== 'function') throw missing(undefined);
  return () => void (collect as () => unknown)();
}

function exposed(): unknown {
  try {
    setFlagsFromString('--expose-gc');
    return runInNewContext('gc');
  } catch (cause) {
    throw missing(cause);
  }
}

function missing(cause: unknown): PerfError {
  return new PerfError('this process offers no forced garbage collection, without which no leak can be told', {
    code: 'no-garbage-collector',
    hint: 'Run on Node.js, or start the process with --expose-gc.',
    cause,
  });
}
