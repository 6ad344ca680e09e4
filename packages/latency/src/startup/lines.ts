import type { Readable } from 'node:stream';

/** Of an endless line no more than its end is kept; of whole lines, which are messages, much more. */
const longestLine = { partial: 65_536, whole: 2 ** 24 };

/**
 * Calls `onLine` with each line of a stream. The last one may be incomplete: it is given now, and again when more of it
 * arrives, unless only `whole` lines count. The listener stays, so that the program can go on writing.
 */
export function eachLine(stream: Readable | null | undefined, onLine: (line: string) => void, whole = false): void {
  let rest = '';
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split(/\r?\n/);
    const last = lines.pop()!;
    rest = last.slice(-longestLine[whole ? 'whole' : 'partial']);
    for (const line of lines) onLine(line);
    if (!whole && last !== '') onLine(last);
  });
}
