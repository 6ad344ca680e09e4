import {
  distributionOf,
  formatQuantity,
  metrics,
  type Distribution,
  type Measurement,
  type Unit,
} from '@perfkeel/core';
import { weightedValues } from './weighted-values.ts';

/**
 * What is only known to be no less than what was recorded: a request without an answer stands in the distributions with
 * the longest time that anybody waits for one.
 */
export interface Censoring {
  /** How many values of a measurement are such; those that have none are left out. */
  readonly counts: ReadonlyMap<Measurement, number>;
  /** Times from here on may be such, in nanoseconds; absent where none is. */
  readonly from?: number | undefined;
}

const none: Censoring = { counts: new Map() };

/** Load says the number only in the words of its remark. */
const told = /^(\d+) of \d+ requests had no answer/;

const toldBy = ({ warnings }: Measurement): number =>
  Number(told.exec(warnings.find(({ code }) => code === 'censored')?.message ?? '')?.[1] ?? 0);

const { responseTime, serviceTime, firstByte, errors } = metrics;
const whole: readonly string[] = [responseTime.id, serviceTime.id, firstByte.id];
const ofPart = `.${responseTime.id}`;

/** Cells of histograms are that wide, relative to their values. */
const resolution = 1 / 64;

/** @param own all measurements of one benchmark */
export function censoringOf(own: readonly Measurement[]): Censoring {
  const rounds = own.filter((each) => each.metric === responseTime.id && toldBy(each) > 0);
  if (rounds.length === 0) return none;
  const all = rounds.map((each) =>
    inRound(
      own.filter(({ round }) => round === each.round),
      toldBy(each),
    ),
  );
  return {
    counts: new Map(all.flatMap(({ counts }) => [...counts])),
    from: Math.min(...all.map(({ from = Infinity }) => from)),
  };
}

/** Of a phase or an endpoint only the failures are known: those of them whose time is long enough. */
function inRound(all: readonly Measurement[], count: number): Censoring {
  // A metric over time has no ranks.
  const own = all.filter(({ data }) => data.kind === 'histogram' || data.kind === 'sample');
  const timed = [serviceTime.id, responseTime.id].flatMap((id) => own.find(({ metric }) => metric === id) ?? []);
  const times = distributionOf(timed.slice(0, 1).map(({ data }) => data));
  const from = (times?.valueAtRank(times.count - count + 1) ?? Infinity) * (1 - resolution);
  const counts = own.flatMap((each): [Measurement, number][] => {
    if (whole.includes(each.metric)) return [[each, count]];
    if (!each.metric.endsWith(ofPart)) return [];
    const failed = failedOf(all, each.metric.slice(0, -ofPart.length));
    return [[each, Math.min(count, failed, countFrom(each, from))]];
  });
  return { counts: new Map(counts.filter(([, some]) => some > 0)), from };
}

function failedOf(own: readonly Measurement[], part: string): number {
  const data = own.find(({ metric }) => metric === `${part}.${errors.id}`)?.data;
  return data?.kind === 'count' ? data.events : Infinity;
}

function countFrom({ data }: Measurement, from: number): number {
  const { values, counts } = weightedValues([data]) ?? { values: [], counts: [] };
  return values.reduce((sum, value, i) => sum + (value >= from ? counts[i]! : 0), 0);
}

/**
 * Whether the quantile `q` of values, `censored` of them without an end and none of those before `from`, is only known to
 * be no less. A request that was sent late may have been answered after more than the wait for an answer that never came:
 * then the values without an end are not the greatest, and of the ranks above theirs nothing more is known.
 */
export function isLowerBound(q: number, values: Distribution | undefined, censored: number, from = Infinity): boolean {
  if (!values || !(censored > 0)) return false;
  const rank = Math.max(Math.ceil(q * values.count * (1 - 4 * Number.EPSILON)), 1);
  return rank > values.count - censored || values.quantile(q) >= from;
}

/** `10 s`; `≥ 10 s` where that is all that is known. */
export const formatBound = (value: number, unit: Unit, isBound: boolean): string =>
  `${isBound ? '≥ ' : ''}${formatQuantity(value, unit)}`;
