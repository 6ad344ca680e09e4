import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PerfError, messageOf } from '@perfkeel/core';
import { makeFolder } from './make-folder.ts';

/** Writes a file that the user has named. @throws PerfError `not-writable`, exit code 4. */
export async function writeOut(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw cannotWrite(file, error, 'Name a file in a folder that exists.');
  }
}

/** Makes the folder of a file that the user has named. @throws PerfError `not-writable`, exit code 4. */
export function makeFolderOf(file: string): void {
  try {
    makeFolder(dirname(file));
  } catch (error) {
    throw cannotWrite(file, error, 'Name a file in a folder that you may write.');
  }
}

/** Exit code 4. */
export const cannotWrite = (file: string, cause: unknown, hint: string): PerfError =>
  new PerfError(`cannot write ${file}: ${messageOf(cause)}`, { code: 'not-writable', hint, cause });
