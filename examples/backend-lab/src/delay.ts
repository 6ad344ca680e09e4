/** Says how long the next piece of work takes, in milliseconds. */
export type NextDelay = () => number;

interface Part {
  readonly ms: number;
  readonly weight: number;
}

const longestMs = 60_000;

function parsePart(text: string): Part {
  const [, ms, weight = '1'] = /^(\d+(?:\.\d+)?)(?:\*([1-9]\d{0,3}))?$/.exec(text.trim()) ?? [];
  if (ms === undefined || Number(ms) > longestMs) throw new RangeError(`"${text}" is not a delay`);
  return { ms: Number(ms), weight: Number(weight) };
}

/**
 * Reads `'20'`, always 20 ms, or `'5*8,500*2'`, eight times in ten 5 ms and twice 500 ms. The shares are exact and spread
 * evenly, by smooth weighted round robin: what a test measures must not depend on luck.
 *
 * @throws RangeError when it is something else, or more than a minute.
 */
export function parseDelay(text: string): NextDelay {
  const parts = text.split(',').map(parsePart);
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  const credit = parts.map(() => 0);
  return () => {
    parts.forEach(({ weight }, i) => (credit[i]! += weight));
    const richest = credit.indexOf(Math.max(...credit));
    credit[richest]! -= total;
    return parts[richest]!.ms;
  };
}
