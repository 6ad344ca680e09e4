import { PerfError, messageOf } from '@perfkeel/core';
import { systemCode } from './store-error.ts';

/** Loads a package that only some users install. @throws PerfError `missing-peer` that names what to install, exit code 4. */
export async function loadPeer<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const missing = systemCode(error) === 'ERR_MODULE_NOT_FOUND';
    throw new PerfError(
      `this store needs the package ${name}, which ${missing ? 'is not installed' : `cannot be loaded: ${messageOf(error)}`}`,
      {
        code: 'missing-peer',
        hint: `npm install --save-dev ${name}`,
        cause: error,
      },
    );
  }
}
