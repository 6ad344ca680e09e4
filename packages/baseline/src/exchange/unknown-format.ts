import { nearest, usageError, type PerfError } from '@perfkeel/core';

/** There is no format of a name: which there are, and the one that was probably meant. Exit code 2. */
export function unknownFormat(format: string, known: readonly string[]): PerfError {
  const meant = nearest(format, known);
  return usageError(`there is no format ${JSON.stringify(format)}${meant === undefined ? '' : `; was it ${meant}?`}`, {
    code: 'unknown-format',
    hint: `Formats are ${known.join(', ')}.`,
  });
}
