import type { SignalKind } from './signal-table.ts';

/** A sample by what it is a part of. */
export interface DeclaredMetric {
  /** The metric that the pattern of a signal is held against, with underscores for dots. */
  readonly base: string;
  /** What stands behind it: `sum`, `count` and `bucket` of times, `total` or `count` of a counter, else nothing. */
  readonly suffix: string;
  /** What it may be, as far as its type or else its name tells. */
  readonly kinds: readonly SignalKind[];
}

type Types = ReadonlyMap<string, string>;

const ofTimes: readonly string[] = ['sum', 'count', 'bucket'];
const typesOfTimes: readonly (string | undefined)[] = ['histogram', 'summary'];

/** A type that says nothing, as of collectors that do not know it themselves. */
const declared = (types: Types, name: string): string | undefined => {
  const type = types.get(name);
  return type === 'untyped' || type === 'unknown' ? undefined : type;
};

const underscored = (name: string): string => name.replaceAll('.', '_');

function split(name: string, pattern: RegExp): readonly [base: string, suffix: string] {
  const suffix = pattern.exec(name)?.[1];
  return suffix === undefined ? [name, ''] : [name.slice(0, -suffix.length - 1), suffix];
}

/**
 * What a sample is, by the type that its page declares: a gauge `db_pool_waiting_count` is no part of a histogram. Only
 * where there is no type its name has to do.
 */
export function declaredMetric(name: string, types: Types): DeclaredMetric {
  const own = declared(types, name);
  if (own === 'gauge') return metric(split(name, /.[._](count)$/), ['gauge']);
  if (own === 'counter') return metric(split(name, /.[._](total|count)$/), ['count']);
  if (own !== undefined) return metric([name, ''], []);
  const parts = split(name, /.[._](sum|count|bucket|total)$/);
  const [base, suffix] = parts;
  const whole = suffix === '' ? undefined : declared(types, base);
  if (typesOfTimes.includes(whole)) return metric(parts, ofTimes.includes(suffix) ? ['time'] : []);
  if (whole === 'counter') return metric(parts, suffix === 'total' ? ['count'] : []);
  if (ofTimes.includes(suffix)) return metric(parts, suffix === 'bucket' ? ['time'] : ['time', 'count']);
  return metric(parts, suffix === '' ? ['count', 'gauge'] : ['count']);
}

const metric = ([base, suffix]: readonly [string, string], kinds: readonly SignalKind[]): DeclaredMetric => ({
  ...{ base: underscored(base), suffix, kinds },
});
