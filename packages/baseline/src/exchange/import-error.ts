import { PerfError } from '@perfkeel/core';

/** A file of another tool that cannot be read: exit code 4, with the file and the place in it. */
export const importError = (file: string, problem: string, hint?: string): PerfError =>
  new PerfError(`cannot import ${file}: ${problem}`, {
    code: 'bad-import',
    hint: hint ?? 'The file is damaged, or was not written by the tool that it was taken for: name the format.',
  });
