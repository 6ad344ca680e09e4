import { writeFile } from 'node:fs/promises';
import { PerfError, messageOf } from '@perfkeel/core';

/** Writes a file that the user has named. @throws PerfError `not-writable`, exit code 4. */
export async function writeOut(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw cannotWrite(file, error, 'Name a file in a folder that exists.');
  }
}

/** Exit code 4. */
export const cannotWrite = (file: string, cause: unknown, hint: string): PerfError =>
  new PerfError(`cannot write ${file}: ${messageOf(cause)}`, { code: 'not-writable', hint, cause });
