import type { Better, Unit } from '@perfkeel/core';

/** What a unit that people write means here. `scale` leads to the base unit. */
export interface UnitMeaning {
  readonly unit: Unit;
  readonly scale: number;
  readonly better: Better;
  /** The metric of a number that has a unit and no other name. */
  readonly metric: string;
}

/** Each scale with its abbreviations, and with the word that may be written out in one or in many. */
const table = (
  rows: readonly (readonly [scale: number, abbreviations: string, word?: string])[],
): ReadonlyMap<string, number> =>
  new Map(
    rows.flatMap(([scale, abbreviations, word]) => {
      const words = word === undefined ? [] : [word, `${word}s`];
      return [...abbreviations.split(' '), ...words].map((each) => [each, scale] as const);
    }),
  );

const times = table([
  [1, 'ns nsec', 'nanosecond'],
  [1e3, 'us µs μs usec', 'microsecond'],
  [1e6, 'ms msec msecs', 'millisecond'],
  [1e9, 's sec secs', 'second'],
  [60e9, 'min mins', 'minute'],
  [3600e9, 'h hr hrs', 'hour'],
]);
const sizes = table([
  [1, 'b', 'byte'],
  [1e3, 'kb', 'kilobyte'],
  [1e6, 'mb', 'megabyte'],
  [1e9, 'gb', 'gigabyte'],
  [1e12, 'tb', 'terabyte'],
  [2 ** 10, 'kib', 'kibibyte'],
  [2 ** 20, 'mib', 'mebibyte'],
  [2 ** 30, 'gib', 'gibibyte'],
  [2 ** 40, 'tib', 'tebibyte'],
]);

const perOperation = /^(op|operation|iter|iteration|call|request|req)s?$/;
const perSecond = /^(s|sec|second)$/;

function compound(head: string, per: string): UnitMeaning | undefined {
  const [time, size] = [times.get(head), sizes.get(head)];
  if (perOperation.test(per)) {
    if (time !== undefined) return { unit: 'ns', scale: time, better: 'lower', metric: 'time' };
    if (size !== undefined) return { unit: 'B/op', scale: size, better: 'lower', metric: 'allocated' };
    return /^alloc(ation)?s?$/.test(head)
      ? { unit: 'count', scale: 1, better: 'lower', metric: 'allocations' }
      : undefined;
  }
  if (!perSecond.test(per)) return undefined;
  if (size !== undefined) return { unit: 'B/s', scale: size, better: 'higher', metric: 'transfer' };
  return perOperation.test(head) || head === ''
    ? { unit: '1/s', scale: 1, better: 'higher', metric: 'throughput' }
    : undefined;
}

/**
 * Reads a unit as other tools and people write it: `ns/iter`, `us`, `ops/sec`, `MB/s`, `B/op`, `%`, `milliseconds`,
 * `requests per second`. `undefined` for words that are none of ours, such as `score`.
 */
export function readUnit(text: string): UnitMeaning | undefined {
  const word = text
    .trim()
    .toLowerCase()
    .replace(/ per |\s*\/\s*/g, '/');
  const [time, size] = [times.get(word), sizes.get(word)];
  if (time !== undefined) return { unit: 'ns', scale: time, better: 'lower', metric: 'time' };
  if (size !== undefined) return { unit: 'B', scale: size, better: 'lower', metric: 'size' };
  if (word === '%' || word === 'percent') return { unit: 'ratio', scale: 0.01, better: 'neither', metric: 'share' };
  if (word === 'ratio') return { unit: 'ratio', scale: 1, better: 'neither', metric: 'share' };
  const [head = '', per, ...rest] = word.split('/');
  return per === undefined || rest.length > 0 ? undefined : compound(head === '1' ? '' : head, per);
}
