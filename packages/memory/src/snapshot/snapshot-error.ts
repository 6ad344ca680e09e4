import { PerfError } from '@perfkeel/core';

/** What is wrong with the text of a snapshot; the file's name is put in front where it is known. */
export function badSnapshot(
  problem: string,
  hint = 'Take the snapshot again, for example with takeSnapshot.',
): PerfError {
  return new PerfError(problem, { code: 'bad-snapshot', hint });
}

/** The same failure with the name of its file; anything else as it is. */
export function inFile(file: string, error: unknown): unknown {
  if (!(error instanceof PerfError) || error.code !== 'bad-snapshot') return error;
  const { message, code, hint, exitCode } = error;
  return new PerfError(`${file} ${message}`, { code, hint, exitCode, cause: error });
}
