import type { Better, Unit } from '@perfkeel/core';

/** What a unit that people write means here. `scale` leads to the base unit. */
export interface UnitMeaning {
  readonly unit: Unit;
  readonly scale: number;
  readonly better: Better;
  /** The metric of a number that has a unit and no other name. */
  readonly metric: string;
}

const times: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  sec: 1e9,
  secs: 1e9,
};
const sizes: Readonly<Record<string, number>> = {
  b: 1,
  byte: 1,
  bytes: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
};

const scaleOf = (table: Readonly<Record<string, number>>, word: string): number | undefined =>
  Object.hasOwn(table, word) ? table[word] : undefined;

const perOperation = /^(op|ops|iter|iteration|call|request|req)$/;
const perSecond = /^(s|sec|second)$/;

function compound(head: string, per: string): UnitMeaning | undefined {
  const [time, size] = [scaleOf(times, head), scaleOf(sizes, head)];
  if (perOperation.test(per)) {
    if (time !== undefined) return { unit: 'ns', scale: time, better: 'lower', metric: 'time' };
    if (size !== undefined) return { unit: 'B/op', scale: size, better: 'lower', metric: 'allocated' };
    return /^allocs?$/.test(head) ? { unit: 'count', scale: 1, better: 'lower', metric: 'allocations' } : undefined;
  }
  if (!perSecond.test(per)) return undefined;
  if (size !== undefined) return { unit: 'B/s', scale: size, better: 'higher', metric: 'transfer' };
  return perOperation.test(head.replace(/s$/, '')) || head === ''
    ? { unit: '1/s', scale: 1, better: 'higher', metric: 'throughput' }
    : undefined;
}

/**
 * Reads a unit as other tools write it: `ns/iter`, `us`, `ops/sec`, `MB/s`, `B/op`, `%`. `undefined` for words that are
 * none of ours, such as `score`.
 */
export function readUnit(text: string): UnitMeaning | undefined {
  const word = text.trim().toLowerCase();
  const [time, size] = [scaleOf(times, word), scaleOf(sizes, word)];
  if (time !== undefined) return { unit: 'ns', scale: time, better: 'lower', metric: 'time' };
  if (size !== undefined) return { unit: 'B', scale: size, better: 'lower', metric: 'size' };
  if (word === '%') return { unit: 'ratio', scale: 0.01, better: 'neither', metric: 'share' };
  if (word === 'ratio') return { unit: 'ratio', scale: 1, better: 'neither', metric: 'share' };
  const [head = '', per, ...rest] = word.split('/');
  return per === undefined || rest.length > 0 ? undefined : compound(head === '1' ? '' : head, per);
}
