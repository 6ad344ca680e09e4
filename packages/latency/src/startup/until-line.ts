import type { Readable } from 'node:stream';
import type { Clock, Nanos, PatternData } from '@perfkeel/core';
import { eachLine } from './lines.ts';

/**
 * The first line that matches, and when it came. Stays pending when none does.
 *
 * @param whole of a line that is still being written too little may match, such as the first digits of a port
 */
export function untilLine(
  { source, flags }: PatternData,
  stream: Readable | null,
  clock: Clock,
  whole = false,
): Promise<{ readonly at: Nanos; readonly match: RegExpExecArray }> {
  const pattern = new RegExp(source, flags);
  return new Promise((resolve) => {
    let found = false;
    const look = (line: string): void => {
      if (found) return;
      const match = pattern.exec(line);
      if (!match) return;
      found = true;
      resolve({ at: clock.now(), match });
    };
    eachLine(stream, look, whole);
  });
}
